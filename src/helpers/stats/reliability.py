"""Which estimates can be shown, which need a warning, which are withheld."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.data.errors import InputError
from helpers.data.language import join_clauses, message, tr
from helpers.stats.intervals import clopper_pearson, t_quantile


@dataclass(frozen=True)
class Rule:
    """Limits of a reliability rule; None where the rule sets none.

    Attributes
    ----------
    source : str
        Where the rule is published, or that it is a house rule.
    suppress_n : int, optional
        Bases below it are withheld.
    suppress_n_eff : float, optional
        Effective bases below it are withheld.
    narrow, wide : float, optional
        Width of the Korn-Graubard 95 % interval (0-1): at most `narrow` is
        shown, `wide` or more is withheld.
    relative : float, optional
        Between the two, withheld when the width exceeds this share of the
        proportion; warned about when it exceeds that share of its complement.
    relative_se : float, optional
        Means whose standard error exceeds this share of them are withheld.
    warn_df : int, optional
        Degrees of freedom below it are warned about.
    warn_extreme : bool
        Whether a proportion of 0 or 1, or a mean of scores that are all the
        same, is warned about.
    """

    source: str
    suppress_n: int | None = None
    suppress_n_eff: float | None = None
    narrow: float | None = None
    wide: float | None = None
    relative: float | None = None
    relative_se: float | None = None
    warn_df: int | None = None
    warn_extreme: bool = False


RULES = {
    "nchs-2017": Rule(
        source=message(
            "Parker et al. (2017), National Center for Health Statistics Data Presentation "
            "Standards for Proportions, Vital and Health Statistics 2(175); for means, its limits "
            "of the base and the relative standard error of Klein et al. (2002), Healthy People "
            "2010 Criteria for Data Suppression, Statistical Notes 24"
        ),
        suppress_n=30,
        suppress_n_eff=30,
        narrow=0.05,
        wide=0.30,
        relative=1.30,
        relative_se=0.30,
        warn_df=8,
        warn_extreme=True,
    ),
    "n30": Rule(
        source=message("House rule: no figure from fewer than 30 respondents"), suppress_n=30
    ),
    "none": Rule(source=message("No rule: every figure with a base is shown")),
}

_STATES = {
    "ok": "",
    "warn": message("with care"),
    "suppress": message("withheld"),
    "not_published": message("not published"),
    "no_base": message("no answers"),
}


def name_state(state: str) -> str:
    """Name a state of the column `reliability` in a word or two; "" for ``ok``."""
    return tr(_STATES[state]) if _STATES[state] else ""


def flag(estimates, rule="nchs-2017", measure="answers"):
    """Mark each estimate as fit to show, to warn about, or to suppress.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Rows of `helpers.stats.estimates` or `helpers.stats.means`: n, estimate,
        se and df are read, and n_eff of a mean.
    rule : {"nchs-2017", "n30", "none"}, default "nchs-2017"
        Name of an entry of RULES.
    measure : {"answers", "mean"}, default "answers"
        Whether the estimates are proportions or means.

    Returns
    -------
    pandas.DataFrame
        A copy with `reliability` ("ok", "warn" or "suppress") and `reason`,
        the limits crossed in plain words, the gravest first; "" when "ok".
        An empty base is suppressed under every rule.

    Raises
    ------
    InputError
        If the rule is unknown, a column is absent, or a rule for proportions
        is given estimates outside 0 to 1.

    Notes
    -----
    "nchs-2017" follows Parker et al. (2017), Vital and Health Statistics
    2(175), whatever interval the estimates show: its own
    Korn-Graubard interval at 95 %, on an effective base n / deff (deff against
    simple random sampling with replacement) that never exceeds n and equals n
    at 0 and 1, where relative width has no meaning and only the warning is
    given. Its "statistical review" is our "warn".

    The standards are for proportions. A mean keeps their limits of the base
    and of the degrees of freedom; the width of its interval is judged by the
    relative standard error instead, withheld above 30 % (Klein et al. 2002,
    Statistical Notes 24). On a scale of 0 to 10 that concerns means near 0
    only: there the base decides.
    """
    if rule not in RULES:
        raise InputError(f"rule {rule!r}: must be one of {', '.join(RULES)}")
    if measure not in ("answers", "mean"):
        raise InputError(f"measure {measure!r}: must be 'answers' or 'mean'")
    needed = ["n", "estimate", "se", "df", *(["n_eff"] if measure == "mean" else [])]
    absent = [name for name in needed if name not in estimates]
    if absent:
        raise InputError(f"estimates: columns absent: {', '.join(absent)}")
    limits = RULES[rule]
    n = estimates["n"].to_numpy(dtype=float)
    checks = [("suppress", n == 0, tr("no respondent"))]
    if limits.suppress_n is not None:
        small = (n > 0) & (n < limits.suppress_n)
        checks.append(("suppress", small, tr("n < {n}", n=limits.suppress_n)))
    if measure == "mean":
        checks += _check_mean(limits, estimates, n)
    elif limits.wide is not None:
        checks += _check_interval(limits, estimates, n)
    if limits.warn_df is not None:
        few = estimates["df"].to_numpy() < limits.warn_df
        checks.append(
            ("warn", few & (n > 0), tr("fewer than {df} degrees of freedom", df=limits.warn_df))
        )
    return _write(estimates, checks)


def _check_interval(limits, estimates, n):
    p = estimates["estimate"].to_numpy(dtype=float)
    outside = (p < 0) | (p > 1)
    if outside.any():
        raise InputError(
            f"estimates: {outside.sum()} outside 0 to 1 ({p[outside][0]:g}); "
            "this rule is for proportions"
        )
    se, df = estimates["se"].to_numpy(dtype=float), estimates["df"].to_numpy(dtype=float)
    n_eff, width = korn_graubard_width(p, se, n, df)
    extreme = (p == 0) | (p == 1)
    middle = (width > limits.narrow) & (width < limits.wide) & ~extreme
    withheld = middle & (width > limits.relative * p)
    complement = middle & ~withheld & (width > limits.relative * (1 - p))
    points, share = f"{100 * limits.wide:g}", f"{100 * limits.relative:g}"
    low = limits.suppress_n_eff
    return [
        ("suppress", (n >= low) & (n_eff < low), tr("effective n < {n}", n=f"{low:g}")),
        (
            "suppress",
            width >= limits.wide,
            tr("interval {points} points wide or more", points=points),
        ),
        ("suppress", withheld, tr("interval wider than {share} % of the estimate", share=share)),
        ("warn", complement, tr("interval wider than {share} % of the complement", share=share)),
        ("warn", extreme & limits.warn_extreme, tr("estimate of 0 or 100 %")),
    ]


def _check_mean(limits, estimates, n):
    checks = []
    mean, se, n_eff = (
        estimates[name].to_numpy(dtype=float) for name in ("estimate", "se", "n_eff")
    )
    if limits.suppress_n_eff is not None:
        low = limits.suppress_n_eff
        checks.append(
            ("suppress", (n >= low) & (n_eff < low), tr("effective n < {n}", n=f"{low:g}"))
        )
    if limits.relative_se is not None:
        wide = se > limits.relative_se * np.abs(mean)
        words = tr(
            "standard error above {share} % of the mean", share=f"{100 * limits.relative_se:g}"
        )
        checks.append(("suppress", wide, words))
    if limits.warn_extreme:
        checks.append(("warn", (n > 0) & (se == 0), tr("all gave the same score")))
    return checks


def korn_graubard_width(p, se, n, df):
    """Return the effective base and interval width that NCHS 2017 judges by.

    Parameters
    ----------
    p, se, n, df : numpy.ndarray
        Proportions, standard errors, bases, degrees of freedom.

    Returns
    -------
    n_eff, width : numpy.ndarray
        Effective base, at most n; width of the 95 % interval (0-1), 1 without
        a degree of freedom, NaN for an empty base.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        n_eff = np.where((p > 0) & (p < 1), np.minimum(p * (1 - p) / se**2, n), n)
    ratio = t_quantile(0.95, n - 1) / t_quantile(0.95, df)
    size = np.minimum(n_eff * ratio**2, n)
    low, high = clopper_pearson(p, size, 0.95)
    return n_eff, np.where(np.isnan(p), np.nan, np.where(df < 1, 1.0, high - low))


def _write(estimates, checks):
    order = {"suppress": 0, "warn": 1}
    checks = sorted(checks, key=lambda check: order[check[0]])
    # Few of the combinations of limits occur: each is written once, whatever the rows it is of.
    crossed = sum(np.where(mask, 1 << place, 0) for place, (_, mask, _) in enumerate(checks))
    codes, row_codes = np.unique(crossed, return_inverse=True)
    found = [[check for place, check in enumerate(checks) if code >> place & 1] for code in codes]
    states = [held[0][0] if held else "ok" for held in found]
    reasons = [join_clauses([words for _, _, words in held]) for held in found]

    def spread(texts):
        values = np.array(texts, dtype=object)[row_codes]
        return pd.Series(values, index=estimates.index, dtype=str)

    return estimates.assign(reliability=spread(states), reason=spread(reasons))
