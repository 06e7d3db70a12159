"""Carries planned runs out: pages and their index in `reports/`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from helpers.data.language import LANGUAGES
from helpers.data.root import find_root
from helpers.run.execution import StudyError, execute_run
from helpers.run.index import write_index
from helpers.run.pages import write_page
from helpers.run.plans import LANG, Run
from helpers.run.site import render_page


@dataclass
class Result:
    """What became of some runs.

    Attributes
    ----------
    written : int
        Pages written.
    failures : list of StudyError
        One per run that gave no page.
    interrupted : bool
        Whether Ctrl-C stopped the rest.
    """

    written: int = 0
    failures: list[StudyError] = field(default_factory=list)
    interrupted: bool = False


def write_pages(
    runs: Sequence[Run], *, root: Path | None = None, started: Callable[[Run], None]
) -> Result:
    """Execute runs and write their pages and the index.

    Parameters
    ----------
    runs : sequence of Run
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.
    started : callable
        Told each run as it starts.

    Returns
    -------
    Result
    """
    reports = (root or find_root()) / "reports"
    result = Result()
    try:
        for run in runs:
            started(run)
            try:
                page = render_page(execute_run(run), run, others=_find_others(run, runs, reports))
            except StudyError as failure:
                result.failures.append(failure)
                # An older page beside changed data would look current.
                (reports / run.page).unlink(missing_ok=True)
            else:
                write_page(page, reports / run.page)
                result.written += 1
    except KeyboardInterrupt:
        result.interrupted = True
    finally:
        write_index(root=root)
    return result


def _find_others(run: Run, runs: Sequence[Run], reports: Path) -> list[Run]:
    """The same page in other languages: about to be written, or there already."""
    others = [
        replace(run, parameters=run.parameters | {LANG: lang})
        for lang in LANGUAGES
        if run.lang and lang != run.lang
    ]
    return [other for other in others if other in runs or (reports / other.page).is_file()]
