"""Exports of a page: the numbers and figures it shows, as files of other programs."""

import base64
import re
import shutil
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from helpers.data.language import SOURCE, tr, use_language
from helpers.data.root import find_root
from helpers.run.cover import write_book
from helpers.run.downloads import Downloads, Link
from helpers.run.pages import name_part, replace_folder
from helpers.run.plans import Run
from helpers.run.workbook import Sheet
from helpers.view.downloads import disarm
from helpers.view.exhibits import ROWS, read_exhibits, read_rows
from helpers.view.provenance import WORDS

CSV = "estimates.csv"
FIGURES = "figures"
# The header of estimates.csv: the table of the page, the id, which kind of data, the row.
HEADER = ["table", "table_title", "id", "shows", *ROWS[1:]]
_TYPES = {
    "csv": "text/csv;charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_FORMATS = {"svg": "SVG", "png": "PNG"}


def name_folder(run: Run) -> Path:
    """Folder of the exports of a page, relative to `reports/`."""
    return run.page.with_suffix(".files")


@contextmanager
def stage_exports(
    run: Run, exhibits: Path, *, title: str, root: Path | None = None
) -> Iterator[tuple[Path, Downloads]]:
    """Write the exports of a page into a hidden folder, which takes its place at the end.

    Parameters
    ----------
    run : Run
    exhibits : pathlib.Path
        What its notebook showed, as `helpers.view.exhibits` recorded it.
    title : str
        Title of the study.
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Yields
    ------
    folder : pathlib.Path
        To which a file may be added.
    downloads : Downloads

    Notes
    -----
    If the block raises, an older folder stays as it was. Without any file there is none.
    """
    target = (root or find_root()) / "reports" / name_folder(run)
    part = name_part(target)
    part.mkdir(parents=True)
    try:
        with use_language(run.lang or SOURCE):
            downloads = _write_files(run, exhibits, part, title, root or find_root())
        yield part, downloads
        if any(part.iterdir()):
            replace_folder(target, part)
        else:
            shutil.rmtree(target, ignore_errors=True)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def remove_exports(run: Run, *, root: Path | None = None) -> None:
    """Remove the exports of a page that could not be made again."""
    shutil.rmtree((root or find_root()) / "reports" / name_folder(run), ignore_errors=True)


def write_csv(tables: list[Sheet]) -> bytes:
    """Write the rows of all tables of a page as one CSV file.

    Parameters
    ----------
    tables : list of Sheet

    Returns
    -------
    bytes
        UTF-8 with a byte-order mark, which spreadsheets need; columns `HEADER`, numbers at
        full precision with a decimal point, whatever the language of the labels.
    """
    parts = [
        table.rows.assign(
            table=table.number, table_title=table.title,
            shows=[tr(WORDS[kind]) for kind in table.rows["provenance"]],
        )
        for table in tables
    ]  # fmt: skip
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    text = disarm(rows.reindex(columns=HEADER)).to_csv(index=False, lineterminator="\r\n")
    return text.encode("utf-8-sig")


def _write_files(run: Run, exhibits: Path, folder: Path, title: str, root: Path) -> Downloads:
    found = read_exhibits(exhibits)
    tables = [
        Sheet(one.number, one.title, one.text, one.provenance, read_rows(one, exhibits))
        for one in found
        if one.kind == "table"
    ]
    inside = []
    stem = re.sub(r"[^\w.-]+", "-", "-".join(filter(None, [run.page.stem, run.wave])))
    if tables:
        files = {
            CSV: (write_csv(tables), tr("CSV, every row")),
            f"{run.study}.xlsx": (
                write_book(run, tables, title=title, root=root), tr("Excel workbook")
            ),
        }  # fmt: skip
        for name, (data, label) in files.items():
            (folder / name).write_bytes(data)
            inside.append(
                Link(f"{stem}.{name.rpartition('.')[2]}", _embed(name, data), label, len(data))
            )
    beside = name_folder(run).name
    figures = [
        (one.title, _copy_figure(exhibits / one.stem, one.number, one.title, folder, beside))
        for one in found
        if one.kind == "figure"
    ]
    return Downloads(beside, inside, figures)


def _copy_figure(source: Path, number: int, title: str, folder: Path, beside: str) -> list[Link]:
    (folder / FIGURES).mkdir(exist_ok=True)
    links = []
    for ending, label in _FORMATS.items():
        name = f"{FIGURES}/{number:02d}-{_slug(title)}.{ending}"
        shutil.copyfile(source.with_suffix(f".{ending}"), folder / name)
        size = (folder / name).stat().st_size
        links.append(Link(Path(name).name, f"{beside}/{name}", label, size))
    return links


def _embed(name: str, data: bytes) -> str:
    kind = _TYPES[name.rpartition(".")[2]]
    return f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"


def _slug(title: str) -> str:
    """Part of a file name: letters without accents and digits only."""
    bare = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", bare).strip("-")[:60].rstrip("-") or "figure"
