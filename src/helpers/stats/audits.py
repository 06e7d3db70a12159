"""Arithmetic audits: whether the published figures agree with one another, rounding granted."""

from pathlib import Path

import numpy as np
import pandas as pd
from scipy import special

from helpers.data.errors import InputError
from helpers.data.language import message
from helpers.data.published import describe_legibility, read_audits, read_figures

_COLUMNS = [
    "audit",
    "says",
    "figures",
    "legibility",
    "computed",
    "low",
    "high",
    "claimed",
    "verdict",
]
_Z = special.ndtri(0.975)


def run_audits(
    studies: list[str], *, years: list[str] | None = None, root: Path | None = None
) -> pd.DataFrame:
    """Run the audits whose figures come from the studies named.

    Parameters
    ----------
    studies : list of str
        Values of `study` in the published figures; an audit is run when its
        first figure is from one of them.
    years : list of str, optional
        Values of `wave` its first figure may have; any by default.
    root : pathlib.Path, optional
        Root of the collection.

    Returns
    -------
    pandas.DataFrame
        One row per audit: `audit`, `says`, `figures`, `legibility` (of its
        figures: ``clear`` if all are, else what they are), `computed` (from the
        printed values), `low` and `high` (from their roundings), `claimed`
        (NaN if nothing is claimed) and `verdict`: ``consistent``,
        ``inconsistent``, ``possible``, ``impossible`` or ``implied``.

    Notes
    -----
    A printed value stands for every number that rounds to it: half a unit of
    its last digit each way, or of its last non-zero digit for a count above a
    thousand. An audit is consistent when the range of the computed value meets
    that of the claimed one.
    """
    figures = read_figures(root=root).set_index("figure")
    figures["legibility"] = describe_legibility(figures)
    audits = read_audits(root=root)
    first = audits["figures"].str.split().str[0]
    chosen = first.map(figures["study"]).isin(studies)
    if years is not None:
        chosen &= first.map(figures["wave"]).isin(years)
    return pd.DataFrame(
        [_run(audit, figures) for audit in audits[chosen].itertuples()],
        columns=_COLUMNS,
    )


def is_possible(percent: float, n: int, decimals: int = 0) -> bool:
    """Whether a whole number out of `n` rounds to a printed percentage (GRIM).

    Parameters
    ----------
    percent : float
        As printed, 0 to 100.
    n : int
        Unweighted base.
    decimals : int
        Decimals printed.

    Returns
    -------
    bool

    Notes
    -----
    Brown and Heathers (2017), The GRIM Test, Social Psychological and
    Personality Science 8(4), 363-369. It holds for unweighted shares, and says nothing from a
    hundred respondents up, where every whole percentage is possible.
    """
    half = 0.5 * 10.0**-decimals
    lowest = np.ceil((percent - half) / 100 * n - 1e-9)
    return bool(lowest <= (percent + half) / 100 * n + 1e-9)


def base_for_gap(share: float, whole: float) -> int:
    """Respondents a domain needs for its gap to a known whole to reach the 5 % level.

    Parameters
    ----------
    share, whole : float
        Proportions, 0 to 1, not equal.

    Returns
    -------
    int

    Notes
    -----
    One-sample z test of a proportion against a known one, solved for n:
    n = z² p0 (1 - p0) / (p - p0)². A sample of that size whose true gap is the
    one seen finds it significant half of the time.
    """
    return int(np.ceil(_Z**2 * whole * (1 - whole) / (share - whole) ** 2))


def _run(audit, figures: pd.DataFrame) -> tuple:
    names = audit.figures.split()
    values = figures.loc[names, "value"].to_numpy()
    half = np.array([_half(figures.loc[name]) for name in names])
    compute = _KINDS.get(audit.kind)
    if compute is None:
        raise InputError(
            f"audits.csv: {audit.audit}: kind {audit.kind!r}; valid are {', '.join(_KINDS)}."
        )
    corners = values + half * _signs(len(values))
    results = np.array([compute(*corner) for corner in corners])
    computed, low, high = compute(*values), results.min(), results.max()
    claimed, verdict = _judge(audit, figures, computed, low, high)
    used = [*names, audit.claim] if audit.claim in figures.index else names
    unclear = [text for text in figures.loc[used, "legibility"].unique() if text != "clear"]
    legibility = ", ".join(unclear) or "clear"
    return (
        audit.audit, audit.says, audit.figures, legibility, computed, low, high, claimed, verdict
    )  # fmt: skip


def _judge(audit, figures, computed, low, high) -> tuple[float, str]:
    if audit.kind == "grim":
        return np.nan, message("possible") if computed else message("impossible")
    if not audit.claim:
        return np.nan, message("implied")
    printed = audit.claim in figures.index
    claimed = figures.loc[audit.claim, "value"] if printed else float(audit.claim)
    slack = 1e-9 + (_half(figures.loc[audit.claim]) if printed else 0.0)
    meets = low - slack <= claimed <= high + slack
    return claimed, message("consistent") if meets else message("inconsistent")


def _half(figure) -> float:
    """Half a unit of the last digit that was not rounded away."""
    value = figure["value"]
    if figure["unit"] == "count" and value >= 1000 and value % 100 == 0:
        digits = f"{value:.0f}"
        return 0.5 * 10 ** (len(digits) - len(digits.rstrip("0")))
    return 0.0 if figure["unit"] == "count" and figure["decimals"] == 0 else _rounding(figure)


def _rounding(figure) -> float:
    return 0.5 * 10.0 ** -figure["decimals"]


def _signs(size: int) -> np.ndarray:
    """All corners of the box of roundings: one row per combination of -1 and 1."""
    return np.array(np.meshgrid(*[[-1, 1]] * size)).reshape(size, -1).T


def _kish(n, *shares) -> float:
    """Effective size of equal bands weighted to `shares` (Kish 1992)."""
    shares = np.array(shares) / sum(shares)
    return n / (len(shares) * (shares**2).sum())


def _remainder(whole, first, last, *weights) -> float:
    """Middle band of three, given the whole and both ends."""
    a, b, c = np.array(weights) / sum(weights)
    return (whole - a * first - c * last) / b


_KINDS = {
    "sum": lambda *parts: sum(parts),
    "difference": lambda one, other: one - other,
    "ratio": lambda count, base: count / base,
    "universe": lambda count, percent: 100 * count / percent,
    "mixture": lambda first, second, whole: 100 * (whole - second) / (first - second),
    "grim": lambda percent, n: float(is_possible(percent, int(n))),
    "margin": lambda n: 100 * _Z * 0.5 / np.sqrt(n),
    "kish": _kish,
    "remainder": _remainder,
    "base": lambda one, whole: float(base_for_gap(one / 100, whole / 100)),
}
