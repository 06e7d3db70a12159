"""Pages: rendered from a template with everything escaped, written whole or not at all."""

import os
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from helpers.data.language import tr

TEMPLATES = Path(__file__).parent / "templates"


def render_template(name: str, **values: object) -> str:
    """Render a template of `templates/`; text in the values shows as text, never as HTML.

    Parameters
    ----------
    name : str
        File name of the template.
    **values
        What the template uses; one that is missing raises jinja2.UndefinedError.

    Returns
    -------
    str
    """
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.globals["tr"] = tr
    environment.filters["css_text"] = _escape_css
    return environment.get_template(name).render(**values)


def _escape_css(text: str) -> str:
    """Text between quotes of a style sheet: a sign that is no letter or digit by its number."""
    return "".join(sign if sign.isalnum() or sign == " " else f"\\{ord(sign):x} " for sign in text)


def write_page(text: str, path: Path) -> Path:
    """Write a page whole or not at all.

    Parameters
    ----------
    text : str
    path : pathlib.Path
        Its folder is created.

    Returns
    -------
    pathlib.Path
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, path)
    return path
