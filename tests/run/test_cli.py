"""The command line: one sentence and exit code 2 for a mistake, pages for the rest."""

import subprocess
import sys

import pytest

from helpers.run import cli
from helpers.run.manifests import Manifest, hash_outputs, write_manifest

PARAMETERS = 'wave = "2016"\nalpha = 0.05\n'
CODEBOOK = "data/surveys/mayors/codebook.yaml"
RESPONSES = "data/surveys/mayors/2016/responses.parquet"


@pytest.fixture
def run(monkeypatch, capsys):
    """Run `studies` in this process: exit code, output, error output as one line."""
    monkeypatch.setenv("COLUMNS", "300")

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["studies", *words])
        with pytest.raises(SystemExit) as end:
            cli.main()
        out, err = capsys.readouterr()
        return end.value.code or 0, out, " ".join(err.split())

    return run


@pytest.fixture
def mayors(collection):
    collection.write_study("02-mayors", "wave, alpha", parameters=PARAMETERS)
    collection.write_study("03-evaluation", "wave", surveys=("evaluation",))
    return collection


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["run", "04"], "'04' is not a study; valid are 02-mayors, 03-evaluation."),
        (["run", "02-mayor"], "Did you mean 02-mayors?"),
        (["run", "--wave", "2061"], "No study has the wave '2061'; valid are 2015, 2016"),
        (["run", "02", "--wave", "2015"], "'2015' is not a wave of mayors; valid are 2016"),
        (["run", "02", "-p", "colour", "red"], "unknown parameter: colour; valid are wave, alpha"),
        (["run", "02", "-p", "alpha", "high"], "parameter alpha: 'high' is not a float"),
        (["run", "02", "--parameter", "alpha", "high"], "'high' is not a float"),
        (["run", "02", "-p", "alpha=high"], "'high' is not a float"),
        (["run", "02", "-p", "alpha"], "-p alpha: needs a name and a value"),
        (["run", "02", "-p", "=1"], "-p =1: needs a name and a value"),
    ],
)
def test_mistake_is_told_in_one_sentence(mayors, run, words, message):
    code, out, err = run(*words)
    assert code == 2
    assert err.startswith("Error: ")
    assert message in err
    assert "Traceback" not in out + err
    assert mayors.list_reports() == []


@pytest.mark.parametrize(
    "words", [["run", "-p"], ["run", "--wave"], ["run", "--wav", "demo"], ["rnu"]]
)
def test_option_or_command_that_is_none(mayors, run, words):
    code, out, err = run(*words)
    assert code == 2
    assert "Traceback" not in out + err
    assert mayors.list_reports() == []


def truncate(collection):
    path = collection.path(RESPONSES)
    path.write_bytes(path.read_bytes()[:-100])


def remove(collection):
    collection.path(RESPONSES).unlink()


def repeat_answer(collection):
    collection.edit(CODEBOOK, "{code: 2, id: yes_growing", "{code: 1, id: yes_growing")


def move_region(collection):
    collection.edit("data/surveys/domains.yaml", 'code: "52", id: "52"', 'code: "49", id: "49"')


def unsettle(collection):
    collection.edit("data/surveys/mayors/2016/wave.yaml", "n: 304\n", "n: -304\n")


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (truncate, "mayors/2016/responses.parquet: its SHA-256 is not the one in wave.yaml"),
        (remove, "mayors/2016/responses.parquet: no such file"),
        (repeat_answer, "answer code given twice: 1"),
        (move_region, "'49'"),
        (unsettle, ": n: Input should be greater than 0"),
    ],
)
def test_damaged_data_are_told_before_anything_is_written(mayors, run, damage, message):
    damage(mayors)
    code, out, err = run("run", "02", "--wave", "2016")
    assert code == 2
    assert err.startswith("Error: ")
    assert message in err
    assert "Traceback" not in out + err
    assert mayors.list_reports() == []


def test_list_shows_studies_and_waves(mayors, run):
    code, out, err = run("list")
    assert (code, err) == (0, "")
    rows = [" ".join(line.replace("│", " ").split()) for line in out.splitlines()]
    assert "02-mayors What of 02-mayors? 2016, 2024, demo" in rows
    assert "03-evaluation What of 03-evaluation? 2015" in rows
    assert "mayors 2016 reconstructed 304 published" in rows
    assert "companies demo demo 1,300 counted" in rows


def test_command_prints_no_traceback(mayors):
    """The installed command, in a process of its own."""
    command = [sys.executable, "-m", "helpers.run.cli", "run", "02", "--wave", "2061"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("Error: 02-mayors: '2061' is not a wave of mayors")
    assert done.stderr.count("\n") == 1


def test_failing_study_names_itself_and_the_others_go_on(mayors, run):
    mayors.write_study("01-broken", "x = 1", "1 / 0")
    code, out, err = run("run", "--wave", "2016")
    assert code == 1
    assert "1 of 2 pages written" in out
    assert "01-broken (wave 2016): cell " in err
    assert err.endswith("failed: ZeroDivisionError: division by zero")
    assert "02-mayors" not in err
    assert mayors.list_reports() == ["2016/02-mayors.html", "index.fr.html", "index.html"]
    index = mayors.path("reports/index.html").read_text(encoding="utf-8")
    assert "01-broken" not in index
    page = mayors.path("reports/2016/02-mayors.html").read_text(encoding="utf-8")
    assert ">('2016', 0.05)</pre>" in page
    assert str(mayors.root) not in page


def test_input_a_cell_refuses_is_a_mistake_of_the_user(mayors, run):
    mayors.write_study("01-refuses", "from helpers.data.responses import read_wave",
                       'read_wave("mayors", "2061")')  # fmt: skip
    code, _, err = run("run", "01", "--wave", "2016")
    assert code == 2
    assert "01-refuses (wave 2016): cell " in err
    assert "'2061' is not a wave of mayors; valid are 2016" in err


def test_parameters_reach_the_notebook(mayors, run):
    code, out, _ = run("run", "02", "--wave", "demo", "-p", "alpha", "1")
    assert code == 0
    assert "1 of 1 pages written; open reports/index.html." in out
    (page,) = mayors.path("reports/demo").iterdir()
    assert ">('demo', 1.0)</pre>" in page.read_text(encoding="utf-8")
    assert list(mayors.path("notebooks").iterdir()) == sorted(
        mayors.path("notebooks").glob("*.ipynb")
    )


def test_runs_of_the_command_at_once(collection):
    collection.write_study("01-tiny", "wave")
    command = [sys.executable, "-m", "helpers.run.cli", "run", "--wave", "2016"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    runs = [subprocess.Popen(command, **pipes) for _ in range(3)]
    errors = [run.communicate()[1] for run in runs]
    assert [run.returncode for run in runs] == [0, 0, 0], errors
    # The interrupt that ends a kernel may reach it when it is idle already; it then says so.
    said = "[IPKernelApp] ERROR | KeyboardInterrupt caught in kernel.\n"
    assert [error.replace(said, "") for error in errors] == ["", "", ""]
    assert collection.list_reports() == ["2016/01-tiny.html", "index.fr.html", "index.html"]


def test_two_words_after_the_parameter_become_one():
    assert cli._join_pairs(["run", "-p", "by", "area", "02"]) == ["run", "-p", "by=area", "02"]
    assert cli._join_pairs(["-p", "by=area", "02"]) == ["-p", "by=area", "02"]
    assert cli._join_pairs(["-p", "by", "a=b"]) == ["-p", "by=a=b"]
    assert cli._join_pairs(["-p"]) == ["-p"]


def test_publish_says_what_it_did_or_why_not(mayors, run):
    page = mayors.path("reports/demo/02-mayors.html")
    page.parent.mkdir(parents=True)
    page.write_text("FICTIONAL data: says nothing about France", encoding="utf-8")
    code, out, err = run("publish", "demo")
    assert (code, err) == (0, "")
    assert "Wave demo: 1 files in published/demo, checked and logged." in out
    page.write_text("37%", encoding="utf-8")
    code, out, err = run("publish", "demo")
    assert code == 1
    assert err == "02-mayors.html: does not say that its data are demo"
    assert "Wave demo: refused, 1 findings; nothing was published." in out
    code, _, err = run("publish", "2061")
    assert code == 2
    assert "'2061' is not a wave of any survey" in err


def test_what_is_current_is_kept_unless_forced(mayors, run):
    code, out, err = run("run", "02", "--wave", "2016", "--jobs", "1")
    assert (code, err) == (0, "")
    assert "1 of 1 pages written; open reports/index.html." in out
    code, out, _ = run("run", "02", "--wave", "2016")
    assert code == 0
    assert "0 of 1 pages written, 1 current already; open reports/index.html." in out
    code, out, _ = run("run", "02", "--wave", "2016", "--force", "--engine", "nbclient")
    assert code == 0
    assert "1 of 1 pages written; open reports/index.html." in out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--jobs", "0"], "jobs is 0; it must be 1 or more."),
        (["--jobs", "-2"], "jobs is -2; it must be 1 or more."),
        (["--engine", "spooned"], "engine is 'spooned'; it must be forked or nbclient."),
        (["--executor", "slurm"], "executor is 'slurm'; it must be local or dask."),
        (["--executor", "dask"], "--executor dask and --scheduler ADDRESS go together."),
        (["--scheduler", "tcp://127.0.0.1:1"], "--executor dask and --scheduler ADDRESS go"),
    ],
)
def test_way_of_running_that_is_none(mayors, run, words, message):
    code, _, err = run("run", "02", "--wave", "2016", *words)
    assert code == 2
    assert err.startswith(f"Error: {message}")
    assert mayors.list_reports() == []


def test_status_says_why(mayors, run):
    code, out, err = run("status", "02", "--wave", "2016", "--wave", "demo")
    assert (code, err) == (0, "")
    assert "02-mayors 2016: never run, or stopped half-way\n" in out
    assert "2 of 2 would be run." in out
    assert mayors.list_reports() == []
    run("run", "02", "--wave", "2016")
    mayors.edit(CODEBOOK, "survey: mayors\n", "survey: mayors \n")
    code, out, _ = run("status", "02", "--wave", "2016", "--pdf")
    assert code == 0
    assert f"02-mayors 2016: file {CODEBOOK} changed; no PDF yet\n1 of 1 would be run.\n" in out
    run("run", "02", "--wave", "2016")
    assert "02-mayors 2016: current\n0 of 1" in run("status", "02", "--wave", "2016")[1]


def test_diff_names_inputs_and_numbers(mayors, run):
    columns = "id,n,estimate,ci_low,ci_high,reliability,mark\n"
    for alpha, row in (
        ("0.05", "a,10,0.5,0.4,0.6,ok,none"),
        ("0.01", "a,10,0.6,0.5,0.7,ok,higher"),
    ):
        page = f"2016/02-mayors--alpha={alpha}.html"
        file = mayors.path("reports") / page.replace(".html", ".files") / "estimates.csv"
        file.parent.mkdir(parents=True)
        file.write_text(columns + row + "\n", encoding="utf-8")
        outputs = hash_outputs([file], mayors.path("reports"))
        made = Manifest(page, {"parameter alpha": alpha}, outputs, "today", 1.0, "forked")
        write_manifest(made, mayors.path("reports"))
    pages = [f"reports/2016/02-mayors--alpha={alpha}.html" for alpha in ("0.05", "0.01")]
    code, out, err = run("diff", *pages)
    assert (code, err) == (0, "")
    assert "inputs: parameter alpha 0.05 -> 0.01\n" in out
    assert "a: 0.5 -> 0.6 (n 10 -> 10)" in out
    assert "a: none -> higher" in out
    code, _, err = run("diff", pages[0], "0000")
    assert code == 2
    assert err.startswith("Error: '0000': neither a run of reports/runs (2 are there) nor a page")


def test_diff_of_pages_without_estimates(mayors, run):
    run("run", "02", "--wave", "2016")
    code, _, err = run("diff", *["reports/2016/02-mayors.html"] * 2)
    assert code == 2
    assert "it kept no numbers: its page shows no estimate." in err
