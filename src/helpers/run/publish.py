"""Publishes the pages of a wave: copied whole once every check has passed, and logged."""

import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from helpers.data.errors import InputError
from helpers.data.responses import checksum
from helpers.data.root import find_root
from helpers.run.disclosure import check_disclosure
from helpers.run.locks import lock_reports
from helpers.run.methodology import check_methodology
from helpers.run.page_checks import check_pages
from helpers.run.pages import name_part, replace_folder, sweep_parts, write_page
from helpers.run.release import Check, Finding, Release, find_surveys
from helpers.run.versions import read_code_version

# What a release must pass; each function lists its findings, none when it passes.
CHECKS: tuple[Check, ...] = (check_pages, check_methodology, check_disclosure)
LOG = "log.jsonl"
READABLE = "log.txt"


@dataclass(frozen=True)
class Publication:
    """What became of one wave.

    Attributes
    ----------
    wave : str
    folder : pathlib.Path
        Where its pages are published, or would have been.
    files : int
        Files of the release.
    findings : dict
        Name of each check to its findings; published if all are empty.
    """

    wave: str
    folder: Path
    files: int
    findings: dict[str, list[Finding]]

    @property
    def published(self) -> bool:
        """Whether every check passed."""
        return not any(self.findings.values())


def publish_wave(wave: str, *, root: Path | None = None) -> Publication:
    """Check what `reports/` holds of a wave and, if nothing is found, copy it to `published/`.

    Parameters
    ----------
    wave : str
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    Publication
        Refused or not, it is added to `published/log.jsonl` and `published/log.txt`.

    Raises
    ------
    InputError
        If there is no such wave, or no page of it, or a command is writing into `reports/`.

    Notes
    -----
    The files are copied first, into a hidden folder, and the copy is checked: what is
    published is what was checked. It takes the place of an earlier publication,
    or is removed.
    """
    root = root or find_root()
    find_surveys(wave, root=root)
    source, target = root / "reports" / wave, root / "published" / wave
    if not list(source.glob("*.html")):
        raise InputError(
            f"reports/{wave}: no page to publish; make them with: studies run --wave {wave}"
        )
    part = name_part(target)
    with lock_reports(root / "reports", f"studies publish {wave}"):
        sweep_parts(target.parent)
        return _publish(wave, root, source, target, part)


def _publish(wave: str, root: Path, source: Path, target: Path, part: Path) -> Publication:
    try:
        shutil.copytree(source, part, ignore=shutil.ignore_patterns(".*"))
        release = Release(wave, part, root)
        findings = {check.__name__: check(release) for check in CHECKS}
        result = Publication(wave, target, len(release.files), findings)
        entry = _describe(release, result)
        if result.published:
            replace_folder(target, part)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    _log(entry, target.parent)
    return result


def _describe(release: Release, result: Publication) -> dict:
    """Entry of the log: no path of this machine, no user."""
    surveys = release.root / "data" / "surveys"
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "wave": release.wave,
        "published": result.published,
        "provenance": {name: file.provenance for name, file in release.wave_files.items()},
        "code": read_code_version(),
        "checks": {
            name: "passed" if not found else [str(finding) for finding in found]
            for name, found in result.findings.items()
        },
        "data": {
            f"{survey}/{release.wave}": checksum(surveys / survey / release.wave / name)
            for survey in release.wave_files
            for name in ("responses.parquet",)
        },
        "files": {name: checksum(path) for name, path in release.files.items()},
    }


def _log(entry: dict, folder: Path) -> None:
    """Add an entry; the readable log is written anew from all of them."""
    log = folder / LOG
    before = log.read_text(encoding="utf-8") if log.exists() else ""
    text = before + json.dumps(entry, ensure_ascii=False) + "\n"
    entries = [json.loads(line) for line in text.splitlines()]
    write_page(text, log)
    write_page("\n".join(_tell(entry) for entry in reversed(entries)), folder / READABLE)


def _tell(entry: dict) -> str:
    """Tell an entry in words, the latest fact first."""
    kinds = ", ".join(f"{survey} {kind}" for survey, kind in entry["provenance"].items())
    act = "published" if entry["published"] else "refused"
    lines = [
        f"{entry['date']}  wave {entry['wave']} {act} ({kinds}); code {entry['code']}",
        *(_tell_check(name, found) for name, found in entry["checks"].items()),
        *(f"  data   {name}  sha256 {value}" for name, value in entry["data"].items()),
        *(f"  file   {name}  sha256 {value}" for name, value in entry["files"].items()),
    ]
    return "\n".join(lines) + "\n"


def _tell_check(name: str, found) -> str:
    if found == "passed":
        return f"  check  {name}: passed"
    return "\n".join([f"  check  {name}: {len(found)} findings", *(f"    {one}" for one in found)])
