"""Checks of regions and communes against the official lists, before they are recoded."""

from collections.abc import Iterator

import pandas as pd

from helpers.data.communes import CommuneResolution
from helpers.data.territories import Resolution
from helpers.run.findings import Finding
from helpers.run.sheet import count, show_values


def check_territories(
    values: pd.Series, resolution: Resolution | CommuneResolution, *, column: str
) -> Iterator[Finding]:
    """Say which values were not understood, and how the others were.

    Parameters
    ----------
    values : pandas.Series
        As given to `resolve_regions` or `resolve_communes`.
    resolution : Resolution or CommuneResolution
        What they returned.
    column : str
        How the source calls the column.

    Yields
    ------
    Finding
        One error per reason, with the closest names; one note per way of understanding that
        changed the code.
    """
    unresolved = resolution.unresolved
    for reason, group in unresolved.groupby("reason", sort=False):
        shown = show_values(group["value"])
        named = [
            f"{value} (closest: {', '.join(closest)})" if closest else value
            for value, closest in zip(shown, group["closest"], strict=False)
        ]
        rows = values.reset_index(drop=True).astype(str).str.strip().isin(group["value"])
        number = int(group["n"].sum())
        yield Finding(
            "error", "territories", column,
            f"{count(len(group), 'value')} in {count(number, 'row')}: {reason}: "
            f"{', '.join(named)}.",
            number, shown, tuple(int(row) + 1 for row in rows.index[rows][:5]),
        )  # fmt: skip
    understood = resolution.understood
    changed = understood[understood["value"] != understood["code"]]
    for how, group in changed.groupby("how", sort=False):
        pairs = [f"{row.value} as {row.code}" for row in group.head(5).itertuples()]
        rest = ", …" if len(group) > 5 else "."
        number = int(group["n"].sum())
        yield Finding(
            "note", "territories", column,
            f"{count(len(group), 'value')} in {count(number, 'row')} read as {how}: "
            f"{', '.join(pairs)}{rest}",
            number,
        )  # fmt: skip
