"""Charts of simulated samples: where they land, what their intervals hold, what they find."""

import textwrap

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from helpers.data.errors import InputError
from helpers.data.language import message, tr, write_number, write_percent
from helpers.view.palette import ACTORS, GREY, INK, ORDERED, PALE
from helpers.view.provenance import COLOURS

# Okabe and Ito's green and orange, told apart by marker as well.
_DESIGNS = ((ACTORS["mayors"], "o"), (ACTORS["associations"], "s"))
_GAPS = (("o", ORDERED[2]), ("s", ORDERED[1]), ("D", ORDERED[0]))
_WIDTH = 34
_STAMP = message(
    "REAL population counts (national register of mayors) · {samples} SIMULATED samples per design"
)


def draw_spread(precision: pd.DataFrame, labels: dict[str, str], *, title: str, ax=None):
    """Draw where 95 % of the samples put each share, and the truth.

    Parameters
    ----------
    precision : pandas.DataFrame
        Rows of `helpers.stats.precision.measure_precision`, one per design and domain.
    labels : dict
        Domain to its name, in drawing order.
    title : str
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = ax or _open_axes(labels)
    for rows, place, (colour, _) in _lay_out(precision, labels):
        ax.hlines(
            place, 100 * rows["estimate_low"], 100 * rows["estimate_high"], color=colour,
            linewidth=5, alpha=0.75,
        )  # fmt: skip
    truth = precision.drop_duplicates("domain").set_index("domain").loc[list(labels), "truth"]
    places = np.arange(len(labels))
    ax.vlines(100 * truth, places - 0.36, places + 0.36, color=INK, linewidth=2, zorder=4)
    handles = [Line2D([], [], color=INK, linewidth=2, label=tr("truth"))]
    handles += [
        Line2D(
            [],
            [],
            color=colour,
            linewidth=5,
            alpha=0.75,
            label=tr("95% of samples, {design}", design=design),
        )
        for design, (colour, _) in zip(_designs(precision), _DESIGNS, strict=False)
    ]
    ax.set_xlim(0, 100)
    return _finish(ax, labels, title, tr("% of the mayors of the domain"), handles)


def draw_coverage(
    precision: pd.DataFrame, labels: dict[str, str], *, title: str, low=0.94, high=0.96, ax=None
):
    """Draw the share of 95 % intervals that hold the truth.

    Parameters
    ----------
    precision : pandas.DataFrame
        Rows of `helpers.stats.precision.measure_precision`, one per design and domain.
    labels : dict
        Domain to its name, in drawing order.
    title : str
    low, high : float
        Band of good coverage, shaded.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
        Whiskers are two Monte-Carlo standard errors; a hollow point is a domain that falls
        under 30 respondents in most samples.
    """
    ax = ax or _open_axes(labels)
    ax.axvspan(100 * low, 100 * high, color=PALE, zorder=0)
    ax.axvline(95, color=GREY, linewidth=1, linestyle="--", zorder=1)
    for rows, place, (colour, marker) in _lay_out(precision, labels):
        ax.errorbar(
            100 * rows["coverage"], place, xerr=200 * rows["coverage_se"], fmt="none",
            ecolor=colour, elinewidth=1.4,
        )  # fmt: skip
        hollow = rows["withheld_n30"].to_numpy() > 0.5
        fills = np.where(hollow, "white", colour)
        for x, y, fill in zip(100 * rows["coverage"], place, fills, strict=True):
            ax.plot(
                x, y, marker, markersize=7, color=colour, markerfacecolor=fill,
                markeredgewidth=1.6,
            )  # fmt: skip
    handles = [
        Line2D([], [], color=colour, marker=marker, linestyle="", label=design)
        for design, (colour, marker) in zip(_designs(precision), _DESIGNS, strict=False)
    ]
    band = tr("{low} to {high}", low=write_number(100 * low), high=write_percent(high))
    handles += [
        Line2D([], [], color=GREY, marker="o", markerfacecolor="white", linestyle="",
               label=tr("hollow: n < 30 in most samples")),
        Patch(facecolor=PALE, label=band),
    ]  # fmt: skip
    ax.set_xlim(min(75, 100 * precision["coverage"].min() - 3), 100.5)
    return _finish(ax, labels, title, tr("% of the intervals that hold the truth"), handles)


def draw_power(power: pd.DataFrame, labels: dict[str, str], *, title: str):
    """Draw how often a gap is found, one panel per design.

    Parameters
    ----------
    power : pandas.DataFrame
        From `helpers.stats.power.measure_power`; a gap of 0 is left out.
    labels : dict
        Domain to its name, in drawing order.
    title : str

    Returns
    -------
    matplotlib.axes.Axes
        The first panel; its figure has the others.

    Raises
    ------
    InputError
        If there are more gaps than can be told apart.
    """
    designs = _designs(power)
    gaps = sorted(set(power["gap"]) - {0})
    if len(gaps) > len(_GAPS):
        raise InputError(f"gaps: {len(gaps)} above 0; at most {len(_GAPS)} can be drawn")
    figure, panels = plt.subplots(
        1, len(designs), figsize=(9, 0.36 * len(labels) + 1.9), sharey=True, squeeze=False
    )
    styles = dict(zip(gaps, _GAPS, strict=False))
    for ax, design in zip(panels[0], designs, strict=True):
        ax.axvline(80, color=GREY, linewidth=1, linestyle="--", zorder=1)
        for gap, (marker, colour) in styles.items():
            rows = power[(power["design"] == design) & (power["gap"] == gap)]
            rows = rows.set_index("domain").loc[list(labels)]
            ax.plot(
                100 * rows["power"], np.arange(len(labels)), marker, color=colour, markersize=7
            )  # fmt: skip
        ax.set_xlim(0, 100)
        _style(ax, labels)
        ax.set_title(design, loc="left", fontsize=10, color=INK)
        ax.set_xlabel(tr("% of samples that find the gap"), fontsize=9)
    handles = [
        Line2D([], [], color=colour, marker=marker, linestyle="",
               label=tr("true gap of {gap} points", gap=write_number(100 * gap)))
        for gap, (marker, colour) in styles.items()
    ]  # fmt: skip
    handles.append(Line2D([], [], color=GREY, linestyle="--", label=tr("80%, the usual aim")))
    _write_legend(panels[0][0], handles)
    figure.subplots_adjust(wspace=0.08)
    corner = panels[0][0].get_position()
    figure.suptitle(  # 38 points above the panels, clear of their titles
        title, x=corner.x0, y=corner.y1 + 38 / 72 / figure.get_figheight(), ha="left",
        va="baseline", fontsize=12, color=INK,
    )  # fmt: skip
    return panels[0][0]


def stamp_simulation(ax, samples: int, *, offset: int = 6):
    """Write above an axes what is real and what is simulated.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Its left title moves up to make room.
    samples : int
        Samples per design.
    offset : int
        Points above the axes; more where a panel title is in the way.

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax.annotate(
        tr(_STAMP, samples=write_number(samples)), xy=(0, 1), xycoords="axes fraction",
        xytext=(0, offset), textcoords="offset points", fontsize=8, va="bottom",
        annotation_clip=False, color=COLOURS["real"],
    )  # fmt: skip
    if offset == 6:
        ax.set_title(ax.get_title(loc="left"), loc="left", fontsize=12, pad=23)
    return ax


def _open_axes(labels):
    return plt.subplots(figsize=(8, 0.42 * len(labels) + 1.7))[1]


def _designs(table: pd.DataFrame) -> list[str]:
    return list(table["design"].drop_duplicates())


def _lay_out(table, labels):
    """Rows of each design in the order of `labels`, their places, the design's style."""
    designs = _designs(table)
    for number, design in enumerate(designs):
        rows = table[table["design"] == design].set_index("domain").loc[list(labels)]
        shift = (number - (len(designs) - 1) / 2) * 0.32
        yield rows, np.arange(len(labels)) + shift, _DESIGNS[number]


def _finish(ax, labels, title: str, unit: str, handles):
    _style(ax, labels)
    ax.set_title(title, loc="left", fontsize=12, color=INK)
    ax.set_xlabel(unit, fontsize=9)
    _write_legend(ax, handles)
    return ax


def _write_legend(ax, handles) -> None:
    # Padding is in font sizes: it clears the axis label under the axes.
    ax.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(0, 0), borderaxespad=4.2, ncol=4,
        frameon=False, fontsize=8.5, handletextpad=0.5, columnspacing=1.4,
    )  # fmt: skip


def _style(ax, labels) -> None:
    names = [textwrap.fill(name, _WIDTH) for name in labels.values()]
    ax.set_yticks(range(len(labels)), names)
    ax.set_ylim(len(labels) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0, labelsize=9)
    ax.tick_params(axis="x", labelsize=8.5)
    ax.grid(axis="x", color="#DDDDDD", linewidth=0.6)
    ax.set_axisbelow(True)
    ax.spines[["top", "right", "left"]].set_visible(False)
