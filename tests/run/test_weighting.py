"""Weighting to official margins: by hand, its laws, and what it refuses."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data.codebook import read_codebook
from helpers.data.errors import InputError
from helpers.data.frames import read_frame, read_target
from helpers.run.weighting import weight_to_margins
from helpers.stats.official import MISSING, describe_margins, name_level

MAYORS = read_codebook("mayors")
WOMEN, MEN = read_target(MAYORS, "sex")[["woman", "man"]]
BANDS = read_target(MAYORS, "commune_band")


def people(**columns):
    frame = pd.DataFrame(columns)
    return frame.assign(respondent=[f"m{row}" for row in range(len(frame))])


def draw(rng, n):
    """Every size has both sexes; some sexes are missing in the smallest communes."""
    sizes = MAYORS.variable("commune_size").answer_ids
    frame = people(
        sex=np.concatenate([["woman", "man"] * 4, rng.choice(["woman", "man"], n)]),
        commune_size=np.concatenate([np.repeat(sizes, 2), rng.choice(sizes, n)]),
        base=rng.uniform(0.5, 4, n + 8),
    )
    lost = (frame["commune_size"] == "under_500") & (frame.index >= 8) & (rng.random(n + 8) < 0.3)
    return frame.assign(sex=frame["sex"].astype(object).mask(lost, None))


def test_one_margin_by_hand():
    responses = people(sex=["woman", "woman", "woman", "man"])
    weighting = weight_to_margins(responses, MAYORS, ["sex"])
    weights = weighting.responses["weight"]
    assert weights.tolist() == pytest.approx([WOMEN / 3] * 3 + [MEN])
    assert weighting.responses["base_weight"].tolist() == [1.0] * 4
    assert "weight" not in responses  # inputs are left alone
    report = weighting.report.set_index("level")
    assert report.loc["woman", "n"] == 3
    assert report.loc["woman", "base_share"] == 0.75
    assert report.loc["woman", "target_count"] == WOMEN
    assert report.loc["woman", "target_share"] == pytest.approx(WOMEN / (WOMEN + MEN))
    assert report.loc["woman", "achieved_share"] == pytest.approx(WOMEN / (WOMEN + MEN))
    assert report.loc["woman", "ratio"] == pytest.approx(WOMEN / (WOMEN + MEN) / 0.75)
    assert weighting.findings == []
    spread = weighting.diagnostics.set_index("weights")
    assert spread.loc["base", "deff_kish"] == 1
    assert spread.loc["raked", "sum"] == pytest.approx(WOMEN + MEN)


def test_weights_sum_to_the_population_and_start_from_the_base_weight():
    responses = people(sex=["woman", "woman", "man"], poids=[1.0, 3.0, 2.0], weight=[9.0, 9, 9])
    weighting = weight_to_margins(responses, MAYORS, ["sex"], base_weight="poids")
    found = weighting.responses
    assert found["weight"].tolist() == pytest.approx([WOMEN / 4, 3 * WOMEN / 4, MEN])
    assert found["base_weight"].tolist() == [1, 3, 2]
    assert list(found) == ["sex", "respondent", "base_weight", "weight"]
    assert "from the weights of column poids to mayors by sex (mayors in office" in (
        weighting.description.en
    )


def test_the_weight_column_itself_may_be_the_base():
    responses = people(sex=["woman", "man"], weight=[2.0, 5.0])
    found = weight_to_margins(responses, MAYORS, ["sex"], base_weight="weight").responses
    assert found["base_weight"].tolist() == [2, 5]
    assert found["weight"].tolist() == pytest.approx([WOMEN, MEN])


def test_a_missing_level_keeps_its_base_share_and_is_said():
    responses = people(sex=["woman", "woman", "man", None], base=[1.0, 1.0, 1.0, 2.0])
    weighting = weight_to_margins(responses, MAYORS, ["sex"], base_weight="base")
    total = WOMEN + MEN
    expected = [WOMEN * 0.6 / 2, WOMEN * 0.6 / 2, MEN * 0.6, total * 0.4]
    assert weighting.responses["weight"].tolist() == pytest.approx(expected)
    row = weighting.report.set_index("level").loc[MISSING]
    assert (row["n"], row["base_share"], row["ratio"]) == (1, pytest.approx(0.4), pytest.approx(1))
    (finding,) = weighting.findings
    assert (finding.level, finding.column, finding.count, finding.rows) == (
        "warning",
        "sex",
        1,
        (4,),
    )
    assert "1 respondents without sex" in finding.message


def test_a_crossed_margin():
    cells = read_target(MAYORS, "region_commune_size")
    responses = people(
        region=[region for region, _ in cells.index], commune_size=[size for _, size in cells.index]
    )
    weighting = weight_to_margins(responses, MAYORS, ["region_commune_size"])
    assert weighting.responses["weight"].tolist() == pytest.approx(cells.tolist())
    assert weighting.report["level"].tolist() == [" x ".join(cell) for cell in cells.index]
    responses.loc[len(responses)] = {"region": "11", "commune_size": None, "respondent": "x"}
    weighting = weight_to_margins(responses, MAYORS, ["region_commune_size"])
    assert weighting.report["level"].iloc[-1] == MISSING
    assert "without region or commune_size" in weighting.findings[0].message


def test_frames_that_count_differently_are_scaled_to_the_first():
    communes = read_frame("communes_by_population_class")["total"].sum()
    rng = np.random.default_rng(1)
    weighting = weight_to_margins(draw(rng, 60), MAYORS, ["commune_size", "sex"])
    assert weighting.responses["weight"].sum() == pytest.approx(communes)
    assert weighting.report.groupby("margin")["target_count"].sum().tolist() == pytest.approx(
        [communes, communes]
    )
    note = next(finding for finding in weighting.findings if finding.level == "note")
    assert note.message == (
        f"The margin sex counts {WOMEN + MEN:,.0f} and commune_size {communes:,}: it is scaled to "
        "the total of commune_size."
    )


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 80), st.floats(0.01, 100))
def test_laws(seed, n, scale):
    responses = draw(np.random.default_rng(seed), n)
    margins = ["sex", "commune_size"]
    weighting = weight_to_margins(responses, MAYORS, margins, base_weight="base")
    report = weighting.report
    np.testing.assert_allclose(report["achieved_share"], report["target_share"], rtol=1e-7)
    weights = weighting.responses["weight"]
    assert (weights > 0).all()
    assert np.isfinite(weights).all()
    assert weights.sum() == pytest.approx(WOMEN + MEN)
    for column in ("base_share", "target_share", "achieved_share"):
        assert report.groupby("margin")[column].sum().tolist() == pytest.approx([1, 1])
    lost = report[report["level"] == MISSING]
    np.testing.assert_allclose(lost["ratio"], 1, rtol=1e-7)
    scaled = responses.assign(base=responses["base"] * scale)
    again = weight_to_margins(scaled, MAYORS, margins, base_weight="base")
    np.testing.assert_allclose(again.responses["weight"], weights, rtol=1e-6)
    shuffled = responses.sample(frac=1, random_state=seed)
    moved = weight_to_margins(shuffled, MAYORS, margins, base_weight="base").responses["weight"]
    np.testing.assert_allclose(moved.sort_index(), weights, rtol=1e-6)


def test_trimming_keeps_margins_where_it_can():
    responses = draw(np.random.default_rng(3), 200)
    free = weight_to_margins(responses, MAYORS, ["sex", "commune_size"], base_weight="base")
    spread = free.diagnostics.set_index("weights").loc["raked"]
    assert spread["max"] / (spread["sum"] / spread["n"]) > 4
    trimmed = weight_to_margins(
        responses, MAYORS, ["sex", "commune_size"], base_weight="base", trim=4.0
    )
    weights = trimmed.responses["weight"]
    assert weights.max() <= 4 * weights.mean() * (1 + 1e-12)
    report = trimmed.report
    np.testing.assert_allclose(report["achieved_share"], report["target_share"], rtol=1e-3)
    assert "none above 4 times their mean" in trimmed.description.en


def test_what_trimming_leaves_is_said():
    """One man for four women: his weight must be 3.9 times the mean."""
    responses = people(sex=["woman"] * 4 + ["man"])
    weighting = weight_to_margins(responses, MAYORS, ["sex"], trim=2.0)
    weights = weighting.responses["weight"]
    assert weights.max() == pytest.approx(2 * weights.mean())
    assert weights.sum() == pytest.approx(WOMEN + MEN)
    (finding,) = weighting.findings
    assert finding.level == "warning"
    assert finding.message.startswith("Trimming to 2 mean weights leaves 2 levels more than 1%")
    assert "40.0% for 77.1%" in finding.message or "60.0% for 22.9%" in finding.message


@pytest.mark.parametrize(
    ("change", "margins", "message"),
    [
        ({}, [], "margins: none given"),
        ({}, ["sex", "sex"], "margins: given twice: sex"),
        ({}, ["income"], "mayors/codebook.yaml: no official margin 'income'; valid are region, co"),
        ({}, ["age"], "margin age of mayors: the responses have no column age; map one, or leave"),
        (
            {"sex": ["woman", "man", "other", "other"]},
            ["sex"],
            r"official margin sex \(mayors_by_sex\): 1 levels of the respondents are not in the "
            r"frame \(other: 2 respondents\); correct them, leave them missing, or leave this",
        ),
        (
            {"sex": ["woman"] * 4},
            ["sex"],
            r"1 levels of the frame have no respondents \(man: 26,686\); merge each with a level "
            "that has some, or leave this margin out",
        ),
        (
            {"commune_size": ["under_500"] * 4, "region": "11"},
            ["region_commune_size"],
            r"47 levels of the frame have no respondents \(11 x 500_1999: 429, .* and 42 more\)",
        ),
        (
            {"commune_size": ["under_500"] * 4, "region": "11"},
            ["region", "region_commune_size"],
            "margins: region_commune_size holds region already; leave region out",
        ),
        ({"sex": [None] * 4}, ["sex"], "2 levels of the frame have no respondents"),
        ({"base": [1.0, 0.0, 1.0, 1.0]}, ["sex"], "column 'base': weights must be positive"),
    ],
)
def test_what_cannot_be_weighted(change, margins, message):
    responses = people(sex=["woman", "man", "man", "woman"], base=1.0).assign(**change)
    with pytest.raises(InputError, match=message):
        weight_to_margins(responses, MAYORS, margins, base_weight="base")


def test_margins_that_cannot_be_met_together():
    """All women lead large communes, where there are fewer mayors than women in all."""
    responses = people(
        sex=["woman", "man", "man"], commune_band=["20000_plus", "2000_19999", "under_2000"]
    )
    assert BANDS["20000_plus"] < WOMEN
    with pytest.raises(InputError, match=r"raking did not converge .* look for crossings without"):
        weight_to_margins(responses, MAYORS, ["sex", "commune_band"])


def test_a_missing_level_that_the_other_margins_do_not_allow():
    """Half the base weights have no sex, all of them in the largest communes."""
    sizes = MAYORS.variable("commune_size").answer_ids
    responses = people(sex=["woman", "man"] * 3 + [None] * 6, commune_size=[
        *np.repeat(sizes[:3], 2), *["10000_plus"] * 6
    ])  # fmt: skip
    with pytest.raises(InputError, match=r"did not converge .* keep their share .* \(sex\), which"):
        weight_to_margins(responses, MAYORS, ["sex", "commune_size"])


def test_options_that_mean_nothing():
    responses = people(sex=["woman", "man"])
    with pytest.raises(InputError, match="trim is 1; it must be above 1"):
        weight_to_margins(responses, MAYORS, ["sex"], trim=1)
    with pytest.raises(InputError, match="column base_weight: the responses have one already"):
        weight_to_margins(responses.assign(base_weight=1.0), MAYORS, ["sex"])
    with pytest.raises(InputError, match="0 rows|no respondents"):
        weight_to_margins(responses.iloc[:0], MAYORS, ["sex"])


def test_a_survey_without_frame_cannot_be_weighted():
    with pytest.raises(InputError, match="valid are none, for want of a frame"):
        weight_to_margins(
            people(employer=["employer"]), read_codebook("associations"), ["employer"]
        )


def test_margins_in_words():
    text = describe_margins(MAYORS, ["region", "commune_size", "age"])
    assert text.startswith("communes by region and communes by size (communes, 2026: INSEE, ")
    assert text.count("INSEE, Code officiel") == 1
    assert text.endswith("Age by 31 December 2026, from the year of birth")
    establishments = describe_margins(read_codebook("companies"), ["region"])
    assert "establishments, 2018" in establishments
    assert "Establishments, not companies" in establishments
    assert name_level(MAYORS, "region_commune_size", "53 x under_500") == (
        "Bretagne, Under 500 inhabitants"
    )
    assert name_level(MAYORS, "sex", "woman") == "Woman"
    assert name_level(MAYORS, "sex", MISSING) == "not known"
