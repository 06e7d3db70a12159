"""A survey of five respondents, small enough to check by hand and to break in every way."""

import pandas as pd
import pytest

CODEBOOK = """\
survey: small
actor: mayors
title: {en: Small, fr: Petit}
population: {en: Everybody, fr: Tout le monde}
shared_domains: [region]
domains:
  - id: size
    label: {en: Size, fr: Taille}
    answers:
      - {code: big, id: big, label: {en: Big, fr: Grand}}
      - {code: tiny, id: tiny, label: {en: Tiny, fr: Petit}}
questions:
  - id: likes
    label: {en: Likes it, fr: Aime}
    text: {en: "Do you like it?", fr: "Aimez-vous ?"}
    wording: published
    type: single
    base: {en: All, fr: Ensemble}
    answers:
      - {code: 1, id: "yes", label: {en: "Yes", fr: Oui}}
      - {code: 2, id: a_little, label: {en: A little, fr: Un peu}}
      - {code: 3, id: "no", label: {en: "No", fr: Non}}
    nets: {any_yes: ["yes", a_little]}
    net_labels: {any_yes: {en: In some degree, fr: À un degré ou un autre}}
  - id: why
    label: {en: Why, fr: Pourquoi}
    text: {en: "Why?", fr: "Pourquoi ?"}
    wording: published
    type: multiple
    base: {en: Those who like it, fr: Ceux qui aiment}
    asked_if: {question: likes, answers: ["yes", a_little]}
    answers:
      - {code: 1, id: habit, label: {en: Habit, fr: Habitude}}
      - {code: 2, id: taste, label: {en: Taste, fr: Goût}}
  - id: fan
    label: {en: Is a fan, fr: Est amateur}
    text: {en: Derived, fr: Déduit}
    wording: paraphrase
    type: single
    base: {en: All, fr: Ensemble}
    answers:
      - {code: 1, id: fan, label: {en: Fan, fr: Amateur}}
      - {code: 2, id: other, label: {en: Other, fr: Autre}}
    recode:
      - {answer: fan, when: {likes: ["yes"]}}
      - {answer: other, when: {likes: [a_little, "no"]}}
"""
WAVE = """\
survey: small
wave: "2020"
provenance: real
title: {en: Small 2020, fr: Petit 2020}
fieldwork: {dates: May 2020, mode: telephone, producer: us}
n: 5
n_status: counted
design: {weight: weight, strata: [size]}
weighting: none
domains: [region, size]
questions: [likes, why, fan]
"""
SHARED = """\
domains:
  - id: region
    label: {en: Region, fr: Région}
    answers:
      - {code: "11", id: "11", label: {en: North, fr: Nord}}
      - {code: "93+94", id: "93+94", label: {en: South, fr: Sud}}
"""
RESPONDENTS = pd.DataFrame(
    {
        "respondent": ["a", "b", "c", "d", "e"],
        "weight": [1.0, 2.0, 1.5, 0.5, 1.0],
        "region": ["11", "93+94", "11", None, "11"],
        "size": ["big", "big", "tiny", "tiny", "tiny"],
        "likes": pd.array([1, 2, 3, None, 1], dtype="Int8"),
        "why__habit": pd.array([True, False, None, None, True], dtype="boolean"),
        "why__taste": pd.array([False, False, None, None, True], dtype="boolean"),
    }
)


class Small:
    """The files of the survey; `edit` returns the line of the passage it changed."""

    def __init__(self, root):
        self.root = root
        self.folder = root / "data" / "surveys"

    def edit(self, file: str, old: str, new: str) -> int:
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1

    def write(self, respondents) -> None:
        respondents.to_parquet(self.folder / "small" / "2020" / "responses.parquet")


@pytest.fixture
def small(tmp_path) -> Small:
    survey = Small(tmp_path)
    (survey.folder / "small" / "2020").mkdir(parents=True)
    (survey.folder / "domains.yaml").write_text(SHARED, encoding="utf-8")
    (survey.folder / "small" / "codebook.yaml").write_text(CODEBOOK, encoding="utf-8")
    (survey.folder / "small" / "2020" / "wave.yaml").write_text(WAVE, encoding="utf-8")
    survey.write(RESPONDENTS)
    return survey


@pytest.fixture
def respondents():
    return RESPONDENTS.copy()
