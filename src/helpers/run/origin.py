"""Where respondents come from: fictional ones must not pass for real ones."""

from pathlib import Path

import pandas as pd

from helpers.data.catalog import list_waves
from helpers.data.responses import SYNTHETIC_ID
from helpers.data.root import find_root
from helpers.data.waves import read_wave_file
from helpers.run.coding import WEIGHT
from helpers.run.examples import MARK
from helpers.run.findings import Finding
from helpers.run.mapping import Mapping
from helpers.run.sources import Source
from helpers.run.synthesis import list_synthetic


def check_origin(
    source: Source, responses: pd.DataFrame, mapping: Mapping, provenance: str, *, root: Path
) -> list[Finding]:
    """Errors if the respondents are not what they are said to be.

    Parameters
    ----------
    source : Source
    responses : pandas.DataFrame
        Coded respondents.
    mapping : Mapping
    provenance : str
        What they are said to be.
    root : pathlib.Path

    Returns
    -------
    list of Finding
    """
    found = []
    for wave in list_waves(mapping.survey, root=root):
        file = read_wave_file(mapping.survey, wave, root=root)
        if wave != mapping.wave and file.intake and file.intake.sha256 == source.sha256:
            text = f"this very file was taken in as the wave {wave} already (same SHA-256)."
            found.append(Finding("error", "origin", "", text))
    if provenance == "real":
        reason = find_fiction(source, responses, mapping, root=root)
        if reason:
            text = (f"{reason}: these are no real respondents. With --provenance demo they are "
                    "taken in, and FICTIONAL stands on every page.")  # fmt: skip
            found.append(Finding("error", "origin", "", text))
    return found


def find_fiction(
    source: Source, responses: pd.DataFrame | None = None, mapping: Mapping | None = None,
    *, root: Path | None = None,
) -> str:  # fmt: skip
    """Why a file must be fictional, in words; "" if nothing says so.

    Parameters
    ----------
    source : Source
    responses : pandas.DataFrame, optional
        Coded respondents, to be compared with the synthetic waves of the survey.
    mapping : Mapping, optional
    root : pathlib.Path, optional
        Root of the collection.

    Returns
    -------
    str
    """
    if f"title {MARK}" in source.notes or f"sheet {MARK}" in source.notes:
        return f"the file calls itself {MARK}"
    column = mapping.respondent if mapping else next(iter(source.frame))
    if column:
        ids = source.texts(column).dropna()
        synthetic = ids[ids.str.fullmatch(SYNTHETIC_ID)]
        if len(synthetic):
            return f"{len(synthetic)} ids are those of synthetic respondents ({synthetic.iloc[0]})"
    if responses is None or mapping is None:
        return ""
    root = root or find_root()
    for survey, wave in list_synthetic(root=root):
        if survey == mapping.survey and _are_same(responses, root, survey, wave):
            return f"its {len(responses)} respondents are those of {survey}/{wave}"
    return ""


def _are_same(responses: pd.DataFrame, root: Path, survey: str, wave: str) -> bool:
    """Whether two waves hold the same respondents, in whatever order."""
    path = root / "data" / "surveys" / survey / wave / "responses.parquet"
    other = pd.read_parquet(path)
    shared = [name for name in responses if name in other and name not in ("respondent", WEIGHT)]
    if len(other) != len(responses) or len(shared) < 2:
        return False
    sorted_rows = [
        frame[shared].astype("str").fillna("").agg("|".join, axis=1).sort_values().tolist()
        for frame in (responses, other)
    ]
    return sorted_rows[0] == sorted_rows[1]
