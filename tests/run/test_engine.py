"""Forked kernels: the same results as cold ones, and nothing left behind."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import nbformat
import papermill
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from papermill.engines import papermill_engines

from helpers.run import engine
from helpers.run.engine import ForkedEngine, ForkedKernelManager, find_obstacle
from helpers.run.server import NAME, close_server, find_server

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")

FEATURES = {
    "prints": "print('one'); print('two')",
    "standard error": "import sys; print('bad', file=sys.stderr)",
    "last value": "1 + 1",
    "last value silenced": "1 + 1;",
    "earlier output": "_",
    "frame": "import pandas as pd\npd.DataFrame({f'column {n}': range(3) for n in range(9)})",
    "frame as text": "print(pd.DataFrame({f'column {n}': range(3) for n in range(9)}))",
    "options of pandas": "pd.reset_option('display.max_columns')\npd.get_option('display.max_columns')",
    "table": "from great_tables import GT\nGT(pd.DataFrame({'a': [1]}), id='one')",
    "plot": "import matplotlib.pyplot as plt\nfig, ax = plt.subplots(); ax.plot([1, 3, 2])",
    "plot silenced": "plt.plot([1, 3, 2]);",
    "plot shown": "plt.bar([1, 2], [3, 4]); plt.show()",
    "two plots": "for n in (1, 2):\n    plt.figure(); plt.plot([n, 1])",
    "seaborn": "import seaborn as sns\nsns.barplot(x=['a', 'b'], y=[1, 2]);",
    "geopandas": "import geopandas as gpd\nfrom shapely.geometry import box\ngpd.GeoSeries([box(0, 0, 1, 1)]).plot();",
    "backend": "import matplotlib; matplotlib.get_backend()",
    "html": "from IPython.display import HTML, Markdown, display\nHTML('<b>one</b>')",
    "many displays": "display(HTML('a')); display(Markdown('*b*')); 3",
    "updated display": "shown = display('before', display_id='x'); shown.update('after')",
    "cleared output": "from IPython.display import clear_output\nprint('gone'); clear_output(); print('kept')",
    "shell": "!echo from the shell",
    "subprocess": "import os; os.system('echo from a process')",
    "magic": "%matplotlib inline\n%pwd",
    "cell magic": "%%html\n<i>two</i>",
    "await": "import asyncio\nawait asyncio.sleep(0, 'awaited')",
    "thread": "import threading\nt = threading.Thread(target=print, args=('threaded',)); t.start(); t.join()",
    "seeded chance": "import numpy as np, random\nnp.random.seed(1); random.seed(1); (np.random.rand(), random.random())",
    "warning": "import warnings; warnings.warn('careful')",
    "logging": "import logging; logging.warning('logged')",
    "widget": "import ipywidgets\nipywidgets.IntSlider(value=3)",
    "arguments": "sys.argv[0].rpartition('/')[2], sys.path[:2], os.getcwd() == os.path.realpath('.')",
    "environment": "sorted(name for name in os.environ if name.startswith(('MPL', 'JPY', 'OMP', 'OPENB')))",
    "processes": "from concurrent.futures import ThreadPoolExecutor\nlist(ThreadPoolExecutor(2).map(abs, [-1, -2]))",
    "error": "1 / 0",
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def registered():
    papermill_engines.register(NAME, ForkedEngine)
    yield
    close_server()


def execute(cells, folder, name, **options):
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells],
                            metadata={"kernelspec": kernel})  # fmt: skip
    source = folder / "source.ipynb"
    nbformat.write(notebook, source)
    return papermill.execute_notebook(
        str(source), str(folder / f"{name}.ipynb"), engine_name=name, progress_bar=False,
        cwd=str(folder), **options,
    )  # fmt: skip


def sanitise(outputs):
    text = repr([{**output, "execution_count": None} for output in outputs])
    text = re.sub(r"0x[0-9a-f]+|ipykernel_\d+/\d+|[0-9a-f]{32}|line \d+", "*", text)
    return re.sub(r"'--f=[^']*'|/tmp/[^ ',)]*", "*", text)


def test_features_are_those_of_a_cold_kernel(tmp_path):
    tagged = list(FEATURES.values())
    found = {}
    for name in (NAME, "nbclient"):
        cells = tagged[:-1]
        found[name] = execute(cells, tmp_path, name)
    pairs = zip(found[NAME].cells, found["nbclient"].cells, strict=True)
    differing = [
        feature
        for feature, (forked, cold) in zip(list(FEATURES)[:-1], pairs, strict=True)
        if sanitise(forked.outputs) != sanitise(cold.outputs)
    ]
    assert differing == []
    assert len(found[NAME].cells) >= 30


def test_errors_are_those_of_a_cold_kernel(tmp_path):
    said = []
    for name in (NAME, "nbclient"):
        with pytest.raises(papermill.exceptions.PapermillExecutionError) as error:
            execute([FEATURES["error"]], tmp_path, name)
        said.append((error.value.ename, error.value.evalue, error.value.source))
    assert said[0] == said[1] == ("ZeroDivisionError", "division by zero", "1 / 0")


def test_chance_is_not_that_of_the_server(tmp_path):
    code = "import numpy as np, random\nprint(np.random.rand(), random.random())"
    texts = {execute([code], tmp_path, NAME).cells[0].outputs[0].text for _ in range(2)}
    assert len(texts) == 2


def test_kernels_end_with_the_notebook(tmp_path):
    execute(["1"], tmp_path, NAME)
    deadline = time.monotonic() + 10
    while psutil.Process(find_server().pid).children() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert psutil.Process(find_server().pid).children() == []


def test_kernel_is_killed_without_an_interrupt_it_would_report(tmp_path, monkeypatch):
    sent, send = [], os.killpg

    def note(pgid, number):
        sent.append(number)
        if number != signal.SIGINT:
            send(pgid, number)

    async def use():
        manager = ForkedKernelManager(kernel_name="python3")
        await manager.start_kernel()
        await manager.interrupt_kernel()
        await manager.shutdown_kernel(now=True)

    monkeypatch.setattr(os, "killpg", note)
    with ThreadPoolExecutor(1) as thread:  # this one may hold the loop of a browser test
        thread.submit(asyncio.run, use()).result()
    assert sent == [signal.SIGINT, signal.SIGKILL]  # an interrupt that was asked for is sent
    execute(["1"], tmp_path, NAME)
    assert sent[2:] == [signal.SIGKILL]


def test_killed_caller_leaves_no_process(tmp_path):
    code = (
        "from helpers.run.server import find_server\nimport os, sys, time\n"
        "server = find_server()\n"
        "pid = server.fork(['-f', sys.argv[1]], env=dict(os.environ), cwd='.')\n"
        "print(server.pid, pid, flush=True)\ntime.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "kernel.json")],
                          stdout=subprocess.PIPE, text=True) as caller:  # fmt: skip
        pids = [int(word) for word in caller.stdout.readline().split()]
        assert all(psutil.pid_exists(pid) for pid in pids)
        os.kill(caller.pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while any(map(psutil.pid_exists, pids)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(psutil.pid_exists, pids))


def test_server_that_was_killed_is_started_again(tmp_path):
    old = find_server().pid
    os.kill(old, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while find_server().pid == old and time.monotonic() < deadline:
        time.sleep(0.05)
    assert execute(["print('again')"], tmp_path, NAME).cells[0].outputs[0].text == "again\n"


def test_plain_kernel_where_none_can_be_forked(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(engine, "find_obstacle", lambda name: "this system cannot fork processes")
    assert execute(["print('plain')"], tmp_path, NAME).cells[0].outputs[0].text == "plain\n"
    said = capsys.readouterr().err
    assert "Forked kernels cannot be used: this system cannot fork processes; a plain" in said


def test_obstacles(monkeypatch):
    assert find_obstacle("python3") == ""
    monkeypatch.setattr(sys, "executable", "/usr/bin/other")
    assert find_obstacle("python3") == "" or "not the Python of this" in find_obstacle("python3")
