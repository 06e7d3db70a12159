"""Means of scores, totals of the population, and ranking questions."""

import numpy as np
import pandas as pd

from helpers.data.errors import InputError
from helpers.stats.estimates import estimate_items
from helpers.stats.intervals import mean_interval
from helpers.stats.items import Measures
from helpers.stats.plan import Plan, list_estimates, ratio_variance, write_rows
from helpers.stats.questions import read_answers, read_ranks, read_scores
from helpers.stats.variance import Part


def estimate_means(
    respondents,
    question,
    *,
    design,
    limits=None,
    by=None,
    where=None,
    level=0.95,
    deff="auto",
    calibration=None,
):
    """Estimate the weighted mean of a score or a quantity, per domain.

    Parameters
    ----------
    respondents, design, by, where, level, deff, calibration
        As in `helpers.stats.estimates.estimate_proportions`.
    question : str
        Numeric column; missing rows leave the base.
    limits : tuple of float, optional
        Lowest and highest valid value, as (0, 10).

    Returns
    -------
    pandas.DataFrame
        The columns of `estimate_proportions` with "mean" as `answer`; the
        estimate is in the unit of the column and its interval is
        estimate +- t se, unbounded without a degree of freedom.

    Raises
    ------
    InputError
        As `estimate_proportions`, or if a value is outside the limits.

    Notes
    -----
    As R `survey` svymean with confint(df = degf).
    """
    plan = Plan(respondents, design, by=by, where=where, deff=deff, calibration=calibration)
    items = read_scores(respondents, question, limits)
    return estimate_mean_items(plan, items, question, level)


def estimate_totals(
    respondents,
    question=None,
    *,
    design,
    answers=None,
    measure="answers",
    by=None,
    where=None,
    level=0.95,
    deff="auto",
    calibration=None,
):
    """Estimate how many of the population are in a domain, or give each answer.

    Parameters
    ----------
    respondents, design, answers, by, where, level, deff, calibration
        As in `helpers.stats.estimates.estimate_proportions`.
    question : str or list of str, optional
        As there; None counts the members of the domain.
    measure : {"answers", "sum"}, default "answers"
        Number of people per answer, or the sum of a numeric column.

    Returns
    -------
    pandas.DataFrame
        The columns of `estimate_proportions`; `answer` is "all" for members
        and "sum" for a sum. The interval is estimate +- t se.

    Raises
    ------
    InputError
        As `estimate_proportions`, or if the weights sum to no more than the
        respondents: normalised weights give no totals.

    Notes
    -----
    As R `survey` svytotal with confint(df = degf).
    """
    plan = Plan(respondents, design, by=by, where=where, deff=deff, calibration=calibration)
    if not plan.weights_exceed_rows:
        raise InputError(
            f"column {design.weight!r}: weights sum to {plan.sample.weight.sum():g} for "
            f"{plan.sample.rows} respondents; normalised weights give no totals"
        )
    items = _read_quantities(respondents, question, answers, measure)
    sums, moments = plan.count(items, question)
    total = np.where(sums.n > 0, sums.y, np.nan)
    variance = plan.variance(
        moments, Part(np.arange(plan.domains.count), np.zeros(total.shape), np.ones(total.shape))
    )
    variance = np.where(sums.n > 0, variance, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = sums.y / sums.weight
        spread = sums.yy / sums.weight - mean**2
    spread = np.where(spread > 1e-12 * mean**2, spread, 0.0) * sums.weight**2
    effect = plan.design_effect(variance, sums, spread)
    se = np.sqrt(variance)
    bounds = mean_interval(total, se, sums.df[:, None], level)
    return write_rows(plan, items, list_estimates(sums, total, se, bounds, effect))


def estimate_rankings(
    respondents,
    ranks,
    *,
    design,
    statistic="first",
    top=None,
    answers=None,
    by=None,
    where=None,
    level=0.95,
    interval="logit",
    deff="auto",
    calibration=None,
):
    """Estimate how answers are ranked, per domain.

    Parameters
    ----------
    respondents, design, answers, by, where, level, interval, deff, calibration
        As in `helpers.stats.estimates.estimate_proportions`.
    ranks : list of str
        Columns of answer codes: first choice, second, and so on. The base is
        who made a first choice; later ranks may be missing.
    statistic : {"first", "top", "mean_rank"}, default "first"
        Share ranking the answer first, share ranking it among the first
        `top`, or its mean rank among those who ranked it (its own base).
    top : int, optional
        Number of ranks "top" counts; all by default.

    Returns
    -------
    pandas.DataFrame
        The columns of `estimate_proportions`. A mean rank has the interval of
        a mean; an answer nobody of a domain ranked has n = 0 and NaN.

    Raises
    ------
    InputError
        As `estimate_proportions`, or if a respondent ranks an answer twice or
        leaves a rank empty before a later one.
    """
    if statistic not in ("first", "top", "mean_rank"):
        raise InputError(f"statistic {statistic!r}: must be 'first', 'top' or 'mean_rank'")
    top = len(ranks) if top is None else top
    if not 1 <= top <= len(ranks):
        raise InputError(f"top {top}: must lie between 1 and the {len(ranks)} ranks asked")
    plan = Plan(respondents, design, by=by, where=where, deff=deff, calibration=calibration)
    code, labels = read_ranks(respondents, list(ranks), answers)
    base = code[:, 0] < len(labels)
    if statistic != "mean_rank":
        counted = code[:, : 1 if statistic == "first" else top]
        chosen = [(counted == position).any(axis=1) for position in range(len(labels))]
        items = Measures(chosen, base.astype(float), base, labels)
        return estimate_items(plan, items, list(ranks), level, interval)
    tables = []
    for position, label in enumerate(labels):
        at = code == position
        ranked = at.any(axis=1)
        rank = np.where(ranked, at.argmax(axis=1) + 1.0, 0.0)
        items = Measures([rank], ranked.astype(float), ranked, [label])
        tables.append(estimate_mean_items(plan, items, label, level, required=False))
    return _by_domain(tables, plan.domains.count)


def estimate_mean_items(plan, items, question, level, required=True):
    """Estimate the means of one question read as Measures."""
    sums, moments = plan.count(items, question, required)
    return write_rows(plan, items, compute_means(plan, items, sums, moments, level))


def compute_means(plan, items, sums, moments, level):
    """Compute the means of one question from what `Plan.count` returned.

    Parameters
    ----------
    plan : helpers.stats.plan.Plan
    items : helpers.stats.items.Measures
    sums, moments
        From its `count`.
    level : float

    Returns
    -------
    dict of numpy.ndarray
        The columns `helpers.stats.plan.ESTIMATED`, each of domains x answers.
    """
    variance, effect = ratio_variance(plan, sums, moments)
    mean, se = sums.ratio + items.origin, np.sqrt(variance)
    bounds = mean_interval(mean, se, sums.df[:, None], level)
    return list_estimates(sums, mean, se, bounds, effect)


def _read_quantities(respondents, question, answers, measure):
    if measure not in ("answers", "sum"):
        raise InputError(f"measure {measure!r}: must be 'answers' or 'sum'")
    if question is None:
        everyone = np.ones(len(respondents))
        return Measures([everyone], everyone, everyone.astype(bool), ["all"])
    if measure == "answers":
        return read_answers(respondents, question, answers)
    items = read_scores(respondents, question)
    values = np.where(items.base, items.y[0] + items.origin, 0.0)
    return Measures([values], items.c, items.base, ["sum"])


def _by_domain(tables, domains):
    """Interleave tables of one answer each: all answers of a domain together."""
    table = pd.concat(tables, ignore_index=True)
    order = np.arange(len(table)).reshape(len(tables), domains).T.ravel()
    return table.iloc[order].reset_index(drop=True)
