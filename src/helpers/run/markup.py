"""Markup of rendered cells: headings, tables and figures as assistive technology needs them."""

import re
import unicodedata
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag

from helpers.data.language import get_language, tr

_HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]
# A text that stands for a figure is read out in one breath; the rest is a description to open.
_SHORT = 160
_LEAST = 40
_LONG = re.compile(r"\S{18,}")
_STROKE = re.compile(r"(?<=[/_])(?=\w)")


@dataclass(frozen=True)
class Heading:
    """A heading of a page and where it is.

    Attributes
    ----------
    id : str
    level : int
        2 for a section.
    text : str
    """

    id: str
    level: int
    text: str


@dataclass(frozen=True)
class Content:
    """What a page holds, ready to be put into it.

    Attributes
    ----------
    html : str
    headings : list of Heading
        Of levels 2 and 3, in order.
    """

    html: str
    headings: list[Heading]


def dress_content(html: str) -> Content:
    """Give the cells of a notebook the markup of a page.

    The first title goes out (the page states it), headings follow one another without
    a jump and can be linked to, a table has a caption, headers with a scope and a region
    that scrolls, a figure has a short text and, where that is not all, its description;
    an id stands for one element.

    Parameters
    ----------
    html : str
        Rendered cells, of an author and code that are trusted.

    Returns
    -------
    Content
    """
    soup = BeautifulSoup(html, "html.parser")
    title = soup.find("h1")
    if title:
        title.decompose()
    for image in soup.find_all("img"):
        _dress_image(soup, image)
    for table in soup.find_all("table"):
        _dress_table(soup, table)
    for block in soup.select("pre.printed"):
        _wrap(soup, block, label=tr("Printed output"))
    _separate_ids(soup)
    headings = _dress_headings(soup)
    return Content(str(soup), headings)


def _dress_headings(soup: BeautifulSoup) -> list[Heading]:
    headings, before = [], 1
    taken = {tag["id"] for tag in soup.find_all(id=True) if tag.name not in _HEADINGS}
    for tag in soup.find_all(_HEADINGS):
        text = tag.get_text(" ", strip=True)
        level = min(max(int(tag.name[1]), 2), before + 1)
        before, tag.name = level, f"h{level}"
        tag["id"] = _make_id(text, taken)
        box = soup.new_tag("div", attrs={"class": "heading"})
        tag.wrap(box)
        words = tr("Link to the section “{title}”", title=text)
        mark = soup.new_tag("a", attrs={"href": f"#{tag['id']}", "aria-label": words})
        mark.string = "#"
        box.append(mark)
        if level <= 3:
            headings.append(Heading(tag["id"], level, text))
    return headings


def _make_id(text: str, taken: set[str]) -> str:
    """Readable id: letters without accents, and a number where it is taken."""
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", bare).strip("-") or "section"
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem}-{number}", number + 1
    taken.add(name)
    return name


def _dress_image(soup: BeautifulSoup, image: Tag) -> None:
    words = image.get("alt", "").strip()
    targets = image.find_next_sibling("svg", class_="targets")
    figure = image.wrap(soup.new_tag("figure"))
    if targets:
        image.wrap(soup.new_tag("div", attrs={"class": "picture"})).append(targets)
    if len(words) <= _SHORT:
        return
    short = _shorten(words)
    image["alt"] = short
    caption = soup.new_tag("figcaption")
    details, summary = soup.new_tag("details"), soup.new_tag("summary")
    summary.string = tr("What the figure shows, in words")
    text = soup.new_tag("p")
    text.string = words
    details.extend([summary, text])
    caption.append(details)
    figure.append(caption)


def _shorten(words: str) -> str:
    """First whole sentences of a text, read in one breath unless they say too little."""
    kept = ""
    for sentence in re.split(r"(?<=[.!?])\s+", words):
        if len(kept) >= _LEAST and len(kept) + len(sentence) > _SHORT:
            break
        kept = f"{kept} {sentence}".strip()
    return kept


def _dress_table(soup: BeautifulSoup, table: Tag) -> None:
    made = "gt_table" in table.get("class", [])
    if made:
        _simplify(soup, table)
    for cell in table.select("thead th, thead td"):
        cell.name = "th"
        cell["scope"] = "colgroup" if int(cell.get("colspan", 1)) > 1 else "col"
    head = table.find("thead")
    if head and not head.get_text(strip=True):
        head.decompose()
    _mark_languages(table)
    _let_break(soup, table)
    for row in table.select("tbody tr"):
        first = row.find(["th", "td"])
        if first and first.name == "td" and _names_row(first, row):
            first.name = "th"
        if first and first.name == "th" and not first.get("scope"):
            first["scope"] = "row"
    if table.find_parent(class_="scroll"):
        return
    caption = table.find("caption")
    label = caption.get_text(" ", strip=True) if caption else tr("Table")
    notes = _take_notes(soup, table)
    _wrap(soup, table, label=label).insert_after(*notes)


def _take_notes(soup: BeautifulSoup, table: Tag) -> list[Tag]:
    """Notes of the foot as paragraphs: in the table they would scroll away with it."""
    notes = []
    for cell in table.select("tfoot td"):
        note = soup.new_tag("p", attrs={"class": "note"})
        note.extend(list(cell.contents))
        notes.append(note)
    if table.tfoot:
        table.tfoot.decompose()
    return notes


def _let_break(soup: BeautifulSoup, table: Tag) -> None:
    """Let file names and ids break after a stroke, or their column would push others out."""
    for text in table.find_all(string=_LONG):
        pieces = _STROKE.split(str(text))
        for piece in pieces[:-1]:
            text.insert_before(piece, soup.new_tag("wbr"))
        text.replace_with(pieces[-1])


def _mark_languages(table: Tag) -> None:
    """Say the language of a column whose heading names another one than the page's."""
    named = {tr("English"): "en", tr("French"): "fr"}
    for place, head in enumerate(table.select("thead tr:last-child > th")):
        lang = named.get(head.get_text(strip=True), get_language())
        if lang == get_language():
            continue
        for row in table.select("tbody tr"):
            cells = row.find_all(["th", "td"])
            if place < len(cells):
                cells[place]["lang"] = lang


def _names_row(first: Tag, row: Tag) -> bool:
    text = first.get_text(strip=True)
    others = row.find_all(["th", "td"])[1:]
    return bool(others) and bool(re.search(r"[^\W\d]", text))


def _simplify(soup: BeautifulSoup, table: Tag) -> None:
    """Great Tables as a plain table: its title a caption, no styles and ids of its own.

    It writes the title into a row of the head and repeats the same 9 kB of styles with
    every table.
    """
    box = table.parent
    if box.name == "div" and box.get("id"):
        for style in box.find_all("style"):
            style.decompose()
        del box["style"]
    titles = table.select("tr.gt_heading")
    if titles:
        caption = soup.new_tag("caption")
        first, *others = [row.get_text(" ", strip=True) for row in titles]
        caption.append(soup.new_tag("span"))
        caption.span.string = first
        for text in filter(None, others):
            small = soup.new_tag("small")
            small.string = text
            caption.append(small)
        for row in titles:
            row.decompose()
        table.insert(0, caption)
    for name in ("aria-labelledby", "data-quarto-disable-processing", "data-quarto-bootstrap"):
        del table[name]
    for cell in table.find_all(["th", "td"]):
        for name in ("headers", "id"):
            del cell[name]
        for name in ("rowspan", "colspan"):
            if cell.get(name) == "1":
                del cell[name]
        kept = [name for name in cell.get("class", []) if name in ("gt_right", "gt_center")]
        if kept:
            cell["class"] = kept
        else:
            del cell["class"]
    for row in table.find_all("tr"):
        del row["class"]


def _wrap(soup: BeautifulSoup, block: Tag, *, label: str) -> Tag:
    """Put a block that may be wide into a named region that scrolls and takes the focus."""
    region = {"class": "scroll", "role": "group", "tabindex": "0", "aria-label": label}
    return block.wrap(soup.new_tag("div", attrs=region))


def _separate_ids(soup: BeautifulSoup) -> None:
    """Give the second element of an id another one, and what refers to it in the same output."""
    taken: set[str] = set()
    for tag in soup.find_all(id=True):
        name = tag["id"]
        if name in taken:
            tag["id"] = _make_id(name, taken)
            output = tag.find_parent(class_="output") or tag
            for other in [output, *output.find_all(True)]:
                _follow(other, name, tag["id"])
        taken.add(tag["id"])


def _follow(tag: Tag, old: str, new: str) -> None:
    for key, value in tag.attrs.items():
        if not isinstance(value, str) or key == "id":
            continue
        if value in (old, f"#{old}", f"url(#{old})"):
            tag[key] = value.replace(old, new)
