"""Sums of one question by domain, and by stratum for samples of elements."""

from dataclasses import dataclass, replace

import numpy as np

from helpers.stats.variance import ROUNDING, divide

SUMS = ("n", "weight", "weight_square", "c", "cc", "y", "yc", "yy")


@dataclass(frozen=True)
class DomainSums:
    """Sums of one question by domain (D domains, K answers).

    Attributes
    ----------
    n, weight, weight_square, c, cc : numpy.ndarray, shape (D, 1)
        As in `Totals`, summed over strata.
    y, yc, yy : numpy.ndarray, shape (D, K)
        As in `Totals`, summed over strata.
    df : numpy.ndarray, shape (D,)
        Units minus strata among the rows of the domain's base.
    df_all : int
        The same over all domains together.
    """

    n: np.ndarray
    weight: np.ndarray
    weight_square: np.ndarray
    c: np.ndarray
    cc: np.ndarray
    y: np.ndarray
    yc: np.ndarray
    yy: np.ndarray
    df: np.ndarray
    df_all: int

    @classmethod
    def of(cls, by_stratum):
        """Sum tables by stratum and domain; every respondent is a unit."""
        n = by_stratum["n"][:, :, 0]
        return cls(
            **{name: by_stratum[name].sum(axis=0) for name in SUMS},
            df=(n - (n > 0)).sum(axis=0),
            df_all=int(n.sum() - n.any(axis=1).sum()),
        )

    @property
    def ratio(self):
        """R by domain and answer; NaN for an empty base."""
        return divide(self.y, self.c)

    @property
    def spread(self):
        """sum(w (y - R c)^2): zero, rounding apart, when a base does not vary."""
        ratio = self.ratio
        square = self.yy - 2 * ratio * self.yc + ratio**2 * self.cc
        return np.where(square > ROUNDING * (self.yy + ratio**2 * self.cc), square, 0.0)

    @property
    def varies(self):
        """Whether the base of each domain and answer varies at all."""
        return self.spread > 0

    def take(self, positions):
        """Return the sums of the given domains, in that order."""
        return replace(self, **{name: getattr(self, name)[positions] for name in SUMS})

    def rest(self):
        """Return the sums of all other domains, for each domain."""
        sums = {name: getattr(self, name).sum(axis=0) - getattr(self, name) for name in SUMS}
        # What a subtraction leaves of an empty rest is rounding.
        empty = sums["n"][:, 0] == 0
        for table in sums.values():
            table[empty] = 0
        return replace(self, **sums)


class CountedSums:
    """Sums of a sample of elements, by stratum, domain and answer.

    Parameters
    ----------
    sample : Sample
        The full sample, one unit per row.
    domains : Domains
        Domain of every row.
    """

    def __init__(self, sample, domains):
        self.sample = sample
        self._width = domains.count + 1
        self._cell = sample.stratum * self._width + domains.code
        self._square = sample.weight**2

    def count(self, items):
        """Count one question; return its sums by domain and a moments function."""
        strata, width = self.sample.strata, self._width
        totals = items.totals(self._cell, strata * width, self.sample.weight, self._square)
        by_stratum = {
            name: table.reshape(strata, width, -1)[:, :-1] for name, table in vars(totals).items()
        }
        return DomainSums.of(by_stratum), CountedMoments(by_stratum)


class CountedMoments:
    """Sums of linearised values, from sums by stratum, domain and answer."""

    def __init__(self, by_stratum):
        self._tables = by_stratum

    def __call__(self, *parts):
        """Return sum(z) and sum(z^2), each (strata, rows, K)."""
        first = parts[0].domain
        total = square = 0.0
        for part in parts:
            y, c, qyy, qyc, qcc = (
                self._pick(name, part.domain, first) for name in ("y", "c", "qyy", "qyc", "qcc")
            )
            total = total + part.scale * (y - part.ratio * c)
            square = square + part.scale**2 * (qyy - 2 * part.ratio * qyc + part.ratio**2 * qcc)
        return total, square

    def joint_df(self, first, second):
        """Units minus strata among the rows of two domains together."""
        n = self._tables["n"][:, first, 0] + self._tables["n"][:, second, 0]
        return (n - (n > 0)).sum(axis=0)

    def _pick(self, name, domain, first):
        table = self._tables[name]
        if isinstance(domain, str):
            rest = table.sum(axis=1, keepdims=True) - table[:, first]
            alone = self._tables["n"].sum(axis=1, keepdims=True) == self._tables["n"][:, first]
            return np.where(alone, 0.0, rest)
        return table[:, domain]
