"""The engine as papermill's own command finds it."""

import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from helpers.run.engine import ForkedEngine
from helpers.run.lazy_engine import forked


def test_stands_for_the_engine():
    assert forked.execute_managed_notebook == ForkedEngine.execute_managed_notebook
    with pytest.raises(AttributeError):
        forked.none_such  # noqa: B018


@pytest.mark.parametrize(
    "order", ["papermill, helpers.run.engine", "helpers.run.engine, papermill"]
)
def test_either_may_be_imported_first(order):
    code = (
        f"import {order}\nfrom papermill.engines import papermill_engines as known\n"
        "print(known.get_engine('forked').execute_managed_notebook.__module__)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("helpers.run.engine\n", "")


def test_command_of_papermill(tmp_path):
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cell = new_code_cell("import sys; print('geopandas' in sys.modules)")
    nbformat.write(
        new_notebook(cells=[cell], metadata={"kernelspec": kernel}), tmp_path / "a.ipynb"
    )
    command = [sys.executable, "-m", "papermill", "--engine", "forked", "a.ipynb", "b.ipynb"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (printed,) = nbformat.read(tmp_path / "b.ipynb", as_version=4).cells[0].outputs
    assert printed.text == "True\n"  # forked from a process that had it
