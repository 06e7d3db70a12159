"""The command `studies`: list what there is, take waves in, run the notebooks, write the pages."""

import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from helpers.data.catalog import list_surveys, read_studies, read_waves
from helpers.data.errors import InputError
from helpers.data.language import LANGUAGES
from helpers.data.root import find_root
from helpers.run import reception, running

app = typer.Typer(
    help="Territorial survey studies: list them, run them, read reports/index.html.",
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
)  # fmt: skip
app.command("run")(running.run)
app.command("status")(running.status)
app.command("diff")(running.diff)
app.command("intake")(reception.intake)
app.command("example")(reception.example)
console = Console(emoji=False)
errors = Console(stderr=True, emoji=False)


@app.command("list")
def list_studies() -> None:
    """Show the studies and the waves they can run on."""
    studies = Table("Study", "Question", "Waves", title="Studies")
    for study in read_studies().itertuples():
        waves = "every wave" if study.every_wave else ", ".join(study.waves)
        studies.add_row(study.study, study.question, waves)
    waves = Table("Survey", "Wave", "Provenance", "Respondents", "Sample size", title="Waves")
    for wave in read_waves().itertuples():
        waves.add_row(
            wave.survey, wave.wave, wave.provenance, f"{wave.respondents:,}", wave.n_status
        )
    console.print(studies, waves)


@app.command("codebook")
def write_codebooks(
    surveys: Annotated[
        list[str] | None, typer.Argument(help="Surveys, e.g. mayors; all if none.")
    ] = None,
) -> None:
    """Write questionnaire, data dictionary and entry templates into reports/codebook/."""
    from helpers.run.codebooks import write_codebook
    from helpers.run.index import write_index

    for survey in surveys or list_surveys():
        for path in write_codebook(survey):
            console.print(path.relative_to(find_root()), soft_wrap=True, highlight=False)
    write_index()


@app.command("compare")
def compare_waves(
    survey: Annotated[str, typer.Argument(help="Survey, e.g. mayors.")],
    first: Annotated[str, typer.Argument(help="A wave, e.g. 2016.")],
    second: Annotated[str, typer.Argument(help="Another wave of it, e.g. 2024.")],
    lang: Annotated[
        list[str] | None,
        typer.Option(help="A language of the pages, en or fr; may be repeated; both if none."),
    ] = None,
) -> None:
    """Say what changed between two waves and write the pages into reports/compare/."""
    from helpers.run.comparisons import write_comparison
    from helpers.run.index import write_index

    pages, lines = write_comparison(survey, first, second, langs=lang or LANGUAGES)
    write_index()
    names = " or ".join(str(page.relative_to(find_root())) for page in pages)
    for line in [*lines, f"Open {names}."]:
        console.print(line, soft_wrap=True, markup=False, highlight=False)


@app.command("publish")
def publish_waves(
    waves: Annotated[list[str], typer.Argument(help="Waves, e.g. 2027.")],
) -> None:
    """Check all pages and files of a wave, then copy them into published/, or refuse."""
    from helpers.run.publish import publish_wave

    code = 0
    for wave in waves:
        result = publish_wave(wave)
        for found in result.findings.values():
            for finding in found:
                errors.print(str(finding), style="red", markup=False, soft_wrap=True)
        if result.published:
            told = f"Wave {wave}: {result.files} files in published/{wave}, checked and logged."
        else:
            count = sum(map(len, result.findings.values()))
            told, code = f"Wave {wave}: refused, {count} findings; nothing was published.", 1
        console.print(told, soft_wrap=True, markup=False, highlight=False)
    raise typer.Exit(code)


@app.command("show")
def show_number(
    number: Annotated[
        str, typer.Argument(metavar="ID", help="Id of a number, or of a published figure: F001.")
    ],
    lang: Annotated[str, typer.Option(help="Language of the answer: en or fr.")] = "en",
    alpha: Annotated[float, typer.Option(help="Level of the test.")] = 0.05,
    reliability: Annotated[str, typer.Option(help="Rule of reliability.")] = "nchs-2017",
) -> None:
    """Compute a number of a page again and say where it comes from."""
    from helpers.data.language import use_language
    from helpers.run.numbers import describe_id
    from helpers.stats.results import Rule

    with use_language(lang):
        lines = describe_id(number, rule=Rule(reliability=reliability, alpha=alpha))
    width = max(len(name) for name, _ in lines)
    for name, text in lines:
        console.print(f"{name:{width}}  {text}", soft_wrap=True, markup=False, highlight=False)


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


if __name__ == "__main__":
    main()
