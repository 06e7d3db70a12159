"""The last section of a page, as a reader gets it."""

import getpass
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup

from helpers.data.language import use_language
from helpers.run.plans import Run
from helpers.run.trust import write_trust

ATTACK = '<script>alert(1)</script> =cmd() ../ "quoted"'


@pytest.fixture(autouse=True)
def _date(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1780000000")


def write(root, wave="2016", surveys=("mayors",), title="Do mayors?", lang="en", **parameters):
    given = Run("02-mayor-survey", wave, Path("02.ipynb"), parameters, surveys)
    with use_language(lang):
        html = write_trust(nbformat.v4.new_notebook(), given, title=title, root=root)
    return BeautifulSoup(html, "html.parser")


def test_notice_names_each_item_and_what_is_wanting(checkout):
    soup = write(checkout)
    rows = soup.select("details.notice tbody tr")
    assert len(rows) == 21
    told = {row.th.string: row.find_all("td") for row in rows}
    assert told["Carried out by"][0].get_text() == "Comisis, OpinionWay"
    assert told["Carried out by"][1].get_text(" ") == (
        "AAPOR III.A.2 ESOMAR/WAPOR 5.2 Law 77-808 art. 2, 1°"
    )
    assert told["Incentives"][0].em.string == "not stated by the producer"
    listed = soup.select_one("details.notice > p").get_text()
    wanting = [label for label, (text, _) in told.items() if text.em]
    assert len(wanting) > 5
    assert listed.endswith(
        f"Without a statement (not stated by the producer): {'; '.join(wanting)}."
    )


def test_page_of_several_waves_has_a_notice_each(checkout):
    soup = write(checkout, wave="", surveys=("mayors", "evaluation"))
    assert len(soup.select("details.notice")) == 3


def test_page_without_a_survey_has_none(checkout):
    soup = write(checkout, wave="", surveys=())
    assert not soup.select("details.notice")
    assert "studies show" not in soup.get_text()
    assert soup.select_one(".citation")


def test_made_from_is_whole_and_leaks_nothing(checkout):
    text = write(checkout, alpha=0.01).get_text(" ")
    for part in ("2026-05-28", "Parameter alpha 0.01", "Seed of mayors 2016 2016", "pandas",
                 "data/surveys/mayors/2016/responses.parquet", "as registered"):  # fmt: skip
        assert part in " ".join(text.split())
    assert str(checkout) not in text
    assert str(Path.home()) not in text
    assert getpass.getuser() not in text.split()


def test_same_input_same_section(checkout):
    assert str(write(checkout)) == str(write(checkout))


def test_french_section_is_french(checkout):
    text = write(checkout, lang="fr").get_text(" ")
    there = ["Comment citer cette page", "Notice méthodologique", "Exécuté le 28 mai 2026"]
    for words in (*there, "non précisé par le producteur", "conforme au registre"):
        assert words in text
    for words in ("not stated", "Paid by", ", wave", "Run on", "registered"):
        assert words not in text


def test_what_comes_from_data_is_text(collection):
    file = "data/surveys/mayors/2016/wave.yaml"
    collection.edit(file, "producer: Comisis, OpinionWay", f"producer: '{ATTACK}'")
    soup = write(collection.root, title=ATTACK, note=ATTACK)
    assert not soup.select("script")
    assert soup.get_text().count(ATTACK) >= 4
