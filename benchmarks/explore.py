"""Time from a changed control to the new map, chart and table, beside redoing all of it.

    python benchmarks/explore.py --changes 150

Each explorer is opened anew and its controls are changed at random (a wave, a
question, an answer, a breakdown, a region; the same walk in every run). Times
count everything the kernel does: estimates not met before, drawing, writing
what is sent to the browser. The rival does what a notebook cell would for the
same selection: reads the respondents and the boundaries from their files,
estimates, draws map and chart with matplotlib, writes the table. It is run in
between, on some of the same selections, so that both meet the same load. The
load printed is that of the machine before and after.
"""

import argparse
import io
import os
import time

import geopandas
import matplotlib.pyplot as plt
import numpy as np

from helpers.data.catalog import list_waves
from helpers.data.responses import read_wave
from helpers.data.root import find_root
from helpers.stats.cube import build_cube
from helpers.stats.results import estimate_question
from helpers.view.charts import draw_domains, draw_shares
from helpers.view.explore import StudyExplorer, build_explorer
from helpers.view.maps import draw_map, find_breaks
from helpers.view.prism_explore import build_prism_explorer
from helpers.view.selection import Selection
from helpers.view.sentences import pick
from helpers.view.tables import show_estimates

GOALS = {"median": 150, "95th percentile": 300, "ratio": 10}
EVERY = 6  # changes between two runs of the rival


def open_explorers():
    """Return name and builder of each explorer."""
    pair = [read_wave(survey, "2015") for survey in ("companies", "associations")]
    mayors, evaluation = read_wave("mayors", "2016"), read_wave("evaluation", "2015")
    return {
        "partnership map": lambda: build_explorer(*pair, question="has_partnership"),
        "mayor survey": lambda: build_explorer(mayors, question="territory_coconstruction_dynamic"),
        "evaluation": lambda: build_explorer(
            evaluation, question="evaluates_partnerships", by="actor"
        ),
        "three prisms": lambda: build_prism_explorer("demo"),
    }


def change_control(explorer, rng) -> bool:
    """Change one control at random; whether it changed."""
    names = ["wave", "question", "fragility", "actor", "reference", "territory"]
    if isinstance(explorer, StudyExplorer):
        names = ["survey", "wave", "question", "answer", "by"]
    control = getattr(explorer, rng.choice(names))
    regions = explorer.map.markup.split('data-code="')[1:]
    if regions and rng.random() < 0.3:
        code = rng.choice(regions).partition('"')[0]
        explorer.choose(*([code, "region"] if isinstance(explorer, StudyExplorer) else [code]))
        return True
    values = [option[1] if isinstance(option, tuple) else option for option in control.options]
    others = [value for value in values if value != control.value]
    if others:
        control.value = others[rng.integers(len(others))]
    return bool(others)


def read_selection(explorer) -> Selection | None:
    """What is shown; of the three prisms, the actor's question by region."""
    if isinstance(explorer, StudyExplorer):
        return explorer.selection
    actor, wave, question = explorer.actor.value, explorer.wave.value, explorer.question.value
    if wave not in list_waves(actor) or question not in read_wave(actor, wave).file.questions:
        return None
    by = "region" if "region" in read_wave(actor, wave).file.domains else None
    return Selection(actor, wave, question, explorer.fragility.value, by)


def redo(selection) -> None:
    """Do what a cell would: read, estimate, draw and write everything."""
    wave = read_wave(selection.survey, selection.wave)
    item = wave.codebook.variable(selection.question)
    whole = estimate_question(wave, item.id)
    if "region" in wave.file.domains:
        folder = find_root() / "shapefiles" / "zones-2015"
        zones = geopandas.read_file(folder / "zones-2015.gpkg")
        rows = estimate_question(wave, item.id, by="region")
        rows = rows[rows["answer"] == selection.answer]
        save(draw_map(zones, rows, breaks=find_breaks(rows), title=item.label.en))
    if selection.by is None:
        rows, labels = whole, {name: item.label_of(name) for name in whole["answer"]}
        save(draw_shares(rows, labels, title=item.label.en))
    else:
        rows = estimate_question(wave, item.id, by=selection.by)
        rows = rows[rows["answer"] == selection.answer]
        labels = wave.codebook.variable(selection.by).labels()
        row = pick(whole, selection.answer)
        save(draw_domains(rows, labels, title=item.label.en, whole=row))
    show_estimates(rows, wave, title=item.label.en).as_raw_html()


def save(ax) -> None:
    """Write a figure as a notebook would."""
    ax.figure.savefig(io.BytesIO(), format="png", dpi=110, bbox_inches="tight")
    plt.close(ax.figure)


def walk(build, changes: int, seed: int) -> tuple[list, list, list]:
    """Times and processor times of a session's changes, times of the rival on some, in ms."""
    rng = np.random.default_rng(seed)
    explorer = build()
    ours, busy, theirs = [], [], []
    while len(ours) < changes:
        start, began = time.perf_counter(), time.process_time()
        changed = change_control(explorer, rng)
        seconds, used = time.perf_counter() - start, time.process_time() - began
        if explorer.problem.value:
            raise RuntimeError(explorer.problem.value)
        if not changed:
            continue
        ours.append(1000 * seconds)
        busy.append(1000 * used)
        selection = read_selection(explorer)
        if selection and len(ours) % EVERY == 0:
            start = time.perf_counter()
            redo(selection)
            theirs.append(1000 * (time.perf_counter() - start))
    return ours, busy, theirs


def main() -> None:
    """Print median, 95th percentile and ratio of each explorer."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--changes", type=int, default=150, help="controls changed per explorer")
    parser.add_argument("--seed", type=int, default=2016)
    given = parser.parse_args()
    print(f"{os.cpu_count()} processors; load {os.getloadavg()[0]:.1f}; goals: {GOALS}, in ms")
    explorers = open_explorers()
    walk(explorers["partnership map"], EVERY, given.seed)  # imports and fonts, met once
    for wave in ("2015", "2019", "demo"):
        start = time.perf_counter()
        build_cube(wave)
        print(f"cube of {wave}: {time.perf_counter() - start:.1f} s, once")
    for name, build in explorers.items():
        ours, busy, theirs = walk(build, given.changes, given.seed)
        median, rival = np.median(ours), np.median(theirs)
        print(
            f"{name:<18}median {median:6.1f} ({np.median(busy):5.1f})  "
            f"95th percentile {np.quantile(ours, 0.95):6.1f} ({np.quantile(busy, 0.95):5.1f})  "
            f"slowest {max(ours):6.1f}  rival {rival:7.1f}  ratio {rival / median:5.1f}x"
        )
    print(f"load {os.getloadavg()[0]:.1f} after")


if __name__ == "__main__":
    main()
