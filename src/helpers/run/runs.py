"""Carries planned runs out: what is due is executed and its pages are written into `reports/`."""

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.data.errors import InputError
from helpers.data.root import find_root
from helpers.run.locks import lock_reports
from helpers.run.manifests import find_latest
from helpers.run.pages import sweep_parts
from helpers.run.plans import Run, put_longest_first
from helpers.run.status import explain_run, list_page_inputs

if TYPE_CHECKING:
    from helpers.run.execution import StudyError
    from helpers.run.executors import Executor


@dataclass
class Result:
    """What became of some runs.

    Attributes
    ----------
    written : int
        Pages written.
    kept : int
        Pages that were current already.
    failures : list of StudyError
        One per run that gave no page.
    unprinted : list of str
        Runs whose page has no PDF, each with the reason.
    interrupted : bool
        Whether Ctrl-C stopped the rest.
    """

    written: int = 0
    kept: int = 0
    failures: "list[StudyError]" = field(default_factory=list)
    unprinted: list[str] = field(default_factory=list)
    interrupted: bool = False


@dataclass
class Listener:
    """Who is told how runs go; each is called by the thread that asked for them."""

    started: Callable[[Run], None] = lambda run: None
    finished: Callable[[Run], None] = lambda run: None
    waiting: Callable[[str], None] | None = None


def write_pages(
    runs: Sequence[Run], *, root: Path | None = None,
    executor: "Callable[[], Executor] | None" = None,
    listener: Listener | None = None, pdf: bool = False, force: bool = False,
) -> Result:  # fmt: skip
    """Execute runs and write their pages, the files beside them, and the index.

    Parameters
    ----------
    runs : sequence of Run
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.
    executor : callable, optional
        Gives the executor, if anything is due; by default one for the cores of this machine.
    listener : Listener, optional
    pdf : bool
        Print each page too.
    force : bool
        Execute also what is current.

    Returns
    -------
    Result

    Raises
    ------
    InputError
        If another command writes into `reports/` and the listener does not wait, or if
        nothing can be written there.
    """
    root, listener = root or find_root(), listener or Listener()
    reports, result = root / "reports", Result()
    names = ", ".join(dict.fromkeys(run.study for run in runs))
    with lock_reports(reports, f"studies run {names}", waiting=listener.waiting):
        sweep_parts(reports)
        facts = {run.page: list_page_inputs(run, runs, root=root) for run in runs}
        due = [
            run for run in runs
            if force or explain_run(run, facts[run.page][0], reports, pdf=pdf)
        ]  # fmt: skip
        for run in runs:
            if run not in due:
                result.kept += 1
                listener.finished(run)
        if due:
            _carry_out(due, facts, root, executor, listener, pdf, result)
    return result


def _carry_out(due, facts, root, executor, listener, pdf, result) -> None:
    """Execute and write what is due; the packages this needs take long to import."""
    from helpers.run.executors import LocalExecutor

    used = executor() if executor else LocalExecutor()
    try:
        used.prepare()
        from helpers.run.index import write_index
        from helpers.run.inputs import check_inputs
        from helpers.run.printing import Printer
        from helpers.run.writing import PageFacts, StudyError, settle_run

        check_inputs(due, root=root)
    except BaseException:
        used.close()
        raise
    gc.freeze()  # each page leaves much to collect: what was imported is no part of it
    try:
        with Printer() as printer:
            for run, outcome in used.execute(_order(due, root), started=listener.started):
                own = PageFacts(root, *facts[run.page], printer if pdf else None)
                try:
                    unprinted = settle_run(run, outcome, own)
                except StudyError as failure:
                    result.failures.append(failure)
                else:
                    result.written += 1
                    result.unprinted += [f"{run}: {unprinted}"] if unprinted else []
                listener.finished(run)
    except KeyboardInterrupt:
        result.interrupted = True
    finally:
        gc.unfreeze()
        try:
            write_index(root=root)
        except OSError as error:
            raise InputError(f"reports: its index cannot be written: {error.strerror}.") from None


def _order(due: Sequence[Run], root: Path) -> list[Run]:
    latest = {run.page: find_latest(run.page.as_posix(), root / "reports") for run in due}
    return put_longest_first(due, {page: one.seconds for page, one in latest.items() if one})
