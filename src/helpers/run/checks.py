"""Checks of an incoming wave: what is wrong with coded responses, before anything is written."""

from collections.abc import Iterator

import pandas as pd
import pandera.pandas as pa

from helpers.data.codebook import Codebook
from helpers.data.contracts import find_mistakes
from helpers.data.responses import build_columns
from helpers.run.answer_checks import (
    check_levels,
    check_missing,
    check_multiple,
    check_rankings,
    check_repeated,
    check_routing,
    check_straight_lining,
)
from helpers.run.findings import SHOWN, Finding
from helpers.run.sheet import Sheet, count, show_values
from helpers.run.weight_checks import check_shares, check_weights

RESPONDENT = "respondent"
_ORDER = ("error", "warning", "note")


def check_responses(
    responses: pd.DataFrame,
    codebook: Codebook,
    *,
    columns: dict[str, str] | None = None,
    weights: tuple[str, ...] = ("weight",),
) -> list[Finding]:
    """Check coded responses against their codebook and against themselves.

    Parameters
    ----------
    responses : pandas.DataFrame
        As `responses.parquet` holds them: `respondent`, weights, domain variables and
        questions in the codes of the codebook. A question or domain variable without any
        column is taken as not in this wave.
    codebook : Codebook
    columns : dict of str, optional
        Column of the responses to column of the source file, for the messages.
    weights : tuple of str, default ("weight",)
        Columns of weights; the first is the one estimates will use.

    Returns
    -------
    list of Finding
        Errors first, then warnings, then notes. Values are shown for coded columns only.

    Notes
    -----
    `helpers.run.thresholds` holds the limits of the warnings and their reasons.
    """
    responses = responses.reset_index(drop=True)
    sheet, findings = read_sheet(responses, codebook, columns=columns, weights=weights)
    findings += check_ids(responses, source=sheet.source(RESPONDENT))
    for weight in weights:
        findings += check_weights(responses, weight, source=sheet.source(weight))
    for check in (
        check_routing, check_multiple, check_rankings, check_missing, check_straight_lining,
        check_repeated, check_levels,
    ):  # fmt: skip
        findings += check(sheet)
    if not any(finding.check == "weights" and finding.level == "error" for finding in findings):
        findings += check_shares(sheet, responses[weights[0]].astype(float))
    return sorted(findings, key=lambda finding: _ORDER.index(finding.level))


def read_sheet(
    responses: pd.DataFrame,
    codebook: Codebook,
    *,
    columns: dict[str, str] | None = None,
    weights: tuple[str, ...] = ("weight",),
) -> tuple[Sheet, list[Finding]]:
    """Check the contract of the codebook and keep the columns that meet it.

    Parameters
    ----------
    responses, codebook, columns, weights
        As in `check_responses`.

    Returns
    -------
    sheet : Sheet
    findings : list of Finding
        One error per column and rule broken.
    """
    present = [
        variable.id
        for variable in [*codebook.domains, *codebook.questions]
        if set(getattr(variable, "columns", [variable.id])) & set(responses.columns)
    ]
    contract = pa.DataFrameSchema(build_columns(codebook, present), coerce=True)
    others = [name for name in (RESPONDENT, *weights) if name in responses]
    good, mistakes = find_mistakes(responses.drop(columns=others), contract)
    broken = frozenset(mistake.column for mistake in mistakes if mistake.column in responses)
    sheet = Sheet(good, codebook, columns or {}, broken)
    findings = []
    for mistake in mistakes:
        shown = show_values(mistake.texts)
        number = f"{count(mistake.count, 'value')} " if mistake.rows or shown else ""
        ending = f": {', '.join(shown)}" if shown else ""
        findings.append(
            Finding(
                "error", "contract", sheet.source(mistake.column),
                f"{number}{mistake.rule}{ending}.", mistake.count, shown, mistake.rows[:SHOWN],
            )
        )  # fmt: skip
    if not any(variable.id in present for variable in codebook.questions):
        message = f"no column holds a question of the survey {codebook.survey}."
        findings.append(Finding("error", "contract", "", message))
    return sheet, findings


def check_ids(responses: pd.DataFrame, *, source: str) -> Iterator[Finding]:
    """Each respondent has an id of their own; ids are not shown, for they may name someone."""
    if RESPONDENT not in responses:
        yield Finding("error", "respondents", source, "missing from the file.")
        return
    ids = responses[RESPONDENT]
    blank = ids.isna() | ids.astype(str).str.strip().eq("")
    repeated = ~blank & ids.duplicated(keep=False)
    extra = int((~blank & ids.duplicated()).sum())
    for rows, message in (
        (blank, f"{count(int(blank.sum()), 'respondent')} without an id."),
        (repeated, f"{count(extra, 'row')} with the id of a row before."),
    ):
        if rows.any():
            places = tuple(int(row) + 1 for row in rows.index[rows][:SHOWN])
            yield Finding("error", "respondents", source, message, int(rows.sum()), rows=places)
