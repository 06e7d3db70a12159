"""Variance of weighted ratios by Taylor linearisation, as in R `survey`.

An estimate is a ratio R = sum(w y) / sum(w c) over a domain. Its linearised
value for respondent i is w_i s (y_i - R c_i) inside the domain and zero
outside, with s = 1 / sum(w c); the values are summed by unit, and units vary
around the mean of their stratum, domain members or not (Woodruff 1971, JASA
66, 411-414; Lumley 2010, Complex Surveys, chapters 2 and 3). A difference between
domains adds the values of both. For samples of elements the sums needed,
sum(z) and sum(z^2) by stratum, follow from counts by stratum, domain and
answer (`helpers.stats.sums`); other samples are summed unit by unit
(`helpers.stats.units`).
"""

from dataclasses import dataclass

import numpy as np

from helpers.stats.sample import CENSUS_REMAINDER

# Sums of many weights carry rounding of about 1e-13; a spread within a stratum
# smaller than this share of its square sum is that rounding, not variation.
ROUNDING = 1e-12

REST = "rest"


@dataclass(frozen=True)
class Part:
    """One side of a linear contrast: s (y - R c) over domains.

    Attributes
    ----------
    domain : numpy.ndarray or "rest"
        Domain of each row of the result; "rest" for all other domains.
    ratio : numpy.ndarray, shape (rows, K)
        R.
    scale : numpy.ndarray, shape (rows, K) or (rows, 1)
        s, with the sign of the part.
    """

    domain: object
    ratio: np.ndarray
    scale: np.ndarray


def stratum_variance(moments, sample):
    """Add the between-unit variance of every stratum.

    Parameters
    ----------
    moments : tuple of numpy.ndarray
        sum(z) and sum(z^2) of the units' linearised values, strata first.
    sample : Sample
        Units drawn and share left out per stratum, and the single-unit rule.

    Returns
    -------
    numpy.ndarray
        sum over strata of f n / (n - 1) sum (z - mean z)^2, with f the share
        left out (Wolter 2007, Introduction to Variance Estimation, 2nd ed.,
        chapter 6).
        A stratum with one unit adds f z^2 when "centre" (z is centred on the
        overall mean; R's lonely.psu="adjust") and nothing when "certainty".
    """
    total, square = moments
    units = sample.units.reshape(-1, *[1] * (total.ndim - 1))
    spread = square - total**2 / units
    spread[spread < ROUNDING * square] = 0.0
    several = np.where(sample.units > 1, sample.units / np.maximum(sample.units - 1, 1), 0.0)
    factor = np.where(sample.remainder < CENSUS_REMAINDER, 0.0, sample.remainder)
    variance = np.tensordot(factor * several, spread, axes=1)
    if sample.single_psu == "centre":
        variance += np.tensordot(factor * (sample.units == 1), square, axes=1)
    return variance


def inverse(size):
    """Return 1 / size, and 0 for an empty base, which adds nothing."""
    return np.divide(1.0, size, out=np.zeros(np.shape(size)), where=size != 0)


def divide(numerator, denominator):
    """Divide, giving NaN where the denominator is zero."""
    out = np.full(np.broadcast_shapes(numerator.shape, denominator.shape), np.nan)
    return np.divide(numerator, denominator, out=out, where=denominator != 0)
