"""Simulated samples in words: every number is read from their tables."""

import pandas as pd

from helpers.data.language import (
    join_clauses,
    message,
    tr,
    upper_first,
    write_gap,
    write_list,
    write_number,
    write_percent,
)
from helpers.stats.precision import METHODS

_DESIGNS = {"random": message("{size} at random"), "equal": message("{size} in equal bands")}
_PLACES = {
    "within": message("within 94–96%: {names}"),
    "below": message("below 94–96%: {names}"),
    "above": message("above 94–96%: {names}"),
}


def name_design(size: int, way: str) -> str:
    """Name a design by its size and its way of drawing, ``random`` or ``equal`` bands."""
    return tr(_DESIGNS[way], size=size)


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
    return tr(
        "{noun}, {design}: the truth is {truth}; 95% of samples say {low} to {high} (bias {bias}); "
        "{coverage} of the 95% intervals hold the truth",
        noun=upper_first(noun),
        design=row["design"],
        truth=write_percent(row["truth"], 1),
        low=write_percent(row["estimate_low"]),
        high=write_percent(row["estimate_high"]),
        bias=describe_points(row["bias"]),
        coverage=describe_coverage(row),
    )


def describe_coverage(row: pd.Series) -> str:
    """A coverage with its Monte-Carlo standard error, e.g. ``95.2% (± 0.3)``."""
    error = write_number(100 * row["coverage_se"], 1)
    return f"{write_percent(row['coverage'], 1)} (± {error})"


def describe_points(value: float) -> str:
    """A difference of shares in points, e.g. ``-2.3 points``."""
    return tr("{gap} points", gap=write_gap(100 * value, 1))


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
            tr(
                "{low} to {high} with {design}",
                low=write_number(100 * row.estimate_low),
                high=write_percent(row.estimate_high),
                design=row.design,
            )
            for row in rows.itertuples()
        ]
        truth = write_percent(rows["truth"].iloc[0])
        spans = ", ".join(spans)
        parts.append(
            tr("{name}: truth {truth}, samples {spans}", name=name, truth=truth, spans=spans)
        )
    return f"{join_clauses(parts)}."


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
    kept = (place_coverage(precision) == "within").sum()
    return tr("{count} of {total}", count=kept, total=len(precision))


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
    for where, words in _PLACES.items():
        names = [
            f"{labels[row.domain]} {write_percent(row.coverage, 1)}"
            for row in precision[place == where].itertuples()
        ]
        if names:
            parts.append(tr(words, names=", ".join(names)))
    return f"{precision['design'].iloc[0]}, {join_clauses(parts)}."


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
        tr(
            "{name} ({share} of samples)",
            name=labels[row["domain"]],
            share=write_percent(1 - row[f"withheld_{rule}"]),
        )
        for _, row in precision[~often].iterrows()
    ]
    words = {
        "design": precision["design"].iloc[0],
        "rule": rule,
        "count": often.sum(),
        "total": len(precision),
    }
    if not shown:
        return tr(
            "{design}, rule {rule}: {count} of {total} withheld in most samples; none is shown in "
            "most.",
            **words,
        )
    return tr(
        "{design}, rule {rule}: {count} of {total} withheld in most samples; shown in most "
        "samples: {names}.",
        names=", ".join(shown),
        **words,
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
    spans = write_list(
        [
            tr(
                "{low} to {high} of samples with {design}",
                low=write_number(100 * values.min()),
                high=write_percent(values.max()),
                design=design,
            )
            for design, values in rows
        ]
    )
    if not gap:
        return tr("a gap that is not there is seen in {spans}", spans=spans)
    return tr("a gap of {gap} points is found in {spans}", gap=write_number(100 * gap), spans=spans)


def describe_reach(power: pd.DataFrame) -> str:
    """Say the smallest gap each design claims to find four times in five."""
    reach = power.groupby(["design", "domain"], sort=False)["smallest_gap"].first()
    return write_list(
        [
            tr(
                "{low} to {high} points with {design}",
                low=write_number(100 * values.min()),
                high=write_number(100 * values.max()),
                design=design,
            )
            for design, values in reach.groupby("design", sort=False)
        ]
    )


def describe_ignored(rows: pd.DataFrame, noun: str) -> str:
    """Say what a textbook error and an estimate without weights miss, of one design.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows of `measure_precision`, one per method, of one characteristic, design and
        domain.
    noun : str
        What the share is of.

    Returns
    -------
    str
    """
    by_method = rows.set_index("method")
    naive = by_method.loc["naive"]
    return tr(
        "{noun}, {design}: a textbook error on n is {ratio} of the true one, and {coverage} of its "
        "intervals hold the truth; without weights the estimate is off by {bias}",
        noun=upper_first(noun),
        design=naive["design"],
        ratio=write_number(naive["se_ratio"], 2),
        coverage=describe_coverage(naive),
        bias=describe_points(by_method.loc["unweighted", "bias"]),
    )


def describe_method(row: pd.Series, noun: str) -> str:
    """Bias and coverage of one way to compute an error."""
    return tr(
        "{noun}, {method}: bias {bias}, coverage {coverage}",
        noun=upper_first(noun),
        method=tr(METHODS[row.method]),
        bias=describe_points(row["bias"]),
        coverage=describe_coverage(row),
    )


def describe_weights(bands: pd.DataFrame, sizes: dict[str, str], size: int, drawn: str) -> str:
    """Say what unequal weights of equal bands cost.

    Parameters
    ----------
    bands : pandas.DataFrame
        `commune_band`, smallest first, `mayors` of each and how many the design draws.
    sizes : dict
        Band to its name.
    size : int
        Respondents of the design.
    drawn : str
        Column of the mayors drawn.

    Returns
    -------
    str

    Notes
    -----
    Kish (1965), Survey sampling: n times the sum of squared weights over the square of
    their sum.
    """
    weights = bands["mayors"] / bands[drawn]
    kish = size * (bands[drawn] * weights**2).sum() / bands["mayors"].sum() ** 2
    small, large = (sizes[bands["commune_band"].iloc[place]] for place in (0, -1))
    return tr(
        "In equal bands, one answer from a commune of the band “{small}” speaks for {most} mayors, "
        "one of the band “{large}” for {least}. Unequal weights alone cost a factor of {kish} in "
        "variance: {size} respondents count for {effective} (Kish).",
        small=small,
        large=large,
        most=write_number(weights.iloc[0]),
        least=write_number(weights.iloc[-1], 1),
        kish=write_number(kish, 2),
        size=size,
        effective=write_number(size / kish),
    )


def describe_widths(regional: pd.DataFrame) -> str:
    """Say how far apart the true shares of the regions lie, and how wide the samples fall.

    Parameters
    ----------
    regional : pandas.DataFrame
        Rows of `measure_precision`, one per region and design.

    Returns
    -------
    str
    """
    truths = regional.drop_duplicates("domain")["truth"]
    widths = regional["estimate_high"] - regional["estimate_low"]
    spans = [
        tr("{width} points wide with {design}", width=write_number(100 * width), design=design)
        for design, width in widths.groupby(regional["design"], sort=False).median().items()
    ]
    return tr(
        "The true shares of {count} regions lie {between} points apart at most. The middle bar is "
        "{spans}.",
        count=len(truths),
        between=write_number(100 * (truths.max() - truths.min())),
        spans=write_list(spans),
    )


def describe_extremes(
    regional: pd.DataFrame, power: pd.DataFrame, labels: dict[str, str]
) -> list[str]:
    """Name the regions whose intervals do worst, and the loudest false alarm.

    Parameters
    ----------
    regional : pandas.DataFrame
        Rows of `measure_precision`, one per region and design.
    power : pandas.DataFrame
        From `helpers.stats.power.measure_power`.
    labels : dict
        Domain to its name.

    Returns
    -------
    list of str
        Lines of a list.
    """
    lowest, highest = (
        regional.loc[place]
        for place in (regional["coverage"].idxmin(), regional["coverage"].idxmax())
    )
    lines = [
        tr(
            "- Lowest regional coverage: {name}, {design}, {coverage}; its standard error is on "
            "average {ratio} of the true one, from {n} respondents.",
            ratio=write_number(lowest["se_ratio"], 2),
            **_name_coverage(lowest, labels),
        ),
        tr(
            "- Highest: {name}, {design}, {coverage}, with intervals {width} points wide from {n} "
            "respondents.",
            width=write_number(100 * highest["width"]),
            **_name_coverage(highest, labels),
        ),
    ]
    return [*lines, _describe_shown(regional, labels), _describe_alarm(power, labels)]


def _name_coverage(row: pd.Series, labels: dict[str, str]) -> dict[str, str]:
    return {
        "name": labels[row["domain"]],
        "design": row["design"],
        "coverage": describe_coverage(row),
        "n": write_number(row["n"]),
    }


def _describe_shown(regional: pd.DataFrame, labels: dict[str, str]) -> str:
    shown = regional[regional["withheld_n30"] < 0.5]
    if shown.empty:
        return tr("- The rule n30 shows no region in most samples.")
    worst = shown.loc[shown["coverage_n30"].idxmin()]
    return tr(
        "- Least covered of those shown: the rule n30 shows {name}, {design}, in {shown} of "
        "samples, with {coverage} coverage; nchs-2017 withholds it in {withheld}.",
        name=labels[worst["domain"]],
        design=worst["design"],
        shown=write_percent(1 - worst["withheld_n30"]),
        coverage=write_percent(worst["coverage_n30"], 1),
        withheld=write_percent(worst["withheld_nchs-2017"]),
    )


def _describe_alarm(power: pd.DataFrame, labels: dict[str, str]) -> str:
    alarms = power[power["gap"] == 0]
    if alarms.empty:
        return tr("- Add a gap of 0 to the parameters to see false alarms.")
    loud = alarms.loc[alarms["power"].idxmax()]
    return tr(
        "- Where there is no gap, the test sees one in {seen} of samples ({name}, {design}), and "
        "one is marked in {marked}.",
        seen=write_percent(loud["power"]),
        name=labels[loud["domain"]],
        design=loud["design"],
        marked=write_percent(loud["power_marked"], 1),
    )


def list_power(power: pd.DataFrame, labels: dict[str, str]) -> str:
    """List, design by design and domain by domain, how often each gap is found."""
    parts = []
    for design, rows in power[power["gap"] != 0].groupby("design", sort=False):
        lines = [
            f"{labels[domain]} {', '.join(_write_found(row) for row in own.itertuples())}"
            for domain, own in rows.groupby("domain", sort=False)
        ]
        parts.append(tr("{design}: {lines}.", design=design, lines=join_clauses(lines)))
    return " ".join(parts)


def _write_found(row) -> str:
    share, gap = write_percent(row.power), write_number(100 * row.gap)
    return tr("{share} at {gap} points", share=share, gap=gap)
