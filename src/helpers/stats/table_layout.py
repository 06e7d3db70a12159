"""Lays out the linked tables of a wave: sets of respondents, what they add up to, cells."""

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse import csgraph

from helpers.data.codebook import Question
from helpers.data.responses import Wave
from helpers.stats.cells import UNNAMED, code_domain, is_score, list_answers, split_item
from helpers.stats.table_system import EVERYBODY, WHOLE, ZERO, Place, TableSystem

_SCALE = 10.0


def build_system(wave: Wave) -> TableSystem:
    """Lay out the linked tables of a wave.

    Parameters
    ----------
    wave : Wave

    Returns
    -------
    TableSystem
        All questions with estimates, and domain variables asked as questions, for the whole
        and by every domain variable.

    Notes
    -----
    The levels of a domain variable add up to the whole, in every row; the answers of a
    single question, and an answer and the others, add up to the base; nets to their
    answers; the base of a routed question and those who did not answer it to the answers that
    lead to it; a derived answer to those it is made of. Two sets that hold the same
    respondents are one row, as when a base is an answer to another question. Weighted counts
    obey the same equations.
    """
    layout = _Layout(wave)
    items = [wave.codebook.variable(name) for name in (*wave.file.domains, *wave.file.questions)]
    for item in items:
        if getattr(item, "type", "single") != "ranking":
            layout.add_item(item)
    for item in items:
        layout.link_item(item)
    return layout.build()


@dataclass
class _Layout:
    """Rows found so far; everybody is the first."""

    wave: Wave
    sets: list[np.ndarray] = field(default_factory=list)
    places: dict = field(default_factory=dict)
    relations: dict[tuple[int, ...], None] = field(default_factory=dict)

    def __post_init__(self):
        self._known: dict[bytes, int] = {}
        people = self.wave.respondents
        coded = {by: code_domain(self.wave, by) for by in self.wave.file.domains}
        self.columns, masks = {WHOLE: 0}, [np.ones(len(people), bool)]
        for by, levels in coded.items():
            for place, level in enumerate(levels.categories):
                mask = levels.codes == place
                if level != UNNAMED or mask.any():
                    self.columns[by, level] = len(masks)
                    masks.append(mask)
        self._masks = np.column_stack(masks)
        self.add_row(masks[0])

    def add_row(self, members: np.ndarray) -> int:
        key = np.packbits(members).tobytes() if members.dtype == bool else members.tobytes()
        if key not in self._known:
            self._known[key] = len(self.sets)
            self.sets.append(members)
        return self._known[key]

    def relate(self, total: int, parts: list[int]) -> None:
        """Note that disjoint rows add up to another; rows of nobody add nothing."""
        parts = sorted(row for row in parts if self.sets[row].any())
        if parts and parts != [total]:
            self.relations[total, *parts] = None

    def add_item(self, item) -> None:
        background = not isinstance(item, Question)
        for columns, answers, nets in split_item(item):
            values = self.wave.respondents[columns]
            values = values.iloc[:, 0] if isinstance(values, pd.DataFrame) else values
            known = values.notna().to_numpy()
            if not known.any():
                continue
            base = self.add_row(known)
            uniform = None
            if is_score(item):
                points = np.where(known, values.to_numpy(float, na_value=0.0) / _SCALE, 0.0)
                rows = {answers[0]: self.add_row(points)}
                uniform = self._find_uniform(points, known)
            elif isinstance(columns, list):
                rows = {answers[0]: self.add_row(known & values.fillna(False).to_numpy(bool))}
            else:
                rows = {answer: self.add_row((values == answer).to_numpy()) for answer in answers}
                self.relate(base, list(rows.values()))
                for net, parts in nets.items():
                    rows[net] = self.add_row(values.isin(parts).to_numpy())
                    self.relate(rows[net], [rows[part] for part in parts])
            for answer, row in rows.items():
                others = self.add_row(_subtract(self.sets[base], self.sets[row]))
                self.relate(base, [row, others])
                self.places[item.id, answer] = Place(row, base, others, background, uniform)

    def _find_uniform(self, points, known) -> np.ndarray:
        """Columns in which all who answered gave the same score."""
        inside = self._masks & known[:, None]
        low = np.where(inside, points[:, None], np.inf).min(axis=0)
        high = np.where(inside, points[:, None], -np.inf).max(axis=0)
        return low == high

    def link_item(self, item) -> None:
        """Relate bases to those who were asked, and derived answers to what they come from."""
        routing = getattr(item, "asked_if", None)
        asked = EVERYBODY
        if routing:
            asked = self._unite([(routing.question, answer) for answer in routing.answers])
        for answer in list_answers(item) if isinstance(item, Question) else []:
            place = self.places.get((item.id, answer))
            if place and not (self.sets[place.base] & ~self.sets[asked]).any():
                silent = self.sets[asked] & ~self.sets[place.base]
                if silent.any():
                    self.relate(asked, [place.base, self.add_row(silent)])
        for recode in getattr(item, "recode", []):
            place = self.places.get((item.id, recode.answer))
            sources = [(name, answer) for name, answers in recode.when.items()
                       for answer in answers]  # fmt: skip
            if place and len(recode.when) == 1 and self._unite(sources) == place.answer:
                self.relate(place.answer, [self.places[source].answer for source in sources
                                           if source in self.places])  # fmt: skip

    def _unite(self, sources) -> int:
        """Row of those who gave any of some answers; related to them where they exclude others."""
        rows = [self.places[source].answer for source in sources if source in self.places]
        if not rows:
            return EVERYBODY
        members = np.sum([self.sets[row] for row in rows], axis=0)
        union = self.add_row(members > 0)
        if members.max() <= 1:
            self.relate(union, rows)
        return union

    def build(self) -> TableSystem:
        masks = self._masks.astype(float)
        counts = np.array([members @ masks for members in self.sets])
        cells = self._merge_cells(counts)
        kept, cells_of = np.unique(cells, return_inverse=True)
        cells = cells_of.reshape(cells.shape) - (kept[0] == ZERO)
        kept = kept[kept != ZERO]
        return TableSystem(
            columns=self.columns,
            places=self.places,
            cells=cells,
            counts=counts.ravel()[kept],
            equations=self._write_equations(cells, len(kept)),
            families=self._group({EVERYBODY, *(place.base for place in self.places.values())}),
            clusters=self._group({EVERYBODY}),
        )

    def _merge_cells(self, counts) -> np.ndarray:
        """Number the places, one number for those that always hold the same count."""
        cells = np.arange(counts.size).reshape(counts.shape)
        levels = {key: self.places[key].answer for key in self.columns if key in self.places}
        for (by, level), row in levels.items():
            column = self.columns[by, level]
            cells[row, 0] = cells[EVERYBODY, column]
            for (other, name), place in self.columns.items():
                if other == by:
                    cells[row, place] = cells[EVERYBODY, column] if name == level else ZERO
                elif (other, name) in levels and place < column:
                    cells[row, place] = cells[levels[other, name], column]
        cells[:, self._masks.sum(axis=0) == 0] = ZERO
        cells[[not members.any() for members in self.sets]] = ZERO
        return cells

    def _write_equations(self, cells, size: int) -> sparse.csc_array:
        """Rows over the levels of each domain variable, then relations in each column."""
        sums = []
        for by in self.wave.file.domains:
            own = [place for (name, _), place in self.columns.items() if name == by]
            sums += [(row[0], row[own]) for row in cells]
        for total, *parts in self.relations:
            sums += list(zip(cells[total], cells[parts].T, strict=True))
        where, what, sign = [], [], []
        for number, (total, parts) in enumerate(sums):
            where += [number] * (len(parts) + 1)
            what += [total, *parts]
            sign += [-1.0] + [1.0] * len(parts)
        kept = np.array(what, dtype=int) != ZERO
        entries = np.array(sign)[kept], (np.array(where)[kept], np.array(what)[kept])
        table = sparse.csr_array(sparse.coo_array(entries, shape=(len(sums), size)))
        table.eliminate_zeros()
        return sparse.csc_array(table[np.diff(table.indptr) > 0])

    def _group(self, apart: set[int]) -> np.ndarray:
        """Group the rows that relations connect other than by the rows set apart."""
        pairs = []
        for relation in self.relations:
            rows = [row for row in relation if row not in apart]
            pairs += pairwise(rows)
        size = len(self.sets)
        links = np.array(pairs, dtype=int).reshape(-1, 2).T
        graph = sparse.coo_array((np.ones(links.shape[1]), links), shape=(size, size))
        return csgraph.connected_components(graph, directed=False)[1]


def _subtract(base: np.ndarray, part: np.ndarray) -> np.ndarray:
    return base & ~part if part.dtype == bool else base - part
