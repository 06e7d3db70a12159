"""Rendered pages open without a network, complain of nothing and fold their code."""

import nbformat
import pytest

from helpers.data.catalog import read_studies
from helpers.run.plans import Run
from helpers.run.site import render_page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", params=list(read_studies().itertuples()), ids=lambda s: s.study)
def rendered(request, tmp_path_factory):
    """Page of a notebook with its stored outputs."""
    study = request.param
    wave = study.waves[0] if study.waves else ""
    notebook = nbformat.read(study.path, as_version=4)
    path = tmp_path_factory.mktemp("page") / f"{study.study}.html"
    path.write_text(render_page(notebook, Run(study.study, wave, study.path)), encoding="utf-8")
    return path


def test_page_is_one_file_that_asks_for_nothing(page, rendered):
    page.goto(rendered.as_uri())
    assert [url for url in page.requests if not url.startswith(("file:", "data:"))] == []
    assert page.complaints == []


def test_pictures_are_whole_and_described(page, rendered):
    page.goto(rendered.as_uri())
    pictures = page.locator("main img")
    for number in range(pictures.count()):
        picture = pictures.nth(number)
        assert picture.evaluate("image => image.complete && image.naturalWidth > 300")
        assert len(picture.get_attribute("alt")) > 20


def test_code_is_folded_and_opens(page, rendered):
    page.goto(rendered.as_uri())
    folded = page.locator("details.code").last
    assert not folded.locator(".highlight").is_visible()
    folded.locator("summary").click()
    assert folded.locator(".highlight").is_visible()


def test_no_part_is_wider_than_the_window(page, rendered):
    page.goto(rendered.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_no_control_that_needs_a_kernel(page, rendered):
    page.goto(rendered.as_uri())
    assert page.locator("main .jupyter-widgets").count() == 0
    assert page.locator("main select:not(.live select)").count() == 0
