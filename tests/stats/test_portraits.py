"""Portraits: thirteen that differ, each equal to the national figures of its region."""

import itertools

import numpy as np
import pandas as pd
import pytest

from helpers.data.errors import InputError
from helpers.data.indicators import pool_regions, read_indicators
from helpers.data.places import find_place
from helpers.stats.portraits import (
    SURVEYS,
    check_portrait,
    list_region_reference,
    portray_indicators,
    portray_region,
    read_held_waves,
)
from helpers.stats.ranks import rank_intervals
from helpers.stats.region_contrasts import list_references
from helpers.stats.results import estimate_question

REGIONS = ["11", "24", "27", "28", "32", "44", "52", "53", "75", "76", "84", "93", "94"]
ASKED = {
    "companies": ["has_partnership"],
    "associations": ["has_partnership"],
    "mayors": ["territory_coconstruction_dynamic", "territory_innovates_facing_transitions"],
}


@pytest.fixture(scope="module")
def waves():
    return read_held_waves("demo")


@pytest.fixture(scope="module")
def references():
    return list_references("france")


@pytest.fixture(scope="module")
def portraits(waves, references):
    places = {code: find_place(code) for code in REGIONS}
    zones = {
        zone: portray_region(waves, zone, references, questions=ASKED)
        for zone in {place.zone for place in places.values()}
    }
    return {code: zones[place.zone] for code, place in places.items()}


def test_portraits_differ_from_one_another(portraits, references):
    figures = {
        code: (
            *portraits[code]["n"],
            *portray_indicators(find_place(code), references)["value"].round(6),
        )
        for code in REGIONS
    }
    assert len(figures) == 13
    for one, other in itertools.combinations(REGIONS, 2):
        assert figures[one] != figures[other], (one, other)
    surveys = [tuple(portraits[code]["n"]) for code in REGIONS]
    assert len(set(surveys)) == 12
    assert surveys[-2] == surveys[-1]  # PACA and Corse share the zone


def test_figures_are_those_of_the_national_table(portraits, waves):
    columns = ["n", "estimate", "ci_low", "ci_high", "p_value", "p_adjusted", "mark"]
    for survey, question in (("companies", "has_partnership"), ("associations", "has_partnership")):
        table = estimate_question(waves[survey], question, by="region")
        table = table[table["answer"] == "yes"].set_index("domain")
        for code in REGIONS:
            rows = portraits[code]
            row = rows[(rows["survey"] == survey) & (rows["question"] == question)].iloc[0]
            expected = table.loc[find_place(code).zone]
            pd.testing.assert_series_equal(row[columns], expected[columns], check_names=False)
        assert table["estimate"].notna().any()


def test_check_passes_and_catches(portraits, waves):
    rows = portraits["53"]
    assert check_portrait(rows, waves).startswith("3 figures compared")
    moved = rows.assign(estimate=rows["estimate"] + 0.01)
    with pytest.raises(InputError, match="companies, has_partnership, yes: estimate of 53 is"):
        check_portrait(moved, waves)


def test_spans_of_ranks_are_those_of_all_zones(portraits, waves):
    table = estimate_question(waves["companies"], "has_partnership", by="region")
    ranks = rank_intervals(table[table["answer"] == "yes"]).set_index("domain")
    row = portraits["52"].iloc[0]
    assert row["rank_low"] == ranks.loc["52", "rank_low"]
    assert row["alike"] == ranks.loc["52", "alike"]
    assert {*row["alike"], *row["apart"], "52"} == set(ranks.index)
    assert len(row["apart"])


def test_what_a_wave_lacks_is_said_in_its_place(portraits):
    rows = portraits["53"].set_index("question")
    lacking = rows.loc["territory_innovates_facing_transitions"]
    assert np.isnan(lacking["estimate"])
    assert lacking["untested"] == "not asked in this wave"


def test_survey_without_the_wave(references):
    waves = read_held_waves("2015")
    assert list(waves) == ["citizens", "companies", "associations"]
    rows = portray_region(waves, "52", references, questions=ASKED).set_index("survey")
    assert (rows.loc["mayors", "reason"] == "mayors: no wave 2015").all()
    assert rows.loc["companies", "estimate"] == pytest.approx(0.43, abs=0.005)
    assert rows.loc["companies", "reference_estimate"] == pytest.approx(0.37, abs=0.005)


def test_wave_nobody_has():
    with pytest.raises(InputError, match="'1999' is not a wave of citizens, .* valid are 2015"):
        read_held_waves("1999")


def test_unknown_zone(waves, references):
    with pytest.raises(InputError, match="zone '93' is unknown; valid are"):
        portray_region(waves, "93", references, questions=ASKED)


class TestIndicators:
    @pytest.mark.parametrize(
        ("kind", "code", "codes"),
        [
            ("neighbours", "53", ["28", "52"]),
            ("neighbours", "94", []),
            ("neighbours", "93", ["76", "84"]),
            ("similar", "94", ["27", "75", "76"]),
            ("rest", "94", [code for code in REGIONS if code != "94"]),
            ("france", "94", REGIONS),
        ],
    )
    def test_regions_of_a_reference(self, kind, code, codes):
        assert list_region_reference(find_place(code), list_references(kind)) == codes

    def test_value_beside_its_reference(self):
        """GDP per inhabitant of Bretagne beside Normandie and Pays de la Loire, by inhabitants."""
        table = portray_indicators(find_place("53"), list_references("neighbours"))
        row = table.set_index("indicator").loc["gdp_per_capita"]
        expected = pool_regions(read_indicators(), ["28", "52"]).loc[("gdp_per_capita", 2022)]
        assert (row["year"], row["value"]) == (2022, 33648)
        assert row["reference_value"] == expected["value"]
        assert 32210 < row["reference_value"] < 35235
        assert len(table) == 48

    def test_what_cannot_be_merged_says_why(self):
        table = portray_indicators(find_place("53"), list_references("france"))
        row = table.set_index("indicator").loc["median_standard_of_living"]
        assert np.isnan(row["reference_value"])
        assert row["reference_reason"]
        corse = portray_indicators(find_place("94"), list_references("neighbours"))
        assert (corse["reference_reason"] == "no such region").all()

    def test_pool_of_one_region_is_its_value(self):
        indicators = read_indicators()
        pool = pool_regions(indicators, ["53"])
        own = indicators[indicators["region_code"] == "53"].set_index(["indicator", "year"])
        pd.testing.assert_series_equal(pool["value"], own["value"])

    @pytest.mark.parametrize("codes", [["99"], []])
    def test_pool_of_no_region(self, codes):
        with pytest.raises(InputError, match="codes are no region"):
            pool_regions(read_indicators(), codes)


def test_surveys_of_a_portrait(waves):
    assert tuple(waves) == SURVEYS
