"""A small survey that is marked real, with a question of each kind, for disclosure control."""

from dataclasses import dataclass

import pandas as pd
import pytest

from helpers.data.codebook import Codebook
from helpers.data.responses import Wave
from helpers.data.waves import WaveFile

LEVELS = {"region": ["a", "b", "c"], "size": ["big", "tiny"]}
LIKES = ["yes", "little", "no"]


def words(text: str) -> dict[str, str]:
    return {"en": text, "fr": text}


def _variable(name, answers, kind=str):
    codes = answers if kind is str else range(1, len(answers) + 1)
    listed = [{"code": code, "id": answer, "label": words(answer)}
              for code, answer in zip(codes, answers, strict=True)]  # fmt: skip
    return {"id": name, "label": words(name), "answers": listed}


def _question(name, answers, **facts):
    fixed = {"text": words(name), "wording": "published", "type": "single", "base": words("All")}
    return _variable(name, answers, int) | fixed | facts


CODEBOOK = Codebook.model_validate(
    {
        "survey": "small",
        "actor": "mayors",
        "title": words("Small"),
        "population": words("Everybody"),
        "domains": [_variable(name, levels) for name, levels in LEVELS.items()],
        "questions": [
            _question("likes", LIKES, nets={"any": ["yes", "little"]},
                      net_labels={"any": words("any")}),
            _question("why", ["habit", "taste"], type="multiple",
                      asked_if={"question": "likes", "answers": ["yes", "little"]}),
            _question("fan", ["fan", "other"], recode=[
                {"answer": "fan", "when": {"likes": ["yes"]}},
                {"answer": "other", "when": {"likes": ["little", "no"]}},
            ]),
            _question("mood", ["joy"], type="score"),
        ],
    }
)  # fmt: skip


@dataclass(frozen=True)
class SmallSurvey:
    """Builds waves of the survey from rows of (region, size, likes, habit, taste, joy)."""

    codebook: Codebook = CODEBOOK

    def build(self, rows, provenance="real") -> Wave:
        names = ["region", "size", "likes", "why__habit", "why__taste", "mood__joy"]
        people = pd.DataFrame(rows, columns=names)
        for name, levels in (LEVELS | {"likes": LIKES}).items():
            people[name] = pd.Categorical(people[name], categories=levels)
        fan = people["likes"].astype(object).map({"yes": "fan", "little": "other", "no": "other"})
        people["fan"] = pd.Categorical(fan, categories=["fan", "other"])
        types = dict.fromkeys(["why__habit", "why__taste"], "boolean") | {"mood__joy": "Int64"}
        people = people.astype(types).assign(
            weight=1.0, respondent=[f"p{number:05d}" for number in range(len(people))]
        )
        file = {
            "survey": "small",
            "wave": "2020",
            "provenance": "real",
            "title": words("Small 2020"),
            "fieldwork": {"dates": "2020", "mode": "web", "producer": "us"},
            "n": len(people),
            "n_status": "counted",
            "design": {"weight": "weight"},
            "weighting": "none",
            "domains": list(LEVELS),
            "questions": [
                name for name, column in
                (("likes", "likes"), ("why", "why__habit"), ("fan", "fan"), ("mood", "mood__joy"))
                if people[column].notna().any()
            ],
        }  # fmt: skip
        file = WaveFile.model_validate(file).model_copy(update={"provenance": provenance})
        return Wave(self.codebook, file, people)


@pytest.fixture(scope="session")
def small_survey() -> SmallSurvey:
    return SmallSurvey()
