"""Finds text of the other language on a page: words that only one of the two has."""

import re

from bs4 import BeautifulSoup

from helpers.data.indicators import read_indicators
from helpers.data.published import read_figures, read_programme
from helpers.data.regions import read_regions

ENGLISH = """
the of and with is are was were be been by which from that this these those not for than it its
it's their they who what where when how more less most least other others each every either both
only also have had has can cannot may must would should does did yes between within without
below above against about into over under our your you we there here then because whether while
since until
"""
FRENCH = """
le la les des du un une et est sont dans par pour sur avec sans aux où que qui dont ce cette ces
cet ne pas leur leurs elle elles ils il nous vous se sa ses chaque entre sous très être été
ont au
"""
BLOCKS = [
    "p", "li", "td", "th", "caption", "summary", "h1", "h2", "h3", "h4", "figcaption", "dt", "dd",
    "option", "label", "a", "span", "div", "text", "button", "title", "small",
]  # fmt: skip
SPOKEN = ("alt", "title", "aria-label", "placeholder", "data-caption")
# Names of people's works and places keep the language they were given in; so do ids.
NAMES = [
    "Le RAMEAU", "Grand Est", "Pays de la Loire", "Provence-Alpes-Côte d'Azur et Corse",
    "Code of Professional Ethics and Practices", "Guideline on Opinion Polls and Published Surveys",
    "The territorial survey studies contributors", "CC BY", "Standards for Proportions, Vital and",
    "Auvergne-Rhône-Alpes", "Caisse des Dépôts", "Le Mouvement Associatif", "La Poste",
    "Observatoire des partenariats",
    "Répertoire national des élus", "Ministère de l'Intérieur",
]  # fmt: skip
_QUOTED = re.compile(r"[\"“«‘'][^\"”»’']{3,}[\"”»’']")
_CODE = re.compile(r"\b\w+(?:[_.:/=-]\w+)+\b|\b[0-9a-f]{12}\b")


def list_blocks(html: str) -> tuple[str, list[str]]:
    """List what a reader sees or hears of a page, block by block, in the page's language.

    Parts that name another language by `lang`, code, and what a program printed are left out.
    """
    soup = BeautifulSoup(html, "lxml")
    lang = soup.html["lang"]
    for tag in soup(["script", "style", "pre", "code", "wbr"]):
        tag.decompose()
    soup.smooth()  # or a word that may break would be two
    for tag in soup.find_all(attrs={"lang": True}):
        if not tag.decomposed and tag.name != "html" and tag["lang"] != lang:
            tag.decompose()
    texts = [tag[name] for tag in soup.find_all(True) for name in SPOKEN if tag.get(name)]
    for tag in soup.find_all(BLOCKS):
        if not tag.find([name for name in BLOCKS if name not in ("a", "span", "small")]):
            texts.append(" ".join(tag.get_text(" ").split()))
    return lang, list(dict.fromkeys(filter(None, texts)))


def find_foreign(html: str) -> list[str]:
    """List the blocks of a page that hold words of the other language.

    Each is preceded by the words; names, ids and short quotations are not counted.
    """
    lang, blocks = list_blocks(html)
    other = (FRENCH if lang == "en" else ENGLISH).split()
    names = _list_names()
    found = []
    for block in blocks:
        text = block
        for name in names:
            text = text.replace(name, " ")
        if lang == "en":
            text = _QUOTED.sub(" ", text)  # a wording quoted as it was printed
        text = _CODE.sub(" ", text)
        words = [word for word in re.findall(r"[^\W\d_]+", text.lower()) if word in other]
        if words:
            found.append(f"{' '.join(words[:5])}: {block[:200]}")
    return found


def _list_names() -> list[str]:
    places = [
        name for kind in ("regions-2016", "zones-2015") for name in read_regions(kind)["name"]
    ]
    tables = (read_figures(), read_indicators(), read_programme())
    sources = [name for table in tables for name in table["source"]]
    return sorted({*NAMES, *places, *sources}, key=len, reverse=True)
