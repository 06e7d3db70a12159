"""A survey with a question of each type, and a file of eight answers to it, as received."""

import base64
import io
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
from PIL import Image

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
margins:
  - id: commune_size
    label: {en: Communes by size, fr: Communes par taille}
    variables: [commune_size]
    frame: communes_by_population_class
    levels:
      under_500: ["<500"]
      "500_1999": ["500-1 999"]
      "2000_9999": ["2 000-9 999"]
      "10000_plus": ["10 000-49 999", ">=50 000"]
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
RECEIVED = pd.read_csv(
    Path(__file__).parent / "fixtures" / "received.csv", sep=";", dtype=str, keep_default_na=False
).to_dict("list")


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
    return _open(collection.root, tmp_path / "post")


@pytest.fixture(scope="module")
def office(tmp_path_factory, checkout) -> Iterator[Desk]:
    """One desk for a whole module, in a collection without waves."""
    root = tmp_path_factory.mktemp("office") / "collection"
    waves = shutil.ignore_patterns("20[0-9][0-9]", "demo")
    shutil.copytree(checkout / "data", root / "data", ignore=waves)
    (root / "shapefiles").symlink_to(checkout / "shapefiles", target_is_directory=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STUDIES_HOME", str(root))
        yield _open(root, root / "post")


def _open(root: Path, folder: Path) -> Desk:
    small = root / "data" / "surveys" / "small"
    small.mkdir()
    (small / "codebook.yaml").write_text(CODEBOOK, encoding="utf-8")
    folder.mkdir()
    return Desk(root, folder)


@pytest.fixture
def png() -> str:
    """A red picture, twice as wide as high, as a page holds it."""
    written = io.BytesIO()
    Image.new("RGB", (960, 480), "red").save(written, format="PNG")
    return base64.b64encode(written.getvalue()).decode("ascii")
