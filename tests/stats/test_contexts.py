"""Three contexts: classes by hand, a test behind each, exact values for indicators."""

import numpy as np
import pandas as pd
import pytest

from helpers.data.errors import InputError
from helpers.data.responses import read_wave
from helpers.stats.contexts import (
    CLASSES,
    CONTEXTS,
    UNDECIDED,
    UNTESTED,
    compare_contexts,
    compare_indicator_contexts,
    synthesise,
)
from helpers.stats.region_contrasts import compare_references, list_references


def test_classes_by_hand():
    marks = pd.DataFrame(
        [
            ("higher", "higher", "higher"),
            ("lower", "lower", "lower"),
            ("higher", "lower", "higher"),
            ("higher", "none", "higher"),
            ("none", "none", "none"),
            ("higher", "untestable", "higher"),
            ("none", "lower", "untestable"),
        ]
    )
    expected = ["+++", "---", "+-+", UNDECIDED, UNDECIDED, UNTESTED, UNTESTED]
    assert synthesise(marks).tolist() == expected
    assert len(set(CLASSES)) == 8


@pytest.fixture(scope="module")
def companies():
    return compare_contexts(read_wave("companies", "demo"), "has_partnership", "yes")


def test_each_context_is_the_contrast_with_its_reference(companies):
    for context in CONTEXTS:
        table = compare_references(
            read_wave("companies", "demo"), "has_partnership", list_references(context)
        )
        table = table[table["answer"] == "yes"].set_index("domain")
        own = companies.set_index("domain")
        for name in ("difference", "mark"):
            found, expected = own[f"{name}_{context}"], table[name]
            pd.testing.assert_series_equal(found, expected, check_names=False)


def test_a_class_needs_three_significant_gaps(companies):
    marks = companies[[f"mark_{context}" for context in CONTEXTS]]
    clear = marks.isin(["higher", "lower"]).all(axis=1)
    assert (companies["synthesis"].isin(CLASSES) == clear).all()
    assert companies.set_index("domain").loc["52", "synthesis"] == "+++"
    assert (companies["synthesis"] == UNDECIDED).any()


def test_only_the_answer_asked_for():
    with pytest.raises(InputError, match="has_partnership: no answer 'maybe'; valid are yes, no"):
        compare_contexts(read_wave("companies", "demo"), "has_partnership", "maybe")


def test_nothing_is_classed_in_a_reconstructed_wave():
    table = compare_contexts(read_wave("companies", "2015"), "has_partnership", "yes")
    assert (table["synthesis"] == UNTESTED).all()


class TestIndicators:
    def test_value_over_its_reference(self):
        """Poverty 2021 of Bretagne 11.1, of Normandie 13.7 and of Pays de la Loire 11.0."""
        row = compare_indicator_contexts("poverty_rate_60").set_index("domain").loc["53"]
        assert row["estimate"] == 11.1
        weight = 11.1 / (1 + row["difference_neighbours"])
        assert 11.0 < weight < 13.7
        assert row["synthesis"] == "---"

    def test_threshold(self):
        none = compare_indicator_contexts("poverty_rate_60", threshold=1.0)
        assert (none["synthesis"] == UNDECIDED).all()
        every = compare_indicator_contexts("poverty_rate_60", threshold=0.0)
        signs = np.sign(every[[f"difference_{context}" for context in CONTEXTS]])
        expected = ["".join("+" if sign > 0 else "-" for sign in row) for row in signs.to_numpy()]
        assert every["synthesis"].tolist() == expected

    def test_indicator_that_cannot_be_merged(self):
        table = compare_indicator_contexts("unemployment_rate").set_index("domain")
        assert np.isnan(table.loc["93+94", "estimate"])
        assert (table["synthesis"] == UNTESTED).all()  # France needs all regions merged
        assert table.loc["53", "untested_france"]

    @pytest.mark.parametrize(
        ("name", "threshold", "words"),
        [("happiness", 0.05, "indicator 'happiness' is unknown"),
         ("poverty_rate_60", -0.1, "threshold is -0.1")],
    )  # fmt: skip
    def test_what_cannot_be(self, name, threshold, words):
        with pytest.raises(InputError, match=words):
            compare_indicator_contexts(name, threshold=threshold)
