"""Scores are written and drawn out of 10, shares in percent, and the two are never mixed."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from helpers.data.errors import InputError
from helpers.data.regions import read_regions
from helpers.view import charts, sentences
from helpers.view.maps import draw_map, find_breaks
from helpers.view.scales import SCALES, find_scale


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def scores(domains=("52", "53", "24"), estimates=(7.14, 6.0, np.nan)):
    """Rows of an estimate table of one item by region."""
    estimates = np.array(estimates)
    known = ~np.isnan(estimates)
    return pd.DataFrame(
        {
            "wave": "demo",
            "answer": "health",
            "domain": list(domains),
            "unit": "score_10",
            "estimate": estimates,
            "ci_low": estimates - 0.5,
            "ci_high": estimates + 0.5,
            "n": 204,
            "reliability": np.where(known, "ok", "suppress"),
            "reason": np.where(known, "", "n < 30"),
            "mark": np.where(known, "none", "untestable"),
        }
    )


def words(ax):
    return [text.get_text() for text in ax.texts]


def test_a_score_is_never_written_as_a_percentage():
    row = scores().iloc[0]
    assert sentences.describe_estimate(row) == "7.1 / 10 (95% CI 6.6–7.6, n = 204)"
    text = sentences.describe_domains(scores(), {"52": "A", "53": "B", "24": "C"})
    assert text.startswith("A 7.1 / 10; B 6.0 / 10. 1 withheld as too uncertain.")
    assert SCALES["share"].write(0.37) == "37%"


def test_bars_of_scores_are_on_an_axis_of_ten():
    table = scores().assign(answer=["a", "b", "c"], domain="")
    ax = charts.draw_shares(table, {"a": "A", "b": "B", "c": "C"}, title="t")
    assert [bar.get_width() for bar in ax.containers[0]] == pytest.approx([7.14, 6.0, 0])
    assert ax.get_xlim() == (0, 10)
    assert ax.get_xlabel() == "mean score, 0 to 10"
    assert words(ax) == ["7.1 / 10", "6.0 / 10", "withheld: n < 30"]


def test_points_of_scores_stand_at_their_value():
    whole = pd.Series({"estimate": 6.5, "unit": "score_10"})
    ax = charts.draw_domains(scores(), {"52": "A", "53": "B", "24": "C"}, title="t", whole=whole)
    points = [line.get_xdata()[0] for line in ax.lines if line.get_marker() == "o"]
    assert points == pytest.approx([7.14, 6.0])
    assert "whole: 6.5 / 10" in words(ax)


def test_map_of_scores():
    zones = read_regions("zones-2015")
    table = scores(zones["code"], np.linspace(4.04, 7.94, 12))
    breaks = find_breaks(table)
    assert breaks == [4.0, 5.0, 6.0, 7.0, 8.0]
    ax = draw_map(zones, table, breaks=breaks, title="t")
    assert "4.0" in words(ax)
    assert "7.9" in words(ax)
    assert not any("%" in text for text in words(ax))
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert legend[0] == "4.0 to 5.0 / 10"


@pytest.mark.parametrize(
    ("values", "breaks"),
    [([5.7], [5.5, 6.0]), ([5.98, 6.4], [6.0, 6.5]), ([np.nan], [0.0, 10.0])],
)
def test_breaks_of_scores_are_round(values, breaks):
    table = pd.DataFrame({"estimate": values, "unit": "score_10"})
    assert find_breaks(table) == pytest.approx(breaks)


def test_shares_and_scores_have_no_common_scale():
    with pytest.raises(InputError, match="score_10 and share cannot share one scale"):
        find_scale(scores(), scores().assign(unit="share"))
