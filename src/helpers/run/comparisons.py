"""The page of what changed between two waves, and the summary the command prints."""

from pathlib import Path

import pandas as pd

from helpers.data.codebook import Question
from helpers.data.language import tr
from helpers.data.responses import Wave, read_wave
from helpers.data.root import find_root
from helpers.data.wave_pairs import list_comparable, order_waves
from helpers.run.pages import render_template, write_page
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
from helpers.view.provenance import COLOURS, WORDS

_PROSE = (
    "Question",
    "Waves",
    "Comparable",
    "Reason",
    "Group",
    "Answer",
    "Change",
    "Event",
    "Reading",
    "By",
)


def write_comparison(
    survey: str, first: str, second: str, *, rule: Rule = DEFAULT_RULE, root: Path | None = None
) -> tuple[Path, list[str]]:
    """Compare two waves of a survey and write the page into `reports/compare/`.

    Parameters
    ----------
    survey, first, second : str
        Names; the waves in any order, a year before a later one.
    rule : Rule, optional
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    tuple of pathlib.Path and list of str
        The page, and a summary in lines of plain text.

    Raises
    ------
    InputError
        As `helpers.data.wave_pairs.order_waves` and `read_wave`; nothing has been written.
    """
    root = root or find_root()
    names = order_waves(survey, first, second, root=root)
    waves = [read_wave(survey, name, root=root) for name in names]
    comparison = build_comparison(*waves, rule=rule)
    turned = ""
    if names != (str(first), str(second)):
        turned = f"Put in time order: {names[0]} first, then {names[1]}."
    others = list_comparable(survey, root=root)
    page = render_comparison(comparison, turned=turned, others=others)
    path = root / "reports" / "compare" / f"{survey}-{names[0]}-{names[1]}.html"
    return write_page(page, path), summarise(comparison, turned=turned, others=others)


def summarise(comparison: WaveComparison, *, turned: str, others: pd.DataFrame) -> list[str]:
    """Summarise a comparison for the terminal.

    Parameters
    ----------
    comparison : WaveComparison
    turned : str
        Said first, if the waves were given in another order.
    others : pandas.DataFrame
        From `helpers.data.wave_pairs.list_comparable`.

    Returns
    -------
    list of str
    """
    lines = [turned] if turned else []
    lines += [f"{wave.survey} {wave.name}: {WORDS[wave.provenance]}"
              for wave in (comparison.first, comparison.second)]  # fmt: skip
    lines += list_lines(comparison)
    return lines if comparison.compared else [*lines, _suggest(comparison, others)]


def render_comparison(
    comparison: WaveComparison, *, turned: str = "", others: pd.DataFrame | None = None
) -> str:
    """Render a comparison as one HTML page that needs nothing else.

    Parameters
    ----------
    comparison : WaveComparison
    turned : str
        Said on top, if the waves were given in another order.
    others : pandas.DataFrame, optional
        From `helpers.data.wave_pairs.list_comparable`: shown when nothing can be compared.

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
        waves=[_describe_wave(wave) for wave in (first, second)],
        turned=turned,
        verdict=describe_comparison(comparison),
        notes=[text for text in (describe_groups(comparison), describe_chance(comparison)) if text],
        told=group_sentences(comparison),
        suggestion=_suggest(comparison, others) if nothing and others is not None else "",
        common=_write_table(tabulate_questions(comparison), (*_PROSE, "Wording")),
        domains=_describe_domains(first, second),
        questions=[_describe_question(name, comparison) for name in comparison.compared],
        marks=_write_table(tabulate_marks(comparison), (*_PROSE, first.name, second.name)),
        counts=_write_table(count_marks(comparison)),
        marks_tested=bool((comparison.marks["event"] != "untestable").any()),
        correction=tr(CORRECTIONS[comparison.rule.correction]),
        shared=SHARED,
        level=write_level(comparison),
        replicates=REPLICATES,
    )


def _describe_wave(wave: Wave) -> dict:
    file = wave.file
    return {
        "name": wave.name,
        "words": WORDS[wave.provenance],
        "colour": COLOURS[wave.provenance],
        "title": file.title.text,
        "n": f"{len(wave.respondents):,}",
        "status": "counted" if file.n_status == "counted" else f"sample size {file.n_status}",
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
            {"label": comparison.first.codebook.variable(by).label.text,
             **_write_shown(changes[changes["domain_variable"] == by], comparison)}
            for by in comparison.domains
        ],
        "parts": _write_table(tabulate_parts(parts, comparison)),
        "reasons": list_reasons(parts),
    }  # fmt: skip


def _write_shown(changes: pd.DataFrame, comparison: WaveComparison) -> dict:
    """Rows with an estimate in either wave, and how many have none, with the reasons."""
    known = changes[["estimate_first", "estimate_second"]].notna().any(axis=1)
    return {
        "table": _write_table(tabulate_changes(changes[known], comparison)),
        "left_out": int((~known).sum()),
        "reasons": list(changes.loc[~known, "reason"].unique()),
        "moved": int(changes["mark"].isin(["higher", "lower"]).sum()),
    }


def _suggest(comparison: WaveComparison, others: pd.DataFrame) -> str:
    """What to do when nothing can be compared."""
    survey = comparison.first.survey
    if (comparison.questions["verdict"] == "not_stated").any():
        return (
            f"Read the wording of both waves, then state under `comparability` in "
            f"data/surveys/{survey}/codebook.yaml what may be compared, and why."
        )
    pairs = [f"{row.first} and {row.second}" for row in others.itertuples()]
    known = (
        f"Waves of {survey} that may be compared: {'; '.join(pairs)}."
        if pairs
        else f"No two waves of {survey} in the collection may be compared yet."
    )
    return (
        f"A change needs a question asked in both waves, whose wording the codebook states to be "
        f"the same or near. {known}"
    )


def _write_table(table: pd.DataFrame, prose: tuple[str, ...] = _PROSE) -> dict:
    """Headings, rows and which columns hold numbers."""
    return {
        "columns": [(name, "" if name in prose else "number") for name in table.columns],
        "rows": table.to_numpy().tolist(),
    }
