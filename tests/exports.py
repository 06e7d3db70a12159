"""Reads the exports of a page again, as another program would."""

import io
import re
from pathlib import Path

import pandas as pd

from helpers.run.exports import CSV


def read_exports(folder: Path) -> tuple[pd.DataFrame, dict[int, pd.DataFrame]]:
    """Read the numbers of the exports of a page again.

    Parameters
    ----------
    folder : pathlib.Path

    Returns
    -------
    csv : pandas.DataFrame
        Rows of the CSV file, texts as written, missing numbers NaN.
    sheets : dict of int to pandas.DataFrame
        Number of each table to its rows in the workbook, as written: headings are columns.
    """
    (book,) = folder.glob("*.xlsx")
    sheets = {}
    for name, sheet in pd.read_excel(book, sheet_name=None, header=None, dtype=object,
                                     keep_default_na=False).items():  # fmt: skip
        if found := re.fullmatch(r"Table(?:au)?_(\d+)", name):
            body = sheet.iloc[5:].set_axis(list(sheet.iloc[4]), axis=1)
            sheets[int(found[1])] = body.reset_index(drop=True)
    csv = (folder / CSV).read_bytes().decode("utf-8-sig")
    texts = dict.fromkeys(["wave", "domain", "id"], str)
    return pd.read_csv(io.StringIO(csv), dtype=texts), sheets
