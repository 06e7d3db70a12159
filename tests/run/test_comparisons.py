"""The page of what changed between two waves: numbers by hand, nothing invented, one error."""

import re
import sys
from html import unescape

import numpy as np
import pandas as pd
import pytest
import yaml
from babel.messages.pofile import read_po

from helpers.data.language import find_catalogues, use_language
from helpers.data.responses import checksum, read_wave
from helpers.data.wave_pairs import find_earlier, list_comparable
from helpers.run import cli
from helpers.run.comparisons import render_comparison, write_comparison
from helpers.stats.wave_comparison import build_comparison
from helpers.view.change_sentences import describe_change, list_lines, tell_changes
from helpers.view.change_tables import show_changes, show_parts, tabulate_changes

SURVEYS = "data/surveys/mayors"
INNOVATION = "partnerships_source_of_innovation"
DYNAMIC = "territory_coconstruction_dynamic"
EVIL = "<script>alert(1)</script>"


def people(*groups):
    """Respondents in groups of (area, number, how many see innovation, how many say not at all)."""
    parts = [
        pd.DataFrame(
            {
                "area": area,
                INNOVATION: [1] * yes + [2] * (n - yes),
                DYNAMIC: [4] * none + [3] * (n - none),
            }
        )
        for area, n, yes, none in groups
    ]
    table = pd.concat(parts, ignore_index=True)
    ids = [f"secret-{place:04}" for place in range(len(table))]
    return table.assign(respondent=ids, weight=1.0)


def add_wave(collection, name, table, *, provenance="real", **change):
    folder = collection.path(f"{SURVEYS}/{name}")
    folder.mkdir()
    table.to_parquet(folder / "responses.parquet", index=False)
    file = {
        "survey": "mayors",
        "wave": name,
        "provenance": provenance,
        "title": {"en": f"Made wave {name}", "fr": f"Vague {name}"},
        "fieldwork": {"dates": name, "mode": "web", "producer": "us"},
        "n": len(table),
        "n_status": "counted",
        "design": {"weight": "weight"},
        "weighting": "None.",
        "domains": ["area"],
        "questions": [DYNAMIC, INNOVATION],
        "checksum": checksum(folder / "responses.parquet"),
        **change,
    }
    (folder / "wave.yaml").write_text(yaml.safe_dump(file, allow_unicode=True), encoding="utf-8")


def state(collection, question, verdict, *waves):
    """Write into the codebook what may be compared."""
    path = collection.path(f"{SURVEYS}/codebook.yaml")
    tree = yaml.safe_load(path.read_text(encoding="utf-8"))
    for item in tree["questions"]:
        if item["id"] == question:
            reason = {"en": "Read side by side.", "fr": "Lus côte à côte."}
            entry = {"waves": list(waves), "verdict": verdict, "reason": reason}
            item.setdefault("comparability", []).append(entry)
    path.write_text(yaml.safe_dump(tree, allow_unicode=True), encoding="utf-8")


@pytest.fixture
def two(collection):
    """Rural mayors double; opinions of innovation stay. In towns, 40 more of 100 say not at all."""
    add_wave(collection, "2030", people(("rural", 100, 50, 50), ("urban", 100, 20, 50)))
    add_wave(collection, "2031", people(("rural", 200, 100, 100), ("urban", 100, 20, 90)))
    state(collection, INNOVATION, "same", "2030", "2031")
    state(collection, DYNAMIC, "near", "2030", "2031")
    return collection


@pytest.fixture
def compared(two):
    return build_comparison(read_wave("mayors", "2030"), read_wave("mayors", "2031"))


@pytest.fixture
def run(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "300")

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["studies", "compare", *words])
        with pytest.raises(SystemExit) as end:
            cli.main()
        out, err = capsys.readouterr()
        return end.value.code or 0, out, " ".join(err.split())

    return run


def read_page(collection, name, lang="en"):
    return collection.path(f"reports/compare/{name}.{lang}.html").read_text(encoding="utf-8")


def find_english(*names):
    """The longest part without a place of each message of some catalogues that French changes."""
    paths = [path for path in find_catalogues("fr") if path.stem in names]
    assert {path.stem for path in paths} == set(names)
    entries = [entry for path in paths for entry in read_po(path.open("rb"), locale="fr")]
    parts = [max(re.split(r"{\w+}", entry.id), key=len) for entry in entries
             if isinstance(entry.id, str) and entry.id != entry.string]  # fmt: skip
    return [part for part in parts if len(part) > 12]


def text_of(page):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.split("</style>")[1])))


# Numbers by hand


def test_difference_and_its_interval_by_hand(compared):
    changes = compared.changes.set_index(["question", "domain_variable", "answer"])
    row = changes.loc[(INNOVATION, "", "yes")]
    assert row["estimate_first"] == pytest.approx(70 / 200)
    assert row["estimate_second"] == pytest.approx(120 / 300)
    assert row["difference"] == pytest.approx(0.05)
    assert row["difference_se"] ** 2 == pytest.approx(0.35 * 0.65 / 199 + 0.4 * 0.6 / 299)
    assert row["mark"] == "none"


def test_a_change_of_sample_composition_is_told_apart_from_opinion(compared):
    told = compared.parts.query("question == @INNOVATION and domain == ''").set_index("part")
    # Rural, of whom half say yes, go from 1/2 to 2/3; urban, of whom a fifth do, to 1/3.
    assert told["value"]["sample_composition"] == pytest.approx((0.5 - 0.2) / 6)
    assert told["value"]["total"] == pytest.approx(0.05)
    for part in ("opinion", "weights", "cells_in_one_wave", "wording", "geography"):
        assert told["value"][part] == pytest.approx(0, abs=1e-12)
    assert (told["ci_low"]["opinion"], told["ci_high"]["opinion"]) != (0, 0)
    assert told["state"]["wording"] == "none"


def test_a_near_wording_cannot_be_told_from_opinion(compared):
    told = compared.parts.query("question == @DYNAMIC and domain == ''")
    told = told[told["answer"] == "not_at_all"].set_index("part")
    # Opinion: urban only, (1/2 + 1/3) / 2 of whom move by 0.4; composition: 1/6 (0.5 - 0.7).
    assert told["value"]["opinion"] == pytest.approx(5 / 12 * 0.4)
    assert told["value"]["sample_composition"] == pytest.approx((0.5 - 0.7) / 6)
    assert told["state"]["opinion"] == "cannot be told apart"
    assert told["state"]["wording"] == "cannot be told apart"
    assert np.isnan(told["value"]["wording"])


def test_a_mark_appears_where_towns_moved_away(compared):
    marks = compared.marks.query("question == @DYNAMIC and answer == 'not_at_all'")
    assert marks.set_index("domain")["event"].to_dict() == {"rural": "appeared",
                                                            "urban": "appeared"}  # fmt: skip
    assert marks.set_index("domain")["change"].to_dict() == {"rural": "none", "urban": "higher"}
    kept = compared.marks.query("question == @INNOVATION and answer == 'yes'")
    assert set(kept["event"]) == {"kept"}


def test_only_significant_groups_are_split(compared):
    split = compared.parts[compared.parts["domain_variable"] != ""]
    moved = compared.changes[compared.changes["mark"].isin(["higher", "lower"])]
    moved = moved[moved["domain_variable"] != ""]
    assert set(split["domain"]) == {"urban"}
    assert set(split["answer"]) == set(moved["answer"])


# Sentences


def test_every_sentence_is_a_tested_row_of_the_table(compared):
    told = tell_changes(compared)
    assert len(told) > 0
    for place, row in told.iterrows():
        source = compared.changes.loc[place]
        shown = tabulate_changes(compared.changes.loc[[place]], compared).iloc[0]
        assert row["sentence"] == describe_change(source, compared)
        for wave in ("2030", "2031"):
            told_value = f"{shown[f'{wave} (%)']}% in {wave} (n = {shown[f'Base {wave}']})"
            assert told_value in row["sentence"]
        assert shown["Answer"] in row["sentence"]
        assert source["mark"] != "untestable"
        if shown["Change"] == "no significant difference":
            gap = shown["Detectable gap (points)"]
            assert row["sentence"].endswith(
                f"No difference can be told; these bases could have shown a gap of {gap} points "
                "or more."
            )
        else:
            assert f": {shown['Change']} from " in row["sentence"]
            assert f"{shown['Difference (points)']} points" in row["sentence"]
            assert f"95% CI {shown['95% interval']}, adjusted p" in row["sentence"]
    whole = compared.changes[compared.changes["domain_variable"] == ""]
    tested = whole[whole["mark"] != "untestable"]
    mirrored = (tested["question"] == INNOVATION) & (tested["answer"] == "no")
    assert set(tested.index[~mirrored]) <= set(told.index)
    assert not set(tested.index[mirrored]) & set(told.index)


def test_page_shows_every_sentence_and_part_and_no_respondent(two, compared):
    page = render_comparison(compared)
    text = text_of(page)
    for sentence in tell_changes(compared)["sentence"]:
        assert sentence in text
    assert text.count("REAL respondents: the survey itself") == 2
    assert "What the change is made of" in text
    assert "wording near, not the same" in text
    assert "secret-" not in page
    assert not re.search(r"src=|url\(|@import|https?://", page)


def test_command_writes_a_page_per_language_in_time_order(two, run):
    code, out, err = run("mayors", "2031", "2030")
    assert (code, err) == (0, "")
    assert "Put in time order: 2030 first, then 2031." in out
    pages = ["compare/mayors-2030-2031.en.html", "compare/mayors-2030-2031.fr.html"]
    assert out.rstrip().endswith(f"Open {' or '.join(f'reports/{page}' for page in pages)}.")
    assert two.list_reports() == [*pages, "index.fr.html", "index.html"]
    for index, page in zip(("index.html", "index.fr.html"), pages, strict=True):
        assert f'href="{page}"' in two.path(f"reports/{index}").read_text(encoding="utf-8")
    assert "Put in time order" in read_page(two, "mayors-2030-2031")
    french = read_page(two, "mayors-2030-2031", "fr")
    assert "Remises dans l'ordre du temps" in text_of(french)
    assert 'href="mayors-2030-2031.en.html" hreflang="en"' in french
    _, out, _ = run("mayors", "2030", "2031")
    assert "time order" not in out


def test_one_language_alone_and_a_wrong_one(two, run):
    code, out, err = run("mayors", "2030", "2031", "--lang", "de")
    assert (code, out) == (2, "")
    assert "lang: 'de' is not a language here; valid are en, fr" in err
    assert two.list_reports() == []
    code, out, _ = run("mayors", "2030", "2031", "--lang", "fr")
    assert code == 0
    assert "The waves 2030 and 2031 share 2 questions" in out
    assert "compare/mayors-2030-2031.en.html" not in two.list_reports()
    assert "hreflang" not in read_page(two, "mayors-2030-2031", "fr")


def test_the_page_in_french(two):
    with use_language("fr"):
        compared = build_comparison(read_wave("mayors", "2030"), read_wave("mayors", "2031"))
        page = render_comparison(compared)
        sentences = list(tell_changes(compared)["sentence"])
        english = find_english("change_sentences", "change_tables", "comparison", "comparisons",
                               "marks", "splits")  # fmt: skip
    assert '<html lang="fr">' in page
    text = text_of(page)
    assert "Les vagues 2030 et 2031 ont 2 questions en commun ; comparables : 2." in text
    [rise] = [words for words in sentences if words.startswith("Non, pas du tout")]
    assert rise == (
        "Non, pas du tout\u00a0: en hausse, de 50,0\u202f% en 2030 (n = 200) à 63,3\u202f% en 2031 "
        "(n = 300), soit +13,3 points (IC à 95\u202f%\u00a0: +4,5 à +22,2, p ajusté = 0,003)."
    )
    for words in sentences:
        assert re.sub(r"\s+", " ", words) in text
    assert "Marques apparues, disparues ou inversées" in text
    assert [message for message in english if message in text] == []


def test_labels_are_text_never_html(two):
    path = two.path(f"{SURVEYS}/codebook.yaml")
    tree = yaml.safe_load(path.read_text(encoding="utf-8"))
    for item in [*tree["questions"], *tree["domains"]]:
        item["label"]["en"] = EVIL
        for answer in item["answers"]:
            answer["label"]["en"] = f"{EVIL}{answer['id']}"
    for part in ("title", "population"):
        tree[part]["en"] = EVIL
    path.write_text(yaml.safe_dump(tree, allow_unicode=True), encoding="utf-8")
    write_comparison("mayors", "2030", "2031")
    page = read_page(two, "mayors-2030-2031")
    assert "<script" not in page
    assert page.count("&lt;script&gt;") > 20


def test_notebook_tables_show_the_same_rows(compared):
    shown = show_changes(compared).as_raw_html()
    for answer in ("A little, it is beginning to emerge", "Engaged in some degree"):
        assert answer in shown
    assert "REAL respondents: the survey itself." in shown
    assert "+5.0" in shown
    parts = show_parts(compared).as_raw_html()
    assert "Sample composition" in parts
    assert "Opinion: the wording of the two waves is only near." in parts
    lines = list_lines(compared)
    assert [line[2:] for line in lines if line.startswith("- ")] == list(
        tell_changes(compared)["sentence"]
    )


def test_shares_and_scores_in_one_table_carry_their_unit():
    waves = [read_wave("citizens", wave) for wave in ("2015", "2019")]
    comparison = build_comparison(*waves)
    whole = comparison.changes[comparison.changes["domain_variable"] == ""]
    table = tabulate_changes(whole, comparison, questions=True)
    assert table["2015"].tolist()[:3] == ["69.0%", "31.0%", "7.10 / 10"]
    assert table["Difference (points)"].tolist()[:3] == ["+5.0", "-5.0", "-0.70"]
    alone = tabulate_changes(whole[whole["unit"] == "score_10"], comparison)
    assert alone["2015 (out of 10)"].iloc[0] == "7.10"


# What cannot be compared


def test_waves_without_a_common_question_say_just_that(collection, run):
    code, out, _ = run("mayors", "2016", "2024")
    assert code == 0
    assert "The waves 2016 and 2024 share no question: no change between them can be" in out
    assert "No two waves of mayors in the collection may be compared yet." in out
    text = text_of(read_page(collection, "mayors-2016-2024"))
    assert "Has your territory entered a dynamic of co-construction? 2016 only" in text
    assert "Does your territory innovate facing transitions? 2024 only" in text
    assert text.count("RECONSTRUCTED") == 2
    assert "points" not in text
    assert "How to read" not in text


def test_reconstructed_waves_show_published_change_and_invent_nothing(collection):
    waves = [read_wave("citizens", wave) for wave in ("2015", "2019")]
    comparison = build_comparison(*waves)
    assert comparison.compared == [INNOVATION, "fragility_importance"]
    assert set(comparison.changes["mark"]) == {"untestable"}
    assert tell_changes(comparison).empty
    parts = comparison.parts.set_index("part")
    assert set(parts.loc["opinion", "state"]) == {"not computable"}
    assert parts.loc[["opinion", "sample_composition", "weights"], "value"].isna().all()
    text = text_of(render_comparison(comparison))
    assert "No change among all respondents could be tested" in text
    assert "reconstructed, what its groups answer was not published" in text
    assert "Nothing can be said of marks" in text
    row = comparison.changes.set_index(["question", "answer", "domain"]).loc[
        (INNOVATION, "yes", "")
    ]
    assert row["difference"] == pytest.approx(0.05)  # 69 and 74 %, as printed


def test_questions_nobody_judged_are_not_compared(collection, run):
    add_wave(collection, "2030", people(("rural", 40, 20, 20)))
    add_wave(collection, "2031", people(("rural", 40, 20, 20)))
    code, out, _ = run("mayors", "2030", "2031")
    assert code == 0
    assert "share 2 questions, but the codebook does not state that answers may be compared" in out
    assert "state under `comparability` in data/surveys/mayors/codebook.yaml" in out
    text = text_of(read_page(collection, "mayors-2030-2031"))
    assert text.count("not stated") == 2
    assert "points" not in text


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("mayor", "2016", "2024"), "'mayor' is not a survey; valid are associations"),
        (("mayors", "2016", "2042"), "'2042' is not a wave of mayors; valid are 2016, 2024, demo"),
        (("mayors", "2016", "2016"), "mayors/2016: compared with itself; give another wave."),
        (("mayors", "2016", "demo"), "mayors/demo is fictional and mayors/2016 is reconstructed: "),
        (("mayors", "demo", "2016"), "mayors/demo is fictional and mayors/2016 is reconstructed: "),
        (("mayors", "real", "demo"), "mayors/demo is fictional and mayors/real is real: "),
    ],
)
def test_wrong_input_is_told_in_one_sentence_and_writes_nothing(collection, run, words, message):
    if "real" in words:
        add_wave(collection, "real", people(("rural", 40, 20, 20)))
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert err.startswith(f"Error: {message}")
    assert collection.list_reports() == []


def test_a_damaged_wave_writes_nothing(two, run):
    two.path(f"{SURVEYS}/2031/responses.parquet").write_bytes(b"PAR1")
    code, _, err = run("mayors", "2030", "2031")
    assert code == 2
    assert "mayors/2031/responses.parquet" in err
    assert two.list_reports() == []


# Fictional waves, and the earlier wave of a study


def test_two_fictional_waves_may_be_compared(collection):
    folder = collection.path(SURVEYS)
    table = pd.read_parquet(folder / "demo/responses.parquet")
    file = yaml.safe_load((folder / "demo/wave.yaml").read_text(encoding="utf-8"))
    for name in ("survey", "wave", "n", "checksum"):
        file.pop(name)
    demos = {**file, "wave": "demo2"}
    add_wave(collection, "demo2", table, **demos)
    state(collection, INNOVATION, "same", "demo", "demo2")
    assert list_comparable("mayors").to_dict("records") == [
        {"first": "demo", "second": "demo2", "questions": 1}
    ]
    comparison = build_comparison(read_wave("mayors", "demo"), read_wave("mayors", "demo2"))
    tested = comparison.changes[comparison.changes["mark"] != "untestable"]
    assert len(tested) > 0
    assert set(tested["mark"]) == {"none"}  # the same answers twice
    assert text_of(render_comparison(comparison)).count("FICTIONAL data") == 2
    assert find_earlier("mayors", "demo2").name == "demo"


def test_the_earlier_wave_shares_a_question_that_may_be_compared(two):
    assert find_earlier("mayors", "2031").name == "2030"
    assert find_earlier("mayors", "2030").name == ""
    assert find_earlier("citizens", "2019").name == "2015"
    reason = find_earlier("mayors", "2030").reason
    assert reason.startswith("2030 shares questions with earlier waves (2016, 2024), but the code")
