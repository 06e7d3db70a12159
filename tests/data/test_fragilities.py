"""Sixteen fragilities in four families, one id each wherever they are named."""

import pandas as pd
import pytest

from helpers.data.codebook import read_codebook
from helpers.data.errors import InputError
from helpers.data.fragilities import read_fragilities, recode_fragilities
from helpers.data.published import read_figures, read_links

FILE = "data/surveys/fragilities.yaml"
QUESTIONS = ["fragility_importance", "priority_fragility", "partnership_impact"]


def test_sixteen_in_four_families(checkout):
    table = read_fragilities(root=checkout)
    assert table["fragility"].is_unique
    counts = table["family"].value_counts(sort=False).to_dict()
    assert counts == {"economic": 3, "social": 5, "societal": 5, "environmental": 3}
    doubtful = table[table["certainty"] == "uncertain"]["fragility"].tolist()
    assert doubtful == ["digital_access", "culture_leisure", "mobility"]
    assert ((table["certainty"] == "high") == (table["reason"] == "")).all()


@pytest.mark.parametrize("survey", ["citizens", "companies", "associations"])
@pytest.mark.parametrize("question", QUESTIONS)
def test_codebooks_ask_about_these_sixteen(checkout, survey, question):
    table = read_fragilities(root=checkout)
    item = read_codebook(survey, root=checkout).variable(question)
    assert item.labels("en") == dict(zip(table["fragility"], table["label_en"], strict=True))
    assert item.labels("fr") == dict(zip(table["fragility"], table["label_fr"], strict=True))


@pytest.mark.parametrize("question", ["priority_for_company_action", "expected_company_action"])
def test_other_questions_use_the_same_ids(checkout, question):
    labels = read_fragilities(root=checkout).set_index("fragility")["label_en"]
    survey = "companies" if question == "priority_for_company_action" else "associations"
    for name, label in read_codebook(survey, root=checkout).variable(question).labels().items():
        assert labels[name] == label


def test_every_spelling_of_the_figures_is_known(checkout):
    """And the links give each figure of a fragility the id its spelling stands for."""
    figures = read_figures(root=checkout)
    names = [*QUESTIONS, "partnership_impact_strong_or_very_strong"]
    figures = figures[figures["question"].isin(names)].set_index("figure")
    ids = recode_fragilities(figures["answer"], root=checkout)
    links = read_links(root=checkout).set_index("figure").loc[figures.index]
    linked = links["answer"] != ""
    assert linked.sum() >= 30
    assert (links.loc[linked, "answer"] == ids[linked]).all()


def test_a_name_that_is_no_fragility(checkout):
    names = pd.Series(["health", "joy", "joy"], name="domain")
    with pytest.raises(InputError, match="column domain: 2 values are no fragility: 'joy'; valid"):
        recode_fragilities(names, root=checkout)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("family: economic\n    certainty: high\n    label: {en: Economic d", "family: x\n    "
         "certainty: high\n    label: {en: Economic d", "unknown families: x"),
        ("spellings: [security_press_variant", "spellings: [health, security_press_variant",
         "given twice: health"),
        ("    reason: {en: Could sit in another column of the slide., "
         "fr: \"Pourrait être dans une autre colonne de la diapositive.\"}\n"
         "    label: {en: Digital",
         "    label: {en: Digital", "digital_access: a reason goes with a doubt"),
        ("certainty: uncertain\n    reason: {en: \"The last",
         "certainty: low\n    reason: {en: \"The last", "certainty"),
    ],
)  # fmt: skip
def test_a_file_that_contradicts_itself(collection, old, new, words):
    collection.edit(FILE, old, new)
    with pytest.raises(InputError, match=f"surveys/fragilities.yaml: .*{words}"):
        read_fragilities()
