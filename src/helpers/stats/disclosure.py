"""Disclosure control: which cells of a wave are withheld to protect its respondents."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.data.errors import InputError
from helpers.data.filecache import FileCache
from helpers.data.language import message, tr
from helpers.data.responses import Wave
from helpers.stats.cell_suppression import Secret, Suppression, suppress_cells
from helpers.stats.cells import UNNAMED
from helpers.stats.official import CROSSED, MISSING
from helpers.stats.table_system import Place, TableSystem, build_system


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
_NUMBERS = ["estimate", "se", "ci_low", "ci_high", "deff", "n_eff"]
_TESTS = ["difference", "difference_se", "p_value", "smallest_gap", "base_needed"]
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
    all figures shown of the wave, in all tables, and that counts add up, finds no count
    of 1 to `least` - 1 respondents; of each, a value of at least `least` remains
    possible too, and of each unanimous answer, that `least` respondents did not give it. What a
    reader knows about respondents from elsewhere is not covered, nor are the shares of two
    waves of a panel.
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


def hide_confidential(estimates: pd.DataFrame, wave: Wave, *, rule: str | None = None):
    """Empty the rows of an estimate table that disclosure control withholds.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Rows with the columns of an estimate table up to the tests.
    wave : Wave
        The wave they come from.
    rule : str, optional
        As in `protect_wave`.

    Returns
    -------
    pandas.DataFrame
        A copy. Withheld rows have the state "suppress" and one reason, which does not say
        why the cell is withheld: that would tell a reader how small it is. Where the base
        is withheld, `n` is 0. Where that of all respondents is withheld, no domain is tested: the
        difference from the rest would give it away.
    """
    protection = protect_wave(wave, rule)
    if protection is None:
        return estimates
    table = estimates.copy()
    keys = list(table[["question", "answer", "domain_variable", "domain"]].itertuples(index=False))
    hidden = np.array([protection.is_withheld(*key) for key in keys], dtype=bool)
    bare = np.array([protection.is_base_withheld(*key) for key in keys], dtype=bool)
    alone = np.array([protection.is_withheld(*key[:2]) for key in keys], dtype=bool)
    table.loc[hidden, "reliability"] = "suppress"
    table.loc[hidden, "reason"] = tr(CONFIDENTIAL)
    table.loc[hidden, _NUMBERS] = np.nan
    table.loc[bare, ["n", "n_weighted"]] = 0
    tests = [name for name in _TESTS if name in table]
    table.loc[hidden | alone, tests] = np.nan
    return table


def hide_margins(report: pd.DataFrame, wave: Wave) -> pd.DataFrame:
    """Empty the levels of official margins whose respondents disclosure control withholds.

    Parameters
    ----------
    report : pandas.DataFrame
        From `helpers.stats.official.compare_official`.
    wave : Wave
        The wave it is of.

    Returns
    -------
    pandas.DataFrame
        A copy; withheld levels keep their official figures only. With one, those without a
        level are withheld too: all other levels would tell it.
    """
    protection = protect_wave(wave)
    if protection is None:
        return report
    hidden = []
    for margin, level in zip(report["margin"], report["level"], strict=True):
        names = wave.codebook.margin(margin).variables
        key = [part for pair in zip(names, level.split(CROSSED), strict=False) for part in pair]
        hidden.append(level != MISSING and protection.is_withheld(*key))
    hidden = pd.Series(hidden, index=report.index)
    some = hidden.groupby(report["margin"]).transform("any")
    hidden |= some & (report["level"] == MISSING)
    shown = report.astype({"n": float})
    shown.loc[hidden, ["n", "base_share", "achieved_share", "ratio"]] = np.nan
    return shown


def hide_levels(table: pd.DataFrame, wave: Wave) -> pd.DataFrame:
    """Empty the rows of domains whose respondents disclosure control withholds.

    Parameters
    ----------
    table : pandas.DataFrame
        One row per level of a domain variable, which is one of its columns, and numbers.
    wave : Wave
        The wave it is of.

    Returns
    -------
    pandas.DataFrame
        A copy, numbers of withheld levels missing; the same table without such a column.
    """
    protection = protect_wave(wave)
    by = next((name for name in table if name in wave.file.domains), None)
    if protection is None or by is None:
        return table
    hidden = [protection.is_withheld(by, str(level)) for level in table[by]]
    numbers = table.select_dtypes("number").columns
    shown = table.astype(dict.fromkeys(numbers, float))
    shown.loc[hidden, numbers] = np.nan
    return shown
