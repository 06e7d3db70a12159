"""The cube: complete, equal to the estimate table it is made of, and honest about gaps."""

import itertools

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from scipy import stats

from helpers.data.errors import InputError
from helpers.data.fragilities import read_fragilities
from helpers.data.published import read_links
from helpers.data.responses import read_wave
from helpers.stats.contrasts import contrast_pairs
from helpers.stats.cube import QUESTIONS, build_cube
from helpers.stats.gaps import ACTORS
from helpers.stats.region_contrasts import COMPARED, compare_references, list_references
from helpers.stats.results import Rule, estimate_question
from helpers.stats.stacking import stack_samples

REGIONS = ["11", "24", "27", "28", "32", "44", "52", "53", "75", "76", "84", "93+94"]
WAVES = ["demo", "2015", "2019"]


@pytest.fixture(scope="module")
def cubes(checkout):
    return {name: build_cube(name, root=checkout) for name in WAVES}


@pytest.fixture(scope="module")
def demo(cubes):
    return cubes["demo"]


@pytest.mark.parametrize("wave", WAVES)
def test_every_cell_is_there_once(checkout, cubes, wave):
    fragilities = read_fragilities(root=checkout)["fragility"]
    wanted = set(itertools.product(QUESTIONS, fragilities, ACTORS, ["", *REGIONS]))
    cells = cubes[wave].estimates[["question", "answer", "actor", "domain"]]
    assert len(cells) == len(wanted) == 3 * 16 * 3 * 13
    assert set(cells.itertuples(index=False, name=None)) == wanted
    pairs = list(itertools.combinations(ACTORS, 2))
    assert len(cubes[wave].gaps) == 3 * 16 * 13 * len(pairs)


@pytest.mark.parametrize("wave", WAVES)
def test_a_cell_without_a_number_says_why(cubes, wave):
    table = cubes[wave].estimates
    empty = table["estimate"].isna()
    assert (table.loc[empty, "reason"] != "").all()
    gaps = cubes[wave].gaps
    assert ((gaps["mark"] == "untestable") == (gaps["reason"] != "")).all()
    assert gaps.loc[gaps["reason"] != "", ["p_value", "difference_se"]].isna().all(axis=None)


@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize("question", QUESTIONS)
def test_cells_are_those_of_the_estimate_table(demo, actor, question):
    wave = read_wave(actor, "demo")
    tables = [estimate_question(wave, question, by=by) for by in (None, "region")]
    expected = pd.concat(tables, ignore_index=True)
    found = demo.slice(question=question, actor=actor).reset_index(drop=True)
    pd.testing.assert_frame_equal(found, expected)


def test_an_axis_left_out_is_kept_whole(demo):
    rows = demo.slice(question="priority_fragility", fragility="health", territory="53")
    assert rows["actor"].tolist() == list(ACTORS)
    assert len(demo.slice()) == len(demo.estimates)
    whole = demo.slice(territory="", actor="companies", question="partnership_impact")
    assert (whole["domain"] == "").all()
    assert len(whole) == 16
    assert len(demo.slice_gaps(question="fragility_importance", territory="53")) == 3 * 16


def test_a_slice_can_be_changed_without_changing_the_cube(demo):
    before = demo.estimates["estimate"].copy()
    rows = demo.slice(fragility="health")
    rows["estimate"] = 0.0
    assert demo.estimates["estimate"].equals(before)


def test_a_gap_of_means_by_hand(demo):
    """Welch's form: one mean less the other, variances of two stratified samples added."""
    row = demo.slice_gaps("fragility_importance", "employment", "53").iloc[0]
    assert (row["actor_first"], row["actor_second"]) == ("citizens", "companies")
    sides = []
    for actor in ("citizens", "companies"):
        frame = read_wave(actor, "demo").respondents
        # Strata are the regions and weights equal within them: a simple random sample.
        scores = frame.loc[frame["region"] == "53", "fragility_importance__employment"]
        sides.append(scores.astype(float))
    difference = sides[1].mean() - sides[0].mean()
    se = np.sqrt(sum(side.var(ddof=1) / len(side) for side in sides))
    df = sum(len(side) - 1 for side in sides) - 1
    assert row["difference"] == pytest.approx(difference, abs=1e-12)
    assert row["difference_se"] == pytest.approx(se, rel=1e-9)
    assert row["p_value"] == pytest.approx(2 * stats.t.sf(abs(difference / se), df), rel=1e-6)
    assert row["difference_high"] - row["difference_low"] == pytest.approx(
        2 * stats.t.ppf(0.975, df) * se, rel=1e-6
    )


@pytest.mark.parametrize("question", ["priority_fragility", "partnership_impact"])
def test_gaps_of_shares_are_those_of_stacked_samples(demo, question):
    waves = {actor: read_wave(actor, "demo") for actor in ACTORS}
    column = f"{question}__environment"
    frames = {
        actor: wave.respondents[["weight", "region", column]] for actor, wave in waves.items()
    }
    stacked, design = stack_samples(
        frames, design={actor: wave.design for actor, wave in waves.items()}, name="actor"
    )
    pairs = contrast_pairs(
        stacked, [column], answers=["environment"], design=design, by="actor", within="region"
    )
    pairs = pairs.assign(domain=pairs["region_first"].astype(str))
    gaps = demo.slice_gaps(question, "environment").query("domain != ''")
    both = gaps[gaps["reason"] == ""].merge(
        pairs.astype({"actor_first": str, "actor_second": str}),
        on=["domain", "actor_first", "actor_second"], suffixes=("", "_stacked"),
    )  # fmt: skip
    assert len(both) > 15
    np.testing.assert_allclose(both["difference"], -both["difference_stacked"], rtol=1e-9)
    np.testing.assert_allclose(both["difference_se"], both["difference_se_stacked"], rtol=1e-9)
    np.testing.assert_allclose(both["p_value"], both["p_value_stacked"], rtol=1e-9)


def test_corrections_are_over_what_is_read_together(demo):
    for rows in (
        demo.slice_gaps("fragility_importance", territory=""),
        demo.slice_gaps("fragility_importance", "security").query("domain != ''"),
    ):
        tested = rows[rows["p_value"].notna()].sort_values("p_value")
        steps = tested["p_value"].to_numpy() * np.arange(len(tested), 0, -1)
        expected = np.minimum(np.maximum.accumulate(steps), 1)
        assert tested["p_adjusted"].to_numpy() == pytest.approx(expected)


def test_marks_follow_the_sign_of_the_gap(demo):
    marked = demo.gaps[demo.gaps["mark"].isin(["higher", "lower"])]
    assert len(marked) > 100
    assert ((marked["difference"] > 0) == (marked["mark"] == "higher")).all()
    assert (marked["p_adjusted"] < 0.05).all()


def test_a_withheld_side_gives_no_gap(demo):
    withheld = demo.estimates.query("reliability == 'suppress'").iloc[0]
    rows = demo.slice_gaps(withheld["question"], withheld["answer"], withheld["domain"])
    touched = rows[(rows[["actor_first", "actor_second"]] == withheld["actor"]).any(axis=1)]
    assert touched["difference"].isna().all()
    assert touched["reason"].str.contains(withheld["actor"]).all()


def test_a_reconstructed_cube_shows_what_was_published_and_tests_nothing(cubes):
    cube = cubes["2015"]
    links = read_links().query("wave == '2015' and quantity == 'estimate'")
    links = links[links["question"].isin(QUESTIONS) & links["survey"].isin(ACTORS)]
    links = links[links["domain_variable"].isin(["", "region"])]
    shown = cube.estimates[cube.estimates["estimate"].notna()]
    keys = ["actor", "question", "answer", "domain"]
    printed = links.rename(columns={"survey": "actor"})[keys].drop_duplicates()
    assert set(map(tuple, shown[keys].to_numpy())) == set(map(tuple, printed.to_numpy()))
    assert set(cube.gaps["mark"]) == {"untestable"}
    row = cube.slice_gaps("fragility_importance", "poverty_exclusion", "").iloc[0]
    assert row["difference"] == pytest.approx(5.5 - 6.3, abs=1e-6)
    words = "sample size and spread of the scores assumed"
    assert row["reason"] == f"citizens: {words}; companies: {words}"


def test_an_actor_without_the_wave_says_so(cubes):
    rows = cubes["2019"].slice(actor="companies")
    assert set(rows["reason"]) == {"companies: no wave 2019"}
    assert len(rows) == 3 * 16 * 13
    assert [wave.survey for wave in cubes["2019"].waves] == ["citizens"]


def test_what_a_comparison_rests_on_is_said(demo):
    rows = demo.slice_gaps("fragility_importance", "health", "")
    assert rows["comparable"].all()
    assert rows["comparability"].iloc[0] == (
        "Same item by its sources, exact wordings not published; all citizens and all companies, "
        "asked in surveys of their own; scores also differ in how freely a group gives high ones."
    )


def test_another_wording_is_not_comparable(collection):
    collection.edit(
        "data/surveys/companies/codebook.yaml",
        "how important is each of these fragilities in your territory?",
        "how important is each of these fragilities for your company?",
    )
    rows = build_cube("2019", root=collection.root).slice_gaps("fragility_importance", "health", "")
    flags = rows.set_index(["actor_first", "actor_second"])["comparable"]
    assert flags.to_dict() == {
        ("citizens", "companies"): False,
        ("citizens", "associations"): True,
        ("companies", "associations"): False,
    }
    assert rows["comparability"].iloc[0].startswith("Other wording or answers; all citizens and")


def test_the_cube_is_built_once_until_a_file_changes(collection):
    first = build_cube("2019", root=collection.root)
    assert build_cube("2019", root=collection.root) is first
    assert build_cube("2019", rule=Rule(alpha=0.01), root=collection.root) is not first
    text = "data/surveys/companies/codebook.yaml"
    collection.edit(text, "Importance of the fragilities of", "Weight of the fragilities of")
    assert build_cube("2019", root=collection.root) is not first


def test_names_that_are_nowhere(checkout, demo):
    with pytest.raises(InputError, match="'1999' is not a wave of citizens, companies, associati"):
        build_cube("1999", root=checkout)
    with pytest.raises(InputError, match="fragility 'joy' is not in the cube; valid are employme"):
        demo.slice(fragility="joy")
    with pytest.raises(InputError, match="territory '94' is not in the cube; valid are '', 11, 24"):
        demo.slice_gaps(territory="94")


def test_answers_that_are_no_fragility(collection):
    collection.edit("data/surveys/fragilities.yaml", "  - id: mobility\n", "  - id: travel\n")
    words = "associations/codebook.yaml: fragility_importance: its answers .*: mobility, travel"
    with pytest.raises(InputError, match=words):
        build_cube("2019", root=collection.root)


@pytest.mark.parametrize("kind", ["rest", "france", "neighbours", "similar"])
def test_territories_beside_a_reference_as_the_portraits_give_them(kind):
    """One test of a region against its neighbours, whoever asks."""
    cube, references = build_cube("demo"), list_references(kind)
    wave = next(wave for wave in cube.waves if wave.survey == "companies")
    found = cube.compare("priority_fragility", "health", "companies", references)
    alone = compare_references(wave, "priority_fragility", references, answer="health")
    assert_frame_equal(found, alone, check_dtype=False)
    if kind == "rest":
        cells = cube.slice("priority_fragility", "health", "companies")
        assert found["mark"].tolist() == cells.loc[cells["domain"] != "", "mark"].tolist()


def test_an_actor_without_the_wave_has_no_reference():
    found = build_cube("2019").compare(
        "priority_fragility", "health", "companies", list_references("rest")
    )
    assert found["untested"].tolist() == ["companies: no wave 2019"] * 12
    assert found[COMPARED].isna().all(axis=None)
