"""Questions as columns of numbers to sum: one answer, several answers, a score."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.data.errors import InputError
from helpers.stats.sample import code_column, require_columns


@dataclass(frozen=True)
class Totals:
    """Sums over groups of rows, for the ratios y / c of one question.

    Every estimate here is a ratio of weighted sums: y is the indicator of an
    answer or a score, c is 1 for each respondent of the base (or the number
    of answers given). Sums that start with q carry squared weights; G groups
    and K answers.

    Attributes
    ----------
    n, weight, weight_square : numpy.ndarray, shape (G,)
        Base: rows, sum(w) and sum(w^2).
    c, cc, qcc : numpy.ndarray, shape (G,)
        sum(w c), sum(w c^2), sum(w^2 c^2).
    y, yc, yy, qyc, qyy : numpy.ndarray, shape (G, K)
        sum(w y), sum(w y c), sum(w y^2), sum(w^2 y c), sum(w^2 y^2).
    """

    n: np.ndarray
    weight: np.ndarray
    weight_square: np.ndarray
    c: np.ndarray
    cc: np.ndarray
    qcc: np.ndarray
    y: np.ndarray
    yc: np.ndarray
    yy: np.ndarray
    qyc: np.ndarray
    qyy: np.ndarray


@dataclass(frozen=True)
class OneAnswer:
    """A question with one answer per respondent.

    Attributes
    ----------
    code : numpy.ndarray
        Position of the answer per row; `len(labels)` when out of the base.
    labels : list
        Answer codes in order.
    """

    code: np.ndarray
    labels: list
    origin = 0.0

    @property
    def base(self):
        """Rows that gave an answer."""
        return self.code < len(self.labels)

    def values(self, rows):
        """Return y (rows x answers) and c for the given rows."""
        chosen = self.code[rows, None] == np.arange(len(self.labels))
        return chosen.astype(float), chosen.any(axis=1).astype(float)

    def sums(self, rows, group, groups, weight):
        """Return sum(w y) and sum(w c) per group for the given rows."""
        y = self._table(group, groups, weight[rows], self.code[rows])
        return y, y.sum(axis=1)

    def totals(self, group, groups, weight, weight_square):
        """Sum over groups of rows: three counting passes for all answers."""
        cell = self._cell(group, self.code)
        n = self._count(cell, groups)
        y = self._count(cell, groups, weight)
        q = self._count(cell, groups, weight_square)
        c, qc = y.sum(axis=1), q.sum(axis=1)
        return Totals(n.sum(axis=1), c, qc, c, c, qc, y, y, y, q, q)

    def _cell(self, group, code):
        return group * (len(self.labels) + 1) + code

    def _table(self, group, groups, weight, code):
        return self._count(self._cell(group, code), groups, weight)

    def _count(self, cell, groups, weight=None):
        width = len(self.labels) + 1
        counted = np.bincount(cell, weights=weight, minlength=groups * width)
        return counted.reshape(groups, width)[:, :-1]


@dataclass(frozen=True)
class Measures:
    """A question held as columns of numbers: several answers, scores, ranks.

    Attributes
    ----------
    y : list of numpy.ndarray
        One array per label, 0 out of the base.
    c : numpy.ndarray
        What each row adds to the denominator, 0 out of the base.
    base : numpy.ndarray
        Rows in the base.
    labels : list
        Name of each array of `y`.
    origin : float
        What was taken off scores so that their squares keep their digits;
        to be added to a mean.
    """

    y: list
    c: np.ndarray
    base: np.ndarray
    labels: list
    origin: float = 0.0

    def values(self, rows):
        """Return y (rows x labels) and c for the given rows."""
        return np.column_stack([y[rows] for y in self.y]).astype(float), self.c[rows]

    def sums(self, rows, group, groups, weight):
        """Return sum(w y) and sum(w c) per group for the given rows."""
        weight = weight[rows]
        y = [_bin(group, weight * y[rows], groups) for y in self.y]
        return np.column_stack(y), _bin(group, weight * self.c[rows], groups)

    def totals(self, group, groups, weight, weight_square):
        """Sum over groups of rows."""
        rows = np.flatnonzero(self.base)
        group, w, q, c = group[rows], weight[rows], weight_square[rows], self.c[rows]
        tables = {name: [] for name in ("y", "yc", "yy", "qyc", "qyy")}
        for column in self.y:
            y = column[rows]
            for name, product in (
                ("y", w * y),
                ("yc", w * y * c),
                ("yy", w * y * y),
                ("qyc", q * y * c),
                ("qyy", q * y * y),
            ):
                tables[name].append(_bin(group, product, groups))
        return Totals(
            n=np.bincount(group, minlength=groups),
            weight=_bin(group, w, groups),
            weight_square=_bin(group, q, groups),
            c=_bin(group, w * c, groups),
            cc=_bin(group, w * c * c, groups),
            qcc=_bin(group, q * c * c, groups),
            **{name: np.column_stack(columns) for name, columns in tables.items()},
        )


def _bin(group, values, groups):
    return np.bincount(group, weights=values, minlength=groups)


def read_answers(respondents, question, answers=None, nets=None, base="respondents"):
    """Read a question asked in codes or in several yes/no columns.

    Parameters
    ----------
    respondents : pandas.DataFrame
        One row per respondent.
    question : str or list of str
        A column of one answer code per respondent (missing leaves the base),
        or boolean columns, one per answer (a row missing in all leaves it).
    answers : list, optional
        All codes in order; for a list of columns, one name per column.
    nets : dict, optional
        Name of a net to the codes it unites, as ``{"agree": [1, 2]}``.
    base : {"respondents", "answers"}, default "respondents"
        What shares are of; "answers" needs several columns.

    Returns
    -------
    OneAnswer or Measures

    Raises
    ------
    InputError
        If a column is absent, a code is outside `answers`, a column of a
        multiple-response question is not boolean, or nobody answered.
    """
    if base not in ("respondents", "answers"):
        raise InputError(f"base {base!r}: must be 'respondents' or 'answers'")
    if isinstance(question, str):
        if base == "answers":
            raise InputError(f"column {question!r}: one answer each, so base must be 'respondents'")
        items = _read_codes(respondents, question, answers)
        return _unite_codes(items, nets) if nets else items
    return _read_flags(respondents, list(question), answers, nets, base)


def read_scores(respondents, question, limits=None):
    """Read a numeric column, to be averaged over those who answered.

    Parameters
    ----------
    respondents : pandas.DataFrame
        One row per respondent.
    question : str
        Numeric column; missing rows leave the base.
    limits : tuple of float, optional
        Lowest and highest valid score, as (0, 10).

    Returns
    -------
    Measures

    Raises
    ------
    InputError
        If the column is absent, not numeric, infinite, outside the limits or
        missing in every row.
    """
    require_columns(respondents, [question])
    try:
        y = respondents[question].to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError):
        raise InputError(f"column {question!r}: a mean needs numbers") from None
    base = ~np.isnan(y)
    if not base.any():
        raise InputError(f"column {question!r}: no answer in {len(y)} rows")
    low, high = (-np.inf, np.inf) if limits is None else limits
    bad = base & (np.isinf(y) | (y < low) | (y > high))
    if bad.any():
        shown = ", ".join(f"{value:g}" for value in np.unique(y[bad])[:5])
        raise InputError(
            f"column {question!r}: {bad.sum()} values outside {low:g} to {high:g} ({shown})"
        )
    origin = y[base].mean()
    return Measures([np.where(base, y - origin, 0.0)], base.astype(float), base, ["mean"], origin)


def read_ranks(respondents, ranks, answers=None):
    """Read a ranking question held as one column of codes per rank.

    Parameters
    ----------
    respondents : pandas.DataFrame
        One row per respondent.
    ranks : list of str
        Columns of first, second, ... choices.
    answers : list, optional
        All codes in order; by default the codes found in any rank, sorted.

    Returns
    -------
    code : numpy.ndarray, shape (rows, ranks)
        Position of the answer; `len(labels)` where none was given.
    labels : list
        Answer codes in order.

    Raises
    ------
    InputError
        If a column is absent, a code is outside `answers`, an answer is
        ranked twice by a respondent, or a rank is skipped.
    """
    require_columns(respondents, ranks)
    if answers is None:
        given = pd.concat([respondents[column].dropna().astype(object) for column in ranks])
        answers = sorted(given.unique())
    columns = []
    for column in ranks:
        if respondents[column].notna().any():
            columns.append(_read_codes(respondents, column, answers).code.astype(np.intp))
        else:
            columns.append(np.full(len(respondents), len(answers)))
    code = np.column_stack(columns)
    empty = code == len(answers)
    skipped = (empty[:, :-1] & ~empty[:, 1:]).any(axis=1)
    if skipped.any():
        raise InputError(f"columns {', '.join(ranks)}: {skipped.sum()} rows skip a rank")
    ordered = np.sort(code, axis=1)
    twice = ((ordered[:, :-1] == ordered[:, 1:]) & (ordered[:, 1:] < len(answers))).any(axis=1)
    if twice.any():
        raise InputError(f"columns {', '.join(ranks)}: {twice.sum()} rows rank an answer twice")
    return code, list(answers)


def _read_codes(respondents, column, answers):
    require_columns(respondents, [column])
    values = respondents[column]
    code, found = code_column(values, sort=answers is None)
    if code.max(initial=-1) < 0:
        raise InputError(f"column {column!r}: no answer in {len(values)} rows")
    labels = found if answers is None else _check_labels(answers, column)
    # Position len(labels), reached by code -1, is where missing answers go.
    position = np.append(labels.get_indexer(found), len(labels))
    outside = np.flatnonzero(position < 0)
    if len(outside):
        count = np.bincount(code + 1, minlength=len(found) + 1)[outside + 1]
        bad = outside[count > 0]
        if len(bad):
            shown = ", ".join(repr(value) for value in found[bad].tolist()[:5])
            raise InputError(
                f"column {column!r}: {count.sum()} answers outside the answer list "
                f"({shown}); valid: {', '.join(repr(a) for a in labels.tolist())}"
            )
    small = np.uint8 if len(labels) < 255 else np.intp
    return OneAnswer(position.astype(small)[code], labels.tolist())


def _check_labels(answers, column):
    labels = pd.Index(list(answers))
    if not len(labels) or labels.has_duplicates:
        twice = labels[labels.duplicated()].tolist()
        raise InputError(f"{column!r}: the answer list is empty or repeats {twice}")
    return labels


def _unite_codes(items, nets):
    labels = pd.Index(items.labels)
    base = items.base
    y = [items.code == position for position in range(len(labels))]
    for name, codes in nets.items():
        y.append(np.isin(items.code, _net_positions(name, codes, labels)))
    return Measures(y, base.astype(float), base, items.labels + list(nets))


def _net_positions(name, codes, labels):
    if name in labels:
        raise InputError(f"net {name!r}: is also an answer code")
    positions = labels.get_indexer(list(codes))
    if not len(positions) or (positions < 0).any():
        unknown = [code for code, at in zip(codes, positions, strict=True) if at < 0]
        raise InputError(f"net {name!r}: {len(unknown)} codes not in the answer list {unknown}")
    return positions


def _read_flags(respondents, columns, answers, nets, base):
    require_columns(respondents, columns)
    if not columns:
        raise InputError("question: an empty list of columns")
    answers = columns if answers is None else list(answers)
    if len(answers) != len(columns):
        raise InputError(f"answers: {len(answers)} names for {len(columns)} columns {columns}")
    labels = _check_labels(answers, columns[0])
    flags = [_read_flag(respondents[column], column) for column in columns]
    asked = np.logical_or.reduce([known for _, known in flags])
    if not asked.any():
        raise InputError(f"columns {', '.join(columns)}: no answer in {len(asked)} rows")
    y = [chosen for chosen, _ in flags]
    c = asked.astype(float) if base == "respondents" else np.sum(y, axis=0, dtype=float)
    if not c.any():
        raise InputError(f"columns {', '.join(columns)}: nobody chose any answer")
    for name, codes in (nets or {}).items():
        positions = _net_positions(name, codes, labels)
        united = [y[position] for position in positions]
        y.append(np.logical_or.reduce(united) if base == "respondents" else np.sum(united, axis=0))
    return Measures(y, c, asked, labels.tolist() + list(nets or {}))


def _read_flag(values, column):
    """Return who chose the answer, and whose choice is known."""
    known = values.notna().to_numpy()
    distinct = set(pd.unique(values[known]).tolist())
    if not distinct <= {True, False}:
        wrong = sorted(repr(v) for v in distinct if v not in (True, False))[:5]
        raise InputError(
            f"column {column!r}: a multiple-response column must be True or False, "
            f"found {', '.join(wrong)}"
        )
    chosen = np.zeros(len(values), dtype=bool)
    chosen[known] = values[known].to_numpy(dtype=bool)
    return chosen, known
