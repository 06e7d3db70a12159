"""Executes a notebook with papermill; a failure names the notebook and the cell."""

import os
import re
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat
import papermill
from nbclient.exceptions import CellTimeoutError
from papermill.engines import papermill_engines
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from helpers.data.errors import InputError
from helpers.run.engine import ForkedEngine, poll_channels
from helpers.run.manifests import CellRun
from helpers.run.plans import Run
from helpers.run.server import NAME
from helpers.view.exhibits import FOLDER

CELL_TIMEOUT = 300
KERNEL = "python3"
_CELLS = "cells_run"
_CELL_FILE = re.compile(r"\S*ipykernel_\d+[/\\]\d+\.py")
_PATH = re.compile(r"(?<![\w.:/\\])(?:[A-Z]:)?(?:[/\\][\w.+@~-]+)+[/\\]([\w.+@~-]+)")
_INJECTED = "injected-parameters"  # papermill's tag of the cell it puts in


class StudyError(RuntimeError):
    """A notebook whose cell raised; the message names both.

    `code` is the exit code it calls for: 2 if the cell refused its input.
    """

    def __init__(self, message: str, code: int = 1):
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Executed:
    """An executed notebook, wherever that was.

    Attributes
    ----------
    notebook : nbformat.NotebookNode
        Without any path of a machine.
    exhibits : dict of str to bytes
        Files of what it showed, as `helpers.view.exhibits` records it.
    cells : list of CellRun
    warnings : list of str
        What cells wrote to standard error.
    seconds : float
    engine : str
        Of papermill.
    """

    notebook: nbformat.NotebookNode
    exhibits: dict[str, bytes]
    cells: list[CellRun]
    warnings: list[str]
    seconds: float
    engine: str


def execute_task(run: Run, *, engine: str = NAME) -> Executed:
    """Execute one notebook and bring back all that it gave.

    Parameters
    ----------
    run : Run
    engine : str
        Of papermill.

    Returns
    -------
    Executed

    Raises
    ------
    StudyError
        As `execute_run`.
    """
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        notebook = execute_run(run, exhibits=folder, engine=engine)
        cells = notebook.metadata.pop(_CELLS)
        files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
        exhibits = {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
    return Executed(
        notebook, exhibits, cells, _read_warnings(notebook), time.perf_counter() - began, engine
    )  # fmt: skip


def execute_run(
    run: Run, *, exhibits: Path | None = None, engine: str = NAME
) -> nbformat.NotebookNode:
    """Execute one notebook.

    Parameters
    ----------
    run : Run
    exhibits : pathlib.Path, optional
        An empty folder for what the notebook shows, as `helpers.view.exhibits` records it.
    engine : str
        Of papermill.

    Returns
    -------
    nbformat.NotebookNode
        The executed notebook, without any path of this machine.

    Raises
    ------
    StudyError
        If a cell raises or takes longer than `CELL_TIMEOUT` seconds.
    """
    papermill_engines.register(NAME, ForkedEngine)
    poll_channels()
    with tempfile.TemporaryDirectory() as folder:
        target, name = (
            Path(folder) / f"{run.study}.ipynb",
            f"{run.study} (wave {run.wave or 'none'})",
        )
        config, started = _choose_transport(folder), []
        config.NotebookClient.on_cell_execute = lambda cell, cell_index: started.append(cell_index)
        try:
            papermill.execute_notebook(
                str(run.path), str(target), parameters=run.parameters, kernel_name=KERNEL,
                cwd=str(run.path.parent), progress_bar=False, engine_name=engine,
                # Saved at the end only: megabytes of figures would be written twice a cell.
                request_save_on_cell_execute=False,
                execution_timeout=CELL_TIMEOUT, config=config,
                extra_arguments=_ask_for_exhibits(exhibits),
            )  # fmt: skip
        except PapermillExecutionError as error:
            cell = _count_cell(error.cell_index, run)
            raise StudyError(
                f"{name}: cell {cell} failed: {error.ename}: {error.evalue}",
                code=2 if error.ename == InputError.__name__ else 1,
            ) from None
        except CellTimeoutError:
            cell = _count_cell(started[-1], run)
            raise StudyError(
                f"{name}: cell {cell} took longer than {CELL_TIMEOUT} seconds and was stopped."
            ) from None
        except Exception as error:  # whatever stops one page, the others go on
            raise StudyError(f"{name}: {type(error).__name__}: {error}") from None
        notebook = nbformat.read(target, as_version=4)
    return _without_paths(notebook)


def _count_cell(index: int, run: Run) -> int:
    """Number of a cell as the user's notebook counts: papermill put one in if it had to."""
    return index + 1 - bool(run.parameters)


def _choose_transport(folder: str) -> Config:
    """Sockets in a folder of the run's own: TCP ports, and a shared folder, can collide.

    Windows has no such sockets and keeps TCP.
    """
    if os.name == "nt":
        return Config()
    connection = str(Path(folder) / "kernel.json")
    return Config({"KernelManager": {"transport": "ipc", "connection_file": connection}})


def _ask_for_exhibits(folder: Path | None) -> list[str]:
    """Argument of the kernel: runs may go on at once, so this process keeps its environment."""
    if folder is None:
        return []
    code = f"__import__('os').environ[{FOLDER!r}] = {str(folder)!r}"
    return [f"--IPKernelApp.code_to_run={code}"]


def _read_warnings(notebook) -> list[str]:
    return [
        _PATH.sub(r"\1", _CELL_FILE.sub("cell", output.text))
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type == "stream" and output.name == "stderr"
    ]


def _list_facts(notebook) -> list[tuple[int, dict]]:
    """Code cells as the user's notebook numbers them, each with what papermill noted of it."""
    own = [cell for cell in notebook.cells if _INJECTED not in cell.metadata.get("tags", [])]
    return [
        (number, cell.metadata.get("papermill", {}))
        for number, cell in enumerate(own, start=1)
        if cell.cell_type == "code"
    ]


def _without_paths(notebook):
    """Drop what papermill notes about files and times of this machine, but for the seconds."""
    timed = [
        CellRun(number, "ok", round(facts["duration"], 3))
        for number, facts in _list_facts(notebook)
    ]
    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
    notebook.metadata[_CELLS] = timed
    return notebook
