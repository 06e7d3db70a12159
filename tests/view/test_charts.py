"""Charts draw what the table holds: lengths, whiskers, words where there is no number."""

import matplotlib.pyplot as plt
import pytest

from helpers.data.language import use_language
from helpers.data.published import read_readings
from helpers.data.responses import read_wave
from helpers.stats.results import estimate_question
from helpers.stats.statuses import summarise_statuses
from helpers.view import charts
from helpers.view.figures import show_figure
from helpers.view.provenance import build_banner
from helpers.view.sentences import pick
from helpers.view.tables import show_estimates
from helpers.view.ticks import write_ticks


@pytest.fixture(scope="module")
def evaluation():
    return read_wave("evaluation", "2015")


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def words(ax):
    return [text.get_text() for text in ax.texts]


def test_bars_have_the_length_of_the_share(evaluation):
    table = estimate_question(evaluation, "impacts_on_society")
    labels = evaluation.codebook.variable("impacts_on_society").labels()
    readings = read_readings("evaluation", "2015").query("question == 'impacts_on_society'")
    ax = charts.draw_shares(table, labels, title="t", readings=readings)
    lengths = [round(bar.get_width(), 6) for bar in ax.containers[0]]
    assert lengths == [52, 42, 42, 36, 0, 0, 33, 0]
    assert "30% (ambiguous reading)" in words(ax)
    assert "33 or 35% read, low confidence: not drawn" in words(ax)
    assert ax.get_yticklabels()[0].get_text() == "Commitment of individuals"


def test_readings_are_hatched_and_computed_bars_are_not(evaluation):
    table = estimate_question(evaluation, "impacts_on_society")
    labels = evaluation.codebook.variable("impacts_on_society").labels()
    readings = read_readings("evaluation", "2015").query("question == 'impacts_on_society'")
    ax = charts.draw_shares(table, labels, title="t", readings=readings)
    assert all(bar.get_hatch() is None for bar in ax.containers[0])
    hatched = [bar for bar in ax.patches if bar.get_hatch()]
    assert len(hatched) == 1
    low = readings["legibility"].str.contains("low")
    assert set(readings.loc[~low, "answer"]) == {"willingness_to_work_together"}


def test_two_sides_keep_their_own_figures(evaluation):
    table = estimate_question(evaluation, "impacts_on_associations", by="actor")
    labels = evaluation.codebook.variable("impacts_on_associations").labels()
    sides = {"associations": "A", "companies": "C"}
    ax = charts.draw_actors(table, labels, title="t", sides=sides)
    bars = [container for container in ax.containers if hasattr(container, "patches")]
    own, other = ([round(bar.get_width()) for bar in container] for container in bars[:2])
    assert own == [73, 52, 0, 27]
    assert other == [68, 0, 52, 48]
    assert words(ax).count("not published") == 2


def test_marked_points_are_filled_and_the_others_hollow():
    wave = read_wave("companies", "demo")
    table = estimate_question(wave, "has_partnership", by="region").query("answer == 'yes'")
    whole = pick(estimate_question(wave, "has_partnership"), "yes")
    labels = wave.codebook.variable("region").labels()
    ax = charts.draw_domains(table, labels, title="t", whole=whole, colour="#0072B2")
    points = [line for line in ax.lines if line.get_marker() == "o"]
    filled = [line.get_markerfacecolor() != "white" for line in points]
    assert filled == list(table["mark"].isin(["higher", "lower"]))


def test_statuses_add_to_one_and_say_where_they_come_from():
    waves = [read_wave(survey, "2015") for survey in ("companies", "associations")]
    statuses = summarise_statuses(*waves)
    assert statuses.groupby("actor")["share"].sum().to_list() == pytest.approx([1, 1])
    companies = statuses[statuses["actor"] == "companies"].set_index("state")
    assert companies["share"].round(6).to_dict() == {
        "partnership": 0.37,
        "no_partnership_intention": 0.05,
        "no_partnership_no_intention": 0.58,
    }
    assert list(companies["reading"]) == ["computed", "deduced", "ambiguous reading"]
    ax = charts.draw_statuses(statuses, title="t")
    assert [bool(bar.get_hatch()) for bar in ax.patches] == [False, True, True, False, False]


@pytest.mark.parametrize(
    ("survey", "wave", "word"),
    [("companies", "2015", "RECONSTRUCTED"), ("mayors", "demo", "FICTIONAL")],
)
def test_provenance_is_on_the_figure_its_text_and_the_banner(survey, wave, word):
    wave = read_wave(survey, wave)
    ax = plt.subplots()[1]
    ax.set_title("t", loc="left")
    picture = show_figure(ax, wave, alt="what it shows")
    assert any(word in text for text in words(ax))
    assert picture.alt.startswith(word)
    assert picture.alt.endswith(". t. what it shows")
    assert word in build_banner(wave).data
    crossed = "FICTIONAL" in words(ax)
    assert crossed == (wave.provenance == "demo")


def test_text_in_labels_is_shown_as_text(evaluation):
    file = evaluation.file.model_copy(
        update={"title": evaluation.file.title.model_copy(update={"en": "<script>x</script>"})}
    )
    hostile = type(evaluation)(evaluation.codebook, file, evaluation.respondents)
    assert "<script>" not in build_banner(hostile).data


def test_same_input_same_picture():
    wave = read_wave("mayors", "2016")
    name = "territory_coconstruction_dynamic"
    table, item = estimate_question(wave, name), wave.codebook.variable(name)
    pictures = [
        show_figure(charts.draw_shares(table, item.labels(), title="t"), alt="a").data
        for _ in range(2)
    ]
    assert pictures[0] == pictures[1]
    assert not plt.get_fignums()


def test_tables_leave_nothing_unsaid():
    wave = read_wave("companies", "2015")
    table = estimate_question(wave, "has_partnership", by="region")
    html = show_estimates(table, wave, title="t", note="the rule").as_raw_html()
    assert html.count("not published") == 22
    assert "RECONSTRUCTED" in html
    assert "the rule" in html
    assert "Gap to the rest" not in html


def ticks(axis):
    axis.figure.canvas.draw()
    return [label.get_text() for label in axis.get_ticklabels()]


def test_charts_in_french(evaluation):
    with use_language("fr"):
        table = estimate_question(evaluation, "impacts_on_society")
        labels = evaluation.codebook.variable("impacts_on_society").labels()
        readings = read_readings("evaluation", "2015").query("question == 'impacts_on_society'")
        ax = charts.draw_shares(table, labels, title="t", readings=readings)
        assert "30\u202f% (lecture ambiguë)" in words(ax)
        assert "33 ou 35\u202f% lu, confiance faible\u00a0: non dessiné" in words(ax)
        assert ax.get_xlabel() == "% de la base"
        table = estimate_question(evaluation, "impacts_on_associations", by="actor")
        labels = evaluation.codebook.variable("impacts_on_associations").labels()
        sides = {"associations": "A", "companies": "C"}
        assert "non publié" in words(charts.draw_actors(table, labels, title="t", sides=sides))


def test_statuses_in_french():
    with use_language("fr"):
        ax = charts.draw_statuses(summarise_statuses(read_wave("companies", "2015")), title="t")
    assert [label.get_text() for label in ax.get_yticklabels()] == ["Entreprises"]
    assert {"37\u202f%", "aucun, sans intention\n(lecture ambiguë)"} <= set(words(ax))


def test_ticks_are_written_in_the_language():
    _, ax = plt.subplots()
    ax.set_xlim(0, 1)
    ax.set_ylim(-4000, 4000)
    write_ticks(ax.xaxis, ax.yaxis)
    with use_language("fr"):
        assert ticks(ax.xaxis) == ["0,0", "0,2", "0,4", "0,6", "0,8", "1,0"]
        assert "−2\u202f000" in ticks(ax.yaxis)
    assert ticks(ax.xaxis) == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]
    assert "−2,000" in ticks(ax.yaxis)


def test_a_text_opens_with_the_title():
    for title, text in (
        ("Who?", "Who? Nobody."),
        ("One\ntwo", "One two. Nobody."),
        ("", "Nobody."),
    ):
        ax = plt.subplots()[1]
        ax.set_title(title, loc="left")
        assert show_figure(ax, alt="Nobody.").alt == text
