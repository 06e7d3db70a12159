"""The estimate table: its schema, its marks, and what a reconstructed wave may show."""

import numpy as np
import pandas as pd
import pytest

from helpers.data.errors import InputError
from helpers.data.responses import Wave, read_wave
from helpers.stats.results import ESTIMATE_SCHEMA, Rule, estimate_question


@pytest.fixture(scope="module")
def companies():
    return read_wave("companies", "2015")


@pytest.fixture(scope="module")
def demo():
    return read_wave("companies", "demo")


def replace_answers(wave: Wave, **columns) -> Wave:
    return Wave(wave.codebook, wave.file, wave.respondents.assign(**columns))


def test_share_is_the_weighted_share_of_those_who_answered(demo):
    table = estimate_question(demo, "has_partnership")
    people = demo.respondents
    expected = (
        people.loc[people["has_partnership"] == "yes", "weight"].sum() / people["weight"].sum()
    )
    row = table.set_index("answer").loc["yes"]
    assert row["estimate"] == pytest.approx(expected, abs=1e-12)
    assert row["n"] == len(people)
    assert row["n_weighted"] == pytest.approx(people["weight"].sum())


def test_every_level_of_the_codebook_has_its_row(demo):
    table = estimate_question(demo, "has_partnership", by="region")
    regions = demo.codebook.variable("region").answer_ids
    assert list(table["domain"].drop_duplicates()) == regions
    assert len(table) == 2 * len(regions)
    assert list(table.columns) == list(ESTIMATE_SCHEMA.columns)


def test_nets_add_their_answers():
    table = estimate_question(read_wave("mayors", "demo"), "territory_coconstruction_dynamic")
    shares = table.set_index("answer")["estimate"]
    parts = ["yes_fully_embedded", "yes_growing", "slightly_emerging"]
    assert shares["total_yes"] == pytest.approx(shares[parts].sum(), abs=1e-12)
    assert shares["total_yes"] + shares["not_at_all"] == pytest.approx(1)


def test_multiple_answers_are_shares_of_those_asked(demo):
    table = estimate_question(demo, "partnership_type").set_index("answer")
    asked = demo.respondents[demo.respondents["has_partnership"] == "yes"]
    assert (table["n"] == len(asked)).all()
    ticked = asked["partnership_type__patronage"].astype(float)
    expected = np.average(ticked, weights=asked["weight"])
    assert table.loc["patronage", "estimate"] == pytest.approx(expected, abs=1e-12)


def test_adjusted_p_is_holm_over_the_domains_of_one_answer(demo):
    table = estimate_question(demo, "has_partnership", by="region").query("answer == 'yes'")
    p = table["p_value"].sort_values()
    steps = p.to_numpy() * np.arange(len(p), 0, -1)
    expected = np.minimum(np.maximum.accumulate(steps), 1)
    assert table.loc[p.index, "p_adjusted"].to_numpy() == pytest.approx(expected)
    marked = table["mark"].isin(["higher", "lower"])
    assert (marked == (table["p_adjusted"] < 0.05)).all()
    assert marked.any()
    assert (
        np.sign(table.loc[marked, "difference"])
        == table.loc[marked, "mark"].map({"higher": 1, "lower": -1})
    ).all()


def test_a_stricter_level_marks_fewer(demo):
    marks = [
        estimate_question(demo, "has_partnership", by="region", rule=Rule(alpha=alpha))["mark"]
        for alpha in (0.2, 0.001)
    ]
    loose, strict = ((mark.isin(["higher", "lower"])).sum() for mark in marks)
    assert strict < loose


def test_suppressed_cells_hold_no_number_but_their_base_and_reason():
    table = estimate_question(
        read_wave("mayors", "demo"), "territory_coconstruction_dynamic", by="region"
    )
    hidden = table[table["reliability"] == "suppress"]
    assert len(hidden)
    assert (
        hidden[["estimate", "se", "ci_low", "ci_high", "difference", "p_value"]]
        .isna()
        .all(axis=None)
    )
    assert (hidden["n"] > 0).all()
    assert (hidden["reason"] != "").all()
    assert (hidden["mark"] == "untestable").all()


def test_the_rule_none_shows_what_the_default_withholds():
    mayors = read_wave("mayors", "demo")
    question = "territory_coconstruction_dynamic"
    shown = estimate_question(mayors, question, by="region", rule=Rule(reliability="none"))
    assert shown["estimate"].notna().all()


def test_a_region_nobody_published_is_not_given_the_national_rate(companies):
    table = estimate_question(companies, "has_partnership", by="region").set_index(
        ["domain", "answer"]
    )
    assert table.loc[("52", "yes"), "estimate"] == pytest.approx(0.43, abs=1e-9)
    assert table.loc[("52", "no"), "estimate"] == pytest.approx(0.57, abs=1e-9)
    others = table.drop(index="52", level="domain")
    assert (others["reliability"] == "not_published").all()
    assert others["estimate"].isna().all()
    assert (others["n"] == 0).all()


def test_nothing_is_tested_on_an_assumed_base(companies):
    table = estimate_question(companies, "has_partnership", by="region")
    assert (table["mark"] == "untestable").all()
    assert table["p_value"].isna().all()
    row = table[(table["domain"] == "52") & (table["answer"] == "yes")].iloc[0]
    assert (row["reliability"], row["reason"]) == ("warn", "base of the domain assumed")


def test_an_assumed_sample_size_is_said():
    assumed = estimate_question(read_wave("evaluation", "2015"), "dedicated_evaluation_budget")
    assert set(assumed["reason"]) == {"sample size assumed"}
    published = estimate_question(read_wave("mayors", "2016"), "partnerships_source_of_innovation")
    assert set(published["reason"]) == {""}


def test_an_assumed_spread_of_scores_is_said():
    wave = read_wave("citizens", "2019")
    scores = estimate_question(wave, "fragility_importance").set_index("answer")
    words = ["warn", "spread of the scores assumed"]
    assert scores.loc["employment", ["reliability", "reason"]].tolist() == words
    assert scores.loc["health", "reliability"] == "not_published"
    companies = read_wave("companies", "2015")
    regional = estimate_question(companies, "fragility_importance", by="region")
    shown = regional[regional["estimate"].notna()]
    assert set(shown["domain"]) == {"75"}
    assert set(shown["reason"]) == {"base of the domain and spread of the scores assumed"}


def test_an_actor_without_a_figure_is_not_published():
    table = estimate_question(read_wave("evaluation", "2015"), "evaluation_barrier", by="actor")
    cells = table.set_index(["domain", "answer"])["reliability"]
    assert cells["companies", "impact_hard_to_assess"] == "warn"
    assert cells["associations", "impact_hard_to_assess"] == "not_published"
    assert set(table["actor"]) == {"associations", "companies"}


def test_a_domain_without_respondents_has_a_row_that_says_so(demo):
    nobody = demo.respondents["region"] == "52"
    wave = Wave(demo.codebook, demo.file, demo.respondents[~nobody])
    row = estimate_question(wave, "has_partnership", by="region").query("domain == '52'").iloc[0]
    assert (row["n"], row["reliability"], row["mark"]) == (0, "no_base", "untestable")
    assert np.isnan(row["estimate"])


def test_a_question_nobody_answered_has_rows_that_say_so(demo):
    empty = pd.Categorical([None] * len(demo.respondents), categories=["yes", "no"])
    wave = replace_answers(demo, has_partnership=empty)
    table = estimate_question(wave, "has_partnership", by="region")
    assert set(table["reliability"]) == {"no_base"}


def test_unknown_names_say_what_is_valid(demo):
    with pytest.raises(
        InputError, match="question 'q9' is not in this wave; valid are has_partnership"
    ):
        estimate_question(demo, "q9")
    with pytest.raises(
        InputError, match="domain variable 'town' is not in this wave; valid are region"
    ):
        estimate_question(demo, "has_partnership", by="town")


def test_order_of_rows_and_scale_of_weights_move_nothing(demo):
    shuffled = demo.respondents.sample(frac=1, random_state=1)
    scaled = shuffled.assign(weight=shuffled["weight"] * 7)
    before = estimate_question(demo, "has_partnership", by="region")
    after = estimate_question(
        Wave(demo.codebook, demo.file, scaled), "has_partnership", by="region"
    )
    columns = ["estimate", "se", "difference", "p_adjusted"]
    np.testing.assert_allclose(after[columns], before[columns], rtol=1e-9)


def test_a_base_too_small_cannot_be_found_by_subtraction(demo):
    """One region left with 20 respondents: another region is withheld beside it."""
    region = demo.respondents["region"]
    few = demo.respondents[region == "24"].index[:20]
    kept = demo.respondents[(region != "24") | demo.respondents.index.isin(few)]
    table = estimate_question(Wave(demo.codebook, demo.file, kept), "has_partnership", by="region")
    for _, rows in table.groupby("answer"):
        hidden = rows[rows["reliability"] == "suppress"]
        assert "24" in set(hidden["domain"])
        assert len(hidden) >= 2
    beside = table[table["reason"].str.contains("subtraction")]
    assert (beside["n"] >= 30).all()


def test_a_wave_too_small_to_show_anything_says_so_in_every_row(demo):
    """All of its few respondents in one region: that region equals a whole that is not shown."""
    few = demo.respondents[demo.respondents["region"] == "24"].head(8)
    wave = Wave(demo.codebook, demo.file, few)
    whole = estimate_question(wave, "has_partnership")
    table = estimate_question(wave, "has_partnership", by="region")
    assert (whole["reliability"] == "suppress").all()
    own = table[table["domain"] == "24"]
    assert (own["reliability"] == "suppress").all()
    assert table["estimate"].isna().all()


def test_want_of_precision_hides_nothing_but_itself():
    """No large group is withheld because the rare answer beside it is imprecise."""
    mayors = read_wave("mayors", "demo")
    table = estimate_question(mayors, "territory_coconstruction_dynamic", by="commune_size")
    assert not table["reason"].str.contains("subtraction").any()
    nets = table[table["answer"] == "total_yes"]
    assert nets["estimate"].notna().all()


def test_gaps_between_actors_have_a_rule_of_their_own():
    told = Rule(alpha=0.01).describe_gaps("demo")
    assert "two actors differ at the 1% level" in told
    assert "Holm correction over all answers and pairs of actors" in told
    assert "rest of the respondents" not in told
    assert Rule().describe_gaps("reconstructed") == Rule().describe("reconstructed")
