"""Checks of regions and communes against the official lists, before they are recoded."""

from collections.abc import Iterator

import pandas as pd

from helpers.data.communes import CommuneResolution, describe_communes
from helpers.data.territories import Resolution
from helpers.run.findings import Finding
from helpers.run.sheet import Sheet, count, show_values


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


def check_places(sheet: Sheet, communes: pd.Series, *, column: str) -> Iterator[Finding]:
    """Compare the region and size of each respondent with those of their commune.

    Parameters
    ----------
    sheet : Sheet
    communes : pandas.Series
        Codes of communes, one per row of the sheet, missing where unknown.
    column : str
        How the source calls the column of communes.

    Yields
    ------
    Finding
        One warning per domain variable that differs.
    """
    derived = describe_communes(communes.reset_index(drop=True))
    for name in derived.columns.intersection([domain.id for domain in sheet.domains]):
        given = sheet.frame[name]
        differs = given.notna() & derived[name].notna() & given.ne(derived[name])
        if differs.any():
            first = differs.index[differs][0]
            yield sheet.find(
                "warning", "territories", [name],
                f"{count(int(differs.sum()), 'respondent')} differ from what column {column} "
                f"gives, the first with {given[first]} for {derived.loc[first, name]}.",
                rows=differs,
            )  # fmt: skip
