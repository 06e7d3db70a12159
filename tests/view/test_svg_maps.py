"""The map on a screen shows what the printed one shows, and can be focused and read aloud."""

import re
from xml.etree import ElementTree

import matplotlib.pyplot as plt
import pytest

from helpers.data.published import read_readings
from helpers.data.regions import read_regions
from helpers.data.responses import read_wave
from helpers.stats.results import estimate_question
from helpers.view.maps import draw_map, find_breaks, lay_out_map
from helpers.view.svg_maps import ScreenMap

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def zones():
    return read_regions("zones-2015")


@pytest.fixture(scope="module")
def screen(zones):
    return ScreenMap(zones, "here")


def shares(wave, survey="companies"):
    table = estimate_question(read_wave(survey, wave), "has_partnership", by="region")
    return table[table["answer"] == "yes"]


@pytest.fixture(params=["demo", "2015"])
def case(request):
    table = shares(request.param)
    readings = read_readings("companies", request.param).query("question == 'has_partnership'")
    return table, readings


def parse(markup):
    svg, legend = re.match(r"(<svg.*?</svg>)(<ul.*</ul>)$", markup, re.DOTALL).groups()
    return ElementTree.fromstring(svg), ElementTree.fromstring(legend)


def regions_of(svg):
    return {
        group.get("data-code"): group for group in svg.iter(f"{SVG}g") if group.get("data-code")
    }


def write(screen, zones, case, **options):
    table, readings = case
    names = zones.set_index("code")["name"].to_dict()
    markup = screen.write(table, names, breaks=find_breaks(table), readings=readings, **options)
    return parse(markup)


def test_labels_colours_and_legend_are_those_of_the_printed_map(screen, zones, case):
    svg, legend = write(screen, zones, case)
    table, readings = case
    ax = draw_map(zones, table, breaks=find_breaks(table), title="t", readings=readings)
    printed = sorted(text.get_text() for text in ax.texts if text.get_text())
    written = [
        "\n".join(span.text for span in text) for text in svg.iter(f"{SVG}text") if len(text)
    ]
    assert sorted(written) == printed
    words = ["".join(item.itertext()).lstrip("▲▼*") for item in legend]
    assert words == [text.get_text() for text in ax.get_legend().get_texts()]
    areas = lay_out_map(zones, table, breaks=find_breaks(table), readings=readings).areas
    fills = {code: group.find(f"{SVG}path").get("fill") for code, group in regions_of(svg).items()}
    assert fills == dict(zip(areas["code"], areas["fill"], strict=True))
    plt.close("all")


def test_every_region_can_be_reached_and_says_what_it_shows(screen, zones, case):
    table, _ = case
    svg, _ = write(screen, zones, case, chosen="52")
    groups = regions_of(svg)
    assert set(groups) == set(zones["code"])
    assert {(g.get("tabindex"), g.get("role")) for g in groups.values()} == {("0", "button")}
    pressed = [code for code, group in groups.items() if group.get("aria-pressed") == "true"]
    assert pressed == ["52"]
    row = table.set_index("domain").loc["52"]
    said = groups["52"].get("aria-label")
    assert said.startswith(f"Pays de la Loire: {100 * row['estimate']:.0f}% (95% CI ")
    assert f"n = {row['n']:,}" in said
    assert ("significantly higher than the rest" in said) == (row["mark"] == "higher")


def test_what_is_missing_is_said(screen, zones):
    readings = read_readings("companies", "2015").query("question == 'has_partnership'")
    groups = regions_of(write(screen, zones, (shares("2015"), readings))[0])
    assert groups["11"].get("aria-label") == "Île-de-France: not published"
    said = groups["75"].get("aria-label")
    assert said == "Nouvelle-Aquitaine: about 50%, approximate wording only"


def test_hatches_are_its_own_and_all_defined(screen, zones):
    readings = read_readings("companies", "2015").query("question == 'has_partnership'")
    svg, legend = write(screen, zones, (shares("2015"), readings))
    defined = {pattern.get("id") for pattern in svg.iter(f"{SVG}pattern")}
    text = ElementTree.tostring(svg, "unicode") + ElementTree.tostring(legend, "unicode")
    assert set(re.findall(r"url\(#(.+?)\)", text)) == defined
    assert all(name.startswith("here-") for name in defined)


def test_regions_keep_their_shape_to_half_a_pixel(screen, zones):
    metres = 0.5 * (zones.total_bounds[2] - zones.total_bounds[0]) / 470
    for fine, coarse in zip(zones.geometry, screen.regions.geometry, strict=True):
        lost = fine.symmetric_difference(coarse)
        assert lost.buffer(-metres).area < 0.001 * fine.area


def test_only_fictional_data_carry_the_word(screen, zones, case):
    svg, _ = write(screen, zones, case)
    words = [text.text for text in svg.iter(f"{SVG}text")]
    assert ("FICTIONAL" in words) == (case[0]["provenance"] == "demo").all()
