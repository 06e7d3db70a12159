"""Charts, tables and sentences of simulated samples, on rows made by hand."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from helpers.data.errors import InputError
from helpers.data.language import use_language
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
    assert ax.figure.get_suptitle() == "Found"
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


def test_sentences_in_french(precision, power):
    regions = precision[(precision["domain"] == "A") & (precision["design"] == "random")]
    with use_language("fr"):
        national = precision_sentences.describe_national(precision.iloc[0], "femmes")
        kept = precision_sentences.count_kept(precision)
        place = precision_sentences.sort_coverage(precision[precision["design"] == "equal"], LABELS)
        withheld = precision_sentences.describe_withheld(regions, LABELS, "n30")
        found = precision_sentences.describe_power(power, 0.1)
        alarm = precision_sentences.describe_extremes(regions, power, LABELS | {"B": "Bretagne"})
        design = precision_sentences.name_design(1204, "equal")
    assert national == (
        "Femmes, random\xa0: la valeur vraie est 22,9\u202f%\u202f; 95\u202f% des échantillons "
        "disent de 16\u202f% à 30\u202f% (biais\xa0: 0,0 points)\u202f; 95,1\u202f% (± 0,3) des "
        "intervalles à 95\u202f% contiennent la valeur vraie"
    )
    assert kept == "2 sur 4"
    assert place == (
        "equal, entre 94 et 96\u202f%\xa0: France 96,5\u202f%\u202f; au-dessous de "
        "94–96\u202f%\xa0: Aquitaine 81,0\u202f%."
    )
    assert withheld.endswith("aucun n'est montré dans la plupart.")
    assert found == (
        "un écart de 10 points est trouvé dans 15 à 20\u202f% des échantillons (random) et "
        "15 à 20\u202f% des échantillons (equal)"
    )
    assert alarm[0].startswith("- Couverture régionale la plus basse\xa0: Aquitaine, random, 98,4")
    assert alarm[2] == "- La règle n30 ne montre aucune région dans la plupart des échantillons."
    assert alarm[3].startswith("- Là où il n'y a pas d'écart, le test en voit un dans 10\u202f% ")
    assert design == "1204 en tranches égales"


def test_weights_of_equal_bands_cost_what_kish_says():
    bands = pd.DataFrame({"commune_band": ["a", "b"], "mayors": [300, 100], "equal": [10, 10]})
    text = precision_sentences.describe_weights(bands, {"a": "small", "b": "large"}, 20, "equal")
    # Weights of 30 and 10: 20 * (10 * 900 + 10 * 100) / 400**2 = 1.25, and 20 / 1.25 = 16.
    assert "“small” speaks for 30 mayors, one of the band “large” for 10.0." in text
    assert text.endswith("a factor of 1.25 in variance: 20 respondents count for 16 (Kish).")


def test_widths_and_methods_in_words(precision):
    assert precision_sentences.describe_widths(precision) == (
        "The true shares of 2 regions lie 0 points apart at most. The middle bar is 14 points "
        "wide with random and 14 points wide with equal."
    )
    naive = precision.iloc[0].copy()
    naive["method"] = "naive"
    with use_language("fr"):
        words = precision_sentences.describe_method(naive, "femmes")
        both = pd.DataFrame([naive, naive.replace("naive", "unweighted")])
        ignored = precision_sentences.describe_ignored(both, "femmes")
    assert words == (
        "Femmes, poids dans l'estimation, erreur des manuels sur n\xa0: biais 0,0 points, "
        "couverture 95,1\u202f% (± 0,3)"
    )
    assert ignored.endswith("sans poids, l'estimation s'écarte de 0,0 points")


def test_tables_and_charts_in_french(precision, power):
    with use_language("fr"):
        html = precision_tables.show_coverage(precision, title="T", labels=LABELS).as_raw_html()
        errors = precision_tables.show_simulation_errors(
            precision.assign(bias_se=0.001), power, title="T"
        ).as_raw_html()
        ax = precision_charts.draw_spread(precision, LABELS, title="T")
        stamped = precision_charts.stamp_simulation(ax, 5000)
        methods = precision_tables.show_methods(title="T").as_raw_html()
    assert "95,1" in html
    assert "échantillons SIMULÉS" in html
    assert "part des écarts trouvés" in errors
    assert "1,00" in errors
    assert "une marge d'erreur lue dans une table" in methods.replace("&#x27;", "'")
    assert any("5\u202f000 échantillons SIMULÉS" in text.get_text() for text in stamped.texts)
    assert ax.get_xlabel() == "% des maires du domaine"


def test_checks_stand_beside_what_they_check(precision):
    check = pd.DataFrame({"mayors": [99, 99], "communes": [100, 100]}, index=["A", "whole"])
    html = precision_tables.show_communes(check, title="T", labels=LABELS).as_raw_html()
    assert "-1.0" in html
    simulated = pd.DataFrame({"coverage": [0.951], "coverage_se": [0.002]}, index=["women"])
    exact = pd.Series({"women": 0.947})
    html = precision_tables.show_exact(
        simulated, exact, title="T", labels={"women": "women"}
    ).as_raw_html()
    for text in ("95.10", "94.70", "+2.00"):
        assert text in html


def test_population_gives_drawn_mayors_in_whole_numbers_where_they_are():
    frame = pd.DataFrame(
        {"commune_band": ["A"], "mayors": [2000], "women": [500], "aged_60_plus": [1000],
         "equal": [60], "random": [60.53]}
    )  # fmt: skip
    with use_language("fr"):
        html = precision_tables.show_population(frame, title="T", labels=LABELS).as_raw_html()
    for text in ("2\u202f000", "25,0", "50,0", ">60<", "60,5"):
        assert text in html
