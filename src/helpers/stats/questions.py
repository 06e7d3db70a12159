"""Questions read from the columns of respondents, each checked against its answers."""

import numpy as np
import pandas as pd

from helpers.data.errors import InputError
from helpers.stats.columns import code_column, require_columns
from helpers.stats.items import Measures, OneAnswer


def read_answers(respondents, question, answers=None, nets=None, base="respondents"):
    """Read a question asked in codes or in several yes/no columns.

    Parameters
    ----------
    respondents : pandas.DataFrame
        One row per respondent.
    question : str or list of str
        A column of one answer code per respondent (missing leaves the base),
        or boolean columns, one per answer (a row missing in all leaves it).
    answers : list, optional
        All codes in order; for a list of columns, one name per column.
    nets : dict, optional
        Name of a net to the codes it unites, as ``{"agree": [1, 2]}``.
    base : {"respondents", "answers"}, default "respondents"
        What shares are of; "answers" needs several columns.

    Returns
    -------
    OneAnswer or Measures

    Raises
    ------
    InputError
        If a column is absent, a code is outside `answers`, a column of a
        multiple-response question is not boolean, or nobody answered.
    """
    if base not in ("respondents", "answers"):
        raise InputError(f"base {base!r}: must be 'respondents' or 'answers'")
    if isinstance(question, str):
        if base == "answers":
            raise InputError(f"column {question!r}: one answer each, so base must be 'respondents'")
        items = _read_codes(respondents, question, answers)
        return _unite_codes(items, nets) if nets else items
    return _read_flags(respondents, list(question), answers, nets, base)


def read_scores(respondents, question, limits=None, origin=None):
    """Read a numeric column, to be averaged over those who answered.

    Parameters
    ----------
    respondents : pandas.DataFrame
        One row per respondent.
    question : str
        Numeric column; missing rows leave the base.
    limits : tuple of float, optional
        Lowest and highest valid score, as (0, 10).
    origin : float, optional
        What is taken off the scores, so that their squares keep their digits; their mean by
        default.

    Returns
    -------
    Measures

    Raises
    ------
    InputError
        If the column is absent, not numeric, infinite, outside the limits or
        missing in every row.
    """
    require_columns(respondents, [question])
    try:
        y = respondents[question].to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError):
        raise InputError(f"column {question!r}: a mean needs numbers") from None
    base = ~np.isnan(y)
    if not base.any():
        raise InputError(f"column {question!r}: no answer in {len(y)} rows")
    low, high = (-np.inf, np.inf) if limits is None else limits
    bad = base & (np.isinf(y) | (y < low) | (y > high))
    if bad.any():
        shown = ", ".join(f"{value:g}" for value in np.unique(y[bad])[:5])
        raise InputError(
            f"column {question!r}: {bad.sum()} values outside {low:g} to {high:g} ({shown})"
        )
    origin = y[base].mean() if origin is None else origin
    return Measures([np.where(base, y - origin, 0.0)], base.astype(float), base, ["mean"], origin)


def read_ranks(respondents, ranks, answers=None):
    """Read a ranking question held as one column of codes per rank.

    Parameters
    ----------
    respondents : pandas.DataFrame
        One row per respondent.
    ranks : list of str
        Columns of first, second, ... choices.
    answers : list, optional
        All codes in order; by default the codes found in any rank, sorted.

    Returns
    -------
    code : numpy.ndarray, shape (rows, ranks)
        Position of the answer; `len(labels)` where none was given.
    labels : list
        Answer codes in order.

    Raises
    ------
    InputError
        If a column is absent, a code is outside `answers`, an answer is
        ranked twice by a respondent, or a rank is skipped.
    """
    require_columns(respondents, ranks)
    if answers is None:
        given = pd.concat([respondents[column].dropna().astype(object) for column in ranks])
        answers = sorted(given.unique())
    columns = []
    for column in ranks:
        if respondents[column].notna().any():
            columns.append(_read_codes(respondents, column, answers).code.astype(np.intp))
        else:
            columns.append(np.full(len(respondents), len(answers)))
    code = np.column_stack(columns)
    empty = code == len(answers)
    skipped = (empty[:, :-1] & ~empty[:, 1:]).any(axis=1)
    if skipped.any():
        raise InputError(f"columns {', '.join(ranks)}: {skipped.sum()} rows skip a rank")
    ordered = np.sort(code, axis=1)
    twice = ((ordered[:, :-1] == ordered[:, 1:]) & (ordered[:, 1:] < len(answers))).any(axis=1)
    if twice.any():
        raise InputError(f"columns {', '.join(ranks)}: {twice.sum()} rows rank an answer twice")
    return code, list(answers)


def _read_codes(respondents, column, answers):
    require_columns(respondents, [column])
    values = respondents[column]
    code, found = code_column(values, sort=answers is None)
    if code.max(initial=-1) < 0:
        raise InputError(f"column {column!r}: no answer in {len(values)} rows")
    labels = found if answers is None else _check_labels(answers, column)
    # Position len(labels), reached by code -1, is where missing answers go.
    position = np.append(labels.get_indexer(found), len(labels))
    outside = np.flatnonzero(position < 0)
    if len(outside):
        count = np.bincount(code + 1, minlength=len(found) + 1)[outside + 1]
        bad = outside[count > 0]
        if len(bad):
            shown = ", ".join(repr(value) for value in found[bad].tolist()[:5])
            raise InputError(
                f"column {column!r}: {count.sum()} answers outside the answer list "
                f"({shown}); valid: {', '.join(repr(a) for a in labels.tolist())}"
            )
    small = np.uint8 if len(labels) < 255 else np.intp
    return OneAnswer(position.astype(small)[code], labels.tolist())


def _check_labels(answers, column):
    labels = pd.Index(list(answers))
    if not len(labels) or labels.has_duplicates:
        twice = labels[labels.duplicated()].tolist()
        raise InputError(f"{column!r}: the answer list is empty or repeats {twice}")
    return labels


def _unite_codes(items, nets):
    labels = pd.Index(items.labels)
    base = items.base
    y = [items.code == position for position in range(len(labels))]
    for name, codes in nets.items():
        y.append(np.isin(items.code, _net_positions(name, codes, labels)))
    return Measures(y, base.astype(float), base, items.labels + list(nets))


def _net_positions(name, codes, labels):
    if name in labels:
        raise InputError(f"net {name!r}: is also an answer code")
    positions = labels.get_indexer(list(codes))
    if not len(positions) or (positions < 0).any():
        unknown = [code for code, at in zip(codes, positions, strict=True) if at < 0]
        raise InputError(f"net {name!r}: {len(unknown)} codes not in the answer list {unknown}")
    return positions


def _read_flags(respondents, columns, answers, nets, base):
    require_columns(respondents, columns)
    if not columns:
        raise InputError("question: an empty list of columns")
    answers = columns if answers is None else list(answers)
    if len(answers) != len(columns):
        raise InputError(f"answers: {len(answers)} names for {len(columns)} columns {columns}")
    labels = _check_labels(answers, columns[0])
    flags = [_read_flag(respondents[column], column) for column in columns]
    asked = np.logical_or.reduce([known for _, known in flags])
    if not asked.any():
        raise InputError(f"columns {', '.join(columns)}: no answer in {len(asked)} rows")
    y = [chosen for chosen, _ in flags]
    c = asked.astype(float) if base == "respondents" else np.sum(y, axis=0, dtype=float)
    if not c.any():
        raise InputError(f"columns {', '.join(columns)}: nobody chose any answer")
    for name, codes in (nets or {}).items():
        positions = _net_positions(name, codes, labels)
        united = [y[position] for position in positions]
        y.append(np.logical_or.reduce(united) if base == "respondents" else np.sum(united, axis=0))
    return Measures(y, c, asked, labels.tolist() + list(nets or {}))


def _read_flag(values, column):
    """Return who chose the answer, and whose choice is known."""
    known = values.notna().to_numpy()
    distinct = set(pd.unique(values[known]).tolist())
    if not distinct <= {True, False}:
        wrong = sorted(repr(v) for v in distinct if v not in (True, False))[:5]
        raise InputError(
            f"column {column!r}: a multiple-response column must be True or False, "
            f"found {', '.join(wrong)}"
        )
    chosen = np.zeros(len(values), dtype=bool)
    chosen[known] = values[known].to_numpy(dtype=bool)
    return chosen, known
