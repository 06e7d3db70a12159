"""Numbers on the axes of charts, as the language in use writes them."""

from matplotlib.ticker import ScalarFormatter

from helpers.data.language import write_number


class _NumberFormatter(ScalarFormatter):
    """The decimals matplotlib finds right, the marks of the language."""

    def __call__(self, x, pos=None):
        decimals = len(super().__call__(x, pos).partition(".")[2])
        return self.fix_minus(write_number(x, decimals))


def write_ticks(*axes) -> None:
    """Write the numbers of axes in the language in use.

    Parameters
    ----------
    *axes : matplotlib.axis.Axis
        E.g. ``ax.xaxis``, or ``bar.ax.yaxis`` of a colour bar; their scale is linear.
    """
    for axis in axes:
        axis.set_major_formatter(_NumberFormatter(useOffset=False))
