"""What the command `studies show` says of a number, or of a published figure."""

import re

import pandas as pd

from helpers.data.errors import InputError
from helpers.data.language import message, tr, write_number
from helpers.data.published import describe_legibility, read_figures, read_links
from helpers.data.responses import Wave, checksum, read_wave
from helpers.data.root import find_root
from helpers.run.versions import read_code_version
from helpers.stats.ledger import build_ledger
from helpers.stats.number_ids import NumberId, parse_id
from helpers.stats.numbers import compute_number, list_figures
from helpers.stats.results import DEFAULT_RULE, Rule
from helpers.view.provenance import WORDS
from helpers.view.scales import scale_of
from helpers.view.tables import describe_absence, write_states

_FIGURE = re.compile(r"F\d{3}", re.IGNORECASE)
_MARKS = {
    "higher": message("higher than the rest"),
    "lower": message("lower than the rest"),
    "none": message("no significant difference from the rest"),
    "untestable": message("not tested"),
}
_UNITS = {
    "percent": message("{value}%"),
    "score_10": message("{value} / 10"),
    "points": message("{value} points"),
    "count": message("{value}"),
    "eur_million": message("{value} million euros"),
}

Lines = list[tuple[str, str]]


def describe_id(text: str, *, rule: Rule = DEFAULT_RULE) -> Lines:
    """Tell what an id addresses, computed again, in the language in use.

    Parameters
    ----------
    text : str
        Id of a number, or of a published figure such as ``F001``.
    rule : Rule, optional
        Rule of the estimate; a page made with other parameters may flag it otherwise.

    Returns
    -------
    list of tuple of str
        Names and what they hold, in the order to be read.

    Raises
    ------
    InputError
        If the text is no id, or a part of it is unknown; says what is near.
    """
    if _FIGURE.fullmatch(text.strip()):
        return _describe_figure(text.strip().upper(), rule)
    number = parse_id(text)
    lines = _describe_number(number, rule)
    figures = list_figures(number)
    for figure in figures:
        lines += _describe_published(figure)
    if not figures:
        lines.append((tr("Published"), tr("no figure is linked to this number")))
    return lines


def _describe_number(number: NumberId, rule: Rule) -> Lines:
    row, wave = compute_number(number, rule=rule)
    folder = f"data/surveys/{wave.survey}/{wave.name}"
    path = find_root() / folder / "responses.parquet"
    return [
        (tr("Id"), str(number)),
        (tr("Number"), _name_number(number, wave)),
        (tr("Provenance"), tr(WORDS[wave.provenance])),
        *_describe_row(row),
        (tr("Rule"), _name_rule(rule, wave, row["unit"])),
        (tr("Data"), f"{folder}/responses.parquet, SHA-256 {checksum(path)}"),
        (tr("Code"), read_code_version()),
    ]


def _describe_row(row: pd.Series) -> Lines:
    base = tr("{count} respondents", count=write_number(row["n"]))
    if row["reliability"] == "suppress" and not row["n"]:
        base = tr("withheld")
    if pd.isna(row["estimate"]):
        return [(tr("Value"), describe_absence(row)), (tr("Base"), base)]
    scale = scale_of(row)
    low, high = (scale.number(row[name], more=1) for name in ("ci_low", "ci_high"))
    lines = [
        (tr("Value"), f"{scale.number(row['estimate'], more=1)}{scale.sign}"),
        (tr("Interval (95%)"), tr("{low} to {high}", low=low, high=f"{high}{scale.sign}")),
        (tr("Base"), base),
    ]
    if row["domain_variable"]:
        lines.append((tr("Mark"), _describe_mark(row)))
    state = write_states(row.to_frame().T)[0]
    return lines + ([(tr("State"), state)] if state else [])


def _describe_mark(row: pd.Series) -> str:
    mark = _MARKS[row["mark"]]
    words = tr(mark)
    if pd.isna(row["difference"]):
        return words
    scale = scale_of(row)
    gap = write_number(scale.factor * row["difference"], scale.decimals + 1, signed=True)
    return tr(
        "{mark} ({gap} points, adjusted p {p})",
        mark=words, gap=gap, p=write_number(row["p_adjusted"], 3),
    )  # fmt: skip


def _name_number(number: NumberId, wave: Wave) -> str:
    item = wave.codebook.variable(number.question)
    parts = [wave.file.title.text, item.label.text, item.label_of(number.answer)]
    if number.domain_variable:
        variable = wave.codebook.variable(number.domain_variable)
        parts += [f"{variable.label.text} = {variable.label_of(number.domain)}"]
    return " · ".join(parts)


def _name_rule(rule: Rule, wave: Wave, unit: str) -> str:
    words = rule.describe(wave.provenance, unit)
    which = tr("Default rule") if rule == DEFAULT_RULE else tr("Rule as asked for")
    return f"{which} (alpha {rule.alpha:g}, {rule.reliability}, {rule.correction}). {words}"


def _describe_figure(figure: str, rule: Rule) -> Lines:
    figures = read_figures().set_index("figure")
    if figure not in figures.index:
        last = figures.index[-1]
        raise InputError(f"{figure} is not a published figure; they go from F001 to {last}.")
    lines = _describe_published(figure)
    links = read_links().set_index("figure")
    link = links.loc[figure] if figure in links.index else None
    if link is None or link["quantity"] not in ("estimate", "gap_to_whole"):
        return lines
    parts = ("survey", "wave", "question", "answer", "domain_variable", "domain")
    return lines + _describe_number(NumberId(*(link[part] for part in parts)), rule)


def _describe_published(figure: str) -> Lines:
    """A figure as printed, its source, and what the ledger says of it."""
    figures = read_figures()
    row = figures[figures["figure"] == figure].iloc[0]
    ledger = _read_ledger(row)
    unit = _UNITS[row["unit"]]
    printed = tr(unit, value=write_number(row["value"], row["decimals"]))
    lines = [
        (tr("Published"), f"{printed} ({figure}: {ledger['measure']}, {row['territory']})"),
        (tr("Legibility"), describe_legibility(row.to_frame().T).iloc[0]),
        (tr("Source"), " · ".join(filter(None, [row["source"], row["url"]]))),
    ]
    verdict, basis, again = ledger["verdict"], ledger["basis"], ledger["recomputed"]
    if pd.notna(again):
        told = tr(
            "recomputed {value}: {verdict}, {basis}",
            value=tr(unit, value=write_number(again, 2)),
            verdict=tr(verdict), basis=tr(basis),
        )  # fmt: skip
    else:
        told = f"{tr(verdict)}. {ledger['reason']}"
    return [*lines, (tr("Beside the data"), told)]


def _read_ledger(figure: pd.Series) -> pd.Series:
    links = read_links().set_index("figure")
    linked = figure["figure"] in links.index
    link = links.loc[figure["figure"]] if linked else None
    waves = [read_wave(link["survey"], link["wave"])] if linked and link["quantity"] else []
    ledger = build_ledger(waves, studies=[figure["study"]], years=[figure["wave"]])
    return ledger[ledger["figure"] == figure["figure"]].iloc[0]
