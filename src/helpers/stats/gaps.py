"""Gaps between the actors: the same question put to several populations, each in its own survey."""

from itertools import combinations

import numpy as np
import pandas as pd
import pandera.pandas as pa

from helpers.data.actors import name_actor
from helpers.data.codebook import Codebook, Question
from helpers.data.contracts import check_contract
from helpers.data.language import join_clauses, tr, write_list
from helpers.data.responses import Wave
from helpers.stats.changes import contrast_samples
from helpers.stats.contrasts import adjust_p_values
from helpers.stats.reliability import name_state
from helpers.stats.results import MARKS, Rule

ACTORS = ("citizens", "companies", "associations")
WHOLE = ""

_KEYS = ["question", "answer", "domain_variable", "domain"]
_TESTS = ["difference_se", "difference_low", "difference_high", "p_value", "smallest_gap"]
_NUMBER = pa.Column(float, nullable=True)

GAP_SCHEMA = pa.DataFrameSchema(
    {
        **{name: pa.Column(str) for name in ("wave", *_KEYS, "unit")},
        "actor_first": pa.Column(str, pa.Check.isin(ACTORS)),
        "actor_second": pa.Column(str, pa.Check.isin(ACTORS)),
        "n_first": pa.Column(int, pa.Check.ge(0)),
        "n_second": pa.Column(int, pa.Check.ge(0)),
        **dict.fromkeys(["estimate_first", "estimate_second", "difference"], _NUMBER),
        **dict.fromkeys([*_TESTS, "p_adjusted"], _NUMBER),
        "mark": pa.Column(str, pa.Check.isin(MARKS)),
        "reason": pa.Column(str),
        "comparable": pa.Column(bool),
        "comparability": pa.Column(str, pa.Check.str_length(min_value=1)),
    },
    unique=[*_KEYS, "actor_first", "actor_second"],
    strict=True,
    coerce=True,
)


def compare_actors(
    waves: dict[str, Wave], codebooks: dict[str, Codebook], estimates: pd.DataFrame, rule: Rule
) -> pd.DataFrame:
    """Test the difference between every pair of actors, question by question.

    Parameters
    ----------
    waves : dict
        Actor to its wave; an actor without one is left out.
    codebooks : dict
        Actor to the codebook of its survey.
    estimates : pandas.DataFrame
        Estimates of all actors for the same questions, answers and domains.
    rule : Rule

    Returns
    -------
    pandas.DataFrame
        `GAP_SCHEMA`. `difference` is the second actor minus the first, in the `unit` of
        the question. `p_adjusted` is over what a reader looks at together: for the whole,
        all answers and pairs of a question; for domains, the domains and pairs of one
        answer. `mark`: the second actor is ``higher`` or ``lower``, there is ``none``, or
        the gap is ``untestable`` for the `reason` given. `comparable` is false when the
        wordings differ; `comparability` says in words what the comparison rests on.

    Notes
    -----
    The samples are independent, so their variances add: see
    `helpers.stats.changes.contrast_samples`. Nothing is tested in a reconstructed wave
    whose base is assumed.
    """
    shown = ["wave", "unit", "n", "estimate", "reliability", "reason", "provenance"]
    sides = {actor: rows[[*_KEYS, *shown]] for actor, rows in estimates.groupby("actor")}
    tables = []
    for first, second in combinations(ACTORS, 2):
        table = sides[first].merge(
            sides[second].drop(columns=["wave", "unit"]), on=_KEYS, suffixes=("_first", "_second"),
            validate="1:1",
        )  # fmt: skip
        table = table.assign(actor_first=first, actor_second=second)
        table["reason"] = [_explain(row) for row in table.to_dict("records")]
        tests = _test(waves.get(first), waves.get(second), table, rule)
        table = table.merge(tests, on=["question", "answer", "domain"], how="left")
        notes = {
            name: _describe_comparability(
                codebooks[first].variable(name), codebooks[second].variable(name)
            )
            for name in table["question"].unique()
        }
        table = table.assign(
            comparable=[notes[name][0] for name in table["question"]],
            comparability=[notes[name][1] for name in table["question"]],
        )
        tables.append(table)
    gaps = pd.concat(tables, ignore_index=True)
    gaps["difference"] = gaps["estimate_second"] - gaps["estimate_first"]
    untested = (gaps["reason"] == "") & (gaps["untestable"] != "")
    gaps.loc[untested, "reason"] = gaps.loc[untested, "untestable"].fillna(tr("nobody answered"))
    gaps.loc[gaps["reason"] != "", _TESTS] = float("nan")
    return check_contract(_mark(gaps, rule), GAP_SCHEMA, name="gaps")


def _test(first: Wave | None, second: Wave | None, gaps: pd.DataFrame, rule: Rule) -> pd.DataFrame:
    """Test the questions of which at least one gap may be tested, for the whole or by region."""
    tables = [pd.DataFrame(columns=["question", "answer", "domain", *_TESTS, "untestable"])]
    keys = ["question", "domain_variable"]
    for question, variable in gaps.loc[gaps["reason"] == "", keys].drop_duplicates().to_numpy():
        item = first.codebook.variable(question)
        tests = contrast_samples(first, second, item, by=variable or None, rule=rule)
        domain = tests["domain"] if variable else WHOLE
        tables.append(tests.assign(question=question, domain=domain))
    return pd.concat([table for table in tables if len(table)] or tables)


def _explain(row: dict) -> str:
    """Say what about the two estimates forbids a test; "" when nothing does."""
    reasons = []
    for side in ("first", "second"):
        state, assumed = row[f"reliability_{side}"], row[f"provenance_{side}"] == "reconstructed"
        if state not in ("ok", "warn") or (state == "warn" and assumed):
            words = row[f"reason_{side}"] or name_state(state)
            actor = row[f"actor_{side}"]
            own = tr("{actor}: {words}", actor=name_actor(actor), words="")
            reasons.append(words if words.startswith(own) else f"{own}{words}")
    return join_clauses(reasons)


def _describe_comparability(first: Question, second: Question) -> tuple[bool, str]:
    """Whether two surveys asked the same, and in words what a comparison rests on."""
    populations = write_list([first.base.text.lower(), second.base.text.lower()])
    if first.text != second.text or first.answers != second.answers:
        return False, tr("Other wording or answers; {populations}.", populations=populations)
    words = tr("Same wording")
    if "paraphrase" in (first.wording, second.wording):
        words = tr("Same item by its sources, exact wordings not published")
    told = tr(
        "{words}; {populations}, asked in surveys of their own",
        words=words, populations=populations,
    )  # fmt: skip
    scale = tr("; scores also differ in how freely a group gives high ones")
    return True, f"{told}{scale if first.type == 'score' else ''}."


def _mark(gaps: pd.DataFrame, rule: Rule) -> pd.DataFrame:
    whole = gaps["domain"] == WHOLE
    family = gaps["question"].where(whole, gaps["question"] + " " + gaps["answer"])
    adjusted = gaps.groupby([whole, family], sort=False)["p_value"].transform(
        lambda p: adjust_p_values(p.to_numpy(dtype=float), method=rule.correction)
    )
    found = np.where(gaps["difference"] > 0, "higher", "lower")
    mark = np.where(adjusted < rule.alpha, found, "none")
    mark = np.where(adjusted.isna(), "untestable", mark)
    return gaps.assign(p_adjusted=adjusted, mark=mark)[list(GAP_SCHEMA.columns)]
