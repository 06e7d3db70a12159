"""What an explorer shows: from the choices of a reader to numbers, and to code."""

from dataclasses import dataclass

import pandas as pd

from helpers.data.catalog import list_waves
from helpers.data.codebook import Question
from helpers.data.language import get_language, tr
from helpers.data.responses import Wave
from helpers.stats.estimate_store import EstimateStore
from helpers.stats.results import DEFAULT_RULE, Rule
from helpers.view.maps import find_breaks

REGION = "region"


@dataclass(frozen=True)
class Selection:
    """The choices of a reader.

    Attributes
    ----------
    survey, wave, question, answer : str
    by : str or None
        Domain variable of the breakdown; None for all respondents.
    rule : Rule
    """

    survey: str
    wave: str
    question: str
    answer: str
    by: str | None = None
    rule: Rule = DEFAULT_RULE


@dataclass(frozen=True)
class View:
    """The numbers behind one view.

    Attributes
    ----------
    wave : Wave
    question : Question
    whole : pandas.DataFrame
        Estimate table of all answers, all respondents.
    rows : pandas.DataFrame
        What chart and table show: the answer by the chosen domains, or all
        answers of all respondents.
    regional : pandas.DataFrame or None
        The answer by region; None when the wave holds no region.
    breaks : list of float
        Class breaks of the map.
    readings : pandas.DataFrame
        Readings of the question that are shown and not computed.
    """

    wave: Wave
    question: Question
    whole: pd.DataFrame
    rows: pd.DataFrame
    regional: pd.DataFrame | None
    breaks: list[float]
    readings: pd.DataFrame

    @property
    def key(self) -> str:
        """The column that names the rows: domain, or answer."""
        return "domain" if self.rows["domain_variable"].ne("").any() else "answer"

    @property
    def labels(self) -> dict[str, str]:
        """Name of each row."""
        if self.key == "domain":
            return self.wave.codebook.variable(self.rows["domain_variable"].iloc[0]).labels()
        return {name: self.question.label_of(name) for name in self.rows["answer"]}


def list_questions(wave: Wave) -> list[Question]:
    """Questions of the codebook of a wave that have shares or means, asked in it or not.

    Parameters
    ----------
    wave : Wave

    Returns
    -------
    list of Question
    """
    return [item for item in wave.codebook.questions if item.type != "ranking"]


def list_answers(question: Question) -> list[str]:
    """Nets, then answers, of a question.

    Parameters
    ----------
    question : Question

    Returns
    -------
    list of str
    """
    return [*question.nets, *question.answer_ids]


def read_view(store: EstimateStore, selection: Selection, peers: tuple[str, ...] = ()) -> View:
    """Estimate what a selection shows.

    Parameters
    ----------
    store : EstimateStore
    selection : Selection
    peers : tuple of str
        Other surveys whose map of the same question and wave shares its
        class breaks, so that the two can be compared.

    Returns
    -------
    View

    Raises
    ------
    InputError
        If the wave lacks the question or the domain variable.
    """
    wave = store.read_wave(selection.survey, selection.wave)
    place = (selection.survey, selection.wave, selection.question)
    whole = store.estimate(*place, rule=selection.rule)
    rows = whole
    if selection.by is not None:
        rows = _pick_answer(store.estimate(*place, by=selection.by, rule=selection.rule), selection)
    regional, breaks = None, []
    if REGION in wave.file.domains:
        regional = _pick_answer(store.estimate(*place, by=REGION, rule=selection.rule), selection)
        breaks = find_breaks(regional, *_read_peers(store, selection, peers))
    readings = store.read_readings(selection.survey, selection.wave)
    readings = readings[readings["question"] == selection.question]
    question = wave.codebook.variable(selection.question)
    return View(wave, question, whole, rows, regional, breaks, readings)


def _pick_answer(table: pd.DataFrame, selection: Selection) -> pd.DataFrame:
    return table[table["answer"] == selection.answer]


def _read_peers(store, selection: Selection, peers) -> list[pd.DataFrame]:
    """The same answer by region in other surveys that asked it in the same wave."""
    tables = []
    for survey in peers:
        if selection.wave not in list_waves(survey, root=store.root):
            continue
        file = store.read_wave(survey, selection.wave).file
        if selection.question in file.questions and REGION in file.domains:
            place = (survey, selection.wave, selection.question)
            table = store.estimate(*place, by=REGION, rule=selection.rule)
            tables.append(_pick_answer(table, selection))
    return tables


def write_code(selection: Selection, view: View) -> str:
    """Write the code that gives the same numbers in a new cell.

    Parameters
    ----------
    selection : Selection
    view : View
        What the selection shows.

    Returns
    -------
    str
        Its last line shows the table; the chart and the map come before.
    """
    rule = selection.rule
    item = view.question
    title = tr(
        "{question}: {answer}", question=item.label.text, answer=item.label_of(selection.answer)
    )
    colour = f"ACTORS[{view.wave.codebook.actor!r}]"
    pick = f'.query("answer == {selection.answer!r}")'
    lines = [
        "from IPython.display import display",
        "",
        "from helpers.data.language import set_language",
        *(["from helpers.data.regions import read_regions"] if view.regional is not None else []),
        "from helpers.data.responses import read_wave",
        "from helpers.stats.results import Rule, estimate_question",
        "from helpers.view import charts, maps, sentences, tables",
        "from helpers.view.figures import show_figure",
        "from helpers.view.palette import ACTORS",
        "",
        f"set_language({get_language()!r})",
        f"wave = read_wave({selection.survey!r}, {selection.wave!r})",
        f"rule = {rule!r}",
        f"title = {title!r}",
        f"whole = estimate_question(wave, {selection.question!r}, rule=rule)",
    ]
    by = f"estimate_question(wave, {selection.question!r}, by={{!r}}, rule=rule){pick}"
    if view.regional is not None:
        lines += [
            f"regional = {by.format(REGION)}",
            'names = wave.codebook.variable("region").labels()',
            'zones = read_regions("zones-2015")',
            f"ax = maps.draw_map(zones, regional, breaks={view.breaks}, title=title)",
            'alt = sentences.describe_domains(regional, names, "region")',
            "display(show_figure(ax, wave, alt=alt))",
        ]
    if selection.by is None:
        lines += [
            "table = whole",
            f"item = wave.codebook.variable({item.id!r})",
            'labels = {name: item.label_of(name) for name in table["answer"]}',
            f"ax = charts.draw_shares(table, labels, title={item.label.text!r}, colour={colour})",
            "alt = sentences.describe_shares(table, labels)",
        ]
    else:
        lines += [
            f"table = {by.format(selection.by)}",
            f"labels = wave.codebook.variable({selection.by!r}).labels()",
            f"row = sentences.pick(whole, {selection.answer!r})",
            f"ax = charts.draw_domains(table, labels, title=title, whole=row, colour={colour})",
            "alt = sentences.describe_domains(table, labels)",
        ]
    lines += [
        "display(show_figure(ax, wave, alt=alt))",
        "tables.show_estimates(table, wave, title=title, note=rule.describe(wave.provenance))",
    ]
    return "\n".join(lines)
