"""The charts of `helpers.view.charts` as SVG: rows that can be focused and clicked."""

import textwrap
from dataclasses import dataclass
from html import escape

import pandas as pd

from helpers.data.language import tr, write_digits, write_options
from helpers.view.palette import ACTORS, GREY, INK
from helpers.view.provenance import COLOURS
from helpers.view.scales import Scale, find_scale
from helpers.view.sentences import describe_estimate
from helpers.view.tables import describe_absence

_LEFT, _PLOT, _RIGHT = 210, 330, 60  # names, scale, room for the last value
_LINE, _TOP, _BOTTOM = 14, 22, 40
_WIDTH = _LEFT + _PLOT + _RIGHT
_CHARACTERS = 28
_SOFT = "#666666"
_HALO = 'stroke="white" stroke-width="3" paint-order="stroke"'


def write_chart(
    estimates: pd.DataFrame,
    labels: dict[str, str],
    *,
    key: str = "domain",
    whole: pd.Series | None = None,
    colour: str = ACTORS["all"],
    readings: pd.DataFrame | None = None,
    chosen: str | None = "",
    against: str = "",
) -> str:
    """Write one row per domain, as a point, or per answer, as a bar, with its interval.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Rows of an estimate table, one per value of the column `key`, in drawing order.
    labels : dict
        Value of `key` to its name.
    key : {"domain", "answer"}
    whole : pandas.Series, optional
        Row of the same answer for all respondents: a dashed line.
    colour : str
    readings : pandas.DataFrame, optional
        Readings (`key`, `value`, `legibility`), written where there is no estimate.
    chosen : str or None
        Value of `key` of the row that stands out; None where none can be chosen.
    against : str
        What the marks compare a domain with, with its article; the rest by default.

    Returns
    -------
    str
        SVG. Filled points differ significantly from the rest.

    Raises
    ------
    InputError
        If shares and scores are mixed.
    """
    names = estimates[key].map(labels)
    height = max(34, 6 + _LINE * max(len(textwrap.wrap(name, _CHARACTERS)) for name in names))
    chart = _Chart(key, find_scale(estimates), colour, height, _TOP + height * len(estimates))
    read = {} if readings is None else dict(iter(readings.groupby(key)))
    rows = [
        chart.write_row(place, row, name, read.get(row[key]), chosen)
        for place, ((_, row), name) in enumerate(zip(estimates.iterrows(), names, strict=True))
    ]
    name = tr("Chart, {unit}", unit=chart.scale.axis)
    return (
        f'<svg viewBox="0 0 {_WIDTH} {chart.bottom + _BOTTOM}" width="100%" role="group" '
        f'aria-label="{escape(name)}" '
        f'xmlns="http://www.w3.org/2000/svg" font-size="12" fill="{INK}">'
        f"{chart.write_axis()}{chart.write_whole(whole)}"
        f"{''.join(rows)}{chart.write_note(estimates, against)}"
        f"{write_watermark(estimates, _WIDTH / 2, chart.bottom / 2)}</svg>"
    )


@dataclass(frozen=True)
class _Chart:
    """What all parts of a chart need to know."""

    key: str
    scale: Scale
    colour: str
    height: float  # of a row
    bottom: float  # of the last row

    def x(self, value: float) -> float:
        return round(_LEFT + _PLOT * value / self.scale.top, 2)

    def write_axis(self) -> str:
        lines = [
            f'<line x1="{self.x(value)}" x2="{self.x(value)}" y1="{_TOP}" y2="{self.bottom}" '
            f'stroke="#dddddd"/><text x="{self.x(value)}" y="{self.bottom + 14}" '
            f'text-anchor="middle" font-size="11">{write_digits(self.scale.factor * value)}</text>'
            for value in (self.scale.top * step / 5 for step in range(6))
        ]
        title = (
            f'<text x="{_LEFT + _PLOT / 2}" y="{self.bottom + 32}" text-anchor="middle">'
            f"{escape(self.scale.axis)}</text>"
        )
        return f'<g aria-hidden="true">{"".join(lines)}{title}</g>'

    def write_whole(self, whole: pd.Series | None) -> str:
        if whole is None or pd.isna(whole["estimate"]):
            return ""
        x = self.x(whole["estimate"])
        words = tr("whole: {value}", value=self.scale.write(whole["estimate"]))
        return (
            f'<g class="whole" aria-hidden="true"><line x1="{x}" x2="{x}" y1="{_TOP - 4}" '
            f'y2="{self.bottom}" stroke="{GREY}" stroke-dasharray="4 3"/>'
            f'<text x="{x + 4}" y="{_TOP - 8}" font-size="11">{escape(words)}</text></g>'
        )

    def write_note(self, estimates: pd.DataFrame, against: str) -> str:
        if self.key != "domain":
            return ""
        tested = (estimates["mark"] != "untestable").any()
        note = (
            tr("filled: differs significantly from {against}", against=against or tr("the rest"))
            if tested
            else tr("nothing is tested")
        )
        return f'<text x="0" y="{self.bottom + 32}" font-size="10" fill="{_SOFT}">{note}</text>'

    def write_row(self, place: int, row: pd.Series, name: str, reading, chosen) -> str:
        middle = _TOP + self.height * (place + 0.5)
        words = tr("{name}: {estimate}", name=name, estimate=describe_estimate(row))
        words = escape(words, quote=True)
        known = pd.notna(row["estimate"])
        drawing = (
            self.write_value(row, middle) if known else self.write_missing(row, middle, reading)
        )
        return (
            f'<g {write_role(row[self.key], chosen)} aria-label="{words}"><title>{words}</title>'
            f'<rect class="edge" x="2" y="{middle - self.height / 2 + 2}" rx="4" '
            f'width="{_WIDTH - 4}" height="{self.height - 4}" '
            f'fill="{"#fff3c4" if row[self.key] == chosen else "transparent"}"/>'
            f"{_write_name(name, middle)}{drawing}</g>"
        )

    def write_value(self, row: pd.Series, middle: float) -> str:
        low, value, high = (self.x(row[name]) for name in ("ci_low", "estimate", "ci_high"))
        text = (
            f'<text class="value" x="{high + 9}" y="{middle + 4}" {_HALO}>'
            f"{self.scale.write(row['estimate'])}</text>"
        )
        if self.key == "answer":
            return (
                f'<rect class="bar" x="{_LEFT}" y="{middle - 9}" width="{value - _LEFT:.2f}" '
                f'height="18" fill="{self.colour}"/><path d="M{low} {middle}H{high}'
                f'M{low} {middle - 4}v8M{high} {middle - 4}v8" stroke="{INK}" fill="none"/>{text}'
            )
        fill = self.colour if row["mark"] in ("higher", "lower") else "white"
        return (
            f'<path class="interval" d="M{low} {middle}H{high}" stroke="{self.colour}" '
            f'stroke-width="2.4"/><circle class="point" cx="{value}" cy="{middle}" r="5" '
            f'fill="{fill}" stroke="{self.colour}" stroke-width="2"/>{text}'
        )

    def write_missing(self, row: pd.Series, middle: float, reading) -> str:
        """The reading that was printed, or why there is no number."""
        if reading is not None:
            values = write_options([self.scale.number(value) for value in reading["value"]])
            legibility = reading["legibility"].iloc[0]
            words = f"≈ {values}{self.scale.sign} ({tr(legibility)})"
        else:
            words = describe_absence(row)
        lines = textwrap.wrap(words, 60)[:2]
        start = middle + 4 - 6.5 * (len(lines) - 1)
        return "".join(
            f'<text class="missing" x="{_LEFT + 6}" y="{start + 13 * number}" font-size="11" '
            f'font-style="italic" fill="{_SOFT}" {_HALO}>{escape(line)}</text>'
            for number, line in enumerate(lines)
        )


def _write_name(name: str, middle: float) -> str:
    lines = textwrap.wrap(name, _CHARACTERS)
    start = middle + 4 - _LINE / 2 * (len(lines) - 1)
    return "".join(
        f'<text x="{_LEFT - 10}" y="{start + _LINE * number}" text-anchor="end">{escape(line)}'
        "</text>"
        for number, line in enumerate(lines)
    )


def write_role(code: str, chosen: str | None) -> str:
    """What a part of a drawing is: a button that can be chosen, or a picture.

    Parameters
    ----------
    code : str
        Of the part.
    chosen : str or None
        Code of the part that is chosen; None where none can be.

    Returns
    -------
    str
        Attributes of an SVG element.
    """
    if chosen is None:
        return 'role="img"'
    return (
        f'data-code="{escape(code, quote=True)}" tabindex="0" role="button" '
        f'aria-pressed="{str(code == chosen).lower()}"'
    )


def write_watermark(estimates: pd.DataFrame, x: float, y: float) -> str:
    """Write FICTIONAL across a picture of demonstration data.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Rows of an estimate table.
    x, y : float
        Middle of the word.

    Returns
    -------
    str
        SVG; empty for other data.
    """
    if not (estimates["provenance"] == "demo").any():
        return ""
    word = tr("FICTIONAL")
    return (
        f'<text class="watermark" x="{x:.0f}" y="{y:.0f}" transform="rotate(-25 {x:.0f} {y:.0f})" '
        f'font-size="64" text-anchor="middle" fill="{COLOURS["demo"]}" opacity="0.13" '
        f'pointer-events="none" aria-hidden="true">{word}</text>'
    )
