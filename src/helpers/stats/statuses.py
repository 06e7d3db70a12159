"""Three partnership states of each actor: partnership, none but intends, neither."""

import pandas as pd

from helpers.data.language import message
from helpers.data.published import read_readings
from helpers.data.responses import Wave
from helpers.stats.results import estimate_question

LABELS = {
    "partnership": message("partnership"),
    "no_partnership_intention": message("none but intends"),
    "no_partnership_no_intention": message("none, no intention"),
    "no_partnership": message("no partnership; intention not published"),
}

COMPUTED = message("computed")


def summarise_statuses(*waves: Wave) -> pd.DataFrame:
    """Summarise the partnership status of the respondents of each wave.

    Parameters
    ----------
    *waves : Wave
        Waves with the question `has_partnership` and, when intentions are
        known, `partnership_status`.

    Returns
    -------
    pandas.DataFrame
        One row per actor and state, shares (0 to 1) adding to 1: `actor`,
        `state`, `label`, `share`, `ci_low`, `ci_high` and `reading`:
        ``computed`` from respondents, ``ambiguous reading`` of a printed
        figure, or ``deduced`` as what is left to 1.
    """
    return pd.concat([_summarise(wave) for wave in waves], ignore_index=True)


def _summarise(wave: Wave) -> pd.DataFrame:
    if "partnership_status" in wave.file.questions:
        table = estimate_question(wave, "partnership_status")
        rows = [(row.answer, row.estimate, row.ci_low, row.ci_high, COMPUTED)
                for row in table.itertuples()]  # fmt: skip
    else:
        rows = _from_figures(wave)
    columns = ["state", "share", "ci_low", "ci_high", "reading"]
    frame = pd.DataFrame(rows, columns=columns)
    frame.insert(0, "actor", wave.codebook.actor)
    frame.insert(2, "label", frame["state"].map(LABELS))
    return frame


def _from_figures(wave: Wave) -> list[tuple]:
    """Partnership computed; the rest as printed, however badly, or left undivided."""
    table = estimate_question(wave, "has_partnership").set_index("answer")
    yes, nan = table.loc["yes"], float("nan")
    rows = [("partnership", yes["estimate"], yes["ci_low"], yes["ci_high"], COMPUTED)]
    readings = read_readings(wave.survey, wave.name)
    printed = readings[readings["question"] == "partnership_status"].set_index("answer")["value"]
    if printed.empty:
        no = table.loc["no"]
        return [*rows, ("no_partnership", no["estimate"], no["ci_low"], no["ci_high"], COMPUTED)]
    neither = printed["no_partnership_no_intention"]
    left = 1 - yes["estimate"] - neither
    return [
        *rows,
        ("no_partnership_intention", left, nan, nan, message("deduced")),
        ("no_partnership_no_intention", neither, nan, nan, message("ambiguous reading")),
    ]
