"""Runs carried out: only what is due, one command at a time, one failure alone."""

import errno
import os
import threading
import time

import pytest

from helpers.data.errors import InputError
from helpers.run import execution, writing
from helpers.run.executors import LocalExecutor
from helpers.run.locks import lock_reports
from helpers.run.manifests import find_latest
from helpers.run.pages import sweep_parts
from helpers.run.plans import plan_runs
from helpers.run.runs import Listener, write_pages
from helpers.run.status import explain_run, list_page_inputs

PAGES = ["2016/01-one.html", "2016/02-two.html"]
INDEXES = ["index.fr.html", "index.html"]


@pytest.fixture
def studies(collection):
    collection.write_study("01-one", "wave + ' of one'")
    collection.write_study("02-two", "wave + ' of two'")
    return collection


def plan(*names, wave="2016", **options):
    return plan_runs(names, waves=[wave], **options)


def explain(collection, *, planned=None, **options):
    planned = planned or plan("01")
    inputs, _ = list_page_inputs(planned[0], planned, root=collection.root)
    return explain_run(planned[0], inputs, collection.path("reports"), **options)


def read(collection):
    return {name: collection.path(f"reports/{name}").read_bytes() for name in PAGES}


def count(result):
    return result.written, result.kept, [str(failure) for failure in result.failures]


def test_what_is_current_is_kept(studies):
    assert count(write_pages(plan())) == (2, 0, [])
    assert studies.list_reports() == [*PAGES, *INDEXES]
    before = {path: path.stat().st_mtime_ns for path in studies.path("reports").rglob("*.*")}
    assert count(write_pages(plan(), executor=pytest.fail)) == (0, 2, [])
    after = {path: path.stat().st_mtime_ns for path in studies.path("reports").rglob("*.*")}
    after.pop(studies.path("reports/.lock"))
    assert after == {path: before[path] for path in after}


def test_only_what_changed_is_run(studies):
    write_pages(plan())
    before = read(studies)
    studies.write_study("02-two", "wave + ' of two, again'")
    assert count(write_pages(plan())) == (1, 1, [])
    after = read(studies)
    assert after[PAGES[0]] == before[PAGES[0]]
    assert b"of two, again" in after[PAGES[1]]


def test_force_runs_all(studies):
    write_pages(plan())
    assert count(write_pages(plan(), force=True)) == (2, 0, [])


class TestReasons:
    """Each has a word of its own, and is gone after the next run."""

    @pytest.fixture
    def written(self, studies):
        write_pages(plan("01"))
        assert explain(studies) == []
        return studies

    def settle(self, collection):
        assert count(write_pages(plan("01"))) == (1, 0, [])
        assert explain(collection) == []

    def test_never_run(self, studies):
        assert explain(studies) == ["never run, or stopped half-way"]

    def test_page_edited(self, written):
        path = written.path("reports/2016/01-one.html")
        path.write_text(path.read_text(encoding="utf-8") + "<p>mine</p>", encoding="utf-8")
        assert explain(written) == ["reports/2016/01-one.html was changed"]
        self.settle(written)
        assert "mine" not in path.read_text(encoding="utf-8")

    def test_page_missing(self, written):
        written.path("reports/2016/01-one.html").unlink()
        assert explain(written) == ["reports/2016/01-one.html is missing"]
        self.settle(written)

    def test_data(self, written):
        path = written.path("data/published/links.csv")
        path.write_bytes(path.read_bytes() + b"\n")
        assert explain(written) == ["file data/published/links.csv changed"]
        self.settle(written)

    def test_citation_and_date(self, written, monkeypatch):
        path = written.path("CITATION.cff")
        path.write_bytes(path.read_bytes() + b"\n")
        assert explain(written) == ["file CITATION.cff changed"]
        self.settle(written)
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        assert explain(written) == ["parameter SOURCE_DATE_EPOCH added"]

    def test_parameter(self, written):
        written.write_study("01-one", "wave, alpha", parameters='wave = "2016"\nalpha = 0.05')
        assert explain(written) == ["notebook 01-one.ipynb changed"]
        self.settle(written)
        other = plan("01", parameters={"alpha": "0.01"})
        assert explain(written, planned=other) == ["never run, or stopped half-way"]

    def test_manifest_damaged(self, written):
        latest = find_latest("2016/01-one.html", written.path("reports"))
        path = written.path(f"reports/runs/{latest.key}/manifest.json")
        path.write_text(path.read_text(encoding="utf-8")[:100], encoding="utf-8")
        assert explain(written) == ["never run, or stopped half-way"]
        self.settle(written)

    def test_pdf_wanted(self, written):
        assert explain(written, pdf=True) == ["no PDF yet"]


def test_page_of_the_other_language_added(collection):
    parameters = 'wave = "2016"\nlang = "en"  # language of the page: {en, fr}'
    collection.write_study("01-one", "wave, lang", parameters=parameters)
    english = plan("01", crossed={"lang": ["en"]})
    write_pages(english)
    assert explain(collection, planned=english) == []
    write_pages(plan("01", crossed={"lang": ["fr"]}))
    assert explain(collection, planned=english) == ["link to 01-one.fr.html added"]
    write_pages(english)
    page = collection.path("reports/2016/01-one.en.html").read_text(encoding="utf-8")
    assert 'href="01-one.fr.html"' in page


def test_listener_is_told_of_each(studies):
    told = []
    listener = Listener(
        started=lambda run: told.append(("started", run.study)),
        finished=lambda run: told.append(("finished", run.study)),
    )
    write_pages(plan(), listener=listener)
    assert sorted(told) == [("finished", "01-one"), ("finished", "02-two"),
                            ("started", "01-one"), ("started", "02-two")]  # fmt: skip
    for study in ("01-one", "02-two"):
        assert told.index(("started", study)) < told.index(("finished", study))
    told.clear()
    write_pages(plan(), listener=listener)
    assert told == [("finished", "01-one"), ("finished", "02-two")]


def test_longest_of_the_last_time_is_started_first(studies):
    studies.write_study("02-two", "import time; time.sleep(1.5)")
    told = []
    listener = Listener(started=lambda run: told.append(run.study))
    for _ in range(2):
        write_pages(plan(), executor=lambda: LocalExecutor(1), listener=listener, force=True)
    assert told == ["01-one", "02-two", "02-two", "01-one"]
    index = studies.path("reports/index.html").read_text(encoding="utf-8")
    assert index.index(PAGES[0]) < index.index(PAGES[1])


def test_the_second_of_two_commands_waits(studies):
    owners, done = [], []
    thread = threading.Thread(
        target=lambda: done.append(
            write_pages(plan("01"), listener=Listener(waiting=owners.append))
        )
    )
    with lock_reports(studies.path("reports"), "studies run 02-two"):
        thread.start()
        end = time.monotonic() + 30
        while not owners and time.monotonic() < end:
            time.sleep(0.01)
        assert not studies.path("reports/2016").exists()
    thread.join(60)
    assert f"in use by process {os.getpid()} since " in owners[0]
    assert "(studies run 02-two)" in owners[0]
    assert count(done[0]) == (1, 0, [])


def test_without_somebody_to_tell_it_refuses(studies):
    with (
        lock_reports(studies.path("reports"), "studies run 02-two"),
        pytest.raises(InputError, match=r"in use by process \d+ .*; try again when it is done"),
    ):
        write_pages(plan("01"))


def test_interrupted_run_is_continued(studies):
    def interrupt(run):
        raise KeyboardInterrupt

    one = LocalExecutor(1)
    result = write_pages(plan(), executor=lambda: one, listener=Listener(finished=interrupt))
    assert result.interrupted
    assert result.written == 1
    assert studies.list_reports() == [PAGES[0], *INDEXES]
    assert count(write_pages(plan())) == (1, 1, [])
    assert studies.list_reports() == [*PAGES, *INDEXES]


def refuse(function, page, code):
    """The function, but for one page, which the disk does not take."""

    def refusing(text, path):
        if path.name == page:
            raise OSError(code, os.strerror(code))
        return function(text, path)

    return refusing


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_page_that_cannot_be_written(studies, monkeypatch, code):
    monkeypatch.setattr(writing, "write_page", refuse(writing.write_page, "01-one.html", code))
    words = f"01-one 2016: its page cannot be written: {os.strerror(code)}."
    assert count(write_pages(plan())) == (1, 0, [words])
    assert studies.list_reports() == [PAGES[1], *INDEXES]
    assert explain(studies) == ["never run, or stopped half-way"]


def test_older_page_stays_when_the_newer_cannot_be_written(studies, monkeypatch):
    write_pages(plan())
    before = read(studies)
    refusing = refuse(writing.write_page, "01-one.html", errno.ENOSPC)
    monkeypatch.setattr(writing, "write_page", refusing)
    assert count(write_pages(plan(), force=True))[:2] == (1, 0)
    assert read(studies) == before
    assert explain(studies) == ["never run, or stopped half-way"]


def test_page_of_a_failed_run_that_cannot_be_removed(studies, monkeypatch):
    studies.write_study("01-one", "1 / 0")

    def forget(page, reports):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(writing, "forget_page", forget)
    result = write_pages(plan("01"))
    assert str(result.failures[0]) == (
        "01-one (wave 2016): cell 3 failed: ZeroDivisionError: division by zero; "
        "the older page cannot be removed: Read-only file system."
    )


@pytest.mark.parametrize("where", ["helpers.run.locks", "helpers.run.index"])
def test_full_disk_for_lock_or_index(studies, monkeypatch, where):
    name = {"helpers.run.locks": ".owner.json", "helpers.run.index": "index.html"}[where]
    module = __import__(where, fromlist=["write_page"])
    monkeypatch.setattr(module, "write_page", refuse(module.write_page, name, errno.ENOSPC))
    with pytest.raises(InputError, match=r"cannot be written.*: No space left on device\."):
        write_pages(plan())


def test_missing_kernel(studies, monkeypatch):
    monkeypatch.setattr(execution, "KERNEL", "python2")
    result = write_pages(plan("01"))
    assert [str(failure) for failure in result.failures] == [
        "01-one (wave 2016): NoSuchKernel: No such kernel named python2"
    ]
    assert result.failures[0].code == 1


def test_cell_that_hangs(studies, monkeypatch):
    studies.write_study("01-one", "import time; time.sleep(60)")
    monkeypatch.setattr(execution, "CELL_TIMEOUT", 2)
    began = time.monotonic()
    result = write_pages(plan())
    assert count(result)[:2] == (1, 0)
    assert str(result.failures[0]) == (
        "01-one (wave 2016): cell 3 took longer than 2 seconds and was stopped."
    )
    assert time.monotonic() - began < 30
    assert studies.list_reports() == [PAGES[1], *INDEXES]


def test_failed_run_removes_the_older_page(studies):
    write_pages(plan())
    studies.write_study("01-one", "1 / 0")
    assert count(write_pages(plan()))[:2] == (0, 1)
    assert studies.list_reports() == [PAGES[1], *INDEXES]
    assert explain(studies) == ["never run, or stopped half-way"]


def test_manifest_tells_cells_and_warnings(studies):
    studies.write_study(
        "01-one", "import time; time.sleep(0.3)",
        "import warnings, pathlib; warnings.warn(f'look: {pathlib.Path.cwd()}/x')",
    )  # fmt: skip
    write_pages(plan("01"))
    manifest = find_latest("2016/01-one.html", studies.path("reports"))
    assert [cell.cell for cell in manifest.cells] == [2, 3, 4]  # the title is the first
    assert {cell.outcome for cell in manifest.cells} == {"ok"}
    assert 0.3 <= manifest.cells[1].seconds < 5 <= 5 + manifest.seconds
    (warning,) = manifest.warnings
    assert warning.startswith("cell:1: UserWarning: look: x\n")
    assert str(studies.root) not in warning
    assert list(manifest.outputs) == ["2016/01-one.html"]


def test_leftovers_of_a_killed_command_are_swept(studies):
    gone = 2**22 + 1  # above the highest process id there can be
    for name in (f"2016/.01-one.html.{gone}.part", f"2016/.01-one.files.{gone}.old/x.csv",
                 "2016/01-one.files/y.csv", f"2016/.02-two.files.{gone}.old/z.csv",
                 f"2016/.01-one.html.{os.getpid()}.part", "2016/.hidden"):  # fmt: skip
        path = studies.path(f"reports/{name}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", encoding="utf-8")
    sweep_parts(studies.path("reports"))
    assert studies.list_reports() == [
        f"2016/.01-one.html.{os.getpid()}.part", "2016/.hidden", "2016/01-one.files/y.csv",
        "2016/02-two.files/z.csv",  # set aside when the command was killed
    ]  # fmt: skip
