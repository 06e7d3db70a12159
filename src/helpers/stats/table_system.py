"""Linked tables of a wave: every count its estimate tables can show, and what adds up to what."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

EVERYBODY = 0
WHOLE = ("", "")
ZERO = -1


@dataclass(frozen=True)
class Place:
    """Rows of the system behind one answer of an estimate table.

    Attributes
    ----------
    answer, base, others : int
        Those who gave the answer, those who could (they are its base), and the rest of the base.
    background : bool
        Whether it is a level of a domain variable.
    uniform : numpy.ndarray of bool, shape (columns,), optional
        Of a score, whose `answer` holds points out of ten in place of respondents: whether
        all gave the same.
    """

    answer: int
    base: int
    others: int
    background: bool
    uniform: np.ndarray | None = None

    @property
    def score(self) -> bool:
        """Whether it is the item of a score question."""
        return self.uniform is not None


@dataclass(frozen=True)
class TableSystem:
    """The counts of a wave and the equations between them.

    A row is a set of respondents that tables count (an answer, a net, a base), a column the
    whole or one level of a domain variable; a cell is a count, and one cell may stand at
    several places: the companies of a region are the base of every question all answered.

    Attributes
    ----------
    columns : dict
        (domain variable, level) to column; `WHOLE` first, `UNNAMED` levels where some
        respondents have none.
    places : dict
        (question, answer) to its `Place`.
    cells : numpy.ndarray of int, shape (rows, columns)
        Cell at each place; `ZERO` where nobody can be.
    counts : numpy.ndarray, shape (cells,)
        Respondents of each cell, or points out of ten of a score.
    equations : scipy.sparse.csc_array, shape (equations, cells)
        Each row times `counts` is zero, and a reader knows it.
    families, clusters : numpy.ndarray of int
        Group of each row: rows that add up with one another while every base stays as it
        is; while everybody stays as they are.
    """

    columns: dict[tuple[str, str], int]
    places: dict[tuple[str, str], Place]
    cells: np.ndarray
    counts: np.ndarray
    equations: sparse.csc_array
    families: np.ndarray
    clusters: np.ndarray

    def count(self, row: int, column: int) -> float:
        """Respondents, or points out of ten, at a place."""
        cell = self.cells[row, column]
        return float(self.counts[cell]) if cell != ZERO else 0.0
