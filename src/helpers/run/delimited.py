"""Reads delimited text: encoding, delimiter and decimal comma are detected and reported."""

import csv
import io
import re
from itertools import islice
from pathlib import Path

import pandas as pd

from helpers.data.errors import InputError
from helpers.run.table import Table

DELIMITERS = {";": "semicolon", ",": "comma", "\t": "tab", "|": "bar"}
_SAMPLE = 50  # rows looked at to choose the delimiter
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def read_delimited(path: Path) -> Table:
    """Read a `.csv`, `.txt` or `.tsv` file; every value stays text.

    Parameters
    ----------
    path : pathlib.Path
        UTF-8, UTF-16 or Windows-1252, with semicolons, commas, tabs or bars.

    Returns
    -------
    Table

    Raises
    ------
    InputError
        If the text or its lines are damaged, or no delimiter is found.
    """
    text, encoding = _decode(path.read_bytes(), path.name)
    text = re.sub(r"\Asep=.\r?\n", "", text)
    delimiter = _choose_delimiter(text, path.name)
    header = next(csv.reader(io.StringIO(text), delimiter=delimiter))
    frame = _parse(text, delimiter, header, path.name)
    notes = [f"encoding {encoding}", f"delimiter {DELIMITERS[delimiter]}"]
    commas = [words for words, place in zip(header, frame, strict=True)
              if _has_decimal_comma(frame[place])]  # fmt: skip
    if commas:
        notes.append(f"decimal comma in {', '.join(commas)}")
    frame.columns = header
    return Table(frame, notes=notes)


def _decode(data: bytes, name: str) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decode_as(data, encoding, name), encoding.removesuffix("-sig").upper()
    if data[:2000].count(0) > len(data[:2000]) // 4:
        encoding = "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
        return _decode_as(data, encoding, name), "UTF-16"
    if b"\0" in data:
        raise InputError(
            f"{name}: not text: {data.count(0)} zero bytes, the first at byte {data.index(0)}; "
            "the file is damaged or of another format."
        )
    try:
        return data.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        return _decode_as(data, "cp1252", name), "Windows-1252"


def _decode_as(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(
            f"{name}: its encoding is neither UTF-8, UTF-16 nor Windows-1252, or the text is "
            f"damaged (byte {error.start}); save it as CSV UTF-8."
        ) from None


def _choose_delimiter(text: str, name: str) -> str:
    """The delimiter that cuts the first lines into the most equal numbers of fields."""
    votes = {}
    for delimiter in DELIMITERS:
        try:
            rows = csv.reader(io.StringIO(text[: 1 << 20]), delimiter=delimiter)
            widths = [len(row) for row in islice(rows, _SAMPLE) if row]
        except csv.Error:
            continue
        if widths and widths[0] > 1:
            votes[delimiter] = (widths.count(widths[0]) / len(widths), widths[0])
    if not votes:
        raise InputError(
            f"{name}: no delimiter found in the first line ({', '.join(DELIMITERS.values())} "
            "were tried): not a table, or of a single column."
        )
    return max(votes, key=votes.get)


def _parse(text: str, delimiter: str, header: list[str], name: str) -> pd.DataFrame:
    _check_widths(text, delimiter, len(header), name)
    try:
        return pd.read_csv(
            io.StringIO(text), sep=delimiter, header=0, names=range(len(header)), dtype="str",
            keep_default_na=False, na_values=[],
        )  # fmt: skip
    except pd.errors.ParserError as error:
        reason = str(error).splitlines()[0].rstrip(".")
        raise InputError(f"{name}: damaged: {reason}.") from None


def _check_widths(text: str, delimiter: str, width: int, name: str) -> None:
    """Every line has as many values as there are names; pandas would fill up the short ones."""
    reader, wrong = csv.reader(io.StringIO(text), delimiter=delimiter), []
    try:
        for row in reader:
            if row and len(row) != width:
                wrong.append((reader.line_num, len(row)))
    except csv.Error as error:
        raise InputError(f"{name}: damaged: line {reader.line_num}: {error}.") from None
    if wrong:
        line, found = wrong[0]
        raise InputError(
            f"{name}: truncated or damaged: {len(wrong)} lines do not hold {width} values as the "
            f"first does, e.g. line {line} holds {found}."
        )


def _has_decimal_comma(values: pd.Series) -> bool:
    if not values.str.contains(",", regex=False).any():
        return False
    filled = values[values.str.strip() != ""].str.strip()
    return bool(filled.str.fullmatch(r"[+-]?\d+(,\d+)?").all())
