"""A received file becomes a wave whole or not at all, and the same estimates come out of it."""

import dataclasses
import os
import signal
import subprocess
import sys
import time

import pandas as pd
import pytest
from ruamel.yaml import YAML

from helpers.data.catalog import list_waves, read_waves
from helpers.data.codebook import Wording, read_codebook
from helpers.data.errors import InputError
from helpers.data.responses import checksum, read_wave
from helpers.data.waves import read_wave_file
from helpers.run import cli, intake, wavefolder
from helpers.run.examples import write_example, write_responses
from helpers.run.intake import propose, take_in
from helpers.run.synthesis import list_synthetic
from helpers.run.wavefile import Facts
from helpers.stats.results import Rule, estimate_question

DRAFT = ["mapping.yaml", "methodology.yaml"]
KEPT = [*DRAFT, "responses.parquet", "wave.yaml"]


def receive(desk, path=None, *, survey="small", wave="2027", edit=(), facts=None, **options):
    """Propose, edit the mapping, take in."""
    path = path or desk.write()
    folder = desk.root / "data" / "surveys" / survey / wave
    if not (folder / "mapping.yaml").exists():
        propose(path, survey, wave, root=desk.root)
    for old, new in edit:
        text = (folder / "mapping.yaml").read_text(encoding="utf-8")
        assert old in text
        (folder / "mapping.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    return take_in(
        path, survey, wave, folder / "mapping.yaml", facts=facts, root=desk.root, **options
    )


def test_codes_of_every_type_of_question(desk):
    receive(desk)
    codes = pd.read_parquet(desk.wave / "responses.parquet").set_index("respondent")
    assert list(codes) == ["weight", "region", "commune_size", "likes", "why__habit", "why__taste",
                           "why__duty", "priorities__jobs", "priorities__health",
                           "priorities__housing", "marks__trust", "marks__hope"]  # fmt: skip
    assert codes["weight"].tolist() == [1.5, 0.5, 1.0, 1.0, 1.25, 0.75, 1.0, 1.0]
    assert codes["region"].fillna("").tolist() == ["53", "53", "11", "93+94", "76", "28", "44", ""]
    assert codes["likes"].fillna(0).tolist() == [1, 1, 2, 3, 1, 2, 1, 0]
    assert codes["why__habit"].astype(object).fillna("").tolist() == [
        True, False, True, "", True, True, "", "",
    ]  # fmt: skip
    assert codes.loc["a4", ["priorities__jobs", "priorities__health"]].tolist() == [3, 2]
    assert codes["marks__trust"].fillna(-1).tolist() == [7, 10, 0, 5, 6, 8, -1, -1]


def test_wave_file_says_where_the_wave_comes_from(desk):
    path = desk.write()
    facts = Facts(
        dates="March 2027", producer="An institute", by="A researcher", title="Petit 2027"
    )
    receive(desk, path, facts=facts)
    file = read_wave_file("small", "2027", root=desk.root)
    assert (file.n, file.n_status, file.provenance) == (8, "counted", "real")
    assert file.fieldwork.dates == Wording(en="March 2027", fr="March 2027")
    assert file.fieldwork.mode == Wording(en="not stated", fr="non précisé")
    assert file.title.fr == "Petit 2027"
    assert file.weighting.en == "Weights of the file (column Poids), as received."
    assert file.weighting.fr == "Poids du fichier (colonne Poids), tels que reçus."
    assert file.questions == ["likes", "why", "priorities", "marks", "fan"]
    assert file.checksum == checksum(desk.wave / "responses.parquet")
    came = file.intake
    assert (came.source, came.sha256) == ("received.csv", checksum(path))
    assert came.mapping == checksum(desk.wave / "mapping.yaml")
    assert (came.rows_read, came.rows_kept, came.by) == (8, 8, "A researcher")
    assert came.missing == {
        "region": {"no_answer": 1}, "likes": {"dont_know": 1},
        "why": {"no_answer": 1, "not_asked": 2}, "priorities": {"no_answer": 2},
        "marks": {"no_answer": 1},
    }  # fmt: skip


def test_wave_is_read_listed_and_estimated(desk):
    receive(desk)
    wave = read_wave("small", "2027", root=desk.root)
    assert wave.respondents["fan"].astype(object).fillna("").tolist() == [
        "fan", "fan", "other", "other", "fan", "other", "fan", "",
    ]  # fmt: skip
    rule = Rule(reliability="none")
    assert set(estimate_question(wave, "likes", rule=rule)["reliability"]) == {"suppress"}
    fictional = dataclasses.replace(wave, file=wave.file.model_copy(update={"provenance": "demo"}))
    table = estimate_question(fictional, "likes", rule=rule)
    assert table.set_index("answer").loc["yes", "estimate"] == pytest.approx(4.25 / 7)
    waves = read_waves(root=desk.root).set_index(["survey", "wave"])
    assert waves.loc[("small", "2027"), "provenance"] == "real"


def copy_codes(desk, survey, wave):
    """The coded respondents of a wave of the collection, with ids that are not synthetic."""
    folder = desk.root / "data" / "surveys" / survey / wave
    codes = pd.read_parquet(folder / "responses.parquet")
    return codes.assign(respondent=codes["respondent"].str.replace("D", "x"))


FORMS = [".sav", ".zsav", ".xlsx", ".csv", ".parquet", "cp1252", "utf-16"]


@pytest.mark.parametrize(
    ("survey", "form"),
    [
        *[("mayors", form) for form in FORMS],
        *[
            (survey, form)
            for survey in ("companies", "associations")
            for form in (".sav", "cp1252")
        ],
    ],
)
def test_round_trip_gives_identical_estimates(desk, survey, form):
    """Written as an institute would, taken in again: every table is the same to the last bit."""
    codebook = read_codebook(survey, root=desk.root)
    codes = copy_codes(desk, survey, "demo")
    path = desk.folder / f"wave{form if form.startswith('.') else '.csv'}"
    write_responses(codes, codebook, path)
    if form == "cp1252":
        path.write_bytes(path.read_text(encoding="utf-8-sig").encode("cp1252"))
    if form == "utf-16":
        frame = pd.read_csv(path, sep=";", decimal=",", dtype=str)
        path.write_bytes(frame.to_csv(sep="\t", index=False).encode("utf-16"))
    before = read_wave(survey, "demo", root=desk.root)
    strata = ", ".join(before.design.strata)
    receive(desk, path, survey=survey, facts=Facts(provenance="demo"),
            edit=[("strata: []", f"strata: [{strata}]")])  # fmt: skip
    after = read_wave(survey, "2027", root=desk.root)
    assert after.design == before.design
    ours = after.respondents.drop(columns="respondent")
    pd.testing.assert_frame_equal(ours, before.respondents[ours.columns])
    for question in before.file.questions[:2]:
        for by in (None, before.file.domains[0]):
            tables = [
                estimate_question(wave, question, by=by).drop(columns="wave")
                for wave in (before, after)
            ]
            pd.testing.assert_frame_equal(*tables)


def test_first_call_never_overwrites_a_mapping(desk):
    path = desk.write()
    draft = propose(path, "small", "2027", root=desk.root)
    assert draft.path == desk.wave / "mapping.yaml"
    assert desk.list_waves() == [f"2027/{name}" for name in DRAFT]
    assert list_waves("small", root=desk.root) == []
    draft.path.write_text("edited", encoding="utf-8")
    with pytest.raises(InputError, match="small/2027/mapping.yaml is there already and may have"):
        propose(path, "small", "2027", root=desk.root)
    assert draft.path.read_text(encoding="utf-8") == "edited"


def test_replacing_a_wave_keeps_its_mapping(desk):
    receive(desk, edit=[("OUI: yes", "OUI: a_little")])
    before = (desk.wave / "mapping.yaml").read_bytes()
    with pytest.raises(InputError, match=r"use it with --mapping data/\S+mapping.yaml --replace, "):
        propose(desk.write("b.csv"), "small", "2027", replace=True, root=desk.root)
    assert (desk.wave / "mapping.yaml").read_bytes() == before


def test_file_without_any_question_is_refused(desk):
    path = desk.folder / "x.csv"
    path.write_text("ID;Région;V1\na;Corse;9\nb;Corse;8\n", encoding="utf-8")
    with pytest.raises(
        InputError,
        match=r"x.csv: no question of the survey small was recognised in its 3 columns: "
        r"ID, Région, V1\. Is it the right file",
    ):
        propose(path, "small", "2027", root=desk.root)
    assert desk.list_waves() == []


def test_real_wave_is_replaced_only_when_asked(desk):
    receive(desk)
    first = (desk.wave / "responses.parquet").read_bytes()
    (desk.wave / "notes.txt").write_text("mine", encoding="utf-8")
    path = desk.write("second.csv", Poids=["2"] * 8)
    with pytest.raises(InputError, match=r"small/2027 exists already: 8 respondents, real; --repl"):
        receive(desk, path)
    with pytest.raises(InputError, match="small/2027 exists already"):
        propose(path, "small", "2027", root=desk.root)
    assert (desk.wave / "responses.parquet").read_bytes() == first
    receive(desk, path, replace=True)
    assert pd.read_parquet(desk.wave / "responses.parquet")["weight"].eq(2).all()
    assert (desk.wave / "notes.txt").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(("wave", "kind"), [("2016", "reconstructed"), ("demo", "demo")])
def test_synthetic_wave_is_never_replaced(desk, wave, kind):
    before = (desk.root / "data/surveys/mayors" / wave / "responses.parquet").read_bytes()
    path = write_example("mayors", desk.folder / "m.sav", root=desk.root)
    for replace in (False, True):
        with pytest.raises(
            InputError, match=rf"mayors/{wave} is a wave of the collection \({kind}"
        ):
            propose(path, "mayors", wave, replace=replace, root=desk.root)
    assert (desk.root / "data/surveys/mayors" / wave / "responses.parquet").read_bytes() == before


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("as written", "the file calls itself FICTIONAL"),
        ("no title", "500 ids are those of synthetic respondents (D00001)"),
        ("no ids", "its 500 respondents are those of mayors/demo"),
        ("shuffled", "its 500 respondents are those of mayors/demo"),
    ],
)
def test_fictional_respondents_are_not_real(desk, change, words):
    codebook = read_codebook("mayors", root=desk.root)
    codes = pd.read_parquet(desk.root / "data/surveys/mayors/demo/responses.parquet")
    title = "FICTIONAL" if change == "as written" else ""
    codes = codes.drop(columns="respondent") if change in ("no ids", "shuffled") else codes
    codes = codes.sample(frac=1, random_state=1) if change == "shuffled" else codes
    path = desk.folder / "m.sav"
    write_responses(codes, codebook, path, title=title)
    with pytest.raises(InputError) as error:
        receive(desk, path, survey="mayors")
    assert words in str(error.value)
    assert "With --provenance demo they are taken in" in str(error.value)
    assert list_waves("mayors", root=desk.root) == ["2016", "2024", "demo"]
    receive(desk, path, survey="mayors", facts=Facts(provenance="demo"))
    assert read_wave("mayors", "2027", root=desk.root).provenance == "demo"
    assert ("mayors", "2027") not in list_synthetic(root=desk.root)


def test_one_file_is_not_two_waves(desk):
    path = desk.write()
    receive(desk, path)
    with pytest.raises(InputError, match="this very file was taken in as the wave 2027 already"):
        receive(desk, path, wave="2028")
    assert list_waves("small", root=desk.root) == ["2027"]


def test_file_of_another_survey(desk):
    written = write_example("companies", desk.folder / "c.csv", root=desk.root)
    frame = pd.read_csv(written, sep=";", dtype=str)
    path = desk.folder / "d.csv"
    frame.drop(columns="partnerships_source_of_innovation").to_csv(path, sep=";", index=False)
    with pytest.raises(
        InputError, match=r"no question of the survey mayors was recogn.* companies"
    ):
        propose(path, "mayors", "2027", root=desk.root)
    assert not (desk.root / "data/surveys/mayors/2027").exists()


def test_respondents_are_numbered_without_ids_and_names_draw_a_warning(desk):
    names = ["Anne Martin", "b@c.fr", "06 12 34 56 78", "a4", "a5", "12345678901", "a7", "a8"]
    arrival = receive(desk, desk.write(ID=names))
    warned = [finding for finding in arrival.findings if finding.check == "personal ids"]
    assert [(finding.column, finding.count) for finding in warned] == [("ID", 3)]
    assert not any(name in finding.message for name in names for finding in arrival.findings)
    arrival = receive(
        desk, desk.write("b.csv"), edit=[("respondent: ID", "respondent:")], replace=True
    )
    assert arrival.responses["respondent"].tolist() == list("12345678")


def test_communes_become_region_and_size(desk):
    codes = ["1004", "01004", "2A004", "75056", "35238", "31555", "67482", "59350"]
    path = desk.write(**{"Région": codes, "Taille de la commune": None})
    arrival = receive(desk, path, edit=[
        ("holds: regions", "holds: communes"),
        ("questions:", "  commune_size: {column: Région, holds: communes}\nquestions:"),
    ])  # fmt: skip
    assert arrival.responses["region"].tolist()[:4] == ["84", "84", "93+94", "11"]
    assert set(arrival.responses["commune_size"]) == {"10000_plus"}
    wrong = desk.write("w.csv", **{"Région": ["99999", *codes[1:]], "Taille de la commune": None})
    with pytest.raises(InputError, match=r"column Région: 1 value in 1 row: [^\n]+$"):
        receive(desk, wrong, replace=True)


def test_columns_per_answer_with_boxes_left_empty(desk):
    """Who was asked and ticked one box did not tick the others; who ticked none said nothing."""
    path = desk.write(**{
        "Pourquoi les aimez-vous ?": None,
        "Pourquoi les aimez-vous ? [Habitude]": ["x", "", "x", "", "", "x", "", ""],
        "Pourquoi les aimez-vous ? [Goût]": ["x", "x", "", "", "", "x", "", ""],
    })  # fmt: skip
    arrival = receive(desk, path)
    why = arrival.responses[["why__habit", "why__taste", "why__duty"]].astype(object).fillna("")
    assert why["why__habit"].tolist() == [True, False, True, "", "", True, "", ""]
    assert why["why__taste"].tolist() == [True, True, False, "", "", True, "", ""]
    assert set(why["why__duty"]) == {""}
    assert any("answers have no column: duty" in found.message for found in arrival.findings)


def test_ranking_by_mentions(desk):
    path = desk.write(**{
        "Classez ces priorités [Emploi]": None, "Classez ces priorités [Santé]": None,
        "Classez ces priorités [Logement]": None,
        "p1": ["Emploi", "Santé", "Logement", "", "Santé", "Emploi", "Emploi", "Emploi"],
        "p2": ["Santé", "Emploi", "", "", "Logement", "Santé", "Santé", "Logement"],
    })  # fmt: skip
    entry = (
        "  priorities:\n    mentions: [p1, p2]\n"
        "    answers: {Emploi: jobs, Santé: health, Logement: housing}\n"
    )
    arrival = receive(desk, path, edit=[("  # Q4", f"{entry}  # Q4")])
    assert arrival.responses["priorities__jobs"].fillna(0).tolist() == [1, 2, 0, 0, 0, 1, 1, 1]
    assert arrival.responses["priorities__housing"].fillna(0).tolist() == [0, 0, 1, 0, 2, 0, 0, 2]


def test_strata_need_respondents(desk):
    with pytest.raises(InputError) as error:
        receive(desk, edit=[("strata: []", "strata: [region]")])
    assert "1 respondents without a stratum" in str(error.value)
    assert "5 strata with a single respondent: " in str(error.value)


@pytest.mark.parametrize("failing", ["responses.parquet", "mapping.yaml", "wave.yaml"])
def test_disk_that_fills_up_leaves_the_wave_as_it_was(desk, monkeypatch, failing):
    receive(desk)
    before = {path.name: path.read_bytes() for path in desk.wave.iterdir()}
    write = wavefolder.write_folder

    def write_folder(folder, files, **options):
        def fail(path):
            path.write_bytes(b"half")
            raise OSError(28, "No space left on device")

        write(folder, files | {failing: fail}, **options)

    monkeypatch.setattr(intake, "write_folder", write_folder)
    with pytest.raises(InputError, match="small/2027: cannot be written: No space left on device"):
        receive(desk, desk.write("b.csv", Poids=["2"] * 8), replace=True)
    assert {path.name: path.read_bytes() for path in desk.wave.iterdir()} == before
    assert [path.name for path in desk.wave.parent.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("moment", ["rename of the old", "rename of the new"])
def test_process_killed_between_the_renames(desk, monkeypatch, moment):
    """Nothing cleans up after a kill: the next intake does, and no half wave is ever listed."""
    receive(desk)
    before = (desk.wave / "responses.parquet").read_bytes()
    calls, rename = [], os.rename

    def stop(source, target):
        calls.append(source)
        if len(calls) > (moment == "rename of the new"):
            raise KeyboardInterrupt
        rename(source, target)

    monkeypatch.setattr(wavefolder.os, "rename", stop)
    monkeypatch.setattr(wavefolder.shutil, "rmtree", lambda *_, **__: None)
    with pytest.raises(KeyboardInterrupt):
        receive(desk, desk.write("b.csv", Poids=["2"] * 8), replace=True)
    monkeypatch.undo()
    monkeypatch.setenv("STUDIES_HOME", str(desk.root))
    assert list_waves("small", root=desk.root) in (["2027"], [])
    receive(desk, desk.write("c.csv", Poids=["3"] * 8), wave="2028")
    wavefolder._clear(desk.wave)
    assert (desk.wave / "responses.parquet").read_bytes() == before
    assert list_waves("small", root=desk.root) == ["2027", "2028"]


def run_command(*words, **options):
    command = [sys.executable, "-m", "helpers.run.cli", *map(str, words)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                            **options)  # fmt: skip


def test_two_intakes_at_once(desk):
    path = desk.write()
    propose(path, "small", "2027", root=desk.root)
    words = ["intake", path, "--survey", "small", "--wave", "2027",
             "--mapping", desk.wave / "mapping.yaml"]  # fmt: skip
    both = [run_command(*words) for _ in range(3)]
    errors = [process.communicate()[1] for process in both]
    codes = sorted(process.returncode for process in both)
    assert codes[0] == 0, errors
    assert set(codes) <= {0, 2}, errors
    assert sum(process.returncode == 0 for process in both) == 1, errors
    assert all(text == "" or text.startswith("Error: small/2027") for text in errors), errors
    assert desk.list_waves() == [f"2027/{name}" for name in KEPT]
    assert read_wave("small", "2027", root=desk.root).file.n == 8


def test_interrupted_command_leaves_no_wave(desk):
    path = desk.write()
    propose(path, "small", "2027", root=desk.root)
    for delay in (0.2, 0.8, 1.4):
        process = run_command("intake", path, "--survey", "small", "--wave", "2027", "--mapping",
                              desk.wave / "mapping.yaml")  # fmt: skip
        time.sleep(delay)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate()
        whole = desk.list_waves() == [f"2027/{name}" for name in KEPT]
        assert whole or desk.list_waves() == [f"2027/{name}" for name in DRAFT], errors
        if whole:
            break


@pytest.fixture
def run(monkeypatch, capsys, desk):
    """Run `studies` in this process, from the folder of the collection."""
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.chdir(desk.root)

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["studies", *map(str, words)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        out, err = capsys.readouterr()
        return end.value.code or 0, out, " ".join(err.split())

    return run


def test_three_commands(desk, run):
    """The second command is printed by the first, and the third by the second."""
    assert run("example", "mayors", "mayors-2027.sav")[0] == 0
    code, out, err = run("intake", "mayors-2027.sav", "--survey", "mayors", "--wave", "2027")
    assert (code, err) == (0, "")
    assert "mayors-2027.sav: 500 rows, 6 columns (title FICTIONAL; encoding UTF-8)." in out
    assert "  territory_coconstruction_dynamic: territory_coconstruction_dynamic (sure: same" in out
    assert "  role: not found" in out
    (second,) = [line.strip() for line in out.splitlines() if line.startswith("  studies intake")]
    assert second == (
        "studies intake mayors-2027.sav --survey mayors --wave 2027 "
        "--mapping data/surveys/mayors/2027/mapping.yaml --provenance demo"
    )
    header = (desk.root / "data/surveys/mayors/2027/mapping.yaml").read_text(encoding="utf-8")
    assert f"#   {second}\n" in header
    code, out, err = run(*second.split()[1:])
    assert (code, err) == (0, "")
    assert (
        "data/surveys/mayors/2027 is written: 500 respondents (demo), 2 questions, 2 domain" in out
    )
    assert out.splitlines()[-1] == "Next: studies run --wave 2027"


def test_command_names_what_is_wrong(desk, run):
    path = desk.write(Poids=["-1"] + ["1"] * 7)
    assert run("intake", path, "--survey", "smal", "--wave", "2027") == (
        2, "", "Error: 'smal' is not a survey; valid are associations, citizens, companies, "
        "evaluation, mayors, small. Did you mean small?")  # fmt: skip
    code, _, err = run("intake", path, "--survey", "small", "--wave", "../2027")
    assert (code, "'../2027' cannot name a wave" in err) == (2, True)
    code, _, err = run("intake", path, "--survey", "small", "--wave", "2027", "--provenance", "x")
    assert (code, err) == (2, "Error: --provenance 'x': valid are real, demo.")
    assert run("intake", path, "--survey", "small", "--wave", "2027")[0] == 0
    code, _, err = run("intake", path, "--survey", "small", "--wave", "2027", "--mapping",
                       desk.wave / "mapping.yaml")  # fmt: skip
    assert code == 2
    assert err.startswith("Error: received.csv: column Poids: ")
    assert desk.list_waves() == [f"2027/{name}" for name in DRAFT]


@pytest.mark.parametrize("name", ["m.ods", "m"])
def test_example_with_an_ending_nobody_reads(desk, run, name):
    code, _, err = run("example", "mayors", name)
    assert (code, err) == (
        2,
        f"Error: {name}: valid endings are .sav, .zsav, .xlsx, .csv, .parquet.",
    )


def test_example_overwrites_nothing_and_is_fictional_only(desk):
    path = write_example("mayors", desk.folder / "m.csv", root=desk.root)
    with pytest.raises(InputError, match=r"m.csv: exists already; give another name\."):
        write_example("mayors", path, root=desk.root)
    with pytest.raises(InputError, match="mayors/2016 is reconstructed: only fictional waves"):
        write_example("mayors", desk.folder / "n.csv", wave="2016", root=desk.root)
    with pytest.raises(InputError, match="none/m.csv: cannot be written: there is no folder"):
        write_example("mayors", desk.folder / "none" / "m.csv", root=desk.root)


def test_wave_yaml_is_written_as_people_write_it(desk):
    receive(desk)
    text = (desk.wave / "wave.yaml").read_text(encoding="utf-8")
    tree = YAML(typ="safe").load(text)
    assert list(tree)[:4] == ["survey", "wave", "provenance", "title"]
    assert "null" not in text
