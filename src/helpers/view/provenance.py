"""Says which kind of data a table, figure or page shows."""

from html import escape

from IPython.display import HTML

from helpers.data.responses import Wave

WORDS = {
    "published": "PUBLISHED figures: as printed by their producer",
    "reconstructed": "RECONSTRUCTED from published figures: synthetic respondents, no real ones",
    "demo": "FICTIONAL data: says nothing about France",
    "real": "REAL respondents: the survey itself",
}
COLOURS = {"published": "#3b3b6d", "reconstructed": "#8a4b00", "demo": "#a3003c", "real": "#00543d"}


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
    status = {"assumed": " (assumed)"}.get(wave.file.n_status, "")
    short = WORDS[wave.provenance].partition(":")[0]
    return f"{short} · {wave.survey} {wave.name} · sample of {len(wave.respondents):,}{status}"


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
            0.5, 0.5, "FICTIONAL", transform=ax.transAxes, fontsize=40, color="#a3003c",
            alpha=0.13, rotation=25, ha="center", va="center", zorder=10,
        )  # fmt: skip
    return ax


def _banner_line(wave: Wave) -> str:
    colour = COLOURS[wave.provenance]
    file, fieldwork = wave.file, wave.file.fieldwork
    status = {"counted": "counted"}.get(file.n_status, f"sample size {file.n_status}")
    return (
        f'<p style="border-left:6px solid {colour};padding:.3em .8em;margin:.3em 0">'
        f'<strong style="color:{colour}">{WORDS[wave.provenance]}</strong><br>'
        f"{escape(file.title.text)} · n = {len(wave.respondents):,} ({status}) · "
        f"{escape(fieldwork.producer.text)} · fieldwork: {escape(fieldwork.dates.text)}</p>"
    )
