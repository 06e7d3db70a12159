"""Pages open from a folder with the network cut: whole, quiet, accessible, fit to print."""

import itertools
import re
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from helpers.data.catalog import read_studies
from helpers.data.language import LANGUAGES
from helpers.data.root import find_root
from helpers.run.codebooks import write_codebook
from helpers.run.comparisons import write_comparison
from helpers.run.findings import Finding
from helpers.run.index import write_index
from helpers.run.pages import write_page
from helpers.run.plans import Run
from helpers.run.report import Report, write_report
from helpers.run.site import render_page

pytestmark = pytest.mark.browser

STUDIES = list(read_studies().itertuples())
# Inside the margins of an A4 sheet, at 96 pixels to the inch.
SHEET = {"width": 680, "height": 990}
WIDE = 1009


def name_page(study, lang: str) -> str:
    wave = study.waves[0] if study.waves else ""
    return (Path(wave) / f"{study.study}.{lang}.html").as_posix()


REPORTS = [name_page(study, lang) for study in STUDIES for lang in LANGUAGES]
INDEXES = ["index.html", "index.fr.html"]
COMPARISONS = [f"compare/mayors-2016-2024.{lang}.html" for lang in LANGUAGES]
OTHERS = [*COMPARISONS, "codebook/mayors.html", "intake/mayors-2027.html"]


@pytest.fixture(scope="session")
def reports(tmp_path_factory):
    """A folder as `studies` leaves it: every study with its stored outputs, and the rest."""
    root = tmp_path_factory.mktemp("collection")
    for name in ("data", "notebooks", "shapefiles"):
        (root / name).symlink_to(find_root() / name, target_is_directory=True)
    for study in STUDIES:
        wave = study.waves[0] if study.waves else ""
        surveys = tuple(name for name in study.surveys if not wave or _holds(name, wave))
        runs = [Run(study.study, wave, study.path, {"lang": lang}, surveys) for lang in LANGUAGES]
        for run in runs:
            notebook = nbformat.read(study.path, as_version=4)
            others = [other for other in runs if other != run]
            write_page(render_page(notebook, run, others=others), root / "reports" / run.page)
    write_comparison("mayors", "2016", "2024", root=root)
    write_codebook("mayors", root=root)
    write_report(_make_report(), root / "reports/intake/mayors-2027.html")
    write_index(root=root)
    return root / "reports"


def _holds(survey: str, wave: str) -> bool:
    return (find_root() / "data/surveys" / survey / wave / "wave.yaml").is_file()


def _make_report() -> Report:
    findings = (
        Finding("error", "contract", "Q1", "1 value not among the codes 1, 2: 9.", 1, ("9",), (4,)),
        Finding("warning", "weights", "POIDS", "Kish's design effect is 2.50."),
        Finding("note", "routing", "", "3 respondents were asked and did not answer.", 3),
    )
    return Report(
        source="wave.sav", survey="mayors", wave="2027", provenance="real",
        facts={"Rows": "500 read, 498 kept"}, findings=findings,
        tables={"Mapping": pd.DataFrame({"column": ["Q1"], "question": ["partner"]})},
    )  # fmt: skip


@pytest.fixture
def page(browser):
    """A page without any network, which records its requests and its complaints."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    context.route(re.compile("^(?!file:|data:|blob:)"), lambda route: route.abort())
    opened = context.new_page()
    opened.requests, opened.complaints = [], []
    opened.on("request", lambda request: opened.requests.append(request.url))
    opened.on(
        "console",
        lambda message: (
            opened.complaints.append(message.text) if message.type in ("error", "warning") else None
        ),
    )
    opened.on("pageerror", lambda error: opened.complaints.append(str(error)))
    yield opened
    context.close()


every_page = pytest.mark.parametrize("name", [*REPORTS, *INDEXES, *OTHERS])
every_report = pytest.mark.parametrize("name", REPORTS)


@every_page
def test_page_is_quiet_accessible_and_fits_a_phone(page, reports, name):
    page.goto((reports / name).as_uri())
    faults = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [(fault["id"], fault["nodes"][0]["html"][:200]) for fault in faults] == []
    outside = [url for url in page.requests if not url.startswith(("file:", "data:", "blob:"))]
    assert outside == []
    levels = page.locator("h1, h2, h3, h4, h5, h6").evaluate_all(
        "headings => headings.filter(one => one.checkVisibility()).map(one => +one.tagName[1])"
    )
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.complaints == []


@every_report
def test_report_is_light_its_pictures_whole_and_no_control_needs_a_kernel(page, reports, name):
    assert (reports / name).stat().st_size < 3_000_000
    page.goto((reports / name).as_uri())
    for picture in page.locator("main img").all():
        assert picture.evaluate("image => image.complete && image.naturalWidth > 300")
        assert len(picture.get_attribute("alt")) > 20
    assert page.locator("main .jupyter-widgets").count() == 0
    assert page.locator("main select:not(.live select)").count() == 0


@every_report
def test_nothing_is_cut_in_print(page, reports, name):
    page.emulate_media(media="print")
    page.set_viewport_size(SHEET)
    page.goto((reports / name).as_uri())
    figures = page.locator("main figure").evaluate_all(
        "figures => figures.filter(one => one.checkVisibility())"
        ".map(one => [one.getBoundingClientRect(),"
        " getComputedStyle(one).breakInside]).map(([box, inside]) =>"
        " [box.left, box.right, box.height, inside])"
    )
    for left, right, height, inside in figures:
        assert 0 <= left < right <= SHEET["width"]
        assert height <= SHEET["height"]  # or no break outside it could keep it whole
        assert inside == "avoid"
    tables = page.locator("main table").evaluate_all(
        "tables => tables.map(one => [one.caption?.textContent, one.offsetWidth,"
        " getComputedStyle(one.closest('.scroll') ?? one).page,"
        " getComputedStyle(one.tHead ?? one).display])"
    )
    for caption, width, sheet, head in tables:
        assert width <= (WIDE if sheet == "wide" else SHEET["width"]), caption
        assert head in ("table-header-group", "table"), caption


def test_print_hides_what_only_a_screen_needs(page, reports):
    page.goto((reports / REPORTS[2]).as_uri())
    page.emulate_media(media="print")
    expect(page.locator("nav.contents")).to_be_hidden()
    expect(page.locator("header.site")).to_be_hidden()
    expect(page.locator("details.code:not(.parameters)").first).to_be_hidden()
    expect(page.locator("p.provenance").first).to_be_visible()


def test_code_is_folded_and_opens(page, reports):
    page.goto((reports / REPORTS[2]).as_uri())
    folded = page.locator("details.code").last
    assert not folded.locator(".highlight").is_visible()
    folded.locator("summary").click()
    assert folded.locator(".highlight").is_visible()


def test_contents_lead_to_their_section_from_the_keyboard(page, reports):
    page.goto((reports / REPORTS[2]).as_uri())
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    link = page.locator("nav.contents a").last
    link.focus()
    page.keyboard.press("Enter")
    target = page.locator(f"[id='{link.get_attribute('href')[1:]}']")
    expect(target).to_be_in_viewport()


def test_contents_are_folded_on_a_phone(page, reports):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto((reports / REPORTS[2]).as_uri())
    link = page.locator("nav.contents a").first
    expect(link).to_be_hidden()
    page.locator("nav.contents summary").click()
    expect(link).to_be_visible()


def test_only_a_table_that_scrolls_stops_the_keyboard(page, reports):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto((reports / REPORTS[2]).as_uri())
    regions = page.locator(".scroll")
    scrolls, stops = zip(
        *regions.evaluate_all("all => all.map(one => [one.scrollWidth > one.clientWidth + 1,"
                              " one.tabIndex === 0])"), strict=True,
    )  # fmt: skip
    assert scrolls == stops
    assert any(scrolls)
    assert not all(scrolls)


def test_page_and_index_lead_to_each_other_and_to_the_other_language(page, reports):
    page.goto((reports / "index.html").as_uri())
    page.locator("article a").nth(1).click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("link", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    page.get_by_role("link", name="Toutes les études").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    assert page.url == (reports / "index.fr.html").as_uri()
    page.get_by_role("link", name="English").click()
    assert page.url == (reports / "index.html").as_uri()


def test_every_link_between_pages_arrives(page, reports):
    for name in [*REPORTS, *INDEXES]:
        page.goto((reports / name).as_uri())
        for link in page.locator("a[href]").evaluate_all("all => all.map(one => one.href)"):
            address, _, anchor = link.partition("#")
            if address == page.url.partition("#")[0]:
                assert page.locator(f"[id='{anchor}']").count() == 1, link
            elif address.startswith("file:"):
                assert Path(address.removeprefix("file://")).is_file(), (name, link)


def test_search_finds_studies_whatever_the_accents_and_tells_how_many(page, reports):
    page.goto((reports / "index.fr.html").as_uri())
    shown = page.locator("[data-item]:visible")
    everything = shown.count()
    page.get_by_role("searchbox").fill("VAGUE reconstitue")
    expect(shown.first).to_be_visible()
    count = shown.count()
    assert 1 < count < everything
    expect(page.get_by_role("status")).to_have_text(f"{count} résultats")
    page.get_by_role("searchbox").fill("zzz")
    expect(shown).to_have_count(0)
    expect(page.get_by_role("status")).to_have_text("Aucun résultat.")
    page.get_by_role("searchbox").fill("")
    expect(shown).to_have_count(everything)
    expect(page.get_by_role("status")).to_have_text("")


def test_index_is_small_and_each_study_with_a_figure_has_a_thumbnail(page, reports):
    assert (reports / "index.html").stat().st_size < 1_000_000
    page.goto((reports / "index.html").as_uri())
    pictures = page.locator("article img")
    assert pictures.count() == len(STUDIES) - 1  # the guide has no figure
    sizes = pictures.evaluate_all("all => all.map(one => one.complete && one.naturalWidth)")
    assert min(sizes) > 100


def test_without_scripts_all_is_there_but_the_search(browser, reports):
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto((reports / "index.html").as_uri())
    expect(page.locator("search")).to_be_hidden()
    expect(page.locator("article").first).to_be_visible()
    page.goto((reports / REPORTS[2]).as_uri())
    expect(page.locator("nav.contents a").first).to_be_visible()
    expect(page.locator("main figure img").first).to_be_visible()
    context.close()
