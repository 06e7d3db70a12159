"""Tables of a comparison of two waves, as texts: questions, changes, marks, parts."""

import pandas as pd
from great_tables import GT

from helpers.data.codebook import Codebook
from helpers.stats.wave_comparison import WaveComparison
from helpers.view.provenance import WORDS
from helpers.view.scales import SCALES, Scale
from helpers.view.tables import show_frame

VERDICTS = {
    "same": "yes: same wording",
    "near": "with care: near wording",
    "not_comparable": "no",
    "not_stated": "not stated",
    "": "",
}
MARKS = {"higher": "rose", "lower": "fell", "none": "no difference", "untestable": "not tested"}
PARTS = {
    "total": "Total",
    "opinion": "Opinion",
    "sample_composition": "Sample composition",
    "weights": "Weights",
    "cells_in_one_wave": "Groups in one wave only",
    "wording": "Wording",
    "geography": "Geography",
}
EVENTS = ("appeared", "vanished", "flipped")
SHARED = "*"
_HEADINGS = {"share": " (%)", "score_10": " (out of 10)"}


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
        "first": f"{comparison.first.name} only",
        "second": f"{comparison.second.name} only",
    }
    questions = comparison.questions
    items = [comparison.first.codebook.variable(name) for name in questions["question"]]
    reasons = [
        "Ranks are not compared." if item.type == "ranking" and held == "both" else reason
        for item, held, reason in zip(items, questions["held"], questions["reason"], strict=True)
    ]
    table = pd.DataFrame(
        {
            "Question": [item.label.text for item in items],
            "Wording": [item.text.en for item in items],
            "Waves": [names[held] for held in questions["held"]],
            "Comparable": [VERDICTS[verdict] for verdict in questions["verdict"]],
            "Reason": reasons,
        }
    )
    return _drop_blank(table, "Comparable", "Reason")


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
    note = (
        f"{_provenance(comparison)} Difference: second wave minus first, the two samples taken as "
        f"independent; a change is told at the {100 * comparison.rule.alpha:g}% level (two-sided t "
        "test on the survey design), each answer by itself. Detectable gap: the smallest true "
        "change these bases would show four times in five."
    )
    table = tabulate_changes(whole, comparison, questions=True)
    return show_frame(table, title=f"All respondents, {_name_waves(comparison)}", note=note)


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
    reasons = " ".join(list_reasons(comparison.parts))
    note = (
        f"{_provenance(comparison)} Points, with intervals by the bootstrap (Kitagawa 1955). "
        f"{SHARED}: cannot be told apart. {reasons}"
    )
    table = tabulate_parts(comparison.parts, comparison, questions=True)
    title = f"What the change is made of, {_name_waves(comparison)}"
    return show_frame(table, title=title, note=note.strip())


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
    heading = _HEADINGS[units[0]] if len(units) == 1 else ""
    table = pd.DataFrame(index=range(len(changes)))
    if questions:
        table["Question"] = [codebook.variable(name).label.text for name in changes["question"]]
    if (changes["domain_variable"] != "").any():
        table["Group"] = _name_groups(changes, codebook)
    table["Answer"] = _name_answers(changes, codebook)
    for side, name in sides.items():
        values = zip(changes[f"estimate_{side}"], scales, signs, strict=True)
        table[f"{name}{heading}"] = [
            "" if pd.isna(value) else write_value(value, scale) + sign
            for value, scale, sign in values
        ]
    table["Difference (points)"] = list(map(write_signed, changes["difference"], scales))
    interval = f"{write_level(comparison)} interval"
    bounds = changes["difference_low"], changes["difference_high"]
    table[interval] = list(map(write_interval, *bounds, scales))
    table["Adjusted p"] = [write_p(value) for value in changes["p_adjusted"]]
    table["Change"] = [MARKS[mark] for mark in changes["mark"]]
    table["Detectable gap (points)"] = list(map(write_value, changes["smallest_gap"], scales))
    for side, name in sides.items():
        table[f"Base {name}"] = [f"{n:,}" if n else "" for n in changes[f"n_{side}"]]
    table["Reason"] = changes["reason"].to_numpy()
    return _drop_blank(table, interval, "Adjusted p", "Detectable gap (points)", "Reason")


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
    words = {"none": "no mark"}
    return pd.DataFrame(
        {
            "Question": [codebook.variable(name).label.text for name in marks["question"]],
            "Group": _name_groups(marks, codebook),
            "Answer": _name_answers(marks, codebook),
            comparison.first.name: marks["mark_first"].replace(words).to_numpy(),
            comparison.second.name: marks["mark_second"].replace(words).to_numpy(),
            "Event": marks["event"].to_numpy(),
            "Reading": [f"{text[0].upper()}{text[1:]}." for text in marks["reading"]],
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
    order = [*EVENTS, "kept", "no mark", "untestable"]
    rows = []
    for (name, by), marks in comparison.marks.groupby(["question", "domain_variable"], sort=False):
        events = marks["event"].value_counts()
        rows.append(
            {
                "Question": codebook.variable(name).label.text,
                "By": codebook.variable(by).label.text,
                **{_capitalise(event): f"{events.get(event, 0)}" for event in order},
            }
        )
    headings = ["Question", "By", *[_capitalise(event) for event in order]]
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
        row = {"Question": codebook.variable(key[0]).label.text} if questions else {}
        row |= {
            "Group": _name_groups(head, codebook)[0],
            "Answer": _name_answers(head, codebook)[0],
        }
        row |= {heading: _write_part(told.loc[part], scale) for part, heading in PARTS.items()}
        rows.append(row)
    headings = ["Question"] * questions + ["Group", "Answer", *PARTS.values()]
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
        f"{', '.join(PARTS[part] for part in rows['part'].unique())}: {reason}."
        for reason, rows in told.groupby("reason", sort=False)
    ]


def write_value(value: float, scale: Scale) -> str:
    """A number of a table, to one decimal more than a text gives; empty for none."""
    return "" if pd.isna(value) else scale.number(value, more=1)


def write_signed(value: float, scale: Scale) -> str:
    """A difference in points with its sign; none for one that rounds to zero."""
    text = write_value(value, scale)
    if not text or float(text) == 0:
        return text.lstrip("-")
    return text if value < 0 else f"+{text}"


def write_interval(low: float, high: float, scale: Scale) -> str:
    """Both ends of an interval of a difference; empty for none."""
    return "" if pd.isna(low) else f"{write_signed(low, scale)} to {write_signed(high, scale)}"


def write_p(value: float) -> str:
    """A p-value to three decimals; empty for none."""
    return "" if pd.isna(value) else "<0.001" if value < 0.001 else f"{value:.3f}"


def write_level(comparison: WaveComparison) -> str:
    """Coverage of the intervals of differences, e.g. ``95%``."""
    return f"{100 * (1 - comparison.rule.alpha):g}%"


def _write_part(row: pd.Series, scale: Scale) -> str:
    if pd.isna(row["value"]):
        return row["state"]
    text = write_signed(row["value"], scale)
    if pd.notna(row["ci_low"]) and row.name != "total":
        text = f"{text} ({write_interval(row['ci_low'], row['ci_high'], scale)})"
    return f"{text} {SHARED}" if row["state"] == "cannot be told apart" else text


def _provenance(comparison: WaveComparison) -> str:
    kinds = {comparison.first.provenance: 0, comparison.second.provenance: 0}
    return " ".join(f"{WORDS[kind]}." for kind in kinds)


def _name_waves(comparison: WaveComparison) -> str:
    return f"{comparison.first.name} and {comparison.second.name}"


def _drop_blank(table: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Leave out those of the columns that hold no text."""
    return table.drop(columns=[name for name in columns if not any(table[name])])


def _name_groups(rows: pd.DataFrame, codebook: Codebook) -> list[str]:
    pairs = zip(rows["domain_variable"], rows["domain"], strict=True)
    return [codebook.variable(by).label_of(level) if by else "All" for by, level in pairs]


def _name_answers(rows: pd.DataFrame, codebook: Codebook) -> list[str]:
    pairs = zip(rows["question"], rows["answer"], strict=True)
    return [codebook.variable(name).label_of(answer) for name, answer in pairs]


def _capitalise(word: str) -> str:
    return f"{word[0].upper()}{word[1:]}"
