"""Marks of two waves side by side: which appeared, vanished or flipped."""

import pandas as pd

from helpers.data.errors import InputError
from helpers.data.language import message, tr

_KEYS = ["question", "answer", "domain_variable", "domain"]


def compare_marks(first: pd.DataFrame, second: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """Say which marks of a domain variable appeared, vanished or flipped between two waves.

    A mark compares a domain with the rest of its own wave. It can come or go without any
    change in the domain: because the rest moved, or because one base was too small to
    show the gap. Only `changes` tells whether the domain itself changed.

    Parameters
    ----------
    first, second : pandas.DataFrame
        Estimate tables of one question by one domain variable, one per wave.
    changes : pandas.DataFrame
        From `helpers.stats.changes.compare_waves`, for the same question and domain variable.

    Returns
    -------
    pandas.DataFrame
        One row per domain and answer: `question`, `answer`, `domain_variable`, `domain`,
        `mark_first`, `mark_second`, `event` (``appeared``, ``vanished``, ``flipped``,
        ``kept``, ``no mark``, ``untestable`` when either wave could not be tested),
        `difference`, `p_adjusted` and `change`, the mark of the domain's own change, and
        `reading`, both in words.

    Raises
    ------
    InputError
        If the three tables are not of the same question and domain variable.
    """
    for name, other in (("second", second), ("changes", changes)):
        if set(map(tuple, other[_KEYS].values)) != set(map(tuple, first[_KEYS].values)):
            raise InputError(
                f"{name}: its rows are not those of the first table "
                f"({_name_tables(first)} and {_name_tables(other)}); "
                "compare one question by one domain variable."
            )
    table = first[[*_KEYS, "mark"]].merge(
        second[[*_KEYS, "mark"]], on=_KEYS, suffixes=("_first", "_second"), validate="1:1"
    )
    changed = changes[[*_KEYS, "difference", "p_adjusted", "mark"]].rename(
        columns={"mark": "change"}
    )
    table = table.merge(changed, on=_KEYS, validate="1:1")
    pairs = zip(table["mark_first"], table["mark_second"], strict=True)
    table.insert(len(_KEYS) + 2, "event", [_name_event(*pair) for pair in pairs])
    table["reading"] = [
        tr("{event}; {change}", event=tr(_EVENTS[event]), change=tr(_CHANGES[change]))
        for event, change in zip(table["event"], table["change"], strict=True)
    ]
    return table


_EVENTS = {
    "appeared": message("a mark appeared"),
    "vanished": message("the mark vanished"),
    "flipped": message("the mark flipped"),
    "kept": message("the mark stayed"),
    "no mark": message("no mark in either wave"),
    "untestable": message("one of the waves could not be tested against its rest"),
}
_CHANGES = {
    "higher": message("the domain itself rose significantly"),
    "lower": message("the domain itself fell significantly"),
    "none": message("the domain itself did not change significantly"),
    "untestable": message("whether the domain itself changed could not be tested"),
}


def _name_event(before: str, after: str) -> str:
    if "untestable" in (before, after):
        return "untestable"
    if before == after:
        return "no mark" if before == "none" else "kept"
    return {("none", after): "appeared", (before, "none"): "vanished"}.get(
        (before, after), "flipped"
    )


def _name_tables(table: pd.DataFrame) -> str:
    names = table[["question", "domain_variable"]].drop_duplicates().agg(" by ".join, axis=1)
    return ", ".join(names) or "an empty table"
