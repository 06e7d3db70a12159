"""Territories as files write them: codes and names of any vintage, read as the study's."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd

from helpers.data.errors import InputError
from helpers.data.gazetteer import KINDS, Gazetteer, plain, read_code, read_gazetteer
from helpers.data.vintages import VINTAGES

_CODED = ("regions-2016", "regions-2015", "departements")  # zones: codes of 2016, or 93+94
# Words in the name of a column that say what its codes are.
_HINTS = dict.fromkeys(("region", "regions", "reg"), "region") | dict.fromkeys(
    ("departement", "departements", "dept", "dep", "dpt"), "departement"
)


@dataclass(frozen=True)
class Territory:
    """One territory: its `code` and `name`, and `how` the text given was understood."""

    code: str
    name: str
    how: str


@dataclass(frozen=True)
class Resolution:
    """A column of territories, resolved.

    Attributes
    ----------
    texts : pandas.Series
        Each value as text, as it was read; missing where it is empty.
    codes : pandas.Series
        Code of the target for each value, with the index of the values; missing where
        the value is missing or unresolved.
    understood : pandas.DataFrame
        One row per distinct value: `value`, `n`, `code`, `name` (of the source area) and
        `how` it was understood, e.g. ``"code of a region before 2016"``.
    unresolved : pandas.DataFrame
        One row per distinct value that was not: `value`, `n`, `reason` and `closest`, a
        tuple of names.
    """

    texts: pd.Series
    codes: pd.Series
    understood: pd.DataFrame
    unresolved: pd.DataFrame


def resolve_regions(
    values: Iterable, *, target: str = "zones-2015", vintage: str | None = None
) -> Resolution:
    """Read a column of regions or départements, whatever its vintage, as codes of one.

    Names are read one by one, with or without accents, hyphens, capitals and articles,
    official, provisional (of 2015) or abbreviated (`shapefiles/names.csv` lists them).
    What a code means depends on its column, because 11 is a region and a département: all
    codes of a column are of one vintage.

    Parameters
    ----------
    values : pandas.Series or iterable
        Text or numbers; the name of a Series counts as a hint, e.g. "Région" or "dept".
    target : {"zones-2015", "regions-2016", "regions-2015", "departements"}
        Vintage to return.
    vintage : str, optional
        Vintage of the codes; found from the column by default. The 13 regions, the 22
        before and the départements share codes, so a column counts as regions when it
        has more of their codes than any one region has départements with such codes
        (3 for the regions of 2016, 5 for those before), and départements when only they
        have all its codes and regions have not most of them.

    Returns
    -------
    Resolution

    Raises
    ------
    InputError
        If the codes can be read in several ways, or mix regions before and since 2016;
        or a vintage is unknown.
    """
    _check_vintage("target", target)
    if vintage is not None:
        _check_vintage("vintage", vintage)
    values = values if isinstance(values, pd.Series) else pd.Series(list(values), dtype=object)
    gazetteer = read_gazetteer(target)
    texts = read_texts(values)
    counts = texts.value_counts(sort=False)
    codes = {text: code for text in counts.index if (code := read_code(text))}
    if vintage is None and codes:
        zoned = any(gazetteer.is_zone(text) for text in counts.index)
        column = f"Column {values.name!r}" if values.name is not None else "The values"
        hint = "region" if zoned else _read_hint(values.name)
        vintage = _find_vintage(set(codes.values()), hint, gazetteer, column)
    rows = [
        (text, n, *gazetteer.resolve(text, codes.get(text), vintage)) for text, n in counts.items()
    ]
    table = pd.DataFrame(rows, columns=["value", "n", "code", "name", "how", "closest"])
    known = table["code"].notna()
    found = dict(zip(table.loc[known, "value"], table.loc[known, "code"], strict=True))
    return Resolution(
        texts=texts,
        codes=texts.map(found).astype("str"),
        understood=table.loc[known, ["value", "n", "code", "name", "how"]].reset_index(drop=True),
        unresolved=table.loc[~known, ["value", "n", "how", "closest"]]
        .rename(columns={"how": "reason"})
        .reset_index(drop=True),
    )


def resolve_region(
    value: object, *, target: str = "zones-2015", vintage: str | None = None
) -> Territory:
    """Read one region or département, as a reader would write it.

    Parameters
    ----------
    value : str or int
        A code or name, as in `resolve_regions`. A code of the target is taken at its
        word: "11" is Île-de-France, not Aude.
    target, vintage : str
        As in `resolve_regions`.

    Returns
    -------
    Territory
        `code` and `name` in the target, and how the value was understood.

    Raises
    ------
    InputError
        If it is not understood (the closest names are given) or can be read in several
        ways (each is named).
    """
    _check_vintage("target", target)
    gazetteer = read_gazetteer(target)
    text = "" if pd.isna(value) else _write(value)
    if not text:
        raise InputError("Region: none given; give a code or a name.")
    code = read_code(text)
    if vintage is not None:
        _check_vintage("vintage", vintage)
    elif code and code in gazetteer.target_codes:
        return Territory(code, gazetteer.name_of(code), f"code of a {KINDS[target]}")
    elif code:
        vintage = _find_vintage({code}, None, gazetteer, repr(text))
    found, _, how, closest = gazetteer.resolve(text, code, vintage)
    if found is None:
        ending = f"; closest: {', '.join(closest)}" if closest else ""
        raise InputError(f"Region {text!r}: {how}{ending}.")
    return Territory(found, gazetteer.name_of(found), how)


def read_texts(values: pd.Series, write: Callable[[object], str] | None = None) -> pd.Series:
    """Values as text without spaces at the ends; whole numbers lose their decimals.

    Parameters
    ----------
    values : pandas.Series
    write : callable, optional
        How one value is written, once for each distinct one.

    Returns
    -------
    pandas.Series
        Of strings, with the index of the values; missing where empty.
    """
    places, distinct = pd.factorize(values.astype(object))
    words = pd.array([*((write or _write)(value) or None for value in distinct), None], dtype="str")
    return pd.Series(words.take(places), index=values.index, name=values.name)


def _find_vintage(codes: set[str], hint: str | None, gazetteer: Gazetteer, column: str) -> str:
    """The vintage all codes of a column are of; refused when several would do."""
    regions = [name for name in _CODED if name.startswith("regions")]
    holds = {name: gazetteer.codes[name] for name in _CODED}
    if codes & gazetteer.codes["regions-2016"]:
        # Whole-country files number the overseas regions 01 to 06.
        holds |= {name: holds[name] | gazetteer.overseas_regions for name in regions}
    if hint == "departement":
        return "departements"
    known = {name: len(codes & holds[name]) for name in _CODED}
    possible = regions if hint == "region" else list(_CODED)
    most = max(known[name] for name in possible)
    full = [name for name in possible if known[name] == most]
    if hint is None:
        # A stray code must not turn a column of regions into one of départements.
        near = [name for name in regions if known[name] > max(gazetteer.most[name], len(codes) / 2)]
        possible = [name for name in possible if name in full or name in near]
    else:
        possible = full
    both = holds["regions-2016"] | holds["regions-2015"]
    mixed = codes <= both and not any(codes <= holds[name] for name in regions)
    if mixed and (hint == "region" or len(codes) > sum(gazetteer.most.values())):
        raise InputError(
            f"{column}: {len(codes)} codes mix regions of 2016 and before "
            f"({_list(codes - holds['regions-2015'])} are new, "
            f"{_list(codes - holds['regions-2016'])} old): split the column or use names."
        )
    goals = {}  # readings that lead to the same target are one
    for name in possible:
        reached = tuple(gazetteer.targets.get((name, code)) for code in sorted(codes))
        goals.setdefault(reached, name)
    if len(goals) == 1:
        return possible[0]
    certain = [name for name in full if known[name] > gazetteer.most.get(name, len(codes))]
    if certain:
        return certain[0]
    first = min(code for code in codes if any(code in holds[name] for name in possible))
    readings = " or ".join(
        f"{name} ({first}: {gazetteer.name_of(first, name)})"
        for name in goals.values()
        if first in gazetteer.codes[name]
    )
    strays = codes - set().union(*(holds[name] for name in possible if name in regions))
    only = f" ({_list(strays)} only as departements)" if strays else ""
    raise InputError(
        f"{column}: the codes {_list(codes)} can be read as {readings}{only}: "
        f"say which with vintage=, or give names."
    )


def _check_vintage(role: str, vintage: str) -> None:
    if vintage not in VINTAGES:
        raise InputError(f"{role} {vintage!r} is unknown; valid: {', '.join(VINTAGES)}.")


def _write(value: object) -> str:
    """A value as text; whole numbers lose their decimals."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def _read_hint(name: object) -> str | None:
    words = re.split(r"[\W_\d]+", plain(str(name)))
    hints = {_HINTS[word] for word in words if word in _HINTS}
    return hints.pop() if len(hints) == 1 else None


def _list(codes: set[str]) -> str:
    shown = sorted(codes)
    return ", ".join([*shown[:5], "…"] if len(shown) > 5 else shown)
