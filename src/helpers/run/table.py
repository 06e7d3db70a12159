"""What a reader of one file format gives: raw values and what the file says of them."""

import re
from dataclasses import dataclass, field

import pandas as pd


@dataclass(frozen=True)
class Table:
    """Raw values of a file, its labels and missing codes; see `helpers.run.sources.Source`."""

    frame: pd.DataFrame
    labels: dict = field(default_factory=dict)
    answers: dict = field(default_factory=dict)
    missing: dict = field(default_factory=dict)
    sets: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)


def tidy_text(text: str) -> str:
    """Text on one line, spaces plain and single, none at the ends; marks no one sees are gone.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
    """
    return re.sub(r"[\s\u00a0\u202f]+", " ", re.sub("[\ufeff\u200b\x00]", "", text)).strip()
