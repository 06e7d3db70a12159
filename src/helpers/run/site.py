"""Renders executed notebooks to pages that need no network."""

from collections.abc import Sequence
from functools import cache

from nbconvert import HTMLExporter, TemplateExporter
from nbconvert.filters import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter
from nbconvert.preprocessors import TagRemovePreprocessor
from nbformat import NotebookNode

from helpers.data.language import SOURCE, get_language, tr, use_language
from helpers.run.badges import find_badges
from helpers.run.downloads import Downloads
from helpers.run.index import NAMES, name_index
from helpers.run.index_maps import name_region
from helpers.run.live import place_live
from helpers.run.markup import dress_content
from helpers.run.pages import TEMPLATES, render_template
from helpers.run.plans import Run
from helpers.run.trust import write_trust

NOTEBOOK_ONLY = "notebook-only"


def render_page(
    notebook: NotebookNode, run: Run, *, others: Sequence[Run] = (),
    downloads: Downloads | None = None,
) -> str:  # fmt: skip
    """Render an executed notebook to one self-contained HTML page.

    Cells tagged ``notebook-only`` stay in the notebook: widgets, which without a
    kernel would be controls that do nothing, and headings over folded code.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
    run : Run
    others : sequence of Run
        The runs of the same page in other languages, to which it links.
    downloads : Downloads, optional
        Files the page offers.

    Returns
    -------
    str
    """
    with use_language(run.lang or SOURCE):
        return _render(notebook, run, others, downloads)


def name_page(notebook: NotebookNode, run: Run) -> str:
    """Title of a page in its language: the region it is of, if any, and the study."""
    with use_language(run.lang or SOURCE):
        title = _read_title(notebook)
        return " · ".join(filter(None, [name_region(run.variant), title]))


def _read_title(notebook: NotebookNode) -> str:
    return tr(notebook.cells[0].source).splitlines()[0].lstrip("# ")


def _render(
    notebook: NotebookNode, run: Run, others: Sequence[Run], downloads: Downloads | None
) -> str:
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = tr(cell.source)
    title = _read_title(notebook)
    live = place_live(notebook)
    content = dress_content(_render_cells(notebook) + write_trust(notebook, run, title=title))
    return render_template(
        "study/page.html.j2",
        lang=get_language(),
        title=name_page(notebook, run),
        wave=run.wave,
        badges=find_badges(run.surveys, run.wave),
        shows=tr(notebook.metadata.get("study", {}).get("shows", "")),
        index=f"../{name_index()}" if run.wave else name_index(),
        others=[
            {"href": other.page.name, "lang": other.lang, "name": NAMES[other.lang]}
            for other in others
        ],
        downloads=downloads,
        headings=content.headings,
        content=content.html,
        live=live,
    )


def _render_cells(notebook: NotebookNode) -> str:
    html, _ = _make_exporter().from_notebook_node(notebook)
    return html


class _CellExporter(HTMLExporter):
    """Leaves out what an HTMLExporter does last: it parses all it wrote, for its own styles."""

    def from_notebook_node(self, nb, resources=None, **kw):
        language = nb.metadata.get("language_info", {})
        lexer = language.get("pygments_lexer", language.get("name"))
        self.register_filter("highlight_code", Highlight2HTML(pygments_lexer=lexer, parent=self))
        chosen = WidgetsDataTypeFilter(notebook_metadata={"": nb.metadata}, parent=self)
        self.register_filter("filter_data_type", chosen)
        return TemplateExporter.from_notebook_node(self, nb, resources, **kw)


@cache
def _make_exporter() -> _CellExporter:
    """One for all pages: its templates are compiled once."""
    exporter = _CellExporter(
        template_name="study", extra_template_basedirs=[str(TEMPLATES)], embed_images=True,
        exclude_anchor_links=True, filters={"sentences2html": _write_sentences},
    )  # fmt: skip
    exporter.environment.globals["tr"] = tr
    remover = TagRemovePreprocessor(remove_cell_tags={NOTEBOOK_ONLY}, enabled=True)
    exporter.register_preprocessor(remover, enabled=True)
    return exporter


def _write_sentences(text: str) -> str:
    """Markdown to HTML; tags in it are shown, since labels of data may hold some."""
    renderer = IPythonRenderer(escape=True, exclude_anchor_links=True)
    return MarkdownWithMath(renderer=renderer).render(text)
