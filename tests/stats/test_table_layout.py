"""Linked tables of a wave: counts, sets that are one row, and equations that always hold."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpers.stats.table_layout import build_system
from helpers.stats.table_system import EVERYBODY, WHOLE

ROWS = [
    ("a", "big", "yes", True, False, 2),
    ("a", "tiny", "little", True, True, 4),
    ("b", "big", "no", None, None, None),
    ("b", "tiny", "no", None, None, 6),
    ("c", "tiny", None, None, None, 8),
    (None, "tiny", "yes", False, False, 10),
]


@pytest.fixture(scope="module")
def system(small_survey):
    return build_system(small_survey.build(ROWS))


def count(system, question, answer, by="", level="", role="answer"):
    place = system.places[question, answer]
    return system.count(getattr(place, role), system.columns[by, level])


def test_counts_by_hand(system):
    assert system.count(EVERYBODY, system.columns[WHOLE]) == 6
    assert count(system, "likes", "yes") == 2
    assert count(system, "likes", "yes", role="base") == 5
    assert count(system, "likes", "yes", role="others") == 3
    assert count(system, "likes", "any", "region", "a") == 2
    assert count(system, "why", "habit") == 2
    assert count(system, "why", "habit", role="base") == 3
    assert count(system, "mood", "joy") == pytest.approx(3.0)  # 30 points out of ten
    assert count(system, "region", "a", "size", "tiny") == 1


def test_the_same_respondents_are_one_row(system):
    places = system.places
    assert places["fan", "fan"].answer == places["likes", "yes"].answer
    assert places["why", "habit"].base == places["likes", "any"].answer
    assert places["size", "big"].base == EVERYBODY
    row, column = places["region", "a"].answer, system.columns["size", "big"]
    other, place = places["size", "big"].answer, system.columns["region", "a"]
    assert system.cells[row, column] == system.cells[other, place]
    assert system.cells[row, 0] == system.cells[EVERYBODY, system.columns["region", "a"]]


def test_scores_that_agree_are_noted(system):
    uniform = system.places["mood", "joy"].uniform
    assert uniform[system.columns["region", "b"]]
    assert not uniform[system.columns["region", "a"]]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "b", "c", None]),
            st.sampled_from(["big", "tiny", None]),
            st.sampled_from(["yes", "little", "no", None]),
            st.sampled_from([(True, False), (True, True), (False, False), (None, None)]),
            st.one_of(st.none(), st.integers(0, 10)),
        ),
        min_size=1, max_size=40,
    )
)  # fmt: skip
def test_equations_hold_for_any_respondents(small_survey, drawn):
    rows = [
        (region, size, likes, *(ticks if likes in ("yes", "little") else (None, None)), joy)
        for region, size, likes, ticks, joy in drawn
    ]
    assume(any(row[2] or row[5] is not None for row in rows))
    system = build_system(small_survey.build(rows))
    assert np.abs(system.equations @ system.counts).max(initial=0) < 1e-9
    for (question, answer), place in system.places.items():
        for column in system.columns.values():
            parts = [system.count(row, column) for row in (place.answer, place.others)]
            assert sum(parts) == pytest.approx(system.count(place.base, column)), (question, answer)
