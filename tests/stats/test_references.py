"""Territories beside a reference: the gaps by hand, and the test against a second way to it."""

import numpy as np
import pytest

from helpers.data.errors import InputError
from helpers.data.regions import find_neighbours, read_regions
from helpers.data.responses import read_wave
from helpers.stats.contrasts import contrast_with_rest
from helpers.stats.references import compare_with_reference
from helpers.stats.results import Rule, estimate_question
from helpers.view.sentences import pick


@pytest.fixture(scope="module")
def neighbours():
    return find_neighbours(read_regions("zones-2015"))


@pytest.fixture(scope="module")
def wave():
    return read_wave("companies", "demo")


@pytest.fixture(scope="module")
def rows(wave):
    table = estimate_question(wave, "has_partnership", by="region")
    return table[table["answer"] == "yes"].reset_index(drop=True)


@pytest.fixture(scope="module")
def whole(wave):
    return pick(estimate_question(wave, "has_partnership"), "yes")


def test_the_rest_is_what_the_table_holds(rows, whole, neighbours):
    table = compare_with_reference(rows, whole, "rest", neighbours)
    assert (table["mark"] == rows["mark"]).all()
    np.testing.assert_allclose(table["reference_estimate"] + rows["difference"], rows["estimate"])


def test_france_is_the_same_test_as_the_rest(rows, whole, neighbours):
    table = compare_with_reference(rows, whole, "france", neighbours)
    assert (table["reference_estimate"] == whole["estimate"]).all()
    np.testing.assert_allclose(table["difference"], rows["estimate"] - whole["estimate"])
    assert (table["mark"] == rows["mark"]).all()
    z = table["difference"] / table["difference_se"]
    np.testing.assert_allclose(z, rows["difference"] / rows["difference_se"])


def test_neighbours_are_pooled_by_hand(rows, whole, neighbours):
    """Bretagne borders Normandie and Pays de la Loire."""
    table = compare_with_reference(rows, whole, "neighbours", neighbours).set_index("domain")
    one, two = (rows.set_index("domain").loc[code] for code in ("28", "52"))
    total = one["n_weighted"] + two["n_weighted"]
    pooled = (one["n_weighted"] * one["estimate"] + two["n_weighted"] * two["estimate"]) / total
    assert table.loc["53", "reference_estimate"] == pytest.approx(pooled)
    assert table.loc["53", "difference"] == pytest.approx(table.loc["53", "estimate"] - pooled)


def test_the_gap_to_neighbours_is_that_of_a_contrast_within_them(wave, rows, whole, neighbours):
    """Regions are strata, all asked: the rest of the region and its neighbours, alone."""
    table = compare_with_reference(rows, whole, "neighbours", neighbours).set_index("domain")
    for code in ("53", "11", "84"):
        around = [code, *neighbours.loc[neighbours["code"] == code, "neighbour"]]
        contrast = contrast_with_rest(
            wave.respondents, "has_partnership", design=wave.design, by="region",
            answers=["yes", "no"], where=wave.respondents["region"].isin(around),
        )  # fmt: skip
        exact = contrast[(contrast["region"] == code) & (contrast["answer"] == "yes")].iloc[0]
        assert table.loc[code, "difference"] == pytest.approx(exact["difference"])
        assert table.loc[code, "difference_se"] == pytest.approx(exact["difference_se"], rel=1e-6)
        assert table.loc[code, "p_value"] == pytest.approx(exact["p_value"], abs=0.005)


def test_level_and_correction_are_those_of_the_rule(rows, whole, neighbours):
    rule = Rule(alpha=0.2, correction="none")
    loose = compare_with_reference(rows, whole, "neighbours", neighbours, rule=rule)
    strict = compare_with_reference(rows, whole, "neighbours", neighbours)
    np.testing.assert_allclose(loose["p_adjusted"], loose["p_value"])
    assert (strict["p_adjusted"] >= strict["p_value"]).all()
    assert loose["mark"].isin(["higher", "lower"]).sum() > strict["mark"].isin(
        ["higher", "lower"]
    ).sum()  # fmt: skip


def test_withheld_neighbours_leave_the_pool(rows, whole, neighbours):
    few = rows.copy()
    few.loc[few["domain"] == "28", ["estimate", "se"]] = np.nan
    table = compare_with_reference(few, whole, "neighbours", neighbours).set_index("domain")
    loire = rows.set_index("domain").loc["52", "estimate"]
    assert table.loc["53", "reference_estimate"] == pytest.approx(loire)
    few.loc[few["domain"] == "52", ["estimate", "se"]] = np.nan
    table = compare_with_reference(few, whole, "neighbours", neighbours).set_index("domain")
    assert np.isnan(table.loc["53", "reference_estimate"])
    assert table.loc["53", "mark"] == "untestable"


@pytest.mark.parametrize("reference", ["rest", "france", "neighbours"])
def test_nothing_is_tested_in_a_reconstructed_wave(neighbours, reference):
    wave = read_wave("companies", "2015")
    rows = estimate_question(wave, "has_partnership", by="region").query("answer == 'yes'")
    whole = pick(estimate_question(wave, "has_partnership"), "yes")
    table = compare_with_reference(rows, whole, reference, neighbours)
    assert (table["mark"] == "untestable").all()
    assert table["p_adjusted"].isna().all()


def test_an_unknown_reference_is_refused(rows, whole, neighbours):
    with pytest.raises(InputError, match="'Europe' is unknown; valid are rest, france, neighbours"):
        compare_with_reference(rows, whole, "Europe", neighbours)
