"""Rebuilds the synthetic waves of the collection: reconstructed and demonstration."""

import os
import re
from pathlib import Path

import pandas as pd
from rich.console import Console

from helpers.data.catalog import list_surveys, list_waves
from helpers.data.codebook import read_codebook
from helpers.data.contracts import check_contract
from helpers.data.register import update_register
from helpers.data.responses import build_contract, checksum
from helpers.data.root import find_root
from helpers.data.waves import read_wave_file
from helpers.run.demonstration import demonstrate_wave
from helpers.run.reconstruction import reconstruct_wave

_RECIPES = {"reconstructed": reconstruct_wave, "demo": demonstrate_wave}


def list_synthetic(*, root: Path | None = None) -> list[tuple[str, str]]:
    """(survey, wave) of every reconstructed or demonstration wave that has a recipe.

    Parameters
    ----------
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    list of tuple of str
    """
    root = root or find_root()
    pairs = [(survey, wave) for survey in list_surveys(root=root)
             for wave in list_waves(survey, root=root)]  # fmt: skip
    files = [read_wave_file(*pair, root=root) for pair in pairs]
    return [
        (file.survey, file.wave)
        for file in files
        if file.provenance in _RECIPES and not file.intake
    ]


def synthesise_wave(survey: str, wave: str, *, root: Path | None = None) -> pd.DataFrame:
    """Make the respondents of one synthetic wave and check them against the codebook.

    Returns
    -------
    pandas.DataFrame
        Respondents in codes, as `responses.parquet` holds them.

    Raises
    ------
    InputError
        If the wave is not synthetic, or its recipe cannot be carried out.
    """
    file = read_wave_file(survey, wave, root=root)
    respondents = _RECIPES[file.provenance](survey, wave, root=root)
    contract = build_contract(read_codebook(survey, root=root), file)
    return check_contract(respondents, contract, name=f"{survey}/{wave}")


def write_wave(respondents: pd.DataFrame, survey: str, wave: str, *, root: Path) -> str:
    """Write the respondents and their checksum into the wave's folder, atomically.

    Returns
    -------
    str
        SHA-256 of the file written.
    """
    folder = root / "data" / "surveys" / survey / wave
    target = folder / "responses.parquet"
    part = folder / "responses.parquet.part"
    respondents.to_parquet(part, index=False, compression="zstd")
    digest = checksum(part)
    recipe = folder / "wave.yaml"
    text = re.sub(r"^checksum:.*\n", "", recipe.read_text(encoding="utf-8"), flags=re.MULTILINE)
    recipe_part = folder / "wave.yaml.part"
    recipe_part.write_text(f"{text}checksum: {digest}\n", encoding="utf-8")
    os.replace(part, target)
    os.replace(recipe_part, recipe)
    return digest


def main() -> None:
    """Rebuild every synthetic wave (`make data`)."""
    root, console = find_root(), Console()
    for survey, wave in list_synthetic(root=root):
        respondents = synthesise_wave(survey, wave, root=root)
        digest = write_wave(respondents, survey, wave, root=root)
        console.print(f"{survey}/{wave}: {len(respondents)} respondents, {digest[:12]}")
    update_register(root=root)


if __name__ == "__main__":
    main()
