"""Waves and their estimate tables, kept while the files they come from stay the same."""

from pathlib import Path

import pandas as pd

from helpers.data.filecache import FileCache, stamp_files
from helpers.data.language import get_language
from helpers.data.published import read_readings
from helpers.data.responses import Wave, read_wave
from helpers.data.root import find_root
from helpers.stats.results import DEFAULT_RULE, Rule, estimate_question


class EstimateStore:
    """Answers to the same request, in one language, without computing twice.

    A wave is read, and a table computed, anew once its codebook, wave file,
    respondents or the published figures have changed.

    Parameters
    ----------
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.
    waves, tables : int
        How many of each are kept; those unused for longest go first.
    """

    def __init__(self, *, root: Path | None = None, waves: int = 12, tables: int = 400):
        self.root = root or find_root()
        self._waves = FileCache(waves)
        self._tables = FileCache(tables)

    def read_wave(self, survey: str, wave: str) -> Wave:
        """Read a wave; parameters, result and errors as `helpers.data.responses.read_wave`."""
        key = (survey, wave, self._stamp(survey, wave))
        return self._waves.get(key, lambda: read_wave(survey, wave, root=self.root))

    def estimate(
        self, survey: str, wave: str, question: str, *, by: str | None = None,
        rule: Rule = DEFAULT_RULE,
    ) -> pd.DataFrame:  # fmt: skip
        """Estimate a question; as `helpers.stats.results.estimate_question`.

        Parameters
        ----------
        survey, wave, question : str
        by : str, optional
            Domain variable.
        rule : Rule, optional

        Returns
        -------
        pandas.DataFrame
            An estimate table; changing it changes no later answer.

        Raises
        ------
        InputError
            As `estimate_question` and `read_wave`.
        """
        key = (survey, wave, question, by, rule, get_language(), self._stamp(survey, wave))

        def compute():
            return estimate_question(self.read_wave(survey, wave), question, by=by, rule=rule)

        return self._tables.get(key, compute).copy(deep=False)

    def read_readings(self, survey: str, wave: str) -> pd.DataFrame:
        """Read what was printed but hard to read; as `helpers.data.published.read_readings`."""
        key = ("readings", survey, wave, self._stamp(survey, wave))
        kept = self._tables.get(key, lambda: read_readings(survey, wave, root=self.root))
        return kept.copy(deep=False)

    def _stamp(self, survey: str, wave: str) -> tuple:
        data = self.root / "data"
        folder = data / "surveys" / survey
        return stamp_files(
            data / "surveys" / "domains.yaml",
            folder / "codebook.yaml",
            folder / wave / "wave.yaml",
            folder / wave / "responses.parquet",
            data / "published" / "figures.csv",
            data / "published" / "links.csv",
        )
