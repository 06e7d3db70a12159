"""Margins: the levels of a sample matched with their population targets."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.data.errors import InputError
from helpers.stats.columns import code_complete, join_codes, name_crossing, require_columns

# Up to this many, all crossed cells are laid out, empty ones too: cheaper than
# finding those present.
DENSE_CELLS = 10_000

# Rows are summed and weighted this many at a time: what is needed in between
# then stays in the processor's cache.
BLOCK = 32_768


@dataclass(frozen=True)
class Cells:
    """The crossing of all columns of the margins: rows with one cell weigh alike.

    Attributes
    ----------
    row : numpy.ndarray
        Cell per row.
    code : dict
        Column to the position of its level per cell.
    levels : dict
        Column to its levels, a pandas.Index.
    """

    row: np.ndarray
    code: dict
    levels: dict

    def sum(self, weight):
        """Sum of weights per cell; None counts rows."""
        total = 0
        for rows in _blocks(len(self.row)):
            part = None if weight is None else weight[rows]
            total += np.bincount(self.row[rows], weights=part, minlength=self.count)
        return total

    def multiply(self, weight, factor):
        """Multiply the weight of each row by the factor of its cell."""
        result = np.empty(len(weight))
        for rows in _blocks(len(weight)):
            np.multiply(weight[rows], factor.take(self.row[rows]), out=result[rows])
        return result

    @property
    def count(self):
        """Number of cells."""
        return len(next(iter(self.code.values())))


@dataclass(frozen=True)
class Margin:
    """One margin of a sample: level of every cell, target of every level.

    Attributes
    ----------
    name : str
        The column, or the columns crossed.
    levels : list
        Levels present in the sample.
    code : numpy.ndarray
        Position in `levels` per cell; 0 for a cell without respondents.
    target : numpy.ndarray
        Positive total per level.
    """

    name: str
    levels: list
    code: np.ndarray
    target: np.ndarray

    def sum(self, size):
        """Sum of the sizes of cells per level."""
        return np.bincount(self.code, weights=size, minlength=len(self.target))


def read_margins(respondents, margins, weight):
    """Cross the columns of margins and match their levels with their targets.

    Parameters
    ----------
    respondents : pandas.DataFrame
        One row per respondent.
    margins : dict
        Column, or tuple of columns crossed, to a Series of targets: level, or
        tuple of levels, to population total.
    weight : numpy.ndarray
        Positive weights, one per row.

    Returns
    -------
    cells : Cells
    size : numpy.ndarray
        Sum of weights per cell.
    coded : list of Margin

    Raises
    ------
    InputError
        As `rake`, for what concerns columns and targets.
    """
    crossed = [(key,) if isinstance(key, str) else key for key in margins]
    if not all(crossed) or not crossed:
        raise InputError("margins: empty; give at least one column with its targets")
    cells = _cross(respondents, list(dict.fromkeys(name for key in crossed for name in key)))
    size = cells.sum(weight)
    coded = [
        _read_margin(cells, size > 0, columns, target)
        for columns, target in zip(crossed, margins.values(), strict=True)
    ]
    return cells, size, coded


def _blocks(rows):
    return [slice(first, first + BLOCK) for first in range(0, rows, BLOCK)]


def _cross(respondents, columns):
    require_columns(respondents, columns)
    codes, levels = zip(*(code_complete(respondents, name) for name in columns), strict=True)
    sizes = [len(level) for level in levels]
    cells = math.prod(sizes)
    if cells <= max(len(respondents), DENSE_CELLS):
        # The narrowest type that holds the number of cells.
        row = join_codes(codes, sizes, np.min_scalar_type(-cells - 1))
        table = np.unravel_index(np.arange(cells), sizes)
    else:
        row, table = _find_cells(codes, sizes)
    return Cells(
        row, dict(zip(columns, table, strict=True)), dict(zip(columns, levels, strict=True))
    )


def _find_cells(codes, sizes):
    """Return the cell of every row and, per column, the code of every cell present."""
    row, first = pd.factorize(codes[0])
    table = [first]
    for code, size in zip(codes[1:], sizes[1:], strict=True):
        row, pair = pd.factorize(row * size + code)
        table = [*(known[pair // size] for known in table), pair % size]
    return row, table


def _read_margin(cells, present, columns, target):
    name = " x ".join(columns)
    found_code, found = name_crossing(
        [cells.code[column][present] for column in columns],
        [cells.levels[column] for column in columns],
    )
    code = np.zeros(len(present), dtype=np.intp)
    code[present] = found_code
    wanted = _read_targets(name, target)
    unwanted = [position for position, level in enumerate(found) if not wanted.get(level)]
    if unwanted:
        count = np.bincount(code, weights=cells.sum(None)).astype(int)
        shown = ", ".join(
            f"{found[at]!r} ({count[at]} respondents, "
            f"{'target 0' if found[at] in wanted else 'no target'})"
            for at in unwanted[:5]
        )
        raise InputError(
            f"{name}: {len(unwanted)} levels of the sample without a positive target: {shown}"
        )
    known = set(found)
    absent = [
        f"{level!r} (target {value:g})"
        for level, value in wanted.items()
        if value and level not in known
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
    values = target
    if not pd.api.types.is_numeric_dtype(target.dtype):
        values = pd.to_numeric(target, errors="coerce")
    values = values.to_numpy(dtype=float, na_value=np.nan)
    wrong = ~(np.isfinite(values) & (values >= 0))
    if wrong.any():
        raise InputError(
            f"{name}: {wrong.sum()} targets missing, infinite or negative, "
            f"for {target.index[wrong].tolist()[:5]}"
        )
    return dict(zip(target.index.tolist(), values.tolist(), strict=True))
