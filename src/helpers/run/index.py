"""The index of the pages in `reports/`: one per language."""

from pathlib import Path

from helpers.data.catalog import list_waves, read_studies
from helpers.data.errors import InputError
from helpers.data.language import LANGUAGES, SOURCE, get_language, tr, use_language
from helpers.data.root import find_root
from helpers.run.badges import find_badges
from helpers.run.index_maps import find_region, write_index_map
from helpers.run.pages import render_template, write_page


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
        badges = find_badges(study.surveys if study.every_wave else held[:1], wave, root=root)
    except InputError:
        return page | {"words": "its wave.yaml is not valid any more"}
    words = "; ".join(badge.words for badge in badges)
    return page | {"words": words, "colour": badges[-1].colour}
