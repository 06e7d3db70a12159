"""Boundaries, how their codes match a table, and how codes move between vintages."""

import geopandas as gpd
import pandas as pd
import shapely

from helpers.data.errors import InputError
from helpers.data.filecache import FileCache, stamp_files
from helpers.data.root import find_root
from helpers.data.vintages import VINTAGES

GEOGRAPHIES = {"departements": 96, "regions-2016": 13, "zones-2015": 12}

_BOUNDARIES = FileCache(limit=2 * len(GEOGRAPHIES))


def read_regions(geography="zones-2015"):
    """Read one set of boundaries.

    Parameters
    ----------
    geography : {"zones-2015", "regions-2016", "departements"}
        The 12 zones of the study's map (regions 93 and 94 as one, "93+94"), the
        13 metropolitan regions of 2016 or the 96 metropolitan départements.

    Returns
    -------
    geopandas.GeoDataFrame
        One row per area, EPSG:2154: `code` (INSEE, text with leading zeros), `name`,
        `area_km2` (on the ellipsoid, before simplification) and, where they apply,
        `name_2015`, `region`, `zone`.

    Raises
    ------
    InputError
        If the name is unknown, or the file is missing or damaged.
    """
    _check_name("geography", geography, GEOGRAPHIES)
    path = find_root() / "shapefiles" / geography / f"{geography}.gpkg"
    kept = _BOUNDARIES.get(stamp_files(path), lambda: _read_boundaries(path, geography))
    return kept.copy(deep=False)


def _read_boundaries(path, geography):
    name = "/".join(path.parts[-3:])
    if not path.is_file():
        raise InputError(f"{name}: no such file; rebuild it with `make shapefiles`.")
    try:
        regions = gpd.read_file(path, layer=geography, engine="pyogrio")
        count, codes = len(regions), regions["code"].nunique()
    except (RuntimeError, ValueError, KeyError, shapely.errors.ShapelyError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"{name}: damaged ({reason}); rebuild with `make shapefiles`.") from None
    expected = GEOGRAPHIES[geography]
    if not count == codes == expected or regions.crs != "EPSG:2154":
        raise InputError(
            f"{name}: damaged ({count} areas, {codes} codes; expected {expected} in EPSG:2154); "
            "rebuild with `make shapefiles`."
        )
    return regions


def match_regions(regions, table, on):
    """List the codes that one side has and the other has not.

    Returns
    -------
    pandas.DataFrame
        `side` ("boundaries" or "table"), `code` and `n`, the rows of that side with
        the code. Empty when all match. A missing code in the table never matches.
    """
    _check_name("column", on, table.columns)
    sides = {"boundaries": (regions["code"], table[on]), "table": (table[on], regions["code"])}
    lists = []
    for side, (codes, others) in sides.items():
        lone = codes[~codes.isin(others) | codes.isna()]
        counts = lone.value_counts(dropna=False, sort=False).rename_axis("code")
        lists.append(counts.reset_index(name="n").assign(side=side))
    return pd.concat(lists, ignore_index=True)[["side", "code", "n"]]


def join_regions(regions, table, *, on, unmatched="raise"):
    """Attach a table to the boundaries, keeping every area.

    Parameters
    ----------
    regions : geopandas.GeoDataFrame
        From `read_regions`.
    table : pandas.DataFrame
        One or more rows per area; columns named as in `regions` get the suffix `_table`.
    on : str
        Column of `table` with INSEE codes as text.
    unmatched : {"raise", "keep"}
        What codes without a boundary do: raise an InputError that names them, or stay
        as last rows, without geometry.

    Returns
    -------
    geopandas.GeoDataFrame
        Areas without a row in `table` have missing values (`match_regions` lists them).
    """
    _check_name("unmatched", unmatched, ("raise", "keep"))
    lost = match_regions(regions, table, on).query("side == 'table'")
    if len(lost) and unmatched == "raise":
        raise InputError(_describe_unmatched(lost, on, regions["code"]))
    right = table.rename(columns={name: f"{name}_table" for name in table if name in regions})
    right = right.rename(columns={on: "code", f"{on}_table": "code"})
    known = right["code"].isin(regions["code"])
    matched = right[known].astype({"code": regions["code"].dtype})
    joined = regions.merge(matched, how="left", on="code")
    return joined if known.all() else pd.concat([joined, right[~known]], ignore_index=True)


def read_crosswalk(source, target):
    """Read which code of one vintage goes into which code of another.

    Parameters
    ----------
    source, target : {"departements", "regions-2015", "regions-2016", "zones-2015"}
        Vintages; "regions-2015" are the 22 metropolitan regions before 2016.

    Returns
    -------
    pandas.DataFrame
        One row per source code: `source`, `target`. Asking to split a source area
        raises an InputError.
    """
    for role, vintage in (("source", source), ("target", target)):
        _check_name(role, vintage, VINTAGES)
    try:
        table = pd.read_csv(find_root() / "shapefiles" / "crosswalk.csv", dtype=str)
        pairs = table[[VINTAGES[source], VINTAGES[target]]].set_axis(["source", "target"], axis=1)
    except (OSError, ValueError, KeyError):
        raise InputError("shapefiles/crosswalk.csv: missing or damaged.") from None
    pairs = pairs.drop_duplicates().sort_values("source", ignore_index=True)
    split = sorted(pairs.loc[pairs["source"].duplicated(), "source"].unique())
    if split:
        raise InputError(
            f"{source} cannot be turned into {target}: {len(split)} codes would be split "
            f"({', '.join(split)}). Only merges are exact."
        )
    return pairs


def recode_regions(codes, source, target):
    """Recode one vintage into another that merges it; missing codes stay missing.

    For respondents or counts, to be recoded and then summed. Medians, means and rates
    of the source areas may not be merged: compute them again from the respondents.

    Parameters
    ----------
    codes : pandas.Series
        INSEE codes as text.
    source, target : str
        Vintages, as in `read_crosswalk`. Codes foreign to `source`, or a target
        that splits it, raise an InputError.
    """
    pairs = read_crosswalk(source, target).set_index("source")["target"]
    unknown = codes[codes.notna() & ~codes.isin(pairs.index)]
    if len(unknown):
        counts = unknown.value_counts(sort=False).rename_axis("code").reset_index(name="n")
        raise InputError(_describe_unmatched(counts, codes.name or "codes", pairs.index))
    return codes.map(pairs)


def find_neighbours(regions):
    """List the areas that share a border; a common point or the sea is none.

    Returns
    -------
    pandas.DataFrame
        `code`, `neighbour`, `border_km` (of the simplified line), both ways round. An
        island has no row; zone "93+94" has the mainland's neighbours.
    """
    shapes, codes = regions.geometry.array, regions["code"].to_numpy()
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = pd.DataFrame({"code": codes[first], "neighbour": codes[second]})
    borders = shapely.intersection(shapes[first], shapes[second])
    pairs["border_km"] = (shapely.length(borders) / 1000).round(3)
    pairs = pairs[(first != second) & (pairs["border_km"] > 0)]
    return pairs.sort_values(["code", "neighbour"], ignore_index=True)


def _check_name(role, value, valid):
    if value not in tuple(valid):
        raise InputError(f"{role} {value!r} is unknown; valid: {', '.join(map(str, valid))}.")


def _describe_unmatched(lost, column, valid):
    codes, valid = lost["code"].tolist(), sorted(valid)
    shown = ", ".join([repr(code) for code in codes[:10]] + ["…"] * (len(codes) > 10))
    listed = ", ".join(valid if len(valid) <= 25 else [*valid[:3], "…", *valid[-2:]])
    hint = ""
    if any(not isinstance(code, str) and pd.notna(code) for code in codes):
        hint = " Codes are text with leading zeros: read the column with dtype=str."
    elif any(str(code).zfill(2) in valid for code in codes):
        hint = " A leading zero was lost: read the column with dtype=str."
    return (
        f"Column {column!r}: {len(codes)} codes in {lost['n'].sum()} rows are unknown: {shown}. "
        f"Valid: {listed}.{hint}"
    )
