"""Sheets of a workbook: texts that stay texts, marked-up tables, links, no trace of the time."""

import io
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo

from helpers.run.workbook_rows import Cell
from helpers.view.downloads import clean_text

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first date a zip archive knows
_NARROW, _WIDE = 11, 60  # limits of the width of a column, in characters
_LONGEST = 32_767  # characters a cell can hold
_TEXT, _NUMBER = (
    Alignment(wrap_text=True, vertical="top", horizontal=side) for side in ("left", "right")
)


def fill_table(page, headings: list[str], rows: list[list[Cell]], *, name: str) -> None:
    """Write a marked-up table under what the sheet holds already.

    Parameters
    ----------
    page : openpyxl.worksheet.worksheet.Worksheet
    headings : list of str
        No two the same.
    rows : list of list of Cell
    name : str
        Of the table, one no other table of the workbook has: letters, digits and ``_``.
    """
    top = page.max_row + 1
    for column, heading in enumerate(headings, start=1):
        cell = page.cell(top, column)
        put_text(cell, heading)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="bottom")
    for place, row in enumerate(rows, start=top + 1):
        for column, written in enumerate(row, start=1):
            cell = page.cell(place, column)
            if isinstance(written.value, str):
                put_text(cell, written.value)
            else:
                cell.value, cell.number_format = written.value, written.form
            cell.alignment = _NUMBER if written.right else _TEXT
    for column, heading in enumerate(headings):
        # The header wraps between words; a number must not.
        longest = max([*(len(word) for word in heading.split()),
                       *(len(row[column].text) for row in rows)], default=0)  # fmt: skip
        width = min(max(longest + 2, _NARROW), _WIDE)
        page.column_dimensions[get_column_letter(column + 1)].width = width
    table = Table(
        displayName=name, ref=f"A{top}:{get_column_letter(len(headings))}{top + len(rows)}",
        tableStyleInfo=TableStyleInfo(name="TableStyleLight1", showRowStripes=False),
    )  # fmt: skip
    for number, heading in enumerate(headings, start=1):
        table.tableColumns.append(TableColumn(id=number, name=heading))
    page.add_table(table)


def put_text(cell, text: str) -> None:
    """Write a text into a cell; it stays one, even if it starts like a formula."""
    cell.value = clean_text(text)[:_LONGEST]
    cell.data_type = "s"


def link_sheet(cell, sheet: str) -> None:
    """Make a cell a link to the top of a sheet."""
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{sheet}'!A1", display=cell.value)
    cell.font = Font(color="0B4F9E", underline="single")


def settle(data: bytes) -> bytes:
    """Write an archive again without the time it was made: same content, same bytes."""
    written = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as source, ZipFile(written, "w") as target:
        for name in source.namelist():
            target.writestr(ZipInfo(name, _EPOCH), source.read(name), ZIP_DEFLATED)
    return written.getvalue()
