"""YAML files that cannot be read, or do not say what they should: file, line, field."""

import pytest
from pydantic import BaseModel, ConfigDict

from helpers.data.errors import InputError
from helpers.data.yamlfile import read_model


class Leaf(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    size: int


class Tree(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: str
    leaves: list[Leaf]


GOOD = "title: oak\nleaves:\n  - name: a\n    size: 1\n  - name: b\n    size: 2\n"


@pytest.fixture
def write(tmp_path):
    def write(content):
        path = tmp_path / "survey" / "wave" / "file.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def test_good_file_is_read(write):
    assert read_model(write(GOOD), Tree).leaves[1].size == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (GOOD.replace("size: 2", "size: two"), "file.yaml: line 6: leaves.1.size: "),
        (GOOD.replace("    size: 1\n", ""), "file.yaml: line 3: leaves.0.size: Field required"),
        (GOOD + "    colour: red\n", "file.yaml: line 7: leaves.1.colour: Extra inputs"),
        (GOOD.replace("title: oak\n", ""), "file.yaml: line 1: title: Field required"),
        (GOOD + "title: elm\n", "file.yaml: line 7: not valid YAML: found duplicate key"),
        (GOOD.replace("  - name: b", "\t- name: b"), "file.yaml: line 5: not valid YAML: "),
        (GOOD.replace("title: oak", "title: [oak"), "file.yaml: line 2: not valid YAML: "),
        ("", "file.yaml: line 1: (whole file): "),
        ("- oak\n- elm\n", "file.yaml: line 1: (whole file): "),
        ("title: forêt".encode("latin-1"), "file.yaml: not UTF-8 text (byte 10)"),
    ],
)
def test_message_names_file_line_and_field(write, content, message):
    with pytest.raises(InputError) as error:
        read_model(write(content), Tree)
    assert str(error.value).startswith("survey/wave/" + message)


def test_every_problem_is_listed(write):
    with pytest.raises(InputError) as error:
        read_model(write(GOOD.replace("size: 1", "size: x").replace("size: 2", "size: y")), Tree)
    assert [line.split(": ")[1] for line in str(error.value).splitlines()] == ["line 4", "line 6"]


def test_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match="surveys/gone/codebook.yaml: no such file"):
        read_model(tmp_path / "surveys" / "gone" / "codebook.yaml", Tree)


class Oak(Tree):
    model_config = ConfigDict(frozen=True)


def test_frozen_model_of_the_same_text_is_read_once(write):
    path = write(GOOD)
    once = read_model(path, Oak)
    assert read_model(path, Oak) is once
    assert read_model(write(GOOD.replace("size: 2", "size: 3")), Oak).leaves[1].size == 3
    assert read_model(write(GOOD), Oak) is once


def test_model_that_can_be_changed_is_read_anew(write):
    path = write(GOOD)
    read_model(path, Tree).title = "elm"
    assert read_model(path, Tree).title == "oak"


def test_what_is_kept_is_checked_each_time(write):
    path = write(GOOD)
    read_model(path, Oak)
    with pytest.raises(InputError, match="file.yaml: line 5: leaves.1: too old"):
        read_model(path, Oak, check=lambda oak: [(("leaves", 1), "too old")])
    read_model(path, Oak)


def test_file_that_is_not_valid_is_never_kept(write):
    path = write(GOOD.replace("size: 2", "size: two"))
    for _ in range(2):
        with pytest.raises(InputError, match="file.yaml: line 6: leaves.1.size: "):
            read_model(path, Oak)
