"""What a change is made of: opinion within cells, who was interviewed, how they were weighted."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.data.responses import Wave
from helpers.stats.bootstrap import bootstrap
from helpers.stats.official import read_levels
from helpers.stats.stacking import stack_samples
from helpers.stats.weights import rake

PARTS = ("opinion", "sample_composition", "weights", "cells_in_one_wave", "total")


@dataclass(frozen=True)
class Side:
    """One wave of a change, one row per respondent.

    Attributes
    ----------
    cell : numpy.ndarray
        Number of the cell, the same numbers in both waves.
    y : numpy.ndarray
        The answer: 1 or 0, or a score; 0 out of the base.
    base : numpy.ndarray
        1 for respondents of the base, else 0.
    """

    cell: np.ndarray
    y: np.ndarray
    base: np.ndarray


@dataclass(frozen=True)
class WaveSample:
    """A wave to be split: its cells and answers, its weights and what they were raked to.

    Attributes
    ----------
    side : Side
    weight : numpy.ndarray
        Weight per respondent.
    margins : pandas.DataFrame
        Level of each respondent on each official margin of the wave; no column
        when its weights were raked to none.
    """

    side: Side
    weight: np.ndarray
    margins: pd.DataFrame

    @classmethod
    def read(cls, wave: Wave, side: Side) -> "WaveSample":
        """Read the weights and margins of a wave."""
        margins = wave.file.margins
        levels = read_levels(wave.respondents, wave.codebook, margins) if margins else None
        weight = wave.respondents[wave.design.weight].to_numpy(dtype=float)
        return cls(side, weight, pd.DataFrame() if levels is None else levels)

    def reweigh(self, factor: np.ndarray) -> np.ndarray:
        """Weights of a bootstrap replicate, raked again to what the weights of the wave meet."""
        weight = self.weight * factor
        if self.margins.empty:
            return weight
        kept = weight > 0
        people = self.margins[kept].assign(_weight=weight[kept])
        targets = {}
        for name in self.margins:
            achieved = pd.Series(self.weight).groupby(self.margins[name].to_numpy()).sum()
            achieved = achieved[achieved.index.isin(people[name])]
            targets[name] = achieved * (self.weight.sum() / achieved.sum())
        raked = np.zeros(len(weight))
        raked[kept] = rake(people, targets, weight="_weight")
        return raked


def fill_levels(respondents: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Levels of some columns as text, a missing one as a level of its own."""
    levels = respondents[columns].astype(object)
    return levels.where(levels.notna(), "(missing)")


def split_samples(samples: list[WaveSample], factors=None) -> pd.Series:
    """Split the change between two samples, or between replicates of them.

    Parameters
    ----------
    samples : list of WaveSample
        The first wave and the second.
    factors : list of numpy.ndarray, optional
        How often a bootstrap drew each row of each sample; once without.

    Returns
    -------
    pandas.Series
        As `decompose`.
    """
    if factors is None:
        counts = [np.ones(len(sample.weight)) for sample in samples]
        weights = [sample.weight for sample in samples]
    else:
        counts = factors
        weights = [sample.reweigh(factor) for sample, factor in zip(samples, factors, strict=True)]
    cells = 1 + max(sample.side.cell.max() for sample in samples)
    sides = [sample.side for sample in samples]
    return decompose(*sides, counts=counts, weights=weights, cells=cells)


def bootstrap_parts(waves, samples, *, rng, replicates: int) -> pd.DataFrame:
    """Bootstrap the parts of a change, each wave resampled by its own design.

    Parameters
    ----------
    waves : tuple of Wave
        The first and the second.
    samples : list of WaveSample
        Read from them.
    rng : numpy.random.Generator
    replicates : int

    Returns
    -------
    pandas.DataFrame
        As `helpers.stats.bootstrap.bootstrap`, on the parts.

    Raises
    ------
    InputError
        As `bootstrap`, or if the designs differ in their population counts or
        single-unit rule.
    """
    frames, designs = {}, {}
    for wave, sample in zip(waves, samples, strict=True):
        frames[wave.name] = wave.respondents.assign(_weight=sample.weight)
        designs[wave.name] = wave.design.model_copy(update={"weight": "_weight"})
    frame, design = stack_samples(frames, design=designs, name="_wave")
    whole, cut = frame["_weight"].to_numpy(), [len(samples[0].weight)]

    def statistic(_, weights):
        return split_samples(samples, np.split(weights / whole, cut))

    return bootstrap(frame, statistic, design=design, rng=rng, replicates=replicates)


def decompose(first, second, *, counts, weights, cells) -> pd.Series:
    """Split the change of a weighted mean between two samples into parts.

    Parameters
    ----------
    first, second : Side
    counts : tuple of numpy.ndarray
        What each row counts for unweighted, in each sample: 1, or how often a
        bootstrap drew it.
    weights : tuple of numpy.ndarray
        Weights of each sample, 0 allowed.
    cells : int
        Number of cells.

    Returns
    -------
    pandas.Series
        `PARTS`, in the unit of y; the first four add up to ``total``.

    Notes
    -----
    With W the weighted and q the unweighted shares of the cells c in the base, and
    m the mean of y in a cell, the estimate is sum W m, and its change

        sum (W1 + W2)/2 (m2 - m1)             opinion within cells
        + sum (q2 - q1) (m - e)               sample composition
        + sum ((W2 - q2) - (W1 - q1)) (m - e) weights

    with m the average of both waves in a cell and e that of the two estimates. The
    first two lines are the symmetric components of Kitagawa (1955), JASA 50,
    1168-1194, in which the order of the waves plays no part, with unweighted shares
    in the second; the third is what is left of her composition. As each set of
    shares adds up to one, e takes nothing from the sum, but lets a part be read
    cell by cell. Weights raked to the same counts in both waves make the third
    line undo the second. Weights that vary within a cell act inside m: the cells
    should be those the weights were made on.

    A cell with respondents in one wave only has no m2 - m1: its
    (W2 - W1) (m - e) is set apart.

    Examples
    --------
    One cell moves from 0 to 1/2, the other stays at 1, all weights are equal:

    >>> one = Side(np.array([0, 0, 1, 1]), np.array([0, 0, 1, 1]), np.ones(4))
    >>> two = Side(np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1]), np.ones(4))
    >>> equal = (np.ones(4), np.ones(4))
    >>> decompose(one, two, counts=equal, weights=equal, cells=2).tolist()
    [0.25, 0.0, 0.0, 0.0, 0.25]
    """
    q1, q2 = (
        _shares(side, count, cells) for side, count in zip((first, second), counts, strict=True)
    )
    w1, w2 = (
        _shares(side, weight, cells) for side, weight in zip((first, second), weights, strict=True)
    )
    m1, m2 = (
        _means(side, weight, cells) for side, weight in zip((first, second), weights, strict=True)
    )
    both = (w1 > 0) & (w2 > 0)
    one = np.where(w1 > 0, m1, m2)
    two = np.where(w2 > 0, m2, m1)
    estimates = (w1 * one).sum(), (w2 * two).sum()
    gap = (one + two) / 2 - sum(estimates) / 2
    return pd.Series(
        {
            "opinion": ((w1 + w2) / 2 * (two - one)).sum(),
            "sample_composition": ((q2 - q1) * gap)[both].sum(),
            "weights": (((w2 - q2) - (w1 - q1)) * gap)[both].sum(),
            "cells_in_one_wave": ((w2 - w1) * gap)[~both].sum(),
            "total": estimates[1] - estimates[0],
        }
    )


def _shares(side, weight, cells):
    size = np.bincount(side.cell, weights=weight * side.base, minlength=cells)
    return size / size.sum()


def _means(side, weight, cells):
    """Weighted mean per cell, 0 where nobody is: such a cell takes the other wave's."""
    size = np.bincount(side.cell, weights=weight * side.base, minlength=cells)
    total = np.bincount(side.cell, weights=weight * side.y, minlength=cells)
    return np.divide(total, size, out=np.zeros(cells), where=size > 0)
