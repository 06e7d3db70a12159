"""Change between two waves: its test, its parts, and what it does to the marks."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data.codebook import Codebook
from helpers.data.errors import InputError
from helpers.data.responses import Wave, read_wave
from helpers.data.waves import WaveFile
from helpers.stats.changes import compare_waves
from helpers.stats.contrasts import adjust_p_values, contrast_pairs
from helpers.stats.decomposition import PARTS, Side, decompose
from helpers.stats.marks import compare_marks
from helpers.stats.results import Rule, estimate_question
from helpers.stats.splits import find_cells, split_change
from helpers.stats.stacking import stack_samples
from helpers.stats.weights import rake

ALL = Rule(reliability="none")
ADDED = ["opinion", "sample_composition", "weights", "cells_in_one_wave"]


def words(text):
    return {"en": text, "fr": text}


def variable(name, *ids, coded=False, **more):
    answers = [
        {"code": code if coded else answer, "id": answer, "label": words(answer)}
        for code, answer in enumerate(ids, 1)
    ]
    return {"id": name, "label": words(name), "answers": answers, **more}


def question(name, kind, *ids, **more):
    about = {"text": words(name), "wording": "published", "base": words("All"), "type": kind}
    return variable(name, *ids, coded=True, **about, **more)


CODEBOOK = Codebook.model_validate(
    {
        "survey": "small",
        "actor": "mayors",
        "title": words("Small"),
        "population": words("Everybody"),
        "domains": [
            variable("region", "north", "south", "west"),
            variable("size", "big", "tiny"),
            variable("sex", "woman", "man"),
        ],
        "questions": [
            question("likes", "single", "yes", "little", "no",
                     nets={"any": ["yes", "little"]}, net_labels={"any": words("Any")}),
            question("why", "multiple", "habit", "taste"),
            question("mood", "score", "joy", "calm"),
        ],
        "margins": [
            {"id": "size", "label": words("Sizes"), "variables": ["size"], "frame": "some",
             "levels": {"big": ["b"], "tiny": ["t"]}},
            {"id": "sex", "label": words("Sexes"), "variables": ["sex"], "frame": "some",
             "levels": {"woman": ["w"], "man": ["m"]}},
        ],
    }
)  # fmt: skip
NOT_DOMAINS = ["respondent", "weight", "base", "likes", "mood__joy", "mood__calm"]


def build_wave(name, people, *, margins=(), base_weight=None, **design) -> Wave:
    people = people.copy()
    for column in ("region", "size", "sex", "likes"):
        if column in people:
            ids = CODEBOOK.variable(column).answer_ids
            people[column] = pd.Categorical(people[column], categories=ids)
    domains = [column for column in ("region", "size", "sex") if column in people]
    asked = [q.id for q in CODEBOOK.questions if set(q.columns) <= set(people)]
    file = {
        "survey": "small",
        "wave": name,
        "provenance": "real",
        "title": words(name),
        "fieldwork": {"dates": name, "mode": "web", "producer": "us"},
        "n": len(people),
        "n_status": "counted",
        "design": {"weight": "weight", **design},
        "weighting": "none",
        "margins": list(margins),
        "base_weight": base_weight,
        "domains": domains,
        "questions": asked,
    }
    # Fictional people: those of a real wave would be withheld, being so few.
    file = WaveFile.model_validate(file).model_copy(update={"provenance": "demo"})
    return Wave(CODEBOOK, file, people)


def draw_people(rng, n, shift=0.0):
    """Respondents whose answers depend on region and size, with unequal weights."""
    region = rng.choice(["north", "south", "west"], n)
    size = rng.choice(["big", "tiny"], n, p=[0.3, 0.7])
    lean = shift + 0.2 * (region == "north") + 0.3 * (size == "big")
    people = pd.DataFrame(
        {
            "region": region,
            "size": size,
            "sex": rng.choice(["woman", "man"], n),
            "weight": rng.uniform(1, 3, n),
            "likes": np.where(rng.random(n) < 0.2 + lean, "yes", rng.choice(["little", "no"], n)),
            "why__habit": rng.random(n) < 0.5,
            "why__taste": rng.random(n) < 0.3 + lean,
            "mood__joy": rng.integers(0, 11, n),
            "mood__calm": rng.integers(3, 9, n),
        }
    )
    people["likes"] = people["likes"].where(rng.random(n) > 0.05)
    return people.astype(dict.fromkeys(("why__habit", "why__taste"), "boolean"))


@pytest.fixture
def two():
    rng = np.random.default_rng(5)
    return (
        build_wave("2016", draw_people(rng, 240), strata=["size"]),
        build_wave("2024", draw_people(rng, 300, 0.15), strata=["size"]),
    )


def stack(first, second):
    frames = {first.name: first.respondents, second.name: second.respondents}
    return stack_samples(
        frames, design={first.name: first.design, second.name: second.design}, name="wave"
    )


# The test of a change


@pytest.mark.parametrize("by", [None, "region"])
def test_a_change_is_the_contrast_of_stacked_samples(two, by):
    table = compare_waves(*two, "likes", by=by, rule=ALL).set_index(["domain", "answer"])
    frame, design = stack(*two)
    item = CODEBOOK.variable("likes")
    pairs = contrast_pairs(
        frame, "likes", design=design, by="wave", within=by, answers=item.answer_ids, nets=item.nets
    )
    domain = pairs[f"{by}_first"].astype(str) if by else ""
    pairs = pairs.assign(domain=domain).set_index(["domain", "answer"]).loc[table.index]
    for ours, theirs, sign in (
        ("estimate_first", "estimate_first", 1),
        ("estimate_second", "estimate_second", 1),
        ("difference", "difference", -1),
        ("difference_se", "difference_se", 1),
        ("difference_low", "difference_high", -1),
        ("difference_high", "difference_low", -1),
        ("p_value", "p_value", 1),
        ("smallest_gap", "smallest_gap", 1),
    ):
        np.testing.assert_allclose(table[ours], sign * pairs[theirs], rtol=1e-10, err_msg=ours)


@pytest.mark.parametrize(
    ("name", "column", "answer"),
    [("why", ["why__taste"], "taste"), ("mood", "mood__joy", "joy")],
)
def test_multiple_answers_and_scores_change_too(two, name, column, answer):
    table = compare_waves(*two, name, by="region", rule=ALL).query("answer == @answer")
    frame, design = stack(*two)
    measure = "mean" if name == "mood" else "answers"
    pairs = contrast_pairs(frame, column, design=design, by="wave", within="region",
                           measure=measure)  # fmt: skip
    np.testing.assert_allclose(table["difference"], -pairs["difference"], rtol=1e-10)
    np.testing.assert_allclose(table["difference_se"], pairs["difference_se"], rtol=1e-10)
    np.testing.assert_allclose(table["smallest_gap"], pairs["smallest_gap"], rtol=1e-10)
    assert set(table["unit"]) == {"score_10" if name == "mood" else "share"}


def test_marks_say_which_way_the_second_wave_went(two):
    table = compare_waves(*two, "likes", by="size", rule=ALL)
    for _, rows in table.groupby("answer"):
        expected = adjust_p_values(rows["p_value"], method="holm")
        np.testing.assert_allclose(rows["p_adjusted"], expected)
    yes = table[table["answer"] == "yes"].set_index("domain")["mark"]
    assert "higher" in set(yes)
    back = compare_waves(two[1], two[0], "likes", by="size", rule=ALL)
    turned = {"higher": "lower", "lower": "higher"}
    assert back["mark"].tolist() == [turned.get(mark, mark) for mark in table["mark"]]


def test_no_change_is_no_mark(two):
    same = Wave(two[0].codebook, two[1].file, two[0].respondents)
    table = compare_waves(two[0], same, "likes", rule=ALL)
    assert (table["difference"] == 0).all()
    assert set(table["mark"]) == {"none"}
    assert (table["p_value"] == 1).all()


def rake_wave(name, people, *margins, base="base"):
    people = people.rename(columns={"weight": base})
    targets = {
        "size": pd.Series({"big": 4000.0, "tiny": 6000.0}),
        "sex": pd.Series({"woman": 2300.0, "man": 7700.0}),
    }
    weight = rake(people, {margin: targets[margin] for margin in margins}, weight=base)
    return build_wave(name, people.assign(weight=weight), margins=margins, base_weight=base)


@pytest.mark.parametrize("margins", [("size",), ("size", "sex")])
def test_variances_of_calibrated_waves_add(margins):
    rng = np.random.default_rng(9)
    people = draw_people(rng, 200), draw_people(rng, 260)
    raked = rake_wave("2016", people[0], *margins)
    plain = build_wave("2024", people[1])
    tables = [estimate_question(wave, "likes", by="region", rule=ALL) for wave in (raked, plain)]
    change = compare_waves(raked, plain, "likes", by="region", rule=ALL)
    expected = np.hypot(tables[0]["se"], tables[1]["se"])
    np.testing.assert_allclose(change["difference_se"], expected, rtol=1e-10)
    flat = Wave(
        raked.codebook,
        raked.file.model_copy(update={"margins": [], "base_weight": None}),
        raked.respondents,
    )
    known = estimate_question(raked, "size", rule=ALL)["se"]
    assert (known < 1e-12).all()  # what weights are raked to has no sampling error left
    assert (estimate_question(flat, "size", rule=ALL)["se"] > 0.02).all()


def test_a_missing_level_of_a_margin_is_a_level_of_its_own():
    """Whole and missing: residuals from the means of three groups, by hand."""
    people = pd.DataFrame(
        {
            "size": ["big", "big", "tiny", "tiny", None, None],
            "likes": ["yes", "no", "yes", "yes", "no", "yes"],
            "weight": 1.0,
        }
    )
    wave = build_wave("2016", people, margins=["size"])
    row = estimate_question(wave, "likes", rule=ALL).set_index("answer").loc["yes"]
    # (y - p) less its mean in big (1/2), tiny (1) and missing (1/2) leaves +-1/2 four times.
    assert row["se"] ** 2 == pytest.approx(6 / 5 * 4 * 0.25 / 36)


def test_published_figures_of_assumed_base_differ_but_are_not_tested():
    first, second = read_wave("associations", "2015"), read_wave("associations", "demo")
    table = compare_waves(first, second, "has_partnership").set_index("answer")
    row = table.loc["yes"]
    assert row["difference"] == pytest.approx(row["estimate_second"] - row["estimate_first"])
    assert row["reason"] == "2015: sample size assumed"
    assert np.isnan(row["p_value"])
    assert row["mark"] == "untestable"


def test_domains_nobody_published_show_no_change():
    first, second = read_wave("companies", "2015"), read_wave("companies", "demo")
    table = compare_waves(first, second, "has_partnership", by="region")
    table = table[table["answer"] == "yes"].set_index("domain")
    assert np.isnan(table.loc["11", "difference"])
    assert table.loc["11", "n_first"] == 0
    assert table.loc["11", "reason"] == "2015: no published figure"
    assert table.loc["52", "reason"] == "2015: base of the domain assumed"
    expected = table.loc["52", "estimate_second"] - 0.43  # as printed
    assert table.loc["52", "difference"] == pytest.approx(expected)
    assert set(table["mark"]) == {"untestable"}


def test_a_published_whole_of_known_base_is_tested():
    first, second = read_wave("mayors", "2016"), read_wave("mayors", "demo")
    table = compare_waves(first, second, "partnerships_source_of_innovation")
    assert (table["reason"] == "").all()
    assert table["p_value"].notna().all()


def test_published_means_differ_but_their_spread_is_assumed():
    table = compare_waves(
        read_wave("citizens", "2019"), read_wave("citizens", "demo"), "fragility_importance"
    )
    row = table.set_index("answer").loc["employment"]
    assert row["unit"] == "score_10"
    assert row["difference"] == pytest.approx(row["estimate_second"] - 6.4)  # as printed
    assert row["reason"] == "2019: spread of the scores assumed"
    assert row["mark"] == "untestable"


def test_what_is_withheld_shows_no_change():
    rng = np.random.default_rng(2)
    first, second = (build_wave(name, draw_people(rng, 60)) for name in ("2016", "2024"))
    table = compare_waves(first, second, "likes", by="region")
    assert table["difference"].isna().all()
    assert (table["mark"] == "untestable").all()
    assert table["reason"].str.contains("2016: .*; 2024: ").all()


def test_an_answer_nobody_gave_in_one_wave(two):
    people = two[0].respondents.assign(likes=pd.Categorical([None] * 240, ["yes", "little", "no"]))
    empty = Wave(CODEBOOK, two[0].file, people)
    table = compare_waves(empty, two[1], "likes", by="size")
    assert (table["reason"].str.contains("2016: nobody answered")).all()
    assert set(table["mark"]) == {"untestable"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"question": "hates"}, "question 'hates' is not in this wave; valid are likes, why"),
        ({"by": "town"}, "domain variable 'town' is not in this wave; valid are region, size"),
    ],
)
def test_comparisons_that_cannot_be_made(two, change, message):
    with pytest.raises(InputError, match=message):
        compare_waves(*two, **{"question": "likes", **change})


def test_two_waves_of_one_survey_are_needed(two):
    with pytest.raises(InputError, match="small/2016: compared with itself"):
        compare_waves(two[0], two[0], "likes")
    with pytest.raises(InputError, match="mayors/demo and small/2016: waves of two surveys"):
        compare_waves(read_wave("mayors", "demo"), two[0], "likes")


# The parts of a change


def by_hand():
    """Big: 1 of 2 yes, then 3 of 4. Tiny: 0 of 2, then 1 of 2; later, big ones weigh half."""
    first = pd.DataFrame(
        {
            "size": ["big", "big", "tiny", "tiny"],
            "likes": ["yes", "no", "no", "no"],
            "weight": 1.0,
        }
    )
    second = pd.DataFrame(
        {
            "size": ["big"] * 4 + ["tiny"] * 2,
            "likes": ["yes", "yes", "yes", "no", "yes", "no"],
            "weight": [0.5] * 4 + [1.0] * 2,
        }
    )
    return build_wave("2016", first), build_wave("2024", second)


def test_parts_by_hand():
    table = split_change(*by_hand(), "likes", "yes", rule=ALL).set_index("part")["value"]
    # Weighted shares are one half each in both waves; unweighted ones go from 1/2 to 2/3.
    assert table["total"] == pytest.approx((0.75 + 0.5) / 2 - (0.5 + 0) / 2)
    assert table["opinion"] == pytest.approx(0.5 * 0.25 + 0.5 * 0.5)
    # Averages 0.625 in big and 0.25 in tiny: 1/6 more big ones, then weighted back.
    assert table["sample_composition"] == pytest.approx((0.625 - 0.25) / 6)
    assert table["weights"] == pytest.approx(-(0.625 - 0.25) / 6)
    assert table[["wording", "geography", "cells_in_one_wave"]].tolist() == [0, 0, 0]


def test_equal_opinions_leave_composition_only():
    first, second = by_hand()
    people = first.respondents.iloc[[0, 1, 0, 1, 2, 3]].reset_index(drop=True)
    later = Wave(CODEBOOK, second.file, people)
    table = split_change(first, later, "likes", "yes", rule=ALL).set_index("part")["value"]
    assert table["opinion"] == pytest.approx(0, abs=1e-15)
    assert table["weights"] == pytest.approx(0, abs=1e-15)
    assert table["sample_composition"] == pytest.approx(2 / 3 * 0.5 - 1 / 2 * 0.5)
    assert table["total"] == pytest.approx(table["sample_composition"])


def test_a_group_in_one_wave_only_is_set_apart():
    first, second = by_hand()
    later = Wave(CODEBOOK, second.file, second.respondents.iloc[:4])
    table = split_change(first, later, "likes", "yes", rule=ALL).set_index("part")
    value = table["value"]
    # Tiny goes from one half to nothing; e is the mean of 1/4 and 3/4.
    assert value["opinion"] == pytest.approx((0.5 + 1) / 2 * 0.25)
    assert value["cells_in_one_wave"] == pytest.approx((0 - 0.5) * (0 - 0.5))
    assert value[ADDED].sum() == pytest.approx(value["total"])
    row = table.loc["cells_in_one_wave"]
    assert row["state"] == "cannot be told apart"
    assert row["reason"].startswith("1 group with respondents in one wave only")


@st.composite
def sides(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    result = []
    for _ in range(2):
        n = draw(st.integers(1, 40))
        base = (rng.random(n) < 0.9).astype(float)
        base[0] = 1.0
        y = base * rng.choice([0.0, 1.0, 7.5], n)
        weight = np.exp(rng.normal(0, draw(st.floats(0, 2)), n))
        result.append((Side(rng.integers(0, 6, n), y, base), weight))
    return result


def split_sides(first, second, **change):
    (one, w1), (two, w2) = first, second
    counts = np.ones(len(w1)), np.ones(len(w2))
    options = {"counts": counts, "weights": (w1, w2), "cells": 6, **change}
    return decompose(one, two, **options)


@settings(max_examples=100, deadline=None)
@given(sides())
def test_parts_add_up_to_the_change(pair):
    parts = split_sides(*pair)
    (one, w1), (two, w2) = pair
    total = np.average(two.y, weights=w2 * two.base) - np.average(one.y, weights=w1 * one.base)
    assert list(parts.index) == list(PARTS)
    assert abs(parts["total"] - total) < 1e-12
    assert abs(parts[ADDED].sum() - parts["total"]) < 1e-12


@settings(max_examples=50, deadline=None)
@given(sides(), st.floats(0.1, 50), st.floats(-5, 5))
def test_laws_of_the_parts(pair, scale, origin):
    parts = split_sides(*pair)
    (one, w1), (two, w2) = pair
    np.testing.assert_allclose(split_sides(pair[1], pair[0]), -parts, atol=1e-12)
    np.testing.assert_allclose(split_sides((one, scale * w1), pair[1]), parts, atol=1e-12)
    moved = [(Side(s.cell, s.y + origin * s.base, s.base), w) for s, w in pair]
    np.testing.assert_allclose(split_sides(*moved), parts, atol=1e-11)
    equal = split_sides((one, np.ones(len(w1))), (two, np.full(len(w2), 3.0)))
    assert abs(equal["weights"]) < 1e-12
    order = np.array([3, 1, 5, 0, 2, 4])
    named = [(Side(order[s.cell], s.y, s.base), w) for s, w in pair]
    np.testing.assert_allclose(split_sides(*named), parts, atol=1e-12)


def test_weights_raked_to_one_target_undo_the_composition():
    rng = np.random.default_rng(3)
    waves = [rake_wave(name, draw_people(rng, 150), "size") for name in ("2016", "2024")]
    assert find_cells(*waves) == ["size"]
    table = split_change(*waves, "why", "taste", rule=ALL).set_index("part")["value"]
    assert abs(table["sample_composition"]) > 1e-3
    assert table["weights"] == pytest.approx(-table["sample_composition"], abs=1e-12)
    assert table["opinion"] == pytest.approx(table["total"], abs=1e-12)


@pytest.mark.parametrize(("name", "answer"), [("likes", "any"), ("mood", "joy"), ("why", "habit")])
@pytest.mark.parametrize("domain", [None, ("region", "north")])
def test_the_total_is_the_change_of_the_estimate(two, name, answer, domain):
    table = split_change(*two, name, answer, domain=domain, cells=["size", "sex"], rule=ALL)
    parts = table.set_index("part")["value"]
    by, level = domain or (None, "")
    change = compare_waves(*two, name, by=by, rule=ALL).query("answer == @answer")
    change = change[change["domain"] == level]["difference"].item()
    assert parts["total"] == pytest.approx(change, abs=1e-12)
    assert parts[ADDED].sum() == pytest.approx(change, abs=1e-12)


def test_a_missing_level_is_a_group_of_its_own(two):
    first, second = two
    people = first.respondents.copy()
    people.loc[people.index[:40], "sex"] = None
    table = split_change(
        Wave(CODEBOOK, first.file, people), second, "likes", "yes", cells=["sex"], rule=ALL
    ).set_index("part")
    assert table.loc["cells_in_one_wave", "state"] == "cannot be told apart"
    assert table.loc[ADDED, "value"].sum() == pytest.approx(table.loc["total", "value"])


def test_wording_and_geography_that_cannot_be_told_apart(two):
    table = split_change(*two, "likes", "yes", cells=["region"], wording="near",
                         geography="recoded", rule=ALL).set_index("part")  # fmt: skip
    assert np.isnan(table.loc["wording", "value"])
    assert table.loc["wording", "state"] == "cannot be told apart"
    assert table.loc["wording", "reason"].endswith("only near: what that changed is in opinion")
    assert np.isnan(table.loc["geography", "value"])
    assert table.loc["opinion", "state"] == "cannot be told apart"
    assert "wording" in table.loc["opinion", "reason"]
    assert "recoded" in table.loc["sample_composition", "reason"]
    assert table["value"].drop("total").sum() == pytest.approx(table.loc["total", "value"])


def test_geography_is_no_part_of_groups_without_regions(two):
    table = split_change(*two, "likes", "yes", cells=["size"], geography="recoded", rule=ALL)
    assert table.set_index("part").loc["geography", ["value", "state"]].tolist() == [0, "none"]


def test_a_reconstructed_wave_is_not_split():
    first, second = read_wave("mayors", "2016"), read_wave("mayors", "demo")
    table = split_change(first, second, "partnerships_source_of_innovation", "yes")
    table = table.set_index("part")
    assert set(table.loc[ADDED, "state"]) == {"not computable"}
    assert table.loc[ADDED, "value"].isna().all()
    assert "2016: reconstructed" in table.loc["opinion", "reason"]
    shares = [
        estimate_question(w, "partnerships_source_of_innovation").set_index("answer")["estimate"]
        for w in (first, second)
    ]
    assert table.loc["total", "value"] == pytest.approx(shares[1]["yes"] - shares[0]["yes"])


def test_what_was_not_published_has_no_total():
    waves = read_wave("associations", "2015"), read_wave("associations", "demo")
    table = split_change(*waves, "has_partnership", "yes", domain=("region", "11"))
    row = table.set_index("part").loc["total"]
    assert np.isnan(row["value"])
    assert row["state"] == "not computable"
    assert "no published figure" in row["reason"]


def test_waves_without_a_shared_domain_variable_are_not_split():
    rng = np.random.default_rng(4)
    first = build_wave("2016", draw_people(rng, 80).drop(columns=["region", "size", "sex"]))
    second = build_wave("2024", draw_people(rng, 80))
    table = split_change(first, second, "likes", "yes", rule=ALL).set_index("part")
    assert find_cells(first, second) == []
    assert "share no domain variable" in table.loc["opinion", "reason"]
    assert table.loc["total", "state"] == "estimated"


def test_groups_are_those_of_strata_and_margins(two):
    assert find_cells(*two) == ["size"]
    rng = np.random.default_rng(4)
    plain = [build_wave(name, draw_people(rng, 30)) for name in ("2016", "2024")]
    assert find_cells(*plain) == ["region", "size", "sex"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"answer": "maybe"}, "likes: no answer 'maybe'; valid are yes, little, no, any"),
        ({"cells": ["town"]}, "2016 and 2024: domain variable 'town' is not in both waves; valid"),
        ({"domain": ("town", "x")}, "domain variable 'town' is not in both waves"),
        ({"domain": ("region", "x")}, "domain: 'x' is not a level of region; valid are north"),
        ({"wording": "other"}, "wording is 'other'; it must be same or near"),
        ({"geography": "moved"}, "geography is 'moved'; it must be same or recoded"),
    ],
)
def test_splits_that_cannot_be_made(two, options, message):
    with pytest.raises(InputError, match=message):
        split_change(*two, "likes", **{"answer": "yes", "rule": ALL, **options})


def test_intervals_of_the_parts(two):
    rng = np.random.default_rng(6)
    table = split_change(*two, "likes", "yes", cells=["size"], rule=ALL, rng=rng).set_index("part")
    change = compare_waves(*two, "likes", rule=ALL).set_index("answer").loc["yes"]
    assert table.loc["total", "se"] == pytest.approx(change["difference_se"], rel=0.15)
    shown = table.loc[["opinion", "sample_composition", "weights", "total"]]
    assert (shown["ci_low"] < shown["value"]).all()
    assert (shown["ci_high"] > shown["value"]).all()
    assert table.loc[["wording", "geography", "cells_in_one_wave"], "se"].isna().all()


def test_replicates_are_raked_again():
    """Weighted sizes are known in each replicate: composition and weights always cancel."""
    rng = np.random.default_rng(3)
    waves = [rake_wave(name, draw_people(rng, 150), "size", "sex") for name in ("2016", "2024")]
    table = split_change(
        *waves, "why", "taste", cells=["size"], rule=ALL, rng=rng, replicates=60
    ).set_index("part")
    assert table.loc["opinion", "se"] == pytest.approx(table.loc["total", "se"], rel=1e-9)
    change = compare_waves(*waves, "why", rule=ALL).set_index("answer").loc["taste"]
    assert table.loc["total", "se"] == pytest.approx(change["difference_se"], rel=0.25)


# What becomes of the marks


def mark_table(two, marks):
    table = estimate_question(two[0], "likes", by="region", rule=ALL).query("answer == 'yes'")
    return table.assign(mark=marks).reset_index(drop=True)


@pytest.mark.parametrize(
    ("before", "after", "event"),
    [
        ("none", "higher", "appeared"),
        ("lower", "none", "vanished"),
        ("higher", "lower", "flipped"),
        ("lower", "lower", "kept"),
        ("none", "none", "no mark"),
        ("untestable", "higher", "untestable"),
        ("higher", "untestable", "untestable"),
    ],
)
def test_what_became_of_a_mark(two, before, after, event):
    changes = compare_waves(*two, "likes", by="region", rule=ALL).query("answer == 'yes'")
    changes = changes.assign(mark=["none", "higher", "untestable"])
    table = compare_marks(mark_table(two, before), mark_table(two, after), changes)
    assert table["event"].tolist() == [event] * 3
    assert table["change"].tolist() == ["none", "higher", "untestable"]
    assert table["reading"].str.contains("did not change significantly").tolist()[0]


def test_a_mark_can_vanish_without_any_change(two):
    """The second wave is a tenth of the first: same shares, too few to show the gap."""
    north = pd.DataFrame({"region": "north", "likes": ["yes"] * 12 + ["no"] * 8})
    south = pd.DataFrame({"region": "south", "likes": ["yes"] * 8 + ["no"] * 12})
    few = pd.concat([north, south], ignore_index=True).assign(weight=1.0)
    many = pd.concat([few] * 10, ignore_index=True)
    first, second = build_wave("2016", many), build_wave("2024", few)
    tables = [estimate_question(w, "likes", by="region", rule=ALL) for w in (first, second)]
    changes = compare_waves(first, second, "likes", by="region", rule=ALL)
    marks = compare_marks(*tables, changes)
    row = marks[(marks["domain"] == "north") & (marks["answer"] == "yes")].iloc[0]
    assert (row["mark_first"], row["mark_second"]) == ("higher", "none")
    assert row["event"] == "vanished"
    assert (row["difference"], row["change"]) == (0, "none")
    assert row["reading"] == "the mark vanished; the domain itself did not change significantly"


def test_tables_of_different_questions_are_refused(two):
    one = estimate_question(two[0], "likes", by="region", rule=ALL)
    other = estimate_question(two[1], "likes", by="size", rule=ALL)
    changes = compare_waves(*two, "likes", by="region", rule=ALL)
    with pytest.raises(InputError, match=r"second: its rows .* \(likes by region and likes by siz"):
        compare_marks(one, other, changes)
    with pytest.raises(InputError, match="changes: its rows are not those of the first table"):
        compare_marks(one, one, changes.iloc[:0])
