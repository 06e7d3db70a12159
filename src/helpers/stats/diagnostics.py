"""What weighting did: margins met, spread of weights, precision lost."""

import numpy as np
import pandas as pd
from scipy import special

from helpers.stats.columns import code_crossing, read_weights
from helpers.stats.intervals import check_level
from helpers.stats.margins import read_margins


def compare_margins(respondents, margins, *, weight, base_weight=None):
    """Set weighted margins beside their targets.

    Parameters
    ----------
    respondents : pandas.DataFrame
        One row per respondent.
    margins : dict
        As in `helpers.stats.weights.rake`.
    weight : str
        Column of final weights.
    base_weight : str, optional
        Column of the weights before; None for equal ones.

    Returns
    -------
    pandas.DataFrame
        One row per margin and level: `margin`, `level`, `n`, `target`,
        `before` (margin under the base weights brought to the same total),
        `achieved`, `gap` (achieved - target) and `relative_gap`.

    Raises
    ------
    InputError
        As `rake` for the margins and weights.
    """
    final = read_weights(respondents, weight)
    base = np.ones(len(final)) if base_weight is None else read_weights(respondents, base_weight)
    cells, size, coded = read_margins(respondents, margins, base)
    count, final_size = cells.sum(None), cells.sum(final)
    tables = []
    for margin in coded:
        achieved = margin.sum(final_size)
        tables.append(
            pd.DataFrame(
                {
                    "margin": margin.name,
                    "level": pd.Series(margin.levels, dtype=object),
                    "n": margin.sum(count).astype(int),
                    "target": margin.target,
                    "before": margin.sum(size * (margin.target.sum() / base.sum())),
                    "achieved": achieved,
                    "gap": achieved - margin.target,
                    "relative_gap": achieved / margin.target - 1,
                }
            )
        )
    return pd.concat(tables, ignore_index=True)


def greatest_margin(respondents, *, weight, level=0.95):
    """Margin of error of a share of one half of all respondents: no other share has a greater.

    Parameters
    ----------
    respondents : pandas.DataFrame
        One row per respondent.
    weight : str
        Column of weights.
    level : float, default 0.95
        Coverage of the interval, in (0, 1).

    Returns
    -------
    float
        Half the width of the interval, as a share (0 to 1).

    Raises
    ------
    InputError
        If a weight is not positive and finite, or the level is not in (0, 1).

    Notes
    -----
    z sqrt(1 / 4 n_eff), with n_eff of `describe_weights`: that of a random sample drawn with
    replacement whose weights tell nothing of the answers.
    """
    check_level(level)
    n_eff = describe_weights(respondents, weight=weight)["n_eff_kish"].iloc[0]
    return float(special.ndtri((1 + level) / 2) * np.sqrt(0.25 / n_eff))


def describe_weights(respondents, *, weight, by=None):
    """Describe the spread of weights and what it costs.

    Parameters
    ----------
    respondents : pandas.DataFrame
        One row per respondent.
    weight : str
        Column of weights.
    by : str, optional
        Column of groups; None for the whole sample.

    Returns
    -------
    pandas.DataFrame
        One row per group: `n`, `sum`, `min`, `median`, `max`, `ratio` (max
        over min), `cv` (standard deviation over mean, divisor n),
        `deff_kish`, `n_eff_kish`.

    Raises
    ------
    InputError
        If a weight is not positive and finite, or a column is absent or
        incomplete.

    Notes
    -----
    Kish's effect of unequal weights alone, n sum(w^2) / sum(w)^2 = 1 + cv^2
    (Kish 1992, J. Official Statistics 8, 183-200): what weights would cost if
    they told nothing of the answers. The full effect of a question is the
    `deff` of its estimates.
    """
    values = pd.Series(read_weights(respondents, weight))
    code, names = code_crossing(respondents, [] if by is None else [by])
    table = values.groupby(code).agg(["size", "sum", "min", "median", "max"])
    table = table.rename(columns={"size": "n"})
    table["ratio"] = table["max"] / table["min"]
    table["deff_kish"] = table["n"] * (values**2).groupby(code).sum() / table["sum"] ** 2
    table.insert(6, "cv", np.sqrt(np.maximum(table["deff_kish"] - 1, 0)))
    table["n_eff_kish"] = table["n"] / table["deff_kish"]
    if by is not None:
        table.insert(0, by, names)
    return table
