"""Parts that explorers share: labelled controls, search, a line for what went wrong."""

import traceback
import unicodedata
from collections.abc import Callable
from html import escape

import ipywidgets as widgets

from helpers.data.errors import InputError
from helpers.data.language import tr
from helpers.data.responses import Wave
from helpers.view.provenance import COLOURS, describe_source

# A row of parts that goes on below where the page is narrow.
WRAP = {
    "display": "flex",
    "flex_flow": "row wrap",
    "align_items": "flex-start",
    "grid_gap": "0 1.2rem",
}


def build_dropdown(label: str, options=(), *, wide: bool = False) -> widgets.Dropdown:
    """Build a dropdown whose label is never cut.

    Parameters
    ----------
    label : str
    options : sequence, optional
        As of `ipywidgets.Dropdown`.
    wide : bool
        Whether it holds long texts.

    Returns
    -------
    ipywidgets.Dropdown
    """
    return widgets.Dropdown(
        options=options, description=label, style={"description_width": "initial"},
        layout={"width": "auto", "min_width": "12rem", "max_width": "46rem" if wide else "24rem"},
    )  # fmt: skip


class ProblemLine(widgets.HTML):
    """A line that says what went wrong in the work of a control; empty if nothing did."""

    _busy = False

    def watch(self, work: Callable[[], None]) -> None:
        """Do some work and write what it raises; work asked for meanwhile is left out.

        Parameters
        ----------
        work : callable
            Takes no argument. The changes it makes to other controls do not
            set off their own work.
        """
        if self._busy:
            return
        self._busy, self.value = True, ""
        try:
            work()
        except InputError as error:
            self.value = show_problem(str(error))
        except Exception as error:  # in a callback it would vanish in a log
            message = f"{type(error).__name__}: {error}"
            self.value = show_problem(message, traceback.format_exc())
        finally:
            self._busy = False


def match_words(searched: str, *texts: str) -> bool:
    """Whether every word searched for begins or lies in one of the texts.

    Parameters
    ----------
    searched : str
        Words; case and accents do not count. Nothing matches everything.
    *texts : str

    Returns
    -------
    bool

    Examples
    --------
    >>> match_words("mecenat ASSOCI", "Mécénat d'une association")
    True
    >>> match_words("mecenat maire", "Mécénat d'une association")
    False
    """
    where = _plain(" ".join(texts))
    return all(word in where for word in _plain(searched).split())


def show_problem(message: str, details: str = "") -> str:
    """Write what went wrong so that it is seen, and announced by screen readers.

    Parameters
    ----------
    message : str
    details : str
        Shown when unfolded, for whoever mends it.

    Returns
    -------
    str
        HTML.
    """
    heading = tr("Details")
    folded = f"<details><summary>{heading}</summary><pre>{escape(details)}</pre></details>"
    return (
        f'<div role="alert" style="border-left:6px solid #a3003c;padding:.3em .8em;'
        f'background:#fdecef"><strong>{escape(message)}</strong>{folded if details else ""}</div>'
    )


def write_title(title: str, wave: Wave) -> str:
    """Write the title of a picture, and which kind of data it shows.

    Parameters
    ----------
    title : str
    wave : Wave

    Returns
    -------
    str
        HTML.
    """
    colour = COLOURS[wave.provenance]
    return f'<h4>{escape(title)}</h4><p style="color:{colour}">{escape(describe_source(wave))}</p>'


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).casefold()
