"""Estimates and contrasts from the counts of a sample too large for memory."""

import itertools
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.data.errors import InputError
from helpers.stats.contrasts import contrast_items
from helpers.stats.domains import Domains
from helpers.stats.estimates import estimate_items
from helpers.stats.means import estimate_mean_items
from helpers.stats.parts import find_origin
from helpers.stats.plan import Plan, check_deff
from helpers.stats.sample import check_single, find_remainder
from helpers.stats.sums import CountedMoments, DomainSums


@dataclass(frozen=True)
class CountedSample:
    """What the variance needs of a sample that was counted in parts; as `Sample`."""

    rows: int
    total: float
    units: np.ndarray
    remainder: np.ndarray
    single_psu: str


@dataclass(frozen=True)
class CountedItems:
    """A question that was counted: its answers, and sums by stratum and domain."""

    labels: list
    origin: float
    tables: dict


class CountedPlan(Plan):
    """The plan of a sample that was counted in parts.

    Parameters
    ----------
    counts : helpers.stats.parts.Counts
    layout : helpers.stats.parts.Layout
        The one they were counted by.
    deff : {"auto", "without", "replace"}
        As in `helpers.stats.estimates.estimate_proportions`.
    """

    def __init__(self, counts, layout, *, deff="auto"):
        check_deff(deff)
        design = layout.design
        self._present = np.flatnonzero(counts.units)
        units = counts.units[self._present]
        crossed = list(itertools.product(*(layout.levels[name] for name in design.strata)))
        names = [crossed[place] for place in self._present]
        names = [name[0] for name in names] if len(design.strata) == 1 else names
        remainder = np.ones(len(units))
        if design.fpc:
            spans = counts.least[self._present], counts.most[self._present]
            remainder = find_remainder(*spans, names, units, design)
        check_single(units, remainder, names, design)
        self.sample = CountedSample(
            counts.rows, counts.total, units, remainder, design.single_psu
        )  # fmt: skip
        self.domains = _list_domains(layout)
        self._levels = {}
        self._counts, self._layout = counts, layout
        self.without_replacement = self._without_replacement(deff, design)

    def read(self, question):
        """Return the counted question of that name."""
        tables = self._counts.tables.get(question)
        if tables is None:
            raise InputError(f"{question!r}: no answer in {self.sample.rows} rows")
        kept = {name: table[self._present] for name, table in tables.items()}
        origin = find_origin(self._layout.questions[question])
        return CountedItems(self._counts.labels[question], origin, kept)

    def count(self, items, question, required=True):
        """Return the sums of a counted question by domain and a moments function."""
        sums = DomainSums.of(items.tables)
        if required and not sums.n.any():
            raise InputError(f"{question!r}: nobody who answered is in a domain")
        return sums, CountedMoments(items.tables)


def estimate_counts(counts, layout, *, level=0.95, interval="logit", deff="auto"):
    """Estimate the shares, or means, of all questions that were counted.

    Parameters
    ----------
    counts : helpers.stats.parts.Counts
        From `helpers.stats.parts.count_parts`.
    layout : helpers.stats.parts.Layout
        The one they were counted by.
    level, interval, deff
        As in `helpers.stats.estimates.estimate_proportions`.

    Returns
    -------
    pandas.DataFrame
        The rows of `helpers.stats.estimates.estimate_questions`, or of
        `helpers.stats.means.estimate_means` for scores, question by question.

    Raises
    ------
    InputError
        If nobody answered a question, or an option is unknown.
    """
    plan = CountedPlan(counts, layout, deff=deff)
    tables = []
    for name, options in layout.questions.items():
        items = plan.read(name)
        if "limits" in options:
            table = estimate_mean_items(plan, items, name, level)
        else:
            table = estimate_items(plan, items, name, level, interval)
        table.insert(0, "question", name)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def contrast_counts(counts, layout, *, level=0.95):
    """Compare each domain with the rest, in all questions that were counted.

    Parameters
    ----------
    counts, layout
        As in `estimate_counts`.
    level : float, default 0.95
        As in `helpers.stats.contrasts.contrast_with_rest`.

    Returns
    -------
    pandas.DataFrame
        The rows of `contrast_with_rest`, question by question.

    Raises
    ------
    InputError
        If nobody answered a question, or there is one domain only.
    """
    plan = CountedPlan(counts, layout)
    tables = []
    for name in layout.questions:
        items = plan.read(name)
        table = contrast_items(plan, items, *plan.count(items, name), layout.by, level)
        table.insert(0, "question", name)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def _list_domains(layout):
    """All crossings of the levels, in the order in which parts count them."""
    if not layout.by:
        return Domains(None, pd.DataFrame(index=range(1)))
    crossed = list(itertools.product(*(layout.levels[name] for name in layout.by)))
    columns = {
        name: pd.Categorical([row[place] for row in crossed], categories=layout.levels[name])
        for place, name in enumerate(layout.by)
    }
    return Domains(None, pd.DataFrame(columns))
