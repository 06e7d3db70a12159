"""A page answers with no kernel and no network: what is chosen is drawn, written and said."""

import re

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from playwright.sync_api import expect

from helpers.data.language import use_language
from helpers.data.regions import read_regions
from helpers.data.responses import read_wave
from helpers.run.plans import Run
from helpers.run.site import render_page
from helpers.stats.results import estimate_question
from helpers.view.figures import show_figure
from helpers.view.live import show_explorer
from helpers.view.maps import draw_map, find_breaks, lay_out_map
from helpers.view.tables import tabulate_estimates

pytestmark = pytest.mark.browser

SOURCE = ".live-drawn .live-source"
QUESTIONS = ["has_partnership", "partnership_type"]
AREAS = ".live-map .layer_0_marks path"
ZONES = ".live-map .zones_marks path, .live-map .zones path"


def estimate(survey: str, question: str = "has_partnership", answer: str = "yes", by="region"):
    table = estimate_question(read_wave(survey, "demo"), question, by=by)
    return table[table["answer"] == answer]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The same page in both languages, and one of a wave with states and readings."""
    root = tmp_path_factory.mktemp("live")
    demo = [read_wave(survey, "demo") for survey in ("companies", "associations")]
    zones, regional = read_regions("zones-2015"), estimate("companies")
    for lang in ("en", "fr"):
        with use_language(lang):
            ax = draw_map(zones, regional, breaks=find_breaks(regional), title="A map")
            figure = show_figure(ax, demo[0], alt="What the map shows.")
            explorer = show_explorer(*demo, question="has_partnership", questions=QUESTIONS)
        write(root / f"demo.{lang}.html", lang, explorer, figure)
    wave = read_wave("companies", "2015")
    write(root / "2015.en.html", "en", show_explorer(wave, question="has_partnership"))
    return root


def write(path, lang: str, *shown) -> None:
    bundles = [part._repr_mimebundle_() for part in shown]
    outputs = [
        new_output("execute_result", *([b] if isinstance(b, dict) else b[:1]),
                   metadata={} if isinstance(b, dict) else b[1])
        for b in bundles
    ]  # fmt: skip
    cells = [new_code_cell("shown", outputs=[output]) for output in outputs]
    notebook = new_notebook(cells=[new_markdown_cell("# A study"), *cells])
    run = Run("01-study", "demo", path, {"lang": lang}, ("companies",))
    path.write_text(render_page(notebook, run), encoding="utf-8")


@pytest.fixture
def opened(page, folder):
    """A page opened from its folder, ready, with the network cut; what it asked for is counted."""

    def show(name: str = "demo.en.html"):
        page.context.set_offline(True)
        page.goto((folder / name).as_uri())
        expect(page.locator(".live-chart svg")).to_be_visible()
        return page

    yield show
    assert page.complaints == []
    assert [url for url in page.requests if not url.startswith(("file:", "data:", "blob:"))] == []


def read_table(page) -> list[list[str]]:
    return page.locator(".live-table tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"
    )


def find(page, name: str):
    return page.locator(f".live-controls .live-{name} select")


def list_controls(page) -> list[str]:
    labels = page.locator(".live-controls label:visible")
    return labels.evaluate_all("all => all.map(label => label.firstChild.data)")


def test_the_first_view_is_the_estimate_table(opened):
    page, regional = opened(), estimate("companies")
    printed = tabulate_estimates(regional, read_wave("companies", "demo"))
    shown = read_table(page)
    assert [row[:4] for row in shown] == printed[
        ["Region", "%", "95% CI", "Base (n)"]
    ].to_numpy().tolist()
    expect(page.locator(".live-still")).to_be_hidden()
    expect(page.locator(SOURCE)).to_contain_text("FICTIONAL")
    assert page.locator(".live-map text", has_text="FICTIONAL").count() == 1
    assert page.locator(".live-chart text", has_text="FICTIONAL").count() == 1


@pytest.mark.parametrize("survey", ["companies", "associations"])
def test_the_map_has_the_colours_and_labels_of_the_still_one(opened, survey):
    page = opened()
    find(page, "survey").select_option(label=survey.capitalize())
    expect(page.locator(SOURCE)).to_contain_text(survey)
    tables = [estimate(name) for name in ("companies", "associations")]
    own = tables[survey == "associations"]
    layout = lay_out_map(read_regions("zones-2015"), own, breaks=find_breaks(*tables))
    expect(page.locator(AREAS)).to_have_count(len(layout.areas))
    fills = page.locator(AREAS).evaluate_all("all => all.map(area => area.getAttribute('fill'))")
    assert fills == list(layout.areas["fill"])
    labels = page.locator(".live-map .layer_4_marks text").all_text_contents()
    assert labels == list(layout.areas["label"])
    legend = page.locator(".live-signs li").all_text_contents()
    assert [re.sub("^[▲▼*]", "", text) for text in legend] == [e.label for e in layout.legend]


def test_each_state_of_a_missing_number_has_its_hatch_and_words(opened):
    page, wave = opened("2015.en.html"), read_wave("companies", "2015")
    table = estimate_question(wave, "has_partnership", by="region").query("answer == 'yes'")
    assert table["estimate"].isna().any()
    hatches = page.locator(".live-map .layer_1_marks path").evaluate_all(
        "all => all.map(area => area.getAttribute('fill')).filter(fill => fill.startsWith('url'))"
    )
    assert len(hatches) == table["estimate"].isna().sum()
    for address in set(hatches):
        name = re.search(r"#([\w-]+)", address)[1]
        assert page.locator(f".live-patterns [id='{name}']").count() == 1
    expect(page.locator(".live-signs")).to_contain_text("Not published")
    expect(page.locator(".live-signs")).to_contain_text("Approximate wording only (≈)")


def test_a_choice_changes_map_chart_table_and_sentence(opened):
    page = opened()
    before = page.locator(".live-map svg").inner_html(), read_table(page)
    find(page, "answer").select_option(label="No")
    expect(page.locator(".live-said")).to_contain_text(": No.")
    assert page.locator(".live-map svg").inner_html() != before[0]
    assert read_table(page) != before[1]
    assert page.locator(".live-said").get_attribute("role") == "status"
    find(page, "shown").select_option(label="All answers, all respondents")
    expect(page.locator(".live-territory")).to_be_hidden()
    expect(page.locator(".live-said")).not_to_contain_text(": No.")
    whole = estimate_question(read_wave("companies", "demo"), "has_partnership")
    assert [row[1] for row in read_table(page)] == [f"{100 * e:.1f}" for e in whole["estimate"]]


def test_every_control_offers_a_choice_that_changes_something(opened):
    page = opened()
    assert list_controls(page) == ["Survey", "Question", "Shown", "Answer"]
    for place in range(4):
        select = page.locator(".live-controls select:visible").nth(place)
        first = select.input_value()
        others = select.locator("option").evaluate_all("all => all.map(option => option.value)")
        assert len(others) > 1
        said = page.locator(".live-said").text_content()
        source = page.locator(SOURCE).text_content()
        select.select_option(next(value for value in others if value != first))
        page.wait_for_function(
            "([said, source]) => document.querySelector('.live-said').textContent !== said"
            " || document.querySelector('.live-drawn .live-source').textContent !== source",
            arg=[said, source],
        )
        select.select_option(first)
        expect(page.locator(".live-said")).to_have_text(said)


def test_the_answers_are_those_of_the_question(opened):
    page = opened()
    find(page, "question").select_option("partnership_type")
    codebook = read_wave("companies", "demo").codebook
    names = find(page, "answer").locator("option").all_text_contents()
    assert names == list(codebook.variable("partnership_type").labels().values())
    find(page, "shown").select_option("of:company_size")
    assert list_controls(page)[-1] == codebook.variable("company_size").label.en


def test_hovering_says_value_interval_base_and_mark(opened):
    page, regional = opened(), estimate("companies")
    name = read_wave("companies", "demo").codebook.variable("region").labels()
    printed = tabulate_estimates(regional, read_wave("companies", "demo"))
    for place in (0, 3):  # their middle lies inside them
        row, texts = regional.iloc[place], printed.iloc[place]
        codes = list(read_regions("zones-2015")["code"])
        zone = page.locator(ZONES).nth(codes.index(row["domain"]))
        zone.hover()
        tip = page.locator("#vg-tooltip-element")
        for words in (name[row["domain"]], texts["%"], texts["95% CI"], texts["Base (n)"]):
            expect(tip).to_contain_text(words)


def test_a_click_on_a_zone_shows_all_its_answers(opened):
    page = opened()
    page.locator(ZONES).first.click()
    expect(find(page, "shown")).to_have_value("of:region")
    code = read_regions("zones-2015")["code"].iloc[0]
    own = estimate_question(read_wave("companies", "demo"), "has_partnership", by="region")
    expect(find(page, "domain")).to_have_value(code)
    values = [f"{100 * e:.1f}" for e in own[own["domain"] == code]["estimate"].dropna()]
    assert [row[1] for row in read_table(page) if row[1]] == values


def test_the_keyboard_reaches_and_changes_every_control(opened):
    page = opened()
    page.locator(".live-controls select").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(SOURCE)).to_contain_text("associations")
    expect(page.locator(".live-controls select").first).to_be_focused()
    page.keyboard.press("Tab")
    expect(find(page, "question")).to_be_focused()


def test_numbers_and_words_are_those_of_the_language(opened):
    page = opened("demo.fr.html")
    assert list_controls(page)[0] == "Enquête"
    said = page.locator(".live-said").text_content()
    assert re.search(r"\d,\d\u202f%", said)
    assert re.search(r"n = 1\u202f\d{3}", said)
    assert "CI" not in said.replace("IC", "")
    assert page.locator(".live-map text", has_text="FICTIF").count() == 1
    page.locator(ZONES).first.hover()
    expect(page.locator("#vg-tooltip-element")).to_contain_text("IC à 95")


def test_without_a_script_a_still_view_and_a_table_remain(browser, folder):
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto((folder / "demo.en.html").as_uri())
    expect(page.locator(".live-still svg").first).to_be_visible()
    expect(page.locator(".live-still table")).to_be_visible()
    assert page.locator("main select, main input, main button, main [role=button]").count() == 0
    assert page.locator("svg.targets title").count() == 12  # a browser shows them by itself
    context.close()


def test_the_present_state_is_printed(opened):
    page = opened()
    find(page, "answer").select_option(label="No")
    expect(page.locator(".live-said")).to_contain_text(": No.")
    page.emulate_media(media="print")
    expect(page.locator(".live-controls")).to_be_hidden()
    expect(page.locator(".live-map svg")).to_be_visible()
    expect(page.locator(".live-drawn .live-title")).to_contain_text("No")
    expect(page.locator(".live-still")).to_be_hidden()


def test_nothing_is_wider_than_a_telephone(opened):
    page = opened()
    page.set_viewport_size({"width": 390, "height": 800})
    page.reload()
    expect(page.locator(".live-chart svg")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_parts_of_a_picture_are_said_under_the_pointer_and_by_the_arrow_keys(opened):
    page = opened()
    targets, tip = page.locator("svg.targets path"), page.locator(".tip")
    assert page.locator("svg.targets path[tabindex='0']").count() == 1
    targets.first.focus()
    first = targets.first.get_attribute("aria-label")
    expect(tip).to_have_text(first)
    page.keyboard.press("ArrowRight")
    expect(targets.nth(1)).to_be_focused()
    expect(tip).to_have_text(targets.nth(1).get_attribute("aria-label"))
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    targets.nth(4).hover()
    expect(tip).to_have_text(targets.nth(4).get_attribute("aria-label"))
    assert re.search(r"95% CI \d+–\d+, n = \d+", first)
