"""Published figures and their links: the schema holds, and every figure is accounted for."""

import re

import pandas as pd
import pytest

from helpers.data.errors import InputError
from helpers.data.published import (
    describe_legibility,
    read_figures,
    read_links,
    read_programme,
    read_reading_frames,
    read_readings,
    select_usable,
)

FIGURES = "data/published/figures.csv"
LINKS = "data/published/links.csv"
STUDIES = [
    "alliances_barometer",
    "regional_partnerships",
    "phare_citizens",
    "phare_companies",
    "phare_associations",
    "mayor_survey",
    "evaluation_synthesis",
]


@pytest.fixture(scope="module")
def figures(checkout):
    return read_figures(root=checkout)


@pytest.fixture(scope="module")
def links(checkout):
    return read_links(root=checkout)


def test_every_figure_is_there(figures):
    assert len(figures) == 259
    assert figures["legibility"].value_counts().to_dict() == {
        "clear": 203,
        "ambiguous": 39,
        "inferred": 17,
    }


def test_usable_are_the_clear_and_the_surely_read(figures):
    usable = select_usable(figures)
    assert len(usable) == 203 + 9
    assert set(usable["legibility"]) == {"clear", "ambiguous"}
    assert set(usable.loc[usable["legibility"] == "ambiguous", "confidence"]) == {"high"}
    lost = figures.drop(usable.index)
    assert set(lost["confidence"]) == {"", "medium", "low"}
    assert not (lost["legibility"] == "clear").any()


def test_decimals_are_those_printed(collection):
    collection.edit_rows(FIGURES, {"figure": "F001"}, value="37.0")
    collection.edit_rows(FIGURES, {"figure": "F003"}, value="43.25")
    assert read_figures().set_index("figure").loc[["F001", "F003"], "decimals"].tolist() == [1, 2]


def test_legibility_in_words():
    rows = pd.DataFrame(
        {
            "legibility": ["clear", "ambiguous", "inferred"],
            "confidence": ["", "low", ""],
        }
    )
    words = ["clear", "ambiguous (low confidence)", "approximate wording"]
    assert describe_legibility(rows).tolist() == words


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"legibility": "claer"},
            ["column legibility: 1 value not among the codes clear, ambiguous, inferred: claer."],
        ),
        ({"value": "137"}, ['1 rows break the rule "percent is at most 100", first at row 1.']),
        ({"value": "-3"}, ["column value: 1 value below 0: -3.0."]),
        ({"value": "37,5"}, ["column value: 1 value missing: nan."]),
        ({"value": "37.125"}, ["column decimals: 1 value outside 0, 2: 3."]),
        ({"legibility": "ambiguous"}, ['only they, state a confidence", first at row 1.']),
        ({"confidence": "high"}, ['only they, state a confidence", first at row 1.']),
        (
            {"confidence": "sure"},
            ["column confidence: 1 value not among the codes ", "high, medium, low: sure."],
        ),
        ({"unit": "%"}, ["column unit: 1 value not among the codes percent, points, ", ": %."]),
        ({"territory_code": "5"}, ["column territory_code: 1 value not of the form ", ": 5."]),
        ({"actor": "firms"}, ["column actor: 1 value not among the codes companies, ", ": firms."]),
        ({"source": ""}, ["column source: 1 value "]),
        ({"figure": "F003"}, ["column figure: 2 values given more than once: F003."]),
        (
            {"territory": "Pays de la Loire", "territory_code": "52"},
            ["2 rows repeat the key of another."],
        ),
    ],
)
def test_figures_that_break_the_schema(collection, change, words):
    collection.edit_rows(FIGURES, {"figure": "F001"}, **change)
    with pytest.raises(InputError) as error:
        read_figures()
    for word in ["figures.csv: ", *words]:
        assert word in str(error.value)


@pytest.mark.parametrize(
    ("figure", "change", "words"),
    [
        ("F002", {"reason": ""}, ['not recomputed states the reason", first at row 2.']),
        (
            "F001",
            {"use": "magrin"},
            ["column use: 1 value not among the codes margin, check, ", ": magrin."],
        ),
        (
            "F001",
            {"quantity": "mean"},
            ["column quantity: 1 value not among the codes ", "gap_to_whole, base: mean."],
        ),
        ("F001", {"figure": "F003"}, ["column figure: 2 values given more than once: F003."]),
        ("F001", {"figure": "F999"}, ["column figure: 1 not in figures.csv: F999"]),
    ],
)
def test_links_that_break_the_schema(collection, figure, change, words):
    collection.edit_rows(LINKS, {"figure": figure}, **change)
    with pytest.raises(InputError) as error:
        read_links()
    for word in ["links.csv: ", *words]:
        assert word in str(error.value)


@pytest.mark.parametrize(
    ("file", "read"),
    [("figures.csv", read_figures), ("links.csv", read_links), ("programme.csv", read_programme)],
)
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "no such file."),
        (b"", "the file is empty."),
        (b"figure,study\nF001,\xe9t\xe9\n", "not UTF-8 text (byte "),
        (b"figure,study\nF001,a,b,c\nF002,a,b,c,d,e\n", "damaged, cannot be read as CSV: "),
    ],
)
def test_missing_or_damaged_file(collection, file, read, content, words):
    path = collection.path(f"data/published/{file}")
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(InputError, match=re.escape(f"published/{file}: {words}")):
        read()


@pytest.mark.parametrize("column", ["value", "base"])
def test_figures_without_a_column(collection, column):
    path = collection.path(FIGURES)
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    table.drop(columns=column).to_csv(path, index=False)
    with pytest.raises(InputError, match=f"published/figures.csv: 1 columns missing: {column}; "):
        read_figures()


def test_one_sentence_for_one_mistake(collection):
    collection.edit_rows(FIGURES, {"figure": "F001"}, value="137")
    with pytest.raises(InputError) as error:
        read_figures()
    assert str(error.value).count("\n") == 0


@pytest.mark.parametrize("study", STUDIES)
def test_every_figure_of_a_study_is_linked_or_explained(figures, links, study):
    wanted = figures.loc[figures["study"] == study, "figure"]
    rows = links.set_index("figure").reindex(wanted)
    assert len(wanted)
    assert rows.index[rows["use"].isna()].tolist() == []
    unexplained = ~rows["use"].isin(["margin", "check"]) & (rows["reason"].str.strip() == "")
    assert rows.index[unexplained].tolist() == []


def test_recomputed_figures_are_usable_and_name_what_recomputes_them(figures, links):
    recomputed = links[links["use"].isin(["margin", "check"])]
    assert set(recomputed["figure"]) <= set(select_usable(figures)["figure"])
    shares = recomputed[recomputed["quantity"] != "base"]
    assert (shares[["survey", "wave", "question", "answer"]] != "").all(axis=None)
    units = figures.set_index("figure").loc[shares["figure"], "unit"]
    assert set(units) == {"percent", "points", "score_10"}


def test_links_name_what_the_codebooks_have(checkout, links):
    from helpers.data.responses import read_wave

    for (survey, wave), rows in links[links["quantity"] != ""].groupby(["survey", "wave"]):
        held = read_wave(survey, wave, root=checkout)
        known = {*held.file.questions, *held.file.domains, ""}
        assert set(rows["question"]) <= known
        for row in rows[rows["question"] != ""].itertuples():
            assert held.codebook.variable(row.question).label_of(row.answer)
        for row in rows[rows["domain_variable"] != ""].itertuples():
            assert row.domain in held.codebook.variable(row.domain_variable).answer_ids


def test_a_figure_of_another_wave_calibrates_none(figures, links):
    margins = links[links["use"] == "margin"].merge(figures, on="figure", suffixes=("", "_figure"))
    assert (margins["wave"] == margins["wave_figure"]).all()


@pytest.mark.parametrize(
    ("survey", "wave", "count"), [("evaluation", "2015", 6), ("mayors", "2016", 0)]
)
def test_readings_are_never_clear(checkout, survey, wave, count):
    readings = read_readings(survey, wave, root=checkout)
    assert len(readings) == count
    assert readings["value"].between(0, 1).all()
    assert not readings["legibility"].eq("clear").any()


def test_reading_keeps_value_year_and_place(checkout):
    readings = read_readings("companies", "2015", root=checkout).set_index("figure")
    assert readings.loc["F002", "value"] == 0.58
    assert readings.loc["F002", "legibility"] == "ambiguous (medium confidence)"
    assert readings.loc["F006", ["domain", "year"]].tolist() == ["76", "2019"]
    assert readings.loc["F006", "legibility"] == "approximate wording"


def test_a_reading_of_a_score_is_out_of_ten(checkout):
    readings = read_readings("citizens", "2015", root=checkout).set_index("figure")
    assert readings.loc["F116", "value"] == 7.0
    assert readings.loc["F029", "value"] == 0.36


def test_reading_frames_cite_figures_of_what_they_say(checkout, figures):
    frames = read_reading_frames(root=checkout).set_index("element")
    assert frames["frame"].value_counts().to_dict() == {"need_and_means": 3, "impact_model": 3}
    asked = figures.set_index("figure")["question"]
    impact = "partnership_impact_strong_or_very_strong"
    assert set(asked[frames.loc["partnerships", "figures"]]) == {impact}
    assert set(asked[frames.loc["innovation", "figures"]]) == {"partnerships_source_of_innovation"}
    assert set(asked[frames.loc["performance", "figures"]]) == {
        "partnerships_source_of_performance"
    }
    # All of the figures on the impact by fragility are there: nothing published is left out.
    assert set(asked[asked == impact].index) == set(frames.loc["partnerships", "figures"])
    for element in ("territorial_dialogue", "collective_experimentation", "confidence"):
        assert frames.loc[element, "figures"] == []
        assert "no" in frames.loc[element, "says"]


def test_a_reading_frame_of_a_figure_that_does_not_exist(collection):
    collection.edit_rows(
        "data/published/reading_frames.csv", {"element": "confidence"}, figures="F999"
    )
    with pytest.raises(InputError, match="reading_frames.csv: not in figures.csv: F999"):
        read_reading_frames()
