"""Names of the actors whom surveys question or describe."""

from helpers.data.language import message, tr

_NAMES = {
    "companies": message("companies"),
    "associations": message("associations"),
    "citizens": message("citizens"),
    "mayors": message("mayors"),
    "all": message("all actors"),
}
_SURVEYS = {"evaluation": message("evaluation")}  # the others are named by their actor


def name_actor(actor: str, *, start: bool = False) -> str:
    """Name of an actor in the language in use.

    Parameters
    ----------
    actor : str
        One of companies, associations, citizens, mayors and all; any other is
        given back as it is.
    start : bool
        Write it as at the start of a sentence.

    Returns
    -------
    str
        A plural without an article, e.g. ``entreprises``.
    """
    name = tr(_NAMES.get(actor, actor))
    return name[:1].upper() + name[1:] if start else name


def name_survey(survey: str) -> str:
    """Name of a survey in the language in use, e.g. ``mayors`` or ``maires``."""
    return tr(_SURVEYS.get(survey, _NAMES.get(survey, survey)))
