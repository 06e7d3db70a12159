"""Vega-Lite specifications of a live page: a map of zones, and points with their intervals.

The data are filled in on the page (`static/live.js`): `areas` or `rows`, `whole` and `stamp`.
"""

import altair as alt

from helpers.view.palette import GREY, INK
from helpers.view.provenance import COLOURS
from helpers.view.scales import Scale

_EDGE = "#555555"
_HALO = {"stroke": "white", "strokeWidth": 3, "strokeJoin": "round"}
_FONT = "system-ui, sans-serif"


def build_map_spec(width: float, height: float) -> dict:
    """Build the specification of a map: fill, hatch, value and mark of each zone.

    Parameters
    ----------
    width, height : float
        Size of the map in pixels; outlines and places of labels are in them.

    Returns
    -------
    dict
        Vega-Lite. Each row of `areas` is a GeoJSON feature with `fill`, `hatch`
        (both colours or addresses of a pattern), `label`, `x`, `y` and `tip`.
    """
    hover = alt.selection_point(name="hover", on="pointerover", clear="pointerout", empty=False)
    areas = alt.Chart(alt.NamedData("areas"))
    fills = areas.mark_geoshape().encode(fill=alt.Fill("fill:N", scale=None))
    hatches = areas.mark_geoshape().encode(fill=alt.Fill("hatch:N", scale=None))
    # Over both, so that hovering meets it: the edge, and the rest transparent.
    zones = (
        areas.mark_geoshape(fill="transparent", stroke=_EDGE, strokeJoin="round")
        .encode(
            strokeWidth=alt.when(hover).then(alt.value(3)).otherwise(alt.value(1)), tooltip="tip:N"
        )
        .add_params(hover)
        .properties(name="zones")
    )
    names = areas.encode(longitude="x:Q", latitude="y:Q", text="label:N")
    look = {"fontSize": 12, "lineBreak": "\n"}
    layers = [
        fills,
        hatches,
        zones,
        names.mark_text(**look, **_HALO),
        names.mark_text(**look, fill=INK),
        _stamp(),
    ]
    chart = (
        alt.layer(*layers)
        .project(type="identity", scale=1, translate=[0, 0])
        .properties(width=width, height=height)
    )
    return _finish(chart)


def build_rows_spec(scale: Scale) -> dict:
    """Build the specification of a chart: a point and an interval per row.

    Parameters
    ----------
    scale : Scale
        Unit of the estimates.

    Returns
    -------
    dict
        Vega-Lite. Each row of `rows` holds `key`, `name` (lines), `low`, `value`,
        `high` (none where there is no number), `fill`, `colour`, `text`, `missing`
        (lines) and `tip`; `whole` holds at most one row, `value` and `text`.
    """
    rows = alt.Chart(alt.NamedData("rows")).encode(y=_names(), tooltip="tip:N")
    whole = alt.Chart(alt.NamedData("whole"))
    value = alt.X(
        "value:Q",
        scale=alt.Scale(domain=[0, scale.factor * scale.top], nice=False),
        axis=alt.Axis(title=scale.axis, tickCount=6, grid=True, domain=False),
    )
    stroke, fill = alt.Stroke("colour:N", scale=None), alt.Fill("fill:N", scale=None)
    point = {"size": 90, "strokeWidth": 2, "opacity": 1}
    written = rows.encode(x="high:Q", text="text:N")
    look = {"align": "left", "dx": 8, "fontSize": 12}
    missing = {"fontSize": 11, "fontStyle": "italic", "color": "#595959", "lineBreak": "\n"}
    layers = [
        whole.mark_rule(color=GREY, strokeDash=[4, 3]).encode(x=value),
        whole.mark_text(align="left", dx=4, dy=-6, fontSize=11, color=INK).encode(
            x=value, y=alt.value(0), text="text:N"
        ),
        rows.mark_rule(strokeWidth=2.4).encode(x="low:Q", x2="high:Q", stroke=stroke),
        rows.mark_point(**point).encode(x=value, stroke=stroke, fill=fill),
        written.mark_text(**look, **_HALO),
        written.mark_text(**look, fill=INK),
        rows.mark_text(align="left", dx=6, **missing).encode(x=alt.X(datum=0), text="missing:N"),
        _stamp(),
    ]
    chart = alt.layer(*layers).properties(
        width=600, height=300,
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        padding={"left": 2, "right": 48, "top": 22, "bottom": 4},
    )  # fmt: skip
    return _finish(chart)


def _names() -> alt.Y:
    lines = "split(datum.label, '\\n')"
    axis = alt.Axis(
        title=None, labelExpr=lines, labelLimit=0, ticks=False, domain=False, labelFontSize=12
    )
    return alt.Y("name:N", sort=None, axis=axis)


def _stamp() -> alt.Chart:
    """The word that crosses fictional data."""
    return (
        alt.Chart(alt.NamedData("stamp"))
        .mark_text(fontSize=54, angle=335, opacity=0.13, color=COLOURS["demo"], tooltip=None)
        .encode(x=_middle("width"), y=_middle("height"), text="text:N")
    )


def _middle(size: str) -> dict:
    return alt.value({"expr": f"{size} / 2"})


def _finish(chart: alt.LayerChart) -> dict:
    chart = chart.configure(font=_FONT, background="white", aria=False).configure_view(stroke=None)
    return chart.to_dict(validate=True)
