"""The page of a codebook and its entry templates: complete, bilingual, harmless."""

import re

import pytest
from openpyxl import load_workbook

from helpers.data.catalog import list_surveys
from helpers.data.codebook import Codebook, read_codebook
from helpers.data.errors import InputError
from helpers.data.responses import build_columns
from helpers.data.root import find_root
from helpers.data.waves import read_wave_file
from helpers.run import cli
from helpers.run.codebooks import MISSING_KINDS, render_codebook, write_codebook
from helpers.run.entry import (
    ROWS,
    list_entry_columns,
    write_csv_template,
    write_workbook_template,
)

SURVEYS = list_surveys(root=find_root())
EVIL = "=cmd()|<script>alert(1)</script>"


@pytest.fixture
def evil():
    """A codebook whose labels are formulas and scripts."""
    tree = read_codebook("associations").model_dump()
    tree["title"] = {"en": EVIL, "fr": EVIL}
    for question in tree["questions"]:
        for part in (question["label"], question["text"], question["base"]):
            part |= {"en": EVIL, "fr": EVIL}
        for answer in question["answers"]:
            answer["label"] = {"en": f"{EVIL}{answer['id']}", "fr": f"{EVIL}{answer['id']}"}
    return Codebook.model_validate(tree)


def text_of(page):
    return re.sub(r"\s+", " ", page.replace("&#39;", "'").replace("&#34;", '"'))


# The page


def plain(text: str) -> str:
    """A text with the no-break spaces of French as plain ones."""
    return re.sub("[\u00a0\u202f]", " ", text)


@pytest.mark.parametrize("survey", SURVEYS)
def test_page_holds_every_wording_label_code_and_column(survey):
    codebook = read_codebook(survey)
    page = text_of(render_codebook(codebook, []))
    for variable in [*codebook.questions, *codebook.domains]:
        section = page.split(f'<section id="{variable.id}">')[1].split("</section>")[0]
        section = plain(section)
        for lang in ("en", "fr"):
            assert plain(getattr(variable.label, lang)) in section
            for answer in variable.answers:
                assert f"<td>{answer.code}</td><td><code>{answer.id}</code></td>" in section
                assert f'<td lang="{lang}">{plain(getattr(answer.label, lang))}' in section
    for question in codebook.questions:
        section = page.split(f'<section id="{question.id}">')[1].split("</section>")[0]
        assert question.text.en in section
        assert question.text.fr in section
        assert question.base.fr in section
        assert ("Wording as published" in section) == (question.wording == "published")
        assert ("Paraphrase :" in section) == (question.wording == "paraphrase")
        below = section.split("</h3>")[1]
        assert all((f"<code>{column}</code>" in below) != bool(question.recode)
                   for column in question.columns)  # fmt: skip
        assert all(question.label_of(net, "fr") in section for net in question.nets)


def test_page_says_routing_derivation_nets_and_missing_kinds():
    page = text_of(render_codebook(read_codebook("associations"), []))
    assert "Asked if has_partnership is: No." in page
    assert "Posée si has_partnership vaut : Non." in page
    assert "Computed from has_partnership, partnership_intention." in page
    assert all(f"<code>{kind}</code>" in page for kind in MISSING_KINDS)
    mayors = text_of(render_codebook(read_codebook("mayors"), []))
    assert "= yes_fully_embedded + yes_growing + slightly_emerging" in mayors


def test_page_says_which_waves_hold_a_question_and_what_they_are():
    waves = [read_wave_file("mayors", wave) for wave in ("2016", "2024", "demo")]
    page = text_of(render_codebook(read_codebook("mayors"), waves))
    section = page.split('<section id="partnerships_source_of_innovation">')[1]
    assert "</span>: 2016, demo</li>" in section.split("</section>")[0]
    assert "FICTIONAL" in page
    assert "RECONSTRUCTED" in page


def test_both_languages_are_marked():
    page = render_codebook(read_codebook("mayors"), [])
    assert '<span lang="fr">Les élus locaux' in page
    assert page.count('<div lang="fr">') == page.count('<div lang="en">') == 10


def test_page_escapes_labels_and_needs_nothing_else(evil):
    page = render_codebook(evil, [])
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert not re.search(r"src=|url\(|@import|https?://", page)
    targets = set(re.findall(r'href="#([a-z0-9_]+)"', page))
    assert targets == {*evil.question_ids, *evil.domain_ids}


# The entry templates


@pytest.mark.parametrize("survey", SURVEYS)
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_workbook_has_the_columns_of_the_responses_and_lists_of_labels(survey, lang, tmp_path):
    codebook = read_codebook(survey)
    book = load_workbook(write_workbook_template(codebook, tmp_path / "entry.xlsx", lang=lang))
    assert book.sheetnames == ["responses", "codes", {"en": "read me", "fr": "lisez-moi"}[lang]]
    entry, codes = book["responses"], book["codes"]
    header = [cell.value for cell in entry[1]]
    expected = build_columns(codebook, [*codebook.domain_ids, *codebook.question_ids])
    assert header == ["respondent", "weight", *expected]
    assert entry.max_row == 1
    assert not any(sheet.merged_cells.ranges for sheet in book)
    rules = {str(rule.sqref): rule for rule in entry.data_validations.dataValidation}
    assert len(rules) == len(header) - 1
    places = list_entry_columns(codebook).values()
    for cell, (variable, answer) in zip(entry[1], places, strict=True):
        if variable is None:
            continue
        rule = rules[f"{cell.column_letter}2:{cell.column_letter}{ROWS + 1}"]
        assert len(rule.prompt) <= 255
        assert len(rule.promptTitle) <= 32
        if rule.type == "list":
            place = rule.formula1.removeprefix("codes!").replace("$", "")
            listed = [row[0].value for row in codes[place]]
            assert listed == list(variable.labels(lang).values())
            assert rule.errorStyle == "warning"
        else:
            assert answer in variable.answer_ids
            top = {"multiple": "1", "score": "10"}.get(variable.type, str(len(variable.answers)))
            assert rule.formula2 == top


def test_codes_sheet_lists_each_answer_once(tmp_path):
    codebook = read_codebook("associations")
    book = load_workbook(write_workbook_template(codebook, tmp_path / "entry.xlsx"))
    rows = list(book["codes"].iter_rows(min_row=2, values_only=True))
    variables = [*codebook.domains, *[q for q in codebook.questions if not q.recode]]
    assert len(rows) == sum(len(variable.answers) for variable in variables)
    assert {row[0] for row in rows} == set(list_entry_columns(codebook)) - {"respondent", "weight"}
    assert ("has_partnership", "has_partnership", "yes", 1, "Yes", "Oui") in rows


def test_labels_that_look_like_formulas_stay_text(evil, tmp_path):
    book = load_workbook(write_workbook_template(evil, tmp_path / "entry.xlsx", lang="fr"))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert any(str(cell.value).startswith("=cmd()") for cell in cells)
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert all(cell.quotePrefix for cell in cells if str(cell.value).startswith("="))


def test_csv_opens_in_a_french_excel(tmp_path):
    codebook = read_codebook("mayors")
    path = write_csv_template(codebook, tmp_path / "entry.csv")
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfrespondent;weight;region;")
    assert raw.decode("utf-8-sig").strip().split(";") == list(list_entry_columns(codebook))


def test_templates_are_written_whole(tmp_path, monkeypatch):
    path = tmp_path / "entry.xlsx"
    codebook = read_codebook("mayors")
    write_workbook_template(codebook, path)
    before = path.read_bytes()
    monkeypatch.setattr("os.replace", lambda *paths: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        write_workbook_template(codebook, path)
    assert path.read_bytes() == before


# The command


def test_command_writes_page_and_templates(collection, capsys):
    cli.app(["codebook", "mayors"], standalone_mode=False)
    assert collection.list_reports() == [
        "codebook/mayors-entry-en.xlsx", "codebook/mayors-entry-fr.xlsx",
        "codebook/mayors-entry.csv", "codebook/mayors.html", "index.fr.html", "index.html",
    ]  # fmt: skip
    page = collection.path("reports/codebook/mayors.html").read_text(encoding="utf-8")
    assert 'href="mayors-entry-fr.xlsx"' in page
    assert "reports/codebook/mayors.html" in capsys.readouterr().out


def test_unknown_surveys_are_refused(collection):
    with pytest.raises(InputError, match="mayor.*valid are.*mayors"):
        write_codebook("mayor")
    assert collection.list_reports() == []
