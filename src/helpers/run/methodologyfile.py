"""Writes and reads `methodology.yaml`: what a researcher states of a wave taken in."""

import os
from pathlib import Path

from helpers.data.disclosure import Item, read_disclosure
from helpers.data.methodology import Methodology
from helpers.data.waves import read_wave_file
from helpers.data.yamlfile import read_model

NAME = "methodology.yaml"
_HEAD = """\
# How the survey was made: what the codes of the profession ask a survey to disclose.
# Write after each colon, in quotes; in one language, or as {en: "...", fr: "..."}. Write "none"
# where there was none. What stays empty is not stated, and `studies publish` refuses the wave.
"""


def write_template(folder: Path, *, root: Path) -> Path:
    """Write an empty `methodology.yaml` into the folder of a wave to be; one there is kept.

    Parameters
    ----------
    folder : pathlib.Path
    root : pathlib.Path
        Root of the collection.

    Returns
    -------
    pathlib.Path
    """
    target = folder / NAME
    if target.exists():
        return target
    lines = [_HEAD]
    disclosure = read_disclosure(root=root)
    names = {code.id: code.short.en for code in disclosure.codes}
    for item in disclosure.items:
        lines += [f"{_describe(item, names)}\n{field}:\n" for field in _list_fields(item)]
    part = target.with_name(f".{NAME}.{os.getpid()}.part")
    part.write_text("\n".join(lines), encoding="utf-8")
    os.replace(part, target)
    return target


def read_methodology(survey: str, wave: str, *, root: Path) -> Methodology:
    """Read what was stated of a wave about to be taken in.

    Parameters
    ----------
    survey, wave : str
    root : pathlib.Path
        Root of the collection.

    Returns
    -------
    Methodology
        Of `methodology.yaml`; without that file, of the wave that is to be replaced.

    Raises
    ------
    InputError
        If the file is not valid; names line and field.
    """
    folder = root / "data" / "surveys" / survey / wave
    if (folder / NAME).exists():
        return read_model(folder / NAME, Methodology)
    if (folder / "wave.yaml").exists():
        return read_wave_file(survey, wave, root=root).methodology
    return Methodology()


def _list_fields(item: Item) -> list[str]:
    pairs = [place.split(".") for place in item.places if place.startswith("methodology.")]
    return [field for _, field in pairs]


def _describe(item: Item, names: dict[str, str]) -> str:
    asked = "; ".join(f"{names[code]} {place}" for code, place in item.asked_by.items())
    return f"# {item.label.en} ({asked})"
