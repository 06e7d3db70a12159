"""Figures that are hard to read, as their producers printed them."""

import pandas as pd

from helpers.data.actors import name_actor
from helpers.data.language import tr, write_number
from helpers.data.published import describe_legibility, read_figures, read_readings
from helpers.data.responses import Wave


def tabulate_readings(wave: Wave) -> pd.DataFrame:
    """List the ambiguous readings of a wave, with what makes each hard to read.

    Parameters
    ----------
    wave : Wave

    Returns
    -------
    pandas.DataFrame
        One row per reading; texts in the language in use, columns are headings.
    """
    readings = read_readings(wave.survey, wave.name)
    items = [wave.codebook.variable(name) for name in readings["question"]]
    figures = read_figures().set_index("figure").loc[readings["figure"]]
    pairs = zip(items, readings["answer"], strict=True)
    return pd.DataFrame(
        {
            tr("Figure"): list(figures.index),
            tr("Actor"): [name_actor(actor) for actor in figures["actor"]],
            tr("What"): [
                tr("{question}: {answer}", question=item.label.text, answer=item.label_of(answer))
                for item, answer in pairs
            ],
            tr("Value"): [write_number(row.value, row.decimals) for row in figures.itertuples()],
            tr("Legibility"): [tr(words) for words in describe_legibility(figures)],
            tr("Note"): [tr(note) for note in figures["note"]],
        }
    )
