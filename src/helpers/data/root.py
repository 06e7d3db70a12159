"""Where the collection lies on this machine: the folder with `data/` and `shapefiles/`."""

import os
from pathlib import Path

from helpers.data.errors import InputError

VARIABLE = "STUDIES_HOME"


def find_root() -> Path:
    """Find the folder that holds `data/` and `shapefiles/`.

    Looked for in this order: the environment variable STUDIES_HOME, taken at its
    word; the nearest folder at or above the current one that holds both; the
    checkout the installed package comes from.

    Returns
    -------
    pathlib.Path
        An absolute path.

    Raises
    ------
    InputError
        If STUDIES_HOME names no folder, or nothing was found.
    """
    named = os.environ.get(VARIABLE)
    if named:
        folder = Path(named).expanduser().resolve()
        if not folder.is_dir():
            raise InputError(f"{VARIABLE} is set to {named!r}, which is not a folder.")
        return folder
    here = Path.cwd().resolve()
    checkout = Path(__file__).resolve().parents[3]
    for folder in (here, *here.parents, checkout):
        if (folder / "data").is_dir() and (folder / "shapefiles").is_dir():
            return folder
    raise InputError(
        f"No folder at or above {here} holds both data/ and shapefiles/: "
        f"start from the collection's folder, or set {VARIABLE} to it."
    )
