"""Sentences of a portrait: what stands out, what cannot be told apart, what is missing."""

import pandas as pd

from helpers.data.actors import name_actor
from helpers.data.codebook import Codebook
from helpers.data.language import (
    join_clauses,
    lower_first,
    message,
    ntr,
    tr,
    write_digits,
    write_number,
)
from helpers.data.places import Place
from helpers.stats.disclosure import CONFIDENTIAL
from helpers.stats.reliability import name_state
from helpers.stats.results import CORRECTIONS, Rule
from helpers.stats.similarity import NEAREST, PROFILE
from helpers.view.scales import scale_of
from helpers.view.tables import name_mark

_REFERENCES = {
    "france": message("The reference is France."),
    "rest": message("The reference is the rest of France."),
}
_FROM = {
    "france": message("from France"),
    "rest": message("from the rest of France"),
    "neighbours": message("from the neighbouring regions"),
    "similar": message("from the most similar regions"),
}
_TESTED_FROM = _FROM | {
    "france": message("from France (one test with the rest of the respondents)")
}
_MARKED = {
    "higher": message("- Higher: {figure}, {values}."),
    "lower": message("- Lower: {figure}, {values}."),
}

# How the text of a region was understood: see `helpers.data.gazetteer`.
_SPELLINGS = {
    "code": message("code"),
    "name": message("name"),
    "English name": message("English name"),
    "abbreviation": message("abbreviation"),
    "provisional name": message("provisional name"),
    "undivided département": message("undivided département"),
}
_AREAS = {
    "region of 2016": message("{spelling} of a region of 2016"),
    "zone of the study": message("{spelling} of a zone of the study"),
    "region before 2016": message("{spelling} of a region before 2016"),
    "département": message("{spelling} of a département"),
}


def describe_place(place: Place) -> str:
    """What a portrait is of; PACA and Corse share the zone of the surveys."""
    if not place.shares_zone:
        return tr("**{name}**, region {code}.", name=place.name, code=place.code)
    return tr(
        "**{name}**, region {code}. The surveys know it only as part of the zone {zone}: every "
        "survey figure here is that of the zone, and the same in both portraits. The indicators "
        "are those of {name} alone.",
        name=place.name,
        code=place.code,
        zone=place.zone_name,
    )


def describe_understanding(place: Place) -> str:
    """How the text of a region was understood, and in which zone it lies."""
    spelling, _, area = place.how.partition(" of a ")
    how = tr(_AREAS[area], spelling=tr(_SPELLINGS[spelling]))
    return tr(
        "{name}: understood as the {how}; zone {zone} of the surveys.",
        name=place.name,
        how=how,
        zone=place.zone,
    )


def describe_reference(kind: str, names: list[str]) -> str:
    """A reference in one sentence, its regions named where they are few."""
    if kind == "similar":
        return tr(
            "The reference is the {count} zones with the most similar profile: {names}. Similar "
            "by {indicators} indicators, see The measure.",
            count=NEAREST,
            names=", ".join(names),
            indicators=len(PROFILE),
        )
    if kind == "neighbours":
        return tr(
            "The reference is the neighbouring zones together: {names}.", names=", ".join(names)
        )
    return tr(_REFERENCES[kind])


def describe_test(rule: Rule, kind: str, provenance: str) -> str:
    """How figures are marked, in words."""
    if provenance == "reconstructed":
        return rule.describe(provenance)
    words = {
        "reference": tr(_TESTED_FROM[kind]),
        "alpha": write_digits(100 * rule.alpha),
        "correction": tr(CORRECTIONS[rule.correction]),
        "rule": rule.reliability,
    }
    if kind in ("france", "rest"):
        return tr(
            "A figure is marked higher or lower when it differs {reference} at the {alpha}% "
            "level: two-sided t test on the survey design, {correction} over the zones of one "
            "answer; reliability by the rule {rule}; intervals at 95%.",
            **words,
        )
    return tr(
        "A figure is marked higher or lower when it differs {reference} at the {alpha}% level: "
        "two-sided t test on the survey design, {correction} over the zones of one answer, each "
        "against its own reference; reliability by the rule {rule}; intervals at 95%.",
        **words,
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
        states = rows["reliability"].where(rows["reason"] != tr(CONFIDENTIAL), CONFIDENTIAL)
        counts = states.value_counts()
        parts = join_clauses([_count_missing(state, count) for state, count in counts.items()])
        return [
            tr(
                "No figure of {region} can be shown for this wave: {parts}.",
                region=region,
                parts=parts,
            )
        ]
    tested = shown[shown["mark"] != "untestable"]
    if tested.empty:
        known = ntr(
            "{count} figure of {region} is known in this wave; it cannot be tested.",
            "{count} figures of {region} are known in this wave; none can be tested.",
            len(shown),
            region=region,
        )
        return [
            known,
            *(f"- {name_figure(row, codebooks)}, {_write_values(row)}."
              for _, row in shown.iterrows()),
        ]  # fmt: skip
    marked = tested[tested["mark"] != "none"]
    told = ntr(
        "Of {tested} figures of {region} that can be tested, {count} differs significantly "
        "{reference}; the other {same} cannot be told from it.",
        "Of {tested} figures of {region} that can be tested, {count} differ significantly "
        "{reference}; the other {same} cannot be told from it.",
        len(marked),
        tested=write_number(len(tested)),
        region=region,
        reference=tr(_FROM[kind]),
        same=write_number(len(tested) - len(marked)),
    )
    return [told] + [
        tr(_MARKED[row.mark], figure=name_figure(row, codebooks), values=_write_values(row))
        for _, row in marked.iterrows()
    ]


def describe_location(place: Place, names: list[str]) -> str:
    """What the map of a region and its reference shows.

    Parameters
    ----------
    place : Place
    names : list of str
        Regions of the reference.

    Returns
    -------
    str
    """
    if not names:
        return tr(
            "Map of the thirteen regions: {name} stands out; no region is shaded as reference.",
            name=place.name,
        )
    return ntr(
        "Map of the thirteen regions: {name} stands out; {count} region of the reference is "
        "shaded: {names}.",
        "Map of the thirteen regions: {name} stands out; {count} regions of the reference are "
        "shaded: {names}.",
        len(names),
        name=place.name,
        names=", ".join(names),
    )


def name_scores(region: str, actor: str) -> str:
    """Title of the chart of the scores that an actor gives the fragilities of a region."""
    return tr(
        "{region}, {actor}: importance of the fragilities",
        region=region,
        actor=name_actor(actor),
    )


def describe_differences(rows: pd.DataFrame, labels: dict[str, str], kind: str) -> str:
    """Which answers of one question differ significantly from the reference.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows of one question from `helpers.stats.portraits.portray_region`.
    labels : dict
        Answer to its name.
    kind : str
        Kind of the reference.

    Returns
    -------
    str
        Nothing tested and nothing found are told apart.
    """
    if (rows["mark"] == "untestable").all():
        return tr("Nothing is tested.")
    reference = tr(_FROM[kind])
    marked = rows[rows["mark"].isin(["higher", "lower"])]
    if marked.empty:
        return tr("None differs significantly {reference}.", reference=reference)
    names = [f"{labels[row.answer]} ({name_mark(row.mark)})" for row in marked.itertuples()]
    return tr(
        "Significantly different {reference}: {names}.",
        reference=reference,
        names=join_clauses(names),
    )


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
                name, total = lower_first(item.label.text), several.sum()
                if total > len(part):
                    name = tr(
                        "{name} ({count} of {total})", name=name, count=len(part), total=total
                    )
                reasons.setdefault(reason, []).append(name)
        named = {"actor": name_actor(actor, start=True)}
        absent = tr("{actor}: no wave {wave}", actor=name_actor(actor), wave=group["wave"].iloc[0])
        for reason, names in reasons.items():
            if absent in reason:
                lines.append(tr("- {actor}: survey not held in this wave.", **named))
            else:
                words = named | {"names": ", ".join(names), "reason": reason}
                lines.append(tr("- {actor}: {names}: {reason}.", **words))
    return [tr("Missing here:"), *dict.fromkeys(lines)] if lines else []


def describe_spans(rows: pd.DataFrame, codebooks: dict[str, Codebook], region: str) -> str:
    """How many figures could have any rank, and why others have no rank at all."""
    shown = rows[rows["estimate"].notna()]
    ranked = shown[shown["rank_low"].notna()]
    if ranked.empty:
        reason = shown["unranked"].iloc[0] if len(shown) else tr("no figure")
        return tr("No rank of {region} is given: {reason}.", region=region, reason=reason)
    free = find_free(ranked)
    words = {"free": free.sum(), "ranked": len(ranked), "region": region}
    if free.all():
        return tr(
            "For {free} of {ranked} figures {region} could have any rank: it cannot be told apart "
            "from any other zone, and no rank is given. There are no others.",
            **words,
        )
    return tr(
        "For {free} of {ranked} figures {region} could have any rank: it cannot be told apart "
        "from any other zone, and no rank is given. The others:",
        **words,
    )


def find_free(rows: pd.DataFrame) -> pd.Series:
    """Rows whose rank could be any."""
    return (rows["rank_low"] == 1) & (rows["rank_high"] == rows["ranked"])


def name_figure(row: pd.Series, codebooks: dict[str, Codebook]) -> str:
    """Actor, question and answer of a row in words."""
    item = codebooks[row["survey"]].variable(row["question"])
    words = {"actor": name_actor(row["actor"]), "question": lower_first(item.label.text)}
    if getattr(item, "type", "single") == "single" and row["answer"] == "yes":
        return tr("{actor}: {question}", **words)
    answer = lower_first(item.label_of(row["answer"]))
    return tr("{actor}: {question}, {answer}", **words, answer=answer)


def _write_values(row: pd.Series) -> str:
    scale = scale_of(row)
    estimate = tr(
        "{value} (95% CI {low}–{high}, n = {n})",
        value=scale.write(row["estimate"]),
        low=scale.number(row["ci_low"]),
        high=scale.number(row["ci_high"]),
        n=write_number(row["n"]),
    )
    other = row["reference_estimate"]
    if pd.isna(other):
        return estimate
    return tr("{estimate} against {other}", estimate=estimate, other=scale.write(other))


def _count_missing(state: str, count: int) -> str:
    if state == "suppress":
        return ntr("{count} withheld as too uncertain", "{count} withheld as too uncertain", count)
    if state == CONFIDENTIAL:
        return ntr(
            "{count} withheld for confidentiality", "{count} withheld for confidentiality", count
        )
    if state == "not_published":
        return ntr("{count} not published", "{count} not published", count)
    return ntr("{count} not asked", "{count} not asked", count)


def _reason(row: pd.Series) -> str:
    if row["reason"] == tr(CONFIDENTIAL):
        return row["reason"]
    if row["reliability"] == "suppress":
        return tr("withheld as too uncertain (base of {n})", n=write_number(row["n"]))
    if row["reliability"] == "not_published":
        return name_state("not_published")
    return row["reason"]
