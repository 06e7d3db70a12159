"""Tables of the fragilities, as texts: gaps between actors, ranks, indicators, reading frames."""

from collections.abc import Iterable

import pandas as pd

from helpers.data.published import describe_legibility
from helpers.data.responses import Wave
from helpers.view.prism_tables import write_cell
from helpers.view.provenance import describe_source
from helpers.view.scales import Scale, find_scale

_SIGNS = {"higher": " ▲", "lower": " ▼", "none": ""}
_DIRECTIONS = {"+": "higher is more fragile", "-": "lower is more fragile", "0": "neither"}

CONFIDENCE = (
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
        asked = [item.base.en.lower() for item, has in zip(items, held, strict=True) if has]
        lacking = [wave.survey for wave, has in zip(waves, held, strict=True) if not has]
        rows.append(
            {
                "Variable": name,
                "French": " / ".join(dict.fromkeys(item.text.fr for item in items)),
                "English": " / ".join(dict.fromkeys(item.text.en for item in items)),
                "Type": " / ".join(dict.fromkeys(item.type for item in items)),
                "Asked": ", ".join(asked) or "nobody",
                "Without a figure in this wave": ", ".join(lacking) or "none",
                "Wording": " / ".join(dict.fromkeys(item.wording for item in items)),
            }
        )
    return pd.DataFrame(rows)


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
            "Region": list(names.values()),
            **{
                actor.capitalize(): [write_cell(places[code, actor], scale) for code in names]
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
    for fragility in [name for name in labels if name in known]:
        own = gaps[gaps["answer"] == fragility]
        cells = {_name_pair(gap): _write_gap(gap, scale) for gap in own.itertuples()}
        rows.append({"Fragility": labels[fragility], **cells})
    return pd.DataFrame(
        rows, columns=["Fragility", *dict.fromkeys(map(_name_pair, gaps.itertuples()))]
    )


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
        rows.append(
            {
                "Gap": f"{pair[1].capitalize()} minus {pair[0]}",
                "Comparable": "yes" if own["comparable"].all() else "no",
                "What it rests on": " ".join(own["comparability"].unique()),
                "With two figures": f"{own['difference'].notna().sum()} of {len(own)}",
                "Tested": str(tested.sum()),
                "Significant": str(own["mark"].isin(["higher", "lower"]).sum()),
                "Not tested because": "; ".join(reasons),
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
    return pd.DataFrame(
        {
            "Fragility" if name == "answer" else "Territory": [labels[key] for key in rows[name]],
            scale.heading: _numbers(rows["estimate"], scale),
            f"Rank (of {rows['rank'].notna().sum()})": [
                "" if pd.isna(rank) else f"{rank:.0f}" for rank in rows["rank"]
            ],
            "Rank, 95% CI": [
                "" if pd.isna(low) else f"{low:.0f}–{high:.0f}"
                for low, high in zip(rows["rank_low"], rows["rank_high"], strict=True)
            ],
            "Cannot be told apart from": [
                ", ".join(labels[other] for other in alike) for alike in rows["alike"]
            ],
            "Note": rows["reason"].to_numpy(),
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
    measured = indicator.set_index("region").loc[pairs["region"]]
    notes = [
        "; ".join(filter(None, dict.fromkeys((merge, reason, own))))
        for merge, reason, own in zip(
            measured["merge"], measured["reason"], pairs["reason"], strict=True
        )
    ]
    return pd.DataFrame(
        {
            "Territory": [names[code] for code in pairs["region"]],
            f"Perceived ({scale.unit})": _numbers(pairs["perceived"], scale),
            f"Perceived rank (of {pairs['perceived_rank'].count()})": _ranks(
                pairs["perceived_rank"]
            ),
            f"Measured ({indicator['unit'].iloc[0]})": [
                "" if pd.isna(value) else f"{value:,.2f}" for value in measured["value"]
            ],
            f"Measured rank (of {measured['rank'].count()})": _ranks(measured["rank"]),
            "Note": notes,
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
        row = {
            "Indicator": first["label_en"],
            "Unit": first["unit"],
            "Year": str(first["year"]),
            "Direction": _DIRECTIONS[first["direction"]],
            "Confidence": first["confidence"],
            "Zones with a value": f"{own['value'].notna().sum()} of {len(own)}",
        }
        found = agreements.get(name)
        for place, heading in enumerate(("ρ, all", "ρ, without Île-de-France")):
            row[heading] = "" if found is None else write_agreement(found.iloc[place])
        notes = [*refused, *[first["caution"]] * bool(first["caution"])]
        rows.append(
            row
            | {
                "Cautions and refused merges": " ".join(notes),
                "Source": " / ".join(own["source"].unique()[:2]),
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
    table = {"Fragility": list(labels.values()), "Need": _cells(sides["need"], labels)}
    for row in means.itertuples():
        held = row.element in sides
        words = ["no legible figure"] * len(labels)
        table[row.label_en] = _cells(sides[row.element], labels) if held else words
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
    rows = []
    for element in frames[frames["frame"] == frame].itertuples():
        printed = [_cite(known.loc[figure], figure) for figure in element.figures]
        rows.append(
            {
                "Element": element.label_en,
                "French": element.label_fr,
                "Published figures": "; ".join(printed) or "none",
                "What can be said": element.says,
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
        return f"none: {row['reason']}"
    return f"{row['rho']:+.2f} ({row['ci_low']:+.2f} to {row['ci_high']:+.2f}, n = {row['n']})"


def _cite(figure: pd.Series, name: str) -> str:
    answer = "" if figure["answer"] == "yes" else f" {figure['answer'].replace('_', ' ')}"
    return (
        f"{figure['value']:g}% of {figure['actor']}{answer}, {figure['wave']} "
        f"({name}, {figure['legibility']}; {figure['source']})"
    )


def _cells(rows: pd.DataFrame, labels: dict[str, str]) -> list[str]:
    """Value and interval of each fragility, or why there is none."""
    scale = find_scale(rows)
    return [write_cell(rows.loc[fragility], scale) for fragility in labels]


def _name_pair(gap) -> str:
    return f"{gap.actor_second.capitalize()} minus {gap.actor_first}"


def _write_gap(gap, scale: Scale) -> str:
    if pd.isna(gap.difference):
        return "no two figures"
    decimals = scale.decimals + 1
    value = f"{scale.factor * gap.difference:+.{decimals}f}"
    if gap.mark == "untestable":
        return f"{value}, not tested"
    low, high = (scale.factor * bound for bound in (gap.difference_low, gap.difference_high))
    return f"{value} ({low:+.{decimals}f} to {high:+.{decimals}f}){_SIGNS[gap.mark]}"


def _numbers(values: pd.Series, scale: Scale) -> list[str]:
    return ["" if pd.isna(value) else scale.number(value, more=1) for value in values]


def _ranks(values: pd.Series) -> list[str]:
    return ["" if pd.isna(value) else f"{value:g}" for value in values]
