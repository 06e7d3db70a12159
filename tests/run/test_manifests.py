"""Manifests: kept whole, found by key or page."""

import json

import pytest

from helpers.data.errors import InputError
from helpers.run.manifests import (
    CellRun,
    Manifest,
    find_latest,
    hash_outputs,
    read_manifest,
    resolve_run,
    write_manifest,
)

PAGE = "2016/02-mayors.en.html"


def make(reports, inputs, *, numbers="id,estimate\na,1\n"):
    folder = reports / "2016" / "02-mayors.en.files"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "estimates.csv").write_text(numbers, encoding="utf-8")
    (reports / PAGE).write_text("page", encoding="utf-8")
    outputs = hash_outputs([reports / PAGE, folder], reports)
    cells = [CellRun(2, "ok", 0.5)]
    return Manifest(PAGE, inputs, outputs, "2026-01-01 10:00 UTC", 2.5, "forked", cells)


def test_outputs_by_name(tmp_path):
    manifest = make(tmp_path, {"a": "1"})
    assert list(manifest.outputs) == [PAGE, "2016/02-mayors.en.files/estimates.csv"]
    assert {len(digest) for digest in manifest.outputs.values()} == {64}


def test_round_trip(tmp_path):
    manifest = make(tmp_path, {"a": "1"})
    folder = write_manifest(manifest, tmp_path)
    assert folder.name == manifest.key
    assert read_manifest(manifest.key, tmp_path) == manifest == find_latest(PAGE, tmp_path)
    assert (folder / "estimates.csv").read_text(encoding="utf-8") == "id,estimate\na,1\n"
    assert not list(tmp_path.rglob(".*"))


def test_latest_of_two(tmp_path):
    first, second = make(tmp_path, {"a": "1"}), make(tmp_path, {"a": "2"})
    write_manifest(first, tmp_path)
    write_manifest(second, tmp_path)
    assert find_latest(PAGE, tmp_path) == second
    assert read_manifest(first.key, tmp_path) == first
    assert resolve_run(f"reports/{PAGE}", tmp_path) == second.key
    assert resolve_run(first.key[:6], tmp_path) == first.key


def test_page_without_a_run(tmp_path):
    assert find_latest(PAGE, tmp_path) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"page": "x"}'])
def test_damaged_manifest(tmp_path, text):
    manifest = make(tmp_path, {"a": "1"})
    path = write_manifest(manifest, tmp_path) / "manifest.json"
    path.write_text(text, encoding="utf-8")
    assert find_latest(PAGE, tmp_path) is None
    with pytest.raises(InputError, match=f"{manifest.key}/manifest.json: damaged"):
        read_manifest(manifest.key, tmp_path)


def test_names_that_mean_no_run(tmp_path):
    with pytest.raises(InputError, match="no such run"):
        read_manifest("0" * 16, tmp_path)
    with pytest.raises(InputError, match="neither a run of reports/runs .0 are there. nor a page"):
        resolve_run("f", tmp_path)
    keys = [make(tmp_path, {"a": str(number)}) for number in range(20)]
    for manifest in keys:
        write_manifest(manifest, tmp_path)
    twice = next(a for a in "0123456789abcdef" if sum(m.key.startswith(a) for m in keys) > 1)
    with pytest.raises(InputError, match="runs begin so"):
        resolve_run(twice, tmp_path)


def test_no_path_of_this_machine(tmp_path):
    folder = write_manifest(make(tmp_path, {"a": "1"}), tmp_path)
    text = (folder / "manifest.json").read_text(encoding="utf-8")
    assert str(tmp_path) not in text
    assert json.loads(text)["page"] == PAGE
