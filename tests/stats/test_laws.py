"""Laws that hold for any sample, weight and design (hypothesis draws them)."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data.design import Design
from helpers.stats.calibration import Calibration
from helpers.stats.contrasts import contrast_pairs, contrast_with_rest
from helpers.stats.estimates import estimate_proportions
from helpers.stats.means import estimate_means, estimate_totals
from helpers.stats.weights import rake, trim

FEW = settings(max_examples=25, deadline=None)
DESIGN = Design(weight="w", strata=("stratum",))
CLUSTERED = Design(weight="w", strata=("stratum",), psu="unit")
SHOWN = ["estimate", "se", "ci_low", "ci_high", "n", "df"]


@st.composite
def samples(draw):
    """Respondents with unequal weights, missing answers and missing regions."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = draw(st.integers(24, 120))
    frame = pd.DataFrame(
        {
            "q": rng.choice([1, 2, 3], size=n),
            "score": rng.integers(0, 11, size=n).astype(float),
            "region": rng.choice(["a", "b", "c"], size=n),
            "stratum": np.arange(n) % draw(st.integers(1, 4)),
            "unit": np.arange(n) // 8,
            "size": rng.choice(["s", "l"], size=n),
            "w": np.exp(rng.normal(0, draw(st.floats(0, 1)), n)) * 10,
        }
    ).astype({"q": "Int64"})
    frame.loc[rng.random(n) < 0.1, "q"] = pd.NA
    frame.loc[rng.random(n) < 0.1, "region"] = None
    # Every answer and region occurs, so that tables have the same rows.
    frame.loc[:8, "q"] = [1, 2, 3] * 3
    frame.loc[:8, "region"] = list("aaabbbccc")
    frame.loc[:1, "size"] = ["s", "l"]
    return frame


def same(one, two, columns=SHOWN):
    np.testing.assert_allclose(
        one[columns].astype(float), two[columns].astype(float), rtol=1e-9, atol=1e-12
    )


@FEW
@given(samples())
def test_equal_weights_reduce_to_the_textbook(frame):
    table = estimate_proportions(frame.assign(w=1.0), "q", design=Design(weight="w"))
    answered, n = frame["q"].notna().sum(), len(frame)
    p = frame["q"].value_counts(normalize=True).sort_index().to_numpy(dtype=float)
    np.testing.assert_allclose(table["estimate"], p)
    # s^2 / n with the units that did not answer left in the design.
    variance = n / (n - 1) * p * (1 - p) / answered
    np.testing.assert_allclose(table["se"] ** 2, variance)


@FEW
@given(samples(), st.floats(1e-3, 1e3))
def test_rescaled_weights_move_no_proportion(frame, factor):
    options = {"design": DESIGN, "by": "region", "deff": "replace"}
    one = estimate_proportions(frame, "q", **options)
    two = estimate_proportions(frame.assign(w=frame["w"] * factor), "q", **options)
    same(one, two, [*SHOWN, "deff", "n_eff"])


@FEW
@given(samples(), st.randoms(use_true_random=False), st.sampled_from([DESIGN, CLUSTERED]))
def test_order_of_rows_moves_nothing(frame, random, design):
    order = list(range(len(frame)))
    random.shuffle(order)
    one = estimate_proportions(frame, "q", design=design, by="region")
    two = estimate_proportions(frame.iloc[order], "q", design=design, by="region")
    same(one, two)


@FEW
@given(samples())
def test_a_row_split_in_two_moves_nothing_when_rows_are_grouped_in_units(frame):
    halves = pd.concat([frame, frame]).assign(w=lambda both: both["w"] / 2)
    one = estimate_means(frame, "score", design=CLUSTERED, by="region")
    two = estimate_means(halves, "score", design=CLUSTERED, by="region")
    same(one, two, ["estimate", "se", "ci_low", "ci_high", "df"])


@FEW
@given(samples())
def test_strata_taken_apart_and_added_back(frame):
    whole = estimate_totals(frame, "score", measure="sum", design=DESIGN, deff="replace")
    parts = [
        estimate_totals(part, "score", measure="sum", design=Design(weight="w"), deff="replace")
        for _, part in frame.groupby("stratum")
    ]
    assert whole["estimate"].sum() == pytest.approx(sum(part["estimate"].sum() for part in parts))
    variance = sum((part["se"] ** 2).sum() for part in parts)
    assert whole["se"].iloc[0] ** 2 == pytest.approx(variance)


@FEW
@given(samples())
def test_domains_and_answers_add_up(frame):
    table = estimate_proportions(frame, "q", design=DESIGN, by="region")
    np.testing.assert_allclose(table.groupby("region")["estimate"].sum(), 1)
    topline = estimate_proportions(frame, "q", design=DESIGN, where=frame["region"].notna())
    weighted = (table["estimate"] * table["n_weighted"]).groupby(table["answer"]).sum()
    np.testing.assert_allclose(weighted / topline["n_weighted"].iloc[0], topline["estimate"])
    assert table["ci_low"].le(table["estimate"]).all()
    assert table["estimate"].le(table["ci_high"]).all()


@FEW
@given(samples(), st.sampled_from([DESIGN, CLUSTERED]))
def test_whole_and_rest_are_one_test(frame, design):
    table = contrast_with_rest(frame, "q", design=design, by="region")
    tested = table[table["untestable"] == ""]
    np.testing.assert_allclose(
        tested["difference_whole"] / tested["difference_whole_se"], tested["statistic"]
    )
    topline = estimate_proportions(frame, "q", design=design, where=frame["region"].notna())
    whole = topline.set_index("answer")["estimate"].loc[table["answer"]].to_numpy()
    gap = table["estimate"] - whole
    np.testing.assert_allclose(table["difference_whole"], gap, rtol=1e-9, atol=1e-12)


@FEW
@given(samples(), st.sampled_from([DESIGN, CLUSTERED]))
def test_pairs_change_sign_with_their_order(frame, design):
    order = ["c", "b", "a"]
    turned = frame.assign(region=pd.Categorical(frame["region"], categories=order))
    one = contrast_pairs(frame, "q", design=design, by="region")
    two = contrast_pairs(turned, "q", design=design, by="region")
    both = one.merge(
        two.rename(columns={"region_first": "region_second", "region_second": "region_first"}),
        on=["region_first", "region_second", "answer"],
    )
    assert len(both) == len(one)
    np.testing.assert_allclose(both["difference_x"], -both["difference_y"], atol=1e-12)
    np.testing.assert_allclose(both["p_value_x"], both["p_value_y"], rtol=1e-9)


@FEW
@given(samples())
def test_one_respondent_per_unit_is_a_sample_of_elements(frame):
    single = frame.assign(unit=range(len(frame)))
    one = estimate_proportions(single, "q", design=CLUSTERED, by="region")
    same(one, estimate_proportions(single, "q", design=DESIGN, by="region"))
    one = contrast_with_rest(single, "q", design=CLUSTERED, by="region")
    two = contrast_with_rest(single, "q", design=DESIGN, by="region")
    same(one, two, ["difference", "difference_se", "p_value", "smallest_gap", "df"])


@FEW
@given(samples(), st.floats(0.2, 0.8))
def test_raked_margins_hit_their_targets(frame, share):
    frame = frame.dropna(subset=["region"])
    sizes = pd.Series({"s": share, "l": 1 - share}) * 1000
    regions = pd.Series({"a": 500.0, "b": 300.0, "c": 200.0})
    first = frame.iloc[:9]  # all regions crossed with both sizes, so a solution exists
    frame = pd.concat([frame, first.assign(size="s"), first.assign(size="l")], ignore_index=True)
    frame["raked"] = rake(frame, {"region": regions, "size": sizes}, weight="w")
    np.testing.assert_allclose(frame.groupby("region")["raked"].sum(), regions, rtol=1e-8)
    np.testing.assert_allclose(frame.groupby("size")["raked"].sum()[["s", "l"]], sizes, rtol=1e-8)
    # What raking fixed has no sampling error left.
    table = estimate_proportions(
        frame,
        "region",
        design=Design(weight="raked"),
        calibration=Calibration(margins=("region",), base_weight="raked"),
    )
    np.testing.assert_allclose(table["se"], 0, atol=1e-9)


@FEW
@given(samples(), st.floats(1.05, 5))
def test_trimmed_weights_keep_their_sum_and_order(frame, cap):
    weights = frame["w"]
    trimmed = trim(weights, upper=weights.mean() * cap)
    assert trimmed.sum() == pytest.approx(weights.sum())
    assert trimmed.max() <= weights.mean() * cap
    assert trimmed.iloc[weights.argsort()].is_monotonic_increasing
