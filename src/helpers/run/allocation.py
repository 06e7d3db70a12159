"""Spreads published shares over respondents without inventing a contrast.

*Fit* finds the shares by cell (crossing of domain levels) that meet every
published figure and depart least from one common share: iterative proportional
fitting from a flat table gives the maximum-entropy solution (Deming and Stephan
1940; Ireland and Kullback 1968, section 3). *Deal* gives whole respondents
their answers by systematic sampling along a list sorted by cell (Särndal,
Swensson and Wretman 1992, section 3.4), in random order within cells; of many
such orders it keeps the one whose answers are least correlated with those
already dealt (rerandomisation: Morgan and Rubin 2012, Annals of Statistics
40(2), 1263-1282).
"""

import numpy as np
import pandas as pd
from scipy.optimize import brentq, minimize

from helpers.data.errors import InputError

NONE = "(none)"
SCORES = np.arange(11)
_TOLERANCE = 1e-12
_MAX_ITERATIONS = 10_000
_ORDERS = 200


def fit_chances(respondents, chance_asked, answers, figures, domains) -> pd.DataFrame:
    """Chances of each answer for each respondent: flat except where a figure says otherwise.

    Parameters
    ----------
    respondents : pandas.DataFrame
        Domain levels and `mass`, the weight each carries.
    chance_asked : pandas.Series
        Chance of being asked, 0 to 1.
    answers : list of str
    figures : pandas.DataFrame
        `answer`, `domain_variable`, `domain` and published `share` (0 to 1).
    domains : list of str
        Columns laid out.

    Returns
    -------
    pandas.DataFrame
        One row per respondent, one column per answer; missing where nothing
        was published.
    """
    mass = (respondents["mass"] * chance_asked).to_numpy()
    constraints = list(_constraints(respondents, answers, figures, domains))
    if not constraints:
        raise InputError(f"No published figure for the answers {', '.join(answers)}.")
    covered = np.any([rows for rows, _ in constraints], axis=0)
    start = np.mean([shares for _, shares in constraints], axis=0)
    table = np.where(covered[:, None], np.outer(mass, start), np.nan)
    for _ in range(_MAX_ITERATIONS):
        before = table.copy()
        for rows, shares in constraints:
            table[rows] *= shares * mass[rows].sum() / table[rows].sum(axis=0)
            table[rows] *= (mass[rows] / table[rows].sum(axis=1))[:, None]
        if np.nanmax(np.abs(table - before)) < _TOLERANCE:
            break
    else:
        raise InputError(
            f"{figures['question'].iloc[0]}: the published shares of its domains contradict "
            f"one another; no shares meet them all."
        )
    for rows, shares in constraints:
        gap = np.abs(table[rows].sum(axis=0) / mass[rows].sum() - shares).max()
        if not gap < 1e-9:
            raise InputError(
                f"{figures['question'].iloc[0]}: the published shares contradict one another "
                f"by {gap:.2%}."
            )
    chances = table / np.where(mass > 0, mass, np.nan)[:, None]
    return pd.DataFrame(chances, index=respondents.index, columns=answers)


def _constraints(respondents, answers, figures, domains):
    """(rows, shares) of the whole and of each level; unpublished levels follow the whole."""
    whole = _shares(figures[figures["domain_variable"] == ""], answers)
    for domain in domains:
        published = figures[figures["domain_variable"] == domain]
        if published.empty:
            continue
        levels = [level for level in respondents[domain].unique() if level != NONE]
        fixed = [level for level in levels if level in set(published["domain"])]
        # Something must stay free to balance the whole: the unnamed, else all unpublished levels.
        free = NONE in set(respondents[domain]) or len(fixed) == len(levels)
        for level in levels if free else fixed:
            rows = (respondents[domain] == level).to_numpy()
            shares = _shares(published[published["domain"] == level], answers)
            shares = whole if shares is None else shares
            if shares is not None:
                yield rows, shares
    if whole is not None:
        yield np.ones(len(respondents), bool), whole


def _shares(figures, answers) -> np.ndarray | None:
    """Shares of all answers; one answer without a figure takes what is left."""
    if figures.empty:
        return None
    shares = figures.set_index("answer")["share"].reindex(answers)
    if shares.isna().sum() > 1:
        raise InputError(f"Only {shares.count()} of {len(answers)} answers have a figure.")
    return shares.fillna(1 - shares.sum()).to_numpy()


def spread_score(mean: float, spread: float) -> np.ndarray:
    """Shares of the scores 0 to 10 of which nothing but mean and spread are known.

    Parameters
    ----------
    mean : float
        Mean score, 0 to 10.
    spread : float
        Standard deviation.

    Returns
    -------
    numpy.ndarray
        Shape (11,), summing to 1, with that mean and standard deviation.

    Raises
    ------
    InputError
        If no shares of whole scores have that mean and spread.

    Notes
    -----
    Maximum entropy under two moments: shares proportional to
    exp(a k + b k^2) (Jaynes 1957, Physical Review 106, 620-630; Cover and
    Thomas 2006, Elements of Information Theory, chapter 12). a and b minimise
    the convex dual.

    Examples
    --------
    >>> shares = spread_score(5.0, 2.5)
    >>> round(float(shares @ range(11)), 6), round(float(shares[5]), 3)
    (5.0, 0.151)
    """
    below = np.floor(mean)
    least = (mean - below) * (below + 1 - mean)
    if not (0 < mean < 10 and least < spread**2 < mean * (10 - mean)):
        raise InputError(
            f"No scores from 0 to 10 have the mean {mean:g} and the spread {spread:g}."
        )
    moments = np.vstack([SCORES - mean, (SCORES - mean) ** 2 - spread**2])

    def sum_weights(slopes):
        return np.exp(slopes @ moments).sum()

    def gradient(slopes):
        return moments @ np.exp(slopes @ moments)

    def hessian(slopes):
        return (moments * np.exp(slopes @ moments)) @ moments.T

    start = np.array([0.0, -0.5 / spread**2])
    options = {"gtol": 1e-12}
    slopes = minimize(
        sum_weights, start, jac=gradient, hess=hessian, method="trust-exact", options=options
    ).x
    shares = np.exp(slopes @ moments)
    return tilt_mean(shares / shares.sum(), SCORES, mean)


def tilt_mean(weights: np.ndarray, values: np.ndarray, mean: float) -> np.ndarray:
    """Weights of the same sum, nearest in relative entropy, that give the values a mean.

    Parameters
    ----------
    weights, values : numpy.ndarray
        Positive weights and the values they average.
    mean : float
        Strictly between the least and the greatest value.

    Returns
    -------
    numpy.ndarray
        weights x exp(t (values - mean)), rescaled (Csiszar 1975, Annals of
        Probability 3(1), 146-158).
    """
    gaps = values - mean
    if not gaps.min() < 0 < gaps.max():
        raise InputError(f"No weights give the scores dealt the mean {mean:g}.")

    def excess(slope):
        tilted = weights * np.exp(slope * gaps)
        return (tilted * gaps).sum() / tilted.sum()

    tilted = weights * np.exp(brentq(excess, -20, 20, xtol=1e-15, rtol=1e-14) * gaps)
    return tilted * (weights.sum() / tilted.sum())


def deal_answers(
    respondents: pd.DataFrame, domains: list[str], chances: np.ndarray, rng
) -> np.ndarray:
    """Deal one answer to each respondent.

    Parameters
    ----------
    respondents : pandas.DataFrame
        Domain levels and the answers dealt so far.
    domains : list of str
        Columns whose crossing is the cell.
    chances : numpy.ndarray
        Shape (respondents, answers): chance of each answer; rows sum to 1.
    rng : numpy.random.Generator

    Returns
    -------
    numpy.ndarray
        Position of the answer of each respondent.
    """
    cell = respondents.groupby(domains).ngroup() if domains else pd.Series(0, respondents.index)
    earlier = respondents.drop(columns=[*domains, "mass"], errors="ignore")
    # An empty column lets the frame of dummies exist when nothing has been dealt yet.
    dummies = pd.get_dummies(earlier.assign(start=""), dtype=float)
    known = _standardise(dummies.to_numpy())
    best, least = None, np.inf
    for _ in range(_ORDERS):
        order = np.lexsort([rng.random(len(respondents)), cell.to_numpy()])
        dealt = _sample_systematically(order, chances)
        picked = _standardise(np.equal.outer(dealt, np.arange(chances.shape[1])).astype(float))
        worst = np.abs(known.T @ picked).max(initial=0.0).round(9)
        if worst < least:
            best, least = dealt, worst
    return best


def _standardise(columns: np.ndarray) -> np.ndarray:
    """Columns of mean 0 and length 1, so that products are correlations; constants become 0."""
    centred = columns - columns.mean(axis=0)
    length = np.sqrt((centred**2).sum(axis=0))
    return np.divide(centred, length, out=np.zeros_like(centred), where=length > 1e-9)


def _sample_systematically(order: np.ndarray, chances: np.ndarray) -> np.ndarray:
    """Answer by answer, each taken at even steps of its cumulated chance along `order`."""
    answer = np.full(len(order), -1)
    left = np.ones(len(order))
    for position in range(chances.shape[1]):
        waiting = order[answer[order] < 0]
        with np.errstate(invalid="ignore", divide="ignore"):
            chance = np.clip(chances[waiting, position] / left[waiting], 0, 1)
        steps = np.floor(np.round(np.cumsum(chance), 9) + 0.5)
        answer[waiting[np.diff(steps, prepend=0) > 0]] = position
        left -= chances[:, position]
    return np.where(answer < 0, chances.shape[1] - 1, answer)
