"""Checks of the pages of a release: as recent as their data, and saying what they show."""

from html import unescape

from helpers.data.language import LANGUAGES, tr, use_language
from helpers.run.release import Finding, Release
from helpers.view.provenance import WORDS


def check_pages(release: Release) -> list[Finding]:
    """List pages older than the data of the wave, or without words of provenance.

    Parameters
    ----------
    release : Release

    Returns
    -------
    list of Finding
    """
    changed = max(path.stat().st_mtime for path in _list_data(release))
    kinds = {file.provenance for file in release.wave_files.values()}
    findings = []
    for name, path in release.pages.items():
        if path.stat().st_mtime < changed:
            what = "older than the data of the wave; run the study again"
            findings.append(Finding(name, what))
        text = unescape(path.read_text(encoding="utf-8"))
        if not any(word in text for kind in kinds for word in _list_words(kind)):
            what = f"does not say that its data are {' or '.join(sorted(kinds))}"
            findings.append(Finding(name, what))
    return findings


def _list_data(release: Release) -> list:
    surveys = release.root / "data" / "surveys"
    return [
        path
        for survey in release.wave_files
        for path in (
            surveys / survey / "codebook.yaml",
            surveys / survey / release.wave / "wave.yaml",
            surveys / survey / release.wave / "responses.parquet",
        )
    ]


def _list_words(kind: str) -> list[str]:
    words = []
    for lang in LANGUAGES:
        with use_language(lang):
            words.append(tr(WORDS[kind]))
    return words
