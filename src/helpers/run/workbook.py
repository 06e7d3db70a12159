"""The workbook of a page: its estimate tables in the manner of accessible spreadsheets.

It follows "Releasing statistics in spreadsheets" of the Government Analysis Function (United
Kingdom): a cover, contents and notes, one marked-up table a sheet with one header row, no
merged cell, no blank row or column, no filter, no frozen pane, shorthand in the place of a
number that is missing. gptables, the library of that guidance, is not used: it takes a text
that starts with ``=`` for a formula, and it sets no number format by cell.
"""

import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zipfile import ZipFile

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.writer.excel import ExcelWriter

from helpers.data.language import get_language, message, ntr, tr
from helpers.run.workbook_rows import Cell, list_headings, write_cells
from helpers.run.worksheet import fill_table, link_sheet, put_text, settle
from helpers.view.downloads import clean_text
from helpers.view.provenance import WORDS

_SHORTHAND = {
    "[c]": message("Withheld for confidentiality: to protect respondents."),
    "[u]": message("Withheld as too uncertain, by the reliability rule that the column State "
                   "names."),
    "[x]": message("Not available: never published by the producer, and nothing else tells it."),
    "[z]": message("Does not apply: nobody was asked or answered, or nothing can be tested."),
}  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """A table of the workbook.

    Attributes
    ----------
    number : int
        Of the table on the page.
    title, note : str
        As on the page.
    kinds : list of str
        Kinds of data it shows.
    rows : pandas.DataFrame
        As `helpers.view.exhibits` recorded them.
    """

    number: int
    title: str
    note: str
    kinds: list[str]
    rows: pd.DataFrame

    @property
    def name(self) -> str:
        """Name of the sheet: no text of the data is in it."""
        return tr("Table_{number}", number=self.number)


def write_workbook(
    sheets: Sequence[Sheet], *, title: str, cover: Sequence[tuple[str, list[str]]], author: str,
    made: datetime,
) -> bytes:  # fmt: skip
    """Write a workbook in the language in use.

    Parameters
    ----------
    sheets : sequence of Sheet
    title : str
        Of the workbook.
    cover : sequence of tuple
        Headings of the cover, each with its lines.
    author : str
        Of the properties of the document: the collection, no user.
    made : datetime.datetime
        Date of the properties of the document.

    Returns
    -------
    bytes
        An .xlsx file; same input, same bytes.
    """
    book = Workbook()
    facts = book.properties
    facts.title, facts.creator = clean_text(title), clean_text(author)
    facts.language = get_language()
    facts.created = facts.modified = made
    first = book.active
    first.title = tr("Cover")
    _write_cover(first, title, cover)
    notes = list(dict.fromkeys(sheet.note for sheet in sheets if sheet.note))
    _write_contents(book.create_sheet(tr("Contents")), sheets)
    _write_notes(book.create_sheet(tr("Notes")), notes)
    for sheet in sheets:
        _write_table(book.create_sheet(sheet.name), sheet, notes)
    written = io.BytesIO()
    with ZipFile(written, "w") as archive:  # `settle` packs it
        ExcelWriter(book, archive).write_data()
    return settle(written.getvalue())


def _write_cover(page, title: str, cover: Sequence[tuple[str, list[str]]]) -> None:
    lines = [(title, 16)]
    for heading, texts in cover:
        lines += [(heading, 13), *((text, 0) for text in texts)]
    page.column_dimensions["A"].width = 100
    for place, (text, size) in enumerate(lines, start=1):
        cell = page.cell(place, 1)
        put_text(cell, text)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        if size:
            cell.font = Font(bold=True, size=size)


def _write_contents(page, sheets: Sequence[Sheet]) -> None:
    rows = [
        (tr("Cover"), tr("What this workbook is and how to cite it")),
        (tr("Notes"), tr("Shorthand, rules and other notes")),
        *((sheet.name, sheet.title) for sheet in sheets),
    ]
    told = tr("This sheet holds one table: the sheets of this workbook, each with a link.")
    _write_head(page, [tr("Contents"), told])
    _fill_words(page, [tr("Sheet"), tr("Title")], rows, name="contents")
    for row, (name, _) in enumerate(rows, start=4):
        link_sheet(page.cell(row, 1), name)


def _write_notes(page, notes: list[str]) -> None:
    rows = [
        *((mark, tr(text)) for mark, text in _SHORTHAND.items()),
        *((_name_note(place), note) for place, note in enumerate(notes, start=1)),
    ]
    told = tr(
        "This sheet holds one table: shorthand for numbers that are missing, and the notes of "
        "the tables."
    )
    _write_head(page, [tr("Notes"), told])
    _fill_words(page, [tr("Mark"), tr("Meaning")], rows, name="notes")


def _write_table(page, sheet: Sheet, notes: list[str]) -> None:
    known = [_name_note(notes.index(sheet.note) + 1)] if sheet.note else []
    told = ntr(
        "This sheet holds one table of {count} row; the sheet {notes} explains shorthand and "
        "notes.",
        "This sheet holds one table of {count} rows; the sheet {notes} explains shorthand and "
        "notes.",
        len(sheet.rows),
        notes=tr("Notes"),
    )
    provenance = " ".join(f"{tr(WORDS[kind])}." for kind in sheet.kinds)
    title = " ".join([sheet.title, *known])
    _write_head(page, [title, provenance, told, tr("Back to the contents")])
    link_sheet(page.cell(4, 1), tr("Contents"))
    name = f"table_{sheet.number}_{_slug(sheet.title)}"
    fill_table(page, list_headings(sheet.rows), write_cells(sheet.rows), name=name)


def _fill_words(page, headings: list[str], rows: list[tuple[str, str]], *, name: str) -> None:
    fill_table(page, headings, [[Cell(text) for text in row] for row in rows], name=name)


def _name_note(number: int) -> str:
    return tr("[note {number}]", number=number)


def _write_head(page, lines: list[str]) -> None:
    for place, text in enumerate(lines, start=1):
        put_text(page.cell(place, 1), text)
    page.cell(1, 1).font = Font(bold=True, size=14)


def _slug(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", bare).strip("_")[:60].rstrip("_") or "estimates"
