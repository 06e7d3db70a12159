"""One page with the explorer of every study, each built when its tab is first opened."""

from collections.abc import Callable

import ipywidgets as widgets
from IPython.display import Markdown

from helpers.data.errors import InputError
from helpers.data.language import tr
from helpers.data.mayors import read_mayors_frame
from helpers.data.regions import read_regions
from helpers.data.responses import read_wave
from helpers.stats.draws import build_population
from helpers.stats.precision import WHOLE
from helpers.view.controls import show_problem
from helpers.view.explore import build_explorer
from helpers.view.precision_explore import build_sampler
from helpers.view.prism_explore import build_prism_explorer


def write_opening() -> Markdown:
    """Write the title of the page and what it holds.

    Returns
    -------
    IPython.display.Markdown
    """
    title = tr("Territorial survey studies")
    text = tr(
        "One tab per study. Each view says which kind of data it shows; the notebooks hold the "
        "methods, the sources and the ledger."
    )
    return Markdown(f"# {title}\n\n{text}")


def build_dashboard() -> widgets.Tab:
    """Build the tabs: one per study.

    Returns
    -------
    ipywidgets.Tab
        Needs a live kernel. A study whose data cannot be read says so in its
        tab, and the others work.
    """
    builders = {
        tr("Partnership map"): _build_partnership_map,
        tr("Mayor survey"): _build_mayor_survey,
        tr("Evaluation"): _build_evaluation,
        tr("Fragilities"): _build_fragilities,
        tr("Survey precision"): _build_precision,
    }
    places = [widgets.VBox() for _ in builders]
    tabs = widgets.Tab(places, titles=list(builders))

    def open_tab(_=None):
        place, build = places[tabs.selected_index], list(builders.values())[tabs.selected_index]
        if not place.children:
            place.children = [_build_or_explain(build)]

    tabs.selected_index = 0
    tabs.observe(open_tab, names="selected_index")
    open_tab()
    return tabs


def _build_or_explain(build: Callable[[], widgets.Widget]) -> widgets.Widget:
    try:
        return build()
    except InputError as error:
        return widgets.HTML(show_problem(str(error)))


def _build_partnership_map() -> widgets.Widget:
    waves = [read_wave(survey, "2015") for survey in ("companies", "associations")]
    return build_explorer(*waves, question="has_partnership")


def _build_mayor_survey() -> widgets.Widget:
    return build_explorer(read_wave("mayors", "2016"), question="territory_coconstruction_dynamic")


def _build_evaluation() -> widgets.Widget:
    wave = read_wave("evaluation", "2015")
    return build_explorer(wave, question="evaluates_partnerships", by="actor")


def _build_fragilities() -> widgets.Widget:
    return build_prism_explorer("2015", fragility="employment")


def _build_precision() -> widgets.Widget:
    frame = read_mayors_frame()
    names = {"women": tr("women"), "aged_60_plus": tr("mayors aged 60 or over")}
    layout = {"size": "mayors", "strata": "commune_band", "domains": "region"}
    populations = {name: build_population(frame, name, **layout) for name in names}
    labels = {WHOLE: "France", **read_regions("zones-2015").set_index("code")["name"].to_dict()}
    return build_sampler(
        populations, names, labels, characteristic="women", size=304, samples=1000, seed=2016
    )
