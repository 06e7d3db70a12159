"""What weighting to margins leaves of the variance."""

from dataclasses import dataclass

import numpy as np

from helpers.data.responses import Wave
from helpers.stats.columns import code_column, join_codes, read_weights, require_columns

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


def read_calibration(wave: Wave) -> Calibration | None:
    """Read what the weights of a wave were raked to.

    Parameters
    ----------
    wave : Wave

    Returns
    -------
    Calibration or None
        The official margins its wave file names; None when it names none.
    """
    margins = tuple(wave.codebook.margin(name).columns for name in wave.file.margins)
    if not margins:
        return None
    return Calibration(margins, wave.file.base_weight if len(margins) == 1 else None)


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

    A missing level is a level of its own, whose total is the base weights'
    share of it (`helpers.run.weighting`). That total is an estimate, taken here
    as known: with many missing levels standard errors come out a little small.
    """
    if calibration is None:
        return None
    codes = [
        _code_margin(respondents, [margin] if isinstance(margin, str) else list(margin))
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


def _code_margin(respondents, columns):
    """Number the crossings of some columns; where any level is missing, all are one."""
    require_columns(respondents, columns)
    parts = [code_column(respondents[column]) for column in columns]
    joint = join_codes([code + 1 for code, _ in parts], [len(levels) + 1 for _, levels in parts])
    missing = np.any([code < 0 for code, _ in parts], axis=0)
    return np.unique(np.where(missing, -1, joint), return_inverse=True)[1]
