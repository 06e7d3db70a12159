"""Widgets that show markup whose parts can be chosen, and code that can be copied."""

from collections.abc import Callable
from pathlib import Path

import anywidget
import traitlets

from helpers.data.language import tr

# Sent with the widget: no address is asked for.
_STATIC = Path(__file__).with_name("static")


class Panel(anywidget.AnyWidget):
    """Markup whose parts with a `data-code` can be clicked, or chosen with Enter or Space.

    Attributes
    ----------
    markup : str
        HTML or SVG; whoever writes it escapes what comes from data.
    """

    _esm = _STATIC / "panel.js"
    _css = _STATIC / "panel.css"
    markup = traitlets.Unicode().tag(sync=True)

    def on_choose(self, react: Callable[[str], None]) -> None:
        """Call `react` with the code of a part whenever one is chosen."""

        def receive(_widget, content, _buffers):
            if "choose" in content:
                react(content["choose"])

        self.on_msg(receive)


class CodeBox(anywidget.AnyWidget):
    """Code in a box, with a button that copies it or, if refused, selects it.

    Attributes
    ----------
    code : str
    words : dict
        What the box says, in the language in use.
    """

    _esm = _STATIC / "code_box.js"
    _css = _STATIC / "code_box.css"
    code = traitlets.Unicode().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)

    @traitlets.default("words")
    def _translate(self) -> dict[str, str]:
        return {
            "copy": tr("Copy the code of this view"),
            "label": tr("Code of this view"),
            "copied": tr("Copied: paste it into a new cell."),
            "refused": tr("The browser refuses the clipboard: press Ctrl+C, the code is selected."),
        }
