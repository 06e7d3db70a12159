"""The questionnaire and data dictionary of a survey as a page, in English and French."""

from pathlib import Path

from helpers.data.catalog import check_survey, list_waves
from helpers.data.codebook import Codebook, Question, Variable, read_codebook
from helpers.data.root import find_root
from helpers.data.waves import WaveFile, read_wave_file
from helpers.run.entry import write_csv_template, write_workbook_template
from helpers.run.pages import render_template, write_page
from helpers.view.provenance import WORDS

LANGUAGES = ("en", "fr")
TYPES = {
    "single": {"en": "One answer", "fr": "Une seule réponse"},
    "multiple": {"en": "Several answers", "fr": "Plusieurs réponses"},
    "ranking": {"en": "Ranks, 1 for the first", "fr": "Rangs, 1 pour le premier"},
    "score": {"en": "Score of 0 to 10 per item", "fr": "Note de 0 à 10 par item"},
    "domain": {"en": "Domain variable", "fr": "Variable de domaine"},
}
STATUSES = {
    "published": {"en": "Wording as published", "fr": "Libellé tel que publié"},
    "paraphrase": {
        "en": "Paraphrase: the exact wording was not published",
        "fr": "Paraphrase : le libellé exact n'a pas été publié",
    },
}
MISSING_KINDS = {
    "not_asked": {
        "en": "Not asked: the routing left the respondent out",
        "fr": "Non posée : le filtre a écarté le répondant",
    },
    "dont_know": {"en": "Does not know, no opinion", "fr": "Ne sait pas, sans opinion"},
    "refused": {"en": "Refused to answer", "fr": "A refusé de répondre"},
    "no_answer": {"en": "No answer, reason unknown", "fr": "Sans réponse, raison inconnue"},
}
_ASKED = {"en": "Asked if {question} is: {answers}", "fr": "Posée si {question} vaut : {answers}"}
_DERIVED = {"en": "Computed from {questions}", "fr": "Calculée à partir de {questions}"}


def write_codebook(survey: str, *, root: Path | None = None) -> list[Path]:
    """Write the page of a codebook and its entry templates into `reports/codebook/`.

    Parameters
    ----------
    survey : str
        Name of the survey, e.g. ``"mayors"``.
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    list of pathlib.Path
        The page, one workbook per language and the CSV file.

    Raises
    ------
    InputError
        If the survey is unknown, or its codebook or a wave file is not valid.
    """
    root = root or find_root()
    check_survey(survey, root=root)
    codebook = read_codebook(survey, root=root)
    waves = [read_wave_file(survey, wave, root=root) for wave in list_waves(survey, root=root)]
    folder = root / "reports" / "codebook"
    templates = [
        write_workbook_template(codebook, folder / f"{survey}-entry-{lang}.xlsx", lang=lang)
        for lang in LANGUAGES
    ]
    templates.append(write_csv_template(codebook, folder / f"{survey}-entry.csv"))
    page = render_codebook(codebook, waves, templates=[path.name for path in templates])
    return [write_page(page, folder / f"{survey}.html"), *templates]


def render_codebook(
    codebook: Codebook, waves: list[WaveFile], *, templates: list[str] | None = None
) -> str:
    """Render a codebook as one HTML page that needs nothing else.

    Parameters
    ----------
    codebook : Codebook
    waves : list of WaveFile
        Waves of the survey: the page says which hold each question.
    templates : list of str, optional
        Names of the entry templates beside the page.

    Returns
    -------
    str
    """
    return render_template(
        "codebook.html.j2",
        codebook=codebook,
        languages=LANGUAGES,
        waves=[(wave, WORDS[wave.provenance].partition(":")[0]) for wave in waves],
        questions=[_describe(question, codebook, waves) for question in codebook.questions],
        domains=[_describe(domain, codebook, waves) for domain in codebook.domains],
        missing_kinds=MISSING_KINDS,
        templates=templates or [],
    )


def _describe(variable: Variable, codebook: Codebook, waves: list[WaveFile]) -> dict:
    """What the page says of one question or domain variable."""
    question = variable if isinstance(variable, Question) else None
    kind = question.type if question else "domain"
    columns = question.columns if question else [variable.id]
    derived = bool(question and question.recode)
    each = not derived and kind not in ("single", "domain")
    field = "questions" if question else "domains"
    return {
        "variable": variable,
        "question": question,
        "type": TYPES[kind],
        "status": STATUSES[question.wording] if question else None,
        "rule": {lang: _explain_rule(question, codebook, lang) for lang in LANGUAGES},
        "column": "" if derived or each else columns[0],
        "answers": [
            (answer, column if each else "")
            for answer, column in zip(
                variable.answers, columns if each else variable.answers, strict=True
            )
        ],
        "each": each,
        "nets": [
            (net, question.net_labels[net], parts)
            for net, parts in (question.nets.items() if question else ())
        ],
        "waves": [wave.wave for wave in waves if variable.id in getattr(wave, field)],
    }


def _explain_rule(question: Question | None, codebook: Codebook, lang: str) -> str:
    """Who is asked, or from what the question is computed; "" if neither applies."""
    if question is None:
        return ""
    if question.recode:
        sources = dict.fromkeys(name for rule in question.recode for name in rule.when)
        return _DERIVED[lang].format(questions=", ".join(sources))
    if question.asked_if:
        parent = codebook.variable(question.asked_if.question)
        labels = [parent.label_of(answer, lang) for answer in question.asked_if.answers]
        return _ASKED[lang].format(question=parent.id, answers="; ".join(labels))
    return ""
