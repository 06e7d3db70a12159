"""Where notebooks are executed: here, or on a real cluster of two workers, one of which is lost."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import psutil
import pytest

from helpers.data.errors import InputError
from helpers.run import executors
from helpers.run.executors import DaskExecutor, LocalExecutor, count_jobs
from helpers.run.plans import plan_runs
from helpers.run.runs import Listener, write_pages

# Each run notes that it began, and under which fork server, then takes its time.
NOTING = """\
import os, pathlib, time
with open("begun.txt", "a") as file:
    file.write(f"{number} {os.getppid()}\\n")
time.sleep(0.7)
number * 2
"""
PARAMETERS = 'wave = "2016"\nnumber = 1  # number: {1, 2, 3, 4, 5, 6}'


class Cluster:
    """A scheduler and its workers, each a process of its own, on the loopback."""

    def __init__(self, folder):
        self._folder, self._processes = folder, []
        self._file = folder / "scheduler.json"
        self.scheduler = self._start(
            "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
            "--scheduler-file", str(self._file),
        )  # fmt: skip
        self._wait(self._file.exists)
        self.address = json.loads(self._file.read_text())["address"]

    def add_worker(self, name, **environment):
        return self._start(
            "worker", self.address, "--name", name, "--nthreads", "1", "--no-nanny",
            "--no-dashboard", "--host", "127.0.0.1",
            "--local-directory", str(self._folder / name), environment=environment,
        )  # fmt: skip

    def close(self):
        for process in self._processes:
            process.kill()
            process.wait()

    def _start(self, *words, environment=None):
        process = subprocess.Popen(
            [sys.executable, "-m", "distributed.cli.dask_" + words[0], *words[1:]],
            env={**os.environ, **(environment or {})},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._processes.append(process)
        return process

    @staticmethod
    def _wait(condition, seconds=60):
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "the cluster does not start"
            time.sleep(0.05)


@pytest.fixture
def cluster(collection, tmp_path):
    pytest.importorskip("distributed")
    folder = tmp_path / "cluster"
    folder.mkdir()
    started = Cluster(folder)
    yield started
    started.close()


@pytest.fixture
def studies(collection):
    collection.write_study("01-noting", NOTING, parameters=PARAMETERS)
    return collection


def plan():
    return plan_runs(["01"], waves=["2016"], crossed={"number": None})


def read_begun(collection):
    path = collection.path("notebooks/begun.txt")
    return [line.split() for line in path.read_text().splitlines()] if path.exists() else []


def test_worker_killed_half_way(studies, cluster):
    workers = [cluster.add_worker(name) for name in ("one", "two")]
    servers, written = [], []

    def list_begun():
        return [number for number, server in read_begun(studies) if server in servers]

    def lose_one(run):
        """At the first page: kill a worker once it has begun a notebook."""
        written.append(str(run))
        end = time.monotonic() + 60
        while len(written) == 1 and workers[0].poll() is None and time.monotonic() < end:
            children = psutil.Process(workers[0].pid).children()
            servers[:] = [str(child.pid) for child in children]
            if list_begun():
                workers[0].kill()
                workers[0].wait()

    def connect():
        executor = DaskExecutor(cluster.address)
        executor._client.wait_for_workers(2, timeout=60)
        return executor

    result = write_pages(plan(), executor=connect, listener=Listener(finished=lose_one))
    assert workers[0].returncode == -signal.SIGKILL
    assert result.failures == []
    assert result.written == 6
    assert sorted(written) == sorted(map(str, plan()))  # nothing lost, no page twice
    for number in range(1, 7):
        page = studies.path(f"reports/2016/01-noting--number={number}.html")
        assert f">{number * 2}</pre>" in page.read_text(encoding="utf-8")
    begun = [number for number, _ in read_begun(studies)]
    assert set(begun) == set("123456")
    again = {number for number in begun if begun.count(number) > 1}
    assert again <= set(list_begun())  # only what was lost with the worker
    assert written[0][-1] not in again  # and nothing that had been written
    assert max(map(begun.count, begun)) <= 2
    end = time.monotonic() + 5
    while any(psutil.pid_exists(int(pid)) for pid in servers) and time.monotonic() < end:
        time.sleep(0.05)
    assert not any(psutil.pid_exists(int(pid)) for pid in servers)


def test_cell_that_raises_is_not_tried_again(studies, cluster):
    studies.write_study("01-noting", NOTING, "1 / 0", parameters=PARAMETERS)
    cluster.add_worker("one")
    result = write_pages(plan()[:1], executor=lambda: DaskExecutor(cluster.address))
    assert [str(failure) for failure in result.failures] == [
        "01-noting (wave 2016): cell 4 failed: ZeroDivisionError: division by zero"
    ]
    assert len(read_begun(studies)) == 1


def test_worker_whose_data_differ_is_refused(studies, cluster, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(studies.root, other, symlinks=True)
    path = other / "data" / "published" / "links.csv"
    path.write_bytes(path.read_bytes() + b"\n")
    cluster.add_worker("one", STUDIES_HOME=str(other))
    result = write_pages(plan()[:1], executor=lambda: DaskExecutor(cluster.address))
    assert [str(failure) for failure in result.failures] == [
        "01-noting 2016 number=1: a worker differs from this machine in 1 points: "
        "file data/published/links.csv changed."
    ]
    assert read_begun(studies) == []


def test_scheduler_that_goes_away(studies, cluster):
    cluster.add_worker("one")

    class Cut(DaskExecutor):
        def execute(self, runs, *, started):
            for number, outcome in enumerate(super().execute(runs, started=started)):
                if not number:
                    cluster.scheduler.kill()
                yield outcome

    result = write_pages(plan(), executor=lambda: Cut(cluster.address))
    assert result.written >= 1
    assert result.written + len(result.failures) == 6
    assert all("the cluster gave no result: " in str(failure) for failure in result.failures)


def test_scheduler_that_is_not_there(studies):
    pytest.importorskip("distributed")
    began = time.monotonic()
    with pytest.raises(InputError, match=r"^scheduler tcp://127.0.0.1:1: .*\.$") as error:
        DaskExecutor("tcp://127.0.0.1:1", timeout=2)
    assert time.monotonic() - began < 10
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("address", ["nonsense", "tcp://", "http://127.0.0.1:1"])
def test_address_that_is_none(address):
    pytest.importorskip("distributed")
    with pytest.raises(InputError, match=r"^scheduler "):
        DaskExecutor(address, timeout=2)


def test_package_that_is_not_installed(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match="the package distributed is not installed: pip install"):
        DaskExecutor("tcp://127.0.0.1:1")


def test_jobs_held_by_memory(monkeypatch):
    class Memory:
        available = executors.KERNEL_MEMORY * 3 // 2

    monkeypatch.setattr(psutil, "virtual_memory", Memory)
    assert count_jobs() == 1
    Memory.available = 0
    assert count_jobs() == 1
    Memory.available = executors.KERNEL_MEMORY * 1000
    assert count_jobs() == len(os.sched_getaffinity(0)) + 1
    with pytest.raises(InputError, match="jobs is 0; it must be 1 or more"):
        LocalExecutor(0)
