"""What reading a received file gave, and its report."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from helpers.data.codebook import Codebook
from helpers.data.root import find_root
from helpers.run.coding import Coded
from helpers.run.findings import Finding
from helpers.run.mapping import Mapping
from helpers.run.proposal import Proposal
from helpers.run.report import Report
from helpers.run.sheet import count
from helpers.run.sources import Source
from helpers.run.weighting import Weighting


@dataclass(frozen=True)
class Examination:
    """A file coded, checked and weighted; nothing written yet.

    Attributes
    ----------
    coded : Coded
    responses : pandas.DataFrame
        Coded respondents with their final weights, as `responses.parquet` would hold them.
    findings : list of Finding
        Errors, warnings and notes.
    weighting : Weighting, optional
        None when the mapping names no margin, or an error came first.
    """

    coded: Coded
    responses: pd.DataFrame
    findings: list[Finding]
    weighting: Weighting | None = None


def find_report(survey: str, wave: str, *, root: Path | None = None) -> Path:
    """Where the report of an intake goes.

    Parameters
    ----------
    survey, wave : str
    root : pathlib.Path, optional
        Root of the collection.

    Returns
    -------
    pathlib.Path
    """
    return (root or find_root()) / "reports" / "intake" / f"{survey}-{wave}.html"


def describe_draft(
    source: Source, codebook: Codebook, proposal: Proposal, wave: str, *, fictional: bool = False
) -> Report:
    """The report of a first call: what was recognised in the file and what was not.

    Parameters
    ----------
    source : Source
    codebook : Codebook
    proposal : Proposal
    wave : str
    fictional : bool, default False
        Whether the file says that its respondents are.

    Returns
    -------
    Report
    """
    findings, rows = [], []
    for match in proposal.matches:
        near = f"Close: {', '.join(match.suggestions)}." if match.suggestions else ""
        found = match.entry is not None
        rows.append(
            {
                "Variable": match.variable,
                "Wording": _find_wording(codebook, match.variable),
                "Columns of the file": ", ".join(match.entry.source_columns) if found else "",
                "Recognised": match.words if found else f"not found. {near}".strip(),
            }
        )
        if match.undecided:
            values = tuple(match.undecided[:5])
            text = (
                f"{len(match.undecided)} values of {match.variable} are not decided: "
                f"{', '.join(values)}; give each an answer, or move it under missing."
            )
            column = ", ".join(match.entry.source_columns[:3])
            findings.append(Finding("warning", "undecided answers", column, text, len(values),
                                    values))  # fmt: skip
    if proposal.unused:
        findings.append(describe_unused(proposal.unused))
    facts = _describe_source(source) | {
        "Ids of the respondents": proposal.respondent or "none found: they will be numbered",
        "Weights": proposal.weight or "none found: every respondent counts one",
        "Official margins proposed": ", ".join(proposal.find_margins(codebook)) or "none",
        "Next": "read and correct mapping.yaml, then call studies intake with --mapping",
    }
    kind = "demo" if fictional else "real"
    return Report(source.name, codebook.survey, wave, kind, facts, findings,
                  {"What was recognised": pd.DataFrame(rows)})  # fmt: skip


def describe_unused(columns: list[str]) -> Finding:
    """A note on the columns of a file that nothing reads.

    Parameters
    ----------
    columns : list of str

    Returns
    -------
    Finding
    """
    shown = ", ".join(columns[:20]) + (", …" if len(columns) > 20 else ".")
    text = f"{count(len(columns), 'column')} read by nothing: {shown}"
    return Finding("note", "unused columns", "", text, len(columns))


def describe_arrival(
    source: Source, mapping: Mapping, codebook: Codebook, examined: Examination, *, provenance: str
) -> Report:
    """The report of a second call: what the checks found, how the wave was weighted.

    Parameters
    ----------
    source : Source
    mapping : Mapping
    codebook : Codebook
    examined : Examination
    provenance : {"real", "demo"}

    Returns
    -------
    Report
        Counts only, no respondent.
    """
    coded, weighting = examined.coded, examined.weighting
    tables = {
        "Mapping": pd.DataFrame(
            {
                "Variable": name,
                "Wording": _find_wording(codebook, name),
                "Columns of the file": ", ".join(entry.source_columns),
            }
            for name, entry in mapping.entries.items()
        ),
    }
    if len(coded.missing):
        tables["Missing answers by kind"] = coded.missing.rename(
            columns={"question": "Question", "kind": "Kind", "n": "Respondents"}
        )
    if weighting:
        tables["Weights beside the official counts"] = _percent(weighting.report)
        tables["Weights before and after"] = weighting.diagnostics
    facts = _describe_source(source) | {
        "Rows read": f"{coded.rows_read:,}",
        "Respondents kept": f"{len(coded.responses):,}",
        "Weighting": weighting.description if weighting else _describe_weights(mapping),
    }
    return Report(source.name, mapping.survey, mapping.wave, provenance, facts,
                  examined.findings, tables)  # fmt: skip


def _find_wording(codebook: Codebook, name: str) -> str:
    variable = codebook.variable(name)
    return getattr(variable, "text", variable.label).fr


def _describe_source(source: Source) -> dict[str, str]:
    rows, columns = source.frame.shape
    return {
        "Format": "; ".join([source.format, *source.notes]),
        "Size": f"{rows:,} rows, {columns} columns",
        "SHA-256": source.sha256,
    }


def _describe_weights(mapping: Mapping) -> str:
    if mapping.weight:
        return f"as received (column {mapping.weight})"
    return "none: every respondent counts one"


def _percent(report: pd.DataFrame) -> pd.DataFrame:
    """Shares in percent, headings in words."""
    shares = {
        "base_share": "Before, %",
        "target_share": "Official, %",
        "achieved_share": "After, %",
    }
    table = report.assign(**{name: (100 * report[name]).round(2) for name in shares})
    table = table.assign(target_count=table["target_count"].round(), ratio=table["ratio"].round(3))
    return table.rename(
        columns={**shares, "margin": "Margin", "level": "Level", "n": "Respondents",
                 "target_count": "Official count", "ratio": "After / before"}
    )  # fmt: skip
