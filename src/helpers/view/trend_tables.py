"""Tables of trends: every point with where it comes from, every change with its test."""

from collections.abc import Sequence

import pandas as pd
from great_tables import GT

from helpers.data.actors import name_survey
from helpers.data.codebook import Codebook
from helpers.data.language import message, tr, write_list, write_number
from helpers.view.change_tables import write_p
from helpers.view.exhibits import record_table
from helpers.view.provenance import WORDS
from helpers.view.scales import SCALES, find_scale
from helpers.view.tables import name_mark, show_frame
from helpers.view.trend_sentences import write_floor
from helpers.view.trends import write_value

_KINDS = {
    "published": message("published"),
    "reconstructed": message("reconstructed"),
    "real": message("real"),
}
_JOINS = {"same": message("{wave} (same wording)"), "near": message("{wave} (near wording)")}
_VERDICTS = {
    "same": message("same"),
    "near": message("near"),
    "not_comparable": message("not comparable"),
}
_BOUNDS = {
    "holds": message("holds"),
    "does not hold": message("does not hold"),
    "not computable": message("not computable"),
}


def show_trend(
    points: pd.DataFrame, names: dict[str, str], *, title: str, key: str = "actor"
) -> GT:
    """Show the points of some trends.

    Parameters
    ----------
    points : pandas.DataFrame
        Rows of trends of `helpers.stats.trends.build_trend`.
    names : dict
        Value of the column `key` to its name.
    title : str
    key : {"actor", "answer"}

    Returns
    -------
    great_tables.GT
        Value as printed, interval, base, kind of data, legibility, what the point is joined
        to, or why it stands apart.
    """
    scale = find_scale(points)
    rows = points.to_dict("records")
    table = pd.DataFrame(
        {
            tr("Who") if key == "actor" else tr("Answer"): [names[row[key]] for row in rows],
            tr("Wave"): points["wave"].to_list(),
            tr("Value"): [
                tr("withheld") if pd.isna(row["estimate"]) else write_value(row) for row in rows
            ],
            tr("Interval (95%)"): [
                f"{scale.number(row['ci_low'], more=1)}–{scale.number(row['ci_high'], more=1)}"
                if pd.notna(row["ci_low"])
                else tr("no interval")
                for row in rows
            ],
            tr("Base (n)"): [
                write_number(row["n"]) if row["n"] else tr("not published") for row in rows
            ],
            tr("Kind"): [tr(_KINDS[kind]) for kind in points["provenance"]],
            tr("Question"): [tr(text) for text in points["measure"]],
            tr("Legibility"): [tr(text) for text in points["legibility"]],
            tr("Compared with"): [
                tr(_JOINS[join], wave=wave) if wave else ""
                for join, wave in zip(points["join"], points["joined"], strict=True)
            ],
            tr("Note"): [
                tr("Apart: {note}", note=row["note"]) if row["apart"] else row["reason"]
                for row in rows
            ],
        }
    )
    kinds = [f"{tr(WORDS[kind])}." for kind in points["provenance"].drop_duplicates()]
    record_table(points, title=title, note="")
    return show_frame(table, title=title, note=" ".join(kinds))


def show_changes(changes: pd.DataFrame, names: dict[str, str], *, title: str,
                 key: str = "actor") -> GT:  # fmt: skip
    """Show the changes between joined points, tested or not.

    Parameters
    ----------
    changes : pandas.DataFrame
        From `helpers.stats.trends.compare_trends`.
    names : dict
        Value of the column `key` to its name.
    title : str
    key : {"actor", "answer"}

    Returns
    -------
    great_tables.GT
    """
    scales = [SCALES[unit] for unit in changes["unit"]]
    table = pd.DataFrame(
        {
            tr("Change of"): [names[name] for name in changes[key]],
            tr("From"): changes["first"].to_list(),
            tr("To"): changes["second"].to_list(),
            tr("Wording"): [tr(_VERDICTS[verdict]) for verdict in changes["verdict"]],
            tr("Change (points)"): _write(changes["difference"], scales, signed=True),
            tr("Standard error"): _write(changes["difference_se"], scales),
            tr("Adjusted p"): [write_p(value) for value in changes["p_adjusted"]],
            tr("Mark"): [name_mark(mark) for mark in changes["mark"]],
            tr("Why not tested"): changes["reason"].to_list(),
        }
    )
    note = tr(
        "Tested only between waves with respondents whose number was published; correction over "
        "this table."
    )
    return show_frame(table, title=title, note=note)


def show_bounds(bounds: pd.DataFrame, names: dict[str, str], *, title: str,
                key: str = "actor") -> GT:  # fmt: skip
    """Show how far the changes that could not be tested hold in the least favourable case.

    Parameters
    ----------
    bounds : pandas.DataFrame
        From `helpers.stats.bounds.bound_changes`.
    names : dict
        Value of the column `key` to its name.
    title : str
    key : {"actor", "answer"}

    Returns
    -------
    great_tables.GT
    """
    scales = [SCALES[unit] for unit in bounds["unit"]]
    table = pd.DataFrame(
        {
            tr("Change of"): [names[name] for name in bounds[key]],
            tr("Printed change (points)"): _write(bounds["difference"], scales, signed=True),
            tr("Least change (points)"): _write(bounds["gap_least"], scales),
            tr("Least bases"): [
                write_list([write_number(first), write_number(second)])
                if pd.notna(first) and pd.notna(second)
                else tr("not published")
                for first, second in zip(bounds["n_first"], bounds["n_second"], strict=True)
            ],
            tr("Greatest standard error"): _write(bounds["se_greatest"], scales),
            tr("Greatest adjusted p"): [write_p(value) for value in bounds["p_greatest"]],
            tr("Holds up to a design effect of"): [
                "" if pd.isna(value) else write_floor(value) for value in bounds["deff_least"]
            ],
            tr("Bound"): [tr(_BOUNDS[bound]) for bound in bounds["bound"]],
        }
    )
    note = tr(
        "PUBLISHED figures and sizes. No test of the survey: for any respondents with these "
        "figures, spread as widely as they allow, in simple random samples of at least these sizes."
    )
    return show_frame(table, title=title, note=note)


def _write(values: pd.Series, scales: list, *, signed: bool = False) -> list[str]:
    return [
        ""
        if pd.isna(value)
        else write_number(scale.factor * value, scale.decimals + 1, signed=signed)
        for value, scale in zip(values, scales, strict=True)
    ]


def show_comparability(codebooks: Sequence[Codebook], questions: Sequence[str]) -> GT:
    """Show what codebooks state of the comparability of waves, and between which.

    Parameters
    ----------
    codebooks : sequence of Codebook
    questions : sequence of str
        Those to show, of the codebooks that have them.

    Returns
    -------
    great_tables.GT
        A pair of waves without a row is not stated, so never joined.
    """
    rows = [
        {
            tr("Survey"): name_survey(codebook.survey),
            tr("Question"): item.label.text,
            tr("Waves"): ", ".join(entry.waves),
            tr("Against"): ", ".join(entry.against),
            tr("Verdict"): tr(_VERDICTS[entry.verdict]),
            tr("Reason"): entry.reason.text,
        }
        for codebook in codebooks
        for item in codebook.questions
        if item.id in questions
        for entry in item.comparability
    ]
    note = tr("Without a wave in Against, any two of the waves. Pairs not listed are not stated.")
    return show_frame(pd.DataFrame(rows), title=tr("Which waves may be compared"), note=note)
