"""The official list of communes, and what a commune code says about its respondent."""

import re
from bisect import bisect
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.data.errors import InputError
from helpers.data.regions import recode_regions
from helpers.data.root import find_root
from helpers.data.territories import read_texts

EDITION = "2024"  # year of the Code officiel géographique, see data/frames/README.md
COLUMNS = ["code", "name", "kind", "commune", "departement", "region_code", "inhabitants"]
KINDS = ["commune", "arrondissement", "delegated commune", "associated commune"]

# First number of inhabitants (population municipale) of each class of the codebook of mayors.
FIRST_INHABITANTS = {
    "commune_band": {"under_2000": 0, "2000_19999": 2_000, "20000_plus": 20_000},
    "commune_size": {"under_500": 0, "500_1999": 500, "2000_9999": 2_000, "10000_plus": 10_000},
}
# Postal codes have five digits as well. Most end in 0, as one commune code in ten does.
POSTAL_SHARE = 0.5
POSTAL_CODES = 5  # distinct codes needed to tell


@dataclass(frozen=True)
class CommuneResolution:
    """A column of commune codes, checked against the official list.

    Attributes
    ----------
    texts : pandas.Series
        Each value as text, as it was read; missing where it is empty.
    codes : pandas.Series
        Code of the commune for each value; missing where missing or unresolved.
    understood : pandas.DataFrame
        One row per distinct value: `value`, `n`, `code`, `name` (of the commune) and
        `how`: its kind in the list, e.g. ``"commune"`` or ``"arrondissement"``.
    unresolved : pandas.DataFrame
        One row per distinct value that is not in the list: `value`, `n`, `reason` and
        `closest`, a tuple of communes of the same département with the nearest codes.
    """

    texts: pd.Series
    codes: pd.Series
    understood: pd.DataFrame
    unresolved: pd.DataFrame


def read_communes(*, root: Path | None = None) -> pd.DataFrame:
    """Read the communes of metropolitan France and their parts.

    Parameters
    ----------
    root : pathlib.Path, optional
        Root of the collection.

    Returns
    -------
    pandas.DataFrame
        One row per code, sorted: `code` (INSEE, five characters), `name`, `kind` (one of
        KINDS), `commune` (code of the commune it is or is part of), and of that commune
        `departement`, `region_code` (of 2016) and `inhabitants` (population municipale;
        missing for four communes without one).

    Raises
    ------
    InputError
        If the file is missing or damaged.
    """
    path = (root or find_root()) / "data" / "frames" / "communes.parquet"
    hint = "rebuild it with `python -m helpers.run.communes`."
    if not path.is_file():
        raise InputError(f"frames/communes.parquet: no such file; {hint}")
    try:
        communes = pd.read_parquet(path, columns=COLUMNS)
    except (OSError, ValueError, KeyError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"frames/communes.parquet: damaged ({reason}); {hint}") from None
    if communes["code"].duplicated().any() or not communes["commune"].isin(communes["code"]).all():
        raise InputError(f"frames/communes.parquet: damaged (codes twice or absent); {hint}")
    return communes


def resolve_communes(values: Iterable, *, root: Path | None = None) -> CommuneResolution:
    """Check INSEE codes against the official list; parts of communes give their commune.

    Arrondissements of Paris, Lyon and Marseille and delegated or associated communes
    become the commune they are part of, as the list says. Anything else, such as the code
    of a commune that no longer exists, is left unresolved: nothing is guessed.

    Parameters
    ----------
    values : pandas.Series or iterable
        Text or numbers (1004 is 01004).
    root : pathlib.Path, optional
        Root of the collection.

    Returns
    -------
    CommuneResolution

    Raises
    ------
    InputError
        If the values look like postal codes, or the list is missing or damaged.
    """
    values = values if isinstance(values, pd.Series) else pd.Series(list(values), dtype=object)
    communes = read_communes(root=root).set_index("code")
    texts = read_texts(values, _write)
    counts = texts.value_counts(sort=False)
    _check_postal(counts.index, values.name)
    known = counts.index.isin(communes.index)
    found = communes.loc[counts.index[known]]
    understood = pd.DataFrame(
        {
            "value": found.index,
            "n": counts[known].to_numpy(),
            "code": found["commune"].to_numpy(),
            "name": communes.loc[found["commune"], "name"].to_numpy(),
            "how": found["kind"].astype(str).to_numpy(),
        }
    )
    rows = [(text, n, *_explain(text, communes)) for text, n in counts[~known].items()]
    return CommuneResolution(
        texts=texts,
        codes=texts.map(communes["commune"]).astype("str"),
        understood=understood,
        unresolved=pd.DataFrame(rows, columns=["value", "n", "reason", "closest"]),
    )


def describe_communes(codes: pd.Series, *, root: Path | None = None) -> pd.DataFrame:
    """Derive the domains of the mayors' survey from the commune.

    Parameters
    ----------
    codes : pandas.Series
        Codes of communes, as `resolve_communes` returns them; missing ones stay missing.
    root : pathlib.Path, optional
        Root of the collection.

    Returns
    -------
    pandas.DataFrame
        Index of `codes`: `region` (zone of the study), `departement`, `commune_size`,
        `commune_band` (codes of the codebook) and `inhabitants`. The type of area is not
        derived: it does not follow from the number of inhabitants.

    Raises
    ------
    InputError
        If a code is not that of a commune.
    """
    communes = read_communes(root=root)
    communes = communes[communes["kind"].eq("commune")].set_index("code")
    foreign = codes[codes.notna() & ~codes.isin(communes.index)]
    if len(foreign):
        shown = ", ".join(map(str, foreign.unique()[:5]))
        raise InputError(f"{len(foreign)} codes are not those of communes of {EDITION}: {shown}.")
    communes["region"] = recode_regions(communes["region_code"], "regions-2016", "zones-2015")
    columns = ["region", "departement", "inhabitants"]
    found = communes[columns].reindex(codes.to_numpy()).set_axis(codes.index)
    for name in FIRST_INHABITANTS:
        found[name] = classify_inhabitants(found["inhabitants"], name)
    return found[["region", "departement", "commune_size", "commune_band", "inhabitants"]]


def classify_inhabitants(inhabitants: pd.Series, name: str) -> pd.Series:
    """Class of commune size of each number of inhabitants.

    Parameters
    ----------
    inhabitants : pandas.Series
        Numbers of zero or more; missing ones have no class.
    name : {"commune_band", "commune_size"}

    Returns
    -------
    pandas.Series
        Text: codes of the codebook of mayors.
    """
    first = FIRST_INHABITANTS[name]
    numbers = inhabitants.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    band = pd.cut(numbers, [*first.values(), np.inf], right=False, labels=list(first))
    return pd.Series(band, index=inhabitants.index).astype("str")


def _write(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value).strip()
    code = re.fullmatch(r"(\d[\dab]?\d{3})(\.0+)?", text, re.IGNORECASE)
    return code[1].upper().zfill(5) if code else text


def _check_postal(codes: pd.Index, name: object) -> None:
    postal = [code for code in codes if re.fullmatch(r"\d{4}0", code)]
    if len(codes) >= POSTAL_CODES and len(postal) > POSTAL_SHARE * len(codes):
        column = f"Column {name!r}" if name is not None else "The values"
        raise InputError(
            f"{column}: {len(postal)} of {len(codes)} codes end in 0 ({', '.join(postal[:3])}), "
            f"as postal codes do; INSEE codes of communes are needed."
        )


def _explain(text: str, communes: pd.DataFrame) -> tuple[str, tuple[str, ...]]:
    """Why a value is not in the list, and communes with the nearest codes."""
    if not re.fullmatch(r"\d[\dAB]\d{3}", text):
        return "no INSEE code of a commune: five characters such as 01004 or 2A004", ()
    if text.startswith(("97", "98")):
        return "overseas; the collection holds metropolitan France", ()
    near = communes.index[communes["departement"].eq(text[:2]) & communes["kind"].eq("commune")]
    place = bisect(near, text)
    shown = near[max(0, place - 2) : place + 1]
    closest = tuple(f"{code} {communes.loc[code, 'name']}" for code in shown)
    return f"not in the list of communes of {EDITION}", closest
