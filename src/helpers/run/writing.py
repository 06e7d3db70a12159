"""Writes the page of an executed notebook, the files beside it, and last its manifest."""

import tempfile
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from helpers.run.execution import Executed, StudyError
from helpers.run.exports import name_folder, remove_exports, stage_exports
from helpers.run.manifest_pages import render_manifest
from helpers.run.manifests import Manifest, forget_page, hash_outputs, write_manifest
from helpers.run.pages import write_page
from helpers.run.plans import Run
from helpers.run.printing import Printer, PrintingError
from helpers.run.site import name_page, render_page
from helpers.run.status import PDF


@dataclass(frozen=True)
class PageFacts:
    """What a page is written from besides its notebook.

    Attributes
    ----------
    root : pathlib.Path
        Root of the collection.
    inputs : dict
        From `helpers.run.status.list_page_inputs`.
    others : list of Run
        Pages in other languages to link to.
    printer : Printer or None
        None for a page without a PDF.
    """

    root: Path
    inputs: dict[str, str]
    others: list[Run]
    printer: Printer | None


def settle_run(run: Run, outcome: Executed | StudyError, facts: PageFacts) -> str:
    """Write what a run gave; if it failed, remove the older page.

    Parameters
    ----------
    run : Run
    outcome : Executed or StudyError
        What its execution came to.
    facts : PageFacts

    Returns
    -------
    str
        Why there is no PDF, if one was asked for; else "".

    Raises
    ------
    StudyError
        If the execution failed, or the page cannot be written.
    """
    if isinstance(outcome, StudyError):
        # An older page beside changed data would look current.
        reports = facts.root / "reports"
        try:
            forget_page(run.page.as_posix(), reports)
            (reports / run.page).unlink(missing_ok=True)
            remove_exports(run, root=facts.root)
        except OSError as error:
            words = f"{outcome}; the older page cannot be removed: {error.strerror}."
            raise StudyError(words, outcome.code) from None
        raise outcome
    try:
        return _write(run, outcome, facts)
    except OSError as error:  # such as a full disk: the older page stays, and stays due
        reason = error.strerror or error
        raise StudyError(f"{run}: its page cannot be written: {reason}.") from None


def _write(run: Run, done: Executed, facts: PageFacts) -> str:
    """Write one page and the files beside it; say why there is no PDF if one was asked for."""
    root, notebook, reason = facts.root, done.notebook, ""
    reports = root / "reports"
    with tempfile.TemporaryDirectory() as folder:
        for name, content in done.exhibits.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        title = name_page(notebook, run)
        with stage_exports(run, Path(folder), title=title, root=root) as (part, downloads):
            if facts.printer:
                offered = replace(downloads, pdf=f"{downloads.folder}/{PDF}")
                page = render_page(notebook, run, others=facts.others, downloads=offered)
                try:
                    facts.printer.print_page(page, part / PDF)
                except PrintingError as error:
                    reason = str(error)
            if not facts.printer or reason:
                page = render_page(notebook, run, others=facts.others, downloads=downloads)
            # Until all is there, what was kept of an older run is no longer true.
            forget_page(run.page.as_posix(), reports)
            write_page(page, reports / run.page)
    _keep(run, done, facts.inputs, root)
    return reason


def _keep(run: Run, done: Executed, inputs: dict[str, str], root: Path) -> None:
    """Write the manifest: last, so that a page without one is known to be unfinished."""
    reports = root / "reports"
    manifest = Manifest(
        page=run.page.as_posix(),
        inputs=inputs,
        outputs=hash_outputs([reports / run.page, reports / name_folder(run)], reports),
        made=datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC"),
        seconds=round(done.seconds, 2),
        engine=done.engine,
        cells=done.cells,
        warnings=done.warnings,
    )
    write_manifest(manifest, reports, page=render_manifest(manifest, run, root=root))
