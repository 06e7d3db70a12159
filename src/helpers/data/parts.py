"""Respondents in Parquet files, read a part at a time."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow
import pyarrow.parquet as pq

from helpers.data.errors import InputError


@dataclass(frozen=True)
class FilePart:
    """One row group of a Parquet file.

    Attributes
    ----------
    path : str
    group : int
        Number of the row group in the file.
    rows : int
    """

    path: str
    group: int
    rows: int


def list_parts(folder: Path) -> list[FilePart]:
    """List the parts of a folder of Parquet files, row group by row group.

    Parameters
    ----------
    folder : pathlib.Path
        Its files ``*.parquet``, folders in it included; or one such file.

    Returns
    -------
    list of FilePart
        In the order of file names.

    Raises
    ------
    InputError
        If there is no such file, or one cannot be read.
    """
    paths = [folder] if folder.is_file() else sorted(folder.rglob("*.parquet"))
    if not paths:
        raise InputError(f"{folder.name}: no Parquet file in it.")
    parts = []
    for path in paths:
        facts = _open(path).metadata
        parts += [
            FilePart(str(path), group, facts.row_group(group).num_rows)
            for group in range(facts.num_row_groups)
        ]
    return parts


def read_part(part: FilePart, columns: list[str]) -> pd.DataFrame:
    """Read some columns of a part.

    Parameters
    ----------
    part : FilePart
    columns : list of str

    Returns
    -------
    pandas.DataFrame
        Texts as categoricals.

    Raises
    ------
    InputError
        If the file cannot be read or lacks a column.
    """
    path = Path(part.path)
    file = _open(path)
    absent = [name for name in columns if name not in file.schema_arrow.names]
    if absent:
        raise InputError(f"{path.name}: {len(absent)} columns absent: {', '.join(absent)}.")
    texts = [name for name in columns if _is_text(file.schema_arrow.field(name).type)]
    file = pq.ParquetFile(path, read_dictionary=texts)
    try:
        table = file.read_row_group(part.group, columns=columns)
        return table.to_pandas(ignore_metadata=True)
    except (pyarrow.ArrowException, OSError) as error:
        raise _damaged(path, error) from None


def _is_text(kind) -> bool:
    return pyarrow.types.is_string(kind) or pyarrow.types.is_large_string(kind)


def _open(path: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(path)
    except (pyarrow.ArrowException, OSError) as error:
        raise _damaged(path, error) from None


def _damaged(path: Path, error: Exception) -> InputError:
    reason = str(error).splitlines()[0]
    return InputError(f"{path.name}: damaged, cannot be read as Parquet: {reason}.")
