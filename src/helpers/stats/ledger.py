"""The ledger: published figures beside recomputed ones, with a verdict each."""

import math
from collections.abc import Iterable

import pandas as pd

from helpers.data.codebook import Codebook
from helpers.data.language import message, ntr, tr
from helpers.data.published import (
    describe_legibility,
    name_figure,
    read_figures,
    read_links,
    write_words,
)
from helpers.data.responses import Wave
from helpers.stats.results import estimate_tables

REPRODUCED = message("reproduced")
VERDICTS = {
    "shown": message("not computable"),
    "not_computable": message("not computable"),
    "inconsistent": message("inconsistent in the source"),
}


def build_ledger(
    waves: Iterable[Wave], *, studies: Iterable[str], years: Iterable[str]
) -> pd.DataFrame:
    """Compare every published figure of some studies with the waves at hand.

    Parameters
    ----------
    waves : iterable of Wave
    studies : iterable of str
        Values of `study` in the published figures.
    years : iterable of str
        Values of `wave` in the published figures.

    Returns
    -------
    pandas.DataFrame
        One row per figure: `figure`, `measure`, `territory`, `published`,
        `unit`, `legibility`, `recomputed`, `difference`, `tolerance` (half the
        last printed digit, in `unit`), `basis`, `verdict` and `reason`. The
        basis is ``calibrated on it`` when the weights of a reconstructed wave
        were raked to that figure, so that agreement is built in and shows only
        that nothing was lost on the way; else ``recomputed only``. Verdicts:
        ``reproduced`` (within the tolerance), ``within rounding`` (a gap of
        two printed figures, within the sum of their tolerances), ``different``,
        ``not computable``, ``inconsistent in the source``.
    """
    waves = {(wave.survey, wave.name): wave for wave in waves}
    figures = read_figures()
    chosen = figures["study"].isin(list(studies)) & figures["wave"].isin(list(years))
    figures = figures[chosen].merge(read_links(), on="figure", how="left", suffixes=("", "_link"))
    figures["legibility"] = describe_legibility(figures)
    cells = _estimate_cells(figures, waves)
    rows = [_compare(figure, waves, cells) for figure in figures.itertuples()]
    return pd.DataFrame(rows, columns=_COLUMNS)


def name_measures(figures: pd.DataFrame) -> list[str]:
    """Name what each published figure measures, by the labels of its question if it has one.

    Parameters
    ----------
    figures : pandas.DataFrame
        Rows of `helpers.data.published.read_figures`.

    Returns
    -------
    list of str
        In the language in use, one name per row.
    """
    linked = figures.merge(read_links(), on="figure", how="left", suffixes=("", "_link"))
    return [_measure(figure, {}) for figure in linked.itertuples()]


def check_ledger(ledger: pd.DataFrame) -> str:
    """Raise unless every clear figure that can be recomputed is reproduced.

    Parameters
    ----------
    ledger : pandas.DataFrame
        From `build_ledger`.

    Returns
    -------
    str
        The count of each verdict, in one sentence.

    Raises
    ------
    AssertionError
        If a recomputed figure differs; names the figures.
    """
    if ledger.empty:
        return tr("No figure was published for this wave: nothing to compare.")
    missed = ledger[ledger["verdict"] == "different"]
    names = "; ".join(
        f"{row.figure} {row.measure}: published {row.published:g}, recomputed {row.recomputed:g}"
        for row in missed.itertuples()
    )
    if len(missed):
        raise AssertionError(f"{len(missed)} published figures are not reproduced: {names}")
    counts = ledger["verdict"].value_counts()
    told = ", ".join(_count_verdict(name, n) for name, n in counts.items())
    text = ntr(
        "{count} figure: {verdicts}", "{count} figures: {verdicts}", len(ledger), verdicts=told
    )
    built_in = (ledger["basis"] == _BASES["margin"]).sum()
    if not built_in:
        return f"{text}."
    tail = tr("of the reproduced, {count} by calibration", count=built_in)
    return tr("{first}; {then}.", first=text, then=tail)


_BASES = {"margin": message("calibrated on it"), "check": message("recomputed only")}
_ROUNDED, _DIFFERENT = message("within rounding"), message("different")

_COLUMNS = [
    "figure",
    "measure",
    "territory",
    "published",
    "unit",
    "legibility",
    "recomputed",
    "difference",
    "tolerance",
    "basis",
    "verdict",
    "reason",
]


def _count_verdict(verdict: str, count: int) -> str:
    """Number of figures with a verdict; in French the verdict agrees with the number."""
    return {
        REPRODUCED: ntr("{count} reproduced", "{count} reproduced", count),
        _ROUNDED: ntr("{count} within rounding", "{count} within rounding", count),
        VERDICTS["shown"]: ntr("{count} not computable", "{count} not computable", count),
        VERDICTS["inconsistent"]: ntr(
            "{count} inconsistent in the source", "{count} inconsistent in the source", count
        ),
    }[verdict]


def _compare(figure, waves: dict, cells: dict) -> dict:
    tolerance = 0.5 * 10.0**-figure.decimals
    row = {
        "figure": figure.figure,
        "measure": _measure(figure, waves),
        "territory": figure.territory,
        "published": figure.value,
        "unit": figure.unit,
        "legibility": figure.legibility,
        "tolerance": tolerance,
        "recomputed": math.nan,
        "difference": math.nan,
        "basis": _BASES.get(figure.use, _BASES["check"]),
        "verdict": VERDICTS.get(figure.use, VERDICTS["shown"]),
        "reason": tr(figure.reason) if isinstance(figure.reason, str) else tr("No wave holds it."),
    }
    wave = waves.get((figure.survey, figure.wave_link))
    if figure.use not in ("margin", "check"):
        return row | {"basis": ""}
    if wave is None:
        return row | {"basis": "", "reason": tr("Its wave is not one of those of this run.")}
    recomputed = _recompute(figure, wave, cells)
    difference = recomputed - figure.value
    return row | {
        "recomputed": recomputed,
        "difference": difference,
        "verdict": _judge(difference, tolerance, parts=2 if "gap" in figure.quantity else 1),
    }


def _judge(difference: float, tolerance: float, *, parts: int) -> str:
    """A figure made of `parts` printed ones may differ by the sum of their roundings."""
    slack = 1e-9
    if abs(difference) <= tolerance + slack:
        return REPRODUCED
    if parts > 1 and abs(difference) <= parts * tolerance + slack:
        return _ROUNDED
    return _DIFFERENT


def _estimate_cells(figures: pd.DataFrame, waves: dict) -> dict[tuple, float]:
    """Estimates that the figures are compared with, by wave and cell."""
    cells = {}
    computed = figures["use"].isin(["margin", "check"]) & (figures["quantity"] != "base")
    for key, rows in figures[computed].groupby(["survey", "wave_link"], sort=False):
        if key not in waves:
            continue
        pairs = [(row.question_link, row.domain_variable or None) for row in rows.itertuples()]
        pairs += [(name, None) for name, _ in pairs]  # for gaps to the whole
        table = estimate_tables(waves[key], pairs)
        cells |= {
            (*key, row.question, row.domain_variable, row.domain, row.answer): row.estimate
            for row in table.itertuples()
        }
    return cells


def _recompute(figure, wave: Wave, cells: dict) -> float:
    """The figure from the respondents, in its printed unit."""
    if figure.quantity == "base":
        return float(len(wave.respondents))
    key, by = (wave.survey, wave.name, figure.question_link), figure.domain_variable
    value = cells[*key, by, figure.domain if by else "", figure.answer_link]
    if figure.quantity == "gap_to_whole":
        value -= cells[*key, "", "", figure.answer_link]
    return value if figure.unit == "score_10" else 100 * value


def _measure(figure, waves: dict) -> str:
    """What the figure measures: the labels of the codebook, else the words of the source."""
    linked = isinstance(figure.question_link, str) and figure.question_link
    if figure.quantity == "base" or not linked:
        return tr(name_figure(figure.question, figure.answer))
    wave = waves.get((figure.survey, figure.wave_link))
    if wave is None:  # it may have had another wording than the question it is linked to
        question, answer = (tr(write_words(code)) for code in (figure.question, figure.answer))
        return tr("{question}: {answer}", question=question, answer=answer)
    return _label(wave.codebook, figure)


def _label(codebook: Codebook, figure) -> str:
    item = codebook.variable(figure.question_link)
    answer = item.label_of(figure.answer_link)
    text = tr("{question}: {answer}", question=item.label.text, answer=answer)
    if figure.domain_variable and figure.domain_variable != "region":
        text += f" ({codebook.variable(figure.domain_variable).label_of(figure.domain)})"
    if figure.quantity == "gap_to_whole":
        return tr("{measure} (points above the whole)", measure=text)
    return text
