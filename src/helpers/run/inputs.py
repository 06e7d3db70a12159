"""Reads what runs will need, so that damage is told before any notebook starts."""

from collections.abc import Sequence
from pathlib import Path

from pandas import DataFrame

from helpers.data.disclosure import read_disclosure
from helpers.data.published import read_links
from helpers.data.regions import join_regions, read_regions
from helpers.data.register import read_register
from helpers.data.responses import read_wave
from helpers.data.root import find_root
from helpers.run.citation import read_collection
from helpers.run.lineage import list_waves_shown, read_date
from helpers.run.plans import Run


def check_inputs(runs: Sequence[Run], *, root: Path | None = None) -> None:
    """Read every wave the runs need, and match its regions with the boundaries.

    Parameters
    ----------
    runs : sequence of Run
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Raises
    ------
    InputError
        If the data of a wave, or what all studies share, are missing or damaged.
    """
    root = root or find_root()
    read_links(root=root)
    read_register(root=root)
    read_disclosure(root=root)
    read_collection(root=root)
    read_date()
    zones = read_regions("zones-2015")
    for survey, wave in sorted({pair for run in runs for pair in list_waves_shown(run, root=root)}):
        codebook = read_wave(survey, wave, root=root).codebook
        if "region" in codebook.domain_ids:
            codes = codebook.variable("region").answer_ids
            join_regions(zones, DataFrame({"code": codes}), on="code")
