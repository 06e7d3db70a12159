"""The page of a manifest: everything that was kept, in the page's language, escaped."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from helpers.run.manifest_pages import render_manifest
from helpers.run.manifests import CellRun, Manifest
from helpers.run.plans import Run, plan_runs
from helpers.run.runs import write_pages

MANIFEST = Manifest(
    page="2016/02-study.fr.html",
    inputs={"parameter alpha": "0.01", "package pandas": "3.1", "module run/keys.py": "ab12",
            "file data/published/links.csv": "cd34", "notebook 02-study.ipynb": "ef56",
            "link to 02-study.en.html": "there"},
    outputs={"2016/02-study.fr.html": "0a1b"}, made="2026-01-01 10:00:00 UTC", seconds=2.5,
    engine="forked", cells=[CellRun(2, "ok", 0.25)], warnings=["cell:1: <b>careful</b>"],
)  # fmt: skip


def render(lang, checkout, manifest=MANIFEST):
    run = Run("02-study", "2016", Path("02-study.ipynb"), {"lang": lang}, ("mayors",))
    return BeautifulSoup(render_manifest(manifest, run, root=checkout), "html.parser")


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ["RECONSTRUCTED", "Duration: 2.5 s", "Parameters", "What it gave", "ran"]),
        ("fr", ["RECONSTITUÉ", "Durée : 2,5 s", "Paramètres", "Ce qu'elle a donné", "exécutée"]),
    ],
)
def test_everything_kept_is_shown(checkout, lang, words):
    page = render(lang, checkout)
    text = page.get_text().replace("\xa0", " ").replace("\u202f", " ")
    assert page.html["lang"] == lang
    for word in [*words, *MANIFEST.inputs.values(), "0a1b", MANIFEST.key, "<b>careful</b>"]:
        assert word in text
    assert page.find("b") is None
    assert page.find("a")["href"] == "../../2016/02-study.fr.html"


def test_groups_hold_their_inputs(checkout):
    tables = {table.caption.text: [row.th.text for row in table.tbody.find_all("tr")]
              for table in render("en", checkout).find_all("table")}  # fmt: skip
    assert tables["Data files"] == ["data/published/links.csv"]
    assert tables["Pages in other languages"] == ["02-study.en.html"]
    assert tables["Packages"] == ["pandas"]


def test_run_without_warnings(checkout):
    quiet = Manifest(**{**vars(MANIFEST), "warnings": []})
    assert "No cell gave a warning." in render("en", checkout, quiet).get_text()


def test_written_beside_the_manifest(collection):
    collection.write_study("02-study", "wave")
    write_pages(plan_runs(["02"], waves=["2016"]))
    (path,) = collection.path("reports/runs").glob("*/index.html")
    page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    assert (path.parent / page.find("a")["href"]).resolve().is_file()
    assert str(collection.root) not in str(page)
    assert (path.parent / "manifest.json").is_file()
