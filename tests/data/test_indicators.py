"""Indicators: what was read, what a merge of two regions may say, and ranks by direction."""

import math

import pandas as pd
import pytest

from helpers.data.errors import InputError
from helpers.data.fragilities import read_fragilities
from helpers.data.indicators import merge_zones, rank_fragility, read_indicators, select_indicators

REGIONS = "data/indicators/regions.csv"
DICTIONARY = "data/indicators/indicators.csv"


@pytest.fixture(scope="module")
def indicators(checkout):
    return read_indicators(root=checkout)


@pytest.fixture(scope="module")
def zones(checkout, indicators):
    return merge_zones(indicators, root=checkout)


def pick(zones, indicator, year, region="93+94"):
    keys = {"indicator": indicator, "year": year, "region": region}
    rows = zones[(zones[list(keys)] == pd.Series(keys)).all(axis=1)]
    assert len(rows) == 1
    return rows.iloc[0]


def test_all_values_are_there(indicators):
    assert len(indicators) == 871
    assert indicators["indicator"].nunique() == 48
    assert (indicators.groupby(["indicator", "year"])["region_code"].nunique() == 13).all()
    gaps = indicators[indicators["value"].isna()]
    assert gaps[["indicator", "region_code"]].to_numpy().tolist() == [
        ["sports_licences_per_1000", "52"]
    ]


def test_every_fragility_has_an_indicator(checkout, indicators):
    fragilities = set(read_fragilities(root=checkout)["fragility"])
    assert set(indicators["fragility"]) == fragilities | {""}
    context = indicators.loc[indicators["fragility"] == "", "indicator"].unique()
    assert context.tolist() == ["social_economy_employment_share"]


def test_zones_are_the_twelve(zones):
    assert len(zones) == 67 * 12
    assert (zones.groupby(["indicator", "year"])["region"].nunique() == 12).all()
    alone = zones[zones["region"] != "93+94"]
    assert (alone["merge"] == "").all()


def test_a_rate_is_merged_by_its_inhabitants(zones):
    """Poverty 2014: 17.5 and 20.3; 5,021,928 and 330,455 inhabitants in 2016."""
    row = pick(zones, "poverty_rate_60", 2014)
    inhabitants = {"93": 5021928, "94": 330455}
    expected = (17.5 * inhabitants["93"] + 20.3 * inhabitants["94"]) / sum(inhabitants.values())
    assert row["value"] == pytest.approx(expected, abs=1e-9)
    assert row["merge"] == "93 and 94 weighted by inhabitants of 2016"


def test_land_is_merged_by_area(zones, indicators, checkout):
    areas = pd.read_csv(checkout / "shapefiles/areas.csv", dtype={"code": str})
    areas = areas.set_index("code")["area_km2"]
    rows = indicators.query("indicator == 'artificialised_land_share'").set_index("region_code")
    one, two = rows.loc["93", "value"], rows.loc["94", "value"]
    expected = (one * areas["93"] + two * areas["94"]) / (areas["93"] + areas["94"])
    assert pick(zones, "artificialised_land_share", 2012)["value"] == pytest.approx(expected)


def test_the_nearest_count_of_inhabitants_weighs(zones):
    assert pick(zones, "gdp_per_capita", 2022)["merge"].endswith("2018")
    assert pick(zones, "share_75_plus", 2025)["merge"].endswith("2026")


@pytest.mark.parametrize(
    ("indicator", "year", "why"),
    [
        ("median_standard_of_living", 2013, "A median cannot be merged"),
        ("interdecile_ratio_d9_d1", 2021, "A ratio of deciles cannot be merged"),
        ("life_expectancy_men", 2014, "A life expectancy cannot be merged"),
        ("unemployment_rate", 2016, "No count of the labour force by region"),
        ("burglaries_per_1000_dwellings", 2024, "No count of dwellings by region"),
    ],
)
def test_what_cannot_be_merged_has_no_value_and_says_why(zones, indicator, year, why):
    row = pick(zones, indicator, year)
    assert math.isnan(row["value"])
    assert row["reason"].startswith(why)
    assert pick(zones, indicator, year, "53")["reason"] == ""


def test_a_merged_value_lies_between_its_two(zones, indicators):
    keys = ["indicator", "year"]
    ends = indicators[indicators["region_code"].isin(["93", "94"])].groupby(keys)["value"]
    merged = zones[(zones["region"] == "93+94") & zones["value"].notna()].set_index(keys)["value"]
    assert len(merged) > 25
    assert (merged >= ends.min()[merged.index]).all()
    assert (merged <= ends.max()[merged.index]).all()


def test_every_missing_value_says_why(zones):
    assert ((zones["reason"] != "") == zones["value"].isna()).all()


def test_ranks_follow_the_direction():
    table = pd.DataFrame(
        {
            "indicator": ["up"] * 3 + ["down"] * 3 + ["context"] * 3,
            "year": 2016,
            "direction": ["+"] * 3 + ["-"] * 3 + ["0"] * 3,
            "value": [1.0, 3.0, 2.0, 1.0, 3.0, float("nan"), 1.0, 2.0, 3.0],
        }
    )
    ranked = rank_fragility(table)
    assert ranked["rank"].tolist()[:5] == [3, 1, 2, 1, 2]
    assert ranked["rank"][5:].isna().all()
    assert ranked["ranked"].tolist() == [3] * 3 + [2] * 3 + [0] * 3


def test_a_pair_of_which_one_is_missing(indicators):
    gap = (indicators["indicator"] == "poverty_rate_60") & (indicators["region_code"] == "94")
    table = indicators.assign(
        value=indicators["value"].mask(gap), note=indicators["note"].mask(gap, "GAP: not read")
    )
    row = pick(merge_zones(table), "poverty_rate_60", 2014)
    assert math.isnan(row["value"])
    assert row["reason"] == "GAP: not read"


def test_regions_that_are_left_out(indicators):
    with pytest.raises(InputError, match="67 indicator-years without all 13 regions: "):
        merge_zones(indicators[indicators["region_code"] != "11"])


@pytest.mark.parametrize(
    ("name", "row", "change", "words"),
    [
        (REGIONS, {"region_code": "53"}, {"region_code": "1"}, "column region_code: 67 values not"),
        (REGIONS, {"indicator": "poverty_rate_60"}, {"value": ""}, "break the rule .a missing val"),
        (REGIONS, {"indicator": "poverty_rate_60"}, {"year": "2014"}, "26 rows repeat the key"),
        (REGIONS, {"indicator": "poverty_rate_60"}, {"indicator": "joy"},
         "indicators.csv: no row for joy"),
        (REGIONS, {"indicator": "poverty_rate_60"}, {"unit": "euro"},
         "fragility or unit unlike indicators.csv: poverty_rate_60"),
        (DICTIONARY, {"indicator": "poverty_rate_60"}, {"direction": "up"}, "column direction: 1"),
        (DICTIONARY, {"indicator": "poverty_rate_60"}, {"base": ""}, "says why it is not merged"),
        (DICTIONARY, {"indicator": "poverty_rate_60"}, {"fragility": "joy"}, "unknown: joy"),
    ],
)  # fmt: skip
def test_damaged_files(collection, name, row, change, words):
    collection.edit_rows(name, row, **change)
    with pytest.raises(InputError, match=words):
        read_indicators(root=collection.root)


def test_each_indicator_is_kept_in_the_year_nearest_to_the_wave(zones):
    for wave in ("2015", "2019", "demo"):
        chosen = select_indicators(zones, "employment", wave=wave)
        for name, rows in chosen.groupby("indicator"):
            years = zones.loc[zones["indicator"] == name, "year"].unique()
            target = int(wave) if wave.isdigit() else max(years)
            assert rows["year"].unique().tolist() == [
                min(sorted(years), key=lambda year: abs(year - target))
            ]
            assert len(rows) == 12


def test_an_indicator_of_another_fragility_is_refused(zones):
    with pytest.raises(
        InputError, match="'poverty_rate_60' is not one of employment; valid are un"
    ):
        select_indicators(zones, "employment", wave="2015", indicator="poverty_rate_60")
    assert select_indicators(zones, "none", wave="demo").empty
