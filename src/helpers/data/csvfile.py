"""Reads a CSV file of the collection as text; errors name the file and its columns."""

from pathlib import Path

import pandas as pd

from helpers.data.errors import InputError


def read_text_table(path: Path, columns: list[str]) -> pd.DataFrame:
    """Read a UTF-8 CSV with every value as text and empty cells as "".

    Parameters
    ----------
    path : pathlib.Path
    columns : list of str
        Columns the file must have; others are kept.

    Returns
    -------
    pandas.DataFrame

    Raises
    ------
    InputError
        If the file is missing, empty, not UTF-8 CSV, or lacks a column.
    """
    name = f"{path.parent.name}/{path.name}"
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    except FileNotFoundError:
        raise InputError(f"{name}: no such file.") from None
    except pd.errors.EmptyDataError:
        raise InputError(f"{name}: the file is empty.") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: not UTF-8 text (byte {error.start}).") from None
    except pd.errors.ParserError as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"{name}: damaged, cannot be read as CSV: {reason}.") from None
    missing = [column for column in columns if column not in table]
    if missing:
        raise InputError(
            f"{name}: {len(missing)} columns missing: {', '.join(missing)}; "
            f"it has {', '.join(table.columns)}."
        )
    return table
