"""The index of the pages in `reports/`: one per language."""

from pathlib import Path

from bs4 import BeautifulSoup

from helpers.data.catalog import Study, list_studies, list_waves
from helpers.data.errors import InputError
from helpers.data.language import LANGUAGES, SOURCE, get_language, tr, use_language
from helpers.data.root import find_root
from helpers.run.badges import find_badges
from helpers.run.index_maps import find_region, write_index_map
from helpers.run.pages import render_template, write_page
from helpers.run.thumbnails import make_thumbnail

NAMES = {"en": "English", "fr": "Français"}  # as its own readers call a language
_GREY = "#6b747d"


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


def name_index(lang: str | None = None) -> str:
    """File name of the index in a language, by default the one in use."""
    lang = lang or get_language()
    return "index.html" if lang == SOURCE else f"index.{lang}.html"


def _write_index(root: Path) -> Path:
    reports, lang = root / "reports", get_language()
    studies = [_describe_study(study, root) for study in list_studies(root=root)]
    page = render_template(
        "index.html.j2",
        lang=lang,
        others=[
            {"href": name_index(other), "lang": other, "name": NAMES[other]}
            for other in LANGUAGES
            if other != lang
        ],
        studies=[study for study in studies if study["pages"] or study["maps"]],
        comparisons=_list_shelf(reports / "compare"),
        codebooks=_list_shelf(reports / "codebook"),
    )
    return write_page(page, reports / name_index())


def _describe_study(study: Study, root: Path) -> dict:
    pages = [
        _describe_page(study, wave, path, root)
        for wave in (study.waves or [""])
        for path in _find_pages(root / "reports" / wave, study.study)
    ]
    listed = [page for page in pages if not page["region"]]
    for page in listed:
        page["picture"] = make_thumbnail(page["path"].read_text(encoding="utf-8"))
    return {
        "title": tr(study.title), "question": tr(study.question), "pages": listed,
        "maps": _map_regions(pages),
    }  # fmt: skip


def _find_pages(folder: Path, name: str) -> list[Path]:
    """Pages in the language in use, or that know one language only."""
    lang = get_language()
    names = (f"{name}.html", f"{name}.{lang}.html", f"{name}--*.html")
    found = dict.fromkeys(path for name in names for path in sorted(folder.glob(name)))
    other = tuple(f".{name}.html" for name in LANGUAGES if name != lang)
    return [path for path in found if not path.name.endswith(other)]


def _map_regions(pages: list[dict]) -> list[str]:
    """One map per wave of the pages that are of one region each."""
    maps = []
    for wave in dict.fromkeys(page["wave"] for page in pages if page["region"]):
        own = [page for page in pages if page["region"] and page["wave"] == wave]
        badges = own[0]["badges"]
        words = "; ".join(badge.words for badge in badges) or own[0]["words"]
        label = tr("Wave {wave}, by region. {words}", wave=wave, words=words)
        links = {page["region"]: page["href"] for page in own}
        colour = badges[-1].colour if badges else _GREY
        maps.append(write_index_map(links, label=label, colour=colour))
    return maps


def _describe_page(study: Study, wave: str, path: Path, root: Path) -> dict:
    variant = path.stem.removesuffix(f".{get_language()}").partition("--")[2]
    ending = f" ({variant})" if variant else ""
    label = tr("Every wave") if study.every_wave else tr("Open the page")
    page = {
        "path": path, "href": path.relative_to(root / "reports").as_posix(), "wave": wave,
        "region": find_region(variant) if wave else "",
        "label": (tr("Wave {wave}", wave=wave) if wave else label) + ending,
        "words": tr(study.shows) if study.shows else "", "badges": [],
    }  # fmt: skip
    if not (wave or study.every_wave):
        return page
    held = [name for name in study.surveys if wave in list_waves(name, root=root)]
    try:
        surveys = study.surveys if study.every_wave else held
        return page | {"words": "", "badges": find_badges(surveys, wave, root=root)}
    except InputError:
        return page | {"words": tr("its wave.yaml is not valid any more")}


def _list_shelf(folder: Path) -> list[dict]:
    """Pages of a folder by what they say of themselves: title, language, kinds of data."""
    shelf = []
    for path in _find_pages(folder, "*"):
        soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        told = [strong.get_text(strip=True) for strong in soup.select(".provenance strong")]
        shelf.append({
            "href": f"{folder.name}/{path.name}", "title": soup.title.get_text(strip=True),
            "lang": soup.html.get("lang", SOURCE), "told": told,
        })  # fmt: skip
    return shelf
