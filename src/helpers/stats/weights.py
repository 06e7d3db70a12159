"""Weights that bring a sample to known totals: raking and post-stratification."""

import numpy as np
import pandas as pd
from scipy import optimize

from helpers.data.errors import InputError
from helpers.stats.columns import read_weights
from helpers.stats.margins import read_margins

# Passes go on well beyond the tolerance while they can, so that weights do not
# depend on where they stopped.
SETTLED = 1e-13


def rake(respondents, margins, *, weight=None, tolerance=1e-8, max_iterations=10_000):
    """Adjust weights to several margins in turn until all are met.

    Parameters
    ----------
    respondents : pandas.DataFrame
        One row per respondent.
    margins : dict
        A column, or a tuple of columns for a joint margin, to a Series of
        targets: level, or tuple of levels, to population total. A level
        without target or respondents is an error; a zero target needs zero
        respondents.
    weight : str, optional
        Column of base weights; None for equal ones.
    tolerance : float, default 1e-8
        Largest gap allowed between an achieved margin and its target,
        relative to the target.
    max_iterations : int, default 10000
        Passes over all margins; a pass works on the crossed cells, not rows.

    Returns
    -------
    pandas.Series
        Weights on the index of `respondents`, named "weight".

    Raises
    ------
    InputError
        If a column is absent or incomplete, a base weight is not positive and
        finite, a target is missing, negative or infinite, a level of the
        sample has no target or a zero one, a target level has no respondents,
        the totals of two margins disagree by more than the tolerance, or the
        margins are not met after `max_iterations`; each names variable, level
        and values.

    Notes
    -----
    Iterative proportional fitting (Deming and Stephan 1940, Annals of
    Mathematical Statistics 11, 427-444). The limit does not depend on the
    order of the margins (Deville, Sarndal and Sautory 1993, JASA 88,
    1013-1020).

    Examples
    --------
    >>> frame = pd.DataFrame({"sex": ["f", "f", "m"], "age": ["old", "young", "old"]})
    >>> sex, age = pd.Series({"f": 50, "m": 50}), pd.Series({"old": 70, "young": 30})
    >>> rake(frame, {"sex": sex, "age": age}).round(6).tolist()
    [20.0, 30.0, 50.0]
    """
    start = _base_weights(respondents, weight)
    cells, size, coded = read_margins(respondents, margins, start)
    _check_totals(coded, tolerance)
    factor = np.ones(len(size))
    change = np.inf
    with np.errstate(all="ignore"):  # margins that cannot be met overflow
        for _ in range(max_iterations):
            before, steps = change, []
            for margin in coded:
                steps.append(margin.target / margin.sum(size * factor))
                factor *= steps[-1].take(margin.code)
            change = np.abs(np.concatenate(steps) - 1).max()
            # A pass that changes nothing has met every margin; rounding may
            # keep the last changes from vanishing altogether.
            if change <= SETTLED or (change <= tolerance and change >= before):
                break
    gap, margin, level, achieved = _largest_gap(coded, size * factor)
    if gap > tolerance:
        raise InputError(
            f"raking did not converge in {max_iterations} passes: {margin.name} level "
            f"{margin.levels[level]!r} stands at {achieved:g} for a target of "
            f"{margin.target[level]:g} (relative gap {gap:.1e}, tolerance {tolerance:g}); "
            "look for crossings without respondents, or merge levels"
        )
    weights = cells.multiply(start, factor)
    return pd.Series(weights, index=respondents.index, name="weight", copy=False)


def poststratify(respondents, targets, *, weight=None):
    """Adjust weights so that each cell of one margin sums to its total.

    Parameters
    ----------
    respondents : pandas.DataFrame
        One row per respondent.
    targets : pandas.Series
        Total per level; the names of its index are the columns.
    weight : str, optional
        Column of base weights; None for equal ones.

    Returns
    -------
    pandas.Series
        Weights on the index of `respondents`, named "weight".

    Raises
    ------
    InputError
        As `rake`, or if the index of the targets has no names.

    Notes
    -----
    Holt and Smith (1979), JRSS A 142, 33-46; as R's postStratify.
    """
    columns = tuple(targets.index.names)
    if None in columns:
        raise InputError("targets: name the levels of the index after the columns they cross")
    return rake(respondents, {columns if len(columns) > 1 else columns[0]: targets}, weight=weight)


def weight_from_frame(respondents, counts):
    """Give each respondent the frame's units over the sample's, per stratum.

    Parameters
    ----------
    respondents : pandas.DataFrame
        One row per respondent, drawn with equal chances within strata.
    counts : pandas.Series
        Population units per stratum; the names of its index are the columns.

    Returns
    -------
    pandas.Series
        Design weights N / n, named "weight".

    Raises
    ------
    InputError
        As `poststratify`: a stratum in one source only, or an empty one.
    """
    return poststratify(respondents, counts)


def trim(weights, *, lower=0.0, upper=np.inf):
    """Cap weights and share what was cut among the others, keeping the sum.

    Parameters
    ----------
    weights : pandas.Series
        Positive weights.
    lower, upper : float
        Smallest and largest weight allowed, on the scale of the weights.

    Returns
    -------
    pandas.Series
        Weights within the limits with the sum they came with. Margins raked
        before are no longer met exactly: rake again, or report the gap.

    Raises
    ------
    InputError
        If a weight is not positive and finite, or no weights within the
        limits have that sum.

    Notes
    -----
    The weights between the limits all move by one amount d, so that the sum
    of clip(w + d, lower, upper) is the sum of w. With `upper` alone this is
    where R's trimWeights(strict=TRUE) ends. On trimming, Potter (1990),
    Proceedings of the ASA Section on Survey Research Methods, 225-230.
    """
    values = read_weights(weights.to_frame("weights"), "weights")
    total = values.sum()
    mean = total / len(values)
    if not (lower <= mean <= upper and upper > 0):
        raise InputError(
            f"trim: the mean weight {mean:g} lies outside {lower:g} to {upper:g}, "
            f"so {len(values)} weights within them cannot sum to {total:g}"
        )
    if values.min() >= lower and values.max() <= upper:
        return weights.astype(float)
    reach = values.max() - values.min()
    shift = optimize.brentq(
        lambda d: np.clip(values + d, lower, upper).sum() - total, -reach, reach, xtol=1e-12 * mean
    )
    free = (values + shift > lower) & (values + shift < upper)
    trimmed = np.clip(values + shift, lower, upper)
    if free.any():  # the exact shift, now that the root has told who is free
        left = total - trimmed[~free].sum() - values[free].sum()
        trimmed[free] = values[free] + left / free.sum()
    return pd.Series(trimmed, index=weights.index, name=weights.name)


def normalise(weights, *, to="respondents"):
    """Rescale weights to a stated sum.

    Parameters
    ----------
    weights : pandas.Series
        Positive weights.
    to : {"respondents"} or float, default "respondents"
        The sum: the number of respondents (mean weight 1), or a number.
        Weights that do not sum to the population give no totals.

    Returns
    -------
    pandas.Series

    Raises
    ------
    InputError
        If a weight is not positive and finite, or the sum is not positive.
    """
    values = read_weights(weights.to_frame("weights"), "weights")
    total = len(values) if isinstance(to, str) and to == "respondents" else to
    if isinstance(total, str) or not 0 < total < np.inf:
        raise InputError(f"to {to!r}: must be 'respondents' or a positive number")
    return weights.astype(float) * (total / values.sum())


def _base_weights(respondents, weight):
    if not len(respondents):
        raise InputError("respondents: 0 rows; there is nothing to weight")
    return np.ones(len(respondents)) if weight is None else read_weights(respondents, weight)


def _check_totals(margins, tolerance):
    first = margins[0]
    for margin in margins[1:]:
        one, other = first.target.sum(), margin.target.sum()
        if abs(one - other) > tolerance * one:
            raise InputError(
                f"margins disagree on the total: {first.name} {one:.10g}, "
                f"{margin.name} {other:.10g}"
            )


def _largest_gap(margins, size):
    worst = (-1.0, None, None, None)
    for margin in margins:
        achieved = margin.sum(size)
        gap = np.nan_to_num(np.abs(achieved / margin.target - 1), nan=np.inf)
        level = int(gap.argmax())
        if gap[level] > worst[0]:
            worst = (float(gap[level]), margin, level, float(achieved[level]))
    return worst
