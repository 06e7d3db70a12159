"""Pages that need no network, say what they show, and fold their code."""

import itertools
import re
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup

from helpers.data.language import tr, use_language
from helpers.run.downloads import Downloads, Link
from helpers.run.live import Live
from helpers.run.pages import render_template, write_page
from helpers.run.plans import Run
from helpers.run.site import render_page
from helpers.view.provenance import WORDS

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)
ATTACK = '<script>alert(1)</script> =cmd() ../ "quoted"'


def render(notebook, wave="2016", **more) -> str:
    return render_page(notebook, Run("02-study", wave, Path("02-study.ipynb")), **more)


def parse(page: str) -> BeautifulSoup:
    return BeautifulSoup(page, "html.parser")


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.stem)
def page(request):
    notebook = nbformat.read(request.param, as_version=4)
    return notebook, render(notebook)


def test_page_asks_nothing_of_a_network(page):
    soup = parse(page[1])
    assert soup.select("link, iframe, embed, object, script[src]") == []
    names = ("src", "srcset", "data", "poster")
    loaded = [tag[name] for tag in soup.find_all(True) for name in names if tag.get(name)]
    assert [address[:60] for address in loaded if not address.startswith("data:")] == []
    for script in soup.find_all("script"):
        script.decompose()  # what a script writes, its own test opens in a browser
    assert re.findall(r"@import[^;]*|url\(\s*[\"']?(?!data:|#)[^)]{0,60}", str(soup)) == []
    policy = soup.select_one('meta[http-equiv="Content-Security-Policy"]')["content"]
    assert policy.startswith("default-src 'none'")
    assert "http" not in policy


def test_page_is_small(page):
    assert len(page[1].encode()) < 3_000_000


def test_page_states_its_language_and_title(page):
    soup = parse(page[1])
    assert soup.html["lang"] == "en"
    assert soup.title.string.endswith(" · 2016")
    assert soup.h1.string == page[0].cells[0].source.splitlines()[0].lstrip("# ")


def test_headings_follow_one_another(page):
    soup = parse(page[1])
    levels = [int(tag.name[1]) for tag in soup.find_all(re.compile("^h[1-6]$"))]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_contents_lead_to_every_section(page):
    soup = parse(page[1])
    links = [link["href"][1:] for link in soup.select("nav.contents a")]
    sections = [tag["id"] for tag in soup.select("main :is(h2, h3)[id]")]
    assert links == sections
    assert len(links) > 5
    assert [mark["href"][1:] for mark in soup.select(".heading a")] == sections


def test_an_id_stands_for_one_element(page):
    names = [tag["id"] for tag in parse(page[1]).find_all(id=True)]
    assert len(names) == len(set(names))


def test_tables_are_named_and_their_headers_have_a_scope(page):
    tables = parse(page[1]).select("main table")
    assert tables
    for table in tables:
        assert table.caption.get_text(strip=True)
        assert table.parent["aria-label"].startswith(table.caption.get_text(" ", strip=True))
        assert all(head.get("scope") for head in table.find_all("th"))
        assert not table.select("style, [headers]")


def test_every_image_has_words(page):
    images = parse(page[1]).select("figure img")
    outputs = [out for cell in page[0].cells for out in cell.get("outputs", [])]
    given = [
        out["metadata"]["image/png"]["alt"] for out in outputs if "image/png" in out.get("data", {})
    ]
    assert len(images) == len(given)
    for image, words in zip(images, given, strict=True):
        described = image.find_parent("figure").find("figcaption")
        assert len(image["alt"]) >= 20
        assert words.startswith(image["alt"])
        assert image["alt"] == words or described.p.string == words


def test_code_is_folded(page):
    folds = parse(page[1]).select("details.code")
    cells = [cell for cell in page[0].cells if cell.cell_type == "code"]
    shown = [cell for cell in cells if "notebook-only" not in cell.metadata.get("tags", [])]
    assert len(folds) == len(shown)
    parameters = [c for c in shown if "parameters" in c.metadata.get("tags", [])]
    assert sum(fold.has_attr("open") for fold in folds) == len(parameters) == 1


def test_page_leads_back_to_the_index(page):
    assert parse(page[1]).select_one("header nav a")["href"] == "../index.html"


def make_notebook(*cells, title="Any title"):
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(f"# {title}"), *cells])


def make_output(**data):
    kinds = {"html": "text/html", "markdown": "text/markdown", "plain": "text/plain"}
    output = nbformat.v4.new_output(
        "display_data", data={kinds[name]: text for name, text in data.items()}
    )
    return nbformat.v4.new_code_cell("show()", outputs=[output])


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
    assert [img["alt"] for img in parse(page).select("img")] == [words]


@pytest.mark.parametrize("kind", ["markdown", "plain"])
def test_tags_in_computed_text_are_shown_not_obeyed(kind):
    page = render(make_notebook(make_output(**{kind: f"Label: {ATTACK}"})))
    soup = parse(page)
    assert not soup.main.select("script")
    assert ATTACK in soup.main.get_text()


def test_a_title_or_wave_is_no_markup():
    link = Link(file=ATTACK, href=ATTACK, label=ATTACK, size=1)
    page = render_template(
        "study/page.html.j2", lang="en", title=ATTACK, wave=ATTACK, badges=[], shows="",
        index=ATTACK, others=[{"href": ATTACK, "lang": "fr", "name": ATTACK}], headings=[],
        content="",
        downloads=Downloads(ATTACK, [link], [(ATTACK, [link])], pdf=ATTACK),
        live=Live("", [], ""),
    )  # fmt: skip
    soup = parse(page)
    assert "alert" not in "".join(script.string for script in soup.find_all("script"))
    assert soup.h1.string == ATTACK
    assert soup.select_one(".downloads a")["download"] == ATTACK
    assert soup.title.string.count(ATTACK) == 2
    assert "<script>alert" not in soup.style.string
    assert '"quoted' not in soup.style.string


def test_page_links_to_the_other_language():
    run = Run("02-study", "2016", Path("02-study.ipynb"), {"lang": "fr"})
    other = Run("02-study", "2016", Path("02-study.ipynb"), {"lang": "en"})
    soup = parse(render_page(make_notebook(), run, others=[other]))
    assert soup.html["lang"] == "fr"
    index, english = soup.select("header nav a")
    assert index["href"] == "../index.fr.html"
    with use_language("fr"):
        assert index.string == tr("All studies") != "All studies"
    assert (english["href"], english["lang"]) == ("02-study.en.html", "en")


def test_guide_without_a_wave_lies_beside_the_index():
    soup = parse(render(make_notebook(), wave=""))
    assert soup.select_one("header nav a")["href"] == "index.html"
    assert soup.title.string == "Any title"


def test_page_without_waves_says_what_its_study_shows():
    notebook = make_notebook()
    notebook.metadata["study"] = {"question": "?", "surveys": [], "shows": f"REAL counts {ATTACK}"}
    assert parse(render(notebook, wave="")).select_one(".provenance").string.endswith(ATTACK)


def test_page_over_every_wave_shows_every_kind():
    run = Run("06-all", "", Path("06-all.ipynb"), {}, ("citizens",))
    soup = parse(render_page(make_notebook(), run))
    assert soup.title.string == "Any title · PUBLISHED · RECONSTRUCTED"
    shown = [badge.get_text() for badge in soup.select(".provenance")]
    assert shown == [WORDS["published"], WORDS["reconstructed"]]


def test_page_is_written_whole_or_not_at_all(tmp_path):
    path = tmp_path / "reports" / "2016" / "page.html"
    assert write_page("été", path) == path
    assert path.read_text(encoding="utf-8") == "été"
    with pytest.raises(UnicodeEncodeError):
        write_page("\ud800", path)
    assert path.read_text(encoding="utf-8") == "été"
    write_page("second", path)
    assert path.read_text(encoding="utf-8") == "second"
