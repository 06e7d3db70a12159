"""What changed between two waves, in sentences: each is written from one tested row."""

import pandas as pd

from helpers.data.codebook import Codebook
from helpers.stats.wave_comparison import WaveComparison, list_told
from helpers.view.change_tables import (
    write_interval,
    write_level,
    write_p,
    write_signed,
    write_value,
)
from helpers.view.scales import SCALES

_VERBS = {"higher": "rose", "lower": "fell"}


def describe_comparison(comparison: WaveComparison) -> str:
    """Say in a sentence or two what the waves share and how much of it changed.

    Parameters
    ----------
    comparison : WaveComparison

    Returns
    -------
    str
    """
    first, second = comparison.first.name, comparison.second.name
    shared = int((comparison.questions["held"] == "both").sum())
    waves = f"The waves {first} and {second}"
    if not shared:
        return f"{waves} share no question: no change between them can be measured."
    compared = len(comparison.compared)
    if not compared:
        return (
            f"{waves} share {_count(shared, 'question')}, but the codebook does not state that "
            "answers may be compared: no change is shown."
        )
    told = select_told(comparison)
    whole = told[told["domain_variable"] == ""]
    start = f"{waves} share {_count(shared, 'question')}; {compared} may be compared."
    tested = whole["p_adjusted"].notna()
    if not tested.any():
        reasons = whole.loc[whole["difference"].notna(), "reason"].unique()
        why = "; or ".join(reasons) or "no estimate in both waves"
        return f"{start} No change among all respondents could be tested ({why})."
    moved = int(whole["mark"].isin(_VERBS).sum())
    return (
        f"{start} Among all respondents, {moved} of {_count(int(tested.sum()), 'tested change')} "
        f"can be told from chance."
    )


def list_lines(comparison: WaveComparison) -> list[str]:
    """List what there is to say, in lines: the verdict, the sentences by question, the counts.

    Parameters
    ----------
    comparison : WaveComparison

    Returns
    -------
    list of str
        Sentences start with ``-``, under the name of their question.
    """
    lines = [describe_comparison(comparison)]
    for heading, sentences in group_sentences(comparison):
        lines += [heading, *(f"- {sentence}" for sentence in sentences)]
    rest = describe_groups(comparison), describe_chance(comparison)
    return lines + [text for text in rest if text]


def group_sentences(comparison: WaveComparison) -> list[tuple[str, list[str]]]:
    """Group the sentences of `tell_changes` under the question they are on.

    Parameters
    ----------
    comparison : WaveComparison

    Returns
    -------
    list of tuple
        `describe_question`, and the sentences.
    """
    told = tell_changes(comparison)
    return [
        (describe_question(name, comparison), list(rows["sentence"]))
        for name, rows in told.groupby("question", sort=False)
    ]


def describe_groups(comparison: WaveComparison) -> str:
    """Say how many groups changed, of those that could be tested; empty without groups.

    Parameters
    ----------
    comparison : WaveComparison

    Returns
    -------
    str
    """
    told = select_told(comparison)
    groups = told[told["domain_variable"] != ""]
    if groups.empty:
        return ""
    tested = groups[groups["p_adjusted"].notna()]
    if tested.empty:
        return "No change of a group could be tested: the tables give the reasons."
    moved = int(tested["mark"].isin(_VERBS).sum())
    return (
        f"By group, {moved} of {_count(len(tested), 'tested change')} can be told from chance; "
        f"{_count(len(groups) - len(tested), 'other')} could not be tested."
    )


def describe_chance(comparison: WaveComparison) -> str:
    """Say how many changes of the whole chance alone would mark; empty for fewer than two tests.

    Parameters
    ----------
    comparison : WaveComparison

    Returns
    -------
    str
    """
    told = select_told(comparison)
    tests = int(told.loc[told["domain_variable"] == "", "p_adjusted"].notna().sum())
    if tests < 2:
        return ""
    alpha = comparison.rule.alpha
    return (
        f"Answers of all respondents are tested one by one: if nothing had changed, about "
        f"{tests * alpha:.1f} of these {tests} tests would still find a change."
    )


def select_told(comparison: WaveComparison) -> pd.DataFrame:
    """Select the changes of the answers told in words (`list_told`), in the order of the table.

    Parameters
    ----------
    comparison : WaveComparison

    Returns
    -------
    pandas.DataFrame
        Rows of `WaveComparison.changes`.
    """
    codebook, changes = comparison.first.codebook, comparison.changes
    told = {name: list_told(codebook.variable(name)) for name in comparison.compared}
    pairs = zip(changes["question"], changes["answer"], strict=True)
    kept = [answer in told[name] for name, answer in pairs]
    return changes[pd.Series(kept, index=changes.index, dtype=bool)]


def tell_changes(comparison: WaveComparison) -> pd.DataFrame:
    """Write a sentence for each tested change of the whole, and each significant one of a group.

    Parameters
    ----------
    comparison : WaveComparison

    Returns
    -------
    pandas.DataFrame
        `sentence`, then the row of `WaveComparison.changes` it is written from; its index
        is that of the row. What was not tested has no sentence.
    """
    told = select_told(comparison)
    tested = told["mark"] != "untestable"
    kept = told[tested & ((told["domain_variable"] == "") | told["mark"].isin(_VERBS))]
    sentences = [describe_change(row, comparison) for _, row in kept.iterrows()]
    table = kept.copy()
    table.insert(0, "sentence", pd.Series(sentences, index=kept.index, dtype=object))
    return table


def describe_change(row: pd.Series, comparison: WaveComparison) -> str:
    """Write the sentence of one tested change.

    Parameters
    ----------
    row : pandas.Series
        A row of `WaveComparison.changes` that was tested.
    comparison : WaveComparison

    Returns
    -------
    str
        Without the question, e.g. ``Yes: rose from 30.0% in 2016 to 45.0% in 2024, +15.0
        points (95% CI +8.0 to +22.0, adjusted p <0.001).``
    """
    scale = SCALES[row["unit"]]
    subject = _name_subject(row, comparison.first.codebook)
    first, second = (
        f"{write_value(row[f'estimate_{side}'], scale)}{scale.sign} in {row[f'wave_{side}']}"
        for side in ("first", "second")
    )
    if row["mark"] in _VERBS:
        interval = write_interval(row["difference_low"], row["difference_high"], scale)
        p = write_p(row["p_adjusted"])
        text = (
            f"{subject}: {_VERBS[row['mark']]} from {first} to {second}, "
            f"{write_signed(row['difference'], scale)} points ({write_level(comparison)} CI "
            f"{interval}, adjusted p {p if p.startswith('<') else f'= {p}'})."
        )
    else:
        gap = row["smallest_gap"]
        shown = "" if pd.isna(gap) else (
            f"; these bases could have shown a gap of {write_value(gap, scale)} points or more"
        )  # fmt: skip
        text = f"{subject}: {first}, {second}. No difference can be told{shown}."
    return text


def describe_question(question: str, comparison: WaveComparison) -> str:
    """Name a question above the sentences on it, and say if its wording is only near.

    Parameters
    ----------
    question : str
    comparison : WaveComparison

    Returns
    -------
    str
    """
    label = comparison.first.codebook.variable(question).label.text
    verdicts = comparison.questions.set_index("question")["verdict"]
    if verdicts[question] != "near":
        return label
    return f"{label} (wording near, not the same: part of a change may come from it)"


def _name_subject(row: pd.Series, codebook: Codebook) -> str:
    answer = codebook.variable(row["question"]).label_of(row["answer"])
    if not row["domain_variable"]:
        return answer
    domain = codebook.variable(row["domain_variable"])
    return f"{domain.label.text}, {domain.label_of(row['domain'])} – {answer}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
