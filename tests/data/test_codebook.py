"""What a codebook may not say; each message names file and line, and what is wrong."""

import re

import pytest

from helpers.data.codebook import read_codebook
from helpers.data.errors import InputError

FILE = "small/codebook.yaml"


def read_error(small) -> str:
    with pytest.raises(InputError) as error:
        read_codebook("small", root=small.root)
    assert "small/codebook.yaml: " in str(error.value)
    return str(error.value)


def test_codebook_is_read(small):
    codebook = read_codebook("small", root=small.root)
    assert codebook.domain_ids == ["region", "size"]
    assert codebook.question_ids == ["likes", "why", "fan"]
    assert codebook.variable("likes").headline == "any_yes"
    assert codebook.variable("likes").columns == ["likes"]
    assert codebook.variable("why").columns == ["why__habit", "why__taste"]
    assert codebook.variable("why").headline == "habit"
    assert codebook.variable("likes").label_of("any_yes", "fr") == "À un degré ou un autre"
    assert codebook.variable("region").label_of("93+94") == "South"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("{code: 2, id: a_little", "{code: 1, id: a_little", "likes: answer code given twice: 1"),
        ('{code: 3, id: "no"', '{code: 3, id: "yes"', "likes: answer id given twice: yes"),
        ("code: tiny, id: tiny", "code: big, id: tiny", "size: answer code given twice: big"),
    ],
)
def test_duplicate_answer(small, old, new, words):
    changed = small.edit(FILE, old, new)
    message = read_error(small)
    assert words in message
    line = int(re.search(r"line (\d+)", message)[1])
    assert changed - 12 <= line <= changed  # the line its question or domain starts at


def test_duplicate_question(small):
    small.edit(FILE, "- id: why", "- id: likes")
    assert "questions: id given twice: likes" in read_error(small)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('any_yes: ["yes", a_little]}', 'any_yes: ["yes", maybe]}', "not answers of likes: maybe"),
        ("nets: {any_yes", "nets: {a_little", "has the name of an answer"),
        ("net_labels: {any_yes", "net_labels: {other", "every net needs a label"),
    ],
)
def test_nets_name_answers(small, old, new, words):
    small.edit(FILE, old, new)
    assert words in read_error(small)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("{question: likes", "{question: loves", "why refers to an unknown question: loves"),
        ('answers: ["yes", a_little]}', "answers: [never]}", "likes does not have: never"),
        ('when: {likes: ["yes"]}', 'when: {loves: ["yes"]}', "fan refers to an unknown question"),
        ('when: {likes: ["yes"]}', "when: {likes: [any]}", "fan refers to answers likes does not"),
    ],
)
def test_references_name_what_exists(small, old, new, words):
    small.edit(FILE, old, new)
    assert words in read_error(small)


@pytest.mark.parametrize(
    ("old", "new", "field", "words"),
    [
        (", fr: Goût", "", "questions.1.answers.1.label.fr", "Field required"),
        ("fr: Goût", 'fr: ""', "questions.1.answers.1.label.fr", "at least 1 character"),
        ("fr: Goût", "fr: 2015", "questions.1.answers.1.label.fr", "valid string"),
        (', fr: "Pourquoi ?"', "", "questions.1.text.fr", "Field required"),
        ("type: multiple", "type: multipel", "questions.1.type", "'single', 'multiple'"),
        ("actor: mayors", "actor: mayor", "actor", "'mayors'"),
        ("actor: mayors", "actr: mayors", "actr", "Extra inputs are not permitted"),
        ("wording: paraphrase", "wordng: paraphrase", "questions.2.wordng", "Extra inputs"),
        ("id: taste", "id: Taste!", "questions.1.answers.1.id", "match pattern"),
    ],
)
def test_fields(small, old, new, field, words):
    line = small.edit(FILE, old, new)
    problems = read_error(small).splitlines()
    (problem,) = [text for text in problems if f" {field}: " in text]
    assert f"line {line}: " in problem
    assert words in problem


def test_unknown_shared_domain(small):
    small.edit(FILE, "shared_domains: [region]", "shared_domains: [regoin]")
    message = read_error(small)
    assert "regoin" in message
    assert "valid are region" in message


def test_missing_shared_file(small):
    (small.folder / "domains.yaml").unlink()
    with pytest.raises(InputError, match="surveys/domains.yaml: no such file"):
        read_codebook("small", root=small.root)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("code: big, id: big", "code: 1, id: big", "size: codes must be text in quotes"),
        ("{code: 2, id: a_little", "{code: two, id: a_little", "likes: codes must be whole"),
        ("{question: likes, answers", "{question: why, answers", "why refers to itself"),
        ("survey: small", "survey: large", "survey is 'large', but its folder says 'small'"),
        ("- id: size", "- id: region", "id given twice: region"),
        ("- id: size", "- id: likes", "id given twice: likes"),
    ],
)
def test_codebook_that_contradicts_itself(small, old, new, words):
    small.edit(FILE, old, new)
    assert words in read_error(small)


MARGINS = """\
margins:
  - id: size
    label: {en: By size, fr: Par taille}
    variables: [size]
    frame: some
    levels: {big: [large], tiny: [small, very_small]}
questions:
"""


def test_official_margins_are_read(small):
    small.edit(FILE, "questions:\n", MARGINS)
    codebook = read_codebook("small", root=small.root)
    margin = codebook.margin("size")
    assert (margin.columns, margin.levels["tiny"]) == ("size", ["small", "very_small"])
    with pytest.raises(InputError, match="small/codebook.yaml: no official margin 'age'; valid"):
        codebook.margin("age")


def test_a_survey_without_frame_says_so(small):
    with pytest.raises(InputError, match="valid are none, for want of a frame"):
        read_codebook("small", root=small.root).margin("size")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("variables: [size]", "variables: [size, age]", "must be region, another one, or the two"),
        ("variables: [size]", "variables: [size, size]", "must be region, another one, or the two"),
        ("variables: [size]", "variables: [region]", "levels say which classes"),
        ("levels: {big: [large], tiny: [small, very_small]}", "levels: {}", "levels say which"),
        ("[small, very_small]", "[small, large]", "classes in two levels: large"),
        ("variables: [size]", "variables: [age]", "not domain variables of the survey: age; valid"),
        ("{big: [large]", "{huge: [large]", "margins: size: not levels of size: huge; valid are"),
        ("  - id: size\n    label", "  - id: Size\n    label", "should match pattern"),
    ],
)
def test_margins_name_what_exists(small, old, new, words):
    small.edit(FILE, "questions:\n", MARGINS.replace(old, new))
    assert words in read_error(small)


def test_duplicate_margin(small):
    one = MARGINS.removesuffix("questions:\n")
    small.edit(FILE, "questions:\n", one + MARGINS.removeprefix("margins:\n"))
    assert "margins: id given twice: size" in read_error(small)
