"""Secondary suppression in linked tables: what else to withhold so that nothing can be found."""

from dataclasses import dataclass, replace

import numpy as np

from helpers.stats.cells import UNNAMED
from helpers.stats.table_system import EVERYBODY, TableSystem
from helpers.stats.witnesses import STILL, Secret, Witness, find_shifts

# A cell withheld already costs next to nothing; the whole, and a base, are the last to go.
_FREE, _WHOLE, _BASE = 1e-4, 30.0, 10.0
# A reader who is off by less than this has found a count.
_LEAST = 1.0


@dataclass(frozen=True)
class Suppression:
    """What is withheld from the tables of a wave, with the proof that it suffices.

    Attributes
    ----------
    withheld : numpy.ndarray of bool, shape (cells,)
    secrets : list of Secret
    witnesses : list of Witness or None
        One per secret; None where nothing keeps it open.
    """

    withheld: np.ndarray
    secrets: list[Secret]
    witnesses: list[Witness | None]


def suppress_cells(system: TableSystem, secrets: list[Secret]) -> Suppression:
    """Withhold further cells until every secret is protected.

    Parameters
    ----------
    system : TableSystem
    secrets : list of Secret

    Returns
    -------
    Suppression
        A base that is withheld takes the answers of its tables with it.

    Notes
    -----
    For each secret in turn, a linear programme looks for other counts that obey all equations,
    are nowhere negative, and differ from the true ones by the wanted reach in the secret; among
    them it takes those that move the shown cells least, and the shown cells moved are
    withheld (Kelly, Golden and Assad 1992, Networks 22, 397-417; Fischetti and Salazar 2001,
    Management Science 47, 1008-1027). The solution is kept: a reader who knows all
    cells shown and all equations cannot tell it from the truth. Withholding more afterwards takes
    nothing from it. The search starts among rows and columns near the secret and widens. Where no
    choice of cells reaches far enough, all that adds up with the secret is withheld,
    and its `reach` becomes a single respondent.
    """
    search = _Search(system)
    aims = [secret for secret in secrets if system.cells[secret.row, secret.column] >= 0]
    for secret in aims:
        search.withhold(system.cells[secret.row, secret.column])
    # The whole before its parts: what it needs is fixed for all of them.
    order = sorted(range(len(aims)), key=lambda place: (aims[place].column > 0, place))
    witnesses: list[Witness | None] = [None] * len(aims)
    for place in order:
        if witnesses[place] is not None:
            continue
        secret = aims[place]
        shifts = search.protect(secret)
        if shifts is None:
            nearer = np.clip(secret.reach, -_LEAST, _LEAST)
            aims[place] = secret = replace(secret, reach=float(nearer))
            search.withhold_cluster(secret.row)
            shifts = search.protect(secret)
        if shifts is None:
            continue
        witness = Witness(np.flatnonzero(shifts), shifts[np.flatnonzero(shifts)])
        for other, secret in enumerate(aims):
            if witnesses[other] is None and _reaches(system, secret, shifts):
                witnesses[other] = witness
    return Suppression(search.withheld, aims, witnesses)


def find_exposed(system: TableSystem, suppression: Suppression, shown: np.ndarray) -> list[Secret]:
    """Secrets that the cells shown give away, exactly or too nearly.

    Parameters
    ----------
    system : TableSystem
    suppression : Suppression
    shown : numpy.ndarray of bool, shape (cells,)
        Cells that are in fact shown, all outputs together.

    Returns
    -------
    list of Secret
        A secret whose own cell is shown; one whose witness differs from a cell shown, when
        no other set of counts takes the witness's place.
    """
    exposed = []
    for secret, witness in zip(suppression.secrets, suppression.witnesses, strict=True):
        if witness is not None and not shown[witness.cells].any():
            continue
        cell = system.cells[secret.row, secret.column]
        free = ~shown
        cost = np.full(len(shown), _FREE)
        if shown[cell] or find_shifts(system, cell, secret.reach, free, cost) is None:
            exposed.append(secret)
    return exposed


def _reaches(system: TableSystem, secret: Secret, shifts: np.ndarray) -> bool:
    moved = shifts[system.cells[secret.row, secret.column]]
    return moved * np.sign(secret.reach) >= abs(secret.reach) - STILL


class _Search:
    """Cells withheld so far, and what each of the others would cost."""

    def __init__(self, system: TableSystem):
        self.system = system
        size = len(system.counts)
        named = [column for (_, level), column in system.columns.items() if level != UNNAMED]
        # Rows of no table, such as those who gave no answer, are nowhere shown; nor are
        # those without a level. How many took part is printed on every page.
        self.withheld = np.ones(size, dtype=bool)
        self._answers: dict[int, set[int]] = {}
        for place in system.places.values():
            pairs = system.cells[np.ix_([place.base, place.answer], named)].T
            self.withheld[pairs[pairs >= 0]] = False
            for base, answer in pairs[(pairs >= 0).all(axis=1)]:
                self._answers.setdefault(base, set()).add(answer)
        cost = 1 + np.log2(1 + system.counts)
        whole = system.cells[:, 0]
        cost[whole[whole >= 0]] *= _WHOLE
        cost[list(self._answers)] *= _BASE
        self.cost = np.where(self.withheld, _FREE, cost)
        self._fixed = system.cells[EVERYBODY, 0]
        self.withheld[self._fixed] = False

    def withhold(self, cell: int) -> None:
        if not self.withheld[cell] and cell != self._fixed:
            self.withheld[cell] = True
            self.cost[cell] = _FREE
            for answer in self._answers.get(cell, ()):
                self.withhold(answer)

    def withhold_cluster(self, row: int) -> None:
        """Withhold all that adds up with a row: the most that can be done."""
        system = self.system
        cells = system.cells[system.clusters == system.clusters[row]]
        for cell in np.unique(cells[cells >= 0]):
            self.withhold(cell)

    def protect(self, secret: Secret) -> np.ndarray | None:
        """Shifts that hide a secret, their cells withheld; None if there are none."""
        cell = self.system.cells[secret.row, secret.column]
        for free in self._widen(secret):
            free[self._fixed] = False
            shifts = find_shifts(self.system, cell, secret.reach, free, self.cost)
            if shifts is not None:
                for moved in np.flatnonzero(shifts):
                    self.withhold(moved)
                return shifts
        return None

    def _widen(self, secret: Secret):
        """Cells that may move: ever more rows, then the whole and other domain variables too."""
        system = self.system
        names = list(system.columns)
        by = names[secret.column][0]
        own = np.array([variable == by for variable, _ in names])
        every = np.ones(len(names), bool)
        rows = np.arange(len(system.cells))
        family = (system.families == system.families[secret.row]) & (rows != EVERYBODY)
        cluster = (system.clusters == system.clusters[secret.row]) & (rows != EVERYBODY)
        for chosen, columns in (
            (family, own), (cluster, own), (cluster, every), (rows >= 0, own), (rows >= 0, every)
        ):  # fmt: skip
            cells = system.cells[np.ix_(chosen, columns)]
            free = np.zeros(len(system.counts), bool)
            free[cells[cells >= 0]] = True
            if free[system.cells[secret.row, secret.column]]:
                yield free
