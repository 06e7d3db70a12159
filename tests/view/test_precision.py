"""Charts, tables and sentences of simulated samples, on rows made by hand."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from helpers.data.errors import InputError
from helpers.view import precision_charts, precision_sentences, precision_tables

LABELS = {"whole": "France", "A": "Aquitaine"}


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def row(design, domain, coverage, **changes):
    values = {
        "characteristic": "women", "design": design, "domain": domain, "method": "design",
        "truth": 0.229, "n": 302.0, "bias": -0.0004, "bias_se": 0.001, "estimate_low": 0.16,
        "estimate_high": 0.30, "true_se": 0.036, "mean_se": 0.036, "se_ratio": 1.0,
        "coverage": coverage, "coverage_se": 0.003, "width": 0.14, "withheld_n30": 0.0,
        "coverage_n30": coverage, "withheld_nchs-2017": 1.0, "coverage_nchs-2017": float("nan"),
    }  # fmt: skip
    return values | changes


@pytest.fixture
def precision():
    return pd.DataFrame(
        [
            row("random", "whole", 0.951),
            row("random", "A", 0.984, withheld_n30=0.9),
            row("equal", "whole", 0.9645),
            row("equal", "A", 0.81),
        ]
    )


@pytest.fixture
def power():
    rows = [
        (design, domain, gap, 0.2 + gap, 30.0, gap + extra, 0.01, 0.0, 0.25 + extra)
        for design in ("random", "equal")
        for domain, extra in (("A", 0.05), ("B", 0.10))
        for gap in (0.0, 0.1, 0.2)
    ]
    columns = ["design", "domain", "gap", "truth", "n", "power", "power_se", "power_marked",
               "smallest_gap"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def test_coverage_is_placed_with_its_simulation_error(precision):
    assert precision_sentences.place_coverage(precision).tolist() == [
        "within", "above", "within", "below",
    ]  # fmt: skip
    assert precision_sentences.count_kept(precision) == "2 of 4"
    text = precision_sentences.sort_coverage(precision[precision["design"] == "equal"], LABELS)
    assert text == "equal, within 94–96%: France 96.5%; below 94–96%: Aquitaine 81.0%."


def test_national_sentence_holds_the_numbers_of_its_row(precision):
    text = precision_sentences.describe_national(precision.iloc[0], "women")
    assert text == (
        "Women, random: the truth is 22.9%; 95% of samples say 16% to 30% (bias 0.0 points); "
        "95.1% (± 0.3) of the 95% intervals hold the truth"
    )


def test_withheld_regions_are_counted_by_rule(precision):
    regions = precision[(precision["domain"] == "A") & (precision["design"] == "random")]
    text = precision_sentences.describe_withheld(regions, LABELS, "n30")
    assert text == "random, rule n30: 1 of 1 withheld in most samples; none is shown in most."


def test_power_is_told_as_a_span_over_regions(power):
    assert precision_sentences.describe_power(power, 0.1) == (
        "a gap of 10 points is found in 15 to 20% of samples with random and 15 to 20% of samples "
        "with equal"
    )
    assert "not there is seen in 5 to 10%" in precision_sentences.describe_power(power, 0)
    assert precision_sentences.describe_reach(power).startswith("30 to 35 points with random")
    listed = precision_sentences.list_power(power, {"A": "Aquitaine", "B": "Bretagne"})
    assert listed.startswith("random: Aquitaine 15% at 10 points, 25% at 20 points; Bretagne")


def test_spread_has_one_bar_a_design_and_domain(precision):
    ax = precision_charts.draw_spread(precision, LABELS, title="Share")
    assert [label.get_text() for label in ax.get_yticklabels()] == ["France", "Aquitaine"]
    bars = [len(lines.get_segments()) for lines in ax.collections]
    assert bars == [2, 2, 2]  # two designs, the truth


def test_coverage_is_hollow_where_most_samples_are_withheld(precision):
    ax = precision_charts.draw_coverage(precision, LABELS, title="Coverage")
    fills = {
        (line.get_xdata()[0], line.get_markerfacecolor())
        for line in ax.lines
        if line.get_marker() in ("o", "s")
    }
    assert (98.4, "white") in fills
    assert all(fill != "white" for x, fill in fills if x != 98.4)


def test_power_has_a_panel_a_design_and_no_gap_of_zero(power):
    ax = precision_charts.draw_power(power, {"A": "Aquitaine", "B": "Bretagne"}, title="Found")
    assert [panel.get_title(loc="left") for panel in ax.figure.axes] == ["random", "equal"]
    assert [text.get_text() for text in ax.get_legend().get_texts()][:2] == [
        "true gap of 10 points", "true gap of 20 points",
    ]  # fmt: skip


def test_more_gaps_than_marks_are_refused(power):
    many = pd.concat([power.assign(gap=power["gap"] + extra) for extra in (0.0, 0.05, 0.3)])
    with pytest.raises(InputError, match="gaps: 8 above 0; at most 3"):
        precision_charts.draw_power(many, {"A": "Aquitaine", "B": "Bretagne"}, title="Found")


def test_figures_say_what_is_real_and_what_is_simulated(precision):
    ax = precision_charts.draw_spread(precision, LABELS, title="Share")
    texts = [text.get_text() for text in precision_charts.stamp_simulation(ax, 5000).texts]
    assert any("REAL" in text and "5,000 SIMULATED" in text for text in texts)


def test_tables_round_and_leave_blank_what_is_not_shown(precision, power):
    coverage = precision_tables.show_coverage(precision, title="Coverage", labels=LABELS)
    html = coverage.as_raw_html()
    for text in ("95.1", "81.0", "SIMULATED samples"):
        assert text in html
    assert "nan" not in html.lower()
    html = precision_tables.show_power(
        power, title="Power", labels={"A": "Aquitaine", "B": "Bretagne"}, note="Rule."
    ).as_raw_html()
    assert "Found: 10 points, %" in html
    assert "Aquitaine" in html
