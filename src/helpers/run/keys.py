"""What a result depends on, piece by piece, and the key that stands for all of it."""

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from helpers.data.catalog import Study, list_studies
from helpers.data.language import CATALOGUES, SOURCE
from helpers.data.notebooks import read_notebook
from helpers.run.plans import Run
from helpers.run.versions import list_packages

KEY_LENGTH = 16  # hexadecimal digits; enough to tell any number of runs apart
_PACKAGE = CATALOGUES.parent
_ENDINGS = {".py", ".j2", ".css", ".js", ".json"}


def list_inputs(run: Run, *, root: Path) -> dict[str, str]:
    """List all that the result of a run depends on.

    Parameters
    ----------
    run : Run
    root : pathlib.Path
        Root of the collection.

    Returns
    -------
    dict of str to str
        Name of each piece to its checksum, value or version: the notebook without its
        outputs, parameters, modules and templates, the catalogues of the page's
        language, data files, packages. Of surveys only those are listed that the study
        names, with all their waves; a study that names none may read any.
    """
    study = next((one for one in list_studies(root=root) if one.study == run.study), None)
    inputs = {f"notebook {run.path.name}": _hash_notebook(run.path)}
    inputs |= {f"parameter {name}": repr(value) for name, value in run.parameters.items()}
    inputs |= {f"module {name}": digest for name, digest in _hash_package(run.lang).items()}
    for path in _list_data(study, root):
        inputs[f"file {path.relative_to(root).as_posix()}"] = hash_file(path)
    own = root / "notebooks" / "locale" / run.lang / f"{run.study}.po"
    if run.lang and own.is_file():
        inputs[f"file {own.relative_to(root).as_posix()}"] = hash_file(own)
    inputs |= {f"package {name}": version for name, version in list_packages().items()}
    return inputs


def compute_key(inputs: dict[str, str]) -> str:
    """Compute the key of a result: the same for the same inputs, another for any other.

    Parameters
    ----------
    inputs : dict
        From `list_inputs`.

    Returns
    -------
    str
        Hexadecimal digits.
    """
    text = json.dumps(inputs, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:KEY_LENGTH]


def explain_change(before: dict[str, str], now: dict[str, str]) -> list[str]:
    """Say which inputs differ, in words.

    Parameters
    ----------
    before, now : dict
        From `list_inputs`.

    Returns
    -------
    list of str
        E.g. ``file data/published/figures.csv changed`` or ``package pandas 3.0 -> 3.1``.
    """
    reasons = []
    for name in sorted({*before, *now}):
        old, new = before.get(name), now.get(name)
        if old == new:
            continue
        if old is None or new is None:
            reasons.append(f"{name} {'added' if old is None else 'removed'}")
        elif name.startswith(("parameter ", "package ")):
            reasons.append(f"{name} {old} -> {new}")
        else:
            reasons.append(f"{name} changed")
    return reasons


def _list_data(study: Study | None, root: Path) -> list[Path]:
    files = [path for folder in ("data", "shapefiles") for path in (root / folder).rglob("*")]
    surveys = root / "data" / "surveys"
    named = study.surveys if study else []
    others = [] if not named else [
        folder for folder in surveys.iterdir() if folder.is_dir() and folder.name not in named
    ]  # fmt: skip
    return sorted(
        path
        for path in files
        if path.is_file()
        and not path.name.startswith(".")
        and not any(path.is_relative_to(folder) for folder in others)
    )


def _hash_notebook(path: Path) -> str:
    """Cells and facts of a notebook; its stored outputs are no input."""
    notebook = read_notebook(path)
    cells = [(cell.kind, cell.source, cell.tags) for cell in notebook.cells]
    text = json.dumps([cells, notebook.metadata.get("study")], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _hash_package(lang: str) -> dict[str, str]:
    paths = [path for path in _PACKAGE.rglob("*") if path.suffix in _ENDINGS]
    if lang and lang != SOURCE:
        paths += (CATALOGUES / lang).rglob("*.po")
    return {path.relative_to(_PACKAGE).as_posix(): hash_file(path) for path in sorted(paths)}


def hash_file(path: Path) -> str:
    """SHA-256 of a file, computed once while its time and size stay the same."""
    facts = path.stat()
    return _hash_content(path, facts.st_mtime_ns, facts.st_size)


@lru_cache(maxsize=4096)
def _hash_content(path: Path, changed: int, size: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
