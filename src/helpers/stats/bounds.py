"""What a published change says in the case least favourable to it, whoever the respondents were."""

import numpy as np
import pandas as pd
from scipy import special

from helpers.data.series import find_least_base
from helpers.stats.contrasts import adjust_p_values
from helpers.stats.results import DEFAULT_RULE, Rule
from helpers.stats.rows import UNITS

_USABLE = ("clear", "ambiguous (high confidence)")
_NUMBERS = ["gap_least", "n_first", "n_second", "se_greatest"]


def bound_changes(
    changes: pd.DataFrame, points: pd.DataFrame, *, rule: Rule = DEFAULT_RULE
) -> pd.DataFrame:
    """Bound the change between two published estimates of which no respondents are known.

    Not a test of the survey: the result holds for any respondents with these published
    figures, if both samples are simple random ones of at least the published sizes.

    Parameters
    ----------
    changes : pandas.DataFrame
        From `helpers.stats.trends.compare_trends`.
    points : pandas.DataFrame
        The points of the trends, one below the other.
    rule : Rule, optional
        Level, and correction over the changes bounded here.

    Returns
    -------
    pandas.DataFrame
        The rows of `changes` that were not tested, with the columns `gap_least` (the change
        less the roundings of both figures, 0 or more), `n_first` and `n_second` (sizes as
        printed, or their printed lower bound), `se_greatest` (of the difference, for answers
        spread as widely as their figures allow), `p_greatest` (two-sided, corrected), and
        `deff_least`: the design effect common to both samples from which on the change would
        no longer be significant. `bound` says how it ends: ``holds``, ``does not hold`` or
        ``not computable``, when no size of a wave or domain was printed, a figure is not surely
        read, or a wave has real respondents, whose test is `compare_trends`.

    Notes
    -----
    Of answers from 0 to m with the mean u the variance is at most u (m - u), reached when all
    answers are 0 or m (Bhatia and Davis 2000, American Mathematical Monthly 107, p. 353); of
    shares it is exactly that with m = 1. The greatest value within the rounding of u is taken.
    `deff_least` divides the level by the number of changes bounded (Bonferroni), which is
    never more favourable than Holm's correction.
    """
    rows = changes[changes["mark"] == "untestable"].reset_index(drop=True)
    ends = [_read_ends(row, points) for row in rows.to_dict("records")]
    rows = rows.join(pd.DataFrame(ends, columns=_NUMBERS, dtype=float))
    score = rows["gap_least"] / rows["se_greatest"]
    p = adjust_p_values(2 * special.ndtr(-score.to_numpy(dtype=float)), method=rule.correction)
    family = max(int(score.notna().sum()), 1)
    limit = -special.ndtri(rule.alpha / family / 2)
    bound = np.where(p < rule.alpha, "holds", "does not hold")
    return rows.assign(
        p_greatest=p,
        deff_least=(score / limit) ** 2,
        bound=np.where(np.isnan(p), "not computable", bound),
    )


def _read_ends(row: dict, points: pd.DataFrame) -> dict:
    """Least gap, printed sizes and greatest standard error of one change."""
    top = UNITS[row["unit"]]
    keys = ["survey", "question", "answer", "domain_variable", "domain"]
    own = points[(points[keys] == pd.Series({name: row[name] for name in keys})).all(axis=1)]
    slack, variance, sizes = 0.0, 0.0, {}
    for side in ("first", "second"):
        point = own[own["wave"] == row[side]].iloc[0]
        printed = 0.5 * 10.0 ** -point["decimals"] / (100 if row["unit"] == "share" else 1)
        low, high = (point["estimate"] + sign * printed for sign in (-1, 1))
        mean = np.clip(top / 2, max(low, 0), min(high, top))
        usable = point["provenance"] != "real" and point["legibility"] in _USABLE
        size = find_least_base(row["survey"], row[side]) if usable and not row["domain"] else None
        sizes[f"n_{side}"] = np.nan if size is None else size
        variance += mean * (top - mean) / sizes[f"n_{side}"]
        slack += printed
    gap = max(abs(row["difference"]) - slack, 0.0)
    return {"gap_least": gap, **sizes, "se_greatest": np.sqrt(variance)}
