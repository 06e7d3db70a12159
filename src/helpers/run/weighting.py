"""Weights an incoming wave to the official margins of its survey."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.data.codebook import Codebook, Wording
from helpers.data.errors import InputError
from helpers.data.frames import read_target
from helpers.data.language import tr
from helpers.run.findings import SHOWN, Finding
from helpers.stats.columns import read_weights
from helpers.stats.diagnostics import describe_weights
from helpers.stats.official import (
    MISSING,
    compare_official,
    describe_margins,
    read_levels,
    read_targets,
)
from helpers.stats.weights import rake
from helpers.stats.weights import trim as trim_weights

WEIGHT = "weight"
BASE_WEIGHT = "base_weight"

# Capping and raking in turn stop this close to the limit, or after so many rounds.
CLOSE = 1e-4
ROUNDS = 100
# A gap to a target that trimming leaves is worth a warning above this share of it.
WORTH_SAYING = 0.01


@dataclass(frozen=True)
class Weighting:
    """What weighting to official margins gave.

    Attributes
    ----------
    responses : pandas.DataFrame
        The responses with `base_weight` and `weight`, which sums to the total of the
        first margin.
    report : pandas.DataFrame
        As `helpers.stats.official.compare_official`: one row per margin and level.
    diagnostics : pandas.DataFrame
        As `helpers.stats.diagnostics.describe_weights`, for the `weights` before
        (``base``) and after (``raked``).
    findings : list of Finding
        Warnings and notes: levels missing, totals scaled, what trimming left.
    description : Wording
        For the `weighting` of the wave file.
    """

    responses: pd.DataFrame
    report: pd.DataFrame
    diagnostics: pd.DataFrame
    findings: list[Finding]
    description: Wording


def weight_to_margins(
    responses: pd.DataFrame,
    codebook: Codebook,
    margins: list[str],
    *,
    base_weight: str | None = None,
    trim: float | None = None,
    root: Path | None = None,
) -> Weighting:
    """Rake the weights of responses to official margins of their survey.

    Parameters
    ----------
    responses : pandas.DataFrame
        One row per respondent, in the codes of the codebook.
    codebook : Codebook
    margins : list of str
        Ids of its official margins; weights sum to the total of the first one.
    base_weight : str, optional
        Column of weights to start from, kept as `base_weight`; equal ones without.
    trim : float, optional
        Greatest weight allowed, in mean weights (above 1).
    root : pathlib.Path, optional
        Root of the collection.

    Returns
    -------
    Weighting

    Raises
    ------
    InputError
        If there is no margin, or an unknown one; if a variable is not a column or a
        base weight is not positive and finite; if a level of the responses is not in
        the frame, or one of the frame has no respondents; if the margins cannot be met
        together; if `trim` is not above 1. Each names margin, levels and counts.

    Notes
    -----
    Weights sum to the population, not to the respondents, so that totals can be
    estimated. Respondents whose level is missing keep the share their base weights
    give them: they are neither dropped nor imputed. A frame of another year than the
    first is scaled to its total. With `trim`, capping and raking take turns until both
    hold, `helpers.stats.weights.trim` settles what is left, and any gap is said.
    """
    if trim is not None and not trim > 1:
        raise InputError(f"trim is {trim!r}; it must be above 1, in mean weights.")
    if BASE_WEIGHT in responses and base_weight != BASE_WEIGHT:
        raise InputError(
            f"column {BASE_WEIGHT}: the responses have one already; name it as the base weight."
        )
    base = read_weights(responses, base_weight) if base_weight else np.ones(len(responses))
    coded = _answer_ids(responses, codebook, margins)
    levels = read_levels(coded, codebook, margins)
    targets = read_targets(levels, codebook, base, root=root)
    people = levels.assign(**{BASE_WEIGHT: base})
    weight = _rake(people, targets, trim)
    kept = responses.drop(columns=[name for name in (base_weight, WEIGHT) if name in responses])
    weights = pd.DataFrame({BASE_WEIGHT: base, WEIGHT: weight.to_numpy()}, index=responses.index)
    report = compare_official(
        coded.assign(**weights), codebook, margins, weight=WEIGHT, base_weight=BASE_WEIGHT,
        root=root,
    )  # fmt: skip
    diagnostics = [
        describe_weights(weights, weight=name).assign(weights=word)
        for name, word in ((BASE_WEIGHT, "base"), (WEIGHT, "raked"))
    ]
    diagnostics = pd.concat(diagnostics, ignore_index=True)
    return Weighting(
        pd.concat([kept, weights], axis=1),
        report,
        diagnostics[["weights", *diagnostics.columns.drop("weights")]],
        [*_find_missing(levels, codebook), *_find_scaled(codebook, margins, root),
         *_find_gaps(report, trim)],
        Wording.write(lambda: _describe(codebook, margins, base_weight, trim, root)),
    )  # fmt: skip


def _answer_ids(responses: pd.DataFrame, codebook: Codebook, margins: list[str]) -> pd.DataFrame:
    """The domain variables of some margins, as answer ids."""
    columns = {}
    for margin in margins:
        for name in codebook.margin(margin).variables:
            if name not in responses:
                raise InputError(
                    f"margin {margin} of {codebook.survey}: the responses have no column {name}; "
                    "map one, or leave this margin out."
                )
            values = responses[name].astype(object)
            ids = {answer.code: answer.id for answer in codebook.variable(name).answers}
            columns[name] = values.replace(ids)
    return pd.DataFrame(columns, index=responses.index)


def _rake(people: pd.DataFrame, targets: dict, limit: float | None) -> pd.Series:
    """Rake; cap and rake in turn until no weight passes the limit; trim what still does."""
    try:
        weight = rake(people, targets, weight=BASE_WEIGHT)
    except InputError as error:
        known = [name for name, target in targets.items() if MISSING in target]
        hint = (
            f". Respondents whose level is missing keep their share of the base weights "
            f"({', '.join(known)}), which the other margins may not allow: leave that margin out, "
            f"or start from design weights."
        )
        raise InputError(f"{error}{hint if known else '.'}") from None
    if limit is None:
        return weight
    upper = limit * weight.mean()
    for _ in range(ROUNDS):
        if weight.max() <= upper * (1 + CLOSE):
            break
        capped = people.assign(**{WEIGHT: weight.clip(upper=upper)})
        weight = rake(capped, targets, weight=WEIGHT)
    return trim_weights(weight, upper=upper)


def _find_missing(levels: pd.DataFrame, codebook: Codebook) -> list[Finding]:
    findings = []
    for name in levels:
        rows = np.flatnonzero(levels[name] == MISSING)
        if len(rows):
            variables = " or ".join(codebook.margin(name).variables)
            message = (
                f"{len(rows)} respondents without {variables} are weighted without the margin "
                f"{name}: they keep their share of the base weights."
            )
            first = tuple(int(row) + 1 for row in rows[:SHOWN])
            findings.append(
                Finding("warning", "weighting", variables, message, len(rows), (), first)
            )
    return findings


def _find_scaled(codebook: Codebook, margins: list[str], root) -> list[Finding]:
    totals = {name: read_target(codebook, name, root=root).sum() for name in margins}
    first = margins[0]
    return [
        Finding(
            "note", "weighting", "",
            f"The margin {name} counts {total:,.0f} and {first} {totals[first]:,.0f}: it is "
            f"scaled to the total of {first}.",
        )
        for name, total in totals.items()
        if total != totals[first]
    ]  # fmt: skip


def _find_gaps(report: pd.DataFrame, limit: float | None) -> list[Finding]:
    gap = report["achieved_share"] / report["target_share"] - 1
    if limit is None or gap.abs().max() <= WORTH_SAYING:
        return []
    far = report[gap.abs() > WORTH_SAYING]
    worst = report.loc[gap.abs().idxmax()]
    message = (
        f"Trimming to {limit:g} mean weights leaves {len(far)} levels more than "
        f"{WORTH_SAYING:.0%} from their target, most of all {worst['margin']} {worst['level']}: "
        f"{worst['achieved_share']:.1%} for {worst['target_share']:.1%}."
    )
    return [Finding("warning", "weighting", "", message, len(far))]


def _describe(codebook, margins, base_weight, limit, root) -> str:
    start = (
        tr("the weights of column {column}", column=base_weight)
        if base_weight
        else tr("equal weights")
    )
    trimmed = tr(", none above {limit} times their mean", limit=f"{limit:g}") if limit else ""
    return tr(
        "Raked from {start} to {margins}{trimmed}. Weights sum to the total of the first margin.",
        start=start, margins=describe_margins(codebook, margins, root=root), trimmed=trimmed,
    )  # fmt: skip
