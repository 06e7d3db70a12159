"""What a page offers, taken in a browser: files in the page, files beside it, the page printed."""

from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe

from helpers.data.responses import read_wave
from helpers.run.exports import stage_exports
from helpers.run.pages import write_page
from helpers.run.plans import Run
from helpers.run.printing import Printer, PrintingError, find_browser
from helpers.run.site import render_page
from helpers.run.status import PDF
from helpers.stats.results import estimate_question
from helpers.view.exhibits import FOLDER
from helpers.view.figures import show_figure
from helpers.view.tables import show_estimates

pytestmark = pytest.mark.browser

ATTACK = "<script>window.attacked = true</script>"
LANGUAGES = ("en", "fr")


@pytest.fixture(scope="module")
def root(tmp_path_factory, checkout):
    """A collection with one page in two languages and the files beside it."""
    base = tmp_path_factory.mktemp("collection")
    for name in ("data", "shapefiles", "CITATION.cff"):
        (base / name).symlink_to(checkout / name)
    wave = read_wave("companies", "demo")
    for lang in LANGUAGES:
        exhibits = tmp_path_factory.mktemp("exhibits")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(FOLDER, str(exhibits))
            table = estimate_question(wave, "has_partnership", by="region")
            show_estimates(table, wave, title=f"By region {ATTACK}")
            ax = plt.subplots()[1]
            ax.bar([ATTACK, "no"], [1, 2])
            ax.set_title(f"A figure {ATTACK}", loc="left")
            show_figure(ax, wave, alt=f"Two bars {ATTACK}.")
        run = Run("01-tiny", "demo", Path("01-tiny.ipynb"), {"lang": lang}, ("companies",))
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Any title")])
        with stage_exports(run, exhibits, title="Any title", root=base) as (_, downloads):
            page = render_page(notebook, run, downloads=downloads)
        write_page(page, base / "reports" / run.page)
    return base


@pytest.fixture
def opened(root, page):
    page.goto((root / "reports/demo/01-tiny.en.html").as_uri())
    page.locator("details.downloads summary").click()
    return page


@pytest.mark.parametrize(("name", "file"), [("csv", "estimates.csv"), ("xlsx", "01-tiny.xlsx")])
def test_numbers_come_out_of_the_page_itself(opened, root, name, file):
    with opened.expect_download() as taken:
        opened.locator(f'details.downloads a[download$=".{name}"]').click()
    assert taken.value.suggested_filename == f"01-tiny.en-demo.{name}"
    beside = root / "reports/demo/01-tiny.en.files" / file
    assert Path(taken.value.path()).read_bytes() == beside.read_bytes()
    assert all(url.startswith(("file:", "data:")) for url in opened.requests)


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_a_figure_opens_beside_the_page_and_runs_nothing(opened, kind):
    href = opened.locator(f'details.downloads a[href$=".{kind}"]').get_attribute("href")
    before = len(opened.requests)
    opened.goto(opened.url.rsplit("/", 1)[0] + "/" + href)
    assert opened.requests[before:] == [opened.url]
    assert opened.evaluate("window.attacked") is None
    assert opened.complaints == []
    if kind == "svg":
        texts = opened.locator("text").all_text_contents()
        assert any(ATTACK in text for text in texts)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_downloads_are_accessible_and_fit_a_phone(root, page, lang):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto((root / f"reports/demo/01-tiny.{lang}.html").as_uri())
    page.locator("details.downloads summary").click()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate("window.attacked") is None
    assert page.complaints == []


def test_pages_are_printed_one_after_the_other(root, tmp_path):
    text = (root / "reports/demo/01-tiny.en.html").read_text(encoding="utf-8")
    with Printer() as printer:
        for number in (1, 2):
            printer.print_page(text, tmp_path / f"{number}-{PDF}")
    for number in (1, 2):
        data = (tmp_path / f"{number}-{PDF}").read_bytes()
        assert data.startswith(b"%PDF-")
        assert b"/StructTreeRoot" in data, "not tagged"
        assert b"/Lang (en)" in data


def test_without_a_browser_the_reason_is_said(monkeypatch, tmp_path):
    monkeypatch.setattr("helpers.run.printing.find_browser", lambda: None)
    with Printer() as printer, pytest.raises(PrintingError, match="no chromium, or no playwright"):
        printer.print_page("<p>", tmp_path / PDF)
    assert not (tmp_path / PDF).exists()


def test_a_browser_that_is_none_is_a_printing_error(monkeypatch, tmp_path):
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr("helpers.run.printing.find_browser", lambda: str(broken))
    with Printer() as printer, pytest.raises(PrintingError):
        printer.print_page("<p>", tmp_path / PDF)


def test_a_browser_is_looked_for(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name: f"/bin/{name}" if name == "chrome" else None)
    assert find_browser() == "/bin/chrome"
    monkeypatch.setattr("helpers.run.printing.find_spec", lambda name: None)
    assert find_browser() is None
