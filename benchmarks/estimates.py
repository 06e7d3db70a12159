"""Time and peak memory of the estimates beside R `survey` and Python `svy`.

    python benchmarks/estimates.py --svy-python PATH/TO/PYTHON

Same data for all: 13 regions x 4 commune sizes as strata, unequal weights, 20
questions of 5 answers; 5 000, 100 000 and 1 000 000 respondents. Three tasks:
proportions of one question by region; all 20 questions by region; raking to
region, size and sex x age. Rivals that are not installed are left out: R is
found as Rscript on the path, svy in the interpreter given. Each runs in a
process of its own and reads the data first; times are the best of as many runs
for each (see `count_runs`), memory is the peak beyond what reading the data had
used. The load printed is that of the machine before and after: with more than
one process per processor, times are longer than they need be, ours and theirs.

Rivals start from a design object made beforehand, untimed; our functions read
the design in every call. R holds text as factors, svy as polars strings, ours
as pandas categories: the form each works best from. svy's by= takes a column
at a time, so its 20 questions are 20 calls, as are R's.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REGIONS = [f"{number:02d}" for number in range(13)]
SIZES = ["rural", "small", "medium", "large"]
GROUPS = [f"{sex}{age}" for sex in "fm" for age in range(5)]
QUESTIONS = [f"q{number}" for number in range(20)]
TASKS = {
    "one": "1 question x 13 regions",
    "all": "20 questions x 13 regions",
    "rake": "raking, 3 margins",
}
GOALS = {
    "R survey": {"one": 25, "all": 30, "rake": 100},
    "svy": {"one": 30, "all": 30, "rake": 100},
}
POPULATION = 50_000_000

R_SCRIPT = """
suppressMessages(library(survey))
argument <- commandArgs(trailingOnly = TRUE)
frame <- read.csv(argument[1], colClasses = c(region = "character"), stringsAsFactors = TRUE)
repeats <- setNames(as.integer(strsplit(argument[2], ",")[[1]]), c("one", "all", "rake"))
targets <- read.csv(argument[3], colClasses = c("character", "character", "numeric"))
questions <- grep("^q[0-9]+$", names(frame), value = TRUE)
for (name in c(questions, "region")) frame[[name]] <- factor(frame[[name]])
d <- svydesign(id = ~1, strata = ~stratum, weights = ~weight, data = frame)
shares <- function(name) svyby(reformulate(name), ~region, d, svymean)
margin <- function(name) {
  rows <- targets[targets$margin == name, ]
  setNames(data.frame(rows$level, rows$total), c(name, "Freq"))
}
names <- c("region", "size", "group")
raked <- function() rake(d, lapply(names, function(name) reformulate(name)), lapply(names, margin),
                         control = list(maxit = 200, epsilon = 1e-9))
run <- function(task, work) {
  invisible(gc(reset = TRUE))
  before <- sum(gc()[, 2])
  once <- function(i) system.time(result <<- work())["elapsed"]
  seconds <- min(sapply(seq_len(repeats[task]), once))
  memory <- sum(gc()[, 6]) - before
  first <- if (task == "all") result[[1]] else result
  check <- if (task == "rake") weights(first)[1:5] else SE(first)[1, ]
  cat(sprintf('{"task": "%s", "seconds": %.6f, "memory": %.1f, "check": [%s]}\\n', task, seconds,
              memory, paste(sprintf("%.12g", unlist(check)), collapse = ", ")))
}
run("one", function() shares("q0"))
run("all", function() lapply(questions, shares))
run("rake", raked)
"""


def count_runs(rows):
    """Return how often each rival runs each task: more often what is soon done."""
    if rows >= 1_000_000:
        return {"one": 3, "all": 1, "rake": 5}
    return {"one": 5, "all": 3, "rake": 15}


def make_data(rows, folder):
    """Write one sample as Parquet and CSV, and the targets; return their paths."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(rows)
    region = rng.integers(len(REGIONS), size=rows)
    # Sizes and groups depend on region, so that raking takes several passes.
    size = (rng.integers(len(SIZES), size=rows) + (rng.random(rows) < 0.3) * region) % len(SIZES)
    group = (rng.integers(len(GROUPS), size=rows) + (rng.random(rows) < 0.3) * size) % len(GROUPS)
    frame = pd.DataFrame(
        {
            "region": pd.Categorical.from_codes(region, REGIONS),
            "size": pd.Categorical.from_codes(size, SIZES),
            "group": pd.Categorical.from_codes(group, GROUPS),
            "stratum": [f"{REGIONS[r]}-{SIZES[s]}" for r, s in zip(region, size, strict=True)],
            "weight": np.exp(rng.normal(0, 0.5, rows)) * POPULATION / rows,
        }
    )
    for name in QUESTIONS:
        frame[name] = rng.choice([1, 2, 3, 4, 5], size=rows, p=[0.1, 0.2, 0.3, 0.25, 0.15])
    shares = {
        "region": np.linspace(1, 2, len(REGIONS)),
        "size": np.array([4.0, 3.0, 2.0, 1.0]),
        "group": np.linspace(2, 1, len(GROUPS)),
    }
    levels = {"region": REGIONS, "size": SIZES, "group": GROUPS}
    targets = pd.concat(
        pd.DataFrame(
            {"margin": name, "level": levels[name], "total": part / part.sum() * POPULATION}
        )
        for name, part in shares.items()
    )
    paths = {name: folder / f"{name}-{rows}" for name in ("parquet", "csv", "targets")}
    frame.to_parquet(paths["parquet"])
    frame.to_csv(paths["csv"], index=False)
    targets.to_csv(paths["targets"], index=False)
    return paths


def load_ours(paths):
    """Return our three tasks as functions of no argument."""
    import pandas as pd

    from helpers.data.design import Design
    from helpers.stats.estimates import estimate_proportions, estimate_questions
    from helpers.stats.weights import rake

    frame = pd.read_parquet(paths["parquet"])
    targets = pd.read_csv(paths["targets"], dtype={"level": str})
    margins = {name: rows.set_index("level")["total"] for name, rows in targets.groupby("margin")}
    design = Design(weight="weight", strata=("region", "size"))
    return {
        "one": (
            lambda: estimate_proportions(frame, "q0", design=design, by="region"),
            lambda result: result["se"][:5].tolist(),
        ),
        "all": (
            lambda: estimate_questions(frame, QUESTIONS, design=design, by="region"),
            lambda result: result["se"][:5].tolist(),
        ),
        "rake": (
            lambda: rake(frame, margins, weight="weight"),
            lambda result: result[:5].tolist(),
        ),
    }


def load_svy(paths):
    """Return svy's three tasks as functions of no argument."""
    import polars as pl
    import svy

    frame = pl.read_parquet(paths["parquet"])
    frame = frame.with_columns(pl.col(pl.Categorical, pl.Enum).cast(pl.String))
    targets = pl.read_csv(paths["targets"], schema_overrides={"level": pl.String})
    controls = {
        name: dict(targets.filter(pl.col("margin") == name).select("level", "total").iter_rows())
        for name in ("region", "size", "group")
    }
    sample = svy.Sample(frame, svy.Design(stratum="stratum", wgt="weight"))

    def first_errors(estimate):
        return estimate.to_polars().sort("region")["se"][:5].to_list()

    return {
        "one": (lambda: sample.estimation.prop("q0", by="region"), first_errors),
        "all": (
            lambda: [sample.estimation.prop(name, by="region") for name in QUESTIONS],
            lambda results: first_errors(results[0]),
        ),
        "rake": (
            lambda: sample.weighting.rake(controls=controls, tol=1e-8, max_iter=1000),
            lambda result: result.data["rk_wgt"][:5].to_list(),
        ),
    }


def work(name, paths, repeats):
    """Run the tasks of one Python rival and print a JSON line for each."""
    tasks = {"ours": load_ours, "svy": load_svy}[name](paths)
    for task, (run, check) in tasks.items():
        before = _resident()
        _reset_peak()
        seconds = []
        for _ in range(repeats[task]):
            start = time.perf_counter()
            result = run()
            seconds.append(time.perf_counter() - start)
        memory = _peak() - before
        line = {"task": task, "seconds": min(seconds), "memory": memory, "check": check(result)}
        print(json.dumps(line), flush=True)


def _status(field):
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) / 1024
    raise LookupError(field)


def _resident():
    """Memory in use, in MB (Linux)."""
    return _status("VmRSS")


def _reset_peak():
    """Make the kernel forget the peak so far (Linux)."""
    Path("/proc/self/clear_refs").write_text("5")


def _peak():
    """Largest memory in use since `_reset_peak`, in MB."""
    return _status("VmHWM")


def run_rival(command, limit):
    """Return the JSON lines of a rival's process; what it said if it failed."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=False)
        out, note = done.stdout, done.stderr.strip().splitlines()[-1:] if done.returncode else []
    except subprocess.TimeoutExpired as stopped:
        out, note = (stopped.stdout or b"").decode(), [f"stopped after {limit} s"]
    lines = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
    return {line["task"]: line for line in lines}, "".join(note)


def compare(rows, folder, svy_python, limit):
    """Run all rivals on one size and print a line per task and rival."""
    import numpy as np

    paths = make_data(rows, folder)
    repeats = ",".join(str(count_runs(rows)[task]) for task in TASKS)
    here = [str(Path(__file__).resolve()), "--worker"]
    given = ["--data", json.dumps({key: str(path) for key, path in paths.items()})]
    commands = {"ours": [sys.executable, *here, "ours", *given, "--repeats", repeats]}
    if shutil.which("Rscript"):
        script = folder / "rival.R"
        script.write_text(R_SCRIPT)
        files = [str(paths["csv"]), repeats, str(paths["targets"])]
        commands["R survey"] = ["Rscript", str(script), *files]
    if svy_python:
        commands["svy"] = [svy_python, *here, "svy", *given, "--repeats", repeats]
    results, notes = {}, {}
    load = os.getloadavg()[0]
    for name, command in commands.items():
        results[name], notes[name] = run_rival(command, limit)
    print(f"{rows:>9,}  load {load:.1f} before, {os.getloadavg()[0]:.1f} after")
    for task, title in TASKS.items():
        ours = results["ours"][task]
        print(f"{rows:>9,}  {title:<26}{'ours':<10}{ours['seconds']:>10.4f} s"
              f"{ours['memory']:>8.0f} MB")  # fmt: skip
        for name in list(commands)[1:]:
            found = results[name].get(task)
            if found is None:
                print(f"{'':>11}{'':<26}{name:<10}  no result: {notes[name]}")
                continue
            ratio = found["seconds"] / ours["seconds"]
            width = min(len(found["check"]), len(ours["check"]))
            same = np.subtract(found["check"][:width], ours["check"][:width])
            gap = np.abs(same / ours["check"][:width]).max() if width else np.nan
            goal = GOALS[name][task]
            verdict = f"{ratio:7.0f}x (goal {goal}x{' from 100,000 rows' if rows < 1e5 else ''})"
            print(f"{'':>11}{'':<26}{name:<10}{found['seconds']:>10.4f} s"
                  f"{found['memory']:>8.0f} MB{verdict}  differs by {gap:.0e}")  # fmt: skip


def main():
    """Read the command line and run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[5_000, 100_000, 1_000_000])
    parser.add_argument("--svy-python", help="interpreter in which svy is installed")
    parser.add_argument("--limit", type=int, default=900, help="seconds a rival may take per size")
    parser.add_argument("--worker", choices=["ours", "svy"], help=argparse.SUPPRESS)
    parser.add_argument("--data", help=argparse.SUPPRESS)
    parser.add_argument("--repeats", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.worker:
        repeats = dict(zip(TASKS, map(int, given.repeats.split(",")), strict=True))
        work(given.worker, json.loads(given.data), repeats)
        return
    if given.svy_python and not shutil.which(given.svy_python):
        parser.error(f"--svy-python {given.svy_python}: no such interpreter")
    print(f"{os.cpu_count()} processors; time, peak memory beyond the data, ours is faster by")
    with tempfile.TemporaryDirectory() as folder:
        for rows in given.rows:
            compare(rows, Path(folder), given.svy_python, given.limit)


if __name__ == "__main__":
    main()
