"""Fingerprints of respondents: runs of values that no table would hold by chance."""

import re
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import pandas as pd

from helpers.data.responses import Wave

# Bits a run must carry: by chance, one place in 16 million holds a given one.
_BITS = 24.0
_SHORTEST, _LONGEST = 4, 64
_BASE = np.uint64(1099511628211)
_SPLIT = re.compile(r"[^\s,;|<>\"'\[\]{}()\\]+")
_KEY = re.compile(r"""\\?"[^"\n]{1,60}"\s*:|'[^'\n]{1,60}'\s*:|\b\w+=""")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?")
_EMPTY = {"nan", "none", "null", "na", "<na>", "nat", ""}
_SAME = {"true": "1", "false": "0"}
# An id this long, with a figure in it, is no ordinary word.
_LONG_ID = 6
_WEIGHTS = 10


class Fingerprints:
    """Everything by which respondents of a wave would be known again in a text.

    Parameters
    ----------
    wave : Wave

    Notes
    -----
    Looked for are long ids, one by one; ten weights that few respondents share, at six digits or
    more; and runs of values in the order of the file, along a row or down a column, as
    codes, answer ids or labels in either language, long enough to carry 24 bits by the
    frequencies of the wave. Rows without id and weight that carry less, because few or
    rarely differing questions were asked, are told from no table and are not looked for; nor
    are columns in another order, nor runs that repeat up to three words.
    """

    def __init__(self, wave: Wave):
        people = wave.respondents
        self._ids = {
            text for text in people["respondent"].astype(str)
            if len(text) >= _LONG_ID and any(letter.isdigit() for letter in text)
        }  # fmt: skip
        weights = people[wave.design.weight].round(10)
        shared = weights.map(weights.value_counts())
        self._weights = {
            f"{value:.6g}" for value in weights[shared <= 3] if len(f"{value:.6g}") >= 7
        }
        self._codes: dict[str, int] = {}
        self._values: dict[str, list[int]] = {}
        self._runs: dict[int, list[np.ndarray]] = {}
        for frame in _list_encodings(wave):
            self._add_frame(frame, wave.design.weight)
        self._known = {
            size: np.unique(np.concatenate(hashes))
            for size, hashes in self._runs.items()
            if sum(map(len, hashes))
        }

    def find(self, text: str) -> list[str]:
        """Say which fingerprints a text holds.

        Parameters
        ----------
        text : str

        Returns
        -------
        list of str
            In words, with counts and without values; empty if there are none.
        """
        found = []
        words, numbers, *spellings = _read_text(text)
        ids = self._ids & words
        if ids:
            found.append(f"ids of respondents ({len(ids)})")
        weights = self._weights & numbers
        if len(weights) >= _WEIGHTS:
            found.append(f"weights of respondents ({len(weights)})")
        runs = max(self._count_runs(normalised) for normalised in spellings)
        if runs:
            found.append(f"answers of respondents in the order of the file ({runs} runs)")
        return found

    def _count_runs(self, words: list[str]) -> int:
        codes = np.array([self._codes.get(word, 0) for word in words], dtype=np.uint64)
        count = 0
        for size, known in self._known.items():
            if len(codes) >= size:
                windows, whole = _hash_windows(codes, size)
                places = np.searchsorted(known, windows[whole])
                count += int((known[places.clip(max=len(known) - 1)] == windows[whole]).sum())
        return count

    def _add_frame(self, frame: pd.DataFrame, weight: str) -> None:
        bits = {name: _measure_bits(frame[name]) for name in frame}
        answers = [name for name in frame if name not in ("respondent", weight)]
        rows = frame.to_dict("records")
        for row in rows:
            codes, carried = self._read([(row[name], bits[name]) for name in frame])
            size = max(int(np.searchsorted(carried.cumsum(), _BITS)) + 1, _SHORTEST)
            if size <= len(codes):
                self._keep(size, _hash_windows(codes[:size], size)[0])
        self._add_stream([(row[name], bits[name]) for row in rows for name in answers])
        for name in answers:
            self._add_stream([(value, bits[name]) for value in frame[name]])

    def _add_stream(self, values: list[tuple[str, dict]]) -> None:
        """Keep every run of a sequence of values that carries enough."""
        codes, carried = self._read(values)
        size = _choose_size(carried)
        if size:
            total = np.convolve(carried, np.ones(size), mode="valid")
            telling = (total >= _BITS) & ~_repeat(codes, size)
            self._keep(size, _hash_windows(codes, size)[0][telling])

    def _read(self, values: list[tuple[str, dict]]) -> tuple[np.ndarray, np.ndarray]:
        """Codes of the words of some values, and the bits each of them adds."""
        codes, carried = [], []
        for value, bits in values:
            words = self._words(value)
            codes += words
            carried += [bits[value], *[0.0] * (len(words) - 1)][: len(words)]
        return np.array(codes, dtype=np.uint64), np.array(carried)

    def _words(self, value: str) -> list[int]:
        if value not in self._values:
            words = _normalise(_split(value))
            known = self._codes
            self._values[value] = [known.setdefault(word, len(known) + 1) for word in words]
        return self._values[value]

    def _keep(self, size: int, hashes: np.ndarray) -> None:
        self._runs.setdefault(size, []).append(hashes)


def _list_encodings(wave: Wave) -> Iterator[pd.DataFrame]:
    """Respondents as texts: answers as codes, as ids, and as labels in either language."""
    variables = [
        wave.codebook.variable(name) for name in (*wave.file.domains, *wave.file.questions)
    ]
    single = [item for item in variables if item.id in wave.respondents]
    codes = {item.id: {answer.id: str(answer.code) for answer in item.answers} for item in single}
    labels = [{item.id: item.labels(lang) for item in single} for lang in ("en", "fr")]
    for names in (codes, {}, *labels):
        frame = wave.respondents.astype(object)
        for column, words in names.items():
            frame[column] = frame[column].map(words)
        yield frame.where(frame.notna(), "").astype(str)


def _measure_bits(column: pd.Series) -> dict[str, float]:
    shares = column.value_counts(normalize=True)
    return (-np.log2(shares)).to_dict()


def _choose_size(weights: np.ndarray) -> int:
    """Fewest words of which half the runs carry enough; 0 if no run does."""
    total = np.concatenate([[0.0], weights.cumsum()])
    for size in range(_SHORTEST, min(len(weights), _LONGEST) + 1):
        if np.median(total[size:] - total[:-size]) >= _BITS:
            return size
    whole = len(weights) <= _LONGEST and total[-1] >= _BITS
    return len(weights) if whole else 0


def _hash_windows(codes: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Hash of each run of so many words, and whether all of them are words of the wave."""
    count = len(codes) - size + 1
    hashes, known = np.zeros(count, dtype=np.uint64), np.ones(count, dtype=bool)
    for place in range(size):
        part = codes[place : place + count]
        hashes = hashes * _BASE + part
        known &= part > 0
    return hashes, known


def _repeat(codes: np.ndarray, size: int) -> np.ndarray:
    """Whether each run of so many words repeats one to three, as the answers of a table do."""
    found = np.zeros(len(codes) - size + 1, dtype=bool)
    for period in (1, 2, 3):
        same = np.concatenate([[0], (codes[period:] == codes[:-period]).cumsum()])
        length = size - period
        found |= (same[length:] - same[:-length])[: len(found)] == length
    return found


@lru_cache(maxsize=2)
def _read_text(text: str) -> tuple[set[str], set[str], list[str], list[str]]:
    """Words; numbers at six digits; words in one spelling, with the keys of records and without.

    One text is searched for the respondents of several surveys in turn.
    """
    words = _split(text)
    return (
        set(words),
        _write_short(words),
        _normalise(words),
        _normalise(_split(_KEY.sub(" ", text))),
    )


def _split(text: str) -> list[str]:
    return [word.strip(".:?!*#") for word in _SPLIT.findall(text)]


def _normalise(words: list[str]) -> list[str]:
    """Words in one spelling: case, truth values, four digits of a number; empty ones left out."""
    written = map(str.lower, words)
    return [
        f"{float(word):.4g}" if _NUMBER.fullmatch(word) else _SAME.get(word, word)
        for word in written
        if word not in _EMPTY
    ]


def _write_short(words: list[str]) -> set[str]:
    numbers = (word for word in words if len(word) >= 7 and _NUMBER.fullmatch(word))
    return {f"{float(word):.6g}" for word in numbers}
