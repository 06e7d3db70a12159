"""Sums of one question over units: clustered samples and calibrated weights."""

import numpy as np

from helpers.stats.sums import SUMS, DomainSums


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
