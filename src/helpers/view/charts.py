"""Charts of an estimate table, with intervals drawn."""

import textwrap

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from helpers.data.codebook import Codebook, Variable
from helpers.view.palette import ACTORS, GREY, INK
from helpers.view.sentences import describe_percent

_WIDTH = 34


def draw_answers(
    estimates: pd.DataFrame,
    question: Variable,
    *,
    readings: pd.DataFrame | None = None,
    colour: str = ACTORS["all"],
    ax=None,
):
    """Draw the answers to one question as bars, in questionnaire order.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Estimate table of one question and one domain.
    question : Variable
        Gives the labels.
    readings : pandas.DataFrame, optional
        Ambiguous readings (`answer`, `value`), drawn hollow and hatched.
    colour : str
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    answers = [answer for answer in question.answer_ids if answer in set(estimates["answer"])]
    ax = ax or plt.subplots(figsize=(8, 0.75 * len(answers) + 1.4))[1]
    rows = estimates.set_index("answer").loc[answers]
    places = np.arange(len(answers))
    _draw_bars(ax, places, rows, colour, height=0.62)
    _draw_readings(ax, places, rows, readings, colour, height=0.62)
    ax.set_yticks(places, [_wrap(question.label_of(answer)) for answer in answers])
    return _finish(ax, question)


def draw_actors(
    estimates: pd.DataFrame,
    question: Variable,
    *,
    actors: dict[str, str],
    readings: pd.DataFrame | None = None,
    ax=None,
):
    """Draw the answers to one question for two groups side by side.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Estimate table of one question by actor.
    question : Variable
        Gives the labels.
    actors : dict
        Actor to its name in the legend, in drawing order.
    readings : pandas.DataFrame, optional
        Ambiguous readings (`answer`, `domain`, `value`).
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
        Answers without a published figure are written "not published".
    """
    answers = [answer for answer in question.answer_ids if answer in set(estimates["answer"])]
    ax = ax or plt.subplots(figsize=(8, 0.95 * len(answers) + 1.6))[1]
    height = 0.8 / len(actors)
    for number, (actor, name) in enumerate(actors.items()):
        places = np.arange(len(answers)) + (number - (len(actors) - 1) / 2) * height
        rows = estimates[estimates["domain"] == actor].set_index("answer").loc[answers]
        _draw_bars(ax, places, rows, ACTORS[actor], height=0.9 * height, label=name)
        own = None if readings is None else readings[readings["domain"] == actor]
        _draw_readings(ax, places, rows, own, ACTORS[actor], height=0.9 * height)
    ax.set_yticks(np.arange(len(answers)), [_wrap(question.label_of(a)) for a in answers])
    # Padding is in font sizes: it clears the axis label under the axes.
    ax.legend(
        loc="upper left", bbox_to_anchor=(0, 0), borderaxespad=4.2, ncol=2, frameon=False,
        fontsize=9,
    )  # fmt: skip
    return _finish(ax, question)


def draw_domains(
    estimates: pd.DataFrame,
    codebook: Codebook,
    *,
    whole: pd.Series,
    colour: str = ACTORS["all"],
    ax=None,
):
    """Draw one answer by domain: a point, its interval, and the whole as a line.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Estimate table of one answer by one domain variable.
    codebook : Codebook
        Gives the labels.
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
    variable = codebook.variable(estimates["domain_variable"].iloc[0])
    ax = ax or plt.subplots(figsize=(8, 0.42 * len(estimates) + 1.6))[1]
    ax.axvline(100 * whole["estimate"], color=GREY, linewidth=1, linestyle="--", zorder=1)
    ax.annotate(
        f"whole: {describe_percent(whole['estimate'])}", (100 * whole["estimate"], 0),
        xycoords=("data", "axes fraction"), xytext=(3, 4), textcoords="offset points",
        fontsize=8.5, color=INK,
    )  # fmt: skip
    for place, (_, row) in enumerate(estimates.iterrows()):
        if pd.isna(row["estimate"]):
            ax.text(2, place, _why(row), va="center", fontsize=8.5, color=GREY, style="italic")
            continue
        fill = colour if row["mark"] in ("higher", "lower") else "white"
        ax.hlines(place, 100 * row["ci_low"], 100 * row["ci_high"], color=colour, linewidth=2)
        ax.plot(
            100 * row["estimate"], place, "o", markersize=7.5, color=colour,
            markerfacecolor=fill, markeredgewidth=1.8,
        )  # fmt: skip
        ax.annotate(
            describe_percent(row["estimate"]), (100 * row["ci_high"], place), xytext=(5, 0),
            textcoords="offset points", va="center", fontsize=8.5, color=INK,
        )  # fmt: skip
    ax.set_yticks(range(len(estimates)), [variable.label_of(d) for d in estimates["domain"]])
    ax.set_ylim(len(estimates) - 0.1, -0.6)
    return _style(ax)


def draw_statuses(statuses: pd.DataFrame, *, ax=None):
    """Draw the partnership status of each actor as one stacked bar.

    Parameters
    ----------
    statuses : pandas.DataFrame
        From `helpers.stats.statuses.summarise_statuses`.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
        Segments that are not computed from respondents are hatched.
    """
    actors = list(statuses["actor"].drop_duplicates())
    ax = ax or plt.subplots(figsize=(9, 1.15 * len(actors) + 1.3))[1]
    shades = {"partnership": 0.0, "no_partnership_intention": 0.45}
    for place, actor in enumerate(actors):
        left = 0.0
        for row in statuses[statuses["actor"] == actor].itertuples():
            solid = row.reading == "computed"
            colour = _lighten(ACTORS[actor], shades.get(row.state, 0.8))
            ax.barh(
                place, 100 * row.share, left=left, height=0.55, color=colour,
                edgecolor="white" if solid else GREY, hatch=None if solid else "///",
            )  # fmt: skip
            _label_segment(ax, place, left, row)
            left += 100 * row.share
    ax.set_yticks(range(len(actors)), [actor.capitalize() for actor in actors])
    ax.set_ylim(len(actors) - 0.35, -0.65)
    ax.set_xlim(0, 100)
    return _style(ax)


def _label_segment(ax, place: float, left: float, row) -> None:
    """Value inside the bar; what it means under it."""
    note = "" if row.reading == "computed" else f"\n({row.reading})"
    width = 100 * row.share
    dark = row.state == "partnership"
    ax.text(
        left + width / 2, place, describe_percent(row.share), ha="center", va="center",
        fontsize=11, color="white" if dark else INK, weight="bold",
        bbox=None if dark else {"facecolor": "white", "edgecolor": "none", "pad": 1.2},
    )  # fmt: skip
    narrow = width < 14
    ax.text(
        left + (width if narrow else width / 2), place + (-0.3 if narrow else 0.3),
        f"{row.label}{note.replace(chr(10), ' ') if narrow else note}",
        ha="right" if narrow else "center", va="bottom" if narrow else "top", fontsize=8, color=INK,
    )  # fmt: skip


def _draw_bars(ax, places, rows, colour, *, height, label=None) -> None:
    values = 100 * rows["estimate"].to_numpy(float)
    ax.barh(places, np.nan_to_num(values), height=height, color=colour, label=label)
    spread = 100 * np.array(
        [rows["estimate"] - rows["ci_low"], rows["ci_high"] - rows["estimate"]], float
    )
    ax.errorbar(
        values, places, xerr=np.clip(spread, 0, None), fmt="none", ecolor=INK, elinewidth=1.1,
        capsize=2.5,
    )  # fmt: skip
    for place, (_, row) in zip(places, rows.iterrows(), strict=True):
        if pd.isna(row["estimate"]):
            ax.text(1, place, _why(row), va="center", fontsize=8, color=GREY, style="italic")
        else:
            ax.text(
                100 * row["ci_high"] + 1.2, place, describe_percent(row["estimate"]), va="center",
                fontsize=9.5, color=INK,
            )  # fmt: skip


def _draw_readings(ax, places, rows, readings, colour, *, height) -> None:
    """Ambiguous readings: hollow, hatched, worded; never mixed with computed bars."""
    if readings is None:
        return
    for place, (answer, row) in zip(places, rows.iterrows(), strict=True):
        values = 100 * readings.loc[readings["answer"] == answer, "value"].to_numpy()
        if not len(values) or not pd.isna(row["estimate"]):
            continue
        for text in [text for text in ax.texts if text.get_position()[1] == place]:
            text.remove()
        ax.barh(
            place, values.max(), height=height, facecolor="white", edgecolor=colour, hatch="///",
            linewidth=1,
        )  # fmt: skip
        words = " or ".join(f"{value:.0f}" for value in values)
        ax.text(
            values.max() + 1.2, place, f"{words}% (ambiguous reading)", va="center", fontsize=8.5,
            color=INK, style="italic",
        )  # fmt: skip


def _finish(ax, question: Variable):
    ax.set_title(question.label.en, loc="left", fontsize=11.5, color=INK)
    ax.invert_yaxis()
    return _style(ax)


def _style(ax):
    ax.set_xlim(0, 100)
    ax.set_xlabel("% of the base", fontsize=9)
    ax.tick_params(axis="y", length=0, labelsize=9.5)
    ax.tick_params(axis="x", labelsize=8.5)
    ax.grid(axis="x", color="#DDDDDD", linewidth=0.6)
    ax.set_axisbelow(True)
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    return ax


def _why(row) -> str:
    return {"not_published": "not published", "suppress": f"not shown: {row['reason']}"}.get(
        row["reliability"], row["reason"]
    )


def _wrap(text: str) -> str:
    return textwrap.fill(text, _WIDTH)


def _lighten(colour: str, amount: float):
    """Mix a colour with white; `amount` 0 keeps it, 1 is white."""
    base = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    return tuple(base + (1 - base) * amount)
