"""Charts of an estimate table, with intervals drawn."""

import textwrap

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn

from helpers.data.actors import name_actor
from helpers.data.language import tr, write_options, write_percent
from helpers.stats.statuses import COMPUTED
from helpers.view.hover import add_row
from helpers.view.palette import ACTORS, GREY, INK
from helpers.view.scales import SCALES, Scale, find_scale
from helpers.view.sentences import describe_estimate
from helpers.view.tables import describe_absence
from helpers.view.ticks import write_ticks

_WIDTH = 34
_LONGEST = 95  # characters of a reason that fit beside a row


def draw_shares(
    estimates: pd.DataFrame,
    labels: dict[str, str],
    *,
    title: str,
    key: str = "answer",
    readings: pd.DataFrame | None = None,
    colour: str = ACTORS["all"],
    ax=None,
):
    """Draw shares, or mean scores, as bars with their intervals, in the order of `labels`.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Rows of an estimate table, one per value of the column `key`.
    labels : dict
        Value of `key` to its name; rows without one are left out.
    title : str
    key : {"answer", "question"}
    readings : pandas.DataFrame, optional
        Ambiguous readings (`key`, `value`), drawn hollow and hatched where
        there is no estimate.
    colour : str
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    names = [name for name in labels if name in set(estimates[key])]
    rows = estimates.set_index(key).reindex(names)
    ax = ax or plt.subplots(figsize=(8, 0.7 * len(rows) + 1.3))[1]
    places = np.arange(len(rows))
    scale = find_scale(estimates)
    _draw_bars(ax, places, rows, _readings(readings, key), colour, scale, height=0.62)
    for place, (name, row) in zip(places, rows.iterrows(), strict=True):
        add_row(ax, place, f"{labels[name]}\n{describe_estimate(row)}")
    return _finish(ax, [labels[name] for name in rows.index], title, scale)


def draw_actors(
    estimates: pd.DataFrame,
    labels: dict[str, str],
    *,
    title: str,
    sides: dict[str, str],
    key: str = "answer",
    readings: pd.DataFrame | None = None,
    ax=None,
):
    """Draw the same shares for two groups of respondents side by side.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Rows of an estimate table by actor.
    labels : dict
        Value of `key` to its name, in drawing order.
    title : str
    sides : dict
        Actor to its name in the legend, in drawing order.
    key : {"answer", "question"}
    readings : pandas.DataFrame, optional
        Ambiguous readings (`key`, `domain`, `value`).
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
        A share that was not published is written so.
    """
    names = [name for name in labels if name in set(estimates[key])]
    ax = ax or plt.subplots(figsize=(8, 0.85 * len(names) + 1.5))[1]
    height, scale = 0.8 / len(sides), find_scale(estimates)
    for number, (side, words) in enumerate(sides.items()):
        places = np.arange(len(names)) + (number - (len(sides) - 1) / 2) * height
        rows = estimates[estimates["domain"] == side].set_index(key).reindex(names)
        own = None if readings is None else readings[readings["domain"] == side]
        options = {"height": 0.9 * height, "label": words}
        _draw_bars(ax, places, rows, _readings(own, key), ACTORS[side], scale, **options)
        for place, (name, row) in zip(places, rows.iterrows(), strict=True):
            told = f"{labels[name]}\n{words}\n{describe_estimate(row)}"
            add_row(ax, place, told, height=height)
    # Padding is in font sizes: it clears the axis label under the axes.
    ax.legend(
        loc="upper left", bbox_to_anchor=(0, 0), borderaxespad=4.2, ncol=2, frameon=False,
        fontsize=9,
    )  # fmt: skip
    return _finish(ax, [labels[name] for name in names], title, scale)


def draw_domains(
    estimates: pd.DataFrame,
    labels: dict[str, str],
    *,
    title: str,
    whole: pd.Series,
    colour: str = ACTORS["all"],
    ax=None,
):
    """Draw one answer by domain: a point, its interval, and the whole as a line.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Estimate table of one answer by one domain variable.
    labels : dict
        Domain to its name.
    title : str
    whole : pandas.Series
        The row of the same answer for all respondents.
    colour : str
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
        Filled points differ significantly from the rest; hollow ones do not;
        a domain without a number says why.
    """
    ax = ax or plt.subplots(figsize=(8, 0.4 * len(estimates) + 1.7))[1]
    scale = find_scale(estimates)
    _draw_whole(ax, whole, scale)
    for place, (_, row) in enumerate(estimates.iterrows()):
        add_row(ax, place, f"{labels[row['domain']]}\n{describe_estimate(row)}")
        if pd.isna(row["estimate"]):
            words = _shorten(describe_absence(row))
            start = 0.02 * scale.factor * scale.top
            ax.text(start, place, words, va="center", fontsize=8.5, color=GREY, style="italic")
            continue
        fill = colour if row["mark"] in ("higher", "lower") else "white"
        low, value, high = scale.factor * row[["ci_low", "estimate", "ci_high"]].astype(float)
        ax.hlines(place, low, high, color=colour, linewidth=2)
        ax.plot(
            value, place, "o", markersize=7.5, color=colour,
            markerfacecolor=fill, markeredgewidth=1.8,
        )  # fmt: skip
        _write_value(ax, scale.write(row["estimate"]), high, place)
    tested = (estimates["mark"] != "untestable").any()
    filled = tr("filled point: differs significantly from the rest")
    ax.text(
        1, 1, filled if tested else tr("nothing is tested"), transform=ax.transAxes, ha="right",
        va="bottom", fontsize=8, color=GREY,
    )  # fmt: skip
    _finish(ax, [labels[domain] for domain in estimates["domain"]], title, scale)
    ax.set_ylim(len(estimates) - 0.1, -0.6)
    return ax


def draw_statuses(statuses: pd.DataFrame, *, title: str, ax=None):
    """Draw the partnership status of each actor as one stacked bar.

    Parameters
    ----------
    statuses : pandas.DataFrame
        From `helpers.stats.statuses.summarise_statuses`.
    title : str
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
        Segments that are not computed from respondents are hatched.
    """
    actors = list(statuses["actor"].drop_duplicates())
    ax = ax or plt.subplots(figsize=(9, 1.15 * len(actors) + 1.3))[1]
    places = {"partnership": 5, "no_partnership_intention": 3}
    for place, actor in enumerate(actors):
        left = 0.0
        for row in statuses[statuses["actor"] == actor].itertuples():
            solid = row.reading == COMPUTED
            tints = seaborn.light_palette(ACTORS[actor], 6)
            colour = tints[places.get(row.state, 1)]
            ax.barh(
                place, 100 * row.share, left=left, height=0.55, color=colour,
                edgecolor="white" if solid else GREY, hatch=None if solid else "///",
            )  # fmt: skip
            _label_segment(ax, place, left, row)
            left += 100 * row.share
    _finish(ax, [name_actor(actor, start=True) for actor in actors], title)
    ax.set_ylim(len(actors) - 0.35, -0.65)
    return ax


def _label_segment(ax, place: float, left: float, row) -> None:
    """Value inside the bar; what it means under it."""
    note = "" if row.reading == COMPUTED else f"\n({tr(row.reading)})"
    width = 100 * row.share
    dark = row.state == "partnership"
    ax.text(
        left + width / 2, place, write_percent(row.share), ha="center", va="center",
        fontsize=11, color="white" if dark else INK, weight="bold",
        bbox=None if dark else {"facecolor": "white", "edgecolor": "none", "pad": 1.2},
    )  # fmt: skip
    narrow = width < 14
    ax.text(
        left + (width if narrow else width / 2), place + (-0.3 if narrow else 0.3),
        f"{tr(row.label)}{note.replace(chr(10), ' ') if narrow else note}",
        ha="right" if narrow else "center", va="bottom" if narrow else "top", fontsize=8, color=INK,
    )  # fmt: skip


def _draw_bars(ax, places, rows, readings, colour, scale: Scale, *, height, label=None) -> None:
    """Bars with whiskers; where there is no estimate, its reading or the reason."""
    values = scale.factor * rows["estimate"].to_numpy(float)
    ax.barh(places, np.nan_to_num(values), height=height, color=colour, label=label)
    spread = [rows["estimate"] - rows["ci_low"], rows["ci_high"] - rows["estimate"]]
    ax.errorbar(
        values, places, xerr=np.clip(scale.factor * np.array(spread, float), 0, None), fmt="none",
        ecolor=INK, elinewidth=1.1, capsize=2.5,
    )  # fmt: skip
    start = 0.01 * scale.factor * scale.top
    for place, (name, row) in zip(places, rows.iterrows(), strict=True):
        if pd.notna(row["estimate"]):
            end = scale.factor * row["ci_high"]
            _write_value(ax, scale.write(row["estimate"]), end, place)
        elif name in readings:
            _draw_reading(ax, place, readings[name], colour, height, scale)
        else:
            ax.text(
                start,
                place,
                describe_absence(row),
                va="center",
                fontsize=8,
                color=GREY,
                style="italic",
            )


def _readings(readings: pd.DataFrame | None, key: str) -> dict[str, pd.DataFrame]:
    """Readings of each row."""
    return {} if readings is None else dict(iter(readings.groupby(key)))


def _draw_reading(ax, place: float, rows: pd.DataFrame, colour, height, scale: Scale) -> None:
    """Ambiguous readings: hollow, hatched, worded; of low confidence, in words only."""
    values = scale.factor * rows["value"]
    words = write_options([scale.number(value) for value in rows["value"]]) + scale.sign
    if rows["legibility"].str.contains("low").any():
        ax.text(
            0.01 * scale.factor * scale.top, place,
            tr("{values} read, low confidence: not drawn", values=words),
            va="center", fontsize=8.5, color=INK, style="italic",
        )  # fmt: skip
        return
    ax.barh(
        place, values.max(), height=height, facecolor="white", edgecolor=colour, hatch="///",
        linewidth=1,
    )  # fmt: skip
    text = tr("{values} (ambiguous reading)", values=words)
    _write_value(ax, text, values.max(), place, style="italic")


def _write_value(ax, text: str, x: float, y: float, style: str = "normal") -> None:
    ax.annotate(
        text, (x, y), xytext=(6, 0), textcoords="offset points", va="center", fontsize=9,
        color=INK, style=style,
    )  # fmt: skip


def _shorten(text: str) -> str:
    """A text that fits; one that does is left as it is, no-break spaces included."""
    return text if len(text) <= _LONGEST else textwrap.shorten(text, _LONGEST)


def _draw_whole(ax, whole: pd.Series, scale: Scale) -> None:
    if pd.isna(whole["estimate"]):
        return
    value = scale.factor * whole["estimate"]
    ax.axvline(value, color=GREY, linewidth=1, linestyle="--", zorder=1)
    ax.annotate(
        tr("whole: {value}", value=scale.write(whole["estimate"])), (value, 0),
        xycoords=("data", "axes fraction"), xytext=(3, 4), textcoords="offset points",
        fontsize=8.5, color=INK,
    )  # fmt: skip


def _finish(ax, labels: list[str], title: str, scale: Scale = SCALES["share"]):
    """Title, rows from top to bottom, axis of the whole scale, light grid."""
    ax.set_yticks(range(len(labels)), [textwrap.fill(label, _WIDTH) for label in labels])
    ax.set_ylim(len(labels) - 0.4, -0.6)
    ax.set_xlim(0, scale.factor * scale.top)
    ax.set_title(title, loc="left", fontsize=12, color=INK)
    ax.set_xlabel(scale.axis, fontsize=9)
    write_ticks(ax.xaxis)
    ax.tick_params(axis="y", length=0, labelsize=9.5)
    ax.tick_params(axis="x", labelsize=8.5)
    ax.grid(axis="x", color="#DDDDDD", linewidth=0.6)
    ax.set_axisbelow(True)
    ax.spines[["top", "right", "left"]].set_visible(False)
    return ax
