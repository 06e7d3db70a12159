"""Widgets to explore the waves of a study in JupyterLab."""

import io

import ipywidgets as widgets
import matplotlib.pyplot as plt

from helpers.data.responses import Wave
from helpers.stats.results import DEFAULT_RULE, estimate_question
from helpers.view.charts import draw_domains, draw_shares
from helpers.view.palette import ACTORS
from helpers.view.provenance import stamp_axes
from helpers.view.sentences import describe_estimate, pick

_WHOLE = "(all respondents)"


def build_explorer(*waves: Wave, question: str) -> widgets.VBox:
    """Build an explorer: survey, question, answer and domain to a chart and its sentence.

    Parameters
    ----------
    *waves : Wave
        Waves to choose from; the first one is shown first.
    question : str
        Question of the first view.

    Returns
    -------
    ipywidgets.VBox
        Needs a live kernel. The chart is a picture, so that the widget works
        the same in JupyterLab and in a Voilà page.
    """
    names = {f"{wave.survey} {wave.name}": wave for wave in waves}
    survey = widgets.Dropdown(options=names, description="Survey")
    item = widgets.Dropdown(description="Question", layout={"width": "34rem"})
    answer = widgets.Dropdown(description="Answer")
    domain = widgets.Dropdown(description="By")
    chart = widgets.Image(format="png", layout={"max_width": "100%", "align_self": "flex-start"})
    sentence = widgets.HTML()

    def fill_questions(_=None):
        wave = survey.value
        choices = [(wave.codebook.variable(name).label.en, name) for name in wave.file.questions]
        item.options = choices
        item.value = question if question in wave.file.questions else wave.file.questions[0]
        variables = [wave.codebook.variable(name) for name in wave.file.domains]
        domain.options = [(_WHOLE, None), *((part.label.en, part.id) for part in variables)]
        domain.index = 0
        fill_answers()

    def fill_answers(_=None):
        variable = survey.value.codebook.variable(item.value)
        ids = [*getattr(variable, "nets", {}), *variable.answer_ids]
        answer.options = [(variable.label_of(name), name) for name in ids]
        answer.index = 0
        draw()

    def draw(_=None):
        if answer.value is not None:
            chart.value, sentence.value = _draw_view(
                survey.value, item.value, answer.value, domain.value
            )

    fill_questions()
    for control, react in ((survey, fill_questions), (item, fill_answers), (answer, draw)):
        control.observe(react, names="value")
    domain.observe(draw, names="value")
    rule = widgets.HTML(f"<small>{DEFAULT_RULE.describe(waves[0].provenance)}</small>")
    return widgets.VBox([widgets.HBox([survey, item]), widgets.HBox([answer, domain]),
                         sentence, chart, rule])  # fmt: skip


def _draw_view(wave: Wave, question: str, answer: str, by: str | None) -> tuple[bytes, str]:
    """Picture and sentence of one view."""
    variable = wave.codebook.variable(question)
    whole = estimate_question(wave, question)
    colour = ACTORS[wave.codebook.actor]
    title = f"{variable.label.en}: {variable.label_of(answer)}"
    if by is None:
        ax = draw_shares(whole, variable.labels(), title=variable.label.en, colour=colour)
    else:
        table = estimate_question(wave, question, by=by)
        rows = table[table["answer"] == answer]
        labels = wave.codebook.variable(by).labels()
        ax = draw_domains(rows, labels, title=title, whole=pick(whole, answer), colour=colour)
    stamp_axes(ax, wave)
    picture = io.BytesIO()
    ax.figure.savefig(picture, format="png", bbox_inches="tight", dpi=90)
    plt.close(ax.figure)
    text = f"{variable.label_of(answer)}: {describe_estimate(pick(whole, answer))}"
    return picture.getvalue(), f"<p><strong>{text}</strong></p>"
