"""Empty entry templates of a survey: a workbook with drop-down lists, and a CSV file."""

import csv
import io
import os
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from helpers.data.codebook import Codebook, Question, Variable
from helpers.run.pages import write_page

ROWS = 5000  # rows of the workbook with drop-down lists
_TEXT = "@"  # number format: codes keep their leading zeros
_WORDS = {
    "en": {
        "notes": "read me",
        "lines": [
            "Entry template: {title}.",
            "Sheet 'responses': one respondent per row, below the names of the columns.",
            "Choose an answer from the list of the cell, or write its label (English or French) "
            "or its code; the sheet 'codes' has them all. Leave a cell empty if there is no "
            "answer.",
            "Questions with several answers: 1 if chosen, 0 if not. Rankings: 1 for the first. "
            "Scores: 0 to 10.",
            "respondent: any id without a name in it, each once. weight: a number above 0; delete "
            "the column if there are no weights.",
            "Then: {command}",
        ],
        "header": ["column", "question", "answer", "code", "English", "French"],
    },
    "fr": {
        "notes": "lisez-moi",
        "lines": [
            "Grille de saisie : {title}.",
            "Feuille « responses » : un répondant par ligne, sous les noms des colonnes.",
            "Choisissez une réponse dans la liste de la cellule, ou écrivez son libellé (français "
            "ou anglais) ou son code ; la feuille « codes » les donne tous. Laissez la cellule "
            "vide s'il n'y a pas de réponse.",
            "Questions à plusieurs réponses : 1 si choisie, 0 sinon. Classements : 1 pour le "
            "premier. Notes : 0 à 10.",
            "respondent : un identifiant sans nom, chacun une fois. weight : un nombre supérieur "
            "à 0 ; supprimez la colonne s'il n'y a pas de poids.",
            "Ensuite : {command}",
        ],
        "header": ["colonne", "question", "réponse", "code", "anglais", "français"],
    },
}


def list_entry_columns(codebook: Codebook) -> dict[str, tuple[Variable | None, str]]:
    """Columns of an entry template, in order.

    Parameters
    ----------
    codebook : Codebook

    Returns
    -------
    dict
        Name of the column, as `responses.parquet` has it, to the question or domain variable
        (None for the id and the weight) and the answer it stands for ("" if it holds any).
    """
    columns: dict[str, tuple[Variable | None, str]] = {
        "respondent": (None, ""), "weight": (None, ""),
    }  # fmt: skip
    for variable in [*codebook.domains, *codebook.questions]:
        if not isinstance(variable, Question) or variable.type == "single":
            if not getattr(variable, "recode", None):
                columns[variable.id] = (variable, "")
        elif not variable.recode:
            pairs = zip(variable.columns, variable.answer_ids, strict=True)
            columns |= {column: (variable, answer) for column, answer in pairs}
    return columns


def write_csv_template(codebook: Codebook, path: Path) -> Path:
    """Write the names of the columns as CSV that a French Excel opens rightly.

    Parameters
    ----------
    codebook : Codebook
    path : pathlib.Path

    Returns
    -------
    pathlib.Path
        UTF-8 with a byte order mark, semicolons.
    """
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=";", lineterminator="\n").writerow(list_entry_columns(codebook))
    return write_page(f"\ufeff{stream.getvalue()}", path)


def write_workbook_template(codebook: Codebook, path: Path, *, lang: str = "en") -> Path:
    """Write an empty workbook: sheets for entry, for codes and to read first.

    Parameters
    ----------
    codebook : Codebook
    path : pathlib.Path
        The file, ending in ``.xlsx``; written whole or not at all.
    lang : {"en", "fr"}
        Language of the drop-down lists and of the explanation.

    Returns
    -------
    pathlib.Path
    """
    words = _WORDS[lang]
    book = Workbook()
    entry = book.active
    entry.title = "responses"
    codes = book.create_sheet("codes")
    notes = book.create_sheet(words["notes"])
    columns = list_entry_columns(codebook)
    places = _fill_codes(codes, codebook, words["header"])
    for number, (name, (variable, answer)) in enumerate(columns.items(), 1):
        letter = get_column_letter(number)
        _write(entry.cell(1, number), name).font = Font(bold=True)
        entry.column_dimensions[letter].width = max(14, min(len(name) + 2, 40))
        if variable is None or not isinstance(variable, Question):
            entry.column_dimensions[letter].number_format = _TEXT if name != "weight" else "General"
        _validate(entry, letter, _rule(name, variable, places, lang), variable, answer, lang)
    entry.freeze_panes = "A2"
    command = f"studies intake FILE --survey {codebook.survey} --wave 2027"
    for row, line in enumerate(words["lines"], 1):
        text = line.format(title=getattr(codebook.title, lang), command=command)
        _write(notes.cell(row, 1), text).alignment = Alignment(wrap_text=True, vertical="top")
    notes.column_dimensions["A"].width = 100
    book.properties.title = getattr(codebook.title, lang)
    book.properties.language = lang
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    book.save(part)
    os.replace(part, path)
    return path


def _fill_codes(sheet: Worksheet, codebook: Codebook, header: list[str]) -> dict[str, tuple]:
    """Write all codes and labels; return first and last row of each variable."""
    for number, name in enumerate(header, 1):
        _write(sheet.cell(1, number), name).font = Font(bold=True)
    places, row = {}, 1
    for variable in [*codebook.domains, *codebook.questions]:
        if getattr(variable, "recode", None):
            continue
        first = row + 1
        split = getattr(variable, "type", "single") != "single"
        for answer in variable.answers:
            row += 1
            column = f"{variable.id}__{answer.id}" if split else variable.id
            values = [column, variable.id, answer.id, answer.code, answer.label.en, answer.label.fr]
            for number, value in enumerate(values, 1):
                _write(sheet.cell(row, number), value)
        places[variable.id] = (first, row)
    for letter, width in zip("ABCDEF", (40, 30, 30, 12, 50, 50), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:F{row}"
    return places


def _rule(name: str, variable: Variable | None, places: dict, lang: str) -> DataValidation | None:
    """What may be written in a column."""
    if name == "weight":
        return DataValidation("decimal", operator="greaterThan", formula1="0")
    if variable is None:
        return None
    kind = getattr(variable, "type", "single")
    if kind == "single":
        letter = {"en": "E", "fr": "F"}[lang]
        first, last = places[variable.id]
        return DataValidation("list", formula1=f"codes!${letter}${first}:${letter}${last}")
    low, high = {"multiple": (0, 1), "ranking": (1, len(variable.answers)), "score": (0, 10)}[kind]
    return DataValidation("whole", operator="between", formula1=str(low), formula2=str(high))


def _validate(sheet, letter: str, rule: DataValidation | None, variable, answer, lang) -> None:
    if rule is None:
        return
    rule.allow_blank = True
    # Labels of the other language and codes are right as well, so a list only warns.
    rule.errorStyle = "warning" if rule.type == "list" else "stop"
    rule.showErrorMessage = rule.showInputMessage = True
    if variable is not None:
        text = getattr(getattr(variable, "text", variable.label), lang)
        item = f"{variable.label_of(answer, lang)}: " if answer else ""
        rule.promptTitle = getattr(variable.label, lang)[:32]  # limits of the format
        rule.prompt = f"{item}{text}"[:255]
    sheet.add_data_validation(rule)
    rule.add(f"{letter}2:{letter}{ROWS + 1}")


def _write(cell, value):
    """Put a value in a cell; text stays text, even if it begins like a formula."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(("=", "+", "-", "@"))
    return cell
