"""Pages: rendered from a template with everything escaped, written whole or not at all."""

import os
import re
import shutil
from functools import cache
from pathlib import Path

import psutil
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from helpers.data.language import tr

TEMPLATES = Path(__file__).parent / "templates"
# Names of `name_part` and of what `replace_folder` sets aside, with the process that writes.
_LEFT = re.compile(r"\.(.+)\.(\d+)\.(part|old)")


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
    return _make_environment().get_template(name).render(**values)


@cache
def _make_environment() -> Environment:
    """One for all pages: it keeps the templates it compiled, and sees when one changes."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.globals["tr"] = tr
    environment.filters["css_text"] = _escape_css
    return environment


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
    part = name_part(path)
    try:
        part.write_text(text, encoding="utf-8")
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
    return path


def name_part(path: Path) -> Path:
    """Hidden name beside a file or folder, under which it is written before it takes its place."""
    return path.with_name(f".{path.name}.{os.getpid()}.part")


def replace_folder(target: Path, part: Path) -> None:
    """Put a folder in the place of another, whole or not at all.

    Parameters
    ----------
    target : pathlib.Path
        What was there comes back if it cannot be replaced.
    part : pathlib.Path
        Beside it.
    """
    old = part.with_suffix(".old")
    try:
        if target.exists():
            os.rename(target, old)
        os.rename(part, target)
    finally:
        if old.exists() and not target.exists():
            os.rename(old, target)
        shutil.rmtree(old, ignore_errors=True)


def sweep_parts(folder: Path) -> None:
    """Remove what commands that were killed had begun to write in a folder.

    Parameters
    ----------
    folder : pathlib.Path
        Searched through; what a living process writes stays. What was set aside, and not
        yet replaced, comes back.
    """
    for path in sorted(folder.rglob(".*")):
        found = _LEFT.fullmatch(path.name)
        if not found or psutil.pid_exists(int(found[2])):
            continue
        target = path.with_name(found[1])
        if found[3] == "old" and not target.exists():
            os.rename(path, target)
        elif path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
