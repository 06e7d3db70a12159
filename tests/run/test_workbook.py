"""The workbook read again: the numbers of the estimate table, and the rules of accessible ones."""

import io
import re
from datetime import datetime

import openpyxl
import pandas as pd
import pytest

from helpers.data.language import tr, use_language
from helpers.data.responses import read_wave
from helpers.run.workbook import Sheet, write_workbook
from helpers.run.workbook_rows import HEADINGS, find_shorthand
from helpers.stats.disclosure import CONFIDENTIAL
from helpers.stats.results import DEFAULT_RULE, estimate_question
from helpers.stats.suppression import SECONDARY
from helpers.view.exhibits import FOLDER, REST, read_exhibits, read_rows
from helpers.view.tables import show_estimates

ATTACKS = [
    "<script>alert(1)</script>",
    "=cmd()",
    "+1",
    "-1",
    "@x",
    "../",
    "a\nb",
    "bell\x07",
    "\t=1",
]
MADE = datetime(2026, 1, 2)
NUMBERS = {  # heading to column, and what the sheet multiplies it by
    "Estimate": ("estimate", 1), "95% interval, low": ("ci_low", 1), "Base (n)": ("n", 1),
    "95% interval, high": ("ci_high", 1), "Standard error": ("se", 1),
    "Weighted base": ("n_weighted", 1), "Design effect": ("deff", 1), "Effective n": ("n_eff", 1),
    "Gap to the rest (points)": ("difference", 100), "p": ("p_value", 1),
    "p (adjusted)": ("p_adjusted", 1), "Detectable gap (points)": ("smallest_gap", 100),
    "Base needed to detect this gap": ("base_needed", 1),
}  # fmt: skip


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """Recorded rows of three tables of the demonstration: tested, whole, scores."""
    folder = tmp_path_factory.mktemp("exhibits")
    wave = read_wave("companies", "demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(FOLDER, str(folder))
        for question, by in [
            ("partnership_intention", "region"), ("has_partnership", None),
            ("fragility_importance", "region"),
        ]:  # fmt: skip
            show_estimates(estimate_question(wave, question, by=by), wave, title=question)
    return [read_rows(one, folder) for one in read_exhibits(folder)]


def build(rows, titles=None, notes=None, **options):
    sheets = [
        Sheet(place, (titles or ["Any"] * 9)[place - 1], (notes or ["The rule."] * 9)[place - 1],
              ["demo"], table)
        for place, table in enumerate(rows, start=1)
    ]  # fmt: skip
    cover = [("What the data are", ["FICTIONAL data."])]
    return write_workbook(
        sheets, **{"title": "The title", "cover": cover, "author": "The authors", "made": MADE}
        | options
    )  # fmt: skip


def load(data):
    return openpyxl.load_workbook(io.BytesIO(data))


@pytest.fixture(scope="module")
def book(rows):
    return load(build(rows))


def read_table(sheet) -> pd.DataFrame:
    """The rows of the one table of a sheet."""
    (table,) = sheet.tables.values()
    head, *body = [[cell.value for cell in row] for row in sheet[table.ref]]
    return pd.DataFrame(body, columns=head, dtype=object)


def test_numbers_are_those_of_the_estimate_table(book, rows):
    for number, table in enumerate(rows, start=1):
        back = read_table(book[f"Table_{number}"])
        assert back["Id of the number"].tolist() == table["id"].tolist()
        tested = (table["mark"] != "untestable").any()
        assert tested == (number != 2)
        factors = {"share": 1, "score_10": 0.01}
        for heading, (column, factor) in NUMBERS.items():
            if heading not in back:
                assert not tested
                continue
            times = table["unit"].map(factors) * factor if factor == 100 else factor
            wanted = (table[column] * times).tolist()
            for written, value in zip(back[heading], wanted, strict=True):
                if pd.isna(value):
                    assert re.fullmatch(r"\[[cuxz]\]", written)
                else:
                    assert written == pytest.approx(value, rel=1e-15)


def test_numbers_are_numbers_with_a_format(book):
    sheet = book["Table_1"]
    cell = {cell.value: sheet.cell(6, cell.column) for cell in sheet[5]}
    assert cell["Estimate"].number_format == "0.0%"
    assert cell["Base (n)"].number_format == "#,##0"
    assert isinstance(cell["Base (n)"].value, int)
    scores = book["Table_3"]
    assert scores["G6"].number_format == "0.00"


def test_marks_and_states_are_words(book, rows):
    back = read_table(book["Table_1"])
    assert set(back["Significance"]) <= {
        "higher",
        "lower",
        "no significant difference",
        "untestable",
    }
    withheld = rows[0]["reliability"] == "suppress"
    assert withheld.any()
    assert back["State"][withheld.to_numpy()].str.startswith("withheld: ").all()
    assert set(back["Estimate"][withheld.to_numpy()]) == {"[u]"}
    assert "shown" in set(back["State"])


@pytest.mark.parametrize(
    ("facts", "column", "mark"),
    [
        ({"reliability": "suppress", "reason": "n < 30"}, "estimate", "[u]"),
        ({"reliability": "suppress", "reason": CONFIDENTIAL}, "estimate", "[c]"),
        ({"reliability": "suppress", "reason": f"n < 30; {SECONDARY}"}, "n", "[c]"),
        ({"reliability": "not_published"}, "estimate", "[x]"),
        ({"reliability": "no_base"}, "estimate", "[z]"),
        ({"reliability": "ok"}, "p_value", "[z]"),
        ({"reliability": "ok", "mark": "none"}, "smallest_gap", "[x]"),
        ({"reliability": "warn"}, "n", "[x]"),
        ({"reliability": "ok", "fixed": True}, "ci_low", "[z]"),
    ],
)
def test_shorthand_says_why_a_number_is_missing(facts, column, mark):
    row = {"reason": "", "mark": "untestable", "fixed": False} | facts
    assert find_shorthand(row, column) == mark


def test_a_share_the_design_fixes_has_no_interval(rows):
    fixed = rows[1].assign(se=0.0)
    back = read_table(load(build([fixed]))["Table_1"])
    assert set(back["95% interval, low"]) == {"[z]"}
    assert set(back["State"]) == {"fixed by the design"}
    assert back["Estimate"].tolist() == rows[1]["estimate"].tolist()


def test_the_workbook_is_accessible(book):
    """The checklist of the Government Analysis Function, as far as code can tell."""
    assert book.sheetnames == ["Cover", "Contents", "Notes", "Table_1", "Table_2", "Table_3"]
    names = []
    for sheet in book:
        assert not sheet.merged_cells.ranges
        assert sheet.freeze_panes is None
        assert sheet.sheet_state == "visible"
        assert isinstance(sheet["A1"].value, str)
        assert sheet["A1"].font.bold
        grid = [[cell.value for cell in row] for row in sheet.iter_rows()]
        assert all(any(value is not None for value in row) for row in grid), "a blank row"
        assert all(any(row[place] is not None for row in grid) for place in range(len(grid[0])))
        assert len(sheet.tables) == (sheet.title != "Cover")
        for table in sheet.tables.values():
            names.append(table.displayName)
            cells = [[cell.value for cell in row] for row in sheet[table.ref]]
            assert cells[0] == [column.name for column in table.tableColumns]
            assert len(set(cells[0])) == len(cells[0])
            assert all(value not in (None, "") for row in cells for value in row)
            assert table.headerRowCount == 1
            assert table.autoFilter is None
            assert sheet.max_row == int(re.search(r"\d+$", table.ref)[0])
            wrapped = [cell.alignment.wrap_text for row in sheet[table.ref] for cell in row]
            assert all(wrapped)
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in names)


def test_every_link_leads_to_a_sheet(book):
    found = []
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.hyperlink:
                    name, place = re.fullmatch(r"'(.+)'!(A1)", cell.hyperlink.location).groups()
                    found.append((sheet.title, name))
                    assert book[name][place].value
    contents = [name for sheet, name in found if sheet == "Contents"]
    assert contents == ["Cover", "Notes", "Table_1", "Table_2", "Table_3"]
    assert [sheet for sheet, name in found if name == "Contents"] == contents[2:]


def test_notes_are_numbered_once(rows):
    told = load(build(rows, notes=["Rule A.", "", "Rule A."]))
    notes = read_table(told["Notes"]).set_index("Mark")["Meaning"]
    assert notes.index.tolist() == ["[c]", "[u]", "[x]", "[z]", "[note 1]"]
    assert notes["[note 1]"] == "Rule A."
    titles = [told[f"Table_{number}"]["A1"].value for number in (1, 2, 3)]
    assert titles == ["Any [note 1]", "Any", "Any [note 1]"]


def test_the_rule_of_significance_is_spelled_out(rows):
    rule = DEFAULT_RULE.describe("demo")
    notes = read_table(load(build(rows, notes=[rule] * 3))["Notes"])
    assert rule in set(notes["Meaning"])
    assert "Holm" in rule


def test_each_sheet_says_what_it_shows(book):
    for number in (1, 2, 3):
        sheet = book[f"Table_{number}"]
        assert sheet["A2"].value == "FICTIONAL data: says nothing about France."


def test_properties_hold_title_language_and_no_user(rows):
    with use_language("fr"):
        facts = load(build(rows)).properties
    assert (facts.title, facts.language, facts.creator) == ("The title", "fr", "The authors")
    assert facts.lastModifiedBy is None
    assert facts.created == facts.modified == MADE


def test_a_french_workbook_is_french(rows):
    with use_language("fr"):
        book = load(build([table.assign(gap_to=tr(REST)) for table in rows]))
        headings = {tr(text) for text in HEADINGS.values()}
    assert book.sheetnames[:4] == ["Couverture", "Sommaire", "Notes", "Tableau_1"]
    assert {cell.value for cell in book["Tableau_1"][5]} <= headings
    assert "Estimation" in headings
    assert not headings & (set(HEADINGS.values()) - {"Question", "Base (n)", "p"})


def test_a_gap_names_its_reference_unless_it_is_the_rest(rows):
    assert "Gap to the rest (points)" in read_table(load(build(rows))["Table_1"])
    other = rows[0].assign(gap_to="its neighbours")
    assert "Gap (points), to: its neighbours" in read_table(load(build([other]))["Table_1"])


def test_columns_a_table_does_not_have_are_left_out(rows):
    few = rows[0].drop(columns=["se", "deff", "n_eff", "mark", "difference"])
    headings = list(read_table(load(build([few]))["Table_1"]))
    assert "Standard error" not in headings
    assert "Significance" not in headings
    assert "Estimate" in headings


@pytest.mark.parametrize("text", ATTACKS)
def test_texts_of_the_data_stay_texts(rows, text):
    attacked = rows[1].assign(answer_label=text, question_label=text)
    data = build(
        [attacked], titles=[text], notes=[text], title=text, cover=[(text, [text])], author=text
    )
    book = load(data)
    assert book.sheetnames == ["Cover", "Contents", "Notes", "Table_1"]
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert kinds <= {"s", "n"}
    seen = text.replace("\x07", "\ufffd")
    assert set(read_table(book["Table_1"])["Answer"]) == {seen}
    assert book["Cover"]["A1"].value == seen
    assert book["Contents"]["B6"].value == seen


def test_a_text_longer_than_a_cell_is_cut(rows):
    book = load(build([rows[1].assign(answer_label="x" * 40_000)]))
    assert {len(text) for text in read_table(book["Table_1"])["Answer"]} == {32_767}


def test_same_input_same_bytes(rows):
    assert build(rows) == build(rows)
