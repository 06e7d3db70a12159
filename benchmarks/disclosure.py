"""Time of disclosure control on waves of several sizes, and how much it withholds.

    python benchmarks/disclosure.py

Each wave has three domain variables (12 regions, 4 sizes, 6 sectors) and questions of four
kinds in turn: yes or no, five answers with a net, six ticks asked of some, scores of four items;
up to 4 % of answers are missing. A place is an answer or base in the whole or in a domain. Small
waves are the hard ones: nearly every domain holds answers of fewer than five respondents.
"""

import time

import numpy as np
import pandas as pd

from helpers.data.codebook import Codebook
from helpers.data.responses import Wave
from helpers.data.waves import WaveFile
from helpers.run.fingerprints import Fingerprints
from helpers.stats.cells import UNNAMED
from helpers.stats.disclosure import protect_wave

WAVES = [(1300, 60), (300, 8), (300, 20)]
DOMAINS = {"region": 12, "size": 4, "sector": 6}
KINDS = ["single", "single", "multiple", "score"]
ANSWERS = [2, 5, 6, 4]


def words(text):
    return {"en": text, "fr": text}


def describe(name, count, kind=int):
    ids = [f"{name}_{number}" for number in range(count)]
    codes = ids if kind is str else range(count)
    answers = [{"code": code, "id": own, "label": words(own)}
               for code, own in zip(codes, ids, strict=True)]  # fmt: skip
    return {"id": name, "label": words(name), "answers": answers}


def write_codebook(questions):
    asked = []
    for number in range(questions):
        item = describe(f"q{number}", ANSWERS[number % 4])
        item |= {"text": words("?"), "wording": "published", "type": KINDS[number % 4]}
        item |= {"base": words("All")}
        first = [answer["id"] for answer in item["answers"][:2]]
        if number % 4 == 1:
            item |= {"nets": {"net": first}, "net_labels": {"net": words("net")}}
        if number % 4 == 2:
            before = asked[-1]
            item["asked_if"] = {"question": before["id"], "answers": before["nets"]["net"]}
        asked.append(item)
    return Codebook.model_validate(
        {
            "survey": "made", "actor": "all", "title": words("Made"), "population": words("All"),
            "domains": [describe(name, count, str) for name, count in DOMAINS.items()],
            "questions": asked,
        }
    )  # fmt: skip


def draw_wave(people, questions, rng):
    codebook = write_codebook(questions)
    columns = {
        "respondent": [f"made-{number:05d}" for number in range(people)],
        "weight": rng.uniform(0.5, 2, people),
    }
    for name, count in DOMAINS.items():
        drawn = rng.choice(count, people, p=rng.dirichlet(np.full(count, 6)))
        columns[name] = pd.Categorical.from_codes(drawn, codebook.variable(name).answer_ids)
    for item in codebook.questions:
        missing = rng.random(people) < 0.04 * rng.random()
        if item.asked_if:
            before = pd.Series(columns[item.asked_if.question])
            missing |= ~before.isin(item.asked_if.answers).to_numpy()
        if item.type == "single":
            count = len(item.answers)
            drawn = rng.choice(count, people, p=rng.dirichlet(np.full(count, 2)))
            columns[item.id] = pd.Categorical.from_codes(
                np.where(missing, -1, drawn), item.answer_ids
            )
        for column in item.columns if item.type != "single" else ():
            ticks = rng.random(people) < rng.uniform(0.05, 0.6)
            values = ticks if item.type == "multiple" else rng.integers(0, 11, people)
            kind = "boolean" if item.type == "multiple" else "Int64"
            columns[column] = pd.array(values, dtype=kind)
            columns[column][missing] = pd.NA
    file = WaveFile.model_validate(
        {
            "survey": "made", "wave": "2027", "provenance": "real", "title": words("Made"),
            "fieldwork": {"dates": "never", "mode": "drawn", "producer": "a program"},
            "n": people, "n_status": "counted", "design": {"weight": "weight"},
            "weighting": "none", "domains": list(DOMAINS), "questions": codebook.question_ids,
        }
    )  # fmt: skip
    return Wave(codebook, file, pd.DataFrame(columns))


def main():
    print("respondents questions   places  small withheld  seconds  audit: fingerprints, s")
    for people, questions in WAVES:
        wave = draw_wave(people, questions, np.random.default_rng(people + questions))
        start = time.perf_counter()
        protection = protect_wave(wave)
        decided = time.perf_counter()
        Fingerprints(wave)
        known = time.perf_counter()
        places = [
            (question, answer, by, level)
            for question, answer in protection.system.places
            for by, level in protection.system.columns
            if level != UNNAMED
        ]
        withheld = sum(protection.is_withheld(*place) for place in places)
        assert all(witness is not None for witness in protection.suppression.witnesses)
        print(
            f"{people:11,} {questions:9} {len(places):8,} {len(protection.suppression.secrets):6,}"
            f" {withheld:8,} {decided - start:8.1f} {known - decided:10.1f}"
        )


if __name__ == "__main__":
    main()
