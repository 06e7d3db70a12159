"""The gallery of the README: a table made from the notebooks, and one picture."""

import re
from pathlib import Path

import pandas as pd

from helpers.data.catalog import read_studies
from helpers.data.regions import read_regions
from helpers.data.responses import read_wave
from helpers.data.root import find_root
from helpers.stats.results import DEFAULT_RULE, estimate_question
from helpers.view.figures import show_figure
from helpers.view.maps import draw_map, find_breaks

PICTURE = "docs/partnership-map-demo.png"
_BLOCK = re.compile(r"<!-- gallery -->.*?<!-- end of gallery -->", re.DOTALL)


def build_gallery(studies: pd.DataFrame) -> str:
    """Build the gallery as a Markdown table between its two markers.

    Parameters
    ----------
    studies : pandas.DataFrame
        From `helpers.data.catalog.read_studies`.

    Returns
    -------
    str
    """
    rows = [
        f"| [{study.study}](notebooks/{study.study}.ipynb) | {study.question} "
        f"| {', '.join(study.surveys)} "
        f"| {'every wave' if study.every_wave else ', '.join(study.waves)} |"
        for study in studies.itertuples()
    ]
    lines = ["| notebook | question | surveys | waves |", "|---|---|---|---|", *rows]
    return "\n".join(["<!-- gallery -->", *lines, "<!-- end of gallery -->"])


def insert_gallery(readme: str, gallery: str) -> str:
    """Replace the gallery of a README."""
    return _BLOCK.sub(lambda _: gallery, readme)


def draw_picture() -> bytes:
    """Draw the map of the demonstration wave as PNG."""
    wave = read_wave("companies", "demo")
    estimates = estimate_question(wave, "has_partnership", by="region").query("answer == 'yes'")
    ax = draw_map(
        read_regions("zones-2015"),
        estimates,
        breaks=find_breaks(estimates),
        title="Companies with partnerships",
        note=DEFAULT_RULE.describe(),
    )
    return show_figure(ax, wave, alt="").data


def main() -> None:
    """Bring the README's gallery and picture up to date (`make notebooks`)."""
    root: Path = find_root()
    readme = root / "README.md"
    text = readme.read_text(encoding="utf-8")
    readme.write_text(insert_gallery(text, build_gallery(read_studies())), encoding="utf-8")
    (root / PICTURE).parent.mkdir(exist_ok=True)
    (root / PICTURE).write_bytes(draw_picture())


if __name__ == "__main__":
    main()
