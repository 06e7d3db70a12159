"""Cells that output files show: read from their tables, embedded data and ids of numbers."""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import html

from helpers.data.errors import InputError
from helpers.data.language import LANGUAGES, tr, use_language
from helpers.run.layers import Layer
from helpers.stats.disclosure import CONFIDENTIAL
from helpers.stats.number_ids import NumberId, parse_id

_KEYS = ["survey", "wave", "question", "answer", "domain_variable", "domain"]
_EMBEDDED = re.compile(r'<script type="application/json"[^>]*>(.*?)</script>', re.DOTALL)


@dataclass(frozen=True)
class ShownCell:
    """What a file shows of one row of an estimate table.

    Attributes
    ----------
    number : NumberId
    estimate, base : bool
        Whether it shows the estimate, and the base.
    confidential : bool
        Whether it says that the estimate is withheld for confidentiality.
    """

    number: NumberId
    estimate: bool
    base: bool
    confidential: bool


def read_cells(layer: Layer) -> Iterator[ShownCell]:
    """Read the cells that a text shows.

    Parameters
    ----------
    layer : Layer

    Yields
    ------
    ShownCell
        From tables with a column `id` or the key columns of an estimate table, from the data
        of explorers, and from numbers of a page, whose value is their id.
    """
    first = layer.text.lstrip("\ufeff").partition("\n")[0]
    if "estimate" in first and "<" not in first:
        yield from _read_table(layer.text)
    for found in _EMBEDDED.finditer(layer.text):
        yield from _read_explorer(found[1])
    if "<data " in layer.text:
        yield from _read_elements(layer.text)


def _read_table(text: str) -> Iterator[ShownCell]:
    first = text.partition("\n")[0]
    mark = max(",;\t", key=first.count)
    rows = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), delimiter=mark)
    for row in rows:
        if row.get("id"):
            number = _parse(row["id"])
        elif all(row.get(key) is not None for key in _KEYS):
            number = NumberId(*(row[key] for key in _KEYS))
        else:
            continue
        if number:
            words = " ".join(str(row.get(name) or "") for name in ("reason", "estimate", "n"))
            yield ShownCell(
                number,
                estimate=_is_number(row.get("estimate")),
                base=_is_number(row.get("n")) and float(row["n"]) > 0,
                confidential=_is_confidential(words),
            )


def _read_explorer(text: str) -> Iterator[ShownCell]:
    """Data of an explorer: survey, wave, question, table, domain, answer."""
    try:
        content = json.loads(text)
    except ValueError:
        return
    if not isinstance(content, dict) or "surveys" not in content:
        return
    absent = content["absent"]
    for survey in content["surveys"]:
        for wave in survey["waves"]:
            for place, cell in _walk_tables(wave):
                shown = isinstance(cell, list)
                state = absent[cell]["words"] if isinstance(cell, str) else ""
                number = NumberId(survey["id"], wave["name"], *place)
                yield ShownCell(number, shown, shown, _is_confidential(state))


def _walk_tables(wave: dict) -> Iterator[tuple[tuple[str, str, str, str], object]]:
    """Question, answer, domain variable and domain of every cell, and what it holds."""
    for question in wave["questions"]:
        for by, table in question["tables"].items():
            codes = wave["breakdowns"][by]["codes"] if by else [""]
            for domain, cells in zip(codes, table, strict=True):
                for answer, cell in zip(question["answers"], cells, strict=True):
                    yield (question["id"], answer, by, domain), cell


def _read_elements(text: str) -> Iterator[ShownCell]:
    """Numbers whose machine-readable value is their id."""
    for element in html.fromstring(text).iterfind(".//data[@value]"):
        number = _parse(element.get("value"))
        if number:
            words = element.text_content()
            shown = any(letter.isdigit() for letter in words)
            yield ShownCell(number, shown, False, _is_confidential(words))


def _parse(text: str) -> NumberId | None:
    try:
        return parse_id(text)
    except InputError:
        return None


def _is_number(text: str | None) -> bool:
    try:
        value = float(text or "")
    except ValueError:
        return False
    return value == value  # "nan" is none


def _is_confidential(text: str) -> bool:
    words = []
    for lang in LANGUAGES:
        with use_language(lang):
            words.append(tr(CONFIDENTIAL))
    return any(word in text for word in words)
