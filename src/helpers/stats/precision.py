"""What samples of a known population estimate, beside what is true."""

import numpy as np
import pandas as pd

from helpers.data.errors import InputError
from helpers.data.language import message
from helpers.stats.draws import Draws, Population, draw_samples
from helpers.stats.intervals import proportion_interval
from helpers.stats.reliability import RULES, flag
from helpers.stats.variance import divide, inverse, stratum_variance

WHOLE = "whole"

# A share among fewer samples than this would carry a Monte-Carlo error of points.
FEWEST_SHOWN = 100

METHODS = {
    "design": message("weights and strata"),
    "design_fpc": message("weights, strata and population counts"),
    "naive": message("weights in the estimate, textbook error on n"),
    "unweighted": message("no weights, textbook error on n"),
}


def estimate_draws(draws: Draws, *, method: str = "design", level: float = 0.95) -> dict:
    """Estimate the share of the whole and of each domain, in every sample.

    Parameters
    ----------
    draws : Draws
    method : {"design", "design_fpc", "naive", "unweighted"}, default "design"
        How the standard error, and for the last the estimate, are made: see METHODS.
    level : float, default 0.95
        Coverage of the interval, in (0, 1).

    Returns
    -------
    dict of numpy.ndarray, shape (D + 1, S)
        The whole first: what `estimate_shares` gives, and `ci_low`, `ci_high`, the logit
        interval of `proportion_interval`. NaN where a domain has no respondent.

    Raises
    ------
    InputError
        If the method is unknown.
    """
    shares = estimate_shares(draws, method=method)
    low, high = proportion_interval(
        shares["estimate"],
        shares["se"],
        n=shares["n"],
        df=shares["df"],
        n_equal=shares["n_equal"],
        level=level,
    )
    return {**shares, "ci_low": low, "ci_high": high}


def estimate_shares(draws: Draws, *, method: str = "design") -> dict:
    """Estimate shares and their standard errors, without intervals.

    Parameters
    ----------
    draws, method
        As in `estimate_draws`.

    Returns
    -------
    dict of numpy.ndarray, shape (D + 1, S)
        `n`, `estimate`, `se`, `df` and `n_equal`, Kish's effective size.

    Raises
    ------
    InputError
        If the method is unknown.

    Notes
    -----
    "design" and "design_fpc" are `helpers.stats.estimates.estimate_proportions`: Taylor
    linearisation of a ratio, units minus strata degrees of freedom. "naive" and
    "unweighted" take p (1 - p) / (n - 1) and n - 1 degrees of freedom, what a margin of
    error read from a table assumes (Cochran 1977, Sampling Techniques, 3rd ed., 3.2).
    """
    if method not in METHODS:
        raise InputError(f"method {method!r}: must be one of {', '.join(METHODS)}")
    n, yes = _with_whole(draws.n), _with_whole(draws.yes)
    base = n.sum(axis=0)
    weight = np.ones_like(draws.weight) if method == "unweighted" else draws.weight
    size = (weight * n).sum(axis=0)
    share = divide((weight * yes).sum(axis=0), size)
    if method in ("design", "design_fpc"):
        moments = linearise(yes, n, share, draws.weight * inverse(size))
        variance = stratum_variance(moments, draws.sample(fpc=method == "design_fpc"))
        df = (n - (n > 0)).sum(axis=0)
        n_equal = size**2 * inverse((weight**2 * n).sum(axis=0))
    else:
        variance = share * (1 - share) * inverse(np.maximum(base - 1, 0))
        df, n_equal = base - 1, base
    se = np.where(base > 0, np.sqrt(np.maximum(variance, 0)), np.nan)
    return {"n": base, "estimate": share, "se": se, "df": df, "n_equal": n_equal}


def measure_precision(
    populations: dict, designs: list, *, samples: int, rng, level: float = 0.95,
    rules: tuple = ("n30", "nchs-2017"),
) -> pd.DataFrame:  # fmt: skip
    """Set what samples estimate beside what is true.

    Parameters
    ----------
    populations : dict
        Name of a characteristic to its Population.
    designs : list of SampleDesign
    samples : int
        Samples drawn per characteristic and design.
    rng : numpy.random.Generator
    level : float, default 0.95
        Coverage the intervals claim.
    rules : tuple of str
        Reliability rules of `helpers.stats.reliability` to judge the estimates by.

    Returns
    -------
    pandas.DataFrame
        One row per characteristic, design, domain ("whole" first) and method:

        - `truth`; `n` (mean base); `empty`, share of samples without a respondent there;
        - `estimate`, `bias`, `bias_se`: mean estimate, minus the truth, its Monte-Carlo
          standard error; `estimate_low`, `estimate_high`: 2.5 and 97.5 % of estimates;
        - `true_se`, spread of the estimates; `mean_se`, mean of the standard errors
          computed from each sample; `se_ratio`, the second over the first;
        - `coverage`, share of intervals that hold the truth, and `coverage_se`; `width`,
          mean width of the intervals;
        - for each rule, `withheld_<rule>`, share of samples in which the rule withholds the
          design-based figure, and `coverage_<rule>`, of the intervals in the other samples;
          NaN when those are fewer than FEWEST_SHOWN.

        All but `n`, `empty` and `withheld` are over the samples with a respondent in the
        domain.

    Raises
    ------
    InputError
        As `draw_samples`; or if a rule is unknown.

    Notes
    -----
    Monte-Carlo standard errors: s / sqrt(S) for the bias, sqrt(c (1 - c) / S) for a
    coverage (Morris, White and Crowther 2019, Statistics in Medicine 38, 2074-2102).
    """
    unknown = [rule for rule in rules if rule not in RULES]
    if unknown:
        raise InputError(f"rules: {', '.join(unknown)} unknown; valid are {', '.join(RULES)}")
    tables = []
    for characteristic, population in populations.items():
        for design in designs:
            draws = draw_samples(population, design, samples=samples, rng=rng)
            results = {
                method: estimate_draws(draws, method=method, level=level) for method in METHODS
            }
            shown = {rule: show_figures(results["design"], rule) for rule in rules}
            for method, result in results.items():
                table = _summarise(draws, result, shown)
                names = {"characteristic": characteristic, "design": design.name}
                tables.append(table.assign(**names, method=method))
    table = pd.concat(tables, ignore_index=True)
    keys = ["characteristic", "design", "domain", "method"]
    return table[[*keys, *(name for name in table if name not in keys)]]


def exact_coverage(population: Population, size: int, *, level: float = 0.95) -> float:
    """Work out the coverage of the whole's interval under simple random sampling.

    Parameters
    ----------
    population : Population
    size : int
        Members drawn without replacement.
    level : float, default 0.95
        Coverage the interval claims.

    Returns
    -------
    float
        Chance that the interval of method "design" holds the truth: the sum of the
        hypergeometric chances of the outcomes, 0 to `size`, whose interval does (Brown,
        Cai and DasGupta 2001, Statistical Science 16, 101-133, on why it is not `level`).
    """
    total, having = population.size.sum(), population.yes.sum()
    outcomes = np.arange(size + 1)
    share = outcomes / size
    se = np.sqrt(share * (1 - share) / (size - 1))
    low, high = proportion_interval(share, se, n=size, df=size - 1, n_equal=size, level=level)
    held = (low <= having / total) & (having / total <= high)
    from scipy.stats import hypergeom  # here: it takes longer to import than most commands run

    return float(hypergeom(total, having, size).pmf(outcomes)[held].sum())


def show_figures(results: dict, rule: str) -> np.ndarray:
    """Whether a rule lets each figure of `estimate_draws` be shown."""
    # A base that is withheld for its size is withheld whatever its interval, slow to work out.
    enough = results["n"] >= max(RULES[rule].suppress_n or 0, 1)
    rows = pd.DataFrame({name: results[name][enough] for name in ("n", "estimate", "se", "df")})
    shown = np.zeros(enough.shape, dtype=bool)
    shown[enough] = flag(rows, rule)["reliability"].to_numpy() != "suppress"
    return shown


def linearise(yes, n, share, scale):
    """Sum by stratum the linearised values scale (y - share) and their squares.

    Respondents of a cell have one of two values: `yes` of them scale (1 - share), the
    others - scale share.
    """
    share = np.nan_to_num(share)
    return scale * (yes - share * n), scale**2 * (yes * (1 - share) ** 2 + (n - yes) * share**2)


def _summarise(draws: Draws, results: dict, shown: dict) -> pd.DataFrame:
    truth = draws.population.shares()[:, None]
    filled = results["n"] > 0
    count = filled.sum(axis=1)
    estimate = np.where(filled, results["estimate"], np.nan)
    mean = np.nanmean(estimate, axis=1)
    true_se = np.nanstd(estimate, axis=1, ddof=1)
    held = filled & (results["ci_low"] <= truth) & (truth <= results["ci_high"])
    coverage = held.sum(axis=1) / count
    mean_se = np.nanmean(results["se"], axis=1)
    table = pd.DataFrame(
        {
            "domain": [WHOLE, *draws.population.domains],
            "truth": truth[:, 0],
            "n": results["n"].mean(axis=1),
            "empty": 1 - filled.mean(axis=1),
            "estimate": mean,
            "bias": mean - truth[:, 0],
            "bias_se": true_se / np.sqrt(count),
            "estimate_low": np.nanquantile(estimate, 0.025, axis=1),
            "estimate_high": np.nanquantile(estimate, 0.975, axis=1),
            "true_se": true_se,
            "mean_se": mean_se,
            "se_ratio": mean_se / true_se,
            "coverage": coverage,
            "coverage_se": np.sqrt(coverage * (1 - coverage) / count),
            "width": np.nanmean(results["ci_high"] - results["ci_low"], axis=1),
        }
    )
    for rule, mask in shown.items():
        count = mask.sum(axis=1)
        among = (held & mask).sum(axis=1) * inverse(count)
        table[f"withheld_{rule}"] = 1 - mask.mean(axis=1)
        table[f"coverage_{rule}"] = np.where(count >= FEWEST_SHOWN, among, np.nan)
    return table


def _with_whole(table):
    """Put the sum over domains before them."""
    return np.concatenate([table.sum(axis=1, keepdims=True), table], axis=1)
