"""Respondents of a wave: one row each, checked against codebook and wave file."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pandera.pandas as pa
import pyarrow

from helpers.data.catalog import check_survey, check_wave
from helpers.data.codebook import Codebook, Question, Recode, read_codebook
from helpers.data.contracts import check_contract
from helpers.data.design import Design
from helpers.data.errors import InputError
from helpers.data.root import find_root
from helpers.data.waves import WaveFile, read_wave_file

# Ids of reconstructed (R) and demonstration (D) respondents.
SYNTHETIC_ID = r"[RD]\d{5}"


@dataclass(frozen=True)
class Wave:
    """One wave ready for analysis.

    Attributes
    ----------
    codebook : Codebook
    file : WaveFile
    respondents : pandas.DataFrame
        One row per respondent. Single questions and domain variables are
        categoricals of answer ids in questionnaire order; multiple questions
        booleans; missing means not asked, no answer or not published.
    """

    codebook: Codebook
    file: WaveFile
    respondents: pd.DataFrame

    @property
    def survey(self) -> str:
        """Name of the survey."""
        return self.file.survey

    @property
    def name(self) -> str:
        """Name of the wave."""
        return self.file.wave

    @property
    def provenance(self) -> str:
        """`reconstructed`, `demo` or `real`."""
        return self.file.provenance

    @property
    def design(self) -> Design:
        """Sampling design."""
        return self.file.design


def read_wave(survey: str, wave: str, *, root: Path | None = None) -> Wave:
    """Read one wave: codebook, wave file and respondents, all checked.

    Parameters
    ----------
    survey, wave : str
        Names, e.g. ``"mayors"`` and ``"2016"``.
    root : pathlib.Path, optional
        Root of the collection.

    Returns
    -------
    Wave

    Raises
    ------
    InputError
        If the survey, wave or a file is unknown, missing or damaged, if the
        checksum differs from the one in `wave.yaml`, or if respondents break
        the codebook. Names file, column, values and count.
    """
    root = root or find_root()
    check_survey(survey, root=root)
    check_wave(survey, wave, root=root)
    codebook = read_codebook(survey, root=root)
    file = read_wave_file(survey, str(wave), root=root)
    _check_place(file, survey, str(wave))
    path = root / "data" / "surveys" / survey / str(wave) / "responses.parquet"
    name = f"{survey}/{wave}/responses.parquet"
    codes = _read_parquet(path, file, name)
    return build_wave(codes, codebook, file)


def build_wave(codes: pd.DataFrame, codebook: Codebook, file: WaveFile) -> Wave:
    """Check coded respondents against codebook and wave file, and label them.

    Parameters
    ----------
    codes : pandas.DataFrame
        As `responses.parquet` holds them.
    codebook : Codebook
    file : WaveFile

    Returns
    -------
    Wave

    Raises
    ------
    InputError
        If respondents break the codebook or the wave file.
    """
    name = f"{file.survey}/{file.wave}/responses.parquet"
    _check_names(codebook, file, f"{file.survey}/{file.wave}/wave.yaml")
    codes = check_contract(codes, build_contract(codebook, file), name=name)
    if len(codes) != file.n:
        raise InputError(f"{name}: {len(codes)} respondents, but wave.yaml says n: {file.n}.")
    if file.provenance == "real" and codes["respondent"].str.fullmatch(SYNTHETIC_ID).any():
        raise InputError(
            f"{name}: provenance is real, but its respondents have the ids of a synthetic wave "
            f"({codes['respondent'].iloc[0]}); was the file copied from one?"
        )
    wave = Wave(codebook, file, _label(codes, codebook, file))
    _check_routing(wave, name)
    return wave


def checksum(path: Path) -> str:
    """SHA-256 of a file, as written in registers and wave files."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def build_contract(codebook: Codebook, file: WaveFile) -> pa.DataFrameSchema:
    """Columns, types and allowed codes of the responses of one wave.

    Returns
    -------
    pandera.pandas.DataFrameSchema
        `respondent` (unique), the positive weight and base weight, each domain
        variable and question named in the wave file.
    """
    weights = [file.design.weight, *[file.base_weight] * bool(file.base_weight)]
    positive = [pa.Check.gt(0), pa.Check.lt(float("inf"))]
    columns = {
        "respondent": pa.Column(str, unique=True),
        **{name: pa.Column(float, positive) for name in weights},
    }
    columns |= build_columns(codebook, [*file.domains, *file.questions])
    for name in (*file.design.strata, file.design.psu):
        if name and name not in columns:
            columns[name] = pa.Column(str)
    if file.design.fpc:
        columns[file.design.fpc] = pa.Column(float, pa.Check.gt(0))
    return pa.DataFrameSchema(columns, strict=True, coerce=True)


def build_columns(codebook: Codebook, variables: list[str]) -> dict[str, pa.Column]:
    """Types and allowed codes of the columns of some questions and domain variables.

    Parameters
    ----------
    codebook : Codebook
    variables : list of str
        Ids; derived questions have no column.

    Returns
    -------
    dict of pandera.pandas.Column
        By name of the column.
    """
    columns = {}
    for name in variables:
        variable = codebook.variable(name)
        if not isinstance(variable, Question):
            allowed = [answer.code for answer in variable.answers]
            columns[name] = pa.Column(str, pa.Check.isin(allowed), nullable=True)
        elif not variable.recode:
            columns |= dict.fromkeys(variable.columns, _question_column(variable))
    return columns


def _question_column(question: Question) -> pa.Column:
    if question.type == "multiple":
        return pa.Column(pd.BooleanDtype(), nullable=True)
    bounds = {
        "single": pa.Check.isin([answer.code for answer in question.answers]),
        "ranking": pa.Check.in_range(1, len(question.answers)),
        "score": pa.Check.in_range(0, 10),
    }
    return pa.Column(pd.Int64Dtype(), bounds[question.type], nullable=True)


def _read_parquet(path: Path, file: WaveFile, name: str) -> pd.DataFrame:
    if not path.exists():
        raise InputError(f"{name}: no such file; the wave has a wave.yaml but no respondents.")
    if file.checksum and checksum(path) != file.checksum:
        raise InputError(
            f"{name}: its SHA-256 is not the one in wave.yaml: "
            f"the file is damaged or was changed after it was registered."
        )
    try:
        return pd.read_parquet(path)
    except (pyarrow.ArrowException, OSError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"{name}: damaged, cannot be read as Parquet: {reason}.") from None


def _check_place(file: WaveFile, survey: str, wave: str) -> None:
    """A wave file copied from elsewhere must be renamed inside as well."""
    for field, expected in (("survey", survey), ("wave", wave)):
        found = getattr(file, field)
        if found != expected:
            raise InputError(
                f"{survey}/{wave}/wave.yaml: {field} is {found!r}, but its folder says "
                f"{expected!r}; they must be the same."
            )


def _check_names(codebook: Codebook, file: WaveFile, name: str) -> None:
    for field, known in (
        ("questions", codebook.question_ids),
        ("domains", codebook.domain_ids),
        ("margins", [margin.id for margin in codebook.margins]),
    ):
        unknown = [item for item in getattr(file, field) if item not in known]
        if unknown:
            raise InputError(
                f"{name}: {field}: {len(unknown)} not in codebook.yaml: {', '.join(unknown)}; "
                f"valid are {', '.join(known) or 'none'}."
            )
    for item in file.margins:
        absent = [name for name in codebook.margin(item).variables if name not in file.domains]
        if absent:
            raise InputError(
                f"{name}: margins: {item} is over {', '.join(absent)}, not among the domains "
                f"of the wave ({', '.join(file.domains)})."
            )
    for item in file.questions:
        question = codebook.variable(item)
        needed = {source for rule in question.recode for source in rule.when}
        needed |= {question.asked_if.question} if question.asked_if else set()
        missing = sorted(needed - set(file.questions))
        if missing:
            raise InputError(f"{name}: questions: {item} needs {', '.join(missing)} as well.")


def _check_routing(wave: Wave, name: str) -> None:
    """Nobody who was not asked may have answered."""
    for item in wave.file.questions:
        question = wave.codebook.variable(item)
        if question.recode or not question.asked_if:
            continue
        parent, accepted = question.asked_if.question, question.asked_if.answers
        asked = wave.respondents[parent].isin(accepted)
        wrong = wave.respondents.loc[~asked, question.columns].notna().any(axis=1).sum()
        if wrong:
            raise InputError(
                f"{name}: column {item}: {wrong} respondents answered without being asked "
                f"(only those with {parent} = {', '.join(accepted)} are)."
            )


def _label(codes: pd.DataFrame, codebook: Codebook, file: WaveFile) -> pd.DataFrame:
    """Codes become answer ids; derived questions are computed."""
    frame = codes.copy()
    derived = [name for name in file.questions if codebook.variable(name).recode]
    for name in [*file.domains, *file.questions]:
        variable = codebook.variable(name)
        if name in derived:
            continue
        if getattr(variable, "type", "single") == "single":
            ids = {answer.code: answer.id for answer in variable.answers}
            frame[name] = pd.Categorical(frame[name].map(ids), categories=variable.answer_ids)
    for name in derived:
        question = codebook.variable(name)
        frame[name] = _derive(frame, question.recode, question.answer_ids)
    return frame


def _derive(frame: pd.DataFrame, rules: list[Recode], answers: list[str]) -> pd.Categorical:
    values = pd.Series(pd.NA, index=frame.index, dtype="string")
    for rule in rules:
        holds = pd.Series(True, index=frame.index)
        for question, accepted in rule.when.items():
            holds &= frame[question].isin(accepted)
        values = values.mask(holds & values.isna(), rule.answer)
    return pd.Categorical(values, categories=answers)
