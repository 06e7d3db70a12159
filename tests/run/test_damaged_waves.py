"""Odd and damaged deliveries of one wave: each gives its one clear message or passes rightly.

The file of the eight was mapped once; every variant below comes with that mapping. Whatever
is refused leaves no wave, whole or partial.
"""

import io
import shutil
import zipfile
from datetime import datetime
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from helpers.data.errors import InputError
from helpers.data.responses import read_wave
from helpers.run import excel
from helpers.run.findings import Finding
from helpers.run.intake import propose, take_in

FIXTURES = Path(__file__).parent / "fixtures"
LIKES, WHY, SIZE = (
    "Aimez-vous les partenariats ?",
    "Pourquoi les aimez-vous ?",
    "Taille de la commune",
)
RANKS = [f"Classez ces priorités [{name}]" for name in ("Emploi", "Santé", "Logement")]
TRUST, HOPE = "Notes sur dix - Confiance", "Notes sur dix - Espoir"
TABLE = pd.read_csv(FIXTURES / "received.csv", sep=";", dtype=str, keep_default_na=False)
RECEIVED = TABLE.to_dict("list")


@pytest.fixture(scope="module", autouse=True)
def mapped(office):
    """The mapping of the clean file, in the folder of what comes."""
    draft = propose(office.write(), "small", "2027", root=office.root)
    draft.path.rename(office.folder / "mapping.yaml")
    shutil.rmtree(draft.path.parent)


@pytest.fixture(autouse=True)
def cleared(office):
    """No wave of the variant before."""
    shutil.rmtree(office.wave, ignore_errors=True)


def take(desk, name: str, content, edit=()) -> list[Finding]:
    """Take a delivery in with the mapping of the clean file, edited; returns the findings."""
    path = desk.folder / name
    path.unlink(missing_ok=True)
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif isinstance(content, dict):
        desk.write(name, **content)
    text = (desk.folder / "mapping.yaml").read_text(encoding="utf-8")
    for old, new in edit:
        assert old in text
        text = text.replace(old, new, 1)
    mapping = desk.folder / "edited.yaml"
    mapping.write_text(text, encoding="utf-8")
    return take_in(path, "small", "2027", mapping, root=desk.root).findings


def text_of(table=TABLE, *, sep=";", encoding="utf-8", **options) -> bytes:
    return table.to_csv(index=False, sep=sep, **options).encode(encoding)


def book_of(*rows) -> bytes:
    """A workbook with one sheet."""
    book, stream = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(stream)
    return stream.getvalue()


def parquet_of(table: pd.DataFrame) -> bytes:
    stream = io.BytesIO()
    table.to_parquet(stream, index=False)
    return stream.getvalue()


def zip_of(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


def rows_of(table: pd.DataFrame) -> list[list]:
    return [list(table), *table.replace("", None).to_numpy().tolist()]


def change(column: str, row: int, value) -> dict:
    """The eight with one cell changed; rows count from 1."""
    values = list(RECEIVED[column])
    values[row - 1] = value
    return {column: values}


CSV, XLSX = text_of(), book_of(*rows_of(TABLE))
DATED = TABLE.astype(object)
DATED.loc[1, TRUST] = datetime(2027, 10, 7)
BOMB = zip_of(**{
    "[Content_Types].xml": b"<Types/>", "xl__workbook.xml": b"\0" * (excel._SMALL + 1),
})  # fmt: skip
WORD = zip_of(**{"[Content_Types].xml": b"", "word__document.xml": b""})
OLD = ["Alsace", "Midi-Pyrénées", "Rhône-Alpes", "Corse", "Picardie", "Basse-Normandie",
       "Lorraine", ""]  # fmt: skip
MENTIONS_ALL = {LIKES: ["Oui"] * 8, WHY: ["Habitude;Goût;Devoir"] * 7 + ["Goût"]}

# name, file, content, words of the one message
REFUSED = [
    # not a file of respondents
    ("no file", "gone.csv", None, ["gone.csv: no such file"]),
    ("empty file", "a.csv", b"", ["a.csv: the file is empty"]),
    ("blank file", "a.csv", b"\n \n\n", ["a.csv: the file is empty"]),
    ("header only, CSV", "a.csv", CSV.split(b"\n")[0] + b"\n",
     ["a.csv: it has 11 columns but not a single respondent"]),
    ("header only, Excel", "a.xlsx", book_of(list(TABLE)), ["11 columns but not a single resp"]),
    ("header only, Parquet", "a.parquet", parquet_of(TABLE[:0]), ["not a single respondent"]),
    ("workbook without anything", "a.xlsx", book_of(), ["a.xlsx", "no sheet holds anything"]),
    ("truncated SPSS file", "a.sav", (FIXTURES / "pspp.sav").read_bytes()[:900],
     ["a.sav: damaged, cannot be read as SPSS"]),
    ("truncated workbook", "a.xlsx", XLSX[:3000], ["a.xlsx: damaged, cannot be read as"]),
    ("truncated Parquet", "a.parquet", parquet_of(TABLE)[:-9], ["a.parquet: damaged"]),
    ("truncated CSV", "a.csv", CSV[: CSV.index(b"a7") + 20],
     ["a.csv: truncated or damaged: 1 lines do not hold 11 values"]),
    ("zip bomb renamed", "a.xlsx", BOMB, ["a.xlsx", "refused", "would unpack to 20,971,5"]),
    ("PDF renamed", "a.xlsx", b"%PDF-1.7\n%\xe2\xe3", ["a.xlsx: its content is a PDF, not"]),
    ("program renamed", "a.sav", b"MZ\x90\0\x03", ["a.sav: its content is a Windows program"]),
    ("Word document renamed", "a.xlsx", WORD, ["its content is a Word or PowerPoint document"]),
    ("old Excel renamed", "a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 9, ["save it as .xlsx"]),
    ("CSV renamed", "a.xlsx", CSV, ["a.xlsx: its content is text, not an Excel workbook"]),
    ("workbook renamed", "a.csv", XLSX, ["an Excel workbook, not text; rename it to a.xlsx"]),
    ("web page for a CSV", "a.csv", b"<!DOCTYPE html><p>Log in", ["its content is a web page"]),
    ("gzip for a CSV", "a.csv", b"\x1f\x8b\x08\0\0", ["its content is a gzip archive"]),
    ("ending nobody reads", "a.ods", CSV, ["a.ods: files ending in '.ods' cannot be read; valid"]),
    # damaged text and tables
    ("wrong encoding", "a.csv", CSV.replace("é".encode(), b"\x81"),
     ["a.csv: its encoding is neither UTF-8, UTF-16 nor Windows-1252"]),
    ("UTF-16 cut in a letter", "a.csv", text_of(encoding="utf-16")[:-1], ["the text is damaged"]),
    ("zero bytes", "a.csv", CSV.replace(b"Corse", b"\0\0\0\0\0"), ["not text: 5 zero bytes"]),
    ("one column", "a.csv", b"ID\na1\na2\n", ["a.csv: no delimiter found"]),
    ("quote never closed", "a.csv", CSV.replace(b";Corse", b';"Corse'), ["a.csv", "damaged"]),
    ("semicolon in a cell", "a.csv", CSV.replace(b"Corse", b"Corse; Sud"),
     ["1 lines do not hold 11 values", "e.g. line 5 holds 12"]),
    ("column names twice", "a.csv", CSV.replace(b"Poids", b"ID", 1),
     ["a.csv: 1 column names given more than once: ID"]),
    ("blank column names", "a.xlsx", book_of(["ID", *[None] * 10], *rows_of(TABLE)[1:]),
     ["a.xlsx: 10 of 11 columns have no name in the first row"]),
    ("title above the names", "a.xlsx", book_of(["Enquête"], *rows_of(TABLE)),
     ["columns have no name in the first row: a title"]),
    ("formulas never computed", "a.xlsx", book_of(*rows_of(TABLE), ["a9", "=1+1"]),
     ["a.xlsx", "1 formulas without a saved result"]),
    # respondents and weights
    ("ids twice", "a.csv", change("ID", 5, "a1"),
     ["a.csv: column ID: 1 row with the id of a row before", "rows 1, 5"]),
    ("id left out", "a.csv", change("ID", 5, " "), ["column ID: 1 respondent without an id", "5"]),
    ("every row twice", "a.csv", text_of(pd.concat([TABLE, TABLE])), ["column ID: 8 rows with"]),
    ("ids of synthetic respondents", "a.csv", change("ID", 5, "D00005"),
     ["a.csv: 1 ids are those of synthetic respondents (D00005)"]),
    ("negative weight", "a.csv", change("Poids", 2, "-0,5"),
     ["a.csv: column Poids: 1 weight not greater than zero: -0.5", "rows 2"]),
    ("weight of zero", "a.csv", change("Poids", 2, "0"), ["1 weight not greater than zero: 0"]),
    ("weight left out", "a.csv", change("Poids", 2, ""), ["column Poids: 1 weight missing", "2"]),
    ("text in weights", "a.csv", change("Poids", 2, "lourd"),
     ["column Poids: 1 value that are no numbers: 'lourd'"]),
    ("infinite weight", "a.csv", change("Poids", 2, "1e999"), ["column Poids: 1 weight infinite"]),
    # answers
    ("answer outside the mapping", "a.csv", change(LIKES, 3, "Bof"),
     [f"a.csv: column {LIKES}: 1 value that the mapping does not name", "'Bof'", "rows 3"]),
    ("code outside the codebook", "a.csv", change(LIKES, 3, "7"), [LIKES, "likes", "'7'"]),
    ("answer of another letter case", "a.csv", change(LIKES, 3, "oUI"), [LIKES, "'oUI'"]),
    ("unknown mention", "a.csv", change(WHY, 5, "Plaisir"),
     [f"column {WHY}: 1 value that the mapping does not name as an answer of why: 'Plaisir'"]),
    ("mentions with another separator", "a.csv", change(WHY, 1, "Habitude/Goût"),
     [WHY, "'Habitude/Goût'", "rows 1"]),
    ("text in numbers", "a.csv", change(TRUST, 4, "cinq"),
     [f"column {TRUST}: 1 value that are no numbers: 'cinq'", "rows 4"]),
    ("score above ten", "a.csv", change(TRUST, 4, "11"), [TRUST, "whole number of 0 to 10: '11'"]),
    ("score with a fraction", "a.csv", change(TRUST, 4, "7,5"), [TRUST, "whole number", "'7,5'"]),
    ("negative score", "a.csv", change(HOPE, 4, "-1"), [HOPE, "no whole number of 0 to 10: '-1'"]),
    ("score turned into a date", "a.xlsx", book_of(*rows_of(DATED)),
     [f"a.xlsx: column {TRUST}: 1 value that a spreadsheet turned into dates", "'2027-10-07'"]),
    ("booleans as text in scores", "a.csv", change(HOPE, 4, "VRAI"), [HOPE, "no numbers: 'VRAI'"]),
    ("booleans in scores", "a.parquet", parquet_of(TABLE.assign(**{HOPE: [True, False] * 4})),
     [HOPE, "8 values that are no numbers: 'true', 'false'"]),
    ("rank outside", "a.csv", change(RANKS[0], 1, "4"), [RANKS[0], "whole number of 1 to 3: '4'"]),
    ("tied ranks", "a.csv", change(RANKS[0], 1, "2"),
     ["1 respondent gave one rank to several answers", "rows 1"]),
    ("impossible routing", "a.csv", change(WHY, 4, "Goût"),
     ["1 respondent answered without being asked", "Yes, A little", LIKES, "rows 4"]),
    # territories
    ("unknown region", "a.csv", change("Région", 1, "Bretange"),
     ["a.csv: column Région: 1 value in 1 row", "Bretange (closest: Bretagne", "rows 1"]),
    ("overseas region", "a.csv", change("Région", 1, "La Réunion"), ["Région", "overseas"]),
    ("class of size outside", "a.csv", change(SIZE, 1, "Hameau"), [SIZE, "commune_size", "Hameau"]),
    # deliveries that belong elsewhere, or lack something
    ("column left out", "a.csv", {TRUST: None}, [f"'{TRUST}' is not a column of a.csv"]),
    ("column renamed", "a.csv", text_of(TABLE.rename(columns={"ID": "Id"})),
     ["'ID' is not a column of a.csv; valid are Id", "Did you mean Id?"]),
    ("file of another survey", "a.csv", text_of(pd.DataFrame({"region": ["53"], "x": ["1"]})),
     ["edited.yaml: line", "9 of the 9 columns this mapping reads are not in a.csv, e.g. Région",
      "it was made for received.csv"]),
]  # fmt: skip

# name, edits of the mapping, words of the one message
MISMAPPED = [
    ("mapping of another wave", [("wave: '2027'", "wave: '2025'")],
     ["this mapping is for the wave '2025', but '2027' was asked for"]),
    ("mapping of another survey", [("survey: small", "survey: mayors")],
     ["this mapping is for the survey 'mayors', but 'small' was asked for"]),
    ("unknown column", [("weight: Poids", "weight: Poid")],
     ["weight: 'Poid' is not a column of a.csv; valid are ID, Poids", "Did you mean Poids?"]),
    ("unknown answer", [("Oui: yes", "Oui: yess")],
     ["likes.answers.Oui: 'yess' is not an answer of likes; valid are yes", "Did you mean yes?"]),
    ("unknown question", [("  likes:", "  likse:")], ["'likse'", "Did you mean likes?"]),
    ("unknown margin", [("margins: []", "margins: [comune_size]")],
     ["margins.0: 'comune_size' is not a margin of the survey", "Did you mean commune_size?"]),
    ("value without an answer", [("Non: no", "Non:")], ["which answer 'Non' means is not decided"]),
    ("no YAML", [("questions:", "questions: [")], ["edited.yaml: line", "not valid YAML"]),
    ("communes that are regions", [("holds: regions", "holds: communes")],
     ["a.csv: column Région: 6 values in 7 rows: no INSEE code of a commune", "Bretagne"]),
    ("stratum of one", [("strata: []", "strata: [commune_size]")],
     ["2 strata with a single respondent: ", "10000_plus"]),
]  # fmt: skip

# name, file, content, words of a finding ("" for none in particular)
PASSED = [
    ("as it should be", "a.csv", CSV, ""),
    ("workbook", "a.xlsx", XLSX, ""),
    ("Parquet", "a.parquet", parquet_of(TABLE), ""),
    ("columns in another order", "a.csv", text_of(TABLE[TABLE.columns[::-1]]), ""),
    ("byte order mark", "a.csv", text_of(encoding="utf-8-sig"), ""),
    ("UTF-16 with tabs", "a.txt", text_of(sep="\t", encoding="utf-16"), ""),
    ("Windows-1252", "a.csv", text_of(encoding="cp1252"), ""),
    ("commas and quotes", "a.csv", text_of(sep=",", quoting=1), ""),
    ("ends of line of Windows", "a.csv", CSV.replace(b"\n", b"\r\n"), ""),
    ("decimal points", "a.csv", CSV.replace(b"1,5", b"1.5").replace(b"0,", b"0."), ""),
    ("numbers in a workbook", "a.xlsx",
     book_of(*rows_of(TABLE.assign(Poids=[1.5, 0.5, 1, 1, 1.25, 0.75, 1, 1]))), ""),
    ("spaces around", "a.csv", CSV.replace(b"Oui", b" Oui  ").replace(b"a1", b"\ta1"), ""),
    ("unbreakable spaces", "a.csv", CSV.replace(b"500 ", "500\u00a0".encode()), ""),
    ("unbreakable spaces in names", "a.csv", CSV.replace(b" ?", "\u202f?".encode()), ""),
    ("blank lines at the end", "a.csv", CSV + b"\n\n", ""),
    ("rows without an answer", "a.csv", CSV + b"a9" + b";" * 10 + b"\n",
     "1 rows without a single answer are left out"),
    ("columns nobody knows", "a.csv", {"Heure": ["9"] * 8, "Note": [""] * 8},
     "2 columns read by nothing: Heure, Note."),
    ("codes of regions", "a.csv",
     {"Région": ["53", "53", "11", "94", "76", "28", "44", ""]}, ""),
    ("old names of regions", "a.csv", {"Région": OLD}, "Alsace as 44"),
    ("names without accents", "a.csv", CSV.replace("Île-de-France".encode(), b"ILE DE FRANCE"), ""),
    ("every box ticked", "a.csv", MENTIONS_ALL, "7 of 8 chose every answer (88 %)"),
    ("rank left out", "a.csv", change(RANKS[1], 1, ""), "1 respondent left out a rank"),
    ("one and the same answer", "a.csv", {HOPE: ["3"] * 8, TRUST: ["3"] * 8},
     "all 8 who answered gave the same answer"),
    ("names instead of ids", "a.csv", change("ID", 1, "Anne Martin"),
     "1 ids look like names, addresses or telephone numbers"),
    ("weights far apart", "a.csv", change("Poids", 1, "100"), "times the smallest"),
]  # fmt: skip
EXPECTED = {  # weighted share of "yes" among those who answered
    "one and the same answer": 4.25 / 7, "weights far apart": 102.75 / 105.5,
    "every box ticked": 1.0,
}  # fmt: skip


def name_variants(variants):
    return [pytest.param(*variant[1:], id=variant[0]) for variant in variants]


def check_refused(desk, error: InputError, words: list[str]) -> None:
    message = str(error)
    assert "\n" not in message, message
    for word in words:
        assert word in message
    assert desk.list_waves() == []


@pytest.mark.parametrize(("name", "content", "words"), name_variants(REFUSED))
def test_refused_with_one_message(office, name, content, words):
    with pytest.raises(InputError) as error:
        take(office, name, content)
    check_refused(office, error.value, words)


@pytest.mark.parametrize(("edit", "words"), name_variants(MISMAPPED))
def test_refused_for_its_mapping(office, edit, words):
    with pytest.raises(InputError) as error:
        take(office, "a.csv", CSV, edit)
    check_refused(office, error.value, words)


def test_refused_for_a_margin_with_a_level_nobody_has(office):
    size = ["Moins de 500" if value.startswith("2 000") else value for value in RECEIVED[SIZE]]
    with pytest.raises(InputError) as error:
        take(office, "a.csv", {SIZE: size}, [("margins: []", "margins: [commune_size]")])
    check_refused(office, error.value, ["a.csv", "commune_size", "2000_9999"])


@pytest.mark.parametrize(
    ("name", "content", "words", "share"),
    [
        pytest.param(*variant[1:], EXPECTED.get(variant[0], 4.25 / 7), id=variant[0])
        for variant in PASSED
    ],
)
def test_passed_rightly(office, name, content, words, share):
    findings = take(office, name, content)
    assert any(words in finding.message for finding in findings) or not words, findings
    people = read_wave("small", "2027", root=office.root).respondents
    assert len(people) == 8
    likes = people["likes"].astype(object)
    yes = people.loc[likes == "yes", "weight"].sum() / people.loc[likes.notna(), "weight"].sum()
    assert yes == pytest.approx(share)


def test_codes_of_departements_that_lost_their_zero_pass(office):
    codes = ["1", "1", "2", "29", "2A", "75", "67", ""]
    table = TABLE.rename(columns={"Région": "DEP"}).assign(DEP=codes)
    take(office, "a.csv", text_of(table), [("column: Région", "column: DEP")])
    people = read_wave("small", "2027", root=office.root).respondents
    zones = people["region"].astype(object).fillna("").tolist()
    assert zones == ["84", "84", "32", "53", "93+94", "11", "44", ""]


def test_many_rows_pass(office):
    numbers = pd.Series(np.arange(100_000))
    table = TABLE.loc[numbers % 8].assign(ID=("a" + numbers.astype(str)).to_numpy())
    take(office, "a.csv", text_of(table))
    people = read_wave("small", "2027", root=office.root).respondents
    assert (len(people), people["weight"].sum()) == (100_000, 100_000)


def test_there_are_enough_variants():
    names = [variant[0] for variant in [*REFUSED, *MISMAPPED, *PASSED]]
    assert len(names) == len(set(names)) >= 50
