"""Tables of a portrait: figures beside a reference, spans of ranks, indicators, similar regions."""

import pandas as pd
from great_tables import GT

from helpers.data.codebook import Codebook
from helpers.data.places import Place
from helpers.data.published import describe_legibility
from helpers.data.responses import Wave
from helpers.view.portrait_sentences import find_free
from helpers.view.provenance import WORDS
from helpers.view.scales import find_scale, scale_of
from helpers.view.tables import show_frame, write_states

_ARROWS = {"higher": "▲ ", "lower": "▼ "}


def show_fragilities(rows: pd.DataFrame, fragilities: pd.DataFrame, *, title: str, note: str) -> GT:
    """Show one question on the fragilities: a row per fragility, the actors side by side.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows of one question from `helpers.stats.portraits.portray_region`.
    fragilities : pandas.DataFrame
        From `helpers.data.fragilities.read_fragilities`.
    title, note : str

    Returns
    -------
    great_tables.GT
        Value with its interval, and gap with its mark; fragilities without any
        figure are left out.
    """
    scale = find_scale(rows)
    known = set(rows.loc[rows["estimate"].notna(), "answer"])
    fragilities = fragilities[fragilities["fragility"].isin(known)]
    table = pd.DataFrame({"Family": fragilities["family_en"], "Fragility": fragilities["label_en"]})
    for actor, own in rows.groupby("actor", sort=False):
        if own["estimate"].isna().all():
            continue
        own = own.set_index("answer").loc[fragilities["fragility"]]
        table[f"{actor.capitalize()} ({own['n'].max():,})"] = [
            _write_value(row) for _, row in own.iterrows()
        ]
        table[f"{actor}: gap"] = [_write_gap(row) for _, row in own.iterrows()]
    unit = "points" if scale.is_share else "points out of 10"
    words = f"{_provenance(rows)} In brackets the base; gaps in {unit}. {note}"
    return show_frame(table, title=f"{title}, {scale.unit}", note=words)


def show_comparisons(
    rows: pd.DataFrame, codebooks: dict[str, Codebook], *, title: str, reference: str, note: str
) -> GT:
    """Show figures of a region beside the reference, a row each; those without a number left out.

    Parameters
    ----------
    rows : pandas.DataFrame
        From `helpers.stats.portraits.portray_region`.
    codebooks : dict of str to Codebook
    title, reference, note : str

    Returns
    -------
    great_tables.GT
    """
    shown = rows[rows["estimate"].notna()]
    table = pd.DataFrame(
        {
            "Actor": shown["actor"].str.capitalize(),
            "Question": [_item(row, codebooks).label.text for _, row in shown.iterrows()],
            "Answer": [
                _item(row, codebooks).label_of(row["answer"]) for _, row in shown.iterrows()
            ],
            "Here, 95% CI": [_write_value(row, more=1) for _, row in shown.iterrows()],
            "Base (n)": [f"{n:,}" for n in shown["n"]],
            reference: [
                scale_of(row).number(row["reference_estimate"], more=1)
                if pd.notna(row["reference_estimate"])
                else ""
                for _, row in shown.iterrows()
            ],
            "Gap (points)": [_write_gap(row) for _, row in shown.iterrows()],
            "State": _states(shown),
        }
    )
    return show_frame(table, title=title, note=f"{_provenance(rows)} Shares in %. {note}")


def show_spans(
    rows: pd.DataFrame, codebooks: dict[str, Codebook], names: dict[str, str], *, title: str
) -> GT:
    """Show between which ranks a region lies, and what it cannot be told apart from.

    Parameters
    ----------
    rows : pandas.DataFrame
        From `helpers.stats.portraits.portray_region`; figures whose rank could
        be any are left out.
    codebooks : dict of str to Codebook
    names : dict
        Code of a zone to its name.
    title : str

    Returns
    -------
    great_tables.GT
    """
    shown = rows[rows["rank_low"].notna()]
    shown = shown[~find_free(shown)]
    table = pd.DataFrame(
        {
            "Actor": shown["actor"].str.capitalize(),
            "Question": [_item(row, codebooks).label.text for _, row in shown.iterrows()],
            "Answer": [
                _item(row, codebooks).label_of(row["answer"]) for _, row in shown.iterrows()
            ],
            "Rank between": [
                f"{row.rank_low:.0f} and {row.rank_high:.0f} of {row.ranked}"
                for row in shown.itertuples()
            ],
            "Cannot be told apart from": [
                _write_alike(row.alike, row.apart, names) for row in shown.itertuples()
            ],
        }
    )
    note = (
        f"{_provenance(rows)} 1 is the highest. All intervals of an answer hold at once at 95% "
        "(Klein, Wright and Wieczorek 2020)."
    )
    return show_frame(table, title=title, note=note)


def show_wordings(waves: dict[str, Wave], questions: dict[str, dict[str, list[str]]]) -> GT:
    """Show what was asked, and of whom, of some questions that the waves hold.

    Parameters
    ----------
    waves : dict of str to Wave
        Survey to its wave.
    questions : dict
        Part of the page to survey to questions.

    Returns
    -------
    great_tables.GT
        One row per wording.
    """
    asked: dict[tuple[str, str, str], list[str]] = {}
    for part, surveys in questions.items():
        for survey, names in surveys.items():
            held = waves[survey].file.questions if survey in waves else []
            for name in [name for name in names if name in held]:
                item = waves[survey].codebook.variable(name)
                key = (part.capitalize(), item.text.en, item.wording)
                asked.setdefault(key, []).append(survey)
    rows = [
        {"Part": part, "Wording": text, "Asked of": ", ".join(surveys), "Known as": wording}
        for (part, text, wording), surveys in asked.items()
    ]
    note = "Paraphrase: the exact wording was not published."
    return show_frame(pd.DataFrame(rows), title="The measure", note=note)


def show_indicators(
    indicators: pd.DataFrame, fragilities: pd.DataFrame, *, title: str, reference: str
) -> GT:
    """Show the indicators of a region: value, vintage, rank, reference, source, confidence.

    Parameters
    ----------
    indicators : pandas.DataFrame
        From `helpers.stats.portraits.portray_indicators`.
    fragilities : pandas.DataFrame
        From `helpers.data.fragilities.read_fragilities`.
    title, reference : str

    Returns
    -------
    great_tables.GT
    """
    order = {name: place for place, name in enumerate(fragilities["fragility"])}
    labels = fragilities.set_index("fragility")["label_en"]
    rows = indicators.sort_values(
        "fragility", key=lambda names: names.map(order).fillna(len(order)), kind="stable"
    )
    table = pd.DataFrame(
        {
            "Beside": [labels.get(name, "context") for name in rows["fragility"]],
            "Indicator": rows["label_en"],
            "Value": [_write_number(value) for value in rows["value"]],
            "Unit": rows["unit"],
            "Year": rows["year"].astype(str),
            reference: [
                _write_number(row.reference_value)
                if pd.notna(row.reference_value)
                else "not merged"
                for row in rows.itertuples()
            ],
            "Rank": [
                f"{row.rank:g}/{row.ranked}" if pd.notna(row.rank) else ""
                for row in rows.itertuples()
            ],
            "More fragile when": [
                {"+": "higher", "-": "lower", "0": "neither"}[sign] for sign in rows["direction"]
            ],
            "Confidence": rows["confidence"],
            "Source": rows["source"],
        }
    )
    note = (
        "PUBLISHED statistics, latest year of each. Rank 1 is the most fragile of 13 regions; "
        "ranks of close values mean little. Confidence: A published by region, B summed from "
        "smaller areas, C aggregated by a third party, old or weak. Not merged: a median, a "
        "ratio, or a rate whose base was not counted by region."
    )
    return show_frame(table, title=title, note=note)


def show_similarity(
    similarity: pd.DataFrame, profile: pd.DataFrame, zone: str, names: dict[str, str],
    labels: dict[str, str],
) -> GT:  # fmt: skip
    """Show how similar the other zones are, with the indicators that say so.

    Parameters
    ----------
    similarity : pandas.DataFrame
        From `helpers.stats.similarity.measure_similarity`.
    profile : pandas.DataFrame
        From `helpers.stats.similarity.read_profile`.
    zone : str
    names, labels : dict
        Code of a zone, and indicator, to its name.

    Returns
    -------
    great_tables.GT
    """
    rows = similarity[similarity["region"] == zone]
    codes = [zone, *rows["other"]]
    table = pd.DataFrame(
        {
            "Zone": [names[code] for code in codes],
            "Distance": ["", *(f"{value:.2f}" for value in rows["distance"])],
            "Similar": ["", *("yes" if near else "" for near in rows["nearest"])],
        }
    )
    for name in profile:
        table[labels[name]] = [_write_number(value) for value in profile.loc[codes, name]]
    note = (
        "PUBLISHED statistics, latest year. Distance: root mean square difference of the z-scores "
        "of these indicators over the twelve zones. Another choice would give other families."
    )
    return show_frame(table, title="Which zones are similar?", note=note)


def show_published(figures: pd.DataFrame, place: Place) -> GT:
    """Show every figure that was published about a region, as printed.

    Parameters
    ----------
    figures : pandas.DataFrame
        Rows of `helpers.data.published.read_figures`.
    place : Place

    Returns
    -------
    great_tables.GT
    """
    units = {"percent": "%", "score_10": "/ 10", "points": "points"}
    table = pd.DataFrame(
        {
            "Figure": figures["figure"],
            "Wave": figures["wave"],
            "Actor": figures["actor"].str.capitalize(),
            "Question": figures["question"].str.replace("_", " "),
            "Answer": figures["answer"].str.replace("_", " "),
            "Value": [f"{value:g}" for value in figures["value"]],
            "Unit": figures["unit"].replace(units),
            "Legibility": describe_legibility(figures),
            "Source": figures["source"],
        }
    )
    note = f"{WORDS['published']}. Territory as printed: {place.zone_name}."
    return show_frame(table, title=f"Published about {place.zone_name}", note=note)


def _item(row: pd.Series, codebooks: dict[str, Codebook]):
    return codebooks[row["survey"]].variable(row["question"])


def _states(rows: pd.DataFrame) -> list[str]:
    """State of the figure; where it has none, why it is not tested."""
    pairs = zip(write_states(rows), rows["untested"], strict=True)
    return [state or untested for state, untested in pairs]


def _write_value(row: pd.Series, more: int = 0) -> str:
    if pd.isna(row["estimate"]):
        return {"not_published": "not published", "suppress": "withheld"}.get(
            row["reliability"], "no answers"
        )
    scale = scale_of(row)
    low, high = (scale.number(row[name], more) for name in ("ci_low", "ci_high"))
    care = "*" if row["reliability"] == "warn" else ""
    return f"{scale.number(row['estimate'], more)}{care} ({low}–{high})"


def _write_gap(row: pd.Series) -> str:
    if pd.isna(row["difference"]):
        return ""
    scale = scale_of(row)
    text = f"{scale.factor * row['difference']:+.{scale.decimals + 1}f}"
    text = text.lstrip("+-") if float(text) == 0 else text
    return f"{_ARROWS.get(row['mark'], '')}{text}"


def _write_alike(alike: tuple[str, ...], apart: list[str], names: dict[str, str]) -> str:
    if not alike:
        return "none: it stands apart from all"
    if len(alike) > len(apart):
        return f"all but {', '.join(names[code] for code in apart)}"
    return ", ".join(names[code] for code in alike)


def _write_number(value: float) -> str:
    if pd.isna(value):
        return "no value"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.3g}"


def _provenance(rows: pd.DataFrame) -> str:
    return " ".join(f"{WORDS[kind]}." for kind in rows["provenance"].unique())
