"""Ids of numbers: one address for each row of an estimate table."""

from dataclasses import astuple, dataclass
from urllib.parse import quote, unquote

import pandas as pd

from helpers.data.errors import InputError

FORM = "survey:wave:question:answer, then :variable=domain for a part of the respondents"
_PARTS = ["survey", "wave", "question", "answer"]
_DOMAIN = ["domain_variable", "domain"]


@dataclass(frozen=True)
class NumberId:
    """What an id addresses: the row of an estimate table with these values.

    Attributes
    ----------
    survey, wave, question, answer : str
    domain_variable, domain : str
        "" for all respondents.
    """

    survey: str
    wave: str
    question: str
    answer: str
    domain_variable: str = ""
    domain: str = ""

    def __str__(self) -> str:
        return build_id(*astuple(self))


def build_id(
    survey: str, wave: str, question: str, answer: str, domain_variable: str = "", domain: str = ""
) -> str:
    """Write the id of a number.

    Parameters
    ----------
    survey, wave, question, answer : str
        As in the estimate table, none empty.
    domain_variable, domain : str, optional
        Both, or neither for all respondents.

    Returns
    -------
    str
        ``survey:wave:question:answer`` or ``survey:wave:question:answer:variable=domain``.
        Characters other than letters without accents, digits and ``_.-~+`` are percent-encoded
        (RFC 3986, section 2.1), so that an id is one word and parts cannot run together.

    Raises
    ------
    InputError
        If a part is empty, or a domain has no variable.

    Examples
    --------
    >>> build_id("companies", "demo", "has_partnership", "yes", "region", "93+94")
    'companies:demo:has_partnership:yes:region=93+94'
    """
    parts = dict(zip(_PARTS, (survey, wave, question, answer), strict=True))
    empty = [name for name, value in parts.items() if not value]
    if domain and not domain_variable:
        empty.append("domain_variable")
    if empty:
        raise InputError(f"id of a number: {', '.join(empty)} is empty; the form is {FORM}.")
    text = ":".join(map(_encode, parts.values()))
    return f"{text}:{_encode(domain_variable)}={_encode(domain)}" if domain_variable else text


def parse_id(text: str) -> NumberId:
    """Read an id written by `build_id`.

    Parameters
    ----------
    text : str

    Returns
    -------
    NumberId

    Raises
    ------
    InputError
        If the text has not the form of an id.

    Examples
    --------
    >>> parse_id("mayors:2016:territory_coconstruction_dynamic:slightly_emerging").domain
    ''
    """
    parts = text.strip().split(":")
    variable, equals, domain = parts[4].partition("=") if len(parts) == 5 else ("", "", "")
    whole = len(parts) == 4
    if not (all(parts) and (whole or (len(parts) == 5 and equals and variable))):
        raise InputError(f"{text!r} is not the id of a number; the form is {FORM}.")
    return NumberId(*map(unquote, parts[:4]), unquote(variable), unquote(domain))


def build_ids(estimates: pd.DataFrame) -> pd.Series:
    """Ids of all rows of an estimate table.

    Parameters
    ----------
    estimates : pandas.DataFrame

    Returns
    -------
    pandas.Series
        One id per row, with the index of the table; `build_id` gives each of them.
    """
    encoded = {name: _encode_column(estimates[name]) for name in (*_PARTS, *_DOMAIN)}
    ids = encoded["survey"].str.cat([encoded[name] for name in _PARTS[1:]], sep=":")
    domains = ":" + encoded["domain_variable"] + "=" + encoded["domain"]
    return (ids + domains.where(encoded["domain_variable"] != "", "")).rename("id")


def _encode(text: str) -> str:
    return quote(text, safe="+")


def _encode_column(values: pd.Series) -> pd.Series:
    """Few values are distinct: each is encoded once."""
    return values.astype(str).map({value: _encode(str(value)) for value in values.unique()})
