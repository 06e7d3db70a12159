"""What a methodology notice states, and which code of the profession asks for each item."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from helpers.data.codebook import Codebook, Wording
from helpers.data.methodology import Methodology
from helpers.data.root import find_root
from helpers.data.waves import WaveFile
from helpers.data.yamlfile import read_model

COMPUTED = "computed"
# How wave files say that a producer did not state something, in English.
UNSTATED = ("not stated", "not published")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Code(_Part):
    """A code of the profession, or a law."""

    id: str
    short: Wording
    label: Wording
    url: str


class Item(_Part):
    """One item of the notice.

    Attributes
    ----------
    id : str
    label : Wording
    places : list of str
        Where a wave may state it (``from`` in the file): fields of the wave file, of the
        codebook, or ``computed``.
    asked_by : dict
        Id of a code to the place in it that asks for the item.
    """

    id: str
    label: Wording
    places: list[str] = Field(alias="from", min_length=1)
    asked_by: dict[str, str]


class Disclosure(_Part):
    """What `data/surveys/disclosure.yaml` holds."""

    codes: list[Code]
    items: list[Item]


def read_disclosure(*, root: Path | None = None) -> Disclosure:
    """Read and validate `data/surveys/disclosure.yaml`.

    Parameters
    ----------
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    Disclosure

    Raises
    ------
    InputError
        If the file is missing, or names a code or a place that there is not.
    """
    path = (root or find_root()) / "data" / "surveys" / "disclosure.yaml"
    return read_model(path, Disclosure, check=_check)


def _check(disclosure: Disclosure):
    codes = [code.id for code in disclosure.codes]
    fields = {"methodology": set(Methodology.model_fields), "codebook": set(Codebook.model_fields)}
    fields["fieldwork"] = set(WaveFile.model_fields["fieldwork"].annotation.model_fields)
    for number, item in enumerate(disclosure.items):
        for code in set(item.asked_by) - set(codes):
            yield ("items", number, "asked_by", code), f"no such code; valid are {codes}."
        for place in item.places:
            section, dot, field = place.partition(".")
            held = fields.get(section, set()) if dot else {COMPUTED, *WaveFile.model_fields}
            if (field or section) not in held:
                yield ("items", number, "from"), f"{place}: no such field."


def find_statement(item: Item, file: WaveFile, codebook: Codebook) -> list[Wording]:
    """What a wave states of an item in its files.

    Parameters
    ----------
    item : Item
    file : WaveFile
    codebook : Codebook
        Of its survey.

    Returns
    -------
    list of Wording
        From the first place that states something; empty if none does.
    """
    for place in item.places:
        if place == COMPUTED:
            continue
        section, dot, field = place.partition(".")
        holder = codebook if section == "codebook" else getattr(file, section) if dot else file
        found = getattr(holder, field or section)
        told = found if isinstance(found, list) else [found]
        told = [words for words in told if words and words.en.strip().lower() not in UNSTATED]
        if told:
            return told
    return []
