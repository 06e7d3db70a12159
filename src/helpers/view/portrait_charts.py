"""Charts of a portrait: one region beside its reference, and where it lies."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from helpers.data.language import tr, write_list
from helpers.data.places import Place
from helpers.view.maps import draw_areas
from helpers.view.palette import ACTORS, GREY, INK, PALE
from helpers.view.scales import find_scale

_REGION, _REFERENCE = "#D55E00", "#9ECAE1"


def draw_against(
    rows: pd.DataFrame,
    labels: dict[str, str],
    *,
    title: str,
    region: str,
    reference: str,
    colour: str = ACTORS["all"],
    ax=None,
):
    """Draw figures of one region, each with its interval, beside the reference.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows of one question from `helpers.stats.portraits.portray_region`;
        those without a number are left out.
    labels : dict
        Answer to its name, in drawing order.
    title : str
    region, reference : str
        Their names in the legend.
    colour : str
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
        Filled points differ significantly from the reference.
    """
    shown = rows[rows["estimate"].notna()].set_index("answer")
    names = [name for name in labels if name in shown.index]
    ax = ax or plt.subplots(figsize=(7, 0.36 * len(names) + 1.6))[1]
    scale = find_scale(rows)
    for place, name in enumerate(names):
        row = shown.loc[name]
        fill = colour if row["mark"] in ("higher", "lower") else "white"
        low, value, high = scale.factor * row[["ci_low", "estimate", "ci_high"]].astype(float)
        ax.hlines(place, low, high, color=colour, linewidth=2)
        ax.plot(value, place, "o", markersize=7, color=colour, markerfacecolor=fill,
                markeredgewidth=1.7)  # fmt: skip
        other = scale.factor * row["reference_estimate"]
        ax.plot(other, place, "|", markersize=14, color=INK, markeredgewidth=2)
        ax.annotate(
            scale.number(row["estimate"]), (max(high, other if pd.notna(other) else high), place),
            xytext=(6, 0), textcoords="offset points", va="center", fontsize=9, color=INK,
        )  # fmt: skip
    ax.set_yticks(range(len(names)), [labels[name] for name in names])
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.set_xlim(0, scale.factor * scale.top)
    ax.set_xlabel(scale.axis, fontsize=9)
    ax.set_title(title, loc="left", fontsize=12, color=INK)
    ax.tick_params(axis="y", length=0, labelsize=9.5)
    ax.tick_params(axis="x", labelsize=8.5)
    ax.grid(axis="x", color="#DDDDDD", linewidth=0.6)
    ax.set_axisbelow(True)
    ax.spines[["top", "right", "left"]].set_visible(False)
    _add_legend(ax, shown, region, reference, colour)
    return ax


def draw_location(regions, place: Place, codes: list[str], *, words: str, ax=None):
    """Draw where a region lies, and the regions it is compared with.

    Parameters
    ----------
    regions : geopandas.GeoDataFrame
        Boundaries of the 13 regions of 2016.
    place : Place
    codes : list of str
        Regions of the reference.
    words : str
        The reference in words.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = ax or plt.subplots(figsize=(4.6, 4.6))[1]
    colours = regions["code"].map(lambda code: _REFERENCE if code in codes else PALE)
    colours = colours.mask(regions["code"] == place.code, _REGION)
    draw_areas(regions, ax, color=list(colours), edgecolor="white", linewidth=0.8)
    reference = tr("Reference: {words}", words=words)
    entries = [Patch(facecolor=_REGION, label=place.name),
               Patch(facecolor=_REFERENCE, label=reference)]  # fmt: skip
    twins = [code for code in place.regions if code != place.code]
    if twins:
        twin = regions[regions["code"].isin(twins)]
        draw_areas(twin, ax, facecolor="none", hatch="////", edgecolor=_REGION, linewidth=0.8)
        label = tr("{regions}: same zone in the surveys", regions=write_list(list(twin["name"])))
        entries.append(Patch(facecolor="white", hatch="////", edgecolor=_REGION, label=label))
    ax.set_axis_off()
    ax.set_title(place.name, loc="left", fontsize=12, color=INK)
    ax.legend(handles=entries, loc="upper left", bbox_to_anchor=(0, 0.02), frameon=False,
              fontsize=9)  # fmt: skip
    return ax


def _add_legend(ax, shown: pd.DataFrame, region: str, reference: str, colour: str) -> None:
    point = {"marker": "o", "color": colour, "linewidth": 2, "markeredgewidth": 1.7}
    label = tr("{region}, 95% interval", region=region)
    entries = [Line2D([], [], markerfacecolor="white", label=label, **point)]
    if shown["mark"].isin(["higher", "lower"]).any():
        label = tr("filled: significantly different")
        entries.append(Line2D([], [], markerfacecolor=colour, label=label, **point))
    elif (shown["mark"] == "untestable").all():
        entries.append(Line2D([], [], linestyle="", color=GREY, label=tr("nothing is tested")))
    if shown["reference_estimate"].notna().any():
        entries.append(
            Line2D([], [], marker="|", color=INK, linestyle="", markersize=12, markeredgewidth=2,
                   label=reference)
        )  # fmt: skip
    ax.legend(
        handles=entries, loc="upper left", bbox_to_anchor=(-0.3, 0), borderaxespad=3.6, ncol=2,
        frameon=False, fontsize=8.5,
    )  # fmt: skip
