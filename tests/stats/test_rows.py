"""Many tables in one pass: the same rows as one table after the other."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.data.responses import Wave, read_wave
from helpers.stats.cells import UNNAMED
from helpers.stats.results import ESTIMATE_SCHEMA, Rule, estimate_question, estimate_tables
from helpers.stats.rows import estimate_rows


def list_pairs(wave: Wave) -> list[tuple[str, str | None]]:
    names = [*wave.file.questions, *wave.file.domains]
    asked = [name for name in names
             if getattr(wave.codebook.variable(name), "type", "") != "ranking"]  # fmt: skip
    return [(name, by) for name in asked for by in (None, *wave.file.domains)]


def check_equal(wave: Wave, rule: Rule) -> None:
    pairs = list_pairs(wave)
    singles = [estimate_question(wave, name, by=by, rule=rule) for name, by in pairs]
    together = estimate_tables(wave, pairs, rule=rule)
    pd.testing.assert_frame_equal(
        together, pd.concat(singles, ignore_index=True), check_exact=True
    )  # fmt: skip


@pytest.mark.parametrize(
    ("survey", "wave"),
    [("companies", "demo"), ("companies", "2015"), ("mayors", "demo"), ("citizens", "demo")],
)
def test_one_pass_gives_the_tables_one_by_one(survey, wave):
    check_equal(read_wave(survey, wave), Rule())


def test_what_is_withheld_beside_a_small_base_stays_within_its_table():
    demo = read_wave("companies", "demo")
    region = demo.respondents["region"]
    few = demo.respondents[region == "24"].index[:20]
    kept = demo.respondents[(region != "24") | demo.respondents.index.isin(few)]
    wave = Wave(demo.codebook, demo.file, kept)
    check_equal(wave, Rule())
    table = estimate_tables(wave, list_pairs(wave))
    beside = table[table["reason"].str.contains("subtraction")]
    assert set(beside["domain_variable"]) == {"region"}


@settings(max_examples=5, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(st.integers(0, 10_000), st.integers(8, 120))
def test_real_waves_of_any_size(small_survey, seed, rows):
    rng = np.random.default_rng(seed)
    likes = rng.choice(["yes", "little", "no"], rows, p=[0.6, 0.3, 0.1])
    people = [
        (region, size, like, *((None, None) if like == "no" else (rng.random() < 0.5,) * 2), joy)
        for region, size, like, joy in zip(
            rng.choice(["a", "b", "c", None], rows),
            rng.choice(["big", "tiny"], rows, p=[0.9, 0.1]), likes, rng.integers(0, 11, rows),
            strict=True,
        )
    ]  # fmt: skip
    for rule in (Rule(), Rule("none", 0.1, "bh")):
        check_equal(small_survey.build(people), rule)


def test_no_pair_gives_no_row_and_a_repeated_one_counts_once():
    wave = read_wave("companies", "demo")
    assert estimate_tables(wave, []).empty
    assert list(estimate_tables(wave, [])) == list(ESTIMATE_SCHEMA.columns)
    twice = estimate_tables(wave, [("has_partnership", None)] * 2)
    assert len(twice) == 2


def test_rows_hold_the_respondents_without_a_domain(small_survey):
    """Two of five have no region: their row is there, for what is protected by subtraction."""
    people = [("a", "big", "yes", True, True, 1)] * 3 + [(None, "big", "no", None, None, 2)] * 2
    wave = small_survey.build(people)
    rows = estimate_rows(wave, [("likes", "region")], reliability="none")
    n = rows.drop_duplicates("domain").set_index("domain")["n"]
    assert n.to_dict() == {"a": 3, "b": 0, "c": 0, UNNAMED: 2}
    assert rows["answer"].tolist()[:4] == ["yes", "little", "no", "any"]
