"""Vintages of the French territories, and the codes each has."""

import csv
from pathlib import Path

from helpers.data.errors import InputError
from helpers.data.root import find_root

VINTAGES = {
    "departements": "departement",
    "regions-2015": "region_2015",  # the 22 regions before 2016
    "regions-2016": "region_2016",
    "zones-2015": "zone_2015",
}


def list_codes(vintage: str, *, root: Path | None = None) -> list[str]:
    """Codes of one vintage, sorted, from `shapefiles/crosswalk.csv`.

    Parameters
    ----------
    vintage : {"departements", "regions-2015", "regions-2016", "zones-2015"}
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    list of str

    Raises
    ------
    InputError
        If the table is missing or damaged.
    """
    path = (root or find_root()) / "shapefiles" / "crosswalk.csv"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return sorted({row[VINTAGES[vintage]] for row in csv.DictReader(file)})
    except (OSError, ValueError, KeyError):
        raise InputError("shapefiles/crosswalk.csv: missing or damaged.") from None
