"""Secondary suppression on tables that can be checked by hand, and its proof."""

import numpy as np
import pytest

from helpers.stats.cell_suppression import find_exposed, suppress_cells
from helpers.stats.table_layout import build_system
from helpers.stats.witnesses import Secret


@pytest.fixture(scope="module")
def system(small_survey):
    """Region by likes: a 9 yes 2 no, b 6 yes 7 no, c 8 yes 9 no; one size."""
    counts = {"a": (9, 2), "b": (6, 7), "c": (8, 9)}
    rows = [
        (region, "big", answer, answer == "yes" or None, None, None)
        for region, pair in counts.items()
        for answer, count in zip(("yes", "no"), pair, strict=True)
        for _ in range(count)
    ]
    return build_system(small_survey.build(rows))


@pytest.fixture(scope="module")
def secret(system):
    return Secret(system.places["likes", "no"].answer, system.columns["region", "a"], 3.0)


def list_withheld(system, suppression, question="likes"):
    return {
        (level, answer)
        for (name, answer), place in system.places.items()
        for (by, level), column in system.columns.items()
        if name == question and by == "region" and answer in ("yes", "no")
        and suppression.withheld[system.cells[place.answer, column]]
    }  # fmt: skip


def test_the_smallest_rectangle_is_withheld(system, secret):
    """2 no in a need the yes of a, and the pair of the region with the smallest counts."""
    suppression = suppress_cells(system, [secret])
    withheld = list_withheld(system, suppression)
    assert withheld == {("a", "no"), ("a", "yes"), ("b", "no"), ("b", "yes")}


def test_the_witness_agrees_with_all_that_is_shown(system, secret):
    suppression = suppress_cells(system, [secret])
    (witness,) = suppression.witnesses
    other = system.counts.copy()
    other[witness.cells] += witness.shifts
    assert np.abs(system.equations @ other).max() < 1e-6
    assert other.min() > -1e-6
    assert other[system.cells[secret.row, secret.column]] >= 5 - 1e-6
    assert suppression.withheld[witness.cells].all()
    assert np.abs(other - system.counts)[~suppression.withheld].max() < 1e-6


def test_nothing_to_protect_withholds_nothing_shown(system):
    suppression = suppress_cells(system, [])
    assert list_withheld(system, suppression) == set()


def test_a_base_takes_its_answers_with_it(system):
    base = Secret(system.places["likes", "no"].base, system.columns["region", "a"], 1.0)
    withheld = list_withheld(system, suppress_cells(system, [base]))
    assert {("a", "no"), ("a", "yes")} <= withheld


def test_every_cell_of_the_rectangle_is_needed(system, secret):
    suppression = suppress_cells(system, [secret])
    for question, answer in (("likes", "no"), ("likes", "yes")):
        for level in ("a", "b"):
            shown = ~suppression.withheld
            place = system.places[question, answer]
            shown[system.cells[place.answer, system.columns["region", level]]] = True
            assert find_exposed(system, suppression, shown) == [secret]
    assert find_exposed(system, suppression, ~suppression.withheld) == []


def test_what_cannot_reach_far_enough_stays_open_by_one(system):
    """40 more among 41 respondents: impossible; everything is withheld, one more is possible."""
    row, column = system.places["likes", "no"].answer, system.columns["region", "a"]
    suppression = suppress_cells(system, [Secret(row, column, 60.0)])
    assert [aim.reach for aim in suppression.secrets] == [1.0]
    assert suppression.witnesses[0] is not None
    assert len(list_withheld(system, suppression)) == 6
