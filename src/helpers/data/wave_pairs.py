"""Two waves of a survey: their order in time, what both hold, an earlier one to compare with."""

from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import pandas as pd

from helpers.data.actors import name_survey
from helpers.data.catalog import check_survey, check_wave, list_waves
from helpers.data.codebook import Codebook, read_codebook
from helpers.data.comparability import COMPARABLE, judge
from helpers.data.errors import InputError
from helpers.data.language import tr
from helpers.data.waves import WaveFile, read_wave_file


@dataclass(frozen=True)
class EarlierWave:
    """The wave that one is to be compared with.

    Attributes
    ----------
    name : str
        Empty if there is none.
    reason : str
        Why there is none; empty if there is one.
    """

    name: str
    reason: str


def order_waves(
    survey: str, first: str, second: str, *, root: Path | None = None
) -> tuple[str, str]:
    """Put two waves of a survey in time order, the earlier first.

    Parameters
    ----------
    survey, first, second : str
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    tuple of str
        In the order of `helpers.data.catalog.list_waves`: a wave is named by its year.

    Raises
    ------
    InputError
        If the survey or a wave is unknown, both are one, or only one of them is fictional.
    """
    check_survey(survey, root=root)
    first, second = (check_wave(survey, wave, root=root) for wave in (first, second))
    if first == second:
        raise InputError(f"{survey}/{first}: compared with itself; give another wave.")
    names = [name for name in list_waves(survey, root=root) if name in (first, second)]
    check_kinds(*(read_wave_file(survey, name, root=root) for name in names))
    return names[0], names[1]


def check_kinds(first: WaveFile, second: WaveFile) -> None:
    """Refuse to compare a fictional wave with one that is not.

    Parameters
    ----------
    first, second : WaveFile

    Raises
    ------
    InputError
        If one is a demonstration wave and the other is not.
    """
    if _is_fictional(first) != _is_fictional(second):
        demo, other = (first, second) if _is_fictional(first) else (second, first)
        raise InputError(
            f"{demo.survey}/{demo.wave} is fictional and {other.survey}/{other.wave} is "
            f"{other.provenance}: a difference between them would say nothing; compare two "
            "fictional waves, or two that are not."
        )


def compare_questions(codebook: Codebook, first: WaveFile, second: WaveFile) -> pd.DataFrame:
    """List the questions of two waves and whether their answers may be compared.

    Parameters
    ----------
    codebook : Codebook
    first, second : WaveFile

    Returns
    -------
    pandas.DataFrame
        One row per question that either wave holds, in the order of the codebook:
        `question`, `held` (``both``, ``first``, ``second``), `verdict` and `reason` of
        `helpers.data.comparability.judge`, empty for a question of one wave.
    """
    rows = []
    for name in codebook.question_ids:
        sides = [name in file.questions for file in (first, second)]
        if all(sides):
            stated = judge(codebook, name, first.wave, second.wave)
            rows.append((name, "both", stated.verdict, stated.reason))
        elif any(sides):
            rows.append((name, "first" if sides[0] else "second", "", ""))
    return pd.DataFrame(rows, columns=["question", "held", "verdict", "reason"])


def list_comparable(survey: str, *, root: Path | None = None) -> pd.DataFrame:
    """List the pairs of waves of a survey that share a question which may be compared.

    Parameters
    ----------
    survey : str
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    pandas.DataFrame
        `first`, `second` and the number of such `questions`; pairs without any, or of a
        fictional wave and another one, are left out.

    Raises
    ------
    InputError
        If the codebook or a wave file is not valid.
    """
    codebook = read_codebook(survey, root=root)
    files = [read_wave_file(survey, name, root=root) for name in list_waves(survey, root=root)]
    rows = [
        (first.wave, second.wave, int(_may_compare(codebook, first, second).sum()))
        for first, second in combinations(files, 2)
        if _is_fictional(first) == _is_fictional(second)
    ]
    table = pd.DataFrame(rows, columns=["first", "second", "questions"])
    return table[table["questions"] > 0].reset_index(drop=True)


def find_earlier(survey: str, wave: str, *, root: Path | None = None) -> EarlierWave:
    """Find the latest earlier wave that shares a question which may be compared.

    Parameters
    ----------
    survey, wave : str
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    EarlierWave
        A fictional wave is compared with fictional ones only.

    Raises
    ------
    InputError
        If the survey or the wave is unknown, or a file is not valid.
    """
    check_survey(survey, root=root)
    check_wave(survey, wave, root=root)
    codebook = read_codebook(survey, root=root)
    names = list_waves(survey, root=root)
    files = {name: read_wave_file(survey, name, root=root) for name in names}
    fictional = _is_fictional(files[wave])
    earlier = [
        name for name in names[: names.index(wave)] if _is_fictional(files[name]) == fictional
    ]
    for name in reversed(earlier):
        if _may_compare(codebook, files[name], files[wave]).any():
            return EarlierWave(name, "")
    if not earlier:
        place = {"survey": name_survey(survey), "wave": wave}
        return EarlierWave(
            "",
            tr("The collection holds no fictional wave of {survey} before {wave}.", **place)
            if fictional
            else tr("The collection holds no wave of {survey} before {wave}.", **place),
        )
    shared = [set(files[name].questions) & set(files[wave].questions) for name in earlier]
    waves = ", ".join(earlier)
    if not any(shared):
        return EarlierWave(
            "",
            tr("{wave} shares no question with an earlier wave ({waves}).", wave=wave, waves=waves),
        )
    return EarlierWave(
        "",
        tr(
            "{wave} shares questions with earlier waves ({waves}), but the codebook states of "
            "none that its answers may be compared.",
            wave=wave, waves=waves,
        ),
    )  # fmt: skip


def _is_fictional(file: WaveFile) -> bool:
    return file.provenance == "demo"


def _may_compare(codebook: Codebook, first: WaveFile, second: WaveFile) -> pd.Series:
    return compare_questions(codebook, first, second)["verdict"].isin(COMPARABLE)
