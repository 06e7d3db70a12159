"""Carries planned runs out: pages and their index in `reports/`."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from helpers.data.language import LANGUAGES
from helpers.data.root import find_root
from helpers.run.execution import StudyError, execute_run
from helpers.run.exports import PDF, remove_exports, stage_exports
from helpers.run.index import write_index
from helpers.run.pages import write_page
from helpers.run.plans import LANG, Run
from helpers.run.printing import Printer, PrintingError
from helpers.run.site import name_page, render_page


@dataclass
class Result:
    """What became of some runs.

    Attributes
    ----------
    written : int
        Pages written.
    failures : list of StudyError
        One per run that gave no page.
    unprinted : list of str
        Runs whose page has no PDF, each with the reason.
    interrupted : bool
        Whether Ctrl-C stopped the rest.
    """

    written: int = 0
    failures: list[StudyError] = field(default_factory=list)
    unprinted: list[str] = field(default_factory=list)
    interrupted: bool = False


def write_pages(
    runs: Sequence[Run], *, root: Path | None = None, started: Callable[[Run], None],
    pdf: bool = False,
) -> Result:  # fmt: skip
    """Execute runs and write their pages, the files beside them, and the index.

    Parameters
    ----------
    runs : sequence of Run
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.
    started : callable
        Told each run as it starts.
    pdf : bool
        Print each page too.

    Returns
    -------
    Result
    """
    root = root or find_root()
    reports = root / "reports"
    result = Result()
    try:
        with Printer() as printer:
            for run in runs:
                started(run)
                others = _find_others(run, runs, reports)
                try:
                    unprinted = _write_page(run, others, root, printer if pdf else None)
                except StudyError as failure:
                    result.failures.append(failure)
                    # An older page beside changed data would look current.
                    (reports / run.page).unlink(missing_ok=True)
                    remove_exports(run, root=root)
                else:
                    result.written += 1
                    result.unprinted += [f"{run}: {unprinted}"] if unprinted else []
    except KeyboardInterrupt:
        result.interrupted = True
    finally:
        write_index(root=root)
    return result


def _write_page(run: Run, others: list[Run], root: Path, printer: Printer | None) -> str:
    """Write one page and the files beside it; say why there is no PDF if one was asked for."""
    with tempfile.TemporaryDirectory() as folder:
        notebook = execute_run(run, exhibits=Path(folder))
        title = name_page(notebook, run)
        with stage_exports(run, Path(folder), title=title, root=root) as (part, downloads):
            reason = ""
            if printer:
                offered = replace(downloads, pdf=f"{downloads.folder}/{PDF}")
                page = render_page(notebook, run, others=others, downloads=offered)
                try:
                    printer.print_page(page, part / PDF)
                except PrintingError as error:
                    reason = str(error)
            if not printer or reason:
                page = render_page(notebook, run, others=others, downloads=downloads)
        write_page(page, root / "reports" / run.page)
    return reason


def _find_others(run: Run, runs: Sequence[Run], reports: Path) -> list[Run]:
    """The same page in other languages: about to be written, or there already."""
    others = [
        replace(run, parameters=run.parameters | {LANG: lang})
        for lang in LANGUAGES
        if run.lang and lang != run.lang
    ]
    return [other for other in others if other in runs or (reports / other.page).is_file()]
