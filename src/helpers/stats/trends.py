"""One answer over the waves of a survey: its points, which may be joined, and their tests."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.data.comparability import COMPARABLE, check_comparability, judge
from helpers.data.errors import InputError
from helpers.data.language import tr, write_list
from helpers.data.responses import Wave
from helpers.data.series import find_year, read_published_points
from helpers.stats.changes import compare_waves
from helpers.stats.contrasts import adjust_p_values
from helpers.stats.results import DEFAULT_RULE, Rule, estimate_question

_CELL = ["question", "answer", "domain_variable", "domain"]
_NUMBERS = ["estimate", "ci_low", "ci_high"]
COLUMNS = [
    "survey", "actor", *_CELL, "unit", "wave", "year", "provenance", *_NUMBERS, "n", "reliability",
    "reason", "decimals", "figure", "legibility", "measure", "base", "source", "joined", "join",
    "apart", "note",
]  # fmt: skip
_TESTS = ["difference_se", "difference_low", "difference_high", "p_value"]
CHANGES = [
    "survey", "actor", *_CELL, "unit", "first", "second", "verdict", "estimate_first",
    "estimate_second", "difference", *_TESTS, "p_adjusted", "mark", "reason",
]  # fmt: skip


def build_trend(
    waves: Sequence[Wave],
    question: str,
    answer: str,
    *,
    domain: tuple[str, str] | None = None,
    rule: Rule = DEFAULT_RULE,
    root: Path | None = None,
) -> pd.DataFrame:
    """Gather the points of one answer over the waves of a survey.

    Parameters
    ----------
    waves : sequence of Wave
        From `helpers.data.series.read_series`: all of one survey, no demonstration. Those that
        do not hold the question, or the domain variable, give no point.
    question, answer : str
        Of the codebook of the survey; the answer may be a net.
    domain : tuple of str, optional
        Domain variable and level; the whole by default.
    rule : Rule, optional
        Says which estimates may be shown.
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    pandas.DataFrame
        One row per point, in time. Waves at hand give a row of their estimate table: value,
        interval and base, `provenance` ``reconstructed`` or ``real``. Published figures of
        other waves, or of a cell that no wave at hand shows, give a value without interval or
        base, `provenance` ``published``, with `figure`, `legibility`, `base` and `source`.
        `measure` names the question as the source has it.
        `joined` is the latest earlier wave with the same wording, else with a near one (`join`:
        ``same`` or ``near``), or empty. A point that no chain of joins links to the earliest
        wave at hand is `apart`, and `note` says why. A wave that withholds its estimate keeps
        its row, without a number, and is not joined.

    Raises
    ------
    InputError
        If there is no wave, a demonstration, waves of two surveys, no such question, answer
        or domain, or the codebook compares waves that nobody knows.
    """
    (trend,) = build_trends(waves, question, [answer], domain=domain, rule=rule, root=root)
    return trend


def build_trends(
    waves: Sequence[Wave],
    question: str,
    answers: Sequence[str],
    *,
    domain: tuple[str, str] | None = None,
    rule: Rule = DEFAULT_RULE,
    root: Path | None = None,
) -> list[pd.DataFrame]:
    """Gather the points of several answers, estimating the question once in each wave.

    Parameters
    ----------
    waves, question, domain, rule, root
        As in `build_trend`.
    answers : sequence of str

    Returns
    -------
    list of pandas.DataFrame
        As `build_trend`, one for each answer.

    Raises
    ------
    InputError
        As `build_trend`.
    """
    codebook = check_comparability(_check_waves(waves).codebook, root=root)
    for answer in answers:
        _check_cell(codebook, question, answer, domain)
    waves = sorted(waves, key=lambda wave: (find_year(wave.file), wave.name))
    held = [wave for wave in waves if question in wave.file.questions
            and (domain is None or domain[0] in wave.file.domains)]  # fmt: skip
    variable, level = domain or ("", "")
    estimated = [(wave, estimate_question(wave, question, by=variable or None, rule=rule))
                 for wave in held]  # fmt: skip
    published = read_published_points(codebook.survey, root=root)
    cells = [
        dict(zip(_CELL, [question, answer, variable, level], strict=True)) for answer in answers
    ]
    return [
        _join(_gather(cell, estimated, published, codebook), codebook, question,
              (held or waves)[0].name)
        for cell in cells
    ]  # fmt: skip


def _gather(cell: dict, estimated: list, published: pd.DataFrame, codebook) -> pd.DataFrame:
    """Points of one cell: estimates of waves at hand, published figures of the others."""
    printed = published[(published[_CELL] == pd.Series(cell)).all(axis=1)]
    rows = [_read_estimate(wave, cell, printed, table) for wave, table in estimated]
    shown = {row["wave"] for row in rows if pd.notna(row["estimate"])}
    others = printed[~printed["wave"].isin(shown)]
    read = set(others["wave"])
    rows = [
        row for row in rows if row["reliability"] != "not_published" and row["wave"] not in read
    ]
    rows += [_read_figure(figure) for figure in others.to_dict("records")]
    table = pd.DataFrame([cell | row for row in rows], columns=COLUMNS).assign(
        survey=codebook.survey, actor=codebook.actor
    )
    table = table.sort_values(["year", "wave", "figure"], kind="stable", ignore_index=True)
    table[_NUMBERS] = table[_NUMBERS].astype(float)
    return table.astype({"decimals": int, "n": int, "year": int})


def compare_trends(
    waves: Sequence[Wave], trends: Sequence[pd.DataFrame], *, rule: Rule = DEFAULT_RULE
) -> pd.DataFrame:
    """Test every change between two joined points of some trends.

    Parameters
    ----------
    waves : sequence of Wave
        Those the trends were built from, of any surveys.
    trends : sequence of pandas.DataFrame
        From `build_trend`.
    rule : Rule, optional

    Returns
    -------
    pandas.DataFrame
        One row per pair of joined points: the two waves (`first`, `second`), the `verdict` of
        the codebook, both estimates, `difference` (second minus first, in `unit`), its standard
        error, interval and p-values of `helpers.stats.changes.compare_waves`, and `mark`.
        `p_adjusted` corrects over all rows of this table. Where one of the points is published
        only, or `compare_waves` refuses, the change is ``untestable`` and `reason` says why.
    """
    held = {(wave.survey, wave.name): wave for wave in waves}
    rows = [_test_join(held, point, before, rule)
            for trend in trends for point, before in _list_joins(trend)]  # fmt: skip
    table = pd.DataFrame(rows, columns=CHANGES)
    numbers = ["estimate_first", "estimate_second", "difference", *_TESTS]
    table[numbers] = table[numbers].astype(float)
    adjusted = adjust_p_values(table["p_value"].to_numpy(dtype=float), method=rule.correction)
    moved = np.where(table["difference"] > 0, "higher", "lower")
    mark = np.where(adjusted < rule.alpha, moved, "none")
    return table.assign(p_adjusted=adjusted, mark=np.where(np.isnan(adjusted), "untestable", mark))


def _check_waves(waves: Sequence[Wave]) -> Wave:
    if not waves:
        raise InputError("A trend needs at least one wave of its survey.")
    surveys = sorted({wave.survey for wave in waves})
    if len(surveys) > 1:
        raise InputError(f"A trend is of one survey; the waves are of {' and '.join(surveys)}.")
    demo = [f"{wave.survey}/{wave.name}" for wave in waves if wave.provenance == "demo"]
    if demo:
        raise InputError(f"{', '.join(demo)}: fictional, never part of a trend.")
    return waves[0]


def _check_cell(codebook, question: str, answer: str, domain: tuple[str, str] | None) -> None:
    pairs = [(question, answer), *([domain] if domain else [])]
    for name, value in pairs:
        variable = codebook.variable(name)
        known = [*variable.answer_ids, *getattr(variable, "nets", {})]
        if value not in known:
            raise InputError(
                f"{codebook.survey}: {name} has no answer {value!r}; valid are {', '.join(known)}."
            )


def _read_estimate(wave: Wave, cell: dict, printed: pd.DataFrame, table: pd.DataFrame) -> dict:
    row = table[(table["answer"] == cell["answer"]) & (table["domain"] == cell["domain"])].iloc[0]
    own = printed[(printed["wave"] == wave.name) & (printed["use"] == "margin")]
    calibrated = wave.provenance == "reconstructed" and not own.empty
    return {
        **row[["unit", *_NUMBERS, "n", "reliability", "reason", "provenance"]],
        "wave": wave.name,
        "year": find_year(wave.file),
        "decimals": own["decimals"].iloc[0] if calibrated else row["unit"] == "score_10",
        "figure": " ".join(own["figure"]) if calibrated else "",
        "legibility": own["legibility"].iloc[0] if calibrated else "",
        "measure": wave.codebook.variable(cell["question"]).label.text,
        "base": wave.codebook.variable(cell["question"]).base.text,
        "source": own["source"].iloc[0] if calibrated else wave.file.fieldwork.producer.text,
    }


def _read_figure(figure: dict) -> dict:
    return {
        **{name: figure[name] for name in
           ("wave", "unit", "decimals", "figure", "legibility", "measure", "base", "source")},
        "year": int(figure["wave"]),
        "estimate": figure["value"],
        "n": 0,
        "reliability": "ok" if figure["legibility"] == "clear" else "warn",
        "reason": "",
        "provenance": "published",
    }  # fmt: skip


def _join(table: pd.DataFrame, codebook, question: str, reference: str) -> pd.DataFrame:
    """Chain each wave to the latest earlier one it compares with; say what stands apart."""
    drawn = list(table.loc[table["estimate"].notna(), "wave"].drop_duplicates())
    joins = {wave: _find_join(codebook, question, wave, drawn[:place])
             for place, wave in enumerate(drawn)}  # fmt: skip
    chains: dict[str, str] = {}
    for wave, (before, _) in joins.items():
        chains[wave] = chains.get(before, wave)
    notes = {wave: _explain(codebook, question, wave, reference) for wave in drawn
             if reference not in chains or chains[wave] != chains[reference]}  # fmt: skip
    waves = table["wave"]
    return table.assign(
        joined=[joins.get(wave, ("", ""))[0] for wave in waves],
        join=[joins.get(wave, ("", ""))[1] for wave in waves],
        apart=[bool(notes.get(wave)) for wave in waves],
        note=[notes.get(wave, "") for wave in waves],
    ).astype({"apart": bool})


def _find_join(codebook, question: str, wave: str, earlier: list[str]) -> tuple[str, str]:
    verdicts = {before: judge(codebook, question, before, wave).verdict
                for before in reversed(earlier)}  # fmt: skip
    for kind in COMPARABLE:
        for before, verdict in verdicts.items():
            if verdict == kind:
                return before, kind
    return "", ""


def _explain(codebook, question: str, wave: str, reference: str) -> str:
    verdict = judge(codebook, question, wave, reference)
    return "" if verdict.comparable else verdict.reason


def _list_joins(trend: pd.DataFrame):
    """Pairs of rows (point, the one it is joined to)."""
    for _, point in trend[trend["joined"] != ""].iterrows():
        for _, before in trend[trend["wave"] == point["joined"]].iterrows():
            yield point, before


def _test_join(held: dict, point: pd.Series, before: pd.Series, rule: Rule) -> dict:
    row = {name: point[name] for name in ("survey", "actor", *_CELL, "unit")}
    row |= {
        "first": before["wave"],
        "second": point["wave"],
        "verdict": point["join"],
        "estimate_first": before["estimate"],
        "estimate_second": point["estimate"],
        "difference": point["estimate"] - before["estimate"],
    }
    printed = [end["wave"] for end in (before, point) if end["provenance"] == "published"]
    if printed:
        waves = write_list(printed)
        return row | {"reason": tr("{waves}: published without respondents", waves=waves)}
    first, second = (held[(point["survey"], end["wave"])] for end in (before, point))
    by = point["domain_variable"] or None
    changes = compare_waves(first, second, point["question"], by=by, rule=rule)
    cell = (changes["answer"] == point["answer"]) & (changes["domain"] == point["domain"])
    return row | changes.loc[cell, [*_TESTS, "reason"]].iloc[0].to_dict()
