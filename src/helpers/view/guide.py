"""What the guide to the collection lists: studies, waves, marks, the programme behind them."""

import pandas as pd

from helpers.data.actors import name_survey
from helpers.data.language import message, tr, write_number
from helpers.data.published import name_figure
from helpers.view.provenance import WORDS

_KINDS = {
    "published": message("published"),
    "reconstructed": message("reconstructed"),
    "demo": message("demonstration"),
    "real": message("real"),
}
_SIZES = {
    "published": message("published"),
    "assumed": message("assumed"),
    "counted": message("counted"),
}
_UNITS = {"count": message("number"), "eur_million": message("million euros")}


def tabulate_studies(studies: pd.DataFrame) -> pd.DataFrame:
    """List the studies with their question and waves.

    Parameters
    ----------
    studies : pandas.DataFrame
        From `helpers.data.catalog.read_studies`.

    Returns
    -------
    pandas.DataFrame
        Texts in the language in use; columns are headings.
    """
    return pd.DataFrame(
        {
            tr("Study"): studies["study"],
            tr("Question"): studies["question"].map(tr),
            tr("Waves"): studies["waves"].map(", ".join),
        }
    )


def tabulate_waves(waves: pd.DataFrame) -> pd.DataFrame:
    """List waves with provenance and base.

    Parameters
    ----------
    waves : pandas.DataFrame
        From `helpers.data.catalog.read_waves`.

    Returns
    -------
    pandas.DataFrame
        Texts in the language in use; columns are headings.
    """
    return pd.DataFrame(
        {
            tr("Survey"): waves["survey"].map(name_survey),
            tr("Wave"): waves["wave"],
            tr("Provenance"): waves["provenance"].map(_KINDS).map(tr),
            tr("Respondents"): waves["respondents"].map(write_number),
            tr("Sample size"): waves["n_status"].map(_SIZES).map(tr),
            tr("Fielded"): waves["fielded"],
        }
    )


def tabulate_marks() -> pd.DataFrame:
    """Say what the mark of each kind of data means.

    Returns
    -------
    pandas.DataFrame
        Texts in the language in use; columns are headings.
    """
    return pd.DataFrame(
        {
            tr("Provenance"): [tr(_KINDS[kind]) for kind in WORDS],
            tr("What it means"): [tr(words) for words in WORDS.values()],
        }
    )


def tabulate_programme(programme: pd.DataFrame, *, links: bool = False) -> pd.DataFrame:
    """List levers, path and resource centres of the programme.

    Parameters
    ----------
    programme : pandas.DataFrame
        From `helpers.data.published.read_programme`.
    links : bool
        Add the address of each source.

    Returns
    -------
    pandas.DataFrame
        Texts in the language in use, sources as printed; columns are headings.
    """
    table = pd.DataFrame(
        {
            tr("Aspect"): programme["aspect"].map(tr),
            tr("When"): programme["when"],
            tr("Fact"): programme["fact"].map(tr),
            tr("Source"): programme["source"],
        }
    )
    return table.assign(**{tr("Address"): programme["url"]}) if links else table


def tabulate_programme_figures(figures: pd.DataFrame) -> pd.DataFrame:
    """List the figures of the programme as printed.

    Parameters
    ----------
    figures : pandas.DataFrame
        Rows of `helpers.data.published.read_figures`.

    Returns
    -------
    pandas.DataFrame
        Texts in the language in use, sources as printed; columns are headings.
    """
    names = [tr(name_figure(row.question, row.answer)) for row in figures.itertuples()]
    return pd.DataFrame(
        {
            tr("Year"): figures["wave"],
            tr("What"): [name.partition(": ")[2] for name in names],
            tr("Value"): [write_number(row.value, row.decimals) for row in figures.itertuples()],
            tr("Unit"): figures["unit"].map(_UNITS).map(tr),
            tr("Legibility"): figures["legibility"].map(tr),
            tr("Source"): figures["source"],
        }
    )
