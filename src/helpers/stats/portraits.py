"""A region in every survey of a wave, beside its reference, with the span of its ranks."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from helpers.data.catalog import list_waves
from helpers.data.codebook import REGION, Codebook, Question, read_codebook
from helpers.data.errors import InputError
from helpers.data.indicators import pool_regions, rank_fragility, read_indicators
from helpers.data.language import ntr, tr
from helpers.data.places import Place
from helpers.data.regions import find_neighbours, read_crosswalk, read_regions
from helpers.data.responses import Wave, read_wave
from helpers.stats.absence import estimate_held
from helpers.stats.ranks import rank_intervals
from helpers.stats.region_contrasts import Reference, compare_references
from helpers.stats.results import DEFAULT_RULE, Rule, estimate_tables

SURVEYS = ("citizens", "companies", "associations", "mayors")
# Questions of a portrait on partnerships, asked of companies and associations.
PARTNERSHIPS = (
    "has_partnership", "partnership_intention", "partnership_type", "partnership_geography",
    "partnerships_source_of_innovation",
)  # fmt: skip
_RANK = ["rank_low", "rank_high", "ranked", "alike", "apart", "unranked"]


def read_held_waves(
    wave: str, *, surveys: tuple[str, ...] = SURVEYS, root: Path | None = None
) -> dict[str, Wave]:
    """Read a wave of every survey that holds it.

    Parameters
    ----------
    wave : str
    surveys : tuple of str
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    dict of str to Wave
        Survey to its wave.

    Raises
    ------
    InputError
        If none of the surveys has the wave.
    """
    known = {survey: list_waves(survey, root=root) for survey in surveys}
    held = [survey for survey in surveys if wave in known[survey]]
    if not held:
        names = dict.fromkeys(name for names in known.values() for name in names)
        raise InputError(
            f"{wave!r} is not a wave of {', '.join(surveys)}; valid are {', '.join(names)}."
        )
    return {survey: read_wave(survey, wave, root=root) for survey in held}


def portray_region(
    waves: dict[str, Wave],
    zone: str,
    references: dict[str, Reference],
    *,
    questions: dict[str, Sequence[str]],
    rule: Rule = DEFAULT_RULE,
    root: Path | None = None,
) -> pd.DataFrame:
    """Estimate questions of several surveys for one zone, beside its reference.

    Parameters
    ----------
    waves : dict of str to Wave
        From `read_held_waves`.
    zone : str
        Code of a zone of 2015.
    references : dict of str to Reference
        From `helpers.stats.region_contrasts.list_references`.
    questions : dict of str to sequence of str
        Survey to its questions; a survey without the wave gets rows that say so.
    rule : Rule, optional
    root : pathlib.Path, optional
        Root of the collection.

    Returns
    -------
    pandas.DataFrame
        Rows of `helpers.stats.region_contrasts.compare_references` of that zone: of a
        single question its headline answer, of others every answer. With
        `rank_low`, `rank_high`, `ranked` and `alike` of
        `helpers.stats.ranks.rank_intervals` among the zones, `apart` (list of
        the ranked zones it can be told from) and `unranked` (why there is no
        interval on the rank; "" if there is one).

    Raises
    ------
    InputError
        If the zone or a question is unknown.
    """
    if zone not in references:
        raise InputError(f"zone {zone!r} is unknown; valid are {', '.join(references)}.")
    wave_name = next(iter(waves.values())).name
    provenance = next(iter(waves.values())).provenance
    tables = []
    for survey, names in questions.items():
        codebook, wave = read_codebook(survey, root=root), waves.get(survey)
        held = estimate_held(
            wave, codebook, [(name, REGION) for name in names], wave_name=wave_name, rule=rule,
            provenance=provenance,
        )  # fmt: skip
        for (name, _), table in held.items():
            if wave and name in wave.file.questions and REGION in wave.file.domains:
                table = compare_references(wave, name, references, rule=rule, estimates=table)
            else:
                table = table.assign(untested=table["reason"])
            table = table[table["answer"].isin(_list_portrayed(codebook, name))]
            tables.append(_add_ranks(table, zone))
    return pd.concat(tables, ignore_index=True)


def check_portrait(rows: pd.DataFrame, waves: dict[str, Wave], *, rule: Rule = DEFAULT_RULE) -> str:
    """Raise unless every figure of a portrait is that of the national estimate table.

    Parameters
    ----------
    rows : pandas.DataFrame
        From `portray_region`.
    waves : dict of str to Wave
    rule : Rule, optional

    Returns
    -------
    str
        How many figures were compared.

    Raises
    ------
    InputError
        If a value, interval, base or state differs; names the first.
    """
    compared = 0
    for survey, portrayed in rows.groupby("survey", sort=False):
        wave = waves.get(survey)
        if not wave or REGION not in wave.file.domains:
            continue
        own = portrayed[portrayed["question"].isin(wave.file.questions)]
        asked = [(question, REGION) for question in own["question"].unique()]
        table = estimate_tables(wave, asked, rule=rule)
        pairs = own.merge(
            table, on=["question", "domain", "answer"], how="left", suffixes=("", "_national")
        )
        for name in ("estimate", "ci_low", "ci_high", "n", "reliability"):
            one, other = pairs[name], pairs[f"{name}_national"]
            odd = pairs[~((one == other) | (one.isna() & other.isna()))]
            if len(odd):
                first = odd.iloc[0]
                raise InputError(
                    f"{survey}, {first['question']}, {first['answer']}: {name} of "
                    f"{first['domain']} is {first[name]}, {first[f'{name}_national']} in the "
                    "national table."
                )
        compared += len(pairs)
    return ntr(
        "{count} figure compared with the national estimates: it is the same.",
        "{count} figures compared with the national estimates: all are the same.",
        compared,
    )


def portray_indicators(
    place: Place, references: dict[str, Reference], *, root: Path | None = None
) -> pd.DataFrame:
    """Indicators of one region beside its reference, latest year of each.

    Parameters
    ----------
    place : Place
    references : dict of str to Reference
        From `helpers.stats.region_contrasts.list_references`.
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    pandas.DataFrame
        The rows of `helpers.data.indicators.read_indicators` of the region with
        `rank` among the 13 regions and `ranked` (`rank_fragility`: 1 is the
        most fragile), `reference_value` (the regions of the reference merged as
        `pool_regions` does) and `reference_reason` (why there is none).

    Notes
    -----
    Regions are those of 2016 here: PACA and Corse have values of their own. The
    neighbours of a region share a land border with it, so Corse has none.
    """
    indicators = read_indicators(root=root)
    codes = list_region_reference(place, references)
    table = rank_fragility(indicators)
    latest = table["year"] == table.groupby("indicator")["year"].transform("max")
    table = table[latest & (table["region_code"] == place.code)]
    if codes:
        pool = pool_regions(indicators, codes, root=root)
        pool = pool.rename(columns={"value": "reference_value", "reason": "reference_reason"})
        pool = pool[["reference_value", "reference_reason"]]
        table = table.merge(pool, left_on=["indicator", "year"], right_index=True, how="left")
    else:
        table = table.assign(reference_value=float("nan"), reference_reason=tr("no such region"))
    return table.reset_index(drop=True)


def list_region_reference(place: Place, references: dict[str, Reference]) -> list[str]:
    """Codes of the regions of 2016 that the reference of a region stands for.

    Parameters
    ----------
    place : Place
    references : dict of str to Reference

    Returns
    -------
    list of str
        Without the region itself, unless the reference is France.
    """
    reference = references[place.zone]
    if reference.kind == "neighbours":
        pairs = find_neighbours(read_regions("regions-2016"))
        return pairs.loc[pairs["code"] == place.code, "neighbour"].tolist()
    pairs = read_crosswalk("regions-2016", "zones-2015")
    codes = pairs.loc[pairs["target"].isin(reference.zones), "source"].tolist()
    if reference.kind == "rest":  # of the regions of its own zone, the other one is in the rest
        return sorted({*codes, *place.regions} - {place.code})
    return codes


def _list_portrayed(codebook: Codebook, name: str) -> list[str]:
    item = codebook.variable(name)
    single = isinstance(item, Question) and item.type == "single"
    return [item.headline] if single else item.answer_ids


def _add_ranks(table: pd.DataFrame, zone: str) -> pd.DataFrame:
    """The rows of one zone, with the span of the rank of each answer."""
    chosen = table[table["domain"] == zone]
    ranks = []
    for answer in chosen["answer"]:
        ranked = rank_intervals(table[table["answer"] == answer])
        row = ranked[ranked["domain"] == zone].iloc[0]
        others = ranked.loc[ranked["rank"].notna() & (ranked["domain"] != zone), "domain"]
        ranks.append({**row, "apart": [code for code in others if code not in row["alike"]]})
    ranks = pd.DataFrame(ranks).rename(columns={"reason": "unranked"})
    return chosen.assign(**{name: ranks[name].to_numpy() for name in _RANK})
