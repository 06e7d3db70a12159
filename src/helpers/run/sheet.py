"""Coded responses under check: which questions they hold, who was asked, what to show."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from helpers.data.codebook import Codebook, Question, Variable
from helpers.run.findings import SHOWN, Finding

_LONGEST = 40  # longer values are sentences somebody wrote, not codes
_NAMED = 3  # of more columns a finding names the first and the last


@dataclass(frozen=True)
class Sheet:
    """Columns of coded responses that keep the contract of the codebook.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row per respondent, index 0, 1, 2, ...
    codebook : Codebook
    columns : dict of str
        Column of the frame to column of the source; the others have the same name.
    broken : frozenset of str
        Columns left out because they break the contract.
    """

    frame: pd.DataFrame
    codebook: Codebook
    columns: dict[str, str] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()

    @property
    def questions(self) -> list[Question]:
        """Questions all of whose columns are there."""
        return [
            question
            for question in self.codebook.questions
            if not question.recode and set(question.columns) <= set(self.frame.columns)
        ]

    @property
    def domains(self) -> list[Variable]:
        """Domain variables that are there."""
        return [domain for domain in self.codebook.domains if domain.id in self.frame]

    def answers(self, question: Question) -> pd.DataFrame:
        """Columns of a question."""
        return self.frame[question.columns]

    def asked(self, question: Question) -> pd.Series | None:
        """Whether each respondent was asked; None if the question deciding it is not there."""
        if not question.asked_if:
            return pd.Series(True, index=self.frame.index)
        parent = self.codebook.variable(question.asked_if.question)
        accepted = question.asked_if.answers
        if parent not in self.questions:
            return None
        if parent.type == "multiple":
            chosen = [f"{parent.id}__{answer}" for answer in accepted]
            return self.frame[chosen].fillna(False).any(axis=1).astype(bool)
        codes = [answer.code for answer in parent.answers if answer.id in accepted]
        return self.frame[parent.columns[0]].isin(codes)

    def source(self, *columns: str) -> str:
        """How the source calls some columns."""
        names = list(dict.fromkeys(self.columns.get(name, name) for name in columns))
        if len(names) > _NAMED:
            return f"{names[0]} … {names[-1]} ({len(names)} columns)"
        return ", ".join(names)

    def find(
        self,
        level: Literal["error", "warning", "note"],
        check: str,
        columns: Iterable[str],
        message: str,
        *,
        rows: pd.Series | None = None,
        values: Iterable = (),
    ) -> Finding:
        """A finding about some columns, of the rows that are true."""
        places = [] if rows is None else [int(row) + 1 for row in rows.index[rows]]
        return Finding(
            level, check, self.source(*columns), message, len(places),
            show_values(values), tuple(places[:SHOWN]),
        )  # fmt: skip


def show_values(values: Iterable) -> tuple[str, ...]:
    """The first values, as they may be shown: what somebody wrote at length is not.

    Parameters
    ----------
    values : iterable
        Values of a coded column.

    Returns
    -------
    tuple of str
        At most `helpers.run.findings.SHOWN`. Addresses and long texts, which may name a
        person, are replaced by their length.
    """
    texts = [str(value) for value in values][:SHOWN]
    return tuple(
        f"(text of {len(text)} characters)" if "@" in text or len(text) > _LONGEST else text
        for text in texts
    )


def count(number: int, noun: str) -> str:
    """A number and its noun, plural where needed.

    Parameters
    ----------
    number : int
    noun : str
        Singular, its plural ending in s.

    Returns
    -------
    str
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def percent(share: float) -> str:
    """A share of 0 to 1 in percent, one decimal below ten.

    Parameters
    ----------
    share : float

    Returns
    -------
    str
    """
    return f"{100 * share:.{0 if share >= 0.1 else 1}f} %"
