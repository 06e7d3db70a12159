"""Tables: the estimate table, the ledger and the registers as a reader wants them."""

import pandas as pd
from great_tables import GT, loc, style

from helpers.data.codebook import Codebook, Question
from helpers.data.responses import Wave
from helpers.view.provenance import WORDS

_STATE_WORDS = {
    "ok": "",
    "warn": "with care",
    "suppress": "not shown",
    "not_published": "not published",
    "no_base": "nobody asked",
}
_VERDICT_COLOURS = {
    "reproduced": "#e3f2e1",
    "within rounding": "#e3f2e1",
    "different": "#f6c9c9",
    "inconsistent in the source": "#fbe9c6",
    "not computable": "#eeeeee",
}


def show_estimates(estimates: pd.DataFrame, wave: Wave, *, title: str, note: str = "") -> GT:
    """Show an estimate table: share, interval, base, precision, state and mark.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Estimate table of one wave.
    wave : Wave
        Gives labels and provenance.
    title : str
    note : str
        Printed under the table, e.g. the rule of significance.

    Returns
    -------
    great_tables.GT
    """
    table = pd.DataFrame({"Answer": _answer_labels(estimates, wave.codebook)})
    if (estimates["domain_variable"] != "").any():
        variable = wave.codebook.variable(estimates["domain_variable"].iloc[0])
        labels = [variable.label_of(domain) for domain in estimates["domain"]]
        table.insert(0, variable.label.en, labels)
    table["%"] = [_number(100 * value, 1) for value in estimates["estimate"]]
    table["95% CI"] = [
        "" if pd.isna(low) else f"{100 * low:.1f}–{100 * high:.1f}"
        for low, high in zip(estimates["ci_low"], estimates["ci_high"], strict=True)
    ]
    table["Base (n)"] = [f"{n:,}" if n else "" for n in estimates["n"]]
    table["Design effect"] = [_number(value, 2) for value in estimates["deff"]]
    table["Effective n"] = [_number(value, 0) for value in estimates["n_eff"]]
    if (estimates["domain_variable"] != "").any():
        table["Gap to the rest"] = [_signed(100 * gap) for gap in estimates["difference"]]
        table["p (adjusted)"] = [_p(value) for value in estimates["p_adjusted"]]
        table["Mark"] = estimates["mark"].to_numpy()
        table["Smallest gap shown"] = [_number(100 * gap, 0) for gap in estimates["smallest_gap"]]
    table["State"] = _states(estimates)
    return _style(table, title, f"{WORDS[wave.provenance]}. {note}".strip())


def show_ledger(ledger: pd.DataFrame) -> GT:
    """Show the ledger, verdicts coloured.

    Parameters
    ----------
    ledger : pandas.DataFrame
        From `helpers.stats.ledger.build_ledger`.

    Returns
    -------
    great_tables.GT
    """
    table = pd.DataFrame(
        {
            "Figure": ledger["figure"],
            "Measure": ledger["measure"],
            "Territory": ledger["territory"],
            "Published": [f"{value:,g}" if value < 1e5 else f"{value:,.0f}"
                          for value in ledger["published"]],
            "Unit": ledger["unit"].replace({"percent": "%", "score_10": "/10"}),
            "Legibility": ledger["legibility"],
            "Recomputed": [_number(value, 2) for value in ledger["recomputed"]],
            "Difference": [_signed(value, 2) for value in ledger["difference"]],
            "Tolerance": [f"{value:g}" for value in ledger["tolerance"]],
            "Verdict": ledger["verdict"],
            "Reason": ledger["reason"],
        }
    )  # fmt: skip
    shown = _style(table, "Ledger: published beside recomputed", "Tolerance: half the last digit.")
    for verdict, colour in _VERDICT_COLOURS.items():
        rows = [place for place, name in enumerate(table["Verdict"]) if name == verdict]
        if rows:
            cells = loc.body(columns="Verdict", rows=rows)
            shown = shown.tab_style(style=style.fill(color=colour), locations=cells)
    return shown


def show_checks(*waves: Wave) -> GT:
    """Show what a reader checks first: respondents, weights, missing shares, by wave."""
    rows = []
    for wave in waves:
        weights = wave.respondents[wave.design.weight]
        rows.append(
            {
                "Survey": wave.survey,
                "Wave": wave.name,
                "Provenance": wave.provenance,
                "Respondents": f"{len(weights):,}",
                "Weights, least to greatest": f"{weights.min():.3g} to {weights.max():.3g}",
                "Sum of weights": f"{weights.sum():,.0f}",
                "Strata": ", ".join(wave.design.strata) or "none",
                "Questions": len(wave.file.questions),
            }
        )
    return _style(pd.DataFrame(rows), "Waves of this run", "")


def show_measure(*waves: Wave, questions: list[str]) -> GT:
    """Show the questions: wording in French and English, answers, base, routing."""
    rows = []
    for wave in waves:
        for name in questions:
            if name in wave.file.questions:
                rows.append({"Survey": wave.survey} | _measure(wave.codebook.variable(name)))
    note = "Paraphrase: the exact wording was not published."
    return _style(pd.DataFrame(rows), "The measure", note)


def show_frame(frame: pd.DataFrame, *, title: str, note: str = "") -> GT:
    """Show any small frame; column names become headings."""
    headings = {name: str(name).replace("_", " ").capitalize() for name in frame.columns}
    return _style(frame.rename(columns=headings), title, note)


def show_assumptions(*waves: Wave) -> GT:
    """Show what each wave assumes and where it comes from."""
    rows = [
        {"Wave": f"{wave.survey} {wave.name}", "What is assumed": text}
        for wave in waves
        for text in [*([wave.file.n_note] if wave.file.n_note else []), *wave.file.assumptions]
    ]
    return _style(pd.DataFrame(rows), "What the data assume", "")


def _measure(question: Question) -> dict:
    routing = question.asked_if
    asked = f"{routing.question} = {', '.join(routing.answers)}" if routing else "everybody"
    return {
        "Variable": question.id,
        "French": question.text.fr,
        "English": question.text.en,
        "Answers": " / ".join(answer.label.en for answer in question.answers),
        "Type": question.type,
        "Asked": asked,
        "Wording": question.wording,
    }


def _answer_labels(estimates: pd.DataFrame, codebook: Codebook) -> list[str]:
    pairs = zip(estimates["question"], estimates["answer"], strict=True)
    return [codebook.variable(question).label_of(answer) for question, answer in pairs]


def _states(estimates: pd.DataFrame) -> list[str]:
    """State and reason in words; a reason that repeats the state is left out."""
    texts = []
    for state, reason in zip(estimates["reliability"], estimates["reason"], strict=True):
        word = _STATE_WORDS[state]
        texts.append(f"{word}: {reason}" if reason and state in ("warn", "suppress") else word)
    return texts


def _number(value: float, decimals: int) -> str:
    return "" if pd.isna(value) else f"{value:,.{decimals}f}"


def _signed(value: float, decimals: int = 1) -> str:
    if pd.isna(value):
        return ""
    text = f"{value:+,.{decimals}f}"
    return text.lstrip("+-") if float(text) == 0 else text


def _p(value: float) -> str:
    if pd.isna(value):
        return ""
    return "<0.001" if value < 0.001 else f"{value:.3f}"


def _style(table: pd.DataFrame, title: str, note: str) -> GT:
    # A fixed id keeps stored outputs the same from run to run.
    shown = GT(table, id="table").tab_header(title=title).opt_align_table_header(align="left")
    shown = shown.tab_options(table_font_size="13px", data_row_padding="3px", table_width="100%")
    return shown.tab_source_note(note) if note else shown
