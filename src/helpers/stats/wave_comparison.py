"""Everything that changed between two waves of a survey, question by question."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.data.comparability import COMPARABLE
from helpers.data.errors import InputError
from helpers.data.language import tr
from helpers.data.responses import Wave
from helpers.data.wave_pairs import check_kinds, compare_questions
from helpers.stats.cells import list_answers
from helpers.stats.changes import CHANGE_SCHEMA, compare_waves
from helpers.stats.marks import compare_marks
from helpers.stats.results import DEFAULT_RULE, Rule, estimate_question
from helpers.stats.splits import split_change

REPLICATES = 200
_CELL = ["question", "answer", "domain_variable", "domain"]
_MARKS = [*_CELL, "mark_first", "mark_second", "event", "difference", "p_adjusted", "change",
          "reading"]  # fmt: skip
_PARTS = [*_CELL, "part", "value", "se", "ci_low", "ci_high", "state", "reason"]


@dataclass(frozen=True)
class WaveComparison:
    """Two waves of a survey, what they share and what changed.

    Attributes
    ----------
    first, second : Wave
        The earlier first.
    rule : Rule
    questions : pandas.DataFrame
        From `helpers.data.wave_pairs.compare_questions`.
    compared : list of str
        Questions whose answers are compared below.
    domains : list of str
        Domain variables that both waves hold.
    changes : pandas.DataFrame
        `helpers.stats.changes.CHANGE_SCHEMA`: each question, for the whole and by domain.
    marks : pandas.DataFrame
        As `helpers.stats.marks.compare_marks`: each question by domain.
    parts : pandas.DataFrame
        As `helpers.stats.splits.split_change`, after `question`, `answer`,
        `domain_variable` and `domain`: the change of every answer told
        (`list_told`), for the whole, and of domains where it was significant.
    """

    first: Wave
    second: Wave
    rule: Rule
    questions: pd.DataFrame
    compared: list[str]
    domains: list[str]
    changes: pd.DataFrame
    marks: pd.DataFrame
    parts: pd.DataFrame


def build_comparison(
    first: Wave,
    second: Wave,
    *,
    rule: Rule = DEFAULT_RULE,
    seed: int = 0,
    replicates: int = REPLICATES,
) -> WaveComparison:
    """Compare every question of two waves that may be compared.

    Parameters
    ----------
    first, second : Wave
        Waves of one survey, the earlier first, with independent samples.
    rule : Rule, optional
    seed : int
        Of the bootstrap that gives the parts of a change their intervals.
    replicates : int
        Of the bootstrap.

    Returns
    -------
    WaveComparison
        Only questions that the codebook says are the same or near are compared; rankings
        are not.

    Raises
    ------
    InputError
        If the waves are of two surveys or one and the same, or only one is fictional.
    """
    if first.survey != second.survey or first.name == second.name:
        raise InputError(
            f"{first.survey}/{first.name} and {second.survey}/{second.name}: give two waves of "
            "one survey."
        )
    check_kinds(first.file, second.file)
    questions = compare_questions(first.codebook, first.file, second.file)
    compared = [
        row.question
        for row in questions.itertuples()
        if row.verdict in COMPARABLE and first.codebook.variable(row.question).type != "ranking"
    ]
    domains = [
        name
        for name in first.codebook.domain_ids
        if name in first.file.domains and name in second.file.domains
    ]
    verdicts = questions.set_index("question")["verdict"]
    changes, marks, parts = [], [], []
    for name in compared:
        for by in (None, *domains):
            pair = tuple(
                estimate_question(wave, name, by=by, rule=rule) for wave in (first, second)
            )
            change = compare_waves(first, second, name, by=by, rule=rule, estimates=pair)
            changes.append(change)
            if by:
                marks.append(compare_marks(*pair, change))
            parts += [
                _split(
                    (first, second), row, wording=verdicts[name], rule=rule, estimates=pair,
                    seed=seed, replicates=replicates,
                )
                for row in _choose(change, first.codebook.variable(name))
            ]  # fmt: skip
    return WaveComparison(
        first, second, rule, questions, compared, domains,
        changes=_stack(changes, list(CHANGE_SCHEMA.columns)),
        marks=_stack(marks, _MARKS), parts=_stack(parts, _PARTS),
    )  # fmt: skip


def list_told(item) -> list[str]:
    """Answers whose change is told in words: of a yes or no, the first only.

    Parameters
    ----------
    item : helpers.data.codebook.Variable

    Returns
    -------
    list of str
        What is left out is the mirror image of what is told.
    """
    answers = list_answers(item)
    two = getattr(item, "type", "single") == "single" and len(answers) == 2
    return answers[:1] if two else answers


def _choose(change: pd.DataFrame, item) -> list[dict]:
    """Rows worth splitting: those of the whole, and significant ones of domains."""
    shown = change["difference"].notna() & change["answer"].isin(list_told(item))
    moved = (change["domain_variable"] == "") | change["mark"].isin(["higher", "lower"])
    return change[shown & moved].to_dict("records")


def _split(waves, row: dict, *, wording, rule, estimates, seed, replicates) -> pd.DataFrame:
    by = row["domain_variable"]
    options = {
        "domain": (by, row["domain"]) if by else None,
        "wording": wording,
        "rule": rule,
        "estimates": estimates,
    }
    answer = (row["question"], row["answer"])
    try:
        rng = np.random.default_rng(seed)
        table = split_change(*waves, *answer, rng=rng, replicates=replicates, **options)
    except InputError as error:  # parts without intervals, and why, rather than no page
        table = split_change(*waves, *answer, **options)
        blank = table["state"].eq("estimated") & table["reason"].eq("")
        table.loc[blank, "reason"] = tr("no interval: {error}", error=str(error).rstrip("."))
    return table.assign(**{name: row[name] for name in _CELL})


def _stack(tables: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    if not tables:
        return pd.DataFrame(columns=columns)
    return pd.concat(tables, ignore_index=True)[columns]
