"""Indicators: objective regional statistics to set beside the perceived fragilities."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from helpers.data.contracts import check_contract
from helpers.data.csvfile import read_text_table
from helpers.data.errors import InputError
from helpers.data.filecache import FileCache, stamp_files
from helpers.data.fragilities import read_fragilities
from helpers.data.language import tr, write_list
from helpers.data.regions import recode_regions
from helpers.data.root import find_root

REGIONS = ["11", "24", "27", "28", "32", "44", "52", "53", "75", "76", "84", "93", "94"]
_TEXT = pa.Column(str, pa.Check.str_length(min_value=1))
_KEY = ["indicator", "year"]
_tables = FileCache(limit=4)

DICTIONARY_SCHEMA = pa.DataFrameSchema(
    {
        "indicator": pa.Column(str, pa.Check.str_matches(r"^[a-z0-9_]+$"), unique=True),
        "fragility": pa.Column(str),
        "label_en": _TEXT,
        "label_fr": _TEXT,
        "unit": _TEXT,
        "direction": pa.Column(str, pa.Check.isin(["+", "-", "0"])),
        "confidence": pa.Column(str, pa.Check.isin(["A", "B", "C", "B / A"])),
        "base": pa.Column(str, pa.Check.isin(["inhabitants", "area", ""])),
        "refusal": pa.Column(str),
        "caution": pa.Column(str),
    },
    checks=[
        pa.Check(
            lambda table: (table["base"] == "") == (table["refusal"] != ""),
            name="an indicator without a base says why it is not merged",
        )
    ],
    strict=True,
    coerce=True,
)
VALUES_SCHEMA = pa.DataFrameSchema(
    {
        "region_code": pa.Column(str, pa.Check.isin(REGIONS)),
        "region": _TEXT,
        "fragility": pa.Column(str),
        "indicator": _TEXT,
        "value": pa.Column(float, nullable=True),
        "unit": _TEXT,
        "year": pa.Column(int, pa.Check.in_range(2000, 2030)),
        "source": _TEXT,
        "retrieved_from": _TEXT,
        "note": pa.Column(str),
    },
    checks=[
        pa.Check(
            lambda table: table["value"].notna() | table["note"].str.startswith("GAP"),
            name="a missing value says why in the note",
        )
    ],
    unique=["indicator", "year", "region_code"],
    strict=True,
    coerce=True,
)


def read_indicators(*, root: Path | None = None) -> pd.DataFrame:
    """Read the regional indicators, for the 13 metropolitan regions of 2016.

    Parameters
    ----------
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    pandas.DataFrame
        One row per indicator, year and region: `region_code`, `region`,
        `fragility` it stands beside ("" for context), `indicator`, `value` in
        `unit`, `year`, `source`, `retrieved_from`, `note`, and from the
        dictionary `label_en`, `label_fr`, `direction` (``+`` a higher value is
        more fragile, ``-`` less, ``0`` neither), `confidence` (A published by
        region, B summed from smaller areas, C aggregated by a third party, old
        or weak), `base` for merging ("" for none), `refusal` and `caution`.

    Raises
    ------
    InputError
        If a file is missing, damaged or breaks its contract, or the two files
        disagree on their indicators.
    """
    root = root or find_root()
    folder = root / "data" / "indicators"
    values, dictionary = folder / "regions.csv", folder / "indicators.csv"
    key = stamp_files(values, dictionary, root / "data" / "surveys" / "fragilities.yaml")
    return _tables.get(key, lambda: _join(values, dictionary, root)).copy(deep=False)


def _join(values: Path, dictionary: Path, root: Path) -> pd.DataFrame:
    """Values of the indicators with what the dictionary says of each."""
    values, dictionary = _read(values, VALUES_SCHEMA), _read(dictionary, DICTIONARY_SCHEMA)
    known = {*read_fragilities(root=root)["fragility"], ""}
    unknown = sorted(set(dictionary["fragility"]) - known)
    if unknown:
        raise InputError(f"indicators.csv: column fragility: unknown: {', '.join(unknown)}.")
    for one, other, name in (
        (values, dictionary, "indicators.csv: no row for"),
        (dictionary, values, "regions.csv: no value of"),
    ):
        lost = sorted(set(one["indicator"]) - set(other["indicator"]))
        if lost:
            raise InputError(f"{name} {', '.join(lost)}.")
    shared = ["indicator", "fragility", "unit"]
    pairs = values[shared].drop_duplicates().merge(dictionary[shared], how="left", indicator=True)
    odd = pairs.loc[pairs["_merge"] != "both", "indicator"].tolist()
    if odd:
        raise InputError(f"regions.csv: fragility or unit unlike indicators.csv: {', '.join(odd)}.")
    return values.merge(dictionary, on=shared, how="left")


def merge_zones(indicators: pd.DataFrame, *, root: Path | None = None) -> pd.DataFrame:
    """Turn the 13 regions into the 12 zones of the studies, where that can be done.

    Parameters
    ----------
    indicators : pandas.DataFrame
        From `read_indicators`.
    root : pathlib.Path, optional
        Root of the collection.

    Returns
    -------
    pandas.DataFrame
        One row per indicator, year and zone: `region` (zone code), `value`,
        `merge` (how a merged value was made; "" for one region) and `reason`
        (why there is no value; "" if there is one), with the columns that
        describe the indicator.

    Raises
    ------
    InputError
        If an indicator and year lacks a region.

    Notes
    -----
    A share or a rate of the pair of regions is the mean of the two weighted by
    their base: inhabitants of the nearest year at hand, or area. Medians,
    ratios of deciles and whatever has a base nobody counted by region here
    have no value for that zone.
    """
    counts = indicators.groupby(_KEY)["region_code"].nunique()
    short = counts[counts != len(REGIONS)]
    if len(short):
        raise InputError(
            f"indicators: {len(short)} indicator-years without all {len(REGIONS)} regions: "
            f"{', '.join(f'{name} {year}' for name, year in short.index[:5])}."
        )
    zone = recode_regions(indicators["region_code"], "regions-2016", "zones-2015")
    table = indicators.assign(region=zone).rename(columns={"note": "reason"}).assign(merge="")
    table["reason"] = table["reason"].where(table["value"].isna(), "")
    shared = table.duplicated([*_KEY, "region"], keep=False)
    bases = _read_bases(root)
    groups = table[shared].groupby([*_KEY, "region"], sort=False)
    pairs = [_merge_areas(rows, bases) for _, rows in groups]
    columns = ["indicator", "year", "region", "fragility", "label_en", "label_fr", "value", "unit",
               "direction", "confidence", "merge", "reason", "caution", "source"]  # fmt: skip
    merged = pd.concat([table[~shared], pd.DataFrame(pairs)])[columns]
    order = {name: place for place, name in enumerate(indicators["indicator"].drop_duplicates())}
    return merged.sort_values(
        ["indicator", "year", "region"],
        key=lambda values: values.map(order) if values.name == "indicator" else values,
        ignore_index=True,
    )


def pool_regions(
    indicators: pd.DataFrame, codes: Sequence[str], *, root: Path | None = None
) -> pd.DataFrame:
    """Merge some of the 13 regions into one value per indicator and year.

    Parameters
    ----------
    indicators : pandas.DataFrame
        From `read_indicators`.
    codes : sequence of str
        Codes of the regions to merge.
    root : pathlib.Path, optional
        Root of the collection.

    Returns
    -------
    pandas.DataFrame
        One row per indicator and year, indexed by both: `value`, `merge` (how
        it was made) and `reason` (why there is none).

    Raises
    ------
    InputError
        If a code is no region, or none is given.

    Notes
    -----
    As `merge_zones`: means weighted by inhabitants or area, or refused. The
    whole of metropolitan France is all 13, so without overseas regions.
    """
    unknown = sorted(set(codes) - set(REGIONS))
    if unknown or not codes:
        raise InputError(
            f"{len(unknown)} codes are no region: {', '.join(unknown) or 'none given'}."
        )
    bases = _read_bases(root)
    rows = indicators[indicators["region_code"].isin(codes)].rename(columns={"note": "reason"})
    rows["reason"] = rows["reason"].where(rows["value"].isna(), "")
    if len(codes) == 1:
        return rows.assign(merge="").set_index(_KEY)[["value", "merge", "reason"]]
    pairs = [_merge_areas(group.assign(merge=""), bases) for _, group in rows.groupby(_KEY)]
    return pd.DataFrame(pairs).set_index(_KEY)[["value", "merge", "reason"]]


def select_indicators(
    table: pd.DataFrame, fragility: str, *, wave: str, indicator: str = ""
) -> pd.DataFrame:
    """Keep the indicators of one fragility, each in the year nearest to a wave.

    Parameters
    ----------
    table : pandas.DataFrame
        From `read_indicators` or `merge_zones`.
    fragility : str
    wave : str
        A year; any other name, such as ``"demo"``, takes the latest year.
    indicator : str
        Keep this one alone; empty for all of the fragility.

    Returns
    -------
    pandas.DataFrame
        Empty if the fragility has no indicator. Of two years as near, the earlier.

    Raises
    ------
    InputError
        If the indicator is not one of the fragility; says which are.
    """
    rows = table[table["fragility"] == fragility]
    known = rows["indicator"].drop_duplicates().tolist()
    if indicator and indicator not in known:
        raise InputError(
            f"indicator {indicator!r} is not one of {fragility}; valid are "
            f"{', '.join(known) or 'none'}."
        )
    rows = rows[rows["indicator"] == indicator] if indicator else rows
    target = int(wave) if wave.isdigit() else rows["year"].max()
    distance = (rows["year"] - target).abs()
    near = rows[distance == distance.groupby(rows["indicator"]).transform("min")]
    first = near.groupby("indicator")["year"].transform("min")
    return near[near["year"] == first].reset_index(drop=True)


def rank_fragility(table: pd.DataFrame) -> pd.DataFrame:
    """Rank the territories of each indicator and year, 1 for the most fragile.

    Parameters
    ----------
    table : pandas.DataFrame
        `indicator`, `year`, `direction` and `value`, one row per territory.

    Returns
    -------
    pandas.DataFrame
        A copy with `rank` (ties share their mean rank; missing without a value
        or a direction) and `ranked`, how many territories are ranked.
    """
    sign = table["direction"].map({"+": -1.0, "-": 1.0, "0": float("nan")})
    keys = [table[name] for name in _KEY]
    rank = (sign * table["value"]).groupby(keys).rank()
    return table.assign(rank=rank, ranked=rank.groupby(keys).transform("count").astype(int))


def _read(path: Path, schema: pa.DataFrameSchema) -> pd.DataFrame:
    table = read_text_table(path, list(schema.columns))
    if "value" in table:
        table["value"] = pd.to_numeric(table["value"].replace("", "nan"), errors="coerce")
    return check_contract(table[list(schema.columns)], schema, name=path.name)


def _merge_areas(rows: pd.DataFrame, bases: dict) -> pd.Series:
    """One row for the regions of one zone."""
    first = rows.iloc[0].copy()
    missing = rows[rows["value"].isna()]
    if first["base"] == "" or len(missing):
        first["value"] = float("nan")
        refusal = first["refusal"]
        first["reason"] = tr(refusal) or missing["reason"].iloc[0]
        return first
    year = min(bases[first["base"]], key=lambda known: abs(known - first["year"]))
    weights = bases[first["base"]][year][rows["region_code"]].to_numpy()
    first["value"] = (rows["value"] * weights).sum() / weights.sum()
    pair = write_list(list(rows["region_code"]))
    first["merge"] = (
        tr("{regions} weighted by inhabitants of {year}", regions=pair, year=year)
        if first["base"] == "inhabitants"
        else tr("{regions} weighted by area", regions=pair)
    )
    return first


def _read_bases(root: Path | None) -> dict[str, dict[int, pd.Series]]:
    """Base to year to counts by region code; areas stand for every year."""
    root = root or find_root()
    population, areas = root / "data/frames/population.csv", root / "shapefiles/areas.csv"
    key = ("bases", *stamp_files(population, areas))
    return _tables.get(key, lambda: _count_bases(population, areas))


def _count_bases(population: Path, areas: Path) -> dict[str, dict[int, pd.Series]]:
    counts = read_text_table(population, ["region_code", "frame", "value", "year"])
    counts = counts[counts["frame"].str.startswith("population_total")]
    inhabitants = {
        int(year): rows.set_index("region_code")["value"].astype(float)
        for year, rows in counts.groupby("year")
    }
    area = read_text_table(areas, ["code", "area_km2"]).set_index("code")["area_km2"]
    return {"inhabitants": inhabitants, "area": {0: area.astype(float)}}
