"""Pairwise letters, as market research prints them under its columns."""

import string

import numpy as np
import pandas as pd

from helpers.data.errors import InputError
from helpers.stats.contrasts import adjust_p_values


def write_letters(pairs, by, *, alpha=0.05, method="holm", family="answer"):
    """Say under each domain which others it significantly exceeds.

    Parameters
    ----------
    pairs : pandas.DataFrame
        Rows of `helpers.stats.contrasts.contrast_pairs`, of one question.
    by : str
        The column compared.
    alpha : float, default 0.05
        Level of the tests, in (0, 1).
    method : {"holm", "bh", "none"}, default "holm"
        Correction, see `adjust_p_values`.
    family : {"answer", "all"}, default "answer"
        Tests corrected together: the pairs of one answer, or all of `pairs`.

    Returns
    -------
    pandas.DataFrame
        One row per domain and answer: `by`, `letter` (A for the first domain),
        `answer`, `higher_than` (letters of the domains it exceeds, as
        "B, D"), `untestable` (letters of those it cannot be compared with).

    Raises
    ------
    InputError
        If a column is absent, pairs were made within another variable, or
        `family` is unknown.
    """
    needed = [f"{by}_first", f"{by}_second", "answer", "difference", "p_value"]
    absent = [column for column in needed if column not in pairs]
    if absent:
        raise InputError(f"pairs: columns absent: {', '.join(absent)}")
    if family not in ("answer", "all"):
        raise InputError(f"family {family!r}: must be 'answer' or 'all'")
    if pairs.duplicated(needed[:3]).any():
        raise InputError(f"pairs: several rows per pair of {by!r} and answer; select one group")
    first, second = pairs[f"{by}_first"].astype(object), pairs[f"{by}_second"].astype(object)
    domains = pd.unique(pd.concat([first, second]))
    letter = dict(zip(domains, name_columns(len(domains)), strict=True))
    if family == "all":
        p = pd.Series(adjust_p_values(pairs["p_value"], method), index=pairs.index)
    else:
        p = pairs.groupby("answer", sort=False)["p_value"].transform(
            lambda values: adjust_p_values(values, method)
        )
    apart = p < alpha
    up = apart & (pairs["difference"] > 0)
    down = apart & (pairs["difference"] < 0)
    exceeds, unknown = {}, {}
    for one, two, answer, above, below, missing in zip(
        first, second, pairs["answer"], up, down, p.isna(), strict=True
    ):
        if above:
            exceeds.setdefault((one, answer), []).append(letter[two])
        if below:
            exceeds.setdefault((two, answer), []).append(letter[one])
        if missing:
            unknown.setdefault((one, answer), []).append(letter[two])
            unknown.setdefault((two, answer), []).append(letter[one])
    answers = pd.unique(pairs["answer"])
    cells = [(domain, answer) for domain in domains for answer in answers]
    return pd.DataFrame(
        {
            by: np.repeat(domains, len(answers)),
            "letter": [letter[domain] for domain, _ in cells],
            "answer": [answer for _, answer in cells],
            "higher_than": [", ".join(exceeds.get(cell, [])) for cell in cells],
            "untestable": [", ".join(unknown.get(cell, [])) for cell in cells],
        }
    )


def name_columns(count):
    """Return A to Z, then AA, AB, ... as spreadsheets name their columns."""
    names = []
    for number in range(count):
        name = ""
        while number >= 0:
            number, letter = divmod(number, 26)
            name = string.ascii_uppercase[letter] + name
            number -= 1
        names.append(name)
    return names
