"""Choropleths of the zones, with significance marks and every state of a missing number."""

import textwrap
from itertools import pairwise

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke

from helpers.data.regions import join_regions
from helpers.view.palette import GREY, INK, STATES
from helpers.view.scales import Scale, find_scale

_MARKS = {
    "higher": ("▲", "^", "Significantly higher than the rest"),
    "lower": ("▼", "v", "Significantly lower than the rest"),
}


def find_breaks(*estimates: pd.DataFrame, step: float | None = None, most: int = 6) -> list[float]:
    """Round class breaks that serve several maps, so that they can be compared.

    Parameters
    ----------
    *estimates : pandas.DataFrame
        Estimate tables, all of one unit, that will be mapped together.
    step : float, optional
        Width of a class, in the unit of the estimates; doubled until there are
        at most `most` classes. By default 0.1 of shares, 0.5 of scores.
    most : int
        Greatest number of classes.

    Returns
    -------
    list of float
        Ascending breaks that hold every estimate.

    Raises
    ------
    InputError
        If the tables mix shares and scores.
    """
    scale = find_scale(*estimates)
    step = step or scale.step
    values = pd.concat([table["estimate"] for table in estimates]).dropna().round(scale.printed)
    if values.empty:
        return [0.0, scale.top]
    while True:
        low = np.floor(values.min() / step + 1e-9)
        high = max(np.ceil(values.max() / step - 1e-9), low + 1)
        if high - low <= most:
            return [round(step * edge, 10) for edge in np.arange(low, high + 1)]
        step *= 2


def draw_map(
    regions: gpd.GeoDataFrame,
    estimates: pd.DataFrame,
    *,
    breaks: list[float],
    title: str,
    note: str = "",
    readings: pd.DataFrame | None = None,
    ax=None,
):
    """Draw one answer by region.

    Parameters
    ----------
    regions : geopandas.GeoDataFrame
        Boundaries with `code`.
    estimates : pandas.DataFrame
        Estimate table of one answer by region, one row per region.
    breaks : list of float
        Class breaks, in the unit of the estimates, from `find_breaks`.
    title : str
    note : str
        Printed under the legend: the rule by which regions are marked.
    readings : pandas.DataFrame, optional
        Approximate or ambiguous readings (`domain`, `value`, `year`), placed
        on regions without a number as such.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputError
        If an estimate has a region code that is not in the boundaries.
    """
    ax = ax or plt.subplots(figsize=(7, 7.4))[1]
    scale = find_scale(estimates)
    table = estimates.rename(columns={"domain": "code"})
    areas = join_regions(regions, table, on="code")
    areas["state"] = areas["reliability"].where(areas["estimate"].isna(), "")
    if readings is not None:
        approximate = areas["code"].isin(readings["domain"]) & areas["estimate"].isna()
        areas.loc[approximate, "state"] = "reading"
    colours = _class_colours(breaks)
    # Estimates are classed as they are written: a whole percentage, a score to one decimal.
    written = areas["estimate"].round(scale.printed)
    classes = np.searchsorted(breaks, written + 1e-9, side="right") - 1
    classes = np.clip(classes, 0, len(colours) - 1)
    for (_, area), rank in zip(areas.iterrows(), classes, strict=True):
        fill, hatch = (colours[rank], None) if not area["state"] else STATES[area["state"]][:2]
        shape = gpd.GeoSeries([area.geometry], crs=areas.crs)
        shape.plot(ax=ax, facecolor=fill, hatch=hatch, edgecolor=GREY, linewidth=0.6)
    regions.boundary.plot(ax=ax, color="#555555", linewidth=0.6, zorder=3)
    _write_labels(ax, areas, readings, scale)
    ax.set_title(title, loc="left", fontsize=12, color=INK)
    ax.set_axis_off()
    handles = _legend_handles(areas, breaks, colours, scale)
    ax.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(0.0, 0.03), ncol=2, frameon=False,
        fontsize=8.5, handleheight=1.2,
    )  # fmt: skip
    ax.annotate(
        textwrap.fill(note, 105), (0.02, 0.03), xycoords="axes fraction",
        xytext=(0, -14 - 15 * -(-len(handles) // 2)), textcoords="offset points", fontsize=7,
        color=INK, va="top", annotation_clip=False,
    )  # fmt: skip
    return ax


def _class_colours(breaks: list[float]) -> list:
    """ColorBrewer YlGnBu: sequential, readable in grey (Harrower and Brewer 2003)."""
    return seaborn.color_palette("YlGnBu", len(breaks) - 1)


def _write_labels(ax, areas, readings, scale: Scale) -> None:
    """Value and mark of each area, at a point inside its largest part."""
    halo = [withStroke(linewidth=2.5, foreground="white")]
    for _, area in areas.iterrows():
        largest = max(getattr(area.geometry, "geoms", [area.geometry]), key=lambda part: part.area)
        spot = largest.representative_point()
        text = _label(area, readings, scale)
        if text:
            ax.annotate(
                text, (spot.x, spot.y), ha="center", va="center", fontsize=9.5, color=INK,
                path_effects=halo, zorder=5,
            )  # fmt: skip


def _label(area, readings, scale: Scale) -> str:
    """Value and mark; a score goes without its "/ 10", which the legend gives."""
    sign = scale.sign if scale.sign == "%" else ""
    if area["state"] == "reading":
        reading = readings[readings["domain"] == area["code"]].iloc[0]
        dated = "" if reading["year"] == area["wave"] else f"\n({reading['year']})"
        return f"≈ {scale.number(reading['value'])}{sign}{dated}"
    if area["state"]:
        return ""
    mark = _MARKS[area["mark"]][0] + " " if area["mark"] in _MARKS else ""
    care = "*" if area["reliability"] == "warn" else ""
    return f"{mark}{scale.number(area['estimate'])}{sign}{care}"


def _legend_handles(areas, breaks, colours, scale: Scale) -> list:
    handles = []
    if areas["estimate"].notna().any():
        handles += [
            Patch(
                facecolor=colour,
                edgecolor=GREY,
                label=f"{scale.number(low)} to {scale.write(high)}",
            )
            for colour, (low, high) in zip(colours, pairwise(breaks), strict=True)
        ]
    shown = [state for state in STATES if (areas["state"] == state).any()]
    for state in shown:
        fill, hatch, label = STATES[state]
        count = (areas["state"] == state).sum()
        handles.append(
            Patch(
                facecolor=fill,
                hatch=hatch,
                edgecolor=GREY,
                label=f"{label} ({count} of {len(areas)})",
            )
        )
    if ((areas["reliability"] == "warn") & areas["estimate"].notna()).any():
        handles.append(Line2D([], [], marker="$*$", color=INK, linestyle="", label="With care"))
    for mark in [mark for mark in _MARKS if (areas["mark"] == mark).any()]:
        _, marker, label = _MARKS[mark]
        handles.append(Line2D([], [], marker=marker, color=INK, linestyle="", label=label))
    return handles
