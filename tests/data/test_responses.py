"""Respondents against codebook and wave file: what is read, and what is refused."""

import pandas as pd
import pytest

from helpers.data.errors import InputError
from helpers.data.responses import checksum, read_wave

NAME = "small/2020/responses.parquet"


def read(small):
    return read_wave("small", "2020", root=small.root)


def read_error(small) -> str:
    with pytest.raises(InputError) as error:
        read(small)
    return str(error.value)


def test_codes_become_answers(small):
    wave = read(small)
    assert (wave.survey, wave.name, wave.provenance) == ("small", "2020", "real")
    frame = wave.respondents
    assert frame["likes"].astype(object).fillna("").tolist() == ["yes", "a_little", "no", "", "yes"]
    assert frame["likes"].cat.categories.tolist() == ["yes", "a_little", "no"]
    assert frame["region"].cat.categories.tolist() == ["11", "93+94"]
    assert frame["region"].isna().tolist() == [False, False, False, True, False]
    assert frame["why__habit"].dropna().tolist() == [True, False, True]


def test_derived_question(small):
    derived = read(small).respondents["fan"]
    assert derived.astype(object).fillna("").tolist() == ["fan", "other", "other", "", "fan"]


def test_wave_may_be_given_as_a_number(small):
    assert read_wave("small", 2020, root=small.root).name == "2020"


def test_other_tools_types_are_read(small, respondents):
    plain = respondents.astype({"likes": float, "why__habit": "Int64", "respondent": object})
    small.write(plain.assign(respondent=range(5)))
    frame = read(small).respondents
    assert frame["likes"].astype(object).fillna("").tolist() == ["yes", "a_little", "no", "", "yes"]
    assert frame["why__habit"].dropna().tolist() == [True, False, True]
    assert frame["respondent"].tolist() == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("column", "values", "words"),
    [
        ("weight", [1.0, -2.0, 1.5, 0.5, 1.0], ["weight", "1 values", "-2.0"]),
        ("weight", [0.0, 2.0, 0.0, 0.5, 1.0], ["weight", "2 values", "0.0"]),
        ("weight", [None, 2.0, 1.5, 0.5, 1.0], ["weight", "1 values", "not_nullable", "nan"]),
        ("weight", [float("inf"), 2.0, 1.5, 0.5, 1.0], ["weight", "1 values", "inf"]),
        ("weight", ["x", "2", "1", "1", "1"], ["weight", "float", "'x'"]),
        ("respondent", ["a", "a", "c", "d", "e"], ["respondent", "uniqueness", "2 values", "'a'"]),
        ("respondent", [None, "b", "c", "d", "e"], ["respondent", "not_nullable", "1 values"]),
        ("region", ["1", "11", "11", "11", "11"], ["region", "1 values", "'1'", "93+94"]),
        ("size", ["big", "Big", "BIG", "tiny", "tiny"], ["size", "2 values", "'Big', 'BIG'"]),
        ("likes", [1, 2, 3, 4, 9], ["likes", "2 values", "[1, 2, 3]", "4", "9"]),
        ("likes", [1, 2, 3, 0, 0], ["likes", "2 values", "0"]),
        ("likes", [1.5, 2, 3, 1, 1], ["likes", "1.5"]),
        ("likes", ["yes", "no", "no", "no", "no"], ["likes", "'yes'"]),
        ("why__habit", [2, 0, 1, 1, 1], ["why__habit", "bool"]),
    ],
)
def test_values_outside_the_codebook(small, respondents, column, values, words):
    small.write(respondents.assign(**{column: values}))
    message = read_error(small)
    assert f"{NAME}: column {column}: " in message
    for word in words:
        assert word in message


def test_missing_column(small, respondents):
    small.write(respondents.drop(columns="why__taste"))
    assert read_error(small) == f"{NAME}: column why__taste is missing."


def test_unexpected_columns(small, respondents):
    small.write(respondents.assign(age=40, name="x"))
    assert read_error(small) == f"{NAME}: unexpected column age, name."


def test_missing_weight_column_of_the_design(small):
    small.edit("small/2020/wave.yaml", "{weight: weight", "{weight: poids")
    assert f"{NAME}: column poids is missing." in read_error(small)


def test_missing_file(small):
    (small.folder / "small/2020/responses.parquet").unlink()
    assert read_error(small).startswith(f"{NAME}: no such file")


@pytest.mark.parametrize("keep", [0, 20, -40])
def test_truncated_file(small, keep):
    path = small.folder / "small/2020/responses.parquet"
    path.write_bytes(path.read_bytes()[:keep])
    message = read_error(small)
    assert message.startswith(f"{NAME}: damaged, cannot be read as Parquet: ")
    assert "\n" not in message


def test_checksum(small, respondents):
    path = small.folder / "small/2020/responses.parquet"
    small.edit("small/2020/wave.yaml", "n: 5", f"checksum: {checksum(path)}\nn: 5")
    assert len(read(small).respondents) == 5
    small.write(respondents.assign(weight=1.0))
    assert read_error(small).startswith(f"{NAME}: its SHA-256 is not the one in wave.yaml")


@pytest.mark.parametrize(
    ("old", "new", "valid"),
    [
        ("questions: [likes,", "questions: [loves, likes,", "valid are likes, why, fan"),
        ("domains: [region,", "domains: [county, region,", "valid are region, size"),
    ],
)
def test_names_the_codebook_does_not_have(small, old, new, valid):
    small.edit("small/2020/wave.yaml", old, new)
    message = read_error(small)
    assert message.startswith("small/2020/wave.yaml: ")
    assert valid in message


def test_reading_changes_no_file(small):
    before = {path: path.read_bytes() for path in small.root.rglob("*") if path.is_file()}
    read(small)
    after = {path: path.read_bytes() for path in small.root.rglob("*") if path.is_file()}
    assert after == before


def test_numeric_missing_values_stay_missing(small, respondents):
    blank = respondents.assign(likes=pd.array([None] * 5, dtype="Int8"))
    small.write(blank)
    assert read(small).respondents["fan"].isna().all()
