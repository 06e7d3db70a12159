"""Numbers in words: every sentence is written from rows of an estimate table."""

import pandas as pd
from IPython.display import Markdown

from helpers.view.scales import scale_of


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


def describe_percent(value: float, decimals: int = 0) -> str:
    """A share (0 to 1) as a percentage, e.g. ``37%``.

    Parameters
    ----------
    value : float
        0 to 1.
    decimals : int

    Returns
    -------
    str
    """
    return f"{100 * value:.{decimals}f}%"


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
        return f"no figure ({row['reason']})"
    scale = scale_of(row)
    interval = f"95% CI {scale.number(row['ci_low'])}–{scale.number(row['ci_high'])}"
    note = f", {row['reason']}" if row["reason"] else ""
    return f"{scale.write(row['estimate'])} ({interval}, n = {row['n']:,}{note})"


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
    """List label and share, or mean score, of every row, e.g. for the text of a figure.

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
    read = {} if readings is None else dict(iter(readings.groupby(key)))
    parts = [f"{labels[row[key]]} {_share(row, read.get(row[key]))}" for _, row in rows.iterrows()]
    return "; ".join(parts) + "."


def describe_actors(
    estimates: pd.DataFrame,
    labels: dict[str, str],
    sides: dict[str, str],
    key: str = "answer",
    readings: pd.DataFrame | None = None,
) -> str:
    """List the shares of each side in turn; parameters as in `describe_shares`.

    `sides` gives the name of each actor; `readings` has a column `domain`.
    """
    parts = []
    for side, name in sides.items():
        own = None if readings is None else readings[readings["domain"] == side]
        rows = estimates[estimates["domain"] == side]
        parts.append(f"{name}: {describe_shares(rows, labels, key, own)}")
    return " ".join(parts)


def describe_marks(estimates: pd.DataFrame, labels: dict[str, str], noun: str = "group") -> str:
    """Name the domains that differ significantly from the rest, or say that none does.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Rows of one answer, by domain.
    labels : dict
        Domain to its name.
    noun : str
        What a domain is called, e.g. ``"region"``.

    Returns
    -------
    str
    """
    if (estimates["reliability"] == "not_published").all():
        return f"No usable figure was published by {noun}."
    if (estimates["mark"] == "untestable").all():
        return f"No {noun} can be tested: bases not published, or too small."
    parts = []
    for mark in ("higher", "lower"):
        names = [labels[domain] for domain in estimates.loc[estimates["mark"] == mark, "domain"]]
        if names:
            parts.append(f"significantly {mark} than the rest in {', '.join(names)}")
    text = "; ".join(parts) if parts else f"no {noun} differs significantly from the rest"
    untested = (estimates["mark"] == "untestable").sum()
    tail = f" ({untested} of {len(estimates)} {noun}s cannot be tested)" if untested else ""
    return f"{text[0].upper()}{text[1:]}{tail}."


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
    noun : str
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
    parts = [describe_shares(shown, labels, "domain", readings)] if len(shown) else []
    missing = estimates[estimates["estimate"].isna() & ~read]["reliability"].value_counts()
    words = {"suppress": "withheld as too uncertain", "not_published": "not published"}
    parts += [f"{count} {words.get(state, 'without answers')}." for state, count in missing.items()]
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
        shares = [f"{row.label} {describe_percent(row.share)} ({row.reading})"
                  for row in rows.itertuples()]  # fmt: skip
        parts.append(f"{actor.capitalize()}: {', '.join(shares)}.")
    return " ".join(parts)


def _share(row: pd.Series, readings: pd.DataFrame | None = None) -> str:
    scale = scale_of(row)
    if pd.notna(row["estimate"]):
        return scale.write(row["estimate"])
    if readings is not None:
        values = " or ".join(scale.write(value) for value in readings["value"])
        return f"about {values} ({readings['legibility'].iloc[0]})"
    return "not published" if row["reliability"] == "not_published" else "withheld"
