"""The chart on a screen places its points by the numbers and writes what the printed one writes."""

from xml.etree import ElementTree

import matplotlib.pyplot as plt
import pytest

from helpers.data.responses import read_wave
from helpers.stats.results import estimate_question
from helpers.view.charts import draw_domains, draw_shares
from helpers.view.sentences import pick
from helpers.view.svg_charts import write_chart

SVG = "{http://www.w3.org/2000/svg}"
LEFT, PLOT = 210, 330  # where the scale begins, and its length


@pytest.fixture(scope="module")
def wave():
    return read_wave("companies", "demo")


def parse(markup):
    svg = ElementTree.fromstring(markup)
    rows = {g.get("data-code"): g for g in svg.iter(f"{SVG}g") if g.get("data-code")}
    return svg, rows


def part(row, name):
    return next(node for node in row.iter() if node.get("class") == name)


def test_points_intervals_and_fills_follow_the_table(wave):
    table = estimate_question(wave, "has_partnership", by="region").query("answer == 'yes'")
    _, rows = parse(write_chart(table, wave.codebook.variable("region").labels(), colour="red"))
    assert list(rows) == list(table["domain"])
    for row in table.itertuples():
        point = part(rows[row.domain], "point")
        assert float(point.get("cx")) == pytest.approx(LEFT + PLOT * row.estimate, abs=0.01)
        assert (point.get("fill") == "red") == (row.mark in ("higher", "lower"))
        ends = part(rows[row.domain], "interval").get("d").lstrip("M").replace("H", " ").split()
        assert float(ends[0]) == pytest.approx(LEFT + PLOT * row.ci_low, abs=0.01)
        assert float(ends[2]) == pytest.approx(LEFT + PLOT * row.ci_high, abs=0.01)


def test_it_writes_the_values_of_the_printed_chart(wave):
    table = estimate_question(wave, "has_partnership", by="region").query("answer == 'yes'")
    labels = wave.codebook.variable("region").labels()
    whole = pick(estimate_question(wave, "has_partnership"), "yes")
    svg, rows = parse(write_chart(table, labels, whole=whole))
    ax = draw_domains(table, labels, title="t", whole=whole)
    printed = [text.get_text() for text in ax.texts if text.get_text().endswith("%")]
    drawn = [part(row, "value").text for row in rows.values()]
    assert [*drawn, "".join(part(svg, "whole").itertext())] == [*printed[1:], printed[0]]
    plt.close("all")


def test_bars_have_the_length_of_the_printed_ones(wave):
    table = estimate_question(wave, "partnership_type")
    labels = wave.codebook.variable("partnership_type").labels()
    _, rows = parse(write_chart(table, labels, key="answer"))
    printed = [bar.get_width() for bar in draw_shares(table, labels, title="t").containers[0]]
    lengths = [float(part(row, "bar").get("width")) / PLOT * 100 for row in rows.values()]
    assert lengths == pytest.approx(printed, abs=0.01)
    plt.close("all")


def test_what_is_missing_is_written_where_the_point_would_be(wave):
    table = estimate_question(read_wave("companies", "2015"), "has_partnership", by="region")
    table = table[table["answer"] == "yes"]
    readings = table.head(1).assign(value=0.5, legibility="approximate wording")
    _, rows = parse(
        write_chart(table, wave.codebook.variable("region").labels(), readings=readings)
    )
    assert part(rows["11"], "missing").text == "≈ 50% (approximate wording)"
    assert part(rows["24"], "missing").text == "not published"
    assert part(rows["52"], "value").text == "43%"


def test_the_chosen_row_stands_out_and_each_can_be_reached(wave):
    table = estimate_question(wave, "has_partnership", by="region").query("answer == 'yes'")
    _, rows = parse(write_chart(table, wave.codebook.variable("region").labels(), chosen="53"))
    assert [code for code, row in rows.items() if row.get("aria-pressed") == "true"] == ["53"]
    assert part(rows["53"], "edge").get("fill") != part(rows["11"], "edge").get("fill")
    assert all(row.get("tabindex") == "0" and row.get("aria-label") for row in rows.values())


def test_text_from_a_codebook_is_escaped(wave):
    table = estimate_question(wave, "has_partnership")
    labels = {"yes": 'Yes & <script>"x"</script>', "no": "No"}
    _, rows = parse(write_chart(table, labels, key="answer"))
    assert rows["yes"].get("aria-label").startswith('Yes & <script>"x"</script>: 39%')


def test_long_names_are_wrapped_not_cut(wave):
    table = estimate_question(wave, "has_partnership")
    long = "A rather long answer that no reader would want to see cut off at the end of its line"
    _, rows = parse(write_chart(table, {"yes": long, "no": "No"}, key="answer"))
    lines = [node.text for node in rows["yes"].iter(f"{SVG}text") if not node.get("class")]
    assert " ".join(lines) == long
    assert max(map(len, lines)) <= 28
