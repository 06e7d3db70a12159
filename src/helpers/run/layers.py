"""Layers of an output file: every text it holds, however wrapped."""

import base64
import binascii
import gzip
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote_to_bytes

import openpyxl
import pandas as pd

_DATA_LINK = re.compile(r"data:[\w/+.-]*((?:;[\w=.+-]+)*),([^\"'\s)<>]*)")
_ATTRIBUTE = re.compile(r"""=\s*(?:"([^"]{16,})"|'([^']{16,})')""")
_TAG = re.compile(r"<[^<>]*>")
# Text packed without a data: link, as a script might; shorter runs are words.
_PACKED = re.compile(r"[A-Za-z0-9+/]{64,}={0,2}")
_DEEPEST = 4


@dataclass(frozen=True)
class Layer:
    """A text found in a file.

    Attributes
    ----------
    place : str
        Where in the file, in words; "" for the file itself.
    text : str
    """

    place: str
    text: str


def read_layers(content: bytes) -> Iterator[Layer]:
    """Read the texts of a file.

    Parameters
    ----------
    content : bytes
        Of a page, a table, a picture, a workbook, an archive.

    Yields
    ------
    Layer
        The text itself; its words without tags; long attributes, such as
        alternative texts; what data: links and packed runs hold, and rows of workbooks,
        members of archives and Parquet tables, wherever they are nested. Pixels, and the
        text of a PDF, hold no layer.
    """
    yield from _unwrap(content, "", 0)


def _unwrap(content: bytes, place: str, depth: int) -> Iterator[Layer]:
    if depth > _DEEPEST:
        return
    if content.startswith(b"PK\x03\x04"):
        yield from _unwrap_archive(content, place, depth)
    elif content.startswith(b"\x1f\x8b"):
        try:
            yield from _unwrap(gzip.decompress(content), f"{place} unpacked".strip(), depth + 1)
        except (OSError, EOFError):
            return
    elif content.startswith(b"PAR1"):
        table = pd.read_parquet(io.BytesIO(content))
        yield Layer(place, table.to_csv(index=False))
    elif not content.startswith((b"\x89PNG", b"%PDF", b"\xff\xd8\xff", b"GIF8", b"wOF")):
        yield from _unwrap_text(content, place, depth)


def _unwrap_text(content: bytes, place: str, depth: int) -> Iterator[Layer]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return
    yield Layer(place, text)
    if "<" in text:
        yield Layer(place, unescape(_TAG.sub(" ", text)))
        values = (found[1] or found[2] for found in _ATTRIBUTE.finditer(text))
        words = "\n".join(unescape(value) for value in values if not value.startswith("data:"))
        yield Layer(f"{place} attributes".strip(), words)
    links = []
    for found in _DATA_LINK.finditer(text):
        links.append(found.span())
        inside = _decode(found[2], packed=";base64" in found[1])
        yield from _unwrap(inside, f"{place} data: link".strip(), depth + 1)
    for found in _PACKED.finditer(text):
        if not any(start <= found.start() < end for start, end in links):
            inside = _decode(found[0], packed=True)
            yield from _unwrap(inside, f"{place} packed text".strip(), depth + 1)


def _decode(text: str, *, packed: bool) -> bytes:
    content = unquote_to_bytes(unescape(text))
    if not packed:
        return content
    try:
        return base64.b64decode(content[: len(content) // 4 * 4])
    except (binascii.Error, ValueError):
        return b""


def _unwrap_archive(content: bytes, place: str, depth: int) -> Iterator[Layer]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile:
        return
    if "xl/workbook.xml" in archive.namelist():
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
        for sheet in book:
            rows = ("\t".join("" if value is None else str(value) for value in row)
                    for row in sheet.iter_rows(values_only=True))  # fmt: skip
            yield Layer(f"{place} sheet {sheet.title}".strip(), "\n".join(rows))
    for name in archive.namelist():
        yield from _unwrap(archive.read(name), f"{place} member {name}".strip(), depth + 1)
