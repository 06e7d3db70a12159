"""Score questions in the estimate table: means out of 10, one item an answer."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.data.codebook import Codebook
from helpers.data.contracts import check_contract
from helpers.data.errors import InputError
from helpers.data.responses import Wave
from helpers.data.waves import WaveFile
from helpers.stats.reliability import flag
from helpers.stats.results import ESTIMATE_SCHEMA, Rule, estimate_question

FIXTURES = Path(__file__).parent / "fixtures"


def words(text):
    return {"en": text, "fr": text}


def answers(*ids):
    return [{"code": code, "id": name, "label": words(name)} for code, name in enumerate(ids, 1)]


def build_wave(respondents, items, regions, **design) -> Wave:
    codebook = Codebook.model_validate(
        {
            "survey": "small",
            "actor": "citizens",
            "title": words("Small"),
            "population": words("Everybody"),
            "domains": [
                {
                    "id": "region",
                    "label": words("Region"),
                    "answers": [{"code": r, "id": r, "label": words(r)} for r in regions],
                }
            ],
            "questions": [
                {
                    "id": "importance",
                    "label": words("Importance"),
                    "text": words("How important?"),
                    "wording": "published",
                    "type": "score",
                    "base": words("All"),
                    "answers": answers(*items),
                }
            ],
        }
    )
    file = WaveFile.model_validate(
        {
            "survey": "small",
            "wave": "2020",
            "provenance": "real",
            "title": words("Small 2020"),
            "fieldwork": {"dates": "2020", "mode": "web", "producer": "us"},
            "n": len(respondents),
            "n_status": "counted",
            "design": {"weight": "weight", **design},
            "weighting": "none",
            "domains": ["region"],
            "questions": ["importance"],
        }
    )
    # Fictional people: those of a real wave would be withheld, being so few.
    return Wave(codebook, file.model_copy(update={"provenance": "demo"}), respondents)


@pytest.fixture(scope="module")
def made():
    """The generated sample of reference.R, its score asked as one item of two."""
    frame = pd.read_csv(FIXTURES / "made.csv", dtype={"region": str})
    frame = frame[frame["stratum"] != "e"].reset_index(drop=True)
    frame = frame.assign(
        weight=frame["pw"],
        importance__health=frame["score"].astype("Int64"),
        importance__housing=pd.array([pd.NA] * len(frame), dtype="Int64"),
    )
    return build_wave(frame, ["health", "housing"], ["11", "24", "53", "93"], strata=["stratum"])


def test_mean_of_an_item_is_that_of_r(made):
    """svymean(~score, s, deff = TRUE); confint(., df = degf(s)), in r_scores.csv, case made."""
    reference = pd.read_csv(FIXTURES / "r_scores.csv", dtype={"domain": str})
    reference = reference[(reference["case"] == "made") & (reference["answer"] == "mean")]
    reference = reference.fillna({"domain": ""}).set_index("domain")
    rule = Rule(reliability="none")
    tables = [estimate_question(made, "importance", by=by, rule=rule) for by in (None, "region")]
    ours = pd.concat(tables).query("answer == 'health'").set_index("domain")
    assert set(ours.index) == set(reference.index)
    names = ["estimate", "se", "deff", "ci_low", "ci_high"]
    np.testing.assert_allclose(ours.loc[reference.index, names], reference[names], rtol=1e-10)
    assert set(ours["unit"]) == {"score_10"}


def test_gap_to_the_rest_is_that_of_r(made):
    """Rows of no region left out: svyttest(score ~ I(region == '11'), subset(d, score != 99))."""
    r = {
        "11": (0.46280995135448, 0.98985514608674, 0.32313445184833),
        "24": (-0.32048311590829, -0.66484379495852, 0.50671996794869),
        "53": (-1.2065117137157, -2.3050461487604, 0.021925453726702),
        "93": (1.3276667411357, 1.9897355820132, 0.047632448144432),
    }
    named = made.respondents["region"].notna()
    wave = Wave(made.codebook, made.file, made.respondents[named])
    rule = Rule(reliability="none", correction="none")
    table = estimate_question(wave, "importance", by="region", rule=rule)
    table = table.query("answer == 'health'").set_index("domain")
    for region, (difference, t, p) in r.items():
        row = table.loc[region]
        assert row["difference"] == pytest.approx(difference, rel=1e-9)
        assert row["difference"] / row["difference_se"] == pytest.approx(t, rel=1e-9)
        assert row["p_value"] == pytest.approx(p, rel=1e-9)
        assert row["mark"] == ("none" if p >= 0.05 else "higher" if difference > 0 else "lower")


def test_an_item_nobody_scored_says_so(made):
    table = estimate_question(made, "importance", by="region").query("answer == 'housing'")
    assert set(table["reliability"]) == {"no_base"}
    assert table["estimate"].isna().all()
    assert set(table["unit"]) == {"score_10"}


def test_a_mean_by_hand():
    """Scores 2, 4, 9 of weights 1, 1, 2: 24 / 4 = 6; residuals -4, -2, 3 give the variance."""
    frame = pd.DataFrame(
        {
            "weight": [1.0, 1.0, 2.0],
            "region": pd.Categorical(["11", "11", "24"], categories=["11", "24"]),
            "importance__health": pd.array([2, 4, 9], dtype="Int64"),
        }
    )
    wave = build_wave(frame, ["health"], ["11", "24"])
    row = estimate_question(wave, "importance", rule=Rule(reliability="none")).iloc[0]
    assert row["estimate"] == pytest.approx(6)
    scores = np.array([-4, -2, 6]) / 4
    assert row["se"] == pytest.approx(np.sqrt(3 / 2 * (scores**2).sum()))
    # 6 +- 4.3 x 1.9 would leave the scale.
    assert (row["ci_low"], row["ci_high"]) == (0, 10)


@pytest.mark.parametrize(
    ("row", "state", "reason"),
    [
        ({"n": 100, "n_eff": 90, "estimate": 7.1, "se": 0.2, "df": 99}, "ok", ""),
        ({"n": 29, "n_eff": 29, "estimate": 7.1, "se": 0.4, "df": 28}, "suppress", "n < 30"),
        (
            {"n": 40, "n_eff": 20, "estimate": 7.1, "se": 0.4, "df": 39},
            "suppress",
            "effective n < 30",
        ),
        (
            {"n": 100, "n_eff": 90, "estimate": 0.5, "se": 0.16, "df": 99},
            "suppress",
            "standard error above 30 % of the mean",
        ),
        (
            {"n": 100, "n_eff": 90, "estimate": 5.0, "se": 0.2, "df": 7},
            "warn",
            "fewer than 8 degrees of freedom",
        ),
        (
            {"n": 100, "n_eff": 90, "estimate": 5.0, "se": 0.0, "df": 99},
            "warn",
            "all gave the same score",
        ),
        ({"n": 0, "n_eff": np.nan, "estimate": np.nan, "se": np.nan, "df": 0}, "suppress",
         "no respondent"),
    ],
)  # fmt: skip
def test_reliability_of_a_mean(row, state, reason):
    flagged = flag(pd.DataFrame([row]), measure="mean").iloc[0]
    assert (flagged["reliability"], flagged["reason"]) == (state, reason)


def test_a_rule_without_limits_shows_every_mean():
    row = {"n": 3, "n_eff": 3.0, "estimate": 1.0, "se": 0.9, "df": 2}
    assert flag(pd.DataFrame([row]), rule="none", measure="mean")["reliability"].tolist() == ["ok"]
    assert flag(pd.DataFrame([row]), rule="n30", measure="mean")["reason"].tolist() == ["n < 30"]


def test_a_measure_that_is_none():
    with pytest.raises(InputError, match="measure 'median': must be 'answers' or 'mean'"):
        flag(pd.DataFrame(), measure="median")
    with pytest.raises(InputError, match="columns absent: n_eff"):
        flag(pd.DataFrame({"n": [1], "estimate": [1.0], "se": [1.0], "df": [1]}), measure="mean")


@pytest.mark.parametrize(("unit", "limit"), [("share", 1.0), ("score_10", 10.0)])
def test_the_schema_holds_estimates_to_their_scale(made, unit, limit):
    rule = Rule(reliability="none")
    table = estimate_question(made, "importance", rule=rule).query("answer == 'health'")
    table = table.assign(unit=unit, estimate=limit, ci_low=0.0, ci_high=limit)
    assert len(check_contract(table, ESTIMATE_SCHEMA, name="t")) == 1
    with pytest.raises(InputError, match="1 rows break the rule .estimate and interval lie on"):
        check_contract(table.assign(ci_high=limit + 0.1), ESTIMATE_SCHEMA, name="t")
    with pytest.raises(InputError, match="column unit: 1 value not among"):
        check_contract(table.assign(unit="euro"), ESTIMATE_SCHEMA, name="t")
