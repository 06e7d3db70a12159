"""A page carries the library once, and only if something on it is drawn by the page."""

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers.run.live import place_live
from helpers.run.plans import Run
from helpers.run.site import render_page
from helpers.view.live import LIVE, LivePart

MARKUP = '<section class="live"><p>still</p><script type="application/json">{}</script></section>'


def write_notebook(*parts: LivePart) -> nbformat.NotebookNode:
    outputs = [new_output("execute_result", part._repr_mimebundle_()) for part in parts]
    cells = [new_code_cell("show_explorer()", outputs=[output]) for output in outputs]
    return new_notebook(cells=[new_markdown_cell("# Title"), *cells])


def render(notebook, tmp_path) -> str:
    return render_page(notebook, Run("02-study", "2016", tmp_path / "02-study.ipynb"))


def test_the_explorer_stands_where_the_notebook_has_a_line():
    notebook = write_notebook(LivePart(MARKUP, "one line"))
    place_live(notebook)
    assert notebook.cells[1].outputs[0].data == {"text/html": MARKUP}


def test_a_page_with_two_explorers_holds_the_library_once(tmp_path):
    page = render(write_notebook(LivePart(MARKUP, "a line"), LivePart(MARKUP, "a line")), tmp_path)
    assert page.count("window.vegaEmbed=") == 1
    assert page.count("class LiveExplorer") == 1
    assert page.count('<section class="live">') == 2
    assert "a line" not in page


def test_a_page_without_an_explorer_holds_no_library(tmp_path):
    page = render(write_notebook(), tmp_path)
    assert "vegaEmbed" not in page
    assert "section.live" not in page


def test_the_library_asks_for_nothing_and_cannot_end_its_element():
    live = place_live(write_notebook(LivePart(MARKUP, "one line")))
    assert len(live.library) < 1_000_000
    for text in (live.library, *live.scripts):
        assert "</script" not in text
        assert "<!--" not in text
    assert LIVE not in live.library
