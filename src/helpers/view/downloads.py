"""Tables as CSV files that no spreadsheet runs, and links that hold a file and need no server."""

import base64
import re
from html import escape

import pandas as pd

from helpers.data.language import tr
from helpers.data.responses import Wave
from helpers.view.provenance import WORDS

# A spreadsheet takes a text that starts so for a formula.
_FORMULA = re.compile(r"^[=+\-@\t\r]")
# Neither XML nor a spreadsheet holds them.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def write_csv(estimates: pd.DataFrame, wave: Wave) -> str:
    """Write an estimate table as CSV, with the names of questions, answers and domains.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Rows of the estimate table of one wave.
    wave : Wave

    Returns
    -------
    str
        The first column says which kind of data it is. A text that a
        spreadsheet would take for a formula starts with an apostrophe.
    """
    codebook = wave.codebook
    pairs = list(zip(estimates["question"], estimates["answer"], strict=True))
    domains = zip(estimates["domain_variable"], estimates["domain"], strict=True)
    table = estimates.copy()
    table.insert(0, "shows", tr(WORDS[wave.provenance]))
    table["question_label"] = [codebook.variable(name).label.text for name, _ in pairs]
    table["answer_label"] = [codebook.variable(name).label_of(answer) for name, answer in pairs]
    table["domain_label"] = [
        codebook.variable(variable).label_of(domain) if variable else ""
        for variable, domain in domains
    ]
    return disarm(table).to_csv(index=False, lineterminator="\r\n")


def write_link(csv: str, name: str) -> str:
    """Write a link that holds a CSV file.

    Parameters
    ----------
    csv : str
    name : str
        Of the file; what has no place in a file name is replaced.

    Returns
    -------
    str
        HTML. The file is UTF-8 with a byte-order mark, which spreadsheets need.
    """
    data = base64.b64encode(csv.encode("utf-8-sig")).decode("ascii")
    file = re.sub(r"[^\w.+-]+", "-", name)
    words = escape(tr("Download this table (CSV)"))
    return (
        f'<a download="{escape(file, quote=True)}" '
        f'href="data:text/csv;charset=utf-8;base64,{data}" style="text-decoration:underline">'
        f"{words}</a>"
    )


def disarm(table: pd.DataFrame) -> pd.DataFrame:
    """Make the texts of a table safe to open in a spreadsheet.

    Parameters
    ----------
    table : pandas.DataFrame

    Returns
    -------
    pandas.DataFrame
        A text that a spreadsheet would take for a formula starts with an apostrophe;
        control characters are replaced as in `clean_text`. Numbers are as they were.
    """
    table = table.copy()
    for name in table:
        if not pd.api.types.is_numeric_dtype(table[name]):
            table[name] = [_disarm(value) for value in table[name]]
    return table


def clean_text(text: str) -> str:
    """Put the replacement character in the place of each control character but line ends."""
    return _CONTROL.sub("\ufffd", text)


def _disarm(value):
    if not isinstance(value, str):
        return value
    text = clean_text(value)
    return f"'{text}" if _FORMULA.match(text) else text
