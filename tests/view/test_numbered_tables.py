"""Numbers of an estimate table carry their ids; cells without a number carry none."""

import pytest
from bs4 import BeautifulSoup

from helpers.data.responses import read_wave
from helpers.stats.ledger import build_ledger
from helpers.stats.number_ids import build_ids, parse_id
from helpers.stats.results import estimate_question
from helpers.view.tables import (
    _attach_id,
    show_estimates,
    show_ledger,
    show_split,
    tabulate_estimates,
)


def read_numbers(table) -> list[tuple[str, str]]:
    soup = BeautifulSoup(table.as_raw_html(), "html.parser")
    return [(number["value"], number.get_text()) for number in soup.find_all("data")]


@pytest.mark.parametrize(
    ("question", "by"),
    [("has_partnership", "region"), ("partnership_type", None), ("fragility_importance", "region")],
)
def test_each_number_of_a_table_has_its_id(checkout, question, by):
    wave = read_wave("companies", "demo", root=checkout)
    estimates = estimate_question(wave, question, by=by)
    texts = tabulate_estimates(estimates, wave)
    shown = next(column for column in texts if column in ("%", "Mean score (0–10)"))
    wanted = zip(build_ids(estimates), texts[shown], strict=True)
    assert read_numbers(show_estimates(estimates, wave, title="Any")) == [
        (number, text) for number, text in wanted if text
    ]


def test_withheld_cells_have_none(checkout):
    wave = read_wave("companies", "demo", root=checkout)
    estimates = estimate_question(wave, "partnership_intention", by="region")
    assert (estimates["reliability"] == "suppress").any()
    held = set(build_ids(estimates[estimates["estimate"].notna()]))
    assert {
        number for number, _ in read_numbers(show_estimates(estimates, wave, title="A"))
    } == held


def test_a_table_of_answers_in_columns(checkout):
    wave = read_wave("companies", "demo", root=checkout)
    estimates = estimate_question(wave, "partnership_status", by="region")
    values = dict(zip(build_ids(estimates), estimates["estimate"], strict=True))
    found = read_numbers(show_split(estimates, wave))
    assert len(found) == estimates["estimate"].notna().sum() > 10
    for number, text in found:
        assert text == f"{100 * values[number]:.0f}"
        assert parse_id(number).domain_variable == "region"


def test_what_is_no_number_is_text():
    assert _attach_id("<b>", "a:b:c:d") == "&lt;b&gt;"
    assert _attach_id("<1", "a:b:c:d") == '<data value="a:b:c:d">&lt;1</data>'


def test_published_figures_of_the_ledger_have_theirs(checkout):
    wave = read_wave("mayors", "2016", root=checkout)
    ledger = build_ledger([wave], studies=["mayor_survey"], years=["2016"])
    found = read_numbers(show_ledger(ledger, wave))
    assert [number for number, _ in found] == ledger["figure"].tolist()
