"""Tables: the estimate table, the ledger and the registers as a reader wants them."""

import re

import pandas as pd
from great_tables import GT, loc, style

from helpers.data.codebook import Codebook, Question
from helpers.data.language import tr
from helpers.data.responses import Wave
from helpers.stats.disclosure import CONFIDENTIAL, hide_margins
from helpers.stats.official import MISSING, compare_official, describe_margins, name_level
from helpers.view.provenance import WORDS
from helpers.view.scales import SCALES, Scale, find_scale

_STATE_WORDS = {
    "ok": "",
    "warn": "with care",
    "suppress": "withheld",
    "not_published": "not published",
    "no_base": "no answers",
}
_FIXED = 1e-6  # standard errors below it are rounding of the weights
_VERDICT_COLOURS = {
    "reproduced": "#e3f2e1",
    "within rounding": "#e3f2e1",
    "different": "#f6c9c9",
    "inconsistent in the source": "#fbe9c6",
    "not computable": "#eeeeee",
}


def show_estimates(
    estimates: pd.DataFrame, wave: Wave, *, title: str, note: str = "", questions: bool = False
) -> GT:
    """Show an estimate table: share or mean score, interval, base, precision, state and mark.

    Columns of the test are left out where nothing can be tested.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Estimate table of one wave.
    wave : Wave
        Gives labels and provenance.
    title : str
    note : str
        Printed under the table, e.g. the rule of significance.
    questions : bool
        Name the question of each row.

    Returns
    -------
    great_tables.GT

    Raises
    ------
    InputError
        If the table mixes shares and scores: show them apart.
    """
    table = tabulate_estimates(estimates, wave, questions=questions)
    return _style(table, title, f"{_provenance([wave])} {note}".strip())


def tabulate_estimates(
    estimates: pd.DataFrame, wave: Wave, *, questions: bool = False
) -> pd.DataFrame:
    """Write the rows of an estimate table as texts: what `show_estimates` shows.

    Parameters
    ----------
    estimates, wave, questions
        As in `show_estimates`.

    Returns
    -------
    pandas.DataFrame
        One row per row of `estimates`, in the same order; columns are headings.

    Raises
    ------
    InputError
        If the table mixes shares and scores.
    """
    table = pd.DataFrame(index=range(len(estimates)))
    if estimates[["question", "answer"]].drop_duplicates().shape[0] != 1:
        table["Answer"] = _answer_labels(estimates, wave.codebook)
    if questions:
        names = [wave.codebook.variable(name).label.text for name in estimates["question"]]
        table.insert(0, "Question", names)
    variables = [name for name in estimates["domain_variable"].unique() if name]
    if variables:
        labels = {name: wave.codebook.variable(name).labels() for name in variables}
        pairs = zip(estimates["domain_variable"], estimates["domain"], strict=True)
        heading = (
            wave.codebook.variable(variables[0]).label.text if len(variables) == 1 else "Group"
        )
        table.insert(0, heading, [labels[name][domain] for name, domain in pairs])
    scale = find_scale(estimates)
    table[scale.heading] = _numbers(estimates["estimate"], scale)
    # A share the design fixes, such as that of a stratum, has no sampling error to show.
    fixed = (estimates["se"] < _FIXED) & estimates["estimate"].between(
        0, scale.top, inclusive="neither"
    )
    varying = estimates[["ci_low", "ci_high", "deff", "n_eff"]].mask(fixed)
    table["95% CI"] = _intervals(varying, scale)
    table["Base (n)"] = [f"{n:,}" if n else "" for n in estimates["n"]]
    table["Design effect"] = [_number(value, 2) for value in varying["deff"]]
    table["Effective n"] = [_number(value, 0) for value in varying["n_eff"]]
    if (estimates["mark"] != "untestable").any():
        gaps = scale.factor * estimates["difference"]
        table["Gap to the rest (points)"] = [_signed(gap, scale.decimals + 1) for gap in gaps]
        table["p (adjusted)"] = [_p(value) for value in estimates["p_adjusted"]]
        table["Mark"] = estimates["mark"].replace({"none": "no difference"}).to_numpy()
        table["Detectable gap (points)"] = [
            _number(scale.factor * gap, scale.decimals) for gap in estimates["smallest_gap"]
        ]
    table["State"] = write_states(estimates)
    table.loc[fixed.to_numpy(), "State"] = "fixed by the design"
    return table


def write_states(estimates: pd.DataFrame) -> list[str]:
    """State and reason of each row in words; a reason that repeats the state is left out.

    Parameters
    ----------
    estimates : pandas.DataFrame
        An estimate table.

    Returns
    -------
    list of str
        Empty for a row that may be read as it is.
    """
    texts = []
    for state, reason in zip(estimates["reliability"], estimates["reason"], strict=True):
        word = _STATE_WORDS[state]
        texts.append(f"{word}: {reason}" if reason and state in ("warn", "suppress") else word)
    return texts


def describe_absence(row) -> str:
    """Why a row of an estimate table has no number, in a few words.

    Parameters
    ----------
    row : pandas.Series
        A row without an estimate.

    Returns
    -------
    str
        ``not published``, ``withheld: <reason>``, or the reason itself.
    """
    if row["reliability"] == "not_published":
        return _STATE_WORDS["not_published"]
    if row["reliability"] == "suppress":
        return f"{_STATE_WORDS['suppress']}: {row['reason']}"
    return row["reason"]


def show_split(estimates: pd.DataFrame, wave: Wave) -> GT:
    """Show the answers to one question by domain: a row per domain, a column per answer.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Estimate table of one question by one domain variable.
    wave : Wave
        Gives labels and provenance.

    Returns
    -------
    great_tables.GT
        Shares in percent, or mean scores; a withheld one is written so.
    """
    scale = find_scale(estimates)
    question = wave.codebook.variable(estimates["question"].iloc[0])
    domain = wave.codebook.variable(estimates["domain_variable"].iloc[0])
    words = [
        _number(scale.factor * row.estimate, scale.decimals) or _STATE_WORDS[row.reliability]
        for row in estimates.itertuples()
    ]
    split = estimates.assign(text=words).pivot(index="domain", columns="answer", values="text")
    table = split.loc[domain.answer_ids, question.answer_ids].rename(columns=question.labels())
    table.insert(0, domain.label.text, [domain.label_of(name) for name in table.index])
    title = f"{wave.codebook.actor.capitalize()}: {question.label.text.lower()}, {scale.unit}"
    return _style(table.reset_index(drop=True), title, _provenance([wave]))


def show_ledger(ledger: pd.DataFrame, *waves: Wave) -> GT:
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
            "Basis": ledger["basis"],
            "Verdict": ledger["verdict"],
            "Reason": ledger["reason"],
        }
    )  # fmt: skip
    note = (
        f"Published: as printed. Recomputed: {_provenance(waves)} Tolerance: half the last printed "
        "digit. Calibrated on it: agreement is built in and shows that nothing was lost."
    )
    shown = _style(table, "Ledger: published beside recomputed", note)
    for verdict, colour in _VERDICT_COLOURS.items():
        rows = [place for place, name in enumerate(table["Verdict"]) if name == verdict]
        if rows:
            cells = loc.body(columns="Verdict", rows=rows)
            shown = shown.tab_style(style=style.fill(color=colour), locations=cells)
    return shown


def show_statuses(statuses: pd.DataFrame, *waves: Wave) -> GT:
    """Show the three partnership states and where each number comes from.

    Parameters
    ----------
    statuses : pandas.DataFrame
        From `helpers.stats.statuses.summarise_statuses`.
    *waves : Wave
        The waves they come from.

    Returns
    -------
    great_tables.GT
    """
    table = pd.DataFrame(
        {
            "Actor": statuses["actor"].str.capitalize(),
            "Status": statuses["label"],
            "%": [
                _number(100 * row.share, 1)
                if row.reading == "computed"
                else f"≈ {100 * row.share:.0f}"
                for row in statuses.itertuples()
            ],
            "95% CI": _intervals(statuses),
            "Comes from": statuses["reading"],
        }
    )
    note = f"{_provenance(waves)} " + (
        "Computed: from the respondents. Ambiguous reading: printed, hard to read. "
        "Deduced: what is left to 100 if that reading is right."
    )
    return _style(table, "Partnership status", note)


def show_audits(audits: pd.DataFrame) -> GT:
    """Show whether the published figures agree with one another.

    Parameters
    ----------
    audits : pandas.DataFrame
        From `helpers.stats.audits.run_audits`.

    Returns
    -------
    great_tables.GT
    """
    shares = audits["verdict"].isin(["possible", "impossible"])
    ranges = [
        ""
        if low == high
        else f"{low:,.4g} to {high:,.4g}"
        if high < 1000
        else f"{low:,.0f} to {high:,.0f}"
        for low, high in zip(audits["low"], audits["high"], strict=True)
    ]
    table = pd.DataFrame(
        {
            "Audit": audits["audit"],
            "What": audits["says"],
            "Figures": audits["figures"],
            "Legibility": audits["legibility"],
            "From the printed values": [_number(value, 1) for value in audits["computed"]],
            "Range of roundings": ranges,
            "Claimed": [_number(value, 1) for value in audits["claimed"]],
            "Verdict": audits["verdict"],
        }
    )
    table.loc[shares, ["From the printed values", "Range of roundings"]] = ""
    note = (
        "PUBLISHED figures. Consistent: the range of what the printed values may stand for meets "
        "the claim. Implied: nothing is claimed. Possible: a whole number of respondents gives it."
    )
    return _style(table, "Do the published figures agree with one another?", note)


def show_checks(*waves: Wave) -> GT:
    """Show what a reader checks first: respondents, weights, missing shares, by wave.

    Parameters
    ----------
    *waves : Wave

    Returns
    -------
    great_tables.GT
    """
    rows = []
    for wave in waves:
        weights = wave.respondents[wave.design.weight]
        rows.append(
            {
                "Survey": wave.survey,
                "Wave": wave.name,
                "Provenance": wave.provenance,
                "Respondents": f"{len(weights):,}",
                "Weights, least to greatest": f"{_short(weights.min())} to {_short(weights.max())}",
                "Sum of weights": f"{weights.sum():,.0f}",
                "Strata": ", ".join(wave.design.strata) or "none",
                "Questions": len(wave.file.questions),
                "Missing answers": describe_missing(wave),
            }
        )
    return _style(pd.DataFrame(rows), "Waves of this run", "")


def show_weights(weights: pd.DataFrame, *waves: Wave) -> GT:
    """Show the spread of weights and what it costs.

    Parameters
    ----------
    weights : pandas.DataFrame
        From `helpers.stats.diagnostics.describe_weights`, with or without a
        first column that names the group.

    Returns
    -------
    great_tables.GT
    """
    headings = {
        "n": "Respondents",
        "sum": "Sum",
        "min": "Least",
        "median": "Median",
        "max": "Greatest",
        "ratio": "Greatest / least",
        "cv": "Coefficient of variation",
        "deff_kish": "Design effect (Kish)",
        "n_eff_kish": "Effective n (Kish)",
    }
    decimals = {"n": 0, "sum": 0, "ratio": 1, "n_eff_kish": 0}
    table = weights.assign(
        **{name: [_number(value, decimals.get(name, 2)) for value in weights[name]]
           for name in headings}
    ).rename(columns=headings)  # fmt: skip
    table.columns = [str(name)[0].upper() + str(name)[1:] for name in table.columns]
    return _style(
        table,
        "Weights and what they cost",
        f"{_provenance(waves)} Kish's form counts unequal weights only.",
    )


def show_weighting(*waves: Wave) -> GT:
    """Show what the weights of waves were raked to, recomputed from their respondents.

    Parameters
    ----------
    *waves : Wave
        Waves whose file names official margins.

    Returns
    -------
    great_tables.GT
        One row per margin and level: respondents, share under the base weights, official
        count and share, share under the weights. Frames, years and sources are in the note.

    Raises
    ------
    InputError
        If a wave names no official margin, or its levels are not those of the frame.
    """
    parts, notes = [], []
    for wave in waves:
        margins, codebook = wave.file.margins, wave.codebook
        report = compare_official(
            wave.respondents, codebook, margins,
            weight=wave.design.weight, base_weight=wave.file.base_weight,
        )  # fmt: skip
        report = hide_margins(report, wave)
        pairs = list(zip(report["margin"], report["level"], strict=True))
        official = report.where(report["level"] != MISSING)
        part = {
            "Margin": [codebook.margin(margin).label.text for margin, _ in pairs],
            "Level": [name_level(codebook, margin, level) for margin, level in pairs],
            "Respondents": [_number(n, 0) or tr(CONFIDENTIAL) for n in report["n"]],
            "Before (%)": [_number(100 * share, 1) for share in report["base_share"]],
            "Official count": [_number(count, 0) for count in official["target_count"]],
            "Official (%)": [_number(100 * share, 1) for share in official["target_share"]],
            "After (%)": [_number(100 * share, 1) for share in report["achieved_share"]],
        }
        name = {"Wave": f"{wave.survey} {wave.name}"} if len(waves) > 1 else {}
        parts.append(pd.DataFrame({**name, **part}))
        notes.append(f"{describe_margins(codebook, margins)}.")
    note = (
        f"{_provenance(waves)} Official counts: {' '.join(notes)} Frames of other years are "
        "scaled to the total of the first margin. Not known: kept at its share before."
    )
    return _style(pd.concat(parts, ignore_index=True), "Weights beside official counts", note)


def describe_missing(wave: Wave) -> str:
    """Range over the questions of the share of respondents asked who hold no answer.

    Parameters
    ----------
    wave : Wave

    Returns
    -------
    str
        E.g. ``0% to 4% by question``.
    """
    shares = []
    for name in wave.file.questions:
        question = wave.codebook.variable(name)
        asked = wave.respondents
        if question.asked_if:
            asked = asked[asked[question.asked_if.question].isin(question.asked_if.answers)]
        columns = [column for column in question.columns if column in asked]
        shares.append(asked[columns].isna().all(axis=1).mean())
    return f"{100 * min(shares):.0f}% to {100 * max(shares):.0f}% by question"


def show_measure(*waves: Wave, questions: list[str]) -> GT:
    """Show the questions: wording in French and English, answers, base, routing.

    Parameters
    ----------
    *waves : Wave
    questions : list of str
        Questions to show, of those the waves hold.

    Returns
    -------
    great_tables.GT
    """
    rows = []
    for wave in waves:
        for name in questions:
            if name in wave.file.questions:
                rows.append({"Survey": wave.survey} | _measure(wave.codebook.variable(name)))
    note = "Paraphrase: the exact wording was not published."
    return _style(pd.DataFrame(rows), "The measure", note)


def show_frame(frame: pd.DataFrame, *, title: str, note: str = "") -> GT:
    """Show any small frame; column names become headings.

    Parameters
    ----------
    frame : pandas.DataFrame
    title, note : str

    Returns
    -------
    great_tables.GT
    """
    names = {name: str(name).replace("_", " ") for name in frame.columns}
    headings = {name: words[:1].upper() + words[1:] for name, words in names.items()}
    return _style(frame.rename(columns=headings), title, note)


def show_assumptions(*waves: Wave) -> GT:
    """Show how each wave was weighted, what it assumes and where it comes from.

    Parameters
    ----------
    *waves : Wave

    Returns
    -------
    great_tables.GT
        One row per statement of the wave file.
    """
    rows = []
    for wave in waves:
        file = wave.file
        notes = [
            ("Weighting", file.weighting.text),
            *[("Sample size", note.text) for note in [file.n_note] if note],
            *[("Assumption", words.text) for words in file.assumptions],
            *[("Source", words.text) for words in file.sources],
        ]
        rows += [
            {"Wave": f"{wave.survey} {wave.name}", "About": about, "Statement": text}
            for about, text in notes
        ]
    return _style(pd.DataFrame(rows), "What the data assume", _provenance(waves))


def _provenance(waves) -> str:
    """Provenance of the waves behind a table, each kind once."""
    kinds = dict.fromkeys(wave.provenance for wave in waves)
    return " ".join(f"{WORDS[kind]}." for kind in kinds)


def _measure(question: Question) -> dict:
    routing = question.asked_if
    asked = f"{routing.question} = {', '.join(routing.answers)}" if routing else "everybody"
    return {
        "Variable": question.id,
        "French": f"{question.text.fr} {' / '.join(question.labels('fr').values())}",
        "English": f"{question.text.en} {' / '.join(question.labels().values())}",
        "Base": question.base.en,
        "Type": question.type,
        "Asked": asked,
        "Wording": question.wording,
    }


def _answer_labels(estimates: pd.DataFrame, codebook: Codebook) -> list[str]:
    pairs = zip(estimates["question"], estimates["answer"], strict=True)
    return [codebook.variable(question).label_of(answer) for question, answer in pairs]


def _numbers(values: pd.Series, scale: Scale) -> list[str]:
    """Values to one decimal more than a text gives."""
    return ["" if pd.isna(value) else scale.number(value, more=1) for value in values]


def _intervals(frame: pd.DataFrame, scale: Scale = SCALES["share"]) -> list[str]:
    bounds = zip(*(_numbers(frame[name], scale) for name in ("ci_low", "ci_high")), strict=True)
    return [f"{low}–{high}" if low else "" for low, high in bounds]


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


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
    if table.empty:
        table = pd.DataFrame({"": ["None."]})
    # An id made from the title, not at random, keeps stored outputs the same from run to run;
    # JupyterLab lays tables out in columns of equal width unless told otherwise.
    numeric = [name for name in table.columns if _is_numeric(table[name])]
    shown = (
        GT(table, id=re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-"))
        .tab_header(title=title)
        .opt_align_table_header(align="left")
        .cols_align(align="left")
        .tab_options(table_font_size="13px", data_row_padding="3px", table_width="100%")
        .opt_css(".gt_table { table-layout: auto !important; }")
        .tab_style(style.text(whitespace="nowrap"), loc.body(columns=numeric))
    )
    if numeric:
        shown = shown.cols_align(align="right", columns=numeric)
    return shown.tab_source_note(note) if note else shown


def _is_numeric(column: pd.Series) -> bool:
    """Whether a column holds numbers, written out or not, and blanks only."""
    texts = column.astype(str).str.strip("<+-% ▲▼").str.replace(r"[,–.]", "", regex=True)
    return bool((texts.str.isdigit() | (texts == "")).all() and (texts != "").any())
