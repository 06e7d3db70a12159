"""Disclosure control: what a reader of all tables together can find about the withheld."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from helpers.data.errors import InputError
from helpers.data.language import use_language
from helpers.stats import disclosure
from helpers.stats.cell_suppression import find_exposed, suppress_cells
from helpers.stats.disclosure import (
    CONFIDENTIAL,
    Protection,
    find_secrets,
    protect_wave,
)
from helpers.stats.results import Rule, estimate_question
from helpers.stats.table_layout import build_system

EVERY = Rule(reliability="none")
REGIONS, SIZES, LIKES = ["a", "b", "c"], ["big", "tiny"], ["yes", "little", "no"]


def people(count, region, size="big", likes="no", habit=None, taste=None, joy=5):
    """So many respondents alike; those who like it were asked why."""
    asked = likes in ("yes", "little")
    habit = True if habit is None and asked else habit
    taste = False if taste is None and asked else taste
    return [(region, size, likes, habit, taste, joy)] * count


def plenty(region):
    """Respondents of a region in which nothing is small: eight of each kind."""
    kinds = [
        ("yes", True, False),
        ("yes", False, True),
        ("little", True, True),
        ("little", False, False),
        ("no", None, None),
    ]
    return [
        (region, size, *kind, joy)
        for size in SIZES
        for kind in kinds
        for joy in (2, 5, 8)
        for _ in range(3)
    ]


@pytest.fixture
def quiet(small_survey):
    """Three regions, nothing to protect."""
    return small_survey.build([row for region in REGIONS for row in plenty(region)])


@pytest.fixture
def rare(small_survey):
    """As `quiet`, but for two who say no in region c, where the others like it."""
    kept = [row for row in plenty("c") if row[2] != "no"]
    rows = [*plenty("a"), *plenty("b"), *kept, *people(2, "c", joy=8)]
    return small_survey.build(rows)


def show(wave, question, by=None, rule=EVERY):
    return estimate_question(wave, question, by=by, rule=rule)


def list_withheld(wave, question, by=None):
    table = show(wave, question, by)
    rows = table[table["reliability"] == "suppress"]
    return set(zip(rows["domain"], rows["answer"], strict=True))


def test_nothing_is_withheld_where_nothing_is_small(quiet):
    for question, by in itertools.product(("likes", "why", "fan", "mood"), (None, "region")):
        assert list_withheld(quiet, question, by) == set()
    assert protect_wave(quiet).suppression.secrets == []


def test_a_small_cell_goes_with_its_complement_and_a_pair_in_another_region(rare):
    """2 of 74 say no in c: the no, those who do not (any), and as many elsewhere, are withheld."""
    withheld = list_withheld(rare, "likes", "region")
    assert {("c", "no"), ("c", "any")} <= withheld
    others = {pair for pair in withheld if pair[0] != "c"}
    assert {answer for _, answer in others} >= {"no", "any"}
    assert list_withheld(rare, "likes") == set()


def test_withheld_rows_hold_no_number_and_one_reason(rare):
    table = show(rare, "likes", "region")
    rows = table[table["reliability"] == "suppress"]
    assert set(rows["reason"]) == {CONFIDENTIAL}
    numbers = ["estimate", "se", "ci_low", "ci_high", "deff", "n_eff", "difference", "p_value"]
    assert rows[numbers].isna().all(axis=None)
    assert set(rows["mark"]) == {"untestable"}
    assert (rows["n"] > 0).all()  # the base of a region is no secret here


def test_the_reason_is_in_the_language_of_the_page(rare):
    with use_language("fr"):
        table = show(rare, "likes", "region")
    reasons = set(table.loc[table["reliability"] == "suppress", "reason"])
    assert reasons == {"non diffusé, par confidentialité"}


def test_a_small_base_is_withheld_in_every_table_with_a_second_one(small_survey):
    rows = [*plenty("a"), *plenty("b"), *people(3, "c", likes="yes")]
    wave = small_survey.build(rows)
    hidden = []
    for question in ("likes", "fan", "mood"):
        table = show(wave, question, "region")
        bare = table[table["n"] == 0]
        assert set(bare["reliability"]) == {"suppress"}
        assert (bare["n_weighted"] == 0).all()
        hidden.append(set(bare["domain"]))
    assert hidden[0] == hidden[1] == hidden[2]
    assert "c" in hidden[0]
    assert len(hidden[0]) == 2
    counted = show(wave, "region").set_index("answer")
    assert set(counted.index[counted["estimate"].isna()]) == hidden[0]


def test_an_answer_that_all_in_a_region_gave_is_withheld(small_survey):
    rows = [*plenty("a"), *plenty("b"), *people(40, "c", likes="yes", size="big"),
            *people(40, "c", likes="yes", size="tiny")]  # fmt: skip
    withheld = list_withheld(small_survey.build(rows), "fan", "region")
    assert {("c", "fan"), ("c", "other")} <= withheld


def test_scores_that_are_all_the_same_are_withheld(small_survey):
    rows = [*plenty("a"), *plenty("b"), *[(*row[:5], 7) for row in plenty("c")]]
    withheld = list_withheld(small_survey.build(rows), "mood", "region")
    assert ("c", "joy") in withheld
    assert len(withheld) == 2


def test_two_questions_that_hold_the_same_are_withheld_together(rare, small_survey):
    """fan = yes is likes = yes, and the base of why follows from likes."""
    kept = [row for row in plenty("c") if row[2] != "yes"]
    wave = small_survey.build([*plenty("a"), *plenty("b"), *kept, *people(2, "c", likes="yes")])
    likes, fan = (list_withheld(wave, name, "region") for name in ("likes", "fan"))
    assert ("c", "yes") in likes
    assert ("c", "fan") in fan
    assert {domain for domain, answer in likes if answer == "yes"} == {
        domain for domain, answer in fan if answer == "fan"
    }


def test_where_the_whole_is_withheld_no_domain_is_tested(small_survey):
    """3 who say no in all: the difference of a region from the rest would tell."""
    rows = [row for region in REGIONS for row in plenty(region) if row[2] != "no"]
    wave = small_survey.build([*rows, *people(3, "a", joy=2)])
    assert ("", "no") in list_withheld(wave, "likes")
    table = show(wave, "likes", "region").query("answer in ('no', 'any')")
    assert table["difference"].isna().all()
    assert set(table["mark"]) == {"untestable"}


def test_the_reliability_rule_only_withholds_more(rare):
    strict = show(rare, "likes", "region", Rule())
    loose = show(rare, "likes", "region")
    hidden = loose["reason"] == CONFIDENTIAL
    assert (strict["reason"] == CONFIDENTIAL).equals(hidden)


@pytest.mark.parametrize("provenance", ["demo", "reconstructed"])
def test_synthetic_waves_need_no_rule_but_can_be_judged_by_one(rare, small_survey, provenance):
    rows = rare.respondents[
        ["region", "size", "likes", "why__habit", "why__taste", "mood__joy"]
    ].astype(object)
    wave = small_survey.build(rows.where(rows.notna(), None).to_numpy(), provenance)
    assert protect_wave(wave) is None
    assert protect_wave(wave, "threshold-5").is_withheld("likes", "no", "region", "c")


def test_an_unknown_rule_is_refused(quiet):
    with pytest.raises(InputError, match="disclosure rule 'x': must be one of threshold-5, none"):
        protect_wave(quiet, "x")


def test_the_decision_is_made_once_per_wave(rare, monkeypatch):
    first = protect_wave(rare)
    monkeypatch.setattr(disclosure, "build_system", lambda wave: pytest.fail("computed twice"))
    assert protect_wave(rare) is first


# The oracle: a reader who knows every figure shown and looks for respondents that give them.
KINDS = [
    (region, size, likes, habit, taste)
    for region in [*REGIONS, None]
    for size in [*SIZES, None]
    for likes in [*LIKES, None]
    for habit, taste in (
        [*itertools.product([True, False], repeat=2), (None, None)]
        if likes in ("yes", "little")
        else [(None, None)]
    )
]
COMPLETE = [
    all(kind[:3]) and (kind[2] == "no" or kind[3] is not None) for kind in KINDS
]  # fmt: skip


def list_sets(wave):
    """(question, answer, by, domain) to those who gave it and those who could, by hand."""
    frame = wave.respondents
    columns = {
        (name, level): (frame[name] == level, frame[name].notna())
        for name in ("region", "size", "likes", "fan")
        for level in frame[name].cat.categories
    }
    columns["likes", "any"] = frame["likes"].isin(["yes", "little"]), frame["likes"].notna()
    for answer in ("habit", "taste"):
        ticked = frame[f"why__{answer}"]
        columns["why", answer] = ticked.fillna(False).astype(bool), ticked.notna()
    domains = {("", ""): pd.Series(True, frame.index)}
    domains |= {(name, level): frame[name] == level
                for name in ("region", "size") for level in frame[name].cat.categories}  # fmt: skip
    return {
        (*key, *domain): ((gave & inside).to_numpy(float), (base & inside).to_numpy(float))
        for key, (gave, base) in columns.items()
        for domain, inside in domains.items()
    }


# In waves of a few dozen there may be no choice of cells that leaves enough open.
@settings(max_examples=12, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6), size=st.integers(40, 90), complete=st.booleans())
def test_no_reader_finds_a_withheld_count(small_survey, seed, size, complete):
    """Integer programmes over all kinds of respondent: the largest and smallest secret."""
    rng = np.random.default_rng(seed)
    allowed = np.flatnonzero(COMPLETE) if complete else np.arange(len(KINDS))
    drawn = rng.choice(allowed, size, p=rng.dirichlet(np.full(len(allowed), 0.5)))
    if all(KINDS[kind][3] is None for kind in drawn):
        return
    wave = small_survey.build([(*KINDS[kind], None) for kind in drawn])
    rule = disclosure.Rule("of the test", least=3, unanimous=True)
    system = build_system(wave)
    suppression = suppress_cells(system, find_secrets(system, rule))
    protection = Protection(rule, system, suppression)
    sets = list_sets(small_survey.build([(*kind, None) for kind in KINDS]))
    known = [np.ones(len(KINDS))]
    for key, (gave, base) in sets.items():
        known += [gave] * (not protection.is_withheld(*key))
        known += [base] * (not protection.is_base_withheld(*key))
    known = np.unique(known, axis=0)
    truth = np.bincount(drawn, minlength=len(KINDS)).astype(float)
    facts = LinearConstraint(known, known @ truth, known @ truth)
    bounds = Bounds(0, np.where(np.isin(np.arange(len(KINDS)), allowed), size, 0))
    open_wide = not any(witness is None for witness in suppression.witnesses)
    for gave, base in sets.values():
        for secret in (gave, base, base - gave):
            if 0 < secret @ truth < rule.least:
                low, high = (
                    sign * milp(sign * secret, constraints=facts, bounds=bounds,
                                integrality=np.ones(len(KINDS))).fun
                    for sign in (1, -1)
                )  # fmt: skip
                assert round(low) < round(high)
                assert high > rule.least - 0.5 or not open_wide


def test_showing_one_withheld_cell_is_noticed(rare):
    protection = protect_wave(rare)
    system, suppression = protection.system, protection.suppression
    shown = ~suppression.withheld
    assert find_exposed(system, suppression, shown) == []
    place, column = system.places["likes", "any"], system.columns["region", "c"]
    shown[system.cells[place.answer, column]] = True
    exposed = find_exposed(system, suppression, shown)
    assert (place.others, column) in {(secret.row, secret.column) for secret in exposed}
