"""The fork server is started before it is needed, only if it will be, and never left behind."""

import os
import signal
import time

import psutil
import pytest

from helpers.data.errors import InputError
from helpers.run import server
from helpers.run.engine import find_obstacle
from helpers.run.executors import LocalExecutor
from helpers.run.forkserver import ForkServer, ForkServerError
from helpers.run.plans import plan_runs
from helpers.run.runs import write_pages
from helpers.run.server import close_server, find_server, start_server

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")


@pytest.fixture
def started(monkeypatch):
    """Process ids of the servers a test starts."""
    close_server()
    pids = []

    class Noted(ForkServer):
        def __init__(self):
            super().__init__()
            pids.append(self.pid)

    monkeypatch.setattr(server, "ForkServer", Noted)
    yield pids
    close_server()


def test_started_early_and_waited_for_later(started):
    start_server()
    start_server()
    assert [find_server().pid] == started
    assert find_server() is find_server()


def test_closed_before_it_is_ready(started):
    start_server()
    began = time.monotonic()
    close_server()
    assert time.monotonic() - began < 1  # it does not import to the end first
    assert not any(map(psutil.pid_exists, started))


def test_ended_before_it_is_ready():
    one = ForkServer()
    os.kill(one.pid, signal.SIGKILL)
    with pytest.raises(ForkServerError, match="the server ended before it was ready"):
        one.wait_until_ready()


def test_another_is_started_for_one_that_ended_early(started):
    start_server()
    os.kill(started[0], signal.SIGKILL)
    psutil.wait_procs([psutil.Process(started[0])], timeout=10)
    assert find_obstacle("python3") == ""
    assert len(started) == 2


@pytest.mark.parametrize("error", [OSError("no process left"), ForkServerError("no fork")])
def test_what_keeps_it_from_starting_is_said_when_it_is_needed(started, monkeypatch, error):
    def fail():
        raise error

    monkeypatch.setattr(server, "ForkServer", fail)
    start_server()
    with pytest.raises(type(error), match=str(error)):
        find_server()


class TestRuns:
    @pytest.fixture(autouse=True)
    def study(self, collection):
        collection.write_study("01-one", "1 + 1")
        return collection

    def test_one_server(self, started):
        assert write_pages(self.plan()).written == 1
        assert len(started) == 1

    def test_none_where_all_is_current(self, started):
        write_pages(self.plan(), executor=lambda: LocalExecutor(engine="nbclient"))
        assert write_pages(self.plan()).kept == 1
        assert started == []

    def test_none_is_left_where_data_are_damaged(self, study, started):
        study.path("data/register.csv").unlink()
        with pytest.raises(InputError, match=r"register\.csv"):
            write_pages(self.plan())
        assert len(started) == 1
        assert not any(map(psutil.pid_exists, started))

    @staticmethod
    def plan():
        return plan_runs(["01"], waves=["2016"])
