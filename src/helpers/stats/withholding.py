"""Withholding: tables of a wave without the cells that disclosure control protects."""

import numpy as np
import pandas as pd

from helpers.data.language import tr
from helpers.data.responses import Wave
from helpers.stats.contrasts import TESTED
from helpers.stats.disclosure import CONFIDENTIAL, protect_wave
from helpers.stats.official import CROSSED, MISSING

_NUMBERS = ["estimate", "se", "ci_low", "ci_high", "deff", "n_eff"]
# Decimals that files of real respondents hold: those of a page and at most one more.
_DECIMALS = {
    **dict.fromkeys(("estimate", "ci_low", "ci_high", "se", "difference", "difference_se"), 3),
    **dict.fromkeys(("p_value", "p_adjusted", "smallest_gap"), 3), "deff": 1, "n_eff": 0,
}  # fmt: skip


def hide_confidential(estimates: pd.DataFrame, wave: Wave, *, rule: str | None = None):
    """Empty the rows of an estimate table that disclosure control withholds.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Rows with the columns of an estimate table up to the tests.
    wave : Wave
        The wave they come from.
    rule : str, optional
        As in `protect_wave`.

    Returns
    -------
    pandas.DataFrame
        A copy. Withheld rows have the state "suppress" and one reason, which does not say
        why the cell is withheld: that would tell a reader how small it is. Where the base
        is withheld, `n` is 0. Where that of all respondents is withheld, no domain is tested: the
        difference from the rest would give it away.
    """
    protection = protect_wave(wave, rule)
    if protection is None:
        return estimates
    table = estimates.copy()
    keys = list(table[["question", "answer", "domain_variable", "domain"]].itertuples(index=False))
    hidden = np.array([protection.is_withheld(*key) for key in keys], dtype=bool)
    bare = np.array([protection.is_base_withheld(*key) for key in keys], dtype=bool)
    alone = np.array([protection.is_withheld(*key[:2]) for key in keys], dtype=bool)
    table.loc[hidden, "reliability"] = "suppress"
    table.loc[hidden, "reason"] = tr(CONFIDENTIAL)
    table.loc[hidden, _NUMBERS] = np.nan
    table.loc[bare, ["n", "n_weighted"]] = 0
    tests = [name for name in TESTED if name in table]
    table.loc[hidden | alone, tests] = np.nan
    return table


def hide_margins(report: pd.DataFrame, wave: Wave) -> pd.DataFrame:
    """Empty the levels of official margins whose respondents disclosure control withholds.

    Parameters
    ----------
    report : pandas.DataFrame
        From `helpers.stats.official.compare_official`.
    wave : Wave
        The wave it is of.

    Returns
    -------
    pandas.DataFrame
        A copy; withheld levels keep their official figures only. With one, those without a
        level are withheld too: all other levels would tell it.
    """
    protection = protect_wave(wave)
    if protection is None:
        return report
    hidden = []
    for margin, level in zip(report["margin"], report["level"], strict=True):
        names = wave.codebook.margin(margin).variables
        key = [part for pair in zip(names, level.split(CROSSED), strict=False) for part in pair]
        hidden.append(level != MISSING and protection.is_withheld(*key))
    hidden = pd.Series(hidden, index=report.index)
    some = hidden.groupby(report["margin"]).transform("any")
    hidden |= some & (report["level"] == MISSING)
    shown = report.astype({"n": float})
    shown.loc[hidden, ["n", "base_share", "achieved_share", "ratio"]] = np.nan
    return shown


def hide_levels(table: pd.DataFrame, wave: Wave) -> pd.DataFrame:
    """Empty the rows of domains whose respondents disclosure control withholds.

    Parameters
    ----------
    table : pandas.DataFrame
        One row per level of a domain variable, which is one of its columns, and numbers.
    wave : Wave
        The wave it is of.

    Returns
    -------
    pandas.DataFrame
        A copy, numbers of withheld levels missing; the same table without such a column.
    """
    protection = protect_wave(wave)
    by = next((name for name in table if name in wave.file.domains), None)
    if protection is None or by is None:
        return table.copy()
    hidden = [protection.is_withheld(by, str(level)) for level in table[by]]
    numbers = table.select_dtypes("number").columns
    shown = table.astype(dict.fromkeys(numbers, float))
    shown.loc[hidden, numbers] = np.nan
    return shown


def round_confidential(table: pd.DataFrame) -> pd.DataFrame:
    """Round the rows of real respondents, and leave their weighted bases out.

    Parameters
    ----------
    table : pandas.DataFrame
        Rows with some columns of an estimate table, `provenance` among them.

    Returns
    -------
    pandas.DataFrame
        A copy.

    Notes
    -----
    Withheld cells are protected as counts. Weighted figures at full precision are more:
    with the totals that weights were raked to, the national figure less the regions shown is
    an equation that one set of small counts may satisfy alone. Rounded figures leave a span.
    How wide a span depends on the wave; it is not proved for all.
    """
    real = table["provenance"] == "real"
    shown = table.copy()
    for name in table.columns.intersection(list(_DECIMALS)):
        shown.loc[real, name] = shown.loc[real, name].astype(float).round(_DECIMALS[name])
    if "n_weighted" in shown:
        shown["n_weighted"] = shown["n_weighted"].mask(real)
    return shown
