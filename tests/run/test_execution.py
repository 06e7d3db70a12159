"""One notebook executed: what a failure says, and what stays of the machine."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from helpers.run.execution import StudyError, _read_warnings, execute_run
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


@pytest.mark.parametrize("parameters", [{}, {"wave": "demo"}])
def test_failing_cell_is_counted_in_the_notebook_of_the_user(collection, parameters):
    collection.write_study("01-tiny", "x = 1", "1 / 0")  # title, parameters, then these
    run = Run("01-tiny", "demo", collection.path("notebooks/01-tiny.ipynb"), parameters)
    with pytest.raises(StudyError, match="cell 4 failed: ZeroDivisionError"):
        execute_run(run)


MEETING = """\
import json, os, pathlib, time
from ipykernel.connect import get_connection_info
pathlib.Path(f"{wave}.here").touch()
end = time.monotonic() + 60
while len(list(pathlib.Path().glob("*.here"))) < 3 and time.monotonic() < end:
    time.sleep(0.05)
info = get_connection_info(unpack=True)
print(json.dumps([wave, len(list(pathlib.Path().glob("*.here"))), info["ip"], info["shell_port"]]))
"""


def test_runs_at_once_in_one_folder_share_no_socket(collection):
    """Each waits in its cell until the three have met, so all sockets are open together."""
    collection.write_study("01-tiny", MEETING)
    path = collection.path("notebooks/01-tiny.ipynb")
    runs = [Run("01-tiny", name, path, {"wave": name}) for name in ("one", "two", "three")]
    with ThreadPoolExecutor(3) as pool:
        notebooks = list(pool.map(execute_run, runs))
    found = [json.loads(notebook.cells[-1].outputs[0].text) for notebook in notebooks]
    assert [(wave, met) for wave, met, *_ in found] == [("one", 3), ("two", 3), ("three", 3)]
    assert len({tuple(socket) for _, _, *socket in found}) == 3
    assert sorted(file.name for file in path.parent.iterdir()) == [
        "01-tiny.ipynb", "one.here", "three.here", "two.here"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("/scratch/ipykernel_12/345.py:3: UserWarning: careful", "cell:3: UserWarning: careful"),
        ("/home/someone/lib/pandas/core.py:10: Note", "core.py:10: Note"),
        ("see 'C:\\Users\\someone\\core.py' now", "see 'core.py' now"),
        ("see https://pandas.pydata.org/docs/x.html", "see https://pandas.pydata.org/docs/x.html"),
        ("1/2 and/or/not", "1/2 and/or/not"),
    ],
)
def test_warnings_keep_no_path(text, kept):
    output = new_output("stream", name="stderr", text=text)
    assert _read_warnings(new_notebook(cells=[new_code_cell(outputs=[output])])) == [kept]
