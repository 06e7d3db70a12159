"""The report of an intake: what was found in a file, for a researcher with a minute."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from helpers.data.waves import Provenance
from helpers.run.findings import Finding
from helpers.run.pages import render_template, write_page
from helpers.run.sheet import count
from helpers.run.thresholds import THRESHOLDS
from helpers.view.provenance import COLOURS, WORDS

_LEVELS = {
    "error": ("Errors", "must be mended before the wave can be written"),
    "warning": ("Warnings", "to be looked at; they do not stop the intake"),
    "note": ("Notes", "for information"),
}
_WIDTH = 100


@dataclass(frozen=True)
class Report:
    """What to say of an incoming file; it holds counts, never respondents.

    Attributes
    ----------
    source : str
        Name of the file.
    survey, wave : str
        What the file is to become.
    provenance : {"real", "demo", "reconstructed"}
        Printed on top.
    facts : dict of str
        What was read and detected, in words: format, encoding, rows read and kept, ...
    findings : sequence of Finding
    tables : dict of pandas.DataFrame
        Title to table, in the order to be shown: mapping, missing answers by kind,
        weighting. Counts and names of columns only.
    """

    source: str
    survey: str
    wave: str
    provenance: Provenance
    facts: dict[str, str] = field(default_factory=dict)
    findings: Sequence[Finding] = ()
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        """The first thing to know, in one sentence."""
        numbers = {level: len(self.select(level)) for level in _LEVELS}
        rest = [count(numbers[level], level) for level in ("warning", "note") if numbers[level]]
        others = " and ".join(rest)
        if numbers["error"]:
            stop = f"{count(numbers['error'], 'error')} {_verb(numbers['error'], 'stop')}"
            does = f" {_verb(sum(numbers.values()) - numbers['error'], 'do')} not"
            return f"{stop} the intake{f'; {others}{does}' if others else ''}."
        return f"No error{f'; {others}' if others else ', no warning'}."

    def select(self, level: str) -> list[Finding]:
        """Findings of one level, in the order given."""
        return [finding for finding in self.findings if finding.level == level]


def render_html(report: Report) -> str:
    """Render a report as one HTML page that needs nothing else.

    Parameters
    ----------
    report : Report

    Returns
    -------
    str
        Text from the file is escaped: a label ``<script>`` shows as text.
    """
    return render_template(
        "report.html.j2",
        report=report,
        provenance=WORDS[report.provenance],
        colour=COLOURS[report.provenance],
        levels=[
            {"name": level, "title": title, "words": words, "findings": report.select(level)}
            for level, (title, words) in _LEVELS.items()
        ],
        tables=[
            {"title": title, "columns": list(table.columns), "rows": _format_rows(table)}
            for title, table in report.tables.items()
        ],
        thresholds=THRESHOLDS,
    )


def render_text(report: Report) -> str:
    """Render a report as plain text, 100 characters wide.

    Parameters
    ----------
    report : Report

    Returns
    -------
    str
    """
    lines = [WORDS[report.provenance], f"{report.source} -> {report.survey}/{report.wave}", ""]
    lines += [report.verdict.upper() if report.select("error") else report.verdict, ""]
    lines += [f"{name}: {words}" for name, words in report.facts.items()]
    for level, (title, words) in _LEVELS.items():
        findings = report.select(level)
        if findings:
            lines += ["", _underline(f"{title} ({len(findings)}): {words}")]
            lines += [_write_finding(finding) for finding in findings]
    for title, table in report.tables.items():
        shown = pd.DataFrame(_format_rows(table), columns=table.columns)
        lines += ["", _underline(title), shown.to_string(index=False)]
    lines += ["", _underline("From where on the checks warn")]
    for threshold in THRESHOLDS:
        text = f"- {threshold.name}: {threshold.words}. {threshold.reason}."
        lines.append(_wrap(text))
    return "\n".join(lines) + "\n"


def write_report(report: Report, path: Path) -> tuple[Path, Path]:
    """Write a report as a page and as text beside it, each whole or not at all.

    Parameters
    ----------
    report : Report
    path : pathlib.Path
        The page, ending in ``.html``; the text has the same name with ``.txt``.

    Returns
    -------
    tuple of pathlib.Path
        The page and the text.
    """
    return (
        write_page(render_html(report), path),
        write_page(render_text(report), path.with_suffix(".txt")),
    )


def _write_finding(finding: Finding) -> str:
    place = finding.column or "whole file"
    rows = f" First rows: {', '.join(map(str, finding.rows))}." if finding.rows else ""
    text = f"- {place} ({finding.check}): {finding.message}{rows}"
    return _wrap(text)


def _wrap(text: str) -> str:
    return textwrap.fill(
        text, _WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )


def _format_rows(table: pd.DataFrame) -> list[list[str]]:
    return [[_format(value) for value in row] for row in table.itertuples(index=False)]


def _format(value: object) -> str:
    """A cell as text: thousands apart, four significant digits, nothing for missing."""
    if isinstance(value, float):
        if pd.isna(value):
            return ""
        return f"{value:,.0f}" if value.is_integer() else f"{value:,.4g}"
    if isinstance(value, (tuple, list)):
        return ", ".join(map(str, value))
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _underline(title: str) -> str:
    return f"{title}\n{'-' * len(title)}"


def _verb(number: int, verb: str) -> str:
    """The verb in the number of its subject."""
    if number != 1:
        return verb
    return {"do": "does"}.get(verb, f"{verb}s")
