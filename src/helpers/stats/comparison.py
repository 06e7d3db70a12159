"""The test of a difference between two sides, and what it could have shown."""

from dataclasses import dataclass

import numpy as np
from scipy import special

from helpers.data.language import tr
from helpers.stats.intervals import check_level, mean_interval
from helpers.stats.variance import Part, inverse

POWER = 0.80

COMPARED = (
    "difference", "difference_se", "difference_low", "difference_high",
    "statistic", "df", "p_value",
)  # fmt: skip


@dataclass(frozen=True)
class Sides:
    """The two sides of a set of comparisons, one row each.

    Attributes
    ----------
    domain : numpy.ndarray
        Domain on the first side.
    other : numpy.ndarray or "rest"
        Domain on the second side.
    first, second : DomainSums
        Sums of each side.
    df : numpy.ndarray
        Units minus strata of both sides together.
    """

    domain: np.ndarray
    other: object
    first: object
    second: object
    df: np.ndarray


def compare_sides(plan, moments, sides, level):
    """Test the difference of each comparison, and say what it could have shown.

    Parameters
    ----------
    plan : Plan
        Sample and domains.
    moments : callable
        Strata sums of linearised values, from `Plan.count`.
    sides : Sides
        What is compared.
    level : float
        Coverage of the intervals.

    Returns
    -------
    dict of numpy.ndarray
        The columns of COMPARED, then `smallest_gap`, `base_needed` and
        `untestable`, comparison by comparison and answer by answer. Notes of
        `helpers.stats.contrasts.contrast_with_rest` give the formulas.
    """
    check_level(level)
    one, two = sides.first, sides.second
    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = (one.y + two.y) / (one.c + two.c)

    def standard_error(ratio_one, ratio_two):
        parts = (
            Part(sides.domain, ratio_one, inverse(one.c)),
            Part(sides.other, ratio_two, -inverse(two.c)),
        )
        return np.sqrt(plan.variance(moments, *parts))

    null_se = standard_error(pooled, pooled)
    se = standard_error(one.ratio, two.ratio)
    se = np.where(one.varies & two.varies, se, null_se)
    df = np.broadcast_to(sides.df[:, None] - 1, se.shape)
    untestable = _explain(one, two, null_se, se, df)
    columns = _test(one.ratio - two.ratio, se, df, level, untestable == "")
    smallest = np.where(untestable == "", _reach(df, level) * null_se, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        needed = np.ceil(one.n * (smallest / np.abs(columns["difference"])) ** 2)
    columns |= {"smallest_gap": smallest, "base_needed": needed, "untestable": untestable}
    return {name: np.ravel(values) for name, values in columns.items()}


def _reach(df, level):
    """Return the standard errors at which a true gap is found significant with POWER."""
    df = np.maximum(df, 1)
    return special.stdtrit(df, (1 + level) / 2) + special.stdtrit(df, POWER)


def _test(difference, se, df, level, tested):
    se = np.where(tested, se, np.nan)
    low, high = mean_interval(difference, se, df, level)
    statistic = np.full(se.shape, np.nan)
    np.divide(difference, se, out=statistic, where=tested)
    p_value = 2 * special.stdtr(np.maximum(df, 1), -np.abs(statistic))
    values = (difference, se, low, high, statistic, df, p_value)
    return dict(zip(COMPARED, values, strict=True))


def _explain(one, two, null_se, se, df):
    """Say in words why a comparison cannot be tested; "" where it can."""
    reasons = {
        tr("no respondent in the domain"): one.n == 0,
        tr("no respondent to compare with"): two.n == 0,
        tr("too few units for a standard error"): df < 1,
        tr("no variation in the answers"): ~(null_se > 0),
        tr("no sampling error to test against"): ~(se > 0),
    }
    masks = [np.broadcast_to(mask, se.shape) for mask in reasons.values()]
    return np.select(masks, list(reasons), default="").astype(object)
