"""Reads SPSS files with pyreadstat, keeping labels, missing codes and multiple-response sets."""

from pathlib import Path

import pyreadstat

from helpers.data.errors import InputError
from helpers.run.table import Table, tidy_text


def read_sav(path: Path) -> Table:
    """Read a `.sav` or `.zsav` file; values declared missing stay as they are.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    Table

    Raises
    ------
    InputError
        If the file is truncated or damaged.
    """
    frame, facts = _read(path)
    rows = facts.number_rows
    if rows is not None and rows >= 0 and len(frame) != rows:
        raise InputError(
            f"{path.name}: damaged: it announces {rows} respondents but holds {len(frame)}."
        )
    missing = {
        column: [(span["lo"], span["hi"]) for span in spans]
        for column, spans in facts.missing_ranges.items()
    }
    sets = {name: list(held["variable_list"]) for name, held in facts.mr_sets.items()}
    notes = [f"encoding {facts.file_encoding}", *_list_missing(missing)]
    if facts.file_label:
        notes.insert(0, f"title {tidy_text(facts.file_label)}")
    return Table(frame, _labels(facts), facts.variable_value_labels, missing, sets, notes)


def _read(path: Path):
    try:
        return pyreadstat.read_sav(path, user_missing=True)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, UnicodeError) as error:
        reason = str(error).splitlines()[0].rstrip(".")
        raise InputError(f"{path.name}: damaged, cannot be read as SPSS: {reason}.") from None
    except (OverflowError, ValueError):
        # A date beyond the year 9999 stays the number it is.
        return pyreadstat.read_sav(path, user_missing=True, disable_datetime_conversion=True)


def _labels(facts) -> dict[str, str]:
    return {column: label for column, label in facts.column_names_to_labels.items() if label}


def _list_missing(missing: dict) -> list[str]:
    words = []
    for column, spans in missing.items():
        shown = [_show(low) if low == high else f"{_show(low)} to {_show(high)}"
                 for low, high in spans]  # fmt: skip
        words.append(f"{column} declares missing {', '.join(shown)}")
    return words


def _show(value) -> str:
    return value if isinstance(value, str) else f"{value:g}"
