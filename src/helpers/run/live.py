"""What a page needs to answer without a kernel: its explorer in place, scripts and styles once."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import vl_convert
from nbformat import NotebookNode

from helpers.view.hover import HOVER
from helpers.view.live import LIVE

_STATIC = files("helpers.view") / "static"


@dataclass(frozen=True)
class Live:
    """Scripts and styles of a page.

    Attributes
    ----------
    library : str
        Vega, Vega-Lite and Vega-Embed; "" for a page that draws nothing itself.
    scripts : list of str
    styles : str
    """

    library: str
    scripts: list[str]
    styles: str


def place_live(notebook: NotebookNode) -> Live:
    """Put what a page draws itself where the notebook shows a line in its place.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        Executed; outputs that hold an explorer are changed in place.

    Returns
    -------
    Live
        What the page needs for them.
    """
    explores = hovers = False
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            hovers |= HOVER in data
            if LIVE in data:
                output.data = NotebookNode({"text/html": data[LIVE]})
                explores = True
    scripts = ["live_text.js", "live.js"] * explores + ["hover.js"] * hovers
    styles = ["live.css"] * explores + ["hover.css"] * hovers
    return Live(
        library=_read_library() if explores else "",
        scripts=[_read(name) for name in scripts],
        styles="".join(_read(name) for name in styles),
    )


def _read(name: str) -> str:
    return (_STATIC / name).read_text(encoding="utf-8")


@cache
def _read_library() -> str:
    """The library as one text that asks for nothing and cannot end its script element."""
    return vl_convert.javascript_bundle().replace("</script", "<\\/script")
