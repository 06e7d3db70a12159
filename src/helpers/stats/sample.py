"""The sampling design of a frame of respondents, checked and coded once."""

from dataclasses import dataclass

import numpy as np

from helpers.data.errors import InputError
from helpers.stats.columns import code_crossing, first_few, read_weights

# A stratum of which no more than this share was left out is observed in full
# and has no sampling variance (R `survey`, function onestrat).
CENSUS_REMAINDER = 1e-7


@dataclass(frozen=True)
class Sample:
    """Weights, strata and units of every row, with the constants of each stratum.

    Attributes
    ----------
    weight : numpy.ndarray
        Positive weights, one per row.
    stratum : numpy.ndarray
        Stratum code per row, 0 to `strata` - 1.
    unit : numpy.ndarray or None
        Code of the primary sampling unit per row; None when each row is one.
    unit_stratum : numpy.ndarray or None
        Stratum code per unit; None when each row is a unit.
    units : numpy.ndarray
        Number of units per stratum.
    remainder : numpy.ndarray
        Share of the stratum's population units left out, 1 without an fpc.
    single_psu : str
        Rule for a stratum with one unit: "fail", "centre" or "certainty".
    """

    weight: np.ndarray
    stratum: np.ndarray
    unit: np.ndarray | None
    unit_stratum: np.ndarray | None
    units: np.ndarray
    remainder: np.ndarray
    single_psu: str

    @property
    def strata(self):
        """Number of strata."""
        return len(self.units)

    @property
    def rows(self):
        """Number of rows of the frame, in the base of a question or not."""
        return len(self.weight)

    @property
    def total(self):
        """Sum of all weights."""
        return self.weight.sum()


def read_sample(respondents, design):
    """Check the design columns of a frame and code its strata and units.

    Parameters
    ----------
    respondents : pandas.DataFrame
        One row per respondent: the full sample, never a subset of it.
    design : helpers.data.design.Design
        Names of the design columns.

    Returns
    -------
    Sample

    Raises
    ------
    InputError
        If the frame is empty, a design column is absent or has missing values,
        a weight is not positive and finite, a population count varies within a
        stratum or is below the units drawn, or a stratum has one unit under
        the rule "fail".
    """
    if not len(respondents):
        raise InputError("respondents: 0 rows; an estimate needs at least one")
    weight = read_weights(respondents, design.weight)
    stratum, names = code_crossing(respondents, list(design.strata))
    unit = unit_stratum = None
    if design.psu is None:
        units = np.bincount(stratum, minlength=len(names))
    else:
        unit, unit_names = code_crossing(respondents, [design.psu])
        # The same psu number in two strata names two units (R's nest=TRUE).
        pair, unit = np.unique(stratum * len(unit_names) + unit, return_inverse=True)
        unit_stratum = pair // len(unit_names)
        units = np.bincount(unit_stratum, minlength=len(names))
    remainder = _read_remainder(respondents, design, stratum, names, units)
    check_single(units, remainder, names, design)
    return Sample(weight, stratum, unit, unit_stratum, units, remainder, design.single_psu)


def check_single(units, remainder, names, design):
    """Raise if a stratum has one unit and the design says that this fails."""
    single = (units == 1) & (remainder >= CENSUS_REMAINDER)
    if design.single_psu == "fail" and single.any():
        shown = first_few(names[i] for i in np.flatnonzero(single))
        raise InputError(
            f"{' x '.join(design.strata) or 'design'}: {single.sum()} strata with one unit "
            f"({shown}); merge them, or declare single_psu as 'centre' or 'certainty'"
        )


def _read_remainder(respondents, design, stratum, names, units):
    if design.fpc is None:
        return np.ones(len(units))
    least, most = span_population(read_weights(respondents, design.fpc), stratum, len(units))
    return find_remainder(least, most, names, units, design)


def span_population(population, stratum, strata):
    """Return the least and greatest population count given in each stratum."""
    least, most = np.full(strata, np.inf), np.full(strata, -np.inf)
    np.minimum.at(least, stratum, population)
    np.maximum.at(most, stratum, population)
    return least, most


def find_remainder(least, count, names, units, design):
    """Return the share of each stratum's population units that was not drawn.

    Parameters
    ----------
    least, count : numpy.ndarray, shape (strata,)
        Least and greatest population count given in each stratum.
    names : list
        Names of the strata.
    units : numpy.ndarray, shape (strata,)
        Units drawn.
    design : helpers.data.design.Design
        With a population count.

    Returns
    -------
    numpy.ndarray, shape (strata,)

    Raises
    ------
    InputError
        If a count varies within a stratum or is below the units drawn.
    """
    varying = np.flatnonzero(least != count)
    if len(varying):
        raise InputError(
            f"column {design.fpc!r}: population count varies within {len(varying)} strata "
            f"({first_few(names[i] for i in varying)})"
        )
    short = np.flatnonzero(count < units)
    if len(short):
        shown = first_few(f"{names[i]}: {units[i]} drawn of {count[i]:g}" for i in short)
        raise InputError(
            f"column {design.fpc!r}: fewer units in the population than drawn in "
            f"{len(short)} strata ({shown}); give counts of units, not sampling fractions"
        )
    return (count - units) / count
