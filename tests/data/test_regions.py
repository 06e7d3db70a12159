"""The committed boundaries against what is published, and the functions that read them."""

import shutil

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pandas.testing import assert_frame_equal
from shapely import Polygon, box

from helpers.data.errors import InputError
from helpers.data.regions import (
    GEOGRAPHIES,
    VINTAGES,
    find_neighbours,
    join_regions,
    match_regions,
    read_crosswalk,
    read_regions,
    recode_regions,
)
from helpers.data.root import find_root
from helpers.run.boundaries import SHA256, TOLERANCE, measure_areas

FOLDER = find_root() / "shapefiles"
NAMES = list(GEOGRAPHIES)


@pytest.fixture(scope="module")
def layers():
    return {name: read_regions(name) for name in NAMES}


@pytest.fixture(scope="module")
def zones(layers):
    return layers["zones-2015"]


@pytest.fixture(scope="module")
def crosswalk():
    return pd.read_csv(FOLDER / "crosswalk.csv", dtype=str)


@pytest.fixture(scope="module")
def published():
    return pd.read_csv(FOLDER / "areas.csv", dtype={"code": str}).set_index("code")


def holes(shape):
    return [Polygon(ring) for part in shapely.get_parts(shape) for ring in part.interiors]


# The committed files


@pytest.mark.parametrize(("name", "count"), GEOGRAPHIES.items())
def test_areas_are_complete_and_in_lambert_93(layers, name, count):
    layer = layers[name]
    assert len(layer) == layer["code"].nunique() == count
    assert layer.crs.to_epsg() == 2154
    assert layer["code"].map(type).eq(str).all()
    assert layer["code"].is_monotonic_increasing
    assert set(layer.geom_type) == {"MultiPolygon"}
    assert layer.notna().all(axis=None)
    assert layer.is_valid.all()


@pytest.mark.parametrize("name", NAMES)
def test_coverage_is_valid_and_has_no_hole_but_llivia(layers, name):
    shapes = layers[name].geometry.array
    assert shapely.coverage_is_valid(shapes)
    (llivia,) = holes(shapely.coverage_union_all(shapes))
    assert llivia.area == pytest.approx(13e6, rel=0.15)
    spain = gpd.GeoSeries(gpd.points_from_xy([1.98], [42.466]), crs=4326).to_crs(2154)
    assert llivia.covers(spain[0])


def test_larger_areas_are_unions_of_departements(layers):
    for name, column in (("regions-2016", "region"), ("zones-2015", "zone")):
        for code, parts in layers["departements"].groupby(column):
            whole = layers[name].set_index("code").geometry[code]
            assert whole.equals(shapely.coverage_union_all(parts.geometry.array)), code
            lines = shapely.get_parts(shapely.node(whole.boundary))
            borders = shapely.union_all(shapely.boundary(parts.geometry.array))
            assert shapely.length(shapely.difference(lines, borders)).sum() == 0, code


def test_borders_are_the_same_vertices_at_every_level(layers):
    def vertices(name):
        return set(map(tuple, shapely.get_coordinates(layers[name].geometry.array)))

    assert vertices("zones-2015") <= vertices("departements")
    assert vertices("regions-2016") <= vertices("departements")


@pytest.mark.parametrize(
    ("inner", "outer", "km2"),
    [
        ("84", "26", [128.5]),  # Enclave des Papes
        ("65", "64", [15.0, 23.9]),
        ("59", "62", [18.7]),
        ("02", "60", [16.1]),
        ("60", "02", [0.7]),  # inside the one above
        ("54", "55", [0.4, 2.0]),
    ],
)
def test_enclaves_are_kept(layers, inner, outer, km2):
    shapes = layers["departements"].set_index("code").geometry
    inside = [
        part.area / 1e6
        for part in shapely.get_parts(shapes[inner])
        if any(hole.covers(part) for hole in holes(shapes[outer]))
    ]
    assert sorted(inside) == pytest.approx(km2, abs=0.06)


@pytest.mark.parametrize(
    ("island", "longitude", "latitude"),
    [
        ("Belle-Île", -3.18, 47.33),
        ("Ouessant", -5.09, 48.46),
        ("Sein", -4.867, 48.041),
        ("Yeu", -2.347, 46.71),
        ("Ré", -1.41, 46.197),
        ("Oléron", -1.29, 45.93),
        ("Porquerolles", 6.21, 43.0),
        ("Bréhat", -3.0, 48.852),
    ],
)
def test_known_islands_are_there(layers, island, longitude, latitude):
    point = gpd.GeoSeries(gpd.points_from_xy([longitude], [latitude]), crs=4326).to_crs(2154)[0]
    assert layers["departements"].distance(point).min() < TOLERANCE, island


def test_areas_agree_with_the_published_ones(layers, published):
    regions = layers["regions-2016"].set_index("code")
    assert regions.index.tolist() == published.index.tolist()
    assert published["source"].str.contains("http").all()
    drawn = pd.Series(measure_areas(regions), index=regions.index)
    for area in (regions["area_km2"], drawn):
        assert (area / published["area_km2"] - 1).abs().max() < 0.02


def test_published_areas_hold_together(published):
    # Metropolitan France in INSEE's cadastral areas, quoted by DREES, Panorama 2013.
    assert published["area_km2"].sum() == pytest.approx(543_963, abs=5)


def test_areas_add_up_and_simplification_moves_little(layers):
    totals = [layer["area_km2"].sum() for layer in layers.values()]
    assert totals == pytest.approx([totals[0]] * 3, abs=0.1)
    departements = layers["departements"]
    change = measure_areas(departements) / departements["area_km2"] - 1
    assert change.abs().max() < 0.03
    assert change.abs().median() < 0.001


@pytest.mark.parametrize("name", NAMES)
def test_shapefile_equals_geopackage(layers, name):
    shapefile = gpd.read_file(FOLDER / name / f"{name}.shp")
    assert shapefile.crs.to_epsg() == 2154
    assert (FOLDER / name / f"{name}.cpg").read_text().strip() == "UTF-8"
    columns = layers[name].columns.drop("geometry")
    assert max(map(len, columns)) <= 10
    assert_frame_equal(
        pd.DataFrame(shapefile[columns]), pd.DataFrame(layers[name][columns]), check_dtype=False
    )
    assert shapefile.geometry.geom_equals(layers[name].geometry).all()


def test_everything_is_under_one_megabyte():
    assert sum(file.stat().st_size for file in FOLDER.rglob("*") if file.is_file()) < 1_000_000


def test_names_are_official_and_of_2015(zones):
    names = zones.set_index("code")
    assert names.loc["11", ["name", "name_2015"]].tolist() == ["Île-de-France", "Ile-de-France"]
    assert names.loc["53", "name_2015"] == "Bretagne"
    assert names.loc["32", "name"] == "Hauts-de-France"
    assert names.loc["93+94", ["name", "name_2015"]].tolist() == [
        "Provence-Alpes-Côte d'Azur et Corse",
        "Provence-Alpes Côte-d'Azur / Corse",
    ]


def test_readme_tells_the_wheel_and_the_tolerance():
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert SHA256 in text
    assert f"{TOLERANCE:,} m" in text


# Reading


def test_unknown_geography_lists_the_valid_ones():
    with pytest.raises(InputError, match="'regions' is unknown; valid: departements, regions-2016"):
        read_regions("regions")


@pytest.fixture
def copied_home(tmp_path, monkeypatch):
    shutil.copytree(FOLDER, tmp_path / "shapefiles")
    monkeypatch.setenv("STUDIES_HOME", str(tmp_path))
    return tmp_path / "shapefiles"


def test_missing_file_is_named(copied_home):
    (copied_home / "zones-2015" / "zones-2015.gpkg").unlink()
    with pytest.raises(InputError, match=r"^shapefiles/zones-2015/zones-2015.gpkg: no such file"):
        read_regions()


@pytest.mark.parametrize("kept", [0, 50, 3000, 60_000])
def test_truncated_file_is_damaged(copied_home, kept):
    path = copied_home / "zones-2015" / "zones-2015.gpkg"
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(InputError, match=r"^shapefiles/zones-2015/zones-2015.gpkg: damaged"):
        read_regions()


def test_file_with_areas_missing_is_damaged(copied_home, zones):
    path = copied_home / "zones-2015" / "zones-2015.gpkg"
    path.unlink()
    zones.head(11).to_file(path, layer="zones-2015")
    with pytest.raises(InputError, match="11 areas, 11 codes; expected 12"):
        read_regions()


# Matching and joining


@pytest.fixture
def regions():
    shapes = [box(x, 0, x + 1, 1) for x in range(3)]
    return gpd.GeoDataFrame(
        {"code": ["01", "2A", "75"], "name": ["Ain", "Corse-du-Sud", "Paris"]},
        geometry=shapes,
        crs="EPSG:2154",
    )


def test_unmatched_are_shown_on_both_sides(regions):
    table = pd.DataFrame({"departement": ["01", "99", "99", None, "75"]})
    unmatched = match_regions(regions, table, "departement")
    assert unmatched["side"].tolist() == ["boundaries", "table", "table"]
    assert unmatched["code"].tolist()[:2] == ["2A", "99"]
    assert pd.isna(unmatched["code"][2])
    assert unmatched["n"].tolist() == [1, 2, 1]


def test_all_matched_is_an_empty_table(regions):
    assert match_regions(regions, pd.DataFrame({"code": ["01", "2A", "75"]}), "code").empty


def test_join_keeps_every_area_and_the_table_row_order_does_not_matter(regions):
    table = pd.DataFrame({"dep": ["75", "01"], "estimate": [0.5, 0.25], "name": ["P", "A"]})
    joined = join_regions(regions, table, on="dep")
    assert isinstance(joined, gpd.GeoDataFrame)
    assert joined.crs == regions.crs
    assert joined["code"].tolist() == ["01", "2A", "75"]
    assert joined["estimate"].fillna(-1).tolist() == [0.25, -1, 0.5]
    assert joined["name_table"].tolist()[::2] == ["A", "P"]
    assert "dep" not in joined
    assert list(regions.columns) == ["code", "name", "geometry"]


def test_join_repeats_an_area_with_several_rows(regions):
    table = pd.DataFrame({"code": ["01", "01"], "wave": ["2015", "2019"]})
    assert join_regions(regions, table, on="code")["code"].tolist() == ["01", "01", "2A", "75"]


def test_unknown_code_raises_with_column_codes_and_count(regions):
    table = pd.DataFrame({"dep": ["01", "99", "99", "98"]})
    with pytest.raises(
        InputError, match=r"Column 'dep': 2 codes in 3 rows .*'99', '98'.*Valid: 01, 2A, 75\.$"
    ):
        join_regions(regions, table, on="dep")


@pytest.mark.parametrize(
    ("codes", "hint"),
    [(["1", "75"], "leading zero was lost"), ([1, 75], "Codes are text"), ([1.0], "dtype=str")],
)
def test_lost_zero_and_numbers_get_a_hint(regions, codes, hint):
    with pytest.raises(InputError, match=hint):
        join_regions(regions, pd.DataFrame({"dep": codes}), on="dep")


def test_unknown_codes_can_be_kept_without_geometry(regions):
    table = pd.DataFrame({"dep": ["75", "99", None], "code": [1, 2, 3]})
    joined = join_regions(regions, table, on="dep", unmatched="keep")
    assert isinstance(joined, gpd.GeoDataFrame)
    assert joined["code"].tolist()[:4] == ["01", "2A", "75", "99"]
    assert joined.geometry.isna().tolist() == [False, False, False, True, True]
    assert joined["code_table"].tolist()[2:] == [1, 2, 3]


def test_numbers_can_be_kept_too(regions):
    joined = join_regions(regions, pd.DataFrame({"dep": [1]}), on="dep", unmatched="keep")
    assert joined["code"].tolist() == ["01", "2A", "75", 1]


def test_missing_column_and_unknown_option_are_told(regions):
    table = pd.DataFrame({"dep": ["01"], "n": [1]})
    with pytest.raises(InputError, match="column 'region' is unknown; valid: dep, n"):
        join_regions(regions, table, on="region")
    with pytest.raises(InputError, match="unmatched 'drop' is unknown; valid: raise, keep"):
        join_regions(regions, table, on="dep", unmatched="drop")


# Vintages


def test_crosswalk_has_every_code_of_every_layer(layers, crosswalk):
    assert crosswalk["departement"].tolist() == layers["departements"]["code"].tolist()
    assert crosswalk["region_2016"].tolist() == layers["departements"]["region"].tolist()
    assert crosswalk["zone_2015"].tolist() == layers["departements"]["zone"].tolist()
    assert set(crosswalk["region_2016"]) == set(layers["regions-2016"]["code"])
    assert set(crosswalk["zone_2015"]) == set(layers["zones-2015"]["code"])
    assert crosswalk["region_2015"].nunique() == crosswalk["region_2015_name"].nunique() == 22


def test_merges_of_the_law_of_2015():
    pairs = read_crosswalk("regions-2015", "regions-2016")
    merged = pairs.groupby("target")["source"].agg(list)
    assert merged[merged.str.len() > 1].to_dict() == {
        "27": ["26", "43"],
        "28": ["23", "25"],
        "32": ["22", "31"],
        "44": ["21", "41", "42"],
        "75": ["54", "72", "74"],
        "76": ["73", "91"],
        "84": ["82", "83"],
    }


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("zones-2015", "regions-2016"),
        ("regions-2016", "regions-2015"),
        ("zones-2015", "departements"),
    ],
)
def test_splitting_is_refused(source, target):
    with pytest.raises(InputError, match=r"would be split \(.*Only merges are exact"):
        read_crosswalk(source, target)


@pytest.mark.parametrize("vintage", VINTAGES)
def test_a_vintage_goes_into_itself(vintage):
    pairs = read_crosswalk(vintage, vintage)
    assert pairs["source"].equals(pairs["target"])


def test_unknown_vintage_and_damaged_crosswalk_are_told(copied_home):
    with pytest.raises(InputError, match="target 'regions' is unknown"):
        read_crosswalk("departements", "regions")
    (copied_home / "crosswalk.csv").write_text("departement\n01\n")
    with pytest.raises(InputError, match=r"crosswalk.csv: missing or damaged"):
        read_crosswalk("departements", "zones-2015")


def test_recoding_keeps_index_and_missing_and_sums():
    codes = pd.Series(["82", None, "83", "93"], index=[7, 8, 9, 10], name="region")
    recoded = recode_regions(codes, "regions-2015", "zones-2015")
    assert recoded.index.tolist() == [7, 8, 9, 10]
    assert recoded.dropna().tolist() == ["84", "84", "93+94"]
    assert pd.isna(recoded[8])


def test_recoding_in_two_steps_is_recoding_in_one(crosswalk):
    codes = crosswalk["departement"]
    via = recode_regions(recode_regions(codes, "departements", "regions-2015"),
                         "regions-2015", "zones-2015")  # fmt: skip
    assert via.tolist() == recode_regions(codes, "departements", "zones-2015").tolist()


def test_recoding_an_unknown_code_raises_with_count():
    codes = pd.Series(["1", "1", "69"], name="dep")
    with pytest.raises(InputError, match=r"'dep': 1 codes in 2 rows .*'1'.* leading zero"):
        recode_regions(codes, "departements", "regions-2016")


# Neighbours


@pytest.mark.parametrize("name", NAMES)
def test_neighbours_are_symmetric(layers, name):
    pairs = find_neighbours(layers[name])
    assert (pairs["code"] != pairs["neighbour"]).all()
    assert (pairs["border_km"] > 0).all()
    mirrored = pairs.rename(columns={"code": "neighbour", "neighbour": "code"})
    mirrored = mirrored[pairs.columns].sort_values(["code", "neighbour"], ignore_index=True)
    assert_frame_equal(pairs, mirrored)


def test_neighbours_known_from_the_map(layers, zones):
    for layer in (layers["regions-2016"], zones):
        neighbours = find_neighbours(layer).groupby("code")["neighbour"].agg(list)
        assert neighbours["53"] == ["28", "52"]
        assert neighbours["11"] == ["24", "27", "28", "32", "44"]
    regions = find_neighbours(layers["regions-2016"])
    assert not regions[["code", "neighbour"]].isin(["94"]).any(axis=None)
    assert regions.query("code == '93'")["neighbour"].tolist() == ["76", "84"]
    assert find_neighbours(zones).query("code == '93+94'")["neighbour"].tolist() == ["76", "84"]


def test_a_shared_corner_is_no_border():
    corners = [box(0, 0, 1000, 1000), box(1000, 1000, 2000, 2000), box(1000, 0, 2000, 1000)]
    frame = gpd.GeoDataFrame({"code": ["a", "b", "c"]}, geometry=corners, crs="EPSG:2154")
    pairs = find_neighbours(frame)
    assert pairs[["code", "neighbour"]].to_numpy().tolist() == [
        ["a", "c"], ["b", "c"], ["c", "a"], ["c", "b"],
    ]  # fmt: skip
    assert np.allclose(pairs["border_km"], 1)


def test_changing_what_was_read_changes_no_later_reading():
    first = read_regions("zones-2015")
    first["name"] = "mine"
    first.loc[first.index[0], "code"] = "mine"
    again = read_regions("zones-2015")
    assert "mine" not in {*again["name"], *again["code"]}
