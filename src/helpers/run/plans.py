"""Plans runs: which notebook on which wave with which parameters, all checked first."""

import difflib
import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from helpers.data.catalog import Study, list_studies, list_waves
from helpers.data.errors import InputError
from helpers.run.parameters import Parameter, read_parameters

LANG = "lang"
_NAMED = ("wave", LANG)  # what a page's name tells in places of their own


@dataclass(frozen=True)
class Run:
    """One execution of one notebook.

    Attributes
    ----------
    study : str
        Name of the notebook without its ending.
    wave : str
        Wave, or "" for a notebook that takes none or reads every wave.
    path : pathlib.Path
        The notebook.
    parameters : dict
        Values for its parameters cell.
    surveys : tuple of str
        Surveys whose wave, or waves, it reads: of those of the study, the ones that
        hold the wave.
    """

    study: str
    wave: str
    path: Path
    parameters: dict = field(default_factory=dict)
    surveys: tuple[str, ...] = ()

    def __str__(self) -> str:
        parts = (self.study, self.wave, self.variant, self.lang)
        return " ".join(part for part in parts if part)

    @property
    def lang(self) -> str:
        """Language of the page, or "" for a notebook that knows one language only."""
        return self.parameters.get(LANG, "")

    @property
    def variant(self) -> str:
        """Parameters other than wave and language, as they are written in the page's name."""
        given = [f"{name}={value}" for name, value in self.parameters.items() if name not in _NAMED]
        return re.sub(r"[^\w=.,-]", "_", ",".join(given))

    @property
    def page(self) -> Path:
        """Where the page goes, relative to `reports/`."""
        ending = f"--{self.variant}" if self.variant else ""
        lang = f".{self.lang}" if self.lang else ""
        return Path(self.wave) / f"{self.study}{ending}{lang}.html"


def plan_runs(
    studies: Sequence[str] = (), *, waves: Sequence[str] = (),
    parameters: dict[str, str] | None = None,
    crossed: dict[str, Sequence[str] | None] | None = None, root: Path | None = None,
) -> list[Run]:  # fmt: skip
    """Check what was asked and list the runs: studies x waves x crossed parameters.

    Parameters
    ----------
    studies : sequence of str
        Names of notebooks, with or without number-only shortening; empty for all.
    waves : sequence of str
        Every wave of each study if none. A study named needs one of them, and
        each must be a wave of some study.
    parameters : dict, optional
        Name to value as text, checked against the parameters cell.
    crossed : dict, optional
        Name to the values to run one by one; None for every value its comment
        allows. Studies without the parameter run once, unless they were named.
        A study with a parameter ``lang`` runs once per language it allows, unless
        one or more are given.
    root : pathlib.Path, optional
        Root of the collection.

    Returns
    -------
    list of Run

    Raises
    ------
    InputError
        If a study, wave or parameter is unknown, a value has the wrong type or
        is not allowed, or no cell reads a parameter. Nothing has run yet.
    """
    parameters, crossed = parameters or {}, crossed or {}
    both = sorted(set(parameters) & set(crossed))
    if "wave" in {*parameters, *crossed}:
        raise InputError("wave: give the wave with --wave, not with -p or --each.")
    if both:
        raise InputError(f"{', '.join(both)}: given both one value and several.")
    catalogue = list_studies(root=root)
    chosen = _choose(catalogue, studies) if studies else catalogue
    known = {study.study: read_parameters(study, root=root) for study in chosen}
    _check_crossed(crossed, known, named=bool(studies))
    _check_waves(chosen, waves, named=bool(studies))
    runs: list[Run] = []
    for study in chosen:
        values = _convert(study, known[study.study], parameters)
        grid = _cross(known[study.study], _add_languages(known[study.study], parameters, crossed))
        for wave in _waves_of(study, waves):
            given = {**values, **({"wave": wave} if wave else {})}
            surveys = _surveys_of(study, wave, root)
            runs += [Run(study.study, wave, study.path, given | point, surveys) for point in grid]
    return runs


def put_longest_first(runs: Sequence[Run], seconds: dict[Path, float]) -> list[Run]:
    """Order runs so that, several at a time, the last of them does not run long alone.

    Parameters
    ----------
    runs : sequence of Run
    seconds : dict of pathlib.Path to float
        Page to how long it took before, where that is known.

    Returns
    -------
    list of Run
        Those not known first, in the order given; then from the longest to the shortest.
    """
    return sorted(runs, key=lambda run: -seconds.get(run.page, math.inf))


def _choose(catalogue: list[Study], names: Sequence[str]) -> list[Study]:
    known = [study.study for study in catalogue]
    found: set[str] = set()
    for name in names:
        stem = Path(name).stem
        match = [study for study in known if stem in (study, study.partition("-")[0])]
        if not match:
            near = difflib.get_close_matches(stem, known, n=1, cutoff=0.4)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise InputError(f"{name!r} is not a study; valid are {', '.join(known)}.{hint}")
        found.update(match)
    return [study for study in catalogue if study.study in found]


def _waves_of(study: Study, waves: Sequence[str]) -> list[str]:
    """Waves to run; a study without surveys, or over every wave, runs once."""
    if study.every_wave or not study.surveys:
        return [] if waves else [""]
    return [wave for wave in study.waves if not waves or wave in waves]


def _surveys_of(study: Study, wave: str, root: Path | None) -> tuple[str, ...]:
    """Surveys of a study that hold a wave; all of them for a study that takes none."""
    if not wave:
        return tuple(study.surveys)
    return tuple(survey for survey in study.surveys if wave in list_waves(survey, root=root))


def _check_waves(chosen: list[Study], waves: Sequence[str], *, named: bool) -> None:
    known = sorted({wave for study in chosen for wave in study.waves})
    for study in chosen if waves and named else []:
        if study.every_wave:
            raise InputError(f"{study.study}: reads every wave of its surveys, so takes no wave.")
        if not study.surveys:
            raise InputError(f"{study.study}: takes no wave.")
        if not _waves_of(study, waves):
            raise InputError(
                f"{study.study}: {_list(waves)} is not a wave of {' and '.join(study.surveys)}; "
                f"valid are {', '.join(study.waves)}."
            )
    strange = [wave for wave in waves if wave not in known]
    if strange:
        raise InputError(f"No study has the wave {_list(strange)}; valid are {', '.join(known)}.")


def _list(names: Sequence[str]) -> str:
    return " or ".join(repr(name) for name in names)


def _check_crossed(crossed: dict, known: dict[str, dict[str, Parameter]], *, named: bool) -> None:
    """Each crossed parameter belongs to every study named, or to some study at least."""
    for name in crossed:
        lacking = [study for study, parameters in known.items() if name not in parameters]
        if lacking and (named or len(lacking) == len(known)):
            names = sorted({parameter for study in lacking for parameter in known[study]})
            raise InputError(
                f"{', '.join(lacking)}: unknown parameter: {name}; "
                f"valid are {', '.join(names) or 'none'}."
            )


def _add_languages(known: dict[str, Parameter], parameters: dict, crossed: dict) -> dict:
    """The crossed parameters, with every language unless some were asked for."""
    if LANG not in known or LANG in {*parameters, *crossed} or not known[LANG].allowed:
        return crossed
    return {**crossed, LANG: None}


def _cross(known: dict[str, Parameter], crossed: dict) -> list[dict]:
    """Points of the grid: one value of each crossed parameter."""
    axes = []
    for name, texts in crossed.items():
        if name not in known:
            continue
        parameter = known[name]
        if texts is None and not parameter.allowed:
            raise InputError(
                f"{parameter.study}: parameter {name}: its comment lists no values in braces, "
                f"such as {{fr, en}}; give them with -p."
            )
        texts = map(str, parameter.allowed) if texts is None else dict.fromkeys(texts)
        axes.append([(name, parameter.convert(text)) for text in texts])
    return [dict(point) for point in itertools.product(*axes)]


def _convert(study: Study, known: dict[str, Parameter], given: dict[str, str]) -> dict:
    """Values in the types of the parameters cell."""
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise InputError(
            f"{study.study}: {len(unknown)} unknown parameter: {', '.join(unknown)}; "
            f"valid are {', '.join(known) or 'none'}."
        )
    return {name: known[name].convert(text) for name, text in given.items()}
