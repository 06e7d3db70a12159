"""The methodology notice is folded on a screen and printed whole."""

from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

from helpers.run.plans import Run
from helpers.run.site import render_page

pytestmark = pytest.mark.browser


def test_notice_is_folded_on_screen_and_open_on_paper(page, tmp_path):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Any")])
    run = Run("02-any", "2016", Path("02-any.ipynb"), {}, ("mayors",))
    path = tmp_path / "02-any.html"
    path.write_text(render_page(notebook, run), encoding="utf-8")
    page.goto(path.as_uri())
    row = page.get_by_role("row", name="Incentives", include_hidden=True)
    expect(row).not_to_be_visible()
    page.emulate_media(media="print")
    expect(row).to_be_visible()
    page.emulate_media(media="screen")
    page.locator("details.notice > summary").click()
    expect(row).to_be_visible()
    assert page.complaints == []
