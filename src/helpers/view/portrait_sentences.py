"""Sentences of a portrait: what stands out, what cannot be told apart, what is missing."""

import pandas as pd

from helpers.data.codebook import Codebook
from helpers.data.language import tr
from helpers.data.places import Place
from helpers.stats.region_contrasts import KINDS
from helpers.stats.results import CORRECTIONS, Rule
from helpers.stats.similarity import NEAREST, PROFILE
from helpers.view.scales import scale_of

_STATES = {"not_published": "not published", "suppress": "withheld as too uncertain"}


def describe_place(place: Place) -> str:
    """What a portrait is of; PACA and Corse share the zone of the surveys."""
    if not place.shares_zone:
        return f"**{place.name}**, region {place.code}."
    return (
        f"**{place.name}**, region {place.code}. The surveys know it only as part of the zone "
        f"{place.zone_name}: every survey figure here is that of the zone, and the same in both "
        f"portraits. The indicators are those of {place.name} alone."
    )


def describe_reference(kind: str, names: list[str]) -> str:
    """A reference in one sentence, its regions named where they are few."""
    if kind == "similar":
        return (
            f"The reference is the {NEAREST} zones with the most similar profile: "
            f"{', '.join(names)}. Similar by {len(PROFILE)} indicators, see The measure."
        )
    if kind == "neighbours":
        return f"The reference is the neighbouring zones together: {', '.join(names)}."
    return f"The reference is {KINDS[kind]}."


def describe_test(rule: Rule, kind: str, provenance: str) -> str:
    """How figures are marked, in words."""
    if provenance == "reconstructed":
        return rule.describe(provenance)
    same = " (one test with the rest of the respondents)" if kind == "france" else ""
    own = "" if kind in ("france", "rest") else ", each against its own reference"
    return (
        f"A figure is marked higher or lower when it differs from {KINDS[kind]}{same} at the "
        f"{100 * rule.alpha:g}% level: two-sided t test on the survey design, "
        f"{tr(CORRECTIONS[rule.correction])} over the zones of one answer{own}; "
        f"reliability by the rule {rule.reliability}; intervals at 95%."
    )


def describe_portrait(
    rows: pd.DataFrame, codebooks: dict[str, Codebook], region: str, kind: str
) -> list[str]:
    """What stands out in a portrait, and how much does not.

    Parameters
    ----------
    rows : pandas.DataFrame
        From `helpers.stats.portraits.portray_region`.
    codebooks : dict of str to Codebook
        Survey to its codebook.
    region : str
        Its name.
    kind : str
        Kind of the reference.

    Returns
    -------
    list of str
        Lines for `helpers.view.sentences.show_text`.
    """
    shown = rows[rows["estimate"].notna()]
    if shown.empty:
        counts = rows["reliability"].value_counts()
        words = {**_STATES, "no_base": "not asked"}
        parts = ", ".join(f"{count} {words[state]}" for state, count in counts.items())
        return [f"No figure of {region} can be shown for this wave: {parts}."]
    tested = shown[shown["mark"] != "untestable"]
    if tested.empty:
        known = f"{len(shown)} figures of {region} are known in this wave; none can be tested."
        return [
            known,
            *(f"- {name_figure(row, codebooks)}, {_write_values(row)}."
              for _, row in shown.iterrows()),
        ]  # fmt: skip
    marked = tested[tested["mark"] != "none"]
    lines = [
        f"Of {len(tested)} figures of {region} that can be tested, {len(marked)} differ "
        f"significantly from {KINDS[kind]}; the other {len(tested) - len(marked)} cannot be told "
        "from it."
    ]
    return lines + [
        f"- {row['mark'].capitalize()}: {name_figure(row, codebooks)}, {_write_values(row)}."
        for _, row in marked.iterrows()
    ]


def describe_missing(rows: pd.DataFrame, codebooks: dict[str, Codebook]) -> list[str]:
    """What a portrait lacks, actor by actor and question by question, and why.

    Parameters
    ----------
    rows, codebooks
        As in `describe_portrait`.

    Returns
    -------
    list of str
        Empty when nothing is missing.
    """
    lines = []
    missing = rows[rows["estimate"].isna()]
    for actor, group in missing.groupby("actor", sort=False):
        codebook = codebooks[group["survey"].iloc[0]]
        reasons: dict[str, list[str]] = {}
        for question, table in group.groupby("question", sort=False):
            item = codebook.variable(question)
            several = (rows["question"] == question) & (rows["actor"] == actor)
            for reason, part in table.groupby(table.apply(_reason, axis=1), sort=False):
                count = f" ({len(part)} of {several.sum()})" if several.sum() > len(part) else ""
                reasons.setdefault(reason, []).append(f"{item.label.text.lower()}{count}")
        for reason, names in reasons.items():
            whole = f"{actor}: no wave" in reason
            words = "survey not held in this wave" if whole else f"{', '.join(names)}: {reason}"
            lines.append(f"- {actor.capitalize()}: {words}.")
    return ["Missing here:", *dict.fromkeys(lines)] if lines else []


def describe_spans(rows: pd.DataFrame, codebooks: dict[str, Codebook], region: str) -> str:
    """How many figures could have any rank, and why others have no rank at all."""
    shown = rows[rows["estimate"].notna()]
    ranked = shown[shown["rank_low"].notna()]
    if ranked.empty:
        reason = shown["unranked"].iloc[0] if len(shown) else "no figure"
        return f"No rank of {region} is given: {reason}."
    free = find_free(ranked)
    return (
        f"For {free.sum()} of {len(ranked)} figures {region} could have any rank: it cannot be "
        f"told apart from any other zone, and no rank is given. "
        + ("The others:" if not free.all() else "There are no others.")
    )


def find_free(rows: pd.DataFrame) -> pd.Series:
    """Rows whose rank could be any."""
    return (rows["rank_low"] == 1) & (rows["rank_high"] == rows["ranked"])


def name_figure(row: pd.Series, codebooks: dict[str, Codebook]) -> str:
    """Actor, question and answer of a row in words."""
    item = codebooks[row["survey"]].variable(row["question"])
    single = getattr(item, "type", "single") == "single"
    answer = "" if single and row["answer"] == "yes" else f", {item.label_of(row['answer'])}"
    return f"{row['actor']}: {item.label.text.lower()}{answer.lower()}"


def _write_values(row: pd.Series) -> str:
    scale = scale_of(row)
    interval = f"{scale.number(row['ci_low'])}–{scale.number(row['ci_high'])}"
    other = row["reference_estimate"]
    beside = f" against {scale.write(other)}" if pd.notna(other) else ""
    return f"{scale.write(row['estimate'])} (95% CI {interval}, n = {row['n']:,}){beside}"


def _reason(row: pd.Series) -> str:
    if row["reliability"] == "suppress":
        return f"withheld as too uncertain (base of {row['n']:,})"
    return _STATES.get(row["reliability"], row["reason"])
