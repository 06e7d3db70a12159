"""A survey with a question of each type, and a file of eight answers to it, as received."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from helpers.data.codebook import Codebook, read_codebook

CODEBOOK = """\
survey: small
actor: mayors
title: {en: Small, fr: Petit}
population: {en: Everybody, fr: Tout le monde}
shared_domains: [region]
domains:
  - id: commune_size
    label: {en: Commune size, fr: Taille de la commune}
    answers:
      - {code: under_500, id: under_500, label: {en: "Under 500", fr: Moins de 500}}
      - {code: "500_1999", id: "500_1999", label: {en: "500 to 1,999", fr: 500 à 1 999}}
      - {code: "2000_9999", id: "2000_9999", label: {en: "2,000 to 9,999", fr: 2 000 à 9 999}}
      - {code: "10000_plus", id: "10000_plus", label: {en: "10,000 or more", fr: 10 000 et plus}}
questions:
  - id: likes
    label: {en: Likes it, fr: Aime}
    text: {en: "Do you like partnerships?", fr: "Q1. Aimez-vous les partenariats ?"}
    wording: published
    type: single
    base: {en: All, fr: Ensemble}
    answers:
      - {code: 1, id: "yes", label: {en: "Yes", fr: Oui}}
      - {code: 2, id: a_little, label: {en: A little, fr: Un peu}}
      - {code: 3, id: "no", label: {en: "No", fr: Non}}
  - id: why
    label: {en: Reasons, fr: Raisons}
    text: {en: "Why do you like them?", fr: "Q2. Pourquoi les aimez-vous ?"}
    wording: published
    type: multiple
    base: {en: Those who like it, fr: Ceux qui aiment}
    asked_if: {question: likes, answers: ["yes", a_little]}
    answers:
      - {code: 1, id: habit, label: {en: Habit, fr: Habitude}}
      - {code: 2, id: taste, label: {en: Taste, fr: Goût}}
      - {code: 3, id: duty, label: {en: Duty, fr: Devoir}}
  - id: priorities
    label: {en: Priorities, fr: Priorités}
    text: {en: "Rank these priorities", fr: "Q3. Classez ces priorités"}
    wording: published
    type: ranking
    base: {en: All, fr: Ensemble}
    answers:
      - {code: 1, id: jobs, label: {en: Jobs, fr: Emploi}}
      - {code: 2, id: health, label: {en: Health, fr: Santé}}
      - {code: 3, id: housing, label: {en: Housing, fr: Logement}}
  - id: marks
    label: {en: Marks, fr: Notes}
    text: {en: "Marks out of ten", fr: "Q4. Notes sur dix"}
    wording: published
    type: score
    base: {en: All, fr: Ensemble}
    answers:
      - {code: 1, id: trust, label: {en: Trust, fr: Confiance}}
      - {code: 2, id: hope, label: {en: Hope, fr: Espoir}}
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
# Eight people; the fourth said no and the eighth nothing, so neither was asked why.
RECEIVED = {
    "ID": ["a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8"],
    "Poids": ["1,5", "0,5", "1", "1", "1,25", "0,75", "1", "1"],
    "Région": ["Bretagne", "Bretagne", "Île-de-France", "Corse", "Occitanie", "Normandie",
               "Grand Est", ""],
    "Taille de la commune": ["Moins de 500", "500 à 1 999", "10 000 et plus", "2 000 à 9 999",
                             "Moins de 500", "Moins de 500", "500 à 1 999", "Moins de 500"],
    "Aimez-vous les partenariats ?": ["Oui", "oui", "Un peu", "Non", "Oui", "Un peu", "OUI", "NSP"],
    "Pourquoi les aimez-vous ?": ["Habitude;Goût", "Goût", "Devoir; Habitude", "", "Habitude",
                                  "Goût;Devoir;Habitude", "", ""],
    "Classez ces priorités [Emploi]": ["1", "2", "1", "3", "1", "", "2", ""],
    "Classez ces priorités [Santé]": ["2", "1", "2", "2", "3", "", "1", ""],
    "Classez ces priorités [Logement]": ["3", "3", "3", "1", "2", "", "3", ""],
    "Notes sur dix - Confiance": ["7", "10", "0", "5", "6", "8", "NSP", ""],
    "Notes sur dix - Espoir": ["5", "5", "5", "5", "5", "5", "5", ""],
}  # fmt: skip


@dataclass(frozen=True)
class Desk:
    """Where files arrive: a collection with the survey `small`, and a folder for what comes."""

    root: Path
    folder: Path

    @property
    def codebook(self) -> Codebook:
        return read_codebook("small", root=self.root)

    @property
    def wave(self) -> Path:
        return self.root / "data" / "surveys" / "small" / "2027"

    def write(self, name: str = "received.csv", *, encoding="utf-8", sep=";", **columns) -> Path:
        """The file of the eight, with some columns changed (None: left out)."""
        data = {**RECEIVED, **columns}
        frame = pd.DataFrame({key: values for key, values in data.items() if values is not None})
        path = self.folder / name
        if path.suffix == ".xlsx":
            frame.to_excel(path, index=False)
        elif path.suffix == ".parquet":
            frame.to_parquet(path, index=False)
        else:
            path.write_bytes(frame.to_csv(index=False, sep=sep).encode(encoding))
        return path

    def list_waves(self) -> list[str]:
        """Everything in the folder of the survey, hidden too, but the codebook."""
        found = self.wave.parent.rglob("*")
        names = [path.relative_to(self.wave.parent).as_posix() for path in found if path.is_file()]
        return sorted(set(names) - {"codebook.yaml"})


@pytest.fixture
def desk(collection, tmp_path) -> Desk:
    surveys = collection.root / "data" / "surveys"
    (surveys / "small").mkdir()
    (surveys / "small" / "codebook.yaml").write_text(CODEBOOK, encoding="utf-8")
    (tmp_path / "post").mkdir()
    return Desk(collection.root, tmp_path / "post")
