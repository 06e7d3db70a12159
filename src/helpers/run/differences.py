"""What differs between the numbers of two runs."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from helpers.data.errors import InputError
from helpers.run.keys import explain_change
from helpers.run.manifests import NUMBERS, RUNS, read_manifest

_SAME = ["n", "estimate", "ci_low", "ci_high", "reliability", "mark"]
_NUMERIC = ["n", "estimate", "ci_low", "ci_high"]
TOLERANCE = 1e-12


@dataclass(frozen=True)
class Differences:
    """Differences of a second run from a first.

    Attributes
    ----------
    reasons : list of str
        Inputs that differ.
    added, removed : list of str
        Ids of numbers that only the second, or the first, shows.
    numbers : pandas.DataFrame
        Rows whose base, estimate, interval or state differ: `id`, and each of them
        before and after.
    marks : pandas.DataFrame
        Rows whose mark differs: `id`, `mark_before`, `mark_after`.
    """

    reasons: list[str]
    added: list[str]
    removed: list[str]
    numbers: pd.DataFrame
    marks: pd.DataFrame


def compare_runs(first: str, second: str, reports: Path) -> Differences:
    """Compare the numbers of two runs.

    Parameters
    ----------
    first, second : str
        Keys of runs.
    reports : pathlib.Path
        The folder `reports/`.

    Returns
    -------
    Differences

    Raises
    ------
    InputError
        If a run is unknown or kept no numbers.
    """
    inputs = [read_manifest(key, reports).inputs for key in (first, second)]
    one, two = (_read_numbers(key, reports) for key in (first, second))
    both = one.join(two, how="inner", suffixes=("_before", "_after"))
    changed = pd.Series(False, index=both.index)
    for name in _SAME[:-1]:
        changed |= ~_equal(both[f"{name}_before"], both[f"{name}_after"], name)
    columns = [f"{name}_{side}" for name in _SAME[:-1] for side in ("before", "after")]
    other = both["mark_before"] != both["mark_after"]
    return Differences(
        reasons=explain_change(*inputs),
        added=sorted(two.index.difference(one.index)),
        removed=sorted(one.index.difference(two.index)),
        numbers=both.loc[changed, columns].reset_index(),
        marks=both.loc[other, ["mark_before", "mark_after"]].reset_index(),
    )


def describe_differences(found: Differences, limit: int = 20) -> list[str]:
    """Write differences as lines of a terminal.

    Parameters
    ----------
    found : Differences
    limit : int
        Rows named of each kind.

    Returns
    -------
    list of str
    """
    lines = [f"inputs: {'; '.join(found.reasons) or 'the same'}"]
    for title, ids in (("only in the second", found.added), ("only in the first", found.removed)):
        if ids:
            lines += [
                f"{title}: {len(ids)} numbers",
                *_shorten([f"  {name}" for name in ids], limit),
            ]
    lines.append(f"numbers changed: {len(found.numbers)}")
    rows = [
        f"  {row.id}: {_write(row.estimate_before)} -> {_write(row.estimate_after)}"
        f" (n {row.n_before:g} -> {row.n_after:g})"
        for row in found.numbers.itertuples()
    ]
    lines += _shorten(rows, limit)
    lines.append(f"marks changed: {len(found.marks)}")
    rows = [
        f"  {row.id}: {row.mark_before} -> {row.mark_after}" for row in found.marks.itertuples()
    ]
    return lines + _shorten(rows, limit)


def _read_numbers(key: str, reports: Path) -> pd.DataFrame:
    path = reports / RUNS / key / NUMBERS
    if not path.is_file():
        raise InputError(f"reports/{RUNS}/{key}: it kept no numbers: its page shows no estimate.")
    table = pd.read_csv(path, encoding="utf-8-sig", dtype={"id": str, "mark": str})
    table["mark"] = table["mark"].fillna("")
    table["reliability"] = table["reliability"].fillna("")
    # A number that two tables of a page show is one number.
    return table.drop_duplicates("id").set_index("id")[_SAME]


def _equal(before: pd.Series, after: pd.Series, name: str) -> pd.Series:
    if name not in _NUMERIC:
        return before == after
    close = (before - after).abs() <= TOLERANCE * before.abs().clip(lower=1)
    return close | (before.isna() & after.isna())


def _write(value: float) -> str:
    return "none" if pd.isna(value) else f"{value:.6g}"


def _shorten(lines: list[str], limit: int) -> list[str]:
    more = len(lines) - limit
    return [*lines[:limit], f"  … {more} more"] if more > 0 else lines
