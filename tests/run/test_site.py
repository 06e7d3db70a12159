"""Pages that need no network, say what they show, and fold their code."""

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest

from helpers.run.plans import Run
from helpers.run.site import render_page, write_index, write_page
from helpers.view.provenance import WORDS

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)


class Tags(HTMLParser):
    """Collects (tag, attributes) of a page."""

    def __init__(self, page: str):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def select(self, name: str) -> list[dict]:
        return [attributes for tag, attributes in self.found if tag == name]


def render(notebook, wave="2016") -> str:
    return render_page(notebook, Run("02-study", wave, Path("02-study.ipynb")))


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.stem)
def page(request):
    notebook = nbformat.read(request.param, as_version=4)
    return notebook, render(notebook)


def test_page_asks_nothing_of_a_network(page):
    tags = Tags(page[1])
    for tag in ("script", "link", "iframe", "embed", "object"):
        assert tags.select(tag) == []
    loaded = [a.get(k) or "" for tag, a in tags.found for k in ("src", "srcset", "data", "poster")]
    assert [address[:60] for address in loaded if address and not address.startswith("data:")] == []
    assert re.findall(r"@import[^;]*|url\(\s*[\"']?(?!data:)[^)]{0,60}", page[1]) == []


def test_page_states_its_language_and_title(page):
    tags = Tags(page[1])
    assert [html.get("lang") for html in tags.select("html")] == ["en"]
    title = re.search(r"<title>(.*?)</title>", page[1])[1]
    assert title.endswith(" · 2016")
    assert len(title) > 12


def test_every_image_has_words(page):
    images = Tags(page[1]).select("img")
    outputs = [out for cell in page[0].cells for out in cell.get("outputs", [])]
    assert len(images) == sum("image/png" in out.get("data", {}) for out in outputs)
    assert [image["src"][:30] for image in images if len(image.get("alt") or "") < 20] == []


def test_code_is_folded(page):
    tags = Tags(page[1])
    folds = [fold for fold in tags.select("details") if fold.get("class") == "code"]
    cells = [cell for cell in page[0].cells if cell.cell_type == "code"]
    shown = [cell for cell in cells if "notebook-only" not in cell.metadata.get("tags", [])]
    assert len(folds) == len(shown)
    parameters = [c for c in shown if "parameters" in c.metadata.get("tags", [])]
    assert sum("open" in fold for fold in folds) == len(parameters) == 1


def test_page_leads_back_to_the_index(page):
    addresses = [link.get("href") for link in Tags(page[1]).select("a")]
    assert addresses[0] == "../index.html"


def make_notebook(*cells):
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Any title"), *cells])


def test_notebook_only_cells_stay_out():
    kept = nbformat.v4.new_code_cell("kept = 'here'")
    code = nbformat.v4.new_code_cell("dropped = 'here'", metadata={"tags": ["notebook-only"]})
    text = nbformat.v4.new_markdown_cell("## Setup", metadata={"tags": ["notebook-only"]})
    page = render(make_notebook(kept, code, text))
    assert "kept" in page
    assert "dropped" not in page
    assert "Setup" not in page


def test_words_of_an_image_are_escaped():
    words = 'Share of "yes" <by> région & size'
    image = nbformat.v4.new_output(
        "display_data", data={"image/png": PIXEL}, metadata={"image/png": {"alt": words}}
    )
    page = render(make_notebook(nbformat.v4.new_code_cell("draw()", outputs=[image])))
    assert [img["alt"] for img in Tags(page).select("img")] == [words]


def test_guide_without_a_wave_lies_beside_the_index():
    page = render(make_notebook(), wave="")
    assert Tags(page).select("a")[0]["href"] == "index.html"
    assert "<title>Any title</title>" in page


def test_page_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "reports" / "2016" / "page.html"
    assert write_page("été", path) == path
    assert path.read_text(encoding="utf-8") == "été"
    with pytest.raises(UnicodeEncodeError):
        write_page("\ud800", path)
    assert path.read_text(encoding="utf-8") == "été"
    write_page("second", path)
    assert path.read_text(encoding="utf-8") == "second"


def test_index_lists_the_pages_there_are(collection):
    collection.write_study("00-guide", surveys=())
    collection.write_study("01-mayors")
    collection.write_study("02-unrun")
    reports = collection.path("reports")
    for page in ("00-guide.html", "2016/01-mayors.html", "demo/01-mayors.html"):
        write_page("page", reports / page)
    index = write_index()[0]
    text = index.read_text(encoding="utf-8")
    links = [link["href"] for link in Tags(text).select("a")]
    assert links == ["00-guide.html", "2016/01-mayors.html", "demo/01-mayors.html"]
    assert all((reports / link).is_file() for link in links)
    assert WORDS["reconstructed"] in text
    assert WORDS["demo"] in text
    assert "02-unrun" not in text
    assert "What of 01-mayors?" in text
    assert Counter(tag for tag, _ in Tags(text).found)["script"] == 0
    assert Tags(text).select("html") == [{"lang": "en"}]


def test_index_escapes_titles(collection):
    collection.write_study("01-<b>&", surveys=())
    write_page("page", collection.path("reports") / "01-<b>&.html")
    text = write_index()[0].read_text(encoding="utf-8")
    assert "<b>" not in text
    assert "What of 01-&lt;b&gt;&amp;?" in text


def test_study_over_every_wave_says_what_it_shows(collection):
    collection.write_study("06-all", surveys=("citizens",), waves="all")
    write_page("page", collection.path("reports") / "06-all.html")
    text = write_index()[0].read_text(encoding="utf-8")
    assert "Every wave" in text
    for kind in ("published", "reconstructed"):
        assert WORDS[kind] in text
    assert WORDS["demo"] not in text
    page = render_page(make_notebook(), Run("06-all", "", Path("06-all.ipynb"), {}, ("citizens",)))
    title = re.search(r"<title>(.*?)</title>", page)[1]
    assert title == "Any title · PUBLISHED · RECONSTRUCTED"
    assert WORDS["published"] in page


def test_index_when_a_wave_of_the_series_is_not_valid(collection):
    collection.write_study("06-all", surveys=("citizens",), waves="all")
    write_page("page", collection.path("reports") / "06-all.html")
    collection.edit("data/surveys/citizens/2019/wave.yaml", "n: 2400", "n: 0")
    assert "its wave.yaml is not valid any more" in write_index()[0].read_text(encoding="utf-8")


def test_index_maps_the_regions_of_a_study(collection):
    collection.write_study("05-portrait")
    reports = collection.path("reports")
    for name in ("", "--region=53", "--region=94", "--region=99", "--region=53,alpha=0.1"):
        write_page("page", reports / f"2016/05-portrait{name}.html")
    text = write_index()[0].read_text(encoding="utf-8")
    links = [link["href"] for link in Tags(text).select("a")]
    page = "2016/05-portrait"
    portraits = [f"{page}--region=53.html", f"{page}--region=94.html"]
    others = [f"{page}.html", f"{page}--region=53,alpha=0.1.html", f"{page}--region=99.html"]
    assert links == [*others, *portraits, *portraits]
    assert all((reports / link).is_file() for link in links)
    named = [link.get("aria-label") for link in Tags(text).select("a")]
    assert [name for name in named if name] == ["Bretagne", "Corse"]
    assert len(Tags(text).select("path")) == 13
    assert "Wave 2016, by region. RECONSTRUCTED" in text


def test_index_of_a_study_of_any_wave(collection):
    """The wave 2015 of companies is reconstructed; mayors, named first, have none."""
    collection.write_study("05-portrait", surveys=("mayors", "companies"), waves="any")
    write_page("page", collection.path("reports") / "2015/05-portrait.html")
    assert WORDS["reconstructed"] in write_index()[0].read_text(encoding="utf-8")
