"""Checks of the answers: missing, routing, straight-lining, sums, ranks, levels, repetition."""

from collections.abc import Iterator
from itertools import groupby

import numpy as np
import pandas as pd
from scipy.special import pdtrc

from helpers.data.codebook import Question
from helpers.run.findings import Finding
from helpers.run.sheet import Sheet, count, percent
from helpers.run.thresholds import (
    BATTERY_ITEMS,
    MISSING_SHARE,
    NOTHING_SHARE,
    REPEATED_CHANCE,
    REPEATED_SLACK,
    STRAIGHT_SHARE,
)

# A ranking counts as one answer, and so does a multiple question; each score is one.
_PER_COLUMN = ("single", "score")


def count_missing(sheet: Sheet) -> pd.DataFrame:
    """Count who was asked each question and who gave no answer.

    Parameters
    ----------
    sheet : Sheet

    Returns
    -------
    pandas.DataFrame
        One row per question (per item of a score): `question`, `column`, `asked`,
        `missing` and `share` (0-1, missing where nobody was asked).
    """
    rows = []
    for question in sheet.questions:
        asked = sheet.asked(question)
        if asked is None:
            continue
        answers = sheet.answers(question)
        parts = {name: answers[name].isna() for name in answers}
        if question.type not in _PER_COLUMN:
            parts = {question.id: answers.isna().all(axis=1)}
        for name, missing in parts.items():
            columns = [name] if question.type in _PER_COLUMN else question.columns
            number = int((missing & asked).sum())
            rows.append((question.id, sheet.source(*columns), int(asked.sum()), number))
    table = pd.DataFrame(rows, columns=["question", "column", "asked", "missing"])
    return table.assign(share=table["missing"] / table["asked"].where(table["asked"] > 0))


def check_missing(sheet: Sheet) -> Iterator[Finding]:
    """Warn of questions that many of those asked did not answer."""
    for row in count_missing(sheet).itertuples():
        if row.share > MISSING_SHARE.value:
            yield Finding(
                "warning", "missing answers", row.column,
                f"{row.missing:,} of {row.asked:,} asked gave no answer ({percent(row.share)}).",
                row.missing,
            )  # fmt: skip


def check_routing(sheet: Sheet) -> Iterator[Finding]:
    """Nobody may answer without being asked; who was asked may have stayed silent."""
    for question in sheet.questions:
        if not question.asked_if:
            continue
        name, accepted = question.asked_if.question, question.asked_if.answers
        parent = sheet.codebook.variable(name)
        asked = sheet.asked(question)
        if asked is None and sheet.broken.intersection(parent.columns):
            continue  # reported already
        if asked is None:
            yield sheet.find(
                "error", "routing", question.columns,
                f"who was asked cannot be told: question {name} is not in the file.",
            )  # fmt: skip
            continue
        answered = sheet.answers(question).notna().any(axis=1)
        labels = ", ".join(parent.label_of(answer) for answer in accepted)
        place = sheet.source(*parent.columns)
        wrong = answered & ~asked
        if wrong.any():
            yield sheet.find(
                "error", "routing", question.columns,
                f"{count(int(wrong.sum()), 'respondent')} answered without being asked: only those "
                f"with {labels} in column {place} are.",
                rows=wrong,
            )  # fmt: skip
        silent = asked & ~answered
        if silent.any():
            yield sheet.find(
                "note", "routing", question.columns,
                f"{count(int(silent.sum()), 'respondent')} with {labels} in column {place}, "
                f"asked and without an answer.",
                rows=silent,
            )  # fmt: skip


def check_straight_lining(sheet: Sheet) -> Iterator[Finding]:
    """Warn of batteries that many answered with one and the same answer throughout."""
    for columns in _list_batteries(sheet):
        answers = sheet.frame[columns]
        whole = answers.notna().all(axis=1)
        equal = whole & answers.eq(answers.iloc[:, 0], axis=0).fillna(False).all(axis=1)
        share = equal.sum() / max(int(whole.sum()), 1)
        if share > STRAIGHT_SHARE.value:
            yield sheet.find(
                "warning", "straight-lining", columns,
                f"{equal.sum():,} of {whole.sum():,} who answered all {len(columns)} items gave "
                f"each the same answer ({percent(share)}).",
                rows=equal,
            )  # fmt: skip


def _list_batteries(sheet: Sheet) -> Iterator[list[str]]:
    """Scores, and single questions in a row with the same answers."""
    for question in sheet.questions:
        if question.type == "score" and len(question.columns) >= BATTERY_ITEMS.value:
            yield question.columns
    single = [question for question in sheet.questions if question.type == "single"]
    for _, group in groupby(single, key=lambda question: question.answers):
        columns = [question.id for question in group]
        if len(columns) >= BATTERY_ITEMS.value:
            yield columns


def check_multiple(sheet: Sheet) -> Iterator[Finding]:
    """Check the sums of multiple answers: nothing, everything, never false, exclusive ones."""
    for question in sheet.questions:
        if question.type != "multiple":
            continue
        answers = sheet.answers(question)
        whole = answers.notna().all(axis=1)
        chosen = answers.fillna(False).astype(bool)
        if chosen.any(axis=None) and not answers.eq(False).fillna(False).any(axis=None):
            yield sheet.find(
                "error", "multiple answers", question.columns,
                "no cell says that an answer was not chosen: empty cells count as not asked, so "
                "write 0 or false.",
            )  # fmt: skip
            continue
        partly = answers.notna().any(axis=1) & ~whole
        if partly.any():
            yield sheet.find(
                "warning", "multiple answers", question.columns,
                f"{count(int(partly.sum()), 'respondent')} with some of the cells empty.",
                rows=partly,
            )  # fmt: skip
        sums = {}
        if len(answers.columns) > 1:
            sums["none of the answers"] = whole & ~chosen.any(axis=1)
        if len(answers.columns) > 2:
            sums["every answer"] = whole & chosen.all(axis=1)
        for words, rows in sums.items():
            share = rows.sum() / max(int(whole.sum()), 1)
            if rows.any():
                yield sheet.find(
                    "warning" if share > NOTHING_SHARE.value else "note", "multiple answers",
                    question.columns,
                    f"{rows.sum():,} of {whole.sum():,} chose {words} ({percent(share)}).",
                    rows=rows,
                )  # fmt: skip
        yield from _check_exclusive(sheet, question, chosen)


def _check_exclusive(sheet: Sheet, question: Question, chosen: pd.DataFrame) -> Iterator[Finding]:
    for answer in question.exclusive:
        column = f"{question.id}__{answer}"
        both = chosen[column] & chosen.drop(columns=column).any(axis=1)
        if both.any():
            yield sheet.find(
                "warning", "multiple answers", [column],
                f"{count(int(both.sum()), 'respondent')} chose {question.label_of(answer)!r}, "
                f"which excludes the others, beside another answer.",
                rows=both,
            )  # fmt: skip


def check_rankings(sheet: Sheet) -> Iterator[Finding]:
    """A rank is given once, and no rank before it is left out."""
    for question in sheet.questions:
        if question.type != "ranking":
            continue
        ranks = sheet.answers(question)
        given = ranks.notna().sum(axis=1)
        ordered = np.sort(ranks.to_numpy(dtype=float, na_value=np.nan), axis=1)
        distinct = given.clip(upper=1) + (np.diff(ordered, axis=1) > 0).sum(axis=1)
        ties = distinct < given
        if ties.any():
            yield sheet.find(
                "error", "rankings", question.columns,
                f"{count(int(ties.sum()), 'respondent')} gave one rank to several answers.",
                rows=ties,
            )  # fmt: skip
        highest = ranks.max(axis=1).fillna(0)
        gaps = (highest > distinct).fillna(False)
        if gaps.any():
            yield sheet.find(
                "warning", "rankings", question.columns,
                f"{count(int(gaps.sum()), 'respondent')} left out a rank, e.g. gave 3 without 2.",
                rows=gaps,
            )  # fmt: skip


def check_levels(sheet: Sheet) -> Iterator[Finding]:
    """Warn of questions with one and the same answer; note answers and levels nobody has."""
    for variable in [*sheet.questions, *sheet.domains]:
        kind = getattr(variable, "type", "single")
        columns = variable.columns if isinstance(variable, Question) else [variable.id]
        answers = sheet.frame[columns]
        constant = [name for name in columns if len(answers[name].dropna().unique()) == 1]
        if len(constant) == len(columns) and answers.notna().sum().max() > 1:
            yield sheet.find(
                "warning", "constant", columns,
                f"all {answers.notna().any(axis=1).sum():,} who answered gave the same answer.",
                values=answers[columns[0]].dropna().unique()[:1] if len(columns) == 1 else (),
            )  # fmt: skip
        if kind == "single":
            found = set(answers[variable.id].dropna())
            absent = [answer for answer in variable.answers if answer.code not in found]
        elif kind == "multiple":
            empty = ~answers.fillna(False).astype(bool).any().to_numpy()
            absent = [answer for answer, none in zip(variable.answers, empty, strict=True) if none]
        else:
            continue
        if absent and answers.notna().any(axis=None):
            labels = ", ".join(f"{answer.code} ({answer.label.en})" for answer in absent)
            yield sheet.find(
                "note", "levels nobody has", columns,
                f"{len(absent)} of {len(variable.answers)} answers nobody has: {labels}.",
                values=[answer.code for answer in absent],
            )  # fmt: skip


def check_repeated(sheet: Sheet) -> Iterator[Finding]:
    """Warn of respondents who repeat all answers of another more often than chance explains."""
    columns = [column for question in sheet.questions for column in question.columns]
    answers = sheet.frame[columns]
    if not columns or len(answers) < 2:
        return
    answered = answers.notna().any(axis=1)
    repeated = answers[answered].duplicated().reindex(answers.index, fill_value=False)
    expected = _expect_repeated(sheet, answered)
    observed = int(repeated.sum())
    chance = pdtrc(observed - 1, REPEATED_SLACK * expected) if observed else 1
    if chance < REPEATED_CHANCE.value:
        words = f"{expected:.2f}" if expected >= 0.01 else "fewer than 0.01"
        yield Finding(
            "warning", "identical respondents", "",
            f"{count(observed, 'respondent')} gave the same answers to all {len(columns)} columns "
            f"as one before; independent answers would give {words}.",
            observed, rows=tuple(int(row) + 1 for row in repeated.index[repeated][:5]),
        )  # fmt: skip


def _expect_repeated(sheet: Sheet, rows: pd.Series) -> float:
    """Pairs of equal respondents, were different questions independent.

    A question and those it decides about count as one, so that routing is no coincidence.
    """
    blocks: dict[str, list[str]] = {}
    for question in sheet.questions:
        first = question
        while first.asked_if:
            first = sheet.codebook.variable(first.asked_if.question)
        blocks.setdefault(first.id, []).extend(question.columns)
    number = int(rows.sum())
    shares = [
        ((sheet.frame.loc[rows].groupby(columns, dropna=False).size() / number) ** 2).sum()
        for columns in blocks.values()
    ]
    return float(number * (number - 1) / 2 * np.prod(shares))
