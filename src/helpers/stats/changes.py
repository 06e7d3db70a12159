"""Change between two waves of a survey: its test, its parts, what it does to the marks."""

from typing import Literal

import numpy as np
import pandas as pd
import pandera.pandas as pa

from helpers.data.codebook import REGION
from helpers.data.contracts import check_contract
from helpers.data.errors import InputError
from helpers.data.responses import Wave
from helpers.stats.calibration import read_calibration
from helpers.stats.cells import (
    DOMAIN,
    UNNAMED,
    code_domain,
    find_item,
    is_score,
    list_answers,
    split_item,
)
from helpers.stats.comparison import Sides, compare_sides
from helpers.stats.contrasts import adjust_p_values
from helpers.stats.decomposition import (
    PARTS,
    Side,
    WaveSample,
    bootstrap_parts,
    fill_levels,
    split_samples,
)
from helpers.stats.items import Measures
from helpers.stats.plan import Plan
from helpers.stats.questions import read_answers, read_scores
from helpers.stats.results import DEFAULT_RULE, MARKS, UNITS, Rule, estimate_question

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
    first: Wave, second: Wave, question: str, *, by: str | None = None, rule: Rule = DEFAULT_RULE
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
    item = _find_shared(first, second, question)
    tables = [estimate_question(wave, question, by=by, rule=rule) for wave in (first, second)]
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
    return pd.concat(parts, ignore_index=True)


def compare_marks(first: pd.DataFrame, second: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """Say which marks of a domain variable appeared, vanished or flipped between two waves.

    A mark compares a domain with the rest of its own wave. It can come or go without any
    change in the domain: because the rest moved, or because one base was too small to
    show the gap. Only `changes` tells whether the domain itself changed.

    Parameters
    ----------
    first, second : pandas.DataFrame
        Estimate tables of one question by one domain variable, one per wave.
    changes : pandas.DataFrame
        From `compare_waves`, for the same question and domain variable.

    Returns
    -------
    pandas.DataFrame
        One row per domain and answer: `question`, `answer`, `domain_variable`, `domain`,
        `mark_first`, `mark_second`, `event` (``appeared``, ``vanished``, ``flipped``,
        ``kept``, ``no mark``, ``untestable`` when either wave could not be tested),
        `difference`, `p_adjusted` and `change`, the mark of the domain's own change, and
        `reading`, both in words.

    Raises
    ------
    InputError
        If the three tables are not of the same question and domain variable.
    """
    for name, other in (("second", second), ("changes", changes)):
        if set(map(tuple, other[_KEYS].values)) != set(map(tuple, first[_KEYS].values)):
            raise InputError(
                f"{name}: its rows are not those of the first table "
                f"({_name_tables(first)} and {_name_tables(other)}); "
                "compare one question by one domain variable."
            )
    table = first[[*_KEYS, "mark"]].merge(
        second[[*_KEYS, "mark"]], on=_KEYS, suffixes=("_first", "_second"), validate="1:1"
    )
    changed = changes[[*_KEYS, "difference", "p_adjusted", "mark"]].rename(
        columns={"mark": "change"}
    )
    table = table.merge(changed, on=_KEYS, validate="1:1")
    pairs = zip(table["mark_first"], table["mark_second"], strict=True)
    table.insert(len(_KEYS) + 2, "event", [_name_event(*pair) for pair in pairs])
    table["reading"] = [
        f"{_EVENTS[event]}; {_CHANGES[change]}"
        for event, change in zip(table["event"], table["change"], strict=True)
    ]
    return table


def split_change(
    first: Wave,
    second: Wave,
    question: str,
    answer: str,
    *,
    domain: tuple[str, str] | None = None,
    cells: list[str] | None = None,
    wording: Literal["same", "near"] = "same",
    geography: Literal["same", "recoded"] = "same",
    rule: Rule = DEFAULT_RULE,
    rng: np.random.Generator | None = None,
    replicates: int = 200,
) -> pd.DataFrame:
    """Split the change of one answer into opinion, sample composition, weights and the rest.

    Parameters
    ----------
    first, second : Wave
        Waves of one survey, the earlier first, with independent samples.
    question, answer : str
        An answer or net of a question that both waves hold.
    domain : tuple of str, optional
        Domain variable and level: the change within that domain; by default the whole.
    cells : list of str, optional
        Domain variables that both waves hold, crossed; a missing level is one of its own.
        By default those of `find_cells`.
    wording : {"same", "near"}
        What the codebook says of the question in the two waves.
    geography : {"same", "recoded"}
        Whether the regions of either wave were recoded from other limits.
    rule : Rule, optional
        Says which estimates may be shown.
    rng : numpy.random.Generator, optional
        Gives the parts standard errors and intervals, by the bootstrap; none without.
    replicates : int, default 200
        Of the bootstrap.

    Returns
    -------
    pandas.DataFrame
        One row per `part`: ``opinion``, ``sample_composition``, ``weights``,
        ``cells_in_one_wave``, ``wording``, ``geography`` and ``total`` (second minus
        first), with `value` in the unit of the estimates, `se`, `ci_low`, `ci_high`,
        `state` (``estimated``, ``none``, ``cannot be told apart``, ``not computable``) and
        `reason`. Where the opinion is computable, the values that are there add up to the
        total: wording and geography are 0, or have no value and name the parts that hold
        what they changed.

    Raises
    ------
    InputError
        As `compare_waves`; or if the question has no such answer, a cell variable or the
        domain is not in both waves, or the bootstrap meets a base too small.

    Notes
    -----
    `helpers.stats.decomposition.decompose` gives the formulas and their source. Of a
    reconstructed wave only the total may be computed, and only where it was published:
    its cells were not. The bootstrap resamples each wave by its design (Rao, Wu and Yue
    1992) and rakes each replicate again to the official margins of the wave; a level
    without respondents in a replicate is left out of its raking.
    """
    item = _find_shared(first, second, question)
    if answer not in list_answers(item):
        raise InputError(
            f"{question}: no answer {answer!r}; valid are {', '.join(list_answers(item))}."
        )
    for name, value, valid in (
        ("wording", wording, ("same", "near")),
        ("geography", geography, ("same", "recoded")),
    ):
        if value not in valid:
            raise InputError(f"{name} is {value!r}; it must be {' or '.join(valid)}.")
    cells = find_cells(first, second) if cells is None else list(cells)
    for name in [*cells, *([domain[0]] if domain else [])]:
        _check_shared(first, second, name)
    confounded = {
        "wording": "the wording of the two waves is only near" if wording == "near" else "",
        "geography": "regions were recoded from other limits"
        if geography == "recoded" and REGION in cells
        else "",
    }
    total, reason = _find_total(first, second, question, answer, domain, rule)
    if not reason and not cells:
        reason = "the waves share no domain variable that could define groups"
    if reason:
        return _write_parts(pd.Series({"total": total}), reason, confounded, 0)
    samples = _read_samples(first, second, item, answer, domain, cells)
    parts = split_samples(samples)
    present = [set(sample.side.cell[sample.side.base > 0]) for sample in samples]
    table = _write_parts(parts, "", confounded, len(present[0] ^ present[1]))
    if rng is not None:
        spread = bootstrap_parts((first, second), samples, rng=rng, replicates=replicates)
        shown = table["value"].notna() & (table["state"] != "none")
        for name in ("se", "ci_low", "ci_high"):
            table[name] = table["part"].map(spread[name]).where(shown)
    return table


def find_cells(first: Wave, second: Wave) -> list[str]:
    """Domain variables to split a change by: those of strata and margins both waves hold.

    Parameters
    ----------
    first, second : Wave

    Returns
    -------
    list of str
        In the order of the codebook; without any, all domain variables that both waves
        hold, which may be none.
    """
    shared = [name for name in first.file.domains if name in second.file.domains]
    used = set()
    for wave in (first, second):
        used |= set(wave.design.strata)
        used |= {name for margin in wave.file.margins
                 for name in wave.codebook.margin(margin).variables}  # fmt: skip
    order = [name for name in first.codebook.domain_ids if name in shared]
    return [name for name in order if name in used] or order


def _find_shared(first: Wave, second: Wave, question: str):
    if first.survey != second.survey:
        raise InputError(
            f"{first.survey}/{first.name} and {second.survey}/{second.name}: waves of two "
            "surveys; a change is between two waves of one."
        )
    if first.name == second.name:
        raise InputError(f"{first.survey}/{first.name}: compared with itself; give another wave.")
    find_item(second, question)
    return find_item(first, question)


def _check_shared(first: Wave, second: Wave, name: str) -> None:
    shared = [domain for domain in first.file.domains if domain in second.file.domains]
    if name not in shared:
        raise InputError(
            f"{first.survey} {first.name} and {second.name}: domain variable {name!r} is not in "
            f"both waves; valid are {', '.join(shared) or 'none'}."
        )


class _TwoSamples:
    """Stands for the plan of two independent samples: their variances add."""

    def __init__(self, first: Plan, second: Plan):
        self._first, self._second = first, second

    def variance(self, moments, later, earlier):
        return self._second.variance(moments[1], later) + self._first.variance(moments[0], earlier)


def _test_part(frames: list, plans: list[Plan], item, part, rule: Rule) -> pd.DataFrame:
    """Test the answers of one base; no row where nobody answered in one of the samples."""
    columns, answers, nets = part
    if not all(frame[columns].notna().any(axis=None) for frame in frames):
        return pd.DataFrame(columns=["domain", "answer", *_TESTS, "untestable"])
    read = [_read_part(frame, item, part) for frame in frames]
    read[1] = _shift_origin(read[1], read[0].origin)
    counted = [plan.count(items, columns) for plan, items in zip(plans, read, strict=True)]
    (sums_first, moments_first), (sums_second, moments_second) = counted
    every = np.arange(plans[0].domains.count)
    sides = Sides(every, every, sums_second, sums_first, sums_first.df + sums_second.df)
    moments = (moments_first, moments_second)
    result = compare_sides(_TwoSamples(*plans), moments, sides, 1 - rule.alpha)
    table = pd.DataFrame(plans[0].levels([*answers, *nets])).rename(columns={DOMAIN: "domain"})
    table = table.assign(**{name: result[name] for name in [*_TESTS, "untestable"]})
    return table[table["domain"] != UNNAMED].astype({"domain": str})


def _read_part(frame: pd.DataFrame, item, part):
    columns, answers, nets = part
    if is_score(item):
        return read_scores(frame, columns, (0, UNITS["score_10"]))
    return read_answers(frame, columns, answers, nets or None)


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
            words = row[f"reason_{side}"] or state.replace("_", " ")
            reasons.append(f"{row[f'wave_{side}']}: {words}")
    if reasons:
        return "; ".join(reasons)
    return "nobody answered" if pd.isna(row["untestable"]) else row["untestable"]


def _mark(table: pd.DataFrame, rule: Rule) -> pd.DataFrame:
    adjusted = table.groupby("answer", sort=False)["p_value"].transform(
        lambda p: adjust_p_values(p.to_numpy(dtype=float), method=rule.correction)
    )
    changed = np.where(table["difference"] > 0, "higher", "lower")
    mark = np.where(adjusted < rule.alpha, changed, "none")
    mark = np.where(adjusted.isna(), "untestable", mark)
    return table.assign(p_adjusted=adjusted, mark=mark)[list(CHANGE_SCHEMA.columns)]


_EVENTS = {
    "appeared": "a mark appeared",
    "vanished": "the mark vanished",
    "flipped": "the mark flipped",
    "kept": "the mark stayed",
    "no mark": "no mark in either wave",
    "untestable": "one of the waves could not be tested against its rest",
}
_CHANGES = {
    "higher": "the domain itself rose significantly",
    "lower": "the domain itself fell significantly",
    "none": "the domain itself did not change significantly",
    "untestable": "whether the domain itself changed could not be tested",
}


def _name_event(before: str, after: str) -> str:
    if "untestable" in (before, after):
        return "untestable"
    if before == after:
        return "no mark" if before == "none" else "kept"
    return {("none", after): "appeared", (before, "none"): "vanished"}.get(
        (before, after), "flipped"
    )


def _name_tables(table: pd.DataFrame) -> str:
    names = table[["question", "domain_variable"]].drop_duplicates().agg(" by ".join, axis=1)
    return ", ".join(names) or "an empty table"


def _read_samples(first: Wave, second: Wave, item, answer, domain, cells) -> list[WaveSample]:
    waves = (first, second)
    crossed = pd.concat([fill_levels(wave.respondents, cells) for wave in waves])
    codes = np.split(pd.factorize(crossed.agg(tuple, axis=1))[0], [len(first.respondents)])
    part = next(part for part in split_item(item) if answer in (*part[1], *part[2]))
    place = [*part[1], *part[2]].index(answer)
    samples = []
    for wave, code in zip(waves, codes, strict=True):
        people = wave.respondents
        items = _read_part(people, item, part)
        y, base = items.values(np.arange(len(people)))
        if domain:
            base = base * (people[domain[0]] == domain[1]).to_numpy()
        y = base * (y[:, place] + items.origin)
        samples.append(WaveSample.read(wave, Side(code, y, base)))
    return samples


def _find_total(first: Wave, second: Wave, question, answer, domain, rule) -> tuple[float, str]:
    """Return the change shown, and why its parts are not computable."""
    reasons, values = [], []
    for wave in (first, second):
        by, level = domain or (None, "")
        table = estimate_question(wave, question, by=by, rule=rule)
        row = table[(table["answer"] == answer) & (table["domain"] == level)]
        if row.empty:
            known = ", ".join(table["domain"].drop_duplicates())
            raise InputError(f"domain: {level!r} is not a level of {by}; valid are {known}.")
        row = row.iloc[0]
        values.append(row["estimate"])
        if row["reliability"] not in ("ok", "warn"):
            reasons.append(f"{wave.name}: {row['reason']}")
        elif wave.provenance == "reconstructed":
            reasons.append(f"{wave.name}: reconstructed, what its groups answer was not published")
    return values[1] - values[0], "; ".join(reasons)


_HOLDERS = {"wording": ["opinion"], "geography": ["opinion", "sample_composition", "weights"]}


def _write_parts(parts: pd.Series, reason: str, confounded: dict, lonely: int) -> pd.DataFrame:
    """Lay the parts out, saying of each whether it could be told apart."""
    names = [*PARTS[:-1], *_HOLDERS, PARTS[-1]]
    table = pd.DataFrame({"part": names, "value": parts.reindex(names).to_numpy(dtype=float)})
    table = table.assign(se=np.nan, ci_low=np.nan, ci_high=np.nan, state="estimated", reason="")
    table = table.set_index("part")
    missing = table["value"].isna()
    table.loc[missing, ["state", "reason"]] = ["not computable", reason]
    if lonely:
        words = f"{lonely} groups with respondents in one wave only: no opinion to compare with"
        table.loc["cells_in_one_wave", ["state", "reason"]] = ["cannot be told apart", words]
    elif not reason:
        table.loc["cells_in_one_wave", "state"] = "none"
    for name, holders in _HOLDERS.items():
        words = confounded.get(name, "")
        if not words:
            table.loc[name, ["value", "state", "reason"]] = [0.0, "none", ""]
            continue
        told = f"{words}: what that changed is in {', '.join(holders).replace('_', ' ')}"
        table.loc[name, ["state", "reason"]] = ["cannot be told apart", told]
        for holder in holders:
            if not reason:
                before = table.loc[holder, "reason"]
                table.loc[holder, "state"] = "cannot be told apart"
                table.loc[holder, "reason"] = f"{before}; {words}".strip("; ")
    return table.reset_index()
