"""Maps of the three contexts of each region, and of their synthesis."""

import textwrap
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke

from helpers.data.language import (
    join_clauses,
    message,
    tr,
    upper_first,
    write_digits,
    write_gap,
    write_percent,
)
from helpers.data.regions import join_regions
from helpers.stats.contexts import CLASSES, CONTEXTS, THRESHOLD, UNDECIDED, UNTESTED
from helpers.stats.results import CORRECTIONS, Rule
from helpers.view.maps import draw_areas
from helpers.view.palette import GREY, INK, PALE, STATES
from helpers.view.scales import SCALES

TITLES = {
    "france": message("Gap to France"),
    "similar": message("Gap to the similar regions"),
    "neighbours": message("Gap to the neighbours"),
}
# What a sign of a class says, context by context.
_WORDS = {
    "+": (
        message("above France"),
        message("above the similar regions"),
        message("above the neighbours"),
    ),
    "-": (
        message("below France"),
        message("below the similar regions"),
        message("below the neighbours"),
    ),
}
_SIGNIFICANT = {
    "higher": message("significantly higher"),
    "lower": message("significantly lower"),
}
_APART = {
    "higher": message("more than the threshold higher"),
    "lower": message("more than the threshold lower"),
}
# Okabe and Ito (2008) and tints of them; each class is also written on its region.
_CLASS_COLOURS = dict(
    zip(
        CLASSES,
        ["#D55E00", "#E69F00", "#F0E442", "#F5C9A8", "#CC79A7", "#56B4E9", "#009E73", "#0072B2"],
        strict=True,
    )
)
_UNDECIDED = "#FFFFFF"
_ARROWS = {"higher": "▲ ", "lower": "▼ "}


def draw_contexts(regions, contexts: pd.DataFrame, *, title: str, note: str, outlined: str = ""):
    """Draw the gap of each region to each context, and the synthesis.

    Parameters
    ----------
    regions : geopandas.GeoDataFrame
        Boundaries of the zones.
    contexts : pandas.DataFrame
        From `helpers.stats.contexts.compare_contexts` or
        `compare_indicator_contexts`.
    title : str
    note : str
        Printed under the maps: the rule by which regions are marked.
    outlined : str
        Code of a region drawn with a heavy edge.

    Returns
    -------
    matplotlib.axes.Axes
        An empty one that holds the whole figure, for a title and a stamp.
    """
    figure = plt.figure(figsize=(9.6, 10.6))
    frame = figure.add_axes((0, 0, 1, 1))
    frame.set_axis_off()
    frame.set_title(title, loc="left", fontsize=12, color=INK)
    areas = join_regions(regions, contexts.rename(columns={"domain": "code"}), on="code")
    step = _find_step(contexts)
    for number, context in enumerate(CONTEXTS):
        ax = _add_map(figure, number, tr(TITLES[context]))
        fills, hatches, labels = _split(_gap_look(area, context, step) for area in _rows(areas))
        _draw_areas(ax, areas, fills, hatches, labels, outlined)
    ax = _add_map(figure, 3, tr("Synthesis"))
    fills, hatches, labels = _split(_class_look(area) for area in _rows(areas))
    _draw_areas(ax, areas, fills, hatches, labels, outlined)
    _add_legends(frame, areas, step)
    frame.annotate(
        textwrap.fill(note, 130), (0.01, 0.0), xycoords="axes fraction", xytext=(0, -26),
        textcoords="offset points", fontsize=7.5, color=INK, va="top", annotation_clip=False,
    )  # fmt: skip
    return frame


def describe_contexts(contexts: pd.DataFrame, names: dict[str, str]) -> str:
    """The classes of the synthesis in words.

    Parameters
    ----------
    contexts : pandas.DataFrame
    names : dict
        Code of a region to its name.

    Returns
    -------
    str
    """
    parts = []
    for name, rows in contexts.groupby("synthesis", sort=False):
        places = ", ".join(names[code] for code in rows["domain"])
        if name == UNDECIDED:
            words = tr(
                "undecided, no significant gap in at least one context: {places}", places=places
            )
        elif name == UNTESTED:
            words = tr("not comparable with all three: {places}", places=places)
        else:
            situation = describe_class(name)
            words = tr("{situation}: {places}", situation=situation, places=places)
        parts.append(words)
    return f"{upper_first(join_clauses(parts))}."


def describe_context_maps(contexts: pd.DataFrame, names: dict[str, str]) -> str:
    """Text of the four maps: the extreme gaps to France, then the classes of the synthesis.

    Parameters
    ----------
    contexts : pandas.DataFrame
    names : dict
        Code of a region to its name.

    Returns
    -------
    str
    """
    shown = contexts[contexts["difference_france"].notna()].sort_values("difference_france")
    if shown.empty:
        return describe_contexts(contexts, names)
    low, high = (_name_gap(shown.iloc[place], names) for place in (0, -1))
    span = (
        tr("Gaps to France go from {low} to {high}.", low=low, high=high)
        if _scale(shown["unit"].iloc[0])[2]
        else tr("Gaps to France, in points, go from {low} to {high}.", low=low, high=high)
    )
    return f"{span} {describe_contexts(contexts, names)}"


def _name_gap(row: pd.Series, names: dict[str, str]) -> str:
    factor, decimals, sign = _scale(row["unit"])
    gap = _write_gap(factor * row["difference_france"], decimals)
    return f"{gap}{sign} ({names[row['domain']]})"


def describe_class(name: str) -> str:
    """A class in words, e.g. ``above France, below the similar regions, below the neighbours``."""
    return ", ".join(tr(_WORDS[sign][place]) for place, sign in enumerate(name))


def describe_context_test(rule: Rule) -> str:
    """How a gap to a context is marked, in words."""
    return tr(
        "A domain is marked higher or lower when it differs from its context at the {alpha}% level "
        "(two-sided t test on the survey design, {correction} over the domains of one answer); "
        "reliability by the rule {rule}; intervals at 95% (logit).",
        alpha=write_digits(100 * rule.alpha),
        correction=tr(CORRECTIONS[rule.correction]),
        rule=rule.reliability,
    )


def describe_threshold() -> str:
    """How a gap of an indicator is marked, in words."""
    return tr(
        "PUBLISHED statistics. Marked: more than {share} of the reference away from it, a "
        "threshold of this page; values are exact, nothing is tested.",
        share=write_percent(THRESHOLD),
    )


def _split(looks) -> list[tuple]:
    """Fills, hatches and labels of all regions."""
    return list(zip(*looks, strict=True))


def _rows(areas):
    return (area for _, area in areas.iterrows())


def _scale(unit: str) -> tuple[float, int, str]:
    """Factor, decimals and sign of a gap; gaps of indicators are shares of the reference."""
    scale = SCALES.get(unit)
    if scale is None:
        return 100, 0, write_percent(0).removeprefix("0")
    return scale.factor, scale.decimals, ""


def _find_step(contexts: pd.DataFrame) -> float:
    """Width of a class of gaps, as drawn: three on either side hold nearly all."""
    factor = _scale(contexts["unit"].iloc[0])[0]
    gaps = contexts[[f"difference_{context}" for context in CONTEXTS]].to_numpy(float)
    greatest = np.nanmax(np.abs(factor * gaps)) if np.isfinite(gaps).any() else 1.0
    steps = [0.1, 0.2, 0.3, 0.5, 1, 2, 3, 5, 10, 15, 20, 30, 50]
    return next((step for step in steps if 3 * step >= greatest), steps[-1])


def _colours() -> list[str]:
    """ColorBrewer PuOr (Harrower and Brewer 2003): diverging, safe for colour-blind readers."""
    palette = plt.get_cmap("PuOr_r")
    return [to_hex(palette(place)) for place in (0.1, 0.25, 0.4, 0.6, 0.75, 0.9)]


def _state_look(area):
    if pd.isna(area["estimate"]):
        return (*STATES[area["reliability"]][:2], "")
    return None


def _gap_look(area, context: str, step: float):
    """Fill, hatch and label of the gap of one region."""
    missing = _state_look(area)
    if missing:
        return missing
    gap = area[f"difference_{context}"]
    if pd.isna(gap):
        return (*STATES["suppress"][:2], "")
    factor, decimals, sign = _scale(area["unit"])
    rank = int(np.clip(np.floor(factor * gap / step) + 3, 0, 5))
    arrow = _ARROWS.get(area[f"mark_{context}"], "")
    return _colours()[rank], "", f"{arrow}{_write_gap(factor * gap, decimals)}{sign}"


def _write_gap(gap: float, decimals: int) -> str:
    return write_gap(gap, decimals).replace("-", "−")


def _class_look(area):
    missing = _state_look(area)
    if missing:
        return missing
    name = area["synthesis"]
    if name == UNTESTED:
        return (*STATES["suppress"][:2], "")
    if name == UNDECIDED:
        return _UNDECIDED, "", "?"
    return _CLASS_COLOURS[name], "", " ".join(name.replace("-", "−"))


def _add_map(figure, number: int, title: str):
    left, bottom = 0.02 + 0.5 * (number % 2), 0.57 - 0.42 * (number // 2)
    ax = figure.add_axes((left, bottom, 0.46, 0.38))
    ax.set_title(title, loc="left", fontsize=10.5, color=INK)
    ax.set_axis_off()
    ax.margins(0.01)
    return ax


def _draw_areas(ax, areas, fills, hatches, labels, outlined: str) -> None:
    halo = [withStroke(linewidth=2.5, foreground="white")]
    draw_areas(areas, ax, color=list(fills), edgecolor="#555555", linewidth=0.6, aspect="equal")
    for hatch in {hatch for hatch in hatches if hatch}:
        chosen = areas[[found == hatch for found in hatches]]
        draw_areas(chosen, ax, facecolor="none", hatch=hatch, edgecolor=GREY, linewidth=0.4)
    if outlined:
        edge = areas[areas["code"] == outlined]
        draw_areas(edge, ax, facecolor="none", edgecolor="black", linewidth=1.3, zorder=4)
    for area, label in zip(_rows(areas), labels, strict=True):
        largest = max(getattr(area.geometry, "geoms", [area.geometry]), key=lambda part: part.area)
        spot = largest.representative_point()
        ax.annotate(
            label, (spot.x, spot.y), ha="center", va="center", fontsize=8.5, color=INK,
            path_effects=halo, zorder=5,
        )  # fmt: skip


def _add_legends(frame, areas, step: float) -> None:
    factor, _, sign = _scale(areas["unit"].dropna().iloc[0])
    if sign:
        title = tr("Gaps, in % of the reference")
    else:
        title = tr("Gaps, in points") if factor == 100 else tr("Gaps, in points out of 10")
    edges = [_write_gap(edge * step, 1 if step < 1 else 0) for edge in range(-2, 3)]
    words = [
        tr("below {edge}", edge=edges[0]),
        *(tr("{low} to {high}", low=low, high=high) for low, high in pairwise(edges)),
        tr("{edge} and above", edge=edges[-1]),
    ]
    gaps = [
        Patch(facecolor=colour, edgecolor=GREY, label=label)
        for colour, label in zip(_colours(), words, strict=True)
    ]
    for mark, marker in (("higher", "^"), ("lower", "v")):
        if (areas[[f"mark_{context}" for context in CONTEXTS]] == mark).any(axis=None):
            label = tr((_APART if sign else _SIGNIFICANT)[mark])
            gaps.append(Line2D([], [], marker=marker, color=INK, linestyle="", label=label))
    found = set(areas["synthesis"])
    classes = [
        Patch(facecolor=_CLASS_COLOURS[name], edgecolor=GREY,
              label=f"{' '.join(name.replace('-', '−'))}  {describe_class(name)}")
        for name in CLASSES if name in found
    ]  # fmt: skip
    if UNDECIDED in found:
        label = tr("?  undecided: no clear gap in at least one context")
        classes.append(Patch(facecolor=_UNDECIDED, edgecolor=GREY, label=label))
    for state, (fill, hatch, words) in STATES.items():
        hidden = areas["estimate"].isna() & (areas["reliability"] == state)
        if state == "suppress":
            shown = areas["estimate"].notna()
            gaps_missing = areas[[f"difference_{context}" for context in CONTEXTS]].isna()
            hidden |= shown & gaps_missing.any(axis=1)
            words = message("Withheld, or its reference is")
        if hidden.any():
            label = tr(words)
            classes.append(Patch(facecolor=fill or PALE, hatch=hatch, edgecolor=GREY, label=label))
    options = {"loc": "upper left", "frameon": False, "fontsize": 8, "handleheight": 1.1}
    first = frame.legend(
        handles=gaps, title=title, title_fontsize=8.5, alignment="left",
        bbox_to_anchor=(0.0, 0.14), **options,
    )  # fmt: skip
    frame.add_artist(first)
    frame.legend(
        handles=classes, title=tr("Synthesis: France, similar, neighbours"), title_fontsize=8.5,
        alignment="left", bbox_to_anchor=(0.36, 0.14), **options,
    )  # fmt: skip
