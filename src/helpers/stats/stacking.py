"""Several samples in one frame: waves of a survey, or the surveys of several actors."""

import pandas as pd

from helpers.data.design import Design
from helpers.data.errors import InputError
from helpers.stats.columns import require_columns

STRATUM = "sample_stratum"
UNIT = "sample_unit"


def stack_samples(frames, *, design, name="sample", identity=None):
    """Stack samples so that `contrast_pairs` can compare them.

    Parameters
    ----------
    frames : dict
        Name of each sample (a wave, an actor) to its respondents, in order.
    design : Design or dict
        Design of all samples, or of each by name. A weight keeps the scale it
        has in its own sample.
    name : str, default "sample"
        Column to hold the name of the sample, a Categorical in that order.
    identity : str, optional
        Column naming the person (or the psu) that samples share: a panel. By
        default the samples are independent.

    Returns
    -------
    respondents : pandas.DataFrame
        Rows of all samples, with `name` and the design columns.
    design : Design
        To be used with it. Independent samples have strata of their own, so
        no covariance; of a shared sample the identity is the unit, so that a
        person's answers in two waves count as one unit.

    Raises
    ------
    InputError
        If there are fewer than two samples, `name` is already a column, a
        design column is absent, designs differ in their weight, fpc or
        single-unit rule, or a shared unit changes stratum between samples.

    Notes
    -----
    Estimates stay those of each sample: a domain is one sample, and ratios do
    not depend on the scale of its weights. For overlapping samples see
    Berger and Priam (2016), JRSS A 179(1), 251-272.

    Examples
    --------
    >>> from helpers.data.design import Design
    >>> wave = pd.DataFrame({"q": [1, 2, 2], "w": [1.0, 1.0, 1.0]})
    >>> frames = {"2016": wave, "2024": wave}
    >>> respondents, design = stack_samples(frames, design=Design(weight="w"), name="wave")
    >>> len(respondents), design.strata
    (6, ('sample_stratum',))
    """
    if len(frames) < 2:
        raise InputError(f"frames: {len(frames)} samples; a comparison needs two")
    designs = design if isinstance(design, dict) else dict.fromkeys(frames, design)
    absent = [sample for sample in frames if sample not in designs]
    if absent:
        raise InputError(f"design: no design for {len(absent)} samples: {absent}")
    shared = {(d.weight, d.fpc, d.single_psu) for d in (designs[sample] for sample in frames)}
    if len(shared) > 1:
        found = sorted(shared, key=str)
        raise InputError(f"design: samples must agree on weight, fpc and single_psu, found {found}")
    parts = []
    for sample, frame in frames.items():
        used = designs[sample]
        taken = [column for column in (name, STRATUM, UNIT) if column in frame]
        if taken:
            raise InputError(f"{sample!r}: columns {taken} exist already; choose another name")
        unit = identity or used.psu
        require_columns(frame, [*used.strata, *([unit] if unit else [])])
        key = [sample] if identity is None else []
        parts.append(
            frame.assign(
                **{
                    name: sample,
                    STRATUM: _paste(frame, key, used.strata),
                    UNIT: _paste(frame, key, [unit]) if unit else _number(frame, sample),
                }
            )
        )
    stacked = pd.concat(parts, ignore_index=True)
    stacked[name] = pd.Categorical(stacked[name], categories=list(frames))
    if identity is not None:
        _check_strata(stacked, identity)
    clustered = identity is not None or any(designs[sample].psu for sample in frames)
    weight, fpc, single_psu = shared.pop()
    together = Design(
        weight=weight,
        strata=(STRATUM,),
        psu=UNIT if clustered else None,
        fpc=fpc,
        single_psu=single_psu,
    )
    return stacked, together


def _paste(frame, key, columns):
    """Name each row's crossing of columns, as tuples that cannot collide."""
    for column in columns:
        missing = int(frame[column].isna().sum())
        if missing:
            raise InputError(f"column {column!r}: {missing} missing values of {len(frame)}")
    values = [frame[column].tolist() for column in columns]
    names = [(*key, *row) for row in zip(*values, strict=True)] if values else [tuple(key)]
    names = names if values else names * len(frame)
    return pd.Series(names, index=frame.index, dtype=object).map(repr)


def _number(frame, sample):
    return pd.Series([repr((sample, row)) for row in range(len(frame))], index=frame.index)


def _check_strata(stacked, identity):
    strata = stacked.groupby(UNIT, sort=False)[STRATUM].nunique()
    moved = strata[strata > 1]
    if len(moved):
        shown = stacked.loc[stacked[UNIT].isin(moved.index[:5]), identity].unique().tolist()
        raise InputError(
            f"column {identity!r}: {len(moved)} units change stratum between samples {shown}"
        )
