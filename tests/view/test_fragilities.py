"""Dumbbells, ranks, tables and sentences of the fragilities: what the cube holds, and no more."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from helpers.data.fragilities import read_fragilities
from helpers.data.language import use_language
from helpers.data.published import read_figures, read_reading_frames
from helpers.data.regions import read_regions
from helpers.stats.cube import build_cube
from helpers.stats.ranks import pair_ranks, rank_against, rank_intervals
from helpers.view import dumbbells, fragility_sentences, fragility_tables
from helpers.view.palette import ACTORS
from helpers.view.rank_charts import draw_ranks
from helpers.view.scales import SCALES

LABELS = read_fragilities().set_index("fragility")["label_en"].to_dict()
REGIONS = read_regions("zones-2015").set_index("code")["name"].to_dict()


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def national(wave, question):
    place = {"question": question, "territory": ""}
    cube = build_cube(wave)
    return cube.slice(**place), cube.slice_gaps(**place)


def points(ax):
    """Colour and x of each point drawn."""
    return sorted(
        (to_hex(line.get_color()).upper(), round(float(x), 6))
        for line in ax.lines
        for x in line.get_xdata()
    )


def words(ax):
    return [text.get_text() for text in ax.texts]


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


@pytest.mark.parametrize(
    ("wave", "question"),
    [("demo", "fragility_importance"), ("demo", "priority_fragility"),
     ("2015", "fragility_importance"), ("2019", "fragility_importance")],
)  # fmt: skip
def test_dumbbells_draw_every_estimate_and_no_other(wave, question):
    cells, gaps = national(wave, question)
    ax = dumbbells.draw_dumbbells(cells, gaps, LABELS, title="t")
    known = cells[cells["estimate"].notna()]
    factor = SCALES[known["unit"].iloc[0]].factor
    assert points(ax) == sorted(
        (ACTORS[row.actor].upper(), round(factor * row.estimate, 6)) for row in known.itertuples()
    )
    low, high = ax.get_xlim()
    assert low <= factor * known["ci_low"].min()
    assert factor * known["ci_high"].max() <= high


def test_rows_go_down_from_the_highest_value_of_any_actor():
    cells, gaps = national("demo", "priority_fragility")
    ax = dumbbells.draw_dumbbells(cells, gaps, LABELS, title="t")
    top = cells.groupby("answer")["estimate"].max().sort_values(ascending=False)
    assert dumbbells.order_rows(cells) == top.index.tolist()
    first = ax.get_yticklabels()[0].get_text().replace("\n", " ")
    assert first == LABELS[top.index[0]]


def test_a_cell_without_a_number_is_written_in_its_row():
    cells, gaps = national("2015", "fragility_importance")
    ax = dumbbells.draw_dumbbells(cells, gaps, LABELS, title="t")
    # Six scores of citizens, of which companies share one; ten fragilities have none.
    assert words(ax).count("companies: not published") == 5
    assert words(ax).count("not published") == 10
    assert "7.1 / 10" in words(ax)
    assert "Associations (not published)" in legend(ax)
    assert "Gaps: nothing is tested" in legend(ax)


def test_an_actor_without_the_wave_is_said_once():
    cells, gaps = national("2019", "fragility_importance")
    ax = dumbbells.draw_dumbbells(cells, gaps, LABELS, title="t")
    assert {"Companies (no wave 2019)", "Associations (no wave 2019)"} <= set(legend(ax))
    assert not any("no wave" in text for text in words(ax))


def test_dumbbells_in_french():
    labels = read_fragilities().set_index("fragility")["label_fr"].to_dict()
    with use_language("fr"):
        cells, gaps = national("2015", "fragility_importance")
        ax = dumbbells.draw_dumbbells(cells, gaps, labels, title="t")
        assert words(ax).count("entreprises\u00a0: non publié") == 5
        assert "7,1 / 10" in words(ax)
        assert {"Associations (non publié)", "Écarts\u00a0: rien n'est testé"} <= set(legend(ax))
        assert ax.get_xlabel().endswith("(une partie de l'échelle)")
        ax.figure.canvas.draw()
        assert all("." not in tick.get_text() for tick in ax.get_xticklabels())
        cells, gaps = national("2019", "fragility_importance")
        ax = dumbbells.draw_dumbbells(cells, gaps, labels, title="t")
    assert "Entreprises (pas de vague 2019)" in legend(ax)


def test_a_question_nobody_answered_is_drawn_without_a_point():
    cells, gaps = national("2019", "priority_fragility")
    ax = dumbbells.draw_dumbbells(cells, gaps, LABELS, title="t")
    assert points(ax) == []
    assert ax.get_xlim() == (0, 100)
    assert "Citizens (not published)" in legend(ax)


def test_the_band_is_dark_where_a_gap_is_significant():
    cells, gaps = national("demo", "priority_fragility")
    ax = dumbbells.draw_dumbbells(cells, gaps, LABELS, title="t")
    dark = sum(to_hex(lines.get_color()[0]) == "#ababab" for lines in ax.collections)
    found = gaps[gaps["mark"].isin(["higher", "lower"])]["answer"].nunique()
    assert 0 < found < 16
    assert dark == found


@pytest.fixture
def pairs():
    """Twelve zones; two tie on the perceived side, one lacks a measure."""
    codes = list(REGIONS)
    indicator = pd.DataFrame(
        {"indicator": "i", "year": 2016, "direction": "+", "region": codes,
         "value": [*range(11), np.nan], "reason": [*[""] * 11, "refused"]}
    )  # fmt: skip
    estimates = pd.DataFrame(
        {"answer": "a", "actor": "citizens", "domain": codes, "reason": "",
         "estimate": [0.5, 0.5, *np.linspace(0.1, 0.4, 10)]}
    )  # fmt: skip
    return pair_ranks(indicator, estimates), rank_against(indicator, estimates)


def test_every_ranked_territory_is_a_named_point(pairs):
    table, _ = pairs
    ax = draw_ranks(table, REGIONS, title="t", perceived="p", measured="m", colour="#0072B2")
    drawn = [(line.get_xdata()[0], line.get_ydata()[0]) for line in ax.lines[1:]]
    ranked = table[table["perceived_rank"].notna()]
    assert sorted(drawn) == sorted(
        zip(ranked["measured_rank"], ranked["perceived_rank"], strict=True)
    )
    assert set(words(ax)) - {"dashed: the same rank on both sides"} == {
        REGIONS[code] for code in ranked["region"]
    }


def test_names_on_the_rank_chart_do_not_overlap(pairs):
    table, _ = pairs
    ax = draw_ranks(table, REGIONS, title="t", perceived="p", measured="m", colour="#0072B2")
    ax.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in ax.texts]
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_ranks_in_words_say_who_is_left_out(pairs):
    table, agreement = pairs
    text = fragility_sentences.describe_ranks(table, REGIONS)
    assert text.endswith(f"Without both figures: {list(REGIONS.values())[-1]}.")
    lines = fragility_sentences.describe_agreement(agreement)
    assert f"{agreement['rho'].iloc[0]:+.2f}" in lines[0]
    assert "n = 11" in lines[0]
    assert "without Île-de-France" in lines[1]
    assert "n = 10" in lines[1]


def test_the_highest_is_named_with_how_many_have_a_figure():
    lines = fragility_sentences.describe_highest(national("2015", "priority_fragility")[0], LABELS)
    citizens, companies, associations = lines
    assert citizens.endswith("the highest of the 2 with a figure.")
    assert companies == "- **Companies**: not published."
    # Printed alike, 60% each: neither is put first.
    assert f"{LABELS['employment']} and {LABELS['ageing_intergenerational']}, 60%" in associations
    lone = fragility_sentences.describe_highest(national("2015", "fragility_importance")[0], LABELS)
    assert lone[1].endswith("the only one with a figure.")


def test_dumbbells_in_words_count_what_is_missing_and_tested():
    cells, gaps = national("2015", "fragility_importance")
    text = fragility_sentences.describe_dumbbells(cells, gaps, LABELS)
    assert "Employment, unemployment, integration 7.1 / 10" in text
    assert "10 of 16 without a figure" in text
    assert text.endswith("No gap is tested.")
    cells, gaps = national("demo", "fragility_importance")
    found = gaps["mark"].isin(["higher", "lower"]).sum()
    text = fragility_sentences.describe_dumbbells(cells, gaps, LABELS)
    assert f"{found} of 48 gaps tested are significant. The largest is " in text
    largest = gaps.loc[gaps["difference"].abs().idxmax()]
    assert f"{abs(largest['difference']):.2f} points on " in text


def test_places_are_named_or_their_absence_explained():
    lines = fragility_sentences.describe_places(
        build_cube("2019"), "fragility_importance", "employment", REGIONS
    )
    assert lines[0] == "- **Citizens**: no region has a figure (not published)."
    assert lines[1] == "- **Companies**: no region has a figure (no wave 2019)."


def test_gaps_keep_their_sign_and_their_mark():
    gaps = national("demo", "priority_fragility")[1]
    table = fragility_tables.tabulate_gaps(gaps, LABELS)
    assert len(table) == 16
    row = gaps[(gaps["answer"] == "poverty_exclusion") & (gaps["actor_second"] == "companies")]
    cell = table.set_index("Fragility").loc[LABELS["poverty_exclusion"], "Companies minus citizens"]
    assert cell.startswith(f"{100 * row['difference'].iloc[0]:+.1f} (")
    assert cell.endswith("▼")
    assert row["mark"].iloc[0] == "lower"


def test_gaps_that_cannot_be_tested_say_so():
    gaps = national("2015", "fragility_importance")[1]
    table = fragility_tables.tabulate_gaps(gaps, LABELS)
    # One fragility alone has two figures: 5.5 of companies, 6.3 of citizens.
    assert table.to_numpy().tolist() == [
        [LABELS["poverty_exclusion"], "-0.80, not tested", "no two figures", "no two figures"]
    ]
    assert fragility_tables.tabulate_gaps(national("2019", "fragility_importance")[1], LABELS).empty


def test_comparability_counts_what_was_tested():
    table = fragility_tables.tabulate_comparability(national("demo", "fragility_importance")[1])
    assert table["Tested"].tolist() == ["16", "16", "16"]
    assert table["Comparable"].tolist() == ["yes", "yes", "yes"]
    assert table["What it rests on"].str.contains("in how freely").all()
    table = fragility_tables.tabulate_comparability(national("2015", "fragility_importance")[1])
    assert table["With two figures"].tolist() == ["1 of 16", "0 of 16", "0 of 16"]
    assert "assumed" in table["Not tested because"].iloc[0]


def test_ranks_are_of_those_with_a_figure():
    rows = national("2015", "priority_fragility")[0].query("actor == 'citizens'")
    ranks = rank_intervals(rows, by="answer", independent=False)
    table = fragility_tables.tabulate_ranks(ranks, LABELS, SCALES["share"])
    assert table["Rank (of 2)"].tolist() == ["1", "2", *[""] * 14]
    assert table["Rank, 95% CI"].eq("").all()
    assert table["Fragility"].iloc[0] == LABELS["security"]


def test_need_and_means_invents_no_share_of_the_means_nobody_asked_about():
    need, impact = (
        national("demo", name)[0].query("actor == 'citizens'")
        for name in ("fragility_importance", "partnership_impact")
    )
    table = fragility_tables.tabulate_need_and_means(need, impact, read_reading_frames(), LABELS)
    assert table["Territorial dialogue"].eq("no legible figure").all()
    assert table["Collective experimentation"].eq("no legible figure").all()
    value = impact.set_index("answer").loc["education", "estimate"]
    cell = table.set_index("Fragility").loc[LABELS["education"], "Partnerships"]
    assert cell.startswith(f"{100 * value:.0f}%")


def test_the_impact_model_cites_every_figure_it_shows():
    frames, figures = read_reading_frames(), read_figures()
    table = fragility_tables.tabulate_frame(frames, figures, "impact_model").set_index("Element")
    assert table.loc["Confidence", "Published figures"] == "none"
    named = frames.set_index("element").loc["innovation", "figures"]
    for name in named:
        value = figures.set_index("figure").loc[name, "value"]
        assert f"{value:g}%" in table.loc["Innovation", "Published figures"]
        assert name in table.loc["Innovation", "Published figures"]


def test_questions_say_which_survey_holds_them():
    table = fragility_tables.tabulate_questions(build_cube("2015").waves, ["partnership_impact"])
    assert table["Asked"].tolist() == ["all citizens"]
    assert table["Without a figure in this wave"].tolist() == ["companies, associations"]


def test_largest_gaps_give_both_values_with_interval_and_base():
    cells, gaps = national("demo", "fragility_importance")
    lines = fragility_sentences.describe_gaps(cells, gaps, LABELS)
    assert lines[0].startswith("- 42 of 48 gaps tested are significant.")
    assert len(lines) == 1 + 3
    first = gaps.loc[gaps["difference"].abs().idxmax()]
    name = LABELS[first["answer"]]
    assert lines[1].startswith(
        f"- Largest gap between {first['actor_first']} and {first['actor_second']}: "
        f"{name[:1].lower()}{name[1:]}, "
    )
    assert all(line.count("95% CI") == 2 and line.count("n = ") == 2 for line in lines[1:])
    cells, gaps = national("2015", "fragility_importance")
    lines = fragility_sentences.describe_gaps(cells, gaps, LABELS)
    assert lines == ["- No gap between actors can be tested."]


def test_sentences_in_french(pairs):
    labels = read_fragilities().set_index("fragility")["label_fr"].to_dict()
    with use_language("fr"):
        highest = fragility_sentences.describe_highest(
            national("2015", "priority_fragility")[0], labels
        )
        cells, gaps = national("demo", "priority_fragility")
        shown = fragility_sentences.describe_dumbbells(cells, gaps, labels)
        places = fragility_sentences.describe_places(
            build_cube("2019"), "fragility_importance", "employment", REGIONS
        )
        agreement = fragility_sentences.describe_agreement(pairs[1])
        ranks = fragility_sentences.describe_ranks(pairs[0], REGIONS)
    assert highest[0].endswith("\u202f; la plus élevée des 2 ayant un chiffre.")
    assert highest[1] == "- **Entreprises**\xa0: non publié."
    assert "insertion et Vieillissement et intergénérationnel, 60\u202f%" in highest[2]
    assert " chacune\u202f; les plus élevées des " in highest[2]
    assert "écarts sur 48 testés sont significatifs. Le plus grand est de " in shown
    assert places[1] == "- **Entreprises**\xa0: aucune région n'a de chiffre (pas de vague 2019)."
    assert agreement[1].startswith(
        "- Territoires ayant les deux chiffres (sans l'Île-de-France)\xa0: ρ de Spearman "
    )
    assert ranks.startswith("Rangs\xa0: ")
    assert " perçu 1,5, mesuré " in ranks


def test_tables_in_french():
    labels = read_fragilities().set_index("fragility")["label_fr"].to_dict()
    with use_language("fr"):
        _, gaps = national("2015", "fragility_importance")
        written = fragility_tables.tabulate_gaps(gaps, labels)
        comparable = fragility_tables.tabulate_comparability(gaps)
        questions = fragility_tables.tabulate_questions(
            build_cube("2015").waves, ["partnership_impact"]
        )
        model = fragility_tables.tabulate_frame(
            read_reading_frames(), read_figures(), "impact_model"
        )
        listed = fragility_tables.tabulate_fragilities(read_fragilities())
    assert written.to_numpy().tolist() == [
        [labels["poverty_exclusion"], "-0,80, non testé", "un chiffre manque", "un chiffre manque"]
    ]
    assert list(written) == [
        "Fragilité", "Entreprises moins citoyens", "Associations moins citoyens",
        "Associations moins entreprises",
    ]  # fmt: skip
    assert comparable["Comparable"].tolist() == ["oui", "oui", "oui"]
    assert comparable["Avec deux chiffres"].tolist() == ["1 sur 16", "0 sur 16", "0 sur 16"]
    assert "English" not in questions
    assert questions["Sans chiffre dans cette vague"].tolist() == ["entreprises, associations"]
    assert list(model) == ["Élément", "Chiffres publiés", "Ce qu'on peut en dire"]
    assert "\u202f% des entreprises, 2015 (F159, " in model["Chiffres publiés"].iloc[0]
    assert set(listed["Certitude de la famille"]) <= {"forte", "moyenne", "incertaine"}
