"""The fragilities in words: what stands highest for each actor, what a figure shows."""

import pandas as pd

from helpers.stats.cube import Cube
from helpers.view.dumbbells import order_rows
from helpers.view.fragility_tables import write_agreement
from helpers.view.scales import find_scale
from helpers.view.sentences import describe_estimate, describe_marks
from helpers.view.tables import describe_absence


def describe_highest(estimates: pd.DataFrame, labels: dict[str, str]) -> list[str]:
    """Name what stands highest for each actor, of how many that have a figure.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Slice of the cube at one question and one territory.
    labels : dict
        Fragility to its name.

    Returns
    -------
    list of str
        One line of a list per actor. Equal values, as printed, share the place.
    """
    scale, lines = find_scale(estimates), []
    for actor, rows in estimates.groupby("actor", sort=False):
        known = rows[rows["estimate"].notna()]
        if known.empty:
            states = dict.fromkeys(describe_absence(row) for _, row in rows.iterrows())
            lines.append(f"- **{actor.capitalize()}**: {', '.join(states)}.")
            continue
        written = known["estimate"].round(scale.printed)
        first = known[written == written.max()]
        names = " and ".join(labels[name] for name in first["answer"])
        each = " each" if len(first) > 1 else ""
        place = f"the highest of all {len(rows)}"
        if len(known) < len(rows):
            place = f"the highest of the {len(known)} with a figure"
        if len(known) == 1:
            place = "the only one with a figure"
        lines.append(
            f"- **{actor.capitalize()}**: {names}, {describe_estimate(first.iloc[0])}{each}; "
            f"{place}."
        )
    return lines


def describe_dumbbells(estimates: pd.DataFrame, gaps: pd.DataFrame, labels: dict[str, str]) -> str:
    """List the values of each actor, what is missing, and the significant gaps.

    Parameters
    ----------
    estimates, gaps : pandas.DataFrame
        Slices of the cube at one question and one territory.
    labels : dict
        Fragility to its name.

    Returns
    -------
    str
    """
    scale, order, parts = find_scale(estimates), order_rows(estimates), []
    for actor, rows in estimates.groupby("actor", sort=False):
        rows = rows.set_index("answer").loc[order]
        known = rows[rows["estimate"].notna()]
        values = [
            f"{labels[name]} {scale.write(row['estimate'])}" for name, row in known.iterrows()
        ]
        missing = len(rows) - len(known)
        tail = f"{missing} of {len(rows)} without a figure" if missing else ""
        parts.append(f"{actor.capitalize()}: {'; '.join([*values, *[tail] * bool(tail)])}.")
    found = gaps["mark"].isin(["higher", "lower"]).sum()
    tested = (gaps["mark"] != "untestable").sum()
    parts.append(
        f"{found} of {tested} gaps tested are significant." if tested else "No gap is tested."
    )
    return " ".join(parts)


def describe_places(cube: Cube, question: str, fragility: str, names: dict[str, str]) -> list[str]:
    """Say, for each actor, in which regions a fragility stands out, or why it cannot be said.

    Parameters
    ----------
    cube : Cube
    question, fragility : str
    names : dict
        Code of a region to its name.

    Returns
    -------
    list of str
        One line of a list per actor.
    """
    lines, cells = [], cube.slice(question=question, fragility=fragility)
    for actor, rows in cells[cells["domain"] != ""].groupby("actor", sort=False):
        known = rows["estimate"].notna().sum()
        if not known:
            states = dict.fromkeys(describe_absence(row) for _, row in rows.iterrows())
            words = f"no region has a figure ({', '.join(states).removeprefix(f'{actor}: ')})."
        else:
            marks = describe_marks(rows, names, "region")
            words = f"a figure for {known} of {len(rows)} regions. {marks}"
        lines.append(f"- **{actor.capitalize()}**: {words}")
    return lines


def describe_agreement(agreement: pd.DataFrame) -> list[str]:
    """Say how far the two ranks agree, with and without Île-de-France.

    Parameters
    ----------
    agreement : pandas.DataFrame
        From `helpers.stats.ranks.rank_against`.

    Returns
    -------
    list of str
        One line of a list per row.
    """
    return [
        f"- Territories with both figures ({row['territories']}): Spearman's ρ "
        f"{write_agreement(row)}."
        for _, row in agreement.iterrows()
    ]


def describe_ranks(pairs: pd.DataFrame, names: dict[str, str]) -> str:
    """List the two ranks of every territory.

    Parameters
    ----------
    pairs : pandas.DataFrame
        From `helpers.stats.ranks.pair_ranks`.
    names : dict
        Code of a territory to its name.

    Returns
    -------
    str
    """
    ranked = pairs[pairs["perceived_rank"].notna()].sort_values("perceived_rank")
    parts = [
        f"{names[row.region]} perceived {row.perceived_rank:g}, measured {row.measured_rank:g}"
        for row in ranked.itertuples()
    ]
    left = [names[code] for code in pairs.loc[pairs["perceived_rank"].isna(), "region"]]
    tail = f" Without both figures: {', '.join(left)}." if left else ""
    return f"Ranks: {'; '.join(parts)}.{tail}"
