"""The fragilities in words: what stands highest for each actor, what a figure shows."""

import pandas as pd

from helpers.data.actors import name_actor
from helpers.data.language import (
    join_clauses,
    lower_first,
    message,
    ntr,
    tr,
    write_digits,
    write_list,
    write_number,
)
from helpers.stats.cube import Cube
from helpers.view.dumbbells import order_rows
from helpers.view.fragility_tables import write_agreement
from helpers.view.scales import Scale, find_scale
from helpers.view.sentences import describe_estimate, describe_marks
from helpers.view.tables import describe_absence

_WITHOUT = message("Without both figures: {names}.")
_ABOVE, _BELOW = message("{second} higher than {first}"), message("{second} lower than {first}")


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
            words = {"actor": name_actor(actor, start=True), "words": f"{', '.join(states)}."}
            lines.append(tr("- **{actor}**: {words}", **words))
            continue
        written = known["estimate"].round(scale.printed)
        first = known[written == written.max()]
        estimate = describe_estimate(first.iloc[0])
        lines.append(
            tr(
                "- **{actor}**: {names}, {estimate}; {place}.",
                actor=name_actor(actor, start=True),
                names=write_list([labels[name] for name in first["answer"]]),
                estimate=tr("{estimate} each", estimate=estimate) if len(first) > 1 else estimate,
                place=_name_place(len(first), len(known), len(rows)),
            )
        )
    return lines


def describe_gaps(cells: pd.DataFrame, gaps: pd.DataFrame, labels: dict[str, str]) -> list[str]:
    """Say how many gaps between actors are significant, and the largest of each pair of actors.

    Parameters
    ----------
    cells, gaps : pandas.DataFrame
        Slices of the cube at one question and one territory.
    labels : dict
        Fragility to its name.

    Returns
    -------
    list of str
        Lines of a list, each with both values, their intervals and bases.
    """
    tested = gaps[gaps["mark"] != "untestable"]
    if tested.empty:
        return [tr("- No gap between actors can be tested.")]
    found = tested[tested["mark"] != "none"]
    lines = [f"- {_count_gaps(len(found), len(tested))}"]
    rows = cells.set_index(["answer", "actor"])
    order = found["difference"].abs().sort_values(ascending=False, kind="stable").index
    for gap in found.loc[order].drop_duplicates(["actor_first", "actor_second"]).itertuples():
        high, low = gap.actor_second, gap.actor_first
        if gap.difference < 0:
            high, low = low, high
        lines.append(
            tr(
                "- Largest gap between {first} and {second}: {fragility}, {high} {high_value}, "
                "{low} {low_value}.",
                first=name_actor(gap.actor_first),
                second=name_actor(gap.actor_second),
                fragility=lower_first(labels[gap.answer]),
                high=name_actor(high),
                high_value=describe_estimate(rows.loc[(gap.answer, high)]),
                low=name_actor(low),
                low_value=describe_estimate(rows.loc[(gap.answer, low)]),
            )
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
        if missing:
            values.append(tr("{count} of {total} without a figure", count=missing, total=len(rows)))
        name = name_actor(actor, start=True)
        parts.append(tr("{actor}: {words}", actor=name, words=f"{join_clauses(values)}."))
    tested = gaps[gaps["mark"] != "untestable"]
    if tested.empty:
        return " ".join([*parts, tr("No gap is tested.")])
    found = tested[tested["mark"] != "none"]
    parts.append(_count_gaps(len(found), len(tested)))
    if len(found):
        parts.append(_name_gap(found.loc[found["difference"].abs().idxmax()], labels, scale))
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
            # The reason of an absent wave opens with the actor, whom the line names.
            opening = tr("{actor}: {words}", actor=name_actor(actor), words="")
            reason = ", ".join(states).removeprefix(opening)
            words = tr("no region has a figure ({reason}).", reason=reason)
        else:
            words = tr(
                "a figure for {known} of {total} regions. {marks}",
                known=known,
                total=len(rows),
                marks=describe_marks(rows, names, "region"),
            )
        lines.append(tr("- **{actor}**: {words}", actor=name_actor(actor, start=True), words=words))
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
        tr(
            "- Territories with both figures ({territories}): Spearman's ρ {agreement}.",
            territories=tr(row.territories),
            agreement=write_agreement(row),
        )
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
        tr(
            "{name} perceived {perceived}, measured {measured}",
            name=names[row.region],
            perceived=write_digits(row.perceived_rank),
            measured=write_digits(row.measured_rank),
        )
        for row in ranked.itertuples()
    ]
    listed = tr("Ranks: {ranks}.", ranks=join_clauses(parts))
    left = [names[code] for code in pairs.loc[pairs["perceived_rank"].isna(), "region"]]
    if not left:
        return listed
    return f"{listed} {tr(_WITHOUT, names=', '.join(left))}"


def _name_place(first: int, known: int, total: int) -> str:
    """Place of the fragilities that come first, among those with a figure."""
    if known == 1:
        return tr("the only one with a figure")
    if known < total:
        return ntr(
            "the highest of the {known} with a figure",
            "the highest of the {known} with a figure",
            first,
            known=known,
        )
    return ntr("the highest of all {total}", "the highest of all {total}", first, total=total)


def _count_gaps(found: int, tested: int) -> str:
    return ntr(
        "{count} of {tested} gaps tested is significant.",
        "{count} of {tested} gaps tested are significant.",
        found,
        tested=write_number(tested),
    )


def _name_gap(gap: pd.Series, labels: dict[str, str], scale: Scale) -> str:
    sides = {"first": name_actor(gap["actor_first"]), "second": name_actor(gap["actor_second"])}
    size = write_number(abs(scale.factor * gap["difference"]), scale.decimals + 1)
    above = tr(_ABOVE, **sides) if gap["difference"] > 0 else tr(_BELOW, **sides)
    return tr(
        "The largest is {size} points on {fragility}: {sides}.",
        size=size,
        fragility=lower_first(labels[gap["answer"]]),
        sides=above,
    )
