"""The frame of mayors: its contract, its sums, and that it holds counts only."""

import pandas as pd
import pytest

from helpers.data.errors import InputError
from helpers.data.frames import read_frame
from helpers.data.mayors import BANDS, COUNTS, read_mayors_frame
from helpers.data.root import find_root

HEADER = "region_code,commune_band,mayors,women,aged_60_plus\n"


def write_frame(root, text):
    folder = root / "data" / "frames"
    folder.mkdir(parents=True)
    (folder / "mayors.csv").write_text(HEADER + text, encoding="utf-8")
    return root


def cells(region, *counts):
    return "".join(
        f"{region},{band},{','.join(map(str, count))}\n"
        for band, count in zip(BANDS, counts, strict=True)
    )


def test_regions_93_and_94_become_one_zone(tmp_path):
    text = cells("94", (7, 2, 3), (5, 1, 1), (0, 0, 0)) + cells(
        "93", (10, 4, 6), (8, 2, 2), (1,) * 3
    )
    frame = read_mayors_frame(root=write_frame(tmp_path, text))
    assert frame["region"].unique().tolist() == ["93+94"]
    assert frame["commune_band"].tolist() == list(BANDS)
    assert frame[COUNTS].to_numpy().tolist() == [[17, 6, 9], [13, 3, 3], [1, 1, 1]]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (cells("11", (5, 6, 1), (5, 1, 1), (5, 1, 1)), "women: 1 counts above .* 11 under_2000"),
        (cells("11", (5, -1, 1), (5, 1, 1), (5, 1, 1)), "column women: 1 value below 0: -1."),
        ("11,under_2000,5,1,1\n", "1 regions without one row per band: 11"),
        (cells("99", (5, 1, 1), (5, 1, 1), (5, 1, 1)), "'99'"),
        ("11,village,5,1,1\n", "commune_band: 1 value not among .*under_2000.*: village."),
        (cells("11", (5, 1.5, 1), (5, 1, 1), (5, 1, 1)), "women"),
    ],
)
def test_damaged_frames_are_refused(tmp_path, text, words):
    with pytest.raises(InputError, match=words):
        read_mayors_frame(root=write_frame(tmp_path, text))


def test_missing_frame_is_named(tmp_path):
    with pytest.raises(InputError, match="frames/mayors.csv: no such file"):
        read_mayors_frame(root=tmp_path)


def test_committed_frame_holds_counts_only():
    table = pd.read_csv(find_root() / "data" / "frames" / "mayors.csv", dtype={"region_code": str})
    assert table.columns.tolist() == ["region_code", "commune_band", *COUNTS]
    assert len(table) == 13 * 3
    assert table[COUNTS].sum().tolist() == [34_607, 7_921, 18_963]


def test_committed_frame_agrees_with_the_communes():
    mayors = read_mayors_frame().pivot_table(
        index="region", columns="commune_band", values="mayors", aggfunc="sum"
    )
    communes = read_frame("communes_by_population_class")
    assert mayors.index.tolist() == communes.index.tolist()
    small = communes["<500"] + communes["500-1 999"]
    assert (mayors["under_2000"] / small - 1).abs().max() < 0.025
    assert (mayors.sum(axis=1) / communes.drop(columns="total").sum(axis=1) - 1).abs().max() < 0.02
