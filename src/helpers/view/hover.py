"""What parts of a figure say when hovered: targets over the picture, with the same numbers."""

from html import escape

import matplotlib
import shapely
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox

from helpers.data.language import tr

HOVER = "application/vnd.studies.hover+html"
_LEAST = 7  # half the least width and height of a target, in pixels
_FINE = 1.5  # pixels: what is simplified away cannot be missed with a pointer


class HoverTarget(PathPatch):
    """Part of a figure that says something when hovered; nothing of it is drawn.

    Parameters
    ----------
    path : matplotlib.path.Path
    words : str
        One or several lines.
    **options
        As of `matplotlib.patches.PathPatch`, e.g. `transform`.
    """

    def __init__(self, path: Path, words: str, **options):
        super().__init__(path, visible=False, **options)
        self.words = words


def add_target(ax, path: Path, words: str) -> None:
    """Let an area of an axes, in data units, say something when hovered.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    path : matplotlib.path.Path
        Of one point: a small square around it.
    words : str
    """
    ax.add_artist(HoverTarget(path, words, transform=ax.transData))


def add_row(ax, place: float, words: str, *, height: float = 0.9) -> None:
    """Let a row of a chart, as wide as its axes, say something when hovered.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    place, height : float
        Middle and height of the row, in data units.
    words : str
    """
    low, high = place - height / 2, place + height / 2
    path = Path([(0, low), (1, low), (1, high), (0, high), (0, low)])
    ax.add_artist(HoverTarget(path, words, transform=ax.get_yaxis_transform()))


def lay_out_figure(figure: Figure, dpi: float) -> Bbox:
    """Put everything in a figure in its place, and measure it.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Its dots per inch are changed.
    dpi : float
        Pixels per inch.

    Returns
    -------
    matplotlib.transforms.Bbox
        In inches, what `savefig` leaves when asked for a tight picture.
    """
    figure.set_dpi(dpi)
    figure.draw_without_rendering()
    return figure.get_tightbbox().padded(matplotlib.rcParams["savefig.pad_inches"])


def write_targets(figure: Figure, box: Bbox, dpi: float) -> str:
    """Write the targets of a figure as a drawing that lies over its picture.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Laid out.
    box : matplotlib.transforms.Bbox
        From `lay_out_figure`: what the picture shows.
    dpi : float
        Pixels per inch of the picture.

    Returns
    -------
    str
        SVG, each target with its words as title; "" for a figure without targets.
    """
    targets = figure.findobj(HoverTarget)
    if not targets:
        return ""
    left, top = box.x0 * dpi, box.y1 * dpi
    parts = []
    for target in targets:
        path = target.get_transform().transform_path(target.get_path())
        drawn = _write_outline(path.transformed(Affine2D().scale(1, -1).translate(-left, top)))
        words = escape(target.words)
        parts.append(f'<path d="{drawn}" role="img"><title>{words}</title></path>')
    name = escape(tr("Values of the figure"), quote=True)
    return (
        f'<svg class="targets" viewBox="0 0 {box.width * dpi:.0f} {box.height * dpi:.0f}" '
        f'preserveAspectRatio="none" role="group" aria-label="{name}">{"".join(parts)}</svg>'
    )


def _write_outline(path: Path) -> str:
    """Outlines in whole pixels; a box around what is too small to be met with a pointer."""
    box = path.get_extents()
    thin = min(box.width, box.height) < 2 * _LEAST
    shapes = [shapely.Polygon(ring).simplify(_FINE) for ring in path.to_polygons() if not thin]
    if thin:
        x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
        across, along = (max(size / 2, _LEAST) for size in (box.width, box.height))
        shapes = [shapely.box(x - across, y - along, x + across, y + along)]
    return "".join(
        "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in shape.exterior.coords[:-1]) + "Z"
        for shape in shapes
        if shape.area > 1
    )
