"""Broken contracts column by column: what is good is coerced, what is not is counted and placed."""

import contextlib

import numpy as np
import pandas as pd
import pandera.pandas as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data import contracts
from helpers.data.contracts import Mistake, check_contract, find_mistakes
from helpers.data.errors import InputError

SCHEMA = pa.DataFrameSchema(
    {
        "code": pa.Column(pd.Int64Dtype(), pa.Check.isin([1, 2]), nullable=True),
        "chosen": pa.Column(pd.BooleanDtype(), nullable=True),
        "region": pa.Column(str, pa.Check.isin(["11", "53"]), nullable=True),
    },
    coerce=True,
)


def build_frame(**columns):
    good = {"code": [1, None, 2], "chosen": [1, 0, None], "region": ["11", None, "53"]}
    return pd.DataFrame(good | columns, index=[10, 20, 30])


def test_good_columns_are_coerced_and_counted_from_zero():
    good, mistakes = find_mistakes(build_frame(code=["1", None, "2"]), SCHEMA)
    assert mistakes == []
    assert good.index.tolist() == [0, 1, 2]
    assert good["code"].tolist() == [1, pd.NA, 2]
    assert good["chosen"].tolist() == [True, False, pd.NA]


@pytest.mark.parametrize(
    ("columns", "mistake"),
    [
        ({"code": [7, 1, 7]}, Mistake("code", "not among the codes 1, 2", 2, ("7",), (1, 3))),
        ({"code": ["x", "1", None]}, Mistake("code", "not a whole number", 1, ("x",), (1,))),
        ({"code": [1.5, 1, None]}, Mistake("code", "not a whole number", 1, ("1.5",), (1,))),
        ({"code": [1, np.inf, 2]}, Mistake("code", "not a whole number", 1, ("inf",), (2,))),
        ({"chosen": [2, 1, 0]}, Mistake("chosen", "not true or false", 1, ("2",), (1,))),
        ({"chosen": ["yes", "no", None]},
         Mistake("chosen", "not true or false", 2, ("yes", "no"), (1, 2))),
        ({"region": ["11", "99", None]},
         Mistake("region", "not among the codes 11, 53", 1, ("99",), (2,))),
    ],
)  # fmt: skip
def test_a_broken_column_has_one_mistake_and_leaves_the_others(columns, mistake):
    good, mistakes = find_mistakes(build_frame(**columns), SCHEMA)
    assert mistakes == [mistake]
    assert sorted(good) == sorted(set(SCHEMA.columns) - set(columns))


def test_columns_missing_and_unexpected_are_told():
    frame = build_frame().drop(columns="code").assign(extra=1)
    good, mistakes = find_mistakes(frame, SCHEMA)
    assert {(mistake.column, mistake.rule) for mistake in mistakes} == {
        ("code", "missing from the file"),
        ("extra", "unexpected: the codebook has no such column"),
    }
    assert sorted(good) == ["chosen", "region"]


def test_all_mistakes_are_found_at_once():
    _, mistakes = find_mistakes(build_frame(code=[9, 9, 9], region=["x", "y", "z"]), SCHEMA)
    assert [(mistake.column, mistake.count) for mistake in mistakes] == [("code", 3), ("region", 3)]


EVERY_KIND = pa.DataFrameSchema(
    {
        "key": pa.Column(str, unique=True),
        "name": pa.Column(str, pa.Check.str_length(min_value=1)),
        "state": pa.Column(str, pa.Check.isin(["ok", "warn"]), nullable=True),
        "n": pa.Column(int, pa.Check.ge(0)),
        "share": pa.Column(float, pa.Check.in_range(0, 1), nullable=True),
        "weight": pa.Column(float, pa.Check.gt(0)),
        "code": pa.Column(pd.Int64Dtype(), pa.Check.isin([1, 2]), nullable=True),
        "chosen": pa.Column(pd.BooleanDtype(), nullable=True),
        "comparable": pa.Column(bool),
    },
    checks=[pa.Check(lambda table: table["share"].isna() | (table["n"] > 1), name="share of some")],
    unique=["name", "n"],
    strict=True,
    coerce=True,
)
GOOD = {
    "key": "abcdefgh", "name": "xyz", "state": ["ok", "warn", None], "n": [2, 3, 40],
    "share": [0.0, 0.5, 1.0, None], "weight": [0.1, 2.0], "code": [1, 2, None],
    "chosen": [True, False, None], "comparable": [True, False],
}  # fmt: skip
WRONG = {
    "key": [None], "name": ["", None], "state": ["bad"], "n": [0, -1, 2.5], "share": [1.5, "half"],
    "weight": [0.0, None], "code": [3, 1.5], "chosen": [2], "comparable": [None],
}  # fmt: skip


@st.composite
def draw_frame(draw):
    """A frame that keeps the contract, or has a column of another type, or wrong values."""
    rows = draw(st.integers(0, 3))
    names = [None, *EVERY_KIND.columns]
    wrong, other = (draw(st.sampled_from(names)) for _ in range(2))
    frame = {}
    for name, column in EVERY_KIND.columns.items():
        some = [*GOOD[name], *(WRONG[name] if name == wrong else [])]
        values = draw(st.lists(st.sampled_from(some), min_size=rows, max_size=rows))
        dtypes = [object, float, str, "Int64"] if name == other else []
        dtype = draw(st.sampled_from([column.dtype.type, *dtypes]))
        frame[name] = pd.Series(values, dtype=object)
        with contextlib.suppress(TypeError, ValueError):
            frame[name] = frame[name].astype(dtype)
    frame = pd.DataFrame(frame).set_axis(draw(st.permutations(range(rows))))
    change = draw(st.sampled_from(["none"] * 6 + ["order", "missing", "unexpected"]))
    changed = {
        "order": frame[frame.columns[::-1]],
        "missing": frame.drop(columns="n"),
        "unexpected": frame.assign(extra=1),
    }
    return changed.get(change, frame)


def tell(frame):
    try:
        return check_contract(frame, EVERY_KIND, name="table")
    except InputError as error:
        return str(error)


@settings(deadline=None)
@given(draw_frame())
def test_what_is_kept_is_what_pandera_keeps(frame):
    before = frame.copy()
    found = tell(frame)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(contracts, "_is_kept", lambda frame, schema: False)
        due = tell(frame)
    if isinstance(due, str):
        assert found == due
    else:
        pd.testing.assert_frame_equal(found, due)
        assert found is not frame
    pd.testing.assert_frame_equal(frame, before)
