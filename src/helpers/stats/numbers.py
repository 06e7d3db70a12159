"""The number an id addresses, computed again from the respondents."""

import difflib
from pathlib import Path

import pandas as pd

from helpers.data.catalog import check_survey, list_waves
from helpers.data.codebook import Codebook, read_codebook
from helpers.data.errors import InputError
from helpers.data.published import read_links
from helpers.data.responses import Wave, read_wave
from helpers.stats.absence import estimate_or_explain
from helpers.stats.cells import list_answers
from helpers.stats.number_ids import NumberId
from helpers.stats.results import DEFAULT_RULE, Rule, estimate_question

_SHOWN = 12  # so many valid values are listed; of more, the nearest


def compute_number(
    number: NumberId, *, rule: Rule = DEFAULT_RULE, root: Path | None = None
) -> tuple[pd.Series, Wave]:
    """Compute the row of the estimate table that an id addresses.

    Parameters
    ----------
    number : NumberId
    rule : Rule, optional
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    row : pandas.Series
        A row of an estimate table; without a number, it says why.
    wave : Wave

    Raises
    ------
    InputError
        If a part of the id is unknown: names every such part, with what is near.
    """
    check_survey(number.survey, root=root)
    codebook = read_codebook(number.survey, root=root)
    problems = _check_parts(number, codebook, list_waves(number.survey, root=root))
    if problems:
        raise InputError(f"{number}: {' '.join(problems)}")
    wave = read_wave(number.survey, number.wave, root=root)
    by = number.domain_variable or None
    if number.question in codebook.domain_ids:
        table = estimate_question(wave, number.question, by=by, rule=rule)
    else:
        table = estimate_or_explain(
            wave, codebook, number.question, wave_name=wave.name, by=by, rule=rule,
            provenance=wave.provenance,
        )  # fmt: skip
    rows = table[(table["answer"] == number.answer) & (table["domain"] == number.domain)]
    return rows.iloc[0], wave


def list_figures(number: NumberId, *, root: Path | None = None) -> list[str]:
    """Ids of the published figures that stand for a number.

    Parameters
    ----------
    number : NumberId
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    list of str
        In the order of `links.csv`; empty if none was published.
    """
    links = read_links(root=root)
    same = links["quantity"] != "base"
    for part in ("survey", "wave", "question", "answer", "domain_variable", "domain"):
        same &= links[part] == getattr(number, part)
    return links.loc[same, "figure"].tolist()


def _check_parts(number: NumberId, codebook: Codebook, waves: list[str]) -> list[str]:
    questions = [*codebook.question_ids, *codebook.domain_ids]
    problems = [
        _explain("wave", number.wave, waves),
        _explain("question", number.question, questions),
    ]
    if number.question in questions:
        answers = list_answers(codebook.variable(number.question))
        problems.append(_explain("answer", number.answer, answers))
    if number.domain_variable:
        problems.append(_explain("domain variable", number.domain_variable, codebook.domain_ids))
        if number.domain_variable in codebook.domain_ids:
            domains = codebook.variable(number.domain_variable).answer_ids
            problems.append(_explain("domain", number.domain, domains))
    return [problem for problem in problems if problem]


def _explain(part: str, value: str, known: list[str]) -> str:
    """Why a part of an id is unknown, and what was perhaps meant; "" if it is known."""
    if value in known:
        return ""
    near = difflib.get_close_matches(value, known, n=3, cutoff=0.5)
    if near:
        return f"{part} {value!r} is unknown; did you mean {' or '.join(near)}?"
    more = f" and {len(known) - _SHOWN} more" if len(known) > _SHOWN else ""
    return f"{part} {value!r} is unknown; valid are {', '.join(known[:_SHOWN])}{more}."
