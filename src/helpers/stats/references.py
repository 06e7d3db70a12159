"""The estimates of territories beside a reference: France, the rest, or their neighbours."""

import numpy as np
import pandas as pd
from scipy import special

from helpers.data.errors import InputError
from helpers.stats.contrasts import adjust_p_values
from helpers.stats.results import DEFAULT_RULE, Rule

REFERENCES = {"rest": "the rest of France", "france": "France", "neighbours": "its neighbours"}


def compare_with_reference(
    rows: pd.DataFrame, whole: pd.Series, reference: str, neighbours: pd.DataFrame,
    *, rule: Rule = DEFAULT_RULE,
) -> pd.DataFrame:  # fmt: skip
    """Set each territory beside a reference, and test the gap.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows of an estimate table: one answer of one actor, a row per territory.
    whole : pandas.Series
        The row of the same answer for all respondents.
    reference : {"rest", "france", "neighbours"}
    neighbours : pandas.DataFrame
        From `helpers.data.regions.find_neighbours`.
    rule : Rule, optional
        Level and correction of the test against the neighbours; those of the
        others are in `rows`.

    Returns
    -------
    pandas.DataFrame
        The rows with `reference_estimate`, and `difference`, `difference_se`,
        `p_value`, `p_adjusted` and `mark` of the gap to it. `smallest_gap` is
        kept for the rest, the one it was computed for.

    Raises
    ------
    InputError
        If the reference is unknown.

    Notes
    -----
    A territory against France is the same test as against the rest, once the
    overlap is counted, so p-value and mark are the same. Its neighbours are
    pooled by their weighted bases; they and the territory are independent
    samples when regions are strata, so their variances add (normal
    approximation). Neighbours whose figure is withheld leave the pool, and
    without any the gap is untestable.

    References
    ----------
    Kish (1965), Survey Sampling, section 4.3: comparison of strata.
    """
    if reference not in REFERENCES:
        raise InputError(f"reference {reference!r} is unknown; valid are {', '.join(REFERENCES)}.")
    table = rows.copy()
    if reference == "rest":
        return table.assign(reference_estimate=table["estimate"] - table["difference"])
    table["smallest_gap"] = np.nan
    if reference == "france":
        gap = table["estimate"] - whole["estimate"]
        # Same statistic, so the standard error shrinks as the gap does.
        se = table["difference_se"] * (gap / table["difference"]).abs()
        return table.assign(reference_estimate=whole["estimate"], difference=gap, difference_se=se)
    pooled = [_pool(rows, neighbours, code) for code in table["domain"]]
    table["reference_estimate"], pooled_se = np.array(pooled).T
    table["difference"] = table["estimate"] - table["reference_estimate"]
    table["difference_se"] = np.hypot(table["se"], pooled_se)
    return _test(table, rule)


def _pool(rows: pd.DataFrame, neighbours: pd.DataFrame, code: str) -> tuple[float, float]:
    """Estimate and standard error of the neighbours of a territory taken together."""
    around = neighbours.loc[neighbours["code"] == code, "neighbour"]
    shown = rows[rows["domain"].isin(around) & rows["estimate"].notna()]
    weight = shown["n_weighted"] / shown["n_weighted"].sum()
    if shown.empty:
        return np.nan, np.nan
    return (weight * shown["estimate"]).sum(), np.sqrt((weight**2 * shown["se"] ** 2).sum())


def _test(table: pd.DataFrame, rule: Rule) -> pd.DataFrame:
    # What cannot be tested against the rest, for want of a base, cannot be tested here.
    tested = table["p_value"].notna() & (table["difference_se"] > 0)
    z = table["difference"].abs() / table["difference_se"].where(tested)
    table["p_value"] = 2 * special.ndtr(-z)
    table["p_adjusted"] = adjust_p_values(table["p_value"].to_numpy(), method=rule.correction)
    significant = table["p_adjusted"] < rule.alpha
    table["mark"] = np.select(
        [~tested, significant & (table["difference"] > 0), significant],
        ["untestable", "higher", "lower"],
        "none",
    )
    return table
