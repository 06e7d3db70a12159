"""The last section of a page: how it is cited, how its surveys were made, what it was made from."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from helpers.data.disclosure import Code, read_disclosure
from helpers.data.language import join_clauses, tr
from helpers.data.responses import Wave, read_wave
from helpers.data.root import find_root
from helpers.data.waves import WaveFile
from helpers.run.badges import find_badges
from helpers.run.citation import Page, cite_page, read_collection, write_bibtex
from helpers.run.lineage import (
    list_data_files,
    list_parameters,
    list_seeds,
    list_waves_shown,
    read_date,
)
from helpers.run.pages import render_template
from helpers.run.plans import Run
from helpers.run.versions import list_packages, read_code_version
from helpers.stats.number_ids import build_id
from helpers.view.notices import Statement, build_notice, describe_wanting
from helpers.view.provenance import WORDS


@dataclass(frozen=True)
class _Notice:
    title: str
    words: str
    rows: list[tuple[str, list[str], list[str]]]
    wanting: str
    empty: str


def write_trust(notebook: NotebookNode, run: Run, *, title: str, root: Path | None = None) -> str:
    """Write the section, in the language in use, as HTML that is no page of its own.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        The executed notebook.
    run : Run
    title : str
        Title of the study.
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    str

    Raises
    ------
    InputError
        If a file of a wave, the register or `CITATION.cff` is missing or not valid.
    """
    root = root or find_root()
    shown = list_waves_shown(run, root=root)
    waves = [read_wave(*pair, root=root) for pair in shown]
    collection = read_collection(root=root)
    page = describe_page(run, [wave.file for wave in waves], title=title, root=root)
    codes = read_disclosure(root=root).codes
    return render_template(
        "study/trust.html.j2",
        citation=cite_page(page, collection),
        bibtex=write_bibtex(page, collection),
        notices=[_write_notice(wave, codes, root) for wave in waves],
        codes=codes,
        example=_write_example(waves),
        code=page.code,
        made=page.made.isoformat(),
        parameters=list_parameters(notebook, run),
        seeds=list_seeds(shown, root=root),
        packages=list_packages(),
        files=list_data_files(shown, root=root),
    )


def describe_page(run: Run, files: Sequence[WaveFile], *, title: str, root: Path) -> Page:
    """Say what is cited when a page, or a file made from it, is cited.

    Parameters
    ----------
    run : Run
    files : sequence of WaveFile
        Of the waves it rests on.
    title : str
        Title of the study.
    root : pathlib.Path
        Root of the collection.

    Returns
    -------
    Page
    """
    return Page(
        name=run.page.stem,
        title=title,
        wave=run.wave,
        kinds=[badge.words.partition(":")[0].strip()
               for badge in find_badges(run.surveys, run.wave, root=root)],
        surveys=[f"{file.title.text} ({file.fieldwork.producer.text})" for file in files],
        code=read_code_version(),
        made=read_date(),
    )  # fmt: skip


def _write_notice(wave: Wave, codes: list[Code], root: Path) -> _Notice:
    statements = build_notice(wave, root=root)
    empty = [statement.item.label.text for statement in statements if not statement.texts]
    return _Notice(
        title=wave.file.title.text,
        words=tr(WORDS[wave.provenance]),
        rows=[
            (statement.item.label.text, statement.texts, _write_askers(statement, codes))
            for statement in statements
        ],
        wanting=describe_wanting(wave),
        empty=join_clauses(empty),
    )


def _write_askers(statement: Statement, codes: list[Code]) -> list[str]:
    asked = statement.item.asked_by
    return [f"{code.short.text} {asked[code.id]}" for code in codes if code.id in asked]


def _write_example(waves: list[Wave]) -> str:
    """Id of a number of the page's first wave; "" for a page without one."""
    if not waves:
        return ""
    wave = waves[0]
    question = wave.codebook.variable(wave.file.questions[0])
    return build_id(wave.survey, wave.name, question.id, question.answer_ids[0])
