"""The workbook of one page: its cover says what it is, whose survey, how to cite it."""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from pathlib import Path

from helpers.data.language import tr
from helpers.data.register import read_register
from helpers.data.waves import WaveFile, read_wave_file
from helpers.run.citation import cite_page, read_collection
from helpers.run.lineage import list_waves_shown, read_date
from helpers.run.plans import Run
from helpers.run.trust import describe_page
from helpers.run.workbook import Sheet, write_workbook
from helpers.view.provenance import WORDS


def write_book(run: Run, tables: Sequence[Sheet], *, title: str, root: Path) -> bytes:
    """Write the workbook of a page, in the language in use.

    Parameters
    ----------
    run : Run
    tables : sequence of Sheet
        The tables of the page.
    title : str
        Of the page.
    root : pathlib.Path
        Root of the collection.

    Returns
    -------
    bytes
    """
    files = [read_wave_file(*pair, root=root) for pair in list_waves_shown(run, root=root)]
    collection = read_collection(root=root)
    page = describe_page(run, files, title=title, root=root)
    kinds = dict.fromkeys(kind for table in tables for kind in table.kinds)
    cover = [
        (tr("What the data are"), [f"{tr(WORDS[kind])}." for kind in kinds]),
        (tr("Surveys"), [_tell_wave(file) for file in files]),
        (tr("What this workbook holds"), [
            tr("The estimate tables of the page “{title}”, one a sheet, at full precision. The "
               "sheet {contents} links to each; the sheet {notes} explains shorthand, "
               "significance and what is withheld.",
               title=title, contents=tr("Contents"), notes=tr("Notes")),
        ]),
        (tr("How to cite it"), [cite_page(page, collection)]),
        (tr("Licence"), _tell_licences(files, root)),
        (tr("Version"), [tr("{code}; run on {date}", code=page.code, date=page.made.isoformat())]),
    ]  # fmt: skip
    return write_workbook(
        tables, title=f"{title} · {run.wave}" if run.wave else title, cover=cover,
        author=", ".join(map(str, collection.authors)),
        made=datetime.combine(read_date(), time(), UTC).replace(tzinfo=None),
    )  # fmt: skip


def _tell_wave(file: WaveFile) -> str:
    fieldwork = file.fieldwork
    return tr(
        "{survey}. Producer: {producer}. Fieldwork: {dates}.", survey=file.title.text,
        producer=fieldwork.producer.text.rstrip("."), dates=fieldwork.dates.text.rstrip("."),
    )  # fmt: skip


def _tell_licences(files: list[WaveFile], root: Path) -> list[str]:
    known = read_register(root=root).set_index("file")["licence"]
    lines = []
    for file in files:
        licence = known.get(f"data/surveys/{file.survey}/{file.wave}/responses.parquet")
        told = tr(licence) if licence else tr("not stated")
        lines.append(tr("{title}: {licence}", title=file.title.text, licence=told))
    return list(dict.fromkeys(lines))
