"""Names of surveys, waves and studies; wrong names are answered with right ones."""

import pytest

from helpers.data.catalog import list_series, list_waves, read_studies, read_waves
from helpers.data.errors import InputError
from helpers.data.responses import read_wave


@pytest.mark.parametrize(
    ("survey", "wave", "words"),
    [
        ("mayor", "2016", ["'mayor' is not a survey", "valid are", "Did you mean mayors?"]),
        ("xyz", "2016", ["'xyz' is not a survey", "associations, citizens, companies"]),
        ("mayors", "2061", ["'2061' is not a wave of mayors", "2016, ", "Did you mean 2016?"]),
        ("companies", "2016", ["is not a wave of companies", "2015, demo", "Did you mean 2015?"]),
        ("mayors", "", ["'' is not a wave of mayors"]),
        ("mayors", "../mayors/2016", ["is not a wave of mayors"]),
    ],
)
def test_unknown_names(checkout, survey, wave, words):
    with pytest.raises(InputError) as error:
        read_wave(survey, wave, root=checkout)
    for word in words:
        assert word in str(error.value)
    assert ("Did you mean" in str(error.value)) == any("Did" in word for word in words)


def test_demonstration_comes_after_the_years(small):
    for name in ("demo", "2012"):
        folder = small.folder / "small" / name
        folder.mkdir()
        (folder / "wave.yaml").write_text("", encoding="utf-8")
    assert list_waves("small", root=small.root) == ["2012", "2020", "demo"]


def test_waves_are_listed_with_their_provenance(small):
    (row,) = read_waves(root=small.root).to_dict("records")
    assert row == {
        "survey": "small",
        "wave": "2020",
        "provenance": "real",
        "respondents": 5,
        "n_status": "counted",
        "fielded": "May 2020",
        "producer": "us",
    }


def test_study_runs_on_the_waves_all_its_surveys_have(collection):
    collection.write_study("02-both", surveys=("companies", "mayors"))
    collection.write_study("01-none", surveys=())
    studies = read_studies().set_index("study")
    assert studies.index.tolist() == ["01-none", "02-both"]
    assert studies.loc["02-both", "waves"] == ["demo"]
    assert studies.loc["01-none", "waves"] == []
    assert studies.loc["02-both", "title"] == "The title of 02-both"
    assert studies.loc["02-both", "question"] == "What of 02-both?"


@pytest.mark.parametrize("content", ["{", ""])
def test_notebook_that_is_none(collection, content):
    collection.path("notebooks/03-broken.ipynb").write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match="03-broken.ipynb: not a study notebook"):
        read_studies()


@pytest.mark.parametrize("missing", ["question", "surveys"])
def test_study_without_its_metadata(collection, missing):
    collection.write_study("01-tiny")
    path = collection.path("notebooks/01-tiny.ipynb")
    path.write_text(path.read_text(encoding="utf-8").replace(f'"{missing}"', '"other"'))
    with pytest.raises(InputError, match="01-tiny.ipynb: not a study notebook"):
        read_studies()


@pytest.mark.parametrize("content", [b"{}", b"\xe9"])
def test_file_that_is_no_notebook(collection, content):
    collection.path("notebooks/01-tiny.ipynb").write_bytes(content)
    with pytest.raises(InputError, match="01-tiny.ipynb: not a study notebook"):
        read_studies()


def test_study_of_an_unknown_survey(collection):
    collection.write_study("01-tiny", surveys=("mayor",))
    with pytest.raises(InputError, match="'mayor' is not a survey; .*Did you mean mayors"):
        read_studies()


def test_study_over_every_wave(collection):
    collection.write_study("06-all", surveys=("companies", "mayors"), waves="all")
    collection.write_study("07-none", surveys=())
    studies = read_studies().set_index("study")
    assert studies["every_wave"].tolist() == [True, False]
    assert studies.loc["06-all", "waves"] == []


@pytest.mark.parametrize("facts", [{"waves": "every"}, {"waves": ["2015"]}, {"surveys": ()}])
def test_study_over_every_wave_of_nothing(collection, facts):
    collection.write_study("06-all", **{"waves": "all", **facts})
    with pytest.raises(InputError, match=r"06-all.ipynb: metadata `study`: waves is .* must be"):
        read_studies()


def test_series_leaves_demonstrations_out(collection):
    assert list_series("citizens") == ["2015", "2019"]
    collection.edit("data/surveys/citizens/2019/wave.yaml", "n: 2400", "n: 0")
    with pytest.raises(InputError, match="citizens/2019/wave.yaml: .*n"):
        list_series("citizens")
