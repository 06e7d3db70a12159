"""The register of data files: producer, edition, licence, checksum, citation."""

from pathlib import Path

import pandas as pd

from helpers.data.csvfile import read_text_table
from helpers.data.language import tr
from helpers.data.responses import checksum
from helpers.data.root import find_root

COLUMNS = [
    "file",
    "kind",
    "producer",
    "title",
    "edition",
    "added",
    "licence",
    "citation",
    "sha256",
]


def read_register(*, root: Path | None = None) -> pd.DataFrame:
    """Read the register.

    Parameters
    ----------
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    pandas.DataFrame
        One row per data file: `file` (path in the collection), `kind`,
        `producer`, `title`, `edition`, `added`, `licence`, `citation`, `sha256`.

    Raises
    ------
    InputError
        If the register is missing, damaged or lacks a column.
    """
    path = (root or find_root()) / "data" / "register.csv"
    return read_text_table(path, COLUMNS)[COLUMNS]


def select_register(files: list[str], *, root: Path | None = None) -> pd.DataFrame:
    """Rows of the register whose file starts with one of `files`, checksums shortened.

    Parameters
    ----------
    files : list of str
        Beginnings of paths in the collection, e.g. ``["data/frames"]``.
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    pandas.DataFrame
        Words and headings in the language in use.
    """
    register = read_register(root=root)
    chosen = register["file"].str.startswith(tuple(files))
    shown = register.loc[chosen, ["file", "kind", "producer", "edition", "licence", "sha256"]]
    shown = shown.assign(sha256=shown["sha256"].str[:12]).reset_index(drop=True)
    for name in ("kind", "producer", "edition", "licence"):
        shown[name] = shown[name].map(tr)
    headings = {
        "file": tr("file"), "kind": tr("kind"), "producer": tr("producer"),
        "edition": tr("edition"), "licence": tr("licence"), "sha256": "SHA-256",
    }  # fmt: skip
    return shown.rename(columns=headings)


def find_changed(*, root: Path | None = None) -> list[str]:
    """Files whose content is not the registered one, and registered files that are missing.

    Parameters
    ----------
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    list of str
    """
    root = root or find_root()
    register = read_register(root=root).set_index("file")["sha256"]
    return [
        file
        for file, digest in register.items()
        if not (root / file).exists() or checksum(root / file) != digest
    ]


def update_register(*, root: Path | None = None) -> None:
    """Write the present checksums into the register."""
    root = root or find_root()
    register = read_register(root=root)
    register["sha256"] = [checksum(root / file) for file in register["file"]]
    part = root / "data" / "register.csv.part"
    register.to_csv(part, index=False, lineterminator="\n")
    part.replace(root / "data" / "register.csv")
