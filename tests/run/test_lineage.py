"""What a page was made from, without a path or a user."""

from datetime import UTC, date, datetime
from pathlib import Path

import nbformat
import pytest

from helpers.data.errors import InputError
from helpers.data.responses import checksum
from helpers.run.lineage import (
    list_data_files,
    list_parameters,
    list_seeds,
    list_waves_shown,
    read_date,
)
from helpers.run.plans import Run
from helpers.run.versions import list_packages


def run(wave="2016", surveys=("mayors",), **parameters):
    return Run("02-study", wave, Path("02-study.ipynb"), parameters, surveys)


def test_waves_of_a_page(checkout):
    assert list_waves_shown(run(), root=checkout) == [("mayors", "2016")]
    every = list_waves_shown(run(wave="", surveys=("mayors", "evaluation")), root=checkout)
    assert every == [("mayors", "2016"), ("mayors", "2024"), ("evaluation", "2015")]
    assert list_waves_shown(run(wave="", surveys=()), root=checkout) == []


def test_files_are_told_apart_from_the_register(collection):
    waves = [("mayors", "2016")]
    before = {file.name: file for file in list_data_files(waves, root=collection.root)}
    name = "data/surveys/mayors/2016/responses.parquet"
    assert before[name].registered
    assert before[name].sha256 == checksum(collection.path(name))
    assert before["data/surveys/mayors/2016/wave.yaml"].registered is None
    assert not any("mayors/2024" in file or "companies" in file for file in before)
    assert before["data/published/figures.csv"].registered
    with collection.path("data/published/figures.csv").open("a") as file:
        file.write("\n")
    after = {file.name: file for file in list_data_files(waves, root=collection.root)}
    assert after["data/published/figures.csv"].registered is False


def test_seeds_are_those_of_the_recipes(checkout):
    waves = [("mayors", "2016"), ("mayors", "demo")]
    assert list_seeds(waves, root=checkout) == {"mayors 2016": 2016, "mayors demo": 20162}


def test_parameters_hold_the_defaults_that_were_left():
    cell = nbformat.v4.new_code_cell(
        'wave = "2016"\nalpha = 0.05  # level\nrule = make()', metadata={"tags": ["parameters"]}
    )
    notebook = nbformat.v4.new_notebook(cells=[cell])
    assert list_parameters(notebook, run(alpha=0.01, lang="fr")) == {
        "wave": "2016", "alpha": 0.01, "lang": "fr"
    }  # fmt: skip
    assert list_parameters(nbformat.v4.new_notebook(), run()) == {}


def test_packages_are_those_asked_for_directly():
    packages = list_packages()
    assert {"Python", "pandas", "great-tables", "ruamel.yaml", "jsonschema"} <= set(packages)
    assert not {"pytest", "hypothesis", "urllib3"} & set(packages)


def test_date_of_the_run(monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert abs((read_date() - datetime.now(UTC).date()).days) <= 1
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86399")
    assert read_date() == date(1970, 1, 1)
    for wrong in ("yesterday", "1.5", "9" * 30):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", wrong)
        with pytest.raises(InputError, match="SOURCE_DATE_EPOCH is '.*'; it must be a number"):
            read_date()
