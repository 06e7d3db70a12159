"""What the checks of an incoming wave found: one finding per column and kind of mistake."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from helpers.data.errors import InputError

SHOWN = 5  # values and rows named in a message; the count says how many there are


@dataclass(frozen=True)
class Finding:
    """One thing a check found in one column.

    Attributes
    ----------
    level : {"error", "warning", "note"}
        An error stops the intake; a warning and a note do not.
    check : str
        Name of the check, e.g. ``"unknown answers"``.
    column : str
        Column of the source file, or "" for the whole file.
    message : str
        What is wrong and what would be valid, in one sentence.
    count : int
        Number of rows concerned.
    values : tuple of str
        The first offending values, at most `SHOWN`.
    rows : tuple of int
        The first rows of the source concerned, from 1, at most `SHOWN`.
    """

    level: Literal["error", "warning", "note"]
    check: str
    column: str
    message: str
    count: int = 0
    values: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()


def raise_errors(findings: Iterable[Finding], *, name: str) -> None:
    """Raise the errors among some findings, one line each.

    Parameters
    ----------
    findings : iterable of Finding
    name : str
        The file they are about.

    Raises
    ------
    InputError
        If there is any; each line names file, column, message, values, count and rows.
    """
    lines = [_describe(finding, name) for finding in findings if finding.level == "error"]
    if lines:
        raise InputError("\n".join(lines))


def _describe(finding: Finding, name: str) -> str:
    place = f"column {finding.column}: " if finding.column else ""
    rows = f" (first at rows {', '.join(map(str, finding.rows))})" if finding.rows else ""
    return f"{name}: {place}{finding.message}{rows}"
