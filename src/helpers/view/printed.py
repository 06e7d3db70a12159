"""Published figures of waves that have no respondents, as their producers printed them."""

import pandas as pd

from helpers.data.language import tr, write_number
from helpers.data.published import describe_legibility, write_words


def tabulate_printed(figures: pd.DataFrame) -> pd.DataFrame:
    """List published figures with what they measure and where they were printed.

    Parameters
    ----------
    figures : pandas.DataFrame
        Rows of `helpers.data.published.read_figures`.

    Returns
    -------
    pandas.DataFrame
        One row per figure; texts in the language in use, columns are headings. Titles of
        sources stay as printed.
    """
    return pd.DataFrame(
        {
            tr("Wave"): figures["wave"].to_numpy(),
            tr("Question"): [tr(write_words(code)) for code in figures["question"]],
            tr("Answer"): [tr(write_words(code)) for code in figures["answer"]],
            tr("Value"): [write_number(row.value, row.decimals) for row in figures.itertuples()],
            tr("Legibility"): [tr(words) for words in describe_legibility(figures)],
            tr("Source"): figures["source"].to_numpy(),
        }
    )
