"""Widgets to explore the waves of a study: map, chart and table of one selection."""

from html import escape

import ipywidgets as widgets

from helpers.data.catalog import list_waves
from helpers.data.codebook import Question
from helpers.data.language import get_language, message, tr
from helpers.data.regions import read_regions
from helpers.data.responses import Wave
from helpers.stats.estimate_store import EstimateStore
from helpers.stats.results import DEFAULT_RULE, Rule
from helpers.view.controls import WRAP, ProblemLine, build_dropdown, match_words, write_title
from helpers.view.downloads import write_csv, write_link
from helpers.view.html_tables import write_table
from helpers.view.palette import ACTORS
from helpers.view.panels import CodeBox, Panel
from helpers.view.profiles import read_profile, write_profile
from helpers.view.provenance import build_banner, describe_source, name_wave
from helpers.view.selection import (
    REGION,
    Selection,
    View,
    list_answers,
    list_questions,
    read_view,
    write_code,
)
from helpers.view.sentences import describe_estimate, pick
from helpers.view.svg_charts import write_chart
from helpers.view.svg_maps import ScreenMap
from helpers.view.tables import tabulate_estimates

_WHOLE = message("(all respondents)")


def build_explorer(
    *waves: Wave, question: str, by: str | None = None, rule: Rule = DEFAULT_RULE
) -> "StudyExplorer":
    """Build an explorer: survey, wave, question, answer and breakdown to map, chart and table.

    Parameters
    ----------
    *waves : Wave
        One wave of each survey to choose from; the first one is shown first.
    question : str
        Question of the first view.
    by : str, optional
        Breakdown of the first view; by default the region, if the wave has it.
    rule : Rule, optional
        Decides what is withheld and marked.

    Returns
    -------
    StudyExplorer
        Needs a live kernel: works in JupyterLab and in a Voilà page.
    """
    return StudyExplorer(waves, question, by, rule)


class StudyExplorer(widgets.VBox):
    """Controls, and the views they lead to.

    Attributes
    ----------
    survey, wave, search, question, answer, by : ipywidgets.Widget
        The controls.
    map, chart, table, profile : Panel
        A region or row can be chosen in the first three; the fourth shows it.
    selection : Selection or None
        What is shown.
    """

    def __init__(self, waves: tuple[Wave, ...], question: str, by: str | None, rule: Rule):
        self._store = EstimateStore()
        self._rule = rule
        self._first = {wave.survey: wave.name for wave in waves}
        self._chosen = ("", "")  # domain variable and domain
        self._profiled = (None, ("", ""))  # wave and what was chosen, when the profile was written
        self.selection: Selection | None = None
        titles = [(wave.codebook.title.text, wave.survey) for wave in waves]
        self.survey = build_dropdown(tr("Survey"), titles, wide=True)
        self.wave = build_dropdown(tr("Wave"))
        self.search = widgets.Text(
            description=tr("Search in questions"),
            placeholder=tr("words, with or without accents"),
            style={"description_width": "initial"}, layout={"width": "24rem"},
        )  # fmt: skip
        self.question = build_dropdown(tr("Question"), wide=True)
        self.answer = build_dropdown(tr("Answer"), wide=True)
        self.by = build_dropdown(tr("Breakdown"))
        self.problem = ProblemLine()
        self.notes, self.banner, self.wording = (widgets.HTML() for _ in range(3))
        self.sentence, self.rule, self.download = (widgets.HTML() for _ in range(3))
        self.map, self.chart, self.table, self.profile = (Panel() for _ in range(4))
        self.code = CodeBox()
        self._screen = ScreenMap(read_regions("zones-2015"), f"map-{self.map.model_id}")
        super().__init__(self._lay_out(several=len(waves) > 1))
        self.add_class("study-explorer")
        self.problem.watch(lambda: self._open_survey(question, by))
        for control, react in (
            (self.survey, lambda: self._open_survey(self.question.value, self.by.value)),
            (self.wave, self._fill_wave),
            (self.search, self._fill_questions),
            (self.question, self._fill_answers),
            (self.answer, self._draw),
            (self.by, self._draw),
        ):
            control.observe(lambda _, react=react: self.problem.watch(react), names="value")
        for panel, variable in ((self.map, REGION), (self.chart, None), (self.table, None)):
            panel.on_choose(lambda code, variable=variable: self.choose(code, variable))

    def choose(self, code: str, variable: str | None = None) -> None:
        """Choose a region, or a row of the chart; the same again lets it go.

        Parameters
        ----------
        code : str
            A domain; an answer when the chart shows answers.
        variable : str, optional
            Domain variable of the code; by default that of the chart.
        """

        def work():
            if not (variable or self.by.value):
                self.answer.value = code
            else:
                pair = (variable or self.by.value, code)
                self._chosen = ("", "") if pair == self._chosen else pair
            self._draw()

        self.problem.watch(work)

    def _lay_out(self, several: bool) -> list[widgets.Widget]:
        if not several:
            self.survey.layout.display = "none"
        controls = [[self.survey, self.wave], [self.search, self.question], [self.answer, self.by]]
        for panel in (self.map, self.chart):
            panel.layout = {"flex": "1 1 420px", "min_width": "300px", "max_width": "640px"}
        return [
            self.banner,
            *(widgets.Box(row, layout=WRAP) for row in controls),
            self.notes, self.problem, self.wording, self.sentence,
            widgets.Box([self.map, self.chart], layout=WRAP),
            self.profile, self.table, self.rule, self.download, self.code,
        ]  # fmt: skip

    def _open_survey(self, question: str, by: str | None) -> None:
        survey = self.survey.value
        root = self._store.root
        before, self.wave.options = self.wave.value, list_waves(survey, root=root)
        self.wave.value = before if before in self.wave.options else self._first[survey]
        self.wave.disabled = len(self.wave.options) == 1
        self._fill_wave(question, by)

    def _fill_wave(self, question: str | None = None, by: str | None = None) -> None:
        """Controls of the wave; what was chosen stays where the wave has it."""
        wave = self._open_wave()
        wanted = (self.by.value if by is None else by, REGION, "")
        known = ["", *wave.file.domains]
        names = {name: wave.codebook.variable(name).label.text for name in wave.file.domains}
        self.by.options = [(names.get(name, tr(_WHOLE)), name) for name in known]
        self.by.value = next(name for name in wanted if name in known)
        self.by.disabled = len(known) == 1
        self._fill_questions(question)

    def _fill_questions(self, question: str | None = None) -> None:
        """Questions that hold the words searched for; all of them if none does."""
        wave = self._open_wave()
        question = question or self.question.value
        asked = set(wave.file.questions)
        items = sorted(list_questions(wave), key=lambda item: item.id not in asked)
        found = [
            item for item in items
            if match_words(self.search.value, item.label.en, item.label.fr, item.text.en,
                           item.text.fr)
        ]  # fmt: skip
        self._write_notes(wave, bool(found))
        shown = found or items
        self.question.options = [
            (_name_question(item, item.id in asked), item.id) for item in shown
        ]
        ids = [item.id for item in shown]
        self.question.value = question if question in ids else ids[0]
        self._fill_answers()

    def _fill_answers(self) -> None:
        item = self._open_wave().codebook.variable(self.question.value)
        before, ids = self.answer.value, list_answers(item)
        self.answer.options = [(item.label_of(name), name) for name in ids]
        same_question = self.selection and self.selection.question == item.id
        self.answer.value = before if same_question and before in ids else item.headline
        self._draw()

    def _open_wave(self) -> Wave:
        return self._store.read_wave(self.survey.value, self.wave.value)

    def _write_notes(self, wave: Wave, found: bool) -> None:
        notes = []
        if self.wave.disabled:
            notes.append(tr("{wave} is the only wave of this survey.", wave=wave.name))
        if self.by.disabled:
            notes.append(tr("This wave holds no breakdown."))
        if not found:
            searched = escape(self.search.value)
            notes.append(tr("No question holds “{words}”: all are listed.", words=searched))
        self.notes.value = f"<small>{' '.join(notes)}</small>" if notes else ""

    def _draw(self) -> None:
        wave = self._open_wave()
        item = wave.codebook.variable(self.question.value)
        self.banner.value = build_banner(wave).data
        self.rule.value = f"<small>{escape(self._rule.describe(wave.provenance))}</small>"
        self.wording.value = _write_wording(item)
        if item.id not in wave.file.questions:
            self._draw_missing(wave, item)
            return
        self.selection = Selection(
            wave.survey, wave.name, item.id, self.answer.value, self.by.value or None, self._rule
        )
        peers = tuple(name for name in self._first if name != wave.survey)
        view = read_view(self._store, self.selection, peers)
        whole = pick(view.whole, self.answer.value)
        words = tr(
            "All respondents, {answer}: {estimate}",
            answer=item.label_of(self.answer.value), estimate=describe_estimate(whole),
        )  # fmt: skip
        self.sentence.value = f'<strong role="status">{escape(words)}</strong>'
        self._draw_map(view)
        self._draw_chart(view, whole)
        self._draw_table(view)
        self._draw_profile(wave)
        self.code.code = write_code(self.selection, view)

    def _draw_missing(self, wave: Wave, item) -> None:
        """Say what is missing where it would be."""
        self.selection = None
        others = [
            name for name in self.wave.options
            if item.id in self._store.read_wave(wave.survey, name).file.questions
        ]  # fmt: skip
        lines = [tr("Not in {wave}: {question}.", wave=name_wave(wave), question=item.label.text)]
        if others:
            lines.append(tr("It is in: {waves}.", waves=", ".join(others)))
        said = f"<p><em>{escape(' '.join(lines))}</em></p>"
        self.sentence.value = ""
        for panel in (self.map, self.chart, self.table):
            panel.markup = said
        self.download.value, self.code.code = "", ""
        self._draw_profile(wave)

    def _draw_map(self, view: View) -> None:
        title = tr("{answer}, by region", answer=self._name_answer(view))
        title = write_title(title, view.wave)
        known = view.regional is not None
        self.map.layout.flex = "1 1 420px" if known else "0 1 300px"
        if not known:
            words = tr("This wave holds no region: no map.")
            self.map.markup = f"{title}<p><em>{words}</em></p>"
            return
        names = view.wave.codebook.variable(REGION).labels()
        variable, domain = self._chosen
        readings = view.readings[
            (view.readings["domain_variable"] == REGION)
            & (view.readings["answer"] == self.answer.value)
        ]
        self.map.markup = title + self._screen.write(
            view.regional, names, breaks=view.breaks, readings=readings,
            chosen=domain if variable == REGION else "",
        )  # fmt: skip

    def _draw_chart(self, view: View, whole) -> None:
        readings = view.readings[view.readings["domain_variable"] == self.by.value]
        if view.key == "domain":
            readings = readings[readings["answer"] == self.answer.value]
        self.chart.markup = write_title(self._name_rows(view), view.wave) + write_chart(
            view.rows, view.labels, key=view.key, readings=readings, chosen=self._chosen_row(),
            whole=whole if view.key == "domain" else None, colour=ACTORS[view.wave.codebook.actor],
        )  # fmt: skip

    def _draw_table(self, view: View) -> None:
        caption = f"{self._name_rows(view)} — {describe_source(view.wave)}"
        self.table.markup = write_table(
            tabulate_estimates(view.rows, view.wave), caption=caption,
            codes=list(view.rows[view.key]), chosen=self._chosen_row(),
        )  # fmt: skip
        parts = [view.wave.survey, view.wave.name, view.wave.provenance, view.question.id]
        parts += [self.answer.value, "by", self.by.value] if view.key == "domain" else []
        self.download.value = write_link(write_csv(view.rows, view.wave), f"{'-'.join(parts)}.csv")

    def _draw_profile(self, wave: Wave) -> None:
        variable, domain = self._chosen
        if variable not in wave.file.domains:
            self._chosen = ("", "")
            words = tr(
                "Choose a region, or a row of the chart or table, to see its answers to every "
                "question."
            )
            self.profile.markup = f"<p><em>{words}</em></p>"
        elif self._profiled[0] is not wave or self._profiled[1] != self._chosen:
            place = (wave.survey, wave.name, variable, domain)
            self.profile.markup = write_profile(
                read_profile(self._store, *place, rule=self._rule), wave
            )
        # The question shown changes nothing in a profile.
        self._profiled = (wave, self._chosen)

    def _chosen_row(self) -> str:
        if not self.by.value:
            return self.answer.value
        variable, domain = self._chosen
        return domain if variable == self.by.value else ""

    def _name_rows(self, view: View) -> str:
        return view.question.label.text if view.key == "answer" else self._name_answer(view)

    def _name_answer(self, view: View) -> str:
        answer = view.question.label_of(self.answer.value)
        return tr("{question}: {answer}", question=view.question.label.text, answer=answer)


def _name_question(item: Question, asked: bool) -> str:
    label = item.label.text
    return label if asked else tr("{question} — not in this wave", question=label)


def _write_wording(item: Question) -> str:
    """The question as asked, its wording in the other language in the tooltip, and its base."""
    other = item.text.fr if get_language() == "en" else item.text.en
    base = tr("Base: {base}.", base=item.base.text)
    return (
        f'<span title="{escape(other, quote=True)}"><em>{escape(item.text.text)}</em></span> '
        f"<small>{escape(base)}</small>"
    )
