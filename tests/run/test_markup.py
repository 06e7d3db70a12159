"""Markup of pages: headings, tables, figures and ids, on cells small enough to read."""

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from great_tables import GT

from helpers.data.language import use_language
from helpers.run.markup import Heading, dress_content


def dress(html: str) -> BeautifulSoup:
    return BeautifulSoup(dress_content(html).html, "html.parser")


def test_headings_start_below_the_title_and_skip_no_level():
    content = dress_content("<h1>T</h1><h2>Été</h2><h4>B</h4><h1>C</h1><h3>D</h3>")
    assert content.headings == [
        Heading("ete", 2, "Été"), Heading("b", 3, "B"), Heading("c", 2, "C"), Heading("d", 3, "D"),
    ]  # fmt: skip
    assert "<h1" not in content.html


def test_a_heading_is_linked_by_its_words():
    [mark] = dress("<h2>What <em>changed</em></h2>").select("a")
    assert mark["href"] == "#what-changed"
    assert mark["aria-label"] == "Link to the section “What changed”"
    with use_language("fr"):
        [mark] = dress("<h2>Été</h2>").select("a")
    assert mark["aria-label"] == "Lien vers la section «\u00a0Été\u00a0»"


@pytest.mark.parametrize(
    ("html", "ids"),
    [
        ("<h2>A</h2><h2>A</h2>", ["a", "a-2"]),
        ('<p id="a"></p><h2>A</h2>', ["a", "a-2"]),
        ("<h2>«\u00a0?\u00a0»</h2>", ["section"]),
    ],
)
def test_ids_of_headings_are_free(html, ids):
    assert [tag["id"] for tag in dress(html).find_all(id=True)] == ids


def test_second_use_of_an_id_and_what_refers_to_it_change_together():
    svg = '<div class="output"><svg><clipPath id="c"/><path clip-path="url(#c)"/></svg></div>'
    first, second = dress(svg + svg).find_all("svg")
    assert (first.find(id=True)["id"], first.path["clip-path"]) == ("c", "url(#c)")
    assert (second.find(id=True)["id"], second.path["clip-path"]) == ("c-2", "url(#c-2)")


def test_great_table_becomes_a_plain_one():
    table = GT(pd.DataFrame({"Answer": ["Yes", "<b>"], "%": ["37.0", "5"]}), id="t")
    made = table.tab_header("Title & more", "Below").tab_source_note("Note").as_raw_html()
    soup = dress(f'<div class="output">{made}</div>')
    assert soup.caption.span.string == "Title & more"
    assert soup.caption.small.string == "Below"
    heads = [(head.string.strip(), head["scope"]) for head in soup.find_all("th")]
    assert heads == [("Answer", "col"), ("%", "col"), ("Yes", "row"), ("<b>", "row")]
    assert [cell.string for cell in soup.select("tbody td")] == ["37.0", "5"]
    assert soup.tfoot is None
    assert soup.select_one(".scroll + p.note").get_text(strip=True) == "Note"
    assert soup.select("style, [headers], tr.gt_heading") == []
    region = soup.table.parent
    assert (region["role"], region["tabindex"]) == ("group", "0")
    assert region["aria-label"].startswith("Title & more")


def test_styles_that_belong_to_no_table_stay():
    assert dress("<div><style>p {}</style><p>x</p></div>").style


def test_a_number_or_a_blank_names_no_row():
    rows = "<tr><td>2019</td><td>1</td></tr><tr><td></td><td>2</td></tr><tr><td>alone</td></tr>"
    assert dress(f"<table><tbody>{rows}</tbody></table>").find_all("th") == []


def test_head_without_words_goes_out():
    html = "<table><thead><tr><th></th></tr></thead><tbody><tr><td>None.</td></tr></tbody></table>"
    assert dress(html).thead is None


def test_heads_over_several_columns_say_so():
    html = '<table><thead><tr><th colspan="2">2015</th></tr></thead><tbody></tbody></table>'
    assert dress(html).th["scope"] == "colgroup"


def test_long_names_may_break_after_a_stroke_and_stay_the_same_text():
    html = "<table><tbody><tr><td>data/published/some_figures.csv</td><td>a/b_c</td></tr></table>"
    first, second = dress(html).find_all(["th", "td"])
    assert first.decode_contents() == "data/<wbr/>published/<wbr/>some_<wbr/>figures.csv"
    assert second.decode_contents() == "a/b_c"


def test_words_quoted_in_the_other_language_are_marked():
    html = (
        "<table><thead><tr><th>Id</th><th>French</th><th>English</th></tr></thead><tbody>"
        "<tr><td>a</td><td>Oui</td><td>Yes</td></tr></tbody></table>"
    )
    assert [(tag.string, tag["lang"]) for tag in dress(html).select("[lang]")] == [("Oui", "fr")]


def test_short_words_of_a_figure_stay_whole():
    soup = dress('<img src="data:," alt="Two bars. The first is higher.">')
    assert soup.figure.img["alt"] == "Two bars. The first is higher."
    assert soup.figcaption is None


def test_long_words_of_a_figure_open_below_it():
    words = "A map of regions. " + "Region 43%; about 50% (approximate). " * 8
    soup = dress(f'<img src="data:," alt="{words}">')
    assert soup.img["alt"].startswith("A map of regions. Region 43%")
    assert len(soup.img["alt"]) <= 160
    assert soup.figcaption.details.p.string == words.strip()


def test_a_title_alone_does_not_stand_for_a_figure():
    sentence = "Of its regions " + "one is higher than the rest and " * 6 + "the others are not."
    words = f"Pays de la Loire. {sentence} More."
    assert dress(f'<img src="data:," alt="{words}">').img["alt"] == f"Pays de la Loire. {sentence}"


def test_a_first_sentence_is_never_cut():
    sentence = "One sentence " + "that goes on " * 20 + "to its end."
    assert dress(f'<img src="data:," alt="{sentence} More.">').img["alt"] == sentence
