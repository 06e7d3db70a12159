"""Split of a change between two waves: opinion, sample composition, weights and the rest."""

from typing import Literal

import numpy as np
import pandas as pd

from helpers.data.codebook import REGION
from helpers.data.errors import InputError
from helpers.data.language import join_clauses, message, ntr, tr
from helpers.data.responses import Wave
from helpers.stats.cells import find_shared, list_answers, split_item
from helpers.stats.changes import read_part
from helpers.stats.decomposition import (
    PARTS,
    Side,
    WaveSample,
    bootstrap_parts,
    fill_levels,
    split_samples,
)
from helpers.stats.results import DEFAULT_RULE, Rule, estimate_question


def split_change(
    first: Wave,
    second: Wave,
    question: str,
    answer: str,
    *,
    domain: tuple[str, str] | None = None,
    cells: list[str] | None = None,
    wording: Literal["same", "near"] = "same",
    geography: Literal["same", "recoded"] = "same",
    rule: Rule = DEFAULT_RULE,
    rng: np.random.Generator | None = None,
    replicates: int = 200,
    estimates: tuple[pd.DataFrame, pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """Split the change of one answer into opinion, sample composition, weights and the rest.

    Parameters
    ----------
    first, second : Wave
        Waves of one survey, the earlier first, with independent samples.
    question, answer : str
        An answer or net of a question that both waves hold.
    domain : tuple of str, optional
        Domain variable and level: the change within that domain; by default the whole.
    cells : list of str, optional
        Domain variables that both waves hold, crossed; a missing level is one of its own.
        By default those of `find_cells`.
    wording : {"same", "near"}
        What the codebook says of the question in the two waves.
    geography : {"same", "recoded"}
        Whether the regions of either wave were recoded from other limits.
    rule : Rule, optional
        Says which estimates may be shown.
    rng : numpy.random.Generator, optional
        Gives the parts standard errors and intervals, by the bootstrap; none without.
    replicates : int, default 200
        Of the bootstrap.
    estimates : tuple of pandas.DataFrame, optional
        Estimate tables of the question in either wave, by the variable of `domain` and the
        same rule; computed by default.

    Returns
    -------
    pandas.DataFrame
        One row per `part`: ``opinion``, ``sample_composition``, ``weights``,
        ``cells_in_one_wave``, ``wording``, ``geography`` and ``total`` (second minus
        first), with `value` in the unit of the estimates, `se`, `ci_low`, `ci_high`,
        `state` (``estimated``, ``none``, ``cannot be told apart``, ``not computable``) and
        `reason`. Where the opinion is computable, the values that are there add up to the
        total: wording and geography are 0, or have no value and name the parts that hold
        what they changed.

    Raises
    ------
    InputError
        As `helpers.stats.changes.compare_waves`; or if the question has no such answer, a
        cell variable or the domain is not in both waves, or the bootstrap meets a base too small.

    Notes
    -----
    `helpers.stats.decomposition.decompose` gives the formulas and their source. Of a
    reconstructed wave only the total may be computed, and only where it was published:
    its cells were not. The bootstrap resamples each wave by its design (Rao, Wu and Yue
    1992) and rakes each replicate again to the official margins of the wave; a level
    without respondents in a replicate is left out of its raking.
    """
    item = find_shared(first, second, question)
    if answer not in list_answers(item):
        raise InputError(
            f"{question}: no answer {answer!r}; valid are {', '.join(list_answers(item))}."
        )
    for name, value, valid in (
        ("wording", wording, ("same", "near")),
        ("geography", geography, ("same", "recoded")),
    ):
        if value not in valid:
            raise InputError(f"{name} is {value!r}; it must be {' or '.join(valid)}.")
    cells = find_cells(first, second) if cells is None else list(cells)
    for name in [*cells, *([domain[0]] if domain else [])]:
        _check_shared(first, second, name)
    confounded = {
        "wording": tr("the wording of the two waves is only near") if wording == "near" else "",
        "geography": tr("regions were recoded from other limits")
        if geography == "recoded" and REGION in cells
        else "",
    }
    estimates = estimates or tuple(
        estimate_question(wave, question, by=domain[0] if domain else None, rule=rule)
        for wave in (first, second)
    )
    total, reason = _find_total((first, second), estimates, answer, domain)
    if not reason and not cells:
        reason = tr("the waves share no domain variable that could define groups")
    if reason:
        return _write_parts(pd.Series({"total": total}), reason, confounded, 0)
    samples = _read_samples(first, second, item, answer, domain, cells)
    parts = split_samples(samples)
    present = [set(sample.side.cell[sample.side.base > 0]) for sample in samples]
    table = _write_parts(parts, "", confounded, len(present[0] ^ present[1]))
    if rng is not None:
        spread = bootstrap_parts((first, second), samples, rng=rng, replicates=replicates)
        shown = table["value"].notna() & (table["state"] != "none")
        for name in ("se", "ci_low", "ci_high"):
            table[name] = table["part"].map(spread[name]).where(shown)
    return table


def find_cells(first: Wave, second: Wave) -> list[str]:
    """Domain variables to split a change by: those of strata and margins both waves hold.

    Parameters
    ----------
    first, second : Wave

    Returns
    -------
    list of str
        In the order of the codebook; without any, all domain variables that both waves
        hold, which may be none.
    """
    shared = [name for name in first.file.domains if name in second.file.domains]
    used = set()
    for wave in (first, second):
        used |= set(wave.design.strata)
        used |= {name for margin in wave.file.margins
                 for name in wave.codebook.margin(margin).variables}  # fmt: skip
    order = [name for name in first.codebook.domain_ids if name in shared]
    return [name for name in order if name in used] or order


def _check_shared(first: Wave, second: Wave, name: str) -> None:
    shared = [domain for domain in first.file.domains if domain in second.file.domains]
    if name not in shared:
        raise InputError(
            f"{first.survey} {first.name} and {second.name}: domain variable {name!r} is not in "
            f"both waves; valid are {', '.join(shared) or 'none'}."
        )


def _read_samples(first: Wave, second: Wave, item, answer, domain, cells) -> list[WaveSample]:
    waves = (first, second)
    crossed = pd.concat([fill_levels(wave.respondents, cells) for wave in waves])
    codes = np.split(pd.factorize(crossed.agg(tuple, axis=1))[0], [len(first.respondents)])
    part = next(part for part in split_item(item) if answer in (*part[1], *part[2]))
    place = [*part[1], *part[2]].index(answer)
    samples = []
    for wave, code in zip(waves, codes, strict=True):
        people = wave.respondents
        items = read_part(people, item, part)
        y, base = items.values(np.arange(len(people)))
        if domain:
            base = base * (people[domain[0]] == domain[1]).to_numpy()
        y = base * (y[:, place] + items.origin)
        samples.append(WaveSample.read(wave, Side(code, y, base)))
    return samples


def _find_total(waves, estimates, answer, domain) -> tuple[float, str]:
    """Return the change shown, and why its parts are not computable."""
    reasons, values = [], []
    by, level = domain or (None, "")
    for wave, table in zip(waves, estimates, strict=True):
        row = table[(table["answer"] == answer) & (table["domain"] == level)]
        if row.empty:
            known = ", ".join(table["domain"].drop_duplicates())
            raise InputError(f"domain: {level!r} is not a level of {by}; valid are {known}.")
        row = row.iloc[0]
        values.append(row["estimate"])
        if row["reliability"] not in ("ok", "warn"):
            reasons.append(tr("{wave}: {reason}", wave=wave.name, reason=row["reason"]))
        elif wave.provenance == "reconstructed":
            words = tr("reconstructed, what its groups answer was not published")
            reasons.append(tr("{wave}: {reason}", wave=wave.name, reason=words))
    return values[1] - values[0], join_clauses(reasons)


_HOLDERS = {"wording": ["opinion"], "geography": ["opinion", "sample_composition", "weights"]}
_TOLD = {
    "wording": message("{words}: what that changed is in opinion"),
    "geography": message("{words}: what that changed is in opinion, sample composition, weights"),
}


def _write_parts(parts: pd.Series, reason: str, confounded: dict, lonely: int) -> pd.DataFrame:
    """Lay the parts out, saying of each whether it could be told apart."""
    names = [*PARTS[:-1], *_HOLDERS, PARTS[-1]]
    table = pd.DataFrame({"part": names, "value": parts.reindex(names).to_numpy(dtype=float)})
    table = table.assign(se=np.nan, ci_low=np.nan, ci_high=np.nan, state="estimated", reason="")
    table = table.set_index("part")
    missing = table["value"].isna()
    table.loc[missing, ["state", "reason"]] = ["not computable", reason]
    if lonely:
        words = ntr(
            "{count} group with respondents in one wave only: no opinion to compare with",
            "{count} groups with respondents in one wave only: no opinion to compare with",
            lonely,
        )
        table.loc["cells_in_one_wave", ["state", "reason"]] = ["cannot be told apart", words]
    elif not reason:
        table.loc["cells_in_one_wave", "state"] = "none"
    for name, holders in _HOLDERS.items():
        words = confounded.get(name, "")
        if not words:
            table.loc[name, ["value", "state", "reason"]] = [0.0, "none", ""]
            continue
        told = tr(_TOLD[name], words=words)
        table.loc[name, ["state", "reason"]] = ["cannot be told apart", told]
        for holder in holders:
            if not reason:
                before = table.loc[holder, "reason"]
                table.loc[holder, "state"] = "cannot be told apart"
                table.loc[holder, "reason"] = f"{before}; {words}".strip("; ")
    return table.reset_index()
