"""Takes a received file in as a wave: everything is checked, then the wave is written at once."""

import dataclasses
import hashlib
import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from helpers.data.catalog import check_survey, list_surveys
from helpers.data.codebook import Codebook, read_codebook
from helpers.data.errors import InputError
from helpers.data.responses import Wave, build_wave
from helpers.data.root import find_root
from helpers.data.waves import read_wave_file
from helpers.run.checks import check_responses
from helpers.run.coding import WEIGHT, code_responses
from helpers.run.examination import (
    Examination,
    describe_arrival,
    describe_draft,
    describe_unused,
    find_report,
)
from helpers.run.findings import Finding, raise_errors
from helpers.run.mapping import Mapping, read_mapping
from helpers.run.mappingfile import describe_columns, write_mapping
from helpers.run.methodologyfile import read_methodology, write_template
from helpers.run.origin import check_origin, find_fiction
from helpers.run.proposal import LIKELY, SURE, Proposal, count_matches, propose_mapping
from helpers.run.report import write_report
from helpers.run.sources import Source, read_source
from helpers.run.wavefile import Facts, build_file, write_wave_yaml
from helpers.run.wavefolder import write_folder
from helpers.run.weighting import BASE_WEIGHT, weight_to_margins


@dataclass(frozen=True)
class Arrival:
    """A file ready to become a wave.

    Attributes
    ----------
    wave : Wave
        Codebook, wave file (without checksum) and labelled respondents.
    responses : pandas.DataFrame
        Coded respondents, as `responses.parquet` holds them.
    missing : pandas.DataFrame
        `question`, `kind`, `n`.
    findings : list of Finding
        Warnings and notes; errors have been raised.
    mapping : bytes
        The mapping file.
    """

    wave: Wave
    responses: pd.DataFrame
    missing: pd.DataFrame
    findings: list[Finding]
    mapping: bytes


@dataclass(frozen=True)
class Draft:
    """A mapping proposed and written, for a person to read.

    Attributes
    ----------
    source : Source
    codebook : Codebook
    proposal : Proposal
    path : pathlib.Path
        The `mapping.yaml` written.
    fiction : str
        Why the respondents must be fictional; "" if nothing says so.
    """

    source: Source
    codebook: Codebook
    proposal: Proposal
    path: Path
    fiction: str = ""


def propose(
    path: Path, survey: str, wave: str, *, sheet: str | None = None, replace: bool = False,
    options: str = "", root: Path | None = None,
) -> Draft:  # fmt: skip
    """Read a file, propose a mapping and write it into the folder of the wave to be.

    Parameters
    ----------
    path : pathlib.Path
        The file received.
    survey, wave : str
        What it is to become.
    sheet : str, optional
        Sheet of a workbook.
    replace : bool, default False
        Whether the wave may be there already; its mapping is kept all the same.
    options : str
        Further options the second command needs, to be shown in the file.
    root : pathlib.Path, optional
        Root of the collection.

    Returns
    -------
    Draft

    Raises
    ------
    InputError
        If the file cannot be read, holds no question of the survey, or a mapping is
        there already, which is never overwritten.
    """
    root = root or find_root()
    folder = check_place(survey, wave, replace=replace, root=root)
    target = folder / "mapping.yaml"
    place = f"data/surveys/{survey}/{wave}/mapping.yaml"
    if target.exists():
        again = " --replace" * replace
        raise InputError(
            f"{place} is there already and may have been edited: use it with --mapping "
            f"{place}{again}, or delete it to have a new one proposed."
        )
    codebook = read_codebook(survey, root=root)
    source = read_source(path, sheet=sheet)
    proposal = propose_mapping(source, codebook)
    _check_survey(source, codebook, proposal, root)
    command = (
        f"studies intake {source.name} --survey {survey} --wave {wave} --mapping {place}{options}"
    )
    fiction = find_fiction(source, root=root)
    command += " --provenance demo" * bool(fiction)
    text = write_mapping(proposal, source, codebook, wave, command=command)
    folder.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".mapping.{os.getpid()}.part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, target)
    if not fiction:
        write_template(folder, root=root)
    report = describe_draft(source, codebook, proposal, wave, fictional=bool(fiction))
    write_report(report, find_report(survey, wave, root=root))
    return Draft(source, codebook, proposal, target, fiction)


def _check_survey(source: Source, codebook: Codebook, proposal: Proposal, root: Path) -> None:
    """A file in which this survey is not recognised, or another is, was sent by mistake."""
    asked = [match for match in proposal.found if match.variable in codebook.question_ids]
    if any(match.sure >= SURE for match in asked):
        return
    others = {
        name: count_matches(source, read_codebook(name, root=root))
        for name in list_surveys(root=root) if name != codebook.survey
    }  # fmt: skip
    best = max(others, key=lambda name: others[name][1], default="")
    if best and others[best][0] > sum(match.sure >= LIKELY for match in asked):
        raise InputError(
            f"{source.name}: no question of the survey {codebook.survey} was recognised for sure, "
            f"but {others[best][0]} of {best} were; is it --survey {best}?"
        )
    if not asked:
        columns = list(source.frame.columns)
        shown = ", ".join(columns[:10]) + (", …" if len(columns) > 10 else "")
        raise InputError(
            f"{source.name}: no question of the survey {codebook.survey} was recognised in its "
            f"{len(columns)} columns: {shown}. Is it the right file, and the right sheet? "
            f"`studies codebook {codebook.survey}` writes the questions and the names to give."
        )


def take_in(
    path: Path, survey: str, wave: str, mapping: Path, *, facts: Facts | None = None,
    sheet: str | None = None, replace: bool = False, root: Path | None = None,
) -> Arrival:  # fmt: skip
    """Read a file, apply an edited mapping, check everything, write the wave.

    Parameters
    ----------
    path : pathlib.Path
        The file received.
    survey, wave : str
        What it becomes.
    mapping : pathlib.Path
        The edited `mapping.yaml`.
    facts : Facts, optional
    sheet : str, optional
        Sheet of a workbook.
    replace : bool, default False
        Whether a wave taken in before may be replaced; a synthetic one never is.
    root : pathlib.Path, optional
        Root of the collection.

    Returns
    -------
    Arrival

    Raises
    ------
    InputError
        If anything is wrong; nothing has been written but the report, which says so.
    """
    root = root or find_root()
    check_place(survey, wave, replace=replace, root=root)
    codebook = read_codebook(survey, root=root)
    source = read_source(path, sheet=sheet)
    chosen = read_mapping(mapping, source, codebook, wave=wave)
    stated = read_methodology(survey, wave, root=root)
    facts = dataclasses.replace(facts or Facts(), methodology=stated)
    examined = examine_file(source, chosen, codebook, provenance=facts.provenance, root=root)
    report = describe_arrival(source, chosen, codebook, examined, provenance=facts.provenance)
    write_report(report, find_report(survey, wave, root=root))
    raise_errors(examined.findings, name=source.name)
    arrival = build_arrival(source, chosen, codebook, examined, facts, Path(mapping).read_bytes())
    write_arrival(arrival, replace=replace, root=root)
    return arrival


def check_place(survey: str, wave: str, *, replace: bool = False, root: Path | None = None) -> Path:
    """The folder a wave would be written to, refused if it may not be.

    Parameters
    ----------
    survey, wave : str
    replace : bool, default False
    root : pathlib.Path, optional
        Root of the collection.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    InputError
        If the survey is unknown, the name cannot be a folder, or a wave is there: a
        synthetic one, or another one without `replace`.
    """
    root = root or find_root()
    check_survey(survey, root=root)
    if not wave or not all(letter.isalnum() or letter in "-_" for letter in wave):
        raise InputError(
            f"{wave!r} cannot name a wave: letters, digits and hyphens only, e.g. 2027."
        )
    folder = root / "data" / "surveys" / survey / wave
    if (folder / "wave.yaml").exists():
        file = read_wave_file(survey, wave, root=root)
        if file.intake is None and file.provenance != "real":
            raise InputError(
                f"{survey}/{wave} is a wave of the collection ({file.provenance}) and is never "
                "replaced; choose another name for the wave."
            )
        if not replace:
            raise InputError(
                f"{survey}/{wave} exists already: {file.n} respondents, {file.provenance}; "
                "--replace replaces it."
            )
    return folder


def examine_file(
    source: Source, mapping: Mapping, codebook: Codebook, *, provenance: str = "real",
    root: Path | None = None,
) -> Examination:  # fmt: skip
    """Code, check and weight a file without writing anything.

    Parameters
    ----------
    source : Source
    mapping : Mapping
    codebook : Codebook
    provenance : {"real", "demo"}
        What the respondents are said to be.
    root : pathlib.Path, optional
        Root of the collection.

    Returns
    -------
    Examination
        Errors are among its findings; with one, nothing is weighted.
    """
    root = root or find_root()
    coded = code_responses(source, mapping, codebook)
    findings = [
        *coded.findings,
        *_note_unused(source, mapping),
        *_check_strata(coded.responses, mapping),
        *check_origin(source, coded.responses, mapping, provenance, root=root),
    ]
    responses = _dress(coded.responses, mapping, codebook)
    findings += _check(responses, mapping, codebook, findings)
    responses, weighting = responses.reset_index(drop=True), None
    if mapping.margins and not any(finding.level == "error" for finding in findings):
        try:
            weighting = weight_to_margins(
                responses,
                codebook,
                mapping.margins,
                base_weight=WEIGHT if mapping.weight else None,
                root=root,
            )
        except InputError as error:
            findings.append(Finding("error", "weighting", "", str(error), len(responses)))
        else:
            findings += weighting.findings
            responses = _dress(weighting.responses, mapping, codebook, [BASE_WEIGHT, WEIGHT])
    return Examination(coded, responses, findings, weighting)


def build_arrival(
    source: Source, mapping: Mapping, codebook: Codebook, examined: Examination, facts: Facts,
    text: bytes,
) -> Arrival:  # fmt: skip
    """Describe an examined file without errors as the wave it becomes.

    Parameters
    ----------
    source : Source
    mapping : Mapping
    codebook : Codebook
    examined : Examination
    facts : Facts
    text : bytes
        The mapping file, whose checksum the wave keeps.

    Returns
    -------
    Arrival
    """
    coded, responses = examined.coded, examined.responses
    file = build_file(source, mapping, coded, facts, codebook, text, examined.weighting)
    wave = build_wave(responses, codebook, file)
    return Arrival(wave, responses, coded.missing, examined.findings, text)


def write_arrival(arrival: Arrival, *, replace: bool = False, root: Path | None = None) -> Path:
    """Write `responses.parquet`, `wave.yaml` and `mapping.yaml` of a checked wave at once.

    Parameters
    ----------
    arrival : Arrival
        From `prepare_wave`.
    replace : bool, default False
    root : pathlib.Path, optional
        Root of the collection.

    Returns
    -------
    pathlib.Path
        The folder of the wave.

    Raises
    ------
    InputError
        If a wave is there and may not be replaced.
    """
    file = arrival.wave.file
    folder = check_place(file.survey, file.wave, replace=replace, root=root)
    stream = io.BytesIO()
    arrival.responses.to_parquet(stream, index=False, compression="zstd")
    responses = stream.getvalue()
    digest = hashlib.sha256(responses).hexdigest()
    described = write_wave_yaml(file.model_copy(update={"checksum": digest}))
    write_folder(
        folder,
        {
            "responses.parquet": lambda path: path.write_bytes(responses),
            "mapping.yaml": lambda path: path.write_bytes(arrival.mapping),
            "wave.yaml": lambda path: path.write_text(described, encoding="utf-8"),
        },
        replace=replace,
    )
    return folder


def _note_unused(source: Source, mapping: Mapping) -> list[Finding]:
    read = {mapping.respondent, mapping.weight}
    read |= {column for entry in mapping.entries.values() for column in entry.source_columns}
    unused = [column for column in source.frame if column not in read]
    return [describe_unused(unused)] if unused else []


def _check_strata(responses: pd.DataFrame, mapping: Mapping) -> list[Finding]:
    if not mapping.strata:
        return []
    strata = responses[mapping.strata]
    name = " x ".join(mapping.strata)
    empty = strata.isna().any(axis=1)
    sizes = strata.value_counts()
    single = sizes[sizes == 1]
    found = []
    if empty.any():
        rows = tuple(int(row) + 1 for row in responses.index[empty][:5])
        text = f"{empty.sum()} respondents without a stratum; every respondent needs one."
        found.append(Finding("error", "strata", name, text, int(empty.sum()), (), rows))
    if len(single):
        shown = ", ".join(" x ".join(map(str, key)) for key in single.index[:5])
        text = f"{len(single)} strata with a single respondent: {shown}; merge or leave them out."
        found.append(Finding("error", "strata", name, text, len(single)))
    return found


def _dress(
    responses: pd.DataFrame,
    mapping: Mapping,
    codebook: Codebook,
    weights: Sequence[str] = (WEIGHT,),
) -> pd.DataFrame:
    """Columns in the order of the codebook."""
    order = [
        "respondent",
        *weights,
        *[name for name in codebook.domain_ids if name in mapping.domains],
    ]
    for question in codebook.questions:
        if question.id in mapping.questions:
            order += question.columns
    return responses[order]


def _check(
    responses: pd.DataFrame, mapping: Mapping, codebook: Codebook, known: list[Finding]
) -> list[Finding]:
    """What is wrong with the codes, in rows of the file; a column told wrong is told once.

    The questions it decides about wait: who was asked them cannot be told yet.
    """
    told = {finding.column for finding in known if finding.level == "error"}
    waiting = [
        column
        for question in codebook.questions
        if question.asked_if and question.id in mapping.questions
        and told.intersection(mapping.questions[question.asked_if.question].source_columns)
        for column in question.columns
    ]  # fmt: skip
    found = check_responses(
        responses.drop(columns=waiting), codebook,
        columns=describe_columns(mapping, codebook), weights=(WEIGHT,),
    )  # fmt: skip
    return [
        dataclasses.replace(
            finding, rows=tuple(int(responses.index[row - 1]) + 1 for row in finding.rows)
        )
        for finding in found
        if finding.column not in told
    ]
