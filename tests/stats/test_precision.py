"""Simulated samples: the same numbers as the estimators give respondent by respondent."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from helpers.data.design import Design
from helpers.data.errors import InputError
from helpers.stats.contrasts import adjust_p_values, contrast_with_rest
from helpers.stats.draws import (
    Draws,
    Population,
    SampleDesign,
    allocate_equally,
    build_population,
    draw_samples,
)
from helpers.stats.estimates import estimate_proportions
from helpers.stats.power import adjust_holm, contrast_draws, measure_power, shift_domain
from helpers.stats.precision import (
    METHODS,
    WHOLE,
    estimate_draws,
    exact_coverage,
    measure_precision,
    show_figures,
)
from helpers.stats.reliability import RULES, flag

EXACT = {"rtol": 0, "atol": 1e-9}
RANDOM = SampleDesign("random", {"all": 120})
EQUAL = SampleDesign("equal", {"small": 41, "large": 40})


@pytest.fixture
def population():
    """Two strata of very different sizes, three domains, one of them small."""
    return Population(
        ("small", "large"),
        ("A", "B", "C"),
        np.array([[900, 700, 40], [60, 80, 12]]),
        np.array([[200, 180, 4], [30, 20, 5]]),
    )


def list_respondents(draws, at):
    """One row per respondent of one sample, as a survey file would hold them."""
    rows = []
    for stratum, name in enumerate(draws.population.strata):
        for domain, place in enumerate(draws.population.domains):
            n, yes = draws.n[stratum, domain, at], draws.yes[stratum, domain, at]
            rows += [(name, place, int(i < yes)) for i in range(n)]
    frame = pd.DataFrame(rows, columns=["stratum", "domain", "answer"])
    members = dict(zip(draws.population.strata, draws.population.size.sum(axis=1), strict=True))
    frame["population"] = frame["stratum"].map(members).astype(float)
    frame["weight"] = frame["population"] / frame.groupby("stratum")["stratum"].transform("size")
    frame["one"] = 1.0
    frame["domain"] = pd.Categorical(frame["domain"], categories=draws.population.domains)
    return frame


def estimate_listed(frame, design, **options):
    """Rows of answer 1: the whole, then each domain."""
    options = {"design": design, "answers": [0, 1], **options}
    tables = [estimate_proportions(frame, "answer", by=by, **options) for by in (None, "domain")]
    return pd.concat(tables).query("answer == 1")


@pytest.mark.parametrize("design", [RANDOM, EQUAL], ids=lambda design: design.name)
@pytest.mark.parametrize(("method", "fpc"), [("design", None), ("design_fpc", "population")])
def test_estimates_are_those_of_the_collection(population, design, method, fpc):
    draws = draw_samples(population, design, samples=6, rng=np.random.default_rng(1))
    found = estimate_draws(draws, method=method)
    plan = Design(weight="weight", strata=("stratum",), fpc=fpc)
    for at in range(6):
        expected = estimate_listed(list_respondents(draws, at), plan)
        for name in ("n", "estimate", "se", "ci_low", "ci_high", "df"):
            values = expected[name].to_numpy(float)
            np.testing.assert_allclose(found[name][:, at], values, **EXACT, err_msg=name)


@pytest.mark.parametrize(("method", "weight"), [("naive", "weight"), ("unweighted", "one")])
def test_naive_errors_are_design_errors_without_the_design_effect(population, method, weight):
    draws = draw_samples(population, EQUAL, samples=5, rng=np.random.default_rng(2))
    found = estimate_draws(draws, method=method)
    for at in range(5):
        frame = list_respondents(draws, at)
        expected = estimate_listed(frame, Design(weight=weight), deff="replace")
        plain = expected["se"] / np.sqrt(expected["deff"])
        np.testing.assert_allclose(found["estimate"][:, at], expected["estimate"], **EXACT)
        np.testing.assert_allclose(found["se"][:, at], plain, **EXACT)


def test_textbook_errors_are_design_errors_of_a_simple_random_sample(population):
    draws = draw_samples(population, RANDOM, samples=20, rng=np.random.default_rng(3))
    design, naive = (estimate_draws(draws, method=method) for method in ("design", "naive"))
    for name in ("estimate", "se", "ci_low", "ci_high"):
        np.testing.assert_allclose(design[name][0], naive[name][0], **EXACT)


@pytest.mark.parametrize("design", [RANDOM, EQUAL], ids=lambda design: design.name)
def test_contrasts_are_those_of_the_collection(population, design):
    draws = draw_samples(population, design, samples=6, rng=np.random.default_rng(4))
    found = contrast_draws(draws)
    for at in range(6):
        frame = list_respondents(draws, at)
        plan = Design(weight="weight", strata=("stratum",))
        expected = contrast_with_rest(frame, "answer", design=plan, by="domain", answers=[0, 1])
        expected = expected.query("answer == 1")
        for name in ("difference", "p_value", "smallest_gap"):
            values = expected[name].to_numpy(float)
            np.testing.assert_allclose(found[name][:, at], values, **EXACT, err_msg=name)


def test_contrasts_of_extreme_and_empty_domains_are_those_of_the_collection(population):
    n = np.array([[[30], [9], [2]], [[20], [20], [0]]])
    yes = np.array([[[9], [3], [0]], [[5], [5], [0]]])
    none = np.array([[[30], [11], [0]], [[20], [20], [0]]])
    drawn = np.array([41, 40])
    for counts in (n, none):
        draws = Draws(population, drawn, counts, np.minimum(yes, counts))
        expected = contrast_with_rest(
            list_respondents(draws, 0), "answer", by="domain", answers=[0, 1],
            design=Design(weight="weight", strata=("stratum",)),
        ).query("answer == 1")  # fmt: skip
        found = contrast_draws(draws)
        for name in ("p_value", "smallest_gap"):
            np.testing.assert_allclose(found[name][:, 0], expected[name].to_numpy(float), **EXACT)


def test_samples_have_the_designed_sizes_and_never_more_than_there_are(population):
    draws = draw_samples(population, EQUAL, samples=300, rng=np.random.default_rng(5))
    assert (draws.n.sum(axis=1) == np.array([[41], [40]])).all()
    assert (draws.n <= population.size[:, :, None]).all()
    assert (draws.yes <= population.yes[:, :, None]).all()
    assert (draws.n - draws.yes <= (population.size - population.yes)[:, :, None]).all()


def test_a_census_finds_the_truth_with_no_error(population):
    sizes = dict(zip(population.strata, population.size.sum(axis=1).tolist(), strict=True))
    design = SampleDesign("census", sizes)
    draws = draw_samples(population, design, samples=2, rng=np.random.default_rng(6))
    found = estimate_draws(draws, method="design_fpc")
    np.testing.assert_allclose(found["estimate"][:, 0], population.shares(), **EXACT)
    np.testing.assert_allclose(found["se"], 0, **EXACT)


def test_precision_beside_what_can_be_worked_out(population):
    table = measure_precision(
        {"trait": population}, [RANDOM, EQUAL], samples=4000, rng=np.random.default_rng(7)
    )
    whole = table[table["domain"] == WHOLE].set_index(["design", "method"])
    size, yes = population.size.sum(), population.yes.sum()
    textbook = np.sqrt(yes / size * (1 - yes / size) / 120 * (size - 120) / (size - 1))
    row = whole.loc[("random", "design")]
    assert row["true_se"] == pytest.approx(textbook, rel=0.04)
    assert abs(row["bias"]) < 4 * row["bias_se"]
    exact = exact_coverage(population, 120)
    assert abs(row["coverage"] - exact) < 4 * row["coverage_se"]
    assert abs(whole.loc[("equal", "unweighted"), "bias"]) > 0.03
    assert whole.loc[("equal", "naive"), "coverage"] < whole.loc[("equal", "design"), "coverage"]
    assert set(table["method"]) == set(METHODS)


def test_precision_withholds_small_bases_and_says_how_often(population):
    table = measure_precision(
        {"trait": population}, [RANDOM], samples=500, rng=np.random.default_rng(8)
    )
    small = table[(table["domain"] == "C") & (table["method"] == "design")].iloc[0]
    assert small["withheld_n30"] == 1
    assert np.isnan(small["coverage_n30"])
    chance = stats.hypergeom(population.size.sum(), 52, 120).pmf(0)
    assert small["empty"] == pytest.approx(chance, abs=4 * np.sqrt(chance / 500))


def test_same_seed_gives_the_same_table(population):
    options = {"samples": 50, "rules": ("n30",)}
    tables = [
        measure_precision({"t": population}, [EQUAL], rng=np.random.default_rng(9), **options)
        for _ in range(2)
    ]
    pd.testing.assert_frame_equal(*tables)


def test_exact_coverage_by_hand():
    """Two of five drawn, two of them having it: 0, 1 or 2 found, by chances .3, .6, .1."""
    population = Population(("all",), ("A",), np.array([[5]]), np.array([[2]]))
    # One of two: the logit interval on one degree of freedom spans nearly 0 to 1. None or
    # all of two: Clopper-Pearson's 0 to 0.84 and 0.16 to 1 hold 0.4 as well.
    assert exact_coverage(population, 2) == pytest.approx(1.0)
    # A level so low that only one of two, an estimate of 0.5, could hold 0.5; 0.4 is out.
    assert exact_coverage(population, 2, level=0.01) == pytest.approx(0.0)


def test_shift_gives_the_gap_and_leaves_the_rest(population):
    shifted = shift_domain(population, "B", 0.10)
    place = 1
    size = population.size.sum(axis=0)
    yes = shifted.yes.sum(axis=0)
    gap = yes[place] / size[place] - (yes.sum() - yes[place]) / (size.sum() - size[place])
    assert gap == pytest.approx(0.10, abs=1 / size[place])
    others = [0, 2]
    assert (shifted.yes[:, others] == population.yes[:, others]).all()


def test_power_rises_with_the_gap_and_starts_near_the_level():
    population = Population(
        ("small", "large"),
        ("A", "B"),
        np.array([[4000, 4000], [4000, 4000]]),
        np.array([[1600, 1600], [1600, 1600]]),
    )
    design = SampleDesign("equal", {"small": 200, "large": 200})
    table = measure_power(
        population, [design], gaps=[0.0, 0.1, 0.3], samples=2000, rule="none",
        rng=np.random.default_rng(10),
    )  # fmt: skip
    power = table[table["domain"] == "A"]["power"].to_numpy()
    assert power[0] == pytest.approx(0.05, abs=0.02)
    # 0.1 at a standard error of sqrt(0.4 0.6 / 200 + 0.5 0.5 / 200) = 0.0495: z = 2.02.
    assert power[1] == pytest.approx(stats.norm.sf(1.96 - 2.02), abs=0.05)
    assert power[2] > 0.99
    assert (table["power_marked"] <= table["power"] + 1e-12).all()


def test_withheld_figures_are_never_marked(population):
    table = measure_power(
        population, [EQUAL], gaps=[0.3], samples=200, rule="n30", rng=np.random.default_rng(11)
    )
    assert table.set_index("domain").loc["C", "power_marked"] == 0


def test_holm_by_column_is_holm():
    p = np.random.default_rng(12).uniform(0, 0.2, size=(7, 30))
    p[np.random.default_rng(13).uniform(size=p.shape) < 0.3] = np.nan
    for column, adjusted in zip(p.T, adjust_holm(p).T, strict=True):
        np.testing.assert_allclose(adjusted, adjust_p_values(column), **EXACT)


def test_population_is_laid_out_from_a_frame():
    frame = pd.DataFrame(
        {"size": ["s", "l", "s"], "area": ["A", "A", "B"], "all": [5, 3, 2], "some": [1, 2, 0]}
    )
    population = build_population(frame, "some", size="all", strata="size", domains="area")
    assert population.strata == ("s", "l")
    assert population.size.tolist() == [[5, 2], [3, 0]]
    assert population.yes.tolist() == [[1, 0], [2, 0]]
    assert population.merge_strata().size.tolist() == [[8, 2]]


def test_equal_allocation_hands_out_what_is_left():
    assert allocate_equally(302, ["a", "b", "c"]) == {"a": 101, "b": 101, "c": 100}


@pytest.mark.parametrize(
    ("sizes", "words"),
    [
        ({"small": 41, "huge": 40}, "'equal': strata small, huge; those of .* small, large"),
        ({"small": 41, "large": 400}, "400 from stratum 'large', which has 152"),
        ({"small": 41, "large": 1}, "1 from stratum 'large'"),
    ],
)
def test_impossible_designs_are_refused(population, sizes, words):
    with pytest.raises(InputError, match=words):
        draw_samples(
            population, SampleDesign("equal", sizes), samples=1, rng=np.random.default_rng(0)
        )


def test_other_mistakes_are_named(population):
    rng = np.random.default_rng(0)
    with pytest.raises(InputError, match="samples 0"):
        draw_samples(population, EQUAL, samples=0, rng=rng)
    draws = draw_samples(population, EQUAL, samples=1, rng=rng)
    with pytest.raises(InputError, match="method 'guess': must be one of design"):
        estimate_draws(draws, method="guess")
    with pytest.raises(InputError, match="domain 'Z' is unknown; valid are A, B, C"):
        shift_domain(population, "Z", 0.1)
    with pytest.raises(InputError, match="gap 0.9 in 'A': would take 2 strata"):
        shift_domain(population, "A", 0.9)
    with pytest.raises(InputError, match="rules: n99 unknown"):
        measure_precision({"t": population}, [EQUAL], samples=1, rng=rng, rules=("n99",))
    frame = pd.DataFrame({"a": ["x", "x"], "b": ["y", "y"], "n": [1, 1], "k": [0, 0]})
    with pytest.raises(InputError, match="1 rows repeat a a and b"):
        build_population(frame, "k", size="n", strata="a", domains="b")
    with pytest.raises(InputError, match="columns absent: gone"):
        build_population(frame, "gone", size="n", strata="a", domains="b")


@pytest.mark.parametrize("rule", RULES)
def test_figures_are_shown_as_the_rule_flags_them(population, rule):
    draws = draw_samples(population, RANDOM, samples=200, rng=np.random.default_rng(5))
    results = estimate_draws(draws)
    names = ["n", "estimate", "se", "df"]
    flagged = flag(pd.DataFrame({name: results[name].ravel() for name in names}), rule)
    shown = show_figures(results, rule)
    assert shown.ravel().tolist() == (flagged["reliability"] != "suppress").tolist()
    assert shown.any()
    assert not shown.all()
