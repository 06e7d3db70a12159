"""Charts of weighting: margins before and after beside their targets, spread of weights."""

import textwrap

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke

from helpers.data.language import tr, write_digits, write_number, write_percent
from helpers.stats.diagnostics import describe_weights
from helpers.view.palette import ACTORS, GREY, INK
from helpers.view.ticks import write_ticks

# Light and dark of one hue, which all eyes and grey print tell apart; no actor's colour
# (ColorBrewer Blues).
BEFORE, ACHIEVED = "#9ecae1", "#08519c"
_WIDTH = 30
_HEIGHT = 0.36
# A gap below this share of its target is rounding.
_MET = 1e-6


def draw_margins(margins: pd.DataFrame, *, title: str, ax=None):
    """Draw each margin before and after weighting, with its target as a line.

    Parameters
    ----------
    margins : pandas.DataFrame
        From `helpers.stats.diagnostics.compare_margins`.
    title : str
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
        Bars are shares of the margin's total; the gap left, in points and as
        a share of the target, is written at the right.
    """
    shares = _shares(margins)
    places, heads = _places(margins["margin"])
    ax = ax or plt.subplots(figsize=(8.5, 0.46 * (places[-1] + 1) + 1.6))[1]
    ax.barh(places - _HEIGHT / 2, shares["before"], height=_HEIGHT, color=BEFORE)
    ax.barh(places + _HEIGHT / 2, shares["achieved"], height=_HEIGHT, color=ACHIEVED)
    ax.vlines(
        shares["target"], places - 1.25 * _HEIGHT, places + 1.25 * _HEIGHT, color=INK,
        linewidth=2.2, zorder=4, path_effects=[withStroke(linewidth=4.5, foreground="white")],
    )  # fmt: skip
    for place, (_, row), gap in zip(places, margins.iterrows(), shares["gap"], strict=True):
        met = abs(row["relative_gap"]) < _MET
        words = tr("met") if met else _write_gap(gap, row["relative_gap"])
        _write_right(ax, words, place, color=GREY if met else INK)
    for name, place in heads.items():
        ax.annotate(
            name, (0, place), xycoords=("axes fraction", "data"), xytext=(-7, 0),
            textcoords="offset points", ha="right", va="center", fontsize=10, color=INK,
            weight="bold", annotation_clip=False,
        )  # fmt: skip
    _write_right(ax, tr("gap left"), -1, color=INK, weight="bold")
    ax.set_xlim(0, 1.05 * shares[["before", "achieved", "target"]].to_numpy().max())
    ax.set_yticks(places, [textwrap.fill(_word(level), _WIDTH) for level in margins["level"]])
    ax.set_ylim(places[-1] + 0.7, -1.5)
    ax.legend(
        handles=[
            Patch(color=BEFORE, label=tr("before")),
            Patch(color=ACHIEVED, label=tr("achieved")),
            Line2D([], [], color=INK, linewidth=2.2, label=tr("target")),
        ],
        loc="upper left", bbox_to_anchor=(0, 0), borderaxespad=4.2, ncol=3, frameon=False,
        fontsize=9,
    )  # fmt: skip
    return _finish(ax, title, tr("% of the margin's total"), grid="x")


def draw_weights(respondents: pd.DataFrame, *, weight: str, title: str, ax=None):
    """Draw how many respondents have which weight, and what unequal weights cost.

    Parameters
    ----------
    respondents : pandas.DataFrame
        One row per respondent.
    weight : str
        Column of weights.
    title : str
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
        Weights are shown over their mean; Kish's design effect and effective
        size, from `helpers.stats.diagnostics.describe_weights`, are written.

    Raises
    ------
    InputError
        If a weight is not positive and finite, or the column is absent.
    """
    row = describe_weights(respondents, weight=weight).iloc[0]
    mean = row["sum"] / row["n"]
    relative = respondents[weight].to_numpy(dtype=float) / mean
    ax = ax or plt.subplots(figsize=(8, 3.6))[1]
    ax.hist(relative, bins=_bins(relative), color=ACTORS["all"], edgecolor="white", linewidth=0.6)
    ax.axvline(1, color=ACTORS["associations"], linewidth=1.6, linestyle="--")
    ax.annotate(
        tr("mean {value}", value=_number(mean)), (1, 1),
        xycoords=("data", "axes fraction"), xytext=(4, -1), textcoords="offset points",
        va="top", fontsize=8.5, color=INK,
    )  # fmt: skip
    ax.set_ylim(0, 1.12 * ax.get_ylim()[1])  # room for these words above the bars
    words = tr(
        "{n} respondents count as {n_eff} (effective size) · Kish's design effect {deff}\n"
        "weights from {least} to {greatest}, largest over smallest {ratio}",
        n=write_number(row["n"]),
        n_eff=write_number(row["n_eff_kish"]),
        deff=write_number(row["deff_kish"], 2),
        least=_number(row["min"]),
        greatest=_number(row["max"]),
        ratio=_number(row["ratio"]),
    )
    ax.annotate(
        words, (0, 0), xycoords="axes fraction", xytext=(0, -36), textcoords="offset points",
        va="top", fontsize=9, color=INK, linespacing=1.5, annotation_clip=False,
    )  # fmt: skip
    ax.set_ylabel(tr("respondents"), fontsize=9)
    write_ticks(ax.yaxis)
    return _finish(ax, title, tr("weight over the mean weight"), grid="y")


def _shares(margins: pd.DataFrame) -> pd.DataFrame:
    """Columns of the table in percent of the total of their margin."""
    total = margins.groupby("margin")["target"].transform("sum")
    return margins[["before", "achieved", "target", "gap"]].mul(100 / total, axis=0)


def _places(names: pd.Series):
    """Places of the levels, a row left free above each margin for its name."""
    starts = ~names.duplicated()
    places = np.arange(len(names)) + starts.cumsum().to_numpy() - 1.0
    heads = dict(zip(names[starts], places[starts] - 1, strict=True))
    return places, heads


def _word(level) -> str:
    return " x ".join(map(str, level)) if isinstance(level, tuple) else str(level)


def _bins(relative: np.ndarray) -> np.ndarray:
    """Equal bins from 0, an odd number so that equal weights stand around their mean."""
    return np.linspace(0, max(1.05 * relative.max(), 2), 42)


def _number(value: float) -> str:
    return write_number(value) if value >= 1000 else write_digits(value)


def _write_gap(gap: float, relative: float) -> str:
    sign = "+" if relative > 0 else ""
    points, share = write_number(gap, 1, signed=True), f"{sign}{write_percent(relative, 1)}"
    return tr("{points} points ({share})", points=points, share=share)


def _write_right(ax, text: str, place: float, **style) -> None:
    ax.annotate(
        text, (1, place), xycoords=("axes fraction", "data"), xytext=(8, 0),
        textcoords="offset points", va="center", fontsize=8.5, annotation_clip=False, **style,
    )  # fmt: skip


def _finish(ax, title: str, unit: str, *, grid: str):
    """Title, unit and light grid, as in `helpers.view.charts`."""
    ax.set_title(title, loc="left", fontsize=12, color=INK)
    ax.set_xlabel(unit, fontsize=9)
    write_ticks(ax.xaxis)
    ax.tick_params(axis="y", length=0, labelsize=9)
    ax.tick_params(axis="x", labelsize=8.5)
    ax.grid(axis=grid, color="#DDDDDD", linewidth=0.6)
    ax.set_axisbelow(True)
    ax.spines[["top", "right", "left"]].set_visible(False)
    return ax
