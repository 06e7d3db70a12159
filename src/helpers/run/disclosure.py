"""Disclosure audit of a release: no respondent, no withheld cell, none found by subtraction."""

from collections.abc import Iterator
from pathlib import Path

from helpers.data.responses import Wave, read_wave
from helpers.run.fingerprints import Fingerprints
from helpers.run.layers import read_layers
from helpers.run.release import Finding, Release
from helpers.run.shown_cells import ShownCell, read_cells
from helpers.stats.cell_suppression import find_exposed
from helpers.stats.disclosure import Protection, protect_wave
from helpers.stats.number_ids import NumberId

# Findings of one kind in one file that are listed; the rest is counted.
_LISTED = 10


def check_disclosure(release: Release) -> list[Finding]:
    """Refuse what would tell something about single respondents of a real wave.

    Parameters
    ----------
    release : Release

    Returns
    -------
    list of Finding
        None for synthetic waves. Names files and cells, never a value.

    Notes
    -----
    Four things, over all files together: respondents (`helpers.run.fingerprints`); cells
    shown though `helpers.stats.disclosure` withholds them; cells withheld in one file and shown
    in another; withheld counts that the cells shown determine, or bound too closely. With
    the release are read the pages published earlier, of any wave, and the pages in
    `reports/` that cover several waves, because readers can lay them side by side.
    """
    waves = {
        survey: read_wave(survey, release.wave, root=release.root)
        for survey, file in release.wave_files.items()
        if file.provenance == "real"
    }
    return audit_waves(waves, list(_list_files(release))) if waves else []


def audit_waves(
    waves: dict[str, Wave],
    files: list[tuple[str, Path]],
    *,
    rule: str | None = None,
) -> list[Finding]:
    """Audit files for what they tell about respondents.

    Parameters
    ----------
    waves : dict of str to Wave
        By survey.
    files : list of tuple
        Name and path of each.
    rule : str, optional
        Disclosure rule, e.g. to judge a synthetic wave as if it were real; by default
        the one that the provenance requires.

    Returns
    -------
    list of Finding
    """
    known = [Fingerprints(wave) for wave in waves.values()]
    findings: list[Finding] = []
    cells: list[tuple[str, ShownCell]] = []
    for name, path in files:
        for layer in read_layers(path.read_bytes()):
            for fingerprints in known:
                for what in fingerprints.find(layer.text):
                    where = f" ({layer.place})" if layer.place else ""
                    findings.append(Finding(name, f"{what} found{where}"))
            cells += [(name, cell) for cell in read_cells(layer)]
    for survey, wave in waves.items():
        own = [(name, cell) for name, cell in cells
               if (cell.number.survey, cell.number.wave) == (survey, wave.name)]  # fmt: skip
        protection = protect_wave(wave, rule)
        if protection:
            findings += _judge_cells(own, protection)
            findings += _judge_sums(own, protection, f"{survey}/{wave.name}")
    return list(dict.fromkeys(findings))


def _list_files(release: Release) -> Iterator[tuple[str, Path]]:
    yield from release.files.items()
    reports, published = release.root / "reports", release.root / "published"
    others = [
        *(path for folder in published.glob("*") if folder.name != release.wave
          for path in folder.glob("**/*")),
        *reports.glob("*.html"),
        *reports.glob("*.files/**/*"),
        *(reports / "compare").glob("**/*"),
    ]  # fmt: skip
    for path in sorted(others):
        hidden = any(part.startswith(".") for part in path.relative_to(release.root).parts)
        if path.is_file() and not hidden:
            yield path.relative_to(release.root).as_posix(), path


def _judge_cells(cells: list[tuple[str, ShownCell]], protection: Protection) -> Iterator[Finding]:
    """Cells shown though withheld, by the rule or by another file."""
    withheld = {cell.number: name for name, cell in cells if cell.confidential}
    wrong: dict[tuple[str, str], list[NumberId]] = {}
    for name, cell in cells:
        number = cell.number
        key = (number.question, number.answer, number.domain_variable, number.domain)
        if (*key[:2],) not in protection.system.places or key[2:] not in protection.system.columns:
            continue
        if cell.estimate and protection.is_withheld(*key):
            wrong.setdefault((name, "shown though withheld for confidentiality"), []).append(number)
        if cell.base and protection.is_base_withheld(*key):
            wrong.setdefault((name, "base shown though withheld"), []).append(number)
        if cell.estimate and number in withheld:
            what = f"shown here and withheld in {withheld[number]}"
            wrong.setdefault((name, what), []).append(number)
    for (name, what), numbers in wrong.items():
        for number in list(dict.fromkeys(numbers))[:_LISTED]:
            yield Finding(name, f"{number}: {what}")
        if len(set(numbers)) > _LISTED:
            yield Finding(name, f"{len(set(numbers)) - _LISTED} more cells: {what}")


def _judge_sums(
    cells: list[tuple[str, ShownCell]], protection: Protection, place: str
) -> Iterator[Finding]:
    """Secrets that follow from all cells shown, and those no choice of cells could protect."""
    system, suppression = protection.system, protection.suppression
    shown = ~suppression.withheld
    for _, cell in cells:
        number = cell.number
        found = system.places.get((number.question, number.answer))
        column = system.columns.get((number.domain_variable, number.domain))
        if found is None or column is None:
            continue
        for row, visible in ((found.answer, cell.estimate), (found.base, cell.base)):
            if visible and system.cells[row, column] >= 0:
                shown[system.cells[row, column]] = True
    exposed = find_exposed(system, suppression, shown)
    names = {(spot.answer, column): f"{question}:{answer}" + (f":{by}={level}" if by else "")
             for (question, answer), spot in system.places.items()
             for (by, level), column in system.columns.items()}  # fmt: skip
    told = sorted({names.get((secret.row, secret.column), "a complement or a base")
                   for secret in exposed})  # fmt: skip
    for name in told[:_LISTED]:
        what = f"{name}: its count follows too closely from the cells shown, all files together"
        yield Finding(place, what)
    if len(told) > _LISTED:
        yield Finding(place, f"{len(told) - _LISTED} more cells follow from the cells shown")
