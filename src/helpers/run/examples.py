"""Writes a demonstration wave as the file an institute would send, to try the intake on."""

import os
from pathlib import Path

import pandas as pd
import pyreadstat

from helpers.data.codebook import Codebook
from helpers.data.errors import InputError
from helpers.data.responses import read_wave
from helpers.data.root import find_root

MARK = "FICTIONAL"
ENDINGS = (".sav", ".zsav", ".xlsx", ".csv", ".parquet")


def write_example(survey: str, path: Path, *, wave: str = "demo", root: Path | None = None) -> Path:
    """Write the fictional respondents of a survey as SPSS, Excel, CSV or Parquet.

    SPSS files hold codes with French labels; the others the French answers in words,
    CSV with semicolons and decimal commas as a French Excel writes it.

    Parameters
    ----------
    survey : str
    path : pathlib.Path
        Its ending says the format; an existing file is not overwritten.
    wave : str, default "demo"
        A demonstration wave.
    root : pathlib.Path, optional
        Root of the collection.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    InputError
        If the survey has no such wave, it is not fictional, or the ending is unknown.
    """
    path = Path(path)
    if path.suffix.lower() not in ENDINGS:
        raise InputError(f"{path.name}: valid endings are {', '.join(ENDINGS)}.")
    if not path.parent.is_dir():
        raise InputError(f"{path}: cannot be written: there is no folder {path.parent}.")
    if path.exists():
        raise InputError(f"{path}: exists already; give another name.")
    read = read_wave(survey, wave, root=root)
    if read.provenance != "demo":
        raise InputError(f"{survey}/{wave} is {read.provenance}: only fictional waves are written.")
    responses = (root or find_root()) / "data" / "surveys" / survey / wave / "responses.parquet"
    part = path.with_name(f".{path.stem}.{os.getpid()}.part{path.suffix.lower()}")
    try:
        write_responses(pd.read_parquet(responses), read.codebook, part, title=MARK)
        os.replace(part, path)
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror}.") from None
    finally:
        part.unlink(missing_ok=True)
    return path


def write_responses(
    codes: pd.DataFrame, codebook: Codebook, path: Path, *, title: str = ""
) -> None:
    """Write coded responses in the format the ending of a path says.

    Parameters
    ----------
    codes : pandas.DataFrame
        As `responses.parquet` holds them.
    codebook : Codebook
    path : pathlib.Path
    title : str, optional
        Label of an SPSS file, name of an Excel sheet.
    """
    if path.suffix in (".sav", ".zsav"):
        _write_spss(codes, codebook, path, title)
        return
    words = _write_words(codes, codebook)
    if path.suffix == ".csv":
        words.to_csv(path, sep=";", decimal=",", index=False, encoding="utf-8-sig")
    elif path.suffix == ".xlsx":
        words.to_excel(path, index=False, sheet_name=title or "responses")
    else:
        words.to_parquet(path, index=False)


def _write_spss(codes, codebook: Codebook, path: Path, title: str) -> None:
    labels, values, frame = {}, {}, codes.copy()
    for variable in [*codebook.domains, *codebook.questions]:
        columns = getattr(variable, "columns", [variable.id])
        for column in [name for name in columns if name in frame]:
            asked = getattr(variable, "text", variable.label).fr
            if column == variable.id:
                labels[column] = asked
                values[column] = {answer.code: answer.label.fr for answer in variable.answers}
                continue
            answer = variable.label_of(column.removeprefix(f"{variable.id}__"), "fr")
            labels[column] = f"{asked} - {answer}"
            if variable.type == "multiple":
                values[column] = {1: "Oui", 0: "Non"}
    for column in frame:
        numeric = pd.api.types.is_numeric_dtype(frame[column])  # booleans too
        frame[column] = frame[column].astype("float" if numeric else object)
        if not numeric:
            frame[column] = frame[column].where(frame[column].notna(), "")
    pyreadstat.write_sav(
        frame, path, file_label=title, column_labels=labels, variable_value_labels=values,
        compress=path.suffix == ".zsav",
    )  # fmt: skip


def _write_words(codes, codebook: Codebook) -> pd.DataFrame:
    words = codes.copy()
    for variable in [*codebook.domains, *codebook.questions]:
        if variable.id in words and getattr(variable, "type", "single") == "single":
            labels = {answer.code: answer.label.fr for answer in variable.answers}
            words[variable.id] = words[variable.id].map(labels)
        elif getattr(variable, "type", "") == "multiple":
            held = [column for column in variable.columns if column in words]
            words[held] = words[held].apply(lambda ticks: ticks.map({True: "Oui", False: "Non"}))
    return words
