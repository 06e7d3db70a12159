"""Secondary suppression: no withheld figure may follow from those shown."""

import numpy as np

from helpers.data.errors import InputError
from helpers.data.language import message, tr

# A withheld figure is taken as found when its own direction has no more than
# this length outside the span of what the shown totals leave open.
FREE = 1e-9

SECONDARY = message("withheld so that another figure cannot be found by subtraction")


def suppress_complements(flagged, *, totals, size="n", protect=None):
    """Withhold further figures until none can be had by subtraction.

    Parameters
    ----------
    flagged : pandas.DataFrame
        Rows of `helpers.stats.reliability.flag`; each figure in one row.
    totals : list of list of str
        Columns whose groups of rows add up to something shown. For a table of
        answers by region: ``[["answer"], ["region"]]``, because the regions
        of one answer add up to the topline, and the answers of one region to
        100 %. Nets are left out: they repeat what answers say.
    size : str, default "n"
        Column that tells which figure is the cheapest to withhold: the
        smallest goes first.
    protect : array-like of bool, optional
        The withheld figures that must not be found; all of them by default.
        Others withheld, for instance for want of precision, stay unknowns.

    Returns
    -------
    pandas.DataFrame
        A copy in which the figures withheld here have `reliability`
        "suppress" and say so in `reason`; other rows keep theirs.

    Raises
    ------
    InputError
        If a column is absent, or a withheld figure equals a shown total: then
        the total must be withheld.

    Notes
    -----
    Each group shown with its total is a linear equation in the withheld
    figures. A figure can be found when it takes one value in every solution,
    that is when the null space of the equations has no component along it
    (Cox 1980, JASA 75, 377-385). Protection is against exact recovery, not
    against bounds.
    """
    needed = sorted({"reliability", "reason", size, *(name for group in totals for name in group)})
    absent = [name for name in needed if name not in flagged]
    if absent:
        raise InputError(f"flagged: columns absent: {', '.join(absent)}")
    groups = [flagged.groupby(list(group), sort=False, observed=True, dropna=False).ngroup()
              .to_numpy() for group in totals]  # fmt: skip
    order = flagged[size].to_numpy(dtype=float)
    # An empty row holds no figure: it neither needs protection nor gives any.
    withheld = (flagged["reliability"] == "suppress").to_numpy() & (order > 0)
    added = np.zeros(len(flagged), dtype=bool)
    secret = withheld if protect is None else withheld & np.asarray(protect, dtype=bool)
    while True:
        exposed = _recoverable(withheld, groups)
        exposed = exposed[secret[exposed] | added[exposed]]
        if not len(exposed):
            break
        partner = _cheapest_partner(exposed, withheld, groups, order)
        withheld[partner] = added[partner] = True
    result = flagged.copy()
    before = result.loc[added, "reason"].fillna("")
    result.loc[added, "reason"] = [
        f"{text}; {tr(SECONDARY)}" if text else tr(SECONDARY) for text in before
    ]
    result.loc[added, "reliability"] = "suppress"
    return result


def _recoverable(withheld, groups):
    """Rows withheld whose figure the shown totals determine."""
    rows = np.flatnonzero(withheld)
    if not len(rows):
        return rows
    equations = [
        (codes[rows] == code).astype(float) for codes in groups for code in np.unique(codes[rows])
    ]
    _, values, axes = np.linalg.svd(np.array(equations), full_matrices=True)
    rank = int((values > FREE * values.max()).sum())
    free = np.sqrt((axes[rank:] ** 2).sum(axis=0))
    return rows[free < FREE]


def _cheapest_partner(exposed, withheld, groups, order):
    """Shown figure that leaves most totals with one unknown, then the smallest."""
    alone = sum(_in_groups_of_one(codes, withheld) for codes in groups)
    if not (alone[~withheld & (order > 0)]).any():
        # No total has a single unknown: several together determine a figure.
        alone = sum(np.isin(codes, codes[exposed]).astype(int) for codes in groups)
    candidates = np.flatnonzero((alone > 0) & ~withheld & (order > 0))
    if not len(candidates):
        raise InputError(
            f"{len(exposed)} withheld figures equal a total that is shown, with nothing left to "
            f"withhold beside them (first at position {exposed[0]}); withhold the total"
        )
    return candidates[np.lexsort((order[candidates], -alone[candidates]))[0]]


def _in_groups_of_one(codes, withheld):
    """Whether each row is in a group with exactly one withheld figure."""
    return (np.bincount(codes, weights=withheld)[codes] == 1).astype(int)
