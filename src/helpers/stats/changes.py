"""Change between two waves of a survey, and between two samples: its test."""

import numpy as np
import pandas as pd
import pandera.pandas as pa

from helpers.data.contracts import check_contract
from helpers.data.language import join_clauses, tr
from helpers.data.responses import Wave
from helpers.stats.calibration import read_calibration
from helpers.stats.cells import (
    DOMAIN,
    UNNAMED,
    code_domain,
    find_shared,
    is_score,
    split_item,
)
from helpers.stats.comparison import Sides, compare_sides
from helpers.stats.contrasts import adjust_p_values
from helpers.stats.items import Measures
from helpers.stats.plan import Plan
from helpers.stats.questions import read_answers, read_scores
from helpers.stats.reliability import name_state
from helpers.stats.results import DEFAULT_RULE, MARKS, Rule, estimate_question
from helpers.stats.rows import UNITS

_KEYS = ["question", "answer", "domain_variable", "domain"]
_TESTS = ["difference_se", "difference_low", "difference_high", "p_value", "smallest_gap"]
_NUMBER = pa.Column(float, nullable=True)

CHANGE_SCHEMA = pa.DataFrameSchema(
    {
        "survey": pa.Column(str),
        **{name: pa.Column(str) for name in (*_KEYS, "unit")},
        **{f"{name}_{side}": pa.Column(str)
           for name in ("wave", "provenance") for side in ("first", "second")},
        "n_first": pa.Column(int, pa.Check.ge(0)),
        "n_second": pa.Column(int, pa.Check.ge(0)),
        **dict.fromkeys(["estimate_first", "estimate_second", "difference"], _NUMBER),
        **dict.fromkeys(_TESTS, _NUMBER),
        "p_adjusted": _NUMBER,
        "mark": pa.Column(str, pa.Check.isin(MARKS)),
        "reason": pa.Column(str),
    },
    unique=_KEYS,
    strict=True,
    coerce=True,
)  # fmt: skip


def compare_waves(
    first: Wave,
    second: Wave,
    question: str,
    *,
    by: str | None = None,
    rule: Rule = DEFAULT_RULE,
    estimates: tuple[pd.DataFrame, pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """Test the change of a question from one wave of a survey to another.

    Parameters
    ----------
    first, second : Wave
        Waves of one survey, the earlier first. Their samples are independent: for a
        panel see `helpers.stats.stacking.stack_samples`.
    question : str
        A question, or a domain variable, that both waves hold.
    by : str, optional
        Domain variable that both waves hold.
    rule : Rule, optional
    estimates : tuple of pandas.DataFrame, optional
        Estimate tables of the question in either wave, by the same domain variable and
        rule; computed by default.

    Returns
    -------
    pandas.DataFrame
        `CHANGE_SCHEMA`, one row per domain and answer: `n`, `estimate`, `wave` and
        `provenance` of either side (`_first`, `_second`); `difference` (second minus
        first, in the `unit` of the estimates) with its standard error and interval;
        `p_value` and `p_adjusted` over the domains of one answer; `mark`: the second wave
        is ``higher`` or ``lower``, there is ``none``, or the change is ``untestable``;
        `smallest_gap`: the smallest true change found four times in five. `reason` says
        which side is withheld, not published or without base, and why nothing was tested.

    Raises
    ------
    InputError
        If the waves are of two surveys, or one and the same, or one of them lacks the
        question or the domain variable.

    Notes
    -----
    The variances of the two estimates add, each by the design of its own wave and, when
    its weights were raked to official margins, residualised on them. Degrees of freedom
    and the limits of the test are those of `helpers.stats.contrasts.contrast_pairs` on
    stacked samples. In a reconstructed wave only published shares of the whole with a
    published number of respondents are tested.
    """
    item = find_shared(first, second, question)
    tables = estimates or [
        estimate_question(wave, question, by=by, rule=rule) for wave in (first, second)
    ]
    shown = ["n", "estimate", "reliability", "reason"]
    table = tables[0][["survey", *_KEYS, "unit", *shown]].merge(
        tables[1][[*_KEYS, *shown]], on=_KEYS, suffixes=("_first", "_second"), validate="1:1"
    )
    for side, wave in (("first", first), ("second", second)):
        table[f"wave_{side}"], table[f"provenance_{side}"] = wave.name, wave.provenance
    tests = contrast_samples(first, second, item, by=by, rule=rule)
    keys = ["domain", "answer"] if by else ["answer"]
    table = table.merge(tests[[*keys, *_TESTS, "untestable"]], on=keys, how="left")
    table["difference"] = table["estimate_second"] - table["estimate_first"]
    table["reason"] = [_explain(row) for row in table.to_dict("records")]
    table.loc[table["reason"] != "", _TESTS] = float("nan")
    return check_contract(_mark(table, rule), CHANGE_SCHEMA, name="changes")


def contrast_samples(
    first: Wave, second: Wave, item, *, by: str | None = None, rule: Rule = DEFAULT_RULE
) -> pd.DataFrame:
    """Test a question between two independent samples: two waves, or the surveys of two actors.

    Parameters
    ----------
    first, second : Wave
        Both hold the columns of the question and the domain variable.
    item : helpers.data.codebook.Variable
        The question, as the codebook of the first describes it.
    by : str, optional
        Domain variable with the same levels in both.
    rule : Rule, optional
        Its level is that of the intervals and of `smallest_gap`.

    Returns
    -------
    pandas.DataFrame
        One row per domain and answer: `domain`, `answer`, `difference_se`,
        `difference_low`, `difference_high` (second minus first), `p_value`,
        `smallest_gap` and `untestable`, the reason in words. An answer nobody gave in one
        of the samples has no row. Nothing is withheld here: see `compare_waves`.

    Raises
    ------
    InputError
        If a column or the domain variable is absent.
    """
    frames = [
        wave.respondents.assign(**{DOMAIN: code_domain(wave, by)}) for wave in (first, second)
    ]
    plans = [
        Plan(frame, wave.design, by=DOMAIN, calibration=read_calibration(wave))
        for frame, wave in zip(frames, (first, second), strict=True)
    ]
    parts = [_test_part(frames, plans, item, part, rule) for part in split_item(item)]
    table = pd.DataFrame(
        {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    )  # fmt: skip
    return table[table["domain"] != UNNAMED].reset_index(drop=True)


def read_part(respondents: pd.DataFrame, item, part):
    """Read the answers of respondents to a part of a question, scores out of 10.

    Parameters
    ----------
    respondents : pandas.DataFrame
    item : helpers.data.codebook.Variable
    part : tuple
        From `helpers.stats.cells.split_item`.

    Returns
    -------
    helpers.stats.items.Measures or helpers.stats.items.OneAnswer
    """
    columns, answers, nets = part
    if is_score(item):
        return read_scores(respondents, columns, (0, UNITS["score_10"]))
    return read_answers(respondents, columns, answers, nets or None)


class _TwoSamples:
    """Stands for the plan of two independent samples: their variances add."""

    def __init__(self, first: Plan, second: Plan):
        self._first, self._second = first, second

    def variance(self, moments, later, earlier):
        return self._second.variance(moments[1], later) + self._first.variance(moments[0], earlier)


def _test_part(frames: list, plans: list[Plan], item, part, rule: Rule) -> dict:
    """Test the answers of one base; no row where nobody answered in one of the samples."""
    columns, answers, nets = part
    names = ["domain", "answer", *_TESTS, "untestable"]
    if not all(frame[columns].notna().to_numpy().any() for frame in frames):
        return {name: np.array([], dtype=float if name in _TESTS else object) for name in names}
    read = [read_part(frame, item, part) for frame in frames]
    read[1] = _shift_origin(read[1], read[0].origin)
    counted = [plan.count(items, columns) for plan, items in zip(plans, read, strict=True)]
    (sums_first, moments_first), (sums_second, moments_second) = counted
    every = np.arange(plans[0].domains.count)
    sides = Sides(every, every, sums_second, sums_first, sums_first.df + sums_second.df)
    moments = (moments_first, moments_second)
    result = compare_sides(_TwoSamples(*plans), moments, sides, 1 - rule.alpha)
    levels = plans[0].domains.levels[DOMAIN].astype(object).to_numpy()
    answers = np.array([*answers, *nets], dtype=object)
    result |= {"domain": np.repeat(levels, len(answers)), "answer": np.tile(answers, len(levels))}
    return {name: result[name] for name in names}


def _shift_origin(items, origin: float):
    """Count scores from the origin of the other wave, so that their sums can be pooled."""
    if items.origin == origin:
        return items
    y = [values + (items.origin - origin) * items.c for values in items.y]
    return Measures(y, items.c, items.base, items.labels, origin)


def _explain(row: dict) -> str:
    """Say why the change of one cell is not tested; "" when it is."""
    reasons = []
    for side in ("first", "second"):
        state, assumed = row[f"reliability_{side}"], row[f"provenance_{side}"] == "reconstructed"
        if state not in ("ok", "warn") or (state == "warn" and assumed):
            words = row[f"reason_{side}"] or name_state(state)
            wave = row[f"wave_{side}"]
            reasons.append(tr("{wave}: {reason}", wave=wave, reason=words))
    if reasons:
        return join_clauses(reasons)
    return tr("nobody answered") if pd.isna(row["untestable"]) else row["untestable"]


def _mark(table: pd.DataFrame, rule: Rule) -> pd.DataFrame:
    adjusted = table.groupby("answer", sort=False)["p_value"].transform(
        lambda p: adjust_p_values(p.to_numpy(dtype=float), method=rule.correction)
    )
    changed = np.where(table["difference"] > 0, "higher", "lower")
    mark = np.where(adjusted < rule.alpha, changed, "none")
    mark = np.where(adjusted.isna(), "untestable", mark)
    return table.assign(p_adjusted=adjusted, mark=mark)[list(CHANGE_SCHEMA.columns)]
