"""How a survey was made: what its methodology notice states beyond fieldwork and weighting."""

from pydantic import BaseModel, ConfigDict

from helpers.data.prose import Prose


class Methodology(BaseModel):
    """Section `methodology` of a wave file; what is left out is not stated.

    Attributes
    ----------
    objective : Wording, optional
        What the survey was made for.
    sponsor, funder : Wording, optional
        Who commissioned it, with their quality; who paid, where that is another.
    population : Wording, optional
        Whom the wave speaks for, where it differs from the codebook.
    frame : Wording, optional
        List or panel the respondents were drawn from, and whom it leaves out.
    selection : Wording, optional
        How they were chosen and approached: by chance or not, quotas, panel.
    incentives : Wording, optional
        What respondents were given, and of what value; ``none`` if nothing.
    languages : Wording, optional
        Languages of the interviews.
    participation : Wording, optional
        Response rate, or participation rate, with its definition.
    questionnaire : Wording, optional
        Where the exact wording of all questions may be read.
    processing : Wording, optional
        Checks of quality, exclusions, coding, imputation.
    limits : Wording, optional
        What the design and the fieldwork cannot tell.
    contact : Wording, optional
        Whom to ask, and where the notice may be consulted.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    objective: Prose | None = None
    sponsor: Prose | None = None
    funder: Prose | None = None
    population: Prose | None = None
    frame: Prose | None = None
    selection: Prose | None = None
    incentives: Prose | None = None
    languages: Prose | None = None
    participation: Prose | None = None
    questionnaire: Prose | None = None
    processing: Prose | None = None
    limits: Prose | None = None
    contact: Prose | None = None
