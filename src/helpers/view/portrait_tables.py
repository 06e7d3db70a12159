"""Tables of a portrait: figures beside a reference, spans of ranks, indicators, similar regions."""

import pandas as pd
from great_tables import GT

from helpers.data.actors import name_actor, name_survey
from helpers.data.codebook import Codebook
from helpers.data.language import (
    get_language,
    message,
    tr,
    write_digits,
    write_gap,
    write_number,
)
from helpers.data.places import Place
from helpers.data.published import describe_legibility
from helpers.data.responses import Wave
from helpers.stats.ledger import name_measures
from helpers.stats.number_ids import build_ids
from helpers.stats.reliability import name_state
from helpers.view.exhibits import record_table
from helpers.view.portrait_sentences import find_free
from helpers.view.provenance import WORDS
from helpers.view.scales import find_scale, scale_of
from helpers.view.tables import show_frame, write_states

_ARROWS = {"higher": "▲ ", "lower": "▼ "}
_UNITS = {"percent": "%", "score_10": "/10", "points": message("points")}
_DIRECTIONS = {"+": message("higher"), "-": message("lower"), "0": message("neither")}
_WORDINGS = {"published": message("published"), "paraphrase": message("paraphrase")}
PARTS = {
    "fragilities": message("Fragilities"),
    "partnerships": message("Partnerships"),
    "mayors": message("Mayors"),
}


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
    lang = get_language()
    table = pd.DataFrame(
        {
            tr("Family"): fragilities[f"family_{lang}"],
            tr("Fragility"): fragilities[f"label_{lang}"],
        }
    )
    for actor, own in rows.groupby("actor", sort=False):
        if own["estimate"].isna().all():
            continue
        own = own.set_index("answer").loc[fragilities["fragility"]]
        base = write_number(own["n"].max())
        table[f"{name_actor(actor, start=True)} ({base})"] = [
            _write_value(row) for _, row in own.iterrows()
        ]
        heading = tr("{actor}: gap", actor=name_actor(actor))
        table[heading] = [_write_gap(row) for _, row in own.iterrows()]
    words = (
        tr("In brackets the base; gaps in points.")
        if scale.is_share
        else tr("In brackets the base; gaps in points out of 10.")
    )
    title = f"{title}, {scale.unit}"
    record_table(rows, title=title, note=note, gap_to=tr("the reference that the notes name"))
    return show_frame(table, title=title, note=f"{_provenance(rows)} {words} {note}")


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
            tr("Actor"): [name_actor(actor, start=True) for actor in shown["actor"]],
            tr("Question"): [_item(row, codebooks).label.text for _, row in shown.iterrows()],
            tr("Answer"): [
                _item(row, codebooks).label_of(row["answer"]) for _, row in shown.iterrows()
            ],
            tr("Here, 95% CI"): [_write_value(row, more=1) for _, row in shown.iterrows()],
            tr("Base (n)"): [write_number(n) for n in shown["n"]],
            reference: [
                scale_of(row).number(row["reference_estimate"], more=1)
                if pd.notna(row["reference_estimate"])
                else ""
                for _, row in shown.iterrows()
            ],
            tr("Gap (points)"): [_write_gap(row) for _, row in shown.iterrows()],
            tr("State"): _states(shown),
        }
    )
    unit = tr("Shares in %.")
    ids = pd.DataFrame({tr("Here, 95% CI"): build_ids(shown)})
    record_table(shown, title=title, note=note, gap_to=reference, codebooks=codebooks)
    return show_frame(table, title=title, note=f"{_provenance(rows)} {unit} {note}", ids=ids)


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
            tr("Actor"): [name_actor(actor, start=True) for actor in shown["actor"]],
            tr("Question"): [_item(row, codebooks).label.text for _, row in shown.iterrows()],
            tr("Answer"): [
                _item(row, codebooks).label_of(row["answer"]) for _, row in shown.iterrows()
            ],
            tr("Rank between"): [
                tr(
                    "{low} and {high} of {ranked}",
                    low=write_number(row.rank_low),
                    high=write_number(row.rank_high),
                    ranked=row.ranked,
                )
                for row in shown.itertuples()
            ],
            tr("Cannot be told apart from"): [
                _write_alike(row.alike, row.apart, names) for row in shown.itertuples()
            ],
        }
    )
    note = tr(
        "1 is the highest. All intervals of an answer hold at once at 95% (Klein, Wright and "
        "Wieczorek 2020)."
    )
    return show_frame(table, title=title, note=f"{_provenance(rows)} {note}")


def show_wordings(waves: dict[str, Wave], questions: dict[str, dict[str, list[str]]]) -> GT:
    """Show what was asked, and of whom, of some questions that the waves hold.

    Parameters
    ----------
    waves : dict of str to Wave
        Survey to its wave.
    questions : dict
        Part of the page, one of `PARTS`, to survey to questions.

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
                key = (tr(PARTS[part]), item.text.text, tr(_WORDINGS[item.wording]))
                asked.setdefault(key, []).append(name_survey(survey))
    rows = [
        {
            tr("Part"): part,
            tr("Wording"): text,
            tr("Asked of"): ", ".join(surveys),
            tr("Known as"): wording,
        }
        for (part, text, wording), surveys in asked.items()
    ]
    note = tr("Paraphrase: the exact wording was not published.")
    return show_frame(pd.DataFrame(rows), title=tr("The measure"), note=note)


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
    label = f"label_{get_language()}"
    labels = fragilities.set_index("fragility")[label]
    rows = indicators.sort_values(
        "fragility", key=lambda names: names.map(order).fillna(len(order)), kind="stable"
    )
    table = pd.DataFrame(
        {
            tr("Beside"): [labels.get(name, tr("context")) for name in rows["fragility"]],
            tr("Indicator"): rows[label],
            tr("Value"): [_write_number(value) for value in rows["value"]],
            tr("Unit"): [tr(unit) for unit in rows["unit"]],
            tr("Year"): rows["year"].astype(str),
            reference: [
                _write_number(row.reference_value)
                if pd.notna(row.reference_value)
                else tr("not merged")
                for row in rows.itertuples()
            ],
            tr("Rank"): [
                f"{write_digits(row.rank)}/{row.ranked}" if pd.notna(row.rank) else ""
                for row in rows.itertuples()
            ],
            tr("More fragile when"): [tr(_DIRECTIONS[sign]) for sign in rows["direction"]],
            tr("Confidence"): rows["confidence"],
            tr("Source"): rows["source"].map(tr),
        }
    )
    note = tr(
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
            tr("Zone"): [names[code] for code in codes],
            tr("Distance"): ["", *(write_number(value, 2) for value in rows["distance"])],
            tr("Similar"): ["", *(tr("yes") if near else "" for near in rows["nearest"])],
        }
    )
    for name in profile:
        table[labels[name]] = [_write_number(value) for value in profile.loc[codes, name]]
    note = tr(
        "PUBLISHED statistics, latest year. Distance: root mean square difference of the z-scores "
        "of these indicators over the twelve zones. Another choice would give other families."
    )
    return show_frame(table, title=tr("Which zones are similar?"), note=note)


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
    table = pd.DataFrame(
        {
            tr("Figure"): figures["figure"],
            tr("Wave"): figures["wave"],
            tr("Actor"): [name_actor(actor, start=True) for actor in figures["actor"]],
            tr("Measure"): name_measures(figures),
            tr("Value"): [write_digits(value, 6) for value in figures["value"]],
            tr("Unit"): [tr(_UNITS[unit]) for unit in figures["unit"]],
            tr("Legibility"): [tr(text) for text in describe_legibility(figures)],
            tr("Source"): figures["source"],
        }
    )
    printed = tr("Territory as printed: {territory}.", territory=place.zone_name)
    title = tr("Published about {territory}", territory=place.zone_name)
    return show_frame(table, title=title, note=f"{tr(WORDS['published'])}. {printed}")


def _item(row: pd.Series, codebooks: dict[str, Codebook]):
    return codebooks[row["survey"]].variable(row["question"])


def _states(rows: pd.DataFrame) -> list[str]:
    """State of the figure; where it has none, why it is not tested."""
    pairs = zip(write_states(rows), rows["untested"], strict=True)
    return [state or untested for state, untested in pairs]


def _write_value(row: pd.Series, more: int = 0) -> str:
    if pd.isna(row["estimate"]):
        return name_state(row["reliability"])
    scale = scale_of(row)
    low, high = (scale.number(row[name], more) for name in ("ci_low", "ci_high"))
    care = "*" if row["reliability"] == "warn" else ""
    return f"{scale.number(row['estimate'], more)}{care} ({low}–{high})"


def _write_gap(row: pd.Series) -> str:
    if pd.isna(row["difference"]):
        return ""
    scale = scale_of(row)
    text = write_gap(scale.factor * row["difference"], scale.decimals + 1)
    return f"{_ARROWS.get(row['mark'], '')}{text}"


def _write_alike(alike: tuple[str, ...], apart: list[str], names: dict[str, str]) -> str:
    if not alike:
        return tr("none: it stands apart from all")
    if len(alike) > len(apart):
        return tr("all but {names}", names=", ".join(names[code] for code in apart))
    return ", ".join(names[code] for code in alike)


def _write_number(value: float) -> str:
    if pd.isna(value):
        return tr("no value")
    return write_number(value) if abs(value) >= 1000 else write_digits(value)


def _provenance(rows: pd.DataFrame) -> str:
    return " ".join(f"{tr(WORDS[kind])}." for kind in rows["provenance"].unique())
