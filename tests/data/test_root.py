"""Where the collection is looked for, and in which order."""

import pytest

from helpers.data import root
from helpers.data.errors import InputError
from helpers.data.root import find_root


@pytest.fixture
def collection(tmp_path, monkeypatch):
    monkeypatch.delenv("STUDIES_HOME", raising=False)
    for name in ("data", "shapefiles", "notebooks"):
        (tmp_path / "collection" / name).mkdir(parents=True)
    return tmp_path / "collection"


def test_named_folder_wins_over_the_current_one(collection, monkeypatch, tmp_path):
    monkeypatch.chdir(collection)
    monkeypatch.setenv("STUDIES_HOME", str(tmp_path))
    assert find_root() == tmp_path.resolve()


@pytest.mark.parametrize("start", [".", "notebooks", "data"])
def test_nearest_folder_at_or_above(collection, monkeypatch, start):
    monkeypatch.chdir(collection / start)
    assert find_root() == collection.resolve()


def test_inner_collection_is_nearer(collection, monkeypatch):
    inner = collection / "notebooks" / "copy"
    for name in ("data", "shapefiles"):
        (inner / name).mkdir(parents=True)
    monkeypatch.chdir(inner)
    assert find_root() == inner.resolve()


def test_elsewhere_the_checkout_is_used(tmp_path, monkeypatch):
    monkeypatch.delenv("STUDIES_HOME", raising=False)
    monkeypatch.chdir(tmp_path)
    found = find_root()
    assert (found / "src" / "helpers" / "data" / "root.py").samefile(root.__file__)


def test_wrong_name_is_told(monkeypatch, tmp_path):
    monkeypatch.setenv("STUDIES_HOME", str(tmp_path / "gone"))
    with pytest.raises(InputError, match=r"STUDIES_HOME is set to .*gone.*not a folder"):
        find_root()


def test_nothing_found_is_told(monkeypatch, tmp_path):
    monkeypatch.delenv("STUDIES_HOME", raising=False)
    monkeypatch.setattr(root, "__file__", str(tmp_path / "a" / "b" / "c" / "d.py"))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="set STUDIES_HOME"):
        find_root()
