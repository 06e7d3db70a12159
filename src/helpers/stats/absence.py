"""Estimates of what a wave holds, and rows that say why of what it does not."""

import pandas as pd

from helpers.data.actors import name_actor
from helpers.data.codebook import Codebook
from helpers.data.contracts import check_contract
from helpers.data.language import tr
from helpers.data.responses import Wave
from helpers.stats.cells import is_score, list_answers
from helpers.stats.results import DEFAULT_RULE, ESTIMATE_SCHEMA, Rule, estimate_question


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
    state = _find_absence(wave, codebook, question, by, wave_name)
    if state is None:
        return estimate_question(wave, question, by=by, rule=rule)
    kind = wave.provenance if wave else provenance
    return _fill(codebook, wave_name, question, by, kind, *state)


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
