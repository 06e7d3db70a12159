"""Cells of a wave: the columns that hold a question, the domain of every respondent."""

import pandas as pd

from helpers.data.codebook import Question
from helpers.data.errors import InputError
from helpers.data.responses import Wave

DOMAIN = "_domain"
UNNAMED = "(unnamed)"
_WHOLE = "(whole)"


def find_item(wave: Wave, name: str):
    """Find a question, or a domain variable, that a wave holds and that has estimates.

    Parameters
    ----------
    wave : Wave
    name : str

    Returns
    -------
    helpers.data.codebook.Variable

    Raises
    ------
    InputError
        If the wave has no such question or domain variable, or it is a ranking.
    """
    known = [*wave.file.questions, *wave.file.domains]
    if name not in known:
        raise InputError(
            f"{wave.survey}/{wave.name}: question {name!r} is not in this wave; "
            f"valid are {', '.join(known)}."
        )
    item = wave.codebook.variable(name)
    if getattr(item, "type", "single") == "ranking":
        raise InputError(f"{name}: ranks are estimated by helpers.stats.means.estimate_rankings.")
    return item


def find_shared(first: Wave, second: Wave, question: str):
    """Find a question, or a domain variable, that two waves of one survey hold.

    Parameters
    ----------
    first, second : Wave
    question : str

    Returns
    -------
    helpers.data.codebook.Variable
        As the codebook of the first describes it.

    Raises
    ------
    InputError
        If the waves are of two surveys, or one and the same, or as `find_item`.
    """
    if first.survey != second.survey:
        raise InputError(
            f"{first.survey}/{first.name} and {second.survey}/{second.name}: waves of two "
            "surveys; a change is between two waves of one."
        )
    if first.name == second.name:
        raise InputError(f"{first.survey}/{first.name}: compared with itself; give another wave.")
    find_item(second, question)
    return find_item(first, question)


def code_domain(wave: Wave, by: str | None) -> pd.Categorical:
    """Domain of each respondent of a wave.

    Parameters
    ----------
    wave : Wave
    by : str or None
        Domain variable; None for the whole.

    Returns
    -------
    pandas.Categorical
        Every level of the codebook, in its order, then `UNNAMED`, which holds
        the respondents without a domain and is not shown.

    Raises
    ------
    InputError
        If the wave has no such domain variable.
    """
    if by is None:
        return pd.Categorical([_WHOLE] * len(wave.respondents), categories=[_WHOLE])
    if by not in wave.file.domains:
        raise InputError(
            f"{wave.survey}/{wave.name}: domain variable {by!r} is not in this wave; "
            f"valid are {', '.join(wave.file.domains)}."
        )
    levels = [*wave.codebook.variable(by).answer_ids, UNNAMED]
    column = wave.respondents[by].astype("object")
    return pd.Categorical(column.where(column.notna(), UNNAMED), categories=levels)


def split_item(item) -> list[tuple]:
    """Split a question into (column or columns, answers, nets) that share one base.

    Each answer of a multiple or score question has its own base, because a wave
    may hold some of the answers for some of the respondents only.
    """
    kind = item.type if isinstance(item, Question) else "single"
    if kind == "single":
        return [(item.id, item.answer_ids, getattr(item, "nets", {}))]
    pairs = zip(item.columns, item.answer_ids, strict=True)
    return [([column] if kind == "multiple" else column, [answer], {}) for column, answer in pairs]


def is_score(item) -> bool:
    """Whether the answers of an item are scores, so that their estimates are means."""
    return isinstance(item, Question) and item.type == "score"


def list_answers(item) -> list[str]:
    """Ids of the answers of an item, then of its nets."""
    return [*item.answer_ids, *getattr(item, "nets", {})]
