"""The report of an intake: verdict first, everything escaped, counts but no respondent."""

import re

import pandas as pd
import pytest
from jinja2 import UndefinedError

from helpers.run.findings import Finding
from helpers.run.pages import render_template
from helpers.run.report import Report, render_html, render_text, write_report
from helpers.run.thresholds import THRESHOLDS

ERROR = Finding("error", "contract", "Q1", "1 value not among the codes 1, 2: 9.", 1, ("9",), (4,))
WARNING = Finding("warning", "weights", "POIDS", "Kish's design effect is 2.50.")
NOTE = Finding("note", "routing", "", "3 respondents were asked and did not answer.", 3)


def build_report(*findings, **more):
    return Report(
        **{
            "source": "wave.sav", "survey": "mayors", "wave": "2027", "provenance": "real",
            "facts": {"Rows": "500 read, 498 kept"}, "findings": findings,
            "tables": {"Mapping": pd.DataFrame({"column": ["Q1"], "question": ["partner"]})},
        }
        | more
    )  # fmt: skip


@pytest.mark.parametrize(
    ("findings", "verdict"),
    [
        ((), "No error, no warning."),
        ((NOTE,), "No error; 1 note."),
        ((WARNING, WARNING, NOTE), "No error; 2 warnings and 1 note."),
        ((ERROR,), "1 error stops the intake."),
        ((ERROR, WARNING), "1 error stops the intake; 1 warning does not."),
        ((ERROR, ERROR, NOTE, NOTE), "2 errors stop the intake; 2 notes do not."),
        ((ERROR, WARNING, NOTE), "1 error stops the intake; 1 warning and 1 note do not."),
    ],
)
def test_verdict_counts_what_stops_and_what_does_not(findings, verdict):
    report = build_report(*findings)
    assert report.verdict == verdict
    assert verdict in render_html(report)
    assert verdict.lower() in render_text(report).lower()


def test_order_is_provenance_verdict_errors_warnings_notes_mapping():
    report = build_report(NOTE, WARNING, ERROR)
    words = ["REAL respondents", "1 error stops", "500 read", "Errors (1)", "not among the codes",
             "Warnings (1)", "Kish", "Notes (1)", "whole file", "Mapping", "partner",
             "From where on the checks warn"]  # fmt: skip
    for text in (render_html(report).split("<body>")[1].replace("&#39;", "'"),
                 render_text(report).replace("1 ERROR STOPS", "1 error stops")):  # fmt: skip
        places = [text.index(word) for word in words]
        assert places == sorted(places)


def test_empty_levels_are_left_out():
    page = render_html(build_report(WARNING))
    assert "Errors" not in page
    assert "Notes" not in page


def test_everything_from_the_file_is_escaped():
    evil = "<script>alert(1)</script>"
    finding = Finding("error", evil, evil, evil, 1, (evil,), (1,))
    report = build_report(
        finding, source=evil, facts={evil: evil}, tables={evil: pd.DataFrame({evil: [evil]})}
    )
    page = render_html(report)
    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 9
    assert evil in render_text(report)


def test_page_needs_nothing_else():
    page = render_html(build_report(ERROR))
    assert not re.search(r"(src|href)=|url\(|@import|https?://", page)


@pytest.mark.parametrize("provenance", ["real", "demo", "reconstructed"])
def test_provenance_is_printed_first(provenance):
    word = {"real": "REAL", "demo": "FICTIONAL", "reconstructed": "RECONSTRUCTED"}[provenance]
    report = build_report(provenance=provenance)
    assert render_text(report).startswith(word)
    assert render_html(report).split("<main>")[1].strip().split(">")[1].startswith(word)


def test_thresholds_and_their_reasons_are_printed():
    report = build_report()
    page, text = render_html(report), " ".join(render_text(report).split())
    for threshold in THRESHOLDS:
        assert threshold.words.replace("'", "&#39;") in page
        assert threshold.reason.split(",")[0].split(" (")[0] in text


def test_numbers_and_missing_cells_are_readable():
    table = pd.DataFrame(
        {"n": [1300, 2], "deff": [1.23456, None], "kinds": [("a", "b"), ()], "gap": [2.0, pd.NA]}
    )
    text = render_text(build_report(tables={"Weights": table}))
    assert "1,300 1.235  a, b   2" in text
    assert "nan" not in text.lower().replace("provenance", "")
    assert "<NA>" not in text


def test_page_and_text_are_written_whole(tmp_path):
    page, text = write_report(build_report(ERROR), tmp_path / "new" / "mayors-2027.html")
    assert page.read_text(encoding="utf-8") == render_html(build_report(ERROR))
    assert text.name == "mayors-2027.txt"
    assert text.read_text(encoding="utf-8") == render_text(build_report(ERROR))
    assert sorted(path.name for path in page.parent.iterdir()) == [page.name, text.name]


def test_a_template_without_its_values_fails():
    with pytest.raises(UndefinedError):
        render_template("report.html.j2")
