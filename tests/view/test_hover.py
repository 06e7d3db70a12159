"""What a figure says when hovered: the rows it draws, where it draws them."""

import io
import re
import struct
from xml.etree import ElementTree

import matplotlib.pyplot as plt
import pytest

from helpers.data.language import use_language
from helpers.data.regions import read_regions
from helpers.data.responses import read_wave
from helpers.stats.results import estimate_question
from helpers.view.charts import draw_domains, draw_shares
from helpers.view.figures import show_figure
from helpers.view.hover import HOVER, add_row, add_target, lay_out_figure, write_targets
from helpers.view.maps import draw_map, find_breaks
from helpers.view.sentences import describe_estimate, pick

WAVE = read_wave("companies", "demo")


@pytest.fixture(scope="module")
def shares():
    return estimate_question(WAVE, "has_partnership")


@pytest.fixture(scope="module")
def regional():
    return estimate_question(WAVE, "has_partnership", by="region").query("answer == 'yes'")


def parse(markup: str):
    """Size of the drawing, and each target: its words, and its outlines as lists of places."""
    drawing = ElementTree.fromstring(markup)
    size = tuple(float(part) for part in drawing.get("viewBox").split())[2:]
    targets = {}
    for path in drawing.iter("path"):
        rings = re.findall(r"M([^Z]*)Z", path.get("d"))
        places = [tuple(map(float, place.split())) for ring in rings for place in ring.split("L")]
        targets[path.find("title").text] = places
    return size, targets


def show(ax):
    bundle, _ = show_figure(ax, WAVE, alt="What it shows.")._repr_mimebundle_()
    return bundle


def measure(png: bytes) -> tuple[int, int]:
    return struct.unpack(">II", png[16:24])


def test_targets_lie_over_a_picture_of_the_same_size(regional, shares):
    for ax in (
        draw_map(read_regions("zones-2015"), regional, breaks=find_breaks(regional), title="A"),
        draw_shares(shares, {"yes": "Yes", "no": "No"}, title="A title"),
    ):
        picture = show_figure(ax, WAVE, alt="What it shows.")
        size, targets = parse(picture.targets)
        assert size == pytest.approx(measure(picture.data), abs=1)
        for places in targets.values():
            assert all(0 <= x <= size[0] and 0 <= y <= size[1] for x, y in places)


def test_a_map_says_name_value_interval_base_and_mark(regional):
    zones = read_regions("zones-2015")
    names = zones.set_index("code")["name"]
    ax = draw_map(zones, regional, breaks=find_breaks(regional), title="Map")
    _, targets = parse(show(ax)[HOVER])
    marks = {"higher": ["Significantly higher than the rest"],
             "lower": ["Significantly lower than the rest"]}  # fmt: skip
    assert set(targets) == {
        "\n".join([names[row["domain"]], describe_estimate(row), *marks.get(row["mark"], [])])
        for _, row in regional.iterrows()
    }


def test_a_zone_is_where_it_is_drawn():
    ax = plt.subplots(figsize=(4, 3))[1]
    ax.set(xlim=(0, 10), ylim=(0, 10))
    ax.plot([8], [9], "s", color="red", markersize=12)
    add_target(ax, plt.matplotlib.path.Path([(8, 9)]), "the square")
    picture = io.BytesIO()
    ax.figure.savefig(picture, format="png", dpi=110, bbox_inches="tight")
    (width, height), targets = parse(write_targets(ax.figure, lay_out_figure(ax.figure, 110), 110))
    pixels = plt.imread(io.BytesIO(picture.getvalue()))
    red = [(x, y) for y in range(pixels.shape[0]) for x in range(pixels.shape[1])
           if tuple(pixels[y, x, :3]) == (1, 0, 0)]  # fmt: skip
    middle = [sum(part) / len(red) for part in zip(*red, strict=True)]
    places = targets["the square"]
    target = [sum(part) / len(places) for part in zip(*places, strict=True)]
    assert target == pytest.approx(middle, abs=2)
    assert (width, height) == pytest.approx((pixels.shape[1], pixels.shape[0]), abs=1)
    plt.close(ax.figure)


def test_charts_say_every_row_drawn(regional, shares):
    labels = {"yes": "Yes", "no": "No"}
    _, targets = parse(show(draw_shares(shares, labels, title="Shares"))[HOVER])
    assert set(targets) == {
        f"{labels[row['answer']]}\n{describe_estimate(row)}" for _, row in shares.iterrows()
    }
    names = WAVE.codebook.variable("region").labels()
    whole = pick(shares, "yes")
    _, targets = parse(show(draw_domains(regional, names, title="Regions", whole=whole))[HOVER])
    assert list(targets) == [
        f"{names[row['domain']]}\n{describe_estimate(row)}" for _, row in regional.iterrows()
    ]


def test_targets_change_nothing_of_the_picture():
    pictures = []
    for hovered in (False, True):
        ax = plt.subplots()[1]
        ax.plot([0, 1])
        if hovered:
            add_row(ax, 0.5, "words")
        pictures.append(show(ax)["image/png"])
    assert pictures[0] == pictures[1]


def test_words_of_data_stay_text():
    ax = plt.subplots()[1]
    add_row(ax, 0.5, "</title><script>alert(1)</script>")
    markup = write_targets(ax.figure, lay_out_figure(ax.figure, 110), 110)
    plt.close(ax.figure)
    assert "<script" not in markup
    assert list(parse(markup)[1]) == ["</title><script>alert(1)</script>"]


def test_a_figure_without_targets_has_no_overlay():
    ax = plt.subplots()[1]
    assert HOVER not in show(ax)


def test_words_are_those_of_the_language(shares):
    with use_language("fr"):
        _, targets = parse(show(draw_shares(shares, {"yes": "Oui"}, title="Parts"))[HOVER])
    assert "IC à 95\u202f%" in next(iter(targets))
