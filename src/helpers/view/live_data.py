"""Numbers of a live page: estimate tables as compact data, rounded to what is printed."""

from collections.abc import Sequence

import pandas as pd

from helpers.data.actors import name_survey
from helpers.data.codebook import REGION, Question
from helpers.data.language import tr, write_options
from helpers.data.published import read_readings
from helpers.data.responses import Wave
from helpers.stats.disclosure import CONFIDENTIAL
from helpers.stats.results import DEFAULT_RULE, Rule, estimate_tables
from helpers.view.maps import find_breaks
from helpers.view.palette import ACTORS
from helpers.view.provenance import COLOURS, describe_source
from helpers.view.scales import SCALES, Scale, find_scale
from helpers.view.selection import list_answers, list_questions
from helpers.view.tables import describe_absence, write_states

_KEYS = ["survey", "wave", "question", "domain_variable"]
_MARKS = {"higher": "h", "lower": "l", "none": "d", "untestable": ""}
_FIXED = 1e-6  # standard errors below it are rounding of the weights


def collect_estimates(
    *waves: Wave, questions: Sequence[str] = (), rule: Rule = DEFAULT_RULE,
    made: pd.DataFrame | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Estimate every question of some waves, for the whole and by each domain variable.

    Parameters
    ----------
    *waves : Wave
    questions : sequence of str, optional
        Only these; by default all that have shares or means.
    rule : Rule, optional
    made : pandas.DataFrame, optional
        Estimate tables that hold some of it already, made by the same rule.

    Returns
    -------
    pandas.DataFrame
        An estimate table. A breakdown of which nothing was published, or that
        nobody answered, is left out; the frame is empty where that leaves none.
    """
    known = {} if made is None else dict(iter(made.groupby(_KEYS, sort=False)))
    tables = []
    for wave in waves:
        items = [
            item.id
            for item in list_questions(wave)
            if item.id in wave.file.questions and (not questions or item.id in questions)
        ]
        keys = [
            (wave.survey, wave.name, name, by) for name in items for by in ["", *wave.file.domains]
        ]
        missing = [(key[2], key[3] or None) for key in keys if key not in known]
        estimated = estimate_tables(wave, missing, rule=rule)
        held = known | dict(iter(estimated.groupby(_KEYS, sort=False)))
        readings = read_readings(wave.survey, wave.name)
        read = set(readings[["question", "domain_variable"]].itertuples(index=False, name=None))
        for key in keys:
            told = ~held[key]["reliability"].isin(["not_published", "no_base"])
            if told.any() or key[2:] in read:
                tables.append(held[key])
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()


class LiveData:
    """Writes estimate tables as plain lists, and gathers what their rows share.

    Parameters
    ----------
    estimates : pandas.DataFrame
        From `collect_estimates`.
    *waves : Wave
        The waves they come from, in the order in which they are offered.
    rule : Rule
        The rule they were made by.

    Attributes
    ----------
    absent, notes : dict
        State and words of rows without a number, words of a note of others and
        whether it asks for care, to their key.
    """

    def __init__(self, estimates: pd.DataFrame, *waves: Wave, rule: Rule):
        self.absent: dict[tuple[str, str], str] = {}
        self.notes: dict[tuple[str, bool], str] = {}
        self._waves = waves
        self._rule = rule
        self._tables = dict(iter(estimates.groupby(_KEYS, sort=False)))
        self._regional = estimates[estimates["domain_variable"] == REGION]

    def write_surveys(self) -> list[dict]:
        """Write every survey, with its waves, their questions and the tables of each.

        Returns
        -------
        list of dict
            Ready for JSON. A row with a number is a list: the number a text gives,
            then with the decimals of a table the estimate and its interval, the
            base, the mark, and the key of a note if it has one. A row without is
            the key of its state, or the words of a reading; it holds no number.
        """
        surveys: dict[str, dict] = {}
        for wave in self._waves:
            name = _capitalise(name_survey(wave.survey))
            own = {"id": wave.survey, "name": name, "waves": []}
            survey = surveys.setdefault(wave.survey, own)
            survey["waves"].append(self._write_wave(wave))
        return list(surveys.values())

    def write_absent(self) -> dict[str, dict]:
        """Write the states of rows without a number, after the surveys, by their keys."""
        return {
            key: {"state": state, "words": words, "secret": words == tr(CONFIDENTIAL)}
            for (state, words), key in self.absent.items()
        }

    def _write_wave(self, wave: Wave) -> dict:
        readings = read_readings(wave.survey, wave.name)
        breakdowns = {
            name: {"label": item.label.text, "codes": item.answer_ids,
                   "names": list(item.labels().values())}
            for name in wave.file.domains for item in [wave.codebook.variable(name)]
        }  # fmt: skip
        asked = [
            self._write_question(wave, item, readings[readings["question"] == item.id])
            for item in list_questions(wave)
            if any((wave.survey, wave.name, item.id, by) in self._tables
                   for by in ["", *breakdowns])
        ]  # fmt: skip
        return {
            "name": wave.name,
            "source": describe_source(wave),
            "colour": COLOURS[wave.provenance],
            "stamp": tr("FICTIONAL") if wave.provenance == "demo" else "",
            "actor": ACTORS[wave.codebook.actor],
            "rules": {unit: self._rule.describe(wave.provenance, unit) for unit in SCALES},
            "breakdowns": breakdowns,
            "questions": asked,
        }

    def _write_question(self, wave: Wave, item: Question, readings: pd.DataFrame) -> dict:
        answers = list_answers(item)
        tables = {
            by: self._write_table(wave, item, by, readings[readings["domain_variable"] == by])
            for by in ["", *wave.file.domains]
            if (wave.survey, wave.name, item.id, by) in self._tables
        }
        first = next(self._tables[wave.survey, wave.name, item.id, by] for by in tables)
        written = {
            "id": item.id,
            "label": item.label.text,
            "text": item.text.text,
            "base": item.base.text,
            "unit": first["unit"].iloc[0],
            "answers": answers,
            "names": [item.label_of(answer) for answer in answers],
            "first": answers.index(item.headline),
            "tables": tables,
        }
        if REGION in tables:
            breaks = [find_shared_breaks(self._regional, wave.name, item.id, a) for a in answers]
            scale = SCALES[written["unit"]]
            written["breaks"] = [[_round(edge, scale) for edge in edges] for edges in breaks]
        return written

    def _write_table(self, wave: Wave, item: Question, by: str, readings) -> list[list]:
        """Rows of one breakdown: a list per domain, in it a cell per answer."""
        table = self._tables[wave.survey, wave.name, item.id, by]
        scale = find_scale(table)
        read = dict(iter(readings.groupby(["domain", "answer"])))
        cells = {}
        for row, state in zip(table.itertuples(), write_states(table), strict=True):
            pair = (row.domain, row.answer)
            cells[pair] = self._write_cell(row, state, scale)
            if pd.isna(row.estimate) and pair in read:
                cells[pair] = _write_reading(read[pair], wave, scale)
        domains = wave.codebook.variable(by).answer_ids if by else [""]
        return [[cells[domain, answer] for answer in list_answers(item)] for domain in domains]

    def _write_cell(self, row, state: str, scale: Scale) -> list | str:
        if pd.isna(row.estimate):
            pair = (row.reliability, describe_absence(row._asdict()))
            return self.absent.setdefault(pair, f"a{len(self.absent)}")
        fixed = row.se < _FIXED and 0 < row.estimate < scale.top
        low, high = (None, None) if fixed else (row.ci_low, row.ci_high)
        note = tr("fixed by the design") if fixed else state
        cell = [
            _round(row.estimate, scale), *(_round(value, scale, 1) for value in
                                           (row.estimate, low, high)),
            int(row.n), _MARKS[row.mark],
        ]  # fmt: skip
        if note:
            pair = (note, row.reliability == "warn")
            cell.append(self.notes.setdefault(pair, f"n{len(self.notes)}"))
        return cell


def find_shared_breaks(estimates: pd.DataFrame, wave: str, question: str, answer: str) -> list:
    """Class breaks of a map, shared by the surveys that asked the same in the same wave.

    Parameters
    ----------
    estimates : pandas.DataFrame
        From `collect_estimates`.
    wave, question, answer : str

    Returns
    -------
    list of float
        As `helpers.view.maps.find_breaks`.
    """
    rows = estimates[
        (estimates["wave"] == wave)
        & (estimates["question"] == question)
        & (estimates["domain_variable"] == REGION)
        & (estimates["answer"] == answer)
    ]
    return find_breaks(rows)


def _capitalise(text: str) -> str:
    return text[:1].upper() + text[1:]


def _round(value: float | None, scale: Scale, more: int = 0) -> float | int | None:
    """A number as `Scale.number` prints it; whole ones as integers, which are shorter."""
    if value is None:
        return None
    number = round(float(f"{scale.factor * value:.{scale.decimals + more}f}"), 6)
    return int(number) if number == int(number) else number


def _write_reading(rows: pd.DataFrame, wave: Wave, scale: Scale) -> dict:
    """An approximate or ambiguous reading, which is shown and not computed."""
    values = write_options([scale.number(value) for value in rows["value"]]) + scale.sign
    first = rows.iloc[0]
    dated = "" if first["year"] == wave.name else f"\n({first['year']})"
    words = f"≈ {values} ({tr(first['legibility'])})"
    return {"label": f"≈ {scale.number(first['value'])}{scale.sign}{dated}", "words": words}
