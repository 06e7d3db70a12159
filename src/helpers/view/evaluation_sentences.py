"""Who evaluates partnerships, how and what for, in words."""

import pandas as pd

from helpers.data.codebook import Codebook
from helpers.data.language import join_clauses, message, tr
from helpers.view.scales import find_scale, scale_of
from helpers.view.sentences import describe_estimate, describe_p, pick

_EVALUATING = {
    "associations": message("- **Associations** that evaluate their partnerships: {estimate}."),
    "companies": message("- **Companies** that evaluate their partnerships: {estimate}."),
}
_MORE = {
    "associations": message(
        "- Associations evaluate significantly more often than companies: "
        "a gap of {points} points ({p})."
    ),
    "companies": message(
        "- Companies evaluate significantly more often than associations: "
        "a gap of {points} points ({p})."
    ),
}


def describe_evaluating(estimates: pd.DataFrame) -> list[str]:
    """Say how many of each side evaluate their partnerships, and whether the sides differ.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Rows of the answer ``yes`` by actor: each side is the rest of the other.

    Returns
    -------
    list of str
        Items of a list, in Markdown.
    """
    rows = {side: pick(estimates, "yes", side) for side in _EVALUATING}
    lines = [tr(_EVALUATING[side], estimate=describe_estimate(row)) for side, row in rows.items()]
    return [*lines, _describe_gap(rows)]


def describe_practice(estimates: pd.DataFrame, codebook: Codebook) -> list[str]:
    """Give the share of each practice, with interval and base.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Rows of the answer ``yes``, one per question.
    codebook : Codebook

    Returns
    -------
    list of str
        Items of a list, in Markdown.
    """
    return [
        tr(
            "- {question}: {estimate}.",
            question=codebook.variable(row["question"]).label.text,
            estimate=describe_estimate(row),
        )
        for _, row in estimates.iterrows()
    ]


def describe_leaders(estimates: pd.DataFrame, codebook: Codebook, sides: dict[str, str]) -> str:
    """Name the answer each side gives most often to one question, of those that have a figure.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Estimate table of one question by actor.
    codebook : Codebook
    sides : dict
        Actor to its name.

    Returns
    -------
    str
        An item of a list, in Markdown; sides without any figure are left out, answers
        that are equal as written all named.
    """
    item, scale = codebook.variable(estimates["question"].iloc[0]), find_scale(estimates)
    estimates = estimates[estimates["domain"].isin(sides)]
    parts = []
    for side, name in sides.items():
        rows = estimates[estimates["domain"] == side]
        written = rows["estimate"].round(scale.printed)
        parts += [
            tr(
                "{side} “{answer}” {estimate}",
                side=name,
                answer=item.label_of(row["answer"]),
                estimate=describe_estimate(row),
            )
            for _, row in rows[written == written.max()].iterrows()
        ]
    words = {"question": item.label.text, "leaders": join_clauses(parts)}
    if estimates["estimate"].isna().any():
        return tr("- {question}, named most often of the answers published: {leaders}.", **words)
    return tr("- {question}, named most often: {leaders}.", **words)


def _describe_gap(rows: dict[str, pd.Series]) -> str:
    first = next(iter(rows.values()))
    if first["mark"] == "untestable":
        return tr(
            "- Whether the two sides differ is not tested: bases not published, or too small."
        )
    scale = scale_of(first)
    points, p = scale.number(abs(first["difference"])), describe_p(first["p_adjusted"])
    for side, row in rows.items():
        if row["mark"] == "higher":
            return tr(_MORE[side], points=points, p=p)
    smallest = scale.number(first["smallest_gap"])
    return tr(
        "- The two sides do not differ significantly: a gap of {points} points ({p}); one of "
        "{smallest} points could have been shown.",
        points=points, p=p, smallest=smallest,
    )  # fmt: skip
