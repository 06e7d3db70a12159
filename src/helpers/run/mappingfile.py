"""Writes a proposed mapping as a YAML file that explains itself line by line."""

import io
import re

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from helpers.data.codebook import Codebook, Variable
from helpers.run.likeness import simplify
from helpers.run.mapping import MISSING_KINDS, Entry, Mapping
from helpers.run.proposal import Match, Proposal
from helpers.run.sources import Source

_HEADER = """\
# Which column of {source} holds which question of the survey {survey}, wave {wave}.
#
# Proposed by a program: read it, correct it, then take the file in with
#   {command}
#
# In every entry, what stands left of a colon is in the file, what stands right of it is an id of
# data/surveys/{survey}/codebook.yaml. Kinds of missing: {kinds}.
# A value without an answer is not decided yet: give it one, or move it under `missing`.

"""
_COMMENTS = {
    "respondent": "Column with the ids of the respondents. Empty: they are numbered, which keeps"
    " names and addresses out.",
    "weight": "Column of weights. Empty: every respondent counts one.",
    "strata": "Domain variables (below) whose crossing is the stratum the sample was drawn in, e.g."
    " [commune_size].\nEmpty: one stratum.",
    "margins": "Official counts the weights are raked to. Empty: weights stay as received.",
    "domains": "Who the respondents are: the groups the studies compare.",
    "questions": "What they answered.",
}


def write_mapping(
    proposal: Proposal, source: Source, codebook: Codebook, wave: str, *, command: str
) -> str:
    """The text of `mapping.yaml`.

    Parameters
    ----------
    proposal : Proposal
    source : Source
    codebook : Codebook
    wave : str
    command : str
        The command that takes the file in, to be shown.

    Returns
    -------
    str
        YAML with comments: how each column was found, what each value says, and what was
        not found.
    """
    tree = CommentedMap(survey=codebook.survey, wave=wave, source=source.name)
    tree["respondent"] = proposal.respondent
    tree["weight"] = proposal.weight
    tree["strata"] = _flow([])
    if codebook.margins:
        tree["margins"] = _flow(proposal.find_margins(codebook))
    found = {match.variable: match for match in proposal.found}
    for field, names in (("domains", codebook.domain_ids), ("questions", codebook.question_ids)):
        tree[field] = CommentedMap()
        for name in names:
            if name in found:
                variable = codebook.variable(name)
                tree[field][name] = _build_entry(found[name], variable, source)
                words = f"{getattr(variable, 'text', variable.label).fr} ({found[name].words})"
                _put_before(tree[field], name, words, indent=2)
    for key, words in _COMMENTS.items():
        if key == "margins":
            words = f"{words}\n{_list_margins(codebook)}"
        if key in tree:
            _put_before(tree, key, f"\n{words}", indent=0)
    stream = io.StringIO()
    yaml = YAML()
    yaml.width = 10_000
    yaml.dump(tree, stream)
    header = _HEADER.format(
        source=source.name, survey=codebook.survey, wave=wave, command=command,
        kinds=", ".join(MISSING_KINDS),
    )  # fmt: skip
    text = re.sub(r"[ \t]+$", "", stream.getvalue(), flags=re.MULTILINE)
    return header + text + _list_rest(proposal, source, codebook)


def describe_columns(mapping: Mapping, codebook: Codebook) -> dict[str, str]:
    """Each column of the responses, with the column of the file it is made of.

    Parameters
    ----------
    mapping : Mapping
    codebook : Codebook

    Returns
    -------
    dict of str
    """
    named = {}
    if mapping.respondent:
        named["respondent"] = mapping.respondent
    if mapping.weight:
        named["weight"] = mapping.weight
    for name, entry in mapping.entries.items():
        columns = getattr(codebook.variable(name), "columns", [name])
        for column in columns:
            answer = column.removeprefix(f"{name}__")
            named[column] = entry.columns.get(answer) or ", ".join(entry.source_columns)
    return named


def _build_entry(match: Match, variable: Variable, source: Source) -> CommentedMap:
    entry: Entry = match.entry
    tree = CommentedMap()
    labels = {}
    for column in entry.source_columns:
        labels.update(source.answers.get(column, {}))
    if entry.column:
        tree["column"] = entry.column
        label = source.labels.get(entry.column)
        if label:
            tree.yaml_add_eol_comment(_one_line(label), "column")
    if entry.holds != "answers":
        tree["holds"] = entry.holds
        tree.yaml_add_eol_comment(
            "names or codes of any vintage become the study's zones; communes: INSEE codes", "holds"
        )
    if entry.columns:
        tree["columns"] = CommentedMap(entry.columns)
    if entry.mentions:
        tree["mentions"] = _flow(entry.mentions)
    if entry.separator:
        tree["separator"] = entry.separator
    for field in ("chosen", "not_chosen"):
        if getattr(entry, field):
            tree[field] = _flow([_key(value) for value in getattr(entry, field)])
    if entry.columns and getattr(variable, "type", "") == "multiple":
        tree["blank"] = entry.blank
        tree.yaml_add_eol_comment("what an empty cell means: missing or not_chosen", "blank")
    if entry.answers:
        tree["answers"] = CommentedMap()
        wordings = variable.labels("fr")
        for value, answer in entry.answers.items():
            key = _key(value)
            tree["answers"][key] = answer
            words = _explain(labels.get(value, value), wordings.get(answer))
            if words:
                tree["answers"].yaml_add_eol_comment(words, key, column=0)
    if entry.missing:
        tree["missing"] = CommentedMap()
        for value, kind in entry.missing.items():
            key = _key(value)
            tree["missing"][key] = kind
            if value in labels:
                tree["missing"].yaml_add_eol_comment(_one_line(labels[value]), key, column=0)
    if match.undecided and not entry.answers:
        words = f"Not told apart: {', '.join(match.undecided[:10])}"
        tree.yaml_set_comment_before_after_key(next(iter(tree)), before=words, indent=4)
    return tree


def _explain(said: str, answer: str | None) -> str:
    """What the file says beside what the codebook says; once if they say the same."""
    if answer is None:
        return _one_line(f"{said} - which answer is this?")
    if simplify(said) in simplify(answer) or not re.search(r"[^\W\d_]", said):
        return _one_line(answer) if simplify(said) != simplify(answer) else ""
    return _one_line(f"{said} = {answer}")


def _list_margins(codebook: Codebook) -> str:
    offered = [f"{margin.id} ({margin.label.fr}; {', '.join(margin.variables)})"
               for margin in codebook.margins]  # fmt: skip
    return f"This survey has: {'; '.join(offered)}."


def _list_rest(proposal: Proposal, source: Source, codebook: Codebook) -> str:
    """Comments on what was not found and what nobody reads."""
    lines = []
    lost = [match for match in proposal.matches if match.entry is None]
    if lost:
        lines += [
            "",
            "# Not found in the file. To take one in, give it a column in the section above:",
        ]
        for match in lost:
            label = getattr(codebook.variable(match.variable), "text",
                            codebook.variable(match.variable).label).fr  # fmt: skip
            near = f"; close: {', '.join(match.suggestions)}" if match.suggestions else ""
            lines.append(f"#   {match.variable}: {label}{near}")
    if proposal.unused:
        lines += ["", "# Columns of the file nobody reads:"]
        for name in proposal.unused:
            label = source.labels.get(name)
            lines.append(f"#   {name}" + (f": {label}" if label else ""))
    return "\n".join(_one_line(line) if line else "" for line in lines) + ("\n" if lines else "")


def _put_before(tree: CommentedMap, key: str, words: str, *, indent: int) -> None:
    tree.yaml_set_comment_before_after_key(key, before=words.replace("\r", " "), indent=indent)


def _one_line(text: str) -> str:
    return text if text.startswith("#  ") else re.sub(r"\s+", " ", text).strip()


def _key(value: str) -> int | str:
    """A whole number without quotes, as a reader would write it; codes like 01 keep theirs."""
    return int(value) if re.fullmatch(r"-?(0|[1-9]\d*)", value) else value


def _flow(values) -> CommentedSeq:
    sequence = CommentedSeq(values)
    sequence.fa.set_flow_style()
    return sequence
