"""Exhibits: the tables and figures a study shows, recorded to be exported."""

import io
import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import matplotlib as mpl
import pandas as pd

from helpers.data.codebook import Codebook, read_codebook
from helpers.data.errors import InputError
from helpers.data.language import get_language, message, tr
from helpers.stats.number_ids import build_ids
from helpers.stats.results import ESTIMATE_SCHEMA
from helpers.stats.withholding import round_confidential
from helpers.view.downloads import clean_text

# Names the folder to record in; without it nothing is recorded.
FOLDER = "STUDIES_EXHIBITS"
LABELS = ["question_label", "answer_label", "domain_variable_label", "domain_label"]
ROWS = ["id", *ESTIMATE_SCHEMA.columns, "gap_to", *LABELS]
_DPI = 300
REST = message("the rest of the respondents")
# Text stays text in an SVG, and ids do not change from run to run.
_SVG = {"svg.fonttype": "none", "svg.hashsalt": "exhibit"}


@dataclass(frozen=True)
class Exhibit:
    """A table or figure of a page.

    Attributes
    ----------
    number : int
        Place among the tables or among the figures of the page, from 1.
    kind : {"table", "figure"}
    title : str
    text : str
        What stands under a table, or the words for those who cannot see a figure.
    lang : str
        Language of its texts and labels.
    provenance : list of str
        Kinds of data it shows, in the order they come.
    """

    number: int
    kind: str
    title: str
    text: str
    lang: str
    provenance: list[str]

    @property
    def stem(self) -> str:
        """Start of the names of its files."""
        return f"{self.kind}-{self.number:03d}"


def record_table(
    rows: pd.DataFrame,
    *,
    title: str,
    note: str,
    gap_to: str = "",
    codebooks: Mapping[str, Codebook] | None = None,
) -> None:
    """Record the rows of an estimate table that a page shows, if a folder is named for it.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows of one or more estimate tables, or points of a trend, which hold some of its
        columns; further columns are left out.
    title, note : str
        As the page shows them.
    gap_to : str
        What the gaps are to; the rest of the respondents by default.
    codebooks : mapping of str to Codebook, optional
        Survey to its codebook; those not given are read.
    """
    folder = _find_folder()
    if folder is None or rows.empty:
        return
    books = {name: read_codebook(name) for name in rows["survey"].unique()
             if name not in (codebooks or {})} | dict(codebooks or {})  # fmt: skip
    table = rows[[name for name in ESTIMATE_SCHEMA.columns if name in rows]]
    table = table.reset_index(drop=True)
    ids = build_ids(table)
    if "figure" in rows:  # a published figure has an id of its own
        figures = rows["figure"].reset_index(drop=True)
        ids = ids.where(figures == "", figures)
    table.insert(0, "id", ids)
    # A base of 0 is one nobody knows or may know, unless nobody answered.
    unknown = (table["n"] == 0) & (table["reliability"] != "no_base")
    table["n"] = table["n"].astype("Int64").mask(unknown)
    if "n_weighted" in table:
        table["n_weighted"] = table["n_weighted"].mask(unknown)
    table["gap_to"] = gap_to or tr(REST)
    table[LABELS] = [_label(row, books[row.survey]) for row in rows.itertuples()]
    table = round_confidential(table)
    exhibit = _number(folder, "table", title, note, table["provenance"])
    table.to_parquet(folder / f"{exhibit.stem}.parquet", index=False)
    _describe(exhibit, folder)


def record_figure(figure, *, title: str, alt: str, provenance: list[str]) -> None:
    """Record a figure as SVG and as PNG of 300 dpi, if a folder is named for it.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    title : str
    alt : str
        The words for those who cannot see it; the SVG holds them too.
    provenance : list of str
        Kinds of data it shows.
    """
    folder = _find_folder()
    if folder is None:
        return
    exhibit = _number(folder, "figure", title, alt, provenance)
    drawn = io.BytesIO()
    facts = {"Date": None, "Creator": None, "Title": title or None, "Description": alt}
    with mpl.rc_context(_SVG):
        figure.savefig(drawn, format="svg", bbox_inches="tight", metadata=facts)
    # matplotlib writes control characters of a label, which no XML holds.
    svg = clean_text(drawn.getvalue().decode("utf-8"))
    (folder / f"{exhibit.stem}.svg").write_text(svg, encoding="utf-8")
    figure.savefig(
        folder / f"{exhibit.stem}.png", dpi=_DPI, bbox_inches="tight", metadata={"Software": None}
    )
    _describe(exhibit, folder)


def read_exhibits(folder: Path) -> list[Exhibit]:
    """List what was recorded in a folder: tables in page order, then figures.

    Parameters
    ----------
    folder : pathlib.Path

    Returns
    -------
    list of Exhibit
    """
    found = [
        Exhibit(**json.loads(path.read_text(encoding="utf-8")))
        for path in sorted(folder.glob("*.json"))
    ]
    return sorted(found, key=lambda exhibit: (exhibit.kind != "table", exhibit.number))


def read_rows(exhibit: Exhibit, folder: Path) -> pd.DataFrame:
    """Read the rows of a recorded table.

    Parameters
    ----------
    exhibit : Exhibit
    folder : pathlib.Path
        Where it was recorded.

    Returns
    -------
    pandas.DataFrame
        Columns `ROWS`, or those of them that the table has.
    """
    return pd.read_parquet(folder / f"{exhibit.stem}.parquet")


def find_title(ax) -> str:
    """Title of a drawn figure: that of the axes, or the one over all of them."""
    titles = [ax.get_title(loc=place) for place in ("left", "center", "right")]
    over = ax.figure.get_suptitle()
    return re.sub(r"[ \n]+", " ", next(filter(None, [over, *titles]), "")).strip()


def _find_folder() -> Path | None:
    named = os.environ.get(FOLDER)
    if not named:
        return None
    folder = Path(named)
    if not folder.is_dir():
        raise InputError(f"{FOLDER}: {folder.name} is not a folder.")
    return folder


def _number(folder: Path, kind: str, title: str, text: str, provenance) -> Exhibit:
    number = 1 + len(list(folder.glob(f"{kind}-*.json")))
    return Exhibit(number, kind, title, text, get_language(), list(dict.fromkeys(provenance)))


def _describe(exhibit: Exhibit, folder: Path) -> None:
    """Written last: an exhibit without it is not there."""
    words = json.dumps(asdict(exhibit), ensure_ascii=False, indent=1)
    (folder / f"{exhibit.stem}.json").write_text(words, encoding="utf-8")


def _label(row, codebook: Codebook) -> list[str]:
    question = codebook.variable(row.question)
    # A point of a trend may measure the question in other words.
    asked = getattr(row, "measure", question.label.text)
    if not row.domain_variable:
        return [asked, question.label_of(row.answer), "", ""]
    variable = codebook.variable(row.domain_variable)
    return [
        asked,
        question.label_of(row.answer),
        variable.label.text,
        variable.label_of(row.domain),
    ]
