"""Says which kind of data a table, figure or page shows."""

from html import escape

from IPython.display import HTML

from helpers.data.actors import name_survey
from helpers.data.language import message, tr, write_number
from helpers.data.responses import Wave

WORDS = {
    "published": message("PUBLISHED figures: as printed by their producer"),
    "reconstructed": message(
        "RECONSTRUCTED from published figures: synthetic respondents, no real ones"
    ),
    "demo": message("FICTIONAL data: says nothing about France"),
    "real": message("REAL respondents: the survey itself"),
}
COLOURS = {"published": "#3b3b6d", "reconstructed": "#8a4b00", "demo": "#a3003c", "real": "#00543d"}


STATUSES = {
    "published": message("sample size published"),
    "assumed": message("sample size assumed"),
    "counted": message("counted"),
}


def build_banner(*waves: Wave) -> HTML:
    """Banner of a page: provenance, base and producer of each wave it rests on.

    Parameters
    ----------
    *waves : Wave

    Returns
    -------
    IPython.display.HTML
    """
    return HTML("".join(_banner_line(wave) for wave in waves))


def describe_source(wave: Wave) -> str:
    """Source line of a figure: provenance, survey, wave and base, in one sentence.

    Parameters
    ----------
    wave : Wave

    Returns
    -------
    str
    """
    sample = tr("sample of {n}", n=write_number(len(wave.respondents)))
    if wave.file.n_status == "assumed":
        sample = tr("{sample} (assumed)", sample=sample)
    return f"{name_provenance(wave.provenance)} · {name_wave(wave)} · {sample}"


def name_provenance(kind: str) -> str:
    """First words of a provenance, e.g. ``RECONSTRUCTED from published figures``."""
    return tr(WORDS[kind]).partition(":")[0].rstrip()


def name_wave(wave: Wave) -> str:
    """Name of the survey and year of a wave, e.g. ``mayors 2016`` or ``maires 2016``."""
    return f"{name_survey(wave.survey)} {wave.name}"


def stamp_axes(ax, *waves: Wave):
    """Write the provenance above an axes; fictional data are crossed by the word itself.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Its left title moves up to make room.
    *waves : Wave

    Returns
    -------
    matplotlib.axes.Axes
        The same axes.
    """
    provenances = {wave.provenance for wave in waves}
    lines = [describe_source(wave) for wave in waves]
    ax.annotate(
        "\n".join(lines), xy=(0, 1), xycoords="axes fraction", xytext=(0, 6),
        textcoords="offset points", fontsize=8, va="bottom", annotation_clip=False,
        color=COLOURS[max(provenances, key=list(COLOURS).index)],
    )  # fmt: skip
    ax.set_title(ax.get_title(loc="left"), loc="left", fontsize=12, pad=12 + 11 * len(lines))
    if "demo" in provenances:
        ax.text(
            0.5, 0.5, tr("FICTIONAL"), transform=ax.transAxes, fontsize=40, color="#a3003c",
            alpha=0.13, rotation=25, ha="center", va="center", zorder=10,
        )  # fmt: skip
    return ax


def _banner_line(wave: Wave) -> str:
    colour = COLOURS[wave.provenance]
    file = wave.file
    fieldwork = tr("fieldwork: {dates}", dates=file.fieldwork.dates.text)
    status = tr(STATUSES[file.n_status])
    return (
        f'<p style="border-left:6px solid {colour};padding:.3em .8em;margin:.3em 0">'
        f'<strong style="color:{colour}">{tr(WORDS[wave.provenance])}</strong><br>'
        f"{escape(file.title.text)} · n = {write_number(len(wave.respondents))} ({status}) · "
        f"{escape(file.fieldwork.producer.text)} · {escape(fieldwork)}</p>"
    )
