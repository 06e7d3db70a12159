"""Notebook files as they lie on disk: title, metadata, cells; nothing is executed."""

import json
from dataclasses import dataclass
from pathlib import Path

from helpers.data.filecache import FileCache, stamp_files

PARAMETERS = "parameters"
_NOTEBOOKS = FileCache(limit=64)  # each run asks for all of them


@dataclass(frozen=True)
class Cell:
    """One cell: its `kind` ("code" or "markdown"), `source` and `tags`."""

    kind: str
    source: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Notebook:
    """What a notebook file says, its stored outputs left out.

    Attributes
    ----------
    title : str
        First line of the first cell, without the mark of a heading.
    metadata : dict
    cells : tuple of Cell
    """

    title: str
    metadata: dict
    cells: tuple[Cell, ...]


def read_notebook(path: Path) -> Notebook:
    """Read a notebook file.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    Notebook
        The same object until the file changes; nobody changes its metadata.

    Raises
    ------
    ValueError, LookupError, TypeError, AttributeError
        If the file is no notebook of format 4.

    Notes
    -----
    Read as JSON: nbformat takes longer to import than all notebooks to read, and
    the catalogue is read by every command. What is executed is validated there.
    """
    return _NOTEBOOKS.get(stamp_files(path), lambda: _read(path))


def _read(path: Path) -> Notebook:
    file = json.loads(path.read_text(encoding="utf-8"))
    cells = tuple(
        Cell(cell["cell_type"], "".join(cell["source"]), tuple(cell["metadata"].get("tags", ())))
        for cell in file["cells"]
    )
    return Notebook(cells[0].source.splitlines()[0].lstrip("# ").strip(), file["metadata"], cells)
