"""What weighting to margins leaves of the variance."""

from dataclasses import dataclass

import numpy as np

from helpers.stats.columns import code_crossing, read_weights

# R `survey` (svyrecvar) takes the means of each margin out in turn, ten times.
RAKING_CYCLES = 10


@dataclass(frozen=True)
class Calibration:
    """The margins that weights were post-stratified or raked to.

    Attributes
    ----------
    margins : tuple
        One entry per margin: a column, or a tuple of columns crossed.
    base_weight : str, optional
        Column of weights before a post-stratification to one margin; None
        for raking, or when they were all equal.
    """

    margins: tuple
    base_weight: str | None = None


def residual_function(respondents, sample, calibration):
    """Return a function that takes margins out of linearised values.

    Parameters
    ----------
    respondents : pandas.DataFrame
        The full sample.
    sample : Sample
        The same, coded.
    calibration : Calibration or None
        What the weights were adjusted to.

    Returns
    -------
    callable or None
        Takes and returns arrays of rows x K; None without calibration.

    Notes
    -----
    A calibrated total varies only by what the margins do not explain: the
    linearised values become residuals of their regression on the margins
    (Deville and Sarndal 1992, JASA 87, 376-382). One margin: residuals from
    means weighted by the base weight, as R's postStratify. Several: unweighted
    means of value over weight, margin after margin, as R's rake.
    """
    if calibration is None:
        return None
    codes = [
        code_crossing(respondents, [margin] if isinstance(margin, str) else list(margin))[0]
        for margin in calibration.margins
    ]
    raking = len(codes) > 1
    if raking or calibration.base_weight is None:
        base = np.ones(sample.rows)
    else:
        base = read_weights(respondents, calibration.base_weight)
    sizes = [np.bincount(code, weights=base) for code in codes]

    def residuals(values):
        left = values / sample.weight[:, None]
        for _ in range(RAKING_CYCLES if raking else 1):
            for code, size in zip(codes, sizes, strict=True):
                for k in range(left.shape[1]):
                    mean = np.bincount(code, weights=base * left[:, k]) / size
                    left[:, k] -= mean[code]
        return left * sample.weight[:, None]

    return residuals
