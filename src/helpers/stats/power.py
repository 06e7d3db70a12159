"""How often samples of a known population find a known gap."""

import numpy as np
import pandas as pd
from scipy import special

from helpers.data.errors import InputError
from helpers.stats.comparison import POWER
from helpers.stats.draws import Draws, Population, draw_samples, draw_yes
from helpers.stats.precision import estimate_shares, linearise, show_figures
from helpers.stats.variance import divide, inverse, stratum_variance


def measure_power(
    population: Population, designs: list, *, gaps: list, samples: int, rng, alpha: float = 0.05,
    rule: str = "nchs-2017",
) -> pd.DataFrame:  # fmt: skip
    """Measure how often a gap of one domain is found, domain by domain.

    Parameters
    ----------
    population : Population
        With its strata.
    designs : list of SampleDesign
    gaps : list of float
        True gaps to the rest, as in `shift_domain`; 0 gives the rate of false alarms.
    samples : int
        Samples per design.
    rng : numpy.random.Generator
    alpha : float, default 0.05
        Level of the two-sided test.
    rule : str, default "nchs-2017"
        Reliability rule of `helpers.stats.reliability`: what it withholds is not marked.

    Returns
    -------
    pandas.DataFrame
        One row per design, domain and gap: `truth` (share of the domain after the
        shift), `n` (mean base), `power` (share of samples where p < alpha and the
        difference has the right sign; at a gap of 0 either sign), `power_se`
        (Monte-Carlo), `power_marked` (the same among figures that may be shown, after
        Holm's correction over those), `smallest_gap` (mean over samples of the gap the
        test says it finds four times in five).

    Notes
    -----
    The respondents drawn per stratum and domain are the same at every gap, and only the
    shifted domain's answers are drawn anew. A sample without a test finds nothing.
    """
    rows = []
    for design in designs:
        draws = draw_samples(population, design, samples=samples, rng=rng)
        shown = show_figures(estimate_shares(draws), rule)[1:]
        for place, domain in enumerate(population.domains):
            for gap in gaps:
                shifted = _shift_draws(draws, shift_domain(population, domain, gap), place, rng)
                found = _find_gap(shifted, shown, place, gap, alpha, rule)
                rows.append({"design": design.name, "domain": domain, "gap": gap, **found})
    return pd.DataFrame(rows)


def shift_domain(population: Population, domain: str, gap: float) -> Population:
    """Give one domain a known gap to the rest, by moving its counts.

    Parameters
    ----------
    population : Population
        With its strata: a gap of 0 then means no difference but that of sizes made good.
    domain : str
    gap : float
        Share of the domain minus share of the rest, in (-1, 1).

    Returns
    -------
    Population
        In every stratum the domain's share is the rest's plus one same amount, such that
        the shares over all strata differ by `gap`, to the nearest member. The rest is
        left as it is.

    Raises
    ------
    InputError
        If the domain is unknown, or the gap would take a share outside 0 to 1.
    """
    if domain not in population.domains:
        raise InputError(f"domain {domain!r} is unknown; valid are {', '.join(population.domains)}")
    place = population.domains.index(domain)
    size, yes = population.size[:, place], population.yes[:, place]
    rest_size, rest_yes = population.size.sum(axis=1) - size, population.yes.sum(axis=1) - yes
    rest = rest_yes / rest_size
    amount = rest_yes.sum() / rest_size.sum() + gap - (size * rest).sum() / size.sum()
    shares = rest + amount
    outside = shares[(size > 0) & ((shares < 0) | (shares > 1))]
    if len(outside):
        raise InputError(
            f"gap {gap:g} in {domain!r}: would take {len(outside)} strata outside 0 to 1 "
            f"({outside[0]:.2f})"
        )
    shifted = population.yes.copy()
    shifted[:, place] = np.rint(size * shares)
    return Population(population.strata, population.domains, population.size, shifted)


def contrast_draws(draws: Draws, *, level: float = 0.95) -> dict:
    """Test each domain against the rest, in every sample.

    Parameters
    ----------
    draws : Draws
    level : float, default 0.95
        1 - level is the significance level of `smallest_gap`.

    Returns
    -------
    dict of numpy.ndarray, shape (D, S)
        `difference` (domain minus rest), `p_value` (two-sided) and `smallest_gap`; NaN
        where nothing can be tested.

    Notes
    -----
    As `helpers.stats.contrasts.contrast_with_rest`, whose notes give the formulas.
    """
    n, yes, weight = draws.n, draws.yes, draws.weight
    rest_n, rest_yes = (table.sum(axis=1, keepdims=True) - table for table in (n, yes))
    sides = [(yes, n), (rest_yes, rest_n)]
    sizes = [(weight * count).sum(axis=0) for _, count in sides]
    sums = [(weight * having).sum(axis=0) for having, _ in sides]
    shares = [divide(total, size) for total, size in zip(sums, sizes, strict=True)]
    pooled = np.broadcast_to(sum(sums) / sum(sizes), shares[0].shape)
    sample = draws.sample()

    def standard_error(ratios):
        # Domain and rest share no respondent: totals subtract, squares add.
        parts = [
            linearise(having, count, ratio, weight * inverse(size))
            for (having, count), ratio, size in zip(sides, ratios, sizes, strict=True)
        ]
        moments = (parts[0][0] - parts[1][0], parts[0][1] + parts[1][1])
        return np.sqrt(np.maximum(stratum_variance(moments, sample), 0))

    null_se = standard_error([pooled, pooled])
    varies = (shares[0] > 0) & (shares[0] < 1) & (shares[1] > 0) & (shares[1] < 1)
    se = np.where(varies, standard_error([np.nan_to_num(share) for share in shares]), null_se)
    testable = (sizes[0] > 0) & (sizes[1] > 0) & (null_se > 0) & (se > 0)
    df = draws.drawn.sum() - len(draws.drawn) - 1
    difference = np.where(testable, shares[0] - shares[1], np.nan)
    reach = special.stdtrit(df, (1 + level) / 2) + special.stdtrit(df, POWER)
    statistic = divide(difference, np.where(testable, se, 1.0))
    return {
        "difference": difference,
        "p_value": 2 * special.stdtr(df, -np.abs(statistic)),
        "smallest_gap": np.where(testable, reach * null_se, np.nan),
    }


def adjust_holm(p: np.ndarray) -> np.ndarray:
    """Adjust the p-values of many families of tests, one a column, by Holm.

    Parameters
    ----------
    p : numpy.ndarray, shape (tests, families)
        NaN is a comparison not made, and stays NaN.

    Returns
    -------
    numpy.ndarray
        Column by column what `helpers.stats.contrasts.adjust_p_values` gives.
    """
    order = np.argsort(p, axis=0)  # NaN last
    ranked = np.take_along_axis(p, order, axis=0)
    tests = np.isfinite(p).sum(axis=0)
    factor = tests - np.arange(len(p))[:, None]
    stepped = np.maximum.accumulate(np.where(np.isnan(ranked), 0, ranked * factor), axis=0)
    adjusted = np.empty_like(p)
    np.put_along_axis(adjusted, order, np.minimum(stepped, 1.0), axis=0)
    return np.where(np.isnan(p), np.nan, adjusted)


def _shift_draws(draws: Draws, shifted: Population, place: int, rng) -> Draws:
    """Draw the answers of one domain anew, from a population shifted there."""
    if len(draws.drawn) == 1:
        shifted = shifted.merge_strata()
    yes, cell = draws.yes.copy(), [place]
    cells = (shifted.yes[:, cell], shifted.size[:, cell], draws.n[:, cell])
    yes[:, cell] = draw_yes(*cells, rng)
    return Draws(shifted, draws.drawn, draws.n, yes)


def _find_gap(
    draws: Draws, shown: np.ndarray, place: int, gap: float, alpha: float, rule: str
) -> dict:  # fmt: skip
    """Say how often the gap of one domain is found significant, and marked."""
    own = {name: values[[place + 1]] for name, values in estimate_shares(draws).items()}
    shown = shown.copy()
    shown[place] = show_figures(own, rule)
    test = contrast_draws(draws, level=1 - alpha)
    right = test["difference"][place] * np.sign(gap) >= 0
    found = ((test["p_value"][place] < alpha) & right).mean()
    adjusted = adjust_holm(np.where(shown, test["p_value"], np.nan))[place]
    return {
        "truth": draws.population.shares()[place + 1],
        "n": own["n"].mean(),
        "power": found,
        "power_se": np.sqrt(found * (1 - found) / len(right)),
        "power_marked": ((adjusted < alpha) & right).mean(),
        "smallest_gap": np.nanmean(test["smallest_gap"][place]),
    }
