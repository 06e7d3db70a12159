"""Estimates of what a wave holds, and rows that say why of what it does not."""

from collections.abc import Sequence

import pandas as pd

from helpers.data.actors import name_actor
from helpers.data.codebook import Codebook
from helpers.data.contracts import check_contract
from helpers.data.language import tr
from helpers.data.responses import Wave
from helpers.stats.cells import is_score, list_answers
from helpers.stats.results import DEFAULT_RULE, ESTIMATE_SCHEMA, Rule, estimate_tables


def estimate_or_explain(
    wave: Wave | None,
    codebook: Codebook,
    question: str,
    *,
    wave_name: str,
    by: str | None = None,
    rule: Rule = DEFAULT_RULE,
    provenance: str,
) -> pd.DataFrame:
    """Estimate a question if the wave holds it; if not, give the same rows and the reason.

    Parameters
    ----------
    wave : Wave or None
        None where the survey has no such wave.
    codebook : Codebook
        Of the survey.
    question : str
        A question of the codebook.
    wave_name : str
    by : str, optional
        Domain variable of the codebook.
    rule : Rule, optional
    provenance : str
        Written in the rows of a survey without the wave.

    Returns
    -------
    pandas.DataFrame
        An estimate table. Rows without a number have the state
        ``not_published`` (reconstructed waves hold nothing else) or ``no_base``.
    """
    pair = (question, by)
    return estimate_held(wave, codebook, [pair], wave_name=wave_name, rule=rule,
                         provenance=provenance)[pair]  # fmt: skip


def estimate_held(
    wave: Wave | None,
    codebook: Codebook,
    pairs: Sequence[tuple[str, str | None]],
    *,
    wave_name: str,
    rule: Rule = DEFAULT_RULE,
    provenance: str,
) -> dict[tuple[str, str | None], pd.DataFrame]:
    """Estimate what a wave holds of some questions, in one pass; explain the rest.

    Parameters
    ----------
    wave, codebook, wave_name, rule, provenance
        As in `estimate_or_explain`.
    pairs : sequence of tuple
        Questions, each with the domain variable it is crossed with or None.

    Returns
    -------
    dict of tuple to pandas.DataFrame
        Each pair to the table that `estimate_or_explain` gives.
    """
    absent = {pair: _find_absence(wave, codebook, *pair, wave_name) for pair in pairs}
    held = [pair for pair, state in absent.items() if state is None]
    table = estimate_tables(wave, held, rule=rule) if held else None
    own = {} if table is None else dict(iter(table.groupby(["question", "domain_variable"])))
    kind = wave.provenance if wave else provenance
    return {
        (question, by): own[question, by or ""].reset_index(drop=True)
        if state is None
        else _fill(codebook, wave_name, question, by, kind, *state)
        for (question, by), state in absent.items()
    }


def _find_absence(
    wave: Wave | None, codebook: Codebook, question: str, by: str | None, wave_name: str
) -> tuple[str, str] | None:
    """State and reason of rows that the wave cannot fill; None if it can."""
    if wave is None:
        return "no_base", tr(
            "{actor}: no wave {wave}", actor=name_actor(codebook.actor), wave=wave_name
        )
    if question in wave.file.questions and (by is None or by in wave.file.domains):
        return None
    if wave.provenance == "reconstructed":
        return "not_published", tr("no published figure")
    asked = question in wave.file.questions
    if not asked:
        return "no_base", tr("not asked in this wave")
    domain = codebook.variable(by).label.text
    return "no_base", tr("not known in this wave: {domain}", domain=domain)


def _fill(
    codebook: Codebook, wave_name: str, question: str, by: str | None, provenance: str,
    state: str, reason: str,
) -> pd.DataFrame:  # fmt: skip
    """Rows that hold no number and say why."""
    item = codebook.variable(question)
    domains = codebook.variable(by).answer_ids if by else [""]
    index = pd.MultiIndex.from_product([domains, list_answers(item)], names=["domain", "answer"])
    table = index.to_frame(index=False).assign(
        survey=codebook.survey, wave=wave_name, actor=codebook.actor, question=question,
        domain_variable=by or "", unit="score_10" if is_score(item) else "share", n=0,
        n_weighted=0.0, reliability=state, reason=reason, mark="untestable", provenance=provenance,
    )  # fmt: skip
    table = table.reindex(columns=list(ESTIMATE_SCHEMA.columns))
    return check_contract(table, ESTIMATE_SCHEMA, name="estimate table")
