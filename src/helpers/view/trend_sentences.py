"""Trends in words: values as printed, changes only as far as they were tested."""

import pandas as pd

from helpers.view.provenance import WORDS
from helpers.view.scales import Scale, scale_of
from helpers.view.trends import list_notes, write_value

_MOVES = {"higher": "rose significantly", "lower": "fell significantly",
          "none": "did not change significantly"}  # fmt: skip
_CELL = ["survey", "question", "answer", "domain_variable", "domain"]


def describe_trend(points: pd.DataFrame, names: dict[str, str], key: str = "actor") -> str:
    """List every point of some trends, for those who cannot see the figure.

    Parameters
    ----------
    points : pandas.DataFrame
        Rows of trends of `helpers.stats.trends.build_trend`.
    names : dict
        Value of the column `key` to its name.
    key : {"actor", "answer"}

    Returns
    -------
    str
        What kinds of data are shown; then the points, trend by trend, which are joined, which
        stand apart; then the notes.
    """
    kinds = [f"{WORDS[kind]}." for kind in points["provenance"].drop_duplicates()]
    parts = []
    for _, own in points.groupby(_CELL, sort=False):
        values = [_describe_point(row) for row in own.to_dict("records")]
        parts.append(f"{names[own[key].iloc[0]]}: {', '.join(values)}.")
    notes = list_notes(points)
    tail = [f"Notes: {' '.join(notes)}"] if notes else []
    return " ".join([*kinds, *parts, *tail])


def describe_changes(changes: pd.DataFrame, names: dict[str, str], key: str = "actor") -> list[str]:
    """Say of each change what its test says, or why there is none.

    Parameters
    ----------
    changes : pandas.DataFrame
        From `helpers.stats.trends.compare_trends`.
    names : dict
        Value of the column `key` to its name.
    key : {"actor", "answer"}

    Returns
    -------
    list of str
        One line of a list per change. Only a tested change is said to have risen or fallen.
    """
    return [_describe_change(row, names[row[key]]) for row in changes.to_dict("records")]


def describe_bounds(bounds: pd.DataFrame, names: dict[str, str], key: str = "actor") -> list[str]:
    """Say of each change between published figures how far it holds in the least favourable case.

    Parameters
    ----------
    bounds : pandas.DataFrame
        From `helpers.stats.bounds.bound_changes`.
    names : dict
        Value of the column `key` to its name.
    key : {"actor", "answer"}

    Returns
    -------
    list of str
        One line of a list per change that can be bounded; each says under what it holds.
    """
    rows = bounds[bounds["bound"] != "not computable"].to_dict("records")
    return [_describe_bound(row, names[row[key]]) for row in rows]


def _describe_point(row: dict) -> str:
    if pd.isna(row["estimate"]):
        return f"withheld in {row['wave']}"
    state = "apart" if row["apart"] else row["provenance"]
    joined = f", {row['join']} wording as in {row['joined']}" if row["joined"] else ""
    return f"{write_value(row)} in {row['wave']} ({state}{joined})"


def _describe_change(row: dict, name: str) -> str:
    scale = scale_of(row)
    values = f"{_end(row, scale, 'first')} in {row['first']}, {_end(row, scale, 'second')} in " \
             f"{row['second']}"  # fmt: skip
    near = " (near wording)" if row["verdict"] == "near" else ""
    if row["mark"] == "untestable":
        return f"- {name}{near}: {values}; not tested ({row['reason']})."
    points = scale.factor * abs(row["difference"])
    p = "p < 0.001" if row["p_adjusted"] < 0.001 else f"p = {row['p_adjusted']:.3f}"
    return (
        f"- {name}{near}: {values}; {_MOVES[row['mark']]} "
        f"({points:.{scale.decimals + 1}f} points, adjusted {p})."
    )


def _describe_bound(row: dict, name: str) -> str:
    scale = scale_of(row)
    gap = f"{scale.factor * row['gap_least']:.{scale.decimals}f}"
    moved = "rise" if row["difference"] > 0 else "fall"
    least = f"- {name}: a {moved} of at least {gap} points once both roundings are counted"
    if row["bound"] != "holds":
        return f"{least}, which answers spread as widely as these figures allow could hide."
    return (
        f"{least}; significant for any respondents with these figures in simple random samples of "
        f"at least {row['n_first']:,.0f} and {row['n_second']:,.0f}, and up to a design effect of "
        f"{_floor(row['deff_least'])}."
    )


def _end(row: dict, scale: Scale, side: str) -> str:
    """A value with the decimals it is read with: half points of derived rates are kept."""
    value = row[f"estimate_{side}"]
    if pd.isna(value):
        return "no figure"
    text = scale.number(value, more=1).removesuffix("0").removesuffix(".")
    return f"{text}{scale.sign}"


def _floor(value: float) -> str:
    """One decimal, never rounded up."""
    return f"{int(10 * value) / 10:.1f}"
