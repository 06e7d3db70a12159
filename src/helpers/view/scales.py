"""How estimates of each unit are written and drawn: shares in percent, scores out of 10."""

from dataclasses import dataclass

import pandas as pd

from helpers.data.errors import InputError
from helpers.data.language import tr, write_number, write_percent


@dataclass(frozen=True)
class Scale:
    """One unit of the estimate table, as readers see it.

    Attributes
    ----------
    name : {"share", "score_10"}
        Unit of the estimate table.
    top : float
        Greatest value of an estimate.
    factor : float
        From an estimate to the number drawn and written.
    decimals : int
        Decimals of that number in a text.
    step : float
        Width of a class of a map, in the unit of the estimate.
    """

    name: str
    top: float
    factor: float
    decimals: int
    step: float

    def number(self, value: float, more: int = 0) -> str:
        """The number alone, with `more` decimals than in a text, e.g. ``37`` or ``7.1``."""
        return write_number(self.factor * value, self.decimals + more)

    def write(self, value: float) -> str:
        """The number and its unit, e.g. ``37%`` or ``7.1 / 10``."""
        return f"{self.number(value)}{self.sign}"

    @property
    def is_share(self) -> bool:
        """Whether estimates are shares, written in percent."""
        return self.name == "share"

    @property
    def sign(self) -> str:
        """What follows the number in a text."""
        return write_percent(0).removeprefix("0") if self.is_share else " / 10"

    @property
    def heading(self) -> str:
        """Heading of the column of a table."""
        return "%" if self.is_share else tr("Mean score (0–10)")

    @property
    def unit(self) -> str:
        """How a title names the unit."""
        return tr("in %") if self.is_share else tr("mean score out of 10")

    @property
    def axis(self) -> str:
        """Axis of a chart."""
        return tr("% of the base") if self.is_share else tr("mean score, 0 to 10")

    @property
    def printed(self) -> int:
        """Decimals of an estimate that a text shows."""
        return self.decimals + (2 if self.is_share else 0)


SCALES = {
    "share": Scale("share", top=1, factor=100, decimals=0, step=0.1),
    "score_10": Scale("score_10", top=10, factor=1, decimals=1, step=0.5),
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
