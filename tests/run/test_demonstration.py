"""Demonstration waves: drawn as their recipe says, and the same every time."""

import numpy as np
import pandas as pd
import pytest

from helpers.data.errors import InputError
from helpers.data.frames import read_frame
from helpers.data.responses import read_wave
from helpers.run.demonstration import demonstrate_wave
from helpers.run.synthesis import list_synthetic, synthesise_wave

SURVEYS = ["associations", "companies", "mayors"]
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
