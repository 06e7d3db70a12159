"""Replicate weights, for estimates that no linearisation reaches."""

import numpy as np
import pandas as pd

from helpers.data.errors import InputError
from helpers.stats.intervals import mean_interval
from helpers.stats.sample import CENSUS_REMAINDER, read_sample


def draw_replicates(respondents, *, design, replicates, rng):
    """Draw bootstrap weights one replicate at a time.

    Parameters
    ----------
    respondents : pandas.DataFrame
        One row per respondent, the full sample.
    design : helpers.data.design.Design
        Weight, strata, units, population counts.
    replicates : int
        How many to draw.
    rng : numpy.random.Generator
        Source of randomness.

    Yields
    ------
    numpy.ndarray
        Weights of one replicate, one per row, some of them 0.

    Raises
    ------
    InputError
        As `read_sample`; or if `replicates` is below 2, or a stratum with one
        unit is to be centred, which resampling within strata cannot do.

    Notes
    -----
    Rescaling bootstrap of Rao, Wu and Yue (1992), Survey Methodology 18(2),
    209-217: n - 1 of the n units of a stratum drawn with replacement; a unit
    drawn m times keeps its weights times 1 - a + a m n / (n - 1), with
    a = sqrt(share of the population left out). Without an fpc a is 1, R's
    as.svrepdesign(type="subbootstrap").
    """
    if replicates < 2:
        raise InputError(f"replicates {replicates!r}: at least 2")
    sample = read_sample(respondents, design)
    single = (sample.units == 1) & (sample.remainder >= CENSUS_REMAINDER)
    if single.any() and design.single_psu == "centre":
        raise InputError(
            f"{single.sum()} strata with one unit cannot be centred by resampling; "
            "merge them or declare single_psu as 'certainty'"
        )
    unit_stratum = sample.stratum if sample.unit is None else sample.unit_stratum
    groups = np.split(
        np.argsort(unit_stratum, kind="stable"),
        np.cumsum(np.bincount(unit_stratum, minlength=sample.strata))[:-1],
    )
    keep = np.sqrt(sample.remainder)
    for _ in range(replicates):
        factor = np.ones(len(unit_stratum))
        for units, a in zip(groups, keep, strict=True):
            n = len(units)
            if n > 1:
                drawn = np.bincount(rng.integers(n, size=n - 1), minlength=n)
                factor[units] = 1 - a + a * drawn * n / (n - 1)
        yield sample.weight * (factor if sample.unit is None else factor[sample.unit])


def bootstrap(respondents, statistic, *, design, rng, replicates=500, level=0.95):
    """Estimate the standard error of any weighted statistic by resampling.

    Parameters
    ----------
    respondents, design, replicates, rng
        As in `draw_replicates`.
    statistic : callable
        Takes the respondents and an array of weights, gives a number or a
        Series: a median, a ratio of means, a raked estimate that rakes again.
    level : float, default 0.95
        Coverage of the interval, in (0, 1).

    Returns
    -------
    pandas.DataFrame
        One row per value of the statistic, on its index: `estimate`, `se`,
        `ci_low`, `ci_high` (estimate +- t se), `df`, `replicates`.

    Raises
    ------
    InputError
        As `draw_replicates`, or if a replicate gives a value that is missing
        or infinite: their number and the value concerned are named.

    Notes
    -----
    The variance is the mean square of the replicates around the estimate from
    the full sample (R's mse=TRUE), on units minus strata degrees of freedom.
    """
    sample = read_sample(respondents, design)
    estimate = pd.Series(statistic(respondents, sample.weight), dtype=float)
    drawn = draw_replicates(respondents, design=design, replicates=replicates, rng=rng)
    values = np.array(
        [np.atleast_1d(np.asarray(statistic(respondents, w), dtype=float)) for w in drawn]
    )
    failed = ~np.isfinite(values)
    if failed.any() or not np.isfinite(estimate).all():
        worst = estimate.index[int(failed.sum(axis=0).argmax())]
        raise InputError(
            f"bootstrap: {failed.any(axis=1).sum()} of {replicates} replicates without a finite "
            f"value, most for {worst!r}; its base is too small to resample"
        )
    se = np.sqrt(((values - estimate.to_numpy()) ** 2).mean(axis=0))
    df = int(sample.units.sum() - sample.strata)
    low, high = mean_interval(estimate.to_numpy(), se, np.full(len(estimate), df), level)
    return pd.DataFrame(
        {
            "estimate": estimate,
            "se": se,
            "ci_low": low,
            "ci_high": high,
            "df": df,
            "replicates": replicates,
        }
    )
