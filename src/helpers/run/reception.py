"""The command `studies intake`: first a mapping is proposed, then the wave is written."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

_PROVENANCE = ("real", "demo")


def intake(
    file: Annotated[
        Path, typer.Argument(help="The file received: .sav, .zsav, .xlsx, .csv, .parquet.")
    ],
    survey: Annotated[str, typer.Option(help="Survey, e.g. mayors.")],
    wave: Annotated[str, typer.Option(help="Name of the new wave, e.g. 2027.")],
    mapping: Annotated[
        Path | None, typer.Option(help="The mapping you have read; without it, one is proposed.")
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="Sheet of an Excel workbook.")] = None,
    provenance: Annotated[
        str, typer.Option(help="real, or demo for fictional respondents.")
    ] = "real",
    title: Annotated[str, typer.Option(help="Title of the wave.")] = "",
    dates: Annotated[str, typer.Option(help="When it was fielded.")] = "",
    mode: Annotated[str, typer.Option(help="How: telephone, web, ...")] = "",
    producer: Annotated[str, typer.Option(help="Who fielded it.")] = "",
    received: Annotated[str, typer.Option(help="When the file came.")] = "",
    by: Annotated[str, typer.Option(help="Who takes it in.")] = "",
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace a wave taken in before.")
    ] = False,
) -> None:
    """Take a file of respondents in as a new wave.

    Without --mapping, proposes which column holds which question and writes mapping.yaml for
    you to read. With it, checks everything and writes the wave. Nothing is written when
    something is wrong.
    """
    from helpers.data.errors import InputError
    from helpers.run.wavefile import NOT_STATED, Facts

    if provenance not in _PROVENANCE:
        raise InputError(f"--provenance {provenance!r}: valid are {', '.join(_PROVENANCE)}.")
    given = {"title": title, "dates": dates, "mode": mode, "producer": producer,
             "received": received, "by": by}  # fmt: skip
    if mapping is None:
        _propose(file, survey, wave, sheet, replace)
        return
    stated = {name: text or (NOT_STATED if name != "title" else "") for name, text in given.items()}
    _take_in(file, survey, wave, mapping, sheet, replace, Facts(provenance=provenance, **stated))


def example(
    survey: Annotated[str, typer.Argument(help="Survey, e.g. mayors.")],
    file: Annotated[
        Path, typer.Argument(help="File to write: .sav, .zsav, .xlsx, .csv, .parquet.")
    ],
) -> None:
    """Write the fictional respondents of a survey as a file, to try `studies intake` on."""
    from helpers.run.examples import write_example

    write_example(survey, file)
    _say(f"{file}: fictional respondents of {survey}, to try the intake on.")


def _propose(path: Path, survey: str, wave: str, sheet: str | None, replace: bool) -> None:
    from helpers.run.examination import find_report
    from helpers.run.intake import propose

    options = [f'--sheet "{sheet}"'] if sheet else []
    draft = propose(path, survey, wave, sheet=sheet, replace=replace, options=_join(options))
    source, proposal = draft.source, draft.proposal
    _say(f"{source.name}: {len(source.frame):,} rows, {source.frame.shape[1]} columns"
         f" ({'; '.join(source.notes[:4]) or source.format}).")  # fmt: skip
    for match in proposal.matches:
        if match.entry is None:
            near = f"; close: {', '.join(match.suggestions)}" if match.suggestions else ""
            _say(f"  {match.variable}: not found{near}")
            continue
        doubt = f"; undecided: {', '.join(match.undecided[:5])}" if match.undecided else ""
        _say(f"  {match.variable}: {_name(match.entry.source_columns)} ({match.words}{doubt})")
    if proposal.unused:
        _say(f"Columns nobody reads: {_name(proposal.unused)}.")
    report = find_report(survey, wave)
    _say(f"Report: {_relative(report)}")
    place = _relative(draft.path)
    if draft.fiction:
        options.append("--provenance demo")
        _say(f"These respondents are fictional: {draft.fiction}.")
    else:
        _say(f"Say in {_relative(draft.path.parent)}/methodology.yaml how the survey was made.")
    _say(f"Read and correct {place}, then take the file in:")
    _say(
        f"  studies intake {path} --survey {survey} --wave {wave} --mapping {place}{_join(options)}"
    )


def _take_in(path, survey, wave, mapping, sheet, replace, facts) -> None:
    from helpers.data.errors import InputError
    from helpers.run.examination import find_report
    from helpers.run.intake import take_in

    report = _relative(find_report(survey, wave))
    try:
        arrival = take_in(path, survey, wave, mapping, facts=facts, sheet=sheet, replace=replace)
    except InputError:
        if report.exists():
            _say(f"Nothing was taken in; report: {report}")
        raise
    for finding in arrival.findings:
        place = f"column {finding.column}: " if finding.column else ""
        _say(f"{finding.level}: {place}{finding.message}")
    file = arrival.wave.file
    _say(f"data/surveys/{survey}/{wave} is written: {file.n:,} respondents ({file.provenance}), "
         f"{len(file.questions)} questions, {len(file.domains)} domain variables.")  # fmt: skip
    _say(f"Report: {report}")
    if file.provenance == "real":
        _tell_wanting(survey, wave)
    _say(f"Next: studies run --wave {wave}")


def _tell_wanting(survey: str, wave: str) -> None:
    from helpers.run.methodology import list_empty_items

    wanting = list_empty_items(survey, wave)
    if wanting:
        _say(f"Methodology notice: {len(wanting)} items are not stated yet: {_name(wanting)}. Fill "
             f"data/surveys/{survey}/{wave}/methodology.yaml and take the file in again with "
             "--replace; studies publish asks for them all.")  # fmt: skip


def _say(text: str) -> None:
    Console(emoji=False).print(text, markup=False, highlight=False, soft_wrap=True)


def _join(options: list[str]) -> str:
    return "".join(f" {option}" for option in options)


def _name(columns: list[str]) -> str:
    shown = ", ".join(columns[:8])
    return f"{shown} and {len(columns) - 8} more" if len(columns) > 8 else shown


def _relative(path: Path) -> Path:
    """A path as it can be typed here."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
