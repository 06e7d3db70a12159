"""Numbers in words: every sentence is written from rows of an estimate table."""

import pandas as pd
from IPython.display import Markdown

from helpers.data.actors import name_actor
from helpers.data.language import (
    join_clauses,
    message,
    ntr,
    tr,
    write_list,
    write_number,
    write_options,
    write_percent,
)
from helpers.stats.disclosure import CONFIDENTIAL
from helpers.stats.reliability import name_state
from helpers.view.scales import find_scale, scale_of

# Whole sentences by what a domain is called: French words agree with it.
_NOT_PUBLISHED = {
    "group": message("No usable figure was published by group."),
    "region": message("No usable figure was published by region."),
}
_NOT_TESTED = {
    "group": message("No group can be tested: bases not published, or too small."),
    "region": message("No region can be tested: bases not published, or too small."),
}
_NO_MARK = {
    "group": message("No group differs significantly from the rest"),
    "region": message("No region differs significantly from the rest"),
}


def show_text(*lines: str) -> Markdown:
    """Show computed sentences; lines that start with ``-`` form a list.

    Parameters
    ----------
    *lines : str

    Returns
    -------
    IPython.display.Markdown
    """
    shown, listed = [], False
    for line in lines:
        if listed and line and not line.startswith("- "):
            shown.append("")  # or the line would be read as part of the last item
        listed = line.startswith("- ")
        shown.append(line if listed else f"{line}\n")
    return Markdown("\n".join(shown))


def describe_estimate(row: pd.Series) -> str:
    """Value, interval and base of one row, or the reason why there is none.

    Parameters
    ----------
    row : pandas.Series
        One row of an estimate table.

    Returns
    -------
    str
        E.g. ``37% (95% CI 34-40, n = 1,300)`` or
        ``7.1 / 10 (95% CI 7.0-7.2, n = 2,001)``.
    """
    if pd.isna(row["estimate"]):
        return tr("no figure ({reason})", reason=row["reason"])
    scale = scale_of(row)
    return tr(
        "{value} (95% CI {low}–{high}, n = {n})",
        value=scale.write(row["estimate"]),
        low=scale.number(row["ci_low"]),
        high=scale.number(row["ci_high"]),
        n=", ".join(filter(None, [write_number(row["n"]), row["reason"]])),
    )


def describe_p(value: float) -> str:
    """A p value to three decimals, e.g. ``p = 0.012`` or ``p < 0.001``."""
    return f"p < {write_number(0.001, 3)}" if value < 0.001 else f"p = {write_number(value, 3)}"


def pick(estimates: pd.DataFrame, answer: str, domain: str = "") -> pd.Series:
    """The row of one answer and domain; KeyError if there is none.

    Parameters
    ----------
    estimates : pandas.DataFrame
        An estimate table.
    answer, domain : str
        The domain is empty for all respondents.

    Returns
    -------
    pandas.Series
    """
    rows = estimates[(estimates["answer"] == answer) & (estimates["domain"] == domain)]
    if len(rows) != 1:
        raise KeyError(f"{answer} in {domain or 'the whole'}: {len(rows)} rows")
    return rows.iloc[0]


def describe_shares(
    estimates: pd.DataFrame,
    labels: dict[str, str],
    key: str = "answer",
    readings: pd.DataFrame | None = None,
) -> str:
    """List label and share, or mean score, of every row, then the highest and lowest answer.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Rows of an estimate table.
    labels : dict
        Value of the column `key` to its name; other rows are left out.
    key : {"answer", "domain", "question"}
    readings : pandas.DataFrame, optional
        Readings shown where there is no estimate (`key`, `value`, `legibility`).

    Returns
    -------
    str
    """
    rows = estimates[estimates[key].isin(labels)]
    extremes = _describe_extremes(rows, labels) if key == "answer" else []
    return " ".join([_list_shares(rows, labels, key, readings), *extremes])


def describe_actors(
    estimates: pd.DataFrame,
    labels: dict[str, str],
    sides: dict[str, str],
    key: str = "answer",
    readings: pd.DataFrame | None = None,
) -> str:
    """List the shares of each side in turn; parameters as in `describe_shares`.

    `sides` gives the name of each actor; `readings` has a column `domain`. Differences
    between the sides follow, or that none was tested.
    """
    parts = []
    for side, name in sides.items():
        own = None if readings is None else readings[readings["domain"] == side]
        rows = estimates[estimates["domain"] == side]
        shares = describe_shares(rows, labels, key, own)
        parts.append(tr("{name}: {shares}", name=name, shares=shares))
    return " ".join([*parts, _describe_gaps(estimates, labels, sides, key)])


def describe_marks(
    estimates: pd.DataFrame, labels: dict[str, str], noun: str = "group", *, values: bool = False
) -> str:
    """Name the domains that differ significantly from the rest, or say that none does.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Rows of one answer, by domain.
    labels : dict
        Domain to its name.
    noun : {"group", "region"}
        What a domain is called.
    values : bool
        Give estimate, interval and base of each domain named.

    Returns
    -------
    str
    """
    if (estimates["reliability"] == "not_published").all():
        return tr(_NOT_PUBLISHED[noun])
    if (estimates["mark"] == "untestable").all():
        return tr(_NOT_TESTED[noun])
    found = {
        mark: ", ".join(
            f"{labels[row['domain']]} {describe_estimate(row)}" if values else labels[row["domain"]]
            for _, row in estimates[estimates["mark"] == mark].iterrows()
        )
        for mark in ("higher", "lower")
    }
    text = _write_marks(**found) or tr(_NO_MARK[noun])
    untested = (estimates["mark"] == "untestable").sum()
    return (
        f"{text} ({_count_untested(untested, len(estimates), noun)})." if untested else f"{text}."
    )


def describe_domains(
    estimates: pd.DataFrame,
    labels: dict[str, str],
    noun: str = "group",
    readings: pd.DataFrame | None = None,
) -> str:
    """Describe one answer by domain: shares, what is missing, marks.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Rows of one answer, by domain.
    labels : dict
        Domain to its name.
    noun : {"group", "region"}
        What a domain is called.
    readings : pandas.DataFrame, optional
        Approximate wordings shown where there is no estimate (`domain`, `value`).

    Returns
    -------
    str
    """
    read = pd.Series(False, index=estimates.index)
    if readings is not None:
        read = estimates["domain"].isin(readings["domain"])
    shown = estimates[estimates["estimate"].notna() | read]
    parts = [_list_shares(shown, labels, "domain", readings)] if len(shown) else []
    missing = estimates[estimates["estimate"].isna() & ~read]
    states = missing["reliability"].where(missing["reason"] != tr(CONFIDENTIAL), CONFIDENTIAL)
    parts += [f"{_count_missing(state, count)}." for state, count in states.value_counts().items()]
    return " ".join([*parts, describe_marks(estimates, labels, noun)])


def describe_statuses(statuses: pd.DataFrame) -> str:
    """Describe the partnership status of each actor.

    Parameters
    ----------
    statuses : pandas.DataFrame
        From `helpers.stats.statuses.summarise_statuses`.

    Returns
    -------
    str
    """
    parts = []
    for actor, rows in statuses.groupby("actor", sort=False):
        shares = [
            f"{tr(row.label)} {write_percent(row.share)} ({tr(row.reading)})"
            for row in rows.itertuples()
        ]
        name = name_actor(actor, start=True)
        parts.append(tr("{name}: {shares}", name=name, shares=f"{join_clauses(shares)}."))
    return " ".join(parts)


def _list_shares(
    rows: pd.DataFrame, labels: dict[str, str], key: str, readings: pd.DataFrame | None
) -> str:
    read = {} if readings is None else dict(iter(readings.groupby(key)))
    parts = [f"{labels[row[key]]} {_share(row, read.get(row[key]))}" for _, row in rows.iterrows()]
    return f"{join_clauses(parts)}."


def _describe_extremes(rows: pd.DataFrame, labels: dict[str, str]) -> list[str]:
    """Highest and lowest of three rows or more; nothing where one is unknown or all are equal."""
    written = rows["estimate"].round(find_scale(rows).printed)
    if len(rows) < 3 or written.isna().any() or written.min() == written.max():
        return []
    highest, lowest = (
        write_list([labels[name] for name in rows.loc[written == end, "answer"]])
        for end in (written.max(), written.min())
    )
    return [tr("Highest: {highest}; lowest: {lowest}.", highest=highest, lowest=lowest)]


def _describe_gaps(
    estimates: pd.DataFrame, labels: dict[str, str], sides: dict[str, str], key: str
) -> str:
    """Where each side is significantly above the other; sides are each other's rest."""
    rows = estimates[estimates[key].isin(labels)]
    if (rows["mark"] == "untestable").all():
        return tr("No difference between the sides is tested.")
    parts = []
    for side, name in sides.items():
        above = rows[(rows["domain"] == side) & (rows["mark"] == "higher")]
        if len(above):
            items = ", ".join(labels[item] for item in above[key])
            parts.append(tr("{side} significantly higher for {items}", side=name, items=items))
    text = join_clauses(parts) or tr("No significant difference between the sides")
    return f"{text}."


def _write_marks(higher: str, lower: str) -> str:
    if higher and lower:
        return tr(
            "Significantly higher than the rest in {higher}; significantly lower than the rest in "
            "{lower}",
            higher=higher,
            lower=lower,
        )
    if higher:
        return tr("Significantly higher than the rest in {names}", names=higher)
    return tr("Significantly lower than the rest in {names}", names=lower) if lower else ""


def _count_untested(count: int, total: int, noun: str) -> str:
    return {
        "group": ntr(
            "{count} of {total} groups cannot be tested",
            "{count} of {total} groups cannot be tested", count, total=total,
        ),
        "region": ntr(
            "{count} of {total} regions cannot be tested",
            "{count} of {total} regions cannot be tested", count, total=total,
        ),
    }[noun]  # fmt: skip


def _count_missing(state: str, count: int) -> str:
    if state == CONFIDENTIAL:
        return ntr(
            "{count} withheld for confidentiality", "{count} withheld for confidentiality", count
        )
    if state == "suppress":
        return ntr("{count} withheld as too uncertain", "{count} withheld as too uncertain", count)
    if state == "not_published":
        return ntr("{count} not published", "{count} not published", count)
    return ntr("{count} without answers", "{count} without answers", count)


def _share(row: pd.Series, readings: pd.DataFrame | None = None) -> str:
    scale = scale_of(row)
    if pd.notna(row["estimate"]):
        return scale.write(row["estimate"])
    if readings is not None:
        values = write_options([scale.write(value) for value in readings["value"]])
        words = readings["legibility"].iloc[0]
        return tr("about {values} ({legibility})", values=values, legibility=tr(words))
    return name_state(row["reliability"])
