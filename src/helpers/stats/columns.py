"""Columns of respondents, checked and coded."""

import math

import numpy as np
import pandas as pd

from helpers.data.errors import InputError


def read_weights(respondents, column):
    """Return a column of weights as floats, all of them positive and finite.

    Parameters
    ----------
    respondents : pandas.DataFrame
        One row per respondent.
    column : str
        Column of weights.

    Returns
    -------
    numpy.ndarray

    Raises
    ------
    InputError
        If the column is absent, not numeric, or holds missing, infinite,
        zero or negative weights; each kind is counted.
    """
    require_columns(respondents, [column])
    try:
        weight = respondents[column].to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError):
        raise InputError(f"column {column!r}: weights must be numbers") from None
    if weight.min() > 0 and np.isfinite(weight.sum()):
        return weight
    kinds = {
        "missing": np.isnan(weight),
        "infinite": np.isinf(weight),
        "zero": weight == 0,
        "negative": (weight < 0) & np.isfinite(weight),
    }
    found = ", ".join(f"{mask.sum()} {kind}" for kind, mask in kinds.items() if mask.any())
    bad = np.flatnonzero(~(np.isfinite(weight) & (weight > 0)))
    raise InputError(
        f"column {column!r}: weights must be positive and finite; {found} "
        f"of {len(weight)} (first at row {respondents.index[bad[0]]!r})"
    )


def require_columns(respondents, columns):
    """Raise an InputError naming the columns that a frame lacks."""
    absent = [column for column in columns if column not in respondents.columns]
    if absent:
        raise InputError(f"{len(absent)} columns not in the respondents: {first_few(absent)}")


def code_crossing(respondents, columns):
    """Code the crossing of complete columns.

    Parameters
    ----------
    respondents : pandas.DataFrame
        One row per respondent.
    columns : list of str
        Columns without missing values; an empty list gives one level.

    Returns
    -------
    codes : numpy.ndarray
        Code per row, only for crossings present in the frame.
    names : list
        The level, or tuple of levels, of each code.

    Raises
    ------
    InputError
        If a column is absent or has missing values.
    """
    require_columns(respondents, columns)
    if not columns:
        return np.zeros(len(respondents), dtype=np.intp), [()]
    codes, levels = zip(*(code_complete(respondents, name) for name in columns), strict=True)
    return name_crossing(codes, levels)


def name_crossing(codes, levels):
    """Number the crossings that codes hold, and name them.

    Parameters
    ----------
    codes : list of numpy.ndarray
        Position in `levels` per row or cell, one array per column.
    levels : list of pandas.Index
        Levels of each column.

    Returns
    -------
    codes : numpy.ndarray
        Number of the crossing, without gaps.
    names : list
        The level, or tuple of levels, of each crossing.
    """
    sizes = [len(level) for level in levels]
    joint, cells = join_codes(codes, sizes), math.prod(sizes)
    present = np.flatnonzero(np.bincount(joint, minlength=cells))
    at = np.unravel_index(present, sizes)
    names = [level.take(part).tolist() for level, part in zip(levels, at, strict=True)]
    names = names[0] if len(levels) == 1 else list(zip(*names, strict=True))
    if len(present) == cells:
        return joint, names
    position = np.empty(cells, dtype=np.intp)
    position[present] = np.arange(len(present))
    return position[joint], names


def join_codes(codes, sizes, dtype=np.intp):
    """Combine codes into one of a type that holds them, the last varying fastest."""
    joint = codes[0].astype(dtype)
    for code, size in zip(codes[1:], sizes[1:], strict=True):
        joint *= size
        joint += code
    return joint


def code_column(values, sort=True):
    """Code a column and list its levels.

    Parameters
    ----------
    values : pandas.Series
        Any column.
    sort : bool, default True
        Whether the levels are sorted; a Categorical keeps its own order and
        its empty levels.

    Returns
    -------
    codes : numpy.ndarray
        Position of the level per row, -1 where missing.
    levels : pandas.Index
    """
    codes, levels = _read_codes(values, sort)
    return codes.astype(np.intp, copy=False), levels


def code_complete(respondents, column):
    """Code a column without missing values and list its levels.

    Parameters
    ----------
    respondents : pandas.DataFrame
        One row per respondent.
    column : str

    Returns
    -------
    codes : numpy.ndarray
        Position of the level per row. Those of a Categorical are its own,
        read-only and often of one byte: widen them before arithmetic.
    levels : pandas.Index

    Raises
    ------
    InputError
        If the column has missing values.
    """
    codes, levels = _read_codes(respondents[column], sort=True)
    if codes.min() < 0:
        missing = int((codes < 0).sum())
        raise InputError(f"column {column!r}: {missing} missing values of {len(codes)}")
    return codes, levels


def _read_codes(values, sort):
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values.array.codes, values.array.categories
    codes, levels = pd.factorize(values, sort=sort)
    return codes, pd.Index(levels)


def first_few(values, limit=5):
    """Write the first few values of a list, and how many more there are."""
    values = [str(value) if isinstance(value, str) else repr(value) for value in values]
    more = len(values) - limit
    return ", ".join(values[:limit]) + (f" and {more} more" if more > 0 else "")
