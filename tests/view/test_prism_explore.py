"""The explorer of the three prisms: each view is a slice of the cube."""

import re

import pytest
from pandas.testing import assert_frame_equal

from helpers.data.language import use_language
from helpers.stats.cube import build_cube
from helpers.stats.region_contrasts import list_references
from helpers.view.prism_explore import build_prism_explorer
from helpers.view.scales import find_scale
from helpers.view.sentences import describe_estimate


@pytest.fixture
def explorer():
    return build_prism_explorer("demo")


def slice_of(explorer):
    """What the controls ask for, from the cube."""
    place = {
        "question": explorer.question.value, "fragility": explorer.fragility.value,
        "actor": explorer.actor.value,
    }  # fmt: skip
    cube, references = build_cube(explorer.wave.value), list_references(explorer.reference.value)
    whole = cube.slice(**place, territory="").iloc[0]
    return whole, cube.compare(**place, references=references)


def check_view(explorer):
    whole, rows = slice_of(explorer)
    scale = find_scale(rows)
    known = rows[rows["estimate"].notna()]
    values = re.findall(r'class="value"[^>]*>([^<]+)<', explorer.chart.markup)
    assert values == [scale.write(value) for value in known["estimate"]]
    on_map = re.findall(r"<tspan[^>]*>(?:[▲▼] )?([\d.]+)", explorer.map.markup)
    assert sorted(on_map) == sorted(scale.number(value) for value in known["estimate"])
    marks = re.findall(r"<tspan[^>]*>([▲▼])", explorer.map.markup)
    assert marks.count("▲") == (known["mark"] == "higher").sum()
    assert marks.count("▼") == (known["mark"] == "lower").sum()
    cells = re.findall(r'</th><td class="number">([\d.]*)</td>', explorer.table.markup)
    assert cells == [scale.number(value, more=1) if value == value else ""
                     for value in rows["estimate"]]  # fmt: skip
    if explorer.territory.value == "":
        assert describe_estimate(whole) in explorer.sentence.value
    assert explorer.problem.value == ""


def test_each_control_shows_its_slice(explorer):
    check_view(explorer)
    seen = [explorer.map.markup]
    for control, value in [
        ("actor", "companies"),
        ("fragility", "employment"),
        ("question", "partnership_impact"),
        ("reference", "france"),
        ("reference", "neighbours"),
        ("reference", "similar"),
        ("wave", "2015"),
    ]:
        getattr(explorer, control).value = value
        check_view(explorer)
        seen.append(explorer.map.markup)
    assert len(set(seen)) == len(seen)


def test_the_reference_is_named_wherever_a_mark_is(explorer):
    explorer.reference.value = "neighbours"
    marked = slice_of(explorer)[1]["mark"].isin(["higher", "lower"]).any()
    assert ("than the neighbouring regions" in explorer.map.markup) == marked
    assert "filled: differs significantly from the neighbouring regions" in explorer.chart.markup
    assert "The neighbouring regions</th>" in explorer.table.markup
    assert "the reference pools several regions" in explorer.rule.value
    assert "the rest of France" not in explorer.map.markup + explorer.chart.markup


def test_a_territory_is_the_same_in_all_parts(explorer):
    explorer.map._handle_custom_msg({"choose": "53"}, [])
    assert explorer.territory.value == "53"
    for part in (explorer.map, explorer.chart, explorer.table):
        assert re.findall(r'data-code="([^"]+)"[^>]*aria-pressed="true"', part.markup) == ["53"]
    assert "Bretagne: Importance of the fragilities" in explorer.actors.markup
    row = build_cube("demo").slice(
        question="fragility_importance", fragility="health", actor="citizens", territory="53"
    ).iloc[0]  # fmt: skip
    assert f"Bretagne, citizens: {describe_estimate(row)}" in explorer.sentence.value
    explorer.chart._handle_custom_msg({"choose": "53"}, [])
    assert explorer.territory.value == ""


def test_actors_stand_side_by_side_with_their_gaps(explorer):
    cube = build_cube("demo")
    chosen = explorer.fragility.options[5][1]
    explorer.search.value = "sante"
    explorer.actors._handle_custom_msg({"choose": chosen}, [])
    assert explorer.fragility.value == chosen
    assert explorer.search.value == ""
    check_view(explorer)
    row = re.search(rf'data-code="{chosen}".*?</tr>', explorer.actors.markup)[0]
    cells = re.findall(r"<td[^>]*>(.*?)</td>", row)
    for cell, actor in zip(cells[1:4], ("citizens", "companies", "associations"), strict=True):
        place = {"question": "fragility_importance", "fragility": chosen, "territory": ""}
        one = cube.slice(actor=actor, **place).iloc[0]
        assert cell.startswith(f"{one['estimate']:.1f}")
        assert f"({one['ci_low']:.1f}–{one['ci_high']:.1f})" in cell
    gaps = cube.slice_gaps(question="fragility_importance", fragility=chosen, territory="")
    marked = gaps[gaps["mark"].isin(["higher", "lower"])]
    said = [text for text in cells[4].split("; ") if text]
    assert said == [f"{gap.actor_second} {gap.mark} than {gap.actor_first}"
                    for gap in marked.itertuples()]  # fmt: skip


def test_search_narrows_the_fragilities(explorer):
    explorer.search.value = "SANTE"
    assert "health" in [value for _, value in explorer.fragility.options]
    assert len(explorer.fragility.options) < 16
    explorer.search.value = "no such thing"
    assert len(explorer.fragility.options) == 16
    assert "No fragility holds “no such thing”" in explorer.notes.value


def test_what_a_wave_lacks_is_said_and_the_rest_works(explorer):
    explorer.wave.value = "2019"
    explorer.actor.value = "companies"
    assert "no figure (companies: no wave 2019)" in explorer.sentence.value
    assert "companies: no wave 2019" in explorer.chart.markup
    assert explorer.reference.disabled
    assert "no reference can be chosen" in explorer.notes.value
    explorer.actor.value = "citizens"
    check_view(explorer)
    assert "RECONSTRUCTED" in explorer.banner.value
    explorer.wave.value = "demo"
    assert not explorer.reference.disabled
    assert "FICTIONAL" in explorer.banner.value
    for part in (explorer.map, explorer.chart, explorer.table, explorer.actors):
        assert "FICTIONAL" in part.markup


@pytest.mark.parametrize("reference", ["rest", "france", "neighbours", "similar"])
def test_the_code_of_a_view_gives_its_numbers(explorer, reference):
    explorer.reference.value = reference
    explorer.territory.value = "53"
    space = {}
    exec(explorer.code.code, space)
    assert_frame_equal(space["table"], slice_of(explorer)[1])
    assert set(space["actors"]["domain"]) == {"53"}


def test_the_download_names_its_place(explorer):
    name = re.search(r'download="(.*?)"', explorer.download.value)[1]
    assert name == "citizens-demo-demo-fragility_importance-health-against-rest.csv"


def test_the_explorer_in_french():
    with use_language("fr"):
        explorer = build_prism_explorer("demo")
        explorer.reference.value = "neighbours"
        explorer.search.value = "rien de tel"
        explorer.territory.value = "53"
        assert explorer.problem.value == ""
    assert explorer.search.description == "Chercher dans les fragilités"
    assert explorer.reference.label == "Les régions voisines"
    assert ("Santé (sociétal)", "health") in explorer.fragility.options
    assert "Bretagne, citoyens\xa0: " in explorer.sentence.value
    assert "(IC à 95\u202f%\xa0: " in explorer.sentence.value
    assert "Les régions voisines</th>" in explorer.table.markup
    assert "Aucune fragilité ne contient «\xa0rien de tel\xa0»" in explorer.notes.value
    assert "la référence réunit plusieurs régions" in explorer.rule.value
    assert "associations au-dessus des entreprises" in explorer.actors.markup
    assert "FICTIF" in explorer.banner.value
