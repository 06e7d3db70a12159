"""The explorer: its first view, and what each control changes."""

import ipywidgets as widgets
import pytest

from helpers.data.responses import read_wave
from helpers.view.explore import build_explorer


@pytest.fixture
def explorer():
    waves = [read_wave("companies", "demo"), read_wave("associations", "demo")]
    return build_explorer(*waves, question="has_partnership")


def control(explorer, name):
    found = [w for w in walk(explorer) if getattr(w, "description", None) == name]
    assert len(found) == 1
    return found[0]


def walk(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from walk(child)


def sentence(explorer):
    return next(
        w.value for w in walk(explorer) if isinstance(w, widgets.HTML) and "strong" in w.value
    )


def picture(explorer):
    return bytes(next(w.value for w in walk(explorer) if isinstance(w, widgets.Image)))


def test_first_view_is_the_question_asked_for(explorer):
    assert control(explorer, "Question").value == "has_partnership"
    assert "Yes: 39% (95% CI 36–41, n = 1,300)" in sentence(explorer)
    assert picture(explorer).startswith(b"\x89PNG")


def test_each_control_changes_the_view(explorer):
    seen = [picture(explorer)]
    for name, value in [("Answer", "no"), ("By", "region"), ("Question", "partnership_type")]:
        control(explorer, name).value = value
        seen.append(picture(explorer))
    control(explorer, "Survey").value = control(explorer, "Survey").options["associations demo"]
    seen.append(picture(explorer))
    # The answer alone changes the sentence, not the chart of all answers.
    assert len(set(seen)) == len(seen) - 1
    assert "n = 1,000" in sentence(explorer)


def test_the_rule_of_significance_is_printed(explorer):
    assert any("Holm" in w.value for w in walk(explorer) if isinstance(w, widgets.HTML))
