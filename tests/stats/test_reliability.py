"""Reliability rules, and secondary suppression."""

import numpy as np
import pandas as pd
import pytest

from helpers.data.errors import InputError
from helpers.stats.reliability import flag
from helpers.stats.suppression import suppress_complements


def estimate(n, p, deff=1.0, df=None):
    """One estimate with the standard error its base and design effect give."""
    se = np.sqrt(deff * p * (1 - p) / n) if n else np.nan
    df = n - 1 if df is None else df
    return {"n": n, "estimate": p, "se": se, "df": df}


@pytest.mark.parametrize(
    ("row", "state", "reason"),
    [
        (estimate(1000, 0.4), "ok", ""),
        (estimate(29, 0.5), "suppress", "n < 30; interval 30 points wide or more"),
        (
            estimate(58, 0.5, deff=2),
            "suppress",
            "effective n < 30; interval 30 points wide or more",
        ),
        (estimate(40, 0.5), "suppress", "interval 30 points wide or more"),
        (estimate(200, 0.5, df=7), "warn", "fewer than 8 degrees of freedom"),
        (estimate(100, 0.03), "suppress", "interval wider than 130 % of the estimate"),
        (estimate(100, 0.97), "warn", "interval wider than 130 % of the complement"),
        (estimate(1000, 0.005), "ok", ""),
        (estimate(50, 0.0), "warn", "estimate of 0 or 100 %"),
        (estimate(50, 1.0), "warn", "estimate of 0 or 100 %"),
        (estimate(0, np.nan, df=0), "suppress", "no respondent"),
    ],
)
def test_nchs_standards(row, state, reason):
    flagged = flag(pd.DataFrame([row]), rule="nchs-2017").iloc[0]
    assert (flagged["reliability"], flagged["reason"]) == (state, reason)


def test_nchs_caps_the_effective_base_at_n():
    # Stratification gains (deff 0.1) count as n = 40, where 0.5 is 32 points wide.
    flagged = flag(pd.DataFrame([estimate(40, 0.5, deff=0.1)]))
    assert flagged["reason"].tolist() == ["interval 30 points wide or more"]


def test_each_row_of_many_keeps_its_own_reasons():
    rows = [estimate(29, 0.5), estimate(1000, 0.4), estimate(200, 0.0, df=7), estimate(29, 0.5)]
    flagged = flag(pd.DataFrame(rows, index=[7, 3, 3, 0]))
    assert flagged.index.tolist() == [7, 3, 3, 0]
    assert flagged["reliability"].tolist() == ["suppress", "ok", "warn", "suppress"]
    small = "n < 30; interval 30 points wide or more"
    extreme = "estimate of 0 or 100 %; fewer than 8 degrees of freedom"
    assert flagged["reason"].tolist() == [small, "", extreme, small]
    assert flag(pd.DataFrame(rows).iloc[:0])["reason"].tolist() == []


def test_house_rule_and_no_rule():
    table = pd.DataFrame([estimate(29, 0.5), estimate(30, 0.5), estimate(0, np.nan)])
    house = flag(table, rule="n30")
    assert house["reliability"].tolist() == ["suppress", "ok", "suppress"]
    assert house["reason"].tolist() == ["n < 30", "", "no respondent"]
    assert flag(table, rule="none")["reliability"].tolist() == ["ok", "ok", "suppress"]
    assert "reliability" not in table


def test_estimates_that_cannot_be_flagged():
    table = pd.DataFrame([estimate(100, 0.5)])
    with pytest.raises(InputError, match="rule 'strict': must be one of nchs-2017, n30, none"):
        flag(table, rule="strict")
    with pytest.raises(InputError, match="columns absent: se, df"):
        flag(table[["n", "estimate"]])
    with pytest.raises(InputError, match=r"1 outside 0 to 1 .7.*for proportions"):
        flag(table.assign(estimate=7.0))
    assert flag(table.assign(estimate=7.0), rule="n30")["reliability"].tolist() == ["ok"]


def table_of(sizes, withheld):
    """A table of answers by region; the pairs in `withheld` are suppressed."""
    rows = [
        {"answer": answer, "region": region, "n": n, "reliability": "ok", "reason": ""}
        for region, row in sizes.items()
        for answer, n in row.items()
    ]
    table = pd.DataFrame(rows)
    hidden = [pair in withheld for pair in zip(table["answer"], table["region"], strict=True)]
    table.loc[hidden, ["reliability", "reason"]] = ["suppress", "n < 30"]
    return table


def hidden_cells(table):
    return set(table.loc[table["reliability"] == "suppress", ["answer", "region"]]
               .itertuples(index=False, name=None))  # fmt: skip


SIZES = {
    "11": {"a": 90, "b": 80, "c": 70},
    "24": {"a": 60, "b": 50, "c": 40},
    "53": {"a": 31, "b": 32, "c": 9},
}


def test_one_withheld_region_takes_the_next_smallest_along():
    table = table_of({r: {"a": row["a"]} for r, row in SIZES.items()}, {("a", "53")})
    result = suppress_complements(table, totals=[["answer"]])
    assert hidden_cells(result) == {("a", "53"), ("a", "24")}
    words = "withheld so that another figure cannot be found by subtraction"
    assert result["reason"].tolist() == ["", words, "n < 30"]
    assert hidden_cells(table) == {("a", "53")}


def test_no_withheld_figure_follows_from_rows_and_columns():
    result = suppress_complements(table_of(SIZES, {("c", "53")}), totals=[["answer"], ["region"]])
    cells = hidden_cells(result)
    for position in (0, 1):
        counts = pd.Series([cell[position] for cell in cells]).value_counts()
        assert (counts >= 2).all()
    assert len(cells) == 4


def test_two_withheld_protect_each_other_and_empty_rows_do_not():
    table = table_of({r: {"a": row["a"]} for r, row in SIZES.items()}, {("a", "53"), ("a", "24")})
    pd.testing.assert_frame_equal(suppress_complements(table, totals=[["answer"]]), table)
    empty = table.assign(n=[90, 0, 31])
    assert hidden_cells(suppress_complements(empty, totals=[["answer"]])) == {
        ("a", region) for region in SIZES
    }


def test_nothing_withheld_changes_nothing():
    table = table_of(SIZES, set())
    pd.testing.assert_frame_equal(suppress_complements(table, totals=[["answer"]]), table)


def test_figures_that_equal_a_shown_total():
    table = table_of({"53": {"a": 9}}, {("a", "53")})
    with pytest.raises(InputError, match=r"1 withheld figures equal a total .* withhold the total"):
        suppress_complements(table, totals=[["answer"]])
    with pytest.raises(InputError, match="columns absent: town"):
        suppress_complements(table, totals=[["town"]])
