"""Numbers in words: every sentence is written from rows of an estimate table."""

import pandas as pd


def describe_percent(value: float, decimals: int = 0) -> str:
    """A share (0 to 1) as a percentage, e.g. ``37%``."""
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
        E.g. ``37% (95% CI 34-40, n = 1,300)``.
    """
    if pd.isna(row["estimate"]):
        return f"no figure ({row['reason']})"
    low, high = 100 * row["ci_low"], 100 * row["ci_high"]
    base = f"n = {row['n']:,}"
    note = f", {row['reason']}" if row["reason"] else ""
    return f"{describe_percent(row['estimate'])} (95% CI {low:.0f}-{high:.0f}, {base}{note})"


def pick(estimates: pd.DataFrame, answer: str, domain: str = "") -> pd.Series:
    """The row of one answer and domain; KeyError if there is none."""
    rows = estimates[(estimates["answer"] == answer) & (estimates["domain"] == domain)]
    if len(rows) != 1:
        raise KeyError(f"{answer} in {domain or 'the whole'}: {len(rows)} rows")
    return rows.iloc[0]


def describe_marks(estimates: pd.DataFrame, labels: dict[str, str]) -> str:
    """Name the domains that differ significantly from the rest, or say that none does.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Rows of one answer, by domain.
    labels : dict
        Domain to its name.

    Returns
    -------
    str
    """
    parts = []
    for mark in ("higher", "lower"):
        names = [labels[domain] for domain in estimates.loc[estimates["mark"] == mark, "domain"]]
        if names:
            parts.append(f"{mark} than the rest in {', '.join(names)}")
    if parts:
        text = "Significantly " + "; significantly ".join(parts) + "."
    elif (estimates["mark"] == "untestable").all():
        return "No domain can be tested: the bases were not published or are too small."
    else:
        text = "No domain differs significantly from the rest."
    untested = (estimates["mark"] == "untestable").sum()
    return text + (f" {untested} of {len(estimates)} domains cannot be tested." if untested else "")
