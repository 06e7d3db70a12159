"""Frames: official population counts, by the twelve zones of the studies."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from helpers.data.codebook import REGION, Codebook, OfficialMargin
from helpers.data.csvfile import read_text_table
from helpers.data.errors import InputError
from helpers.data.language import message, tr
from helpers.data.mayors import read_mayors_frame
from helpers.data.regions import recode_regions
from helpers.data.register import read_register
from helpers.data.root import find_root

# The class of a frame that holds the sum of its other classes.
TOTAL = "total"

MAYORS = "data/frames/mayors.csv"
MAYORS_FRAMES = ("mayors_by_commune_band", "mayors_by_sex", "mayors_by_age")


@dataclass(frozen=True)
class FrameSource:
    """Where the counts of a frame come from, for print.

    Attributes
    ----------
    source : str
        Who counted, and who packaged the counts.
    edition : str
        Year of the counts, or the date of the register they were taken from.
    unit : str
        What is counted.
    note : str
        What to know before use; may be empty.
    """

    source: str
    edition: str
    unit: str
    note: str

    def describe(self) -> str:
        """Unit, edition and source in one phrase."""
        return tr(
            "{unit}, {edition}: {source}",
            unit=tr(self.unit), edition=tr(self.edition), source=tr(self.source),
        )  # fmt: skip


def read_frame(frame: str, *, root: Path | None = None) -> pd.DataFrame:
    """Read one frame, summed to the study's zones.

    Parameters
    ----------
    frame : str
        Name of the frame, e.g. ``"communes_by_population_class"``, or one of the
        register of mayors: ``"mayors_by_commune_band"``, ``"mayors_by_sex"``,
        ``"mayors_by_age"``.
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
    root = root or find_root()
    if frame in MAYORS_FRAMES:
        return _read_mayors(frame, root)
    counts = _select_counts(frame, root)
    region = recode_regions(counts["region_code"], "regions-2016", "zones-2015")
    order = list(counts["class"].drop_duplicates())
    table = counts.assign(region=region).pivot_table(
        index="region", columns="class", values="value", aggfunc="sum"
    )
    return table[order]


def read_target(codebook: Codebook, margin: str, *, root: Path | None = None) -> pd.Series:
    """Read the official counts that a margin of a survey is weighted to.

    Parameters
    ----------
    codebook : Codebook
    margin : str
        Id of one of its official margins.
    root : pathlib.Path, optional
        Root of the collection.

    Returns
    -------
    pandas.Series
        Counts above zero, named after the margin: on the levels of its domain variable,
        or on tuples of levels when it crosses two. The names of the index are the
        variables.

    Raises
    ------
    InputError
        If the codebook has no such margin, its frame does not exist or lacks a class, the
        levels leave a class of the frame out, the classes do not add up to the total the
        frame gives, or a zone of the frame is no level of the region.
    """
    item = codebook.margin(margin)
    counts = read_frame(item.frame, root=root)
    place = f"{codebook.survey}/codebook.yaml: margins: {margin}"
    counts = _gather(_without_total(counts, item.frame), item, place)
    if REGION in item.variables:
        known = codebook.variable(REGION).answer_ids
        foreign = [zone for zone in counts.index if zone not in known]
        if foreign:
            raise InputError(
                f"{place}: zones of the frame that are no level of {REGION}: {', '.join(foreign)}."
            )
        counts = counts.loc[[zone for zone in known if zone in counts.index]]
    if item.variables == [REGION]:
        target = counts.sum(axis=1)
    elif len(item.variables) == 1:
        target = counts.sum()
    else:
        target = counts.stack()
        target.index.names = [REGION, next(iter(set(item.variables) - {REGION}))]
        target = target.reorder_levels(item.variables)
    target = target[target > 0].astype(float).rename(margin)
    return target.rename_axis(item.variables if len(item.variables) > 1 else item.variables[0])


def read_source(frame: str, *, root: Path | None = None) -> FrameSource:
    """Read who counted a frame, when and what.

    Parameters
    ----------
    frame : str
        As in `read_frame`.
    root : pathlib.Path, optional
        Root of the collection.

    Returns
    -------
    FrameSource

    Raises
    ------
    InputError
        If there is no such frame.
    """
    root = root or find_root()
    if frame in MAYORS_FRAMES:
        row = read_register(root=root).set_index("file").loc[MAYORS]
        return FrameSource(row["citation"], row["edition"], message("mayors in office"), "")
    counts = _select_counts(frame, root)
    words = {
        name: "; ".join(counts[name].drop_duplicates())
        for name in ("source", "year", "unit", "note")
    }
    return FrameSource(words["source"], words["year"], words["unit"], words["note"])


def _select_counts(frame: str, root: Path) -> pd.DataFrame:
    path = root / "data" / "frames" / "population.csv"
    columns = ["region_code", "frame", "class", "value", "unit", "year", "source", "note"]
    counts = read_text_table(path, columns)
    counts["value"] = pd.to_numeric(counts["value"], errors="coerce")
    if counts["value"].isna().any():
        raise InputError(
            f"population.csv: column value: {counts['value'].isna().sum()} not numbers."
        )
    known = [*counts["frame"].drop_duplicates(), *MAYORS_FRAMES]
    if frame not in known:
        raise InputError(f"{frame!r} is not a frame; valid are {', '.join(known)}.")
    return counts[counts["frame"] == frame]


def _read_mayors(frame: str, root: Path) -> pd.DataFrame:
    counts = read_mayors_frame(root=root)
    if frame == "mayors_by_commune_band":
        bands = counts["commune_band"].drop_duplicates()
        table = counts.pivot(index="region", columns="commune_band", values="mayors")
        return table[bands.tolist()]
    zones = counts.groupby("region")[["mayors", "women", "aged_60_plus"]].sum()
    part = "women" if frame == "mayors_by_sex" else "aged_60_plus"
    rest = "men" if frame == "mayors_by_sex" else "under_60"
    return pd.DataFrame({part: zones[part], rest: zones["mayors"] - zones[part]})


def _without_total(counts: pd.DataFrame, frame: str) -> pd.DataFrame:
    """Drop the class that repeats the others, once it agrees with their sum."""
    if TOTAL not in counts or len(counts.columns) == 1:
        return counts
    classes = counts.drop(columns=TOTAL)
    off = counts[classes.sum(axis=1) != counts[TOTAL]]
    if len(off):
        zone = off.index[0]
        raise InputError(
            f"frame {frame}: the classes of {len(off)} zones do not add up to their total, the "
            f"first in {zone}: {classes.loc[zone].sum():,.0f} for {counts.loc[zone, TOTAL]:,.0f}."
        )
    return classes


def _gather(counts: pd.DataFrame, item: OfficialMargin, place: str) -> pd.DataFrame:
    """Add the classes of a frame up to the levels of a margin."""
    if not item.levels:
        return counts
    gathered = [name for classes in item.levels.values() for name in classes]
    unknown = [name for name in gathered if name not in counts]
    left = [name for name in counts if name not in gathered]
    for classes, problem in ((unknown, "not classes of"), (left, "in no level, classes of")):
        if classes:
            raise InputError(
                f"{place}: {problem} {item.frame}: {', '.join(classes)}; "
                f"it has {', '.join(counts.columns)}."
            )
    return pd.DataFrame({level: counts[names].sum(axis=1) for level, names in item.levels.items()})
