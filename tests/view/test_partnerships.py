"""Key findings on partnerships and on their evaluation, written from rows, in both languages."""

import numpy as np
import pandas as pd
import pytest

from helpers.data.codebook import read_codebook
from helpers.data.language import use_language
from helpers.data.responses import read_wave
from helpers.view.evaluation_sentences import (
    describe_evaluating,
    describe_leaders,
    describe_practice,
)
from helpers.view.partnership_sentences import describe_partnerships, write_map_title
from helpers.view.readings import tabulate_readings

WHOLE = pd.DataFrame(
    {
        "answer": ["yes", "no"], "domain": "", "unit": "share", "estimate": [0.374, 0.626],
        "ci_low": [0.345, 0.6], "ci_high": [0.404, 0.65], "n": 1300, "reason": "",
    }
)  # fmt: skip
REGIONAL = pd.DataFrame(
    {
        "domain": ["52", "53"], "unit": "share", "estimate": [0.43, 0.3], "ci_low": [0.4, 0.2],
        "ci_high": [0.46, 0.4], "n": [1204, 300], "reason": "", "reliability": "ok",
        "mark": ["higher", "none"],
    }
)  # fmt: skip
NAMES = {"52": "Pays de la Loire", "53": "Bretagne"}


def test_partnerships_overall_and_where_more():
    assert describe_partnerships("companies", WHOLE, REGIONAL, NAMES) == (
        "**Companies** with partnerships: 37% (95% CI 34–40, n = 1,300). Significantly higher than "
        "the rest in Pays de la Loire 43% (95% CI 40–46, n = 1,204)."
    )
    assert write_map_title("companies", WHOLE) == "Companies with partnerships: 37% overall"
    with use_language("fr"):
        assert describe_partnerships("associations", WHOLE, REGIONAL, NAMES) == (
            "**Associations** ayant des partenariats\u00a0: 37\u202f% "
            "(IC à 95\u202f%\u00a0: 34–40, n = 1\u202f300). "
            "Significativement au-dessus du reste\u00a0: Pays de la Loire "
            "43\u202f% (IC à 95\u202f%\u00a0: 40–46, n = 1\u202f204)."
        )
        assert write_map_title("companies", WHOLE) == (
            "Entreprises ayant des partenariats\u00a0: 37\u202f% au total"
        )


def evaluating(marks, **columns):
    base = {
        "answer": "yes", "question": "evaluates_partnerships", "unit": "share",
        "domain": ["associations", "companies"], "estimate": [0.72, 0.85], "ci_low": [0.67, 0.8],
        "ci_high": [0.77, 0.89], "n": 300, "reason": "", "mark": marks,
        "difference": [-0.13, 0.13], "p_adjusted": 0.0002, "smallest_gap": 0.09,
    }  # fmt: skip
    return pd.DataFrame(base | columns)


@pytest.mark.parametrize(
    ("marks", "english", "french"),
    [
        (
            ["lower", "higher"],
            "- Companies evaluate significantly more often than associations: a gap of 13 points "
            "(p < 0.001).",
            "- Les entreprises évaluent significativement plus souvent que les associations\u00a0: "
            "13 points d'écart (p < 0,001).",
        ),
        (
            ["none", "none"],
            "- The two sides do not differ significantly: a gap of 13 points (p < 0.001); one of "
            "9 points could have been shown.",
            "- Les deux côtés ne diffèrent pas significativement\u00a0: 13 points d'écart "
            "(p < 0,001)\u202f; un écart de 9 points aurait pu être mis en évidence.",
        ),
        (
            ["untestable", "untestable"],
            "- Whether the two sides differ is not tested: bases not published, or too small.",
            "- La différence entre les deux côtés n'est pas testée\u00a0: bases non publiées ou "
            "trop petites.",
        ),
    ],
)
def test_evaluating_and_the_gap_between_the_sides(marks, english, french):
    lines = describe_evaluating(evaluating(marks))
    assert lines[0] == (
        "- **Associations** that evaluate their partnerships: 72% (95% CI 67–77, n = 300)."
    )
    assert lines[2] == english
    with use_language("fr"):
        lines = describe_evaluating(evaluating(marks))
    assert lines[1] == (
        "- **Entreprises** qui évaluent leurs partenariats\u00a0: 85\u202f% "
        "(IC à 95\u202f%\u00a0: 80–89, n = 300)."
    )
    assert lines[2] == french


def test_practice_and_leaders_name_question_and_answer():
    codebook = read_codebook("evaluation")
    rows = evaluating("none", question="dedicated_evaluation_budget", domain="").head(1)
    assert describe_practice(rows, codebook) == [
        "- A budget is dedicated to the evaluation: 72% (95% CI 67–77, n = 300)."
    ]
    item = codebook.variable("evaluation_usefulness")
    first, second = item.answer_ids[:2]
    table = pd.concat(
        [
            evaluating("none", question=item.id, answer=first),
            evaluating("none", question=item.id, answer=second, estimate=[0.5, np.nan]),
        ]
    )  # what companies say is not asked for below
    sides = {"associations": "Associations", "mayors": "Mayors"}
    assert describe_leaders(table, codebook, sides) == (
        f"- {item.label.en}, named most often: Associations “{item.label_of(first)}” 72% "
        "(95% CI 67–77, n = 300)."
    )
    with use_language("fr"):
        text = describe_leaders(table, codebook, {"companies": "Entreprises"})
    assert text == (
        f"- {item.label.fr}, réponse la plus citée parmi celles publiées\u00a0: "
        f"Entreprises «\u00a0{item.label_of(first, 'fr')}\u00a0» 85\u202f% "
        "(IC à 95\u202f%\u00a0: 80–89, n = 300)."
    )


def test_readings_name_what_they_measure_and_why_they_are_hard():
    wave = read_wave("evaluation", "2015")
    table = tabulate_readings(wave).set_index("Figure")
    assert table.loc["F087", ["Actor", "Value", "Legibility"]].tolist() == [
        "all actors", "30", "ambiguous (medium confidence)",
    ]  # fmt: skip
    assert table.loc["F094", "What"] == "Evaluation is a lever of development: Yes"
    with use_language("fr"):
        table = tabulate_readings(wave).set_index("Chiffre")
    assert table.loc["F089", "Remarque"].startswith("Second des deux nombres")
    assert table["Lisibilité"].str.startswith("ambigu (confiance").all()
