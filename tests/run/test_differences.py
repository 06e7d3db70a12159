"""Differences between the numbers of two runs."""

import pytest

from helpers.data.errors import InputError
from helpers.run.differences import compare_runs, describe_differences
from helpers.run.manifests import write_manifest
from tests.run.test_manifests import make

HEAD = "id,n,estimate,ci_low,ci_high,reliability,mark\n"
ROWS = {
    "a": "m:1:q:a,100,0.25,0.2,0.3,ok,none",
    "b": "m:1:q:b,100,0.5,0.4,0.6,ok,higher",
    "c": "m:1:q:c,9,,,,suppress,untestable",
    "d": "m:1:q:d,100,0.1,0.0,0.2,ok,none",
}
FIRST = HEAD + "\n".join([ROWS["a"], ROWS["b"], ROWS["c"]])
SECOND = HEAD + "\n".join(
    [ROWS["a"].replace("0.25", "0.26"), ROWS["b"].replace("higher", "none"), ROWS["d"]]
)


def compare(tmp_path, first, second):
    keys = []
    for number, text in enumerate((first, second)):
        manifest = make(tmp_path, {"file a": str(number)}, numbers=text)
        write_manifest(manifest, tmp_path)
        keys.append(manifest.key)
    return compare_runs(*keys, tmp_path)


def test_numbers_and_marks(tmp_path):
    found = compare(tmp_path, FIRST, SECOND)
    assert found.reasons == ["file a changed"]
    assert found.added == ["m:1:q:d"]
    assert found.removed == ["m:1:q:c"]
    assert found.numbers["id"].tolist() == ["m:1:q:a"]
    assert found.marks.to_dict("records") == [
        {"id": "m:1:q:b", "mark_before": "higher", "mark_after": "none"}
    ]
    lines = describe_differences(found)
    assert "  m:1:q:a: 0.25 -> 0.26 (n 100 -> 100)" in lines
    assert "  m:1:q:b: higher -> none" in lines


def test_the_same_numbers(tmp_path):
    found = compare(tmp_path, FIRST, FIRST)
    assert (len(found.numbers), len(found.marks), found.added, found.removed) == (0, 0, [], [])


def test_rounding_is_no_difference_and_a_figure_withheld_is(tmp_path):
    near = FIRST.replace("0.25,", "0.2500000000000001,")
    assert compare(tmp_path, FIRST, near).numbers.empty
    withheld = FIRST.replace("100,0.25,0.2,0.3,ok", "100,,,,suppress")
    found = compare(tmp_path, FIRST, withheld)
    assert found.numbers["id"].tolist() == ["m:1:q:a"]
    assert "  m:1:q:a: 0.25 -> none (n 100 -> 100)" in describe_differences(found)


def test_long_lists_are_cut(tmp_path):
    rows = "".join(f"m:1:q:{number},9,0.5,0.4,0.6,ok,none\n" for number in range(30))
    lines = describe_differences(compare(tmp_path, HEAD + rows, HEAD), limit=5)
    assert "only in the first: 30 numbers" in lines
    assert "  … 25 more" in lines


def test_page_without_numbers(tmp_path):
    manifest = make(tmp_path, {"a": "1"})
    folder = write_manifest(manifest, tmp_path)
    (folder / "estimates.csv").unlink()
    with pytest.raises(InputError, match="it kept no numbers"):
        compare_runs(manifest.key, manifest.key, tmp_path)
