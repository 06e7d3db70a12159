"""A reader copies the id of a number by mouse or keyboard, and one tab stop a table is enough."""

from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

from helpers.data.responses import read_wave
from helpers.run.plans import Run
from helpers.run.site import render_page
from helpers.stats.results import estimate_question
from helpers.view.tables import show_estimates

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def rendered(checkout, tmp_path_factory):
    wave = read_wave("companies", "demo", root=checkout)
    table = show_estimates(
        estimate_question(wave, "has_partnership", by="region"), wave, title="By region"
    )
    output = nbformat.v4.new_output("display_data", data={"text/html": table.as_raw_html()})
    cells = [
        nbformat.v4.new_markdown_cell("# Any"),
        nbformat.v4.new_code_cell("show()", outputs=[output]),
    ]
    run = Run("01-any", "demo", Path("01-any.ipynb"), {}, ("companies",))
    path = tmp_path_factory.mktemp("page") / "01-any.html"
    path.write_text(render_page(nbformat.v4.new_notebook(cells=cells), run), encoding="utf-8")
    return path


def test_only_tables_with_ids_have_the_button(page, rendered):
    page.goto(rendered.as_uri())
    expect(page.get_by_role("button", name="Copy ids of numbers")).to_have_count(1)
    assert page.locator("main table").count() > 3


def test_keyboard(page, rendered):
    page.goto(rendered.as_uri())
    button = page.get_by_role("button", name="Copy ids of numbers")
    status = page.locator(".copy:has-text('Copy ids') [role=status]")
    numbers = page.locator("main data[value]")
    assert page.locator("data[tabindex]").count() == 0
    button.press("Enter")
    expect(status).to_contain_text("Choose a number")
    assert page.locator("data[tabindex='0']").count() == 1
    numbers.nth(0).focus()
    numbers.nth(0).press("ArrowDown")
    expect(numbers.nth(1)).to_be_focused()
    numbers.nth(1).press("Enter")
    expect(status).to_contain_text(numbers.nth(1).get_attribute("value"))
    numbers.nth(1).press("Escape")
    expect(button).to_be_focused()
    assert page.locator("data[role]").count() == 0
    assert page.complaints == []


def test_mouse_copies_only_when_asked(browser, rendered):
    context = browser.new_context()
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(rendered.as_uri())
    page.evaluate("navigator.clipboard.writeText('before')")
    number = page.locator("main data[value]").nth(2)
    number.click()
    assert page.evaluate("navigator.clipboard.readText()") == "before"
    page.get_by_role("button", name="Copy ids of numbers").click()
    number.click()
    expect(page.locator(".copy:has-text('Copy ids') [role=status]")).to_contain_text("Copied:")
    assert page.evaluate("navigator.clipboard.readText()") == number.get_attribute("value")
    context.close()


def test_bibtex_is_copied(browser, rendered):
    context = browser.new_context()
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(rendered.as_uri())
    page.get_by_text("BibTeX", exact=True).click()
    page.get_by_role("button", name="Copy BibTeX").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").startswith("@misc{01-any-demo-")
    context.close()
