"""Differences between domains, with the tests and the limits of each."""

import numpy as np
import pandas as pd

from helpers.data.errors import InputError
from helpers.stats.comparison import COMPARED, Sides, compare_sides
from helpers.stats.plan import Plan
from helpers.stats.questions import read_answers, read_scores
from helpers.stats.variance import REST

MEASURES = ("answers", "mean")
# What an estimate table keeps of a test.
TESTED = ("difference", "difference_se", "p_value", "smallest_gap", "base_needed")


def contrast_with_rest(
    respondents,
    question,
    *,
    design,
    by,
    answers=None,
    where=None,
    level=0.95,
    measure="answers",
    nets=None,
    base="respondents",
    calibration=None,
):
    """Compare each domain with the rest of the base, and with the whole of it.

    Parameters
    ----------
    respondents, question, design, answers, where, nets, base, calibration
        As in `helpers.stats.estimates.estimate_proportions`.
    by : str or list of str
        Columns that define the domains; the whole is all of them together, so
        a row with a missing level is in neither side.
    level : float, default 0.95
        Coverage of the interval; 1 - level is the significance level of
        `smallest_gap`.
    measure : {"answers", "mean"}, default "answers"
        Compare the share of each answer, or the mean of a numeric column.

    Returns
    -------
    pandas.DataFrame
        One row per domain and answer: the `by` columns, `answer`, `n`,
        `estimate`, `estimate_rest`, `difference` (domain minus rest),
        `difference_se`, `difference_low`, `difference_high`, `statistic`,
        `df`, `p_value` (two-sided), `difference_whole`,
        `difference_whole_se`, `smallest_gap`, `base_needed`, `untestable`.
        `untestable` says in words why `p_value` is missing; "" if it is not.

    Raises
    ------
    InputError
        As `estimate_proportions`, or if there is one domain only.

    Notes
    -----
    The statistic is difference / se, on the degrees of freedom of R's
    svyttest: units minus strata, minus one. Domain and rest may share strata
    and units; their covariance is in the se. Where a side has no variation
    (all or none gave the answer) its linearised variance is 0, which would
    make any gap significant: the se is then the one under no difference, both
    sides varying around the share of the whole.

    The whole contains the domain: with s the domain's share of the weighted
    base, domain - whole = (1 - s)(domain - rest). Taking s as known, both
    differences and both standard errors stand in that ratio, so there is one
    z and one p.

    `smallest_gap` is (t[1 - alpha/2] + t[0.80]) se0, the smallest true gap to
    the rest found significant four times in five (Bloom 1995, Evaluation
    Review 19(5), 547-556), with se0 the se under no difference. `base_needed`
    is n (smallest_gap / |difference|)^2: the domain's base at which the gap
    seen would be that gap, domain and rest growing in the same ratio, with
    the same spread of weights and clusters. Infinite for a gap of zero.
    """
    plan, items, sums, moments = _prepare(
        respondents, question, design, by, answers, where, measure, nets, base, calibration
    )
    return contrast_items(plan, items, sums, moments, by, level)


def contrast_items(plan, items, sums, moments, by, level):
    """Compare each domain with the rest, on one question counted by `Plan.count`."""
    columns = compute_contrasts(plan, items, sums, moments, by, level)
    return pd.DataFrame({**plan.levels(items.labels), **columns})


def compute_contrasts(plan, items, sums, moments, by, level):
    """Compute the columns of `contrast_with_rest` after the domain and the answer.

    Parameters
    ----------
    plan : helpers.stats.plan.Plan
    items : helpers.stats.items.OneAnswer or helpers.stats.items.Measures
    sums, moments
        From `Plan.count`.
    by : str or list of str
        Columns that define the domains, for the message.
    level : float

    Returns
    -------
    dict of numpy.ndarray
        One value per domain and answer, domain by domain.

    Raises
    ------
    InputError
        If there is one domain only.
    """
    if plan.domains.count < 2:
        raise InputError(f"by {by!r}: one domain only, so there is no rest to compare with")
    every, rest = np.arange(plan.domains.count), sums.rest()
    sides = Sides(every, REST, sums, rest, np.full(len(every), sums.df_all))
    result = compare_sides(plan, moments, sides, level)
    outside = np.broadcast_to(rest.c / sums.c.sum(), sums.y.shape).ravel()
    return {
        "n": np.broadcast_to(sums.n, sums.y.shape).ravel(),
        "estimate": sums.ratio.ravel() + items.origin,
        "estimate_rest": rest.ratio.ravel() + items.origin,
        **{name: result[name] for name in COMPARED},
        "difference_whole": outside * result["difference"],
        "difference_whole_se": outside * result["difference_se"],
        **{name: result[name] for name in ("smallest_gap", "base_needed", "untestable")},
    }


def contrast_pairs(
    respondents,
    question,
    *,
    design,
    by,
    within=None,
    answers=None,
    where=None,
    level=0.95,
    measure="answers",
    nets=None,
    base="respondents",
    calibration=None,
):
    """Compare every pair of domains of one sample.

    For actors or waves held in several frames, see
    `helpers.stats.stacking.stack_samples`, whose frame and design go here.

    Parameters
    ----------
    respondents, question, design, answers, where, level, measure, nets, base, calibration
        As in `contrast_with_rest`.
    by : str or list of str
        Columns that define the domains compared.
    within : str or list of str, optional
        Columns both sides of a pair must agree on: waves within each region.

    Returns
    -------
    pandas.DataFrame
        One row per pair and answer: for each column of `within` and `by` its
        level on either side (suffixes `_first`, `_second`), `answer`,
        `n_first`, `n_second`, `estimate_first`, `estimate_second`,
        `difference` (first minus second) and the columns of
        `contrast_with_rest` from `difference_se` on, without the whole;
        `base_needed` is for the first domain.

    Raises
    ------
    InputError
        As `contrast_with_rest`.

    Notes
    -----
    As in `contrast_with_rest`, on the units minus strata of the two domains'
    own rows, minus one (R: svyttest on the subset of the two).
    """
    shared = [] if within is None else [within] if isinstance(within, str) else list(within)
    columns = shared + ([by] if isinstance(by, str) else list(by))
    plan, items, sums, moments = _prepare(
        respondents, question, design, columns, answers, where, measure, nets, base, calibration
    )
    levels = plan.domains.levels
    first, second = np.triu_indices(plan.domains.count, k=1)
    if shared:
        group = levels.groupby(shared, sort=False, observed=True).ngroup().to_numpy()
        same = group[first] == group[second]
        first, second = first[same], second[same]
    if not len(first):
        raise InputError(f"by {by!r}: one domain only, so there is no pair to compare")
    sides = Sides(
        first, second, sums.take(first), sums.take(second), moments.joint_df(first, second)
    )
    answer = np.tile(np.arange(len(items.labels)), len(first))
    sided = {}
    for suffix, domains in (("_first", first), ("_second", second)):
        row = np.repeat(domains, len(items.labels))
        sided |= {name + suffix: levels[name].array.take(row) for name in columns}
        sided["n" + suffix] = sums.n[row, 0]
        sided["estimate" + suffix] = sums.ratio[row, answer] + items.origin
    names = [name + suffix for name in columns for suffix in ("_first", "_second")]
    names += ["n_first", "n_second", "estimate_first", "estimate_second"]
    table = pd.DataFrame({name: sided[name] for name in names})
    table.insert(2 * len(columns), "answer", pd.Index(items.labels).take(answer))
    return table.assign(**compare_sides(plan, moments, sides, level))


def _prepare(respondents, question, design, by, answers, where, measure, nets, base, calibration):
    if measure not in MEASURES:
        raise InputError(f"measure {measure!r}: must be one of {', '.join(MEASURES)}")
    plan = Plan(respondents, design, by=by, where=where, calibration=calibration)
    if measure == "mean":
        items = read_scores(respondents, question)
    else:
        items = read_answers(respondents, question, answers, nets, base)
    return plan, items, *plan.count(items, question)


def adjust_p_values(p, method="holm"):
    """Adjust the p-values of one family of tests.

    Parameters
    ----------
    p : array-like of float
        Raw p-values (0-1); NaN is an untestable comparison, kept as NaN and
        not counted in the family.
    method : {"holm", "bh", "none"}, default "holm"
        "holm": chance of any false mark (Holm 1979, Scandinavian J. of
        Statistics 6, 65-70). "bh": share of marks that are false (Benjamini
        and Hochberg 1995, JRSS B 57, 289-300). As R's p.adjust.

    Returns
    -------
    numpy.ndarray
        Adjusted p-values in the given order.

    Raises
    ------
    InputError
        If the method is unknown or a p-value lies outside 0 to 1.

    Examples
    --------
    >>> adjust_p_values([0.01, 0.04, float("nan")]).tolist()
    [0.02, 0.04, nan]
    """
    if method not in ("holm", "bh", "none"):
        raise InputError(f"method {method!r}: must be 'holm', 'bh' or 'none'")
    p = np.array(p, dtype=float)
    bad = p[~np.isnan(p) & ((p < 0) | (p > 1))]
    if len(bad):
        raise InputError(f"p: {len(bad)} values outside 0 to 1 ({bad[0]:g})")
    tested = np.flatnonzero(~np.isnan(p))
    order = tested[np.argsort(p[tested], kind="stable")]
    count = len(order)
    rank = np.arange(1, count + 1)
    if method == "holm":
        adjusted = np.maximum.accumulate(p[order] * (count - rank + 1))
    elif method == "bh":
        adjusted = np.minimum.accumulate((p[order] * count / rank)[::-1])[::-1]
    else:
        adjusted = p[order]
    p[order] = np.minimum(adjusted, 1.0)
    return p
