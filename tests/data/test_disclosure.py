"""What a methodology notice states: where a wave may state it, and who asks for it."""

import pytest

from helpers.data.codebook import Wording, read_codebook
from helpers.data.disclosure import find_statement, read_disclosure
from helpers.data.errors import InputError
from helpers.data.waves import read_wave_file

FILE = "small/2020/wave.yaml"
LIST = """\
codes:
  - {id: law, short: {en: Law, fr: Loi}, label: {en: A law, fr: Une loi}, url: "https://law"}
items:
  - {id: sponsor, label: {en: For, fr: Pour}, from: [methodology.sponsor, computed], asked_by: {law: art. 2}}
  - {id: people, label: {en: Who, fr: Qui}, from: [methodology.population, codebook.population], asked_by: {}}
  - {id: mode, label: {en: How, fr: Comment}, from: [fieldwork.mode], asked_by: {law: art. 3}}
  - {id: limits, label: {en: Limits, fr: Limites}, from: [assumptions], asked_by: {}}
"""  # noqa: E501


@pytest.fixture
def listed(small):
    (small.folder / "disclosure.yaml").write_text(LIST, encoding="utf-8")
    return small


def find(small) -> dict[str, list[str]]:
    file, codebook = (
        read_wave_file("small", "2020", root=small.root),
        read_codebook("small", root=small.root),
    )
    items = read_disclosure(root=small.root).items
    return {item.id: [words.en for words in find_statement(item, file, codebook)] for item in items}


def test_what_a_wave_states_and_what_not(listed):
    assert find(listed) == {
        "sponsor": [], "people": ["Everybody"], "mode": ["telephone"], "limits": []
    }  # fmt: skip


def test_the_first_place_that_states_it_is_taken(listed):
    listed.edit(
        FILE, "weighting: none",
        "weighting: none\nassumptions: [one, two]\n"
        "methodology: {population: {en: Some, fr: Certains}, sponsor: Us}",
    )  # fmt: skip
    found = find(listed)
    assert found["people"] == ["Some"]
    assert found["sponsor"] == ["Us"]
    assert found["limits"] == ["one", "two"]


@pytest.mark.parametrize("words", ["not stated", "Not published "])
def test_words_for_nothing_state_nothing(listed, words):
    listed.edit(FILE, "mode: telephone", f'mode: "{words}"')
    assert find(listed)["mode"] == []


def test_an_unknown_field_of_the_section_is_refused(listed):
    line = listed.edit(FILE, "weighting: none", "methodology: {sponsors: Us}\nweighting: none")
    with pytest.raises(InputError, match=f"line {line}: methodology.sponsors: "):
        find(listed)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("from: [fieldwork.mode]", "from: [fieldwork.modus]", "fieldwork.modus: no such field"),
        ("from: [assumptions]", "from: [assumption]", "assumption: no such field"),
        ("from: [assumptions]", "from: [survey.assumptions]", "no such field"),
        ("from: [assumptions]", "from: []", "at least 1"),
        ("{law: art. 3}", "{loi: art. 3}", "no such code"),
    ],
)
def test_places_and_codes_must_be_there(listed, old, new, problem):
    line = listed.edit("disclosure.yaml", old, new)
    with pytest.raises(InputError) as error:
        read_disclosure(root=listed.root)
    assert f"disclosure.yaml: line {line}: items." in str(error.value)
    assert problem in str(error.value)


def test_the_law_is_listed_item_by_item(checkout):
    """Articles 2 (1° to 8°) and 3 (2° to 7°) of the law of 1977 as amended in 2016."""
    places = [item.asked_by.get("law", "") for item in read_disclosure(root=checkout).items]
    named = {
        (place.split(",")[0], number.strip())
        for place in filter(None, places)
        for number in place.partition(",")[2].split(",")
    }
    assert named == {("art. 2", f"{n}°") for n in range(1, 9)} | {
        ("art. 3", f"{n}°") for n in range(2, 8)
    }


def test_each_item_of_aapor_is_listed(checkout):
    asked = {item.asked_by.get("aapor") for item in read_disclosure(root=checkout).items}
    assert asked - {None} == {f"III.A.{n}" for n in range(1, 12)} | {"III.B"}


def test_labels_speak_both_languages(checkout):
    disclosure = read_disclosure(root=checkout)
    same = [item.id for item in disclosure.items if item.label.en == item.label.fr]
    assert same == []
    assert all(isinstance(code.label, Wording) for code in disclosure.codes)
