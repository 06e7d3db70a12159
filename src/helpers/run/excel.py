"""Reads a sheet of an Excel workbook with openpyxl, values only."""

import warnings
import zipfile
from itertools import islice
from pathlib import Path

import openpyxl
import pandas as pd

from helpers.data.errors import InputError
from helpers.run.table import Table

PREFERRED = "responses"
# An honest workbook of a million rows unpacks to some 400 MB, about ten to one.
LARGEST = 2 * 1024**3
HIGHEST_RATIO = 200
_SMALL = 20 * 1024**2
_CHUNK = 1 << 20


def read_workbook(path: Path, *, sheet: str | None = None) -> Table:
    """Read one sheet: names in the first row, one respondent per row.

    Parameters
    ----------
    path : pathlib.Path
    sheet : str, optional
        By default the sheet named `responses`, else the first that is not empty.

    Returns
    -------
    Table

    Raises
    ------
    InputError
        If the workbook is damaged, unpacks to more than it may, has no such
        sheet, no names, or formulas whose results were never saved.
    """
    _check_size(path)
    try:
        with warnings.catch_warnings(action="ignore", category=UserWarning):  # parts not needed
            rows, notes = _read_sheet(path, sheet)
    except InputError:
        raise
    except Exception as error:  # a damaged workbook fails anywhere in openpyxl, in any way
        reason = (str(error) or type(error).__name__).splitlines()[0].rstrip(".")
        raise InputError(
            f"{path.name}: damaged, cannot be read as an Excel workbook: {reason}."
        ) from None
    width = max(map(len, rows))
    header = [*rows[0], *[None] * (width - len(rows[0]))]
    body = [(*row, *[None] * (width - len(row))) for row in rows[1:]]
    names = ["" if value is None else str(value) for value in header]
    while body and all(value is None for value in body[-1]):
        body.pop()
    frame = pd.DataFrame(body, columns=range(width), dtype=object)
    frame.columns = names
    return Table(frame, notes=notes)


def _read_sheet(path: Path, sheet: str | None) -> tuple[list, list[str]]:
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        title, notes = _choose_sheet(book, sheet, path.name)
        rows = list(_read_rows(book[title]))
    finally:
        book.close()
    _check_formulas(path, title)
    return rows, notes


def _check_size(path: Path) -> None:
    """Refuse what would fill the memory, from the directory of the archive alone."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise InputError(
            f"{path.name}: damaged, cannot be read as an Excel workbook: {error}."
        ) from None
    unpacked = sum(part.file_size for part in parts)
    packed = max(1, path.stat().st_size)
    if unpacked > LARGEST or (unpacked > _SMALL and unpacked / packed > HIGHEST_RATIO):
        raise InputError(
            f"{path.name}: refused: its {packed:,} bytes would unpack to {unpacked:,} "
            f"({unpacked / packed:,.0f} to one); no honest workbook does."
        )


def _choose_sheet(book, sheet: str | None, name: str) -> tuple[str, list[str]]:
    titles = [page.title for page in book.worksheets]
    if sheet is not None:
        if sheet not in titles:
            raise InputError(f"{name}: no sheet {sheet!r}; valid are {', '.join(titles)}.")
        if not _is_filled(book[sheet]):
            raise InputError(f"{name}: the sheet {sheet!r} is empty.")
        return sheet, [f"sheet {sheet}"]
    filled = [title for title in titles if _is_filled(book[title])]
    if not filled:
        raise InputError(f"{name}: no sheet holds anything.")
    chosen = next((title for title in filled if title.lower() == PREFERRED), filled[0])
    others = [title for title in filled if title != chosen]
    more = f" (not read: {', '.join(others)}; --sheet chooses another)" if others else ""
    return chosen, [f"sheet {chosen}{more}"]


def _is_filled(page) -> bool:
    page.reset_dimensions()
    return any(True for _ in islice(_read_rows(page), 1))


def _read_rows(page):
    """Rows of values from the first that holds something; the file's own extent is not trusted."""
    page.reset_dimensions()
    started = False
    for row in page.iter_rows(values_only=True):
        started = started or any(value is not None for value in row)
        if started:
            yield row


def _check_formulas(path: Path, title: str) -> None:
    """A formula without a saved result reads as an empty cell: an answer would be lost."""
    with zipfile.ZipFile(path) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        if not any(_has_formula(archive, name) for name in sheets):
            return
    formulas = openpyxl.load_workbook(path, read_only=True)[title]
    values = openpyxl.load_workbook(path, read_only=True, data_only=True)[title]
    empty = [
        cell.coordinate
        for row, results in zip(formulas.iter_rows(), values.iter_rows(), strict=True)
        for cell, result in zip(row, results, strict=True)
        if cell.data_type == "f" and result.value is None
    ]
    if empty:
        raise InputError(
            f"{path.name}: {len(empty)} formulas without a saved result, e.g. "
            f"{', '.join(empty[:3])}; open the file in Excel and save it, or paste the values."
        )


def _has_formula(archive: zipfile.ZipFile, name: str) -> bool:
    with archive.open(name) as stream:
        tail = b""
        while chunk := stream.read(_CHUNK):
            if b"<f>" in tail + chunk or b"<f " in tail + chunk:
                return True
            tail = chunk[-2:]
    return False
