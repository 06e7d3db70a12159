"""What the collection holds: surveys, waves and studies."""

import difflib
from pathlib import Path

import nbformat
import pandas as pd

from helpers.data.errors import InputError
from helpers.data.root import find_root
from helpers.data.waves import read_wave_file

_STUDY_COLUMNS = ["study", "title", "question", "surveys", "waves", "shows", "path"]


def list_surveys(*, root: Path | None = None) -> list[str]:
    """Names of the surveys that have a codebook, sorted.

    Parameters
    ----------
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    list of str
    """
    folder = (root or find_root()) / "data" / "surveys"
    return sorted(path.parent.name for path in folder.glob("*/codebook.yaml"))


def list_waves(survey: str, *, root: Path | None = None) -> list[str]:
    """Names of the waves of a survey: years first, the demonstration last.

    Parameters
    ----------
    survey : str
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    list of str
    """
    folder = (root or find_root()) / "data" / "surveys" / survey
    names = [path.parent.name for path in folder.glob("*/wave.yaml")]
    return sorted(names, key=lambda name: (not name[:1].isdigit(), name))


def check_survey(survey: str, *, root: Path | None = None) -> str:
    """Return the survey, or raise InputError saying which exist.

    Parameters
    ----------
    survey : str
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    str
        The same name.
    """
    return _check_known(survey, list_surveys(root=root), "survey")


def check_wave(survey: str, wave: str, *, root: Path | None = None) -> str:
    """Return the wave, or raise InputError saying which the survey has.

    Parameters
    ----------
    survey, wave : str
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    str
        The name of the wave.
    """
    return _check_known(str(wave), list_waves(survey, root=root), f"wave of {survey}")


def read_studies(*, root: Path | None = None) -> pd.DataFrame:
    """The studies: one row per notebook, read from the notebooks themselves.

    Parameters
    ----------
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    pandas.DataFrame
        `study` (file name without ending), `title`, `question`, `surveys`
        (list), `waves` (list: the waves every one of its surveys has), `shows`
        (what a study without waves shows) and `path`, in reading order.

    Raises
    ------
    InputError
        If a notebook is not valid or lacks its title or `study` metadata.
    """
    root = root or find_root()
    rows = [_read_study(path, root) for path in sorted((root / "notebooks").glob("*.ipynb"))]
    return pd.DataFrame(rows, columns=_STUDY_COLUMNS)


def read_waves(*, root: Path | None = None) -> pd.DataFrame:
    """The waves: one row per survey and wave.

    Parameters
    ----------
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    pandas.DataFrame
        `survey`, `wave`, `provenance`, `respondents`, `n_status`, `fielded`,
        `producer`. A wave whose file is not valid has the provenance ``not
        valid``, and the first mistake in `producer`.
    """
    root = root or find_root()
    pairs = [(survey, wave) for survey in list_surveys(root=root)
             for wave in list_waves(survey, root=root)]  # fmt: skip
    columns = ["survey", "wave", "provenance", "respondents", "n_status", "fielded", "producer"]
    return pd.DataFrame([_read_wave(*pair, root) for pair in pairs], columns=columns)


def _read_wave(survey: str, wave: str, root: Path) -> tuple:
    try:
        file = read_wave_file(survey, wave, root=root)
    except InputError as error:
        return (survey, wave, "not valid", 0, "", "", str(error).splitlines()[0])
    fieldwork = file.fieldwork
    return (
        survey, wave, file.provenance, file.n, file.n_status, fieldwork.dates, fieldwork.producer
    )  # fmt: skip


def _read_study(path: Path, root: Path) -> dict:
    try:
        notebook = nbformat.read(path, as_version=4)
        first = notebook.cells[0].source
        title = first.splitlines()[0].lstrip("# ").strip()
        facts = notebook.metadata["study"]
        question, surveys = facts["question"], list(facts["surveys"])
    except (ValueError, LookupError, AttributeError, nbformat.ValidationError) as error:
        raise InputError(
            f"{path.name}: not a study notebook: {type(error).__name__}; it needs a title cell "
            f"and the metadata `study` with `question` and `surveys`."
        ) from None
    for survey in surveys:
        check_survey(survey, root=root)
    shared = [set(list_waves(survey, root=root)) for survey in surveys]
    known = set.intersection(*shared) if shared else set()
    order = list_waves(surveys[0], root=root) if shared else []
    return {
        "study": path.stem,
        "title": title,
        "question": question,
        "surveys": surveys,
        "waves": [wave for wave in order if wave in known],
        "shows": facts.get("shows", ""),
        "path": path,
    }


def _check_known(name: str, known: list[str], what: str) -> str:
    if name in known:
        return name
    near = difflib.get_close_matches(name, known, n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    raise InputError(f"{name!r} is not a {what}; valid are {', '.join(known) or 'none'}.{hint}")
