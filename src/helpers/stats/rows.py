"""Rows of many estimate tables of a wave, before any is withheld or marked."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from helpers.data.language import tr
from helpers.data.responses import Wave
from helpers.stats.calibration import read_calibration
from helpers.stats.cells import DOMAIN, code_domain, find_item, is_score, list_answers, split_item
from helpers.stats.contrasts import TESTED, compute_contrasts
from helpers.stats.estimates import compute_proportions
from helpers.stats.means import compute_means
from helpers.stats.plan import ESTIMATED, Plan
from helpers.stats.questions import read_answers, read_scores
from helpers.stats.reliability import flag

# Greatest value of an estimate in each unit: shares of 1, mean scores out of 10.
UNITS = {"share": 1.0, "score_10": 10.0}
LEVEL = 0.95


def estimate_rows(
    wave: Wave, pairs: Iterable[tuple[str, str | None]], *, reliability: str
) -> pd.DataFrame:
    """Estimate questions of a wave, each for the whole or by a domain variable.

    Parameters
    ----------
    wave : Wave
    pairs : iterable of tuple
        A question, or a domain variable, and the domain variable it is crossed with or None;
        at least one.
    reliability : str
        Name of a rule of `helpers.stats.reliability`.

    Returns
    -------
    pandas.DataFrame
        Rows with the columns of an estimate table but for marks, pair after pair, in the order
        of domains and answers. Respondents without a domain have rows too, of the domain
        `helpers.stats.cells.UNNAMED`.

    Raises
    ------
    InputError
        If the wave has no such question or domain variable.

    Notes
    -----
    Sample and domains are coded once for all questions crossed with one variable, each
    question is counted once for its estimates and its tests, and rows are laid out and
    flagged together: with a thousand small tables, most of the time would go into the frames.
    """
    passes: dict[str | None, _Pass] = {}
    blocks, names = [], {name: [] for name in ("question", "domain_variable", "unit")}
    for question, by in pairs:
        item = find_item(wave, question)
        if by not in passes:
            passes[by] = _Pass(wave, by)
        block = passes[by].estimate(item)
        blocks.append(block)
        unit = "score_10" if is_score(item) else "share"
        for name, value in (("question", question), ("domain_variable", by or ""), ("unit", unit)):
            names[name].append(np.full(len(block["n"]), value, dtype=object))
    columns = {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}
    columns |= {name: np.concatenate(values) for name, values in names.items()}
    texts = {
        name: pd.array(columns.pop(name), dtype="str") for name in [*names, "answer", "domain"]
    }
    table = pd.DataFrame({**texts, **columns})
    table = table.assign(
        survey=wave.survey,
        wave=wave.name,
        actor=table["domain"].where(table["domain_variable"] == "actor", wave.codebook.actor),
        provenance=wave.provenance,
    )
    return _flag(table, reliability)


class _Pass:
    """Counts the questions of a wave that are crossed with one domain variable."""

    def __init__(self, wave: Wave, by: str | None):
        domain = code_domain(wave, by)
        self._frame = wave.respondents.assign(**{DOMAIN: domain})
        self._levels = np.array([""] if by is None else domain.categories, dtype=object)
        self._contrasted = by is not None
        calibration = read_calibration(wave)
        self._plan = Plan(self._frame, wave.design, by=DOMAIN, calibration=calibration)

    def estimate(self, item) -> dict[str, np.ndarray]:
        """Columns of one question, by domain and answer."""
        parts = [self._estimate_part(part, is_score(item)) for part in split_item(item)]
        width = len(list_answers(item))
        # Each part has its answers for all domains; a table has all answers domain by domain.
        laid = {
            name: np.concatenate([part[name] for part in parts], axis=1).ravel()
            for name in parts[0]
        }
        laid["answer"] = np.tile(np.array(list_answers(item), dtype=object), len(self._levels))
        laid["domain"] = np.repeat(self._levels, width)
        return laid

    def _estimate_part(self, part, score: bool) -> dict[str, np.ndarray]:
        """Columns of the answers that share one base, each of domains x answers."""
        columns, answers, nets = part
        shape = (len(self._levels), len(answers) + len(nets))
        answered = self._frame[columns].notna().to_numpy().any()
        table = dict.fromkeys([*ESTIMATED, *TESTED], np.full(shape, np.nan))
        table |= {"n": np.zeros(shape, dtype=int), "n_weighted": np.zeros(shape)}
        if not answered:
            return table
        if score:
            items = read_scores(self._frame, columns, (0, UNITS["score_10"]))
        else:
            items = read_answers(self._frame, columns, answers, nets)
        sums, moments = self._plan.count(items, columns)
        if score:
            table |= compute_means(self._plan, items, sums, moments, LEVEL)
            for name in ("ci_low", "ci_high"):  # as a mean cannot leave its scale
                table[name] = np.clip(table[name], 0, UNITS["score_10"])
        else:
            table |= compute_proportions(self._plan, sums, moments, LEVEL, "logit")
        if self._contrasted:
            tests = compute_contrasts(self._plan, items, sums, moments, DOMAIN, LEVEL)
            table |= {name: tests[name].reshape(shape) for name in TESTED}
        return table


def _flag(table: pd.DataFrame, rule: str) -> pd.DataFrame:
    state = np.full(len(table), "no_base", dtype=object)
    reason = np.full(len(table), tr("nobody answered"), dtype=object)
    # A part that nobody answered has no degrees of freedom, not even none.
    counted = table["df"].notna()
    for unit, measure in (("share", "answers"), ("score_10", "mean")):
        chosen = (counted & (table["unit"] == unit)).to_numpy()
        if chosen.any():
            flagged = flag(table[chosen], rule=rule, measure=measure)
            state[chosen], reason[chosen] = flagged["reliability"], flagged["reason"]
    return table.assign(
        reliability=pd.array(state, dtype="str"), reason=pd.array(reason, dtype="str")
    )
