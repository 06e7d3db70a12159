"""Maps: breaks, states, marks and a legend that leaves nothing out."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import shapely
from matplotlib.path import Path

from helpers.data.errors import InputError
from helpers.data.language import use_language
from helpers.data.published import read_readings
from helpers.data.regions import read_regions
from helpers.data.responses import read_wave
from helpers.stats.disclosure import CONFIDENTIAL
from helpers.stats.results import estimate_question
from helpers.view.maps import draw_map, find_breaks, lay_out_map


@pytest.fixture(scope="module")
def zones():
    return read_regions("zones-2015")


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def shares(wave, question="has_partnership"):
    table = estimate_question(read_wave("companies", wave), question, by="region")
    return table[table["answer"] == "yes"]


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def words(ax):
    return [text.get_text() for text in ax.texts]


@pytest.mark.parametrize(
    ("values", "breaks"),
    [
        ([0.21, 0.35], [0.2, 0.3, 0.4]),
        ([0.43], [0.4, 0.5]),
        ([0.3], [0.3, 0.4]),
        ([0.05, 0.95], [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        ([0.0, 1.0], [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        ([np.nan], [0.0, 1.0]),
    ],
)
def test_breaks_are_round_and_hold_every_share(values, breaks):
    assert find_breaks(pd.DataFrame({"estimate": values})) == pytest.approx(breaks)


def test_breaks_serve_several_maps():
    one, two = (pd.DataFrame({"estimate": [value]}) for value in (0.11, 0.58))
    breaks = find_breaks(one, two)
    assert breaks[0] <= 0.11
    assert breaks[-1] >= 0.58


def test_legend_of_a_full_wave(zones):
    table = shares("demo")
    ax = draw_map(zones, table, breaks=find_breaks(table), title="t", note="rule")
    assert "Significantly higher than the rest" in legend(ax)
    assert "20 to 30%" in legend(ax)
    assert sum("%" in text for text in words(ax)) == 12
    marked = table["mark"].isin(["higher", "lower"]).sum()
    assert sum("▲" in text or "▼" in text for text in words(ax)) == marked
    assert "rule" in words(ax)


def test_unpublished_regions_are_hatched_and_counted(zones):
    table = shares("2015")
    readings = read_readings("companies", "2015").query("question == 'has_partnership'")
    ax = draw_map(zones, table, breaks=find_breaks(table), title="t", readings=readings)
    assert "Not published (9 of 12)" in legend(ax)
    assert "Approximate wording only (≈) (2 of 12)" in legend(ax)
    assert [text for text in words(ax) if text] == ["43%*", "≈ 50%", "≈ 33%\n(2019)"]


def test_a_class_is_coloured_by_its_share(zones):
    """The lowest and the highest region get the first and the last colour."""
    table = shares("demo")
    breaks = find_breaks(table)
    ax = draw_map(zones, table, breaks=breaks, title="t")
    colours = {patch.get_gid(): patch.get_facecolor() for patch in ax.patches}
    swatches = [patch.get_facecolor() for patch in ax.get_legend().get_patches()]
    by_share = table.sort_values("estimate")["domain"]
    assert colours[f"region-{by_share.iloc[0]}"] == pytest.approx(swatches[0])
    assert colours[f"region-{by_share.iloc[-1]}"] == pytest.approx(swatches[len(breaks) - 2])


def test_a_region_that_is_not_in_the_boundaries_is_refused(zones):
    table = shares("demo").replace({"domain": {"52": "99"}})
    with pytest.raises(InputError, match="99"):
        draw_map(zones, table, breaks=[0, 1], title="t")


def test_every_ring_of_a_region_is_drawn(zones):
    """As many closed rings as the boundaries have, at their own coordinates."""
    table = shares("demo")
    ax = draw_map(zones, table, breaks=find_breaks(table), title="t")
    drawn = next(patch for patch in ax.patches if patch.get_gid() == "region-93+94").get_path()
    shape = zones.set_index("code").geometry["93+94"]
    rings = shapely.get_rings(shapely.get_parts(shape))
    assert (drawn.codes == Path.MOVETO).sum() == len(rings)
    assert set(map(tuple, drawn.vertices)) == set(map(tuple, shapely.get_coordinates(shape)))
    (left, bottom), (right, top) = zones.total_bounds.reshape(2, 2)
    assert ax.get_xlim()[0] <= left < right <= ax.get_xlim()[1]
    assert ax.get_ylim()[0] <= bottom < top <= ax.get_ylim()[1]


def test_the_layout_says_what_the_map_shows(zones):
    """Hand check of two regions of 2015: one published, one not."""
    table = shares("2015")
    areas = lay_out_map(zones, table, breaks=find_breaks(table)).areas.set_index("code")
    assert areas.loc["52", ["state", "label", "hatch"]].tolist() == ["", "43%*", ""]
    assert areas.loc["11", ["state", "label", "hatch"]].tolist() == ["not_published", "", "////"]
    assert all(
        shape.contains(shapely.Point(spot))
        for shape, spot in zip(areas.geometry, areas["spot"], strict=True)
    )


def test_maps_in_french(zones):
    with use_language("fr"):
        table = shares("demo")
        ax = draw_map(zones, table, breaks=find_breaks(table), title="t")
        text = "\n".join(legend(ax))
        assert "Significativement plus élevé que le reste" in text
        assert " à 40\u202f%" in text
        table = shares("2015")
        readings = read_readings("companies", "2015").query("question == 'has_partnership'")
        ax = draw_map(zones, table, breaks=find_breaks(table), title="t", readings=readings)
        assert "Non publié (9 sur 12)" in legend(ax)
        assert "43\u202f%*" in words(ax)


def test_the_legend_says_when_a_zone_is_withheld_for_confidentiality(zones):
    table = shares("demo").reset_index(drop=True)
    table.loc[0, ["estimate", "reliability", "reason"]] = [np.nan, "suppress", CONFIDENTIAL]
    ax = draw_map(zones, table, breaks=find_breaks(table), title="Companies")
    start = "Asked, withheld: too uncertain or confidential"
    assert any(words.startswith(start) for words in legend(ax))
