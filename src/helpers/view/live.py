"""The explorer of a page: answers without a kernel, stands still without a script."""

import json
from collections.abc import Sequence
from html import escape

import geopandas as gpd
import pandas as pd
import shapely

from helpers.data.codebook import REGION
from helpers.data.language import tr
from helpers.data.regions import read_regions
from helpers.data.responses import Wave
from helpers.stats.results import DEFAULT_RULE, Rule
from helpers.view.live_data import LiveData, collect_estimates
from helpers.view.live_first import FirstView
from helpers.view.live_specs import build_map_spec, build_rows_spec
from helpers.view.live_words import write_marks, write_scales, write_states, write_words
from helpers.view.maps import class_colours, find_spot
from helpers.view.scales import SCALES
from helpers.view.svg_maps import HATCHES, ScreenMap

LIVE = "application/vnd.studies.live+html"
_CLASSES = 6  # most classes of a map
_FINE = 0.8  # of a pixel: what is simplified away is not seen


class LivePart:
    """Markup that the page of a study shows; a notebook shows one line in its place.

    Parameters
    ----------
    markup : str
        HTML; whoever writes it escapes what comes from data.
    words : str
        The line.
    """

    def __init__(self, markup: str, words: str):
        self._bundle = {"text/plain": words, LIVE: markup}

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        return self._bundle


def show_explorer(
    *waves: Wave, question: str, by: str | None = None, answer: str = "",
    questions: Sequence[str] = (), rule: Rule = DEFAULT_RULE,
    estimates: pd.DataFrame | None = None, prisms: bool = False,
) -> LivePart:  # fmt: skip
    """Show map, chart and table of any answer of some waves, chosen on the page.

    Parameters
    ----------
    *waves : Wave
        All that can be chosen; the first one that has the question is shown first.
    question : str
        Question of the first view.
    by : str, optional
        Breakdown of the first view; by default the region, if there is a figure by region,
        else none.
    answer : str
        Answer of the first view; by default the headline.
    questions : sequence of str, optional
        Those that can be chosen; by default all that have shares or means.
    rule : Rule, optional
        Decides what is withheld and marked.
    estimates : pandas.DataFrame, optional
        Estimate tables already made by the same rule.
    prisms : bool
        Whether the controls are called actor, measure and fragility.

    Returns
    -------
    LivePart
        On the page, without a script: the first view as picture and table.
    """
    made = collect_estimates(*waves, questions=questions, rule=rule, made=estimates)
    words = tr("The page of this study holds an explorer here.")
    if made.empty:
        nothing = tr("There is no figure to explore.")
        return LivePart(f"<p>{escape(nothing)}</p>", words)
    first = FirstView(made, waves, question, by=by, answer=answer, rule=rule)
    data = LiveData(made, *waves, rule=rule)
    screen = ScreenMap(read_regions("zones-2015"), "still")
    content = {
        "marks": write_marks(),
        "words": write_words(prisms=prisms),
        "scales": write_scales(),
        "states": write_states(),
        "hatches": HATCHES,
        "colours": [class_colours([0] * (count + 1)) for count in range(_CLASSES + 1)],
        "specs": {name: build_rows_spec(scale) for name, scale in SCALES.items()},
        "surveys": data.write_surveys(),
        "absent": data.write_absent(),
        "notes": {key: {"words": words, "care": care}
                  for (words, care), key in data.notes.items()},
        "first": first.choices,
    }  # fmt: skip
    if (made["domain_variable"] == REGION).any():
        content["specs"]["map"] = build_map_spec(screen.width, screen.height)
        content["areas"] = _write_areas(screen)
    name = tr("Explorer")
    markup = (
        f'<section class="live" aria-label="{escape(name, quote=True)}">'
        f'<div class="live-still">{first.write(screen)}</div>'
        f'<script type="application/json">{write_json(content)}</script></section>'
    )
    return LivePart(markup, words)


def write_json(content: object) -> str:
    """Write JSON that stays text inside a script element, whatever its strings hold.

    Parameters
    ----------
    content : object

    Returns
    -------
    str
        One line; ``<``, ``>`` and ``&`` are escaped.
    """
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _write_areas(screen: ScreenMap) -> list[dict]:
    """Outlines in pixels of the map, and where their labels are written."""
    regions = screen.regions
    left, _, right, top = regions.total_bounds
    scale = screen.width / (right - left)
    place = [scale, 0, 0, -scale, -scale * left, scale * top]
    shapes = gpd.GeoSeries(regions.geometry).affine_transform(place)
    fine = shapely.set_precision(shapely.coverage_simplify(shapes.array, _FINE), 0.1)
    areas = []
    for code, shape in zip(regions["code"], fine, strict=True):
        x, y = find_spot(shape)
        geometry = json.loads(shapely.to_geojson(shape))
        areas.append({"code": code, "x": round(x, 1), "y": round(y, 1), "geometry": geometry})
    return areas
