"""Writes the folder of a wave whole or not at all, beside whoever else writes it."""

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from helpers.data.errors import InputError

_ABANDONED = 3600.0  # seconds after which a half-written folder counts as left behind


def write_folder(
    folder: Path, files: dict[str, Callable[[Path], None]], *, replace: bool = False
) -> None:
    """Write some files of a wave's folder in one step.

    They are written into a hidden folder beside, which then takes the place of the
    present one; other files of the folder are kept. Whoever reads sees the old folder
    or the new one. A process stopped half-way leaves at most a hidden folder, which is
    no wave and is cleared later.

    Parameters
    ----------
    folder : pathlib.Path
    files : dict
        Name to a function that writes the file at the path it is given.
    replace : bool, default False
        Whether a wave may be there already.

    Raises
    ------
    InputError
        If a wave is there already and may not be replaced, if another process is
        writing it, or if the disk refuses.
    """
    place = "/".join(folder.parts[-2:])
    part = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    old = folder.with_name(f".{folder.name}.{os.getpid()}.old")
    _clear(folder)
    try:
        shutil.rmtree(part, ignore_errors=True)
        if folder.exists():
            shutil.copytree(folder, part)
        else:
            part.mkdir(parents=True)
        for name, write in files.items():
            write(part / name)
        _swap(folder, part, old, place, replace)
    except FileNotFoundError as error:
        raise InputError(
            f"{place}: another intake is writing this wave: {error.filename}."
        ) from None
    except OSError as error:
        raise InputError(
            f"{place}: cannot be written: {error.strerror}; nothing changed."
        ) from None
    finally:
        if old.exists() and not folder.exists():  # stopped between the two renames
            os.rename(old, folder)
        shutil.rmtree(part, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def _swap(folder: Path, part: Path, old: Path, place: str, replace: bool) -> None:
    """Two renames; the second fails when another process was faster."""
    existed = folder.exists()
    if existed:
        os.rename(folder, old)
    if existed and not replace and (old / "wave.yaml").exists():
        os.rename(old, folder)
        raise InputError(
            f"{place}: another intake has just written this wave; it was left as it is."
        )
    try:
        os.rename(part, folder)
    except OSError:
        raise InputError(
            f"{place}: another intake has just written this wave; it was left as it is."
        ) from None


def _clear(folder: Path) -> None:
    """Put back a folder whose swap was cut in two; remove what stopped processes left."""
    for old in sorted(folder.parent.glob(f".{folder.name}.*.old")):
        if not folder.exists():
            os.rename(old, folder)
    for left in folder.parent.glob(f".{folder.name}.*.[po]*"):
        if left.is_dir() and time.time() - left.stat().st_mtime > _ABANDONED:
            shutil.rmtree(left, ignore_errors=True)
