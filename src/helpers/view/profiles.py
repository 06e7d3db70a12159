"""One domain across all questions of a wave, beside all respondents."""

import pandas as pd

from helpers.data.language import tr, write_number
from helpers.data.responses import Wave
from helpers.stats.estimate_store import EstimateStore
from helpers.stats.results import DEFAULT_RULE, Rule
from helpers.view.html_tables import write_table
from helpers.view.provenance import name_wave
from helpers.view.scales import scale_of
from helpers.view.selection import list_questions
from helpers.view.tables import name_mark, write_states


def read_profile(
    store: EstimateStore, survey: str, wave: str, variable: str, domain: str,
    *, rule: Rule = DEFAULT_RULE,
) -> pd.DataFrame:  # fmt: skip
    """Estimate every question of a wave for one domain.

    Parameters
    ----------
    store : EstimateStore
    survey, wave : str
    variable, domain : str
        Domain variable and one of its levels, e.g. ``"region"`` and ``"53"``.
    rule : Rule, optional

    Returns
    -------
    pandas.DataFrame
        Rows of the estimate table: of a single question its headline answer,
        of others every answer; `whole` holds the estimate of all respondents.

    Raises
    ------
    InputError
        If the wave lacks the domain variable.
    """
    opened = store.read_wave(survey, wave)
    parts = []
    for item in list_questions(opened):
        if item.id not in opened.file.questions:
            continue
        answers = [item.headline] if item.type == "single" else item.answer_ids
        table = store.estimate(survey, wave, item.id, by=variable, rule=rule)
        rows = table[(table["domain"] == domain) & table["answer"].isin(answers)]
        whole = store.estimate(survey, wave, item.id, rule=rule).set_index("answer")["estimate"]
        parts.append(rows.assign(whole=rows["answer"].map(whole)))
    return pd.concat(parts, ignore_index=True)


def write_profile(profile: pd.DataFrame, wave: Wave) -> str:
    """Write a profile as a table.

    Parameters
    ----------
    profile : pandas.DataFrame
        From `read_profile`.
    wave : Wave
        Gives the labels.

    Returns
    -------
    str
        HTML.
    """
    first = profile.iloc[0]
    name = wave.codebook.variable(first["domain_variable"]).label_of(first["domain"])
    rows = [_write_row(row, state, wave) for (_, row), state in
            zip(profile.iterrows(), write_states(profile), strict=True)]  # fmt: skip
    table = pd.DataFrame(rows)
    if (profile["mark"] == "untestable").all():
        table = table.drop(columns=[tr("Gap to the rest"), tr("Mark")])
    caption = tr("{domain}: every question of {wave}", domain=name, wave=name_wave(wave))
    return write_table(table, caption=caption)


def _write_row(row: pd.Series, state: str, wave: Wave) -> dict:
    scale = scale_of(row)
    item = wave.codebook.variable(row["question"])
    known = pd.notna(row["estimate"])
    tested = row["mark"] != "untestable"
    interval = f"{scale.number(row['ci_low'])}–{scale.number(row['ci_high'])}"
    gap = scale.factor * row["difference"] if tested else float("nan")
    return {
        tr("Question"): item.label.text,
        tr("Answer"): item.label_of(row["answer"]),
        tr("Here"): scale.write(row["estimate"]) if known else "",
        tr("95% CI"): interval if known else "",
        tr("Base (n)"): write_number(row["n"]) if row["n"] else "",
        tr("All respondents"): scale.write(row["whole"]) if pd.notna(row["whole"]) else "",
        tr("Gap to the rest"): write_number(gap, scale.decimals + 1, signed=True) if tested else "",
        tr("Mark"): name_mark(row["mark"]) if tested else "",
        tr("State"): state,
    }
