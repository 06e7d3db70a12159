"""Comparability of waves: what the codebook states, and nothing it does not."""

import pytest

from helpers.data.catalog import list_surveys, list_waves
from helpers.data.codebook import read_codebook
from helpers.data.comparability import check_comparability, judge
from helpers.data.errors import InputError
from helpers.data.language import use_language
from helpers.data.published import read_links

FILE = "small/codebook.yaml"
PLACE = "    nets: {any_yes"
STATED = """\
    comparability:
      - waves: ["2010", "2015", "2020"]
        verdict: same
        reason: {en: One item, fr: Une question}
      - waves: ["2022"]
        against: ["2010", "2020"]
        verdict: not_comparable
        reason: {en: Moved, fr: Modifiée}
"""


def state(small, text):
    return small.edit(FILE, PLACE, text + PLACE)


@pytest.mark.parametrize(
    ("first", "second", "verdict", "reason"),
    [
        ("2010", "2020", "same", "One item"),
        ("2020", "2015", "same", "One item"),
        ("2022", "2010", "not_comparable", "Moved"),
        ("2020", "2022", "not_comparable", "Moved"),
        ("2022", "2015", "not_stated", "does not say whether 2015 and 2022 may be compared"),
        ("2020", "2027", "not_stated", "does not say whether 2020 and 2027 may be compared"),
    ],
)
def test_a_pair_is_what_the_codebook_states(small, first, second, verdict, reason):
    state(small, STATED)
    codebook = read_codebook("small", root=small.root)
    found = judge(codebook, "likes", first, second)
    assert found.verdict == verdict
    assert reason in found.reason
    assert found.comparable == (verdict == "same")


def test_reason_in_french(small):
    state(small, STATED)
    codebook = read_codebook("small", root=small.root)
    with use_language("fr"):
        assert judge(codebook, "likes", "2010", "2022").reason == "Modifiée"
        assert "2015 et 2022" in judge(codebook, "likes", "2015", "2022").reason


@pytest.mark.parametrize("question", ["why", "region"])
def test_nothing_stated_is_not_comparable(small, question):
    codebook = read_codebook("small", root=small.root)
    assert judge(codebook, question, "2020", "2015").verdict == "not_stated"


def test_near_may_be_compared(small):
    state(small, STATED.replace("verdict: same", "verdict: near"))
    codebook = read_codebook("small", root=small.root)
    assert judge(codebook, "likes", "2010", "2015").comparable


def test_bad_questions_to_it(small):
    codebook = read_codebook("small", root=small.root)
    with pytest.raises(InputError, match="no question or domain variable 'loves'"):
        judge(codebook, "loves", "2015", "2020")
    with pytest.raises(InputError, match="small: wave 2020 compared with itself"):
        judge(codebook, "likes", "2020", "2020")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('against: ["2010", "2020"]', 'against: ["2010", "2022"]', "named twice: 2022"),
        ('waves: ["2010", "2015", "2020"]', 'waves: ["2010"]', "only the wave 2010 is named"),
        ('waves: ["2010", "2015", "2020"]', "waves: []", "comparability.0.waves"),
        ('waves: ["2010", "2015", "2020"]', 'waves: ["2010", "2022"]', "twice: 2010 and 2022"),
        ("verdict: same", "verdict: alike", "'same', 'near' or 'not_comparable'"),
        ("reason: {en: One item, fr: Une question}", "reason: {en: One item}", "reason.fr"),
    ],
)
def test_a_codebook_may_not_say(small, old, new, words):
    state(small, STATED.replace(old, new))
    with pytest.raises(InputError) as error:
        read_codebook("small", root=small.root)
    assert "small/codebook.yaml: " in str(error.value)
    assert words in str(error.value)


def test_every_wave_judged_is_known(checkout):
    """A wave is in the collection, or published figures are linked to it."""
    links = read_links(root=checkout)
    for survey in list_surveys(root=checkout):
        known = {*list_waves(survey, root=checkout), *links.query("survey == @survey")["wave"]}
        for question in read_codebook(survey, root=checkout).questions:
            named = {wave for entry in question.comparability for pair in entry.pairs
                     for wave in pair}  # fmt: skip
            assert named <= known, (survey, question.id)


@pytest.mark.parametrize(
    ("survey", "question", "pair", "verdict"),
    [
        ("citizens", "partnerships_source_of_innovation", ("2015", "2019"), "same"),
        ("citizens", "partnerships_source_of_innovation", ("2019", "2020"), "not_comparable"),
        ("citizens", "fragility_importance", ("2015", "2019"), "near"),
        ("companies", "has_partnership", ("2011", "2015"), "same"),
        ("companies", "partnership_status", ("2011", "2015"), "not_comparable"),
        ("associations", "has_partnership", ("2009", "2015"), "same"),
        ("associations", "has_partnership", ("2015", "2021"), "not_comparable"),
        ("mayors", "partnerships_source_of_innovation", ("2016", "2020"), "not_comparable"),
        ("mayors", "partnerships_source_of_innovation", ("2016", "2024"), "not_stated"),
        ("associations", "partnership_type", ("2015", "2021"), "not_stated"),
    ],
)
def test_what_the_collection_states(checkout, survey, question, pair, verdict):
    assert judge(read_codebook(survey, root=checkout), question, *pair).verdict == verdict


def test_every_codebook_passes(checkout):
    for survey in list_surveys(root=checkout):
        codebook = read_codebook(survey, root=checkout)
        assert check_comparability(codebook, root=checkout) is codebook


def test_a_wave_nobody_knows_is_named(collection):
    path = "data/surveys/citizens/codebook.yaml"
    collection.edit(path, 'against: ["2015", "2019", "2022"]', 'against: ["2015", "2091"]')
    with pytest.raises(
        InputError,
        match="citizens/codebook.yaml: partnerships_source_of_innovation: comparability names 1 "
        "unknown waves: 2091; valid are 2015, 2019, 2020, 2022, demo",
    ):
        check_comparability(read_codebook("citizens"))
