"""Proportions of the answers to questions, by domain."""

import numpy as np
import pandas as pd

from helpers.data.errors import InputError
from helpers.stats.intervals import proportion_interval
from helpers.stats.plan import Plan, list_estimates, ratio_variance, write_rows
from helpers.stats.questions import read_answers
from helpers.stats.variance import inverse


def estimate_proportions(
    respondents,
    question,
    *,
    design,
    answers=None,
    by=None,
    where=None,
    level=0.95,
    interval="logit",
    nets=None,
    base="respondents",
    deff="auto",
    calibration=None,
):
    """Estimate the weighted share of each answer, per domain.

    Parameters
    ----------
    respondents : pandas.DataFrame
        One row per respondent: the full sample. Subgroups go in `by` and
        `where`, so that the variance keeps the design.
    question : str or list of str
        A column of one answer code per respondent (missing rows leave the
        base), or boolean columns, one per answer (rows missing in all leave).
    design : helpers.data.design.Design
        Weight, strata, units, population counts, rule for single units.
    answers : list, optional
        All codes in order, so that an answer nobody gave has a row of 0; for
        several columns, one name per column. By default what the data hold.
    by : str or list of str, optional
        Columns whose crossing defines the domains. A row with a missing level
        is in no domain but stays in the design.
    where : array-like of bool, optional
        Subpopulation; the other rows stay in the design.
    level : float, default 0.95
        Coverage of the interval, in (0, 1).
    interval : {"logit", "beta", "wilson"}, default "logit"
        See `helpers.stats.intervals.proportion_interval`, also for 0 and 1.
    nets : dict, optional
        Name of a net to the codes it unites: one more row each, after the
        answers.
    base : {"respondents", "answers"}, default "respondents"
        What shares are of, for several columns. Of answers, they sum to 1.
    deff : {"auto", "without", "replace"}, default "auto"
        Sample the design is compared with: simple random "without"
        replacement, as R's ``deff=TRUE``, which needs weights that sum to the
        population; with replacement, as ``deff="replace"``. "auto" is
        "without" unless the weights of the sample, or of the domain, sum to
        no more than its respondents.
    calibration : Calibration, optional
        Margins the weights were raked to; the variance is then that of the
        residuals on them.

    Returns
    -------
    pandas.DataFrame
        One row per domain and answer: the `by` columns, `answer`, `n` and
        `n_weighted` (base of the domain), `estimate` (0-1), `se`, `ci_low`,
        `ci_high`, `deff`, `n_eff` (n / deff), `df` (units minus strata among
        the base's rows). An empty level of a Categorical has n = 0 and NaN.

    Raises
    ------
    InputError
        If a column is absent, a weight is not positive and finite, an answer
        is outside `answers`, nobody is in the base, or an option is unknown.

    Notes
    -----
    Taylor linearisation for ratios with units within strata (Woodruff 1971,
    JASA 66, 411-414; Lumley 2010, Complex Surveys, chapters 2 and 3), as R
    `survey` svymean. The design effect divides it by the variance of
    a simple random sample of the same n (Kish 1965, Survey Sampling, section
    8.2); at 0 and 1, where both are zero, it is Kish's weighting effect,
    n sum(w^2) / sum(w)^2 (Kish 1992, J. Official Statistics 8, 183-200).

    Examples
    --------
    >>> import pandas as pd
    >>> from helpers.data.design import Design
    >>> frame = pd.DataFrame({"q4": [1, 1, 2, 2, 2], "w": [1.0, 3.0, 2.0, 2.0, 2.0]})
    >>> shares = estimate_proportions(frame, "q4", design=Design(weight="w"))
    >>> shares[["answer", "n", "estimate"]]
       answer  n  estimate
    0       1  5       0.4
    1       2  5       0.6
    """
    plan = Plan(respondents, design, by=by, where=where, deff=deff, calibration=calibration)
    items = read_answers(respondents, question, answers, nets, base)
    return estimate_items(plan, items, question, level, interval)


def estimate_questions(
    respondents,
    questions,
    *,
    design,
    by=None,
    where=None,
    level=0.95,
    interval="logit",
    deff="auto",
    calibration=None,
):
    """Estimate the shares of many questions, coding the design and domains once.

    Parameters
    ----------
    respondents : pandas.DataFrame
        One row per respondent, the full sample.
    questions : dict or list of str
        Name of a question to the keyword arguments of `estimate_proportions`
        that are its own: `question` (by default the name), `answers`, `nets`,
        `base`. A list names columns whose answers are read from the data.
    design, by, where, level, interval, deff, calibration
        As in `estimate_proportions`, for all questions.

    Returns
    -------
    pandas.DataFrame
        The rows of `estimate_proportions` for each question in turn, with a
        first column `question`.

    Raises
    ------
    InputError
        As `estimate_proportions`.
    """
    plan = Plan(respondents, design, by=by, where=where, deff=deff, calibration=calibration)
    if not isinstance(questions, dict):
        questions = {name: {} for name in questions}
    tables = []
    for name, options in questions.items():
        options = {"question": name, **options}
        items = read_answers(respondents, **options)
        table = estimate_items(plan, items, options["question"], level, interval)
        table.insert(0, "question", name)
        tables.append(table)
    if not tables:
        raise InputError("questions: an empty list; name at least one")
    return pd.concat(tables, ignore_index=True)


def estimate_items(plan, items, question, level, interval):
    """Estimate the proportions of one question read as OneAnswer or Measures."""
    columns = compute_proportions(plan, *plan.count(items, question), level, interval)
    return write_rows(plan, items, columns)


def compute_proportions(plan, sums, moments, level, interval):
    """Compute the proportions of one question from what `Plan.count` returned.

    Parameters
    ----------
    plan : helpers.stats.plan.Plan
    sums, moments
        From its `count`.
    level, interval
        As in `estimate_proportions`.

    Returns
    -------
    dict of numpy.ndarray
        The columns `helpers.stats.plan.ESTIMATED`, each of domains x answers.
    """
    variance, effect = ratio_variance(plan, sums, moments)
    se = np.sqrt(variance)
    n_equal = sums.weight**2 * inverse(sums.weight_square)
    bounds = proportion_interval(
        sums.ratio,
        se,
        n=sums.n,
        df=sums.df[:, None],
        n_equal=n_equal,
        level=level,
        method=interval,
    )
    return list_estimates(sums, sums.ratio, se, bounds, effect)
