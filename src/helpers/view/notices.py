"""The methodology notice of a wave: each item the codes of the profession ask for, or its want."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from helpers.data.codebook import Question
from helpers.data.disclosure import Item, find_statement, read_disclosure
from helpers.data.language import (
    message,
    ntr,
    tr,
    write_list,
    write_number,
    write_percent,
)
from helpers.data.responses import Wave
from helpers.stats.diagnostics import describe_weights, greatest_margin
from helpers.view.tables import describe_missing

_WANTING = {
    "real": message("not stated"),
    "reconstructed": message("not stated by the producer"),
    "demo": message("does not apply: fictional data"),
}
_LEVEL = 0.95


@dataclass(frozen=True)
class Statement:
    """What a notice says of one item, in the language in use.

    Attributes
    ----------
    item : Item
    texts : list of str
        Empty if nothing is stated.
    complete : bool
        Whether nothing of the item is wanting.
    """

    item: Item
    texts: list[str]
    complete: bool = True

    @property
    def stated(self) -> bool:
        """Whether the item may stand in a notice as it is."""
        return bool(self.texts) and self.complete


def build_notice(wave: Wave, *, root: Path | None = None) -> list[Statement]:
    """State, item by item, how a wave was made.

    Parameters
    ----------
    wave : Wave
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    list of Statement
        In the order of `data/surveys/disclosure.yaml`. Nothing is made up: an item that
        neither the files of the wave nor its respondents tell is empty.
    """
    statements = []
    for item in read_disclosure(root=root).items:
        told = [words.text for words in find_statement(item, wave.file, wave.codebook)]
        if told or item.id not in _COMPUTED:
            statements.append(Statement(item, told))
        else:
            text, complete = _COMPUTED[item.id](wave)
            statements.append(Statement(item, [text] if text else [], complete))
    return statements


def describe_wanting(wave: Wave) -> str:
    """Words for an item that is not stated."""
    return tr(_WANTING[wave.provenance])


def _describe_strategy(wave: Wave) -> tuple[str, bool]:
    count = len(wave.file.questions)
    return ntr(
        "sample survey by questionnaire; {count} question is held here",
        "sample survey by questionnaire; {count} questions are held here",
        count,
    ), True


def _describe_sponsors(wave: Wave) -> tuple[str, bool]:
    """Who backed a survey need not have commissioned it."""
    names = wave.file.fieldwork.sponsors
    text = tr("backers named by the source: {names}", names=write_list(names)) if names else ""
    return text, False


def _describe_size(wave: Wave) -> tuple[str, bool]:
    file = wave.file
    n = write_number(len(wave.respondents))
    status = {
        "counted": tr("{n}, counted", n=n),
        "published": tr("{n}, as published", n=n),
        "assumed": tr("{n}, assumed", n=n),
    }[file.n_status]
    return f"{status}. {file.n_note.text}" if file.n_note else status, True


def _describe_nonresponse(wave: Wave) -> tuple[str, bool]:
    """Synthetic respondents tell nothing of those who did not answer."""
    told = wave.provenance == "real" or wave.file.intake
    return (describe_missing(wave) if told else "", True)


def _describe_questions(wave: Wave) -> tuple[str, bool]:
    items = [wave.codebook.variable(name) for name in wave.file.questions]
    asked: list[Question] = [item for item in items if not item.recode]
    exact = sum(item.wording == "published" for item in asked)
    text = ntr(
        "exact wording known of {count} of {total} questions; each table of the measure says which",
        "exact wording known of {count} of {total} questions; each table of the measure says which",
        exact, total=write_number(len(asked)),
    )  # fmt: skip
    return text, exact == len(asked)


def _describe_precision(wave: Wave) -> tuple[str, bool]:
    weight = wave.design.weight
    margin = greatest_margin(wave.respondents, weight=weight, level=_LEVEL)
    deff = describe_weights(wave.respondents, weight=weight)["deff_kish"].iloc[0]
    text = tr(
        "Every sample survey has margins of error. For a share of all respondents: at most "
        "{margin} points either way at the level of {level}, by reference to a random sample "
        "with these weights (design effect of Kish {deff}). The tables give the interval of each "
        "figure.",
        margin=write_number(100 * margin, 1), level=write_percent(_LEVEL),
        deff=write_number(deff, 2),
    )  # fmt: skip
    kind = {
        "reconstructed": tr("Computed on synthetic respondents."),
        "demo": tr("Computed on fictional respondents."),
    }.get(wave.provenance, "")
    return f"{text} {kind}".strip(), True


_COMPUTED: dict[str, Callable[[Wave], tuple[str, bool]]] = {
    "strategy": _describe_strategy,
    "sponsor": _describe_sponsors,
    "sample_size": _describe_size,
    "nonresponse": _describe_nonresponse,
    "questions": _describe_questions,
    "precision": _describe_precision,
}
