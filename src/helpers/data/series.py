"""The waves of a survey in time: those with respondents, and the points only print knows."""

import re
from pathlib import Path

import pandas as pd

from helpers.data.catalog import check_survey, list_series
from helpers.data.errors import InputError
from helpers.data.published import (
    describe_legibility,
    read_figures,
    read_links,
    scale_values,
    write_words,
)
from helpers.data.responses import Wave, read_wave
from helpers.data.waves import WaveFile

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_CELL = ["question", "answer", "domain_variable", "domain"]
_SIZES = ["sample_size", "sample_size_lower_bound"]


def read_series(survey: str, *, root: Path | None = None) -> list[Wave]:
    """Read every wave of a survey, the demonstrations left out, in the order of time.

    Parameters
    ----------
    survey : str
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    list of Wave
        A real wave is among them as soon as its files are in place.

    Raises
    ------
    InputError
        If the survey is unknown or one of its waves is damaged.
    """
    check_survey(survey, root=root)
    waves = [read_wave(survey, name, root=root) for name in list_series(survey, root=root)]
    return sorted(waves, key=lambda wave: (find_year(wave.file), wave.name))


def find_year(file: WaveFile) -> int:
    """Year of a wave: the one in its name, else the first one in the dates of its fieldwork.

    Parameters
    ----------
    file : WaveFile

    Returns
    -------
    int

    Raises
    ------
    InputError
        If neither holds a year of 1900 to 2099.
    """
    found = _YEAR.search(file.wave) or _YEAR.search(file.fieldwork.dates.en)
    if not found:
        raise InputError(
            f"{file.survey}/{file.wave}/wave.yaml: no year in the name of the wave, nor in "
            f"fieldwork.dates ({file.fieldwork.dates.en!r}): it has no place in time."
        )
    return int(found[0])


def read_published_points(survey: str, *, root: Path | None = None) -> pd.DataFrame:
    """Read every published figure linked to an estimate of a survey, whatever its wave.

    Parameters
    ----------
    survey : str
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    pandas.DataFrame
        One row per figure: `figure`, `wave`, `question`, `answer`, `domain_variable`,
        `domain` (as the codebook names them), `use`, `value` (a share, 0 to 1, or a score
        out of 10), `unit` (``share`` or ``score_10``), `decimals` (printed), `legibility` in
        words, `measure` (the question as the source has it), `base` and `source`.
    """
    links = read_links(root=root)
    linked = links["use"].isin(["margin", "shown"]) & (links["question"] != "")
    links = links[linked & (links["survey"] == survey)]
    figures = read_figures(root=root).set_index("figure").loc[links["figure"]]
    return links[["figure", "wave", *_CELL, "use"]].reset_index(drop=True).assign(
        value=scale_values(figures).to_numpy(),
        unit=figures["unit"].replace({"percent": "share"}).to_numpy(),
        decimals=figures["decimals"].to_numpy(),
        legibility=describe_legibility(figures).to_numpy(),
        measure=figures["question"].map(write_words).to_numpy(),
        base=figures["base"].to_numpy(),
        source=figures["source"].to_numpy(),
    )  # fmt: skip


def find_least_base(survey: str, wave: str, *, root: Path | None = None) -> int | None:
    """The number of respondents a producer printed for a wave, or the lower bound it printed.

    Parameters
    ----------
    survey, wave : str
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    int or None
        None if neither was printed.
    """
    links = read_links(root=root).query("survey == @survey and wave == @wave")
    figures = read_figures(root=root).set_index("figure").loc[links["figure"]]
    sizes = figures[(figures["question"] == "survey_design") & figures["answer"].isin(_SIZES)]
    return None if sizes.empty else int(sizes["value"].min())
