"""Domains: the subgroups of a sample that estimates are given for."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.data.errors import InputError
from helpers.stats.columns import code_column, require_columns

RESERVED = (
    "question", "answer", "n", "n_weighted", "estimate", "se", "ci_low", "ci_high",
    "deff", "n_eff", "df",
)  # fmt: skip


@dataclass(frozen=True)
class Domains:
    """Domain of every row, with the levels that name each domain.

    Attributes
    ----------
    code : numpy.ndarray
        Domain code per row; `count` for rows in none of the domains.
    levels : pandas.DataFrame
        One row per domain, the columns that define it; no column for a topline.
    """

    code: np.ndarray
    levels: pd.DataFrame

    @property
    def count(self):
        """Number of domains."""
        return len(self.levels)


def read_domains(respondents, by=None, where=None):
    """Code the domains of a frame, keeping every row.

    Parameters
    ----------
    respondents : pandas.DataFrame
        One row per respondent.
    by : str or list of str, optional
        Columns whose crossing defines the domains; None for one domain, the
        topline. A Categorical keeps its order and its empty levels; other
        columns are sorted. A crossing lists its empty combinations when all
        its columns are Categorical.
    where : array-like of bool, optional
        Rows of the subpopulation; the others leave the domains only.

    Returns
    -------
    Domains

    Raises
    ------
    InputError
        If a column is absent, has no value, is given twice or bears the name
        of a result column, or if `where` is not a complete
        boolean mask of the same rows.
    """
    columns = [] if by is None else [by] if isinstance(by, str) else list(by)
    require_columns(respondents, columns)
    taken = [name for name in columns if name in RESERVED or columns.count(name) > 1]
    if taken:
        raise InputError(f"by: {taken} twice, or names of result columns; rename them")
    if columns:
        code, levels = _cross(respondents, columns)
    else:
        code = np.zeros(len(respondents), dtype=np.intp)
        levels = pd.DataFrame(index=range(1))
    inside = code >= 0
    if where is not None:
        inside = inside & read_mask(respondents, where)
    if not inside.all():
        code = np.where(inside, code, len(levels))
    return Domains(code, levels)


def read_mask(respondents, where):
    """Return a subpopulation mask as an array, or raise if it is not one."""
    if isinstance(where, pd.Series) and not where.index.equals(respondents.index):
        raise InputError("where: its index differs from that of the respondents")
    mask = pd.Series(where)
    if len(mask) != len(respondents):
        raise InputError(f"where: {len(mask)} values for {len(respondents)} respondents")
    missing = int(mask.isna().sum())
    if missing:
        raise InputError(f"where: {missing} missing values of {len(mask)}; give True or False")
    if not pd.api.types.is_bool_dtype(mask.dtype):
        raise InputError(f"where: values of type {mask.dtype}, not boolean")
    return mask.to_numpy(dtype=bool)


def _cross(respondents, columns):
    parts = [_code_column(respondents[column], column) for column in columns]
    sizes = [len(levels) for _, levels in parts]
    code = parts[0][0]
    missing = code < 0
    for (codes, _), size in zip(parts[1:], sizes[1:], strict=True):
        missing |= codes < 0
        code = code * size + codes
    if len(columns) > 1 and missing.any():
        code[missing] = -1
    kept = np.arange(int(np.prod(sizes)))
    full = all(isinstance(respondents[column].dtype, pd.CategoricalDtype) for column in columns)
    if len(columns) > 1 and not full:
        kept = np.unique(code[~missing])
        code = np.where(missing, -1, np.searchsorted(kept, code))
    positions = np.unravel_index(kept, sizes)
    levels = pd.DataFrame(
        {
            column: levels.take(position)
            for column, (_, levels), position in zip(columns, parts, positions, strict=True)
        }
    )
    return code, levels


def _code_column(values, column):
    """Return codes (-1 when missing) and an array of the ordered levels."""
    codes, levels = code_column(values)
    if not len(levels):
        raise InputError(f"column {column!r}: no value in {len(values)} rows, so no domain")
    if isinstance(values.dtype, pd.CategoricalDtype):
        levels = pd.Categorical(levels, dtype=values.dtype)
    return codes, levels
