"""The sixteen fragility domains of the studies, their families, and their other spellings."""

from pathlib import Path
from typing import Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, model_validator

from helpers.data.codebook import Wording
from helpers.data.errors import InputError
from helpers.data.root import find_root
from helpers.data.yamlfile import read_model


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Family(_Part):
    id: str = Field(pattern=r"^[a-z_]+$")
    label: Wording


class _Fragility(_Part):
    """`certainty` is that of the family; without a high one, `reason` says why."""

    id: str = Field(pattern=r"^[a-z_]+$")
    family: str
    certainty: Literal["high", "medium", "uncertain"]
    reason: Wording | None = None
    label: Wording
    spellings: list[str] = []

    @model_validator(mode="after")
    def _doubt_has_a_reason(self):
        if (self.certainty == "high") == bool(self.reason):
            raise ValueError(f"{self.id}: a reason goes with a doubt, and only with one.")
        return self


class _File(_Part):
    families: list[_Family]
    fragilities: list[_Fragility]

    @model_validator(mode="after")
    def _names_are_clear(self):
        known = {family.id for family in self.families}
        unknown = sorted({item.family for item in self.fragilities} - known)
        if unknown:
            raise ValueError(f"unknown families: {', '.join(unknown)}.")
        names = [name for item in self.fragilities for name in (item.id, *item.spellings)]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"ids or spellings given twice: {', '.join(twice)}.")
        return self


def read_fragilities(*, root: Path | None = None) -> pd.DataFrame:
    """Read the sixteen fragilities.

    Parameters
    ----------
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    pandas.DataFrame
        One row per fragility, family by family: `fragility` (id), `label_en`,
        `label_fr`, `family` (economic, social, societal, environmental),
        `family_en`, `family_fr`, `certainty` of the family (``high``,
        ``medium``, ``uncertain``) and, in the language in use, `reason` of a doubt (""
        without one).

    Raises
    ------
    InputError
        If the file is missing or breaks its contract.
    """
    file = _read_file(root)
    families = {family.id: family.label for family in file.families}
    rows = [
        {
            "fragility": item.id,
            "label_en": item.label.en,
            "label_fr": item.label.fr,
            "family": item.family,
            "family_en": families[item.family].en,
            "family_fr": families[item.family].fr,
            "certainty": item.certainty,
            "reason": item.reason.text if item.reason else "",
        }
        for item in file.fragilities
    ]
    return pd.DataFrame(rows)


def recode_fragilities(names: pd.Series, *, root: Path | None = None) -> pd.Series:
    """Turn every spelling of a fragility into its id.

    Parameters
    ----------
    names : pandas.Series
        Ids or other spellings, as in `figures.csv`.
    root : pathlib.Path, optional
        Root of the collection.

    Returns
    -------
    pandas.Series
        Ids of `read_fragilities`, same index.

    Raises
    ------
    InputError
        If a name is no spelling of a fragility; names column, values and count.
    """
    fragilities = _read_file(root).fragilities
    ids = {name: item.id for item in fragilities for name in (item.id, *item.spellings)}
    unknown = names[~names.isin(ids)]
    if len(unknown):
        shown = ", ".join(map(repr, unknown.drop_duplicates().head(5)))
        raise InputError(
            f"column {names.name or 'fragility'}: {len(unknown)} values are no fragility: {shown}; "
            f"valid are {', '.join(item.id for item in fragilities)}."
        )
    return names.map(ids)


def _read_file(root: Path | None) -> _File:
    return read_model((root or find_root()) / "data" / "surveys" / "fragilities.yaml", _File)
