"""Tables of a comparison of two waves, as texts: questions, changes, marks, parts."""

import pandas as pd
from great_tables import GT

from helpers.data.codebook import Codebook
from helpers.data.language import message, tr, write_list, write_number, write_percent
from helpers.stats.wave_comparison import WaveComparison
from helpers.view.provenance import WORDS
from helpers.view.scales import SCALES, Scale
from helpers.view.tables import show_frame

VERDICTS = {
    "same": message("yes: same wording"),
    "near": message("with care: near wording"),
    "not_comparable": message("no"),
    "not_stated": message("not stated"),
    "": "",
}
MARKS = {
    "higher": message("rose"),
    "lower": message("fell"),
    "none": message("no significant difference"),
    "untestable": message("not tested"),
}
PARTS = {
    "total": message("Total"),
    "opinion": message("Opinion"),
    "sample_composition": message("Sample composition"),
    "weights": message("Weights"),
    "cells_in_one_wave": message("Groups in one wave only"),
    "wording": message("Wording"),
    "geography": message("Geography"),
}
STATES = {
    "cannot be told apart": message("cannot be told apart"),
    "not computable": message("not computable"),
}
# What becomes of a mark: the word in a row, the heading of a column of counts.
EVENTS = {
    "appeared": (message("appeared"), message("Appeared")),
    "vanished": (message("vanished"), message("Vanished")),
    "flipped": (message("flipped"), message("Flipped")),
}
_COUNTS = {name: heading for name, (_, heading) in EVENTS.items()} | {
    "kept": message("Kept"),
    "no mark": message("No mark"),
    "untestable": message("Untestable"),
}
_SIDES = {"higher": message("higher"), "lower": message("lower"), "none": message("no mark")}
SHARED = "*"
_HEADINGS = {"share": message("{wave} (%)"), "score_10": message("{wave} (out of 10)")}


def tabulate_questions(comparison: WaveComparison) -> pd.DataFrame:
    """List the questions of the two waves and say which may be compared.

    Parameters
    ----------
    comparison : WaveComparison

    Returns
    -------
    pandas.DataFrame
        One row per question: label, wording, waves that hold it, verdict, reason.
    """
    names = {
        "both": _name_waves(comparison),
        "first": tr("{wave} only", wave=comparison.first.name),
        "second": tr("{wave} only", wave=comparison.second.name),
    }
    questions = comparison.questions
    items = [comparison.first.codebook.variable(name) for name in questions["question"]]
    reasons = [
        tr("Ranks are not compared.") if item.type == "ranking" and held == "both" else reason
        for item, held, reason in zip(items, questions["held"], questions["reason"], strict=True)
    ]
    table = pd.DataFrame(
        {
            tr("Question"): [item.label.text for item in items],
            tr("Wording"): [item.text.text for item in items],
            tr("Waves"): [names[held] for held in questions["held"]],
            tr("Comparable"): [tr(VERDICTS[verdict]) for verdict in questions["verdict"]],
            tr("Reason"): reasons,
        }
    )
    return _drop_blank(table, tr("Comparable"), tr("Reason"))


def show_changes(comparison: WaveComparison) -> GT:
    """Show the change of every answer among all respondents.

    Parameters
    ----------
    comparison : WaveComparison

    Returns
    -------
    great_tables.GT
    """
    whole = comparison.changes[comparison.changes["domain_variable"] == ""]
    rule = tr(
        "Difference: second wave minus first, the two samples taken as independent; a change is "
        "told at the {alpha} level (two-sided t test on the survey design), each answer by itself. "
        "Detectable gap: the smallest true change these bases would show four times in five.",
        alpha=_write_share(comparison.rule.alpha),
    )
    table = tabulate_changes(whole, comparison, questions=True)
    title = tr("All respondents, {waves}", waves=_name_waves(comparison))
    return show_frame(table, title=title, note=f"{_provenance(comparison)} {rule}")


def show_parts(comparison: WaveComparison) -> GT:
    """Show what each change is made of: opinion, sample composition, weights and the rest.

    Parameters
    ----------
    comparison : WaveComparison

    Returns
    -------
    great_tables.GT
        One row per change that `WaveComparison.parts` holds.
    """
    method = tr(
        "Points, with intervals by the bootstrap (Kitagawa 1955). {sign}: cannot be told apart.",
        sign=SHARED,
    )
    table = tabulate_parts(comparison.parts, comparison, questions=True)
    title = tr("What the change is made of, {waves}", waves=_name_waves(comparison))
    note = [_provenance(comparison), method, *list_reasons(comparison.parts)]
    return show_frame(table, title=title, note=" ".join(note))


def tabulate_changes(
    changes: pd.DataFrame, comparison: WaveComparison, *, questions: bool = False
) -> pd.DataFrame:
    """Set the estimates of two waves side by side, with the test of their difference.

    Parameters
    ----------
    changes : pandas.DataFrame
        Rows of `WaveComparison.changes`.
    comparison : WaveComparison
    questions : bool
        Name the question of each row.

    Returns
    -------
    pandas.DataFrame
        One row per row of `changes`, in the same order; columns are headings. Columns of
        the test are left out where nothing was tested. The unit stands in the headings or,
        where shares and scores are mixed, in the cells.
    """
    codebook = comparison.first.codebook
    sides = {"first": comparison.first.name, "second": comparison.second.name}
    units = changes["unit"].unique()
    scales = [SCALES[unit] for unit in changes["unit"]]
    signs = [scale.sign if len(units) > 1 else "" for scale in scales]
    heading = _HEADINGS[units[0]] if len(units) == 1 else "{wave}"
    table = pd.DataFrame(index=range(len(changes)))
    if questions:
        table[tr("Question")] = [codebook.variable(name).label.text for name in changes["question"]]
    if (changes["domain_variable"] != "").any():
        table[tr("Group")] = _name_groups(changes, codebook)
    table[tr("Answer")] = _name_answers(changes, codebook)
    for side, name in sides.items():
        values = zip(changes[f"estimate_{side}"], scales, signs, strict=True)
        table[tr(heading, wave=name)] = [
            "" if pd.isna(value) else write_value(value, scale) + sign
            for value, scale, sign in values
        ]
    table[tr("Difference (points)")] = list(map(write_signed, changes["difference"], scales))
    interval = tr("{level} interval", level=write_level(comparison))
    bounds = changes["difference_low"], changes["difference_high"]
    table[interval] = list(map(write_interval, *bounds, scales))
    table[tr("Adjusted p")] = [write_p(value) for value in changes["p_adjusted"]]
    table[tr("Change")] = [tr(MARKS[mark]) for mark in changes["mark"]]
    gap = tr("Detectable gap (points)")
    table[gap] = list(map(write_value, changes["smallest_gap"], scales))
    for side, name in sides.items():
        bases = [write_number(n) if n else "" for n in changes[f"n_{side}"]]
        table[tr("Base {wave}", wave=name)] = bases
    table[tr("Reason")] = changes["reason"].to_numpy()
    return _drop_blank(table, interval, tr("Adjusted p"), gap, tr("Reason"))


def tabulate_marks(comparison: WaveComparison) -> pd.DataFrame:
    """List the marks that appeared, vanished or flipped between the two waves.

    Parameters
    ----------
    comparison : WaveComparison

    Returns
    -------
    pandas.DataFrame
        One row per such mark: question, group, answer, mark of either wave, event and
        what can be said of the group's own change.
    """
    marks = comparison.marks[comparison.marks["event"].isin(EVENTS)]
    codebook = comparison.first.codebook
    return pd.DataFrame(
        {
            tr("Question"): [codebook.variable(name).label.text for name in marks["question"]],
            tr("Group"): _name_groups(marks, codebook),
            tr("Answer"): _name_answers(marks, codebook),
            comparison.first.name: [tr(_SIDES[mark]) for mark in marks["mark_first"]],
            comparison.second.name: [tr(_SIDES[mark]) for mark in marks["mark_second"]],
            tr("Event"): [tr(EVENTS[event][0]) for event in marks["event"]],
            tr("Reading"): [f"{text[0].upper()}{text[1:]}." for text in marks["reading"]],
        }
    )


def count_marks(comparison: WaveComparison) -> pd.DataFrame:
    """Count what became of the marks, by question and domain variable.

    Parameters
    ----------
    comparison : WaveComparison

    Returns
    -------
    pandas.DataFrame
        One row per question and domain variable.
    """
    codebook = comparison.first.codebook
    rows = []
    for (name, by), marks in comparison.marks.groupby(["question", "domain_variable"], sort=False):
        events = marks["event"].value_counts()
        rows.append(
            {
                tr("Question"): codebook.variable(name).label.text,
                tr("By"): codebook.variable(by).label.text,
                **{tr(heading): write_number(events.get(event, 0))
                   for event, heading in _COUNTS.items()},
            }
        )  # fmt: skip
    headings = [tr("Question"), tr("By"), *map(tr, _COUNTS.values())]
    return pd.DataFrame(rows, columns=headings)


def tabulate_parts(
    parts: pd.DataFrame, comparison: WaveComparison, *, questions: bool = False
) -> pd.DataFrame:
    """Lay out what changes are made of, one row per change.

    Parameters
    ----------
    parts : pandas.DataFrame
        Rows of `WaveComparison.parts`.
    comparison : WaveComparison
    questions : bool
        Name the question of each row.

    Returns
    -------
    pandas.DataFrame
        Points, parts with their interval (that of the total is in `tabulate_changes`), or
        the state of a part that has none. A part that
        cannot be told from another carries `SHARED`. See `list_reasons`.
    """
    codebook = comparison.first.codebook
    keys = ["question", "answer", "domain_variable", "domain"]
    units = comparison.changes.set_index(keys)["unit"]
    rows = []
    for key, change in parts.groupby(keys, sort=False):
        scale = SCALES[units[key]]
        told = change.set_index("part")
        head = change.head(1)
        row = {tr("Question"): codebook.variable(key[0]).label.text} if questions else {}
        row |= {
            tr("Group"): _name_groups(head, codebook)[0],
            tr("Answer"): _name_answers(head, codebook)[0],
        }
        row |= {tr(heading): _write_part(told.loc[part], scale) for part, heading in PARTS.items()}
        rows.append(row)
    headings = [tr("Question")] * questions + [tr("Group"), tr("Answer"), *map(tr, PARTS.values())]
    return pd.DataFrame(rows, columns=headings)


def list_reasons(parts: pd.DataFrame) -> list[str]:
    """List why parts of changes have no value, no interval or cannot be told apart.

    Parameters
    ----------
    parts : pandas.DataFrame
        Rows of `WaveComparison.parts`.

    Returns
    -------
    list of str
        Each reason once, after the parts it concerns.
    """
    told = parts[parts["reason"] != ""]
    return [
        tr(
            "{parts}: {reason}.",
            parts=", ".join(tr(PARTS[part]) for part in rows["part"].unique()), reason=reason,
        )
        for reason, rows in told.groupby("reason", sort=False)
    ]  # fmt: skip


def write_value(value: float, scale: Scale) -> str:
    """A number of a table, to one decimal more than a text gives; empty for none."""
    return "" if pd.isna(value) else scale.number(value, more=1)


def write_signed(value: float, scale: Scale) -> str:
    """A difference in points with its sign; none for one that rounds to zero."""
    text = write_value(value, scale).lstrip("-")
    if not any(digit in text for digit in "123456789"):
        return text
    return f"-{text}" if value < 0 else f"+{text}"


def write_interval(low: float, high: float, scale: Scale) -> str:
    """Both ends of an interval of a difference; empty for none."""
    if pd.isna(low):
        return ""
    return tr("{low} to {high}", low=write_signed(low, scale), high=write_signed(high, scale))


def write_p(value: float) -> str:
    """A p-value to three decimals; empty for none."""
    if pd.isna(value):
        return ""
    return f"<{write_number(0.001, 3)}" if value < 0.001 else write_number(value, 3)


def write_level(comparison: WaveComparison) -> str:
    """Coverage of the intervals of differences, e.g. ``95%``."""
    return _write_share(1 - comparison.rule.alpha)


def _write_share(share: float) -> str:
    """A share in percent, with the decimals it has."""
    decimals = f"{100 * share:g}".partition(".")[2]
    return write_percent(share, len(decimals))


def _write_part(row: pd.Series, scale: Scale) -> str:
    if pd.isna(row["value"]):
        state = STATES[row["state"]]
        return tr(state)
    text = write_signed(row["value"], scale)
    if pd.notna(row["ci_low"]) and row.name != "total":
        text = f"{text} ({write_interval(row['ci_low'], row['ci_high'], scale)})"
    return f"{text} {SHARED}" if row["state"] == "cannot be told apart" else text


def _provenance(comparison: WaveComparison) -> str:
    kinds = {comparison.first.provenance: 0, comparison.second.provenance: 0}
    return " ".join(f"{tr(WORDS[kind])}." for kind in kinds)


def _name_waves(comparison: WaveComparison) -> str:
    return write_list([comparison.first.name, comparison.second.name])


def _drop_blank(table: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Leave out those of the columns that hold no text."""
    return table.drop(columns=[name for name in columns if not any(table[name])])


def _name_groups(rows: pd.DataFrame, codebook: Codebook) -> list[str]:
    pairs = zip(rows["domain_variable"], rows["domain"], strict=True)
    return [codebook.variable(by).label_of(level) if by else tr("All") for by, level in pairs]


def _name_answers(rows: pd.DataFrame, codebook: Codebook) -> list[str]:
    pairs = zip(rows["question"], rows["answer"], strict=True)
    return [codebook.variable(name).label_of(answer) for name, answer in pairs]
