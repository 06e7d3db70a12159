"""Turns a drawn axes into a picture that carries its own description."""

import io

import matplotlib.pyplot as plt
from IPython.display import Image

_DPI = 110


def show_figure(ax, *, alt: str) -> Image:
    """Render the figure of an axes as PNG, with a text for those who cannot see it.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Its figure is closed afterwards.
    alt : str
        What the figure shows, its main values, what stands out.

    Returns
    -------
    IPython.display.Image
        Same input, same bytes: no date is written into the picture.
    """
    picture = io.BytesIO()
    ax.figure.savefig(
        picture, format="png", dpi=_DPI, bbox_inches="tight", metadata={"Software": None}
    )
    plt.close(ax.figure)
    return Image(data=picture.getvalue(), format="png", alt=alt)
