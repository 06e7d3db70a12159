"""Samples too large for memory: counted part by part, estimated from the counts."""

import math
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from helpers.data.errors import InputError
from helpers.stats.columns import (
    code_column,
    code_complete,
    first_few,
    join_codes,
    read_weights,
    require_columns,
)
from helpers.stats.domains import read_domains
from helpers.stats.questions import read_answers, read_scores
from helpers.stats.sample import span_population


@dataclass(frozen=True)
class Layout:
    """What to count in every part, so that the counts of all parts add up.

    Attributes
    ----------
    design : helpers.data.design.Design
        Without primary sampling units: every respondent is one.
    levels : dict
        Every level, in order, of each column of the strata and of `by`.
    questions : dict
        Name of a question to the arguments of
        `helpers.stats.questions.read_answers`: `question` (by default the name), `answers`,
        all of them in order, `nets`, `base`; or ``{"limits": (low, high)}`` for scores, to
        be averaged.
    by : tuple of str
        Columns whose crossing defines the domains; empty for the whole.

    Raises
    ------
    InputError
        If the design has units of several respondents, or levels or answers are not given.
    """

    design: object
    levels: dict
    questions: dict
    by: tuple = ()

    def __post_init__(self):
        if self.design.psu is not None:
            raise InputError(
                f"column {self.design.psu!r}: primary sampling units may lie in several parts; "
                "large samples are estimated for respondents drawn one by one"
            )
        absent = [name for name in (*self.design.strata, *self.by) if name not in self.levels]
        open_ended = [name for name, options in self.questions.items()
                      if not options.get("answers") and "limits" not in options]  # fmt: skip
        if absent or open_ended:
            raise InputError(
                f"levels or answers not given: {', '.join([*absent, *open_ended])}; a part may "
                "lack some, so all of them must be named"
            )

    @property
    def shape(self):
        """Number of levels of each column of the strata."""
        return [len(self.levels[name]) for name in self.design.strata]

    @property
    def columns(self):
        """Columns to read."""
        asked = [options.get("question", name) for name, options in self.questions.items()]
        flat = [name for part in asked for name in ([part] if isinstance(part, str) else part)]
        fixed = [self.design.weight, *self.design.strata, self.design.fpc, *self.by]
        return list(dict.fromkeys(name for name in [*fixed, *flat] if name))


@dataclass
class Counts:
    """Counts of some parts; those of other parts can be added.

    Attributes
    ----------
    rows : int
    total : float
        Sum of weights.
    units, least, most : numpy.ndarray, shape (strata,)
        Respondents, and span of the population counts given, by crossing of the levels.
    tables : dict
        Question to its `helpers.stats.items.Totals` by stratum and domain, as a dict of arrays
        (strata, domains, 1 or K).
    labels : dict
        Question to the names of its answers.
    """

    rows: int
    total: float
    units: np.ndarray
    least: np.ndarray
    most: np.ndarray
    tables: dict = field(default_factory=dict)
    labels: dict = field(default_factory=dict)

    def __add__(self, other):
        """Return the counts of both sets of parts."""
        tables = dict(self.tables)
        for name, table in other.tables.items():
            if name not in tables:
                tables[name] = table
                continue
            tables[name] = {key: tables[name][key] + table[key] for key in table}
        return Counts(
            self.rows + other.rows, self.total + other.total, self.units + other.units,
            np.minimum(self.least, other.least), np.maximum(self.most, other.most),
            tables, other.labels | self.labels,
        )  # fmt: skip


def count_part(respondents, layout):
    """Count one part of a sample.

    Parameters
    ----------
    respondents : pandas.DataFrame
        Some rows of the sample, with the columns of the layout.
    layout : Layout

    Returns
    -------
    Counts

    Raises
    ------
    InputError
        As `helpers.stats.estimates.estimate_proportions`, or if a level is not in the layout.
    """
    frame = _fix_levels(respondents, layout)
    weight = read_weights(frame, layout.design.weight)
    codes = [code_complete(frame, name)[0] for name in layout.design.strata]
    strata = math.prod(layout.shape)
    stratum = join_codes(codes, layout.shape) if codes else np.zeros(len(frame), dtype=np.intp)
    population = read_weights(frame, layout.design.fpc) if layout.design.fpc else weight
    spans = span_population(population, stratum, strata)
    counts = Counts(len(frame), weight.sum(), np.bincount(stratum, minlength=strata), *spans)
    domains = read_domains(frame, list(layout.by) or None)
    width = domains.count + 1
    cell, square = stratum * width + domains.code, weight**2
    for name, options in layout.questions.items():
        asked = options.get("question", name)
        if not frame[asked].notna().any(axis=None):
            continue
        items = _read_items(frame, asked, options)
        totals = vars(items.totals(cell, strata * width, weight, square))
        counts.tables[name] = {
            key: table.reshape(strata, width, -1)[:, :-1] for key, table in totals.items()
        }
        counts.labels[name] = items.labels
    return counts


def count_parts(parts, layout, *, read=None, map_parts=map):
    """Count all parts of a sample, one after the other or many at once.

    Parameters
    ----------
    parts : iterable
        Frames, or what `read` turns into one.
    layout : Layout
    read : callable, optional
        Called with a part and the columns needed; see `helpers.data.parts.read_part`.
    map_parts : callable, default map
        As the built-in; one that hands the parts to other processes or machines shares the
        work. With the built-in only one part at a time is in memory.

    Returns
    -------
    Counts

    Raises
    ------
    InputError
        As `count_part`, or if there is no part.
    """
    total = None
    for counts in map_parts(PartCounter(layout, read), parts):
        total = counts if total is None else total + counts
    if total is None:
        raise InputError("parts: none; an estimate needs at least one respondent")
    return total


@dataclass(frozen=True)
class PartCounter:
    """Reads and counts a part; can be sent to another process."""

    layout: Layout
    read: object = None

    def __call__(self, part):
        """Return the `Counts` of one part."""
        frame = self.read(part, self.layout.columns) if self.read else part
        return count_part(frame, self.layout)


def _fix_levels(respondents, layout):
    """Give the columns of strata and domains all their levels; others may not occur."""
    require_columns(respondents, layout.columns)
    fixed = {}
    for name in dict.fromkeys((*layout.design.strata, *layout.by)):
        values, levels = respondents[name], list(layout.levels[name])
        codes, found = code_column(values, sort=False)
        position = np.append(pd.Index(levels).get_indexer(found), -1)[codes]
        fixed[name] = pd.Categorical.from_codes(position, categories=levels)
        strange = values[(codes >= 0) & (position < 0)]
        if len(strange):
            shown = first_few(strange.unique().tolist())
            raise InputError(
                f"column {name!r}: {len(strange)} values are none of its levels ({shown}); "
                f"valid: {first_few(levels, limit=20)}"
            )
    return respondents.assign(**fixed)


def find_origin(options):
    """What is taken off scores in every part: the middle of their limits; 0 for shares."""
    return sum(options["limits"]) / 2 if "limits" in options else 0.0


def _read_items(frame, asked, options):
    if "limits" in options:
        return read_scores(frame, asked, options["limits"], find_origin(options))
    known = {name: options[name] for name in ("answers", "nets", "base") if name in options}
    return read_answers(frame, asked, **known)
