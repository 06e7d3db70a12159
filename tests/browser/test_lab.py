"""A study in a real JupyterLab: run all, then use the explorer."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from helpers.data.root import find_root

pytestmark = pytest.mark.browser
TIMEOUT = 120_000


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
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
    with subprocess.Popen(
        [*command, *options], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        address = f"http://127.0.0.1:{port}"
        _wait(address + "/api/status")
        yield address
        server.terminate()


def _wait(address: str) -> None:
    for _ in range(120):
        try:
            urllib.request.urlopen(address, timeout=1).read()
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise TimeoutError(address)


def test_run_all_then_explore(lab, page):
    page.goto(f"{lab}/lab/tree/01-partnership-map.ipynb?reset")
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
    explorer = page.locator(".jp-OutputArea .widget-dropdown select")
    explorer.last.wait_for(state="attached", timeout=TIMEOUT)
    page.get_by_text(re.compile(r"\d+ figures: \d+ reproduced")).first.wait_for(timeout=TIMEOUT)
    explorer.first.scroll_into_view_if_needed()
    assert (
        page.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.error']").count()
        == 0
    )

    page.get_by_text("Yes: 37%").first.wait_for(timeout=TIMEOUT)
    picture = page.locator(".widget-image").first
    before = picture.get_attribute("src")
    explorer.nth(2).select_option(label="No")
    page.get_by_text("No: 63%").first.wait_for(timeout=TIMEOUT)
    explorer.nth(3).select_option(label="Region")
    page.wait_for_function(
        "before => document.querySelector('.widget-image').src !== before", arg=before
    )
    assert [text for text in page.complaints if re.search(r"helpers|widget|Traceback", text)] == []
