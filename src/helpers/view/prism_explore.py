"""A widget on the cube: fragilities by territory and actor, beside a reference of choice."""

from html import escape

import ipywidgets as widgets
import pandas as pd

from helpers.data.actors import name_actor
from helpers.data.catalog import list_waves
from helpers.data.codebook import read_codebook
from helpers.data.fragilities import read_fragilities
from helpers.data.language import get_language, lower_first, message, tr, upper_first
from helpers.data.regions import read_regions
from helpers.data.root import find_root
from helpers.stats.cube import QUESTIONS, Cube, build_cube
from helpers.stats.gaps import ACTORS
from helpers.stats.region_contrasts import KINDS, list_references
from helpers.stats.results import DEFAULT_RULE, Rule
from helpers.view.controls import WRAP, ProblemLine, build_dropdown, match_words, write_title
from helpers.view.downloads import write_csv, write_link
from helpers.view.html_tables import write_table
from helpers.view.maps import find_breaks
from helpers.view.palette import ACTORS as COLOURS
from helpers.view.panels import CodeBox, Panel
from helpers.view.prism_tables import tabulate_actors, tabulate_reference
from helpers.view.provenance import build_banner, describe_source
from helpers.view.sentences import describe_estimate
from helpers.view.svg_charts import write_chart
from helpers.view.svg_maps import ScreenMap

_FRANCE = "France"
_READING = message("Reading the wave …")
_REFERENCES = ("rest", "france", "neighbours", "similar")  # the first is that of the static maps


def build_prism_explorer(
    wave: str, *, question: str = "fragility_importance", fragility: str = "health",
    actor: str = "citizens", rule: Rule = DEFAULT_RULE,
) -> "PrismExplorer":  # fmt: skip
    """Build the explorer of the three prisms: fragility, territory, actor.

    Parameters
    ----------
    wave : str
        Wave shown first, e.g. ``"demo"``.
    question : str
        One of `helpers.stats.cube.QUESTIONS`.
    fragility, actor : str
        Place of the first view.
    rule : Rule, optional

    Returns
    -------
    PrismExplorer
        Needs a live kernel: works in JupyterLab and in a Voilà page.
    """
    return PrismExplorer(wave, question, fragility, actor, rule)


class PrismExplorer(widgets.VBox):
    """Controls, and the slices of the cube they lead to.

    Attributes
    ----------
    wave, question, search, fragility, actor, reference, territory : ipywidgets.Widget
        The controls.
    map, chart, table, actors : Panel
        A territory can be chosen in the first three, a fragility in the fourth.
    """

    def __init__(self, wave: str, question: str, fragility: str, actor: str, rule: Rule):
        self._rule = rule
        self._root = find_root()
        self._codebook = read_codebook("citizens", root=self._root)
        self._fragilities = read_fragilities(root=self._root)
        self._names = self._codebook.variable("region").labels()
        regions = read_regions("zones-2015")
        self._references = {}  # those asked for so far, by kind
        waves = dict.fromkeys(
            name for survey in ACTORS for name in list_waves(survey, root=self._root)
        )
        order = sorted(waves, key=lambda name: (not name[:1].isdigit(), name))
        self.wave = build_dropdown(tr("Wave"), order)
        questions = [(self._codebook.variable(name).label.text, name) for name in QUESTIONS]
        self.question = build_dropdown(tr("Measure"), questions, wide=True)
        self.search = widgets.Text(
            description=tr("Search in fragilities"),
            placeholder=tr("words, with or without accents"),
            style={"description_width": "initial"}, layout={"width": "25rem"},
        )  # fmt: skip
        self.fragility = build_dropdown(tr("Fragility"), wide=True)
        actors = [(name_actor(name, start=True), name) for name in ACTORS]
        self.actor = build_dropdown(tr("Actor"), actors)
        references = [(upper_first(_name_reference(name)), name) for name in _REFERENCES]
        self.reference = build_dropdown(tr("Reference"), references)
        places = [(_FRANCE, ""), *((name, code) for code, name in self._names.items())]
        self.territory = build_dropdown(tr("Territory"), places, wide=True)
        self.problem = ProblemLine()
        self.banner, self.notes, self.wording, self.sentence = (widgets.HTML() for _ in range(4))
        self.rule, self.download = widgets.HTML(), widgets.HTML()
        self.map, self.chart, self.table, self.actors = (Panel() for _ in range(4))
        self.code = CodeBox()
        self._screen = ScreenMap(regions, f"map-{self.map.model_id}")
        super().__init__(self._lay_out())
        self.add_class("study-explorer")
        self.wave.value, self.question.value, self.actor.value = wave, question, actor
        self._unfound = ""  # words searched for in vain
        self.problem.watch(lambda: self._fill_fragilities(fragility))
        self.search.observe(lambda _: self.problem.watch(self._fill_fragilities), names="value")
        for control in (self.wave, self.question, self.fragility, self.actor, self.reference,
                        self.territory):  # fmt: skip
            control.observe(lambda _: self.problem.watch(self._draw), names="value")
        for panel in (self.map, self.chart, self.table):
            panel.on_choose(self.choose)
        self.actors.on_choose(self.choose_fragility)

    def choose(self, code: str) -> None:
        """Choose a territory; the same again goes back to France.

        Parameters
        ----------
        code : str
            Code of a region.
        """
        self.territory.value = "" if code == self.territory.value else code

    def choose_fragility(self, code: str) -> None:
        """Choose a fragility; a search that leaves it out is dropped.

        Parameters
        ----------
        code : str
        """

        def work():
            if code not in [value for _, value in self.fragility.options]:
                self.search.value = ""
            self._fill_fragilities(code)

        self.problem.watch(work)

    def _lay_out(self) -> list[widgets.Widget]:
        controls = [[self.wave, self.question, self.actor], [self.search, self.fragility],
                    [self.territory, self.reference]]  # fmt: skip
        for panel in (self.map, self.chart):
            panel.layout = {"flex": "1 1 420px", "min_width": "300px", "max_width": "640px"}
        return [
            self.banner, *(widgets.Box(row, layout=WRAP) for row in controls),
            self.notes, self.problem, self.wording, self.sentence,
            widgets.Box([self.map, self.chart], layout=WRAP),
            self.actors, self.table, self.rule, self.download, self.code,
        ]  # fmt: skip

    def _fill_fragilities(self, fragility: str | None = None) -> None:
        """Fragilities that hold the words searched for; all of them if none does."""
        wanted = fragility or self.fragility.value
        texts = self._fragilities[["label_en", "label_fr", "family_en", "family_fr"]]
        found = [match_words(self.search.value, *row) for row in texts.to_numpy()]
        shown = self._fragilities[found] if any(found) else self._fragilities
        self._unfound = "" if any(found) else self.search.value
        lang = get_language()
        pairs = zip(shown[f"label_{lang}"], shown[f"family_{lang}"], strict=True)
        names = [f"{label} ({lower_first(family)})" for label, family in pairs]
        self.fragility.options = list(zip(names, shown["fragility"], strict=True))
        ids = list(shown["fragility"])
        self.fragility.value = wanted if wanted in ids else ids[0]
        self._draw()

    def _draw(self) -> None:
        self.sentence.value = f"<em>{tr(_READING)}</em>"
        cube = build_cube(self.wave.value, rule=self._rule, root=self._root)
        place = {"question": self.question.value, "actor": self.actor.value}
        cells = cube.slice(**place, fragility=self.fragility.value)
        whole = cells[cells["domain"] == ""].iloc[0]
        rows = cube.compare(**place, fragility=self.fragility.value,
                            references=self._find_references())  # fmt: skip
        self._draw_texts(cube, cells)
        self._draw_map(cube, rows)
        self._draw_table(cube, rows, whole)
        self._draw_actors(cube)
        self._write_notes(cells[cells["domain"] != ""], rows)
        self.code.code = self._write_code()

    def _write_notes(self, cells: pd.DataFrame, rows: pd.DataFrame) -> None:
        """Say what was not found, and why a control can do nothing."""
        self.reference.disabled = bool((cells["mark"] == "untestable").all())
        notes = []
        if self._unfound:
            words = tr("No fragility holds “{words}”: all are listed.", words=self._unfound)
            notes.append(escape(words))
        if self.reference.disabled:
            notes.append(tr("No territory can be tested here, so no reference can be chosen."))
        else:
            shown = rows[rows["estimate"].notna() & (rows["untested"] != "")]
            for reason, some in shown.groupby("untested")["domain"]:
                names = ", ".join(map(self._names.get, some))
                words = tr("Not tested: {names} ({reason}).", names=names, reason=reason)
                notes.append(escape(words))
        self.notes.value = f"<small>{' '.join(notes)}</small>" if notes else ""

    def _find_references(self) -> dict:
        kind = self.reference.value
        if kind not in self._references:
            self._references[kind] = list_references(kind, root=self._root)
        return self._references[kind]

    def _draw_texts(self, cube: Cube, cells: pd.DataFrame) -> None:
        self.banner.value = build_banner(self._find_wave(cube)).data
        item = self._codebook.variable(self.question.value)
        fragility = self._fragilities.set_index("fragility").loc[self.fragility.value]
        certainty, reason = fragility["certainty"], fragility["reason"]
        doubt = tr(" Family {certainty}: {reason}", certainty=tr(certainty), reason=reason)
        # An English reader finds the French of the questionnaires under the pointer.
        label = fragility[f"label_{get_language()}"]
        self.wording.value = (
            f'<span title="{escape(item.text.fr, quote=True)}"><em>{escape(item.text.text)}</em>'
            f'</span> <span title="{escape(fragility["label_fr"], quote=True)}">'
            f"<strong>{escape(label)}</strong></span>"
            f"<small>{escape(doubt) if reason else ''}</small>"
        )
        row = cells[cells["domain"] == self.territory.value].iloc[0]
        words = tr(
            "{place}, {actor}: {estimate}",
            place=self._name_place(),
            actor=name_actor(self.actor.value),
            estimate=describe_estimate(row),
        )
        self.sentence.value = f'<strong role="status">{escape(words)}</strong>'
        rule = self._rule.describe(cells["provenance"].iloc[0])
        pooled = self.reference.value in ("neighbours", "similar")
        if pooled and (cells["provenance"] != "reconstructed").any():
            more = tr("Here the reference pools several regions; the test is on the full design.")
            rule = f"{rule} {more}"
        self.rule.value = f"<small>{escape(rule)}</small>"

    def _find_wave(self, cube: Cube):
        """The wave of the actor; where there is none, one that says the provenance."""
        return next((w for w in cube.waves if w.survey == self.actor.value), cube.waves[0])

    def _draw_map(self, cube: Cube, rows: pd.DataFrame) -> None:
        wave, chosen = self._find_wave(cube), self.territory.value
        title = f"{self._name_measure()} — {name_actor(self.actor.value)}"
        against = _name_reference(self.reference.value)
        self.map.markup = write_title(title, wave) + self._screen.write(
            rows, self._names, breaks=find_breaks(rows), chosen=chosen, against=against
        )
        whole = cube.slice(question=self.question.value, actor=self.actor.value,
                           fragility=self.fragility.value, territory="").iloc[0]  # fmt: skip
        self.chart.markup = write_title(title, wave) + write_chart(
            rows, self._names, whole=whole, colour=COLOURS[self.actor.value], chosen=chosen,
            against=against,
        )  # fmt: skip

    def _draw_table(self, cube: Cube, rows: pd.DataFrame, whole: pd.Series) -> None:
        wave, against = self._find_wave(cube), _name_reference(self.reference.value)
        caption = f"{self._name_measure()} — {describe_source(wave)}"
        self.table.markup = write_table(
            tabulate_reference(rows, self._names, against), caption=caption,
            codes=list(rows["domain"]), chosen=self.territory.value,
        )  # fmt: skip
        parts = [self.actor.value, cube.wave, wave.provenance, self.question.value,
                 self.fragility.value, "against", self.reference.value]  # fmt: skip
        self.download.value = write_link(write_csv(rows, wave), f"{'-'.join(parts)}.csv")

    def _draw_actors(self, cube: Cube) -> None:
        """The chosen territory: every fragility, actor beside actor."""
        place = {"question": self.question.value, "territory": self.territory.value}
        table = tabulate_actors(cube.slice(**place), cube.slice_gaps(**place), self._fragilities)
        kinds = dict.fromkeys(describe_source(wave).partition(" · ")[0] for wave in cube.waves)
        measure = self._codebook.variable(self.question.value).label.text
        words = tr(
            "{place}: {measure} — {kinds}",
            place=self._name_place(), measure=measure, kinds=", ".join(kinds),
        )  # fmt: skip
        marks = "" if self.territory.value == "" else tr(" — ▲ ▼ against the rest of France")
        self.actors.markup = write_table(
            table, caption=f"{words}{marks}",
            codes=list(self._fragilities["fragility"]), chosen=self.fragility.value,
        )  # fmt: skip

    def _write_code(self) -> str:
        place = (f"question={self.question.value!r}, fragility={self.fragility.value!r}, "
                 f"actor={self.actor.value!r}")  # fmt: skip
        return "\n".join(
            [
                "from helpers.stats.cube import build_cube",
                "from helpers.stats.region_contrasts import list_references",
                "from helpers.stats.results import Rule",
                "",
                f"rule = {self._rule!r}",
                f"cube = build_cube({self.wave.value!r}, rule=rule)",
                f"references = list_references({self.reference.value!r})",
                f"table = cube.compare({place}, references=references)",
                f"actors = cube.slice(question={self.question.value!r}, "
                f"territory={self.territory.value!r})",
                "table",
            ]
        )

    def _name_place(self) -> str:
        return self._names.get(self.territory.value, _FRANCE)

    def _name_measure(self) -> str:
        labels = self._fragilities.set_index("fragility")[f"label_{get_language()}"]
        item = self._codebook.variable(self.question.value)
        fragility = labels[self.fragility.value]
        return tr("{question}: {answer}", question=item.label.text, answer=fragility)


def _name_reference(kind: str) -> str:
    return tr(KINDS[kind])
