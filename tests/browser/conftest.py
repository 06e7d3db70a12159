"""A headless chromium that reaches nothing but this machine, and an explorer driven in it."""

import shutil
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect, sync_playwright

from helpers.data.regions import read_regions
from helpers.data.responses import read_wave
from helpers.stats.results import estimate_question
from helpers.view.maps import find_breaks, lay_out_map
from helpers.view.sentences import describe_estimate, pick

# What a reader waits for comes at once, unless other tests keep the processors busy.
expect.set_options(timeout=20_000)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
OFFLINE = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=OFFLINE)
        yield opened
        opened.close()


@pytest.fixture
def page(browser):
    """A page that records its requests and its complaints."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    opened.requests, opened.complaints = [], []
    opened.on("request", lambda request: opened.requests.append(request.url))
    opened.on(
        "console",
        lambda message: opened.complaints.append(message.text) if message.type == "error" else None,
    )
    opened.on("pageerror", lambda error: opened.complaints.append(str(error)))
    yield opened
    context.close()


@pytest.fixture(scope="session")
def serve():
    """Run a server while a test lasts, from when its address answers."""

    @contextmanager
    def run(command: list[str], address: str, **options):
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        server = subprocess.Popen(command, **quiet, **options)
        try:
            for _ in range(120):
                if _answers(address):
                    break
                time.sleep(0.5)
            else:
                raise TimeoutError(f"{address} does not answer")
            yield
        finally:
            server.terminate()
            server.wait(20)

    return run


def _answers(address: str) -> bool:
    try:
        urllib.request.urlopen(address, timeout=1).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


class Explorer:
    """The explorer a reader sees, and what it must show, computed here."""

    def __init__(self, page):
        self.page = page
        self.box = page.locator(".study-explorer:visible").first

    def choose(self, control: str, option: str) -> None:
        self.box.get_by_label(control, exact=True).select_option(label=option)

    def search(self, words: str) -> None:
        self.box.get_by_label("Search in questions").fill(words)

    def region(self, code: str):
        return self.box.locator(f'.survey-panel g[data-code="{code}"]').first

    def expect_view(self, survey, wave, question, answer, by) -> None:
        """Map, chart, table and sentence hold the numbers of `estimate_question`."""
        opened = read_wave(survey, wave)
        whole = estimate_question(opened, question)
        rows = whole if by is None else estimate_question(opened, question, by=by)
        rows = rows if by is None else rows[rows["answer"] == answer]
        item = opened.codebook.variable(question)
        words = (
            f"All respondents, {item.label_of(answer)}: {describe_estimate(pick(whole, answer))}"
        )
        expect(self.box.get_by_text(words, exact=True)).to_be_visible()
        known = rows["estimate"].dropna()
        expect(self.box.locator(".value")).to_have_text([f"{100 * value:.0f}%" for value in known])
        first = self.box.locator("tr:has(button) td:nth-of-type(1)")
        written = ["" if value != value else f"{100 * value:.1f}" for value in rows["estimate"]]
        expect(first).to_have_text(written)
        regional = estimate_question(opened, question, by="region")
        regional = regional[regional["answer"] == answer]
        areas = lay_out_map(read_regions(), regional, breaks=find_breaks(regional)).areas
        shown = {label for label in areas["label"] if label}
        on_map = self.box.locator("text.label").all_text_contents()
        assert {label for label in on_map if "≈" not in label} == shown
        expect(self.box.locator("[role=alert]")).to_have_count(0)


@pytest.fixture
def explorer(page):
    """Make an explorer of the page once it is open."""
    return lambda: Explorer(page)
