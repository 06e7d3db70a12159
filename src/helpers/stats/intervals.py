"""Confidence intervals, for arrays of estimates and their standard errors."""

import numpy as np
from scipy import special

from helpers.data.errors import InputError


def proportion_interval(p, se, *, n, df, n_equal, level=0.95, method="logit"):
    """Bound proportions by one of three design-based intervals.

    Parameters
    ----------
    p, se : numpy.ndarray
        Proportions (0-1) and their standard errors.
    n : numpy.ndarray
        Base: respondents behind each proportion.
    df : numpy.ndarray
        Degrees of freedom of each domain, units minus strata.
    n_equal : numpy.ndarray
        Kish's effective size of the base, sum(w)^2 / sum(w^2): stands in for
        the effective sample size where p is 0 or 1 and has no variance.
    level : float, default 0.95
        Coverage, in (0, 1).
    method : {"logit", "beta", "wilson"}, default "logit"
        "logit": Wald on the log-odds, as R's svyciprop(method="logit").
        "beta": Korn-Graubard, as svyciprop(method="beta"). "wilson": Wilson's
        score interval on p (1 - p) / se^2 respondents, with the t quantile.

    Returns
    -------
    low, high : numpy.ndarray
        NaN where p is NaN.

    Raises
    ------
    InputError
        If `method` is unknown or `level` is outside (0, 1).

    Notes
    -----
    Three cases are defined here because the formulas are not:

    - p of 0 or 1: Clopper-Pearson on Kish's effective size, adjusted for the
      degrees of freedom, for every method (Korn and Graubard 1998, Survey
      Methodology 24(2), 193-201, treat zero counts by an exact interval too).
    - no degree of freedom: 0 to 1, nothing is known of the spread.
    - p strictly between, with a standard error of 0 (strata that agree
      within, or a census): p itself.

    References: Korn and Graubard (1998); Wilson (1927), JASA 22, 209-212;
    Franco et al. (2019), J. Survey Statistics and Methodology 7(3), 334-364.
    """
    methods = {"logit": _logit, "beta": _beta, "wilson": _wilson}
    if method not in methods:
        raise InputError(f"interval {method!r}: must be one of {', '.join(methods)}")
    check_level(level)
    p, se, n, df, n_equal = np.broadcast_arrays(p, se, n, df, n_equal)
    low, high = p.astype(float), p.astype(float)
    quantile = t_quantile(level, df)
    inner = (p > 0) & (p < 1) & (se > 0) & (df >= 1)
    low[inner], high[inner] = methods[method](
        p[inner], se[inner], n[inner], df[inner], quantile[inner], level
    )
    edge = ((p == 0) | (p == 1)) & (df >= 1)
    size = n_equal[edge] * _df_ratio(n[edge], df[edge], level)
    low[edge], high[edge] = clopper_pearson(p[edge], size, level)
    unknown = (df < 1) & ~np.isnan(p)
    low[unknown], high[unknown] = 0.0, 1.0
    return low, high


def mean_interval(estimate, se, df, level=0.95):
    """Bound means or totals by the estimate and t standard errors each side.

    Parameters
    ----------
    estimate, se, df : numpy.ndarray
        Estimates, standard errors, degrees of freedom.
    level : float, default 0.95
        Coverage, in (0, 1).

    Returns
    -------
    low, high : numpy.ndarray
        Minus and plus infinity without a degree of freedom; NaN where the
        estimate is NaN.
    """
    check_level(level)
    estimate, se, df = np.broadcast_arrays(estimate, se, df)
    half = np.where(df >= 1, t_quantile(level, df) * se, np.inf)
    return estimate - half, estimate + half


def clopper_pearson(p, size, level=0.95):
    """Bound proportions by the exact binomial interval on `size` respondents.

    Parameters
    ----------
    p : numpy.ndarray
        Proportions (0-1).
    size : numpy.ndarray
        Number of respondents, whole or not (an effective sample size).
    level : float, default 0.95
        Coverage.

    Returns
    -------
    low, high : numpy.ndarray
        0 where p is 0 and 1 where p is 1, on their side.
    """
    tail = (1 - level) / 2
    yes, no = size * p, size * (1 - p)
    with np.errstate(invalid="ignore"):
        low = np.where(p > 0, special.betaincinv(yes, no + 1, tail), 0.0)
        high = np.where(p < 1, special.betaincinv(yes + 1, no, 1 - tail), 1.0)
    return np.where(np.isnan(p), np.nan, low), np.where(np.isnan(p), np.nan, high)


def t_quantile(level, df):
    """Return the two-sided t quantile, at one degree of freedom or more."""
    df, places = np.unique(np.maximum(df, 1), return_inverse=True)  # few differ among many
    return special.stdtrit(df, (1 + level) / 2)[places]


def check_level(level):
    """Raise an InputError unless a coverage lies strictly between 0 and 1."""
    if not 0 < level < 1:
        raise InputError(f"level {level!r}: must lie between 0 and 1, as 0.95")


def _logit(p, se, n, df, quantile, level):
    centre = np.log(p / (1 - p))
    half = quantile * se / (p * (1 - p))
    return 1 / (1 + np.exp(half - centre)), 1 / (1 + np.exp(-half - centre))


def _beta(p, se, n, df, quantile, level):
    return clopper_pearson(p, p * (1 - p) / se**2 * _df_ratio(n, df, level), level)


def _wilson(p, se, n, df, quantile, level):
    size = p * (1 - p) / se**2
    shrink = 1 / (1 + quantile**2 / size)
    centre = shrink * (p + quantile**2 / (2 * size))
    half = shrink * quantile * np.sqrt(p * (1 - p) / size + quantile**2 / (4 * size**2))
    return centre - half, centre + half


def _df_ratio(n, df, level):
    """Square of t on n - 1 over t on df: what the design's few units cost."""
    return (t_quantile(level, n - 1) / t_quantile(level, df)) ** 2
