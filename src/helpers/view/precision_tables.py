"""Tables of simulated samples, rounded for a reader."""

import pandas as pd
from great_tables import GT

from helpers.stats.precision import METHODS
from helpers.view.tables import show_frame

_NOTE = "REAL population counts, SIMULATED samples."


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
            "Commune size": [labels[band] for band in frame["commune_band"]],
            "Mayors": _count(frame["mayors"]),
            "Share of all, %": _percent(frame["mayors"] / frame["mayors"].sum()),
            "Women, %": _percent(frame["women"] / frame["mayors"]),
            "Aged 60 or over, %": _percent(frame["aged_60_plus"] / frame["mayors"]),
        }
    )
    drawn = ["commune_band", "mayors", "women", "aged_60_plus"]
    for name in frame.columns.difference(drawn, sort=False):
        table[name] = [f"{value:,.1f}".removesuffix(".0") for value in frame[name]]
    return show_frame(table, title=title, note="REAL population counts.")


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
            "Share of": [labels[name] for name in precision["characteristic"]],
            "Design": precision["design"].to_numpy(),
            "Error computed from": [METHODS[name] for name in precision["method"]],
            "Truth, %": _percent(precision["truth"]),
            "Bias, points": _points(precision["bias"]),
            "True error": _percent(precision["true_se"], 2),
            "Error reported": _percent(precision["mean_se"], 2),
            "Reported over true": [f"{value:.2f}" for value in precision["se_ratio"]],
            "Coverage, %": _percent(precision["coverage"]),
            "Simulation error": _percent(precision["coverage_se"]),
        }
    )
    return show_frame(table, title=title, note=f"Errors in percentage points. {_NOTE}")


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
            "Domain": [labels[name] for name in precision["domain"]],
            "Design": precision["design"].to_numpy(),
            "Mean n": _decimal(precision["n"]),
            "Truth, %": _percent(precision["truth"]),
            "Bias, points": _points(precision["bias"]),
            "95% of estimates": [
                f"{100 * low:.0f}–{100 * high:.0f}"
                for low, high in zip(
                    precision["estimate_low"], precision["estimate_high"], strict=True
                )
            ],
            "True error": _percent(precision["true_se"]),
        }
    )
    return show_frame(table, title=title, note=f"Errors in percentage points. {_NOTE}")


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
            "Domain": [labels[name] for name in precision["domain"]],
            "Design": precision["design"].to_numpy(),
            "Mean n": _decimal(precision["n"]),
            "Coverage, %": _percent(precision["coverage"]),
            "Simulation error": _percent(precision["coverage_se"]),
            "Mean width, points": _percent(precision["width"], 0),
            "Withheld, n < 30, %": _percent(precision["withheld_n30"], 0),
            "Coverage if shown, n ≥ 30": _percent(precision["coverage_n30"]),
            "Withheld, nchs-2017, %": _percent(precision["withheld_nchs-2017"], 0),
            "Coverage if shown, nchs-2017": _percent(precision["coverage_nchs-2017"]),
        }
    )
    note = "Blank: shown in too few samples to say. Both rules judge the design-based figure."
    return show_frame(table, title=title, note=f"{note} {_NOTE}")


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
            "Domain": [labels[domain] for _, domain in wide.index],
            "Design": [design for design, _ in wide.index],
            "Mean n": _decimal(base["n"]),
        }
    )
    for gap in sorted(set(power["gap"])):
        name = f"{100 * gap:.0f} points" if gap else "no gap"
        table[f"Found: {name}, %"] = _percent(wide["power"][gap])
    largest = max(power["gap"])
    table[f"Marked: {100 * largest:.0f} points, %"] = _percent(wide["power_marked"][largest])
    table["Smallest gap, points"] = _percent(base["smallest_gap"], 0)
    return show_frame(table, title=title, note=f"{note} {_NOTE}")


def _percent(values, decimals: int = 1) -> list[str]:
    return ["" if pd.isna(value) else f"{100 * value:.{decimals}f}" for value in values]


def _points(values) -> list[str]:
    """Signed, without a sign on what rounds to nothing."""
    texts = [f"{100 * value:+.1f}" for value in values]
    return [text.lstrip("+-") if float(text) == 0 else text for text in texts]


def _count(values) -> list[str]:
    return [f"{value:,}" for value in values]


def _decimal(values) -> list[str]:
    return [f"{value:.0f}" for value in values]
