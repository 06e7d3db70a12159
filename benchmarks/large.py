"""Time and peak memory of estimates on respondents in partitioned Parquet, beside DuckDB.

    python benchmarks/large.py [--rows 10000000]

20 questions of 5 answers by 13 regions, 4 commune sizes as strata, unequal weights, in files
of 1,000,000 respondents and row groups of 250,000. Ours gives shares, standard errors,
intervals and the test of each region against the rest; DuckDB counts the same cells only
(count, sum of weights and of squared weights by stratum, region and answer), one query for each
question, which is the part of our work that it can do. Each runs in a process of its own with
two threads or processes at most; memory is the peak of the process and its children. DuckDB is
left out if it is not installed (pip install duckdb).
"""

import argparse
import importlib.util
import json
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd

REGIONS = [f"{number:02d}" for number in range(13)]
SIZES = ["rural", "small", "medium", "large"]
QUESTIONS = [f"q{number}" for number in range(20)]
FILE, GROUP = 1_000_000, 250_000


def write_respondents(folder, rows):
    rng = np.random.default_rng(1)
    for start in range(0, rows, FILE):
        count = min(FILE, rows - start)
        size = rng.choice(4, count, p=[0.5, 0.25, 0.15, 0.1])
        frame = pd.DataFrame({"weight": rng.gamma(2.0, 2.0, count) + 0.1})
        frame["region"] = pd.Categorical.from_codes(rng.integers(0, 13, count), REGIONS)
        frame["size"] = pd.Categorical.from_codes(size, SIZES)
        for name in QUESTIONS:
            frame[name] = rng.integers(1, 6, count).astype("int8")
        frame.to_parquet(
            folder / f"part-{start // FILE:03d}.parquet", index=False, row_group_size=GROUP
        )


def run_ours(folder, processes):
    from helpers.data.design import Design
    from helpers.data.parts import list_parts, read_part
    from helpers.stats.part_estimates import contrast_counts, estimate_counts
    from helpers.stats.parts import Layout, count_parts

    layout = Layout(
        Design(weight="weight", strata=("size",)),
        {"region": REGIONS, "size": SIZES},
        {name: {"answers": [1, 2, 3, 4, 5]} for name in QUESTIONS},
        ("region",),
    )
    parts = list_parts(folder)
    if processes > 1:
        with ProcessPoolExecutor(processes) as pool:
            counts = count_parts(parts, layout, read=read_part, map_parts=pool.map)
    else:
        counts = count_parts(parts, layout, read=read_part)
    table = estimate_counts(counts, layout)
    contrast_counts(counts, layout)
    return float(table["n_weighted"].sum())


def run_duckdb(folder, processes):
    import duckdb

    engine = duckdb.connect(config={"threads": processes})
    total = 0.0
    for name in QUESTIONS:
        cells = engine.execute(
            f"SELECT size, region, {name}, count(*), sum(weight), sum(weight * weight) "
            f"FROM '{folder}/*.parquet' GROUP BY ALL"
        ).fetchall()
        # Each answer's row of our table carries the base of its region.
        total += 5 * sum(cell[4] for cell in cells)
    return total


def measure(task, folder, processes):
    began = time.perf_counter()
    check = {"ours": run_ours, "duckdb": run_duckdb}[task](folder, processes)
    seconds = time.perf_counter() - began
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(json.dumps({"seconds": seconds, "memory": (own + processes * children) / 1024,
                      "check": check}))  # fmt: skip


def report(folder, rows):
    print(f"{rows:,} respondents x {len(QUESTIONS)} questions x {len(REGIONS)} regions")
    found: dict = {}
    for task in ["ours", "duckdb"] if importlib.util.find_spec("duckdb") else ["ours"]:
        for processes in (1, 2):
            command = [sys.executable, __file__, "--task", task, "--folder", str(folder),
                       "--processes", str(processes)]  # fmt: skip
            output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            found[task, processes] = json.loads(output)
            row = found[task, processes]
            unit = "processes" if task == "ours" else "threads"
            print(f"  {task:7} {processes} {unit}: {row['seconds']:6.1f} s, at most "
                  f"{row['memory']:6.0f} MB")  # fmt: skip
    for processes in (1, 2) if len(found) > 2 else ():
        ours, other = found["ours", processes], found["duckdb", processes]
        same = np.isclose(ours["check"], other["check"], rtol=1e-12)
        print(f"  ours / duckdb, {processes}: {ours['seconds'] / other['seconds']:.1f} times the "
              f"time; sums of weights {'equal' if same else 'DIFFER'}")  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--task", help=argparse.SUPPRESS)
    parser.add_argument("--processes", type=int, default=1, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.task == "write":
        write_respondents(options.folder, options.rows)
        return
    if options.task:
        measure(options.task, options.folder, options.processes)
        return
    with tempfile.TemporaryDirectory() as folder:
        # In a process of its own: the peak of this one would count as that of its children.
        command = [sys.executable, __file__, "--task", "write", "--folder", folder]
        subprocess.run([*command, "--rows", str(options.rows)], check=True)
        report(folder, options.rows)


if __name__ == "__main__":
    main()
