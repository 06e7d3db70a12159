"""What mayors answer, in words of both languages; figures of waves without respondents."""

import pytest

from helpers.data.language import use_language
from helpers.data.published import read_figures
from helpers.data.responses import read_wave
from helpers.stats.diagnostics import describe_weights
from helpers.stats.results import estimate_question
from helpers.view.mayor_sentences import (
    DYNAMIC,
    describe_answers,
    describe_groups,
    describe_weights_cost,
)
from helpers.view.printed import tabulate_printed
from helpers.view.sentences import describe_estimate


def answer(wave, question):
    """Estimate table of a question, and its headline by domain variable."""
    head = wave.codebook.variable(question).headline
    tables = {by: estimate_question(wave, question, by=by) for by in wave.file.domains}
    groups = {by: table[table["answer"] == head] for by, table in tables.items()}
    return estimate_question(wave, question), groups


@pytest.fixture(scope="module")
def demo():
    return read_wave("mayors", "demo")


def test_every_answer_has_its_interval_and_base_and_groups_only_where_tested():
    lines = describe_answers(
        read_wave("mayors", "2016"), *answer(read_wave("mayors", "2016"), DYNAMIC)
    )
    assert lines[0].endswith("Engaged in some degree: 76% (95% CI 71–80, n = 304).")
    assert len(lines) == 5
    assert lines[-1] == "- No, not at all: 24% (95% CI 20–29, n = 304)"


def test_groups_are_named_with_their_estimates(demo):
    whole, groups = answer(demo, DYNAMIC)
    lines = describe_answers(demo, whole, groups)
    assert "By group, Engaged in some degree:" in lines
    rows = groups["commune_size"] if "commune_size" in groups else next(iter(groups.values()))
    marked = rows[rows["mark"].isin(["higher", "lower"])]
    assert len(marked) > 0
    for _, row in marked.iterrows():
        assert any(describe_estimate(row) in line for line in lines)
        assert not any(describe_estimate(row) in line for line in describe_groups(demo, groups))


def test_a_wave_without_question_4_says_so():
    wave = read_wave("mayors", "2024")
    lines = describe_answers(wave, *answer(wave, wave.file.questions[0]))
    assert lines[-1] == "Question 4 of 2016 was not asked in this wave."
    with use_language("fr"):
        lines = describe_answers(wave, *answer(wave, wave.file.questions[0]))
    assert lines[-1] == "La question 4 de 2016 n'a pas été posée dans cette vague."


def test_answers_and_weights_in_french(demo):
    with use_language("fr"):
        lines = describe_answers(demo, *answer(demo, DYNAMIC))
        cost = describe_weights_cost(describe_weights(demo.respondents, weight=demo.design.weight))
    assert "Par groupe, Engagés à un degré ou un autre\u00a0:" in lines
    assert any("Significativement" in line for line in lines)
    assert cost == ("Poids de 12,35 à 86,50\u202f; effet de plan de Kish 1,15, n efficace 433.")


def test_printed_figures_in_both_languages():
    figures = read_figures().query("figure in ['F041', 'F141']")
    table = tabulate_printed(figures)
    assert table["Question"].tolist() == ["intends to rely on cooperation", "has partnership"]
    assert table["Value"].tolist() == ["64", "28.5"]
    with use_language("fr"):
        table = tabulate_printed(figures)
    assert table["Valeur"].tolist() == ["64", "28,5"]
    assert table["Réponse"].tolist() == ["oui", "oui, déduit"]
    assert table["Lisibilité"].tolist() == ["lisible", "formulation approximative"]
