"""Catalogues of messages: collected from modules, notebooks and data, kept complete.

``python -m helpers.run.messages`` brings every catalogue up to date: new messages come
in without a translation, those nobody uses any more go out.
"""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from helpers.data.language import CATALOGUES, LANGUAGES, SOURCE, find_catalogues
from helpers.data.notebooks import PARAMETERS, read_notebook
from helpers.data.published import list_notes, list_unlinked, name_figure, write_words
from helpers.data.root import find_root
from helpers.run.pages import write_page

KEYWORDS = {"tr": None, "message": None, "ntr": (1, 2)}
FIGURES = "data/published/figures.csv"
# Columns of data files whose words pages show.
COLUMNS = {
    "data/register.csv": ["kind", "producer", "title", "edition", "licence", "citation"],
    "data/frames/population.csv": ["unit", "source", "note"],
    "data/indicators/regions.csv": ["source"],
    "data/indicators/indicators.csv": ["unit", "refusal", "caution"],
    "data/published/audits.csv": ["says"],
    FIGURES: ["base"],
    "data/published/links.csv": ["reason"],
    "data/published/programme.csv": ["aspect", "fact"],
    "data/published/reading_frames.csv": ["says"],
}
_PLACE = re.compile(r"\{(\w+)[^{}]*\}")

Id = str | tuple[str, str]


def collect_messages(root: Path | None = None) -> dict[Path, list[Id]]:
    """List the messages of every module, notebook and data file.

    Parameters
    ----------
    root : pathlib.Path, optional
        Root of the collection.

    Returns
    -------
    dict
        Catalogue, relative to the folder of a language, to the ids it must hold. A
        notebook without a parameter ``lang`` is in one language and has none.
    """
    root = root or find_root()
    package = CATALOGUES.parent
    found: dict[Path, list[Id]] = {}
    for path in sorted(package.rglob("*.py")):
        own = list(_extract(path.read_text(encoding="utf-8"), "python"))
        found[CATALOGUES / "{lang}" / path.relative_to(package).with_suffix(".po")] = own
    for path in sorted((package / "run" / "templates").rglob("*.j2")):
        own = list(_extract(path.read_text(encoding="utf-8"), "jinja2.ext:babel_extract"))
        name = path.relative_to(package).with_suffix("").with_suffix(".po")  # of page.html.j2
        found[CATALOGUES / "{lang}" / name] = own
    for name, columns in COLUMNS.items():
        table = pd.read_csv(root / name, dtype=str, keep_default_na=False)
        own = [text for column in columns for text in table[column] if text.strip()]
        if name == FIGURES:
            own += [name_figure(*pair) for pair in list_unlinked(root=root)]
            own += list_notes(root=root)
            own += [write_words(code) for part in ("question", "answer") for code in table[part]]
        # A module may have the name of a data file.
        found.setdefault(CATALOGUES / "{lang}" / Path(name).with_suffix(".po"), []).extend(own)
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        found[root / "notebooks" / "locale" / "{lang}" / f"{path.stem}.po"] = _read_cells(path)
    return {path: list(dict.fromkeys(own)) for path, own in found.items() if own}


def update_catalogues(root: Path | None = None) -> list[Path]:
    """Bring every catalogue up to date with what is collected.

    Parameters
    ----------
    root : pathlib.Path, optional
        Root of the collection.

    Returns
    -------
    list of pathlib.Path
        Catalogues that changed.
    """
    collected = collect_messages(root)
    changed = []
    for lang in LANGUAGES:
        if lang == SOURCE:
            continue
        present = find_catalogues(lang)
        known = {entry.id: entry.string for path in present for entry in _read(path, lang)}
        own = {path: {entry.id: entry.string for entry in _read(path, lang)} for path in present}
        wanted = {Path(str(path).format(lang=lang)): ids for path, ids in collected.items()}
        for path, ids in wanted.items():
            catalogue = Catalog(locale=lang, charset="utf-8")
            for name in ids:
                catalogue.add(name, own.get(path, {}).get(name) or known.get(name))
            text = _write(catalogue)
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                changed.append(write_page(text, path))
        for path in set(present) - set(wanted):
            path.unlink()
            changed.append(path)
    return changed


def find_gaps(root: Path | None = None) -> list[str]:
    """Say what the catalogues lack: messages, translations, places; or hold too much.

    Parameters
    ----------
    root : pathlib.Path, optional
        Root of the collection.

    Returns
    -------
    list of str
        One line per gap; empty when every page can be written in every language.
    """
    gaps: list[str] = []
    collected = collect_messages(root)
    for lang in LANGUAGES:
        if lang == SOURCE:
            continue
        known: dict[Id, object] = {}
        for path, ids in collected.items():
            path = Path(str(path).format(lang=lang))
            entries = {entry.id: entry for entry in _read(path, lang)} if path.exists() else {}
            name = f"{lang}: {path.name}"
            gaps += [
                f"{name}: not in the catalogue: {text!r}" for text in ids if text not in entries
            ]
            gaps += [f"{name}: no longer used: {text!r}" for text in entries if text not in ids]
            for entry in entries.values():
                gaps += [f"{name}: {reason}: {entry.id!r}" for reason in _find_faults(entry)]
                if known.setdefault(entry.id, entry.string) != entry.string:
                    gaps.append(f"{name}: translated otherwise elsewhere: {entry.id!r}")
    return gaps


def _find_faults(entry: Message) -> Iterator[str]:
    ids = [entry.id] if isinstance(entry.id, str) else entry.id
    strings = [entry.string] if isinstance(entry.string, str) else entry.string
    if not all(strings):
        yield "no translation"
        return
    expected = {place for text in ids for place in _PLACE.findall(text)}
    for text in strings:
        if set(_PLACE.findall(text)) - expected or (
            len(strings) == 1 and set(_PLACE.findall(text)) != expected
        ):
            yield "other places than the message"


def _extract(source: str, method: str) -> Iterator[Id]:
    file = io.BytesIO(source.encode())
    for _, text, _, _ in extract(method, file, KEYWORDS):
        if text:
            yield tuple(text) if isinstance(text, (tuple, list)) else text


def _read_cells(path: Path) -> list[Id]:
    """Title and question, each Markdown cell as one message, and those of the code."""
    notebook = read_notebook(path)
    cells = notebook.cells
    settings = [cell.source for cell in cells if PARAMETERS in cell.tags]
    if not any(re.search(r"^lang\s*=", source, re.MULTILINE) for source in settings):
        return []
    study = notebook.metadata.get("study", {})
    found: list[Id] = [notebook.title]
    found += [study[name] for name in ("question", "shows") if study.get(name)]
    for cell in cells:
        found += [cell.source] if cell.kind == "markdown" else _extract(cell.source, "python")
    return found


def _read(path: Path, lang: str) -> list[Message]:
    with path.open("rb") as file:
        return [entry for entry in read_po(file, locale=lang) if entry.id]


def _write(catalogue: Catalog) -> str:
    """Text of a catalogue: nothing that changes by itself, such as a date or a line number."""
    file = io.BytesIO()
    write_po(file, catalogue, width=100, no_location=True, omit_header=True)
    header = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    header += (
        f'"Language: {catalogue.locale}\\n"\n"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n\n'
    )
    return header + file.getvalue().decode()


if __name__ == "__main__":
    for changed_path in update_catalogues():
        print(changed_path.name)
