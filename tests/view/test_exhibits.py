"""What a page shows, recorded: the same numbers, the same bytes, and no markup from labels."""

from xml.etree import ElementTree

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from PIL import Image

from helpers.data.errors import InputError
from helpers.data.language import use_language
from helpers.data.responses import read_wave
from helpers.data.series import read_series
from helpers.stats.results import estimate_question
from helpers.stats.trends import build_trend
from helpers.view.exhibits import FOLDER, REST, ROWS, read_exhibits, read_rows, record_table
from helpers.view.figures import show_figure
from helpers.view.tables import show_estimates, show_frame, show_split
from helpers.view.trend_tables import show_trend

ATTACK = "<script>alert(1)</script> =cmd() ../"


@pytest.fixture(scope="module")
def wave():
    return read_wave("companies", "demo")


@pytest.fixture(scope="module")
def table(wave):
    return estimate_question(wave, "has_partnership", by="region")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv(FOLDER, str(tmp_path))
    return tmp_path


def draw(title="Two bars", label="yes"):
    ax = plt.subplots()[1]
    ax.bar([label, "no"], [0.37, 0.63])
    ax.set_title(title, loc="left")
    return ax


def test_rows_are_recorded_at_full_precision(folder, wave, table):
    show_estimates(table, wave, title="Partnerships", note="The rule.")
    (exhibit,) = read_exhibits(folder)
    assert (exhibit.number, exhibit.kind, exhibit.lang) == (1, "table", "en")
    assert (exhibit.title, exhibit.text) == ("Partnerships", "The rule.")
    assert exhibit.provenance == ["demo"]
    rows = read_rows(exhibit, folder)
    assert list(rows.columns) == ROWS
    numbers = ["estimate", "se", "ci_low", "ci_high", "deff", "p_adjusted", "difference"]
    np.testing.assert_array_equal(rows[numbers], table[numbers])
    assert rows["n"].tolist() == table["n"].tolist()
    assert rows.loc[0, "id"] == "companies:demo:has_partnership:yes:region=11"
    assert rows.loc[0, ["question_label", "answer_label", "domain_label"]].tolist() == [
        "Has partnerships with associations", "Yes", "Île-de-France",
    ]  # fmt: skip


def test_labels_are_in_the_language_of_the_page(folder, wave, table):
    with use_language("fr"):
        show_split(table, wave)
    (exhibit,) = read_exhibits(folder)
    assert exhibit.lang == "fr"
    assert read_rows(exhibit, folder)["answer_label"].unique().tolist() == ["Oui", "Non"]


def test_a_base_nobody_published_is_missing_and_one_of_nobody_is_0(folder, wave, table):
    rows = table.head(3).assign(n=0, n_weighted=0.0)
    rows["reliability"] = ["not_published", "no_base", "suppress"]
    show_estimates(rows, wave, title="Any")
    recorded = read_rows(read_exhibits(folder)[0], folder)
    assert recorded["n"].isna().tolist() == [True, False, True]
    assert recorded["n_weighted"].isna().tolist() == [True, False, True]


def test_exhibits_are_numbered_in_page_order(folder, wave, table):
    show_figure(draw("First"), wave, alt="a")
    show_estimates(table, wave, title="One")
    show_figure(draw("Second"), wave, alt="b")
    show_estimates(table, wave, title="Two")
    show_estimates(table.head(0), wave, title="None")
    named = [(one.kind, one.number, one.title) for one in read_exhibits(folder)]
    assert named == [
        ("table", 1, "One"), ("table", 2, "Two"), ("figure", 1, "First"), ("figure", 2, "Second"),
    ]  # fmt: skip


def test_codebooks_not_at_hand_are_read(folder, table):
    record_table(table, title="Any", note="")
    assert read_rows(read_exhibits(folder)[0], folder)["domain_label"][0] == "Île-de-France"


def test_nothing_is_recorded_unless_asked(tmp_path, monkeypatch, wave, table):
    monkeypatch.delenv(FOLDER, raising=False)
    monkeypatch.chdir(tmp_path)
    show_estimates(table, wave, title="Any")
    show_figure(draw(), wave, alt="a")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_none_is_said(tmp_path, monkeypatch, wave, table):
    monkeypatch.setenv(FOLDER, str(tmp_path / "gone"))
    with pytest.raises(InputError, match="STUDIES_EXHIBITS: gone is not a folder"):
        show_estimates(table, wave, title="Any")


def test_a_figure_is_text_in_svg_and_300_dpi_in_png(folder, wave):
    shown = show_figure(draw(), wave, alt="Yes 37%, no 63%.")
    (exhibit,) = read_exhibits(folder)
    assert exhibit.text == "FICTIONAL data: says nothing about France. Two bars. Yes 37%, no 63%."
    svg = BeautifulSoup((folder / "figure-001.svg").read_text(encoding="utf-8"), "xml")
    assert svg.title.string == "Two bars"
    assert {"yes", "no", "Two bars"} <= {text.get_text(strip=True) for text in svg.find_all("text")}
    assert exhibit.text in svg.find("description").get_text()
    picture = Image.open(folder / "figure-001.png")
    assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.1)
    assert shown.data  # what the page shows is drawn as before


def test_two_recordings_are_the_same_bytes(tmp_path, monkeypatch, wave, table):
    kept = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        monkeypatch.setenv(FOLDER, str(folder))
        show_figure(draw(), wave, alt="a")
        show_estimates(table, wave, title="Any")
        kept.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert kept[0].keys() == kept[1].keys()
    assert kept[0] == kept[1]


def test_recording_leaves_the_shown_picture_as_it_is(folder, monkeypatch, wave):
    recorded = show_figure(draw(), wave, alt="a").data
    monkeypatch.delenv(FOLDER)
    assert show_figure(draw(), wave, alt="a").data == recorded


def test_markup_in_a_figure_is_text(folder, wave):
    show_figure(draw(title=ATTACK, label=ATTACK), wave, alt=ATTACK)
    text = (folder / "figure-001.svg").read_text(encoding="utf-8")
    svg = BeautifulSoup(text, "xml")
    assert not svg.find_all("script")
    assert svg.title.string == ATTACK
    assert ATTACK in [found.get_text(strip=True) for found in svg.find_all("text")]


@pytest.mark.filterwarnings("ignore:Glyph:UserWarning")
def test_control_characters_do_not_break_a_figure(folder, wave):
    show_figure(draw(title="bell\x07", label="bell\x07"), wave, alt="bell\x07")
    root = ElementTree.parse(folder / "figure-001.svg").getroot()
    assert "bell\ufffd" in {text.strip() for text in root.itertext()}


def test_titles_are_found_wherever_they_stand(folder, wave):
    ax = draw(title="")
    ax.set_title("In the middle")
    show_figure(ax, alt="a")
    ax = draw(title="Left")
    ax.figure.suptitle("Over\nall")
    show_figure(ax, alt="b")
    assert [one.title for one in read_exhibits(folder)] == ["In the middle", "Over all"]
    assert [one.provenance for one in read_exhibits(folder)] == [[], []]


def test_rows_of_two_surveys_in_one_table(folder):
    parts = [
        estimate_question(read_wave(name, "2015"), "has_partnership")
        for name in ("companies", "associations")
    ]
    record_table(pd.concat(parts), title="Both", note="")
    rows = read_rows(read_exhibits(folder)[0], folder)
    assert rows["survey"].unique().tolist() == ["companies", "associations"]
    assert rows["id"].is_unique


def test_points_of_a_trend_keep_the_columns_they_have(folder):
    series = read_series("citizens")
    points = build_trend(series, "partnerships_source_of_innovation", "yes")
    show_trend(points, {"citizens": "Citizens"}, title="Trend")
    rows = read_rows(read_exhibits(folder)[0], folder)
    assert rows["estimate"].tolist() == points["estimate"].tolist()
    assert "se" not in rows
    assert set(rows.columns) <= set(ROWS)
    published = points["figure"] != ""
    assert published.any()
    assert rows["id"][published].tolist() == points["figure"][published].tolist()
    assert rows["question_label"].tolist() == points["measure"].tolist()


def test_rows_behind_a_written_frame_are_recorded_with_it(folder, table):
    show_frame(pd.DataFrame({"what": ["as written"]}), title="Frame", note="N.", rows=table)
    (exhibit,) = read_exhibits(folder)
    assert (exhibit.title, exhibit.text) == ("Frame", "N.")
    assert read_rows(exhibit, folder)["gap_to"].unique().tolist() == [REST]
