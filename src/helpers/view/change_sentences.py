"""What changed between two waves, in sentences: each is written from one tested row."""

import pandas as pd

from helpers.data.codebook import Codebook
from helpers.data.language import message, ntr, tr, write_number
from helpers.stats.wave_comparison import WaveComparison, list_told
from helpers.view.change_tables import (
    write_interval,
    write_level,
    write_p,
    write_signed,
    write_value,
)
from helpers.view.scales import SCALES

_MOVES = {
    "higher": message(
        "{subject}: rose from {first} in {wave_first} (n = {n_first}) to {second} in {wave_second} "
        "(n = {n_second}), {difference} points ({level} CI {interval}, adjusted p {p})."
    ),
    "lower": message(
        "{subject}: fell from {first} in {wave_first} (n = {n_first}) to {second} in {wave_second} "
        "(n = {n_second}), {difference} points ({level} CI {interval}, adjusted p {p})."
    ),
}


def describe_comparison(comparison: WaveComparison) -> str:
    """Say in a sentence or two what the waves share and how much of it changed.

    Parameters
    ----------
    comparison : WaveComparison

    Returns
    -------
    str
    """
    waves = {"first": comparison.first.name, "second": comparison.second.name}
    shared = int((comparison.questions["held"] == "both").sum())
    if not shared:
        return tr(
            "The waves {first} and {second} share no question: no change between them can be "
            "measured.", **waves,
        )  # fmt: skip
    compared = len(comparison.compared)
    if not compared:
        return ntr(
            "The waves {first} and {second} share {count} question, but the codebook does not "
            "state that answers may be compared: no change is shown.",
            "The waves {first} and {second} share {count} questions, but the codebook does not "
            "state that answers may be compared: no change is shown.",
            shared, **waves,
        )  # fmt: skip
    start = ntr(
        "The waves {first} and {second} share {count} question; {compared} may be compared.",
        "The waves {first} and {second} share {count} questions; {compared} may be compared.",
        shared, compared=write_number(compared), **waves,
    )  # fmt: skip
    told = select_told(comparison)
    return f"{start} {_count_moved(told[told['domain_variable'] == ''])}"


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
        return tr("No change of a group could be tested: the tables give the reasons.")
    others = ntr(
        "{count} other could not be tested", "{count} others could not be tested",
        len(groups) - len(tested),
    )  # fmt: skip
    return ntr(
        "By group, {moved} of {count} tested change can be told from chance; {others}.",
        "By group, {moved} of {count} tested changes can be told from chance; {others}.",
        len(tested), moved=write_number(tested["mark"].isin(_MOVES).sum()), others=others,
    )  # fmt: skip


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
    return tr(
        "Answers of all respondents are tested one by one: if nothing had changed, about {found} "
        "of these {tests} tests would still find a change.",
        found=write_number(tests * comparison.rule.alpha, 1), tests=write_number(tests),
    )  # fmt: skip


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
    kept = told[tested & ((told["domain_variable"] == "") | told["mark"].isin(_MOVES))]
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
        Without the question, e.g. ``Yes: rose from 30.0% in 2016 (n = 300) to 45.0% in 2024
        (n = 310), +15.0 points (95% CI +8.0 to +22.0, adjusted p <0.001).``
    """
    scale = SCALES[row["unit"]]
    values = {"subject": _name_subject(row, comparison.first.codebook)}
    for side in ("first", "second"):
        values[side] = write_value(row[f"estimate_{side}"], scale) + scale.sign
        values[f"wave_{side}"] = row[f"wave_{side}"]
        values[f"n_{side}"] = write_number(row[f"n_{side}"])
    moved = _MOVES.get(row["mark"])
    if moved:
        p = write_p(row["p_adjusted"])
        return tr(
            moved, **values,
            difference=write_signed(row["difference"], scale),
            level=write_level(comparison),
            interval=write_interval(row["difference_low"], row["difference_high"], scale),
            p=p if p.startswith("<") else f"= {p}",
        )  # fmt: skip
    if pd.isna(row["smallest_gap"]):
        return tr(
            "{subject}: {first} in {wave_first} (n = {n_first}), {second} in {wave_second} "
            "(n = {n_second}). No difference can be told.", **values,
        )  # fmt: skip
    return tr(
        "{subject}: {first} in {wave_first} (n = {n_first}), {second} in {wave_second} "
        "(n = {n_second}). No difference can be told; these bases could have shown a gap of {gap} "
        "points or more.", **values, gap=write_value(row["smallest_gap"], scale),
    )  # fmt: skip


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
    return tr(
        "{question} (wording near, not the same: part of a change may come from it)", question=label
    )


def _name_subject(row: pd.Series, codebook: Codebook) -> str:
    answer = codebook.variable(row["question"]).label_of(row["answer"])
    if not row["domain_variable"]:
        return answer
    domain = codebook.variable(row["domain_variable"])
    return f"{domain.label.text}, {domain.label_of(row['domain'])} – {answer}"


def _count_moved(whole: pd.DataFrame) -> str:
    """Count the changes among all respondents, or say why none could be tested."""
    tested = int(whole["p_adjusted"].notna().sum())
    if not tested:
        reasons = whole.loc[whole["difference"].notna(), "reason"].unique()
        why = tr("; or ").join(reasons) or tr("no estimate in both waves")
        return tr("No change among all respondents could be tested ({why}).", why=why)
    return ntr(
        "Among all respondents, {moved} of {count} tested change can be told from chance.",
        "Among all respondents, {moved} of {count} tested changes can be told from chance.",
        tested, moved=write_number(whole["mark"].isin(_MOVES).sum()),
    )  # fmt: skip
