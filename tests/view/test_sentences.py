"""Sentences say what the rows say."""

import numpy as np
import pandas as pd
import pytest

from helpers.view import sentences


def rows(**columns):
    base = {
        "answer": "yes",
        "domain": ["52", "53", "24"],
        "estimate": [0.43, 0.37, np.nan],
        "ci_low": [0.4, 0.3, np.nan],
        "ci_high": [0.46, 0.44, np.nan],
        "n": [1204, 60, 12],
        "reliability": ["ok", "ok", "suppress"],
        "reason": ["", "", "n < 30"],
        "mark": ["higher", "none", "untestable"],
    }
    return pd.DataFrame(base | columns)


NAMES = {"52": "Pays de la Loire", "53": "Bretagne", "24": "Centre-Val de Loire"}


def test_value_interval_and_base_together():
    row = rows().iloc[0]
    assert sentences.describe_estimate(row) == "43% (95% CI 40–46, n = 1,204)"


def test_a_missing_number_says_why():
    assert sentences.describe_estimate(rows().iloc[2]) == "no figure (n < 30)"


def test_marks_name_regions_and_count_the_untested():
    text = sentences.describe_marks(rows(), NAMES, "region")
    assert text == (
        "Significantly higher than the rest in Pays de la Loire (1 of 3 regions cannot be tested)."
    )


@pytest.mark.parametrize(
    ("marks", "text"),
    [
        (["none"] * 3, "No group differs significantly from the rest."),
        (["untestable"] * 3, "No group can be tested: bases not published, or too small."),
        (
            ["higher", "lower", "none"],
            "Significantly higher than the rest in Pays de la Loire; "
            "significantly lower than the rest in Bretagne.",
        ),
    ],
)
def test_marks_in_words(marks, text):
    assert sentences.describe_marks(rows(mark=marks), NAMES) == text


def test_domains_list_shares_then_what_is_missing():
    text = sentences.describe_domains(rows(), NAMES)
    assert text.startswith("Pays de la Loire 43%; Bretagne 37%. 1 withheld as too uncertain.")


def test_pick_refuses_what_is_not_one_row():
    with pytest.raises(KeyError, match="no in the whole: 0 rows"):
        sentences.pick(rows(), "no")
    assert sentences.pick(rows(), "yes", "53")["n"] == 60


def test_a_line_after_a_list_is_no_part_of_its_last_item():
    shown = sentences.show_text("Two:", "- one", "- two", "After it.", "- three", "")
    assert shown.data == "Two:\n\n- one\n- two\n\nAfter it.\n\n- three\n\n"
