"""What the questions of one table share: sample, domains, design effect."""

import numpy as np
import pandas as pd

from helpers.data.errors import InputError
from helpers.stats.calibration import residual_function
from helpers.stats.domains import read_domains
from helpers.stats.sample import read_sample
from helpers.stats.sums import CountedSums
from helpers.stats.units import UnitSums
from helpers.stats.variance import Part, inverse, stratum_variance

DEFF_FORMS = ("auto", "without", "replace")
ESTIMATED = ("n", "n_weighted", "estimate", "se", "ci_low", "ci_high", "deff", "n_eff", "df")


def check_deff(deff):
    """Raise if there is no such form of the design effect."""
    if deff not in DEFF_FORMS:
        raise InputError(f"deff {deff!r}: must be one of {', '.join(DEFF_FORMS)}")


class Plan:
    """What all questions of one table share: the sample, its domains, options.

    Parameters
    ----------
    respondents, design, by, where, deff, calibration
        As in `estimate_proportions`.
    """

    def __init__(self, respondents, design, *, by, where=None, deff="auto", calibration=None):
        check_deff(deff)
        self.sample = read_sample(respondents, design)
        self.domains = read_domains(respondents, by, where)
        self._levels = {}
        self.without_replacement = self._without_replacement(deff, design)
        residuals = residual_function(respondents, self.sample, calibration)
        if residuals is None and self.sample.unit is None:
            self._sums = CountedSums(self.sample, self.domains)
        else:
            self._sums = UnitSums(self.sample, self.domains, residuals)

    def count(self, items, question, required=True):
        """Count one question by domain; raise if nobody is in a required base."""
        sums, moments = self._sums.count(items)
        if required and not sums.n.any():
            raise InputError(
                f"{question!r}: no respondent in the base ({items.base.sum()} answered, "
                f"{(self.domains.code < self.domains.count).sum()} of {self.sample.rows} rows "
                "in the domains, none of them both)"
            )
        return sums, moments

    def variance(self, moments, *parts):
        """Variance of the sum of parts; NaN where a ratio has no base."""
        empty = np.any([np.isnan(part.ratio) for part in parts], axis=0)
        variance = stratum_variance(moments(*parts), self.sample)
        return np.where(empty, np.nan, np.maximum(variance, 0.0))

    def design_effect(self, variance, sums, residual_square):
        """Divide variances by those of a simple random sample, per respondent.

        `residual_square` is sum(w e^2) / sum(w) of the linearised values e
        whose mean the estimate is, before the n / (n - 1) correction.
        """
        n, weight = sums.n.astype(float), sums.weight
        with np.errstate(divide="ignore", invalid="ignore"):
            simple = residual_square / (n - 1)
            if self.without_replacement:
                simple = simple * np.where(weight > n, 1 - n / weight, 1.0)
            effect = variance / simple
            equal = n * sums.weight_square / weight**2
        return np.where((residual_square > 0) & (n > 1), effect, equal)

    def levels(self, labels):
        """Return the domain columns and answers of a table, as a dict of columns."""
        width = len(labels)
        if width not in self._levels:
            row = np.repeat(np.arange(self.domains.count), width)
            levels = self.domains.levels
            self._levels[width] = {name: levels[name].array.take(row) for name in levels}
        answer = np.tile(np.arange(width), self.domains.count)
        return {**self._levels[width], "answer": pd.Index(labels).take(answer)}

    @property
    def weights_exceed_rows(self):
        """Whether weights sum to more than the respondents, so to a population."""
        return self.sample.total > self.sample.rows * (1 + 1e-6)

    def _without_replacement(self, deff, design):
        if deff == "without" and not self.weights_exceed_rows:
            raise InputError(
                f"column {design.weight!r}: weights sum to {self.sample.total:g} for "
                f"{self.sample.rows} respondents, not to a population; use deff='replace'"
            )
        return self.weights_exceed_rows and deff != "replace"


def ratio_variance(plan, sums, moments):
    """Return variances and design effects of the ratios of every domain."""
    part = Part(np.arange(plan.domains.count), sums.ratio, inverse(sums.c))
    variance = plan.variance(moments, part)
    # Where all gave the same answer, what is left of y - R c is rounding.
    variance = np.where(sums.varies | np.isnan(variance), variance, 0.0)
    return variance, plan.design_effect(variance, sums, sums.spread * sums.weight * part.scale**2)


def list_estimates(sums, estimate, se, bounds, effect):
    """List the columns `ESTIMATED`, each an array of domains x answers."""
    with np.errstate(divide="ignore", invalid="ignore"):
        n_eff = sums.n / effect
    values = (sums.n, sums.weight, estimate, se, *bounds, effect, n_eff, sums.df[:, None])
    return {
        name: np.broadcast_to(column, se.shape)
        for name, column in zip(ESTIMATED, values, strict=True)
    }


def write_rows(plan, items, columns):
    """Lay columns of domains x answers out as one row per domain and answer."""
    rows = {name: values.ravel() for name, values in columns.items()}
    return pd.DataFrame({**plan.levels(items.labels), **rows})
