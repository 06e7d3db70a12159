"""Tables of the fragilities, as texts: gaps between actors, ranks, indicators, reading frames."""

from collections.abc import Iterable

import pandas as pd

from helpers.data.actors import name_actor, name_survey
from helpers.data.fragilities import read_fragilities
from helpers.data.language import (
    get_language,
    join_clauses,
    lower_first,
    message,
    tr,
    write_digits,
    write_number,
)
from helpers.data.published import describe_legibility, read_links
from helpers.data.responses import Wave
from helpers.view.prism_tables import write_cell
from helpers.view.provenance import describe_source
from helpers.view.scales import Scale, find_scale

_SIGNS = {"higher": " ▲", "lower": " ▼", "none": ""}
_BOUNDS = ("ci_low", "ci_high")
_DIRECTIONS = {
    "+": message("higher is more fragile"),
    "-": message("lower is more fragile"),
    "0": message("neither"),
}
_TYPES = {
    "single": message("single"),
    "multiple": message("multiple"),
    "ranking": message("ranking"),
    "score": message("score"),
}
_WORDINGS = {"published": message("published"), "paraphrase": message("paraphrase")}
_CERTAINTIES = {
    "high": message("high"),
    "medium": message("medium"),
    "uncertain": message("uncertain"),
}

CONFIDENCE = message(
    "PUBLISHED statistics. Confidence: A published by region, B summed from smaller areas, C "
    "aggregated by a third party, old or weak. ρ: Spearman's correlation of ranks, +1 when the "
    "territories where the fragility is perceived most are those where it is measured most, with "
    "its 95% interval."
)


def describe_sources(waves: Iterable[Wave]) -> str:
    """Provenance, survey and base of each wave, as the note of a table.

    Parameters
    ----------
    waves : iterable of Wave

    Returns
    -------
    str
    """
    return " ".join(f"{describe_source(wave)}." for wave in waves)


def tabulate_questions(waves: Iterable[Wave], questions: Iterable[str]) -> pd.DataFrame:
    """Write the questions whose answers are the sixteen fragilities.

    Parameters
    ----------
    waves : iterable of Wave
    questions : iterable of str

    Returns
    -------
    pandas.DataFrame
        One row per question: wording in French and English, unit, and the surveys
        that hold it in this wave with whom they asked.
    """
    waves, rows = list(waves), []
    for name in questions:
        items = [wave.codebook.variable(name) for wave in waves]
        held = [name in wave.file.questions for wave in waves]
        asked = [lower_first(item.base.text) for item, has in zip(items, held, strict=True) if has]
        lacking = [
            name_survey(wave.survey) for wave, has in zip(waves, held, strict=True) if not has
        ]
        rows.append(
            {
                tr("Variable"): name,
                **_name_both([item.text.fr for item in items], [item.text.en for item in items]),
                tr("Type"): _write_once(tr(_TYPES[item.type]) for item in items),
                tr("Asked"): ", ".join(asked) or tr("nobody"),
                tr("Without a figure in this wave"): ", ".join(lacking) or tr("none"),
                tr("Wording"): _write_once(tr(_WORDINGS[item.wording]) for item in items),
            }
        )
    return pd.DataFrame(rows)


def tabulate_fragilities(fragilities: pd.DataFrame) -> pd.DataFrame:
    """Write the sixteen fragilities with their families.

    Parameters
    ----------
    fragilities : pandas.DataFrame
        From `helpers.data.fragilities.read_fragilities`.

    Returns
    -------
    pandas.DataFrame
        Texts; a family that is not certain says why. An English page gives the
        French names too, which are those of the questionnaires.
    """
    lang = get_language()
    table = pd.DataFrame({tr("Fragility"): fragilities[f"label_{lang}"]})
    if lang != "fr":
        table[tr("French")] = fragilities["label_fr"]
    table[tr("Family")] = fragilities[f"family_{lang}"]
    table[tr("Certainty of the family")] = [tr(_CERTAINTIES[x]) for x in fragilities["certainty"]]
    table[tr("Reason")] = fragilities["reason"]
    return table


def tabulate_regions(cells: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """Write one fragility by region, a column per actor.

    Parameters
    ----------
    cells : pandas.DataFrame
        Slice of the cube at one question and one fragility.
    names : dict
        Code of a region to its name, in the order of the rows.

    Returns
    -------
    pandas.DataFrame
        Texts: value and interval, ▲ or ▼ where the region differs significantly
        from the rest of France, an asterisk for care; a cell without a number
        says why.
    """
    scale = find_scale(cells)
    places = {(row["domain"], row["actor"]): row for _, row in cells.iterrows()}
    return pd.DataFrame(
        {
            tr("Region"): list(names.values()),
            **{
                name_actor(actor, start=True): [
                    write_cell(places[code, actor], scale) for code in names
                ]
                for actor in cells["actor"].unique()
            },
        }
    )


def tabulate_gaps(gaps: pd.DataFrame, labels: dict[str, str]) -> pd.DataFrame:
    """Write the gaps between actors: a row per fragility, a column per pair.

    Parameters
    ----------
    gaps : pandas.DataFrame
        Gaps of the cube at one question and one territory.
    labels : dict
        Fragility to its name, in the order of the rows.

    Returns
    -------
    pandas.DataFrame
        Texts: second actor minus first, with the interval, and ▲ or ▼ where the
        gap is significant; a gap without two figures, or without a test, says so.
        Fragilities without any gap are left out.
    """
    scale = find_scale(gaps)
    known = gaps[gaps["difference"].notna()]["answer"].unique()
    rows = []
    pairs = [_name_pair(gap.actor_first, gap.actor_second) for gap in gaps.itertuples()]
    for fragility in [name for name in labels if name in known]:
        own = gaps[gaps["answer"] == fragility]
        cells = {
            _name_pair(gap.actor_first, gap.actor_second): _write_gap(gap, scale)
            for gap in own.itertuples()
        }
        rows.append({tr("Fragility"): labels[fragility], **cells})
    return pd.DataFrame(rows, columns=[tr("Fragility"), *dict.fromkeys(pairs)])


def tabulate_comparability(gaps: pd.DataFrame) -> pd.DataFrame:
    """Write, for each pair of actors, whether they may be compared and what was tested.

    Parameters
    ----------
    gaps : pandas.DataFrame
        Gaps of the cube at one question and one territory.

    Returns
    -------
    pandas.DataFrame
        One row per pair: comparable or not, what the comparison rests on, how
        many gaps have two figures, were tested, are significant, and why others
        were not tested.
    """
    rows = []
    for pair, own in gaps.groupby(["actor_first", "actor_second"], sort=False):
        tested = own["mark"] != "untestable"
        reasons = own.loc[~tested & own["difference"].notna(), "reason"].unique()
        known = own["difference"].notna().sum()
        rows.append(
            {
                tr("Gap"): _name_pair(*pair),
                tr("Comparable"): tr("yes") if own["comparable"].all() else tr("no"),
                tr("What it rests on"): " ".join(own["comparability"].unique()),
                tr("With two figures"): tr("{count} of {total}", count=known, total=len(own)),
                tr("Tested"): str(tested.sum()),
                tr("Significant"): str(own["mark"].isin(["higher", "lower"]).sum()),
                tr("Not tested because"): join_clauses(reasons),
            }
        )
    return pd.DataFrame(rows)


def tabulate_ranks(ranks: pd.DataFrame, labels: dict[str, str], scale: Scale) -> pd.DataFrame:
    """Write ranks with their intervals and what cannot be told apart.

    Parameters
    ----------
    ranks : pandas.DataFrame
        From `helpers.stats.ranks.rank_intervals`.
    labels : dict
        Name of the first column to the words shown.
    scale : Scale
        Scale of the estimates.

    Returns
    -------
    pandas.DataFrame
        Texts, from the first rank down; a row without a rank says why.
    """
    name = ranks.columns[0]
    rows = ranks.sort_values("rank", kind="stable", na_position="last")
    heading = tr("Fragility") if name == "answer" else tr("Territory")
    return pd.DataFrame(
        {
            heading: [labels[key] for key in rows[name]],
            scale.heading: _numbers(rows["estimate"], scale),
            tr("Rank (of {count})", count=rows["rank"].notna().sum()): _ranks(rows["rank"]),
            tr("Rank, 95% CI"): [
                f"{low}–{high}" if low else ""
                for low, high in zip(
                    _ranks(rows["rank_low"]), _ranks(rows["rank_high"]), strict=True
                )
            ],
            tr("Cannot be told apart from"): [
                ", ".join(labels[other] for other in alike) for alike in rows["alike"]
            ],
            tr("Note"): rows["reason"].to_numpy(),
        }
    )


def tabulate_pairs(
    pairs: pd.DataFrame, indicator: pd.DataFrame, names: dict[str, str], scale: Scale
) -> pd.DataFrame:
    """Write what is perceived beside what is measured, territory by territory.

    Parameters
    ----------
    pairs : pandas.DataFrame
        From `helpers.stats.ranks.pair_ranks`.
    indicator : pandas.DataFrame
        Rows of `helpers.data.indicators.merge_zones` of the same indicator and
        year, with the `rank` of `rank_fragility`.
    names : dict
        Code of a territory to its name.
    scale : Scale
        Scale of what is perceived.

    Returns
    -------
    pandas.DataFrame
        Texts; the last column says how a merged value was made, or why there is
        no pair.
    """
    measured, unit = indicator.set_index("region").loc[pairs["region"]], indicator["unit"].iloc[0]
    notes = [
        join_clauses(list(filter(None, dict.fromkeys((merge, reason, own)))))
        for merge, reason, own in zip(
            measured["merge"], measured["reason"], pairs["reason"], strict=True
        )
    ]
    return pd.DataFrame(
        {
            tr("Territory"): [names[code] for code in pairs["region"]],
            tr("Perceived ({unit})", unit=scale.unit): _numbers(pairs["perceived"], scale),
            tr("Perceived rank (of {count})", count=pairs["perceived_rank"].count()): _ranks(
                pairs["perceived_rank"]
            ),
            tr("Measured ({unit})", unit=tr(unit)): [
                "" if pd.isna(value) else write_number(value, 2) for value in measured["value"]
            ],
            tr("Measured rank (of {count})", count=measured["rank"].count()): _ranks(
                measured["rank"]
            ),
            tr("Note"): notes,
        }
    )


def tabulate_indicators(indicators: pd.DataFrame, agreements: dict) -> pd.DataFrame:
    """Write the indicators of a fragility: vintage, source, confidence, agreement of ranks.

    Parameters
    ----------
    indicators : pandas.DataFrame
        Rows of `helpers.data.indicators.merge_zones`, one year per indicator.
    agreements : dict
        Indicator to its rows of `helpers.stats.ranks.rank_against`; an indicator
        without a direction has none.

    Returns
    -------
    pandas.DataFrame
        One row per indicator, as texts.
    """
    rows = []
    for name, own in indicators.groupby("indicator", sort=False):
        first = own.iloc[0]
        refused = own.loc[own["value"].isna(), "reason"].unique()
        unit, caution, known = first["unit"], first["caution"], own["value"].notna().sum()
        direction = _DIRECTIONS[first["direction"]]
        row = {
            tr("Indicator"): first[f"label_{get_language()}"],
            tr("Unit"): tr(unit),
            tr("Year"): str(first["year"]),
            tr("Direction"): tr(direction),
            tr("Confidence"): first["confidence"],
            tr("Zones with a value"): tr("{count} of {total}", count=known, total=len(own)),
        }
        found = agreements.get(name)
        for place, heading in enumerate(
            (tr("Correlation ρ, all"), tr("Correlation ρ, without Île-de-France"))
        ):
            row[heading] = "" if found is None else write_agreement(found.iloc[place])
        notes = [*refused, *[tr(caution)] * bool(caution)]
        rows.append(
            row
            | {
                tr("Cautions and refused merges"): " ".join(notes),
                tr("Source"): " / ".join(map(tr, own["source"].unique()[:2])),
            }
        )
    return pd.DataFrame(rows)


def tabulate_need_and_means(
    need: pd.DataFrame, impact: pd.DataFrame, frames: pd.DataFrame, labels: dict[str, str]
) -> pd.DataFrame:
    """Write the need-and-means slide: fragilities across the means that answer them.

    Parameters
    ----------
    need, impact : pandas.DataFrame
        Rows of an estimate table of one actor and one territory: importance of
        each fragility, and impact of partnerships on it.
    frames : pandas.DataFrame
        From `helpers.data.published.read_reading_frames`.
    labels : dict
        Fragility to its name, in the order of the rows.

    Returns
    -------
    pandas.DataFrame
        Texts. Only the impact of partnerships was asked; a means of which no
        figure is legible says so in every row.
    """
    means = frames[frames["frame"] == "need_and_means"]
    sides = {"need": need.set_index("answer"), "partnerships": impact.set_index("answer")}
    table = {tr("Fragility"): list(labels.values()), tr("Need"): _cells(sides["need"], labels)}
    for row in means.to_dict("records"):
        element, label = row["element"], row[f"label_{get_language()}"]
        words = [tr("no legible figure")] * len(labels)
        table[label] = _cells(sides[element], labels) if element in sides else words
    return pd.DataFrame(table)


def tabulate_frame(frames: pd.DataFrame, figures: pd.DataFrame, frame: str) -> pd.DataFrame:
    """Write one reading frame, with every figure published of it.

    Parameters
    ----------
    frames : pandas.DataFrame
        From `helpers.data.published.read_reading_frames`.
    figures : pandas.DataFrame
        From `helpers.data.published.read_figures`.
    frame : {"need_and_means", "impact_model"}

    Returns
    -------
    pandas.DataFrame
        One row per element: names, figures as printed with actor, wave,
        legibility, id and source, and what was published and what not.
    """
    known = figures.assign(legibility=describe_legibility(figures)).set_index("figure")
    links = read_links().set_index("figure")["answer"]
    names = read_fragilities().set_index("fragility")[f"label_{get_language()}"]
    answers = {figure: names[answer] for figure, answer in links.items() if answer in names}
    rows = []
    for element in frames[frames["frame"] == frame].itertuples():
        printed = [_cite(known.loc[figure], figure, answers) for figure in element.figures]
        rows.append(
            {
                **_name_both([element.label_fr], [element.label_en], tr("Element")),
                tr("Published figures"): join_clauses(printed) or tr("none"),
                tr("What can be said"): tr(element.says),
            }
        )
    return pd.DataFrame(rows)


def write_agreement(row: pd.Series) -> str:
    """Spearman's correlation with interval and base, or why there is none.

    Parameters
    ----------
    row : pandas.Series
        One row of `helpers.stats.ranks.rank_against`.

    Returns
    -------
    str
    """
    if pd.isna(row["rho"]):
        return tr("none: {reason}", reason=row["reason"])
    rho, low, high = (write_number(row[name], 2, signed=True) for name in ("rho", *_BOUNDS))
    return tr("{rho} ({low} to {high}, n = {n})", rho=rho, low=low, high=high, n=row["n"])


def _cite(figure: pd.Series, name: str, answers: dict[str, str]) -> str:
    legibility = figure["legibility"]
    words = {
        "value": write_digits(figure["value"], 6),
        "actor": name_actor(figure["actor"]),
        "wave": figure["wave"],
        "figure": name,
        "legibility": tr(legibility),
        "source": figure["source"],
    }
    if name not in answers:
        return tr("{value}% of {actor}, {wave} ({figure}, {legibility}; {source})", **words)
    return tr(
        "{value}% of {actor}, {answer}, {wave} ({figure}, {legibility}; {source})",
        answer=lower_first(answers[name]),
        **words,
    )


def _name_both(french: list[str], english: list[str], heading: str = "") -> dict[str, str]:
    """Words in the language of the page, and on an English page the French they come from."""
    if get_language() == "fr":
        return {heading or tr("Question"): _write_once(french)}
    pair = {tr("French"): _write_once(french)}
    if heading:
        return {heading: _write_once(english)} | pair
    return pair | {tr("English"): _write_once(english)}


def _write_once(texts: Iterable[str]) -> str:
    return " / ".join(dict.fromkeys(texts))


def _cells(rows: pd.DataFrame, labels: dict[str, str]) -> list[str]:
    """Value and interval of each fragility, or why there is none."""
    scale = find_scale(rows)
    return [write_cell(rows.loc[fragility], scale) for fragility in labels]


def _name_pair(first: str, second: str) -> str:
    return tr(
        "{second} minus {first}", second=name_actor(second, start=True), first=name_actor(first)
    )


def _write_gap(gap, scale: Scale) -> str:
    if pd.isna(gap.difference):
        return tr("no two figures")
    value, low, high = (
        write_number(scale.factor * number, scale.decimals + 1, signed=True)
        for number in (gap.difference, gap.difference_low, gap.difference_high)
    )
    if gap.mark == "untestable":
        return tr("{value}, not tested", value=value)
    span = tr("{value} ({low} to {high})", value=value, low=low, high=high)
    return f"{span}{_SIGNS[gap.mark]}"


def _numbers(values: pd.Series, scale: Scale) -> list[str]:
    return ["" if pd.isna(value) else scale.number(value, more=1) for value in values]


def _ranks(values: pd.Series) -> list[str]:
    return ["" if pd.isna(value) else write_digits(value) for value in values]
