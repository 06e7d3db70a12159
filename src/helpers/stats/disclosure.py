"""Disclosure control: which cells of a wave are withheld to protect its respondents."""

from dataclasses import dataclass

import pandas as pd

from helpers.data.errors import InputError
from helpers.data.filecache import FileCache
from helpers.data.language import message
from helpers.data.responses import Wave
from helpers.stats.cell_suppression import Suppression, suppress_cells
from helpers.stats.cells import UNNAMED
from helpers.stats.table_layout import build_system
from helpers.stats.table_system import Place, TableSystem
from helpers.stats.witnesses import Secret


@dataclass(frozen=True)
class Rule:
    """Limits of a disclosure rule.

    Attributes
    ----------
    source : str
        Where the rule comes from, and what it withholds.
    least : int, optional
        Fewest respondents a cell may hold and be shown; none is no respondent. Without it,
        nothing is withheld.
    unanimous : bool
        Whether an answer that all respondents of a domain gave is withheld too.
    """

    source: str
    least: int | None = None
    unanimous: bool = False


RULES = {
    "threshold-5": Rule(
        source=(
            "Threshold rule of Hundepool et al. (2012), Statistical Disclosure Control, section "
            "4.2, at 5 respondents: withheld are bases and answers of 1 to 4 respondents, answers "
            "that all but 1 to 4 of a base gave, and answers that all respondents of a domain gave"
        ),
        least=5,
        unanimous=True,
    ),
    "none": Rule(source="No rule: nobody real is in the data"),
}
# Respondents of other kinds of wave are synthetic.
REQUIRED = {"real": "threshold-5"}
CONFIDENTIAL = message("withheld for confidentiality")
_protections = FileCache(limit=16)


@dataclass(frozen=True)
class Protection:
    """Which cells of a wave are withheld, decided once for all tables.

    Attributes
    ----------
    rule : Rule
    system : TableSystem
    suppression : Suppression
    """

    rule: Rule
    system: TableSystem
    suppression: Suppression

    def is_withheld(self, question: str, answer: str, by: str = "", domain: str = "") -> bool:
        """Whether the estimate of an answer in a domain is withheld; its base may be shown."""
        place = self.system.places.get((question, answer))
        return place is not None and self._holds(place.answer, by, domain)

    def is_base_withheld(self, question: str, answer: str, by: str = "", domain: str = "") -> bool:
        """Whether the base of an answer in a domain is withheld."""
        place = self.system.places.get((question, answer))
        return place is not None and self._holds(place.base, by, domain)

    def _holds(self, row: int, by: str, domain: str) -> bool:
        cell = self.system.cells[row, self.system.columns[by, domain]]
        return bool(cell >= 0 and self.suppression.withheld[cell])


def protect_wave(wave: Wave, rule: str | None = None) -> Protection | None:
    """Decide which cells of a wave are withheld.

    Parameters
    ----------
    wave : Wave
    rule : str, optional
        Name of an entry of `RULES`; by default the one that the provenance requires.

    Returns
    -------
    Protection or None
        None under a rule that withholds nothing. Kept in memory for the same respondents,
        codebook and rule.

    Raises
    ------
    InputError
        If the rule is unknown.

    Notes
    -----
    The decision rests on the respondents alone: not on the table or the study that shows a
    cell, nor on the reliability rule, which may withhold more. What holds: a reader who knows
    all counts shown of the wave, in all tables, and that they add up, finds no count
    of 1 to `least` - 1 respondents; of each, a value of at least `least` remains possible too,
    and of each unanimous answer, that `least` respondents did not give it. Weighted figures are
    rounded instead (`helpers.stats.withholding.round_confidential`). What a reader knows
    about respondents from elsewhere is not covered, nor are the shares of two waves of a
    panel.
    """
    name = rule or REQUIRED.get(wave.provenance, "none")
    if name not in RULES:
        raise InputError(f"disclosure rule {name!r}: must be one of {', '.join(RULES)}.")
    if RULES[name].least is None:
        return None
    content = pd.util.hash_pandas_object(wave.respondents, index=False).to_numpy().tobytes()
    key = (name, wave.file.model_dump_json(), wave.codebook.model_dump_json(), content)
    return _protections.get(key, lambda: _protect(wave, RULES[name]))


def _protect(wave: Wave, rule: Rule) -> Protection:
    system = build_system(wave)
    return Protection(rule, system, suppress_cells(system, find_secrets(system, rule)))


def find_secrets(system: TableSystem, rule: Rule) -> list[Secret]:
    """Primary suppression: the cells of a wave that must not be found.

    Parameters
    ----------
    system : TableSystem
    rule : Rule
        With `least`.

    Returns
    -------
    list of Secret
    """
    found: dict[tuple[int, int], float] = {}
    for (_, level), column in system.columns.items():
        for place in system.places.values() if level != UNNAMED else ():
            found |= {(row, column): reach for row, reach in _judge(place, column, system, rule)}
    return [Secret(row, column, reach) for (row, column), reach in found.items()]


def _judge(place: Place, column: int, system: TableSystem, rule: Rule):
    """Pairs of row and reach that one answer makes secret in a column."""
    base, answer, others = (
        system.count(row, column) for row in (place.base, place.answer, place.others)
    )
    if 0 < base < rule.least:
        yield place.base, rule.least - base
    if place.score:
        if 0 < base < rule.least or (base and rule.unanimous and place.uniform[column]):
            # Open by as much as one respondent can move it, up or down.
            yield place.answer, min(others, 1.0) if others >= answer else -min(answer, 1.0)
        return
    for row, count in ((place.answer, answer), (place.others, others)):
        if 0 < count < rule.least:
            yield row, rule.least - count
    if rule.unanimous and base >= rule.least and not others and not place.background:
        yield place.others, float(rule.least)
