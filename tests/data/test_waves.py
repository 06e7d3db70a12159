"""What a wave file must state: a recipe that fits its provenance, and on what grounds."""

import pytest

from helpers.data.catalog import list_surveys, list_waves
from helpers.data.codebook import Wording
from helpers.data.errors import InputError
from helpers.data.language import use_language
from helpers.data.waves import read_wave_file

FILE = "small/2020/wave.yaml"
RECONSTRUCTION = "reconstruction:\n  seed: 1\n  domains: {size: {big: {n: 5, share: 1.0}}}\n"
DEMONSTRATION = (
    "demonstration:\n  seed: 1\n  frame: some\n  classes: {all: [total]}\n"
    "  strata: [size]\n  minimum_per_stratum: 2\n  items: []\n"
)


def read(small):
    return read_wave_file("small", "2020", root=small.root)


def test_wave_is_read(small):
    file = read(small)
    assert (file.n, file.provenance, file.design.strata) == (5, "real", ("size",))


@pytest.mark.parametrize(
    ("provenance", "recipe"),
    [("reconstructed", RECONSTRUCTION), ("demo", DEMONSTRATION), ("real", "")],
)
def test_recipe_of_its_provenance(small, provenance, recipe):
    small.edit(FILE, "provenance: real", f"provenance: {provenance}")
    small.edit(FILE, "weighting: none\n", f"weighting: none\n{recipe}")
    assert read(small).provenance == provenance


@pytest.mark.parametrize(
    ("provenance", "recipe", "section"),
    [
        ("reconstructed", "", "reconstruction"),
        ("demo", "", "demonstration"),
        ("real", RECONSTRUCTION, "reconstruction"),
        ("real", DEMONSTRATION, "demonstration"),
        ("demo", RECONSTRUCTION, "reconstruction"),
        ("reconstructed", DEMONSTRATION, "reconstruction"),
    ],
)
def test_recipe_of_another_provenance(small, provenance, recipe, section):
    small.edit(FILE, "provenance: real", f"provenance: {provenance}")
    small.edit(FILE, "weighting: none\n", f"weighting: none\n{recipe}")
    with pytest.raises(InputError, match=f"wave.yaml: .*section {section} goes with provenance"):
        read(small)


def test_assumed_size_needs_its_grounds(small):
    small.edit(FILE, "n_status: counted", "n_status: assumed")
    with pytest.raises(InputError, match="wave.yaml: .*n_status is assumed: n_note must say"):
        read(small)
    small.edit(FILE, "n_status: assumed", "n_status: assumed\nn_note: a usual size")
    assert read(small).n_note.en == "a usual size"


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("n: 5", "n: 0", "n"),
        ("n: 5", "n: many", "n"),
        ('wave: "2020"', "wave: 2020", "wave"),
        ("provenance: real", "provenance: true-ish", "provenance"),
        ("n_status: counted", "n_status: guessed", "n_status"),
        ("mode: telephone", "mod: telephone", "fieldwork.mod"),
        ("{weight: weight", "{poids: weight", "design.poids"),
        ("questions: [likes, why, fan]", "questions: []", "questions"),
    ],
)
def test_fields(small, old, new, field):
    line = small.edit(FILE, old, new)
    with pytest.raises(InputError) as error:
        read(small)
    assert f"small/2020/wave.yaml: line {line}: {field}: " in str(error.value)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("base_weight: base", "base_weight goes with margins"),
        ("base_weight: weight\nmargins: [size]", "base_weight and the weight .* are both weight"),
    ],
)
def test_base_weight_is_that_of_margins(small, line, words):
    small.edit(FILE, "weighting: none\n", f"weighting: raked\n{line}\n")
    with pytest.raises(InputError, match=words):
        read(small)


def test_prose_in_two_languages_or_in_one(small):
    assert read(small).weighting == Wording(en="none", fr="none")
    small.edit(FILE, "weighting: none", "weighting: {en: none, fr: aucune}")
    with use_language("fr"):
        assert read(small).weighting.text == "aucune"


@pytest.mark.parametrize(
    ("words", "place", "problem"),
    [
        ("2020", "weighting", "give words in quotes"),
        ("[none]", "weighting", "give words in quotes"),
        ("{en: none}", "weighting.fr", "Field required"),
        ('""', "weighting.en", "at least 1 character"),
    ],
)
def test_prose_of_another_form(small, words, place, problem):
    line = small.edit(FILE, "weighting: none", f"weighting: {words}")
    with pytest.raises(InputError) as error:
        read(small)
    assert f"wave.yaml: line {line}: {place}: " in str(error.value)
    assert problem in str(error.value)


def test_waves_of_the_collection_speak_both_languages(checkout):
    """French prose is not the English one copied, names and years apart."""
    for survey in list_surveys(root=checkout):
        for wave in list_waves(survey, root=checkout):
            file = read_wave_file(survey, wave, root=checkout)
            told = [file.weighting, *file.assumptions, *filter(None, [file.n_note])]
            assert [words.en for words in told if words.en == words.fr] == []
