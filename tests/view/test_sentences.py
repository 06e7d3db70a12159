"""Sentences say what the rows say."""

import numpy as np
import pandas as pd
import pytest

from helpers.data.language import use_language
from helpers.stats.disclosure import CONFIDENTIAL
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


def test_marks_with_their_values():
    text = sentences.describe_marks(rows(mark=["higher", "lower", "none"]), NAMES, values=True)
    assert text == (
        "Significantly higher than the rest in Pays de la Loire 43% (95% CI 40–46, n = 1,204); "
        "significantly lower than the rest in Bretagne 37% (95% CI 30–44, n = 60)."
    )


def test_shares_end_with_the_highest_and_the_lowest():
    table = rows(answer=["a", "b", "c"], estimate=[0.432, 0.37, 0.434])
    labels = {"a": "One", "b": "Two", "c": "Three"}
    assert sentences.describe_shares(table, labels) == (
        "One 43%; Two 37%; Three 43%. Highest: One and Three; lowest: Two."
    )
    assert "Highest" not in sentences.describe_shares(table.head(2), labels)
    assert "Highest" not in sentences.describe_shares(rows(answer=["a", "b", "c"]), labels)
    questions = table.rename(columns={"answer": "question"})
    assert "Highest" not in sentences.describe_shares(questions, labels, "question")
    assert "Highest" not in sentences.describe_shares(table.assign(estimate=0.4), labels)


def by_actor(**columns):
    base = {
        "answer": ["a", "a", "b", "b"],
        "domain": ["associations", "companies"] * 2,
        "estimate": [0.72, 0.85, 0.4, np.nan],
        "reliability": ["ok", "ok", "ok", "not_published"],
        "reason": "",
        "mark": "untestable",
    }
    return pd.DataFrame(base | columns)


SIDES = {"associations": "Associations", "companies": "Companies"}


def test_sides_in_turn_and_what_differs():
    labels = {"a": "Budget", "b": "Means"}
    assert sentences.describe_actors(by_actor(), labels, SIDES) == (
        "Associations: Budget 72%; Means 40%. Companies: Budget 85%; Means not published. "
        "No difference between the sides is tested."
    )
    marked = by_actor(mark=["lower", "higher", "none", "untestable"])
    text = sentences.describe_actors(marked, labels, SIDES)
    assert text.endswith("Companies significantly higher for Budget.")
    text = sentences.describe_actors(by_actor(mark="none"), labels, SIDES)
    assert text.endswith("No significant difference between the sides.")


def test_confidential_values_are_not_called_uncertain():
    text = sentences.describe_domains(rows(reason=["", "", CONFIDENTIAL]), NAMES)
    assert "1 withheld for confidentiality." in text


def test_readings_are_given_as_such():
    readings = pd.DataFrame(
        {"domain": ["24", "24"], "value": [0.3, 0.4], "legibility": "ambiguous (low confidence)"}
    )
    text = sentences.describe_domains(rows(), NAMES, readings=readings)
    assert "Centre-Val de Loire about 30% or 40% (ambiguous (low confidence))." in text
    with use_language("fr"):
        text = sentences.describe_domains(rows(), NAMES, readings=readings)
    assert "Centre-Val de Loire environ 30\u202f% ou 40\u202f% (ambigu (confiance faible))." in text


def test_sentences_in_french():
    with use_language("fr"):
        assert sentences.describe_estimate(rows().iloc[0]) == (
            "43\u202f% (IC à 95\u202f%\u00a0: 40–46, n = 1\u202f204)"
        )
        assert sentences.describe_marks(rows(), NAMES, "region") == (
            "Significativement au-dessus du reste\u00a0: Pays de la Loire "
            "(1 région sur 3 ne peut être testée)."
        )
        marks = ["higher", "lower", "none"]
        assert sentences.describe_marks(rows(mark=marks), NAMES) == (
            "Significativement au-dessus du reste\u00a0: Pays de la Loire\u202f; "
            "significativement au-dessous du reste\u00a0: Bretagne."
        )
        assert sentences.describe_domains(rows(), NAMES, "region").startswith(
            "Pays de la Loire 43\u202f%\u202f; Bretagne 37\u202f%. "
            "1 valeur non diffusée, trop incertaine. Significativement"
        )
        text = sentences.describe_actors(by_actor(), {"a": "Budget", "b": "Moyens"}, SIDES)
        assert text.endswith(
            "Moyens non publié. Aucune différence entre les deux côtés n'est testée."
        )


def test_a_score_in_french_has_a_decimal_comma():
    table = rows(unit="score_10", estimate=[7.06, 6.5, np.nan], ci_low=[6.9, 6.2, np.nan],
                 ci_high=[7.2, 6.8, np.nan])  # fmt: skip
    with use_language("fr"):
        text = sentences.describe_estimate(table.iloc[0])
    assert text == "7,1 / 10 (IC à 95\u202f%\u00a0: 6,9–7,2, n = 1\u202f204)"


def test_pick_refuses_what_is_not_one_row():
    with pytest.raises(KeyError, match="no in the whole: 0 rows"):
        sentences.pick(rows(), "no")
    assert sentences.pick(rows(), "yes", "53")["n"] == 60


def test_a_line_after_a_list_is_no_part_of_its_last_item():
    shown = sentences.show_text("Two:", "- one", "- two", "After it.", "- three", "")
    assert shown.data == "Two:\n\n- one\n- two\n\nAfter it.\n\n- three\n\n"
