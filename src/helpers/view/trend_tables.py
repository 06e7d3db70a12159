"""Tables of trends: every point with where it comes from, every change with its test."""

from collections.abc import Sequence

import pandas as pd
from great_tables import GT

from helpers.data.codebook import Codebook
from helpers.view.exhibits import record_table
from helpers.view.provenance import WORDS
from helpers.view.scales import SCALES, find_scale
from helpers.view.tables import show_frame
from helpers.view.trends import write_value


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
            "Who" if key == "actor" else "Item": [names[row[key]] for row in rows],
            "Wave": points["wave"].to_list(),
            "Value": ["withheld" if pd.isna(row["estimate"]) else write_value(row) for row in rows],
            "Interval (95%)": [
                f"{scale.number(row['ci_low'], more=1)}–{scale.number(row['ci_high'], more=1)}"
                if pd.notna(row["ci_low"])
                else "none"
                for row in rows
            ],
            "Base (n)": [f"{row['n']:,}" if row["n"] else "not published" for row in rows],
            "Kind": points["provenance"].to_list(),
            "Question": points["measure"].to_list(),
            "Legibility": points["legibility"].to_list(),
            "Compared with": [
                f"{row['joined']} ({row['join']} wording)" if row["joined"] else "" for row in rows
            ],
            "Note": [f"Apart: {row['note']}" if row["apart"] else row["reason"] for row in rows],
        }
    )
    kinds = [f"{WORDS[kind]}." for kind in points["provenance"].drop_duplicates()]
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
            "Change of": [names[name] for name in changes[key]],
            "From": changes["first"].to_list(),
            "To": changes["second"].to_list(),
            "Wording": changes["verdict"].to_list(),
            "Change (points)": _write(changes["difference"], scales, sign="+"),
            "Standard error": _write(changes["difference_se"], scales),
            "Adjusted p": [_p(value) for value in changes["p_adjusted"]],
            "Mark": changes["mark"].replace({"none": "no difference"}).to_list(),
            "Why not tested": changes["reason"].to_list(),
        }
    )
    return show_frame(table, title=title, note="Tested only between waves with respondents whose "
                      "number was published; correction over this table.")  # fmt: skip


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
            "Change of": [names[name] for name in bounds[key]],
            "Printed change (points)": _write(bounds["difference"], scales, sign="+"),
            "Least change (points)": _write(bounds["gap_least"], scales),
            "Least bases": [
                f"{first:,.0f} and {second:,.0f}" if first == first and second == second
                else "not published"
                for first, second in zip(bounds["n_first"], bounds["n_second"], strict=True)
            ],
            "Greatest standard error": _write(bounds["se_greatest"], scales),
            "Greatest adjusted p": [_p(value) for value in bounds["p_greatest"]],
            "Holds up to a design effect of": [
                "" if pd.isna(value) else f"{int(10 * value) / 10:.1f}"
                for value in bounds["deff_least"]
            ],
            "Bound": bounds["bound"].to_list(),
        }
    )  # fmt: skip
    note = (
        "PUBLISHED figures and sizes. No test of the survey: for any respondents with these "
        "figures, spread as widely as they allow, in simple random samples of at least these sizes."
    )
    return show_frame(table, title=title, note=note)


def _write(values: pd.Series, scales: list, sign: str = "") -> list[str]:
    return [
        "" if pd.isna(value) else f"{scale.factor * value:{sign}.{scale.decimals + 1}f}"
        for value, scale in zip(values, scales, strict=True)
    ]


def _p(value: float) -> str:
    if pd.isna(value):
        return ""
    return "<0.001" if value < 0.001 else f"{value:.3f}"


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
            "Survey": codebook.survey,
            "Question": item.label.text,
            "Waves": ", ".join(entry.waves),
            "Against": ", ".join(entry.against),
            "Verdict": entry.verdict.replace("_", " "),
            "Reason": entry.reason.en,
        }
        for codebook in codebooks
        for item in codebook.questions
        if item.id in questions
        for entry in item.comparability
    ]
    note = "Without a wave in Against, any two of the waves. Pairs not listed are not stated."
    return show_frame(pd.DataFrame(rows), title="Which waves may be compared", note=note)
