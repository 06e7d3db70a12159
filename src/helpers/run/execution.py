"""Executes a notebook with papermill; a failure names the notebook and the cell."""

import asyncio
import os
import tempfile
from pathlib import Path
from queue import Empty

import nbformat
import papermill
from jupyter_client.channels import AsyncZMQSocketChannel
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from helpers.data.errors import InputError
from helpers.run.plans import Run
from helpers.view.exhibits import FOLDER

CELL_TIMEOUT = 300
_POLL = 0.5


class StudyError(RuntimeError):
    """A notebook whose cell raised; the message names both.

    `code` is the exit code it calls for: 2 if the cell refused its input.
    """

    def __init__(self, message: str, code: int = 1):
        super().__init__(message)
        self.code = code


def execute_run(run: Run, *, exhibits: Path | None = None) -> nbformat.NotebookNode:
    """Execute one notebook.

    Parameters
    ----------
    run : Run
    exhibits : pathlib.Path, optional
        An empty folder for what the notebook shows, as `helpers.view.exhibits` records it.

    Returns
    -------
    nbformat.NotebookNode
        The executed notebook, without any path of this machine.

    Raises
    ------
    StudyError
        If a cell raises or takes longer than `CELL_TIMEOUT` seconds.
    """
    _poll_channels()
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / f"{run.study}.ipynb"
        try:
            papermill.execute_notebook(
                str(run.path), str(target), parameters=run.parameters, kernel_name="python3",
                cwd=str(run.path.parent), progress_bar=False, execution_timeout=CELL_TIMEOUT,
                config=_choose_transport(folder), extra_arguments=_ask_for_exhibits(exhibits),
            )  # fmt: skip
        except PapermillExecutionError as error:
            cell = error.cell_index + 1 - bool(run.parameters)  # papermill put one in
            raise StudyError(
                f"{run.study} (wave {run.wave or 'none'}): cell {cell} failed: "
                f"{error.ename}: {error.evalue}",
                code=2 if error.ename == InputError.__name__ else 1,
            ) from None
        except Exception as error:  # whatever stops one page, the others go on
            raise StudyError(
                f"{run.study} (wave {run.wave or 'none'}): {type(error).__name__}: {error}"
            ) from None
        notebook = nbformat.read(target, as_version=4)
    return _without_paths(notebook)


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


def _without_paths(notebook):
    """Drop what papermill notes about files and times of this machine."""
    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
    return notebook


def _poll_channels() -> None:
    """Read kernel messages by polling instead of waiting.

    Waiting for ever can miss a reply that is already queued when a cell shows
    widgets, and the run then hangs (nbclient issue 312).
    """
    if getattr(AsyncZMQSocketChannel.get_msg, "polls", False):
        return
    wait = AsyncZMQSocketChannel.get_msg

    async def get_msg(self, timeout=None):
        if timeout is not None:
            return await wait(self, timeout)
        while True:
            try:
                return await wait(self, _POLL)
            except Empty:
                await asyncio.sleep(0)

    get_msg.polls = True
    AsyncZMQSocketChannel.get_msg = get_msg
