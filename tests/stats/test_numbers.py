"""A number of a page is found again by its id."""

import pytest

from helpers.data.errors import InputError
from helpers.data.responses import read_wave
from helpers.stats.number_ids import NumberId, build_ids, parse_id
from helpers.stats.numbers import compute_number, list_figures
from helpers.stats.results import Rule, estimate_question

KINDS = [
    ("companies", "demo", "has_partnership", "region"),  # single, marks
    ("companies", "demo", "partnership_type", None),  # multiple, routed
    ("citizens", "demo", "fragility_importance", "commune_size"),  # scores
    ("companies", "2015", "has_partnership", "region"),  # mostly not published
    ("mayors", "2016", "area", None),  # a domain variable
]


@pytest.mark.parametrize(("survey", "wave", "question", "by"), KINDS)
def test_each_row_of_a_table_is_found_again(checkout, survey, wave, question, by):
    table = estimate_question(read_wave(survey, wave, root=checkout), question, by=by)
    for place in range(0, len(table), max(1, len(table) // 4)):
        number = parse_id(build_ids(table).iloc[place])
        row, _ = compute_number(number, root=checkout)
        assert row.equals(table.iloc[place].rename(row.name))


def test_the_rule_asked_for_is_used(checkout):
    number = parse_id("companies:demo:has_partnership:yes:region=28")
    strict, _ = compute_number(number, rule=Rule(alpha=0.001), root=checkout)
    lax, _ = compute_number(number, rule=Rule(alpha=0.5), root=checkout)
    assert strict["estimate"] == lax["estimate"]
    assert (strict["mark"], lax["mark"]) == ("none", "lower")


def test_a_question_the_wave_lacks_says_why(checkout):
    number = parse_id("mayors:2024:partnerships_source_of_innovation:yes")
    row, _ = compute_number(number, root=checkout)
    assert row["reliability"] == "not_published"
    assert row["reason"] == "no published figure"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("mayor:2016:a:b", "'mayor' is not a survey; .* Did you mean mayors?"),
        ("mayors:2061:area:rural", "wave '2061' is unknown; did you mean 2016"),
        ("mayors:x:area:rural", "wave 'x' is unknown; valid are 2016, 2024, demo."),
        ("mayors:2016:arae:rural", "question 'arae' is unknown; did you mean area"),
        ("mayors:2016:area:rurl", "answer 'rurl' is unknown; did you mean rural?"),
        ("mayors:2016:area:rural:rgion=11", "domain variable 'rgion' .* did you mean region"),
        ("mayors:2016:area:rural:region=99", "domain '99' is unknown; "),
        ("mayors:206:area:rurl", "wave '206' .* answer 'rurl' "),
    ],
)  # fmt: skip
def test_unknown_parts_are_named_in_one_error(checkout, text, words):
    with pytest.raises(InputError, match=words):
        compute_number(parse_id(text), root=checkout)


def test_figures_linked_to_a_number(checkout):
    number = NumberId("companies", "2015", "has_partnership", "yes")
    assert list_figures(number, root=checkout) == ["F001", "F142"]
    invented = NumberId("companies", "demo", "has_partnership", "yes")
    assert list_figures(invented, root=checkout) == []
