"""Samples counted in parts give what the whole frame gives."""

import itertools
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from helpers.data.design import Design
from helpers.data.errors import InputError
from helpers.data.parts import list_parts, read_part
from helpers.stats.contrasts import contrast_with_rest
from helpers.stats.estimates import estimate_questions
from helpers.stats.means import estimate_means
from helpers.stats.part_estimates import contrast_counts, estimate_counts
from helpers.stats.parts import Layout, count_part, count_parts

LEVELS = {"region": ["11", "53", "94"], "size": ["small", "large"]}
SHARES = {
    "q": {"answers": [1, 2, 3], "nets": {"agree": [1, 2]}},
    "m": {"question": ["m__a", "m__b"], "answers": ["a", "b"]},
}
SCORE = {"score": {"limits": (0, 10)}}
DESIGN = Design(weight="weight", strata=("size",), fpc="population", single_psu="centre")


def make_frame(rows, seed):
    rng = np.random.default_rng(seed)
    size = rng.choice(LEVELS["size"], rows)
    frame = pd.DataFrame(
        {
            "region": pd.Categorical(rng.choice(LEVELS["region"], rows), LEVELS["region"]),
            "size": pd.Categorical(size, LEVELS["size"]),
            "weight": rng.uniform(0.5, 20, rows),
            "population": np.where(size == "small", 5000.0, 800.0),
            "q": pd.array(rng.integers(1, 4, rows), dtype="Int64"),
            "m__a": pd.array(rng.random(rows) < 0.4, dtype="boolean"),
            "m__b": pd.array(rng.random(rows) < 0.7, dtype="boolean"),
            "score": pd.array(rng.integers(0, 11, rows), dtype="Int64"),
        }
    )
    silent = rng.random(rows) < 0.2
    frame.loc[silent, ["q", "score"]] = pd.NA
    frame.loc[silent, ["m__a", "m__b"]] = pd.NA
    frame.loc[rng.random(rows) < 0.1, "region"] = np.nan
    return frame


def cut(frame, places):
    edges = [0, *sorted(places), len(frame)]
    return [frame.iloc[a:b] for a, b in itertools.pairwise(edges) if b > a]


def assert_same(found, expected):
    assert_frame_equal(
        found, expected, check_dtype=False, check_categorical=False, rtol=1e-12, atol=1e-13
    )


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    rows=st.integers(30, 200),
    places=st.lists(st.integers(1, 29), max_size=5),
    by=st.sampled_from([(), ("region",), ("region", "size")]),
)
def test_parts_add_up_to_the_whole(seed, rows, places, by):
    frame = make_frame(rows, seed)
    layout = Layout(DESIGN, LEVELS, {**SHARES, **SCORE}, by)
    counts = count_parts(cut(frame, places), layout)
    options = {"design": DESIGN, "by": list(by) or None}
    found = estimate_counts(counts, layout)
    expected = estimate_questions(frame, SHARES, **options)
    assert_same(found[found["question"] != "score"].reset_index(drop=True), expected)
    means = found[found["question"] == "score"].drop(columns="question").reset_index(drop=True)
    assert_same(means, estimate_means(frame, "score", limits=(0, 10), **options))
    if by:
        contrasts = contrast_counts(counts, layout)
        own = contrasts[contrasts["question"] == "q"].drop(columns="question")
        expected = contrast_with_rest(
            frame, "q", answers=[1, 2, 3], nets={"agree": [1, 2]}, **options
        )
        assert_same(own.reset_index(drop=True), expected)


def test_shares_by_hand():
    frame = pd.DataFrame({"q": [1, 1, 2, 2, 2], "w": [1.0, 3.0, 2.0, 2.0, 2.0]})
    layout = Layout(Design(weight="w"), {}, {"q": {"answers": [1, 2]}})
    table = estimate_counts(count_parts([frame[:2], frame[2:]], layout), layout)
    assert table["estimate"].tolist() == [0.4, 0.6]
    assert table["n"].tolist() == [5, 5]


def test_a_part_without_answers_adds_respondents_only():
    frame = make_frame(60, 1)
    silent = frame.iloc[:20].assign(q=pd.array([pd.NA] * 20, dtype="Int64"))
    layout = Layout(DESIGN, LEVELS, {"q": SHARES["q"]}, ("region",))
    found = estimate_counts(count_parts([silent, frame.iloc[20:]], layout), layout)
    whole = pd.concat([silent, frame.iloc[20:]])
    expected = estimate_questions(whole, {"q": SHARES["q"]}, design=DESIGN, by="region")
    assert_same(found, expected)


def test_files_and_processes(tmp_path):
    frame = make_frame(5000, 2).assign(population=90_000.0)
    for place, part in enumerate(cut(frame, [1000, 2500])):
        part.to_parquet(tmp_path / f"part-{place}.parquet", row_group_size=600, index=False)
    parts = list_parts(tmp_path)
    assert sum(part.rows for part in parts) == 5000
    assert len(parts) == 2 + 3 + 5
    layout = Layout(DESIGN, LEVELS, {**SHARES, **SCORE}, ("region",))
    with ProcessPoolExecutor(2) as pool:
        counts = count_parts(parts, layout, read=read_part, map_parts=pool.map)
    found = estimate_counts(counts, layout)
    expected = estimate_questions(frame, SHARES, design=DESIGN, by="region")
    found = found[found["question"] != "score"].reset_index(drop=True)
    assert_same(found, expected)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"design": Design(weight="weight", psu="region")}, "may lie in several parts"),
        ({"questions": {"q": {}}}, "levels or answers not given: q"),
        ({"by": ("commune",)}, "levels or answers not given: commune"),
    ],
)
def test_layout_that_cannot_be(change, words):
    options = {"design": DESIGN, "levels": LEVELS, "questions": SHARES} | change
    with pytest.raises(InputError, match=words):
        Layout(**options)


def test_level_outside_the_layout():
    frame = make_frame(30, 3)
    layout = Layout(DESIGN, LEVELS | {"region": ["11", "53"]}, SHARES, ("region",))
    lost = (frame["region"] == "94").sum()
    with pytest.raises(InputError, match=f"'region': {lost} values are none of its levels .94."):
        count_part(frame, layout)


def test_population_that_varies_between_parts():
    frame = make_frame(60, 4)
    other = frame.iloc[30:].assign(population=9000.0)
    layout = Layout(DESIGN, LEVELS, SHARES)
    counts = count_parts([frame.iloc[:30], other], layout)
    with pytest.raises(InputError, match="population count varies within 2 strata"):
        estimate_counts(counts, layout)


def test_nobody_answered():
    frame = make_frame(30, 5).assign(q=pd.array([pd.NA] * 30, dtype="Int64"))
    layout = Layout(DESIGN, LEVELS, {"q": SHARES["q"]})
    with pytest.raises(InputError, match="'q': no answer in 30 rows"):
        estimate_counts(count_parts([frame], layout), layout)


def test_no_part():
    with pytest.raises(InputError, match="parts: none"):
        count_parts([], Layout(DESIGN, LEVELS, SHARES))


def test_one_unit_in_a_stratum_over_all_parts():
    frame = make_frame(40, 6)
    frame["size"] = pd.Categorical(["large", *["small"] * 39], LEVELS["size"])
    layout = Layout(Design(weight="weight", strata=("size",)), LEVELS, SHARES)
    with pytest.raises(InputError, match=r"1 strata with one unit \(large\)"):
        estimate_counts(count_parts(cut(frame, [20]), layout), layout)
