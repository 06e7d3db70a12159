"""Catalogues: every message a page can show has its translation."""

import ast
import json

import pytest

from helpers.run import messages
from helpers.run.messages import KEYWORDS, collect_messages, find_gaps, update_catalogues


def write_notebook(path, code, *, lang=True):
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": "# A title\n\nTwo lines."},
        {"cell_type": "code", "metadata": {"tags": ["parameters"]},
         "source": 'lang = "en"' if lang else "wave = 1"},
        {"cell_type": "code", "metadata": {}, "source": code},
    ]  # fmt: skip
    path.parent.mkdir(exist_ok=True)
    file = {"cells": cells, "metadata": {"study": {"question": "Why?"}}, "nbformat": 4}
    path.write_text(json.dumps(file), encoding="utf-8")


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A collection of one notebook, no module."""
    (tmp_path / "package" / "locale").mkdir(parents=True)
    monkeypatch.setattr(messages, "CATALOGUES", tmp_path / "package" / "locale")
    monkeypatch.setattr(messages, "COLUMNS", {})
    monkeypatch.setattr(
        messages, "find_catalogues",
        lambda lang: sorted((tmp_path / "notebooks" / "locale" / lang).glob("*.po")),
    )  # fmt: skip
    write_notebook(
        tmp_path / "notebooks" / "01-small.ipynb",
        'tr("One {x}", x=1)\nntr("{count} row", "{count} rows", n)\nA = message("kept")\ntr(A)',
    )
    return tmp_path


def translate(root, pairs):
    path = root / "notebooks" / "locale" / "fr" / "01-small.po"
    text = path.read_text(encoding="utf-8")
    for english, french in pairs.items():
        before = f'msgid "{english}"\nmsgstr ""'
        assert before in text
        text = text.replace(before, f'msgid "{english}"\nmsgstr "{french}"')
    forms = ("ligne", "lignes")
    for place, form in enumerate(forms):
        text = text.replace(f'msgstr[{place}] ""', f'msgstr[{place}] "{{count}} {form}"')
    path.write_text(text, encoding="utf-8")


ALL = {"A title": "Un titre", "Why?": "Pourquoi ?", "One {x}": "Un {x}", "kept": "gardé"}


def test_templates_of_the_same_name_have_a_catalogue_each(small):
    for folder, word in (("templates", "Gallery"), ("templates/study", "Code")):
        path = small / "package" / "run" / folder / "index.html.j2"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{{{{ tr('{word}') }}}}", encoding="utf-8")
    assert {"Gallery", "Code"} <= {text for own in collect_messages(small).values() for text in own}


def test_collects_title_question_cells_and_code(small):
    [found] = collect_messages(small).values()
    assert found == [
        "A title", "Why?", "# A title\n\nTwo lines.", "One {x}", ("{count} row", "{count} rows"),
        "kept",
    ]  # fmt: skip


def test_notebook_in_one_language_has_no_catalogue(small):
    write_notebook(small / "notebooks" / "01-small.ipynb", 'tr("One")', lang=False)
    assert collect_messages(small) == {}


def test_a_module_and_a_data_file_of_one_name_share_a_catalogue(small, monkeypatch):
    for folder in (small / "data", small / "package" / "data"):
        folder.mkdir()
    (small / "package" / "data" / "register.py").write_text('tr("producer")', encoding="utf-8")
    (small / "data" / "register.csv").write_text("kind\nframe\n", encoding="utf-8")
    monkeypatch.setattr(messages, "COLUMNS", {"data/register.csv": ["kind"]})
    found = {path.name: own for path, own in collect_messages(small).items()}
    assert found["register.po"] == ["producer", "frame"]


def test_new_messages_come_in_empty_and_keep_their_translation(small):
    [path] = update_catalogues(small)
    assert sum("no translation" in gap for gap in find_gaps(small)) == 6
    translate(small, ALL)
    assert [gap for gap in find_gaps(small) if "Two lines" not in gap] == []
    assert update_catalogues(small) == []
    assert "Un titre" in path.read_text(encoding="utf-8")


def test_unused_messages_go_out(small):
    [path] = update_catalogues(small)
    write_notebook(small / "notebooks" / "01-small.ipynb", 'tr("Other")')
    gaps = find_gaps(small)
    assert any("not in the catalogue: 'Other'" in gap for gap in gaps)
    assert any("no longer used: 'One {x}'" in gap for gap in gaps)
    update_catalogues(small)
    text = path.read_text(encoding="utf-8")
    assert "Other" in text
    assert "One {x}" not in text


def test_places_must_be_the_same(small):
    update_catalogues(small)
    translate(small, ALL | {"One {x}": "Un {y}"})
    assert any("other places than the message: 'One {x}'" in gap for gap in find_gaps(small))


def test_no_message_is_hidden_in_an_f_string(checkout):
    """The extraction does not look into f-strings: such a message would stay English."""
    for path in (checkout / "src" / "helpers").rglob("*.py"):
        found = [
            ast.unparse(part) for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.JoinedStr) for part in ast.walk(node)
            if isinstance(part, ast.Call) and getattr(part.func, "id", "") in KEYWORDS
            and isinstance(part.args[0], ast.Constant)
        ]  # fmt: skip
        assert found == [], path.name


def test_the_collection_is_translated():
    assert find_gaps() == []
