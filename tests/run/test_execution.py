"""One notebook executed: what a failure says, and what stays of the machine."""

import pytest

from helpers.run.execution import StudyError, execute_run
from helpers.run.plans import Run


def make_run(collection, *cells):
    collection.write_study("01-tiny", *cells)
    return Run("01-tiny", "demo", collection.path("notebooks/01-tiny.ipynb"), {"wave": "demo"})


def test_executed_notebook_keeps_no_trace_of_the_machine(collection):
    run = make_run(collection, "wave", "import os; os.path.basename(os.getcwd())")
    before = run.path.read_bytes()
    notebook = execute_run(run)
    values = [cell.outputs[0].data["text/plain"] for cell in notebook.cells[-2:]]
    assert values == ["'demo'", "'notebooks'"]
    assert str(collection.root) not in str(notebook)
    assert "papermill" not in str(notebook.metadata)
    assert not any("papermill" in cell.metadata for cell in notebook.cells)
    assert run.path.read_bytes() == before
    assert [path.name for path in run.path.parent.iterdir()] == ["01-tiny.ipynb"]


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("x = = 1", "SyntaxError"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("import os; os._exit(1)", "Kernel died"),
    ],
)
def test_failure_names_the_study(collection, cell, words):
    with pytest.raises(StudyError) as error:
        execute_run(make_run(collection, cell))
    assert str(error.value).startswith("01-tiny (wave demo): ")
    assert words in str(error.value)
