"""The Voilà page of `make dashboard`: every control, the keyboard, nothing from elsewhere."""

import os
import re
import shlex
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from helpers.data.root import find_root
from helpers.stats.cube import build_cube
from helpers.view.sentences import describe_estimate

pytestmark = pytest.mark.browser
TIMEOUT = 60_000
NOTHING_OUTSIDE = """() => document.documentElement.scrollWidth <= innerWidth &&
  [...document.querySelectorAll(".survey-panel svg")].every(
    (picture) => picture.getBoundingClientRect().right <= innerWidth)"""


@pytest.fixture(scope="module")
def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture(scope="module")
def dashboard(port, serve):
    """Address of the page, served by the command of the Makefile."""
    root = find_root()
    said = subprocess.run(
        ["make", "-n", "dashboard"], cwd=root, capture_output=True, text=True, check=True
    ).stdout.replace("\\\n", " ")
    line = next(line for line in said.splitlines() if "bin/voila" in line)
    *settings, _, notebook, template, ip = shlex.split(line)
    environment = os.environ | dict(setting.split("=", 1) for setting in settings)
    command = [sys.executable, "-m", "voila", notebook, template, ip]
    command += [f"--port={port}", "--port_retries=0", "--no-browser"]
    address = f"http://127.0.0.1:{port}/"
    with serve(command, address + "voila/static/", cwd=root, env=environment):
        yield address


@pytest.fixture
def opened(dashboard, page):
    page.goto(dashboard)
    page.locator(".study-explorer .survey-panel svg").first.wait_for(timeout=TIMEOUT)
    yield page
    assert page.complaints == []
    elsewhere = [url for url in page.requests
                 if not re.match(r"(https?|ws)://127\.0\.0\.1:|data:|blob:", url)]  # fmt: skip
    assert elsewhere == []


def test_every_control_of_the_partnership_map(opened, explorer):
    view = explorer()
    view.expect_view("companies", "2015", "has_partnership", "yes", "region")
    view.choose("Wave", "demo")
    view.expect_view("companies", "demo", "has_partnership", "yes", "region")
    view.choose("Answer", "No")
    view.expect_view("companies", "demo", "has_partnership", "no", "region")
    view.choose("Breakdown", "(all respondents)")
    view.expect_view("companies", "demo", "has_partnership", "no", None)
    view.choose("Breakdown", "Region")
    view.search("types de partenariat")
    view.expect_view("companies", "demo", "partnership_type", "patronage", "region")
    view.search("")
    view.choose("Question", "Has partnerships with associations")
    view.choose("Survey", "Partnerships seen by associations (PHARE-Associations)")
    view.expect_view("associations", "demo", "has_partnership", "yes", "region")


def test_the_keyboard_reaches_a_region_and_opens_its_profile(opened, explorer):
    view = explorer()
    view.choose("Wave", "demo")
    view.expect_view("companies", "demo", "has_partnership", "yes", "region")
    view.box.get_by_label("Breakdown").focus()
    opened.keyboard.press("Tab")
    first = opened.evaluate("document.activeElement.getAttribute('aria-label')")
    assert re.match(r"Île-de-France: \d+% \(95% CI \d+–\d+, n = \d+\)", first)
    opened.keyboard.press("Tab")
    opened.keyboard.press("Enter")
    expect(view.box.get_by_text("Centre-Val de Loire: every question")).to_be_visible()
    expect(view.region("24")).to_be_focused()
    expect(view.box.locator("tr.chosen button")).to_have_text("Centre-Val de Loire")
    opened.keyboard.press("Space")
    expect(view.box.get_by_text("Choose a region, or a row")).to_be_visible()
    edge = view.region("24").locator(".edge")
    assert edge.evaluate("node => getComputedStyle(node).strokeWidth") == "4px"


def test_code_and_table_can_be_taken_along(opened, explorer):
    view = explorer()
    code = view.box.get_by_label("Code of this view").input_value()
    assert "estimate_question(wave, 'has_partnership', by='region', rule=rule)" in code
    view.box.get_by_role("button", name="Copy the code of this view").click()
    expect(view.box.get_by_text(re.compile("Copied|press Ctrl"))).to_be_visible()
    with opened.expect_download() as download:
        view.box.get_by_role("link", name="Download this table (CSV)").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert "companies-2015-reconstructed" in download.value.suggested_filename
    assert "0.43" in text.splitlines()[7]


def test_every_tab_opens_and_nothing_is_cut(opened):
    for name in opened.get_by_role("tab").all_text_contents():
        opened.get_by_role("tab", name=name).click()
        opened.locator("select:visible").first.wait_for(timeout=20_000)
        assert opened.locator("[role=alert]").all_text_contents() == []
        for width in (1280, 1920):
            opened.set_viewport_size({"width": width, "height": 1000})
            # Tabs follow a new width a moment later.
            opened.wait_for_function(NOTHING_OUTSIDE, timeout=5000)
            cut = opened.locator("label:visible, select:visible").evaluate_all(
                "all => all.filter(n => n.scrollWidth > n.clientWidth + 1).map(n => n.outerHTML)"
            )
            assert cut == []


def test_the_three_prisms_show_slices_of_the_cube(opened):
    opened.get_by_role("tab", name="Fragilities").click()
    box = opened.locator(".study-explorer:visible")
    expect(box.get_by_text(re.compile("^France, citizens: 7.1"))).to_be_visible(timeout=TIMEOUT)
    cube = build_cube("2015")
    shown = {"question": "fragility_importance", "actor": "citizens", "territory": ""}
    for control, option, place in [
        ("Fragility", "Poverty and exclusion (social)", {"fragility": "poverty_exclusion"}),
        ("Actor", "Companies", {"actor": "companies"}),
        ("Measure", "Priority fragilities of the territory", {"question": "priority_fragility"}),
        ("Territory", "Pays de la Loire", {"territory": "52"}),
    ]:
        box.get_by_label(control, exact=True).select_option(label=option)
        shown |= place
        row = cube.slice(**shown).iloc[0]
        name = "Pays de la Loire" if shown["territory"] else "France"
        words = f"{name}, {shown['actor']}: {describe_estimate(row)}"
        expect(box.get_by_text(words, exact=True)).to_be_visible()
    expect(box.get_by_label("Reference", exact=True)).to_be_disabled()
    expect(box.locator("tr.chosen button").last).to_have_text("Pays de la Loire")


def test_it_listens_on_this_machine_only(dashboard, port):
    table = Path("/proc/net/tcp")
    if not table.exists():
        pytest.skip("no /proc/net/tcp")
    lines = [line.split() for line in table.read_text().splitlines()[1:]]
    listening = [local for _, local, _, state, *_ in lines if state == "0A"]
    assert [name for name in listening if int(name.split(":")[1], 16) == port] == [
        f"0100007F:{port:04X}"
    ]
