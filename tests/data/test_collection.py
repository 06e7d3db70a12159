"""The data of the repository itself: what is tracked, and that it is what it says."""

import itertools
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.data.catalog import list_surveys, list_waves
from helpers.data.codebook import read_codebook
from helpers.data.regions import read_regions
from helpers.data.responses import read_wave
from helpers.data.waves import read_wave_file

HERE = Path(__file__).resolve().parents[2]
WAVES = [
    (survey, wave) for survey in list_surveys(root=HERE) for wave in list_waves(survey, root=HERE)
]
TRACKED = [("citizens", "2015"), ("citizens", "2019"), ("citizens", "demo"),
           ("companies", "2015"), ("associations", "2015"), ("evaluation", "2015"),
           ("mayors", "2016"), ("mayors", "2024"), ("companies", "demo"),
           ("associations", "demo"), ("mayors", "demo")]  # fmt: skip


@pytest.fixture(scope="module")
def waves(checkout):
    return {pair: read_wave(*pair, root=checkout) for pair in WAVES}


def git(checkout, *words):
    if not shutil.which("git") or not (checkout / ".git").exists():
        pytest.skip("not a git checkout")
    return subprocess.run(["git", *words], cwd=checkout, capture_output=True, text=True)


def test_the_waves_are_there():
    assert set(TRACKED) <= set(WAVES)


def test_no_real_wave_is_tracked(checkout):
    files = git(checkout, "ls-files", "data/surveys/*/*/wave.yaml").stdout.split()
    tracked = [tuple(file.split("/")[2:4]) for file in files]
    assert tracked
    kinds = {pair: read_wave_file(*pair, root=checkout).provenance for pair in tracked}
    assert [pair for pair in tracked if kinds[pair] not in ("reconstructed", "demo")] == []


@pytest.mark.parametrize("name", ["responses.parquet", "wave.yaml", "raw/answers.sav"])
@pytest.mark.parametrize("wave", ["mayors/2027", "companies/2019", "citizens/2021"])
def test_a_real_wave_stays_out_of_git(checkout, wave, name):
    assert git(checkout, "check-ignore", f"data/surveys/{wave}/{name}").returncode == 0


@pytest.mark.parametrize("pair", TRACKED, ids="/".join)
def test_a_synthetic_wave_is_not_ignored(checkout, pair):
    file = f"data/surveys/{'/'.join(pair)}/responses.parquet"
    assert git(checkout, "check-ignore", "--no-index", file).returncode == 1


@pytest.mark.parametrize("pair", WAVES, ids="/".join)
def test_wave_is_what_its_folder_says(waves, pair):
    wave = waves[pair]
    assert (wave.survey, wave.name) == pair
    assert wave.codebook.survey == wave.survey
    assert (wave.provenance == "demo") == (wave.name == "demo")
    assert wave.file.checksum or wave.provenance == "real"


@pytest.mark.parametrize("pair", WAVES, ids="/".join)
def test_respondents_are_as_many_as_declared(waves, pair):
    assert len(waves[pair].respondents) == waves[pair].file.n


@pytest.mark.parametrize("pair", WAVES, ids="/".join)
def test_weights_are_positive(waves, pair):
    weights = waves[pair].respondents[waves[pair].design.weight]
    assert np.isfinite(weights).all()
    assert (weights > 0).all()
    if waves[pair].provenance == "reconstructed":
        assert weights.sum() == pytest.approx(waves[pair].file.n, rel=1e-9)


@pytest.mark.parametrize("pair", WAVES, ids="/".join)
def test_codes_are_those_of_the_codebook(checkout, waves, pair):
    stored = pd.read_parquet(checkout / "data/surveys" / "/".join(pair) / "responses.parquet")
    wave = waves[pair]
    for name in [*wave.file.domains, *wave.file.questions]:
        variable = wave.codebook.variable(name)
        if getattr(variable, "recode", None) or getattr(variable, "type", "single") != "single":
            continue
        assert set(stored[name].dropna()) <= {answer.code for answer in variable.answers}
        assert wave.respondents[name].isna().sum() == stored[name].isna().sum()


@pytest.mark.parametrize("pair", WAVES, ids="/".join)
def test_nobody_answers_who_was_not_asked(waves, pair):
    wave, frame = waves[pair], waves[pair].respondents
    for name in wave.file.questions:
        question = wave.codebook.variable(name)
        if question.asked_if:
            asked = frame[question.asked_if.question].isin(question.asked_if.answers)
            assert frame.loc[~asked, question.columns].isna().all(axis=None)
            assert frame.loc[asked, question.columns].notna().any(axis=None)


@pytest.mark.parametrize("pair", WAVES, ids="/".join)
def test_every_question_of_the_wave_has_answers(waves, pair):
    wave = waves[pair]
    for name in wave.file.questions:
        columns = wave.codebook.variable(name).columns
        assert wave.respondents[columns].notna().any(axis=None), name


def test_waves_differ(waves):
    for (one, first), (other, second) in itertools.combinations(waves.items(), 2):
        assert first.file.checksum != second.file.checksum, (one, other)
        assert not first.respondents.equals(second.respondents), (one, other)


@pytest.mark.parametrize("survey", sorted({survey for survey, _ in WAVES}))
def test_region_codes_are_those_of_the_boundaries(checkout, survey):
    codebook = read_codebook(survey, root=checkout)
    if "region" not in codebook.domain_ids:
        pytest.skip("no region in this survey")
    answers = codebook.variable("region").answers
    codes = sorted(read_regions("zones-2015")["code"])
    assert sorted(answer.id for answer in answers) == codes
    assert sorted(answer.code for answer in answers) == codes


@pytest.mark.parametrize("pair", [pair for pair in WAVES if pair[1] == "demo"], ids="/".join)
def test_a_demonstration_says_it_is_fictional(waves, pair):
    file = waves[pair].file
    assert "FICTIONAL" in file.title.en
    assert "FICTIVE" in file.title.fr
    assert file.fieldwork.dates.en == "never fielded"
