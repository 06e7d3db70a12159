"""Files as received: what other programs wrote is read without loss, the rest refused clearly."""

import struct
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pyreadstat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.data.errors import InputError
from helpers.run import excel
from helpers.run.sources import read_number, read_source, value_text

FIXTURES = Path(__file__).parent / "fixtures"
ORACLE = pd.read_csv(FIXTURES / "haven.csv", dtype=str, keep_default_na=False)


def select_oracle(file: str, what: str) -> pd.DataFrame:
    return ORACLE[(ORACLE["file"] == file) & (ORACLE["what"] == what)]


@pytest.mark.parametrize("file", ["pspp.sav", "pspp.zsav", "iris.sav"])
def test_spss_file_reads_as_haven_does(file):
    """Labels, missing codes, empty cells and sums of R's haven 2.5.1; the call is in README.md."""
    source = read_source(FIXTURES / file)
    labels = select_oracle(file, "label")
    assert source.labels == dict(zip(labels["column"], labels["words"], strict=True))
    answers = select_oracle(file, "answer")
    read = {(column, code, label) for column, coded in source.answers.items()
            for code, label in coded.items()}  # fmt: skip
    assert read == set(zip(answers["column"], answers["code"], answers["words"], strict=True))
    missing = select_oracle(file, "missing")
    spans = {
        (column, value_text(low), value_text(high))
        for column, ranges in source.missing.items()
        for low, high in ranges
    }
    assert spans == set(zip(missing["column"], missing["code"], missing["words"], strict=True))
    for row in select_oracle(file, "empty").itertuples():
        assert source.texts(row.column).isna().sum() == int(row.words), row.column
    for row in select_oracle(file, "sum").itertuples():
        if row.column != "date":  # days there, dates here
            assert source.frame[row.column].sum() == pytest.approx(float(row.words)), row.column


def test_missing_codes_keep_their_values():
    source = read_source(FIXTURES / "pspp.sav")
    assert source.texts("q1").tolist() == ["1", "2", "8", "9", "3"]
    assert [source.is_missing("q1", value) for value in ("1", "8", "9")] == [False, True, True]
    assert [source.is_missing("q2", value) for value in ("-1", "0", "98.5")] == [True, False, True]
    assert source.is_missing("commune", "XXXXX")
    assert not source.is_missing("commune", "01004")


def test_multiple_response_sets_leading_zeros_dates_and_long_text():
    source = read_source(FIXTURES / "pspp.zsav")
    assert source.sets == {"q3": ["q3a", "q3b", "q3c"], "q4": ["m1", "m2"]}
    assert source.texts("commune").tolist()[:3] == ["01004", "2A004", "75056"]
    assert source.texts("date").tolist()[:2] == ["2027-03-31", "2027-04-01"]
    assert source.texts("verbatim").iloc[3] == "longue réponse"
    assert source.notes[:3] == [
        "title Fichier d'essai",
        "encoding UTF-8",
        "q1 declares missing 8, 9",
    ]


def test_spss_file_in_windows_1252(tmp_path):
    """The code page in record 7.3 and the bytes of the labels, as an older SPSS writes them."""
    path = tmp_path / "old.sav"
    pyreadstat.write_sav(pd.DataFrame({"q": [1.0]}), path, column_labels={"q": "ete"})
    data = path.read_bytes()
    at = data.index(struct.pack("<iiii", 7, 3, 4, 8)) + 16 + 7 * 4
    data = data[:at] + struct.pack("<i", 1252) + data[at + 4 :]
    name = data.index(struct.pack("<iiii", 7, 20, 1, 5))
    data = data[:name] + data[name + 16 + 5 :]
    path.write_bytes(data.replace(b"ete", "été".encode("cp1252")))
    source = read_source(path)
    assert source.labels == {"q": "été"}
    assert source.notes == ["encoding WINDOWS-1252"]


def test_spreadsheets_of_other_programs():
    assert read_source(FIXTURES / "clippy.xlsx").notes == [
        "sheet list-column (not read: two-row-header; --sheet chooses another)"
    ]
    second = read_source(FIXTURES / "clippy.xlsx", sheet="two-row-header")
    assert second.notes == ["sheet two-row-header"]
    assert read_source(FIXTURES / "inlineStr.xlsx").frame.shape == (2, 2)
    with pytest.raises(
        InputError, match="deaths.xlsx: 5 of 6 columns have no name in the first row"
    ):
        read_source(FIXTURES / "deaths.xlsx")


def test_text_of_another_program_reads_as_pandas_does():
    source = read_source(FIXTURES / "penguins.csv")
    expected = pd.read_csv(FIXTURES / "penguins.csv", dtype=str, keep_default_na=False)
    pd.testing.assert_frame_equal(source.frame, expected)
    assert source.notes == ["encoding UTF-8", "delimiter comma"]


@pytest.mark.parametrize("sep", [";", ",", "\t", "|"])
@pytest.mark.parametrize(
    ("encoding", "named"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"),
     ("utf-16-be", "UTF-16"), ("cp1252", "Windows-1252")],
)  # fmt: skip
def test_encodings_and_delimiters(tmp_path, sep, encoding, named):
    rows = ["code", "réponse"], ["01", "Été, très"], ["02", "a;b|c"]
    text = "\r\n".join(sep.join(f'"{value}"' for value in row) for row in rows)
    path = tmp_path / "file.csv"
    path.write_bytes(text.encode(encoding))
    source = read_source(path)
    assert source.frame.to_dict("list") == {"code": ["01", "02"], "réponse": ["Été, très", "a;b|c"]}
    assert source.notes[0] == f"encoding {named}"


def test_decimal_comma_is_reported_by_column(tmp_path):
    path = tmp_path / "file.csv"
    path.write_text("id;poids;texte\n1;1,25;a,b\n2;3;c\n", encoding="utf-8")
    assert "decimal comma in poids" in read_source(path).notes


def test_lines_within_quotes_and_the_first_line_excel_adds(tmp_path):
    path = tmp_path / "file.csv"
    path.write_text('sep=;\n"id";"why"\n1;"two\nlines; ""quoted"""\n', encoding="utf-8")
    assert read_source(path).texts("why").tolist() == ['two lines; "quoted"']


def build_book(path, **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
    book.save(path)
    return path


def test_sheets(tmp_path):
    rows = [["id", "q"], [1, "a"]]
    path = build_book(tmp_path / "book.xlsx", notes=[["Read me"]], Responses=rows, empty=[])
    assert read_source(path).notes == ["sheet Responses (not read: notes; --sheet chooses another)"]
    with pytest.raises(InputError, match="no sheet 'answers'; valid are notes, Responses, empty"):
        read_source(path, sheet="answers")
    with pytest.raises(InputError, match="the sheet 'empty' is empty"):
        read_source(path, sheet="empty")
    with pytest.raises(InputError, match="no sheet holds anything"):
        read_source(build_book(tmp_path / "void.xlsx", a=[], b=[]))


def test_cells_of_a_workbook(tmp_path):
    rows = [[None], ["id", "code", "when", "yes", "x"], [1, "01", date(2027, 3, 31), True, 2.5]]
    source = read_source(build_book(tmp_path / "book.xlsx", a=[*rows, [None] * 5]))
    values = [source.texts(column).iloc[0] for column in source.frame]
    assert values == ["1", "01", "2027-03-31", "true", "2.5"]
    assert len(source.frame) == 1


def test_formula_without_a_saved_result(tmp_path):
    path = build_book(tmp_path / "book.xlsx", a=[["id", "q"], [1, "=A2+1"], [2, "=A3+1"]])
    with pytest.raises(InputError, match=r"2 formulas without a saved result, e.g. B2, B3"):
        read_source(path)


def test_names_of_columns(tmp_path):
    path = tmp_path / "file.csv"
    path.write_text(" id ;q\u00a01;;;\n1;2;3;;\n", encoding="utf-8")
    source = read_source(path)
    assert list(source.frame) == ["id", "q 1", "column_3"]
    assert source.notes[-1] == "1 columns without a name: column_3"
    path.write_text("id;q;q ;id\n1;2;3;4\n", encoding="utf-8")
    with pytest.raises(InputError, match="2 column names given more than once: id, q"):
        read_source(path)


def test_zip_bomb_is_refused_from_its_directory(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", b"\0" * (excel._SMALL + 1))
    with pytest.raises(InputError, match=r"refused: its [\d,]+ bytes would unpack to 20,971,5"):
        read_source(path)


def test_parquet_with_its_index(tmp_path):
    path = tmp_path / "file.parquet"
    pd.DataFrame({"q": [1, 2]}, index=pd.Index(["01", "02"], name="id")).to_parquet(path)
    source = read_source(path)
    assert source.texts("id").tolist() == ["01", "02"]
    assert source.texts("q").tolist() == ["1", "2"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", b"", "the file is empty"),
        ("a.csv", b"  \n \n", "the file is empty"),
        ("a.csv", b"id;q\n", "2 columns but not a single respondent"),
        ("a.csv", b"id\n1\n", "no delimiter found in the first line"),
        ("a.csv", b"id;q\n1;2;3;4\n", "1 lines do not hold 2 values as the first"),
        ("a.csv", b"id;q\n1;2;3\n4;5;6\n", "2 lines do not hold 2 values as the"),
        ("a.csv", b"id;q;r\n1;2;3\n1;2\n", "truncated or damaged: 1 lines do not hold"),
        ("a.csv", b'id;q\n1;"two', "damaged: "),
        ("a.csv", b"id;q\n1;\x81\x8d\n", "its encoding is neither UTF-8, UTF-16 nor Windows-1252"),
        ("a.csv", "id;q\n1;é\n".encode("utf-16")[:-1], "or the text is damaged"),
        ("a.csv", b"id;q\n" + b"1;2\n" * 200 + b"1;\0\0\n", "2 zero bytes, the first at byte 807"),
        ("a.csv", b"%PDF-1.7\n...", "its content is a PDF, not text"),
        ("a.csv", b"MZ\x90\0\x03\0\0\0", "its content is a Windows program, not text"),
        ("a.csv", b"<html><table>", "its content is a web page, not text"),
        ("a.csv", b"PAR1....PAR1", "a Parquet file, not text; rename it to a.parquet"),
        ("a.csv", bytes(range(14, 30)) * 20, "its content is of an unknown kind, not text"),
        ("a.sav", b"id;q\n1;2\n", "its content is text, not an SPSS file."),
        ("a.sav", b"$FL2" + b"\0" * 40, "damaged, cannot be read as SPSS: "),
        ("a.sav", b"ASCII SPSS PORT FILE" * 9, "an SPSS portable file, without accents"),
        ("a.xlsx", b"PK\x03\x04 not a zip", "damaged, cannot be read as an Excel workbook"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 9, "an old Excel file or"),
        ("a.xlsx", b"id;q\n1;2\n", "its content is text, not an Excel workbook."),
        ("a.parquet", b"PAR1" + b"\0" * 40, "damaged, cannot be read as Parquet: "),
        ("a.ods", b"x", "files ending in '.ods' cannot be read; valid are .sav, .zsav, .xlsx"),
        ("a", b"x", "files ending in 'nothing' cannot be read"),
    ],
)  # fmt: skip
def test_what_cannot_be_read(tmp_path, name, content, words):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError) as error:
        read_source(path)
    assert str(error.value).startswith(f"{name}: ")
    assert words in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("inside", "words"),
    [("word/document.xml", "a Word or PowerPoint document"), ("xl/workbook.bin", "a binary Excel")],
)
def test_archives_that_are_no_workbook(tmp_path, inside, words):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "")
        archive.writestr(inside, "")
    with pytest.raises(InputError, match=f"its content is {words}"):
        read_source(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("photo.jpg", "")
    with pytest.raises(InputError, match="its content is a zip archive"):
        read_source(path)


def test_no_file_and_a_folder(tmp_path):
    with pytest.raises(InputError, match=r"gone.csv: no such file\."):
        read_source(tmp_path / "gone.csv")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(InputError, match=r"folder.csv: a folder, not a file\."):
        read_source(tmp_path / "folder.csv")
    with pytest.raises(InputError, match="--sheet is for Excel workbooks; this is text"):
        read_source(FIXTURES / "penguins.csv", sheet="a")


@pytest.mark.parametrize("file", ["pspp.sav", "pspp.zsav", "clippy.xlsx"])
def test_a_file_cut_anywhere_is_read_whole_or_refused(tmp_path, file):
    whole = read_source(FIXTURES / file)
    data, refused = (FIXTURES / file).read_bytes(), []
    for keep in [1, 4, 176, *range(200, len(data), len(data) // 25)]:
        path = tmp_path / file
        path.write_bytes(data[:keep])
        try:
            cut = read_source(path)
        except InputError as error:
            refused.append(str(error))
        else:
            pd.testing.assert_frame_equal(cut.frame, whole.frame)
    assert len(refused) > 20
    assert all(message.startswith(f"{file}: ") for message in refused)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"])))
def test_a_value_as_text_names_itself(text):
    """Writing twice changes nothing, so a mapping that names a value finds it again."""
    once = value_text(text)
    assert once is None or value_text(once) == once


@given(st.one_of(st.integers(-(10**9), 10**9), st.floats(-1e6, 1e6, width=32)))
def test_a_number_is_read_back_from_its_text(number):
    assert read_number(value_text(number)) == pytest.approx(float(number), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(
    ("text", "number"),
    [("1,5", 1.5), ("1 234,5", 1234.5), ("1\u202f234", 1234), ("-2", -2), ("nan", None),
     ("inf", None), ("1_0", None), ("x", None), ("1,2,3", None), ("31/03/2027", None)],
)  # fmt: skip
def test_numbers_as_french_files_write_them(text, number):
    assert read_number(text) == number


def test_reading_leaves_the_file_as_it_was():
    before = (FIXTURES / "pspp.sav").read_bytes()
    read_source(FIXTURES / "pspp.sav")
    assert (FIXTURES / "pspp.sav").read_bytes() == before
