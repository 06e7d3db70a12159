"""The cube of the fragilities: domains x territories x actors, with the gaps between actors."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.data.catalog import list_waves
from helpers.data.codebook import REGION, read_codebook
from helpers.data.contracts import check_contract
from helpers.data.errors import InputError
from helpers.data.filecache import FileCache, stamp_files
from helpers.data.fragilities import read_fragilities
from helpers.data.language import get_language
from helpers.data.responses import Wave, read_wave
from helpers.data.root import find_root
from helpers.stats.absence import estimate_held
from helpers.stats.gaps import ACTORS, compare_actors
from helpers.stats.region_contrasts import COMPARED, Reference, compare_references
from helpers.stats.results import DEFAULT_RULE, ESTIMATE_SCHEMA, Rule

QUESTIONS = ("fragility_importance", "priority_fragility", "partnership_impact")
_cubes = FileCache(limit=8)


@dataclass(frozen=True)
class Cube:
    """Perception of the fragilities in one wave, by territory and actor.

    Attributes
    ----------
    wave : str
    rule : Rule
    estimates : pandas.DataFrame
        An estimate table. `answer` is the fragility, `domain` the territory
        ("" for the whole); every question, fragility, territory and actor has
        its row, and a cell without a number says why. Not to be changed: it
        is shared by all who ask for the cube.
    gaps : pandas.DataFrame
        `helpers.stats.gaps.GAP_SCHEMA`: one row per question, fragility,
        territory and pair of actors.
    waves : tuple of Wave
        The waves it rests on, for their provenance and labels.
    """

    wave: str
    rule: Rule
    estimates: pd.DataFrame
    gaps: pd.DataFrame
    waves: tuple[Wave, ...]
    _places: dict = field(repr=False)

    def slice(
        self,
        question: str | None = None,
        fragility: str | None = None,
        actor: str | None = None,
        territory: str | None = None,
    ) -> pd.DataFrame:
        """Rows of the estimates at a place of the cube; an axis left out is kept whole.

        Parameters
        ----------
        question, fragility, actor, territory : str, optional
            One value of each axis; the territory "" is the whole.

        Returns
        -------
        pandas.DataFrame
            A copy, in the order of the codebooks.

        Raises
        ------
        InputError
            If a value is not on its axis; says which are.
        """
        place = {"question": question, "fragility": fragility, "actor": actor}
        return self._take("estimates", place | {"territory": territory})

    def slice_gaps(
        self,
        question: str | None = None,
        fragility: str | None = None,
        territory: str | None = None,
    ) -> pd.DataFrame:
        """Rows of the gaps at a place of the cube, as `slice` gives those of the estimates."""
        place = {"question": question, "fragility": fragility, "territory": territory}
        return self._take("gaps", place)

    def compare(
        self, question: str, fragility: str, actor: str, references: dict[str, Reference]
    ) -> pd.DataFrame:
        """Set the territories of one fragility and actor beside their references.

        Parameters
        ----------
        question, fragility, actor : str
        references : dict of Reference
            From `helpers.stats.region_contrasts.list_references`.

        Returns
        -------
        pandas.DataFrame
            As `helpers.stats.region_contrasts.compare_references`, a row per territory;
            those of an actor who was not asked say so in `untested`.

        Raises
        ------
        InputError
            As `slice`.
        """
        cells = self.slice(question, fragility, actor)
        rows = cells[cells["domain"] != ""].reset_index(drop=True)
        wave = next((wave for wave in self.waves if wave.survey == actor), None)
        if wave is None or question not in wave.file.questions or REGION not in wave.file.domains:
            return rows.assign(**dict.fromkeys(COMPARED, np.nan), untested=rows["reason"])
        return compare_references(
            wave, question, references, answer=fragility, rule=self.rule, estimates=rows
        )

    def _take(self, name: str, place: dict[str, str | None]) -> pd.DataFrame:
        table = getattr(self, name)
        chosen = np.ones(len(table), bool)
        for axis, value in place.items():
            if value is None:
                continue
            masks = self._places[name][axis]
            if value not in masks:
                raise InputError(
                    f"{axis} {value!r} is not in the cube; valid are "
                    f"{', '.join(known or repr(known) for known in masks)}."
                )
            chosen &= masks[value]
        return table.iloc[np.flatnonzero(chosen)]


def build_cube(wave_name: str, *, rule: Rule = DEFAULT_RULE, root: Path | None = None) -> Cube:
    """Build the cube of one wave, or give the one built before.

    Parameters
    ----------
    wave_name : str
        A wave that at least one of the surveys of citizens, companies and
        associations has, e.g. ``"2015"`` or ``"demo"``.
    rule : Rule, optional
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    Cube
        Kept in memory for this process until a file it rests on changes.
        `gaps` compares the actors: see `helpers.stats.gaps.compare_actors`.

    Raises
    ------
    InputError
        If no survey has the wave, or a file of it is damaged.
    """
    root = root or find_root()
    surveys = root / "data" / "surveys"
    held = [name for name in ACTORS if wave_name in list_waves(name, root=root)]
    if not held:
        known = dict.fromkeys(wave for name in ACTORS for wave in list_waves(name, root=root))
        raise InputError(
            f"{wave_name!r} is not a wave of {', '.join(ACTORS)}; valid are {', '.join(known)}."
        )
    files = [surveys / "domains.yaml", surveys / "fragilities.yaml",
             root / "data" / "published" / "links.csv"]  # fmt: skip
    for name in ACTORS:
        files.append(surveys / name / "codebook.yaml")
        for file in ("wave.yaml", "responses.parquet"):
            files.append(surveys / name / wave_name / file)
    key = (wave_name, rule, get_language(), stamp_files(*files))
    return _cubes.get(key, lambda: _build(wave_name, held, rule, root))


def _build(wave_name: str, held: list[str], rule: Rule, root: Path) -> Cube:
    waves = {name: read_wave(name, wave_name, root=root) for name in held}
    codebooks = {name: waves[name].codebook for name in held}
    codebooks |= {name: read_codebook(name, root=root) for name in ACTORS if name not in held}
    fragilities = read_fragilities(root=root)["fragility"].tolist()
    estimates = _estimate(wave_name, waves, codebooks, rule)
    _check_answers(estimates, fragilities)
    gaps = compare_actors(waves, codebooks, estimates, rule)
    return Cube(
        wave=wave_name,
        rule=rule,
        estimates=estimates,
        gaps=gaps,
        waves=tuple(waves.values()),
        _places={
            "estimates": _index(estimates, ["question", "fragility", "actor", "territory"]),
            "gaps": _index(gaps, ["question", "fragility", "territory"]),
        },
    )


def _index(table: pd.DataFrame, axes: list[str]) -> dict[str, dict[str, np.ndarray]]:
    """Axis to value to the rows that have it."""
    columns = {"fragility": "answer", "territory": "domain"}
    found = {}
    for axis in axes:
        values = table[columns.get(axis, axis)]
        found[axis] = {value: (values == value).to_numpy() for value in values.unique()}
    return found


def _estimate(wave_name: str, waves: dict, codebooks: dict, rule: Rule) -> pd.DataFrame:
    """Estimates of every question, actor and territory, or rows that say why there are none."""
    provenance = next(iter(waves.values())).provenance
    pairs = [(question, by) for question in QUESTIONS for by in (None, REGION)]
    held = {
        actor: estimate_held(waves.get(actor), codebook, pairs, wave_name=wave_name, rule=rule,
                             provenance=provenance)
        for actor, codebook in codebooks.items()
    }  # fmt: skip
    tables = [
        held[actor][question, by]
        for question in QUESTIONS for actor in codebooks for by in (None, REGION)
    ]  # fmt: skip
    table = pd.concat(tables, ignore_index=True)
    return check_contract(table, ESTIMATE_SCHEMA, name="cube")


def _check_answers(estimates: pd.DataFrame, fragilities: list[str]) -> None:
    for (actor, question), rows in estimates.groupby(["actor", "question"]):
        if set(rows["answer"]) != set(fragilities):
            odd = sorted(set(rows["answer"]) ^ set(fragilities))
            raise InputError(
                f"{actor}/codebook.yaml: {question}: its answers are not the fragilities of "
                f"fragilities.yaml: {', '.join(odd)}."
            )
