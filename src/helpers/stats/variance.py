"""Variance of weighted ratios by Taylor linearisation, as in R `survey`.

An estimate is a ratio R = sum(w y) / sum(w c) over a domain. Its linearised
value for respondent i is w_i s (y_i - R c_i) inside the domain and zero
outside, with s = 1 / sum(w c); the values are summed by unit, and units vary
around the mean of their stratum, domain members or not (Woodruff 1971, JASA
66, 411-414; Lumley 2010, Complex Surveys, chapters 2 and 3). A difference between
domains adds the values of both. For samples of elements the sums needed,
sum(z) and sum(z^2) by stratum, follow from counts by stratum, domain and
answer; see `Totals`.
"""

from dataclasses import dataclass, replace

import numpy as np

from helpers.stats.sample import CENSUS_REMAINDER

# Sums of many weights carry rounding of about 1e-13; a spread within a stratum
# smaller than this share of its square sum is that rounding, not variation.
ROUNDING = 1e-12

REST = "rest"
SUMS = ("n", "weight", "weight_square", "c", "cc", "y", "yc", "yy")


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
        return DomainSums.of(by_stratum), _CountedMoments(by_stratum)


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
        return _divide(self.y, self.c)

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


class _CountedMoments:
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


class UnitSums:
    """Sums of a clustered or calibrated sample, one domain at a time.

    Parameters
    ----------
    sample : Sample
        The full sample.
    domains : Domains
        Domain of every row.
    residuals : callable, optional
        Takes linearised values (rows x K) and returns what a calibration
        leaves of them; None without calibration.
    """

    def __init__(self, sample, domains, residuals=None):
        self.sample = sample
        self.residuals = residuals
        self._code = domains.code
        order = np.argsort(domains.code, kind="stable")
        ends = np.cumsum(np.bincount(domains.code, minlength=domains.count + 1))
        self.rows = np.split(order, ends[:-1])[: domains.count]
        self.unit = np.arange(sample.rows) if sample.unit is None else sample.unit
        self.unit_stratum = sample.stratum if sample.unit is None else sample.unit_stratum

    def count(self, items):
        """Count one question; return its sums by domain and a moments function."""
        width = len(self.rows) + 1
        weight = self.sample.weight
        totals = items.totals(self._code, width, weight, weight**2)
        every = range(len(self.rows))
        sums = DomainSums(
            **{name: getattr(totals, name).reshape(width, -1)[:-1] for name in SUMS},
            df=np.array([self.degrees(items.base, domain) for domain in every]),
            df_all=self.degrees(items.base, *every),
        )
        moments = _RowMoments if self.residuals else _UnitMoments
        return sums, moments(self, items)

    def degrees(self, base, *domains):
        """Units minus strata among the rows of some domains that are in the base."""
        rows = np.concatenate([self.rows[domain] for domain in domains])
        units = np.unique(self.unit[rows[base[rows]]])
        return len(units) - len(np.unique(self.unit_stratum[units]))

    def by_stratum(self, values):
        """Return sum(z) and sum(z^2) by stratum of unit totals (units x K)."""
        strata = self.sample.strata
        columns = values.T
        total = [np.bincount(self.unit_stratum, z, strata) for z in columns]
        square = [np.bincount(self.unit_stratum, z * z, strata) for z in columns]
        return np.column_stack(total), np.column_stack(square)


class _Moments:
    """Sums of the linearised values of one question over units."""

    def __init__(self, units, items):
        self._units = units
        self._items = items

    def joint_df(self, first, second):
        """Units minus strata among the rows of two domains together."""
        base = self._items.base
        pairs = zip(first, second, strict=True)
        return np.array([self._units.degrees(base, *pair) for pair in pairs])


class _UnitMoments(_Moments):
    """Linearised values summed by unit before they are squared."""

    def __call__(self, *parts):
        """Return sum(z) and sum(z^2), each (strata, rows, K)."""
        everyone = self._sums(np.concatenate(self._units.rows)) if len(parts) > 1 else None
        tables = []
        for position in range(len(parts[0].domain)):
            values = 0.0
            for part in parts:
                domain = parts[0].domain[position]
                if isinstance(part.domain, str):
                    y, c = self._sums(self._units.rows[domain])
                    y, c = everyone[0] - y, everyone[1] - c
                else:
                    y, c = self._sums(self._units.rows[part.domain[position]])
                values = values + part.scale[position] * (y - part.ratio[position] * c[:, None])
            tables.append(self._units.by_stratum(values))
        return tuple(np.stack(column, axis=1) for column in zip(*tables, strict=True))

    def _sums(self, rows):
        unit = self._units.unit[rows]
        count = len(self._units.unit_stratum)
        return self._items.sums(rows, unit, count, self._units.sample.weight)


class _RowMoments(_Moments):
    """Linearised values row by row, so that a calibration can be taken out."""

    def __call__(self, *parts):
        """Return sum(z) and sum(z^2), each (strata, rows, K)."""
        tables = []
        for position in range(len(parts[0].domain)):
            values = np.zeros((self._units.sample.rows, len(self._items.labels)))
            for part in parts:
                rows = self._rows(part.domain, parts[0].domain, position)
                y, c = self._items.values(rows)
                z = part.scale[position] * (y - part.ratio[position] * c[:, None])
                values[rows] += z * self._units.sample.weight[rows, None]
            values = self._units.residuals(values)
            if self._units.sample.unit is not None:
                count = len(self._units.unit_stratum)
                values = np.column_stack(
                    [np.bincount(self._units.unit, z, count) for z in values.T]
                )
            tables.append(self._units.by_stratum(values))
        return tuple(np.stack(column, axis=1) for column in zip(*tables, strict=True))

    def _rows(self, domain, first, position):
        if not isinstance(domain, str):
            return self._units.rows[domain[position]]
        others = [rows for at, rows in enumerate(self._units.rows) if at != first[position]]
        return np.concatenate(others) if others else np.array([], dtype=np.intp)


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


def _divide(numerator, denominator):
    """Divide, giving NaN where the denominator is zero."""
    out = np.full(np.broadcast_shapes(numerator.shape, denominator.shape), np.nan)
    return np.divide(numerator, denominator, out=out, where=denominator != 0)
