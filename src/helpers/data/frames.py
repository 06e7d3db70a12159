"""Frames: official population counts, by the twelve zones of the studies."""

from pathlib import Path

import pandas as pd

from helpers.data.csvfile import read_text_table
from helpers.data.errors import InputError
from helpers.data.regions import recode_regions
from helpers.data.root import find_root


def read_frame(frame: str, *, root: Path | None = None) -> pd.DataFrame:
    """Read one frame, summed to the study's zones.

    Parameters
    ----------
    frame : str
        Name of the frame, e.g. ``"communes_by_population_class"``.
    root : pathlib.Path, optional
        Root of the collection.

    Returns
    -------
    pandas.DataFrame
        Counts: one row per zone (`region`), one column per class.

    Raises
    ------
    InputError
        If the file is missing or has no such frame.
    """
    path = (root or find_root()) / "data" / "frames" / "population.csv"
    counts = read_text_table(path, ["region_code", "frame", "class", "value"])
    counts["value"] = pd.to_numeric(counts["value"], errors="coerce")
    if counts["value"].isna().any():
        raise InputError(
            f"population.csv: column value: {counts['value'].isna().sum()} not numbers."
        )
    known = list(counts["frame"].drop_duplicates())
    if frame not in known:
        raise InputError(f"{frame!r} is not a frame; valid are {', '.join(known)}.")
    counts = counts[counts["frame"] == frame]
    region = recode_regions(counts["region_code"], "regions-2016", "zones-2015")
    order = list(counts["class"].drop_duplicates())
    table = counts.assign(region=region).pivot_table(
        index="region", columns="class", values="value", aggfunc="sum"
    )
    return table[order]
