"""Margins: the levels of a sample matched with their population targets."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.data.errors import InputError
from helpers.stats.columns import code_crossing


@dataclass(frozen=True)
class Margin:
    """One margin of a sample: level of every row, target of every level.

    Attributes
    ----------
    name : str
        The column, or the columns crossed.
    levels : list
        Levels present in the sample.
    code : numpy.ndarray
        Position in `levels` per row.
    target : numpy.ndarray
        Positive total per level.
    """

    name: str
    levels: list
    code: np.ndarray
    target: np.ndarray

    def achieved(self, weight):
        """Sum of weights per level."""
        return np.bincount(self.code, weights=weight, minlength=len(self.target))


def read_margin(respondents, column, target):
    """Match the levels of a sample with the targets of one margin.

    Parameters
    ----------
    respondents : pandas.DataFrame
        One row per respondent.
    column : str or tuple of str
        Column, or columns crossed.
    target : pandas.Series
        Level, or tuple of levels, to population total.

    Returns
    -------
    Margin

    Raises
    ------
    InputError
        As `rake`, for what concerns one margin.
    """
    columns = [column] if isinstance(column, str) else list(column)
    name = " x ".join(columns)
    code, found = code_crossing(respondents, columns)
    wanted = _read_targets(name, target)
    unwanted = [position for position, level in enumerate(found) if not wanted.get(level)]
    if unwanted:
        shown = ", ".join(
            f"{found[at]!r} ({(code == at).sum()} respondents, "
            f"{'target 0' if found[at] in wanted else 'no target'})"
            for at in unwanted[:5]
        )
        raise InputError(
            f"{name}: {len(unwanted)} levels of the sample without a positive target: {shown}"
        )
    present = set(found)
    absent = [
        f"{level!r} (target {value:g})"
        for level, value in wanted.items()
        if value and level not in present
    ]
    if absent:
        raise InputError(
            f"{name}: {len(absent)} target levels without respondents: {', '.join(absent[:5])}"
        )
    return Margin(name, found, code, np.array([wanted[level] for level in found]))


def _read_targets(name, target):
    if target.index.has_duplicates:
        twice = target.index[target.index.duplicated()].tolist()
        raise InputError(f"{name}: {len(twice)} levels with two targets: {twice[:5]}")
    values = pd.to_numeric(target, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    wrong = ~(np.isfinite(values) & (values >= 0))
    if wrong.any():
        raise InputError(
            f"{name}: {wrong.sum()} targets missing, infinite or negative, "
            f"for {target.index[wrong].tolist()[:5]}"
        )
    return dict(zip(target.index.tolist(), values.tolist(), strict=True))
