"""The language of what readers see: messages from catalogues, numbers as each language writes them.

English is the language of the source; a catalogue (gettext's .po) holds the French of a
module or a notebook. One kernel makes one page, so the language is one setting of the process.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

import numpy as np
from babel.messages.pofile import read_po

from helpers.data.errors import InputError
from helpers.data.root import find_root

LANGUAGES = ("en", "fr")
SOURCE = "en"
CATALOGUES = Path(__file__).resolve().parents[1] / "locale"

# Thousands, decimal mark and percent sign of CLDR 47, as in Babel; tests compare them.
_MARKS = {"en": (",", ".", "%"), "fr": ("\u202f", ",", "\u202f%")}
_current = SOURCE
_texts: dict = {}  # of the language in use, by their English


def set_language(lang: str) -> None:
    """Choose the language of messages, labels and numbers from here on.

    Its texts are those of the package and of the collection found now.

    Parameters
    ----------
    lang : {"en", "fr"}

    Raises
    ------
    InputError
        If the collection has no such language.
    """
    global _current, _texts
    if lang not in LANGUAGES:
        raise InputError(
            f"lang: {lang!r} is not a language here; valid are {', '.join(LANGUAGES)}."
        )
    _current = lang
    _texts = {} if lang == SOURCE else _read_catalogues(lang, tuple(find_catalogues(lang)))


def get_language() -> str:
    """The language in use, ``"en"`` or ``"fr"``."""
    return _current


@contextmanager
def use_language(lang: str) -> Iterator[None]:
    """Use a language inside a ``with`` block; parameters and errors as in `set_language`."""
    before = _current
    set_language(lang)
    try:
        yield
    finally:
        set_language(before)


def message(text: str) -> str:
    """Mark a constant as a message, to be translated where it is used: ``tr(CONSTANT)``."""
    return text


def tr(text: str, /, **values: object) -> str:
    """Translate a message and fill its places.

    Parameters
    ----------
    text : str
        English, with named places such as ``{share}``; never an f-string, which no
        catalogue could hold.
    **values
        What the places hold. Without any, the text is left as it is, braces included.

    Returns
    -------
    str
        The English text where the catalogue has no translation.
    """
    found = _texts.get(text, text)
    return found.format(**values) if values else found


def ntr(singular: str, plural: str, count: int, /, **values: object) -> str:
    """Translate a message that depends on a count, and fill its places.

    Parameters
    ----------
    singular, plural : str
        English; the place ``{count}`` is filled with the count as the language writes it.
    count : int
        French takes the singular below 2, English for 1 only.
    **values
        What other places hold.

    Returns
    -------
    str
    """
    forms = (singular, plural)
    if _current == SOURCE:
        found = forms[int(count != 1)]  # counts of numpy too
    else:
        found = _texts.get(forms, forms)[int(abs(count) >= 2)]
    return found.format(count=write_number(count), **values)


def write_number(value: float, decimals: int = 0, *, signed: bool = False) -> str:
    """Write a number, e.g. ``1,204.5`` or ``1 204,5``.

    Parameters
    ----------
    value : float
    decimals : int
    signed : bool
        Write ``+`` before a number above 0.

    Returns
    -------
    str
    """
    thousands, mark, _ = _MARKS[_current]
    text = f"{value:{'+' if signed else ''},.{decimals}f}"
    return text.translate({ord(","): thousands, ord("."): mark})


def write_gap(value: float, decimals: int = 0) -> str:
    """Write a difference with its sign, without one on what rounds to nothing."""
    rounded = round(value, decimals)
    return write_number(abs(rounded) if rounded == 0 else value, decimals, signed=rounded != 0)


def write_digits(value: float, digits: int = 3) -> str:
    """Write a number to some significant digits, final zeros left out: ``1.59``, ``0.1``."""
    plain = np.format_float_positional(value, digits, unique=False, fractional=False, trim="-")
    return write_number(float(plain), len(plain.partition(".")[2]))


def write_percent(share: float, decimals: int = 0) -> str:
    """Write a share (0 to 1) as a percentage, e.g. ``37%`` or ``37 %``."""
    return write_number(100 * share, decimals) + _MARKS[_current][2]


def space_words(text: str) -> str:
    """Put the no-break spaces of French before ``; ? ! % :`` and in numbers; other texts stay."""
    if _current != "fr":
        return text
    text = re.sub(r"(?<=\S) (?=[;?!%](?:\s|$|[.,)]))", "\u202f", text)
    text = re.sub(r"(?<=\S) (?=:(?:\s|$))", "\u00a0", text)
    return re.sub(r"(?<=\d) (?=\d{3}(?:\D|$))", "\u202f", text)


def write_list(names: Sequence[str]) -> str:
    """Write names one after the other, e.g. ``a, b and c`` or ``a, b et c``."""
    *first, last = [*names] or [""]
    if not first:
        return last
    return tr("{first} and {last}", first=", ".join(first), last=last)


def write_options(names: Sequence[str]) -> str:
    """Write names one of which holds, e.g. ``a, b or c`` or ``a, b ou c``."""
    *first, last = [*names] or [""]
    if not first:
        return last
    return tr("{first} or {last}", first=", ".join(first), last=last)


def join_clauses(clauses: Sequence[str]) -> str:
    """Write clauses one after the other, e.g. ``a; b`` or ``a ; b``."""
    return tr("; ").join(clauses)


def lower_first(text: str) -> str:
    """A label as inside a sentence: its first letter small."""
    return text[:1].lower() + text[1:]


def upper_first(text: str) -> str:
    """Words as at the start of a sentence: their first letter a capital."""
    return text[:1].upper() + text[1:]


def find_catalogues(lang: str) -> list[Path]:
    """Catalogues of a language: those of the package, then those beside the notebooks."""
    folders = [CATALOGUES / lang]
    with suppress(InputError):  # the package alone, without a collection
        folders.append(find_root() / "notebooks" / "locale" / lang)
    return [path for folder in folders for path in sorted(folder.rglob("*.po"))]


@cache
def _read_catalogues(lang: str, paths: tuple[Path, ...]) -> dict:
    translations: dict = {}
    for path in paths:
        with path.open("rb") as file:
            catalogue = read_po(file, locale=lang)
        translations |= {
            entry.id: entry.string for entry in catalogue if entry.id and _is_full(entry)
        }
    return translations


def _is_full(entry) -> bool:
    strings = [entry.string] if isinstance(entry.string, str) else entry.string
    return all(strings)
