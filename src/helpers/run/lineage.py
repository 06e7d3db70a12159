"""What a page was made from: data files, code, packages, parameters, date."""

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from helpers.data.catalog import list_series
from helpers.data.errors import InputError
from helpers.data.notebooks import PARAMETERS
from helpers.data.register import read_register
from helpers.data.responses import checksum
from helpers.data.waves import read_wave_file
from helpers.run.parameters import read_defaults
from helpers.run.plans import Run
from helpers.run.versions import EPOCH

_WAVE_FILES = ("responses.parquet", "wave.yaml")


@dataclass(frozen=True)
class DataFile:
    """A data file.

    Attributes
    ----------
    name : str
        Its path in the collection.
    sha256 : str
        Of the file as it is now.
    registered : bool or None
        Whether the register holds this checksum; None if the register does not list it.
    """

    name: str
    sha256: str
    registered: bool | None


def list_waves_shown(run: Run, *, root: Path) -> list[tuple[str, str]]:
    """Waves a page rests on, as (survey, wave).

    Parameters
    ----------
    run : Run
    root : pathlib.Path
        Root of the collection.

    Returns
    -------
    list of tuple of str
    """
    if run.wave:
        return [(survey, run.wave) for survey in run.surveys]
    return [(survey, wave) for survey in run.surveys for wave in list_series(survey, root=root)]


def list_data_files(waves: list[tuple[str, str]], *, root: Path) -> list[DataFile]:
    """The files of some waves and their codebooks, then every other registered data file.

    Parameters
    ----------
    waves : list of tuple of str
        As (survey, wave); files of other waves are left out.
    root : pathlib.Path
        Root of the collection.

    Returns
    -------
    list of DataFile
    """
    surveys = dict.fromkeys(survey for survey, _ in waves)
    own = [f"data/surveys/{survey}/codebook.yaml" for survey in surveys]
    own += [
        f"data/surveys/{survey}/{wave}/{file}" for survey, wave in waves for file in _WAVE_FILES
    ]
    known = read_register(root=root).set_index("file")["sha256"]
    shared = [name for name in known.index if not name.endswith("/responses.parquet")]
    files = []
    for name in dict.fromkeys([*own, *shared]):
        if (root / name).is_file():
            digest = checksum(root / name)
            files.append(DataFile(name, digest, known[name] == digest if name in known else None))
    return files


def list_seeds(waves: list[tuple[str, str]], *, root: Path) -> dict[str, int]:
    """Seeds that synthetic respondents were drawn with, by survey and wave.

    Parameters
    ----------
    waves : list of tuple of str
    root : pathlib.Path
        Root of the collection.

    Returns
    -------
    dict
    """
    seeds = {}
    for survey, wave in waves:
        file = read_wave_file(survey, wave, root=root)
        recipe = file.reconstruction or file.demonstration
        if recipe:
            seeds[f"{survey} {wave}"] = recipe.seed
    return seeds


def list_parameters(notebook: NotebookNode, run: Run) -> dict[str, Any]:
    """Parameters of a run, those left at their defaults included.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        The executed notebook.
    run : Run

    Returns
    -------
    dict
    """
    defaults: dict[str, Any] = {}
    for cell in notebook.cells:
        if PARAMETERS in cell.metadata.get("tags", []):
            defaults |= read_defaults(cell.source)
    return defaults | run.parameters


def read_date() -> date:
    """Today in UTC, or the date that SOURCE_DATE_EPOCH names.

    Returns
    -------
    datetime.date

    Raises
    ------
    InputError
        If the variable holds no whole number of seconds.

    Notes
    -----
    https://reproducible-builds.org/specs/source-date-epoch/
    """
    text = os.environ.get(EPOCH)
    if not text:
        return datetime.now(UTC).date()
    try:
        return datetime.fromtimestamp(int(text), UTC).date()
    except (ValueError, OverflowError, OSError):
        raise InputError(
            f"{EPOCH} is {text!r}; it must be a number of seconds since 1970."
        ) from None
