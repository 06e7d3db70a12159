"""Renders executed notebooks to pages that need no network, and their index."""

import os
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from nbconvert import HTMLExporter
from nbconvert.preprocessors import TagRemovePreprocessor
from nbformat import NotebookNode

from helpers.data.catalog import read_studies
from helpers.data.root import find_root
from helpers.data.waves import read_wave_file
from helpers.run.plans import Run
from helpers.view.provenance import COLOURS, WORDS

_TEMPLATES = Path(__file__).parent / "templates"
NOTEBOOK_ONLY = "notebook-only"


def render_page(notebook: NotebookNode, run: Run) -> str:
    """Render an executed notebook to one self-contained HTML page.

    Cells tagged ``notebook-only`` stay in the notebook: widgets, which without a
    kernel would be controls that do nothing, and headings over folded code.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
    run : Run

    Returns
    -------
    str
    """
    exporter = HTMLExporter(
        template_name="study", extra_template_basedirs=[str(_TEMPLATES)], embed_images=True
    )
    remover = TagRemovePreprocessor(remove_cell_tags={NOTEBOOK_ONLY}, enabled=True)
    exporter.register_preprocessor(remover, enabled=True)
    notebook.metadata["index"] = "../index.html" if run.wave else "index.html"
    wave = f" · {run.wave}" if run.wave else ""
    notebook.metadata["title"] = f"{notebook.cells[0].source.splitlines()[0].lstrip('# ')}{wave}"
    page, _ = exporter.from_notebook_node(notebook)
    return page


def write_page(text: str, path: Path) -> Path:
    """Write a page whole or not at all.

    Parameters
    ----------
    text : str
    path : pathlib.Path
        Its folder is created.

    Returns
    -------
    pathlib.Path
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, path)
    return path


def write_index(*, root: Path | None = None) -> Path:
    """Write `reports/index.html` from the pages that are there.

    Returns
    -------
    pathlib.Path
    """
    root = root or find_root()
    reports = root / "reports"
    studies = []
    for study in read_studies(root=root).itertuples():
        pages = [_page(study, wave, root) for wave in (study.waves or [""])]
        found = [page for page in pages if (reports / page["href"]).exists()]
        if found:
            studies.append({"title": study.title, "question": study.question, "pages": found})
    environment = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True)
    text = environment.get_template("index.html.j2").render(studies=studies)
    return write_page(text, reports / "index.html")


def _page(study, wave: str, root: Path) -> dict:
    href = Run(study.study, wave, study.path).page.as_posix()
    if not wave:
        return {"href": href, "label": "Open", "words": study.shows, "colour": "#666666"}
    provenance = read_wave_file(study.surveys[0], wave, root=root).provenance
    words, colour = WORDS[provenance], COLOURS[provenance]
    return {"href": href, "label": f"Wave {wave}", "words": words, "colour": colour}
