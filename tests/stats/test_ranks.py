"""Ranks: bounds by hand, coverage by simulation, agreement with an indicator without causes."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from helpers.data.errors import InputError
from helpers.stats.ranks import pair_ranks, rank_against, rank_intervals


def estimates(values, se, names=None, **columns):
    """Rows of an estimate table; a base so large that t is normal."""
    values = np.array(values, dtype=float)
    base = {
        "domain": names or [f"r{place}" for place in range(len(values))],
        "answer": "health",
        "actor": "citizens",
        "unit": "share",
        "n": 10**9,
        "estimate": values,
        "se": se,
        "reliability": np.where(np.isnan(values), "suppress", "ok"),
        "reason": np.where(np.isnan(values), "n < 30", ""),
        "provenance": "demo",
    }
    return pd.DataFrame(base | columns)


def test_bounds_by_hand():
    """Half-widths 0.02: a and b overlap, c is surely below both, d below all."""
    half = 0.02 / stats.norm.ppf((1 + 0.95 ** (1 / 4)) / 2)
    table = rank_intervals(estimates([0.60, 0.58, 0.50, 0.40], half, ["a", "b", "c", "d"]))
    assert table["rank"].tolist() == [1, 2, 3, 4]
    assert table["rank_low"].tolist() == [1, 1, 3, 4]
    assert table["rank_high"].tolist() == [2, 2, 3, 4]
    assert table["alike"].tolist() == [("b",), ("a",), (), ()]
    assert set(table["reason"]) == {""}


def test_a_chain_is_alike_by_neighbours_only():
    half = 0.02 / stats.norm.ppf((1 + 0.95 ** (1 / 3)) / 2)
    table = rank_intervals(estimates([0.50, 0.47, 0.44], half, ["a", "b", "c"]))
    assert table["alike"].tolist() == [("b",), ("a", "c"), ("b",)]
    assert list(zip(table["rank_low"], table["rank_high"], strict=True)) == [(1, 2), (1, 3), (2, 3)]


def test_estimates_of_the_same_respondents_get_wider_bounds():
    """Bonferroni's level per interval is higher than that of independent ones."""
    apart = 2 * stats.norm.ppf((1 + 0.95 ** (1 / 2)) / 2) * 0.01 + 1e-6
    rows = estimates([0.5, 0.5 - apart], 0.01)
    assert rank_intervals(rows)["alike"].tolist() == [(), ()]
    assert rank_intervals(rows, independent=False)["rank_high"].tolist() == [2, 2]


def test_a_small_base_widens_the_bounds():
    rows = estimates([0.55, 0.50], 0.01)
    assert rank_intervals(rows)["rank_high"].tolist() == [1, 2]
    assert rank_intervals(rows.assign(n=3))["rank_high"].tolist() == [2, 2]


def test_what_is_withheld_has_no_rank():
    table = rank_intervals(estimates([0.6, np.nan, 0.4], 0.001))
    assert table["rank"].tolist()[::2] == [1, 2]
    assert np.isnan(table.loc[1, "rank"])
    assert table.loc[1, "reason"] == "n < 30"
    assert table["ranked"].tolist() == [2, 2, 2]


def test_joint_coverage_is_at_least_the_level():
    """True ranks of 8 values within all bounds at once in 95 % of 400 draws, less 3 se."""
    rng = np.random.default_rng(1)
    truth = np.linspace(0.3, 0.5, 8)
    ranks = stats.rankdata(-truth)
    held = 0
    for _ in range(400):
        table = rank_intervals(estimates(truth + rng.normal(0, 0.02, 8), 0.02))
        held += (table["rank_low"] <= ranks).all() and (ranks <= table["rank_high"]).all()
    assert held / 400 > 0.95 - 3 * np.sqrt(0.95 * 0.05 / 400)


def test_an_assumed_base_gives_no_interval():
    rows = estimates([0.6, 0.4], 0.01, provenance="reconstructed", reliability="warn",
                     reason="sample size assumed")  # fmt: skip
    table = rank_intervals(rows)
    assert table["rank"].tolist() == [1, 2]
    assert table["rank_low"].isna().all()
    assert set(table["reason"]) == {"sample size assumed: no interval on the rank"}


def test_one_estimate_has_nothing_to_be_ranked_against():
    table = rank_intervals(estimates([0.6, np.nan], 0.01))
    assert table.loc[0, "reason"] == "nothing to rank it against"


@pytest.mark.parametrize(
    ("rows", "options", "words"),
    [
        (estimates([0.1, 0.2], 0.1, ["a", "a"]), {}, "domain: 1 names come twice: a"),
        (estimates([0.1, 0.2], 0.1, unit=["share", "score_10"]), {}, "share and score_10 have no"),
        (estimates([0.1, 0.2], 0.1), {"by": "wave"}, "by 'wave': must be domain, answer or actor"),
        (estimates([0.1, 0.2], 0.1), {"level": 1.0}, "level"),
    ],
)
def test_rows_that_have_no_ranks(rows, options, words):
    with pytest.raises(InputError, match=words):
        rank_intervals(rows, **options)


REGIONS = ["11", "24", "27", "28", "32", "44"]


def indicator(values, direction="+", **columns):
    values = np.array(values, dtype=float)
    base = {
        "indicator": "poverty",
        "year": 2016,
        "region": REGIONS[: len(values)],
        "direction": direction,
        "value": values,
        "reason": np.where(np.isnan(values), "not merged", ""),
    }
    return pd.DataFrame(base | columns)


def perceived(values):
    return estimates(values, 0.01, REGIONS[: len(values)])


def test_ranks_side_by_side():
    table = pair_ranks(indicator([30, 20, 10, np.nan, 5, 1], "-"), perceived([1, 2, 3, 4, 5, 6]))
    kept = table[table["reason"] == ""]
    assert kept["perceived_rank"].tolist() == [5, 4, 3, 2, 1]
    # A lower value is more fragile: 1 is the most fragile of all.
    assert kept["measured_rank"].tolist() == [5, 4, 3, 2, 1]
    assert table.loc[3, "reason"] == "not merged"


def test_agreement_with_and_without_the_outlier():
    table = rank_against(indicator([60, 1, 2, 3, 4, 5]), perceived([0, 1, 2, 3, 4, 5]))
    table = table.set_index("territories")
    expected = stats.spearmanr([60, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 5]).statistic
    assert table.loc["all", "rho"] == pytest.approx(expected)
    assert table.loc["all", "n"] == 6
    assert table.loc["without Île-de-France", "rho"] == pytest.approx(1)
    assert table.loc["without Île-de-France", "n"] == 5


def test_interval_of_bonett_and_wright():
    table = rank_against(indicator([2, 1, 3, 4, 6, 5]), perceived([1, 2, 3, 4, 5, 6])).iloc[0]
    rho = 1 - 6 * 4 / (6 * 35)
    se = np.sqrt((1 + rho**2 / 2) / 3)
    assert table["rho"] == pytest.approx(rho)
    bounds = np.tanh(np.arctanh(rho) + np.array([-1, 1]) * stats.norm.ppf(0.975) * se)
    assert table[["ci_low", "ci_high"]].to_numpy(float) == pytest.approx(bounds)


def test_too_few_or_all_the_same():
    few = rank_against(indicator([1, 2, 3, 4]), perceived([1, 2, 3, 4]))
    assert few["reason"].iloc[0] == "territories with both: 4, too few"
    flat = rank_against(indicator([1] * 6), perceived([1, 2, 3, 4, 5, 6]))
    assert set(flat["reason"]) == {"one side is the same everywhere"}
    assert flat["rho"].isna().all()


@pytest.mark.parametrize(
    ("measured", "seen", "words"),
    [
        (indicator([1, 2], "0"), perceived([1, 2]), "poverty: has no direction"),
        (indicator([1, 2]), perceived([1, 2, 3]), "1 territories are on one side only: 27"),
        (
            indicator([1, 2], year=[2014, 2016]),
            perceived([1, 2]),
            "year: one is needed, found 2014",
        ),
        (indicator([1, 2]), perceived([1, 2]).assign(actor=["a", "b"]), "actor: one is needed"),
        (indicator([]), perceived([]), "indicator: one is needed, found none"),
    ],
)
def test_rows_that_cannot_be_set_side_by_side(measured, seen, words):
    with pytest.raises(InputError, match=words):
        pair_ranks(measured, seen)
