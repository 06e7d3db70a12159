"""What mayors answer to a question, and which groups of them differ, in words."""

import pandas as pd

from helpers.data.language import tr, write_number
from helpers.data.responses import Wave
from helpers.view.sentences import describe_estimate, describe_marks, pick

DYNAMIC = "territory_coconstruction_dynamic"  # question 4 of 2016


def describe_answers(
    wave: Wave, whole: pd.DataFrame, groups: dict[str, pd.DataFrame]
) -> list[str]:  # fmt: skip
    """Say what mayors answer, and which groups differ significantly from the rest.

    Parameters
    ----------
    wave : Wave
    whole : pandas.DataFrame
        Estimate table of one question.
    groups : dict
        Domain variable to the rows of the headline answer by it.

    Returns
    -------
    list of str
        Lines of Markdown; each value with its interval and base. Groups that could not be
        tested are left out.
    """
    item = wave.codebook.variable(whole["question"].iloc[0])
    lines = [
        tr(
            "*{question}* {answer}: {estimate}.",
            question=item.text.text, answer=item.label_of(item.headline),
            estimate=describe_estimate(pick(whole, item.headline)),
        ),
        *(
            tr(
                "- {answer}: {estimate}", answer=item.label_of(answer),
                estimate=describe_estimate(pick(whole, answer)),
            )
            for answer in item.answer_ids
        ),
    ]  # fmt: skip
    tested = {by: rows for by, rows in groups.items() if (rows["mark"] != "untestable").any()}
    if tested:
        lines += ["", tr("By group, {answer}:", answer=item.label_of(item.headline))]
        lines += describe_groups(wave, tested, values=True)
    if DYNAMIC not in wave.file.questions:
        lines += ["", tr("Question 4 of 2016 was not asked in this wave.")]
    return lines


def describe_groups(
    wave: Wave, groups: dict[str, pd.DataFrame], *, values: bool = False
) -> list[str]:  # fmt: skip
    """Say by each domain variable which groups differ significantly from the rest.

    Parameters
    ----------
    wave : Wave
    groups : dict
        As in `describe_answers`.
    values : bool
        Give estimate, interval and base of each group named.

    Returns
    -------
    list of str
        A line of a list per domain variable.
    """
    lines = []
    for by, rows in groups.items():
        variable = wave.codebook.variable(by)
        noun = "region" if by == "region" else "group"
        marks = describe_marks(rows, variable.labels(), noun, values=values)
        lines.append(tr("- {domain}: {marks}", domain=variable.label.text, marks=marks))
    return lines


def describe_weights_cost(weights: pd.DataFrame) -> str:
    """Say how far weights spread and what that costs, for the text of their figure.

    Parameters
    ----------
    weights : pandas.DataFrame
        One row, from `helpers.stats.diagnostics.describe_weights`.

    Returns
    -------
    str
    """
    row = weights.iloc[0]
    return tr(
        "Weights from {least} to {greatest}; Kish's design effect {deff}, effective n {n_eff}.",
        least=write_number(row["min"], 2), greatest=write_number(row["max"], 2),
        deff=write_number(row["deff_kish"], 2), n_eff=write_number(row["n_eff_kish"]),
    )  # fmt: skip
