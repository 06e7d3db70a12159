"""Writes the `wave.yaml` of a file taken in."""

import hashlib
import io
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Literal

from ruamel.yaml import YAML

from helpers.data.codebook import Codebook, Wording
from helpers.data.language import message, tr
from helpers.data.methodology import Methodology
from helpers.data.waves import WaveFile
from helpers.run.coding import WEIGHT, Coded
from helpers.run.mapping import Mapping
from helpers.run.sources import Source
from helpers.run.weighting import BASE_WEIGHT, Weighting

NOT_STATED = message("not stated")


@dataclass(frozen=True)
class Facts:
    """What no file says of itself: who fielded the wave, when, how, and who takes it in."""

    provenance: Literal["real", "demo"] = "real"
    title: str = ""
    dates: str = NOT_STATED
    mode: str = NOT_STATED
    producer: str = NOT_STATED
    received: str = NOT_STATED
    by: str = NOT_STATED
    methodology: Methodology = field(default_factory=Methodology)


def write_wave_yaml(file: WaveFile) -> str:
    """The text of `wave.yaml`.

    Parameters
    ----------
    file : WaveFile

    Returns
    -------
    str
    """
    yaml, stream = YAML(typ="safe"), io.StringIO()
    yaml.default_flow_style, yaml.sort_base_mapping_type_on_output = False, False
    yaml.allow_unicode, yaml.width = True, 10_000
    yaml.dump(file.model_dump(mode="json", exclude_defaults=True, exclude_none=True), stream)
    return stream.getvalue()


def build_file(
    source: Source, mapping: Mapping, coded: Coded, facts: Facts, codebook: Codebook, text: bytes,
    weighting: Weighting | None = None,
) -> WaveFile:  # fmt: skip
    """Describe a file taken in.

    Parameters
    ----------
    source : Source
    mapping : Mapping
    coded : Coded
    facts : Facts
    codebook : Codebook
    text : bytes
        The mapping file.
    weighting : Weighting, optional
        Of a wave raked to official margins.

    Returns
    -------
    WaveFile
        Without the checksum of the responses.
    """
    questions = _list_questions(mapping, codebook)
    if weighting:
        described = weighting.description
    elif mapping.weight:
        column = mapping.weight
        described = Wording.write(
            lambda: tr("Weights of the file (column {column}), as received.", column=column)
        )
    else:
        described = Wording.write(lambda: tr("None: every respondent counts one."))
    missing: dict[str, dict[str, int]] = {}
    for row in coded.missing.itertuples():
        missing.setdefault(row.question, {})[row.kind] = row.n
    return WaveFile.model_validate(
        {
            "survey": mapping.survey, "wave": mapping.wave, "provenance": facts.provenance,
            "title": Wording.write(
                lambda: facts.title or f"{codebook.title.text}, {mapping.wave}"
            ), "n": len(coded.responses), "n_status": "counted",
            "fieldwork": {
                name: Wording.write(partial(tr, getattr(facts, name)))
                for name in ("dates", "mode", "producer")
            },
            "design": {"weight": WEIGHT, "strata": tuple(mapping.strata)},
            "weighting": described, "questions": questions, "methodology": facts.methodology,
            "margins": mapping.margins, "base_weight": BASE_WEIGHT if weighting else None,
            "domains": [name for name in codebook.domain_ids if name in mapping.domains],
            "intake": {
                "source": source.name, "sha256": source.sha256,
                "mapping": hashlib.sha256(text).hexdigest(), "rows_read": coded.rows_read,
                "rows_kept": len(coded.responses), "received": facts.received,
                "entered": date.today().isoformat(), "by": facts.by, "missing": missing,
            },
        }
    )  # fmt: skip


def _list_questions(mapping: Mapping, codebook: Codebook) -> list[str]:
    """Mapped questions, and those computed from them alone."""
    held = set(mapping.questions)
    for question in codebook.questions:
        if question.recode and {name for rule in question.recode for name in rule.when} <= held:
            held.add(question.id)
    return [name for name in codebook.question_ids if name in held]
