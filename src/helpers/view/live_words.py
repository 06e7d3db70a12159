"""Words of a live page, in the language in use; places in braces are filled on the page."""

from helpers.data.language import get_language, tr, write_number, write_percent
from helpers.stats.disclosure import CONFIDENTIAL
from helpers.view.palette import STATES
from helpers.view.scales import SCALES


def write_words(*, prisms: bool) -> dict[str, str]:
    """Write the words of controls, sentences and tables.

    Parameters
    ----------
    prisms : bool
        Whether surveys are chosen as actors, and answers as fragilities.

    Returns
    -------
    dict of str
    """
    words = {
        "survey": tr("Survey"),
        "wave": tr("Wave"),
        "question": tr("Question"),
        "shown": tr("Shown"),
        "answer": tr("Answer"),
        "controls": tr("Choose what is shown"),
        "by": tr("One answer, by: {breakdown}"),
        "of": tr("All answers, for one: {breakdown}"),
        "all": tr("All answers, all respondents"),
        "everybody": tr("All respondents"),
        "whole": tr("whole: {value}"),
        "base": tr("Base: {base}."),
        "n": tr("Base (n)"),
        "interval": tr("95% CI"),
        "mark": tr("Mark"),
        "state": tr("State"),
        "value": tr("{value} (95% CI {interval}, n = {n})"),
        "fixed": tr("{value} (n = {n})"),
        "h": tr("significantly higher than the rest"),
        "l": tr("significantly lower than the rest"),
        "d": tr("no significant difference"),
        "highest": tr("highest: {name}, {value}"),
        "without": tr("without a number: {count} of {total}"),
        "filled": tr("Filled points differ significantly from the rest."),
        "untested": tr("Nothing is tested."),
        "about": tr("{question}: {answer}"),
        "next": tr("; "),
        "map": tr("Map of regions"),
        "chart": tr("Chart"),
        "range": tr("{low} to {high}"),
        "count": tr("{label} ({count} of {total})"),
        "secret": tr(CONFIDENTIAL),
        "withheld": tr("Asked, withheld: too uncertain or confidential"),
        "*": tr("With care"),
        "▲": tr("Significantly higher than the rest"),
        "▼": tr("Significantly lower than the rest"),
    }
    if not prisms:
        return words
    return words | {
        "survey": tr("Actor"),
        "question": tr("Measure"),
        "answer": tr("Fragility"),
        "by": tr("One fragility, by: {breakdown}"),
        "of": tr("All fragilities, for one: {breakdown}"),
        "all": tr("All fragilities, all respondents"),
    }


def write_marks() -> dict[str, str]:
    """Write the signs of numbers: thousands, decimal mark, percent."""
    thousands, decimal = write_number(1000)[1], write_number(0.5, 1)[1]
    return {
        "lang": get_language(),
        "thousands": thousands,
        "decimal": decimal,
        "percent": write_percent(0.01)[1:],
    }


def write_scales() -> dict[str, dict]:
    """Write the units: decimals of a text, sign after a number, heading of a column."""
    return {
        name: {
            "decimals": scale.decimals,
            "sign": scale.sign,
            "short": scale.sign if scale.is_share else "",
            "heading": scale.heading,
        }
        for name, scale in SCALES.items()
    }


def write_states() -> dict[str, dict]:
    """Write what the absence of a number looks like: fill, hatch, words of the legend."""
    return {
        name: {"fill": fill, "hatch": hatch, "label": tr(label)}
        for name, (fill, hatch, label) in STATES.items()
    }
