"""Tables of simulated samples, rounded for a reader."""

import pandas as pd
from great_tables import GT

from helpers.data.language import message, tr, write_gap, write_number
from helpers.stats.precision import METHODS
from helpers.view.tables import show_frame

_NOTE = message("REAL population counts, SIMULATED samples.")
_WAYS = {
    "design": message("what the studies print"),
    "design_fpc": message("also counts that few large communes remain undrawn"),
    "naive": message("a margin of error read from a table"),
    "unweighted": message("every respondent counted alike"),
}


def show_population(frame: pd.DataFrame, *, title: str, labels: dict[str, str]) -> GT:
    """Show the population by band of commune size, and the designs' share of it.

    Parameters
    ----------
    frame : pandas.DataFrame
        `commune_band`, counts of `mayors`, `women`, `aged_60_plus`, and any further column
        of respondents drawn.
    title : str
    labels : dict
        Band to its name.

    Returns
    -------
    great_tables.GT
    """
    table = pd.DataFrame(
        {
            tr("Commune size"): [labels[band] for band in frame["commune_band"]],
            tr("Mayors"): _count(frame["mayors"]),
            tr("Share of all, %"): _percent(frame["mayors"] / frame["mayors"].sum()),
            tr("Women, %"): _percent(frame["women"] / frame["mayors"]),
            tr("Aged 60 or over, %"): _percent(frame["aged_60_plus"] / frame["mayors"]),
        }
    )
    drawn = ["commune_band", "mayors", "women", "aged_60_plus"]
    for name in frame.columns.difference(drawn, sort=False):
        table[name] = [write_number(x, int(round(float(x), 1) % 1 > 0)) for x in frame[name]]
    return show_frame(table, title=title, note=tr("REAL population counts."))


def show_national(precision: pd.DataFrame, *, title: str, labels: dict[str, str]) -> GT:
    """Show estimates, errors and coverage of the whole, by design and method.

    Parameters
    ----------
    precision : pandas.DataFrame
        Rows of `measure_precision`, all methods.
    title : str
    labels : dict
        Characteristic to its name.

    Returns
    -------
    great_tables.GT
    """
    table = pd.DataFrame(
        {
            tr("Share of"): [labels[name] for name in precision["characteristic"]],
            tr("Design"): precision["design"].to_numpy(),
            tr("Error computed from"): [tr(METHODS[name]) for name in precision["method"]],
            tr("Truth, %"): _percent(precision["truth"]),
            tr("Bias, points"): _points(precision["bias"]),
            tr("True error"): _percent(precision["true_se"], 2),
            tr("Error reported"): _percent(precision["mean_se"], 2),
            tr("Reported over true"): [write_number(value, 2) for value in precision["se_ratio"]],
            tr("Coverage, %"): _percent(precision["coverage"]),
            tr("Simulation error"): _percent(precision["coverage_se"]),
        }
    )
    return show_frame(table, title=title, note=_write_note(tr("Errors in percentage points.")))


def show_spread(precision: pd.DataFrame, *, title: str, labels: dict[str, str]) -> GT:
    """Show truth, bias and spread of estimates by domain and design.

    Parameters
    ----------
    precision : pandas.DataFrame
        Rows of `measure_precision`, one method.
    title : str
    labels : dict
        Domain to its name.

    Returns
    -------
    great_tables.GT
    """
    table = pd.DataFrame(
        {
            tr("Domain"): [labels[name] for name in precision["domain"]],
            tr("Design"): precision["design"].to_numpy(),
            tr("Mean n"): _count(precision["n"]),
            tr("Truth, %"): _percent(precision["truth"]),
            tr("Bias, points"): _points(precision["bias"]),
            tr("95% of estimates"): [
                f"{write_number(100 * low)}–{write_number(100 * high)}"
                for low, high in zip(
                    precision["estimate_low"], precision["estimate_high"], strict=True
                )
            ],
            tr("True error"): _percent(precision["true_se"]),
        }
    )
    return show_frame(table, title=title, note=_write_note(tr("Errors in percentage points.")))


def show_coverage(precision: pd.DataFrame, *, title: str, labels: dict[str, str]) -> GT:
    """Show coverage by domain and design, and how often a rule withholds the figure.

    Parameters
    ----------
    precision : pandas.DataFrame
        Rows of `measure_precision`, one method.
    title : str
    labels : dict
        Domain to its name.

    Returns
    -------
    great_tables.GT
    """
    table = pd.DataFrame(
        {
            tr("Domain"): [labels[name] for name in precision["domain"]],
            tr("Design"): precision["design"].to_numpy(),
            tr("Mean n"): _count(precision["n"]),
            tr("Coverage, %"): _percent(precision["coverage"]),
            tr("Simulation error"): _percent(precision["coverage_se"]),
            tr("Mean width, points"): _percent(precision["width"], 0),
            tr("Withheld, n < 30, %"): _percent(precision["withheld_n30"], 0),
            tr("Coverage if shown, n ≥ 30"): _percent(precision["coverage_n30"]),
            tr("Withheld, nchs-2017, %"): _percent(precision["withheld_nchs-2017"], 0),
            tr("Coverage if shown, nchs-2017"): _percent(precision["coverage_nchs-2017"]),
        }
    )
    note = tr("Blank: shown in too few samples to say. Both rules judge the design-based figure.")
    return show_frame(table, title=title, note=_write_note(note))


def show_power(power: pd.DataFrame, *, title: str, labels: dict[str, str], note: str) -> GT:
    """Show how often each gap is found and marked, by domain and design.

    Parameters
    ----------
    power : pandas.DataFrame
        From `helpers.stats.power.measure_power`.
    title : str
    labels : dict
        Domain to its name.
    note : str
        The rule of significance.

    Returns
    -------
    great_tables.GT
    """
    keys = ["design", "domain"]
    wide = power.pivot_table(index=keys, columns="gap", values=["power", "power_marked"])
    wide = wide.reindex(pd.MultiIndex.from_frame(power[keys].drop_duplicates()))
    base = power.groupby(keys, sort=False)[["n", "smallest_gap"]].first()
    table = pd.DataFrame(
        {
            tr("Domain"): [labels[domain] for _, domain in wide.index],
            tr("Design"): [design for design, _ in wide.index],
            tr("Mean n"): _count(base["n"]),
        }
    )
    for gap in sorted(set(power["gap"])):
        heading = tr("Found: {gap} points, %", gap=write_number(100 * gap))
        table[heading if gap else tr("Found: no gap, %")] = _percent(wide["power"][gap])
    largest = max(power["gap"])
    heading = tr("Marked: {gap} points, %", gap=write_number(100 * largest))
    table[heading] = _percent(wide["power_marked"][largest])
    table[tr("Smallest gap, points")] = _percent(base["smallest_gap"], 0)
    return show_frame(table, title=title, note=_write_note(note))


def show_methods(*, title: str) -> GT:
    """Show the ways to compute an error, in words.

    Parameters
    ----------
    title : str

    Returns
    -------
    great_tables.GT
    """
    table = pd.DataFrame(
        {
            tr("Method"): list(METHODS),
            tr("Error computed from"): [tr(METHODS[name]) for name in METHODS],
            tr("In words"): [tr(_WAYS[name]) for name in METHODS],
        }
    )
    return show_frame(table, title=title)


def show_simulation_errors(precision: pd.DataFrame, power: pd.DataFrame, *, title: str) -> GT:
    """Show the largest Monte-Carlo standard errors.

    Parameters
    ----------
    precision : pandas.DataFrame
        From `helpers.stats.precision.measure_precision`.
    power : pandas.DataFrame
        From `helpers.stats.power.measure_power`.
    title : str

    Returns
    -------
    great_tables.GT
    """
    errors = [precision["bias_se"].max(), precision["coverage_se"].max(), power["power_se"].max()]
    table = pd.DataFrame(
        {
            tr("Quantity"): [tr("bias"), tr("coverage"), tr("share of gaps found")],
            tr("Largest simulation error"): _percent(errors, 2),
        }
    )
    return show_frame(table, title=title, note=tr("Percentage points."))


def show_communes(check: pd.DataFrame, *, title: str, labels: dict[str, str]) -> GT:
    """Show the mayors of the register beside the communes, by region.

    Parameters
    ----------
    check : pandas.DataFrame
        `mayors` and `communes`, one row per region and one for the whole.
    title : str
    labels : dict
        Index of `check` to names.

    Returns
    -------
    great_tables.GT
    """
    gaps = 100 * (check["mayors"] / check["communes"] - 1)
    table = pd.DataFrame(
        {
            tr("Region"): [labels[code] for code in check.index],
            tr("Mayors"): _count(check["mayors"]),
            tr("Communes"): _count(check["communes"]),
            tr("Difference, %"): [write_gap(gap, 1) for gap in gaps],
        }
    )
    note = tr("Tolerance: 2% in a region, 1% in France.")
    return show_frame(table, title=title, note=note)


def show_exact(
    simulated: pd.DataFrame, exact: pd.Series, *, title: str, labels: dict[str, str]
) -> GT:
    """Show simulated coverage beside that of exact arithmetic.

    Parameters
    ----------
    simulated : pandas.DataFrame
        `coverage` and `coverage_se`, one row per characteristic.
    exact : pandas.Series
        Coverage by characteristic.
    title : str
    labels : dict
        Characteristic to its name.

    Returns
    -------
    great_tables.GT
    """
    rows = simulated.loc[exact.index]
    apart = (rows["coverage"] - exact) / rows["coverage_se"]
    table = pd.DataFrame(
        {
            tr("Share of"): [labels[name] for name in exact.index],
            tr("Simulated, %"): _percent(rows["coverage"], 2),
            tr("Exact, %"): _percent(exact, 2),
            tr("Difference in simulation errors"): [write_gap(value, 2) for value in apart],
        }
    )
    note = tr("Tolerance: 4 simulation (Monte-Carlo) errors; 94 to 96%, give or take 2.")
    return show_frame(table, title=title, note=note)


def _write_note(words: str) -> str:
    return f"{words} {tr(_NOTE)}"


def _percent(values, decimals: int = 1) -> list[str]:
    return ["" if pd.isna(value) else write_number(100 * value, decimals) for value in values]


def _points(values) -> list[str]:
    """Signed, without a sign on what rounds to nothing."""
    return [write_gap(100 * value, 1) for value in values]


def _count(values) -> list[str]:
    return [write_number(value) for value in values]
