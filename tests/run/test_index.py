"""The index: the pages there are, what they show, in each language."""

from bs4 import BeautifulSoup

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
    text = write_index()[0].read_text(encoding="utf-8")
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
    assert WORDS["reconstructed"] in write_index()[0].read_text(encoding="utf-8")
