"""Which regions are similar: distances between profiles of objective indicators."""

from pathlib import Path

import numpy as np
import pandas as pd

from helpers.data.indicators import merge_zones, read_indicators

# What similar means here: wealth, poverty, age, remoteness, built-up land; latest year of each.
PROFILE = (
    "gdp_per_capita",
    "poverty_rate_60",
    "share_75_plus",
    "pop_over_20min_from_a_health_service_share",
    "artificialised_land_share",
)
NEAREST = 3


def measure_similarity(*, nearest: int = NEAREST, root: Path | None = None) -> pd.DataFrame:
    """Measure how far apart the profiles of the twelve zones are.

    Parameters
    ----------
    nearest : int
        How many zones count as similar to each.
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    pandas.DataFrame
        One row per ordered pair of zones, nearest first: `region`, `other`,
        `distance` (in standard deviations, per indicator on average), `nearest`
        (whether the other is among the similar ones).

    Notes
    -----
    The Euclidean distance between the z-scores of the indicators of `PROFILE`
    in their latest year, divided by the root of their number. The mean and the
    standard deviation of the z-scores are those of the twelve zones. The
    indicators are structural ones whose two southern regions can be merged; no
    answer of a survey enters, and another choice gives other families.
    """
    profile = read_profile(root=root)
    z = (profile - profile.mean()) / profile.std(ddof=0)
    values = z.to_numpy()
    squares = ((values[:, None, :] - values[None, :, :]) ** 2).mean(axis=2)
    table = pd.DataFrame(np.sqrt(squares), index=z.index, columns=z.index.rename("other"))
    table = table.stack().rename("distance").reset_index()
    table = table[table["region"] != table["other"]]
    table = table.sort_values(["region", "distance", "other"], ignore_index=True)
    return table.assign(nearest=table.groupby("region").cumcount() < nearest)


def read_profile(*, root: Path | None = None) -> pd.DataFrame:
    """Values of the indicators of `PROFILE`, latest year: a row per zone, a column per indicator.

    Parameters
    ----------
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    pandas.DataFrame
    """
    table = read_indicators(root=root)
    table = table[table["indicator"].isin(PROFILE)]
    latest = table["year"] == table.groupby("indicator")["year"].transform("max")
    zones = merge_zones(table[latest], root=root)
    profile = zones.pivot(index="region", columns="indicator", values="value")
    return profile[list(PROFILE)]
