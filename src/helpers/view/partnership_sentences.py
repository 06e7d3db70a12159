"""Who has partnerships, and where more or less than elsewhere, in words."""

import pandas as pd

from helpers.data.language import message, tr
from helpers.view.scales import scale_of
from helpers.view.sentences import describe_estimate, describe_marks, pick

_SHARES = {
    "companies": message("**Companies** with partnerships: {estimate}. {marks}"),
    "associations": message("**Associations** with partnerships: {estimate}. {marks}"),
}
_TITLES = {
    "companies": message("Companies with partnerships: {share} overall"),
    "associations": message("Associations with partnerships: {share} overall"),
}


def describe_partnerships(
    actor: str, whole: pd.DataFrame, regional: pd.DataFrame, names: dict[str, str]
) -> str:
    """Say how many have partnerships, and which regions differ significantly from the rest.

    Parameters
    ----------
    actor : {"companies", "associations"}
    whole : pandas.DataFrame
        Estimate table of `has_partnership`.
    regional : pandas.DataFrame
        Rows of the answer ``yes`` by region.
    names : dict
        Region to its name.

    Returns
    -------
    str
        Markdown; each value with its interval and base.
    """
    estimate = describe_estimate(pick(whole, "yes"))
    marks = describe_marks(regional, names, "region", values=True)
    return tr(_SHARES[actor], estimate=estimate, marks=marks)


def write_map_title(actor: str, whole: pd.DataFrame) -> str:
    """Title of the map of an actor, with the share overall; parameters as above."""
    row = pick(whole, "yes")
    return tr(_TITLES[actor], share=scale_of(row).write(row["estimate"]))
