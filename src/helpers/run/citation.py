"""How a page is cited: in words and in BibTeX, from `CITATION.cff` and the page itself."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from babel.dates import format_date
from pydantic import BaseModel, Field

from helpers.data.language import get_language, join_clauses, tr, write_list
from helpers.data.yamlfile import read_model

_LOCALES = {"en": "en_GB", "fr": "fr"}
_LANGUAGES = {"en": "english", "fr": "french"}
# What TeX takes for itself (Knuth 1986, The TeXbook, ch. 7).
_TEX = str.maketrans(
    {sign: f"\\{sign}" for sign in "&%$#_{}"}
    | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
       "\u00a0": "~", "\u202f": r"\,"}
)  # fmt: skip


class Author(BaseModel):
    """An author, a person or a group."""

    name: str = ""
    given: str = Field("", alias="given-names")
    family: str = Field("", alias="family-names")

    def __str__(self) -> str:
        return self.name or f"{self.given} {self.family}".strip()


class Collection(BaseModel):
    """What `CITATION.cff` says of the collection (Citation File Format 1.2)."""

    title: str
    version: str
    authors: list[Author] = Field(min_length=1)
    url: str = ""
    doi: str = ""


@dataclass(frozen=True)
class Page:
    """What is cited.

    Attributes
    ----------
    name : str
        File name of the page, without its ending.
    title : str
        Title of the study, in the language in use.
    wave : str
        "" for a page over every wave or none.
    kinds : list of str
        What kinds of data it shows, in words.
    surveys : list of str
        Titles of the waves it rests on, with their producers.
    code : str
        Version of the code.
    made : datetime.date
    """

    name: str
    title: str
    wave: str
    kinds: list[str]
    surveys: list[str]
    code: str
    made: date


def read_collection(*, root: Path) -> Collection:
    """Read and validate `CITATION.cff`.

    Parameters
    ----------
    root : pathlib.Path
        Root of the collection.

    Returns
    -------
    Collection

    Raises
    ------
    InputError
        If the file is missing or lacks title, version or authors.
    """
    return read_model(root / "CITATION.cff", Collection)


def cite_page(page: Page, collection: Collection) -> str:
    """Suggest how to cite a page, in the language in use.

    Parameters
    ----------
    page : Page
    collection : Collection

    Returns
    -------
    str
    """
    parts = [
        f"{write_list([str(author) for author in collection.authors])} ({page.made.year})",
        _name_page(page),
        tr("In: {collection}, version {version}", collection=collection.title, version=page.code),
        *[f"https://doi.org/{collection.doi}" if collection.doi else collection.url],
        tr("Run on {date}", date=_write_date(page.made)),
    ]
    if page.surveys:
        parts.append(tr("Survey: {surveys}", surveys=join_clauses(page.surveys)))
    return ". ".join(part.rstrip(".") for part in parts if part) + "."


def write_bibtex(page: Page, collection: Collection) -> str:
    """Write the BibTeX entry of a page.

    Parameters
    ----------
    page : Page
    collection : Collection

    Returns
    -------
    str
    """
    fields = {
        "author": " and ".join(
            f"{{{str(author).translate(_TEX)}}}" for author in collection.authors
        ),
        "title": _name_page(page).translate(_TEX),
        "year": str(page.made.year),
        "howpublished": f"{collection.title}, version {page.code}".translate(_TEX),
        "note": tr("Run on {date}", date=_write_date(page.made)).translate(_TEX),
        "doi": collection.doi,
        "url": collection.url,
        "language": _LANGUAGES[get_language()],
    }
    key = "-".join(filter(None, [page.name.split(".")[0], page.wave, str(page.made.year)]))
    lines = [f"  {name} = {{{text}}}," for name, text in fields.items() if text]
    return "\n".join([f"@misc{{{_write_key(key)},", *lines, "}"])


def _name_page(page: Page) -> str:
    wave = tr("wave {wave}", wave=page.wave) if page.wave else ""
    kinds = f"[{' · '.join(page.kinds)}]" if page.kinds else ""
    return " ".join(filter(None, [", ".join(filter(None, [page.title, wave])), kinds]))


def _write_date(day: date) -> str:
    return format_date(day, "long", locale=_LOCALES[get_language()])


def _write_key(text: str) -> str:
    return "".join(
        sign if sign.isascii() and (sign.isalnum() or sign in "-_") else "-" for sign in text
    )
