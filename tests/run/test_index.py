"""The index: the pages there are, what they show, in each language."""

import pytest
from bs4 import BeautifulSoup

from helpers.data.language import LANGUAGES
from helpers.run.index import write_index
from helpers.run.pages import write_page
from helpers.view.provenance import WORDS


def read(path):
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def test_index_lists_the_pages_there_are(collection):
    collection.write_study("00-guide", surveys=())
    collection.write_study("01-mayors")
    collection.write_study("02-unrun")
    reports = collection.path("reports")
    for page in ("00-guide.html", "2016/01-mayors.html", "demo/01-mayors.html"):
        write_page("page", reports / page)
    soup = read(write_index()[0])
    links = [link["href"] for link in soup.select("main a")]
    assert links == ["00-guide.html", "2016/01-mayors.html", "demo/01-mayors.html"]
    assert all((reports / link).is_file() for link in links)
    text = soup.get_text()
    assert WORDS["reconstructed"] in text
    assert WORDS["demo"] in text
    assert "02-unrun" not in text
    assert "What of 01-mayors?" in text
    assert soup.html["lang"] == "en"


def test_index_escapes_titles(collection):
    collection.write_study("01-<b>&", surveys=())
    write_page("page", collection.path("reports") / "01-<b>&.html")
    text = write_index()[0].read_text(encoding="utf-8")
    assert "<b>" not in text
    assert "What of 01-&lt;b&gt;&amp;?" in text


def test_study_over_every_wave_says_what_it_shows(collection):
    collection.write_study("06-all", surveys=("citizens",), waves="all")
    write_page("page", collection.path("reports") / "06-all.html")
    text = read(write_index()[0]).get_text()
    assert "Every wave" in text
    for kind in ("published", "reconstructed"):
        assert WORDS[kind] in text
    assert WORDS["demo"] not in text


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
    soup = read(write_index()[0])
    links = [link["href"] for link in soup.select("main a")]
    page = "2016/05-portrait"
    portraits = [f"{page}--region=53.html", f"{page}--region=94.html"]
    others = [f"{page}.html", f"{page}--region=53,alpha=0.1.html", f"{page}--region=99.html"]
    assert links == [*others, *portraits, *portraits]
    assert all((reports / link).is_file() for link in links)
    named = [link.get("aria-label") for link in soup.select("a")]
    assert [name for name in named if name] == ["Bretagne", "Corse"]
    assert len(soup.select("path")) == 13
    assert "Wave 2016, by region. RECONSTRUCTED" in soup.get_text()


def test_index_of_a_study_of_any_wave(collection):
    """The wave 2015 of companies is reconstructed; mayors, named first, have none."""
    collection.write_study("05-portrait", surveys=("mayors", "companies"), waves="any")
    write_page("page", collection.path("reports") / "2015/05-portrait.html")
    assert WORDS["reconstructed"] in read(write_index()[0]).get_text()


PICTURE = '<img src="data:image/png;base64,{}" alt="A figure">'


def test_index_in_every_language_leads_to_its_own_pages_and_to_the_other(collection):
    collection.write_study("01-mayors")
    for name in ("01-mayors.en.html", "01-mayors.fr.html", "01-mayors--alpha=0.1.fr.html"):
        write_page("page", collection.path("reports/2016") / name)
    english, french = map(read, write_index())
    assert [soup.html["lang"] for soup in (english, french)] == list(LANGUAGES)
    links = [[link["href"] for link in soup.select("a[href*=html]")] for soup in (english, french)]
    assert links[0] == ["index.fr.html", "2016/01-mayors.en.html"]
    ended = "2016/01-mayors--alpha=0.1.fr.html"
    assert links[1] == ["index.html", "2016/01-mayors.fr.html", ended]
    assert "Vague 2016 (alpha=0.1)" in french.get_text()


def test_index_shows_the_first_figure_of_a_page(collection, png):
    collection.write_study("01-mayors")
    page = f"<p>text</p>{PICTURE.format(png)}{PICTURE.format('x')}"
    write_page(page, collection.path("reports/2016/01-mayors.html"))
    write_page("no figure", collection.path("reports/demo/01-mayors.html"))
    first, second = read(write_index()[0]).select("ul.pages > li")
    assert first.img["src"].startswith("data:image/webp;base64,")
    assert first.img["alt"] == ""  # the link beside it says where it leads
    assert second.img is None


def test_badges_name_every_kind_of_data_a_page_rests_on(collection):
    """Mayors of 2016 are reconstructed; a wave of the same name of companies may be another."""
    collection.write_study("05-portrait", surveys=("mayors", "citizens"), waves="any")
    write_page("page", collection.path("reports/2019/05-portrait.html"))
    [page] = read(write_index()[0]).select("ul.pages > li")
    assert [badge.strong.string for badge in page.select(".badge")] == ["RECONSTRUCTED"]


def test_index_lists_comparisons_and_codebooks(collection):
    page = (
        '<html lang="{lang}"><title>{title}</title><p class="provenance"><strong>2015: REAL'
        "</strong> more</p></html>"
    )
    for name, lang, title in (
        ("compare/a-1-2.html", "en", "a &lt;b&gt; changed"),
        ("codebook/mayors.html", "en", "mayors"),
        ("compare/c-1-2.fr.html", "fr", "c a changé"),
    ):
        write_page(page.format(lang=lang, title=title), collection.path(f"reports/{name}"))
    english, french = map(read, write_index())
    links = [link["href"] for link in english.select(".shelf a")]
    assert links == ["compare/a-1-2.html", "codebook/mayors.html"]
    assert english.select_one(".shelf a").string == "a <b> changed"
    assert english.select_one(".shelf small").string == "2015: REAL"
    links = {link["href"]: link.get("lang") for link in french.select(".shelf a")}
    assert links == {
        "compare/a-1-2.html": "en", "compare/c-1-2.fr.html": None, "codebook/mayors.html": "en",
    }  # fmt: skip


def test_search_is_hidden_where_no_script_runs(collection):
    soup = read(write_index()[0])
    assert soup.search.has_attr("hidden")
    assert soup.search.label["for"] == soup.search.input["id"]


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "=cmd()", "../../x", '"><b>'])
def test_text_of_a_notebook_is_text_in_the_index(collection, text):
    collection.write_study("01-x", surveys=(), shows=text)
    write_page("page", collection.path("reports/01-x.html"))
    soup = read(write_index()[0])
    assert text in soup.main.get_text()
    assert not soup.main.select("script, b")
