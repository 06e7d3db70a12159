"""Trends: points over the waves on a real time axis, joined only where they may be compared."""

import textwrap

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.path import Path
from matplotlib.patheffects import withStroke

from helpers.data.actors import name_actor, name_survey
from helpers.data.language import message, tr, write_number, write_percent
from helpers.view.hover import add_target
from helpers.view.labels import write_labels
from helpers.view.palette import ACTORS, GREY, INK
from helpers.view.provenance import COLOURS, name_provenance
from helpers.view.scales import Scale, find_scale
from helpers.view.sentences import describe_estimate

MARKERS = {"published": "D", "reconstructed": "o", "real": "s"}
_NAMES = {
    "published": message("published figure, no respondents"),
    "reconstructed": message("reconstructed wave"),
    "real": message("real wave"),
}
_WORDINGS = {"same": message("same wording"), "near": message("near wording")}
_LINES = {"same": "-", "near": (0, (4, 3))}
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
# Least distance of two labels, as a part of the axis, in a figure of its own and in a panel.
_ROOM, _ROOM_PANEL = 0.036, 0.1
_LINE = 0.15  # inches from one line of a stamp to the next
_TICKS = 14  # years that fit under an axis
_STEP = 0.16  # years by which points that would cover each other stand aside


def draw_trend(
    points: pd.DataFrame, *, title: str, series: dict[str, str] | None = None, ax=None,
    notes: bool = True,
):  # fmt: skip
    """Draw trends by year: points with intervals, joined where the codebook compares them.

    Parameters
    ----------
    points : pandas.DataFrame
        Rows of one or several trends of `helpers.stats.trends.build_trend`, of one unit.
    title : str
    series : dict, optional
        Actor to its name in the legend; without it, names of the actors.
    ax : matplotlib.axes.Axes, optional
    notes : bool
        Write the numbered notes under the axes; else `list_notes` gives them.

    Returns
    -------
    matplotlib.axes.Axes
        A solid line joins waves of the same wording, a dashed one waves of a near one. Hollow
        points stand apart, with the number of the note that says why. The shape of a point is
        its provenance; a pale interval rests on an assumed base. The axis is the whole scale.
    """
    scale = find_scale(points)
    ax = ax or plt.subplots(figsize=(9, 5))[1]
    numbers = {text: number for number, text in enumerate(list_notes(points), start=1)}
    drawn = points[points["estimate"].notna()].reset_index(drop=True)
    cells = ["survey", "question", "answer", "domain_variable", "domain"]
    drawn = drawn.assign(place=_dodge(drawn, scale))
    for _, own in drawn.groupby(cells, sort=False):
        _draw_series(ax, own, scale)
    _finish(ax, points, scale, title)
    labels = _list_labels(drawn, scale, numbers, _ROOM)
    marks = list(zip(drawn["place"], scale.factor * drawn["estimate"], strict=True))
    write_labels(ax, labels, marks=marks, lines=_list_places(drawn, scale))
    _write_legend(ax, drawn, series or {})
    if notes and numbers:
        _write_notes(ax, numbers)
    return ax


def draw_panels(points: pd.DataFrame, labels: dict[str, str], *, title: str, columns: int = 4):
    """Draw the trend of each answer in its own panel, all on one scale.

    Parameters
    ----------
    points : pandas.DataFrame
        Rows of several trends of `helpers.stats.trends.build_trend`, of one unit.
    labels : dict
        Answer to the title of its panel, in drawing order; answers without a point are left out.
    title : str
    columns : int
        Panels in a row.

    Returns
    -------
    matplotlib.axes.Axes
        The first panel; its figure holds the others.
    """
    names = [name for name in labels if name in set(points["answer"])]
    rows = -(-len(names) // columns)
    figure, grid = plt.subplots(
        rows, columns, figsize=(2.5 * columns, 2.6 * rows + 0.4), sharex=True, sharey=True,
        squeeze=False, layout="constrained",
    )  # fmt: skip
    numbers = {text: number for number, text in enumerate(list_notes(points), start=1)}
    scale, panels = find_scale(points), list(grid.flat)
    for ax in panels[len(names) :]:
        ax.set_axis_off()
    for ax, name in zip(panels, names, strict=False):
        chosen = (points["answer"] == name) & points["estimate"].notna()
        own = points[chosen].reset_index(drop=True)
        own = own.assign(place=_dodge(own, scale))
        _draw_series(ax, own, scale)
        _write_spread(ax, _list_labels(own, scale, numbers, _ROOM_PANEL), scale)
        _finish(ax, points, scale, "")
        ax.set_title(textwrap.fill(labels[name], 26), loc="left", fontsize=9, color=INK)
        ax.set_ylabel("")
    figure.supylabel(scale.axis, fontsize=9, color=INK)
    stamp = _stamp_lines(points)
    figure.text(0.01, 1.01, "\n".join(stamp), fontsize=8, color=_colour(points), va="bottom")
    top = 1.02 + len(stamp) * _LINE / figure.get_figheight()
    figure.suptitle(title, x=0.01, y=top, ha="left", va="bottom", fontsize=12, color=INK)
    lines = _list_keys(points)
    lines += [f"{number}. {text}" for text, number in numbers.items()]
    wrapped = [piece for line in lines for piece in textwrap.wrap(line, 118)]
    figure.text(
        0.01, 0, "\n".join(wrapped), fontsize=8, color=INK, va="top", linespacing=1.35
    )  # fmt: skip
    return panels[0]


def list_notes(points: pd.DataFrame) -> list[str]:
    """The notes of some trends, each once, in the order of their numbers.

    Parameters
    ----------
    points : pandas.DataFrame
        From `helpers.stats.trends.build_trend`.

    Returns
    -------
    list of str
        Why points stand apart, which readings are not clear, which waves withhold their figure.
    """
    texts = [text for row in points.to_dict("records") for text in _note(row)]
    return list(dict.fromkeys(texts))


def write_value(row) -> str:
    """The value of a point as it was printed, ≈ before an approximate wording.

    Parameters
    ----------
    row : pandas.Series or dict
        One row of a trend with an estimate.

    Returns
    -------
    str
        E.g. ``69%``, ``≈28.5%`` or ``7.1``.
    """
    sign = "≈" if row["legibility"] == "approximate wording" else ""
    write = write_percent if row["unit"] == "share" else write_number
    return f"{sign}{write(row['estimate'], int(row['decimals']))}"


def _describe(row: dict) -> str:
    """Actor and wave, then value with interval and base, or the figure as it was printed."""
    told = describe_estimate(row) if pd.notna(row["ci_low"]) else write_value(row)
    return f"{name_actor(row['actor'], start=True)}, {row['wave']}\n{told}"


def _note(row: dict) -> list[str]:
    if pd.isna(row["estimate"]):
        actor = name_actor(row["actor"], start=True)
        return [
            tr("{actor} {wave}: withheld, {reason}.", actor=actor, wave=row["wave"],
               reason=row["reason"])
        ]  # fmt: skip
    texts = [row["note"]] if row["apart"] else []
    if row["provenance"] == "published" and row["legibility"].startswith("ambiguous"):
        words = row["legibility"]
        texts.append(tr("Reading of the source: {legibility}.", legibility=tr(words)))
    if row["legibility"] == "approximate wording":
        texts.append(tr("≈: not printed as such; deduced, or worded approximately, by its source."))
    return [f"{text[0].upper()}{text[1:]}" + "." * (not text.endswith(".")) for text in texts]


def _dodge(drawn: pd.DataFrame, scale: Scale) -> pd.Series:
    """Year of each point, moved a little where points of a year would cover each other."""
    places = drawn["year"].astype(float)
    for _, own in drawn.sort_values("estimate").groupby("year"):
        close = own["estimate"].diff() < 0.025 * scale.top
        steps = close.groupby((~close).cumsum()).cumsum()
        places = places.add(_STEP * steps, fill_value=0)
    return places


def _draw_series(ax, own: pd.DataFrame, scale: Scale) -> None:
    colour = ACTORS[own["actor"].iloc[0]]
    values = own.drop_duplicates("wave").set_index("wave")
    for row in own[own["joined"] != ""].itertuples():
        before = values.loc[row.joined]
        heights = [scale.factor * before["estimate"], scale.factor * row.estimate]
        ax.plot(
            [before["place"], row.place], heights, color=colour, linewidth=1.8,
            linestyle=_LINES[row.join], zorder=2,
        )  # fmt: skip
    for row in own.to_dict("records"):
        spot = Path([(row["place"], scale.factor * row["estimate"])])
        add_target(ax, spot, _describe(row))
    for row in own.itertuples():
        value = scale.factor * row.estimate
        if pd.notna(row.ci_low):
            spread = [[value - scale.factor * row.ci_low], [scale.factor * row.ci_high - value]]
            ax.errorbar(
                row.place, value, yerr=spread, fmt="none", ecolor=colour, elinewidth=1.8,
                capsize=4, alpha=0.5 if row.reliability == "warn" else 1, zorder=2,
            )  # fmt: skip
        ax.plot(
            row.place, value, MARKERS[row.provenance], color=colour, markersize=6,
            markerfacecolor="white" if row.apart else colour, markeredgewidth=1.6, zorder=3,
            clip_on=False,
        )  # fmt: skip


def _list_labels(
    drawn: pd.DataFrame, scale: Scale, numbers: dict[str, int], room: float
) -> list[tuple[float, float, str, str]]:
    """Place, text and side of each label: to the left where a line leaves to the right.

    Readings of one wave that lie within `room` of each other share a label.
    """
    cell = ["survey", "question", "answer", "domain_variable", "domain"]
    starts = set(drawn[[*cell, "joined"]].itertuples(index=False, name=None))
    groups: list[tuple[tuple, list[dict]]] = []
    for row in drawn.sort_values([*cell, "wave", "estimate"], kind="stable").to_dict("records"):
        name = (*(row[part] for part in cell), row["wave"])
        last, rows = groups[-1] if groups else ((), [])
        if last == name and row["estimate"] - rows[-1]["estimate"] < room * scale.top:
            rows.append(row)
        else:
            groups.append((name, [row]))
    labels = []
    for name, rows in groups:
        side, edge = ("left", min) if name in starts else ("right", max)
        middle = sum(row["estimate"] for row in rows) / len(rows)
        place = edge(row["place"] for row in rows)
        labels.append((place, scale.factor * middle, _write_label(rows, numbers), side))
    return sorted(labels, key=lambda label: (-label[0], label[1]))


def _list_places(drawn: pd.DataFrame, scale: Scale) -> list[tuple[float, float]]:
    """Places along the lines between points."""
    cell = ["survey", "question", "answer", "domain_variable", "domain"]
    ends = drawn.assign(y=scale.factor * drawn["estimate"]).drop_duplicates([*cell, "wave"])
    lines = ends.merge(
        ends[[*cell, "wave", "place", "y"]], left_on=[*cell, "joined"], right_on=[*cell, "wave"],
        suffixes=("", "_before"),
    )  # fmt: skip
    places = []
    for part in np.linspace(0, 1, 25):
        x = lines["place_before"] + part * (lines["place"] - lines["place_before"])
        y = lines["y_before"] + part * (lines["y"] - lines["y_before"])
        places += list(zip(x, y, strict=True))
    return places


def _write_spread(ax, labels: list[tuple[float, float, str, str]], scale: Scale) -> None:
    """Write the few labels of a panel, those of one side of a year moved apart."""
    sides: dict[tuple, list] = {}
    for label in sorted(labels, key=lambda label: label[1]):
        sides.setdefault((round(label[0]), label[3]), []).append(label)
    for (_, side), own in sides.items():
        left, top = side == "left", scale.factor * scale.top
        heights = _spread([label[1] for label in own], _ROOM_PANEL * top)
        for (x, _, text, _), y in zip(own, heights, strict=True):
            ax.annotate(
                text, (x, y), xytext=(-8 if left else 8, 0), textcoords="offset points",
                fontsize=9, color=INK, ha="right" if left else "left", va="center", zorder=4,
                path_effects=[withStroke(linewidth=2.5, foreground="white")],
            )  # fmt: skip


def _write_label(rows: list[dict], numbers: dict[str, int]) -> str:
    """The values of one place, then the numbers of their notes."""
    values = " / ".join(dict.fromkeys(write_value(row) for row in rows))
    marks = sorted({numbers[text] for row in rows for text in _note(row)})
    return values + "˒".join(str(mark).translate(_SUPERSCRIPT) for mark in marks)


def _spread(values: list[float], room: float) -> list[float]:
    """Move sorted places apart, to at least `room` from one to the next, around their middle."""
    groups = [[value] for value in values]
    merged = True
    while merged:
        merged = False
        for place in range(len(groups) - 1):
            low, high = groups[place], groups[place + 1]
            reach = (len(low) + len(high)) / 2 * room
            if sum(high) / len(high) - sum(low) / len(low) < reach - 1e-9:
                groups[place : place + 2] = [low + high]
                merged = True
                break
    return [
        sum(group) / len(group) + (number - (len(group) - 1) / 2) * room
        for group in groups
        for number in range(len(group))
    ]


def _finish(ax, points: pd.DataFrame, scale: Scale, title: str) -> None:
    lines = _stamp_lines(points) if title else []
    if lines:
        ax.annotate(
            "\n".join(lines), xy=(0, 1), xycoords="axes fraction", xytext=(0, 6),
            textcoords="offset points", fontsize=8, va="bottom", color=_colour(points),
        )  # fmt: skip
        ax.set_title(title, loc="left", fontsize=12, color=INK, pad=12 + 11 * len(lines))
    ax.set_ylim(0, scale.factor * scale.top)
    first, last = points["year"].min(), points["year"].max()
    margin = max(0.16 * (last - first), 1)
    ax.set_xlim(first - margin, last + margin)
    years = sorted(set(points["year"]))
    ax.set_xticks(years if len(years) <= _TICKS else [first, last])
    ax.set_ylabel(scale.axis, fontsize=9)
    ax.tick_params(labelsize=8.5)
    ax.grid(axis="y", color="#DDDDDD", linewidth=0.6)
    ax.set_axisbelow(True)
    ax.spines[["top", "right"]].set_visible(False)


def _colour(points: pd.DataFrame) -> str:
    return COLOURS[max(points["provenance"], key=list(COLOURS).index)]


def _stamp_lines(points: pd.DataFrame) -> list[str]:
    """One line per kind of data: its word and the waves of that kind."""
    lines = []
    for kind, own in points.groupby("provenance", sort=False):
        waves = own.drop_duplicates(["survey", "wave"])
        names = [f"{name_survey(survey)} {', '.join(sorted(rows['wave']))}"
                 for survey, rows in waves.groupby("survey", sort=False)]  # fmt: skip
        lines.append(" · ".join([name_provenance(kind), *names]))
    return lines


def _list_keys(points: pd.DataFrame) -> list[str]:
    """What lines and shapes say, in words, for panels too small for a legend."""
    keys = {
        "same": tr("Solid line: same wording."),
        "near": tr("Dashed line: near wording."),
    }
    words = [text for kind, text in keys.items() if kind in set(points["join"])]
    if (points["reliability"] == "warn").any():
        words.append(tr("Pale interval: rests on an assumed base or spread."))
    return [" ".join(words)] if words else []


def _write_legend(ax, drawn: pd.DataFrame, series: dict[str, str]) -> None:
    actors = drawn["actor"].drop_duplicates()
    keys = [
        Line2D([], [], color=ACTORS[actor], linewidth=4,
               label=series.get(actor, name_actor(actor, start=True)))
        for actor in actors
    ]  # fmt: skip
    keys += [
        Line2D([], [], color=GREY, marker=marker, linestyle="none", markersize=7,
               label=tr(_NAMES[kind]))
        for kind, marker in MARKERS.items()
        if kind in set(drawn["provenance"])
    ]  # fmt: skip
    for kind, words in _WORDINGS.items():
        if kind in set(drawn["join"]):
            keys.append(Line2D([], [], color=GREY, linestyle=_LINES[kind], label=tr(words)))
    if drawn["apart"].any():
        keys.append(
            Line2D([], [], color=GREY, marker="o", markerfacecolor="white", markeredgewidth=1.6,
                   linestyle="none", markersize=7, label=tr("apart: not comparable, see the notes"))
        )  # fmt: skip
    if (drawn["ci_low"].notna() & (drawn["reliability"] == "warn")).any():
        words = tr("interval that rests on an assumed base")
        keys.append(Line2D([], [], color=GREY, linewidth=2.6, alpha=0.45, label=words))
    ax.legend(
        handles=keys, loc="upper left", bbox_to_anchor=(0, 0), borderaxespad=2.6, ncol=3,
        frameon=False, fontsize=8.5, handlelength=1.8,
    )  # fmt: skip


def _write_notes(ax, numbers: dict[str, int]) -> None:
    ax.figure.canvas.draw()
    box = ax.get_legend().get_window_extent().transformed(ax.transAxes.inverted())
    lines = []
    for text, number in numbers.items():
        lines += textwrap.wrap(f"{number}. {text}", 125, subsequent_indent="    ")
    ax.annotate(
        "\n".join(lines), xy=(0, box.y0), xycoords="axes fraction", xytext=(0, -4),
        textcoords="offset points", fontsize=8, color=INK, va="top", annotation_clip=False,
        linespacing=1.3,
    )  # fmt: skip
