"""A filled entry template passes the intake: labels of either language, or codes."""

import csv
from itertools import cycle

import pandas as pd
import pytest
from openpyxl import load_workbook

from helpers.data.catalog import list_surveys
from helpers.data.codebook import read_codebook
from helpers.data.root import find_root
from helpers.run.entry import list_entry_columns, write_csv_template, write_workbook_template
from helpers.run.intake import propose, take_in

SURVEYS = list_surveys(root=find_root())
ROWS = 24


def fill(codebook, write_answer):
    """Rows as a person fills them, and the codes they must become."""
    written, expected = [], []
    for row in range(ROWS):
        cells = {"respondent": f"person-{row}", "weight": 0.5 + row % 3}
        codes = dict(cells)
        for place, (name, (variable, answer)) in enumerate(list_entry_columns(codebook).items()):
            if variable is None:
                continue
            kind = getattr(variable, "type", "single")
            if not is_asked(variable, codebook, codes):
                cells[name], codes[name] = None, None
            elif kind == "single":
                chosen = variable.answers[row % len(variable.answers)]
                cells[name], codes[name] = write_answer(chosen), chosen.code
            elif kind == "multiple":
                cells[name] = (row + place) % 2
                codes[name] = bool(cells[name])
            elif kind == "ranking":
                order = variable.answer_ids.index(answer)
                cells[name] = codes[name] = (row + order) % len(variable.answers) + 1
            else:
                cells[name] = codes[name] = (row * 3 + place) % 11
        written.append(cells)
        expected.append(codes)
    return written, pd.DataFrame(expected)


def is_asked(variable, codebook, codes):
    routing = getattr(variable, "asked_if", None)
    if not routing:
        return True
    parent = codebook.variable(routing.question)
    accepted = [answer.code for answer in parent.answers if answer.id in routing.answers]
    return codes[parent.id] in accepted


def take(path, codebook, collection):
    draft = propose(path, codebook.survey, "2099", root=collection.root)
    assert [match.variable for match in draft.proposal.matches if match.entry is None] == []
    take_in(path, codebook.survey, "2099", draft.path, root=collection.root)
    folder = collection.path(f"data/surveys/{codebook.survey}/2099")
    return pd.read_parquet(folder / "responses.parquet")


def check(found, expected):
    assert found["respondent"].tolist() == expected["respondent"].tolist()
    assert sorted(found) == sorted(expected)
    for name in expected:
        ours = found[name].astype(object).where(found[name].notna(), None).tolist()
        assert ours == expected[name].astype(object).where(expected[name].notna(), None).tolist()


@pytest.mark.parametrize("survey", SURVEYS)
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_workbook_filled_from_its_lists(survey, lang, tmp_path, collection):
    codebook = read_codebook(survey)
    path = write_workbook_template(codebook, tmp_path / "entry.xlsx", lang=lang)
    rows, expected = fill(codebook, lambda answer: getattr(answer.label, lang))
    book = load_workbook(path)
    for cells in rows:
        book["responses"].append(list(cells.values()))
    book.save(path)
    check(take(path, codebook, collection), expected)


@pytest.mark.parametrize("survey", SURVEYS)
def test_workbook_filled_with_labels_of_both_languages_and_codes(survey, tmp_path, collection):
    codebook = read_codebook(survey)
    path = write_workbook_template(codebook, tmp_path / "entry.xlsx")
    ways = cycle([lambda answer: answer.label.fr, lambda answer: answer.code,
                  lambda answer: answer.label.en])  # fmt: skip
    rows, expected = fill(codebook, lambda answer: next(ways)(answer))
    book = load_workbook(path)
    for cells in rows:
        book["responses"].append(list(cells.values()))
    book.save(path)
    check(take(path, codebook, collection), expected)


@pytest.mark.parametrize("survey", SURVEYS)
def test_csv_filled_in_a_french_excel(survey, tmp_path, collection):
    """Semicolons, decimal commas, and the byte order mark kept, as a French Excel saves."""
    codebook = read_codebook(survey)
    path = write_csv_template(codebook, tmp_path / "entry.csv")
    rows, expected = fill(codebook, lambda answer: answer.label.fr)
    with path.open("a", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        for cells in rows:
            texts = ["" if value is None else str(value) for value in cells.values()]
            texts[1] = texts[1].replace(".", ",")
            writer.writerow(texts)
    check(take(path, codebook, collection), expected)
