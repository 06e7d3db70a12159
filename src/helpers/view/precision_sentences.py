"""Simulated samples in words: every number is read from their tables."""

import pandas as pd

from helpers.view.sentences import describe_percent


def describe_national(row: pd.Series, noun: str) -> str:
    """Say how far estimates of the whole fall from the truth, and what intervals hold.

    Parameters
    ----------
    row : pandas.Series
        A row of `helpers.stats.precision.measure_precision`.
    noun : str
        What the share is of, e.g. ``"women"``.

    Returns
    -------
    str
    """
    low, high = 100 * row["estimate_low"], 100 * row["estimate_high"]
    return (
        f"{noun[0].upper()}{noun[1:]}, {row['design']}: the truth is "
        f"{describe_percent(row['truth'], 1)}; 95% of samples say {low:.0f}% to {high:.0f}% "
        f"(bias {describe_points(row['bias'])}); {describe_coverage(row)} of the 95% intervals "
        "hold the truth"
    )


def describe_coverage(row: pd.Series) -> str:
    """A coverage with its Monte-Carlo standard error, e.g. ``95.2% (± 0.3)``."""
    return f"{100 * row['coverage']:.1f}% (± {100 * row['coverage_se']:.1f})"


def describe_points(value: float) -> str:
    """A difference of shares in points, e.g. ``-2.3 points``."""
    text = f"{100 * value:+.1f}"
    return f"{text.lstrip('+-') if float(text) == 0 else text} points"


def describe_spread(precision: pd.DataFrame, labels: dict[str, str]) -> str:
    """List the truth and the range of 95 % of samples, domain by domain.

    Parameters
    ----------
    precision : pandas.DataFrame
        Rows of `measure_precision`, one per design and domain.
    labels : dict
        Domain to its name; the order of the list.

    Returns
    -------
    str
    """
    parts = []
    for domain, name in labels.items():
        rows = precision[precision["domain"] == domain]
        spans = [
            f"{100 * row.estimate_low:.0f} to {100 * row.estimate_high:.0f}% with {row.design}"
            for row in rows.itertuples()
        ]
        parts.append(f"{name}: truth {describe_percent(rows['truth'].iloc[0])}, "
                     f"samples {', '.join(spans)}")  # fmt: skip
    return f"{'; '.join(parts)}."


def place_coverage(precision: pd.DataFrame, *, low: float = 0.94, high: float = 0.96) -> pd.Series:
    """Say where each coverage stands: ``within``, ``below`` or ``above`` a band.

    Parameters
    ----------
    precision : pandas.DataFrame
        Rows of `helpers.stats.precision.measure_precision`.
    low, high : float
        The band; two Monte-Carlo standard errors are allowed on each side.

    Returns
    -------
    pandas.Series
        On the index of `precision`.
    """
    error = 2 * precision["coverage_se"]
    place = pd.Series("within", index=precision.index)
    place[precision["coverage"] + error < low] = "below"
    place[precision["coverage"] - error > high] = "above"
    return place


def count_kept(precision: pd.DataFrame) -> str:
    """Count the coverages within 94-96 %, e.g. ``4 of 24``."""
    return f"{(place_coverage(precision) == 'within').sum()} of {len(precision)}"


def sort_coverage(precision: pd.DataFrame, labels: dict[str, str]) -> str:
    """List domains by whether their coverage is within, below or above 94-96 %.

    Parameters
    ----------
    precision : pandas.DataFrame
        Rows of `measure_precision`, one per domain, of one design.
    labels : dict
        Domain to its name.

    Returns
    -------
    str
    """
    place = place_coverage(precision)
    parts = []
    for where in ("within", "below", "above"):
        names = [
            f"{labels[row.domain]} {100 * row.coverage:.1f}%"
            for row in precision[place == where].itertuples()
        ]
        if names:
            parts.append(f"{where} 94–96%: {', '.join(names)}")
    return f"{precision['design'].iloc[0]}, {'; '.join(parts)}."


def describe_withheld(precision: pd.DataFrame, labels: dict[str, str], rule: str) -> str:
    """Say which domains a rule withholds in most samples, and which it shows.

    Parameters
    ----------
    precision : pandas.DataFrame
        Rows of `measure_precision`, one per domain, of one design.
    labels : dict
        Domain to its name.
    rule : {"n30", "nchs-2017"}

    Returns
    -------
    str
    """
    often = precision[f"withheld_{rule}"] > 0.5
    shown = [
        f"{labels[row['domain']]} ({describe_percent(1 - row[f'withheld_{rule}'])} of samples)"
        for _, row in precision[~often].iterrows()
    ]
    text = f"shown in most samples: {', '.join(shown)}" if shown else "none is shown in most"
    return (
        f"{precision['design'].iloc[0]}, rule {rule}: {often.sum()} of {len(precision)} withheld "
        f"in most samples; {text}."
    )


def describe_power(power: pd.DataFrame, gap: float) -> str:
    """Say how often a gap is found: the least and most favoured domain of each design.

    Parameters
    ----------
    power : pandas.DataFrame
        From `helpers.stats.power.measure_power`.
    gap : float
        One of its gaps.

    Returns
    -------
    str
    """
    rows = power[power["gap"] == gap].groupby("design", sort=False)["power"]
    what = f"a gap of {100 * gap:.0f} points is found" if gap else "a gap that is not there is seen"
    spans = [
        f"{100 * values.min():.0f} to {100 * values.max():.0f}% of samples with {design}"
        for design, values in rows
    ]
    return f"{what} in {' and '.join(spans)}"


def describe_reach(power: pd.DataFrame) -> str:
    """Say the smallest gap each design claims to find four times in five."""
    reach = power.groupby(["design", "domain"], sort=False)["smallest_gap"].first()
    spans = [
        f"{100 * values.min():.0f} to {100 * values.max():.0f} points with {design}"
        for design, values in reach.groupby("design", sort=False)
    ]
    return " and ".join(spans)


def list_power(power: pd.DataFrame, labels: dict[str, str]) -> str:
    """List, design by design and domain by domain, how often each gap is found."""
    parts = []
    for design, rows in power[power["gap"] != 0].groupby("design", sort=False):
        lines = [
            f"{labels[domain]} "
            + ", ".join(f"{100 * row.power:.0f}% at {100 * row.gap:.0f} points"
                        for row in own.itertuples())
            for domain, own in rows.groupby("domain", sort=False)
        ]  # fmt: skip
        parts.append(f"{design}: {'; '.join(lines)}.")
    return " ".join(parts)
