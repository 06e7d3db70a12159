"""The files beside a page: the numbers shown, safe to open, whole or not there."""

from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from helpers.data.language import use_language
from helpers.data.responses import read_wave
from helpers.run.exports import (
    CSV,
    HEADER,
    remove_exports,
    stage_exports,
    write_csv,
)
from helpers.run.plans import Run, plan_runs
from helpers.run.printing import Printer, PrintingError
from helpers.run.runs import write_pages
from helpers.run.workbook import Sheet
from helpers.stats.results import estimate_question
from helpers.view.exhibits import FOLDER, read_exhibits, read_rows
from helpers.view.tables import show_estimates
from tests.exports import read_exports

ATTACK = "<script>alert(1)</script> =cmd() ../\n+1\x07"
STUDY = """\
import matplotlib.pyplot as plt
from helpers.data.responses import read_wave
from helpers.stats.results import estimate_question
from helpers.view.figures import show_figure
from helpers.view.tables import show_estimates
wave = read_wave("mayors", "2016")
ax = plt.subplots()[1]
ax.bar(["a"], [1])
ax.set_title("A bar: ../ & more", loc="left")
show_figure(ax, wave, alt="One bar.")
"""
TABLE = """\
table = estimate_question(wave, "territory_coconstruction_dynamic")
show_estimates(table, wave, title="Dynamic", note="The rule.")
"""


@pytest.fixture
def study(collection, monkeypatch):
    """A tiny study that shows one table and one figure."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    collection.write_study("02-tiny", STUDY, TABLE)
    return collection


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    folder = tmp_path_factory.mktemp("exhibits")
    wave = read_wave("companies", "demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(FOLDER, str(folder))
        table = estimate_question(wave, "has_partnership", by="region")
        show_estimates(table, wave, title="Any")
    return read_rows(read_exhibits(folder)[0], folder)


def write(collection, **options):
    runs = plan_runs(["02-tiny"], waves=["2016"], root=collection.root)
    return write_pages(runs, root=collection.root, **options)


def read_page(collection) -> BeautifulSoup:
    text = collection.path("reports/2016/02-tiny.html").read_text(encoding="utf-8")
    return BeautifulSoup(text, "html.parser")


def test_a_page_comes_with_its_files(study):
    result = write(study)
    assert [str(one) for one in result.failures] == []
    assert result.written == 1
    assert [name for name in study.list_reports() if "index" not in name] == [
        "2016/02-tiny.files/02-tiny.xlsx", "2016/02-tiny.files/estimates.csv",
        "2016/02-tiny.files/figures/01-a-bar-more.png",
        "2016/02-tiny.files/figures/01-a-bar-more.svg", "2016/02-tiny.html",
    ]  # fmt: skip
    links = read_page(study).select(".downloads a")
    inside = [link for link in links if link["href"].startswith("data:")]
    assert [link["download"] for link in inside] == ["02-tiny-2016.csv", "02-tiny-2016.xlsx"]
    beside = [link["href"] for link in links if link not in inside]
    assert beside == [f"02-tiny.files/figures/01-a-bar-more.{kind}" for kind in ("svg", "png")]
    assert all(study.path(f"reports/2016/{href}").is_file() for href in beside)

    csv, sheets = read_exports(study.path("reports/2016/02-tiny.files"))
    wanted = estimate_question(read_wave("mayors", "2016"), "territory_coconstruction_dynamic")
    assert csv["estimate"].tolist() == wanted["estimate"].tolist()
    assert list(sheets) == [1]
    # A workbook holds 16 digits of a number.
    assert sheets[1]["Estimate"].tolist() == pytest.approx(wanted["estimate"].tolist(), rel=1e-15)
    assert sheets[1]["Id of the number"].tolist() == csv["id"].tolist()
    texts = [number.get_text() for number in read_page(study).select("table data")]
    assert texts == [f"{100 * value:.1f}" for value in wanted["estimate"]]

    book = openpyxl.load_workbook(study.path("reports/2016/02-tiny.files/02-tiny.xlsx"))
    cover = [cell.value for cell in book["Cover"]["A"]]
    assert cover[0] == "The title of 02-tiny · 2016"
    assert "CC BY 4.0" in " ".join(cover)
    assert cover[cover.index("How to cite it") + 1].startswith(
        "The territorial survey studies contributors (2023)"
    )
    assert "RECONSTRUCTED from published figures: synthetic respondents, no real ones." in cover


def test_two_runs_write_the_same_bytes(study):
    kept = []
    for _ in range(2):
        write(study)
        files = study.path("reports/2016/02-tiny.files").rglob("*.*")
        kept.append({path.name: path.read_bytes() for path in files})
    assert kept[0] == kept[1]
    assert len(kept[0]) == 4


def test_a_study_that_shows_nothing_offers_nothing(study):
    write(study)
    study.write_study("02-tiny", "wave")
    result = write(study)
    assert [str(one) for one in result.failures] == []
    assert result.written == 1
    assert read_page(study).select(".downloads") == []
    assert [name for name in study.list_reports() if "index" not in name] == ["2016/02-tiny.html"]


def test_a_failed_page_takes_its_files_along(study):
    write(study)
    study.write_study("02-tiny", "1 / 0")
    assert len(write(study).failures) == 1
    assert [name for name in study.list_reports() if "index" not in name] == []


def test_an_export_that_fails_leaves_the_older_one(study, monkeypatch):
    write(study)
    before = study.list_reports()
    old = study.path("reports/2016/02-tiny.files/estimates.csv").read_bytes()

    def fail(*args, **options):
        raise OSError("disk full")

    monkeypatch.setattr("helpers.run.exports.write_book", fail)
    (failure,) = write(study, force=True).failures
    assert str(failure) == "02-tiny 2016: its page cannot be written: disk full."
    assert study.list_reports() == before
    assert study.path("reports/2016/02-tiny.files/estimates.csv").read_bytes() == old


def test_a_new_folder_takes_the_place_of_the_old(study):
    write(study)
    stray = study.path("reports/2016/02-tiny.files/stray.txt")
    stray.touch()
    write(study, force=True)
    assert not stray.exists()


def test_a_page_without_a_browser_is_written_without_pdf(study, monkeypatch):
    def fail(self, page, target):
        raise PrintingError("no chromium")

    monkeypatch.setattr(Printer, "print_page", fail)
    result = write(study, pdf=True)
    assert (result.written, result.unprinted) == (1, ["02-tiny 2016: no chromium"])
    assert not read_page(study).select('a[href$=".pdf"]')


def test_a_printed_page_is_linked(study, monkeypatch):
    def fake(self, page, target):
        assert "02-tiny.files/page.pdf" in page
        target.write_bytes(b"%PDF-")

    monkeypatch.setattr(Printer, "print_page", fake)
    assert write(study, pdf=True).unprinted == []
    (link,) = read_page(study).select('a[href$=".pdf"]')
    assert study.path(f"reports/2016/{link['href']}").read_bytes() == b"%PDF-"


def test_csv_holds_every_row_of_every_table(rows):
    tables = [Sheet(1, "One", "", ["demo"], rows), Sheet(2, "Two", "", ["demo"], rows.head(3))]
    data = write_csv(tables)
    assert data.startswith(b"\xef\xbb\xbftable,table_title,id,shows,survey,")
    text = data.decode("utf-8-sig")
    assert text.splitlines()[0].split(",") == HEADER
    assert text.count("\r\n") == 1 + len(rows) + 3
    assert "FICTIONAL data: says nothing about France" in text
    assert repr(float(rows["estimate"][0])) in text


def test_csv_without_a_table_has_its_header():
    assert write_csv([]).decode("utf-8-sig") == ",".join(HEADER) + "\r\n"


@pytest.mark.parametrize("text", ["=cmd()", "+1", "-1", "@x", "\t=1"])
def test_csv_disarms_formulas(rows, text):
    attacked = rows.head(1).assign(answer_label=text)
    line = write_csv([Sheet(1, text, "", ["demo"], attacked)]).decode("utf-8-sig").splitlines()[1]
    assert line.startswith(f"1,'{text},")
    assert f",'{text}," in line


def test_texts_of_data_reach_no_file_name_and_no_markup(collection, rows, tmp_path):
    exhibits = tmp_path / "exhibits"
    exhibits.mkdir()
    rows.head(2).assign(answer_label=ATTACK).to_parquet(exhibits / "table-001.parquet")
    words = {"number": 1, "title": ATTACK, "text": ATTACK, "lang": "en", "provenance": ["demo"]}
    pd.Series(words | {"kind": "table"}).to_json(exhibits / "table-001.json")
    pd.Series(words | {"kind": "figure"}).to_json(exhibits / "figure-001.json")
    for kind in ("svg", "png"):
        (exhibits / f"figure-001.{kind}").touch()
    run = Run("02-tiny", "demo", Path("02-tiny.ipynb"), {"wave": "demo"}, ("companies",))
    with stage_exports(run, exhibits, title=ATTACK, root=collection.root) as (part, downloads):
        names = [path.name for path in part.rglob("*.*")]
    assert sorted(names) == [
        "01-script-alert-1-script-cmd-1.png", "01-script-alert-1-script-cmd-1.svg",
        "02-tiny.xlsx", CSV,
    ]  # fmt: skip
    assert [link.file for link in downloads.inside] == ["02-tiny-demo.csv", "02-tiny-demo.xlsx"]
    csv, sheets = read_exports(collection.path("reports/demo/02-tiny.files"))
    seen = ATTACK.replace("\x07", "\ufffd")
    assert set(csv["answer_label"]) == set(sheets[1]["Answer"]) == {seen}


def test_labels_of_downloads_are_in_the_language_of_the_page(collection, rows, tmp_path):
    exhibits = tmp_path / "exhibits"
    exhibits.mkdir()
    rows.to_parquet(exhibits / "table-001.parquet")
    words = {"number": 1, "title": "T", "text": "", "lang": "fr", "provenance": ["demo"]}
    pd.Series(words | {"kind": "table"}).to_json(exhibits / "table-001.json")
    parameters = {"wave": "demo", "lang": "fr"}
    run = Run("02-tiny", "demo", Path("02-tiny.ipynb"), parameters, ("companies",))
    with stage_exports(run, exhibits, title="Titre", root=collection.root) as (_, downloads):
        pass
    assert downloads.folder == "02-tiny.fr.files"
    with use_language("fr"):
        assert downloads.inside[1].words.startswith("Classeur Excel (")
    _, sheets = read_exports(collection.path("reports/demo/02-tiny.fr.files"))
    assert "Estimation" in sheets[1]


def test_removing_what_is_not_there_is_no_mistake(collection):
    run = Run("02-tiny", "2016", Path("02-tiny.ipynb"), {"wave": "2016"})
    remove_exports(run, root=collection.root)
