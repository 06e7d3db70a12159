"""The command `studies`: list what there is, run the notebooks, write the pages."""

import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from helpers.data.catalog import list_surveys, read_studies, read_waves
from helpers.data.errors import InputError
from helpers.data.root import find_root

app = typer.Typer(
    help="Territorial survey studies: list them, run them, read reports/index.html.",
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
)  # fmt: skip
console = Console()
errors = Console(stderr=True)
_INTERRUPTED = 130


@app.command("list")
def list_studies() -> None:
    """Show the studies and the waves they can run on."""
    studies = Table("Study", "Question", "Waves", title="Studies")
    for study in read_studies().itertuples():
        studies.add_row(study.study, study.question, ", ".join(study.waves))
    waves = Table("Survey", "Wave", "Provenance", "Respondents", "Sample size", title="Waves")
    for wave in read_waves().itertuples():
        waves.add_row(
            wave.survey, wave.wave, wave.provenance, f"{wave.respondents:,}", wave.n_status
        )
    console.print(studies, waves)


@app.command("run")
def run_studies(
    notebooks: Annotated[
        list[str] | None, typer.Argument(help="Studies, e.g. 02-mayor-survey or 02; all if none.")
    ] = None,
    wave: Annotated[str | None, typer.Option(help="One wave; every wave if none.")] = None,
    parameter: Annotated[
        list[str] | None,
        typer.Option("-p", "--parameter", metavar="NAME VALUE", help="Parameter of the notebook."),
    ] = None,
) -> None:
    """Run notebooks and write their pages into reports/."""
    from helpers.run.execution import StudyError, execute_run
    from helpers.run.plans import plan_runs
    from helpers.run.site import render_page, write_index, write_page

    runs = plan_runs(notebooks or [], wave=wave, parameters=_read_parameters(parameter or []))
    reports = find_root() / "reports"
    written, failures = 0, []
    with _progress() as progress:
        task = progress.add_task("", total=len(runs))
        try:
            for run in runs:
                progress.update(task, description=f"{run.study} {run.wave}")
                try:
                    page = render_page(execute_run(run), run)
                except StudyError as failure:
                    failures.append(failure)
                    # An older page beside changed data would look current.
                    (reports / run.page).unlink(missing_ok=True)
                else:
                    write_page(page, reports / run.page)
                    written += 1
                progress.advance(task)
            end = 0
        except KeyboardInterrupt:
            end = _INTERRUPTED
        finally:
            write_index()
    stopped = "Stopped: " if end else ""
    index = (reports / "index.html").relative_to(find_root())
    console.print(f"{stopped}{written} of {len(runs)} pages written; open {index}.")
    for failure in failures:
        errors.print(str(failure), style="red", markup=False, soft_wrap=True)
    raise typer.Exit(max([end, *(failure.code for failure in failures)]))


@app.command("codebook")
def write_codebooks(
    surveys: Annotated[
        list[str] | None, typer.Argument(help="Surveys, e.g. mayors; all if none.")
    ] = None,
) -> None:
    """Write questionnaire, data dictionary and entry templates into reports/codebook/."""
    from helpers.run.codebooks import write_codebook

    for survey in surveys or list_surveys():
        for path in write_codebook(survey):
            console.print(path.relative_to(find_root()), soft_wrap=True, highlight=False)


def main() -> None:
    """Entry point: mistakes of the user end in one sentence and exit code 2."""
    try:
        app(args=_join_pairs(sys.argv[1:]))
    except InputError as error:
        errors.print(f"Error: {error}", style="red", markup=False, soft_wrap=True)
        sys.exit(2)


def _join_pairs(words: list[str]) -> list[str]:
    """Write ``-p name value`` as ``-p name=value``: typer has no repeated option of two words."""
    joined, rest = [], iter(words)
    for word in rest:
        if word in ("-p", "--parameter"):
            name = next(rest, None)
            value = next(rest, None) if name and "=" not in name else None
            joined += [word, *([name] if name else [])]
            if value is not None:
                joined[-1] = f"{name}={value}"
        else:
            joined.append(word)
    return joined


def _read_parameters(pairs: list[str]) -> dict[str, str]:
    parameters = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise InputError(f"-p {pair}: needs a name and a value, e.g. -p by area.")
        parameters[name.strip()] = value.strip()
    return parameters


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        console=console,
    )  # fmt: skip


if __name__ == "__main__":
    main()
