"""The commands that run studies, say what is due, and compare what two runs gave."""

from typing import Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from helpers.data.errors import InputError
from helpers.data.root import find_root

console = Console(emoji=False)
errors = Console(stderr=True, emoji=False)
_INTERRUPTED = 130
_SHOWN = 3  # runs named at a time beside the bar

Notebooks = Annotated[
    list[str] | None, typer.Argument(help="Studies, e.g. 02-mayor-survey or 02; all if none.")
]
Waves = Annotated[
    list[str] | None, typer.Option("--wave", help="A wave; may be repeated; every wave if none.")
]
Languages = Annotated[
    list[str] | None,
    typer.Option("--lang", help="A language, en or fr; may be repeated; both if none."),
]
Crossed = Annotated[
    list[str] | None,
    typer.Option("--each", metavar="NAME", help="A parameter to run with each value it allows."),
]
Parameters = Annotated[
    list[str] | None,
    typer.Option("-p", "--parameter", metavar="NAME VALUE", help="Parameter of the notebook."),
]
Pdf = Annotated[bool, typer.Option("--pdf", help="Print each page to a PDF too; needs chromium.")]


def run(
    notebooks: Notebooks = None, wave: Waves = None, lang: Languages = None, each: Crossed = None,
    parameter: Parameters = None, pdf: Pdf = False,
    force: Annotated[bool, typer.Option("--force", help="Run also what is current.")] = False,
    jobs: Annotated[
        int | None, typer.Option(help="Notebooks at a time; by default one more than cores.")
    ] = None,
    engine: Annotated[str, typer.Option(help="How kernels start: forked or nbclient.")] = "forked",
    executor: Annotated[str, typer.Option(help="Where: local or dask.")] = "local",
    scheduler: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Of the dask scheduler, e.g. tcp://host:8786.")
    ] = "",
) -> None:  # fmt: skip
    """Run what is due and write the pages into reports/; what did not change is kept."""
    from helpers.run.runs import Listener, write_pages

    runs = _plan(notebooks, wave, lang, each, parameter)
    choose = _choose_executor(executor, scheduler, jobs, engine)
    with _Display(len(runs)) as display:
        listener = Listener(display.started, display.finished, display.waiting)
        result = write_pages(runs, executor=choose, listener=listener, pdf=pdf, force=force)
    raise typer.Exit(_tell(result, len(runs)))


def status(
    notebooks: Notebooks = None, wave: Waves = None, lang: Languages = None, each: Crossed = None,
    parameter: Parameters = None, pdf: Pdf = False,
) -> None:  # fmt: skip
    """Say of each run whether its page is current, and if not, why it would be run."""
    from helpers.run.status import explain_run, list_page_inputs

    runs, root = _plan(notebooks, wave, lang, each, parameter), find_root()
    due = 0
    for one in runs:
        inputs, _ = list_page_inputs(one, runs, root=root)
        reasons = explain_run(one, inputs, root / "reports", pdf=pdf)
        due += bool(reasons)
        more = f"; and {len(reasons) - 3} more" if len(reasons) > 3 else ""
        console.print(f"{one}: {'; '.join(reasons[:3]) + more if reasons else 'current'}",
                      soft_wrap=True, markup=False, highlight=False)  # fmt: skip
    console.print(f"{due} of {len(runs)} would be run.", highlight=False)


def diff(
    first: Annotated[str, typer.Argument(help="A run: its name in reports/runs, or a page.")],
    second: Annotated[str, typer.Argument(help="Another.")],
) -> None:
    """Say which numbers and marks differ between two runs."""
    from helpers.run.differences import compare_runs, describe_differences
    from helpers.run.manifests import resolve_run

    reports = find_root() / "reports"
    keys = [resolve_run(name, reports) for name in (first, second)]
    for line in [" -> ".join(keys), *describe_differences(compare_runs(*keys, reports))]:
        console.print(line, soft_wrap=True, markup=False, highlight=False)


def _plan(notebooks, wave, lang, each, parameter):
    from helpers.run.plans import plan_runs

    return plan_runs(
        notebooks or [], waves=wave or [], parameters=_read_parameters(parameter or []),
        crossed={**({"lang": lang} if lang else {}), **dict.fromkeys(each or [])},
    )  # fmt: skip


def _read_parameters(pairs: list[str]) -> dict[str, str]:
    parameters = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise InputError(f"-p {pair}: needs a name and a value, e.g. -p by area.")
        parameters[name.strip()] = value.strip()
    return parameters


def _choose_executor(name: str, scheduler: str, jobs: int | None, engine: str):
    """A function that gives the executor, so that nothing is started for what is current."""
    if name not in ("local", "dask"):
        raise InputError(f"executor is {name!r}; it must be local or dask.")
    if engine not in ("forked", "nbclient"):
        raise InputError(f"engine is {engine!r}; it must be forked or nbclient.")
    if jobs is not None and jobs < 1:
        raise InputError(f"jobs is {jobs}; it must be 1 or more.")
    if (name == "dask") != bool(scheduler):
        raise InputError("--executor dask and --scheduler ADDRESS go together.")

    def choose():
        from helpers.run.executors import DaskExecutor, LocalExecutor

        return DaskExecutor(scheduler) if scheduler else LocalExecutor(jobs, engine=engine)

    return choose


class _Display:
    """The bar of a command: what runs now, how many are done, time elapsed and remaining."""

    def __init__(self, total: int):
        self._progress = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
            TimeElapsedColumn(), TimeRemainingColumn(), console=console,
        )  # fmt: skip
        self._task = self._progress.add_task("", total=total)
        self._now: list[str] = []

    def __enter__(self):
        self._progress.start()
        return self

    def __exit__(self, *_):
        self._progress.stop()

    def started(self, one) -> None:
        self._now.append(str(one))
        self._show()

    def finished(self, one) -> None:
        if str(one) in self._now:
            self._now.remove(str(one))
        self._progress.advance(self._task)
        self._show()

    def waiting(self, owner: str) -> None:
        console.print(f"Waiting: reports is {owner}.", highlight=False, markup=False)

    def _show(self) -> None:
        more = " …" if len(self._now) > _SHOWN else ""
        text = " | ".join(self._now[:_SHOWN]) + more
        self._progress.update(self._task, description=text)


def _tell(result, total: int) -> int:
    """Say how it went; return the exit code."""
    kept = f", {result.kept} current already" if result.kept else ""
    console.print(
        f"{'Stopped: ' * result.interrupted}{result.written} of {total} pages written{kept}; "
        f"open reports/index.html."
    )
    if result.unprinted:
        # Without a browser the reason is the same for all: one line says it.
        first = result.unprinted[0]
        told = f"{len(result.unprinted)} of {total} pages have no PDF; {first}."
        errors.print(told, markup=False, soft_wrap=True)
    for failure in result.failures:
        errors.print(str(failure), style="red", markup=False, soft_wrap=True)
    end = _INTERRUPTED if result.interrupted else 0
    return max([end, *(failure.code for failure in result.failures)])
