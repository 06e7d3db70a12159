"""How estimates of each unit are written and drawn: shares in percent, scores out of 10."""

from dataclasses import dataclass

import pandas as pd

from helpers.data.errors import InputError


@dataclass(frozen=True)
class Scale:
    """One unit of the estimate table, as readers see it.

    Attributes
    ----------
    top : float
        Greatest value of an estimate.
    factor : float
        From an estimate to the number drawn and written.
    decimals : int
        Decimals of that number in a text.
    sign : str
        What follows it in a text.
    heading, unit : str
        Column of a table, and how a title names the unit.
    axis : str
        Axis of a chart.
    step : float
        Width of a class of a map, in the unit of the estimate.
    """

    top: float
    factor: float
    decimals: int
    sign: str
    heading: str
    unit: str
    axis: str
    step: float

    def number(self, value: float, more: int = 0) -> str:
        """The number alone, with `more` decimals than in a text, e.g. ``37`` or ``7.1``."""
        return f"{self.factor * value:.{self.decimals + more}f}"

    def write(self, value: float) -> str:
        """The number and its unit, e.g. ``37%`` or ``7.1 / 10``."""
        return f"{self.number(value)}{self.sign}"

    @property
    def printed(self) -> int:
        """Decimals of an estimate that a text shows."""
        return self.decimals + (2 if self.factor == 100 else 0)


SCALES = {
    "share": Scale(1, 100, 0, "%", "%", "in %", "% of the base", 0.1),
    "score_10": Scale(
        10, 1, 1, " / 10", "Mean score (0–10)", "mean score out of 10", "mean score, 0 to 10", 0.5
    ),
}


def find_scale(*estimates: pd.DataFrame) -> Scale:
    """The scale all rows of some estimate tables share.

    Parameters
    ----------
    *estimates : pandas.DataFrame
        Estimate tables, or frames of shares without a column `unit`.

    Returns
    -------
    Scale

    Raises
    ------
    InputError
        If shares and scores are mixed: they have no common axis.
    """
    units = {unit for table in estimates if "unit" in table for unit in table["unit"].unique()}
    if len(units) > 1:
        raise InputError(f"Estimates in {' and '.join(sorted(units))} cannot share one scale.")
    return SCALES[units.pop() if units else "share"]


def scale_of(row) -> Scale:
    """The scale of one row of an estimate table."""
    return SCALES[row.get("unit", "share")]
