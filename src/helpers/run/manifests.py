"""Manifests: what each run was made from, how it went and what it gave; kept for later."""

import hashlib
import json
import re
import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path

from helpers.data.errors import InputError
from helpers.run.keys import compute_key
from helpers.run.pages import name_part, replace_folder, write_page

RUNS = "runs"
NUMBERS = "estimates.csv"
PAGE = "index.html"
_MANIFEST, _CURRENT = "manifest.json", "current"


@dataclass(frozen=True)
class CellRun:
    """How one code cell went: its number in the notebook, outcome (``ok``) and seconds."""

    cell: int
    outcome: str
    seconds: float


@dataclass(frozen=True)
class Manifest:
    """One run.

    Attributes
    ----------
    page : str
        Page it wrote, relative to `reports/`.
    inputs : dict
        From `helpers.run.keys.list_inputs`.
    outputs : dict
        Each file it wrote, relative to `reports/`, to its SHA-256.
    made : str
        Date and time in UTC.
    seconds : float
        From start to finish.
    engine : str
        What executed it.
    cells : list of CellRun
        Code cells.
    warnings : list of str
        What cells wrote to standard error, without paths.
    """

    page: str
    inputs: dict[str, str]
    outputs: dict[str, str]
    made: str
    seconds: float
    engine: str
    cells: list[CellRun] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        """Name of the run: the same inputs give the same name."""
        return compute_key(self.inputs)


def write_manifest(manifest: Manifest, reports: Path, *, page: str = "") -> Path:
    """Keep a manifest, and the numbers of its page beside it, as the page's latest run.

    Parameters
    ----------
    manifest : Manifest
    reports : pathlib.Path
        The folder `reports/`, which holds the outputs already.
    page : str
        The manifest as HTML, kept beside it.

    Returns
    -------
    pathlib.Path
        Folder of the run, written whole or not at all.
    """
    target = reports / RUNS / manifest.key
    part = name_part(target)
    part.mkdir(parents=True)
    try:
        text = json.dumps(asdict(manifest), indent=1, ensure_ascii=False, sort_keys=True)
        (part / _MANIFEST).write_text(text + "\n", encoding="utf-8")
        if page:
            (part / PAGE).write_text(page, encoding="utf-8")
        numbers = [name for name in manifest.outputs if name.endswith(f"/{NUMBERS}")]
        for name in numbers:
            shutil.copyfile(reports / name, part / NUMBERS)
        replace_folder(target, part)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    write_page(manifest.key + "\n", _point(manifest.page, reports))
    return target


def read_manifest(key: str, reports: Path) -> Manifest:
    """Read the manifest of a run.

    Parameters
    ----------
    key : str
        Name of the run.
    reports : pathlib.Path

    Returns
    -------
    Manifest

    Raises
    ------
    InputError
        If there is no such run, or its file is damaged.
    """
    path = reports / RUNS / key / _MANIFEST
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        facts["cells"] = [CellRun(**cell) for cell in facts["cells"]]
        return Manifest(**facts)
    except FileNotFoundError:
        raise InputError(f"reports/{RUNS}/{key}: no such run.") from None
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"reports/{RUNS}/{key}/{_MANIFEST}: damaged: {error}.") from None


def find_latest(page: str, reports: Path) -> Manifest | None:
    """Find the latest run of a page.

    Parameters
    ----------
    page : str
        Relative to `reports/`.
    reports : pathlib.Path

    Returns
    -------
    Manifest or None
        None if there is none, or what was kept of it is damaged.
    """
    try:
        return read_manifest(_point(page, reports).read_text(encoding="utf-8").strip(), reports)
    except (OSError, InputError):
        return None


def forget_page(page: str, reports: Path) -> None:
    """Note that a page has no run that it was made by.

    Parameters
    ----------
    page : str
        Relative to `reports/`.
    reports : pathlib.Path
    """
    _point(page, reports).unlink(missing_ok=True)


def resolve_run(name: str, reports: Path) -> str:
    """Find the run that a name means: its key, the beginning of it, or the name of its page.

    Parameters
    ----------
    name : str
        E.g. ``3f2a``, or ``2016/02-mayor-survey.en.html`` for the latest run of that page.
    reports : pathlib.Path

    Returns
    -------
    str
        Key.

    Raises
    ------
    InputError
        If no run, or more than one, is meant.
    """
    page = re.sub(r"^(\./)?reports/", "", name)
    if latest := find_latest(page, reports):
        return latest.key
    keys = sorted(path.parent.name for path in (reports / RUNS).glob(f"*/{_MANIFEST}"))
    found = [key for key in keys if key.startswith(name)]
    if len(found) == 1:
        return found[0]
    if found:
        raise InputError(f"{name!r}: {len(found)} runs begin so: {', '.join(found[:5])}.")
    raise InputError(
        f"{name!r}: neither a run of reports/{RUNS} ({len(keys)} are there) nor a page with one."
    )


def hash_outputs(paths: list[Path], reports: Path) -> dict[str, str]:
    """Checksums of files that a run wrote.

    Parameters
    ----------
    paths : list of pathlib.Path
        Files, or folders whose files are meant.
    reports : pathlib.Path

    Returns
    -------
    dict
        Path relative to `reports/` to SHA-256.
    """
    files = [
        file
        for path in paths
        for file in ([path] if path.is_file() else sorted(path.rglob("*")))
        if file.is_file()
    ]
    return {
        file.relative_to(reports).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in files
    }


def _point(page: str, reports: Path) -> Path:
    """The file that names the latest run of a page."""
    return reports / RUNS / _CURRENT / f"{page}.txt"
