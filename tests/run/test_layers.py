"""Layers of a file: words found wherever they are wrapped, pictures left alone."""

import base64
import gzip
import io
import zipfile

import openpyxl
import pandas as pd
import pytest

from helpers.run.layers import read_layers

SECRET = "the secret of respondent number 12345"


def find(content: bytes) -> set[str]:
    return {layer.place for layer in read_layers(content) if SECRET in layer.text}


def pack(content: bytes) -> str:
    return base64.b64encode(content).decode()


def test_words_with_tags_between_them():
    page = f"<p>{SECRET.replace(' ', '</p> <p>')}</p>".encode()
    texts = [" ".join(layer.text.split()) for layer in read_layers(page)]
    assert SECRET in texts


def test_escaped_words():
    page = f"<p>{SECRET.replace('t', '&#116;')}</p>".encode()
    assert find(page) == {""}


@pytest.mark.parametrize(
    ("page", "place"),
    [
        (f'<img alt="{SECRET}">', "attributes"),
        (f"<img alt='{SECRET.replace('t', '&#116;')}'>", "attributes"),
        (f'<a href="data:text/plain;base64,{pack(SECRET.encode())}">', "data: link"),
        (f'<a href="data:,{SECRET.replace(" ", "%20")}">', "data: link"),
        (f'atob("{pack((SECRET * 2).encode())}")', "packed text"),
        (f'atob("{pack(gzip.compress((SECRET + str(list(range(60)))).encode()))}")',
         "packed text unpacked"),
    ],
)  # fmt: skip
def test_places(page, place):
    assert place in find(page.encode())


def test_a_workbook_in_an_archive_in_a_link():
    book, inner, outer = openpyxl.Workbook(), io.BytesIO(), io.BytesIO()
    book.active.append([SECRET, 1])
    book.save(inner)
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr("book.xlsx", inner.getvalue())
    page = f'<a href="data:application/zip;base64,{pack(outer.getvalue())}">'.encode()
    assert "data: link member book.xlsx sheet Sheet" in find(page)


def test_rows_of_a_parquet_table():
    file = io.BytesIO()
    pd.DataFrame({"words": [SECRET]}).to_parquet(file)
    assert find(file.getvalue()) == {""}


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n" + SECRET.encode(), b"\xff\xfe\xfd", b"PK\x03\x04broken", b"\x1f\x8b"]
)
def test_what_holds_no_text_has_no_layer(content):
    assert list(read_layers(content)) == []
