"""Publication: everything or nothing, what was checked, and a log without names or paths."""

import getpass
import json
import os

import pytest

from helpers.data.errors import InputError
from helpers.run import publish
from helpers.run.locks import lock_reports
from helpers.run.publish import publish_wave
from helpers.run.release import Finding
from helpers.view.provenance import WORDS

PAGE = f"<html><p>{WORDS['demo']}</p></html>"


@pytest.fixture
def demo(collection):
    folder = collection.path("reports/demo")
    (folder / "02-mayors.files").mkdir(parents=True)
    (folder / "02-mayors.html").write_text(PAGE, encoding="utf-8")
    (folder / "02-mayors.files" / "estimates.csv").write_text("id\n", encoding="utf-8")
    (folder / ".02-mayors.html.1.part").write_text("half", encoding="utf-8")
    return collection


def _list(collection):
    folder = collection.path("published")
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )


def _refuse(release):
    return [Finding("02-mayors.html", "is not good enough")]


def test_pages_and_their_files_are_published_whole(demo):
    result = publish_wave("demo", root=demo.root)
    assert result.published
    assert result.files == 2
    assert _list(demo) == [
        "demo/02-mayors.files/estimates.csv", "demo/02-mayors.html", "log.jsonl", "log.txt"
    ]  # fmt: skip


def test_an_earlier_publication_is_replaced_not_mixed(demo):
    publish_wave("demo", root=demo.root)
    demo.path("reports/demo/02-mayors.html").rename(demo.path("reports/demo/01-map.html"))
    publish_wave("demo", root=demo.root)
    assert "demo/01-map.html" in _list(demo)
    assert "demo/02-mayors.html" not in _list(demo)


def test_leftovers_are_swept_and_what_was_set_aside_comes_back(demo, monkeypatch):
    gone = 2**22 + 1  # above the highest process id there can be
    publish_wave("demo", root=demo.root)
    published = demo.path("published/demo")
    published.rename(demo.path(f"published/.demo.{gone}.old"))
    demo.path(f"published/.demo.{gone}.part").mkdir()
    monkeypatch.setattr(publish, "CHECKS", (_refuse,))
    assert not publish_wave("demo", root=demo.root).published
    assert "demo/02-mayors.html" in _list(demo)
    assert not list(demo.path("published").glob(".*"))


def test_no_publication_while_pages_are_written(demo):
    with (
        lock_reports(demo.path("reports"), "studies run 02"),
        pytest.raises(InputError, match=r"reports: in use by .* \(studies run 02"),
    ):
        publish_wave("demo", root=demo.root)
    assert _list(demo) == []


def test_a_finding_refuses_everything_and_is_logged(demo, monkeypatch):
    publish_wave("demo", root=demo.root)
    before = demo.path("published/demo/02-mayors.html").read_bytes()
    demo.path("reports/demo/02-mayors.html").write_text(PAGE + "changed", encoding="utf-8")
    monkeypatch.setattr(publish, "CHECKS", (*publish.CHECKS, _refuse))
    result = publish_wave("demo", root=demo.root)
    assert not result.published
    assert demo.path("published/demo/02-mayors.html").read_bytes() == before
    log = demo.path("published/log.jsonl").read_text(encoding="utf-8").splitlines()
    first, second = map(json.loads, log)
    assert (first["published"], second["published"]) == (True, False)
    assert second["checks"]["_refuse"] == ["02-mayors.html: is not good enough"]
    assert "wave demo refused" in demo.path("published/log.txt").read_text(encoding="utf-8")


def test_a_check_that_breaks_leaves_nothing(demo, monkeypatch):
    def broken(release):
        raise InputError("broken")

    monkeypatch.setattr(publish, "CHECKS", (broken,))
    with pytest.raises(InputError, match="broken"):
        publish_wave("demo", root=demo.root)
    assert _list(demo) == []
    assert not list(demo.path("published").glob(".*"))


def test_the_log_names_no_user_and_no_path(demo):
    publish_wave("demo", root=demo.root)
    for name in ("log.jsonl", "log.txt"):
        text = demo.path(f"published/{name}").read_text(encoding="utf-8")
        assert str(demo.root) not in text
        assert os.path.expanduser("~") not in text
        assert f'"{getpass.getuser()}"' not in text
    entry = json.loads(demo.path("published/log.jsonl").read_text(encoding="utf-8"))
    assert set(entry["data"]) == {
        "associations/demo", "citizens/demo", "companies/demo", "mayors/demo"
    }  # fmt: skip
    assert set(entry["files"]) == {"02-mayors.html", "02-mayors.files/estimates.csv"}
    assert all(len(value) == 64 for value in entry["files"].values())


def test_a_page_older_than_its_data_is_refused(demo):
    page = demo.path("reports/demo/02-mayors.html")
    os.utime(page, (0, 0))
    result = publish_wave("demo", root=demo.root)
    assert "older than the data" in str(result.findings["check_pages"][0])


def test_a_page_that_does_not_say_what_it_shows_is_refused(demo):
    demo.path("reports/demo/02-mayors.html").write_text("<html>37%</html>", encoding="utf-8")
    result = publish_wave("demo", root=demo.root)
    assert [str(finding) for finding in result.findings["check_pages"]] == [
        "02-mayors.html: does not say that its data are demo"
    ]


@pytest.mark.parametrize(
    ("wave", "words"),
    [
        ("2061", "'2061' is not a wave of any survey; valid are 2015"),
        ("2016", "no page to publish"),
    ],
)
def test_nothing_to_publish(collection, wave, words):
    with pytest.raises(InputError, match=words):
        publish_wave(wave, root=collection.root)
    assert not collection.path("published").exists()
