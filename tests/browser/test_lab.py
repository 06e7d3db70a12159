"""A study in a real JupyterLab: run all, then use every control of the explorer."""

import os
import re
import socket
import sys

import pytest
from playwright.sync_api import expect

from helpers.data.root import find_root

pytestmark = pytest.mark.browser
TIMEOUT = 120_000


@pytest.fixture(scope="module")
def lab(tmp_path_factory, serve):
    """Address of a JupyterLab on copies of the notebooks."""
    root = find_root()
    folder = tmp_path_factory.mktemp("lab")
    for path in (root / "notebooks").glob("*.ipynb"):
        (folder / path.name).write_bytes(path.read_bytes())
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root"]
    options = [f"--port={port}", "--ServerApp.port_retries=0", "--IdentityProvider.token=",
               f"--notebook-dir={folder}", "--LabApp.news_url=",
               "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]  # fmt: skip
    settings = tmp_path_factory.mktemp("settings")
    environment = os.environ | {
        "STUDIES_HOME": str(root),
        "JUPYTERLAB_SETTINGS_DIR": str(settings),
        "JUPYTERLAB_WORKSPACES_DIR": str(settings),
    }
    address = f"http://127.0.0.1:{port}"
    with serve([*command, *options], address + "/api/status", env=environment):
        yield address


def run_all(page, address):
    page.goto(address)
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=TIMEOUT)
    page.locator(".jp-Notebook-ExecutionIndicator[data-status='idle']").wait_for(
        state="attached", timeout=TIMEOUT
    )
    # The kernel is asked for when the run comes before it has started.
    dialog = page.locator(".jp-Dialog .jp-mod-accept")
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=TIMEOUT)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem").filter(has_text="Run All Cells").first.click()
    page.wait_for_timeout(3000)
    if dialog.count():
        dialog.click()
    page.locator(".study-explorer").wait_for(state="attached", timeout=TIMEOUT)
    page.get_by_text(re.compile(r"\d+ figures: \d+ reproduced")).first.wait_for(timeout=TIMEOUT)
    page.locator(".study-explorer").scroll_into_view_if_needed()
    errors = ".jp-RenderedText[data-mime-type='application/vnd.jupyter.error']"
    assert page.locator(errors).count() == 0


def test_run_all_then_explore(lab, page, explorer):
    run_all(page, f"{lab}/lab/tree/01-partnership-map.ipynb?reset")
    view = explorer()
    view.expect_view("companies", "2015", "has_partnership", "yes", "region")
    view.choose("Wave", "demo")
    view.expect_view("companies", "demo", "has_partnership", "yes", "region")
    view.choose("Answer", "No")
    view.expect_view("companies", "demo", "has_partnership", "no", "region")
    view.choose("Breakdown", "Company size")
    view.expect_view("companies", "demo", "has_partnership", "no", "company_size")
    view.choose("Breakdown", "Region")
    view.choose("Question", "Partnerships are a source of innovation")
    view.expect_view("companies", "demo", "partnerships_source_of_innovation", "yes", "region")
    view.search("echelle GEOGRAPHIQUE")
    view.expect_view("companies", "demo", "partnership_geography", "local", "region")

    # A click on a region, and the keys of the map, are no commands of the notebook.
    view.region("52").click()
    expect(view.box.get_by_text("Pays de la Loire: every question")).to_be_visible()
    view.region("53").focus()
    page.keyboard.press("Enter")
    expect(view.box.get_by_text("Bretagne: every question")).to_be_visible()
    expect(view.box.locator("tr.chosen button")).to_have_text("Bretagne")
    expect(view.region("53")).to_be_focused()
    view.choose("Survey", "Partnerships seen by associations (PHARE-Associations)")
    view.expect_view("associations", "demo", "partnership_geography", "local", "region")
    assert [text for text in page.complaints if re.search(r"helpers|widget|Traceback", text)] == []
