"""How alike two wordings are, accents, capitals, punctuation and question numbers left aside."""

import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import cache

# Wordings that differ in one of these say something else, however alike they look.
_DECISIVE = {
    "pas", "non", "not", "no", "sans", "without", "aucun", "aucune", "jamais", "never", "ni", "peu",
    "plutot", "tres", "tout", "toute", "plus", "moins", "more", "less", "fairly", "very", "under",
    "over",
}  # fmt: skip
_SHORTEST_PART = 6  # letters a wording must keep to count as the beginning of another


def simplify(text: str) -> str:
    """Lower case, without accents, punctuation or the number of the question.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        Words and numbers with single spaces; "2 000" and "2,000" are "2000".
    """
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe"))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter)).lower()
    plain = re.sub(r"^\s*q(uestion)?\s*\d+\s*[a-z]?\s*[.):_-]\s*(?=\S)", "", plain)
    words = re.sub(r"[^a-z0-9+]+", " ", plain).strip()
    return re.sub(r"(?<=\d) (?=\d{3}\b)", "", words)


@cache
def compare_wordings(one: str, other: str) -> float:
    """Likeness of two simplified wordings.

    Parameters
    ----------
    one, other : str
        From `simplify`.

    Returns
    -------
    float
        0 to 1; 1 if equal, 0.9 if one is the beginning of the other, else the ratio of
        `difflib`. 0 if they differ in a number or a word such as "not".
    """
    if not one or not other:
        return 0.0
    if one == other:
        return 1.0
    short, long = sorted((one, other), key=len)
    if len(short) >= _SHORTEST_PART and long.startswith(f"{short} "):
        return 0.9
    if _decide(one) != _decide(other):
        return 0.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() > 0.5 else 0.0


def find_closest(wording: str, others: Iterable[str]) -> tuple[str, float]:
    """The most alike of some simplified wordings, with its likeness; ("", 0.0) if none is.

    Parameters
    ----------
    wording : str
    others : iterable of str

    Returns
    -------
    tuple of str, float
        A draw between two different wordings finds none.
    """
    scores = sorted((compare_wordings(wording, other), other) for other in set(others))
    if not scores or not scores[-1][0]:
        return "", 0.0
    if len(scores) > 1 and scores[-1][0] == scores[-2][0]:
        return "", 0.0
    return scores[-1][1], scores[-1][0]


def _decide(wording: str) -> tuple[set[str], set[str]]:
    words = set(wording.split())
    return words & _DECISIVE, {word for word in words if word[0].isdigit()}
