"""Time and peak memory of runs, beside papermill and nbconvert as commands, one after the other.

    python benchmarks/runs.py [--part collection|grid|start] [--regions 13]

Same notebooks, same parameters, outputs compared. "collection": each study once in English, on
its demonstration wave if it has one, else on its last. "grid": a small notebook with pandas,
seaborn, geopandas and a widget, 13 regions x 3 levels. The commands give plain pages; ours also
render the page with its sources and write CSV, workbook and figures at 300 dpi. Memory is the
proportional set size summed over all processes, so that pages shared by forks count once.
"nothing changed" is the same command again. Run it on an idle machine.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import nbformat
import psutil

ROOT = Path(__file__).resolve().parents[1]
PARTS = {"collection": 5, "grid": 9}  # times faster than the commands, as aimed at
KEPT = 100
GRID = "08-grid"
CELLS = [
    'region = "11"  # region: {%s}\nalpha = 0.05',
    "import geopandas as gpd\nimport ipywidgets\nimport pandas as pd\nimport seaborn as sns\n"
    "from helpers.data.regions import read_regions\n"
    "from helpers.data.responses import read_wave\n"
    "from helpers.stats.results import Rule, estimate_question",
    'wave = read_wave("companies", "demo")\n'
    'table = estimate_question(wave, "has_partnership", by="region", rule=Rule(alpha=alpha))\n'
    'table.loc[table["domain"] == region, ["answer", "n", "estimate", "mark"]].round(4)',
    'sns.barplot(table[table["answer"] == "yes"], x="domain", y="estimate", color="#3b5b8c");',
    'regions = read_regions("regions-2016")\n'
    'regions.assign(chosen=regions["code"] == region).plot(column="chosen");',
    "ipywidgets.FloatSlider(value=alpha, max=1)",
]


def make_collection(folder):
    """A copy to write into."""
    root = folder / "collection"
    for name in ("data", "notebooks"):
        shutil.copytree(ROOT / name, root / name)
    shutil.copy(ROOT / "CITATION.cff", root)
    (root / "shapefiles").symlink_to(ROOT / "shapefiles", target_is_directory=True)
    return root


def write_grid(root, regions):
    for path in (root / "notebooks").glob("*.ipynb"):
        path.unlink()
    first, *rest = CELLS
    given = nbformat.v4.new_code_cell(first % ", ".join(regions), metadata={"tags": ["parameters"]})
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("# A small notebook"), given,
               *map(nbformat.v4.new_code_cell, rest)],
        metadata={"study": {"question": "What of it?", "surveys": []},
                  "kernelspec": {"name": "python3", "display_name": "Python 3"},
                  "language_info": {"name": "python"}},
    )  # fmt: skip
    nbformat.write(notebook, root / "notebooks" / f"{GRID}.ipynb")


def plan(part, root):
    from helpers.run.plans import plan_runs

    if part == "grid":
        levels = (0.01, 0.05, 0.1)
        return [run for level in levels
                for run in plan_runs(parameters={"alpha": str(level)}, crossed={"region": None},
                                     root=root)]  # fmt: skip
    chosen = {}
    for run in plan_runs(crossed={"lang": ["en"]}, root=root):
        if run.study not in chosen or chosen[run.study].wave != "demo":
            chosen[run.study] = run
    return list(chosen.values())


def run_commands(part, root, out):
    """The rival: two commands for each run."""
    seconds = {"papermill": 0.0, "nbconvert": 0.0}
    binary = Path(sys.executable).parent
    for number, run in enumerate(plan(part, root)):
        target = out / f"{number}.ipynb"
        # -r keeps text as it is: -p would make a number of region 11.
        given = [
            word
            for name, value in run.parameters.items()
            for word in ("-r" if isinstance(value, str) else "-p", name, str(value))
        ]
        commands = {
            "papermill": ["papermill", str(run.path), str(target), "-k", "python3",
                          "--no-progress-bar", *given],
            "nbconvert": ["jupyter", "nbconvert", "--to", "html", str(target)],
        }  # fmt: skip
        for name, (program, *words) in commands.items():
            began = time.perf_counter()
            subprocess.run([binary / program, *words], check=True, cwd=root / "notebooks",
                           capture_output=True)  # fmt: skip
            seconds[name] += time.perf_counter() - began
    return seconds


def run_ours(part, root, out):
    """What `studies run` does, and a copy of each executed notebook to compare."""
    from helpers.run.runs import write_pages

    began = time.perf_counter()
    seconds = dict.fromkeys(("cells", "kernels", "writing"), 0.0)

    def choose():
        from helpers.run.executors import LocalExecutor

        class Keeping(LocalExecutor):
            def execute(self, runs, *, started):
                seconds["before the first kernel"] = time.perf_counter() - began
                numbers = {str(run): number for number, run in enumerate(runs)}
                for run, done in super().execute(runs, started=started):
                    if isinstance(done, Exception):
                        sys.exit(str(done))
                    nbformat.write(done.notebook, out / f"{numbers[str(run)]}.ipynb")
                    seconds["kernels"] += done.seconds
                    seconds["cells"] += sum(cell.seconds for cell in done.cells)
                    start = time.perf_counter()
                    yield run, done
                    seconds["writing"] += time.perf_counter() - start

        return Keeping()

    result = write_pages(plan(part, root), root=root, executor=choose)
    return seconds | {"pages": result.written, "kept": result.kept}


def sample_memory(process, peak, done):
    """Note the greatest sum of proportional set sizes of a process and its descendants."""
    while not done.wait(0.5):
        total = 0
        try:
            for one in [process, *process.children(recursive=True)]:
                try:
                    total += one.memory_full_info().pss
                except psutil.Error:
                    continue
        except psutil.Error:
            break
        peak.append(total)


def measure(who, part, root, out):
    """Run one side in a process of its own: seconds, peak memory in MB, its own account."""
    out.mkdir(exist_ok=True)
    command = [sys.executable, __file__, "--side", who, "--part", part, "--folder", str(root),
               "--out", str(out)]  # fmt: skip
    environment = {**os.environ, "STUDIES_HOME": str(root), "PYTHONHASHSEED": "0"}
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as started:
        peak, done = [0], threading.Event()
        thread = threading.Thread(
            target=sample_memory, args=(psutil.Process(started.pid), peak, done)
        )
        thread.start()
        text = started.communicate()[0]
        seconds = time.perf_counter() - began
        done.set()
        thread.join()
    if started.returncode:
        sys.exit(f"{who} failed")
    return seconds, max(peak) / 2**20, json.loads(text.splitlines()[-1])


def sanitise(notebook):
    """Outputs without addresses, random ids and what papermill adds; numbers stay."""
    cells = [
        [{**output, "execution_count": None} for output in cell.get("outputs", [])]
        for cell in notebook.cells
    ]
    text = json.dumps(cells, sort_keys=True)
    return re.sub(
        r"0x[0-9a-f]+|ipykernel_\d+/\d+|\b[0-9a-f]{32}\b|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
        r"|T_[0-9a-f]{5}|#?\b[a-z]{10}\b(?=[ \\\"])|altair-viz-[0-9a-f]+",
        "*", text,
    )  # fmt: skip


def compare(one, other):
    names = sorted(path.name for path in one.glob("*.ipynb"))
    same = [
        sanitise(nbformat.read(one / name, as_version=4))
        == sanitise(nbformat.read(other / name, as_version=4))
        for name in names
    ]
    return sum(same), [name for name, equal in zip(names, same, strict=True) if not equal]


def report(part, folder, regions):
    root = make_collection(folder)
    if part == "grid":
        write_grid(root, regions)
    ours, memory, facts = measure("ours", part, root, folder / "ours")
    kept, _, again = measure("ours", part, root, folder / "again")
    rival, rival_memory, rival_facts = measure("commands", part, root, folder / "commands")
    same, differing = compare(folder / "commands", folder / "ours")
    print(f"{part}: {facts['pages']} runs, {os.cpu_count()} cores, "
          f"load {os.getloadavg()[1]:.1f} (an idle machine: below 2)")  # fmt: skip
    shares = ", ".join(f"{name} {value:.1f} s" for name, value in rival_facts.items())
    print(f"  commands        {rival:7.1f} s, {rival_memory:6.0f} MB ({shares})")
    print(f"  ours            {ours:7.1f} s, {memory:6.0f} MB: {rival / ours:.1f} times faster "
          f"(aim {PARTS[part]})")  # fmt: skip
    print(f"  nothing changed {kept:7.2f} s: {rival / kept:.0f} times faster (aim {KEPT}), "
          f"{again['kept']} kept")  # fmt: skip
    told = f", not: {', '.join(differing)}" if differing else ""
    print(f"  same outputs: {same} of {facts['pages']}{told}")
    print(f"  what bounds ours: {facts['before the first kernel']:.1f} s before the first kernel, "
          f"then some at a time: {facts['kernels']:.1f} s with kernels, of which "
          f"{facts['cells']:.1f} s in cells; meanwhile {facts['writing']:.1f} s of writing "
          "pages and files")  # fmt: skip


def report_start():
    """Time to import the package, and to a first useful cell in a fresh kernel."""
    from jupyter_client.manager import start_new_kernel

    def time_python(code):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        return time.perf_counter() - began

    bare, package = (min(time_python(code) for _ in range(5)) for code in ("", "import helpers"))
    print(f"import helpers: {package - bare:.3f} s (aim below 0.3)")
    cell = (
        "from helpers.data.responses import read_wave\n"
        "from helpers.stats.results import estimate_question\n"
        'estimate_question(read_wave("mayors", "2016"), "territory_coconstruction_dynamic")'
    )
    found = []
    for _ in range(3):
        began = time.perf_counter()
        manager, client = start_new_kernel(kernel_name="python3", cwd=str(ROOT))
        ready = time.perf_counter() - began
        answer = client.execute_interactive(cell, output_hook=lambda message: None, timeout=60)
        found.append((time.perf_counter() - began - ready, ready))
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        if answer["content"]["status"] != "ok":
            sys.exit(f"first cell failed: {answer['content']['evalue']}")
    seconds, ready = min(found)
    print(f"first useful cell, an estimate table, in a fresh kernel: {seconds:.2f} s "
          f"(aim below 2), after {ready:.2f} s for the kernel itself")  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--part", choices=[*PARTS, "start"])
    parser.add_argument("--regions", type=int, default=13)
    for name in ("--side", "--folder", "--out"):
        parser.add_argument(name, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side:
        side = {"ours": run_ours, "commands": run_commands}[options.side]
        print(json.dumps(side(options.part, Path(options.folder), Path(options.out))))
        return
    from helpers.data.regions import read_regions

    regions = read_regions("regions-2016")["code"].tolist()[: options.regions]
    for part in [options.part] if options.part else [*PARTS, "start"]:
        if part == "start":
            report_start()
            continue
        with tempfile.TemporaryDirectory() as folder:
            report(part, Path(folder), regions)


if __name__ == "__main__":
    main()
