"""Checks of the weights: usable, their spread, and what they make of the official counts."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from helpers.data.frames import read_target
from helpers.run.findings import SHOWN, Finding
from helpers.run.sheet import Sheet, count, show_values
from helpers.run.thresholds import FRAME_POINTS, MISSING_SHARE, WEIGHT_EFFECT, WEIGHT_RATIO
from helpers.stats.diagnostics import describe_weights


def check_weights(responses: pd.DataFrame, weight: str, *, source: str) -> Iterator[Finding]:
    """Check one column of weights.

    Parameters
    ----------
    responses : pandas.DataFrame
        Index 0, 1, 2, ...
    weight : str
        Column; it may be absent.
    source : str
        How the source calls it.

    Yields
    ------
    Finding
        Errors for weights that are missing, no number, infinite, zero or negative; warnings for
        their spread; a note if all are equal.
    """
    if weight not in responses:
        yield Finding("error", "weights", source, "missing from the file.")
        return
    given = responses[weight]
    numbers = pd.to_numeric(given, errors="coerce").astype(float)
    broken = {
        "missing": given.isna(),
        "not a number": given.notna() & numbers.isna(),
        "infinite": pd.Series(np.isinf(numbers), index=given.index),
        "not greater than zero": numbers.le(0) & numbers.gt(-np.inf),
    }
    for words, rows in broken.items():
        if rows.any():
            values = () if words == "missing" else show_values(given[rows].unique())
            shown = f": {', '.join(values)}" if values else ""
            yield Finding(
                "error", "weights", source,
                f"{count(int(rows.sum()), 'weight')} {words}{shown}.", int(rows.sum()), values,
                tuple(int(row) + 1 for row in rows.index[rows][:SHOWN]),
            )  # fmt: skip
    if given.empty or any(rows.any() for rows in broken.values()):
        return
    spread = describe_weights(pd.DataFrame({weight: numbers}), weight=weight).iloc[0]
    if spread["min"] == spread["max"]:
        yield Finding("note", "weights", source, f"all weights are {spread['max']:g}.")
    if spread["ratio"] > WEIGHT_RATIO.value:
        yield Finding(
            "warning", "weights", source,
            f"the largest weight ({spread['max']:.3g}) is {spread['ratio']:.3g} times the smallest "
            f"({spread['min']:.3g}).",
        )  # fmt: skip
    if spread["deff_kish"] > WEIGHT_EFFECT.value:
        yield Finding(
            "warning", "weights", source,
            f"Kish's design effect is {spread['deff_kish']:.2f}: {len(given):,} respondents are "
            f"worth {spread['n_eff_kish']:,.0f}.",
        )  # fmt: skip


def check_shares(sheet: Sheet, weights: pd.Series) -> Iterator[Finding]:
    """Warn of weighted shares of domains far from the official counts of the codebook."""
    for margin in sheet.codebook.margins:
        if len(margin.variables) != 1 or margin.variables[0] not in sheet.frame:
            continue
        variable = sheet.codebook.variable(margin.variables[0])
        ids = sheet.frame[variable.id].map({answer.code: answer.id for answer in variable.answers})
        if ids.isna().mean() > MISSING_SHARE.value:
            continue  # the levels of too many are unknown to speak of shares
        target = read_target(sheet.codebook, margin.id)
        official = 100 * target / target.sum()
        ours = weights.groupby(ids).sum().reindex(official.index, fill_value=0)
        gaps = 100 * ours / ours.sum() - official
        worst = gaps.abs().idxmax()
        if abs(gaps[worst]) > FRAME_POINTS.value:
            far = gaps.index[gaps.abs() > FRAME_POINTS.value]
            yield sheet.find(
                "warning", "official counts", [variable.id],
                f"{count(len(far), 'weighted share')} more than {FRAME_POINTS.value:g} points off "
                f"the official counts ({margin.label.en}); furthest "
                f"{variable.label_of(worst)}: {official[worst] + gaps[worst]:.1f} % for "
                f"{official[worst]:.1f} %.",
                values=far,
            )  # fmt: skip
