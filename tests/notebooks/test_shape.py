"""The shape every study notebook has, and a README gallery that matches them."""

import re

import nbformat
import pytest

from helpers.data.catalog import list_studies, read_studies
from helpers.data.root import find_root
from helpers.run.gallery import build_gallery
from helpers.run.parameters import read_parameters

PATHS = sorted((find_root() / "notebooks").glob("*.ipynb"))
STUDIES = [path for path in PATHS if not path.name.startswith("00")]
SECTIONS = [
    "Parameters",
    "Setup",
    "In short",
    "Data",
    "The measure",
    "Uncertainty",
    "Explore",
    "Limits and provenance",
]


def read(path):
    return nbformat.read(path, as_version=4)


def code_cells(path):
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def headings(path):
    text = "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
    return re.findall(r"^## (.+)$", text, re.MULTILINE)


notebooks = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
studies = pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.stem)


@notebooks
def test_one_title_and_it_is_the_first_line(path):
    cells = read(path).cells
    assert cells[0].source.startswith("# ")
    titles = [c for c in cells if c.cell_type == "markdown" and re.search(r"^# ", c.source, re.M)]
    assert len(titles) == 1


@notebooks
def test_one_parameters_cell_of_plain_literals_with_comments(path):
    tagged = [cell for cell in code_cells(path) if "parameters" in cell.metadata.get("tags", [])]
    assert len(tagged) == 1
    for line in tagged[0].source.splitlines():
        assert re.fullmatch(r"\w+ = (\".*?\"|[\d._]+|True|False|\[[\d., ]+\])  # .{10,}", line), (
            line
        )
        assert line.count("=") == 1, f"papermill would warn of this line: {line}"


@notebooks
def test_every_parameter_is_read_by_a_later_cell(path):
    (study,) = [study for study in list_studies() if study.path == path]
    assert [name for name, known in read_parameters(study).items() if not known.read] == []


@studies
def test_sections_are_there_in_order(path):
    found = headings(path)
    assert [name for name in found if name in SECTIONS] == SECTIONS
    assert found[-1] in ("Ledger", "Check")


@notebooks
def test_execution_counts_rise_from_one(path):
    counts = [cell.execution_count for cell in code_cells(path)]
    assert counts == list(range(1, len(counts) + 1))


@notebooks
def test_no_error_no_warning_no_empty_cell(path):
    for cell in read(path).cells:
        assert cell.source.strip()
        for output in cell.get("outputs", []):
            assert output.output_type != "error"
            assert output.get("name") != "stderr"


@notebooks
def test_code_is_glue(path):
    for cell in code_cells(path):
        assert not re.search(r"^\s*(def|class) ", cell.source, re.MULTILINE)
        assert len(cell.source.splitlines()) <= 25


@notebooks
def test_no_path_of_a_machine(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"(?<![\w/.])/(home|Users|root|tmp|work|var)/\w|[A-Z]:\\\\Users", text)


@notebooks
def test_every_figure_has_a_text_for_those_who_cannot_see_it(path):
    pictures = [
        output
        for cell in code_cells(path)
        for output in cell.outputs
        if "image/png" in output.get("data", {})
    ]
    assert all(len(p.metadata["image/png"]["alt"]) > 20 for p in pictures)
    assert pictures or path.name.startswith("00")


@notebooks
def test_widgets_stay_in_the_notebook(path):
    for cell in code_cells(path):
        if "explore.build" in cell.source:
            assert {"notebook-only", "nbval-ignore-output"} <= set(cell.metadata.tags)


@notebooks
def test_no_number_of_a_survey_is_typed_into_the_prose(path):
    for cell in read(path).cells:
        if cell.cell_type == "markdown":
            # 100% and the level of an interval are no results.
            text = re.sub(r"\b(100|95|94–96|5)%", "", cell.source)
            assert not re.search(r"\d ?%(?! of)", text), cell.source


def test_readme_gallery_matches_the_notebooks():
    readme = (find_root() / "README.md").read_text(encoding="utf-8")
    assert build_gallery(read_studies()) in readme, "run `make notebooks` to update the gallery"
