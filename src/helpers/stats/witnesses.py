"""Witnesses: other counts of a table system that agree with every figure shown."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from helpers.stats.table_system import TableSystem

# Cells that a solution moves by less than this stay as they are.
STILL = 1e-6


@dataclass(frozen=True)
class Secret:
    """A count to protect, and how far from it a reader's doubt must reach.

    Attributes
    ----------
    row, column : int
        Its place in the system.
    reach : float
        The counts shown must allow its own plus this (minus, when negative).
    """

    row: int
    column: int
    reach: float


@dataclass(frozen=True)
class Witness:
    """Another set of counts that agrees with every figure shown.

    Attributes
    ----------
    cells : numpy.ndarray of int
        Cells in which it differs from the true counts: all are withheld.
    shifts : numpy.ndarray of float
        By how much.
    """

    cells: np.ndarray
    shifts: np.ndarray


def find_shifts(
    system: TableSystem, cell: int, reach: float, free: np.ndarray, cost: np.ndarray
) -> np.ndarray | None:
    """Find other counts that agree with all cells but the free ones.

    Parameters
    ----------
    system : TableSystem
    cell : int
        The cell that must differ from its true count.
    reach : float
        By how much at least; downwards when negative.
    free : numpy.ndarray of bool, shape (cells,)
        Cells that may differ.
    cost : numpy.ndarray of float, shape (cells,)
        What a unit of difference costs, above 0.

    Returns
    -------
    numpy.ndarray or None
        Difference of every cell from its true count, the cheapest that obey all equations and
        leave no count negative; None if there are none.
    """
    movable = np.flatnonzero(free)
    equations = sparse.csr_array(system.equations[:, movable])
    equations = equations[np.diff(equations.indptr) > 0]
    count, place = len(movable), int(np.searchsorted(movable, cell))
    rise = np.column_stack([np.zeros(count), np.full(count, np.inf)])
    fall = np.column_stack([np.zeros(count), system.counts[movable]])
    if -reach > fall[place, 1]:
        return None
    wanted, other = (rise, fall) if reach > 0 else (fall, rise)
    wanted[place, 0], other[place, 1] = abs(reach), 0
    done = linprog(
        np.tile(cost[movable], 2),
        A_eq=sparse.hstack([equations, -equations], format="csc"),
        b_eq=np.zeros(equations.shape[0]),
        bounds=np.concatenate([rise, fall]),
        method="highs",
    )
    if done.x is None:
        return None
    shifts = np.zeros(len(free))
    shifts[movable] = done.x[:count] - done.x[count:]
    shifts[np.abs(shifts) < STILL] = 0.0
    return shifts
