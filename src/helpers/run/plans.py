"""Plans runs: which notebook on which wave with which parameters, all checked first."""

import ast
import difflib
import re
from dataclasses import dataclass, field
from pathlib import Path

import papermill
from pandas import DataFrame

from helpers.data.catalog import read_studies
from helpers.data.errors import InputError
from helpers.data.published import read_links
from helpers.data.regions import join_regions, read_regions
from helpers.data.register import read_register
from helpers.data.responses import read_wave


@dataclass(frozen=True)
class Run:
    """One execution of one notebook.

    Attributes
    ----------
    study : str
        Name of the notebook without its ending.
    wave : str
        Wave, or "" for a notebook that takes none.
    path : pathlib.Path
        The notebook.
    parameters : dict
        Values for its parameters cell.
    surveys : tuple of str
        Surveys whose wave it reads.
    """

    study: str
    wave: str
    path: Path
    parameters: dict = field(default_factory=dict)
    surveys: tuple[str, ...] = ()

    @property
    def variant(self) -> str:
        """Parameters other than the wave, as they are written in the page's name."""
        given = [f"{name}={value}" for name, value in self.parameters.items() if name != "wave"]
        return re.sub(r"[^\w=.,-]", "_", ",".join(given))

    @property
    def page(self) -> Path:
        """Where the page goes, relative to `reports/`."""
        ending = f"--{self.variant}" if self.variant else ""
        return Path(self.wave) / f"{self.study}{ending}.html"


def plan_runs(
    studies: list[str], *, wave: str | None = None, parameters: dict[str, str] | None = None,
    root: Path | None = None,
) -> list[Run]:  # fmt: skip
    """Check what was asked and list the runs.

    Parameters
    ----------
    studies : list of str
        Names of notebooks, with or without number-only shortening; empty for all.
    wave : str, optional
        One wave; every wave of each study by default.
    parameters : dict, optional
        Name to value as text, checked against the parameters cell.
    root : pathlib.Path, optional
        Root of the collection.

    Returns
    -------
    list of Run

    Raises
    ------
    InputError
        If a study, wave or parameter is unknown, a value has the wrong type,
        or the data of a wave are missing or damaged. Nothing has run yet.
    """
    catalogue = read_studies(root=root)
    chosen = catalogue if not studies else _choose(catalogue, studies)
    runs = []
    for study in chosen.itertuples():
        waves = _choose_waves(study, wave, strict=bool(studies))
        values = _check_parameters(study, parameters or {})
        if "wave" in values:
            raise InputError(f"{study.study}: give the wave with --wave, not with -p.")
        for name in waves:
            given = {**values, **({"wave": name} if name else {})}
            runs.append(Run(study.study, name, study.path, given, tuple(study.surveys)))
    if not runs:
        known = sorted({name for waves in catalogue["waves"] for name in waves})
        raise InputError(f"No study has the wave {wave!r}; valid are {', '.join(known)}.")
    _check_data(chosen, runs, root)
    return runs


def _choose(catalogue: DataFrame, studies: list[str]) -> DataFrame:
    known = list(catalogue["study"])
    names = []
    for name in studies:
        stem = Path(name).stem
        match = [study for study in known if stem in (study, study.partition("-")[0])]
        if not match:
            near = difflib.get_close_matches(stem, known, n=1, cutoff=0.4)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise InputError(f"{name!r} is not a study; valid are {', '.join(known)}.{hint}")
        names += match
    return catalogue[catalogue["study"].isin(names)]


def _choose_waves(study, wave: str | None, *, strict: bool) -> list[str]:
    """Waves to run; a study without waves runs once."""
    if not study.surveys:
        if wave and strict:
            raise InputError(f"{study.study}: takes no wave.")
        return [] if wave else [""]
    if wave is None:
        return study.waves
    if wave in study.waves:
        return [wave]
    if strict:
        raise InputError(
            f"{study.study}: {wave!r} is not a wave of {' and '.join(study.surveys)}; "
            f"valid are {', '.join(study.waves)}."
        )
    return []


def _check_parameters(study, given: dict[str, str]) -> dict:
    """Values in the types of the parameters cell."""
    known = papermill.inspect_notebook(str(study.path))
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise InputError(
            f"{study.study}: {len(unknown)} unknown parameter: {', '.join(unknown)}; "
            f"valid are {', '.join(known) or 'none'}."
        )
    return {name: _convert(study, name, text, known[name]) for name, text in given.items()}


def _convert(study, name: str, text: str, parameter: dict):
    default = ast.literal_eval(parameter["default"])
    if isinstance(default, str):
        return text
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        value = text
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if type(value) is not type(default):
        raise InputError(
            f"{study.study}: parameter {name}: {text!r} is not a {type(default).__name__} "
            f"(its default is {parameter['default']})."
        )
    return value


def _check_data(chosen: DataFrame, runs: list[Run], root: Path | None) -> None:
    """Read every wave the runs need, and match its regions with the boundaries."""
    read_links(root=root)
    read_register(root=root)
    zones = read_regions("zones-2015")
    surveys = chosen.set_index("study")["surveys"]
    needed = {(survey, run.wave) for run in runs for survey in surveys[run.study]}
    for survey, wave in sorted(needed):
        codebook = read_wave(survey, wave, root=root).codebook
        if "region" in codebook.domain_ids:
            codes = codebook.variable("region").answer_ids
            join_regions(zones, DataFrame({"code": codes}), on="code")
