"""Tables as text: what is read unchanged, and the sentence for each way a file is broken."""

import re

import pytest

from helpers.data.csvfile import read_text_table
from helpers.data.errors import InputError


@pytest.fixture
def table(tmp_path):
    """Write the bytes of data/table.csv; returns its path."""

    def write(content: bytes):
        path = tmp_path / "data" / "table.csv"
        path.parent.mkdir()
        path.write_bytes(content)
        return path

    return write


def read_error(path, columns=("a",)) -> str:
    with pytest.raises(InputError) as error:
        read_text_table(path, list(columns))
    assert str(path.parent.parent) not in str(error.value)
    return str(error.value)


def test_every_value_stays_text(table):
    path = table("a,b,c\n01,,NA\n1.50,é,true\n".encode())
    assert read_text_table(path, ["a"]).to_dict("list") == {
        "a": ["01", "1.50"],
        "b": ["", "é"],
        "c": ["NA", "true"],
    }


def test_table_without_rows(table):
    read = read_text_table(table(b"a,b\n"), ["b", "a"])
    assert (len(read), list(read)) == (0, ["a", "b"])


def test_missing_file(tmp_path):
    assert read_error(tmp_path / "data" / "table.csv") == "data/table.csv: no such file."


@pytest.mark.parametrize("content", [b"", b"\n\n"])
def test_empty_file(table, content):
    assert read_error(table(content)) == "data/table.csv: the file is empty."


@pytest.mark.parametrize("content", [b"a\n\xe9t\xe9\n", b"\xe9", b"a\n" + b"x" * 9 + b"\xff\n"])
def test_other_encoding(table, content):
    assert re.fullmatch(r"data/table.csv: not UTF-8 text \(byte \d+\).", read_error(table(content)))


@pytest.mark.parametrize("content", [b"a,b\n1,2\n1,2,3\n", b'a,b\n"1,2\n'])
def test_damaged_file(table, content):
    message = read_error(table(content))
    assert message.startswith("data/table.csv: damaged, cannot be read as CSV: ")
    assert "\n" not in message


def test_missing_columns(table):
    message = read_error(table(b"a,b\n1,2\n"), ["c", "a", "d"])
    assert message == "data/table.csv: 2 columns missing: c, d; it has a, b."
