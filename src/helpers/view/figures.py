"""Turns a drawn axes into a picture that carries its own description."""

import io

import matplotlib.pyplot as plt
import PIL.Image
from IPython.display import Image

from helpers.data.language import tr
from helpers.data.responses import Wave
from helpers.view.exhibits import find_title, record_figure
from helpers.view.hover import HOVER, lay_out_figure, write_targets
from helpers.view.provenance import WORDS, stamp_axes

_DPI = 110


class Picture(Image):
    """A picture, and targets that lie over it on a page.

    Parameters
    ----------
    data : bytes
        PNG.
    alt : str
    targets : str
        From `helpers.view.hover.write_targets`.
    """

    def __init__(self, data: bytes, *, alt: str, targets: str):
        super().__init__(data=data, format="png", alt=alt)
        self.targets = targets

    def _repr_mimebundle_(self, include=None, exclude=None):
        bundle, metadata = super()._repr_mimebundle_(include, exclude)
        return bundle | ({HOVER: self.targets} if self.targets else {}), metadata


def show_figure(ax, *waves: Wave, alt: str) -> Picture:
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
    Picture
        Same input, same bytes: no date is written into the picture.
    """
    title, kinds = find_title(ax), [wave.provenance for wave in waves]
    if waves:
        stamp_axes(ax, *waves)
    opening = [*(tr(WORDS[kind]) for kind in dict.fromkeys(kinds)), *filter(None, [title])]
    alt = " ".join([*(_close(words) for words in opening), alt])
    record_figure(ax.figure, title=title, alt=alt, provenance=kinds)
    box = lay_out_figure(ax.figure, _DPI)
    targets = write_targets(ax.figure, box, _DPI)
    picture = io.BytesIO()
    # Not compressed: it is read again at once.
    options = {"metadata": {"Software": None}, "pil_kwargs": {"compress_level": 0}}
    ax.figure.savefig(picture, format="png", dpi=_DPI, bbox_inches=box, **options)
    plt.close(ax.figure)
    return Picture(_reduce(picture), alt=alt, targets=targets)


def _reduce(picture: io.BytesIO) -> bytes:
    """The same picture in 256 colours, a third of the bytes: flat colours stay as they are."""
    reduced = io.BytesIO()
    with PIL.Image.open(picture) as full:
        flat = full.convert("RGB").quantize(256, dither=PIL.Image.Dither.NONE)
        flat.save(reduced, format="PNG", optimize=True)
    return reduced.getvalue()


def _close(words: str) -> str:
    """Words as a sentence."""
    return words if words.endswith(("?", "!", ".")) else f"{words}."
