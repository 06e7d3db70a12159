"""Ranks with intervals, lists of what cannot be told apart, and ranks beside an indicator."""

import numpy as np
import pandas as pd
from scipy import special

from helpers.data.errors import InputError
from helpers.data.language import message, tr
from helpers.stats.intervals import check_level, t_quantile

OUTLIER = "11"  # Île-de-France, an outlier of most indicators


def rank_intervals(
    estimates: pd.DataFrame, *, by: str = "domain", independent: bool = True, level: float = 0.95
) -> pd.DataFrame:
    """Rank territories, or fragilities, with an interval on each rank.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Rows of an estimate table: one per territory of one answer, or one per
        answer of one territory.
    by : {"domain", "answer", "actor"}
        Column that names what is ranked.
    independent : bool, default True
        Whether the estimates come from samples of their own, as regions do.
        Fragilities scored by the same respondents do not.
    level : float, default 0.95
        Chance that all intervals hold their ranks at once.

    Returns
    -------
    pandas.DataFrame
        One row per row of the estimates, same order: `by`, `n`, `estimate`,
        `rank` (1 is the highest), `rank_low`, `rank_high`, `ranked` (how many
        are), `alike` (tuple of the names it cannot be told apart from) and
        `reason` (why it has no rank or no interval; "" if it has both).

    Raises
    ------
    InputError
        If a name comes twice, or the rows are of several units.

    Notes
    -----
    Klein, Wright and Wieczorek (2020), JRSS A 183(2), 589-606: from intervals
    that hold jointly, j is surely above i when its interval lies wholly above
    that of i. The rank of i then lies between 1 + the number surely above and
    n - the number surely below. The joint intervals are estimate +- t se, each
    at level^(1/n) for independent estimates, at 1 - (1 - level) / n (Bonferroni)
    otherwise, on n - 1 degrees of freedom. Simple and conservative; Mogstad,
    Romano, Shaikh and Wilhelm (2024), Review of Economic Studies 91(1),
    476-518, give sharper ones by resampling. In a reconstructed wave there is
    an interval only if every base was published and no spread is assumed.
    """
    check_level(level)
    if by not in ("domain", "answer", "actor"):
        raise InputError(f"by {by!r}: must be domain, answer or actor.")
    twice = estimates.loc[estimates[by].duplicated(), by].unique()
    if len(twice):
        raise InputError(f"{by}: {len(twice)} names come twice: {', '.join(map(str, twice[:5]))}.")
    if len(estimates["unit"].unique()) > 1:
        raise InputError(f"Estimates in {' and '.join(estimates['unit'].unique())} have no ranks.")
    shown = estimates["estimate"].notna()
    rows = estimates[shown]
    count = len(rows)
    table = estimates[[by, "n", "estimate"]].assign(
        rank=estimates["estimate"].rank(ascending=False, method="min"),
        rank_low=np.nan,
        rank_high=np.nan,
        ranked=count,
        alike=[()] * len(estimates),
        reason=estimates["reason"].where(~shown, ""),
    )
    if count < 2:
        table.loc[shown, "reason"] = tr("nothing to rank it against")
        return table.reset_index(drop=True)
    assumed = (rows["provenance"] == "reconstructed") & (rows["reliability"] != "ok")
    if assumed.any():
        reason = rows.loc[assumed, "reason"].iloc[0]
        table.loc[shown, "reason"] = tr("{reason}: no interval on the rank", reason=reason)
        return table.reset_index(drop=True)
    each = level ** (1 / count) if independent else 1 - (1 - level) / count
    reach = t_quantile(each, rows["n"].to_numpy(float) - 1) * rows["se"].to_numpy(float)
    value = rows["estimate"].to_numpy(float)
    # above[i, j]: j is surely above i.
    above = (value - reach)[None, :] > (value + reach)[:, None]
    table.loc[shown, "rank_low"] = 1.0 + above.sum(axis=1)
    table.loc[shown, "rank_high"] = count - above.sum(axis=0).astype(float)
    apart = above | above.T | np.eye(count, dtype=bool)
    names = rows[by].to_numpy()
    table.loc[shown, "alike"] = pd.Series(
        [tuple(names[~row]) for row in apart], index=rows.index, dtype=object
    )
    return table.reset_index(drop=True)


def pair_ranks(indicator: pd.DataFrame, estimates: pd.DataFrame) -> pd.DataFrame:
    """Set what is perceived beside what is measured, territory by territory.

    Parameters
    ----------
    indicator : pandas.DataFrame
        Rows of `helpers.data.indicators.merge_zones` of one indicator and year.
    estimates : pandas.DataFrame
        Rows of an estimate table by region, of one answer and actor.

    Returns
    -------
    pandas.DataFrame
        One row per territory: `region`, `perceived` (estimate), `measured`
        (value), `perceived_rank` and `measured_rank` among the territories
        that have both (1: held most important, measured most fragile; ties
        share their mean rank), and `reason` why a territory is left out.

    Raises
    ------
    InputError
        If the rows are of several indicators, years, answers or actors, the
        indicator has no direction, or a territory is on one side only.
    """
    for table, names in ((indicator, ["indicator", "year"]), (estimates, ["answer", "actor"])):
        for name in names:
            found = table[name].unique()
            if len(found) != 1:
                shown = ", ".join(map(str, found[:5])) or "none"
                raise InputError(f"{name}: one is needed, found {shown}.")
    direction = indicator["direction"].iloc[0]
    if direction == "0":
        name = indicator["indicator"].iloc[0]
        raise InputError(f"{name}: has no direction, so no territory is more fragile by it.")
    lone = sorted(set(indicator["region"]) ^ set(estimates["domain"]))
    if lone:
        raise InputError(f"{len(lone)} territories are on one side only: {', '.join(lone)}.")
    measured = indicator.set_index("region")
    perceived = estimates.set_index("domain").loc[measured.index]
    table = pd.DataFrame(
        {"perceived": perceived["estimate"], "measured": measured["value"]}
    ).rename_axis("region")
    both = table.notna().all(axis=1)
    sign = -1.0 if direction == "+" else 1.0
    kept = table[both]
    table["perceived_rank"] = (-kept["perceived"]).rank()
    table["measured_rank"] = (sign * kept["measured"]).rank()
    table["reason"] = perceived["reason"].where(
        table["perceived"].isna(), measured["reason"].where(~both, "")
    )
    return table.reset_index()


def rank_against(
    indicator: pd.DataFrame, estimates: pd.DataFrame, *, level: float = 0.95
) -> pd.DataFrame:
    """Measure how far the ranks of a perceived and a measured fragility agree.

    Parameters
    ----------
    indicator, estimates : pandas.DataFrame
        As in `pair_ranks`.
    level : float, default 0.95
        Coverage of the interval.

    Returns
    -------
    pandas.DataFrame
        One row for all territories and one without Île-de-France: `territories`,
        `n` (those that have both), `rho` (Spearman; 1 when the territories where
        the fragility is held most important are those where it is measured most),
        `ci_low`, `ci_high`, and `reason` why there is no rho.

    Raises
    ------
    InputError
        As `pair_ranks`.

    Notes
    -----
    Spearman's rank correlation with the interval of Fisher's z on the standard
    error of Bonett and Wright (2000), Psychometrika 65(1), 23-28:
    sqrt((1 + rho^2 / 2) / (n - 3)). A dozen points say little, and agreement of
    ranks says nothing about causes. The sampling error of the estimates is not
    counted.
    """
    check_level(level)
    pairs = pair_ranks(indicator, estimates)
    pairs = pairs[pairs["perceived_rank"].notna()]
    rows = [
        {"territories": name, **_correlate(chosen, level)}
        for name, chosen in (
            (message("all"), pairs),
            (message("without Île-de-France"), pairs[pairs["region"] != OUTLIER]),
        )
    ]
    return pd.DataFrame(rows)


def _correlate(pairs: pd.DataFrame, level: float) -> dict:
    n = len(pairs)
    empty = {"n": n, "rho": np.nan, "ci_low": np.nan, "ci_high": np.nan}
    if n < 5:
        return empty | {"reason": tr("territories with both: {count}, too few", count=n)}
    if any(np.ptp(pairs[side].to_numpy()) == 0 for side in ("perceived", "measured")):
        return empty | {"reason": tr("one side is the same everywhere")}
    from scipy.stats import spearmanr  # here: it takes longer to import than most commands run

    rho = spearmanr(pairs["perceived_rank"], pairs["measured_rank"]).statistic
    # At a perfect agreement Fisher's z is infinite, and the interval is that one point.
    z = np.arctanh(np.clip(rho, -1, 1)) if abs(rho) < 1 else np.inf * rho
    reach = special.ndtri((1 + level) / 2) * np.sqrt((1 + rho**2 / 2) / (n - 3))
    return {
        "n": n,
        "rho": rho,
        "ci_low": np.tanh(z - reach),
        "ci_high": np.tanh(z + reach),
        "reason": "",
    }
