"""Whether the result of a run is there and still current, and if not, why."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from helpers.data.language import LANGUAGES
from helpers.run.keys import explain_change, hash_file, list_inputs
from helpers.run.manifests import find_latest, hash_outputs
from helpers.run.plans import LANG, Run
from helpers.run.versions import EPOCH

PDF = "page.pdf"
CITATION = "CITATION.cff"


def explain_run(run: Run, inputs: dict[str, str], reports: Path, *, pdf: bool = False) -> list[str]:
    """Say why a run would be executed.

    Parameters
    ----------
    run : Run
    inputs : dict
        From `list_page_inputs`.
    reports : pathlib.Path
        The folder `reports/`.
    pdf : bool
        Whether its page is to be printed too.

    Returns
    -------
    list of str
        Reasons; empty if its page and the files beside it are there as it wrote them, made
        from the same inputs.
    """
    latest = find_latest(run.page.as_posix(), reports)
    if latest is None:
        return ["never run, or stopped half-way"]
    reasons = explain_change(latest.inputs, inputs)
    paths = [reports / name for name in latest.outputs]
    found = hash_outputs([path for path in paths if path.is_file()], reports)
    reasons += [f"reports/{name} {'was changed' if name in found else 'is missing'}"
                for name, digest in latest.outputs.items()
                if found.get(name) != digest]  # fmt: skip
    if pdf and not any(name.endswith(f"/{PDF}") for name in latest.outputs):
        reasons.append("no PDF yet")
    return reasons


def list_page_inputs(
    run: Run, runs: Sequence[Run], *, root: Path
) -> tuple[dict[str, str], list[Run]]:
    """List the inputs of a page, and the pages in other languages that it links to.

    Parameters
    ----------
    run : Run
    runs : sequence of Run
        All that are asked for.
    root : pathlib.Path
        Root of the collection.

    Returns
    -------
    inputs : dict
        Those of `helpers.run.keys.list_inputs`, the links, and what its last section
        cites: the collection and the date.
    others : list of Run
    """
    others = [
        replace(run, parameters=run.parameters | {LANG: lang})
        for lang in LANGUAGES
        if run.lang and lang != run.lang
    ]
    found = [
        other for other in others if other in runs or (root / "reports" / other.page).is_file()
    ]
    inputs = list_inputs(run, root=root)
    inputs |= {f"link to {other.page.name}": "there" for other in found}
    if (root / CITATION).is_file():
        inputs[f"file {CITATION}"] = hash_file(root / CITATION)
    if EPOCH in os.environ:
        inputs[f"parameter {EPOCH}"] = os.environ[EPOCH]
    return inputs, found
