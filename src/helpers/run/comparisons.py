"""The page of what changed between two waves, and the summary the command prints."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from helpers.data.actors import name_survey
from helpers.data.codebook import Question
from helpers.data.language import (
    LANGUAGES,
    SOURCE,
    get_language,
    join_clauses,
    message,
    ntr,
    tr,
    use_language,
    write_digits,
    write_list,
    write_number,
)
from helpers.data.responses import Wave, read_wave
from helpers.data.root import find_root
from helpers.data.wave_pairs import list_comparable, order_waves
from helpers.run.pages import render_template, write_page
from helpers.run.site import NAMES
from helpers.stats.results import CORRECTIONS, DEFAULT_RULE, Rule
from helpers.stats.wave_comparison import REPLICATES, WaveComparison, build_comparison
from helpers.view.change_sentences import (
    describe_chance,
    describe_comparison,
    describe_groups,
    group_sentences,
    list_lines,
)
from helpers.view.change_tables import (
    SHARED,
    count_marks,
    list_reasons,
    tabulate_changes,
    tabulate_marks,
    tabulate_parts,
    tabulate_questions,
    write_level,
)
from helpers.view.provenance import COLOURS, STATUSES, WORDS

# Headings over columns of words; the others hold numbers.
_PROSE = (
    message("Question"),
    message("Waves"),
    message("Comparable"),
    message("Reason"),
    message("Group"),
    message("Answer"),
    message("Change"),
    message("Event"),
    message("Reading"),
    message("By"),
    message("Wording"),
)


def write_comparison(
    survey: str, first: str, second: str, *, rule: Rule = DEFAULT_RULE,
    langs: Sequence[str] = LANGUAGES, root: Path | None = None,
) -> tuple[list[Path], list[str]]:  # fmt: skip
    """Compare two waves of a survey and write a page per language into `reports/compare/`.

    Parameters
    ----------
    survey, first, second : str
        Names; the waves in any order, a year before a later one.
    rule : Rule, optional
    langs : sequence of str
        Languages of the pages, of `helpers.data.language.LANGUAGES`.
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    tuple of list of pathlib.Path and list of str
        The pages, and a summary in lines of plain English text.

    Raises
    ------
    InputError
        If a language is unknown, and as `helpers.data.wave_pairs.order_waves` and `read_wave`;
        nothing has been written.
    """
    root = root or find_root()
    names = order_waves(survey, first, second, root=root)
    waves = [read_wave(survey, name, root=root) for name in names]
    turned = names != (str(first), str(second))
    others = list_comparable(survey, root=root)
    pages, summary = {}, []
    # Reasons are words too: each language compares for itself.
    for lang in dict.fromkeys([*langs, SOURCE]):
        with use_language(lang):
            comparison = build_comparison(*waves, rule=rule)
            if lang in langs:
                path = root / "reports" / "compare" / name_page(comparison, lang)
                pages[path] = render_comparison(
                    comparison, turned=turned, others=others, langs=langs
                )
            if lang == SOURCE:
                summary = summarise(comparison, turned=turned, others=others)
    return [write_page(page, path) for path, page in pages.items()], summary


def summarise(comparison: WaveComparison, *, turned: bool, others: pd.DataFrame) -> list[str]:
    """Summarise a comparison for the terminal.

    Parameters
    ----------
    comparison : WaveComparison
    turned : bool
        Whether the waves were given in another order: said first.
    others : pandas.DataFrame
        From `helpers.data.wave_pairs.list_comparable`.

    Returns
    -------
    list of str
    """
    lines = [_describe_order(comparison)] if turned else []
    lines += [f"{wave.survey} {wave.name}: {tr(WORDS[wave.provenance])}"
              for wave in (comparison.first, comparison.second)]  # fmt: skip
    lines += list_lines(comparison)
    return lines if comparison.compared else [*lines, _suggest(comparison, others)]


def render_comparison(
    comparison: WaveComparison, *, turned: bool = False, others: pd.DataFrame | None = None,
    langs: Sequence[str] = (),
) -> str:  # fmt: skip
    """Render a comparison as one HTML page, in the language in use, that needs nothing else.

    Parameters
    ----------
    comparison : WaveComparison
        Built in the same language.
    turned : bool
        Whether the waves were given in another order: said on top.
    others : pandas.DataFrame, optional
        From `helpers.data.wave_pairs.list_comparable`: shown when nothing can be compared.
    langs : sequence of str
        Languages of the same page, to which it links.

    Returns
    -------
    str
        Estimates and counts, no respondent; labels are escaped.
    """
    first, second = comparison.first, comparison.second
    nothing = not comparison.compared
    return render_template(
        "comparison.html.j2",
        comparison=comparison,
        codebook=first.codebook,
        survey=name_survey(first.survey),
        lang=get_language(),
        links=[
            {"href": name_page(comparison, lang), "lang": lang, "name": NAMES[lang]}
            for lang in langs if lang != get_language()
        ],
        waves=[_describe_wave(wave) for wave in (first, second)],
        order=_describe_order(comparison) if turned else "",
        verdict=describe_comparison(comparison),
        notes=[text for text in (describe_groups(comparison), describe_chance(comparison)) if text],
        told=group_sentences(comparison),
        suggestion=_suggest(comparison, others) if nothing and others is not None else "",
        common=_write_table(tabulate_questions(comparison)),
        domains=_describe_domains(first, second),
        questions=[_describe_question(name, comparison) for name in comparison.compared],
        marks=_write_table(tabulate_marks(comparison), first.name, second.name),
        counts=_write_table(count_marks(comparison)),
        marks_tested=bool((comparison.marks["event"] != "untestable").any()),
        correction=tr(CORRECTIONS[comparison.rule.correction]),
        shared=SHARED,
        level=write_level(comparison),
        alpha=write_digits(comparison.rule.alpha),
        replicates=write_number(REPLICATES),
    )  # fmt: skip


def _describe_wave(wave: Wave) -> dict:
    file = wave.file
    return {
        "name": wave.name,
        "words": tr(WORDS[wave.provenance]),
        "colour": COLOURS[wave.provenance],
        "title": file.title.text,
        "n": write_number(len(wave.respondents)),
        "status": tr(STATUSES[file.n_status]),
        "producer": file.fieldwork.producer.text,
        "dates": file.fieldwork.dates.text,
        "mode": file.fieldwork.mode.text,
        "weighting": file.weighting.text,
        "assumptions": [words.text for words in file.assumptions],
    }


def _describe_domains(first: Wave, second: Wave) -> dict:
    """Domain variables of both waves, of the first only and of the second only."""
    held = [set(wave.file.domains) for wave in (first, second)]
    names = {
        "both": held[0] & held[1], "first": held[0] - held[1], "second": held[1] - held[0],
    }  # fmt: skip
    return {
        side: [domain.label.text for domain in first.codebook.domains if domain.id in ids]
        for side, ids in names.items()
    }


def _describe_question(name: str, comparison: WaveComparison) -> dict:
    """What the page says of one question that is compared."""
    item: Question = comparison.first.codebook.variable(name)
    stated = comparison.questions.set_index("question").loc[name]
    changes = comparison.changes[comparison.changes["question"] == name]
    parts = comparison.parts[comparison.parts["question"] == name]
    whole = changes[changes["domain_variable"] == ""]
    return {
        "item": item,
        "near": stated["verdict"] == "near",
        "reason": stated["reason"],
        "whole": _write_shown(whole, comparison),
        "domains": [
            _write_domain(by, changes[changes["domain_variable"] == by], comparison)
            for by in comparison.domains
        ],
        "parts": _write_table(tabulate_parts(parts, comparison)),
        "reasons": list_reasons(parts),
    }  # fmt: skip


def _write_domain(by: str, changes: pd.DataFrame, comparison: WaveComparison) -> dict:
    label = comparison.first.codebook.variable(by).label.text
    shown = _write_shown(changes, comparison)
    moved = int(changes["mark"].isin(["higher", "lower"]).sum())
    words = tr("By group: {domain}", domain=label)
    heading = ntr(
        "{domain} ({count} row, {moved} significant)",
        "{domain} ({count} rows, {moved} significant)",
        len(shown["table"]["rows"]),
        domain=words, moved=write_number(moved) if moved else tr("none"),
    )  # fmt: skip
    return {"label": label, "words": words, "heading": heading, "moved": moved, **shown}


def _write_shown(changes: pd.DataFrame, comparison: WaveComparison) -> dict:
    """Rows with an estimate in either wave, and how many have none, with the reasons."""
    known = changes[["estimate_first", "estimate_second"]].notna().any(axis=1)
    count = int((~known).sum())
    left_out = ntr(
        "{count} row without an estimate in either wave left out: {reasons}.",
        "{count} rows without an estimate in either wave left out: {reasons}.",
        count, reasons=" / ".join(changes.loc[~known, "reason"].unique()),
    )  # fmt: skip
    return {
        "table": _write_table(tabulate_changes(changes[known], comparison)),
        "left_out": left_out if count else "",
    }


def _describe_order(comparison: WaveComparison) -> str:
    names = {"first": comparison.first.name, "second": comparison.second.name}
    return tr("Put in time order: {first} first, then {second}.", **names)


def _suggest(comparison: WaveComparison, others: pd.DataFrame) -> str:
    """What to do when nothing can be compared."""
    survey = comparison.first.survey
    if (comparison.questions["verdict"] == "not_stated").any():
        return tr(
            "Read the wording of both waves, then state under `comparability` in "
            "data/surveys/{survey}/codebook.yaml what may be compared, and why.",
            survey=survey,
        )
    needed = tr(
        "A change needs a question asked in both waves, whose wording the codebook states to be "
        "the same or near."
    )
    pairs = [write_list([row.first, row.second]) for row in others.itertuples()]
    known = (
        tr("Waves of {survey} that may be compared: {pairs}.", survey=name_survey(survey),
           pairs=join_clauses(pairs))
        if pairs
        else tr("No two waves of {survey} in the collection may be compared yet.",
                survey=name_survey(survey))
    )  # fmt: skip
    return f"{needed} {known}"


def name_page(comparison: WaveComparison, lang: str) -> str:
    """File name of the page of a comparison in a language."""
    first, second = comparison.first, comparison.second
    return f"{first.survey}-{first.name}-{second.name}.{lang}.html"


def _write_table(table: pd.DataFrame, *words: str) -> dict:
    """Headings, rows and which columns hold numbers: neither words nor those of `_PROSE`."""
    prose = {*map(tr, _PROSE), *words}
    return {
        "columns": [(name, "" if name in prose else "number") for name in table.columns],
        "rows": table.to_numpy().tolist(),
    }
