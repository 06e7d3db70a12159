"""One study run in full: a number is the same on the page, in Excel, in CSV and in words."""

import random
import re
from dataclasses import dataclass

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from helpers.data.language import SOURCE, get_language, tr, use_language, write_percent
from helpers.run.exports import name_folder
from helpers.run.plans import plan_runs
from helpers.run.runs import write_pages
from helpers.run.workbook_rows import HEADINGS
from helpers.view.scales import SCALES
from tests.exports import read_exports

DRAWN = 200
MARKS = {"en": ".", "fr": ","}
# Heading on the page to the columns of the CSV whose numbers its cells hold.
ON_PAGE = {
    "%": ["estimate"], "95% CI": ["ci_low", "ci_high"], "Base (n)": ["n"],
    "Design effect": ["deff"], "Effective n": ["n_eff"], "p (adjusted)": ["p_adjusted"],
    "Gap to the rest (points)": ["difference"], "Detectable gap (points)": ["smallest_gap"],
}  # fmt: skip
IN_POINTS = {"estimate", "ci_low", "ci_high", "difference", "smallest_gap"}
GAPS = {"difference", "smallest_gap"}  # in points in Excel too
# Figure, and the rows of the CSV its words tell.
IN_WORDS = {2: "companies", 3: "associations", 6: "companies"}


@dataclass(frozen=True)
class Cell:
    """A number of the page, as text, beside its row and column in the exports."""

    text: str
    csv: pd.Series
    sheet: pd.Series
    column: str

    def check(self):
        value = self.csv[self.column]
        times = 100 if self.csv["unit"] == "share" and self.column in IN_POINTS else 1
        written = self.sheet[tr(HEADINGS[self.column])]
        if self.text == "":
            assert pd.isna(value) or self.column == "p_adjusted"
            assert re.fullmatch(r"\[[cuxz]\]", str(written)) or pd.notna(value)
            return
        assert written == pytest.approx(value * (times if self.column in GAPS else 1), rel=1e-14)
        if self.text.startswith("<"):
            assert value < read_number(self.text[1:])
            return
        decimals = find_decimals(self.text)
        assert abs(read_number(self.text) - times * value) <= 0.5 * 10**-decimals + 1e-9


def find_decimals(text: str) -> int:
    """Digits after the decimal mark of the language in use."""
    return len(text.partition(MARKS[get_language()])[2])


def read_number(text: str) -> float:
    mark = MARKS[get_language()]
    return float(re.sub(rf"[^\d{mark}+-]", "", text).replace(mark, "."))


@pytest.fixture(scope="module", params=["en", "fr"])
def study(request, tmp_path_factory, checkout):
    """The page and the exports of the map of the demonstration, in each language it speaks."""
    root = tmp_path_factory.mktemp("collection")
    for name in ("data", "shapefiles", "notebooks", "CITATION.cff"):
        (root / name).symlink_to(checkout / name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STUDIES_HOME", str(root))
        runs = plan_runs(["01"], waves=["demo"], root=root)
        chosen = [run for run in runs if (run.lang or SOURCE) == request.param]
        if not chosen:
            pytest.skip(f"the notebook does not speak {request.param}")
        assert write_pages(chosen, root=root).failures == []
    (run,) = chosen
    page = (root / "reports" / run.page).read_text(encoding="utf-8")
    with use_language(request.param):
        csv, sheets = read_exports(root / "reports" / name_folder(run))
        yield BeautifulSoup(page, "html.parser"), csv, sheets


def list_cells(page, csv, sheets) -> list[Cell]:
    cells = []
    tables = {}
    for table in page.select("table"):
        caption = table.find("caption")
        tables[caption.find(string=True).strip() if caption else ""] = table
    for number, rows in csv.groupby("table"):
        table = tables[rows["table_title"].iloc[0]]
        heads = [cell.get_text(strip=True) for cell in table.select("thead tr:last-child > *")]
        body = [row.find_all(["th", "td"]) for row in table.select("tbody tr")]
        if len(body) != len(rows):
            continue  # a split table: a row holds several numbers
        for place, (_, row) in enumerate(rows.iterrows()):
            for heading, columns in ON_PAGE.items():
                if tr(heading) not in heads:
                    continue
                text = body[place][heads.index(tr(heading))].get_text(strip=True)
                texts = text.split("–") if len(columns) == 2 and text else [text] * len(columns)
                cells += [
                    Cell(one, row, sheets[number].iloc[place], column)
                    for one, column in zip(texts, columns, strict=True)
                ]
    return cells


def test_cells_drawn_at_random_hold_the_same_number(study):
    cells = list_cells(*study)
    assert len(cells) >= DRAWN
    assert {cell.column for cell in cells} == {name for names in ON_PAGE.values() for name in names}
    for cell in random.Random(6).sample(cells, DRAWN):
        cell.check()


def test_each_number_with_an_id_is_the_one_of_its_row(study):
    page, csv, _ = study
    rows = csv.drop_duplicates("id").set_index("id")
    numbers = page.select("table data")
    assert len(numbers) > 50
    for number in numbers:
        row = rows.loc[number["value"]]
        value = SCALES[row["unit"]].factor * row["estimate"]
        decimals = find_decimals(number.get_text())
        assert abs(read_number(number.get_text()) - value) <= 0.5 * 10**-decimals + 1e-9


def test_words_of_the_figures_hold_the_same_numbers(study):
    page, csv, _ = study
    figures = page.select("figure:has(img)")
    for number, survey in IN_WORDS.items():
        figure = figures[number - 1]
        described = figure.select_one("figcaption p")
        words = described.get_text() if described else figure.img["alt"]
        own = csv[
            (csv["survey"] == survey) & (csv["question"] == "has_partnership")
            & (csv["answer"] == "yes") & (csv["domain_variable"] == "region")
            & csv["estimate"].notna()
        ].drop_duplicates("id")  # fmt: skip
        assert len(own) >= 10
        for row in own.itertuples():
            assert f"{row.domain_label} {write_percent(row.estimate)}" in words
