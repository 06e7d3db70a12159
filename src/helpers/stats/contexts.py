"""Each region in three contexts: France, the regions most like it, its neighbours.

After the multiscalar territorial analysis of HyperAtlas: Grasland, Martin, Vincent,
Gensel, Mathian, Oulahal, Cuenot, Edi and Lizzi (2005), Le projet Hypercarte: analyse
spatiale et cartographie interactive, SAGEO 2005; Grasland, Ysebaert, Zanin and Lambert
(2007), Spatial disparities in Europe, in Regional disparities and cohesion, European
Parliament, chapter 4. The medium context there is the country a region lies in; here it
is the family of regions with the most similar profile. HyperAtlas classes by the sign
of exact deviations; here a class needs deviations that a test can tell from none.
"""

from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.data.codebook import REGION
from helpers.data.errors import InputError
from helpers.data.indicators import merge_zones, pool_regions, read_indicators
from helpers.data.regions import read_crosswalk
from helpers.data.responses import Wave
from helpers.stats.region_contrasts import compare_references, list_references
from helpers.stats.results import DEFAULT_RULE, Rule, estimate_question

CONTEXTS = ("france", "similar", "neighbours")
# "+-+": above France, below the similar regions, above the neighbours.
CLASSES = tuple("".join(signs) for signs in product("+-", repeat=3))
UNDECIDED, UNTESTED = "undecided", "untested"
THRESHOLD = 0.05

_SIGNS = {"higher": "+", "lower": "-"}


def compare_contexts(
    wave: Wave, question: str, answer: str, *, rule: Rule = DEFAULT_RULE, root: Path | None = None
) -> pd.DataFrame:
    """Compare each region with its three contexts on one answer.

    Parameters
    ----------
    wave : Wave
        With the domain variable region.
    question, answer : str
    rule : Rule, optional
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    pandas.DataFrame
        One row per region: `domain`, `unit`, `estimate`, `reliability`,
        `reason`; for each context of `CONTEXTS` the `difference_`, `mark_` and
        `untested_` of `helpers.stats.region_contrasts.compare_references`; and
        `synthesis`, from `synthesise`.

    Raises
    ------
    InputError
        If the wave has no such question, answer or region.
    """
    parts = []
    estimates = estimate_question(wave, question, by=REGION, rule=rule)
    for context in CONTEXTS:
        references = list_references(context, root=root)
        table = compare_references(
            wave, question, references, answer=answer, rule=rule, estimates=estimates
        )
        table = table.set_index("domain")
        columns = ["difference", "mark", "untested"]
        parts.append(table[columns].add_suffix(f"_{context}"))
    shown = table[["unit", "estimate", "reliability", "reason"]]
    return _finish(pd.concat([shown, *parts], axis=1))


def compare_indicator_contexts(
    indicator: str, *, threshold: float = THRESHOLD, root: Path | None = None
) -> pd.DataFrame:
    """Compare each zone with its three contexts on one indicator, latest year.

    Parameters
    ----------
    indicator : str
    threshold : float, default 0.05
        Share of the reference by which a value must differ to count as higher
        or lower; values are exact, so there is no test.
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    pandas.DataFrame
        The columns of `compare_contexts`; `estimate` is the value, and each
        difference a share of its reference, the regions of which are merged as
        `helpers.data.indicators.pool_regions` does.

    Raises
    ------
    InputError
        If the indicator is unknown, or the threshold negative.
    """
    if threshold < 0:
        raise InputError(f"threshold is {threshold!r}; it must be 0 or more.")
    indicators = read_indicators(root=root)
    rows = indicators[indicators["indicator"] == indicator]
    if rows.empty:
        raise InputError(f"indicator {indicator!r} is unknown.")
    rows = rows[rows["year"] == rows["year"].max()]
    zones = merge_zones(rows, root=root).set_index("region").rename_axis("domain")
    pairs = read_crosswalk("regions-2016", "zones-2015")
    table = pd.DataFrame(
        {
            "unit": zones["unit"],
            "estimate": zones["value"],
            "reliability": np.where(zones["value"].isna(), "no_base", "ok"),
            "reason": zones["reason"],
        }
    )
    for context in CONTEXTS:
        pools = {}
        for zone, reference in list_references(context, root=root).items():
            codes = pairs.loc[pairs["target"].isin(reference.zones), "source"].tolist()
            pools[zone] = pool_regions(rows, codes, root=root).iloc[0]
        pools = pd.DataFrame(pools).T.loc[table.index]
        value = pools["value"].astype(float)
        gap = table["estimate"] / value - 1
        mark = np.where(gap > threshold, "higher", np.where(gap < -threshold, "lower", "none"))
        table[f"difference_{context}"] = gap
        table[f"mark_{context}"] = np.where(gap.isna(), "untestable", mark)
        table[f"untested_{context}"] = table["reason"].mask(value.isna(), pools["reason"])
    return _finish(table)


def synthesise(marks: pd.DataFrame) -> pd.Series:
    """Class of each region by its marks in the three contexts.

    Parameters
    ----------
    marks : pandas.DataFrame
        A column per context, each ``higher``, ``lower``, ``none`` or ``untestable``.

    Returns
    -------
    pandas.Series
        One of `CLASSES` where all three are higher or lower; ``untested`` where
        one is untestable; else ``undecided``.

    Examples
    --------
    >>> marks = pd.DataFrame({"a": ["higher", "none"], "b": ["lower"] * 2, "c": ["lower"] * 2})
    >>> synthesise(marks).tolist()
    ['+--', 'undecided']
    """
    found = [
        UNTESTED
        if "untestable" in row
        else "".join(_SIGNS[mark] for mark in row)
        if set(row) <= set(_SIGNS)
        else UNDECIDED
        for row in marks.itertuples(index=False, name=None)
    ]
    return pd.Series(found, index=marks.index, dtype=str)


def _finish(table: pd.DataFrame) -> pd.DataFrame:
    marks = table[[f"mark_{context}" for context in CONTEXTS]]
    return table.assign(synthesis=synthesise(marks)).reset_index()
