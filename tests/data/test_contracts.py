"""Broken contracts column by column: what is good is coerced, what is not is counted and placed."""

import numpy as np
import pandas as pd
import pandera.pandas as pa
import pytest

from helpers.data.contracts import Mistake, find_mistakes

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
