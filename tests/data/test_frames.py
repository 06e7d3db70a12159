"""Population counts: read by zone, whole, and refused when they cannot be."""

import pandas as pd
import pytest

from helpers.data.catalog import list_surveys
from helpers.data.codebook import read_codebook
from helpers.data.errors import InputError
from helpers.data.frames import read_frame, read_source, read_target
from helpers.data.mayors import read_mayors_frame
from helpers.data.regions import read_regions

FRAMES = ["communes_by_population_class", "establishments_10plus_employees"]


@pytest.fixture
def raw(checkout):
    return pd.read_csv(checkout / "data/frames/population.csv", dtype={"region_code": str})


@pytest.mark.parametrize("frame", FRAMES)
def test_zones_keep_the_total(checkout, raw, frame):
    counts = read_frame(frame, root=checkout)
    assert sorted(counts.index) == sorted(read_regions("zones-2015")["code"])
    rows = raw[raw["frame"] == frame]
    assert counts.to_numpy().sum() == rows["value"].sum()
    assert counts.sum().to_dict() == rows.groupby("class")["value"].sum().to_dict()


def test_provence_and_corse_are_one_zone(checkout, raw):
    counts = read_frame(FRAMES[0], root=checkout).loc["93+94", "<500"]
    rows = raw[(raw["frame"] == FRAMES[0]) & (raw["class"] == "<500")]
    assert counts == rows.loc[rows["region_code"].isin(["93", "94"]), "value"].sum()


def test_classes_stay_in_order(checkout):
    columns = read_frame(FRAMES[0], root=checkout).columns.tolist()
    assert columns[:2] == ["<500", "500-1 999"]
    assert columns.index("10 000-49 999") < columns.index(">=50 000")


def test_unknown_frame(checkout):
    with pytest.raises(InputError, match="'communes' is not a frame; valid are communes_by"):
        read_frame("communes", root=checkout)


def test_missing_file(collection):
    collection.path("data/frames/population.csv").unlink()
    with pytest.raises(InputError, match="population.csv: no such file"):
        read_frame(FRAMES[0])


def test_region_that_does_not_exist(collection):
    collection.edit_rows("data/frames/population.csv", {"region_code": "52"}, region_code="99")
    with pytest.raises(InputError, match="'99'"):
        read_frame(FRAMES[0])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty."),
        (
            b"a,b\n1,2\n",
            "8 columns missing: region_code, frame, class, value, unit, year, source, note; "
            "it has a, b.",
        ),
        (b"\xe9", "not UTF-8 text"),
    ],
)
def test_damaged_frame(collection, content, words):
    collection.path("data/frames/population.csv").write_bytes(content)
    with pytest.raises(InputError, match=f"frames/population.csv: {words}"):
        read_frame(FRAMES[0])


MARGINS = [
    (survey, margin.id) for survey in list_surveys() for margin in read_codebook(survey).margins
]


@pytest.mark.parametrize(("survey", "margin"), MARGINS)
def test_every_official_margin_has_its_target(survey, margin):
    codebook = read_codebook(survey)
    item = codebook.margin(margin)
    target = read_target(codebook, margin)
    names = [target.index.names] if isinstance(target.index, pd.MultiIndex) else target.index.names
    assert item.variables == (list(names[0]) if len(item.variables) > 1 else list(names))
    for name in item.variables:
        levels = set(target.index.get_level_values(name))
        assert levels == set(codebook.variable(name).answer_ids)
    assert (target > 0).all()
    source = read_source(item.frame)
    assert source.source
    assert source.edition
    assert source.edition in source.describe()


def test_mayors_have_the_margins_of_their_frames():
    codebook = read_codebook("mayors")
    raw = read_mayors_frame()
    sex, age, band = (read_target(codebook, name) for name in ("sex", "age", "commune_band"))
    assert sex.to_dict() == {"woman": raw["women"].sum(), "man": (raw.mayors - raw.women).sum()}
    assert age["60_plus"] == raw["aged_60_plus"].sum()
    assert sex.sum() == age.sum() == band.sum() == raw["mayors"].sum()


def test_crossed_margins_add_up_to_their_margins():
    codebook = read_codebook("mayors")
    crossed = read_target(codebook, "region_commune_size")
    for name in ("region", "commune_size"):
        target = read_target(codebook, name)
        summed = crossed.groupby(level=name, sort=False).sum().loc[target.index]
        assert summed.tolist() == target.tolist()


def test_every_survey_states_its_margins_or_none():
    assert read_codebook("associations").margins == []
    assert "Establishments, not companies" in read_codebook("companies").margin("region").note.text


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('["500-1 999"]', '["500-1999"]', "not classes of communes_by_population_class: 500-1999;"),
        ('["10 000-49 999", ">=50 000"]', '["10 000-49 999"]', "in no level, classes of"),
    ],
)
def test_levels_gather_all_the_classes_of_the_frame(collection, old, new, words):
    collection.edit("data/surveys/mayors/codebook.yaml", old, new)
    codebook = read_codebook("mayors", root=collection.root)
    with pytest.raises(InputError, match=f"mayors/codebook.yaml: margins: commune_size: {words}"):
        read_target(codebook, "commune_size", root=collection.root)


def test_margin_over_an_unknown_frame(collection):
    name = "data/surveys/companies/codebook.yaml"
    collection.edit(name, "frame: establishments_10plus_employees", "frame: companies")
    codebook = read_codebook("companies", root=collection.root)
    with pytest.raises(InputError, match="'companies' is not a frame; valid are communes_by"):
        read_target(codebook, "region", root=collection.root)
    with pytest.raises(InputError, match="'companies' is not a frame"):
        read_source("companies", root=collection.root)


def test_classes_that_do_not_add_up_to_the_total(collection):
    rows = {"region_code": "24", "frame": FRAMES[0], "class": "total"}
    collection.edit_rows("data/frames/population.csv", rows, value="1000")
    codebook = read_codebook("mayors", root=collection.root)
    with pytest.raises(InputError, match="classes of 1 zones do not .* first in 24: 1,754 for 1,0"):
        read_target(codebook, "region", root=collection.root)


def test_zones_that_are_no_level_of_the_survey(collection):
    collection.edit("data/surveys/domains.yaml", 'code: "52", id: "52"', 'code: "5", id: "5"')
    codebook = read_codebook("mayors", root=collection.root)
    with pytest.raises(InputError, match="no level of region: 52"):
        read_target(codebook, "region", root=collection.root)
