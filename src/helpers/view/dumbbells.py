"""Dumbbells: one row per fragility, one point per actor, with intervals and tested gaps."""

import textwrap

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.lines import Line2D

from helpers.data.actors import name_actor
from helpers.data.language import join_clauses, tr
from helpers.view.hover import add_row
from helpers.view.palette import ACTORS, GREY, INK, PALE
from helpers.view.scales import Scale, find_scale
from helpers.view.sentences import describe_estimate
from helpers.view.tables import describe_absence
from helpers.view.ticks import write_ticks

# A shape and a place in the row for each actor: colour is not the only sign.
_SHAPES = {"citizens": "o", "companies": "s", "associations": "^"}
_SHIFT = {"citizens": -0.2, "companies": 0.0, "associations": 0.2}
_TESTED = "#ABABAB"
_WIDTH = 30


def order_rows(estimates: pd.DataFrame) -> list[str]:
    """Fragilities from the highest estimate of any actor down; those without one last.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Rows of an estimate table, by answer and actor.

    Returns
    -------
    list of str
        Fragilities without an estimate keep their order.
    """
    top = estimates.groupby("answer", sort=False)["estimate"].max()
    return top.sort_values(ascending=False, kind="stable", na_position="last").index.tolist()


def draw_dumbbells(
    estimates: pd.DataFrame, gaps: pd.DataFrame, labels: dict[str, str], *, title: str, ax=None
):
    """Draw the fragilities of one territory, actor beside actor.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Slice of the cube at one question and one territory.
    gaps : pandas.DataFrame
        Gaps of the cube at the same place.
    labels : dict
        Fragility to its name.
    title : str
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
        Rows as `order_rows` gives them. The band that joins the actors is dark
        where at least one gap between them is significant. A cell without a
        number is written out: once in the legend for an actor that has none at
        all, in the row otherwise.
    """
    scale, names = find_scale(estimates), order_rows(estimates)
    ax = ax or plt.subplots(figsize=(8, 0.42 * len(names) + 1.6))[1]
    shown = [
        actor for actor in _SHAPES
        if estimates.loc[estimates["actor"] == actor, "estimate"].notna().any()
    ]  # fmt: skip
    found = set(gaps.loc[gaps["mark"].isin(["higher", "lower"]), "answer"])
    for place, name in enumerate(names):
        rows = estimates[estimates["answer"] == name].set_index("actor")
        _draw_row(ax, place, rows, scale, tested=name in found)
        told = [
            tr("{state}: {reason}", state=name_actor(actor, start=True),
               reason=describe_estimate(row))
            for actor, row in rows.iterrows()
        ]  # fmt: skip
        add_row(ax, place, "\n".join([labels[name], *told]))
        _write_missing(ax, place, rows, shown)
    _set_limits(ax, estimates, scale)
    _add_legend(ax, estimates, gaps, shown)
    ax.set_yticks(range(len(names)), [textwrap.fill(labels[name], _WIDTH) for name in names])
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.set_title(title, loc="left", fontsize=12, color=INK)
    ax.tick_params(axis="y", length=0, labelsize=9.5)
    ax.tick_params(axis="x", labelsize=8.5)
    ax.grid(axis="x", color="#DDDDDD", linewidth=0.6)
    ax.set_axisbelow(True)
    ax.spines[["top", "right", "left"]].set_visible(False)
    return ax


def _draw_row(ax, place: int, rows: pd.DataFrame, scale: Scale, *, tested: bool) -> None:
    values = scale.factor * rows["estimate"].dropna()
    lone = len(values) == 1
    if not lone and len(values):
        colour = _TESTED if tested else PALE
        ax.hlines(place, values.min(), values.max(), color=colour, linewidth=5, zorder=1)
    for actor in values.index:
        row, height = rows.loc[actor], place + (0 if lone else _SHIFT[actor])
        low, high = scale.factor * row["ci_low"], scale.factor * row["ci_high"]
        ax.hlines(height, low, high, color=ACTORS[actor], linewidth=1.6, zorder=2)
        ax.plot(values[actor], height, _SHAPES[actor], color=ACTORS[actor], markersize=7,
                markeredgecolor="white", markeredgewidth=0.7, zorder=3)  # fmt: skip
        if lone:
            ax.annotate(
                scale.write(row["estimate"]), (high, height), xytext=(6, 0),
                textcoords="offset points", va="center", fontsize=9, color=INK,
            )  # fmt: skip


def _write_missing(ax, place: int, rows: pd.DataFrame, shown: list[str]) -> None:
    """Say which actors have no number here, of those that have one elsewhere."""
    missing = [actor for actor in shown if pd.isna(rows.loc[actor, "estimate"])]
    if not missing:
        return
    states: dict[str, list[str]] = {}
    for actor in missing:
        states.setdefault(describe_absence(rows.loc[actor]), []).append(actor)
    if missing == shown and len(states) == 1:
        words, x = next(iter(states)), 0.01
    else:
        words, x = join_clauses([_name_state(*pair) for pair in states.items()]), 1.01
    ax.text(
        x, place, words, transform=ax.get_yaxis_transform(), va="center", fontsize=8.5,
        color=GREY, style="italic",
    )  # fmt: skip


def _name_state(state: str, actors: list[str]) -> str:
    names = ", ".join(name_actor(actor) for actor in actors)
    return tr("{state}: {reason}", state=names, reason=state)


def _set_limits(ax, estimates: pd.DataFrame, scale: Scale) -> None:
    """Only the part of the scale in use, between two round values: lengths mean nothing here."""
    known = estimates[estimates["estimate"].notna()]
    low, high = 0.0, scale.top
    if len(known):
        low = max(scale.step * np.floor(known["ci_low"].min() / scale.step), 0.0)
        high = min(scale.step * np.ceil(known["ci_high"].max() / scale.step), scale.top)
    part = (low, high) != (0.0, scale.top)
    ax.set_xlim(scale.factor * low, scale.factor * high)
    words = tr("{axis} (part of the scale)", axis=scale.axis) if part else scale.axis
    ax.set_xlabel(words, fontsize=9)
    write_ticks(ax.xaxis)


def _add_legend(ax, estimates: pd.DataFrame, gaps: pd.DataFrame, shown: list[str]) -> None:
    handles = []
    for actor, shape in _SHAPES.items():
        rows = estimates[estimates["actor"] == actor]
        if len(rows) == 0:
            continue
        label = name_actor(actor, start=True)
        if actor not in shown:
            states = dict.fromkeys(describe_absence(row) for _, row in rows.iterrows())
            # The reason of an absent wave opens with the actor, whom the label names.
            opening = tr("{state}: {reason}", state=name_actor(actor), reason="")
            label += f" ({', '.join(states).removeprefix(opening)})"
        look = {"color": ACTORS[actor]} if actor in shown else {"color": GREY, "fillstyle": "none"}
        handles.append(Line2D([], [], marker=shape, linestyle="", label=label, **look))
    if (gaps["mark"] != "untestable").any():
        for colour, label in ((_TESTED, tr("At least one gap between actors is significant")),
                              (PALE, tr("No significant gap"))):  # fmt: skip
            handles.append(Line2D([], [], color=colour, linewidth=5, label=label))
    elif gaps["difference"].notna().any():
        handles.append(Line2D([], [], color=PALE, linewidth=5, label=tr("Gaps: nothing is tested")))
    # Padding is in font sizes: it clears the axis label under the axes.
    ax.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(0, 0), borderaxespad=4.2, ncol=2,
        frameon=False, fontsize=9,
    )  # fmt: skip
