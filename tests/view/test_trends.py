"""Trends draw what the points hold: places, joins, shapes, notes; words say what was tested."""

import itertools

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from helpers.data.errors import InputError
from helpers.data.language import use_language
from helpers.data.series import read_series
from helpers.stats.bounds import bound_changes
from helpers.stats.trends import build_trend, compare_trends
from helpers.view.trend_sentences import describe_bounds, describe_changes, describe_trend
from helpers.view.trend_tables import show_bounds, show_changes, show_comparability, show_trend
from helpers.view.trends import draw_panels, draw_trend, list_notes, write_value

NAMES = {name: name.capitalize() for name in ("citizens", "companies", "associations", "mayors")}


@pytest.fixture(scope="module")
def waves(checkout):
    return {survey: read_series(survey, root=checkout) for survey in NAMES}


@pytest.fixture(scope="module")
def seen(waves):
    return [build_trend(own, "partnerships_source_of_innovation", "yes") for own in waves.values()]


@pytest.fixture(scope="module")
def points(seen):
    return pd.concat(seen)


@pytest.fixture(scope="module")
def scores(waves):
    answers = ["employment", "purchasing_power", "mobility"]
    return [build_trend(waves["citizens"], "fragility_importance", name) for name in answers]


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def list_marks(ax):
    return [line for line in ax.lines if line.get_marker() in ("o", "D", "s")]


def list_joins(ax):
    return [line for line in ax.lines if len(line.get_xdata()) == 2]


def list_labels(ax):
    """Labels of points: annotations beside a point, no note and no stamp."""
    return [text for text in ax.texts if abs(text.get_position()[0]) in (8, 9)]


def check_labels(ax):
    """No label lies over another or over a point, none leaves the axes."""
    ax.figure.canvas.draw()
    boxes = [Text.get_window_extent(text) for text in list_labels(ax)]
    for one, other in itertools.combinations(boxes, 2):
        assert not one.shrunk(0.95, 0.85).overlaps(other.shrunk(0.95, 0.85))
    places = [ax.transData.transform((mark.get_xdata()[0], mark.get_ydata()[0]))
              for mark in list_marks(ax)]  # fmt: skip
    inside = ax.get_window_extent()
    for box in boxes:
        assert not any(box.contains(*place) for place in places)
        assert inside.x0 - 1 <= box.x0 <= box.x1 <= inside.x1 + 1
    return boxes


def test_every_point_is_drawn_at_its_year_and_value(points):
    marks = list_marks(draw_trend(points, title="t"))
    drawn = sorted((round(mark.get_xdata()[0]), round(mark.get_ydata()[0])) for mark in marks)
    held = zip(points["year"], 100 * points["estimate"], strict=True)
    assert drawn == sorted((year, round(value)) for year, value in held)


def test_shape_is_the_provenance_and_hollow_stands_apart(points):
    marks = list_marks(draw_trend(points, title="t"))
    hollow = {mark.get_marker() for mark in marks if mark.get_markerfacecolor() == "white"}
    filled = {mark.get_marker() for mark in marks if mark.get_markerfacecolor() != "white"}
    assert (hollow, filled) == ({"D"}, {"o"})
    assert sum(mark.get_markerfacecolor() == "white" for mark in marks) == points["apart"].sum()


def test_only_comparable_points_are_joined(points, scores):
    (line,) = list_joins(draw_trend(points, title="t"))
    assert np.round(line.get_ydata()).tolist() == [69, 74]
    assert line.get_linestyle() == "-"
    (near,) = list_joins(draw_trend(scores[0], title="t"))
    assert near.get_linestyle() == "--"
    assert near.get_ydata() == pytest.approx([7.1, 6.4], abs=1e-4)


def test_intervals_only_of_respondents(points):
    ax = draw_trend(points, title="t")
    assert len(ax.containers) == (points["provenance"] == "reconstructed").sum()


def test_axis_is_the_whole_scale(points, scores):
    assert draw_trend(points, title="t").get_ylim() == (0, 100)
    assert draw_trend(scores[0], title="t").get_ylim() == (0, 10)
    with pytest.raises(InputError, match="cannot share one scale"):
        draw_trend(pd.concat([points, scores[0]]), title="t")


def test_labels_do_not_overlap(points):
    boxes = check_labels(draw_trend(points, title="t"))
    assert len(boxes) == len(points) - 1  # 83 and 84 of one year share theirs


@pytest.mark.parametrize("seed", range(8))
def test_labels_keep_apart_when_waves_are_added(points, seed):
    """New waves lengthen the axis: years move together, lines cross older points."""
    rng = np.random.default_rng(seed)
    firsts = points[points["wave"].isin(["2015", "2016"])]
    added = [
        firsts.assign(wave=str(year), year=year, joined=firsts["wave"], join="same",
                      provenance="real", figure="", estimate=rng.uniform(0.6, 0.95, len(firsts)))
        for year in (2027, 2031)
    ]  # fmt: skip
    later = pd.concat(added).assign(ci_low=np.nan, ci_high=np.nan)
    check_labels(draw_trend(pd.concat([points, later], ignore_index=True), title="t"))


def test_points_of_one_place_stand_aside_and_their_labels_apart(seen):
    same = [trend.assign(estimate=0.8, ci_low=np.nan, ci_high=np.nan) for trend in seen[1:3]]
    ax = draw_trend(pd.concat(same).query("wave == '2015'"), title="t")
    first, second = (mark.get_xdata()[0] for mark in list_marks(ax))
    assert abs(first - second) > 0.1
    assert len(check_labels(ax)) == 2


def test_notes_are_numbered_where_they_belong(points):
    notes = list_notes(points)
    ax = draw_trend(points, title="t")
    texts = [text.get_text() for text in ax.texts]
    for number, note in enumerate(notes, start=1):
        assert any(f"{number}. {note[:40]}" in text for text in texts)
    assert any(text.startswith("74%") and text != "74%" for text in texts)  # 2022, apart
    assert "69%" in texts


def test_provenance_stands_over_the_figure(points):
    texts = [text.get_text() for text in draw_trend(points, title="t").texts]
    (stamp,) = [text for text in texts if text.startswith("RECONSTRUCTED")]
    assert "citizens 2015, 2019" in stamp
    assert "PUBLISHED figures · citizens 2020, 2022" in stamp


def test_a_withheld_wave_has_a_note_and_no_point(seen):
    hidden = seen[3].copy()
    hidden.loc[0, ["estimate", "ci_low", "ci_high"]] = np.nan
    hidden.loc[0, ["reliability", "reason"]] = ["suppress", "base of 12"]
    assert "Mayors 2016: withheld, base of 12." in list_notes(hidden)
    assert len(list_marks(draw_trend(hidden, title="t"))) == len(hidden) - 1
    assert "withheld in 2016" in describe_trend(hidden, NAMES)


def test_panels_show_each_answer_on_one_scale(scores, waves):
    labels = waves["citizens"][0].codebook.variable("fragility_importance").labels()
    ax = draw_panels(pd.concat(scores), labels, title="t", columns=2)
    panels = ax.figure.axes
    assert [len(list_marks(panel)) for panel in panels] == [2, 2, 1, 0]
    assert {panel.get_ylim() for panel in panels[:3]} == {(0, 10)}
    assert panels[2].get_title(loc="left") == "Mobility and transport"


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ({"legibility": "clear", "unit": "share", "estimate": 0.69, "decimals": 0}, "69%"),
        ({"legibility": "approximate wording", "unit": "share", "estimate": 0.285, "decimals": 1},
         "≈28.5%"),
        ({"legibility": "", "unit": "score_10", "estimate": 7.08, "decimals": 1}, "7.1"),
    ],
)  # fmt: skip
def test_values_as_printed(row, text):
    assert write_value(row) == text


def test_words_for_those_who_cannot_see(points):
    text = describe_trend(points, NAMES)
    assert text.startswith("RECONSTRUCTED from published figures")
    assert "PUBLISHED figures" in text
    assert "Values by year, 2015 to 2022: from 69% (Citizens in 2015) to " in text
    assert "74% in 2019 (reconstructed, same wording as in 2015)" in text
    assert "81% in 2020 (apart)" in text
    assert "rose" not in text


def test_an_untested_change_is_never_said_to_have_risen(waves, seen):
    changes = compare_trends(waves["citizens"], seen[:1])
    (line,) = describe_changes(changes, NAMES)
    assert line == "- Citizens: 69% in 2015, 74% in 2019; not tested (2015: sample size assumed)."


@pytest.mark.parametrize(
    ("difference", "p", "mark", "words"),
    [
        (0.05, 0.0004, "higher", "rose significantly (5.0 points, adjusted p < 0.001)"),
        (-0.05, 0.012, "lower", "fell significantly (5.0 points, adjusted p = 0.012)"),
        (0.05, 0.4, "none", "did not change significantly (5.0 points, adjusted p = 0.400)"),
    ],
)
def test_a_tested_change_in_words(waves, seen, difference, p, mark, words):
    changes = compare_trends(waves["citizens"], seen[:1])
    tested = changes.assign(difference=difference, p_adjusted=p, mark=mark, reason="")
    assert words in describe_changes(tested, NAMES)[0]


def test_bounds_say_under_what_they_hold(waves, scores):
    labels = waves["citizens"][0].codebook.variable("fragility_importance").labels()
    changes = compare_trends(waves["citizens"], scores)
    bounds = bound_changes(changes, pd.concat(scores))
    holds, hidden = describe_bounds(bounds, labels, key="answer")
    assert "a fall of at least 0.6 points" in holds
    assert "simple random samples of at least 2,000 and 2,400" in holds
    assert "up to a design effect of" in holds
    assert hidden.endswith("spread as widely as these figures allow could hide.")
    page = show_bounds(bounds, labels, title="t", key="answer").as_raw_html()
    assert "No test of the survey" in page
    assert "does not hold" in page


def test_tables_hold_every_point_and_every_change(waves, points, seen):
    page = show_trend(points, NAMES, title="t").as_raw_html()
    assert page.count("Apart: ") == points["apart"].sum()
    assert "RECONSTRUCTED" in page
    assert "PUBLISHED" in page
    changes = show_changes(compare_trends(waves["citizens"], seen[:1]), NAMES, title="t")
    assert "2015: sample size assumed" in changes.as_raw_html()
    codebooks = [own[0].codebook for own in waves.values()]
    stated = show_comparability(codebooks, ["has_partnership"]).as_raw_html()
    assert "not comparable" in stated
    assert "Another survey in 2016" in stated


def test_trends_in_french(waves):
    with use_language("fr"):
        names = {"citizens": "Citoyens"}
        own = build_trend(waves["citizens"], "partnerships_source_of_innovation", "yes")
        text = describe_trend(own, names)
        assert text.startswith("RECONSTITUÉ à partir des chiffres publiés")
        assert "de 69\u202f% (Citoyens en 2015) à 81\u202f% (Citoyens en 2020)." in text
        assert "74\u202f% en 2019 (reconstitué, même libellé qu'en 2015)" in text
        assert "Autre libellé en 2020" in text
        changes = compare_trends(waves["citizens"], [own])
        (line,) = describe_changes(changes, names)
        assert line == (
            "- Citoyens\u00a0: 69\u202f% en 2015, 74\u202f% en 2019\u202f; non testé "
            "(2015\u00a0: taille d'échantillon supposée)."
        )
        tested = changes.assign(p_adjusted=0.0004, mark="higher", reason="")
        (line,) = describe_changes(tested, names)
        assert "hausse significative (5,0 points, p ajusté < 0,001)." in line
        page = show_trend(own, names, title="t").as_raw_html()
        assert "utilité de jouer collectif" in page
        assert "non publié" in page
        ax = draw_trend(own, title="t")
        words = [text.get_text() for text in ax.get_legend().get_texts()]
        assert words == [
            "Citoyens", "chiffre publié, sans répondants", "vague reconstituée", "même libellé",
            "à part\u00a0: non comparable, voir les notes",
            "intervalle reposant sur une base supposée",
        ]  # fmt: skip
        assert ax.get_ylabel() == "% de la base"
        assert "69\u202f%" in [text.get_text() for text in ax.texts]


def test_bounds_in_french(waves):
    with use_language("fr"):
        scores = [build_trend(waves["citizens"], "fragility_importance", "employment")]
        bounds = bound_changes(compare_trends(waves["citizens"], scores), pd.concat(scores))
        (line,) = describe_bounds(bounds, {"employment": "Emploi"}, key="answer")
        assert line.startswith(
            "- Emploi\u00a0: une baisse, en points, d'au moins 0,6 une fois comptés"
        )
        assert "d'au moins 2\u202f000 et 2\u202f400" in line
        page = show_bounds(bounds, {"employment": "Emploi"}, title="t", key="answer").as_raw_html()
        assert "pas un test de l" in page
        assert "-0,70" in page
