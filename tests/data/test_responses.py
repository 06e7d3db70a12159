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
        ("weight", [1.0, -2.0, 1.5, 0.5, 1.0], ["1 value not greater than 0: -2.0."]),
        ("weight", [0.0, 2.0, 0.0, 0.5, 1.0], ["2 values not greater than 0: 0.0."]),
        ("weight", [None, 2.0, 1.5, 0.5, 1.0], ["1 value missing: nan."]),
        ("weight", [float("inf"), 2.0, 1.5, 0.5, 1.0], ["1 value not less than inf: inf."]),
        ("weight", ["x", "2", "1", "1", "1"], ["1 value not a number: x."]),
        ("respondent", ["a", "a", "c", "d", "e"], ["2 values given more than once: a."]),
        ("respondent", [None, "b", "c", "d", "e"], ["1 value missing: "]),
        ("region", ["1", "11", "11", "11", "11"], ["1 value not among the codes 11, 93+94: 1."]),
        (
            "size",
            ["big", "Big", "BIG", "tiny", "tiny"],
            ["2 values not among the codes big, tiny: Big, BIG."],
        ),
        ("likes", [1, 2, 3, 4, 9], ["2 values not among the codes 1, 2, 3: 4, 9."]),
        ("likes", [1, 2, 3, 0, 0], ["2 values not among the codes 1, 2, 3: 0."]),
        ("likes", [1.5, 2, 3, 1, 1], ["likes", "1.5"]),
        ("likes", ["yes", "no", "no", "no", "no"], ["5 values not a whole number: yes, no."]),
        ("why__habit", [2, 0, 1, 1, 1], ["1 value not true or false: 2."]),
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
    assert read_error(small) == f"{NAME}: columns missing: why__taste."


def test_unexpected_columns(small, respondents):
    small.write(respondents.assign(age=40, name="x"))
    assert read_error(small) == f"{NAME}: unexpected columns: age, name."


def test_missing_weight_column_of_the_design(small):
    small.edit("small/2020/wave.yaml", "{weight: weight", "{weight: poids")
    assert f"{NAME}: columns missing: poids." in read_error(small)


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
    nobody = {name: pd.array([None] * 5, dtype="boolean") for name in ("why__habit", "why__taste")}
    small.write(respondents.assign(likes=pd.array([None] * 5, dtype="Int8"), **nobody))
    frame = read(small).respondents
    assert frame[["likes", "fan", *nobody]].isna().all(axis=None)


@pytest.mark.parametrize("code", [127, 257, -255, 65537])
def test_code_that_would_wrap_around(small, respondents, code):
    small.write(respondents.assign(likes=pd.array([code, 2, 3, None, 1], dtype="Int32")))
    assert read_error(small) == (
        f"{NAME}: column likes: 1 value not among the codes 1, 2, 3: {code}."
    )


def test_derived_question_listed_first(small):
    small.edit("small/2020/wave.yaml", "[likes, why, fan]", "[fan, likes, why]")
    derived = read(small).respondents["fan"]
    assert derived.astype(object).fillna("").tolist() == ["fan", "other", "other", "", "fan"]


@pytest.mark.parametrize("question", ["fan", "why"])
def test_question_without_the_one_it_rests_on(small, respondents, question):
    small.edit("small/2020/wave.yaml", "[likes, why, fan]", f"[{question}]")
    needed = respondents.drop(columns="likes")
    small.write(needed if question == "why" else needed.drop(columns=["why__habit", "why__taste"]))
    assert read_error(small) == (
        f"small/2020/wave.yaml: questions: {question} needs likes as well."
    )


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('wave: "2020"', 'wave: "2012"', "wave is '2012', but its folder says '2020'"),
        ("survey: small", "survey: large", "survey is 'large', but its folder says 'small'"),
    ],
)
def test_wave_file_that_names_another_folder(small, old, new, words):
    small.edit("small/2020/wave.yaml", old, new)
    assert read_error(small).startswith(f"small/2020/wave.yaml: {words}")


def test_fewer_respondents_than_declared(small, respondents):
    small.write(respondents.head(3))
    assert read_error(small) == f"{NAME}: 3 respondents, but wave.yaml says n: 5."


@pytest.mark.parametrize("row", [2, 3])  # said no, gave no answer
def test_answer_of_somebody_not_asked(small, respondents, row):
    respondents.loc[row, "why__taste"] = True
    small.write(respondents)
    assert read_error(small) == (
        f"{NAME}: column why: 1 respondents answered without being asked "
        "(only those with likes = yes, a_little are)."
    )


@pytest.mark.parametrize("first", ["R00001", "D00001"])
def test_real_wave_with_the_ids_of_a_synthetic_one(small, respondents, first):
    small.write(respondents.assign(respondent=[first, "b", "c", "d", "e"]))
    message = read_error(small)
    assert message.startswith(f"{NAME}: provenance is real, but its respondents have the ids")
    assert first in message


@pytest.mark.parametrize("first", ["R0001", "R000001", "d00001", "00001"])
def test_real_ids_that_only_look_synthetic(small, respondents, first):
    small.write(respondents.assign(respondent=[first, "b", "c", "d", "e"]))
    assert read(small).respondents["respondent"].iloc[0] == first


def test_every_missing_column_is_named(small, respondents):
    small.write(respondents.drop(columns=["why__taste", "size"]))
    assert read_error(small) == f"{NAME}: columns missing: size, why__taste."


def test_population_counts_of_the_design_are_read(small, respondents):
    small.edit("small/2020/wave.yaml", "strata: [size]", "strata: [size], fpc: units")
    small.write(respondents.assign(units=100.0))
    assert read(small).respondents["units"].tolist() == [100.0] * 5


MARGINS = """\
margins:
  - id: size
    label: {en: By size, fr: Par taille}
    variables: [size]
    frame: some
    levels: {big: [large], tiny: [small]}
questions:
"""


@pytest.fixture
def raked(small, respondents):
    """The wave with a base weight beside the one raked to the margin of sizes."""
    small.edit("small/codebook.yaml", "questions:\n", MARGINS)
    weighting = "weighting: raked\nmargins: [size]\nbase_weight: base\n"
    small.edit("small/2020/wave.yaml", "weighting: none\n", weighting)
    small.write(respondents.assign(base=2.0))
    return small


def test_both_weights_are_kept(raked):
    wave = read_wave("small", "2020", root=raked.root)
    assert wave.file.margins == ["size"]
    assert wave.respondents["base"].tolist() == [2.0] * 5
    assert wave.respondents["weight"].tolist() == [1.0, 2.0, 1.5, 0.5, 1.0]


@pytest.mark.parametrize("value", [0.0, -1.0, float("inf"), None])
def test_base_weights_are_positive(raked, respondents, value):
    raked.write(respondents.assign(base=pd.array([value, 1, 1, 1, 1], dtype=float)))
    with pytest.raises(InputError, match="responses.parquet: column base: 1 value"):
        read_wave("small", "2020", root=raked.root)


def test_base_weight_column_must_be_there(raked, respondents):
    raked.write(respondents)
    with pytest.raises(InputError, match="columns missing: base"):
        read_wave("small", "2020", root=raked.root)


def test_margins_must_be_those_of_codebook_and_wave(raked):
    raked.edit("small/2020/wave.yaml", "margins: [size]", "margins: [age]")
    with pytest.raises(InputError, match="wave.yaml: margins: 1 not in codebook.yaml: age; valid"):
        read_wave("small", "2020", root=raked.root)
    raked.edit("small/2020/wave.yaml", "margins: [age]", "margins: [size]")
    raked.edit("small/2020/wave.yaml", "domains: [region, size]", "domains: [region]")
    with pytest.raises(InputError, match="margins: size is over size, not among the domains"):
        read_wave("small", "2020", root=raked.root)
