"""Population counts: read by zone, whole, and refused when they cannot be."""

import pandas as pd
import pytest

from helpers.data.errors import InputError
from helpers.data.frames import read_frame
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
        (b"a,b\n1,2\n", "4 columns missing: region_code, frame, class, value; it has a, b."),
        (b"\xe9", "not UTF-8 text"),
    ],
)
def test_damaged_frame(collection, content, words):
    collection.path("data/frames/population.csv").write_bytes(content)
    with pytest.raises(InputError, match=f"frames/population.csv: {words}"):
        read_frame(FRAMES[0])
