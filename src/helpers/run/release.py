"""A release: what is about to be published of one wave, and what a check finds in it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from helpers.data.catalog import list_surveys, list_waves
from helpers.data.errors import InputError
from helpers.data.waves import WaveFile, read_wave_file


@dataclass(frozen=True)
class Finding:
    """One reason not to publish.

    Attributes
    ----------
    place : str
        The file, relative to the release or the collection, or the survey and wave.
    what : str
        What is wrong there, in one sentence; holds no value that had to stay secret.
    """

    place: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


@dataclass(frozen=True)
class Release:
    """Everything that would be published of one wave.

    Attributes
    ----------
    wave : str
    folder : pathlib.Path
        Holds the pages and their files, and nothing else.
    root : pathlib.Path
        Root of the collection.
    """

    wave: str
    folder: Path
    root: Path

    @cached_property
    def wave_files(self) -> dict[str, WaveFile]:
        """Survey to its wave file, of the surveys that hold the wave."""
        return {
            survey: read_wave_file(survey, self.wave, root=self.root)
            for survey in find_surveys(self.wave, root=self.root)
        }

    @cached_property
    def files(self) -> dict[str, Path]:
        """Files by their path within the release."""
        paths = sorted(path for path in self.folder.rglob("*") if path.is_file())
        return {path.relative_to(self.folder).as_posix(): path for path in paths}

    @cached_property
    def pages(self) -> dict[str, Path]:
        """The HTML pages among the files."""
        return {name: path for name, path in self.files.items() if path.suffix == ".html"}


# A check reads a release and lists what forbids its publication.
Check = Callable[[Release], list[Finding]]


def find_surveys(wave: str, *, root: Path | None = None) -> list[str]:
    """Find the surveys that hold a wave.

    Parameters
    ----------
    wave : str
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    list of str

    Raises
    ------
    InputError
        If no survey has the wave; says which waves there are.
    """
    known = {survey: list_waves(survey, root=root) for survey in list_surveys(root=root)}
    held = [survey for survey, waves in known.items() if wave in waves]
    if not held:
        valid = dict.fromkeys(name for waves in known.values() for name in waves)
        raise InputError(f"{wave!r} is not a wave of any survey; valid are {', '.join(valid)}.")
    return held
