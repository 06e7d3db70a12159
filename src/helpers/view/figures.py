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

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Its figure is closed afterwards.
    *waves : Wave
        The waves it shows; their provenance is stamped on it and opens the text.
    alt : str
        What the figure shows, its main values, what stands out.

    Returns
    -------
    IPython.display.Image
        Same input, same bytes: no date is written into the picture.
    """
    kinds = [wave.provenance for wave in waves]
    if waves:
        stamp_axes(ax, *waves)
        alt = " ".join([*(f"{tr(WORDS[kind])}." for kind in dict.fromkeys(kinds)), alt])
    record_figure(ax.figure, title=find_title(ax), alt=alt, provenance=kinds)
    picture = io.BytesIO()
    ax.figure.savefig(
        picture, format="png", dpi=_DPI, bbox_inches="tight", metadata={"Software": None}
    )
    plt.close(ax.figure)
    return Image(data=picture.getvalue(), format="png", alt=alt)
