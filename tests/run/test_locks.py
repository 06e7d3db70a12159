"""One command at a time writes into a reports folder."""

import multiprocessing
import os
import signal
import time

import pytest

from helpers.data.errors import InputError
from helpers.run.locks import lock_reports


def hold(reports, ready):
    with lock_reports(reports, "run 02"):
        ready.set()
        time.sleep(60)


@pytest.fixture
def holder(tmp_path):
    """A process that holds the folder until it is killed."""
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    process = context.Process(target=hold, args=(tmp_path, ready))
    process.start()
    assert ready.wait(30)
    yield process
    process.kill()
    process.join()


def test_the_second_is_told_who_holds_it(holder, tmp_path):
    words = rf"in use by process {holder.pid} since \d{{4}}-.* UTC \(run 02\)"
    with pytest.raises(InputError, match=words), lock_reports(tmp_path, "run 03"):
        pytest.fail("two hold the folder")


def test_a_killed_holder_leaves_no_lock(holder, tmp_path):
    os.kill(holder.pid, signal.SIGKILL)
    holder.join()
    with lock_reports(tmp_path, "run 03"):
        pass


def test_the_second_waits_if_asked(tmp_path, holder):
    told = []

    def waiting(owner):
        told.append(owner)
        holder.kill()

    with lock_reports(tmp_path, "run 03", waiting=waiting):
        assert not holder.is_alive()
    assert str(holder.pid) in told[0]


def test_folder_that_is_a_file(tmp_path):
    (tmp_path / "reports").write_text("", encoding="utf-8")
    with (
        pytest.raises(InputError, match="reports: cannot be written to"),
        lock_reports(tmp_path / "reports", "run"),
    ):
        pytest.fail("locked a file")


def test_freed_after_an_error(tmp_path):
    with pytest.raises(RuntimeError), lock_reports(tmp_path, "run"):
        raise RuntimeError
    with lock_reports(tmp_path, "run"):
        pass
    assert not (tmp_path / ".owner.json").exists()
