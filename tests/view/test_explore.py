"""The explorer: its first view, what each control changes, what a missing question does."""

import re

import matplotlib.pyplot as plt
import pytest
from pandas.testing import assert_frame_equal

from helpers.data.language import use_language
from helpers.data.regions import read_regions
from helpers.data.responses import read_wave
from helpers.stats.results import Rule, estimate_question
from helpers.view.explore import build_explorer
from helpers.view.maps import draw_map, find_breaks
from helpers.view.sentences import describe_estimate, pick


@pytest.fixture
def explorer():
    waves = [read_wave("companies", "demo"), read_wave("associations", "demo")]
    return build_explorer(*waves, question="has_partnership")


@pytest.fixture
def mayors():
    return build_explorer(read_wave("mayors", "2016"), question="territory_coconstruction_dynamic")


def values(panel):
    """What is written beside each point or bar."""
    return re.findall(r'class="value"[^>]*>([^<]+)<', panel.markup)


def labels(panel):
    """What is written on each region."""
    return [" ".join(re.findall(r"<tspan[^>]*>([^<]+)<", text))
            for text in re.findall(r"<text(?:(?!</text>).)*</text>", panel.markup)
            if "<tspan" in text]  # fmt: skip


def chosen(panel):
    return re.findall(r'data-code="([^"]+)"[^>]*aria-pressed="true"', panel.markup)


def column(panel, number):
    rows = re.findall(r"<tr[^>]*><th scope=\"row\">.*?</tr>", panel.markup)
    return [re.findall(r"<td[^>]*>(.*?)</td>", row)[number] for row in rows]


def test_the_first_view_is_the_printed_one(explorer):
    wave = read_wave("companies", "demo")
    table = estimate_question(wave, "has_partnership", by="region").query("answer == 'yes'")
    other = estimate_question(read_wave("associations", "demo"), "has_partnership", by="region")
    breaks = find_breaks(table, other.query("answer == 'yes'"))
    ax = draw_map(read_regions("zones-2015"), table, breaks=breaks, title="t")
    assert sorted(labels(explorer.map)) == sorted(t.get_text() for t in ax.texts if t.get_text())
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert [re.sub("<.*?>", "", item) for item in
            re.findall(r"</(?:svg|b)>([^<]+)</li>", explorer.map.markup)] == legend  # fmt: skip
    plt.close("all")
    assert values(explorer.chart) == [f"{100 * value:.0f}%" for value in table["estimate"]]
    assert column(explorer.table, 0) == [f"{100 * value:.1f}" for value in table["estimate"]]
    whole = pick(estimate_question(wave, "has_partnership"), "yes")
    assert describe_estimate(whole) in explorer.sentence.value
    assert explorer.problem.value == ""


def check_view(explorer, survey, wave, question, answer, by):
    """Map, chart, table and sentence hold the numbers computed here."""
    opened = read_wave(survey, wave)
    whole = estimate_question(opened, question)
    rows = whole if by is None else estimate_question(opened, question, by=by)
    rows = rows if by is None else rows[rows["answer"] == answer]
    known = rows["estimate"].dropna()
    assert values(explorer.chart) == [f"{100 * value:.0f}%" for value in known]
    written = [value for value in column(explorer.table, 0) if value]
    assert written == [f"{100 * value:.1f}" for value in known]
    assert describe_estimate(pick(whole, answer)) in explorer.sentence.value
    regional = estimate_question(opened, question, by="region")
    regional = regional[(regional["answer"] == answer) & regional["estimate"].notna()]
    found = sorted(re.findall(r"\d+%", " ".join(t for t in labels(explorer.map) if "≈" not in t)))
    assert found == sorted(f"{100 * value:.0f}%" for value in regional["estimate"])
    assert explorer.problem.value == ""


def test_each_control_shows_its_numbers(explorer):
    check_view(explorer, "companies", "demo", "has_partnership", "yes", "region")
    explorer.answer.value = "no"
    check_view(explorer, "companies", "demo", "has_partnership", "no", "region")
    explorer.by.value = "company_size"
    check_view(explorer, "companies", "demo", "has_partnership", "no", "company_size")
    explorer.by.value = ""
    check_view(explorer, "companies", "demo", "has_partnership", "no", None)
    explorer.question.value = "partnership_type"
    check_view(explorer, "companies", "demo", "partnership_type", "patronage", None)
    explorer.by.value = "region"
    explorer.survey.value = "associations"
    check_view(explorer, "associations", "demo", "partnership_type", "patronage", "region")
    explorer.wave.value = "2015"
    explorer.question.value = "has_partnership"
    check_view(explorer, "associations", "2015", "has_partnership", "yes", "region")
    assert "RECONSTRUCTED" in explorer.banner.value


def test_the_provenance_is_on_every_part(explorer):
    for part in (explorer.map, explorer.chart, explorer.table):
        assert "FICTIONAL" in part.markup
    assert "FICTIONAL" in explorer.banner.value
    explorer.wave.value = "2015"
    for part in (explorer.map, explorer.chart, explorer.table):
        assert "RECONSTRUCTED" in part.markup
        assert "FICTIONAL" not in part.markup


def test_a_region_chosen_stands_out_in_all_three_and_opens_its_profile(explorer):
    explorer.choose("53", "region")
    assert chosen(explorer.map) == chosen(explorer.chart) == chosen(explorer.table) == ["53"]
    assert "Bretagne: every question of companies demo" in explorer.profile.markup
    explorer.choose("53")
    assert chosen(explorer.map) == []
    assert "Choose a region" in explorer.profile.markup


def test_a_profile_follows_the_wave_and_the_files(collection):
    explorer = build_explorer(read_wave("companies", "demo"), question="has_partnership")
    explorer.choose("52", "region")
    assert "every question of companies demo" in explorer.profile.markup
    explorer.wave.value = "2015"
    assert "every question of companies 2015" in explorer.profile.markup
    assert ">43%<" in explorer.profile.markup
    for figure in ("F003", "F004"):
        facts = {"use": "shown", "quantity": "", "reason": "a test"}
        collection.edit_rows("data/published/links.csv", {"figure": figure}, **facts)
    explorer.answer.value = "no"
    assert ">43%<" not in explorer.profile.markup


def test_the_message_of_a_click_is_heard(explorer):
    explorer.map._handle_custom_msg({"choose": "53"}, [])
    assert chosen(explorer.table) == ["53"]
    explorer.table._handle_custom_msg({"choose": "11"}, [])
    assert chosen(explorer.map) == ["11"]


def test_a_row_of_another_breakdown_leaves_the_map_alone(explorer):
    explorer.by.value = "company_size"
    explorer.choose("1000_plus")
    assert chosen(explorer.map) == []
    assert chosen(explorer.chart) == ["1000_plus"]
    assert "1,000 employees or more: every question" in explorer.profile.markup


def test_a_bar_chosen_is_the_answer(explorer):
    explorer.by.value = ""
    explorer.choose("no")
    assert explorer.answer.value == "no"
    assert chosen(explorer.chart) == ["no"]
    check_view(explorer, "companies", "demo", "has_partnership", "no", None)


def test_search_narrows_the_questions_whatever_case_and_accents(explorer):
    explorer.search.value = "ECHELLE geographique"
    assert [value for _, value in explorer.question.options] == ["partnership_geography"]
    check_view(explorer, "companies", "demo", "partnership_geography", "local", "region")
    explorer.search.value = "nothing has this"
    assert len(explorer.question.options) == len(read_wave("companies", "demo").codebook.questions)
    assert "No question holds “nothing has this”" in explorer.notes.value
    explorer.search.value = ""
    assert explorer.notes.value == ""
    assert explorer.question.value == "partnership_geography"


def test_a_question_the_wave_lacks_is_said_in_its_place_and_the_rest_works(mayors):
    mayors.wave.value = "2024"
    assert mayors.problem.value == ""
    for part in (mayors.map, mayors.chart, mayors.table):
        assert "Not in mayors 2024: The territory is in a co-construction dynamic" in part.markup
        assert "It is in: 2016, demo." in part.markup
    assert mayors.download.value == mayors.code.code == ""
    mayors.question.value = "territory_innovates_facing_transitions"
    assert values(mayors.chart)
    mayors.wave.value = "demo"
    mayors.question.value = "territory_coconstruction_dynamic"
    check_view(mayors, "mayors", "demo", "territory_coconstruction_dynamic", "total_yes", None)


def test_a_wave_without_regions_says_so_where_the_map_would_be(mayors):
    assert "This wave holds no region: no map." in mayors.map.markup
    assert values(mayors.chart) == ["17%", "13%", "46%", "24%", "76%"]


def test_a_control_that_can_do_nothing_is_hidden_or_says_why():
    explorer = build_explorer(
        read_wave("evaluation", "2015"), question="evaluates_partnerships", by="actor"
    )
    assert explorer.survey.layout.display == "none"
    assert explorer.wave.disabled
    assert "2015 is the only wave of this survey." in explorer.notes.value
    assert not explorer.by.disabled
    assert values(explorer.chart) == ["72%", "85%"]


def test_the_rule_is_printed_and_obeyed(explorer):
    assert "Holm correction" in explorer.rule.value
    waves = [read_wave("companies", "demo")]
    loose = build_explorer(*waves, question="partnership_type", rule=Rule(reliability="none"))
    explorer.question.value = "partnership_type"
    assert "reliability by the rule none" in loose.rule.value
    assert len(values(loose.chart)) > len(values(explorer.chart))


def test_the_question_is_shown_in_english_with_its_french_wording(explorer):
    assert "Votre entreprise mène-t-elle" in re.search('title="(.*?)"', explorer.wording.value)[1]
    assert ">Does your company have" in explorer.wording.value


@pytest.mark.parametrize("by", ["region", "company_size", ""])
def test_the_code_of_a_view_gives_its_numbers(explorer, by, monkeypatch):
    explorer.question.value = "partnership_geography"
    explorer.answer.value = "regional"
    explorer.by.value = by
    shown = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    space = {}
    exec(explorer.code.code, space)
    expected = estimate_question(
        read_wave("companies", "demo"), "partnership_geography", by=by or None
    )
    expected = expected if by == "" else expected[expected["answer"] == "regional"]
    assert_frame_equal(space["table"], expected)
    assert len(shown) == 2
    assert all(picture.data.startswith(b"\x89PNG") for picture in shown)
    written = [f"{100 * value:.0f}%" for value in space["table"]["estimate"].dropna()]
    assert values(explorer.chart) == written


def test_code_of_a_wave_without_regions_runs(mayors):
    space = {}
    exec(mayors.code.code, space)
    assert space["table"]["estimate"].round(2).tolist() == [0.17, 0.13, 0.46, 0.24, 0.76]


def test_the_download_holds_the_table_on_screen(explorer):
    assert "companies-demo-demo-has_partnership-yes-by-region.csv" in explorer.download.value
    explorer.by.value = ""
    assert "companies-demo-demo-has_partnership.csv" in explorer.download.value


def test_a_mistake_in_a_callback_is_seen(explorer, monkeypatch):
    monkeypatch.setattr("helpers.view.explore.read_view", lambda *_: 1 / 0)
    explorer.answer.value = "no"
    assert "ZeroDivisionError" in explorer.problem.value
    monkeypatch.undo()
    explorer.answer.value = "yes"
    assert explorer.problem.value == ""
    check_view(explorer, "companies", "demo", "has_partnership", "yes", "region")


def test_a_damaged_wave_is_named_and_the_others_work(collection):
    collection.path("data/surveys/companies/2015/responses.parquet").write_bytes(b"no")
    explorer = build_explorer(read_wave("companies", "demo"), question="has_partnership")
    explorer.wave.value = "2015"
    assert "companies/2015/responses.parquet" in explorer.problem.value
    explorer.wave.value = "demo"
    check_view(explorer, "companies", "demo", "has_partnership", "yes", "region")


def test_the_explorer_in_french():
    with use_language("fr"):
        waves = [read_wave("companies", "demo"), read_wave("associations", "demo")]
        explorer = build_explorer(*waves, question="has_partnership")
        explorer.choose("53", "region")
        assert explorer.question.description == "Question"
        assert explorer.by.description == "Ventilation"
        assert "Bretagne\u00a0: toutes les questions (entreprises demo)" in explorer.profile.markup
        assert "Ensemble des répondants, Oui\u00a0: " in explorer.sentence.value
        assert "(IC à 95\u202f%\u00a0: " in explorer.sentence.value
        assert "significativement plus élevé que le reste" in explorer.map.markup
        assert "FICTIF" in explorer.chart.markup
        assert "Does your company have" in re.search('title="(.*?)"', explorer.wording.value)[1]
        assert explorer.code.words["copy"] == "Copier le code de cette vue"
        assert "set_language('fr')" in explorer.code.code
        for panel in (explorer.table, explorer.profile):
            assert not re.search(r"\d\.\d|\d%|95% CI|All respondents", panel.markup)
