"""Charts of weighting draw the diagnostics: bars, targets, gaps, effective size."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from helpers.data.errors import InputError
from helpers.data.language import use_language
from helpers.stats.diagnostics import compare_margins, describe_weights
from helpers.stats.weights import rake, trim
from helpers.view.weight_charts import ACHIEVED, BEFORE, draw_margins, draw_weights


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def sample():
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            "sex": rng.choice(["women", "men"], 300, p=[0.3, 0.7]),
            "age": rng.choice(["under 40", "40 to 59", "60 and over"], 300, p=[0.2, 0.3, 0.5]),
        }
    )
    return frame, {
        "sex": pd.Series({"women": 520.0, "men": 480.0}),
        "age": pd.Series({"under 40": 300.0, "40 to 59": 350.0, "60 and over": 350.0}),
    }


@pytest.fixture(scope="module")
def trimmed(sample):
    """Weights raked, then trimmed: some margins are no longer met."""
    frame, margins = sample
    weights = rake(frame, margins)
    return frame.assign(weight=trim(weights, upper=0.6 * weights.max()))


def words(ax):
    return [text.get_text() for text in ax.texts]


def bars(ax, colour):
    drawn = {to_hex(bars[0].get_facecolor()): bars.patches for bars in ax.containers}
    return drawn[colour]


def test_bars_and_targets_are_those_of_the_table(sample, trimmed):
    table = compare_margins(trimmed, sample[1], weight="weight")
    ax = draw_margins(table, title="Margins")
    np.testing.assert_allclose(
        [bar.get_width() for bar in bars(ax, BEFORE)], table["before"] / 10, rtol=1e-12
    )
    np.testing.assert_allclose(
        [bar.get_width() for bar in bars(ax, ACHIEVED)], table["achieved"] / 10, rtol=1e-12
    )
    segments = ax.collections[0].get_segments()
    np.testing.assert_allclose([line[0, 0] for line in segments], table["target"] / 10)
    places = [line[:, 1].mean() for line in segments]
    np.testing.assert_allclose(places, ax.get_yticks())
    for above, below, place in zip(bars(ax, BEFORE), bars(ax, ACHIEVED), places, strict=True):
        assert above.get_y() + above.get_height() == pytest.approx(place)
        assert below.get_y() == pytest.approx(place)
    assert [label.get_text() for label in ax.get_yticklabels()] == table["level"].tolist()
    assert ax.get_xlim()[1] > max(table[["before", "target"]].max()) / 10


def test_levels_stand_under_their_margin(sample, trimmed):
    ax = draw_margins(compare_margins(trimmed, sample[1], weight="weight"), title="t")
    assert ax.get_yticks().tolist() == [0, 1, 3, 4, 5]
    heads = {text.get_text(): text.xy[1] for text in ax.texts if text.get_weight() == "bold"}
    assert heads == {"sex": -1, "age": 2, "gap left": -1}


def test_gaps_left_are_written_and_margins_met_say_so(sample, trimmed):
    table = compare_margins(trimmed, sample[1], weight="weight")
    gap = table.loc[0, "gap"] / 10
    assert abs(gap) > 0.1
    ax = draw_margins(table, title="t")
    assert f"{gap:+.1f} points ({100 * table.loc[0, 'relative_gap']:+.1f}%)" in words(ax)
    assert "met" not in words(ax)
    frame, margins = sample
    raked = frame.assign(weight=rake(frame, margins))
    assert words(draw_margins(compare_margins(raked, margins, weight="weight"), title="t")).count(
        "met"
    ) == len(table)


def test_joint_levels_are_named(sample):
    frame = sample[0].assign(weight=1.0)
    joint = frame.groupby(["sex", "age"]).size().astype(float)
    ax = draw_margins(compare_margins(frame, {("sex", "age"): joint}, weight="weight"), title="t")
    assert ax.get_yticklabels()[0].get_text() == "men x 40 to 59"
    assert "sex x age" in words(ax)


def test_every_respondent_is_in_one_bar(trimmed):
    ax = draw_weights(trimmed, weight="weight", title="Weights")
    assert sum(bar.get_height() for bar in ax.patches) == len(trimmed)
    relative = trimmed["weight"] / trimmed["weight"].mean()
    for bar in ax.patches:
        low, high = bar.get_x(), bar.get_x() + bar.get_width()
        assert bar.get_height() == ((relative >= low) & (relative < high)).sum()


def test_what_unequal_weights_cost_is_written(trimmed):
    row = describe_weights(trimmed, weight="weight").iloc[0]
    text = "\n".join(words(draw_weights(trimmed, weight="weight", title="t")))
    assert f"300 respondents count as {row['n_eff_kish']:.0f} (effective size)" in text
    assert f"design effect {row['deff_kish']:.2f}" in text
    assert row["deff_kish"] > 1.01


def test_equal_weights_cost_nothing(sample):
    frame = sample[0].assign(weight=3.0)
    text = "\n".join(words(draw_weights(frame, weight="weight", title="t")))
    assert "300 respondents count as 300" in text
    assert "design effect 1.00" in text
    assert "mean 3" in text


def test_bad_weights_are_refused(sample):
    with pytest.raises(InputError, match="300 zero of 300"):
        draw_weights(sample[0].assign(weight=0.0), weight="weight", title="t")
    with pytest.raises(InputError, match="not in the respondents: height"):
        draw_weights(sample[0], weight="height", title="t")


def test_words_do_not_overlap(sample, trimmed):
    axes = [
        draw_margins(compare_margins(trimmed, sample[1], weight="weight"), title="Margins"),
        draw_weights(trimmed, weight="weight", title="Weights"),
        draw_weights(trimmed.assign(weight=1.0), weight="weight", title="Equal weights"),
    ]
    for ax in axes:
        ax.figure.canvas.draw()
        drawn = [*ax.texts, ax.xaxis.label, *ax.get_yticklabels(), *ax.get_xticklabels()]
        boxes = [text.get_window_extent() for text in drawn if text.get_text()]
        boxes += [ax.get_legend().get_window_extent()] if ax.get_legend() else []
        for place, box in enumerate(boxes):
            assert box.count_overlaps(boxes[place + 1 :]) == 0


def test_weights_and_margins_in_french(sample, trimmed):
    with use_language("fr"):
        ax = draw_margins(compare_margins(trimmed, sample[1], weight="weight"), title="Marges")
        gaps = [text for text in words(ax) if "points (" in text]
        assert gaps
        assert all("." not in text and text.endswith("\u202f%)") for text in gaps)
        respondents = pd.DataFrame({"weight": [0.5, 0.5, 1.0, 2.0]})
        ax = draw_weights(respondents, weight="weight", title="Poids")
    # Kish: 4 * 5.5 / 16 = 1.375, and 4 / 1.375 = 2.9.
    assert words(ax)[-1] == (
        "4 répondants comptent pour 3 (taille efficace) · effet de plan de Kish 1,38\n"
        "poids de 0,5 à 2, rapport du plus grand au plus petit 4"
    )
    assert ax.get_ylabel() == "répondants"
