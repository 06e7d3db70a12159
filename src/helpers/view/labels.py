"""Places labels of a chart so that none lies over another or over a point."""

import itertools

import numpy as np
from matplotlib.patheffects import withStroke
from matplotlib.transforms import Bbox

from helpers.view.palette import GREY, INK

_SIZE = 9  # font size, in points
_STEP = 1.25 * _SIZE  # from one line to the next
_AWAY = 9  # from a point to its label
_POINT = 5.5  # half the width of a point with its edge
# What a label costs that covers another, a point, a piece of a line, or leaves the axes.
_LABEL, _MARK, _LINE, _OUTSIDE = 4.0, 2.0, 0.3, 8.0
_SHIFTS = [0, 1, -1, 2, -2, 3, -3, 4, -4]  # lines up or down, the nearest first


def write_labels(
    ax, labels: list[tuple[float, float, str, str]], *, marks: list[tuple[float, float]],
    lines: list[tuple[float, float]],
) -> None:  # fmt: skip
    """Write each label beside its point, where it covers least.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Its limits and size must be final.
    labels : list of tuple
        Place (`x`, `y`) of a point, its text and the side tried first, ``left`` or
        ``right``.
    marks, lines : list of tuple
        Places to keep clear: the points, and as far as possible some along each line.
    """
    pixels = ax.figure.dpi / 72
    half = _POINT * pixels
    taken = [
        (cost, _frame(*ax.transData.transform(place), half, half))
        for cost, places in ((_MARK, marks), (_LINE, lines))
        for place in places
    ]
    inside = ax.get_window_extent()
    for x, y, text, side in labels:
        left, bottom = ax.transData.transform((x, y))
        size = _measure(ax, text)
        other = {"left": "right", "right": "left"}[side]
        options = []
        for shift, hand in itertools.product(_SHIFTS, (side, other)):
            away = (_AWAY * pixels + size[0]) * (1 if hand == "right" else -1)
            box = _frame(left + away, bottom + shift * _STEP * pixels, *size)
            covered = sum(cost * _share(box, place) for cost, place in taken)
            options.append((covered + _OUTSIDE * (1 - _share(box, inside)), box, hand, shift))
        _, box, hand, shift = min(options, key=lambda option: round(option[0], 3))
        taken.append((_LABEL, box))
        _write_label(ax, x, y, text, side=hand, shift=shift)


def _write_label(ax, x: float, y: float, text: str, *, side: str, shift: int) -> None:
    """Write a label `shift` lines above its point, with a thread to it if it was moved."""
    on_left = side == "left"
    thread = {
        "arrowstyle": "-", "color": GREY, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 4,
        "relpos": (1 if on_left else 0, 0.5),
    }  # fmt: skip
    ax.annotate(
        text, (x, y), xytext=(-_AWAY if on_left else _AWAY, shift * _STEP),
        textcoords="offset points", ha="right" if on_left else "left", va="center",
        fontsize=_SIZE, color=INK, zorder=4, annotation_clip=False,
        arrowprops=thread if shift else None,
        path_effects=[withStroke(linewidth=2.5, foreground="white")],
    )  # fmt: skip


def _measure(ax, text: str) -> tuple[float, float]:
    """Half the width and height of a text, in pixels."""
    drawn = ax.text(0, 0, text, fontsize=_SIZE)
    box = drawn.get_window_extent(ax.figure.canvas.get_renderer())
    drawn.remove()
    return box.width / 2, box.height / 2


def _frame(x: float, y: float, half_width: float, half_height: float) -> Bbox:
    return Bbox([[x - half_width, y - half_height], [x + half_width, y + half_height]])


def _share(box: Bbox, other: Bbox) -> float:
    """Share of a box that lies in another, which counts fully when it is the smaller one."""
    common = Bbox.intersection(box, other)
    if common is None:
        return 0.0
    area = np.prod(common.size)
    return float(area / min(np.prod(box.size), np.prod(other.size)))
