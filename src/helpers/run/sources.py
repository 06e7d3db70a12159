"""Reads a file of respondents as it was received: raw values, labels, missing codes."""

import hashlib
import math
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pyarrow

from helpers.data.errors import InputError
from helpers.run import delimited, excel, spss
from helpers.run.table import Table, tidy_text

_NUMBER = r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# First bytes of what is often sent by mistake, and how to call it.
_FOREIGN = {
    b"%PDF": "a PDF",
    b"MZ": "a Windows program",
    b"\x7fELF": "a program",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x1f\x8b": "a gzip archive",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
    b"SQLite format 3": "a database",
    b"<?xml": "XML",
    b"<!doctype html": "a web page",
    b"<html": "a web page",
    b"<stata_dta>": "a Stata file",
}


class Format(NamedTuple):
    """One format: what it is called, its endings, its reader."""

    words: str
    endings: tuple[str, ...]
    read: Callable[..., Table]


FORMATS = {
    "sav": Format("an SPSS file", (".sav", ".zsav"), spss.read_sav),
    "xlsx": Format("an Excel workbook", (".xlsx", ".xlsm"), excel.read_workbook),
    "parquet": Format("a Parquet file", (".parquet",), lambda path: _read_parquet(path)),
    "csv": Format("text", (".csv", ".txt", ".tsv"), delimited.read_delimited),
}
ENDINGS = tuple(ending for known in FORMATS.values() for ending in known.endings)


@dataclass(frozen=True)
class Source:
    """A file of respondents, as received.

    Attributes
    ----------
    name : str
        Name of the file, without its folder.
    format : str
        Key of `FORMATS`.
    sha256 : str
        Checksum of the file.
    frame : pandas.DataFrame
        Raw values, one row per row of the file: codes stay codes, text stays
        text with its leading zeros.
    labels : dict of str
        Column to variable label, where the file has one.
    answers : dict of dict
        Column to {code as text: value label}.
    missing : dict of list
        Column to the (low, high) ranges of codes declared missing; their values are in `frame`.
    sets : dict of list
        Multiple-response set to its columns.
    notes : list of str
        What was detected: encoding, delimiter, decimal comma, sheet.
    """

    name: str
    format: str
    sha256: str
    frame: pd.DataFrame
    labels: dict[str, str] = field(default_factory=dict)
    answers: dict[str, dict[str, str]] = field(default_factory=dict)
    missing: dict[str, list[tuple]] = field(default_factory=dict)
    sets: dict[str, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    _texts: dict[str, pd.Series] = field(default_factory=dict, repr=False, compare=False)

    def texts(self, column: str) -> pd.Series:
        """Values of a column as text, the way a mapping names them; empty cells are missing.

        Whole numbers lose their decimals (2.0 is "2"), spaces at both ends go,
        unbreakable ones become plain, dates are written 2027-03-31.

        Parameters
        ----------
        column : str

        Returns
        -------
        pandas.Series
            Of strings, with the index of `frame`.
        """
        if column not in self._texts:
            places, values = pd.factorize(self.frame[column], use_na_sentinel=True)
            words = pd.array([*map(value_text, values), None], dtype="str")
            self._texts[column] = pd.Series(words.take(places), index=self.frame.index, name=column)
        return self._texts[column].copy()

    def is_missing(self, column: str, text: str) -> bool:
        """Whether the file itself declares a value (as text) missing."""
        for low, high in self.missing.get(column, []):
            if text in (value_text(low), value_text(high)):
                return True
            number = read_number(text)
            if number is not None and not isinstance(low, str) and low <= number <= high:
                return True
        return False


def read_source(path: Path | str, *, sheet: str | None = None) -> Source:
    """Read a file of respondents in any format an institute sends.

    Parameters
    ----------
    path : pathlib.Path or str
        `.sav`, `.zsav` (SPSS), `.xlsx`, `.csv`, `.txt`, `.tsv` or `.parquet`. The content
        must be what the ending says.
    sheet : str, optional
        Sheet of a workbook; by default the one named `responses`, else the first that is not empty.

    Returns
    -------
    Source

    Raises
    ------
    InputError
        If the file is missing, empty, damaged, not what its ending says, has no
        row, or names two columns alike.
    """
    path = Path(path)
    kind = _check_content(path)
    if sheet is not None and kind != "xlsx":
        raise InputError(f"{path.name}: --sheet is for Excel workbooks; this is {_words(kind)}.")
    options = {"sheet": sheet} if kind == "xlsx" else {}
    table = FORMATS[kind].read(path, **options)
    table = _name_columns(table, path.name)
    if table.frame.empty:
        raise InputError(
            f"{path.name}: it has {table.frame.shape[1]} columns but not a single respondent."
        )
    return Source(
        name=path.name, format=kind, sha256=_checksum(path), frame=table.frame,
        labels=table.labels, sets=table.sets, missing=table.missing, notes=table.notes,
        answers={
            column: {value_text(code): label for code, label in labels.items()}
            for column, labels in table.answers.items()
        },
    )  # fmt: skip


def value_text(value) -> str | None:
    """One value as the text a mapping names it by; None for an empty cell."""
    if isinstance(value, str):
        return tidy_text(value) or None
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, bool) or type(value).__name__ in ("bool", "bool_"):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time().isoformat() == "00:00:00" else str(value)
    if isinstance(value, date):
        return value.isoformat()
    try:
        number = float(value)
    except (TypeError, ValueError):
        return tidy_text(str(value)) or None
    if math.isnan(number):
        return None
    return f"{number:.0f}" if number.is_integer() and abs(number) < 1e15 else f"{number:.15g}"


def read_number(text: str) -> float | None:
    """The number a text holds, with a decimal point or comma; None if it is no number."""
    plain = re.sub(r"\s", "", text).replace(",", ".")
    return float(plain) if re.fullmatch(_NUMBER, plain, re.IGNORECASE) else None


def _check_content(path: Path) -> str:
    """The format of a file, by its content; refused when its ending says another."""
    ending = path.suffix.lower()
    if not path.exists():
        raise InputError(f"{path}: no such file.")
    if path.is_dir():
        raise InputError(f"{path}: a folder, not a file.")
    if ending not in ENDINGS:
        raise InputError(
            f"{path.name}: files ending in {ending or 'nothing'!r} cannot be read; "
            f"valid are {', '.join(ENDINGS)}."
        )
    try:
        with path.open("rb") as stream:
            head = stream.read(512)
    except OSError as error:
        raise InputError(f"{path.name}: cannot be opened: {error.strerror}.") from None
    if not head.strip():
        raise InputError(f"{path.name}: the file is empty.")
    found = _recognise(path, head)
    if found not in FORMATS:
        raise InputError(f"{path.name}: its content is {found}, not {_words_of(ending)}.")
    if ending not in FORMATS[found].endings:
        right = "" if found == "csv" else f"; rename it to {path.stem}{FORMATS[found].endings[0]}"
        words = "of an unknown kind" if found == "csv" and b"\0" in head else _words(found)
        raise InputError(f"{path.name}: its content is {words}, not {_words_of(ending)}{right}.")
    return found


def _recognise(path: Path, head: bytes) -> str:
    """A key of `FORMATS`, or words for what cannot be read."""
    if head[:4] in (b"$FL2", b"$FL3"):
        return "sav"
    if b"SPSS PORT FILE" in head:
        return "an SPSS portable file, without accents or missing codes (save it as .sav)"
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PK"):
        return _recognise_zip(path)
    if head.startswith(_OLD_OFFICE):
        return "an old Excel file or one with a password (save it as .xlsx, without password)"
    for start, words in _FOREIGN.items():
        if head.lstrip().lower().startswith(start.lower()):
            return words
    return "csv" if _is_text(head) else "of an unknown kind"


def _is_text(head: bytes) -> bool:
    """Text, or so damaged that the reader of text says best where."""
    zeros = head.count(0)
    wide = head[:2] in (b"\xff\xfe", b"\xfe\xff") or zeros > len(head) // 4
    controls = sum(byte < 9 or 13 < byte < 32 for byte in head) - zeros
    return wide or (controls <= len(head) // 50 and zeros <= len(head) // 50)


def _recognise_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return "xlsx" if path.suffix.lower() in FORMATS["xlsx"].endings else "a damaged archive"
    if "[Content_Types].xml" not in names and "xl/workbook.xml" not in names:
        return "a zip archive"
    if "xl/workbook.bin" in names:
        return "a binary Excel workbook (save it as .xlsx)"
    if any(name.startswith(("word/", "ppt/")) for name in names):
        return "a Word or PowerPoint document"
    return "xlsx"


def _words(kind: str) -> str:
    return FORMATS[kind].words


def _words_of(ending: str) -> str:
    return next(known.words for known in FORMATS.values() if ending in known.endings)


def _name_columns(table: Table, name: str) -> Table:
    """Trim the names; number the unnamed columns that hold something, drop the empty ones."""
    names = [tidy_text(str(column)) for column in table.frame.columns]
    twice = sorted({column for column in names if column and names.count(column) > 1})
    if twice:
        raise InputError(
            f"{name}: {len(twice)} column names given more than once: {', '.join(twice[:5])}; "
            "each column needs its own."
        )
    unnamed = [place for place, column in enumerate(names) if not column]
    filled = [
        place for place in unnamed
        if table.frame.iloc[:, place].map(value_text, na_action="ignore").notna().any()
    ]  # fmt: skip
    named = len(names) - len(unnamed)
    if len(filled) > named or not named:
        raise InputError(
            f"{name}: {len(filled)} of {named + len(filled)} columns have no name in the first "
            "row: a title or merged cells above the names? The first row must hold one name "
            "per column."
        )
    notes = list(table.notes)
    for place in filled:
        names[place] = f"column_{place + 1}"
    if filled:
        notes.append(f"{len(filled)} columns without a name: {', '.join(names[p] for p in filled)}")
    kept = [place for place in range(len(names)) if names[place]]
    frame = table.frame.iloc[:, kept]
    frame.columns = [names[place] for place in kept]
    return replace(table, frame=frame, notes=notes)


def _read_parquet(path: Path) -> Table:
    try:
        frame = pd.read_parquet(path)
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"{path.name}: damaged, cannot be read as Parquet: {reason}.") from None
    if frame.index.name or isinstance(frame.index, pd.MultiIndex):
        frame = frame.reset_index()
    return Table(frame)


def _checksum(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
