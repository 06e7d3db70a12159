"""Places labels of a chart so that none lies over another or over a point."""

import itertools

import numpy as np
from matplotlib.patheffects import withStroke

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
    places, costs = [*marks, *lines], [_MARK] * len(marks) + [_LINE] * len(lines)
    taken = [_frame(*ax.transData.transform(place), half, half) for place in places]
    inside = [ax.get_window_extent().extents]
    for x, y, text, side in labels:
        left, bottom = ax.transData.transform((x, y))
        size = _measure(ax, text)
        other = {"left": "right", "right": "left"}[side]
        options = []
        for shift, hand in itertools.product(_SHIFTS, (side, other)):
            away = (_AWAY * pixels + size[0]) * (1 if hand == "right" else -1)
            box = _frame(left + away, bottom + shift * _STEP * pixels, *size)
            covered = sum((np.array(costs) * _share(box, taken)).tolist())
            outside = 1 - float(_share(box, inside)[0])
            options.append((covered + _OUTSIDE * outside, box, hand, shift))
        _, box, hand, shift = min(options, key=lambda option: round(option[0], 3))
        taken.append(box)
        costs.append(_LABEL)
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


def _frame(x: float, y: float, half_width: float, half_height: float) -> np.ndarray:
    """Left, bottom, right and top of a box."""
    return np.array([x - half_width, y - half_height, x + half_width, y + half_height])


def _share(box: np.ndarray, others: list[np.ndarray]) -> np.ndarray:
    """Share of a box that lies in each other, which counts fully when it is the smaller one."""
    others = np.reshape(others, (-1, 4))
    sides = np.minimum(box[2:], others[:, 2:]) - np.maximum(box[:2], others[:, :2])
    common = np.clip(sides, 0, None).prod(axis=1)
    sizes = np.minimum((box[2:] - box[:2]).prod(), (others[:, 2:] - others[:, :2]).prod(axis=1))
    return np.where(common > 0, common / sizes, 0.0)
