"""Badges of a page: which kinds of data it shows, in words and colours."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from helpers.data.catalog import list_series
from helpers.data.language import tr
from helpers.data.waves import read_wave_file
from helpers.view.provenance import COLOURS, WORDS


@dataclass(frozen=True)
class Badge:
    """One kind of data, as a reader is told.

    Attributes
    ----------
    kind : str
    words : str
        In the language in use.
    colour : str
    """

    kind: str
    words: str
    colour: str

    @property
    def name(self) -> str:
        """The first word, in capitals."""
        return self.words.split()[0]

    @property
    def rest(self) -> str:
        """What follows the first word."""
        return self.words.removeprefix(self.name)


def find_badges(surveys: Sequence[str], wave: str, *, root: Path | None = None) -> list[Badge]:
    """Badges of a page; one over every wave sets published figures beside them.

    Parameters
    ----------
    surveys : sequence of str
    wave : str
        "" for a page over every wave.
    root : pathlib.Path, optional
        Root of the collection.

    Returns
    -------
    list of Badge

    Raises
    ------
    InputError
        If a wave file is not valid.
    """
    if wave:
        pairs = [(survey, wave) for survey in surveys]
    else:
        pairs = [(survey, name) for survey in surveys for name in list_series(survey, root=root)]
    kinds = [read_wave_file(*pair, root=root).provenance for pair in pairs]
    if surveys and not wave:
        kinds = ["published", *kinds]
    return [Badge(kind, tr(WORDS[kind]), COLOURS[kind]) for kind in dict.fromkeys(kinds)]
