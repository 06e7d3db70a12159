"""Raking, post-stratification, trimming, normalisation and their diagnostics."""

import numpy as np
import pandas as pd
import pytest

from helpers.data.errors import InputError
from helpers.stats.diagnostics import compare_margins, describe_weights, greatest_margin
from helpers.stats.margins import BLOCK
from helpers.stats.weights import normalise, poststratify, rake, trim, weight_from_frame

SEX = pd.Series({"f": 60.0, "m": 40.0})
AGE = pd.Series({"old": 30.0, "young": 70.0})


@pytest.fixture
def four_kinds():
    return pd.DataFrame(
        {
            "sex": ["f", "f", "m", "m", "m"],
            "age": ["old", "young", "old", "young", "young"],
            "w": [1.0, 2.0, 3.0, 4.0, 5.0],
        },
        index=list("abcde"),
    )


def test_raked_weights_meet_every_margin(four_kinds):
    joint = pd.Series({("f", "old"): 10, ("f", "young"): 50, ("m", "old"): 20, ("m", "young"): 20})
    margins = {"sex": SEX, "age": AGE, ("sex", "age"): joint}
    weights = rake(four_kinds, margins, weight="w")
    assert weights.index.equals(four_kinds.index)
    np.testing.assert_allclose(weights.groupby(four_kinds["sex"]).sum(), SEX, rtol=1e-12)
    np.testing.assert_allclose(weights.groupby(four_kinds["age"]).sum(), AGE, rtol=1e-12)
    assert weights["e"] / weights["d"] == pytest.approx(5 / 4)


def test_raking_many_crossed_cells():
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({name: rng.integers(40, size=3000) for name in "abc"})
    margins = {name: pd.Series(rng.uniform(1, 2, 40)).pipe(lambda s: s / s.sum()) for name in "abc"}
    weights = rake(frame, margins)
    for name, target in margins.items():
        np.testing.assert_allclose(weights.groupby(frame[name]).sum(), target, rtol=1e-8)


@pytest.mark.parametrize("crossed", [("sex", "size"), ("size",)])
def test_categories_weigh_like_the_words_they_stand_for(crossed):
    """One-byte codes, empty categories, more rows than are summed at a time."""
    rng = np.random.default_rng(2)
    rows = 2 * BLOCK + 7
    words = pd.DataFrame(
        {
            "sex": rng.choice(["f", "m"], rows),
            "age": rng.integers(100, size=rows),
            "size": rng.choice(["large", "small", "medium"], rows),
            "w": rng.uniform(1, 3, rows),
        }
    )
    coded = words.assign(
        sex=pd.Categorical(words["sex"], ["x", "m", "f"]),
        age=pd.Categorical(words["age"], range(127)),
        size=pd.Categorical(words["size"], ["small", "medium", "empty", "large"]),
    )
    joint = words.groupby(list(crossed))["w"].sum() * np.linspace(
        1, 2, words[[*crossed]].nunique().prod()
    )
    joint *= 1000 / joint.sum()
    margins = {crossed: joint, "age": pd.Series(10.0, index=range(100))}
    weights = rake(coded, margins, weight="w")
    for columns, target in margins.items():
        columns = [columns] if isinstance(columns, str) else list(columns)
        achieved = weights.groupby([words[column] for column in columns]).sum()
        np.testing.assert_allclose(achieved, target, rtol=1e-12)
    np.testing.assert_allclose(weights, rake(words, margins, weight="w"), rtol=1e-12)


@pytest.mark.parametrize(
    ("margins", "message"),
    [
        ({}, "margins: empty"),
        ({(): SEX}, "margins: empty"),
        ({"height": SEX}, "not in the respondents: height"),
        (
            {"sex": SEX.drop("m")},
            r"sex: 1 levels of the sample .* 'm' \(3 respondents, no target\)",
        ),
        ({"sex": pd.Series({"f": 1, "m": 0})}, r"'m' \(3 respondents, target 0\)"),
        (
            {"sex": pd.Series({"f": 1, "m": 1, "x": 2})},
            r"1 target levels without .* 'x' \(target 2\)",
        ),
        ({"sex": pd.Series({"f": 1, "m": np.nan})}, r"1 targets missing, infinite .* \['m'\]"),
        ({"sex": pd.Series({"f": 1, "m": -1})}, "negative"),
        ({"sex": pd.Series([1, 2, 3], index=["f", "m", "m"])}, r"two targets: \['m'\]"),
        ({"sex": SEX, "age": AGE + 1}, "margins disagree on the total: sex 100, age 102"),
    ],
)
def test_margins_that_cannot_be_met(four_kinds, margins, message):
    with pytest.raises(InputError, match=message):
        rake(four_kinds, margins)


def test_a_zero_target_without_respondents_is_no_error(four_kinds):
    target = pd.Series({"f": 60, "m": 40, "x": 0})
    assert rake(four_kinds, {"sex": target}).sum() == pytest.approx(100)


def test_crossings_without_respondents_stop_the_raking(four_kinds):
    frame = four_kinds.iloc[[0, 3, 4]]  # women are all old, men all young
    with pytest.raises(InputError, match=r"did not converge in 50 passes: .* level .* target of"):
        rake(frame, {"sex": SEX, "age": AGE}, max_iterations=50)
    with pytest.raises(InputError, match="did not converge"):
        rake(frame, {"sex": SEX, "age": AGE})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"w": [1, 0, 3, 4, 5.0]}, "'w': .* 1 zero of 5"),
        ({"sex": ["f", None, "m", "m", "m"]}, "'sex': 1 missing values of 5"),
    ],
)
def test_samples_that_cannot_be_raked(four_kinds, change, message):
    with pytest.raises(InputError, match=message):
        rake(four_kinds.assign(**change), {"sex": SEX}, weight="w")
    with pytest.raises(InputError, match="0 rows"):
        rake(four_kinds.iloc[:0], {"sex": SEX})


def test_poststratified_weights(four_kinds):
    weights = poststratify(four_kinds, SEX.rename_axis("sex"), weight="w")
    np.testing.assert_allclose(weights, [20, 40, 10, 40 / 3, 50 / 3])
    with pytest.raises(InputError, match="name the levels of the index"):
        poststratify(four_kinds, SEX)


def test_design_weights_are_frame_units_over_sample_units(four_kinds):
    frame = pd.Series(
        [100, 200, 300, 400],
        index=pd.MultiIndex.from_product([["f", "m"], ["old", "young"]], names=["sex", "age"]),
    )
    assert weight_from_frame(four_kinds, frame).tolist() == [100, 200, 300, 200, 200]


def test_trimming_keeps_the_sum():
    weights = pd.Series([1.0, 2.0, 3.0, 14.0], index=list("abcd"), name="w")
    assert trim(weights, upper=8).tolist() == [3, 4, 5, 8]
    trimmed = trim(weights, lower=2, upper=9)
    assert trimmed.between(2, 9).all()
    assert trimmed.sum() == pytest.approx(20)
    pd.testing.assert_series_equal(trim(weights, upper=20), weights)
    assert trim(weights, upper=5).tolist() == [5, 5, 5, 5]
    with pytest.raises(InputError, match="mean weight 5 lies outside 0 to 4"):
        trim(weights, upper=4)
    with pytest.raises(InputError, match="1 negative"):
        trim(-weights.iloc[:1])


def test_normalised_weights_say_to_what_sum():
    weights = pd.Series([1.0, 3.0])
    assert normalise(weights).tolist() == [0.5, 1.5]
    assert normalise(weights, to=100).tolist() == [25, 75]
    for wrong in ("population", 0, -1, float("inf"), float("nan")):
        with pytest.raises(InputError, match="must be 'respondents' or a positive number"):
            normalise(weights, to=wrong)


def test_margins_beside_their_targets(four_kinds):
    table = compare_margins(four_kinds, {"sex": SEX, "age": AGE}, weight="w")
    assert table["margin"].tolist() == ["sex", "sex", "age", "age"]
    assert table["level"].tolist() == ["f", "m", "old", "young"]
    assert table["n"].tolist() == [2, 3, 2, 3]
    assert table["before"].tolist() == [40, 60, 40, 60]
    assert table["achieved"].tolist() == [3, 12, 4, 11]
    assert table["gap"].tolist() == [-57, -28, -26, -59]
    np.testing.assert_allclose(table["relative_gap"], [-0.95, -0.7, -26 / 30, -59 / 70])


def test_spread_of_weights(four_kinds):
    row = describe_weights(four_kinds, weight="w").iloc[0]
    assert (row["n"], row["sum"], row["min"], row["median"], row["max"]) == (5, 15, 1, 3, 5)
    assert row["deff_kish"] == pytest.approx(5 * 55 / 225)
    assert row["deff_kish"] == pytest.approx(1 + row["cv"] ** 2)
    assert row["cv"] == pytest.approx(np.std([1, 2, 3, 4, 5]) / 3)
    assert row["n_eff_kish"] == pytest.approx(225 / 55)
    groups = describe_weights(four_kinds, weight="w", by="sex")
    assert groups["sex"].tolist() == ["f", "m"]
    assert groups["ratio"].tolist() == [2, pytest.approx(5 / 3)]
    with pytest.raises(InputError, match="not in the respondents: height"):
        describe_weights(four_kinds, weight="w", by="height")


def test_greatest_margin_of_error_by_hand(four_kinds):
    """n_eff = 15^2 / 55 = 4.0909; 1.959964 / (2 sqrt n_eff) = 0.4845."""
    assert greatest_margin(four_kinds, weight="w") == pytest.approx(0.48452, abs=1e-5)
    equal = pd.DataFrame({"w": np.ones(1000)})
    assert greatest_margin(equal, weight="w") == pytest.approx(0.0309898, abs=1e-7)
    assert greatest_margin(equal, weight="w", level=0.9) == pytest.approx(0.0260074, abs=1e-7)
    with pytest.raises(InputError, match="level"):
        greatest_margin(equal, weight="w", level=95)
