"""Rows of an estimate table as cells of a spreadsheet: numbers as numbers, words for the rest."""

from dataclasses import dataclass

import pandas as pd

from helpers.data.actors import name_survey
from helpers.data.language import message, tr
from helpers.stats.disclosure import CONFIDENTIAL
from helpers.stats.suppression import SECONDARY
from helpers.view.exhibits import REST
from helpers.view.scales import SCALES
from helpers.view.tables import FIXED, find_fixed, name_mark, write_states

_TESTS = ["difference", "difference_se", "p_value", "p_adjusted", "mark", "smallest_gap",
          "base_needed"]  # fmt: skip
_GAPS = ["difference", "difference_se", "smallest_gap"]  # written in points
_ERRORS = ["se", "ci_low", "ci_high", "deff", "n_eff"]
_FORMS = {"n": "#,##0", "n_weighted": "#,##0", "n_eff": "#,##0", "base_needed": "#,##0",
          "deff": "0.00", "p_value": "0.000", "p_adjusted": "0.000"}  # fmt: skip
_UNITS = {"share": message("share of the base"), "score_10": message("mean score out of 10")}
# Columns of the sheet, in order, with their headings.
HEADINGS = {
    "wave": message("Survey and wave"),
    "question_label": message("Question"),
    "answer_label": message("Answer"),
    "domain_variable_label": message("Breakdown"),
    "domain_label": message("Group"),
    "unit": message("Unit"),
    "estimate": message("Estimate"),
    "ci_low": message("95% interval, low"),
    "ci_high": message("95% interval, high"),
    "se": message("Standard error"),
    "n": message("Base (n)"),
    "n_weighted": message("Weighted base"),
    "deff": message("Design effect"),
    "n_eff": message("Effective n"),
    "difference": message("Gap to the rest (points)"),
    "difference_se": message("Standard error of the gap (points)"),
    "p_value": message("p"),
    "p_adjusted": message("p (adjusted)"),
    "mark": message("Significance"),
    "smallest_gap": message("Detectable gap (points)"),
    "base_needed": message("Base needed to detect this gap"),
    "state": message("State"),
    "id": message("Id of the number"),
}


@dataclass(frozen=True)
class Cell:
    """What a cell holds.

    Attributes
    ----------
    value : str, int or float
    form : str
        Number format; "" for a text.
    right : bool
        Whether it stands in a column of numbers.
    """

    value: str | int | float
    form: str = ""
    right: bool = False

    @property
    def text(self) -> str:
        """About as long as what is seen."""
        return self.value if isinstance(self.value, str) else f"{self.value:,.2f}"


def list_headings(rows: pd.DataFrame) -> list[str]:
    """Headings of a table, in the language in use; as on the page, no test, no column of it."""
    headings = {name: tr(HEADINGS[name]) for name in _list_columns(rows)}
    others = [words for words in rows["gap_to"].unique() if words != tr(REST)]
    if "difference" in headings and others:
        headings["difference"] = tr("Gap (points), to: {reference}", reference="; ".join(others))
    return list(headings.values())


def write_cells(rows: pd.DataFrame) -> list[list[Cell]]:
    """Write rows of an estimate table as cells under `list_headings`.

    Parameters
    ----------
    rows : pandas.DataFrame
        As `helpers.view.exhibits` recorded them.

    Returns
    -------
    list of list of Cell
        None is empty: shorthand stands for a number that is missing.
    """
    columns = _list_columns(rows)
    fixed = find_fixed(rows) if "se" in rows else pd.Series(False, index=rows.index)
    blank = rows.assign(state=write_states(rows), fixed=fixed)
    blank.loc[fixed, [name for name in _ERRORS if name in rows]] = float("nan")
    blank.loc[fixed, "state"] = tr(FIXED)
    return [[_write_cell(row, name) for name in columns] for row in blank.to_dict("records")]


def find_shorthand(row: dict, column: str) -> str:
    """Say why a row of an estimate table has no number in a column.

    Parameters
    ----------
    row : dict
        With `fixed`: whether the design fixes the estimate.
    column : str

    Returns
    -------
    {"[c]", "[u]", "[x]", "[z]"}
        Confidential, too uncertain, not available, does not apply.
    """
    if row["reliability"] == "suppress":
        secret = any(tr(words) in row["reason"] for words in (CONFIDENTIAL, SECONDARY))
        return "[c]" if secret else "[u]"
    untested = column in _TESTS and row["mark"] == "untestable"
    fixed = column in _ERRORS and row["fixed"]
    return "[z]" if untested or fixed or row["reliability"] == "no_base" else "[x]"


def _list_columns(rows: pd.DataFrame) -> list[str]:
    tested = "mark" in rows and (rows["mark"] != "untestable").any()
    held = {*rows.columns, "state"}
    return [name for name in HEADINGS if name in held and (tested or name not in _TESTS)]


def _write_cell(row: dict, column: str) -> Cell:
    words = _write_words(row, column)
    if words is not None:
        return Cell(words)
    value = row[column]
    if pd.isna(value):
        return Cell(find_shorthand(row, column), right=True)
    share = SCALES[row["unit"]].is_share
    if column in _GAPS:
        return Cell(SCALES[row["unit"]].factor * value, "0.0" if share else "0.00", right=True)
    form = _FORMS.get(column) or ("0.0%" if share else "0.00")
    return Cell(int(value) if column == "n" else value, form, right=True)


def _write_words(row: dict, column: str) -> str | None:
    """What a column of words says; None for a column of numbers."""
    if column == "wave":
        return f"{name_survey(row['survey'])} {row['wave']}"
    if column in ("domain_variable_label", "domain_label"):
        return row[column] or tr("all respondents")
    if column == "unit":
        unit = row["unit"]
        return tr(_UNITS[unit])
    if column == "mark":
        return name_mark(row["mark"])
    if column == "state":
        return row["state"] or tr("shown")
    return row[column] if column in ("question_label", "answer_label", "id") else None
