"""Official margins of a survey laid over its respondents: levels, targets, what was achieved."""

import itertools
from pathlib import Path

import pandas as pd

from helpers.data.codebook import Codebook
from helpers.data.errors import InputError
from helpers.data.frames import read_source, read_target
from helpers.data.language import tr, write_list
from helpers.stats.columns import first_few, read_weights, require_columns
from helpers.stats.diagnostics import compare_margins

# The level of respondents whose own is missing: in no frame, so it keeps its base share.
MISSING = "(missing)"

# Between the levels of variables that a margin crosses.
CROSSED = " x "

_BASE = "(base)"
_FINAL = "(final)"


def read_levels(respondents: pd.DataFrame, codebook: Codebook, margins: list[str]) -> pd.DataFrame:
    """Read the level of each respondent on each official margin.

    Parameters
    ----------
    respondents : pandas.DataFrame
        One row per respondent, domain variables as answer ids.
    codebook : Codebook
    margins : list of str
        Ids of its official margins.

    Returns
    -------
    pandas.DataFrame
        One column per margin: the level, levels joined by `CROSSED` where variables
        are, or `MISSING` where any of them is missing.

    Raises
    ------
    InputError
        If there is no margin, one is unknown, given twice or contained in another,
        or a variable is not a column of the respondents.
    """
    twice = sorted({name for name in margins if margins.count(name) > 1})
    if twice or not margins:
        raise InputError(f"margins: {f'given twice: {twice[0]}' if twice else 'none given'}.")
    over = {name: set(codebook.margin(name).variables) for name in margins}
    for name, other in itertools.permutations(margins, 2):
        if over[name] <= over[other]:
            raise InputError(f"margins: {other} holds {name} already; leave {name} out.")
    levels = {}
    for name in margins:
        variables = codebook.margin(name).variables
        require_columns(respondents, variables)
        columns = respondents[variables].astype(object)
        known = columns.notna().all(axis=1)
        rows = zip(*(columns.where(known, "")[item] for item in variables), strict=True)
        joined = pd.Series([CROSSED.join(row) for row in rows], columns.index, dtype=object)
        levels[name] = joined.where(known, MISSING)
    return pd.DataFrame(levels)


def read_targets(
    levels: pd.DataFrame, codebook: Codebook, base, *, root: Path | None = None
) -> dict[str, pd.Series]:
    """Read the targets of official margins, ready for `helpers.stats.weights.rake`.

    Parameters
    ----------
    levels : pandas.DataFrame
        From `read_levels`.
    codebook : Codebook
    base : array-like of float
        Base weight of each respondent.
    root : pathlib.Path, optional
        Root of the collection.

    Returns
    -------
    dict of pandas.Series
        Margin to level to count. Every margin adds up to the total of the first one:
        frames of different years are scaled to it. `MISSING` takes its share of the
        base weights, and the other levels share out the rest as the frame does.

    Raises
    ------
    InputError
        If a level of the respondents is not in the frame, or one of the frame has no
        respondents: both are named.
    """
    base = pd.Series(base, index=levels.index, dtype=float)
    targets, total = {}, None
    for name in levels:
        counts = read_target(codebook, name, root=root)
        if isinstance(counts.index, pd.MultiIndex):
            counts.index = counts.index.map(CROSSED.join)
        _check_levels(levels[name], counts, codebook, name)
        total = counts.sum() if total is None else total
        missing = base[levels[name] == MISSING].sum() / base.sum()
        counts = counts * (total * (1 - missing) / counts.sum())
        if missing:
            counts.loc[MISSING] = total * missing
        targets[name] = counts
    return targets


def compare_official(
    respondents: pd.DataFrame,
    codebook: Codebook,
    margins: list[str],
    *,
    weight: str,
    base_weight: str | None = None,
    root: Path | None = None,
) -> pd.DataFrame:
    """Set what weights achieve beside the official counts they were raked to.

    Parameters
    ----------
    respondents : pandas.DataFrame
        One row per respondent, domain variables as answer ids.
    codebook : Codebook
    margins : list of str
        Ids of its official margins.
    weight : str
        Column of final weights.
    base_weight : str, optional
        Column of base weights; equal ones without.
    root : pathlib.Path, optional
        Root of the collection.

    Returns
    -------
    pandas.DataFrame
        One row per margin and level, in the order of the frame: `margin`, `level`, `n`,
        `base_share`, `target_count` (scaled to the first margin's total), `target_share`,
        `achieved_share` (shares 0 to 1) and `ratio`, achieved over base share: how far
        weighting lifted the level.

    Raises
    ------
    InputError
        As `read_levels` and `read_targets`, or if a weight is not positive and finite.
    """
    levels = read_levels(respondents, codebook, margins)
    final = read_weights(respondents, weight)
    base = read_weights(respondents, base_weight) if base_weight else [1.0] * len(levels)
    targets = read_targets(levels, codebook, base, root=root)
    frame = levels.assign(**{_BASE: base, _FINAL: final})
    table = compare_margins(frame, targets, weight=_FINAL, base_weight=_BASE)
    order = {key: place for place, key in enumerate(
        (name, level) for name, target in targets.items() for level in target.index
    )}  # fmt: skip
    places = [order[key] for key in zip(table["margin"], table["level"], strict=True)]
    table = table.iloc[pd.Series(places).argsort().to_numpy()].reset_index(drop=True)
    total = next(iter(targets.values())).sum()
    return pd.DataFrame(
        {
            "margin": table["margin"],
            "level": table["level"],
            "n": table["n"],
            "base_share": table["before"] / total,
            "target_count": table["target"],
            "target_share": table["target"] / total,
            "achieved_share": table["achieved"] / final.sum(),
            "ratio": (table["achieved"] / final.sum()) / (table["before"] / total),
        }
    )


def describe_margins(codebook: Codebook, margins: list[str], *, root: Path | None = None) -> str:
    """Name official margins with the unit, year and source of their frames.

    Parameters
    ----------
    codebook : Codebook
    margins : list of str
    root : pathlib.Path, optional
        Root of the collection.

    Returns
    -------
    str
    """
    frames = {}
    for name in margins:
        frames.setdefault(codebook.margin(name).frame, []).append(codebook.margin(name))
    texts = []
    for frame, over in frames.items():
        labels = write_list([margin.label.text.lower() for margin in over])
        notes = " ".join(dict.fromkeys(margin.note.text for margin in over if margin.note))
        text = f"{labels} ({read_source(frame, root=root).describe()})"
        texts.append(f"{text}. {notes}".rstrip(". ") if notes else text)
    return "; ".join(texts)


def name_level(codebook: Codebook, margin: str, level: str) -> str:
    """Label of a level of an official margin."""
    if level == MISSING:
        return tr("not known")
    variables = codebook.margin(margin).variables
    pairs = zip(variables, level.split(CROSSED), strict=True)
    return ", ".join(codebook.variable(name).label_of(part) for name, part in pairs)


def _check_levels(levels: pd.Series, counts: pd.Series, codebook: Codebook, name: str) -> None:
    kinds = levels.value_counts(sort=False).drop(MISSING, errors="ignore")
    place = f"{codebook.survey}: official margin {name} ({codebook.margin(name).frame})"
    foreign = kinds[~kinds.index.isin(counts.index)]
    if len(foreign):
        shown = first_few(f"{level}: {n} respondents" for level, n in foreign.items())
        raise InputError(
            f"{place}: {len(foreign)} levels of the respondents are not in the frame ({shown}); "
            f"correct them, leave them missing, or leave this margin out."
        )
    absent = counts[~counts.index.isin(kinds.index)]
    if len(absent):
        shown = first_few(f"{level}: {count:,.0f}" for level, count in absent.items())
        raise InputError(
            f"{place}: {len(absent)} levels of the frame have no respondents ({shown}); merge "
            f"each with a level that has some, or leave this margin out."
        )
