"""What the collection holds: surveys, waves and studies.

pandas and the validation of wave files are imported where they are needed: a
command that only asks what there is should answer at once.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.data.errors import InputError
from helpers.data.notebooks import Notebook, read_notebook
from helpers.data.root import find_root

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Study:
    """One study notebook.

    Attributes
    ----------
    study : str
        Name of its file without ending.
    title, question : str
    surveys : list of str
    waves : list of str
        The waves every one of its surveys has, to run it on one by one; those any of
        them has if ``waves`` is ``any`` in its metadata.
    every_wave : bool
        It runs once, over all waves of its surveys but the demonstrations; `waves`
        is then empty.
    shows : str
        What a study without waves shows.
    path : pathlib.Path
    """

    study: str
    title: str
    question: str
    surveys: list[str]
    waves: list[str]
    every_wave: bool
    shows: str
    path: Path

    @property
    def notebook(self) -> Notebook:
        """The notebook, read again."""
        return read_notebook(self.path)


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
    names = [name for name in names if not name.startswith(".")]  # a wave being written
    return _sort_waves(names)


def _sort_waves(names: Iterable[str]) -> list[str]:
    return sorted(names, key=lambda name: (not name[:1].isdigit(), name))


def list_series(survey: str, *, root: Path | None = None) -> list[str]:
    """Names of the waves of a survey that say something about France: no demonstration.

    Parameters
    ----------
    survey : str
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    list of str

    Raises
    ------
    InputError
        If a wave file is not valid.
    """
    from helpers.data.waves import read_wave_file

    names = list_waves(survey, root=root)
    return [name for name in names if read_wave_file(survey, name, root=root).provenance != "demo"]


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


def list_studies(*, root: Path | None = None) -> list[Study]:
    """The studies, read from the notebooks themselves, in reading order.

    Parameters
    ----------
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    list of Study

    Raises
    ------
    InputError
        If a notebook is not valid or lacks its title or `study` metadata, or if
        that has `waves` that are neither ``"all"`` nor ``"any"``.
    """
    root = root or find_root()
    return [_read_study(path, root) for path in sorted((root / "notebooks").glob("*.ipynb"))]


def read_studies(*, root: Path | None = None) -> pd.DataFrame:
    """The studies as a table: one row per notebook.

    Parameters
    ----------
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    pandas.DataFrame
        The attributes of `Study`, in reading order.

    Raises
    ------
    InputError
        If a notebook is not valid or lacks its title or `study` metadata, or if
        that has `waves` that are neither ``"all"`` nor ``"any"``.
    """
    import pandas as pd

    rows = [asdict(study) for study in list_studies(root=root)]
    return pd.DataFrame(rows, columns=list(Study.__dataclass_fields__))


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
    import pandas as pd

    root = root or find_root()
    pairs = [(survey, wave) for survey in list_surveys(root=root)
             for wave in list_waves(survey, root=root)]  # fmt: skip
    columns = ["survey", "wave", "provenance", "respondents", "n_status", "fielded", "producer"]
    return pd.DataFrame([_read_wave(*pair, root) for pair in pairs], columns=columns)


def _read_wave(survey: str, wave: str, root: Path) -> tuple:
    from helpers.data.waves import read_wave_file

    try:
        file = read_wave_file(survey, wave, root=root)
    except InputError as error:
        return (survey, wave, "not valid", 0, "", "", str(error).splitlines()[0])
    fieldwork = file.fieldwork
    return (
        survey, wave, file.provenance, file.n, file.n_status, fieldwork.dates.text,
        fieldwork.producer.text,
    )  # fmt: skip


def _read_study(path: Path, root: Path) -> Study:
    try:
        notebook = read_notebook(path)
        facts = notebook.metadata["study"]
        question, surveys = facts["question"], list(facts["surveys"])
    except (ValueError, LookupError, AttributeError, TypeError) as error:
        raise InputError(
            f"{path.name}: not a study notebook: {type(error).__name__}; it needs a title cell "
            f"and the metadata `study` with `question` and `surveys`."
        ) from None
    for survey in surveys:
        check_survey(survey, root=root)
    order = _read_order(facts.get("waves"), surveys, path.name)
    held = [set(list_waves(survey, root=root)) for survey in surveys]
    join = set.union if order == "any" else set.intersection
    every = order == "all"
    waves = _sort_waves(join(*held)) if held and not every else []
    shows = facts.get("shows", "")
    return Study(path.stem, notebook.title, question, surveys, waves, every, shows, path)


def _read_order(waves: str | None, surveys: list[str], name: str) -> str:
    """How a study takes the waves of its surveys: "" for those all of them have."""
    if waves is None:
        return ""
    if waves not in ("all", "any") or not surveys:
        raise InputError(
            f'{name}: metadata `study`: waves is {waves!r}; it must be "all" or "any", with '
            f"surveys, or left out."
        )
    return waves


def _check_known(name: str, known: list[str], what: str) -> str:
    if name in known:
        return name
    near = difflib.get_close_matches(name, known, n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    raise InputError(f"{name!r} is not a {what}; valid are {', '.join(known) or 'none'}.{hint}")
