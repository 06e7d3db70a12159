"""A region against a reference: the estimate table's own test, pools by hand, secrets kept."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from helpers.data.errors import InputError
from helpers.data.regions import read_regions
from helpers.data.responses import Wave, read_wave
from helpers.stats.calibration import read_calibration
from helpers.stats.contrasts import contrast_pairs, contrast_with_rest
from helpers.stats.disclosure import CONFIDENTIAL
from helpers.stats.region_contrasts import (
    KINDS,
    Reference,
    compare_references,
    list_references,
)
from helpers.stats.results import Rule, estimate_question
from helpers.stats.similarity import PROFILE, measure_similarity, read_profile

TESTS = ["difference", "difference_se", "p_value", "p_adjusted", "smallest_gap", "base_needed"]
LENIENT = Rule(reliability="none")


@pytest.fixture(scope="module")
def companies():
    return read_wave("companies", "demo")


@pytest.fixture(scope="module")
def mayors():
    return read_wave("mayors", "demo")


@pytest.fixture(scope="module")
def references():
    return {kind: list_references(kind) for kind in KINDS}


class TestReferences:
    def test_zones_of_each_kind(self, references):
        codes = read_regions("zones-2015")["code"].tolist()
        for pools in references.values():
            assert list(pools) == codes
        assert set(references["france"]["53"].zones) == set(codes)
        assert set(references["rest"]["53"].zones) == set(codes) - {"53"}
        assert references["neighbours"]["53"].zones == ("28", "52")
        assert references["neighbours"]["93+94"].zones == ("76", "84")
        assert references["similar"]["53"].zones == ("52", "28", "24")

    def test_unknown_kind(self):
        with pytest.raises(InputError, match="reference 'europe': must be one of france, rest"):
            list_references("europe")

    def test_distance_is_the_mean_square_of_z_scores(self):
        profile = read_profile()
        assert list(profile) == list(PROFILE)
        z = (profile - profile.mean()) / np.sqrt(((profile - profile.mean()) ** 2).mean())
        expected = np.sqrt(((z.loc["53"] - z.loc["52"]) ** 2).sum() / len(PROFILE))
        table = measure_similarity().set_index(["region", "other"])["distance"]
        assert table["53", "52"] == pytest.approx(expected)
        assert table["53", "52"] == table["52", "53"]
        assert len(table) == 12 * 11

    def test_how_many_are_similar(self):
        table = measure_similarity(nearest=2)
        assert (table.groupby("region")["nearest"].sum() == 2).all()
        near, far = (table[table["nearest"] == side] for side in (True, False))
        least = far.groupby("region")["distance"].min()
        assert (near.groupby("region")["distance"].max() <= least).all()


@pytest.mark.parametrize(
    ("survey", "question"),
    [("companies", "has_partnership"), ("companies", "partnership_geography"),
     ("mayors", "territory_coconstruction_dynamic")],
)  # fmt: skip
class TestLaws:
    def test_the_rest_is_the_test_of_the_estimate_table(
        self, request, references, survey, question
    ):
        wave = request.getfixturevalue(survey)
        table = compare_references(wave, question, references["rest"])
        expected = estimate_question(wave, question, by="region")
        pd.testing.assert_frame_equal(table[list(expected)], expected)
        gap = table["estimate"] - table["reference_estimate"]
        pd.testing.assert_series_equal(gap, table["difference"], check_names=False)

    def test_france_is_the_same_test_and_the_topline(self, request, references, survey, question):
        wave = request.getfixturevalue(survey)
        table = compare_references(wave, question, references["france"])
        rest = compare_references(wave, question, references["rest"])
        same = ["p_value", "p_adjusted", "mark"]
        pd.testing.assert_frame_equal(table[same], rest[same])
        whole = estimate_question(wave, question).set_index("answer")["estimate"]
        tested = table[table["estimate"].notna()]
        assert tested["reference_estimate"].to_numpy() == pytest.approx(whole[tested["answer"]])
        gap = tested["estimate"] - tested["reference_estimate"]
        assert gap.to_numpy() == pytest.approx(tested["difference"], abs=1e-12)
        share = tested["difference_se"] / rest["difference_se"][tested.index]
        assert ((share > 0) & (share < 1)).all()
        ratio = tested["smallest_gap"] / rest["smallest_gap"][tested.index]
        assert ratio.to_numpy() == pytest.approx(share)

    def test_a_pool_of_all_others_is_the_rest(self, request, references, survey, question):
        """Region against a pool of the eleven others: the rest, whichever function counts it."""
        wave = request.getfixturevalue(survey)
        pools = {
            code: dataclasses.replace(reference, kind="similar")
            for code, reference in references["rest"].items()
        }
        pooled = compare_references(wave, question, pools, rule=LENIENT)
        rest = compare_references(wave, question, references["rest"], rule=LENIENT)
        shared = [*TESTS, "reference_estimate", "difference_low", "difference_high"]
        assert rest["p_value"].notna().sum() >= 12
        pd.testing.assert_frame_equal(pooled[shared], rest[shared])


def test_neighbours_are_the_pair_of_a_recoded_variable(companies, references):
    table = compare_references(companies, "has_partnership", references["neighbours"])
    row = table.query("domain == '53' and answer == 'yes'").iloc[0]
    side = companies.respondents["region"].astype(object).replace({"28": "near", "52": "near"})
    pairs = contrast_pairs(
        companies.respondents.assign(side=side), "has_partnership", design=companies.design,
        by="side", calibration=read_calibration(companies),
    )  # fmt: skip
    pair = pairs.query("side_first == '53' and side_second == 'near' and answer == 'yes'").iloc[0]
    for name in ("difference", "difference_se", "p_value", "smallest_gap", "difference_low"):
        assert row[name] == pytest.approx(pair[name]), name
    assert row["reference_n"] == pair["n_second"] == 61 + 79


def test_score_against_neighbours(references):
    citizens = read_wave("citizens", "demo")
    frame = citizens.respondents
    # One item only: the others go the same way.
    items = [name for name in frame if name.startswith("fragility_importance__")]
    frame = frame.assign(**dict.fromkeys(items[1:], np.nan))
    wave = dataclasses.replace(citizens, respondents=frame)
    table = compare_references(wave, "fragility_importance", references["neighbours"])
    side = frame["region"].astype(object).replace({"28": "near", "52": "near"})
    pairs = contrast_pairs(
        frame.assign(side=side), items[0], design=wave.design, by="side", measure="mean"
    )
    pair = pairs.query("side_first == '53' and side_second == 'near'").iloc[0]
    row = table[(table["domain"] == "53") & (table["answer"] == "employment")].iloc[0]
    assert row["difference"] == pytest.approx(pair["difference"])
    assert row["p_value"] == pytest.approx(pair["p_value"])
    others = table[table["answer"] != "employment"]
    assert (others["untested"] == "nobody answered").all()
    assert (others["mark"] == "untestable").all()


def test_correction_is_over_the_regions_of_one_answer(companies, references):
    table = compare_references(companies, "has_partnership", references["neighbours"])
    yes = table[table["answer"] == "yes"].sort_values("p_value")
    smallest = yes.iloc[0]
    assert smallest["p_adjusted"] == pytest.approx(12 * smallest["p_value"])
    marked = table["p_adjusted"] < 0.05
    assert (table.loc[marked, "mark"].isin(["higher", "lower"])).all()


def test_a_pool_with_a_withheld_region_is_withheld(mayors, references):
    """Pays de la Loire has 22 mayors: Bretagne's neighbours would give them away."""
    question = "territory_coconstruction_dynamic"
    estimates = estimate_question(mayors, question, by="region")
    small = set(estimates.loc[estimates["n"] < 30, "domain"])
    assert "52" in small
    table = compare_references(mayors, question, references["neighbours"])
    holds = [bool(small & set(references["neighbours"][code].zones)) for code in table["domain"]]
    hidden = table[np.array(holds)]
    assert hidden[[*TESTS, "reference_estimate", "reference_n"]].isna().all(axis=None)
    said = hidden.loc[hidden["estimate"].notna(), "untested"]
    assert len(said)
    assert said.str.startswith("reference withheld").all()
    assert table["reference_estimate"].notna().any()


def test_reconstructed_waves_are_not_tested(references):
    wave = read_wave("companies", "2015")
    table = compare_references(wave, "has_partnership", references["france"])
    row = table.query("domain == '52' and answer == 'yes'").iloc[0]
    assert round(100 * row["estimate"]) == 43
    assert round(100 * row["reference_estimate"]) == 37
    assert round(100 * row["difference"]) == 6
    assert row["untested"] == "nothing is tested in a reconstructed wave"
    assert table["p_value"].isna().all()
    assert (table["mark"] == "untestable").all()
    others = compare_references(wave, "has_partnership", references["similar"])
    assert others["reference_estimate"].isna().all()


def test_region_without_a_reference(companies, references):
    some = {code: value for code, value in references["rest"].items() if code != "53"}
    with pytest.raises(InputError, match="1 regions without a reference: 53"):
        compare_references(companies, "has_partnership", some)


def test_no_neighbour_to_compare_with(companies, references):
    lonely = references["neighbours"] | {"53": Reference("neighbours", "neighbours", ())}
    table = compare_references(companies, "has_partnership", lonely)
    rows = table[table["domain"] == "53"]
    assert (rows["untested"] == "no respondent to compare with").all()
    assert rows["estimate"].notna().all()
    assert (rows["mark"] == "untestable").all()


def test_unknown_region_counts_in_the_rest_as_in_the_estimate_table(companies, references):
    frame = companies.respondents.copy()
    frame.loc[frame.index[:40], "region"] = np.nan
    design = companies.design.model_copy(update={"strata": ()})
    file = companies.file.model_copy(update={"design": design})
    wave = dataclasses.replace(companies, respondents=frame, file=file)
    table = compare_references(wave, "has_partnership", references["rest"])
    expected = estimate_question(wave, "has_partnership", by="region")
    pd.testing.assert_frame_equal(table[list(expected)], expected)
    whole = contrast_with_rest(
        frame.assign(area=frame["region"].cat.add_categories("?").fillna("?")), "has_partnership",
        design=design, by="area",
    )  # fmt: skip
    found = table.query("domain == '53' and answer == 'yes'").iloc[0]
    row = whole.query("area == '53' and answer == 'yes'").iloc[0]
    assert found["reference_estimate"] == pytest.approx(row["estimate_rest"])


def test_pool_against_r(companies, references):
    """R 4.2.2, survey 4.1.1: stratified design, Bretagne against Normandie and Pays de la Loire.

    des <- svydesign(ids = ~1, strata = ~region, weights = ~weight, data = d)
    svyttest(yes ~ side, subset(des, side != "others"))  # df = 201
    """
    table = compare_references(companies, "has_partnership", references["neighbours"])
    row = table.query("domain == '53' and answer == 'yes'").iloc[0]
    assert row["difference"] == pytest.approx(0.07651567355, abs=1e-10)
    assert row["p_value"] == pytest.approx(0.293271672, abs=1e-9)


@pytest.mark.parametrize("kind", ["france", "rest", "neighbours"])
def test_references_of_a_real_wave_give_no_withheld_figure_away(kind):
    """Three mayors in all say not at all: with a region, the rest of France would tell."""
    demo = read_wave("mayors", "demo")
    question, rare = "territory_coconstruction_dynamic", "not_at_all"
    people = demo.respondents.copy()
    given = people[question] == rare
    people.loc[given & (given.cumsum() > 3), question] = "slightly_emerging"
    file = demo.file.model_copy(update={"provenance": "real"})
    wave = Wave(demo.codebook, file, people)
    rule = Rule(reliability="none")
    whole = estimate_question(wave, question, rule=rule).set_index("answer")["estimate"]
    hidden = list(whole.index[whole.isna()])
    assert rare in hidden
    assert len(hidden) > 1
    table = compare_references(wave, question, list_references(kind), rule=rule)
    own = table["answer"].isin(hidden) & table["estimate"].notna()
    if kind != "neighbours":
        assert own.any()
        assert set(table.loc[own, "untested"]) == {CONFIDENTIAL}
        assert table.loc[table["answer"].isin(hidden), "reference_estimate"].isna().all()
    else:
        zones = {code: item.zones for code, item in list_references(kind).items()}
        secret = {(row.answer, row.domain) for row in table.itertuples()
                  if row.reason == CONFIDENTIAL}  # fmt: skip
        for row in table.itertuples():
            if any((row.answer, zone) in secret for zone in zones[row.domain]):
                assert np.isnan(row.reference_estimate)
    shown = table[~table["answer"].isin(hidden)]
    assert shown["reference_estimate"].notna().any()
