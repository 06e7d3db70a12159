"""What a portrait shows: sentences, tables, charts and maps of contexts."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from helpers.data.codebook import read_codebook
from helpers.data.fragilities import read_fragilities
from helpers.data.language import use_language
from helpers.data.places import find_place
from helpers.data.published import read_figures
from helpers.data.regions import read_regions
from helpers.stats.contexts import CONTEXTS
from helpers.stats.disclosure import CONFIDENTIAL
from helpers.stats.number_ids import build_ids
from helpers.stats.portraits import SURVEYS, portray_region, read_held_waves
from helpers.stats.region_contrasts import list_references
from helpers.stats.results import Rule
from helpers.view.context_maps import (
    describe_class,
    describe_context_maps,
    describe_context_test,
    describe_contexts,
    draw_contexts,
)
from helpers.view.portrait_charts import draw_against, draw_location
from helpers.view.portrait_sentences import (
    describe_differences,
    describe_location,
    describe_missing,
    describe_place,
    describe_portrait,
    describe_reference,
    describe_spans,
    describe_test,
    describe_understanding,
    find_free,
)
from helpers.view.portrait_tables import (
    show_comparisons,
    show_fragilities,
    show_published,
    show_spans,
)

ASKED = {
    "companies": ["has_partnership", "partnership_type"],
    "mayors": ["territory_coconstruction_dynamic"],
}


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def zones():
    return read_regions("zones-2015")


@pytest.fixture(scope="module")
def names(zones):
    return dict(zip(zones["code"], zones["name"], strict=True))


@pytest.fixture(scope="module")
def codebooks():
    return {survey: read_codebook(survey) for survey in SURVEYS}


@pytest.fixture(scope="module")
def rows():
    waves = read_held_waves("demo")
    return portray_region(waves, "52", list_references("france"), questions=ASKED)


def test_what_stands_out(rows, codebooks):
    lines = describe_portrait(rows, codebooks, "Pays de la Loire", "france")
    assert lines[0].startswith("Of 5 figures of Pays de la Loire that can be tested, 1 differ")
    assert lines[1:] == [
        "- Higher: companies: has partnerships with associations, "
        "68% (95% CI 57–78, n = 79) against 39%."
    ]


def test_figures_that_cannot_be_tested_are_listed(codebooks):
    waves = read_held_waves("2015")
    asked = {"companies": ["has_partnership"]}
    rows = portray_region(waves, "52", list_references("similar"), questions=asked)
    known, line = describe_portrait(rows, codebooks, "Pays de la Loire", "similar")
    assert known.endswith(
        "1 figure of Pays de la Loire is known in this wave; it cannot be tested."
    )
    assert line.startswith("- companies: has partnerships with associations, 43% (95% CI")
    assert "against" not in line


def test_nothing_to_show_says_why(rows, codebooks):
    hidden = rows[rows["survey"] == "mayors"]
    (line,) = describe_portrait(hidden, codebooks, "Pays de la Loire", "france")
    assert line.endswith("1 withheld as too uncertain.")
    secret = hidden.assign(reason=CONFIDENTIAL)
    (line,) = describe_portrait(secret, codebooks, "Pays de la Loire", "france")
    assert line.endswith("1 withheld for confidentiality.")
    assert describe_missing(secret, codebooks)[1].endswith(f": {CONFIDENTIAL}.")


def test_missing_is_named_with_its_reason(rows, codebooks):
    lines = describe_missing(rows, codebooks)
    assert lines == [
        "Missing here:",
        "- Mayors: the territory is in a co-construction dynamic: "
        "withheld as too uncertain (base of 22).",
    ]
    assert describe_missing(rows[rows["estimate"].notna()], codebooks) == []


def test_spans(rows, codebooks, names):
    free = find_free(rows[rows["rank_low"].notna()])
    text = describe_spans(rows, codebooks, "Pays de la Loire")
    assert text.startswith(f"For {free.sum()} of {len(free)} figures")
    html = show_spans(rows, codebooks, names, title="Spans").as_raw_html()
    assert "1 and 4 of 12" in html
    assert "Bretagne" in html


def test_places_that_share_a_zone_say_so():
    assert "same in both portraits" in describe_place(find_place("94"))
    assert describe_place(find_place("53")) == "**Bretagne**, region 53."


def test_table_of_figures(rows, codebooks):
    html = show_comparisons(
        rows, codebooks, title="Partnerships", reference="France", note="Rule."
    ).as_raw_html()
    assert "FICTIONAL data" in html
    assert "▲ +29.8" in html
    assert html.count("<tr") == 1 + 1 + 5 + 1  # title, headings, figures, note
    assert html.count('<data value="') == 5
    assert all(
        f'<data value="{name}">' in html for name in build_ids(rows.dropna(subset="estimate"))
    )


def test_table_of_fragilities_leaves_out_what_has_no_figure(codebooks):
    waves = read_held_waves("2015")
    asked = {"companies": ["fragility_importance"], "citizens": ["fragility_importance"]}
    rows = portray_region(waves, "75", list_references("france"), questions=asked)
    html = show_fragilities(rows, read_fragilities(), title="Scores", note="").as_raw_html()
    assert "Poverty and exclusion" in html
    assert "Health" not in html
    assert "Citizens" not in html
    assert "RECONSTRUCTED" in html


def test_chart_draws_what_there_is(rows):
    types = rows[rows["question"] == "partnership_type"]
    labels = dict(zip(types["answer"], types["answer"], strict=True)) | {"absent": "Absent"}
    ax = draw_against(types, labels, title="T", region="Pays de la Loire", reference="France")
    assert [text.get_text() for text in ax.get_yticklabels()] == types["answer"].tolist()
    words = [text.get_text() for text in ax.get_legend().get_texts()]
    assert words == ["Pays de la Loire, 95% interval", "France"]


def test_location_of_a_region_that_shares_its_zone():
    regions = read_regions("regions-2016")
    ax = draw_location(regions, find_place("94"), ["76", "84"], words="the neighbours")
    words = [text.get_text() for text in ax.get_legend().get_texts()]
    assert words[0] == "Corse"
    assert words[2].startswith("Provence-Alpes-Côte d'Azur: same zone")


@pytest.fixture
def contexts(zones):
    table = pd.DataFrame({"domain": zones["code"], "unit": "share", "estimate": 0.4})
    table = table.assign(reliability="ok", reason="", synthesis="undecided")
    for context in CONTEXTS:
        table[f"difference_{context}"] = 0.0
        table[f"mark_{context}"] = "none"
    return table.set_index("domain")


def draw(zones, contexts):
    frame = draw_contexts(zones, contexts.reset_index(), title="T", note="N", outlined="53")
    maps = [ax for ax in frame.figure.axes if ax is not frame]
    legends = [text.get_text() for legend in frame.figure.findobj(plt.matplotlib.legend.Legend)
               for text in legend.get_texts()]  # fmt: skip
    return maps, legends


def test_maps_write_gaps_and_classes(zones, names, contexts):
    gaps, marks = [f"difference_{c}" for c in CONTEXTS], [f"mark_{c}" for c in CONTEXTS]
    contexts.loc["53", gaps] = [0.12, -0.08, 0.05]
    contexts.loc["53", marks] = ["higher", "lower", "higher"]
    contexts.loc["53", "synthesis"] = "+-+"
    contexts.loc["93+94", ["estimate", *gaps]] = np.nan
    contexts.loc["93+94", ["reliability", "synthesis"]] = ["not_published", "untested"]
    maps, legends = draw(zones, contexts)
    labels = [{text.get_text() for text in ax.texts} for ax in maps]
    assert "▲ +12" in labels[0]
    assert "▼ −8" in labels[1]
    assert labels[3] == {"+ − +", "?", ""}
    assert any(words.startswith("+ − +  above France, below the similar") for words in legends)
    assert "Not published" in legends
    text = describe_contexts(contexts.reset_index(), names)
    assert "above the neighbours: Bretagne" in text


def test_class_in_words():
    assert describe_class("-++") == "below France, above the similar regions, above the neighbours"


def portray_in_french():
    waves = read_held_waves("demo")
    return portray_region(waves, "52", list_references("france"), questions=ASKED)


def test_sentences_in_french(codebooks):
    with use_language("fr"):
        rows = portray_in_french()
        lines = describe_portrait(rows, codebooks, "Pays de la Loire", "france")
        missing = describe_missing(rows, codebooks)
        spans = describe_spans(rows, codebooks, "Pays de la Loire")
        place = describe_place(find_place("53"))
        reference = describe_reference("neighbours", ["Bretagne", "Normandie"])
        test = describe_test(Rule(alpha=0.01), "rest", "demo")
        context = describe_context_test(Rule())
    assert lines == [
        "Pays de la Loire\xa0: sur 5 chiffres testables, 1 s'écarte significativement de la "
        "France\u202f; le reste (4) ne peut en être distingué.",
        "- Plus élevé\xa0: entreprises – mène des partenariats avec des associations, "
        "68\u202f% (IC à 95\u202f%\xa0: 57–78, n = 79) contre 39\u202f%.",
    ]
    assert missing[0] == "Manquent ici\xa0:"
    assert missing[1].endswith("\xa0: non diffusé, trop incertain (base de 22).")
    assert spans.startswith("Pays de la Loire\xa0: pour ")
    assert place == "**Bretagne**, région 53."
    assert reference == "La référence réunit les zones voisines\xa0: Bretagne, Normandie."
    assert "quand il diffère du reste de la France au seuil de 1\u202f%" in test
    assert "diffère de son contexte au seuil de 5\u202f%" in context


def test_tables_and_charts_in_french(codebooks, names):
    with use_language("fr"):
        rows = portray_in_french()
        html = show_comparisons(
            rows, codebooks, title="T", reference="France", note="N."
        ).as_raw_html()
        spans = show_spans(rows, codebooks, names, title="T").as_raw_html()
        figures = read_figures().query("territory_code == '52'")
        printed = show_published(figures, find_place("52")).as_raw_html()
        ax = draw_against(
            rows[rows["question"] == "partnership_type"],
            dict.fromkeys(rows["answer"], "A"), title="T", region="R", reference="la France",
        )  # fmt: skip
    assert "FICTIF" in html
    assert "▲ +29,8" in html
    assert "Mène des partenariats avec des associations" in html
    assert "1 et 4 sur 12" in spans
    assert "Publié sur la zone Pays de la Loire" in printed
    assert "has partnership" not in printed
    words = [text.get_text() for text in ax.get_legend().get_texts()]
    assert words == ["R, intervalle à 95\u202f%", "la France"]


def test_classes_in_french():
    with use_language("fr"):
        words = describe_class("-++")
    assert (
        words == "au-dessous de la France, au-dessus des régions semblables, au-dessus des voisines"
    )


@pytest.mark.parametrize(
    ("text", "english", "french"),
    [
        ("Aquitaine", "name of a region before 2016", "nom d'une région d'avant 2016"),
        ("PACA", "abbreviation of a region of 2016", "abréviation d'une région de 2016"),
        ("Brittany", "English name of a region of 2016", "nom anglais d'une région de 2016"),
        ("33", "code of a département", "code d'un département"),
    ],
)
def test_how_a_region_was_understood(text, english, french):
    place = find_place(text)
    assert f": understood as the {english}; zone" in describe_understanding(place)
    with use_language("fr"):
        assert f"\xa0: lu comme {french}\u202f; zone" in describe_understanding(place)


def test_texts_of_the_figures(rows, zones, names, contexts):
    contexts.loc["53", "difference_france"] = 0.12
    types = rows[rows["question"] == "has_partnership"]
    shared = find_place("94")
    with use_language("fr"):
        maps = describe_context_maps(contexts.reset_index(), names)
        differs = describe_differences(types, {"yes": "oui"}, "france")
        location = describe_location(shared, ["Occitanie"])
    assert maps.startswith(
        "Les écarts à la France, en points, vont de 0 (Île-de-France) à +12 (Bretagne). "
    )
    assert differs == "Significativement différents de la France\xa0: oui (supérieur)."
    assert location.endswith("1 région de la référence est colorée\xa0: Occitanie.")
    assert describe_differences(types.assign(mark="none"), {}, "rest") == (
        "None differs significantly from the rest of France."
    )
    untested = types.assign(mark="untestable")
    assert describe_differences(untested, {}, "rest") == "Nothing is tested."
    assert "no region is shaded" in describe_location(shared, [])
