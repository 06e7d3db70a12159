"""Results are kept for one version of a file, and only so many of them."""

import os

import pytest

from helpers.data.filecache import FileCache, stamp_files


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "file.txt"
    path.write_text("one")
    return path


def test_a_file_is_read_again_only_when_it_has_changed(path):
    cache, reads = FileCache(4), []

    def read():
        reads.append(path.read_text())
        return reads[-1]

    first = cache.get(stamp_files(path), read)
    assert cache.get(stamp_files(path), read) is first
    path.write_text("other")
    assert cache.get(stamp_files(path), read) == "other"
    assert reads == ["one", "other"]


def test_a_change_that_keeps_the_size_is_seen(path):
    before = stamp_files(path)
    path.write_text("two")
    os.utime(path, ns=(0, before[0][1] + 1))
    assert stamp_files(path) != before


def test_a_file_that_goes_changes_the_stamp(path):
    before = stamp_files(path)
    path.unlink()
    assert stamp_files(path) == ((str(path), None, None),) != before


def test_the_result_unused_for_longest_goes_first():
    cache, computed = FileCache(2), []

    def get(key):
        return cache.get(key, lambda: computed.append(key) or key)

    for key in "abacba":
        assert get(key) == key
    # b went when c came, c when b came back, and a, used in between, when c and b did.
    assert computed == ["a", "b", "c", "b", "a"]


def test_an_error_is_raised_each_time_and_nothing_is_kept():
    cache = FileCache(2)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            cache.get("key", lambda: 1 / 0)
    assert cache.get("key", lambda: 1) == 1
