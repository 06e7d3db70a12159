"""What a question adds up to: one answer, several answers, a score."""

from dataclasses import dataclass

import numpy as np


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
