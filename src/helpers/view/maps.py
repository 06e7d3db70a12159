"""Choropleths of the zones, with significance marks and every state of a missing number."""

import textwrap
from dataclasses import dataclass
from itertools import pairwise

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import shapely
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path
from matplotlib.patheffects import withStroke

from helpers.data.language import message, tr
from helpers.data.regions import join_regions
from helpers.stats.disclosure import CONFIDENTIAL
from helpers.view.hover import add_target
from helpers.view.palette import GREY, INK, STATES
from helpers.view.scales import Scale, find_scale
from helpers.view.sentences import describe_estimate

_MARKS = {
    "higher": ("▲", message("Significantly higher than {against}")),
    "lower": ("▼", message("Significantly lower than {against}")),
}
_MARKERS = {"▲": "^", "▼": "v", "*": "$*$"}


@dataclass(frozen=True)
class LegendEntry:
    """One line of a legend: a swatch (`fill`, `hatch`) or a `sign`, and its words."""

    label: str
    fill: str = ""
    hatch: str = ""
    sign: str = ""


@dataclass(frozen=True)
class MapLayout:
    """How each region of a map looks.

    Attributes
    ----------
    areas : geopandas.GeoDataFrame
        The boundaries with the estimates, and `state` ("" where there is a
        number), `fill` (colour), `hatch` (of matplotlib), `label`
        (value and mark) and `spot` (where it is written, in map units).
    legend : list of LegendEntry
    """

    areas: gpd.GeoDataFrame
    legend: list[LegendEntry]


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
            return [round(float(step * edge), 10) for edge in np.arange(low, high + 1)]
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
    layout = lay_out_map(regions, estimates, breaks=breaks, readings=readings)
    outlines = [_outline(shape) for shape in layout.areas.geometry]
    for area, outline in zip(layout.areas.itertuples(), outlines, strict=True):
        look = {"facecolor": area.fill, "hatch": area.hatch or None, "edgecolor": GREY}
        # add_patch would look for the limits along every segment; the bounds are known.
        ax.add_artist(PathPatch(outline, **look, linewidth=0.6, gid=f"region-{area.code}"))
    for (_, area), outline in zip(layout.areas.iterrows(), outlines, strict=True):
        add_target(ax, outline, _describe(area))
    borders = Path.make_compound_path(*outlines)
    ax.add_artist(PathPatch(borders, fill=False, edgecolor="#555555", linewidth=0.6, zorder=3))
    ax.update_datalim(layout.areas.total_bounds.reshape(2, 2))
    ax.set_aspect("equal")
    ax.autoscale_view()
    _write_labels(ax, layout.areas)
    ax.set_title(title, loc="left", fontsize=12, color=INK)
    ax.set_axis_off()
    handles = [_handle(entry) for entry in layout.legend]
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


def lay_out_map(
    regions: gpd.GeoDataFrame,
    estimates: pd.DataFrame,
    *,
    breaks: list[float],
    readings: pd.DataFrame | None = None,
    against: str = "",
) -> MapLayout:
    """Decide how each region of a map looks, whatever draws it.

    Parameters
    ----------
    regions, estimates, breaks, readings
        As in `draw_map`.
    against : str
        What the marks compare a region with, as the legend says it; the rest by default.

    Returns
    -------
    MapLayout

    Raises
    ------
    InputError
        If an estimate has a region code that is not in the boundaries.
    """
    scale = find_scale(estimates)
    table = estimates.rename(columns={"domain": "code"})
    areas = join_regions(regions, table, on="code")
    areas["state"] = areas["reliability"].where(areas["estimate"].isna(), "")
    if readings is not None:
        approximate = areas["code"].isin(readings["domain"]) & areas["estimate"].isna()
        areas.loc[approximate, "state"] = "reading"
    colours = class_colours(breaks)
    # Estimates are classed as they are written: a whole percentage, a score to one decimal.
    written = areas["estimate"].round(scale.printed)
    classes = np.searchsorted(breaks, written + 1e-9, side="right") - 1
    classes = np.clip(classes, 0, len(colours) - 1)
    looks = [
        STATES[state][:2] if state else (colours[rank], "")
        for state, rank in zip(areas["state"], classes, strict=True)
    ]
    areas["fill"], areas["hatch"] = zip(*looks, strict=True)
    areas["label"] = [_label(area, readings, scale) for _, area in areas.iterrows()]
    areas["spot"] = [find_spot(shape) for shape in areas.geometry]
    return MapLayout(areas, _legend_entries(areas, breaks, colours, scale, against))


def _describe(area) -> str:
    """Name, value with interval and base or state, and mark of an area."""
    if not isinstance(area["reliability"], str):
        return area["name"]
    if area["state"] == "reading":
        words = STATES["reading"][2]
        return "\n".join([area["name"], area["label"].replace("\n", " "), tr(words)])
    lines = [area["name"], describe_estimate(area)]
    if area["mark"] in _MARKS:
        words = _MARKS[area["mark"]][1]
        lines.append(tr(words, against=tr("the rest")))
    return "\n".join(lines)


def class_colours(breaks: list[float]) -> list[str]:
    """ColorBrewer YlGnBu: sequential, readable in grey (Harrower and Brewer 2003)."""
    import seaborn  # here: it takes long to import, and a command may draw nothing

    return [to_hex(colour) for colour in seaborn.color_palette("YlGnBu", len(breaks) - 1)]


def find_spot(shape) -> tuple[float, float]:
    """A point inside the largest part of an area."""
    largest = max(getattr(shape, "geoms", [shape]), key=lambda part: part.area)
    spot = largest.representative_point()
    return spot.x, spot.y


def draw_areas(areas: gpd.GeoDataFrame, ax, **look) -> None:
    """Draw areas as `GeoDataFrame.plot` does, which then would draw the whole figure each time.

    Parameters
    ----------
    areas : geopandas.GeoDataFrame
    ax : matplotlib.axes.Axes
    **look
        As of `geopandas.GeoDataFrame.plot`.
    """
    canvas = ax.figure.canvas
    FigureCanvasBase(ax.figure)  # takes the place of the canvas, and draws nothing
    areas.plot(ax=ax, **look)
    ax.figure.set_canvas(canvas)


def _outline(area) -> Path:
    """All rings of an area as one path."""
    rings = shapely.get_rings(shapely.get_parts(area))
    return Path.make_compound_path(*(Path(shapely.get_coordinates(ring)) for ring in rings))


def _write_labels(ax, areas) -> None:
    """Value and mark of each area."""
    halo = [withStroke(linewidth=2.5, foreground="white")]
    for area in areas[areas["label"] != ""].itertuples():
        ax.annotate(
            area.label, area.spot, ha="center", va="center", fontsize=9.5, color=INK,
            path_effects=halo, zorder=5,
        )  # fmt: skip


def _label(area, readings, scale: Scale) -> str:
    """Value and mark; a score goes without its "/ 10", which the legend gives."""
    sign = scale.sign if scale.is_share else ""
    if area["state"] == "reading":
        reading = readings[readings["domain"] == area["code"]].iloc[0]
        dated = "" if reading["year"] == area["wave"] else f"\n({reading['year']})"
        return f"≈ {scale.number(reading['value'])}{sign}{dated}"
    if area["state"]:
        return ""
    mark = _MARKS[area["mark"]][0] + " " if area["mark"] in _MARKS else ""
    care = "*" if area["reliability"] == "warn" else ""
    return f"{mark}{scale.number(area['estimate'])}{sign}{care}"


def _legend_entries(areas, breaks, colours, scale: Scale, against: str) -> list[LegendEntry]:
    entries = []
    if areas["estimate"].notna().any():
        entries += [
            LegendEntry(
                tr("{low} to {high}", low=scale.number(low), high=scale.write(high)), fill=colour
            )
            for colour, (low, high) in zip(colours, pairwise(breaks), strict=True)
        ]
    for state in [state for state in STATES if (areas["state"] == state).any()]:
        fill, hatch, label = STATES[state]
        if state == "suppress" and (areas["reason"] == tr(CONFIDENTIAL)).any():
            label = message("Asked, withheld: too uncertain or confidential")
        count = (areas["state"] == state).sum()
        words = tr("{label} ({count} of {total})", label=tr(label), count=count, total=len(areas))
        entries.append(LegendEntry(words, fill=fill, hatch=hatch))
    if ((areas["reliability"] == "warn") & areas["estimate"].notna()).any():
        entries.append(LegendEntry(tr("With care"), sign="*"))
    for mark in [mark for mark in _MARKS if (areas["mark"] == mark).any()]:
        sign, label = _MARKS[mark]
        entries.append(LegendEntry(tr(label, against=against or tr("the rest")), sign=sign))
    return entries


def _handle(entry: LegendEntry) -> Patch | Line2D:
    if entry.sign:
        marker = _MARKERS[entry.sign]
        return Line2D([], [], marker=marker, color=INK, linestyle="", label=entry.label)
    return Patch(facecolor=entry.fill, hatch=entry.hatch or None, edgecolor=GREY, label=entry.label)
