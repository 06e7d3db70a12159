"""Whether two waves of a question may be compared: what its codebook states, never a guess."""

from dataclasses import dataclass
from pathlib import Path

from helpers.data.catalog import list_waves
from helpers.data.codebook import Codebook, Question
from helpers.data.errors import InputError
from helpers.data.language import tr, write_list
from helpers.data.published import read_links

COMPARABLE = ("same", "near")


@dataclass(frozen=True)
class Verdict:
    """Whether two waves of a question may be compared.

    Attributes
    ----------
    verdict : {"same", "near", "not_comparable", "not_stated"}
    reason : str
        Why, in the language in use.
    """

    verdict: str
    reason: str

    @property
    def comparable(self) -> bool:
        """Whether a change between the two waves may be shown as one: `same` or `near`."""
        return self.verdict in COMPARABLE


def judge(codebook: Codebook, question: str, first: str, second: str) -> Verdict:
    """Say whether the answers to a question may be compared between two waves.

    Parameters
    ----------
    codebook : Codebook
    question : str
        A question of the codebook, or a domain variable: of those nothing is stated.
    first, second : str
        Names of two waves, in any order; a wave may be one that only published figures know.

    Returns
    -------
    Verdict
        What the codebook states of the pair; ``not_stated`` when it states nothing. Verdicts
        are not chained: that 2015 compares with 2019 and 2019 with 2023 says nothing of 2015
        and 2023.

    Raises
    ------
    InputError
        If the codebook has no such question, or the two waves are one.

    Examples
    --------
    >>> from helpers.data.codebook import read_codebook
    >>> citizens = read_codebook("citizens")
    >>> judge(citizens, "partnerships_source_of_innovation", "2015", "2019").verdict
    'same'
    >>> judge(citizens, "partnerships_source_of_innovation", "2015", "2031").verdict
    'not_stated'
    """
    variable = codebook.variable(question)
    if first == second:
        raise InputError(f"{codebook.survey}: wave {first} compared with itself; give another.")
    stated = variable.comparability if isinstance(variable, Question) else []
    for entry in stated:
        if frozenset((first, second)) in entry.pairs:
            return Verdict(entry.verdict, entry.reason.text)
    waves = write_list(sorted((first, second)))
    reason = tr("the codebook does not say whether {waves} may be compared", waves=waves)
    return Verdict("not_stated", reason)


def check_comparability(codebook: Codebook, *, root: Path | None = None) -> Codebook:
    """Return the codebook, or raise if it compares waves that nobody knows.

    Parameters
    ----------
    codebook : Codebook
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    Codebook
        The same.

    Raises
    ------
    InputError
        If a statement names a wave that is neither in the collection nor that of a
        published figure of the survey. Names question, waves and those known.
    """
    links = read_links(root=root)
    printed = links.loc[links["survey"] == codebook.survey, "wave"]
    known = sorted({*list_waves(codebook.survey, root=root), *printed} - {""})
    for question in codebook.questions:
        named = {wave for entry in question.comparability for pair in entry.pairs for wave in pair}
        unknown = sorted(named - set(known))
        if unknown:
            raise InputError(
                f"{codebook.survey}/codebook.yaml: {question.id}: comparability names "
                f"{len(unknown)} unknown waves: {', '.join(unknown)}; valid are "
                f"{', '.join(known)}."
            )
    return codebook
