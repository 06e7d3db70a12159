"""Keys of results: every input counts, and each change is named."""

import pytest

from helpers.run.keys import compute_key, explain_change, list_inputs
from helpers.run.plans import plan_runs


@pytest.fixture
def inputs(collection):
    """Inputs of the one run of a study of mayors, as they are when asked."""
    collection.write_study("02-mayors")

    def ask(**options):
        (run,) = plan_runs(["02"], waves=["2016"], **options)
        return list_inputs(run, root=collection.root)

    return ask


def test_same_inputs_same_key(inputs):
    assert compute_key(inputs()) == compute_key(inputs())
    assert len(compute_key(inputs())) == 16


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("data/published/figures.csv", "file data/published/figures.csv changed"),
        ("data/surveys/mayors/2016/responses.parquet",
         "file data/surveys/mayors/2016/responses.parquet changed"),
        ("data/surveys/mayors/2024/wave.yaml", "file data/surveys/mayors/2024/wave.yaml changed"),
    ],
)  # fmt: skip
def test_data_that_changed(inputs, collection, name, word):
    before = inputs()
    path = collection.path(name)
    path.write_bytes(path.read_bytes() + b" ")
    assert compute_key(inputs()) != compute_key(before)
    assert explain_change(before, inputs()) == [word]


def test_survey_that_the_study_does_not_name(inputs, collection):
    before = inputs()
    collection.path("data/surveys/citizens/2015/wave.yaml").write_text("x", encoding="utf-8")
    assert inputs() == before


def test_notebook_that_changed(inputs, collection):
    before = inputs()
    collection.write_study("02-mayors", "wave + '!'")
    assert explain_change(before, inputs()) == ["notebook 02-mayors.ipynb changed"]


def test_module_of_the_package_is_an_input(inputs):
    assert "module run/keys.py" in inputs()
    assert "module run/templates/study/page.html.j2" in inputs()
    assert not [name for name in inputs() if name.endswith(".po")]


def test_changes_in_words():
    before = {"package pandas": "3.0", "parameter alpha": "0.05", "file a": "1", "file b": "1"}
    now = {"package pandas": "3.1", "parameter alpha": "0.01", "file a": "1", "file c": "1"}
    assert explain_change(before, now) == [
        "file b removed", "file c added", "package pandas 3.0 -> 3.1",
        "parameter alpha 0.05 -> 0.01",
    ]  # fmt: skip
