"""Demonstration waves: drawn as their recipe says, and the same every time."""

import numpy as np
import pandas as pd
import pytest

from helpers.data.errors import InputError
from helpers.data.frames import read_frame
from helpers.data.responses import read_wave
from helpers.run.demonstration import demonstrate_wave
from helpers.run.synthesis import list_synthetic, synthesise_wave

SURVEYS = ["associations", "citizens", "companies", "mayors"]
RECIPE = "data/surveys/companies/demo/wave.yaml"


@pytest.fixture(scope="module")
def waves(checkout):
    return {survey: read_wave(survey, "demo", root=checkout) for survey in SURVEYS}


def count_population(recipe, root):
    """Population of each stratum, from the frame itself."""
    frame = read_frame(recipe.frame, root=root)
    classes = [name for names in recipe.classes.values() for name in names]
    if recipe.strata == ["region"]:
        return frame[classes].sum(axis=1).to_dict()
    return {level: frame[names].to_numpy().sum() for level, names in recipe.classes.items()}


def test_every_demonstration_is_tested(checkout):
    pairs = list_synthetic(root=checkout)
    assert [survey for survey, wave in pairs if wave == "demo"] == SURVEYS


@pytest.mark.parametrize("survey", SURVEYS)
def test_rebuilding_gives_the_committed_respondents(checkout, survey):
    built = synthesise_wave(survey, "demo", root=checkout)
    stored = pd.read_parquet(checkout / "data/surveys" / survey / "demo/responses.parquet")
    pd.testing.assert_frame_equal(built, stored, check_dtype=False, rtol=1e-9, atol=0)


@pytest.mark.parametrize("survey", SURVEYS)
def test_every_stratum_has_its_minimum(waves, survey):
    wave = waves[survey]
    recipe = wave.file.demonstration
    sizes = wave.respondents.groupby(recipe.strata, observed=False).size()
    assert sizes.min() >= recipe.minimum_per_stratum
    assert sizes.sum() == wave.file.n


@pytest.mark.parametrize("survey", SURVEYS)
def test_weights_sum_to_the_frame_in_every_stratum(checkout, waves, survey):
    wave = waves[survey]
    recipe = wave.file.demonstration
    assert len(recipe.strata) == 1
    totals = wave.respondents.groupby(recipe.strata[0], observed=True)["weight"].sum().to_dict()
    assert totals == pytest.approx(count_population(recipe, checkout), rel=1e-12)


@pytest.mark.parametrize("survey", SURVEYS)
def test_weights_are_equal_within_strata(waves, survey):
    wave = waves[survey]
    groups = wave.respondents.groupby(wave.file.demonstration.strata, observed=True)["weight"]
    assert (groups.max() - groups.min()).max() == 0


@pytest.mark.parametrize("survey", SURVEYS)
def test_an_invented_contrast_is_there(waves, survey):
    """A shift of at least 0.8 in log-odds shows in the first answer, with its sign."""
    wave = waves[survey]
    item = wave.file.demonstration.items[0]
    first = next(iter(item.probabilities))
    given = wave.respondents[item.question] == first
    strong = [effect for effect in item.effects if abs(effect.shift) >= 0.8]
    assert strong
    for effect in strong:
        inside = wave.respondents[effect.domain_variable] == effect.level
        gap = given[inside].mean() - given[~inside].mean()
        assert np.sign(gap) == np.sign(effect.shift), effect


def test_another_seed_gives_other_respondents(collection, checkout):
    collection.edit(RECIPE, "seed: 20150", "seed: 20151")
    one, other = demonstrate_wave("companies"), demonstrate_wave("companies", root=checkout)
    assert not one["has_partnership"].equals(other["has_partnership"])


def test_frame_that_is_not_there(collection):
    collection.edit(RECIPE, "frame: establishments_10plus_employees", "frame: shops")
    with pytest.raises(InputError, match="'shops' is not a frame; valid are"):
        demonstrate_wave("companies")


def test_wave_without_a_recipe(checkout):
    with pytest.raises(InputError, match="mayors/2016/wave.yaml: no section demonstration"):
        demonstrate_wave("mayors", "2016", root=checkout)


@pytest.mark.parametrize("chance", ["0", "1", "1.2", "often"])
def test_chance_that_is_none(collection, chance):
    collection.edit(RECIPE, 'probabilities: {"yes": 0.37}', f'probabilities: {{"yes": {chance}}}')
    with pytest.raises(InputError, match=r"wave.yaml: line \d+: .*probabilities.yes"):
        demonstrate_wave("companies")


def test_recipe_of_a_question_that_does_not_exist(collection):
    collection.edit(RECIPE, "- question: has_partnership", "- question: had_partnership")
    with pytest.raises(InputError, match="no question or domain variable 'had_partnership'"):
        demonstrate_wave("companies")


ACTORS = ["associations", "citizens", "companies"]


@pytest.mark.parametrize("survey", ACTORS)
def test_every_fragility_is_scored_by_everybody(waves, survey):
    question = waves[survey].codebook.variable("fragility_importance")
    scores = waves[survey].respondents[question.columns]
    assert scores.shape[1] == 16
    assert scores.notna().all(axis=None)
    assert scores.min().min() == 0
    assert scores.max().max() == 10


@pytest.mark.parametrize("survey", ACTORS)
def test_invented_means_and_their_shifts_are_there(waves, survey):
    """Within five standard errors of the recipe, in the whole and where a level is shifted."""
    wave = waves[survey]
    item = {item.question: item for item in wave.file.demonstration.items}["fragility_importance"]
    frame = wave.respondents
    for name, mean in item.means.items():
        scores = frame[f"fragility_importance__{name}"].astype(float)
        expected = pd.Series(mean, index=frame.index)
        for effect in item.effects:
            if name in effect.answers:
                expected += effect.shift * (frame[effect.domain_variable] == effect.level)
        assert abs((scores - expected).mean()) < 5 * item.spread / np.sqrt(len(frame)), name
        for effect in (effect for effect in item.effects if name in effect.answers):
            level = frame[effect.domain_variable] == effect.level
            gap = (scores - expected)[level].mean()
            assert abs(gap) < 5 * item.spread / np.sqrt(level.sum()), (name, effect)


CITIZENS = "data/surveys/citizens/demo/wave.yaml"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("means: {employment: 7.0", "means: {joy: 7.0", "means are needed; its answers are emp"),
        ("answers: [health]}", "answers: [joy]}", "effects: no answers joy; valid are employment"),
        ("      spread: 2.4\n", "", "either probabilities, or means and their spread"),
        ("means: {employment: 7.0", "means: {employment: 10.5", r"means.employment"),
        ("shift: 0.8, answers: [health]", "shift: 3.5, answers: [health]",
         "No scores from 0 to 10 have the mean 10.4"),
    ],
)  # fmt: skip
def test_recipes_of_scores_that_make_no_sense(collection, old, new, words):
    text = collection.path(CITIZENS).read_text(encoding="utf-8")
    assert old in text
    collection.path(CITIZENS).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match=words):
        demonstrate_wave("citizens")


def test_means_of_a_question_without_scores(collection):
    collection.edit(
        CITIZENS,
        'question: partnerships_source_of_innovation\n      probabilities: {"yes": 0.7}',
        'question: partnerships_source_of_innovation\n      means: {"yes": 7}\n      spread: 2',
    )
    with pytest.raises(InputError, match="means are for score questions, and score questions need"):
        demonstrate_wave("citizens")
