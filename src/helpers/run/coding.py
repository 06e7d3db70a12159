"""Turns the values of a received file into the codes of the codebook, as a mapping says."""

import re
from dataclasses import dataclass, field

import pandas as pd

from helpers.data.codebook import Codebook, Question, Variable
from helpers.data.communes import describe_communes, resolve_communes
from helpers.data.errors import InputError
from helpers.data.territories import resolve_regions
from helpers.run.findings import SHOWN, Finding
from helpers.run.mapping import MISSING_KINDS, Entry, Mapping
from helpers.run.sources import Source, read_number
from helpers.run.territory_checks import check_territories

WEIGHT = "weight"
# An id that says who somebody is: an address, a telephone number, a first and a last name.
_PERSONAL = r".*@.*|\+?[\d .()-]{9,}|[^\W\d_]{2,}[ ,]+[^\W\d_]{2,}.*"
_TELEPHONE = r"(?:\+33|0)[ .]?[1-9](?:[ .-]?\d{2}){4}"
_DATE = r"\d{4}-\d{2}-\d{2}"


@dataclass(frozen=True)
class Coded:
    """A received file in the codes of the codebook.

    Attributes
    ----------
    responses : pandas.DataFrame
        Columns as `responses.parquet` holds them; its index is the row of the file, from 0.
    missing : pandas.DataFrame
        `question`, `kind` of missing and `n`, where there are any.
    findings : list of Finding
        What could not be coded (errors) and what to know (warnings, notes).
    rows_read : int
        Rows of the file, empty ones included.
    """

    responses: pd.DataFrame
    missing: pd.DataFrame
    findings: list[Finding] = field(default_factory=list)
    rows_read: int = 0


def code_responses(source: Source, mapping: Mapping, codebook: Codebook) -> Coded:
    """Apply a mapping to a file.

    Parameters
    ----------
    source : Source
    mapping : Mapping
        Checked against both by `helpers.run.mapping.read_mapping`.
    codebook : Codebook

    Returns
    -------
    Coded
        Values that the mapping does not name are errors among the findings, never dropped.
    """
    coder = _Coder(source, mapping, codebook)
    columns = {"respondent": coder.read_respondents(), WEIGHT: coder.read_weights()}
    for name, entry in mapping.domains.items():
        columns[name] = coder.read_domain(codebook.variable(name), entry)
    for name, entry in mapping.questions.items():
        columns.update(coder.read_question(codebook.variable(name), entry))
    responses = pd.DataFrame(columns, index=coder.rows)
    return Coded(responses, coder.count_missing(), coder.findings, len(source.frame))


def describe_value_problem(
    texts: pd.Series, wrong: pd.Series, check: str, column: str, words: str, level="error"
) -> Finding:
    """A finding on some values of a column: how many, which, and the first rows.

    Parameters
    ----------
    texts : pandas.Series
        Values as text; its index is the row of the file, from 0.
    wrong : pandas.Series
        Boolean, same index.
    check, column, words, level : str

    Returns
    -------
    Finding
    """
    values = tuple(dict.fromkeys(texts[wrong].fillna("(empty)")))[:SHOWN]
    count = int(wrong.sum())
    shown = ", ".join(map(repr, values)) + (", …" if texts[wrong].nunique() > SHOWN else ".")
    counted = f"{count} values" if count > 1 else "1 value"
    return Finding(
        level, check, column, f"{counted} {words}: {shown}", count, values,
        tuple(int(row) + 1 for row in texts.index[wrong][:SHOWN]),
    )  # fmt: skip


class _Coder:
    """Codes one file, gathering findings and kinds of missing on the way."""

    def __init__(self, source: Source, mapping: Mapping, codebook: Codebook):
        self.source, self.mapping, self.codebook = source, mapping, codebook
        self.findings: list[Finding] = []
        self.kinds: dict[str, pd.Series] = {}
        self.rows = self._find_rows()
        self.answers: dict[str, pd.Series] = {}

    def texts(self, column: str) -> pd.Series:
        return self.source.texts(column).loc[self.rows]

    def find(self, texts, wrong, check, column, words, level="error") -> None:
        if wrong.any():
            self.findings.append(describe_value_problem(texts, wrong, check, column, words, level))

    def _find_rows(self) -> pd.Index:
        """Rows with anything in a column that is read; the others are no respondents."""
        read = {
            column for entry in self.mapping.entries.values() for column in entry.source_columns
        }
        filled = pd.Series(False, index=self.source.frame.index)
        for column in read:
            filled |= self.source.texts(column).notna()
        empty = int((~filled).sum())
        if empty:
            rows = tuple(int(row) + 1 for row in filled.index[~filled][:SHOWN])
            text = f"{empty} rows without a single answer are left out."
            self.findings.append(Finding("warning", "empty rows", "", text, empty, (), rows))
        return filled.index[filled]

    def read_respondents(self) -> pd.Series:
        column = self.mapping.respondent
        if column is None:
            return pd.Series(
                [str(row + 1) for row in range(len(self.rows))], self.rows, dtype="str"
            )
        texts = self.texts(column)
        plain = texts.fillna("")
        personal = plain.str.fullmatch(f"{_TELEPHONE}|{_PERSONAL}") & ~plain.str.fullmatch(r"\d+")
        if personal.any():
            count = int(personal.sum())
            text = (
                f"{count} ids look like names, addresses or telephone numbers; leave respondent "
                "empty in the mapping and they are numbered instead."
            )
            self.findings.append(Finding("warning", "personal ids", column, text, count))
        return texts

    def read_weights(self) -> pd.Series:
        column = self.mapping.weight
        if column is None:
            return pd.Series(1.0, index=self.rows)
        texts, numbers = self._numbers(column, {})
        given = texts.notna()
        self.find(texts, given & numbers.isna(), "weights", column, "that are no numbers")
        return numbers

    def read_domain(self, variable: Variable, entry: Entry) -> pd.Series:
        texts = self.texts(entry.column)
        kinds = self._missing_kinds(texts, entry, entry.column)
        if entry.holds == "answers":
            codes = self._code_single(variable, entry, texts, kinds)
        else:
            codes = self._resolve(variable, entry, texts.where(kinds.isna() | (kinds == "")))
        self.kinds[variable.id] = kinds.mask(codes.notna())
        return codes.astype("str")

    def read_question(self, question: Question, entry: Entry) -> dict[str, pd.Series]:
        read = {
            "single": self._read_single, "multiple": self._read_multiple,
            "ranking": self._read_ranking, "score": self._read_score,
        }[question.type]  # fmt: skip
        return read(question, entry)

    def count_missing(self) -> pd.DataFrame:
        """Kinds of missing by question; those not asked by the routing are counted apart."""
        rows = []
        for name, kinds in self.kinds.items():
            kinds = self._mark_not_asked(name, kinds)
            counts = kinds.value_counts()
            rows += [(name, kind, int(counts[kind])) for kind in MISSING_KINDS if kind in counts]
        return pd.DataFrame(rows, columns=["question", "kind", "n"])

    def _mark_not_asked(self, name: str, kinds: pd.Series) -> pd.Series:
        routing = getattr(self.codebook.variable(name), "asked_if", None)
        if not routing or routing.question not in self.answers:
            return kinds
        parent = self.codebook.variable(routing.question)
        accepted = {answer.code for answer in parent.answers if answer.id in routing.answers}
        asked = self.answers[routing.question].isin(accepted)
        return kinds.mask(kinds.notna() & ~asked, "not_asked")

    def _missing_kinds(self, texts: pd.Series, entry: Entry, column: str) -> pd.Series:
        """Kind of missing per row: as the mapping says, else what the file declares; "" if none."""
        known = {
            text: entry.missing.get(text)
            or ("no_answer" if text not in entry.answers and self.source.is_missing(column, text)
                else "")
            for text in texts.dropna().unique()
        }  # fmt: skip
        return texts.map(known).astype("str").fillna("no_answer")

    def _code_single(self, variable, entry: Entry, texts, kinds) -> pd.Series:
        codes = {answer.id: answer.code for answer in variable.answers}
        known = {text: codes[answer] for text, answer in entry.answers.items()}
        coded = texts.map(known)
        unknown = texts.notna() & ~texts.isin(list(known)) & (kinds == "")
        self.find(
            texts, unknown, "unknown answers", entry.column,
            f"that the mapping does not name as an answer of {variable.id} or as missing",
        )  # fmt: skip
        return coded

    def _resolve(self, variable: Variable, entry: Entry, texts: pd.Series) -> pd.Series:
        """Regions or communes of any vintage as the study's own."""
        labels = self.source.answers.get(entry.column, {})
        words = texts.map(lambda text: labels.get(text, text), na_action="ignore").astype("str")
        words.name = entry.column
        try:
            found = (resolve_communes if entry.holds == "communes" else resolve_regions)(words)
        except InputError as error:
            text = str(error)
            finding = Finding("error", "territories", entry.column, text, len(words))
            self.findings += [finding] if finding not in self.findings else []
            return pd.Series(None, index=texts.index, dtype="str")
        told = check_territories(words, found, column=entry.column)
        self.findings += [finding for finding in told if finding not in self.findings]
        if entry.holds == "communes":
            return describe_communes(found.codes)[variable.id]
        return found.codes

    def _read_single(self, question: Question, entry: Entry) -> dict[str, pd.Series]:
        texts = self.texts(entry.column)
        kinds = self._missing_kinds(texts, entry, entry.column)
        codes = self._code_single(question, entry, texts, kinds).astype("Int64")
        self.kinds[question.id] = kinds.mask(codes.notna())
        self.answers[question.id] = codes
        return {question.id: codes}

    def _read_multiple(self, question: Question, entry: Entry) -> dict[str, pd.Series]:
        if entry.mentions:
            ranks, kinds = self._read_mentions(question, entry)
            answered = pd.DataFrame(ranks).notna().any(axis=1)
            ticks = {name: rank.notna().astype("boolean").where(answered)
                     for name, rank in ranks.items()}  # fmt: skip
        else:
            ticks, kinds = self._read_ticks(question, entry)
            answered = pd.DataFrame(ticks).notna().any(axis=1)
        self.kinds[question.id] = kinds.mask(answered)
        return ticks

    def _read_ticks(self, question: Question, entry: Entry):
        known = dict.fromkeys(entry.not_chosen, False) | dict.fromkeys(entry.chosen, True)
        ticks, kinds = {}, self._no_kinds()
        for name in question.columns:
            column = entry.columns.get(name.removeprefix(f"{question.id}__"))
            if column is None:
                ticks[name] = pd.Series(pd.NA, index=self.rows, dtype="boolean")
                continue
            texts = self.texts(column)
            own = self._missing_kinds(texts, entry, column)
            unknown = texts.notna() & ~texts.isin(list(known)) & (own == "")
            self.find(texts, unknown, "unknown answers", column,
                      "that the mapping names neither chosen, not_chosen nor missing")  # fmt: skip
            ticks[name] = texts.map(known).astype("boolean")
            kinds = _first_kind(kinds, own)
        if entry.blank == "not_chosen":
            answered = pd.DataFrame(ticks).notna().any(axis=1)
            asked = {name for name in question.columns
                     if name.removeprefix(f"{question.id}__") in entry.columns}  # fmt: skip
            ticks = {name: tick.mask(answered & tick.isna(), False) if name in asked else tick
                     for name, tick in ticks.items()}  # fmt: skip
        self._note_absent(question, entry)
        return ticks, kinds

    def _read_mentions(self, question: Question, entry: Entry):
        """Rank of each answer among the mentions of a row, from 1; missing if not mentioned."""
        ranks = {
            name: pd.Series(pd.NA, index=self.rows, dtype="Int64") for name in question.columns
        }
        kinds, place = self._no_kinds(), 0
        for column in entry.mentions:
            texts = self.texts(column)
            parts = texts.to_frame(0)
            if entry.separator:
                parts = texts.str.split(re.escape(entry.separator), expand=True, regex=True)
            for part in parts:
                words = parts[part].astype("str").str.strip()
                words = words.where(words != "")
                place += 1
                own = self._missing_kinds(words, entry, column)
                unknown = words.notna() & ~words.isin(list(entry.answers)) & (own == "")
                told = f"that the mapping does not name as an answer of {question.id}"
                self.find(words, unknown, "unknown answers", column, told)
                answers = words.map(entry.answers)
                for answer in question.answer_ids:
                    name = f"{question.id}__{answer}"
                    ranks[name] = ranks[name].mask((answers == answer) & ranks[name].isna(), place)
                kinds = _first_kind(kinds, own)
        return ranks, kinds

    def _read_ranking(self, question: Question, entry: Entry) -> dict[str, pd.Series]:
        if entry.mentions:
            ranks, kinds = self._read_mentions(question, entry)
        else:
            ranks, kinds = self._read_numbers(question, entry, 1, len(question.answers))
        self.kinds[question.id] = kinds.mask(pd.DataFrame(ranks).notna().any(axis=1))
        return ranks

    def _read_score(self, question: Question, entry: Entry) -> dict[str, pd.Series]:
        scores, kinds = self._read_numbers(question, entry, 0, 10)
        self.kinds[question.id] = kinds.mask(pd.DataFrame(scores).notna().any(axis=1))
        return scores

    def _read_numbers(self, question: Question, entry: Entry, low: int, high: int):
        """Whole numbers of each answer, checked; anything else is an error."""
        columns, kinds = {}, self._no_kinds()
        for name in question.columns:
            column = entry.columns.get(name.removeprefix(f"{question.id}__"))
            if column is None:
                columns[name] = pd.Series(pd.NA, index=self.rows, dtype="Int64")
                continue
            texts, numbers = self._numbers(column, entry.missing)
            own = self._missing_kinds(texts, entry, column)
            given = texts.notna() & (own == "")
            dates = given & texts.fillna("").str.match(_DATE)
            words = given & numbers.isna() & ~dates
            wrong = given & numbers.notna() & ~(numbers.between(low, high) & (numbers % 1 == 0))
            for rows, said in (
                (dates, "that a spreadsheet turned into dates; enter the numbers again as text"),
                (words, "that are no numbers"),
                (wrong, f"that are no whole number of {low} to {high}"),
            ):
                self.find(texts, rows, "numbers", column, said)
            columns[name] = numbers.where(given & ~wrong).astype("Int64")
            kinds = _first_kind(kinds, own)
        self._note_absent(question, entry)
        return columns, kinds

    def _numbers(self, column: str, missing: dict) -> tuple[pd.Series, pd.Series]:
        texts = self.texts(column)
        known = {text: read_number(text) for text in texts.dropna().unique() if text not in missing}
        return texts, texts.map(known).astype(float)

    def _no_kinds(self) -> pd.Series:
        return pd.Series("no_answer", index=self.rows, dtype="str")

    def _note_absent(self, question: Question, entry: Entry) -> None:
        absent = [answer for answer in question.answer_ids if answer not in entry.columns]
        if absent:
            text = f"{question.id}: {len(absent)} answers have no column: {', '.join(absent)}."
            self.findings.append(
                Finding("warning", "answers without a column", "", text, len(absent))
            )


def _first_kind(kinds: pd.Series, own: pd.Series) -> pd.Series:
    """A kind that is said beats a cell that is only empty."""
    said = ~own.isin(["", "no_answer"])
    return kinds.mask(said & (kinds == "no_answer"), own)
