"""Runs killed at any moment: only whole files, no process left, and the next run completes.

Four kills by default; KILLS=50 tries fifty, KILLS_SEED other moments.
"""

import json
import multiprocessing
import os
import random
import shutil
import signal
import time
import xml.etree.ElementTree as ElementTree
import zipfile

import psutil
import pytest

from helpers.run.manifests import hash_outputs
from helpers.run.plans import plan_runs
from helpers.run.runs import write_pages
from helpers.run.server import close_server
from tests.run.test_exports import STUDY

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")

KILLS = int(os.environ.get("KILLS", "4"))
SEED = int(os.environ.get("KILLS_SEED", "1"))
VICTIMS = ("command", "server", "kernel")
MARK = "STUDIES_KILL_TEST"
PRELOADED = [
    "papermill", "helpers.run.executors", "helpers.run.index", "helpers.run.inputs",
    "helpers.run.runs", "helpers.run.writing",
]  # fmt: skip


def write_all(root, environment, force):
    """A command of its own, on two cores, in a process that may be killed."""
    os.environ.update(environment)
    os.chdir(root)
    write_pages(plan_runs(root=root, waves=["2016"]), root=root, force=force)
    close_server()


class Desk:
    """A tiny collection, its pages as an undisturbed run writes them, and how long that takes."""

    def __init__(self, root, context):
        self.root, self.reports, self._context = root, root / "reports", context
        began = time.monotonic()
        process = self.start("undisturbed", force=False)
        process.join(120)
        self.seconds = time.monotonic() - began
        assert process.exitcode == 0
        self.whole = self.hash_pages()
        self.kept = root.parent / "kept"
        shutil.copytree(self.reports, self.kept)

    def start(self, name, *, force):
        folder = self.root.parent / f"tmp-{name}"
        folder.mkdir()
        environment = {"TMPDIR": str(folder), MARK: f"{os.getpid()}-{name}"}
        process = self._context.Process(target=write_all, args=(self.root, environment, force))
        process.start()
        return process

    def hash_pages(self):
        """Every file that a reader sees."""
        found = hash_outputs([self.reports], self.reports)
        return {
            name: digest for name, digest in found.items()
            if not name.startswith(("runs/", ".")) and "/." not in name
        }  # fmt: skip

    def reset(self, *, written):
        shutil.rmtree(self.reports)
        if written:
            shutil.copytree(self.kept, self.reports)


@pytest.fixture(scope="module")
def desk(tmp_path_factory, checkout):
    from tests.conftest import Collection

    root = tmp_path_factory.mktemp("kills") / "collection"
    shutil.copytree(checkout / "data", root / "data")
    shutil.copy(checkout / "CITATION.cff", root)
    (root / "shapefiles").symlink_to(checkout / "shapefiles", target_is_directory=True)
    (root / "notebooks").mkdir()
    collection = Collection(root)
    collection.write_study("01-files", STUDY)
    for name in ("02-two", "03-three"):
        collection.write_study(name, "wave", f"import time; time.sleep(0.2); {name!r}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STUDIES_HOME", str(root))
        patch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        patch.chdir(root)
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(PRELOADED)
        yield Desk(root, context)
        close_server()


def find_victim(process, kind):
    """Process id of the command, its fork server or one of its kernels; None if not there yet."""
    if kind == "command":
        return process.pid
    try:
        servers = [child for child in psutil.Process(process.pid).children()
                   if "helpers.run.forkserver" in child.cmdline()]  # fmt: skip
        found = servers if kind == "server" else [k for s in servers for k in s.children()]
    except psutil.NoSuchProcess:
        return None
    return found[0].pid if found else None


def kill(process, kind, moment):
    """Kill at a moment, or as soon after it as there is something to kill."""
    time.sleep(moment)
    while process.is_alive():
        victim = find_victim(process, kind)
        if victim:
            try:
                os.kill(victim, signal.SIGKILL)
            except ProcessLookupError:
                continue
            return True
        time.sleep(0.002)
    return False


def list_left(mark):
    """Processes of a run, whoever their parent is now."""
    found = []
    for process in psutil.process_iter():
        try:
            text = " ".join(process.cmdline())
            if "helpers.run.forkserver" in text or "ipykernel" in text:
                found += [process] if process.environ().get(MARK) == mark else []
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return [one for one in found if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


def check_whole(desk):
    """Each file that is there is one of the undisturbed run, and what is kept agrees with it."""
    found = desk.hash_pages()
    indexes = {"index.html", "index.fr.html"}
    assert {name: found[name] for name in found if name not in indexes} == {
        name: desk.whole.get(name) for name in found if name not in indexes
    }
    for path in desk.reports.rglob("[!.]*.html"):
        assert path.read_text(encoding="utf-8").rstrip().endswith("</html>")
    for path in desk.reports.rglob("[!.]*.xlsx"):
        assert zipfile.ZipFile(path).testzip() is None
    for path in desk.reports.rglob("[!.]*.svg"):
        ElementTree.parse(path)
    for path in desk.reports.glob("runs/[!.]*/manifest.json"):
        json.loads(path.read_text(encoding="utf-8"))
    for pointer in desk.reports.glob("runs/current/**/[!.]*.txt"):
        key = pointer.read_text(encoding="utf-8").strip()
        facts = json.loads((desk.reports / f"runs/{key}/manifest.json").read_text(encoding="utf-8"))
        assert facts["outputs"] == {name: found.get(name) for name in facts["outputs"]}


@pytest.mark.parametrize("case", range(KILLS))
def test_killed_run(desk, case):
    chance = random.Random(SEED * 1000 + case)
    kind, written = VICTIMS[case % 3], chance.random() < 0.5
    desk.reset(written=written)
    process = desk.start(case, force=written)
    killed = kill(process, kind, chance.uniform(0.1, desk.seconds))
    process.join(60)
    assert process.exitcode is not None, "the command hangs"
    check_whole(desk)
    mark, end = f"{os.getpid()}-{case}", time.monotonic() + 5
    while (left := list_left(mark)) and time.monotonic() < end:
        time.sleep(0.02)
    assert left == []
    result = write_pages(plan_runs(root=desk.root, waves=["2016"]), root=desk.root)
    assert result.failures == []
    assert result.written + result.kept == 3
    assert result.kept == 3 or killed
    assert desk.hash_pages() == desk.whole
    assert not [path for path in desk.reports.rglob(".*") if path.name != ".lock"]
