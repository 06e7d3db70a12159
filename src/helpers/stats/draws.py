"""Samples drawn from a known population, as counts.

A sample is never listed respondent by respondent. Its counts by stratum, domain and
answer carry all that the estimates need, and those counts are drawn directly.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.data.design import Design
from helpers.data.errors import InputError
from helpers.stats.sample import read_sample


@dataclass(frozen=True)
class Population:
    """Counts of a population by stratum (H) and domain (D).

    Attributes
    ----------
    strata, domains : tuple of str
        Their names.
    size, yes : numpy.ndarray, shape (H, D)
        Members, and those who have the characteristic.
    """

    strata: tuple
    domains: tuple
    size: np.ndarray
    yes: np.ndarray

    def shares(self) -> np.ndarray:
        """Shares of the whole, then of each domain: D + 1 values."""
        yes, size = self.yes.sum(axis=0), self.size.sum(axis=0)
        return np.concatenate([[yes.sum() / size.sum()], yes / size])

    def merge_strata(self) -> "Population":
        """Return the same population as one stratum."""
        size, yes = (table.sum(axis=0, keepdims=True) for table in (self.size, self.yes))
        return Population(("all",), self.domains, size, yes)


@dataclass(frozen=True)
class SampleDesign:
    """How many members are drawn without replacement.

    Attributes
    ----------
    name : str
    sizes : dict
        Stratum to members drawn; {"all": n} for a simple random sample.
    """

    name: str
    sizes: dict

    @property
    def stratified(self) -> bool:
        """Whether there is more than one stratum."""
        return len(self.sizes) > 1


@dataclass(frozen=True)
class Draws:
    """Counts of S samples by stratum (H) and domain (D), and the population behind them.

    Attributes
    ----------
    population : Population
    drawn : numpy.ndarray, shape (H,)
        Members drawn per stratum.
    n, yes : numpy.ndarray, shape (H, D, S)
        Respondents, and those who have the characteristic.
    """

    population: Population
    drawn: np.ndarray
    n: np.ndarray
    yes: np.ndarray

    @property
    def weight(self) -> np.ndarray:
        """Design weight N / n of each stratum, shape (H, 1, 1)."""
        return (self.population.size.sum(axis=1) / self.drawn)[:, None, None]

    def sample(self, *, fpc: bool = False):
        """The design of every one of these samples, as `read_sample` codes it."""
        size = self.population.size.sum(axis=1)
        stratum = np.repeat(np.arange(len(size)), self.drawn)
        rows = pd.DataFrame(
            {"stratum": stratum, "weight": self.weight[stratum, 0, 0], "population": size[stratum]}
        )
        design = Design(
            weight="weight", strata=("stratum",), fpc="population" if fpc else None
        )  # fmt: skip
        return read_sample(rows, design)


def allocate_equally(size: int, strata) -> dict:
    """Share a sample equally among strata; the first ones take what is left over.

    Examples
    --------
    >>> allocate_equally(302, ["small", "middle", "large"])
    {'small': 101, 'middle': 101, 'large': 100}
    """
    each, left = divmod(size, len(strata))
    return {stratum: each + (place < left) for place, stratum in enumerate(strata)}


def build_population(
    frame: pd.DataFrame, count: str, *, size: str, strata: str, domains: str
) -> Population:
    """Lay a frame of counts out by stratum and domain.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per stratum and domain.
    count, size : str
        Columns: members with the characteristic, all members.
    strata, domains : str
        Columns that name the row.

    Returns
    -------
    Population
        Strata and domains in the order of the frame.

    Raises
    ------
    InputError
        If a column is absent, or a stratum and domain are given twice.
    """
    absent = [name for name in (count, size, strata, domains) if name not in frame]
    if absent:
        raise InputError(f"frame: columns absent: {', '.join(absent)}")
    twice = frame.duplicated([strata, domains]).sum()
    if twice:
        raise InputError(f"frame: {twice} rows repeat a {strata} and {domains}")
    names = [tuple(frame[column].drop_duplicates()) for column in (strata, domains)]
    table = frame.pivot_table(index=strata, columns=domains, values=[size, count], fill_value=0)
    members, yes = (
        table[column].reindex(index=names[0], columns=names[1]).to_numpy(dtype=np.int64)
        for column in (size, count)
    )
    return Population(*names, members, yes)


def draw_samples(population: Population, design: SampleDesign, *, samples: int, rng) -> Draws:
    """Draw samples without replacement.

    Parameters
    ----------
    population : Population
    design : SampleDesign
        Its strata are those of the population, or "all".
    samples : int
        How many.
    rng : numpy.random.Generator

    Returns
    -------
    Draws

    Raises
    ------
    InputError
        If the strata differ from those of the population, a stratum has fewer
        members than are to be drawn, or a number is below 2 respondents a
        stratum (no variance) or 1 sample.

    Notes
    -----
    Drawing n members of a stratum at random gives multivariate hypergeometric counts by
    domain; given those, the members with the characteristic are hypergeometric in each
    domain on its own (Johnson, Kotz and Balakrishnan 1997, Discrete Multivariate
    Distributions, chapter 39).
    """
    if not design.stratified:
        population = population.merge_strata()
    _check_design(population, design, samples)
    drawn = np.array([design.sizes[stratum] for stratum in population.strata])
    n = np.stack(
        [
            rng.multivariate_hypergeometric(size, count, size=samples, method="marginals").T
            for size, count in zip(population.size, drawn, strict=True)
        ]
    )
    return Draws(population, drawn, n, draw_yes(population.yes, population.size, n, rng))


def draw_yes(yes, size, n, rng):
    """Draw the members with the characteristic among those drawn, cell by cell."""
    return rng.hypergeometric(yes[:, :, None], (size - yes)[:, :, None], n)


def _check_design(population: Population, design: SampleDesign, samples: int) -> None:
    if samples < 1:
        raise InputError(f"samples {samples!r}: at least 1")
    if set(design.sizes) != set(population.strata):
        raise InputError(
            f"design {design.name!r}: strata {', '.join(design.sizes)}; those of the population "
            f"are {', '.join(population.strata)}"
        )
    for stratum, size in zip(population.strata, population.size.sum(axis=1), strict=True):
        count = design.sizes[stratum]
        if not 2 <= count <= size:
            raise InputError(
                f"design {design.name!r}: {count} from stratum {stratum!r}, "
                f"which has {size} members; at least 2 and no more than it has"
            )
