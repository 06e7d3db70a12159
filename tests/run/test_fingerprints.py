"""Fingerprints: respondents known again in any spelling, ordinary words left in peace."""

import numpy as np
import pandas as pd
import pytest

from helpers.data.responses import Wave, read_wave
from helpers.run.fingerprints import Fingerprints


@pytest.fixture(scope="module")
def wave():
    return read_wave("companies", "demo")


@pytest.fixture(scope="module")
def prints(wave):
    return Fingerprints(wave)


def test_an_id_in_a_sentence(prints, wave):
    (one,) = prints.find(f"As {wave.respondents['respondent'].iloc[7]}, said:")
    assert one == "ids of respondents (1)"


@pytest.mark.parametrize("separator", [",", ";", "\t", " | ", '","'])
def test_rows_between_any_separators(prints, wave, separator):
    rows = wave.respondents.iloc[40:60].drop(columns=["respondent", "weight"])
    text = "\n".join(separator.join(map(str, row)) for row in rows.itertuples(index=False))
    assert prints.find(text) != []


@pytest.mark.parametrize("form", [str.upper, str.lower, lambda text: text.replace("True", "1")])
def test_rows_in_any_spelling(prints, wave, form):
    rows = wave.respondents.iloc[40:60].drop(columns=["respondent", "weight"])
    assert prints.find(form(rows.to_csv(index=False))) != []


def test_records_with_their_keys(prints, wave):
    rows = wave.respondents.iloc[40:60].drop(columns=["respondent", "weight"])
    assert prints.find(rows.to_json(orient="records")) != []
    assert prints.find(str(rows.astype(str).to_dict("records"))) != []


def test_a_short_number_is_no_id(wave):
    people = wave.respondents.assign(respondent=[str(n) for n in range(len(wave.respondents))])
    prints = Fingerprints(Wave(wave.codebook, wave.file, people))
    assert prints.find(" ".join(map(str, range(1000)))) == []
    row = people.iloc[[512]].to_csv(index=False, header=False)
    assert "answers of respondents" in prints.find(row)[0]


def test_words_and_numbers_of_others_are_none(prints, wave):
    rng = np.random.default_rng(3)
    labels = [label for item in (*wave.codebook.domains, *wave.codebook.questions)
              for label in (*item.answer_ids, *item.labels().values())]  # fmt: skip
    drawn = " ".join(rng.choice(labels, 20_000))
    numbers = " ".join(f"{value:.6f}" for value in rng.uniform(0, 5, 20_000))
    constant = ["yes " * 3000, "1 " * 3000, "true,false," * 3000, "1 0 0 " * 3000]
    counts = pd.crosstab(wave.respondents["region"], wave.respondents["has_partnership"])
    for text in (" ".join(labels), drawn, numbers, *constant, counts.to_csv()):
        assert prints.find(text) == []


def test_nothing_found_in_nothing(prints):
    assert prints.find("") == []
