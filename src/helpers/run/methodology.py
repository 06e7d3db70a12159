"""Whether the methodology notice of a wave is complete: a check of `studies publish`."""

from pathlib import Path

from helpers.data.responses import read_wave
from helpers.run.release import Finding, Release
from helpers.view.notices import build_notice


def list_empty_items(survey: str, wave: str, *, root: Path | None = None) -> list[str]:
    """Items of the notice that are not stated, or not wholly.

    Parameters
    ----------
    survey, wave : str
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    list of str
        Ids of `data/surveys/disclosure.yaml`, in its order.

    Raises
    ------
    InputError
        If there is no such wave, or one of its files is not valid.
    """
    notice = build_notice(read_wave(survey, wave, root=root), root=root)
    return [statement.item.id for statement in notice if not statement.stated]


def check_methodology(release: Release) -> list[Finding]:
    """Refuse a wave of real respondents while its notice wants an item.

    Parameters
    ----------
    release : Release

    Returns
    -------
    list of Finding
        One per survey and item; none for synthetic waves, whose notice says what their
        producer did not state.
    """
    findings = []
    for survey, file in release.wave_files.items():
        if file.provenance != "real":
            continue
        wave = read_wave(survey, release.wave, root=release.root)
        for statement in build_notice(wave, root=release.root):
            if not statement.stated:
                item = statement.item
                places = " or ".join(place for place in item.places if place != "computed")
                what = (
                    f"{item.label.en} is not stated; give it under {places}."
                    if places
                    else (f"{item.label.en} is not known of every question.")
                )
                findings.append(Finding(f"data/surveys/{survey}/{release.wave}/wave.yaml", what))
    return findings
