"""Turns a drawn axes into a picture that carries its own description."""

import io

import matplotlib.pyplot as plt
from IPython.display import Image

from helpers.data.language import tr
from helpers.data.responses import Wave
from helpers.view.exhibits import find_title, record_figure
from helpers.view.provenance import WORDS, stamp_axes

_DPI = 110


def show_figure(ax, *waves: Wave, alt: str) -> Image:
    """Render the figure of an axes as PNG: provenance over it, a text for those who cannot see.

    The text opens with the provenance and the title.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Its figure is closed afterwards.
    *waves : Wave
        The waves it shows; their provenance is stamped on it.
    alt : str
        What the title leaves out of what it shows, its main values, what stands out.

    Returns
    -------
    IPython.display.Image
        Same input, same bytes: no date is written into the picture.
    """
    title, kinds = find_title(ax), [wave.provenance for wave in waves]
    if waves:
        stamp_axes(ax, *waves)
    opening = [*(tr(WORDS[kind]) for kind in dict.fromkeys(kinds)), *filter(None, [title])]
    alt = " ".join([*(_close(words) for words in opening), alt])
    record_figure(ax.figure, title=title, alt=alt, provenance=kinds)
    picture = io.BytesIO()
    ax.figure.savefig(
        picture, format="png", dpi=_DPI, bbox_inches="tight", metadata={"Software": None}
    )
    plt.close(ax.figure)
    return Image(data=picture.getvalue(), format="png", alt=alt)


def _close(words: str) -> str:
    """Words as a sentence."""
    return words if words.endswith(("?", "!", ".")) else f"{words}."
