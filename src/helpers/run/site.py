"""Renders executed notebooks to pages that need no network, and their index."""

from pathlib import Path

from nbconvert import HTMLExporter
from nbconvert.preprocessors import TagRemovePreprocessor
from nbformat import NotebookNode

from helpers.data.catalog import list_series, list_waves, read_studies
from helpers.data.errors import InputError
from helpers.data.language import LANGUAGES, SOURCE, get_language, tr, use_language
from helpers.data.root import find_root
from helpers.data.waves import read_wave_file
from helpers.run.index_maps import find_region, name_region, write_index_map
from helpers.run.pages import TEMPLATES, render_template, write_page
from helpers.run.plans import Run
from helpers.view.provenance import COLOURS, WORDS

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
        template_name="study", extra_template_basedirs=[str(TEMPLATES)], embed_images=True
    )
    remover = TagRemovePreprocessor(remove_cell_tags={NOTEBOOK_ONLY}, enabled=True)
    exporter.register_preprocessor(remover, enabled=True)
    with use_language(run.lang or SOURCE):
        return _render(exporter, notebook, run)


def _render(exporter: HTMLExporter, notebook: NotebookNode, run: Run) -> str:
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = tr(cell.source)
    notebook.metadata["lang"] = get_language()
    notebook.metadata["index"] = f"../{name_index()}" if run.wave else name_index()
    wave = f" · {run.wave}" if run.wave else ""
    title = notebook.cells[0].source.splitlines()[0].lstrip("# ")
    title = " · ".join(filter(None, [name_region(run.variant), title]))
    kinds = _list_kinds(run.surveys, run.wave)
    notebook.metadata["title"] = " · ".join([f"{title}{wave}", *_first_words(kinds)])
    notebook.metadata["provenance"] = [
        {"words": tr(WORDS[kind]), "colour": COLOURS[kind]} for kind in kinds
    ]
    page, _ = exporter.from_notebook_node(notebook)
    return page


def _list_kinds(surveys, wave: str, root: Path | None = None) -> list[str]:
    """Kinds of data a page shows; one over every wave sets published figures beside them."""
    if wave:
        pairs = [(survey, wave) for survey in surveys]
    else:
        pairs = [(survey, name) for survey in surveys for name in list_series(survey, root=root)]
    kinds = [read_wave_file(*pair, root=root).provenance for pair in pairs]
    return list(dict.fromkeys(kinds if wave or not surveys else ["published", *kinds]))


def _first_words(kinds: list[str]) -> list[str]:
    return [tr(WORDS[kind]).split()[0] for kind in kinds]


def write_index(*, root: Path | None = None) -> list[Path]:
    """Write `reports/index.html`, and one beside it per other language, from the pages there.

    Parameters
    ----------
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    list of pathlib.Path
    """
    root = root or find_root()
    written = []
    for lang in LANGUAGES:
        with use_language(lang):
            written.append(_write_index(root))
    return written


def name_index() -> str:
    """File name of the index in the language in use."""
    return "index.html" if get_language() == SOURCE else f"index.{get_language()}.html"


def _write_index(root: Path) -> Path:
    reports = root / "reports"
    studies = []
    for study in read_studies(root=root).itertuples():
        pages = [
            _page(study, wave, path, root)
            for wave in (study.waves or [""])
            for path in _find_pages(reports / wave, study.study)
        ]
        found = [page | {"href": page["path"].relative_to(reports).as_posix()} for page in pages]
        if found:
            listed = [page for page in found if not page["region"]]
            facts = {"title": tr(study.title), "question": tr(study.question), "pages": listed}
            studies.append(facts | {"maps": _map_regions(found)})
    page = render_template("index.html.j2", studies=studies, lang=get_language())
    return write_page(page, reports / name_index())


def _find_pages(folder: Path, study: str) -> list[Path]:
    """Pages of a study in the language in use, or that know one language only."""
    lang = get_language()
    names = (f"{study}.html", f"{study}.{lang}.html", f"{study}--*.html")
    found = [path for name in names for path in sorted(folder.glob(name))]
    other = tuple(f".{name}.html" for name in LANGUAGES if name != lang)
    return [path for path in found if not path.name.endswith(other)]


def _map_regions(pages: list[dict]) -> list[str]:
    """One map per wave of the pages that are of one region each."""
    maps = []
    for wave in dict.fromkeys(page["wave"] for page in pages if page["region"]):
        own = [page for page in pages if page["region"] and page["wave"] == wave]
        first = own[0]
        label = f"Wave {wave}, by region. {first['words']}"
        links = {page["region"]: page["href"] for page in own}
        maps.append(write_index_map(links, label=label, colour=first["colour"]))
    return maps


def _page(study, wave: str, path: Path, root: Path) -> dict:
    variant = path.stem.removesuffix(f".{get_language()}").partition("--")[2]
    ending = f" ({variant})" if variant else ""
    label = f"Wave {wave}" if wave else "Every wave" if study.every_wave else "Open"
    page = {
        "path": path, "wave": wave, "region": find_region(variant) if wave else "",
        "label": f"{label}{ending}", "words": study.shows, "colour": "#666666",
    }  # fmt: skip
    if not (wave or study.every_wave):
        return page
    held = [name for name in study.surveys if wave in list_waves(name, root=root)]
    try:
        kinds = _list_kinds(study.surveys if study.every_wave else held[:1], wave, root)
    except InputError:
        return page | {"words": "its wave.yaml is not valid any more"}
    return page | {"words": "; ".join(WORDS[kind] for kind in kinds), "colour": COLOURS[kinds[-1]]}
