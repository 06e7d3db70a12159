"""Points of an answer over the waves: values as printed, joins as the codebook states."""

import shutil

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from helpers.data.errors import InputError
from helpers.data.responses import checksum, read_wave
from helpers.data.series import read_series
from helpers.stats.bounds import bound_changes
from helpers.stats.results import Rule
from helpers.stats.trends import build_trend, build_trends, compare_trends

QUESTION = "partnerships_source_of_innovation"
SURVEYS = ("citizens", "companies", "associations", "mayors")


@pytest.fixture(scope="module")
def waves(checkout):
    return {survey: read_series(survey, root=checkout) for survey in SURVEYS}


def read_points(trend):
    return {
        (row.wave, row.provenance): round(100 * row.estimate, 1)
        for row in trend.itertuples()
        if not row.apart
    }


@pytest.mark.parametrize(
    ("survey", "question", "domain", "points"),
    [
        ("citizens", QUESTION, None, {"2015": 69, "2019": 74}),
        ("companies", QUESTION, None, {"2015": 81}),
        ("associations", QUESTION, None, {"2015": 86}),
        ("mayors", QUESTION, None, {"2016": 87}),
        ("companies", "has_partnership", None, {"2011": 28.5, "2015": 37}),
        ("associations", "has_partnership", ("employer", "employer"), {"2009": 46, "2015": 53}),
    ],
)
def test_values_are_those_published(waves, survey, question, domain, points):
    trend = build_trend(waves[survey], question, "yes", domain=domain)
    kinds = {wave: "published" if wave in ("2009", "2011") else "reconstructed" for wave in points}
    assert read_points(trend) == {(wave, kinds[wave]): value for wave, value in points.items()}
    printed = trend[trend["provenance"] == "published"]
    assert printed[["ci_low", "ci_high"]].isna().all(axis=None)
    assert trend.loc[trend["provenance"] != "published", "ci_low"].notna().all()


@pytest.mark.parametrize(
    ("survey", "apart"),
    [
        ("citizens", {"2020": [81], "2022": [74]}),
        ("companies", {"2020": [84], "2022": [84, 83]}),
        ("associations", {"2022": [97]}),
        ("mayors", {"2020": [92], "2022": [92]}),
    ],
)
def test_a_moved_wording_stands_apart_with_its_reason(waves, survey, apart):
    trend = build_trend(waves[survey], QUESTION, "yes")
    found = trend[trend["apart"]]
    assert {
        wave: [round(100 * value) for value in rows["estimate"]]
        for wave, rows in found.groupby("wave")
    } == apart
    assert found["note"].str.startswith("Another wording").all()
    assert (found["joined"] == "").all()
    assert trend[trend["provenance"] == "published"]["apart"].all()


def test_joins(waves):
    trend = build_trend(waves["citizens"], QUESTION, "yes").set_index("wave")
    assert trend.loc["2019", ["joined", "join"]].tolist() == ["2015", "same"]
    score = build_trend(waves["citizens"], "fragility_importance", "employment").set_index("wave")
    assert score.loc["2019", ["joined", "join"]].tolist() == ["2015", "near"]
    assert score["estimate"].round(1).tolist() == [7.1, 6.4]
    assert score["decimals"].tolist() == [1, 1]


def test_another_perimeter_stands_apart(waves):
    (point,) = build_trend(waves["companies"], "partnership_status", "partnership").itertuples()
    assert (point.wave, round(100 * point.estimate), point.apart) == ("2011", 21, True)
    assert "another perimeter" in point.note


def test_what_nobody_published_gives_no_point(waves):
    assert build_trend(waves["citizens"], "fragility_importance", "health").empty
    (point,) = build_trend(waves["citizens"], "fragility_importance", "mobility").itertuples()
    assert (point.wave, point.joined, point.apart) == ("2019", "", False)


@pytest.mark.parametrize(
    ("question", "answer", "domain", "words"),
    [
        ("loves", "yes", None, "no question or domain variable 'loves'"),
        (QUESTION, "maybe", None, "has no answer 'maybe'; valid are yes, no"),
        (QUESTION, "yes", ("region", "99"), "citizens: region has no answer '99'"),
    ],
)
def test_unknown_names(waves, question, answer, domain, words):
    with pytest.raises(InputError, match=words):
        build_trend(waves["citizens"], question, answer, domain=domain)


def test_waves_that_make_no_trend(waves):
    with pytest.raises(InputError, match="at least one wave"):
        build_trend([], QUESTION, "yes")
    with pytest.raises(InputError, match="of citizens and mayors"):
        build_trend([*waves["citizens"], *waves["mayors"]], QUESTION, "yes")
    with pytest.raises(InputError, match="citizens/demo: fictional, never part of a trend"):
        build_trend([*waves["citizens"], read_wave("citizens", "demo")], QUESTION, "yes")


def add_real_wave(collection, name: str, yes: float, n: int = 1000) -> None:
    """Write a wave of citizens with respondents, `yes` of whom see a source of innovation."""
    folder = collection.path(f"data/surveys/citizens/{name}")
    folder.mkdir()
    count = round(yes * n)
    pd.DataFrame(
        {
            "respondent": [f"P{row}" for row in range(n)],
            "weight": 1.0,
            QUESTION: [1] * count + [2] * (n - count),
        }
    ).to_parquet(folder / "responses.parquet")
    (folder / "wave.yaml").write_text(
        f'survey: citizens\nwave: "{name}"\nprovenance: real\ntitle: {{en: New, fr: Neuve}}\n'
        f"fieldwork: {{dates: May {name}, mode: online, producer: us}}\nn: {n}\n"
        f"n_status: counted\ndesign: {{weight: weight, strata: []}}\nweighting: none\n"
        f"domains: []\nquestions: [{QUESTION}]\n"
        f"checksum: {checksum(folder / 'responses.parquet')}\n",
        encoding="utf-8",
    )


STATED = '      - waves: ["2015", "2019"]\n        verdict: same'


def test_a_real_wave_appears_apart_until_the_codebook_joins_it(collection):
    add_real_wave(collection, "2027", 0.8)
    trend = build_trend(read_series("citizens"), QUESTION, "yes").set_index("wave")
    new = trend.loc["2027"]
    assert (new["provenance"], new["estimate"], new["n"]) == ("real", 0.8, 1000)
    assert (new["joined"], new["apart"]) == ("", True)
    assert "does not say whether 2015 and 2027 may be compared" in new["note"]
    collection.edit(
        "data/surveys/citizens/codebook.yaml",
        STATED,
        STATED.replace('"2019"]', '"2019", "2027"]'),
    )
    trend = build_trend(read_series("citizens"), QUESTION, "yes").set_index("wave")
    assert trend.loc["2027", ["joined", "join", "apart"]].tolist() == ["2019", "same", False]


def test_two_real_waves_are_tested(collection):
    for name, yes in (("2027", 0.7), ("2029", 0.8)):
        add_real_wave(collection, name, yes)
    collection.edit(
        "data/surveys/citizens/codebook.yaml",
        STATED,
        STATED.replace('["2015", "2019"]', '["2027", "2029"]')
        + "\n        reason: {en: One, fr: Une}\n"
        + STATED,
    )
    waves = read_series("citizens")
    trend = build_trend(waves, QUESTION, "yes")
    changes = compare_trends(waves, [trend]).set_index("second")
    new = changes.loc["2029"]
    assert (new["first"], new["mark"], new["reason"]) == ("2027", "higher", "")
    assert new["difference"] == pytest.approx(0.1)
    # Variances of two independent simple random samples, by hand.
    assert new["difference_se"] == pytest.approx(np.sqrt(0.21 / 999 + 0.16 / 999))
    assert changes.loc["2019", "mark"] == "untestable"
    assert new["p_adjusted"] == pytest.approx(new["p_value"])  # the only test of the table
    bounds = bound_changes(compare_trends(waves, [trend]), trend)
    assert bounds["second"].tolist() == ["2019"]


def test_a_withheld_wave_is_in_the_table_and_joined_to_nothing(collection):
    add_real_wave(collection, "2027", 0.75, n=12)
    trend = build_trend(read_series("citizens"), QUESTION, "yes").set_index("wave")
    assert trend.loc["2027", "reliability"] == "suppress"
    assert np.isnan(trend.loc["2027", "estimate"])
    assert trend.loc["2027", ["joined", "apart"]].tolist() == ["", False]


def test_a_damaged_wave_is_told(collection):
    shutil.copytree(
        collection.path("data/surveys/citizens/2019"), collection.path("data/surveys/citizens/2027")
    )
    with pytest.raises(InputError, match="citizens/2027/wave.yaml: wave is '2019'"):
        read_series("citizens")


def test_changes_that_cannot_be_tested_say_why(waves):
    trends = [
        build_trend(waves["citizens"], QUESTION, "yes"),
        build_trend(waves["companies"], "has_partnership", "yes"),
    ]
    changes = compare_trends([*waves["citizens"], *waves["companies"]], trends)
    assert changes["mark"].tolist() == ["untestable"] * 2
    assert changes["difference"].round(3).tolist() == [0.05, 0.085]
    assert changes["reason"].tolist() == [
        "2015: sample size assumed",
        "2011: published without respondents",
    ]


def test_bound_of_a_share_by_hand(waves):
    trend = build_trend(waves["citizens"], QUESTION, "yes")
    (bound,) = bound_changes(compare_trends(waves["citizens"], [trend]), trend).itertuples()
    # 69 and 74 as printed: at least 73.5 - 69.5, at most the variances of 68.5 and 73.5 percent.
    se = np.sqrt(0.685 * 0.315 / 2000 + 0.735 * 0.265 / 2400)
    assert bound.gap_least == pytest.approx(0.04, abs=1e-5)
    assert bound.se_greatest == pytest.approx(se, rel=1e-4)
    assert bound.p_greatest == pytest.approx(2 * norm.sf(0.04 / se), rel=1e-2)
    assert bound.deff_least == pytest.approx((0.04 / se / 1.959964) ** 2, rel=1e-3)
    assert bound.bound == "holds"


def test_trends_of_several_answers_are_those_of_each(waves):
    answers = ["employment", "purchasing_power", "mobility", "health"]
    trends = build_trends(waves["citizens"], "fragility_importance", answers)
    for answer, trend in zip(answers, trends, strict=True):
        alone = build_trend(waves["citizens"], "fragility_importance", answer)
        pd.testing.assert_frame_equal(trend, alone)


def test_bound_of_scores_takes_the_widest_spread_and_corrects(waves):
    answers = ["employment", "purchasing_power"]
    trends = build_trends(waves["citizens"], "fragility_importance", answers)
    changes = compare_trends(waves["citizens"], trends)
    bounds = bound_changes(changes, pd.concat(trends)).set_index("answer")
    # 7.1 and 6.4: all answers 0 or 10, with the means 7.05 and 6.35.
    se = np.sqrt(7.05 * 2.95 / 2000 + 6.35 * 3.65 / 2400)
    assert bounds.loc["employment", "gap_least"] == pytest.approx(0.6, abs=1e-5)
    assert bounds.loc["employment", "se_greatest"] == pytest.approx(se, rel=1e-4)
    assert bounds.loc["employment", "p_greatest"] == pytest.approx(4 * norm.sf(0.6 / se), rel=1e-2)
    limit = norm.isf(0.05 / 4)
    assert bounds.loc["employment", "deff_least"] == pytest.approx((0.6 / se / limit) ** 2, 1e-3)
    assert bounds["bound"].tolist() == ["holds", "does not hold"]


@pytest.mark.parametrize("spread", [0.5, 1.5, 3.0])
def test_no_respondents_spread_wider_than_the_bound(waves, spread):
    trend = build_trend(waves["citizens"], "fragility_importance", "employment")
    (bound,) = bound_changes(compare_trends(waves["citizens"], [trend]), trend).itertuples()
    draws = np.random.default_rng(1)
    first, second = (
        np.clip(np.rint(draws.normal(mean, spread, n)), 0, 10)
        for mean, n in ((7.1, 2000), (6.4, 2400))
    )
    assert np.sqrt(first.var() / 2000 + second.var() / 2400) < bound.se_greatest


def test_no_bound_without_a_printed_size_or_in_a_domain(waves):
    trends = [
        build_trend(waves["companies"], "has_partnership", "yes"),
        build_trend(waves["associations"], "has_partnership", "yes",
                    domain=("employer", "employer")),
    ]  # fmt: skip
    changes = compare_trends([*waves["companies"], *waves["associations"]], trends)
    bounds = bound_changes(changes, pd.concat(trends), rule=Rule(alpha=0.1))
    assert bounds["bound"].tolist() == ["not computable"] * 2
    assert bounds["p_greatest"].isna().all()
