"""Which column of a received file holds which question: the editable `mapping.yaml`."""

import difflib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from helpers.data.codebook import Codebook, Question, Variable
from helpers.data.communes import FIRST_INHABITANTS
from helpers.data.yamlfile import read_model
from helpers.run.sources import Source, value_text

MissingKind = Literal["dont_know", "refused", "no_answer", "not_asked"]
MISSING_KINDS = MissingKind.__args__
Key = Annotated[str, BeforeValidator(value_text)]
Problem = tuple[tuple, str]
_FEW = 3  # columns that a file may lack before the mapping is taken for that of another file


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Entry(_Part):
    """Where one question or domain variable is in the file, and what its values mean.

    Attributes
    ----------
    column : str, optional
        The column of a single question or a domain variable.
    columns : dict of str
        Answer id to column: one column per answer of a multiple question (chosen or
        not), a ranking (rank given) or a score (0 to 10).
    mentions : list of str
        Columns that each hold one answer: first mention, second mention. With a
        `separator`, one column that holds several.
    separator : str, optional
        What stands between the answers of one cell, e.g. ";".
    answers : dict of str
        Value of the file to answer id; None: not decided yet.
    missing : dict of str
        Value of the file to kind of missing.
    chosen, not_chosen : list of str
        Values of a column per answer.
    blank : {"missing", "not_chosen"}
        What an empty cell of a column per answer means, for those who chose another.
    holds : {"answers", "regions", "communes"}
        `regions`: names or codes of regions or départements of any vintage; `communes`:
        INSEE codes of communes. Both become the study's own areas.
    """

    column: str | None = None
    columns: dict[str, str] = {}
    mentions: list[str] = []
    separator: str | None = None
    answers: dict[Key, str | None] = {}
    missing: dict[Key, MissingKind] = {}
    chosen: list[Key] = []
    not_chosen: list[Key] = []
    blank: Literal["missing", "not_chosen"] = "missing"
    holds: Literal["answers", "regions", "communes"] = "answers"

    @property
    def source_columns(self) -> list[str]:
        """Columns of the file this entry reads."""
        return [*([self.column] if self.column else []), *self.columns.values(), *self.mentions]


class Mapping(_Part):
    """What `mapping.yaml` holds.

    Attributes
    ----------
    survey, wave : str
        What the file becomes.
    source : str
        Name of the file the mapping was proposed for.
    respondent, weight : str, optional
        Columns; without, respondents are numbered and count one each.
    strata : list of str
        Domain variables whose crossing is the stratum of the sample.
    domains, questions : dict of Entry
        By id in the codebook.
    margins : list of str
        Margins of the codebook the weights are raked to.
    """

    survey: str
    wave: Annotated[str, BeforeValidator(value_text)]
    source: str
    respondent: str | None = None
    weight: str | None = None
    strata: list[str] = []
    domains: dict[str, Entry] = {}
    questions: dict[str, Entry] = Field(min_length=1)
    margins: list[str] = []

    @property
    def entries(self) -> dict[str, Entry]:
        """Domain variables and questions."""
        return {**self.domains, **self.questions}


def read_mapping(path: Path, source: Source, codebook: Codebook, *, wave: str) -> Mapping:
    """Read an edited mapping and check every name in it.

    Parameters
    ----------
    path : pathlib.Path
    source : Source
        The file whose columns it names.
    codebook : Codebook
        The survey whose questions and answers it names.
    wave : str
        The wave it must be for.

    Returns
    -------
    Mapping

    Raises
    ------
    InputError
        One line per mistake: file, line, field, what is unknown and what is close to it.
    """
    return read_model(
        path, Mapping, check=lambda mapping: list(_check(mapping, source, codebook, wave))
    )


def _check(mapping: Mapping, source: Source, codebook: Codebook, wave: str) -> Iterator[Problem]:
    for field, expected in (("survey", codebook.survey), ("wave", wave)):
        if getattr(mapping, field) != expected:
            yield (
                (field,),
                (
                    f"this mapping is for the {field} {getattr(mapping, field)!r}, "
                    f"but {expected!r} was asked for."
                ),
            )
            return
    columns = list(source.frame.columns)
    named = list(dict.fromkeys(column for entry in mapping.entries.values()
                               for column in entry.source_columns))  # fmt: skip
    lost = [column for column in named if column not in columns]
    if len(lost) > max(_FEW, len(named) / 2):
        shown = ", ".join(lost[:_FEW])
        text = (
            f"{len(lost)} of the {len(named)} columns this mapping reads are not in {source.name}, "
            f"e.g. {shown}; it was made for {mapping.source}."
        )
        yield ("source",), text
        return
    for field in ("respondent", "weight"):
        name = getattr(mapping, field)
        if name is not None and name not in columns:
            yield (field,), _describe_unknown(name, columns, f"a column of {source.name}")
    for place, name in enumerate(mapping.strata):
        if name not in mapping.domains:
            known = list(mapping.domains)
            yield ("strata", place), _describe_unknown(name, known, "a mapped domain variable")
    offered = {margin.id: margin for margin in codebook.margins}
    for place, name in enumerate(mapping.margins):
        if name not in offered:
            words = f"a margin of the survey {codebook.survey}"
            yield ("margins", place), _describe_unknown(name, list(offered), words)
            continue
        lost = [item for item in offered[name].variables if item not in mapping.domains]
        if lost:
            words = f"the margin {name} needs {', '.join(lost)} under domains."
            yield ("margins", place), words
    used: dict[str, str] = {}
    for field, known in (("domains", codebook.domain_ids), ("questions", codebook.question_ids)):
        for name, entry in getattr(mapping, field).items():
            place = (field, name)
            if name not in known:
                yield place, _describe_unknown(name, known, f"one of the {field} of the codebook")
                continue
            for problem, text in _check_entry(entry, codebook.variable(name), source):
                yield (*place, *problem), text
            for column in entry.source_columns if field == "questions" else []:
                if used.setdefault(column, name) != name:
                    yield place, f"column {column} is already read by {used[column]}."
    if set(mapping.questions) <= set(codebook.question_ids):
        yield from _check_needed(mapping, codebook)


def _check_needed(mapping: Mapping, codebook: Codebook) -> Iterator[Problem]:
    for name in mapping.questions:
        question = next((item for item in codebook.questions if item.id == name), None)
        parent = question.asked_if.question if question and question.asked_if else name
        if parent not in mapping.questions:
            words = f"needs {parent} as well: who was asked depends on it."
            yield ("questions", name), words


def _check_entry(entry: Entry, variable: Variable, source: Source) -> Iterator[Problem]:
    kind = getattr(variable, "type", "single")
    if isinstance(variable, Question) and variable.recode:
        yield (), "is computed from other questions; remove it."
        return
    fields = [name for name in ("column", "columns", "mentions") if getattr(entry, name)]
    valid = {"single": ["column"], "multiple": ["columns", "mentions"],
             "ranking": ["columns", "mentions"], "score": ["columns"]}[kind]  # fmt: skip
    if len(fields) != 1 or fields[0] not in valid:
        yield (), f"a {kind} question takes {' or '.join(valid)}, and only one of them."
        return
    columns = list(source.frame.columns)
    for place, name in _placed_columns(entry):
        if name not in columns:
            yield place, _describe_unknown(name, columns, f"a column of {source.name}")
    twice = [name for name in entry.source_columns if entry.source_columns.count(name) > 1]
    if twice:
        yield (), f"reads the column {twice[0]} twice."
    for answer in entry.columns:
        if answer not in variable.answer_ids:
            yield ("columns", answer), _unknown_answer(answer, variable)
    for value, answer in entry.answers.items():
        if answer is None:
            yield (
                ("answers", value),
                (
                    f"which answer {value!r} means is not decided yet; valid are "
                    f"{', '.join(variable.answer_ids)}; or move it under missing "
                    f"({', '.join(MISSING_KINDS)})."
                ),
            )
        elif answer not in variable.answer_ids:
            yield ("answers", value), _unknown_answer(answer, variable)
    for value in sorted(set(entry.answers) & set(entry.missing)):
        yield ("missing", value), f"{value!r} is both an answer and missing."
    if entry.columns and kind == "multiple" and not entry.chosen:
        yield (), "columns per answer need chosen: the value of a chosen answer."
    derived = ["region", *FIRST_INHABITANTS] if entry.holds == "communes" else ["region"]
    if entry.holds != "answers" and variable.id not in derived:
        yield ("holds",), f"{entry.holds} are read for {', '.join(derived)} only."
    if (entry.column or entry.mentions) and not entry.answers and entry.holds == "answers":
        yield (), "needs answers: which value of the file is which answer."
    if entry.separator is not None and (not entry.separator or len(entry.mentions) != 1):
        yield ("separator",), "a separator goes with one column under mentions."


def _placed_columns(entry: Entry) -> Iterator[tuple[tuple, str]]:
    if entry.column:
        yield ("column",), entry.column
    for answer, name in entry.columns.items():
        yield ("columns", answer), name
    for place, name in enumerate(entry.mentions):
        yield ("mentions", place), name


def _unknown_answer(answer: str, variable: Variable) -> str:
    return _describe_unknown(answer, variable.answer_ids, f"an answer of {variable.id}")


def _describe_unknown(name: str, known: list[str], what: str) -> str:
    folded = {item.lower(): item for item in known}
    near = difflib.get_close_matches(str(name).lower(), folded, n=1, cutoff=0.5)
    hint = f" Did you mean {folded[near[0]]}?" if near else ""
    listed = ", ".join(known[:20]) + (f" and {len(known) - 20} more" if len(known) > 20 else "")
    return f"{name!r} is not {what}; valid are {listed or 'none'}.{hint}"
