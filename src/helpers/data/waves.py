"""The description of a wave: who, when, how many, design, provenance, assumptions."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from helpers.data.codebook import Wording
from helpers.data.design import Design
from helpers.data.methodology import Methodology
from helpers.data.prose import Prose
from helpers.data.root import find_root
from helpers.data.yamlfile import read_model

Provenance = Literal["published", "reconstructed", "demo", "real"]
Share = Annotated[float, Field(gt=0, le=1)]
Probability = Annotated[float, Field(gt=0, lt=1)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Fieldwork(_Part):
    """When and how the wave was fielded, as far as published."""

    dates: Prose
    mode: Prose
    producer: Prose
    sponsors: list[str] = []
    published: Prose | None = None


class Level(_Part):
    """Respondents `n` and population `share` of one level of a domain variable.

    Without a `share`, the published figure of that level gives it.
    """

    n: Annotated[int, Field(gt=0)]
    share: Share | None = None


class FrameLevels(_Part):
    """Levels whose respondents and shares follow official counts.

    Only the levels named in `published` are told apart; the respondents of the
    others carry no level, because nothing was published about them.
    """

    frame: str
    classes: list[str]
    published: list[str]


class Reconstruction(_Part):
    """How synthetic respondents are laid out before they are calibrated.

    `score_spread` is the standard deviation assumed for scores (0 to 10), of
    which only means are published.
    """

    seed: int
    domains: dict[str, dict[str, Level] | FrameLevels]
    score_spread: Annotated[float, Field(gt=0, le=5)] | None = None


class Effect(_Part):
    """An invented contrast of one level of a domain: shift of the log-odds, or of a mean score.

    It concerns every answer, or those named in `answers`.
    """

    domain_variable: str
    level: str
    shift: float
    answers: list[str] = []


class Item(_Part):
    """Invented answers to one question and their contrasts.

    National `probabilities` of its answers or, of a score question, `means`
    out of 10 of its items and the `spread` (standard deviation) around them.
    """

    question: str
    probabilities: dict[str, Probability] = {}
    means: dict[str, Annotated[float, Field(gt=0, lt=10)]] = {}
    spread: Annotated[float, Field(gt=0, le=5)] | None = None
    effects: list[Effect] = []

    @model_validator(mode="after")
    def _one_kind(self):
        if bool(self.probabilities) == bool(self.means) or bool(self.means) != bool(self.spread):
            raise ValueError(f"{self.question}: either probabilities, or means and their spread.")
        return self


class Demonstration(_Part):
    """A fictional wave: design from official counts, opinions invented.

    `classes` gathers the classes of the frame into the levels of
    `class_variable`, or into one level when the frame has no such variable.
    """

    seed: int
    frame: str
    class_variable: str | None = None
    classes: dict[str, list[str]]
    strata: list[str]
    minimum_per_stratum: Annotated[int, Field(ge=2)]
    attributes: dict[str, dict[str, Probability]] = {}
    items: list[Item]


class Intake(_Part):
    """How the respondents of a wave came in: which file, read how, by whom and when.

    Attributes
    ----------
    source : str
        Name of the file received, without its folder.
    sha256, mapping : str
        Checksums of that file and of `mapping.yaml`.
    rows_read, rows_kept : int
        Rows of the file, and those that became respondents.
    received, entered, by : str
        When the file came, when it was taken in, by whom.
    missing : dict
        Question to kind of missing (`not_asked`, `dont_know`, `refused`, `no_answer`) to
        respondents.
    """

    source: str
    sha256: str
    mapping: str
    rows_read: Annotated[int, Field(gt=0)]
    rows_kept: Annotated[int, Field(gt=0)]
    received: str
    entered: str
    by: str
    missing: dict[str, dict[str, int]] = {}


class WaveFile(_Part):
    """What `wave.yaml` holds.

    Prose is given in both languages, or in one that then stands for both.
    `margins` names the official margins of the codebook that the weight of the
    design was raked to, from the column `base_weight`; without one, from equal
    weights.
    """

    survey: str
    wave: str
    provenance: Provenance
    title: Wording
    fieldwork: Fieldwork
    n: Annotated[int, Field(gt=0)]
    n_status: Literal["published", "assumed", "counted"]
    n_note: Prose | None = None
    design: Design
    weighting: Prose
    margins: list[str] = []
    base_weight: str | None = None
    domains: list[str]
    questions: list[str] = Field(min_length=1)
    assumptions: list[Prose] = []
    sources: list[Prose] = []
    methodology: Methodology = Methodology()
    checksum: str | None = None
    reconstruction: Reconstruction | None = None
    demonstration: Demonstration | None = None
    intake: Intake | None = None

    @model_validator(mode="after")
    def _recipe_fits_provenance(self):
        for provenance, recipe in (
            ("reconstructed", self.reconstruction),
            ("demo", self.demonstration),
        ):
            name = {"demo": "demonstration"}.get(provenance, "reconstruction")
            if provenance == "demo" and self.provenance == "demo" and self.intake:
                continue  # a fictional file taken in has no recipe
            if (self.provenance == provenance) != (recipe is not None):
                raise ValueError(f"section {name} goes with provenance {provenance}, and only it.")
        if self.base_weight and not self.margins:
            raise ValueError("base_weight goes with margins: name those the weights were raked to.")
        if self.base_weight == self.design.weight:
            raise ValueError(
                f"base_weight and the weight of the design are both {self.base_weight}."
            )
        if self.intake and self.provenance not in ("real", "demo"):
            raise ValueError("section intake goes with provenance real or demo.")
        if self.n_status == "assumed" and not self.n_note:
            raise ValueError("n_status is assumed: n_note must say on what grounds.")
        return self


def read_wave_file(survey: str, wave: str, *, root: Path | None = None) -> WaveFile:
    """Read and validate `data/surveys/<survey>/<wave>/wave.yaml`.

    Parameters
    ----------
    survey, wave : str
        Names, e.g. ``"mayors"`` and ``"2016"``.
    root : pathlib.Path, optional
        Root of the collection.

    Returns
    -------
    WaveFile

    Raises
    ------
    InputError
        If the file is missing or breaks the contract; names file, line and field.
    """
    folder = (root or find_root()) / "data" / "surveys" / survey / wave
    return read_model(folder / "wave.yaml", WaveFile)
