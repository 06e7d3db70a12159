"""The sampling design of a frame of respondents, checked and coded once."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.data.errors import InputError

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
    single = (units == 1) & (remainder >= CENSUS_REMAINDER)
    if design.single_psu == "fail" and single.any():
        shown = _first(names[i] for i in np.flatnonzero(single))
        raise InputError(
            f"{' x '.join(design.strata) or 'design'}: {single.sum()} strata with one unit "
            f"({shown}); merge them, or declare single_psu as 'centre' or 'certainty'"
        )
    return Sample(weight, stratum, unit, unit_stratum, units, remainder, design.single_psu)


def read_weights(respondents, column):
    """Return a column of weights as floats, all of them positive and finite.

    Parameters
    ----------
    respondents : pandas.DataFrame
        One row per respondent.
    column : str
        Column of weights.

    Returns
    -------
    numpy.ndarray

    Raises
    ------
    InputError
        If the column is absent, not numeric, or holds missing, infinite,
        zero or negative weights; each kind is counted.
    """
    require_columns(respondents, [column])
    try:
        weight = respondents[column].to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError):
        raise InputError(f"column {column!r}: weights must be numbers") from None
    if weight.min() > 0 and np.isfinite(weight.sum()):
        return weight
    kinds = {
        "missing": np.isnan(weight),
        "infinite": np.isinf(weight),
        "zero": weight == 0,
        "negative": (weight < 0) & np.isfinite(weight),
    }
    found = ", ".join(f"{mask.sum()} {kind}" for kind, mask in kinds.items() if mask.any())
    bad = np.flatnonzero(~(np.isfinite(weight) & (weight > 0)))
    raise InputError(
        f"column {column!r}: weights must be positive and finite; {found} "
        f"of {len(weight)} (first at row {respondents.index[bad[0]]!r})"
    )


def require_columns(respondents, columns):
    """Raise an InputError naming the columns that a frame lacks."""
    absent = [column for column in columns if column not in respondents.columns]
    if absent:
        raise InputError(f"{len(absent)} columns not in the respondents: {_first(absent)}")


def code_crossing(respondents, columns):
    """Code the crossing of complete columns.

    Parameters
    ----------
    respondents : pandas.DataFrame
        One row per respondent.
    columns : list of str
        Columns without missing values; an empty list gives one level.

    Returns
    -------
    codes : numpy.ndarray
        Code per row, only for crossings present in the frame.
    names : list
        The level, or tuple of levels, of each code.

    Raises
    ------
    InputError
        If a column is absent or has missing values.
    """
    require_columns(respondents, columns)
    if not columns:
        return np.zeros(len(respondents), dtype=np.intp), [()]
    codes, levels = zip(*(_code_complete(respondents[name], name) for name in columns), strict=True)
    sizes = [len(level) for level in levels]
    joint, cells = join_codes(codes, sizes), int(np.prod(sizes))
    present = np.flatnonzero(np.bincount(joint, minlength=cells))
    at = np.unravel_index(present, sizes)
    names = [level.take(part).tolist() for level, part in zip(levels, at, strict=True)]
    names = names[0] if len(columns) == 1 else list(zip(*names, strict=True))
    if len(present) == cells:
        return joint, names
    position = np.empty(cells, dtype=np.intp)
    position[present] = np.arange(len(present))
    return position[joint], names


def join_codes(codes, sizes):
    """Combine codes into one, the last varying fastest."""
    joint = codes[0]
    for code, size in zip(codes[1:], sizes[1:], strict=True):
        joint = joint * size
        joint += code
    return joint


def code_column(values, sort=True):
    """Code a column and list its levels.

    Parameters
    ----------
    values : pandas.Series
        Any column.
    sort : bool, default True
        Whether the levels are sorted; a Categorical keeps its own order and
        its empty levels.

    Returns
    -------
    codes : numpy.ndarray
        Position of the level per row, -1 where missing.
    levels : pandas.Index
    """
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values.cat.codes.to_numpy().astype(np.intp), values.cat.categories
    codes, levels = pd.factorize(values, sort=sort)
    return codes, pd.Index(levels)


def _code_complete(values, column):
    codes, levels = code_column(values)
    if codes.min() < 0:
        missing = int((codes < 0).sum())
        raise InputError(f"column {column!r}: {missing} missing values of {len(codes)}")
    return codes, levels


def _read_remainder(respondents, design, stratum, names, units):
    """Return the share of each stratum's population units that was not drawn."""
    if design.fpc is None:
        return np.ones(len(units))
    population = read_weights(respondents, design.fpc)
    count = np.full(len(units), -np.inf)
    np.maximum.at(count, stratum, population)
    varying = np.unique(stratum[population != count[stratum]])
    if len(varying):
        raise InputError(
            f"column {design.fpc!r}: population count varies within {len(varying)} strata "
            f"({_first(names[i] for i in varying)})"
        )
    short = np.flatnonzero(count < units)
    if len(short):
        shown = _first(f"{names[i]}: {units[i]} drawn of {count[i]:g}" for i in short)
        raise InputError(
            f"column {design.fpc!r}: fewer units in the population than drawn in "
            f"{len(short)} strata ({shown}); give counts of units, not sampling fractions"
        )
    return (count - units) / count


def _first(values, limit=5):
    """Write the first few values of a list, and how many more there are."""
    values = [str(value) if isinstance(value, str) else repr(value) for value in values]
    more = len(values) - limit
    return ", ".join(values[:limit]) + (f" and {more} more" if more > 0 else "")
