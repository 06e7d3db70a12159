"""Respondents in Parquet files, read a part at a time."""

import pandas as pd
import pytest

from helpers.data.errors import InputError
from helpers.data.parts import list_parts, read_part

FRAME = pd.DataFrame({"region": ["11", "53", "94"], "q": [1, 2, 1]})


def test_parts_in_order_of_files(tmp_path):
    (tmp_path / "b").mkdir()
    FRAME.to_parquet(tmp_path / "a.parquet", row_group_size=2)
    FRAME.to_parquet(tmp_path / "b" / "a.parquet")
    parts = list_parts(tmp_path)
    assert [(part.group, part.rows) for part in parts] == [(0, 2), (1, 1), (0, 3)]
    frame = read_part(parts[1], ["region"])
    assert frame["region"].tolist() == ["94"]
    assert isinstance(frame["region"].dtype, pd.CategoricalDtype)


def test_one_file(tmp_path):
    FRAME.to_parquet(tmp_path / "a.parquet")
    assert [part.rows for part in list_parts(tmp_path / "a.parquet")] == [3]


def test_no_file(tmp_path):
    with pytest.raises(InputError, match="no Parquet file in it"):
        list_parts(tmp_path)


def test_damaged_file(tmp_path):
    (tmp_path / "a.parquet").write_bytes(b"PAR1 and then nothing")
    with pytest.raises(InputError, match="a.parquet: damaged, cannot be read as Parquet"):
        list_parts(tmp_path)


def test_file_cut_after_it_was_listed(tmp_path):
    path = tmp_path / "a.parquet"
    FRAME.to_parquet(path)
    [part] = list_parts(tmp_path)
    path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(InputError, match="a.parquet: damaged"):
        read_part(part, ["q"])


def test_missing_column(tmp_path):
    FRAME.to_parquet(tmp_path / "a.parquet")
    [part] = list_parts(tmp_path)
    with pytest.raises(InputError, match="a.parquet: 1 columns absent: weight"):
        read_part(part, ["weight", "q"])
