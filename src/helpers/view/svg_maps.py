"""The map of `helpers.view.maps` as SVG: regions that can be focused and clicked."""

from html import escape

import geopandas as gpd
import pandas as pd
import shapely

from helpers.data.language import message, tr
from helpers.stats.reliability import name_state
from helpers.view.maps import LegendEntry, lay_out_map
from helpers.view.palette import GREY, INK
from helpers.view.sentences import describe_estimate
from helpers.view.svg_charts import write_role, write_watermark

_WIDTH = 470.0
_PADDING = 6.0
# Half a pixel on the screen: what is simplified away cannot be seen.
_HALF_PIXEL = 0.5
HATCHES = {
    "////": "M0 8 L8 0",
    "xxxx": "M0 8 L8 0 M0 0 L8 8",
    "----": "M0 4 L8 4",
    "....": "M3 4 L4.6 4",
}
_MARKS = {
    "higher": message("{name}: {estimate}, significantly higher than {against}"),
    "lower": message("{name}: {estimate}, significantly lower than {against}"),
    "none": message("{name}: {estimate}, no significant difference from {against}"),
    "untestable": message("{name}: {estimate}"),
}


class ScreenMap:
    """Boundaries made ready once for many maps on a screen.

    Parameters
    ----------
    regions : geopandas.GeoDataFrame
        Boundaries with `code`, in a projection with the metre as unit.
    prefix : str
        Begins every id, so that two maps on a page keep their own hatches.
    """

    def __init__(self, regions: gpd.GeoDataFrame, prefix: str):
        left, bottom, right, top = regions.total_bounds
        self._scale = _WIDTH / (right - left)
        self._origin = (left, top)
        self.height = (top - bottom) * self._scale
        self.prefix = prefix
        fine = shapely.coverage_simplify(regions.geometry.array, _HALF_PIXEL / self._scale)
        self.regions = regions.set_geometry(gpd.GeoSeries(fine, crs=regions.crs))
        self._paths = {
            code: self._write_path(shape)
            for code, shape in zip(regions["code"], self.regions.geometry, strict=True)
        }

    @property
    def box(self) -> str:
        """The viewBox that holds all regions."""
        return f"{-_PADDING} {-_PADDING} {_WIDTH + 2 * _PADDING} {self.height + 2 * _PADDING:.1f}"

    @property
    def width(self) -> float:
        """Width of all regions, as `height`."""
        return _WIDTH

    def outline(self, code: str) -> str:
        """The outline of a region, as the `d` of an SVG path."""
        return self._paths[code]

    def write(
        self, estimates: pd.DataFrame, names: dict[str, str], *, breaks: list[float],
        readings: pd.DataFrame | None = None, chosen: str | None = "", against: str = "",
    ) -> str:  # fmt: skip
        """Write the map of one answer and its legend.

        Parameters
        ----------
        estimates, breaks, readings
            As in `helpers.view.maps.draw_map`.
        names : dict
            Code of a region to its name.
        chosen : str or None
            Code of the region that stands out; None for a map where none can be chosen.
        against : str
            What the marks compare a region with, with its article; the rest by default.

        Returns
        -------
        str
            SVG, then the legend as an HTML list.

        Raises
        ------
        InputError
            If an estimate has a region code that is not in the boundaries.
        """
        against = against or tr("the rest")
        layout = lay_out_map(self.regions, estimates, breaks=breaks, readings=readings,
                             against=against)  # fmt: skip
        # The chosen region comes last, so that its edge is drawn over its neighbours.
        areas = [area for _, area in layout.areas.iterrows()]
        areas.sort(key=lambda area: area["code"] == chosen)
        hatches = dict.fromkeys([*layout.areas["hatch"], *(e.hatch for e in layout.legend)])
        name = tr("Map of regions")
        parts = [
            f'<svg viewBox="{self.box}" width="100%" role="group" '
            f'aria-label="{escape(name)}" '
            f'xmlns="http://www.w3.org/2000/svg"><defs>',
            *(self._write_hatch(hatch) for hatch in hatches if hatch),
            "</defs>",
            *(self._write_area(area, names, chosen, against) for area in areas),
            *(self._write_label(area) for area in areas if area["label"]),
            write_watermark(estimates, _WIDTH / 2, self.height / 2),
            '</svg><ul class="legend">',
            *(f"<li>{self._write_swatch(entry)}{escape(entry.label)}</li>"
              for entry in layout.legend),
            "</ul>",
        ]  # fmt: skip
        return "".join(parts)

    def _place(self, x: float, y: float) -> str:
        left, top = self._origin
        return f"{(x - left) * self._scale:.1f} {(top - y) * self._scale:.1f}"

    def _write_path(self, shape) -> str:
        rings = shapely.get_rings(shapely.get_parts(shape))
        return "".join(
            "M" + "L".join(self._place(x, y) for x, y in shapely.get_coordinates(ring)[:-1]) + "Z"
            for ring in rings
        )

    def _id(self, hatch: str) -> str:
        return f"{self.prefix}-hatch-{list(HATCHES).index(hatch)}"

    def _write_hatch(self, hatch: str) -> str:
        return (
            f'<pattern id="{self._id(hatch)}" width="8" height="8" patternUnits="userSpaceOnUse">'
            f'<path d="{HATCHES[hatch]}" stroke="{GREY}" stroke-width="1.2"/></pattern>'
        )

    def _write_area(self, area, names: dict[str, str], chosen: str | None, against: str) -> str:
        code, path = area["code"], self._paths[area["code"]]
        words = escape(describe_area(area, names[code], against), quote=True)
        hatch = area["hatch"] and f'<path d="{path}" fill="url(#{self._id(area["hatch"])})"/>'
        return (
            f'<g {write_role(code, chosen)} aria-label="{words}"><title>{words}'
            f'</title><path class="edge" d="{path}" fill="{area["fill"]}" stroke="#555555" '
            f'stroke-width="1" stroke-linejoin="round"/>{hatch}</g>'
        )

    def _write_label(self, area) -> str:
        x, y = self._place(*area["spot"]).split()
        lines = area["label"].split("\n")
        start = float(y) + 4 - 7 * (len(lines) - 1)
        text = "".join(
            f'<tspan x="{x}" y="{start + 14 * number:.1f}">{escape(line)}</tspan>'
            for number, line in enumerate(lines)
        )
        return (
            f'<text class="label" font-size="12" text-anchor="middle" fill="{INK}" stroke="white" '
            f'stroke-width="3" paint-order="stroke" pointer-events="none" aria-hidden="true">'
            f"{text}</text>"
        )

    def _write_swatch(self, entry: LegendEntry) -> str:
        if entry.sign:
            return f"<b aria-hidden='true'>{entry.sign}</b>"
        box = 'width="24" height="12" stroke="#555555" stroke-width="0.8"'
        hatch = f'<rect {box} fill="url(#{self._id(entry.hatch)})"/>' if entry.hatch else ""
        return (
            f'<svg width="24" height="12" aria-hidden="true"><rect {box} fill="{entry.fill}"/>'
            f"{hatch}</svg>"
        )


def describe_area(area, name: str, against: str) -> str:
    """Name, value with interval or state, and mark of one region of a map.

    Parameters
    ----------
    area : pandas.Series
        Row of `helpers.view.maps.MapLayout.areas`.
    name : str
    against : str
        What its mark compares it with.

    Returns
    -------
    str
    """
    if area["state"] == "reading":
        value = area["label"].lstrip("≈ ")
        return tr("{name}: about {value}, approximate wording only", name=name, value=value)
    if not isinstance(area["reliability"], str):
        return tr("{name}: no figure", name=name)
    if area["state"] == "suppress":
        return tr("{name}: withheld, {reason}", name=name, reason=area["reason"])
    if area["state"]:
        return tr("{name}: {state}", name=name, state=name_state(area["state"]))
    words, estimate = _MARKS[area["mark"]], describe_estimate(area)
    return tr(words, name=name, estimate=estimate, against=against)
