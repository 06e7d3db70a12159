"""Weights raked to the official margins, and what they give, beside R's package survey.

`tests/stats/fixtures/official.R` made the sample and the values of `r_official.csv`, each
beside its call; it reads the targets from data/frames by itself.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.data.codebook import read_codebook
from helpers.data.responses import Wave
from helpers.data.waves import WaveFile
from helpers.run.weighting import weight_to_margins
from helpers.stats.changes import compare_waves
from helpers.stats.results import Rule, estimate_question

FIXTURES = Path(__file__).parents[1] / "stats" / "fixtures"
QUESTION = "territory_coconstruction_dynamic"
RAKED = ["region", "commune_size", "sex"]
ALL = Rule(reliability="none")


def read_reference(case):
    table = pd.read_csv(FIXTURES / "r_official.csv", dtype={"domain": str}, keep_default_na=False)
    return table[table["case"] == case].set_index(["what", "domain"])["value"].astype(float)


def build_wave(name, margins):
    sample = pd.read_csv(FIXTURES / "official.csv", dtype=str).query("wave == @name")
    responses = sample.drop(columns="wave").reset_index(drop=True)
    responses = responses.rename(columns={"q": QUESTION}).astype({"base": float, QUESTION: int})
    codebook = read_codebook("mayors")
    weighting = weight_to_margins(responses, codebook, margins, base_weight="base")
    people = weighting.responses
    people[QUESTION] = people[QUESTION].map(
        {answer.code: answer.id for answer in codebook.variable(QUESTION).answers}
    )
    for column in ("region", "commune_size", "sex", QUESTION):
        people[column] = pd.Categorical(people[column], codebook.variable(column).answer_ids)
    file = {
        "survey": "mayors",
        "wave": name,
        "provenance": "real",
        "title": {"en": name, "fr": name},
        "fieldwork": {"dates": name, "mode": "drawn at random", "producer": "a test"},
        "n": len(people),
        "n_status": "counted",
        "design": {"weight": "weight", "strata": ["commune_size"]},
        "weighting": weighting.description,
        "margins": margins,
        "base_weight": "base_weight",
        "domains": ["region", "commune_size", "sex"],
        "questions": [QUESTION],
    }
    return Wave(codebook, WaveFile.model_validate(file), people)


@pytest.fixture(scope="module")
def waves():
    return {name: build_wave(name, RAKED) for name in ("first", "second")}


@pytest.mark.parametrize("name", ["first", "second"])
def test_weights(waves, name):
    reference = read_reference(name)["weight"]
    ours = waves[name].respondents["weight"].to_numpy()[reference.index.astype(int) - 1]
    assert len(reference) >= 40
    np.testing.assert_allclose(ours, reference, rtol=1e-10)


@pytest.mark.parametrize("name", ["first", "second"])
def test_estimates_and_contrasts(waves, name):
    reference = read_reference(name)
    whole = estimate_question(waves[name], QUESTION, rule=ALL).set_index("answer").loc["total_yes"]
    for what in ("estimate", "se"):
        assert whole[what] == pytest.approx(reference[what, ""], rel=1e-10)
    table = estimate_question(waves[name], QUESTION, by="region", rule=ALL)
    table = table[table["answer"] == "total_yes"].set_index("domain")
    assert len(table) == 12
    for what in ("estimate", "se", "difference", "p_value"):
        expected = [reference[what, region] for region in table.index]
        np.testing.assert_allclose(table[what], expected, rtol=1e-10, err_msg=what)


@pytest.mark.parametrize("name", ["first", "second"])
def test_one_margin_is_a_post_stratification(name):
    reference = read_reference(name)
    wave = build_wave(name, ["commune_size"])
    row = estimate_question(wave, QUESTION, rule=ALL).set_index("answer").loc["total_yes"]
    assert row["estimate"] == pytest.approx(reference["post_estimate", ""], rel=1e-10)
    assert row["se"] == pytest.approx(reference["post_se", ""], rel=1e-10)


def test_change_between_waves(waves):
    reference = read_reference("change")
    whole = compare_waves(*waves.values(), QUESTION, rule=ALL)
    regions = compare_waves(*waves.values(), QUESTION, by="region", rule=ALL)
    both = pd.concat([whole, regions])
    both = both[both["answer"] == "total_yes"].set_index("domain")
    for region in ("", "11", "53"):
        for what in ("difference", "p_value"):
            assert both.loc[region, what] == pytest.approx(reference[what, region], rel=1e-10)
