"""Tables: the estimate table, the ledger and the registers as a reader wants them."""

import re
from functools import partial
from html import escape

import pandas as pd
from great_tables import GT, loc, style

from helpers.data.actors import name_actor, name_survey
from helpers.data.codebook import Codebook, Question
from helpers.data.language import (
    get_language,
    message,
    tr,
    write_digits,
    write_number,
    write_percent,
)
from helpers.data.responses import Wave
from helpers.stats.disclosure import CONFIDENTIAL
from helpers.stats.number_ids import build_ids
from helpers.stats.official import MISSING, compare_official, describe_margins, name_level
from helpers.stats.reliability import name_state
from helpers.stats.withholding import hide_levels, hide_margins
from helpers.view.exhibits import record_table
from helpers.view.provenance import WORDS, name_wave
from helpers.view.scales import SCALES, Scale, find_scale

_MARKS = {
    "higher": message("higher"),
    "lower": message("lower"),
    "none": message("no significant difference"),
    "untestable": message("untestable"),
}
_KINDS = {
    "reconstructed": message("reconstructed"),
    "demo": message("demo"),
    "real": message("real"),
}
_UNITS = {
    "percent": "%",
    "score_10": "/10",
    "points": message("points"),
    "count": message("count"),
    "eur_million": message("EUR million"),
}
_TYPES = {
    "single": message("single"),
    "multiple": message("multiple"),
    "ranking": message("ranking"),
    "score": message("score"),
}
_WORDINGS = {"published": message("published"), "paraphrase": message("paraphrase")}
FIXED = message("fixed by the design")
_ORIGINAL = "French"  # heading, on an English page, of the words a question was put in
_LEAST = 1e-6  # standard errors below it are rounding of the weights
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
    record_table(estimates, title=title, note=note, codebooks={wave.survey: wave.codebook})
    ids = pd.DataFrame({find_scale(estimates).heading: build_ids(estimates).to_numpy()})
    return _style(table, title, f"{_provenance([wave])} {note}".strip(), ids=ids)


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
        table[tr("Answer")] = _answer_labels(estimates, wave.codebook)
    if questions:
        names = [wave.codebook.variable(name).label.text for name in estimates["question"]]
        table.insert(0, tr("Question"), names)
    variables = [name for name in estimates["domain_variable"].unique() if name]
    if variables:
        labels = {name: wave.codebook.variable(name).labels() for name in variables}
        pairs = zip(estimates["domain_variable"], estimates["domain"], strict=True)
        heading = (
            wave.codebook.variable(variables[0]).label.text if len(variables) == 1 else tr("Group")
        )
        table.insert(0, heading, [labels[name][domain] for name, domain in pairs])
    scale = find_scale(estimates)
    table[scale.heading] = _numbers(estimates["estimate"], scale)
    fixed = find_fixed(estimates)
    varying = estimates[["ci_low", "ci_high", "deff", "n_eff"]].mask(fixed)
    table[tr("95% CI")] = _intervals(varying, scale)
    table[tr("Base (n)")] = [write_number(n) if n else "" for n in estimates["n"]]
    table[tr("Design effect")] = [_number(value, 2) for value in varying["deff"]]
    table[tr("Effective n")] = [_number(value, 0) for value in varying["n_eff"]]
    if (estimates["mark"] != "untestable").any():
        gaps = scale.factor * estimates["difference"]
        table[tr("Gap to the rest (points)")] = [_signed(gap, scale.decimals + 1) for gap in gaps]
        table[tr("p (adjusted)")] = [_p(value) for value in estimates["p_adjusted"]]
        table[tr("Mark")] = [name_mark(mark) for mark in estimates["mark"]]
        table[tr("Detectable gap (points)")] = [
            _number(scale.factor * gap, scale.decimals) for gap in estimates["smallest_gap"]
        ]
    table[tr("State")] = write_states(estimates)
    table.loc[fixed.to_numpy(), tr("State")] = tr(FIXED)
    return table


def find_fixed(estimates: pd.DataFrame) -> pd.Series:
    """Find the rows of an estimate table that the design fixes, such as the share of a stratum.

    They have no sampling error to show.
    """
    tops = {name: scale.top for name, scale in SCALES.items()}
    top = estimates["unit"].map(tops).astype(float)
    inside = (estimates["estimate"] > 0) & (estimates["estimate"] < top)
    return inside & (estimates["se"] < _LEAST)


def name_mark(mark: str) -> str:
    """Name a mark of an estimate table, e.g. ``higher`` or ``no significant difference``."""
    return tr(_MARKS[mark])


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
        word = name_state(state)
        explained = reason and state in ("warn", "suppress") and reason != tr(CONFIDENTIAL)
        if explained:
            word = tr("{state}: {reason}", state=word, reason=reason)
        texts.append(reason if reason == tr(CONFIDENTIAL) else word)
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
    state = row["reliability"]
    if state == "not_published":
        return name_state(state)
    if state == "suppress" and row["reason"] != tr(CONFIDENTIAL):
        return tr("{state}: {reason}", state=name_state(state), reason=row["reason"])
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
        _number(scale.factor * row.estimate, scale.decimals) or name_state(row.reliability)
        for row in estimates.itertuples()
    ]
    filled = estimates.assign(text=words, id=build_ids(estimates))
    table, ids = (
        filled.pivot(index="domain", columns="answer", values=name)
        .loc[domain.answer_ids, question.answer_ids]
        .rename(columns=question.labels())
        for name in ("text", "id")
    )
    table.insert(0, domain.label.text, [domain.label_of(name) for name in table.index])
    title = tr(
        "{actor}: {question}, {unit}",
        actor=name_actor(wave.codebook.actor, start=True),
        question=question.label.text[:1].lower() + question.label.text[1:],
        unit=scale.unit,
    )
    codebooks = {wave.survey: wave.codebook}
    record_table(estimates, title=title, note="", codebooks=codebooks)
    ids = ids.reset_index(drop=True)
    return _style(table.reset_index(drop=True), title, _provenance([wave]), ids=ids)


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
    verdicts = list(ledger["verdict"])
    table = pd.DataFrame(
        {
            tr("Figure"): ledger["figure"],
            tr("Measure"): ledger["measure"],
            tr("Territory"): ledger["territory"],
            tr("Published"): [write_digits(value, 6) if value < 1e5 else write_number(value)
                              for value in ledger["published"]],
            tr("Unit"): [tr(_UNITS[unit]) for unit in ledger["unit"]],
            tr("Legibility"): [tr(text) for text in ledger["legibility"]],
            tr("Recomputed"): [_number(value, 2) for value in ledger["recomputed"]],
            tr("Difference"): [_signed(value, 2) for value in ledger["difference"]],
            tr("Tolerance"): [write_digits(value, 6) for value in ledger["tolerance"]],
            tr("Basis"): [tr(text) if text else "" for text in ledger["basis"]],
            tr("Verdict"): [tr(text) for text in verdicts],
            tr("Reason"): ledger["reason"],
        }
    )  # fmt: skip
    note = tr(
        "Published: as printed. Recomputed: {provenance} Tolerance: half the last printed digit. "
        "Calibrated on it: agreement is built in and shows that nothing was lost.",
        provenance=_provenance(waves),
    )
    ids = pd.DataFrame({tr("Published"): ledger["figure"]})
    shown = _style(table, tr("Ledger: published beside recomputed"), note, ids=ids)
    for verdict, colour in _VERDICT_COLOURS.items():
        rows = [place for place, name in enumerate(verdicts) if name == verdict]
        if rows:
            cells = loc.body(columns=tr("Verdict"), rows=rows)
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
            tr("Actor"): [name_actor(actor, start=True) for actor in statuses["actor"]],
            tr("Status"): [tr(label) for label in statuses["label"]],
            "%": [
                _number(100 * row.share, 1)
                if row.reading == "computed"
                else f"≈ {write_number(100 * row.share)}"
                for row in statuses.itertuples()
            ],
            tr("95% CI"): _intervals(statuses),
            tr("Comes from"): [tr(reading) for reading in statuses["reading"]],
        }
    )
    words = tr(
        "Computed: from the respondents. Ambiguous reading: printed, hard to read. "
        "Deduced: what is left to 100 if that reading is right."
    )
    return _style(table, tr("Partnership status"), f"{_provenance(waves)} {words}")


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
    pairs = zip(audits["low"], audits["high"], strict=True)
    table = pd.DataFrame(
        {
            tr("Audit"): audits["audit"],
            tr("What"): [tr(text) for text in audits["says"]],
            tr("Figures"): audits["figures"],
            tr("Legibility"): [
                ", ".join(tr(part) for part in text.split(", ")) for text in audits["legibility"]
            ],
            tr("From the printed values"): [_number(value, 1) for value in audits["computed"]],
            tr("Range of roundings"): [_write_range(low, high) for low, high in pairs],
            tr("Claimed"): [_number(value, 1) for value in audits["claimed"]],
            tr("Verdict"): [tr(verdict) for verdict in audits["verdict"]],
        }
    )
    table.loc[shares, [tr("From the printed values"), tr("Range of roundings")]] = ""
    note = tr(
        "PUBLISHED figures. Consistent: the range of what the printed values may stand for meets "
        "the claim. Implied: nothing is claimed. Possible: a whole number of respondents gives it."
    )
    return _style(table, tr("Do the published figures agree with one another?"), note)


def _write_range(low: float, high: float) -> str:
    if low == high:
        return ""
    ends = [write_digits(end, 4) if high < 1000 else write_number(end) for end in (low, high)]
    return tr("{low} to {high}", low=ends[0], high=ends[1])


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
                tr("Survey"): name_survey(wave.survey),
                tr("Wave"): wave.name,
                tr("Provenance"): tr(_KINDS[wave.provenance]),
                tr("Respondents"): write_number(len(weights)),
                tr("Weights, least to greatest"): (
                    tr("not shown") if wave.provenance == "real" else _spread(weights)
                ),
                tr("Sum of weights"): write_number(weights.sum()),
                tr("Strata"): ", ".join(_name_strata(wave)) or tr("none"),
                tr("Questions"): len(wave.file.questions),
                tr("Missing answers"): describe_missing(wave),
            }
        )
    return _style(pd.DataFrame(rows), tr("Waves of this run"), "")


def show_weights(weights: pd.DataFrame, *waves: Wave) -> GT:
    """Show the spread of weights and what it costs.

    Parameters
    ----------
    weights : pandas.DataFrame
        From `helpers.stats.diagnostics.describe_weights`, with or without a
        first column that names the group.
    *waves : Wave
        One only, where groups are levels of a domain variable of it.

    Returns
    -------
    great_tables.GT
    """
    headings = {
        "survey": tr("Survey"),
        "actor": tr("Actor"),
        "n": tr("Respondents"),
        "sum": tr("Sum"),
        "min": tr("Least"),
        "median": tr("Median"),
        "max": tr("Greatest"),
        "ratio": tr("Greatest / least"),
        "cv": tr("Coefficient of variation"),
        "deff_kish": tr("Design effect (Kish)"),
        "n_eff_kish": tr("Effective n (Kish)"),
    }
    decimals = {"n": 0, "sum": 0, "ratio": 1, "n_eff_kish": 0}
    names = {"survey": name_survey, "actor": name_actor}
    table = hide_levels(weights, *waves) if len(waves) == 1 else weights.copy()
    if any(wave.provenance == "real" for wave in waves):
        # One weight and the total it was raked to would give a withheld base.
        table = table.drop(columns=["min", "median", "max", "ratio"], errors="ignore")
    for column in table.columns.intersection(list(headings)):
        write = names.get(column) or partial(_number, decimals=decimals.get(column, 2))
        table[column] = [write(value) for value in table[column]]
    group = {name: str(name)[:1].upper() + str(name)[1:] for name in table.columns}
    table = table.rename(columns=group | headings)
    note = tr("Kish's form counts unequal weights only.")
    return _style(table, tr("Weights and what they cost"), f"{_provenance(waves)} {note}")


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
            tr("Margin"): [codebook.margin(margin).label.text for margin, _ in pairs],
            tr("Level"): [name_level(codebook, margin, level) for margin, level in pairs],
            tr("Respondents"): [_number(n, 0) or tr(CONFIDENTIAL) for n in report["n"]],
            tr("Before (%)"): [_number(100 * share, 1) for share in report["base_share"]],
            tr("Official count"): [_number(count, 0) for count in official["target_count"]],
            tr("Official (%)"): [_number(100 * share, 1) for share in official["target_share"]],
            tr("After (%)"): [_number(100 * share, 1) for share in report["achieved_share"]],
        }
        name = {tr("Wave"): name_wave(wave)} if len(waves) > 1 else {}
        parts.append(pd.DataFrame({**name, **part}))
        notes.append(f"{describe_margins(codebook, margins)}.")
    words = tr(
        "Official counts: {margins} Frames of other years are scaled to the total of the first "
        "margin. Not known: kept at its share before.",
        margins=" ".join(notes),
    )
    note = f"{_provenance(waves)} {words}"
    return _style(pd.concat(parts, ignore_index=True), tr("Weights beside official counts"), note)


def describe_missing(wave: Wave) -> str:
    """Range over the questions of the share of respondents asked who hold no answer.

    Parameters
    ----------
    wave : Wave

    Returns
    -------
    str
        E.g. ``0% to 4% by question``, or ``0% for every question``.
    """
    shares = []
    for name in wave.file.questions:
        question = wave.codebook.variable(name)
        asked = wave.respondents
        if question.asked_if:
            asked = asked[asked[question.asked_if.question].isin(question.asked_if.answers)]
        columns = [column for column in question.columns if column in asked]
        shares.append(asked[columns].isna().all(axis=1).mean())
    low, high = write_percent(min(shares)), write_percent(max(shares))
    if low == high:
        return tr("{share} for every question", share=low)
    return tr("{low} to {high} by question", low=low, high=high)


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
                rows.append(
                    {tr("Survey"): name_survey(wave.survey)} | _measure(wave.codebook, name)
                )
    note = tr("Paraphrase: the exact wording was not published.")
    shown = _style(pd.DataFrame(rows), tr("The measure"), note)
    return shown.fmt(_mark_french, columns=_ORIGINAL) if rows and _ORIGINAL in rows[0] else shown


def _mark_french(text: str) -> str:
    """French words on a page in another language, for those who have it read aloud."""
    return f'<span lang="fr">{escape(text)}</span>'


def show_frame(
    frame: pd.DataFrame, *, title: str, note: str = "", ids: pd.DataFrame | None = None,
    rows: pd.DataFrame | None = None,
) -> GT:  # fmt: skip
    """Show any small frame; column names become headings.

    Parameters
    ----------
    frame : pandas.DataFrame
    title, note : str
    ids : pandas.DataFrame, optional
        Of some of its columns, the id of the number in each row.
    rows : pandas.DataFrame, optional
        Rows of the estimate tables it was written from: the exports of a page hold them.

    Returns
    -------
    great_tables.GT
    """
    if rows is not None:
        record_table(rows, title=title, note=note)
    names = {name: str(name).replace("_", " ") for name in frame.columns}
    headings = {name: words[:1].upper() + words[1:] for name, words in names.items()}
    ids = None if ids is None else ids.rename(columns=headings)
    return _style(frame.rename(columns=headings), title, note, ids=ids)


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
            (tr("Weighting"), file.weighting.text),
            *[(tr("Sample size"), note.text) for note in [file.n_note] if note],
            *[(tr("Assumption"), words.text) for words in file.assumptions],
            *[(tr("Source"), words.text) for words in file.sources],
        ]
        rows += [
            {tr("Wave"): name_wave(wave), tr("About"): about, tr("Statement"): text}
            for about, text in notes
        ]
    return _style(pd.DataFrame(rows), tr("What the data assume"), _provenance(waves))


def _provenance(waves) -> str:
    """Provenance of the waves behind a table, each kind once."""
    kinds = dict.fromkeys(wave.provenance for wave in waves)
    return " ".join(f"{tr(WORDS[kind])}." for kind in kinds)


def _measure(codebook: Codebook, name: str) -> dict:
    """Wording in the language of the page and, on an English one, in the French it was put in."""
    question = codebook.variable(name)
    texts = {
        lang: f"{getattr(question.text, lang)} {' / '.join(question.labels(lang).values())}"
        for lang in ("fr", "en")
    }
    if get_language() == "fr":
        words = {"Question": texts["fr"]}
    else:
        words = {_ORIGINAL: texts["fr"], "English": texts["en"]}
    return {
        tr("Variable"): question.id,
        **words,
        tr("Base"): question.base.text,
        tr("Type"): tr(_TYPES[question.type]),
        tr("Asked"): _describe_routing(codebook, question),
        tr("Wording"): tr(_WORDINGS[question.wording]),
    }


def _describe_routing(codebook: Codebook, question: Question) -> str:
    if not question.asked_if:
        return tr("everybody")
    asked = codebook.variable(question.asked_if.question)
    answers = ", ".join(asked.label_of(answer) for answer in question.asked_if.answers)
    return f"{asked.label.text} = {answers}"


def _answer_labels(estimates: pd.DataFrame, codebook: Codebook) -> list[str]:
    pairs = zip(estimates["question"], estimates["answer"], strict=True)
    return [codebook.variable(question).label_of(answer) for question, answer in pairs]


def _numbers(values: pd.Series, scale: Scale) -> list[str]:
    """Values to one decimal more than a text gives."""
    return ["" if pd.isna(value) else scale.number(value, more=1) for value in values]


def _intervals(frame: pd.DataFrame, scale: Scale = SCALES["share"]) -> list[str]:
    bounds = zip(*(_numbers(frame[name], scale) for name in ("ci_low", "ci_high")), strict=True)
    return [f"{low}–{high}" if low else "" for low, high in bounds]


def _name_strata(wave: Wave) -> list[str]:
    """Labels of the strata; the name of the column where the codebook has none."""
    labels = {domain.id: domain.label.text for domain in wave.codebook.domains}
    return [labels.get(name, name) for name in wave.design.strata]


def _spread(weights: pd.Series) -> str:
    low, high = (
        write_number(value) if value >= 100 else write_digits(value)
        for value in (weights.min(), weights.max())
    )
    return tr("{low} to {high}", low=low, high=high)


def _number(value: float, decimals: int) -> str:
    return "" if pd.isna(value) else write_number(value, decimals)


def _signed(value: float, decimals: int = 1) -> str:
    if pd.isna(value):
        return ""
    text = write_number(value, decimals, signed=True)
    return text.lstrip("+-") if round(value, decimals) == 0 else text


def _p(value: float) -> str:
    if pd.isna(value):
        return ""
    return f"<{write_number(0.001, 3)}" if value < 0.001 else write_number(value, 3)


def _style(
    table: pd.DataFrame, title: str, note: str, *, ids: pd.DataFrame | None = None
) -> GT:  # fmt: skip
    """Lay texts out; `ids` holds, of some columns, the id of the number in each row."""
    if table.empty:
        table = pd.DataFrame({"": [tr("None.")]})
    # An id made from the title, not at random, keeps stored outputs the same from run to run;
    # JupyterLab lays tables out in columns of equal width unless told otherwise.
    numeric = [name for name in table.columns if _is_numeric(table[name])]
    bare = [name for name in numeric if not _find_words(table[name]).any()]
    numbered = [] if ids is None else [name for name in ids if name in table]
    for name in numbered:
        table = table.assign(**{name: list(map(_attach_id, table[name], ids[name]))})
    shown = (
        GT(table, id=re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-"))
        .tab_header(title=title)
        .opt_align_table_header(align="left")
        .cols_align(align="left")
        .tab_options(table_font_size="13px", data_row_padding="3px", table_width="100%")
        .opt_css(".gt_table { table-layout: auto !important; }")
        .tab_style(style.text(whitespace="nowrap"), loc.body(columns=bare))
    )
    if numeric:
        shown = shown.cols_align(align="right", columns=numeric)
    if numbered:
        shown = shown.fmt_passthrough(columns=numbered, escape=False)
    return shown.tab_source_note(note) if note else shown


def _attach_id(text: str, number: str) -> str:
    """A number with its id as HTML's machine-readable value; what is no number has none."""
    shown = escape(text)
    if not any(sign.isdigit() for sign in text):
        return shown
    return f'<data value="{escape(number, quote=True)}">{shown}</data>'


def _is_numeric(column: pd.Series) -> bool:
    """Whether a column holds numbers, written out or not; words in place of some, or blanks."""
    texts = (
        column.astype(str).str.strip("<+-%*\u202f ▲▼").str.replace(r"[,–.\u202f]", "", regex=True)
    )
    numbers, words = texts.str.isdigit(), _find_words(column)
    return bool((numbers | words | (texts == "")).all() and numbers.sum() >= max(words.sum(), 1))


def _find_words(column: pd.Series) -> pd.Series:
    """Cells that say in words why there is no number."""
    return column.astype(str).str.fullmatch(r"(?=.*\w)\D+")
