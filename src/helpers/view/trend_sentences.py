"""Trends in words: values as printed, changes only as far as they were tested."""

import pandas as pd

from helpers.data.language import message, tr, write_number
from helpers.view.provenance import WORDS
from helpers.view.scales import Scale, scale_of
from helpers.view.sentences import describe_estimate
from helpers.view.trends import list_notes, write_value

_STATES = {
    "apart": message("apart"),
    "published": message("published"),
    "reconstructed": message("reconstructed"),
    "real": message("real"),
}
_POINTS = {
    "": message("{value} in {wave} ({state})"),
    "same": message("{value} in {wave} ({state}, same wording as in {joined})"),
    "near": message("{value} in {wave} ({state}, near wording as in {joined})"),
}
_MOVES = {
    "higher": message(
        "- {name}: {first} in {wave_first}, {second} in {wave_second}; rose significantly "
        "({points} points, adjusted p {p})."
    ),
    "lower": message(
        "- {name}: {first} in {wave_first}, {second} in {wave_second}; fell significantly "
        "({points} points, adjusted p {p})."
    ),
    "none": message(
        "- {name}: {first} in {wave_first}, {second} in {wave_second}; did not change "
        "significantly ({points} points, adjusted p {p})."
    ),
    "untestable": message(
        "- {name}: {first} in {wave_first}, {second} in {wave_second}; not tested ({reason})."
    ),
}
# By the direction of the change and whether it holds in the least favourable case.
_BOUNDS = {
    (True, True): message(
        "- {name}: a rise of at least {gap} points once both roundings are counted; significant "
        "for any respondents with these figures in simple random samples of at least {n_first} "
        "and {n_second}, and up to a design effect of {deff}."
    ),
    (False, True): message(
        "- {name}: a fall of at least {gap} points once both roundings are counted; significant "
        "for any respondents with these figures in simple random samples of at least {n_first} "
        "and {n_second}, and up to a design effect of {deff}."
    ),
    (True, False): message(
        "- {name}: a rise of at least {gap} points once both roundings are counted, which answers "
        "spread as widely as these figures allow could hide."
    ),
    (False, False): message(
        "- {name}: a fall of at least {gap} points once both roundings are counted, which answers "
        "spread as widely as these figures allow could hide."
    ),
}
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
        What kinds of data are shown; the least and the greatest value; then the points, trend
        by trend, which are joined, which stand apart; then the notes.
    """
    kinds = [f"{tr(WORDS[kind])}." for kind in points["provenance"].drop_duplicates()]
    parts = [_describe_span(points, names, key)]
    for _, own in points.groupby(_CELL, sort=False):
        values = ", ".join(_describe_point(row) for row in own.to_dict("records"))
        parts.append(tr("{name}: {values}.", name=names[own[key].iloc[0]], values=values))
    notes = list_notes(points)
    tail = [tr("Notes: {notes}", notes=" ".join(notes))] if notes else []
    return " ".join([*kinds, *filter(None, parts), *tail])


def describe_points(points: pd.DataFrame, names: dict[str, str]) -> list[str]:
    """Give every point with its interval and base, as lines of a list.

    Parameters
    ----------
    points : pandas.DataFrame
        Rows of trends of `helpers.stats.trends.build_trend`.
    names : dict
        Actor to its name.

    Returns
    -------
    list of str
    """
    return [
        tr(
            "- {actor} {wave}: {estimate}",
            actor=names[row["actor"]],
            wave=row["wave"],
            estimate=describe_estimate(row),
        )
        for _, row in points.iterrows()
    ]


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


def _describe_span(points: pd.DataFrame, names: dict[str, str], key: str) -> str:
    """Between which values the points lie; empty if none has a value."""
    known = points[points["estimate"].notna()].sort_values("estimate", kind="stable")
    if known.empty:
        return ""
    ends = {"low": known.iloc[0], "high": known.iloc[-1]}
    places = {
        place: tr("{name} in {wave}", name=names[row[key]], wave=row["wave"])
        for place, row in ends.items()
    }
    return tr(
        "Values by year, {first} to {last}: from {low} ({lowest}) to {high} ({highest}).",
        first=points["year"].min(), last=points["year"].max(),
        low=write_value(ends["low"]), high=write_value(ends["high"]),
        lowest=places["low"], highest=places["high"],
    )  # fmt: skip


def _describe_point(row: dict) -> str:
    if pd.isna(row["estimate"]):
        return tr("withheld in {wave}", wave=row["wave"])
    point, state = _POINTS[row["join"]], "apart" if row["apart"] else row["provenance"]
    return tr(
        point,
        value=write_value(row),
        wave=row["wave"],
        state=tr(_STATES[state]),
        joined=row["joined"],
    )


def _describe_change(row: dict, name: str) -> str:
    scale = scale_of(row)
    move, tested = _MOVES[row["mark"]], row["mark"] != "untestable"
    points = scale.factor * abs(row["difference"])
    return tr(
        move,
        name=tr("{name} (near wording)", name=name) if row["verdict"] == "near" else name,
        first=_end(row, scale, "first"),
        wave_first=row["first"],
        second=_end(row, scale, "second"),
        wave_second=row["second"],
        points=write_number(points, scale.decimals + 1),
        p=_compare(row["p_adjusted"]) if tested else "",
        reason=row["reason"],
    )


def _describe_bound(row: dict, name: str) -> str:
    scale = scale_of(row)
    holds = row["bound"] == "holds"
    return tr(
        _BOUNDS[bool(row["difference"] > 0), holds],
        name=name,
        gap=write_number(scale.factor * row["gap_least"], scale.decimals),
        n_first=write_number(row["n_first"]),
        n_second=write_number(row["n_second"]),
        deff=write_floor(row["deff_least"]) if holds else "",
    )


def _end(row: dict, scale: Scale, side: str) -> str:
    """A value with the decimals it is read with: half points of derived rates are kept."""
    value = row[f"estimate_{side}"]
    if pd.isna(value):
        return tr("no figure")
    text = scale.number(value, more=1)
    return f"{scale.number(value) if text.endswith('0') else text}{scale.sign}"


def _compare(p: float) -> str:
    """A p-value after its sign, e.g. ``= 0.012``."""
    return f"< {write_number(0.001, 3)}" if p < 0.001 else f"= {write_number(p, 3)}"


def write_floor(value: float) -> str:
    """A design effect to one decimal, never rounded up."""
    return write_number(int(10 * value) / 10, 1)
