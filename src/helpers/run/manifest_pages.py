"""The page of a manifest: what a run was made from, how it went and what it gave."""

import os
from pathlib import Path

from helpers.data.language import SOURCE, get_language, message, tr, use_language, write_number
from helpers.run.badges import find_badges
from helpers.run.manifests import RUNS, Manifest
from helpers.run.pages import render_template
from helpers.run.plans import Run

# First word of an input, as `helpers.run.keys.list_inputs` names it, to the heading of its group.
GROUPS = {
    "parameter": message("Parameters"),
    "notebook": message("Notebook"),
    "file": message("Data files"),
    "module": message("Modules and templates of the package"),
    "package": message("Packages"),
    "link": message("Pages in other languages"),
}


def render_manifest(manifest: Manifest, run: Run, *, root: Path) -> str:
    """Render the page of a manifest, in the language of the page that the run wrote.

    Parameters
    ----------
    manifest : Manifest
    run : Run
    root : pathlib.Path
        Root of the collection.

    Returns
    -------
    str
        HTML of its own, for `reports/runs/<key>/index.html`.
    """
    here = Path(RUNS, manifest.key)
    with use_language(run.lang or SOURCE):
        return render_template(
            "manifest.html.j2",
            lang=get_language(),
            title=str(run),
            key=manifest.key,
            badges=find_badges(run.surveys, run.wave, root=root),
            page=Path(os.path.relpath(manifest.page, here)).as_posix(),
            manifest=manifest,
            seconds=write_number(manifest.seconds, 1),
            cells=[(cell.cell, _name_outcome(cell.outcome), write_number(cell.seconds, 2))
                   for cell in manifest.cells],
            groups=_group_inputs(manifest.inputs),
        )  # fmt: skip


def _name_outcome(outcome: str) -> str:
    return tr("ran") if outcome == "ok" else outcome


def _group_inputs(inputs: dict[str, str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Heading of each group with its pairs of name and checksum, value or version."""
    groups = []
    for word, heading in GROUPS.items():
        rows = [
            (name.removeprefix(f"{word} ").removeprefix("to "), value)
            for name, value in sorted(inputs.items())
            if name.startswith(f"{word} ")
        ]
        if rows:
            groups.append((tr(heading), rows))
    return groups
