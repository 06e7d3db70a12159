"""Proposes a mapping: which column of a received file holds which question, and how sure."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from helpers.data.codebook import Codebook, Question, Variable
from helpers.data.communes import FIRST_INHABITANTS, resolve_communes
from helpers.data.errors import InputError
from helpers.run.likeness import compare_wordings, find_closest, simplify
from helpers.run.mapping import Entry
from helpers.run.sources import Source, read_number

DISTINCT = 200  # a column with more values than this holds no coded answers
SURE, LIKELY, GUESS = 0.9, 0.75, 0.55
_ANSWER = 0.8  # likeness at which a wording counts as an answer
_SEPARATORS = (";", "|", "\n", " / ")
_MISSING = {
    "dont_know": ["ne sait pas", "nsp", "sans opinion", "je ne sais pas", "don t know", "dk",
                  "no opinion", "ne se prononce pas", "nspp", "dont know", "unsure", "i don t know",
                  "ne sait pas ne se prononce pas"],
    "refused": ["refus", "refuse", "ne souhaite pas repondre", "refused", "refusal",
                "prefer not to say", "prefere ne pas repondre", "refus de repondre"],
    "no_answer": ["non reponse", "sans reponse", "pas de reponse", "nr", "no answer", "missing",
                  "non renseigne", "manquant", "n a", "na", "vide", "blank", "unknown"],
    "not_asked": ["non concerne", "not asked", "non pose", "non posee", "sans objet", "filtre",
                  "not applicable", "hors champ", "inapplicable", "non interroge"],
}  # fmt: skip
_KINDS = {words: kind for kind, listed in _MISSING.items() for words in listed}
_KINDS |= {kind.replace("_", " "): kind for kind in _MISSING}
_YES = {"1", "true", "oui", "yes", "x", "vrai", "cite", "coche", "choisi", "selected", "chosen",
        "checked", "mentioned", "quoted", "mentionne"}  # fmt: skip
_NO = {"0", "false", "non", "no", "faux", "non cite", "non coche", "non choisi", "not selected",
       "unchecked", "not mentioned", "not chosen", "unselected", "not checked",
       "non mentionne"}  # fmt: skip
_RESPONDENT = {"respondent", "id", "identifiant", "respid", "ident", "numero", "num", "uuid",
               "id respondent", "id repondant", "repondant", "respondent id", "record", "caseid",
               "id questionnaire", "interview", "n questionnaire", "id interview"}  # fmt: skip
_WEIGHT = {"weight", "weights", "poids", "ponderation", "pond", "wgt", "wt", "pds", "w", "coef",
           "coefficient", "redressement", "poids final", "final weight",
           "poids redressement"}  # fmt: skip
_COMMUNE = {"commune", "insee", "codgeo", "depcom"}  # words in the name of a column of communes
_IN_LIST = 0.8  # share of its codes in the official list; all of them without such a name
_DEPARTEMENTS = 5  # ... of this many départements, since five digits may be anything else


@dataclass(frozen=True)
class Match:
    """How one question or domain variable was found.

    Attributes
    ----------
    variable : str
        Id in the codebook.
    entry : Entry, optional
        None if it was not found.
    how : str
        E.g. ``"same name"``, ``"its label"``.
    sure : float
        0 to 1.
    undecided : tuple of str
        Values of the file that could not be told.
    suggestions : tuple of str
        Columns that may hold it, when it was not found.
    """

    variable: str
    entry: Entry | None
    how: str = ""
    sure: float = 0.0
    undecided: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """How sure, in a word."""
        level = next((word for bound, word in ((SURE, "sure"), (LIKELY, "likely"))
                      if self.sure >= bound), "a guess")  # fmt: skip
        return f"{level}: {self.how}"


@dataclass(frozen=True)
class Proposal:
    """A mapping proposed for a file.

    Attributes
    ----------
    matches : list of Match
        One per domain variable and question of the codebook, derived ones left out.
    unused : list of str
        Columns of the file nobody reads.
    respondent, weight : str, optional
        Columns found.
    """

    matches: list[Match]
    unused: list[str]
    respondent: str | None = None
    weight: str | None = None

    @property
    def found(self) -> list[Match]:
        """Those found."""
        return [match for match in self.matches if match.entry is not None]

    def find_margins(self, codebook: Codebook) -> list[str]:
        """Margins of the codebook over one variable each that was found.

        None when the file brings its own weights: the institute's may be final.
        """
        found = {match.variable for match in self.found}
        if self.weight:
            return []
        return [margin.id for margin in codebook.margins
                if len(margin.variables) == 1 and set(margin.variables) <= found]  # fmt: skip


@dataclass
class _Column:
    """What is looked at in one column of the file."""

    name: str
    wordings: list[str]
    values: list[str]  # distinct, in order of appearance; empty if there are too many
    labels: dict[str, str] = field(default_factory=dict)

    @property
    def meanings(self) -> dict[str, str]:
        """Each value of the column or the labels, with its label if it has one."""
        known = dict.fromkeys([*self.labels, *self.values])
        return {value: self.labels.get(value, value) for value in known}


def propose_mapping(source: Source, codebook: Codebook) -> Proposal:
    """Look for every question and domain variable of a codebook in a file.

    By the name of a column, by its label or the wording of the question (French or
    English; accents, capitals and punctuation are left aside), and by the labels of the
    answers. The best pairs are taken first.

    Parameters
    ----------
    source : Source
    codebook : Codebook

    Returns
    -------
    Proposal
    """
    columns = {name: _look_at(source, name) for name in source.frame.columns}
    respondent = _find_respondent(source, columns)
    weight = _find_weight(columns)
    taken = {name for name in (respondent, weight) if name}
    variables = [*codebook.questions, *codebook.domains]
    variables = [item for item in variables if not getattr(item, "recode", None)]
    wordings = {item.id: _list_wordings(item) for item in variables}
    matches: dict[str, Match] = {}
    split = [item for item in variables if getattr(item, "type", "single") != "single"]
    singles = [item for item in variables if item not in split]
    own = {simplify(item.id) for item in singles}
    named = {name for name, column in columns.items() if own & set(column.wordings)}
    while split:
        found = [_match_split(item, wordings[item.id], columns, taken | named, source)
                 for item in split]  # fmt: skip
        best = max(filter(None, found), key=lambda match: match.sure, default=None)
        if best is None:
            break
        matches[best.variable] = best
        taken |= set(best.entry.source_columns)
        split = [item for item in split if item.id != best.variable]
    pairs = [
        (sure, how, item, column)
        for item in singles
        for column in columns.values()
        if column.name not in taken
        for sure, how in [_rate(item, wordings[item.id], column, source)]
    ]
    for sure, how, item, column in sorted(pairs, key=lambda pair: -pair[0]):
        if sure >= GUESS and item.id not in matches and column.name not in taken:
            matches[item.id] = _match_single(item, column, how, sure, source)
            taken.add(column.name)
    derived = [item for item in codebook.domains if item.id in ("region", *FIRST_INHABITANTS)]
    derived = [item.id for item in derived if item.id not in matches]
    free = [column for column in columns.values() if column.name not in taken]
    communes = next((column for column in free if _holds_communes(column, source)), None)
    if derived and communes:
        entry = Entry(column=communes.name, holds="communes")
        matches |= {name: Match(name, entry, "codes of communes", SURE) for name in derived}
        taken.add(communes.name)
    for item in variables:
        if item.id not in matches:
            near = _suggest(wordings[item.id], [c for c in columns.values() if c.name not in taken])
            matches[item.id] = Match(item.id, None, suggestions=near)
    order = [*codebook.domain_ids, *codebook.question_ids]
    return Proposal(
        [matches[name] for name in order if name in matches],
        [name for name in columns if name not in taken], respondent, weight,
    )  # fmt: skip


def count_matches(source: Source, codebook: Codebook) -> tuple[int, float]:
    """Questions of a codebook that a file clearly holds, and how well all of it fits.

    To tell a file of another survey. Surveys share questions, so the fit, which counts
    the domain variables as well, decides between two.
    """
    found = [match for match in propose_mapping(source, codebook).found if match.sure >= LIKELY]
    questions = [match for match in found if match.variable in codebook.question_ids]
    return len(questions), sum(match.sure for match in found)


def resolve_answers(
    variable: Variable, column: _Column, source: Source
) -> tuple[dict[str, str | None], dict[str, str], float]:
    """What each value of a column means.

    Returns
    -------
    tuple
        Value to answer id (None: undecided), value to kind of missing, and the share of
        values that were told.
    """
    lookup = {}
    for answer in variable.answers:
        codes = [answer.code] if isinstance(answer.code, str) else []
        for words in (
            answer.label.fr,
            answer.label.en,
            answer.id,
            answer.id.replace("_", " "),
            *codes,
        ):
            lookup.setdefault(simplify(words), answer.id)
    codes = {str(answer.code): answer.id for answer in variable.answers}
    labelled = bool(column.labels)
    answers, missing = {}, {}
    for value, words in column.meanings.items():
        plain = simplify(words) or words
        declared = source.is_missing(column.name, value)
        found = lookup.get(plain)
        if found is None and plain not in _KINDS and not declared:
            close, likeness = find_closest(plain, lookup)
            found = lookup[close] if likeness >= _ANSWER else None
        if found is None and not labelled and (number := read_number(value)) is not None:
            found = codes.get(f"{number:.0f}") if number.is_integer() else None
        if found is not None and not declared:
            answers[value] = found
        elif declared or plain in _KINDS:
            missing[value] = _KINDS.get(plain, "no_answer")
        else:
            answers[value] = None
    told = sum(answer is not None for answer in answers.values())
    return answers, missing, told / len(answers) if answers else 0.0


def _look_at(source: Source, name: str) -> _Column:
    texts = source.texts(name).dropna().drop_duplicates()
    wordings = [simplify(source.labels[name])] if name in source.labels else []
    wordings.append(simplify(name) or name)
    values = list(texts) if len(texts) <= DISTINCT else []
    return _Column(name, wordings, values, source.answers.get(name, {}))


def _holds_communes(column: _Column, source: Source) -> bool:
    """Whether a column holds INSEE codes of communes."""
    codes = source.texts(column.name).dropna().drop_duplicates()
    named = any(_COMMUNE & set(words.split()) for words in column.wordings)
    zero = "?" if named else ""  # the one that spreadsheets drop
    written = codes.str.fullmatch(rf"\d{zero}[\dABab]\d{{3}}")
    if not len(codes) or written.mean() < (_IN_LIST if named else 1):
        return False
    try:
        found = resolve_communes(codes).understood
    except InputError:  # postal codes
        return False
    if named:
        return len(found) >= _IN_LIST * len(codes)
    return len(found) == len(codes) and found["code"].str[:2].nunique() >= _DEPARTEMENTS


def _list_wordings(variable: Variable) -> list[str]:
    words = [variable.label.fr, variable.label.en]
    if isinstance(variable, Question):
        words += [variable.text.fr, variable.text.en]
    return [simplify(text) for text in words]


def _rate(variable, wordings: list[str], column: _Column, source: Source) -> tuple[float, str]:
    """How likely a column holds a single question or a domain variable."""
    if "__" in column.name:
        return 0.0, ""  # one answer of a question over several columns
    if simplify(variable.id) in column.wordings:
        return 1.0, "same name"
    likeness = max(
        (compare_wordings(one, other) for one in column.wordings for other in wordings), default=0.0
    )
    if not column.meanings:
        return (likeness if variable.id == "region" and likeness >= LIKELY else 0.0), "its wording"
    answers, _, share = resolve_answers(variable, column, source)
    kinds = {answer for answer in answers.values() if answer}
    worded = bool(column.labels) or any(read_number(value) is None for value in answers)
    if likeness >= GUESS:
        return likeness * (0.5 + 0.5 * share), "its wording"
    if worded and share >= 0.8 and len(kinds) >= min(3, len(variable.answers)) > 2:
        return LIKELY * share, "its answers"
    return 0.0, ""


def _match_single(variable, column: _Column, how: str, sure: float, source: Source) -> Match:
    if variable.id == "region":
        return Match(variable.id, Entry(column=column.name, holds="regions"), how, sure)
    answers, missing, _ = resolve_answers(variable, column, source)
    entry = Entry(column=column.name, answers=answers, missing=missing)
    undecided = tuple(value for value, answer in answers.items() if answer is None)
    return Match(variable.id, entry, how, sure, undecided)


def _match_split(question, wordings, columns, taken, source) -> Match | None:
    """A question over several columns, or several answers in one."""
    free = [column for column in columns.values() if column.name not in taken]
    by_answer = _match_columns(question, wordings, free)
    if by_answer:
        named, sure, how = by_answer
        if question.type != "multiple":
            missing = {
                value: kind
                for column in named.values()
                for value, words in columns[column].meanings.items()
                if (kind := _tell_missing(value, words, column, source))
            }
            return Match(question.id, Entry(columns=named, missing=missing), how, sure)
        chosen, refused, missing, undecided, blank = _tell_chosen(question, named, columns, source)
        entry = Entry(columns=named, chosen=chosen or ["1"], not_chosen=refused,
                      missing=missing, blank=blank)  # fmt: skip
        return Match(question.id, entry, how, sure, tuple(undecided))
    if question.type == "score":
        return None
    return _match_mentions(question, wordings, free, source)


def _match_columns(question: Question, wordings, free: list[_Column]):
    """Answer id to column, when there is one column per answer."""
    rated = []
    for answer in question.answers:
        labels = {simplify(answer.label.fr), simplify(answer.label.en)}
        for column in free:
            if simplify(f"{question.id}__{answer.id}") in column.wordings:
                rated.append((1.0, "same name", answer.id, column.name))
                continue
            score = max(_rate_answer(text, labels, wordings) for text in column.wordings)
            rated.append((score, "their wording", answer.id, column.name))
    named: dict[str, tuple] = {}
    for score, how, answer, column in sorted(rated, key=lambda pair: -pair[0]):
        if score >= GUESS and answer not in named and column not in [n[0] for n in named.values()]:
            named[answer] = (column, score, how)
    if len(named) < max(1, len(question.answers) / 2):
        return None
    sure = sum(score for _, score, _ in named.values()) / len(question.answers)
    ordered = {answer: named[answer][0] for answer in question.answer_ids if answer in named}
    return ordered, sure, next(iter(named.values()))[2]


def _rate_answer(text: str, labels: set[str], wordings: Iterable[str]) -> float:
    """A column named after one answer, with the question before or behind it."""
    if text in labels:
        return 0.7
    for label in sorted(labels, key=len, reverse=True):
        for rest in (text.removesuffix(f" {label}"), text.removeprefix(f"{label} ")):
            if rest != text:
                return 0.5 + 0.5 * max(compare_wordings(rest, other) for other in wordings)
    return 0.0


def _tell_chosen(question, named: dict[str, str], columns, source):
    """Values that say an answer was chosen, was not, or is missing."""
    chosen, refused, missing, undecided, blank = [], [], {}, [], False
    for answer, name in named.items():
        column = columns[name]
        label = next(item.label for item in question.answers if item.id == answer)
        own = {simplify(label.fr), simplify(label.en), simplify(answer)}
        blank |= bool(source.texts(name).isna().any())
        for value, words in column.meanings.items():
            plain = simplify(words) or words
            kind = _tell_missing(value, words, name, source)
            if kind:
                missing[value] = kind
            elif plain in _YES or plain in own or any(o.endswith(plain) for o in column.wordings):
                chosen.append(value)
            elif plain in _NO:
                refused.append(value)
            else:
                undecided.append(value)
    chosen, refused = list(dict.fromkeys(chosen)), list(dict.fromkeys(refused))
    # Forms that leave a box empty write nothing else for "not chosen".
    left_empty = "not_chosen" if blank and not refused else "missing"
    return chosen, refused, missing, list(dict.fromkeys(undecided)), left_empty


def _tell_missing(value: str, words: str, column: str, source: Source) -> str | None:
    kind = _KINDS.get(simplify(words) or words)
    return kind or ("no_answer" if source.is_missing(column, value) else None)


def _match_mentions(question, wordings, free: list[_Column], source: Source) -> Match | None:
    """Several answers in one cell, or one column per mention."""
    best = None
    for column in free:
        separator = next(
            (mark for mark in _SEPARATORS if any(mark in str(value) for value in column.values)),
            None,
        )
        if separator is None:
            continue
        parts = [part.strip() for value in column.values for part in value.split(separator)]
        cut = _Column(column.name, column.wordings, list(dict.fromkeys(filter(None, parts))))
        answers, missing, share = resolve_answers(question, cut, source)
        likeness = 1.0 if simplify(question.id) in column.wordings else max(
            compare_wordings(one, other) for one in column.wordings for other in wordings
        )  # fmt: skip
        sure = share * (0.7 + 0.3 * likeness)
        if share >= 0.5 and sure >= GUESS and (best is None or sure > best.sure):
            entry = Entry(mentions=[column.name], separator=separator, answers=answers,
                          missing=missing)  # fmt: skip
            undecided = tuple(value for value, answer in answers.items() if answer is None)
            best = Match(question.id, entry, "its answers in one cell", sure, undecided)
    for name, members in source.sets.items():
        held = [column for column in free if column.name in members]
        labels = {value: words for column in held for value, words in column.labels.items()}
        values = [value for column in held for value in column.values]
        if not held or len(labels) < 2:
            continue
        joined = _Column(held[0].name, held[0].wordings, list(dict.fromkeys(values)), labels)
        answers, missing, share = resolve_answers(question, joined, source)
        if share >= LIKELY and (best is None or share > best.sure):
            entry = Entry(mentions=[column.name for column in held], answers=answers,
                          missing=missing)  # fmt: skip
            best = Match(question.id, entry, f"the multiple-response set {name}", share)
    return best


def _suggest(wordings: list[str], free: list[_Column]) -> tuple[str, ...]:
    rated = [
        (max(compare_wordings(one, other) for one in column.wordings for other in wordings), column)
        for column in free
    ]
    rated = sorted((pair for pair in rated if pair[0] > 0.3), key=lambda pair: -pair[0])
    return tuple(column.name for _, column in rated[:3])


def _find_respondent(source: Source, columns: dict[str, _Column]) -> str | None:
    for name, column in columns.items():
        if _RESPONDENT & {simplify(name), *column.wordings}:
            texts = source.texts(name)
            if texts.notna().all() and texts.is_unique:
                return name
    return None


def _find_weight(columns: dict[str, _Column]) -> str | None:
    for name, column in columns.items():
        if _WEIGHT & set(column.wordings):
            return name
    return None
