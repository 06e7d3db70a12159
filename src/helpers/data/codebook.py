"""The codebook of a survey: its questions, answers, domains, base and routing."""

from collections.abc import Callable
from itertools import combinations, product
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from helpers.data.errors import InputError
from helpers.data.language import LANGUAGES, get_language, space_words, use_language
from helpers.data.root import find_root
from helpers.data.yamlfile import read_model

QuestionType = Literal["single", "multiple", "ranking", "score"]

# The domain variable that the rows of frames are counted by.
REGION = "region"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Wording(_Part):
    """The same words in English and in French; `text` is those of the language in use."""

    en: str = Field(min_length=1)
    fr: str = Field(min_length=1)

    @property
    def text(self) -> str:
        """The words in the language in use."""
        return space_words(getattr(self, get_language()))

    @classmethod
    def write(cls, build: Callable[[], str]) -> "Wording":
        """What `build` writes, called once in each language."""
        words = {}
        for lang in LANGUAGES:
            with use_language(lang):
                words[lang] = build()
        return cls(**words)


def _choose(label: Wording, lang: str | None) -> str:
    """Words of a language as they are, or of the one in use as pages show them."""
    return getattr(label, lang) if lang else label.text


class Answer(_Part):
    """One response option; `code` is what the responses hold."""

    code: int | str
    id: str = Field(pattern=r"^[a-z0-9_+]+$")
    label: Wording


class Routing(_Part):
    """Who is asked: respondents who gave one of `answers` to `question`."""

    question: str
    answers: list[str] = Field(min_length=1)


class Recode(_Part):
    """One rule of a derived question: `answer` where every condition of `when` holds."""

    answer: str
    when: dict[str, list[str]] = Field(min_length=1)


class Comparability(_Part):
    """Whether answers given in some waves may be compared, and why.

    It holds between any two of `waves`; with `against`, between each of `waves`
    and each of `against`. A wave may be one that only published figures know.
    """

    waves: list[str] = Field(min_length=1)
    against: list[str] = []
    verdict: Literal["same", "near", "not_comparable"]
    reason: Wording

    @model_validator(mode="after")
    def _names_two_waves(self):
        named = [*self.waves, *self.against]
        twice = sorted({wave for wave in named if named.count(wave) > 1})
        if twice:
            raise ValueError(f"comparability: wave named twice: {', '.join(twice)}.")
        if len(named) < 2:
            raise ValueError(
                f"comparability: only the wave {named[0]} is named; name two, or give `against`."
            )
        return self

    @property
    def pairs(self) -> list[frozenset[str]]:
        """The pairs of waves it holds for."""
        if self.against:
            return [frozenset(pair) for pair in product(self.waves, self.against)]
        return [frozenset(pair) for pair in combinations(self.waves, 2)]


class Variable(_Part):
    """Something with answers: a question, or a domain variable such as the region."""

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    label: Wording
    answers: list[Answer] = Field(min_length=1)

    @model_validator(mode="after")
    def _unique_answers(self):
        for field in ("code", "id"):
            values = [getattr(answer, field) for answer in self.answers]
            twice = sorted({str(value) for value in values if values.count(value) > 1})
            if twice:
                raise ValueError(
                    f"{self.id}: answer {field} given twice: {', '.join(twice)}; "
                    f"each answer needs its own."
                )
        return self

    @property
    def answer_ids(self) -> list[str]:
        """Answer ids in questionnaire order."""
        return [answer.id for answer in self.answers]

    def labels(self, lang: str | None = None) -> dict[str, str]:
        """Answer id to label, in questionnaire order."""
        return {answer.id: _choose(answer.label, lang) for answer in self.answers}

    def label_of(self, answer: str, lang: str | None = None) -> str:
        """Label of an answer id or a net; KeyError if there is none."""
        return self.labels(lang)[answer]


class Question(Variable):
    """One question: wording, type, base, routing and nets.

    `type` decides the columns of the responses: `single` has one column `id`
    of answer codes; `multiple` one boolean column `id__answer` per answer;
    `ranking` one column `id__answer` holding the rank given (1 = first);
    `score` one column `id__answer` holding 0 to 10. `exclusive` names the
    answers of a multiple question that rule out the others, such as "none".
    `comparability` says between which waves the answers may be compared.
    """

    text: Wording
    wording: Literal["published", "paraphrase"]
    type: QuestionType
    base: Wording
    asked_if: Routing | None = None
    exclusive: list[str] = []
    nets: dict[str, list[str]] = {}
    net_labels: dict[str, Wording] = {}
    recode: list[Recode] = []
    comparability: list[Comparability] = []

    @model_validator(mode="after")
    def _one_verdict_each(self):
        pairs = [pair for stated in self.comparability for pair in stated.pairs]
        twice = sorted({" and ".join(sorted(pair)) for pair in pairs if pairs.count(pair) > 1})
        if twice:
            raise ValueError(f"{self.id}: comparability stated twice: {'; '.join(twice)}.")
        return self

    @model_validator(mode="after")
    def _exclusive_names_answers(self):
        unknown = sorted(set(self.exclusive) - set(self.answer_ids))
        if unknown or (self.exclusive and self.type != "multiple"):
            raise ValueError(
                f"{self.id}: exclusive names answers of a multiple question; not one: "
                f"{', '.join(unknown or self.exclusive)}."
            )
        return self

    @model_validator(mode="after")
    def _nets_name_answers(self):
        for net, parts in self.nets.items():
            unknown = sorted(set(parts) - set(self.answer_ids))
            if unknown:
                raise ValueError(f"net {net}: not answers of {self.id}: {', '.join(unknown)}.")
            if net in self.answer_ids:
                raise ValueError(f"net {net} has the name of an answer of {self.id}.")
        if set(self.nets) != set(self.net_labels):
            raise ValueError(f"{self.id}: every net needs a label in net_labels, and no other.")
        return self

    @property
    def headline(self) -> str:
        """The answer to show first: the first net if there is one, else the first answer."""
        return next(iter(self.nets), self.answer_ids[0])

    @property
    def columns(self) -> list[str]:
        """Columns of the responses that hold this question."""
        if self.type == "single":
            return [self.id]
        return [f"{self.id}__{answer}" for answer in self.answer_ids]

    def label_of(self, answer: str, lang: str | None = None) -> str:
        """Label of an answer id or a net; KeyError if there is none."""
        if answer in self.net_labels:
            return _choose(self.net_labels[answer], lang)
        return super().label_of(answer, lang)


class OfficialMargin(_Part):
    """Official counts by level of one or two domain variables, to weight a wave to.

    `frame` names counts of `helpers.data.frames`, which come by zone and class.
    A margin over the region adds the classes of each zone; one over another
    variable gathers the classes into its `levels`; both together cross them.
    """

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    label: Wording
    variables: list[str] = Field(min_length=1, max_length=2)
    frame: str
    levels: dict[str, list[str]] = {}
    note: Wording | None = None

    @model_validator(mode="after")
    def _levels_go_with_a_variable(self):
        others = [name for name in self.variables if name != REGION]
        if len(set(self.variables)) < len(self.variables) or len(others) > 1:
            raise ValueError(
                f"margin {self.id}: variables must be {REGION}, another one, or the two crossed."
            )
        if bool(others) != bool(self.levels):
            raise ValueError(
                f"margin {self.id}: levels say which classes of the frame make each level of a "
                f"variable other than {REGION}; give them with such a variable, and only then."
            )
        classes = [name for gathered in self.levels.values() for name in gathered]
        twice = sorted({name for name in classes if classes.count(name) > 1})
        if twice:
            raise ValueError(f"margin {self.id}: classes in two levels: {', '.join(twice)}.")
        return self

    @property
    def columns(self) -> str | tuple[str, ...]:
        """Domain variable the margin is over, or the two it crosses."""
        return self.variables[0] if len(self.variables) == 1 else tuple(self.variables)


class Codebook(_Part):
    """Everything known about the questionnaire of one survey."""

    survey: str
    actor: Literal["companies", "associations", "citizens", "mayors", "all"]
    title: Wording
    population: Wording
    shared_domains: list[str] = []
    domains: list[Variable]
    questions: list[Question] = Field(min_length=1)
    margins: list[OfficialMargin] = []

    @field_validator("questions", "domains", "margins")
    @classmethod
    def _unique_ids(cls, variables):
        ids = [variable.id for variable in variables]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise ValueError(f"id given twice: {', '.join(twice)}.")
        return variables

    @model_validator(mode="after")
    def _references(self):
        for variables, kind, words in (
            (self.questions, int, "whole numbers"),
            (self.domains, str, 'text in quotes, e.g. "01"'),
        ):
            for variable in variables:
                wrong = [
                    answer.code for answer in variable.answers if type(answer.code) is not kind
                ]
                if wrong:
                    raise ValueError(
                        f"{variable.id}: codes must be {words}: {', '.join(map(repr, wrong))}."
                    )
        known = {question.id: set(question.answer_ids) for question in self.questions}
        for question in self.questions:
            pairs = [pair for rule in question.recode for pair in rule.when.items()]
            if question.asked_if:
                pairs.append((question.asked_if.question, question.asked_if.answers))
            if question.id in [name for name, _ in pairs]:
                raise ValueError(f"{question.id} refers to itself.")
            for name, answers in pairs:
                if name not in known:
                    raise ValueError(f"{question.id} refers to an unknown question: {name}.")
                unknown = sorted(set(answers) - known[name])
                if unknown:
                    raise ValueError(
                        f"{question.id} refers to answers {name} does not have: "
                        f"{', '.join(unknown)}."
                    )
        return self

    def variable(self, name: str) -> Variable:
        """The question or domain variable called `name`; InputError if there is none."""
        variables = {item.id: item for item in [*self.domains, *self.questions]}
        if name not in variables:
            raise InputError(
                f"{self.survey}/codebook.yaml: no question or domain variable {name!r}; "
                f"valid are {', '.join(variables)}."
            )
        return variables[name]

    def margin(self, name: str) -> OfficialMargin:
        """The official margin called `name`; InputError if there is none."""
        margins = {margin.id: margin for margin in self.margins}
        if name not in margins:
            raise InputError(
                f"{self.survey}/codebook.yaml: no official margin {name!r}; "
                f"valid are {', '.join(margins) or 'none, for want of a frame'}."
            )
        return margins[name]

    def with_shared(self, shared: "Domains", name: str) -> "Codebook":
        """The codebook with its shared domain variables put first."""
        known = {domain.id: domain for domain in shared.domains}
        unknown = sorted(set(self.shared_domains) - set(known))
        if unknown:
            raise InputError(
                f"{name}: shared_domains: not in domains.yaml: {', '.join(unknown)}; "
                f"valid are {', '.join(known)}."
            )
        first = [known[domain] for domain in self.shared_domains]
        names = [*self.shared_domains, *self.domain_ids, *self.question_ids]
        twice = sorted({item for item in names if names.count(item) > 1})
        if twice:
            raise InputError(f"{name}: id given twice: {', '.join(twice)}.")
        codebook = self.model_copy(update={"domains": [*first, *self.domains]})
        for margin in codebook.margins:
            _check_margin(margin, {domain.id: domain for domain in codebook.domains}, name)
        return codebook

    @property
    def question_ids(self) -> list[str]:
        """Question ids in questionnaire order."""
        return [question.id for question in self.questions]

    @property
    def domain_ids(self) -> list[str]:
        """Ids of the domain variables."""
        return [domain.id for domain in self.domains]


class Domains(_Part):
    """Domain variables that several surveys share (`domains.yaml`)."""

    domains: list[Variable]


def _check_margin(margin: OfficialMargin, domains: dict[str, Variable], name: str) -> None:
    place = f"{name}: margins: {margin.id}"
    unknown = [variable for variable in margin.variables if variable not in domains]
    if unknown:
        raise InputError(
            f"{place}: not domain variables of the survey: {', '.join(unknown)}; "
            f"valid are {', '.join(domains)}."
        )
    for variable in (item for item in margin.variables if item != REGION):
        known = domains[variable].answer_ids
        foreign = [level for level in margin.levels if level not in known]
        if foreign:
            raise InputError(
                f"{place}: not levels of {variable}: {', '.join(foreign)}; "
                f"valid are {', '.join(known)}."
            )


def read_codebook(survey: str, *, root: Path | None = None) -> Codebook:
    """Read and validate `data/surveys/<survey>/codebook.yaml`.

    Parameters
    ----------
    survey : str
        Name of the survey, e.g. ``"mayors"``.
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    Codebook

    Raises
    ------
    InputError
        If the file is missing or breaks the contract; names file, line and field.
    """
    folder = (root or find_root()) / "data" / "surveys"
    shared = read_model(folder / "domains.yaml", Domains)
    codebook = read_model(folder / survey / "codebook.yaml", Codebook)
    if codebook.survey != survey:
        raise InputError(
            f"{survey}/codebook.yaml: survey is {codebook.survey!r}, but its folder says "
            f"{survey!r}."
        )
    return codebook.with_shared(shared, f"{survey}/codebook.yaml")
