"""The explorer of a page holds the numbers of the estimate table, and none that is withheld."""

import json
import re

import pandas as pd
import pytest

from helpers.data.language import use_language
from helpers.data.responses import read_wave
from helpers.stats.results import Rule, estimate_question
from helpers.view import live
from helpers.view.live import LIVE, show_explorer, write_json
from helpers.view.live_data import LiveData, collect_estimates, find_shared_breaks
from helpers.view.live_specs import build_map_spec, build_rows_spec
from helpers.view.maps import find_breaks, lay_out_map
from helpers.view.scales import SCALES, find_scale
from helpers.view.svg_maps import ScreenMap
from helpers.view.tables import tabulate_estimates

QUESTIONS = ["has_partnership", "partnership_type"]


def explore(*waves, **options):
    return show_explorer(
        *waves, **{"question": "has_partnership", "questions": QUESTIONS} | options
    )


def read_content(part) -> dict:
    markup = part._repr_mimebundle_()[LIVE]
    return json.loads(re.search(r'<script type="application/json">(.*?)</script>', markup)[1])


def list_cells(content: dict, *, survey=0, wave=0):
    """Every cell with the place it has: question, breakdown, domain, answer."""
    held = content["surveys"][survey]["waves"][wave]
    for question in held["questions"]:
        for by, table in question["tables"].items():
            codes = held["breakdowns"][by]["codes"] if by else [""]
            for code, cells in zip(codes, table, strict=True):
                for answer, cell in zip(question["answers"], cells, strict=True):
                    yield (question["id"], by, code, answer), cell


@pytest.fixture(scope="module", params=["companies/demo", "companies/2015", "citizens/demo"])
def case(request):
    wave = read_wave(*request.param.split("/"))
    questions = QUESTIONS if wave.survey == "companies" else ["fragility_importance"]
    part = show_explorer(wave, question=questions[0], questions=questions)
    return wave, collect_estimates(wave, questions=questions), part


def test_cells_are_the_rows_of_the_estimate_table_as_tables_print_them(case):
    wave, estimates, part = case
    content = read_content(part)
    cells = dict(list_cells(content))
    keys = ["question", "domain_variable", "domain", "answer"]
    assert len(cells) == len(estimates)
    for _, table in estimates.groupby(["question", "domain_variable"]):
        scale, printed = find_scale(table), tabulate_estimates(table, wave)
        rows = zip(table.itertuples(), printed.to_dict("records"), strict=True)
        for row, texts in rows:
            cell = cells[tuple(getattr(row, key) for key in keys)]
            if pd.isna(row.estimate):
                continue
            short, value, low, high, n, mark, *note = cell
            assert f"{short:.{scale.decimals}f}" == scale.number(row.estimate)
            assert f"{value:.{scale.decimals + 1}f}" == texts[scale.heading]
            assert f"{low:.{scale.decimals + 1}f}–{high:.{scale.decimals + 1}f}" == texts["95% CI"]
            assert f"{n:,}" == texts["Base (n)"]
            assert {"h": "higher", "l": "lower", "d": "none", "": "untestable"}[mark] == row.mark
            assert [content["notes"][key]["words"] for key in note] == [texts["State"]] * len(note)


def test_a_row_without_a_number_holds_none(case):
    _, estimates, part = case
    content = read_content(part)
    keys = ["question", "domain_variable", "domain", "answer"]
    missing = estimates[estimates["estimate"].isna()].set_index(keys)
    cells = {place: cell for place, cell in list_cells(content) if place in missing.index}
    assert len(cells) == len(missing)
    for place, cell in cells.items():
        if isinstance(cell, dict):
            assert cell["label"].startswith("≈ ")  # a reading, published as such
            continue
        state = content["absent"][cell]
        assert state["state"] == missing.loc[place, "reliability"]


def test_withheld_numbers_are_nowhere_on_the_page():
    wave = read_wave("mayors", "demo")
    question = wave.file.questions[0]
    shown = explore(wave, question=question, questions=[question])
    tables = [
        estimate_question(wave, question, by="region", rule=Rule(reliability=name))
        for name in ("nchs-2017", "none")
    ]
    hidden = tables[1][tables[0]["reliability"].eq("suppress")]
    assert len(hidden) > 10
    cells = dict(list_cells(read_content(shown)))
    for row in hidden.itertuples():
        assert cells[question, "region", row.domain, row.answer] in read_content(shown)["absent"]


def test_a_breakdown_of_which_nothing_was_published_is_left_out():
    content = read_content(explore(read_wave("companies", "2015")))
    tables = {q["id"]: list(q["tables"]) for q in content["surveys"][0]["waves"][0]["questions"]}
    assert tables["partnership_type"] == ["", "region"]


def test_nothing_published_at_all_is_said(monkeypatch):
    monkeypatch.setattr(live, "collect_estimates", lambda *_, **__: pd.DataFrame())
    markup = explore(read_wave("companies", "2015"))._repr_mimebundle_()[LIVE]
    assert markup == "<p>There is no figure to explore.</p>"


def test_a_map_shares_its_classes_with_the_other_survey():
    waves = [read_wave(survey, "demo") for survey in ("companies", "associations")]
    made = collect_estimates(*waves, questions=["has_partnership"])
    tables = [
        estimate_question(wave, "has_partnership", by="region").query("answer == 'yes'")
        for wave in waves
    ]
    assert find_shared_breaks(made, "demo", "has_partnership", "yes") == find_breaks(*tables)
    content = read_content(explore(*waves))
    for survey in content["surveys"]:
        question = survey["waves"][0]["questions"][0]
        edges = question["breaks"][question["answers"].index("yes")]
        assert edges == [round(100 * edge) for edge in find_breaks(*tables)]


def test_made_tables_are_taken_as_they_are():
    wave = read_wave("companies", "demo")
    made = estimate_question(wave, "has_partnership").assign(estimate=0.123)
    whole = collect_estimates(wave, questions=["has_partnership"], made=made)
    assert set(whole.loc[whole["domain_variable"] == "", "estimate"]) == {0.123}
    assert 0.123 not in set(whole.loc[whole["domain_variable"] != "", "estimate"])


def test_labels_stay_text_inside_a_script_element():
    attack = "</script><script>alert(1)</script><!-- & \u2028"
    text = write_json({"label": attack})
    assert not set(text) & set("<>&\u2028\u2029")
    assert json.loads(text) == {"label": attack}
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(float("nan"))


def test_the_page_holds_no_control_before_a_script_runs(case):
    markup = case[2]._repr_mimebundle_()[LIVE]
    still = markup.partition("<script")[0]
    assert "<table>" in still
    assert "<svg" in still
    assert not re.search(r"<(select|button|input)|tabindex|data-code", still)


def test_a_notebook_shows_one_line_in_its_place(case):
    assert "\n" not in case[2]._repr_mimebundle_()["text/plain"]


def test_same_input_gives_the_same_text():
    waves = [read_wave("companies", "2015")]
    first, second = (explore(*waves)._repr_mimebundle_() for _ in range(2))
    assert first == second


def test_words_and_signs_are_those_of_the_language():
    with use_language("fr"):
        content = read_content(explore(read_wave("companies", "demo")))
    assert content["marks"]["decimal"] == ","
    assert content["marks"]["thousands"] == "\u202f"
    assert content["scales"]["share"]["sign"] == "\u202f%"
    assert content["words"]["survey"] == "Enquête"
    assert content["surveys"][0]["name"] == "Entreprises"
    assert content["surveys"][0]["waves"][0]["stamp"] == "FICTIF"


def test_actors_and_fragilities_name_the_controls_of_the_prisms():
    content = read_content(explore(read_wave("companies", "demo"), prisms=True))
    assert [content["words"][name] for name in ("survey", "answer")] == ["Actor", "Fragility"]


def test_the_first_view_is_the_one_asked_for_or_the_next_that_is_held():
    wave, other = read_wave("associations", "demo"), read_wave("companies", "demo")
    options = {"by": "company_size", "answer": "no"}
    first = read_content(explore(other, **options))["first"]
    assert (first["shown"], first["answer"]) == ("by:company_size", "no")
    unknown = read_content(explore(wave, other, question="unheard_of", by="unheard_of"))["first"]
    assert (unknown["survey"], unknown["question"]) == ("0", "has_partnership")
    assert unknown["shown"] == "by:region"


def test_areas_are_those_of_the_boundaries(case):
    content, zones = read_content(case[2]), live.read_regions("zones-2015")
    layout = lay_out_map(zones, case[1][case[1]["domain_variable"] == "region"]
                         .drop_duplicates("domain"), breaks=[0, 1])  # fmt: skip
    assert [area["code"] for area in content["areas"]] == list(layout.areas["code"])
    box, screen = content["specs"]["map"], ScreenMap(zones, "here")
    assert (box["width"], box["height"]) == (screen.width, screen.height)
    for area in content["areas"]:
        assert 0 < area["x"] < box["width"]
        assert 0 < area["y"] < box["height"]


@pytest.mark.parametrize("unit", SCALES)
def test_specifications_ask_for_nothing(unit):
    for spec in (build_map_spec(470, 480), build_rows_spec(SCALES[unit])):
        text = json.dumps(spec)
        assert '"url"' not in text
        assert re.findall(r"https?://[^\"]*", text) == [spec["$schema"]]


def test_a_share_that_the_design_fixes_has_no_interval():
    wave = read_wave("companies", "demo")
    made = estimate_question(wave, "has_partnership").assign(se=0.0)
    data = LiveData(made, wave, rule=Rule())
    cells = data.write_surveys()[0]["waves"][0]["questions"][0]["tables"][""][0]
    assert [cell[2:4] for cell in cells] == [[None, None]] * len(cells)
    assert ("fixed by the design", False) in data.notes
