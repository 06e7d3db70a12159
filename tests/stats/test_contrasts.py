"""Differences between domains, waves and actors; corrections; letters."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from helpers.data.design import Design
from helpers.data.errors import InputError
from helpers.stats.contrasts import adjust_p_values, contrast_pairs, contrast_with_rest
from helpers.stats.estimates import estimate_proportions
from helpers.stats.letters import name_columns, write_letters
from helpers.stats.stacking import stack_samples

EQUAL = Design(weight="w")


@pytest.fixture
def two_regions():
    """20 of 40 in one region, 10 of 40 in the other."""
    return pd.DataFrame(
        {
            "q": ([1] * 20 + [2] * 20) + ([1] * 10 + [2] * 30),
            "region": ["11"] * 40 + ["24"] * 40,
            "w": 1.0,
        }
    )


@pytest.fixture
def three_regions():
    rng = np.random.default_rng(3)
    region = np.repeat(["a", "b", "c"], [150, 90, 60])
    share = pd.Series({"a": 0.8, "b": 0.5, "c": 0.2}).loc[region].to_numpy()
    q = np.where(rng.random(300) < share, 1, 2)
    return pd.DataFrame({"q": q, "region": region, "w": rng.uniform(1, 3, 300)})


def test_two_regions_by_hand(two_regions):
    row = contrast_with_rest(two_regions, "q", design=EQUAL, by="region").iloc[0]
    assert (row["estimate"], row["estimate_rest"], row["difference"]) == (0.5, 0.25, 0.25)
    # n / (n - 1) sum z^2 over 80 units, z = (y - p) / 40.
    variance = 80 / 79 * (0.5 * 0.5 / 40 + 0.25 * 0.75 / 40)
    assert row["difference_se"] ** 2 == pytest.approx(variance)
    assert row["df"] == 78
    assert row["p_value"] == pytest.approx(2 * stats.t.sf(0.25 / np.sqrt(variance), 78))
    # The whole is half this region: half the gap, half its standard error.
    assert row["difference_whole"] == pytest.approx(0.125)
    assert row["difference_whole_se"] == pytest.approx(row["difference_se"] / 2)
    # Under no difference z = (y - 0.375) / 40, whose sum over both sides is 0.25.
    null = 80 / 79 * (80 * 0.375 * 0.625 / 40**2 - 0.25**2 / 80)
    reach = stats.t.ppf(0.975, 78) + stats.t.ppf(0.8, 78)
    assert row["smallest_gap"] == pytest.approx(reach * np.sqrt(null))
    assert row["base_needed"] == np.ceil(40 * (row["smallest_gap"] / 0.25) ** 2)
    assert row["untestable"] == ""


def test_difference_to_the_whole_is_domain_minus_topline(three_regions):
    table = contrast_with_rest(three_regions, "q", design=EQUAL, by="region")
    whole = estimate_proportions(three_regions, "q", design=EQUAL)["estimate"].to_numpy()
    np.testing.assert_allclose(table["difference_whole"], table["estimate"] - np.tile(whole, 3))
    np.testing.assert_allclose(
        table["difference_whole"] / table["difference_whole_se"], table["statistic"]
    )


def test_a_gap_as_large_as_the_smallest_is_found_four_times_in_five(two_regions):
    rng = np.random.default_rng(8)
    gap = contrast_with_rest(two_regions, "q", design=EQUAL, by="region")["smallest_gap"].iloc[0]
    region = two_regions["region"].to_numpy() == "11"
    share = 0.375 + np.where(region, gap / 2, -gap / 2)
    found = [
        contrast_with_rest(
            two_regions.assign(q=rng.random(80) < share), "q", design=EQUAL, by="region"
        )["p_value"].iloc[0] < 0.05
        for _ in range(300)
    ]  # fmt: skip
    assert 0.72 < np.mean(found) < 0.88


def test_no_yes_in_a_small_domain_is_not_certainty(two_regions):
    frame = pd.DataFrame({"q": [2] * 5 + [1] * 30 + [2] * 70, "w": 1.0})
    frame["region"] = ["small"] * 5 + ["large"] * 100
    row = contrast_with_rest(frame, "q", design=EQUAL, by="region", answers=[1, 2]).iloc[2]
    assert row["region"] == "small"
    # Under no difference both sides vary around 30 / 105; the plain formula gives z = 6.5.
    p = 30 / 105
    inside, outside = np.full(5, -p / 5), -(frame["q"].iloc[5:] == 1).sub(p) / 100
    z = np.concatenate([inside, outside])
    expected = 105 / 104 * ((z - z.mean()) ** 2).sum()
    assert row["difference_se"] ** 2 == pytest.approx(expected)
    assert abs(row["statistic"]) < 2.5


@pytest.mark.parametrize(
    ("change", "region", "reason"),
    [
        ({}, "99", "no respondent in the domain"),
        ({"q": 2}, "11", "no variation in the answers"),
    ],
)
def test_untestable_comparisons_say_why(two_regions, change, region, reason):
    frame = two_regions.assign(**change)
    frame["region"] = pd.Categorical(frame["region"], categories=["11", "24", "99"])
    table = contrast_with_rest(frame, "q", design=EQUAL, by="region", answers=[1, 2])
    rows = table[table["region"] == region]
    assert (rows["untestable"] == reason).all()
    missing = ["difference_se", "statistic", "p_value", "smallest_gap", "base_needed"]
    assert rows[missing].isna().all(axis=None)


def test_untestable_without_rest_or_units(two_regions):
    frame = two_regions.assign(region=pd.Categorical(["11"] * 80, categories=["11", "24"]))
    table = contrast_with_rest(frame, "q", design=EQUAL, by="region")
    assert table["untestable"].iloc[0] == "no respondent to compare with"
    two = contrast_with_rest(two_regions.iloc[[0, -1]], "q", design=EQUAL, by="region")
    assert (two["untestable"] == "too few units for a standard error").all()
    census = Design(weight="w", fpc="N")
    everyone = contrast_with_rest(two_regions.assign(N=80), "q", design=census, by="region")
    assert everyone["p_value"].isna().all()
    assert (everyone["untestable"] != "").all()


@pytest.mark.parametrize("contrast", [contrast_with_rest, contrast_pairs])
def test_contrasts_that_cannot_be_made(two_regions, contrast):
    with pytest.raises(InputError, match="one domain only"):
        contrast(two_regions.assign(region="11"), "q", design=EQUAL, by="region")
    with pytest.raises(InputError, match="measure 'median'"):
        contrast(two_regions, "q", design=EQUAL, by="region", measure="median")


def test_with_two_domains_rest_and_pair_agree(two_regions):
    rest = contrast_with_rest(two_regions, "q", design=EQUAL, by="region").iloc[:2]
    pair = contrast_pairs(two_regions, "q", design=EQUAL, by="region")
    shared = ["difference", "difference_se", "statistic", "df", "p_value", "smallest_gap"]
    np.testing.assert_allclose(rest[shared], pair[shared])


def test_contrast_of_means_ignores_where_zero_is(three_regions):
    frame = three_regions.assign(shifted=three_regions["q"] + 2e6)
    one = contrast_with_rest(frame, "q", design=EQUAL, by="region", measure="mean")
    two = contrast_with_rest(frame, "shifted", design=EQUAL, by="region", measure="mean")
    np.testing.assert_allclose(one["statistic"], two["statistic"], rtol=1e-9)
    np.testing.assert_allclose(two["estimate"] - one["estimate"], 2e6)


def test_independent_waves_add_their_variances(two_regions):
    earlier, later = two_regions, two_regions.iloc[5:].assign(w=7.0)
    frame, design = stack_samples({"2016": earlier, "2024": later}, design=EQUAL, name="wave")
    row = contrast_pairs(frame, "q", design=design, by="wave").iloc[0]
    alone = [estimate_proportions(part, "q", design=EQUAL).iloc[0] for part in (earlier, later)]
    assert row["difference"] == pytest.approx(alone[0]["estimate"] - alone[1]["estimate"])
    assert row["difference_se"] == pytest.approx(np.hypot(alone[0]["se"], alone[1]["se"]))
    assert row[["wave_first", "wave_second"]].tolist() == ["2016", "2024"]


def test_a_panel_counts_each_person_once():
    panel = pd.DataFrame({"q": [1, 1, 2, 2, 1, 2], "person": range(6), "w": 1.0})
    again = panel.assign(q=[1, 2, 2, 2, 1, 2])
    waves = {"2016": panel, "2024": again}
    frame, design = stack_samples(waves, design=EQUAL, name="wave", identity="person")
    row = contrast_pairs(frame, "q", design=design, by="wave").iloc[0]
    change = (panel["q"] == 1).astype(int) - (again["q"] == 1)
    assert row["difference"] == pytest.approx(change.mean())
    assert row["difference_se"] == pytest.approx(change.std() / np.sqrt(6))  # the paired t test
    assert row["df"] == 4


def test_waves_within_each_region(two_regions):
    frame, design = stack_samples(dict.fromkeys("ab", two_regions), design=EQUAL, name="wave")
    table = contrast_pairs(frame, "q", design=design, by="wave", within="region")
    assert (table["region_first"] == table["region_second"]).all()
    assert len(table) == 4
    np.testing.assert_allclose(table["difference"], 0, atol=1e-15)
    assert np.isinf(table["base_needed"]).all()


def test_stacked_samples_keep_strata_units_and_designs_apart(two_regions):
    clustered = Design(weight="w", strata=("region",), psu="town")
    frame = two_regions.assign(town=np.arange(80) // 4)
    designs = {"a": EQUAL, "b": clustered}
    stacked, design = stack_samples({"a": two_regions, "b": frame}, design=designs)
    assert stacked["sample_stratum"].nunique() == 3
    assert stacked["sample_unit"].nunique() == 80 + 20
    assert design.psu == "sample_unit"
    b = estimate_proportions(stacked, "q", design=design, by="sample").iloc[2:]
    alone = estimate_proportions(frame, "q", design=clustered)
    np.testing.assert_allclose(b["se"], alone["se"])


def test_samples_that_cannot_be_stacked(two_regions):
    frames = {"a": two_regions, "b": two_regions}
    with pytest.raises(InputError, match="1 samples; a comparison needs two"):
        stack_samples({"a": two_regions}, design=EQUAL)
    with pytest.raises(InputError, match="no design for 1 samples"):
        stack_samples(frames, design={"a": EQUAL})
    with pytest.raises(InputError, match="must agree on weight"):
        stack_samples(frames, design={"a": EQUAL, "b": Design(weight="v")})
    with pytest.raises(InputError, match=r"columns \['region'\] exist already"):
        stack_samples(frames, design=EQUAL, name="region")
    with pytest.raises(InputError, match="not in the respondents: person"):
        stack_samples(frames, design=EQUAL, identity="person")
    moved = two_regions.assign(person=range(80))
    frames = {"a": moved, "b": moved.assign(region=moved["region"].iloc[::-1].to_numpy())}
    with pytest.raises(InputError, match="'person': 80 units change stratum"):
        stack_samples(frames, design=Design(weight="w", strata=("region",)), identity="person")
    holes = two_regions.assign(region=None)
    with pytest.raises(InputError, match="'region': 80 missing values"):
        stack_samples({"a": holes, "b": holes}, design=Design(weight="w", strata=("region",)))


# p.adjust(c(0.001, 0.02, 0.02, NA, 0.04, 0.3, 0.9), "holm"), and "BH"
P = [0.001, 0.02, 0.02, np.nan, 0.04, 0.3, 0.9]
HOLM = [0.006, 0.1, 0.1, np.nan, 0.12, 0.6, 0.9]
BH = [0.006, 0.04, 0.04, np.nan, 0.06, 0.36, 0.9]


@pytest.mark.parametrize(("method", "expected"), [("holm", HOLM), ("bh", BH), ("none", P)])
def test_adjusted_p_values(method, expected):
    np.testing.assert_allclose(adjust_p_values(P, method), expected)
    assert adjust_p_values([], method).tolist() == []
    assert np.isnan(adjust_p_values([np.nan], method)).all()


def test_p_values_that_cannot_be_adjusted():
    with pytest.raises(InputError, match="method 'sidak'"):
        adjust_p_values([0.1], "sidak")
    with pytest.raises(InputError, match="1 values outside 0 to 1"):
        adjust_p_values([0.1, 1.2, np.nan])


def test_letters_name_the_columns_exceeded(three_regions):
    pairs = contrast_pairs(three_regions, "q", design=EQUAL, by="region")
    table = write_letters(pairs, "region")
    assert table["letter"].tolist() == ["A", "A", "B", "B", "C", "C"]
    assert table[table["answer"] == 1]["higher_than"].tolist() == ["B, C", "C", ""]
    assert table[table["answer"] == 2]["higher_than"].tolist() == ["", "A", "A, B"]
    assert (table["untestable"] == "").all()
    strict = write_letters(pairs, "region", family="all", alpha=1e-30)
    assert (strict["higher_than"] == "").all()


def test_letters_name_the_columns_not_comparable(three_regions):
    frame = three_regions.assign(region=pd.Categorical(three_regions["region"], list("abcd")))
    table = write_letters(contrast_pairs(frame, "q", design=EQUAL, by="region"), "region")
    assert table["untestable"].tolist() == ["D"] * 6 + ["A, B, C"] * 2


def test_letters_need_pairs_of_one_group(three_regions):
    frame = three_regions.assign(size=["s", "l"] * 150)
    pairs = contrast_pairs(frame, "q", design=EQUAL, by="region", within="size")
    with pytest.raises(InputError, match="several rows per pair"):
        write_letters(pairs, "region")
    with pytest.raises(InputError, match="columns absent: town_first"):
        write_letters(pairs, "town")
    with pytest.raises(InputError, match="family 'some'"):
        write_letters(pairs, "region", family="some")


def test_columns_after_z_are_doubled():
    assert [name_columns(53)[at] for at in (0, 25, 26, 51, 52)] == ["A", "Z", "AA", "AZ", "BA"]
