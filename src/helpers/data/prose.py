"""Prose of a data file: in both languages, or in one that then stands for both."""

from typing import Annotated

from pydantic import BeforeValidator

from helpers.data.codebook import Wording


def _read_prose(value: object) -> object:
    if isinstance(value, str):
        return {"en": value, "fr": value}
    if isinstance(value, (dict, Wording)):
        return value
    raise ValueError("give words in quotes, or the same words as {en: ..., fr: ...}.")


Prose = Annotated[Wording, BeforeValidator(_read_prose)]
