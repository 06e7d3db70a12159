"""Proportions, means, totals and rankings on frames small enough to check by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from helpers.data.design import Design
from helpers.data.errors import InputError
from helpers.stats.estimates import estimate_proportions, estimate_questions
from helpers.stats.means import estimate_means, estimate_rankings, estimate_totals

EQUAL = Design(weight="w")


@pytest.fixture
def ten_equal_respondents():
    return pd.DataFrame(
        {
            "q": [1, 1, 1, 2, 2, 2, 2, 2, 2, 2],
            "region": ["11"] * 5 + ["24"] * 5,
            "score": [0, 2, 4, 6, 8, 10, 3, 5, 7, np.nan],
            "w": 1.0,
        }
    )


@pytest.fixture
def two_strata():
    return pd.DataFrame(
        {
            "q": ["yes", "no", "no", "yes", "yes", "no"],
            "stratum": ["a", "a", "a", "b", "b", "b"],
            "w": [2.0, 2.0, 2.0, 4.0, 4.0, 4.0],
        }
    )


def test_equal_weights_give_the_textbook_formula(ten_equal_respondents):
    first = estimate_proportions(ten_equal_respondents, "q", design=EQUAL).iloc[0]
    assert (first["answer"], first["n"], first["n_weighted"], first["df"]) == (1, 10, 10.0, 9)
    assert first["estimate"] == pytest.approx(0.3)
    assert first["se"] == pytest.approx(np.sqrt(0.3 * 0.7 / 9))
    assert first["deff"] == pytest.approx(1)
    assert first["n_eff"] == pytest.approx(10)
    half = stats.t.ppf(0.975, 9) * first["se"] / (0.3 * 0.7)
    assert first["ci_low"] == pytest.approx(1 / (1 + np.exp(np.log(0.7 / 0.3) + half)))


def test_stratified_variance_by_hand(two_strata):
    design = Design(weight="w", strata=("stratum",))
    yes = estimate_proportions(two_strata, "q", design=design, answers=["yes", "no"]).iloc[0]
    # Shares 1/3 and 2/3, stratum weights 1/3 and 2/3, s^2 = (1/3)(2/3) 3/2 = 1/3.
    assert yes["estimate"] == pytest.approx(5 / 9)
    assert yes["se"] ** 2 == pytest.approx((1 / 9) * (1 / 9) + (4 / 9) * (1 / 9))
    assert yes["df"] == 4


def test_fpc_shrinks_the_variance_by_the_share_left_out(two_strata):
    design = Design(weight="w", strata=("stratum",), fpc="N")
    free = estimate_proportions(two_strata, "q", design=design.model_copy(update={"fpc": None}))
    half = estimate_proportions(two_strata.assign(N=6), "q", design=design)
    np.testing.assert_allclose(half["se"] ** 2, free["se"] ** 2 / 2)
    census = estimate_proportions(two_strata.assign(N=3), "q", design=design)
    assert (census["se"] == 0).all()
    assert (census["ci_low"] == census["estimate"]).all()


def test_population_counts_come_per_stratum_in_psus(two_strata):
    frame = two_strata.assign(N=[2, 3, 3, 3, 3, 3])
    design = Design(weight="w", strata=("stratum",), fpc="N")
    with pytest.raises(InputError, match=r"'N': population count varies within 1 strata \(a\)"):
        estimate_proportions(frame, "q", design=design)
    with pytest.raises(InputError, match=r"fewer units .* \(a: 3 drawn of 0.1, b: 3 drawn of 0.1"):
        estimate_proportions(two_strata.assign(N=0.1), "q", design=design)


def test_an_answer_nobody_gave_has_a_row_of_zero(ten_equal_respondents):
    table = estimate_proportions(ten_equal_respondents, "q", design=EQUAL, answers=[1, 2, 3])
    never = table.iloc[2]
    assert (never["answer"], never["estimate"], never["se"], never["ci_low"]) == (3, 0, 0, 0)
    assert never["ci_high"] == pytest.approx(1 - 0.025 ** (1 / 10))
    assert never["deff"] == 1
    assert not table.isna().any(axis=None)


def test_everyone_gave_the_answer(ten_equal_respondents):
    table = estimate_proportions(ten_equal_respondents.assign(q=2), "q", design=EQUAL)
    assert table.loc[0, ["estimate", "ci_high"]].tolist() == [1, 1]
    assert table.loc[0, "ci_low"] == pytest.approx(0.025 ** (1 / 10))


@pytest.mark.parametrize("interval", ["logit", "beta", "wilson"])
def test_unequal_weights_widen_the_interval_at_zero(ten_equal_respondents, interval):
    frame = ten_equal_respondents.assign(w=[1, 1, 1, 1, 1, 9, 9, 9, 9, 9.0])
    table = estimate_proportions(frame, "q", design=EQUAL, answers=[1, 2, 3], interval=interval)
    n_eff = 50**2 / (5 * 1 + 5 * 81)
    assert table["deff"].iloc[2] == pytest.approx(10 / n_eff)
    assert table["ci_high"].iloc[2] == pytest.approx(1 - 0.025 ** (1 / n_eff))


def test_wilson_interval_on_equal_weights(ten_equal_respondents):
    row = estimate_proportions(ten_equal_respondents, "q", design=EQUAL, interval="wilson").iloc[0]
    t, m = stats.t.ppf(0.975, 9), 9  # p (1 - p) / se^2 is n - 1
    bounds = np.roots([1 + t**2 / m, -(2 * 0.3 + t**2 / m), 0.3**2])
    np.testing.assert_allclose([row["ci_high"], row["ci_low"]], bounds)


def test_missing_answers_leave_the_base_but_not_the_design(two_strata):
    frame = two_strata.assign(q=two_strata["q"].where([True, True, True, True, True, False]))
    design = Design(weight="w", strata=("stratum",))
    yes = estimate_proportions(frame, "q", design=design, answers=["yes", "no"]).iloc[0]
    p = 10 / 14
    assert (yes["n"], yes["n_weighted"], yes["df"]) == (5, 14, 3)
    # Stratum b keeps three units, one of them with a linearised value of zero.
    z = {
        "a": np.array([2 * (1 - p), -2 * p, -2 * p]) / 14,
        "b": np.array([1, 1, 0]) * 4 * (1 - p) / 14,
    }
    expected = sum(3 / 2 * ((v - v.mean()) ** 2).sum() for v in z.values())
    assert p == pytest.approx(yes["estimate"])
    assert yes["se"] ** 2 == pytest.approx(expected)


def test_domains_follow_a_categorical_and_keep_its_empty_levels(ten_equal_respondents):
    frame = ten_equal_respondents
    frame["region"] = pd.Categorical(frame["region"], categories=["24", "53", "11"])
    table = estimate_proportions(frame, "q", design=EQUAL, by="region")
    assert table["region"].tolist() == ["24", "24", "53", "53", "11", "11"]
    empty = table[table["region"] == "53"]
    assert empty["n"].tolist() == [0, 0]
    assert empty[["estimate", "se", "ci_low", "ci_high", "deff", "n_eff"]].isna().all(axis=None)
    assert not table[table["region"] != "53"].isna().any(axis=None)


def test_crossed_domains_list_what_is_present(ten_equal_respondents):
    frame = ten_equal_respondents.assign(size=["s", "l"] * 5)
    frame.loc[frame["region"] == "24", "size"] = "s"
    table = estimate_proportions(frame, "q", design=EQUAL, by=["region", "size"], answers=[1, 2])
    present = [("11", "l"), ("11", "s"), ("24", "s")]
    assert list(table[["region", "size"]].drop_duplicates().itertuples(index=False)) == present
    frame[["region", "size"]] = frame[["region", "size"]].astype("category")
    full = estimate_proportions(frame, "q", design=EQUAL, by=["region", "size"], answers=[1, 2])
    assert full.groupby(["region", "size"], observed=False)["n"].first().tolist() == [2, 3, 0, 5]


def test_a_row_without_domain_or_outside_where_stays_in_the_design(two_strata):
    design = Design(weight="w", strata=("stratum",))
    where = two_strata["stratum"] == "b"
    inside = estimate_proportions(two_strata, "q", design=design, where=where)
    by = two_strata.assign(d=two_strata["stratum"].where(where))
    domain = estimate_proportions(by, "q", design=design, by="d")
    pd.testing.assert_frame_equal(inside, domain.drop(columns="d"))


def test_one_respondent_has_an_interval_that_says_nothing(ten_equal_respondents):
    where = np.arange(10) == 0
    row = estimate_proportions(ten_equal_respondents, "q", design=EQUAL, where=where).iloc[0]
    assert row[["n", "estimate", "ci_low", "ci_high", "df"]].tolist() == [1, 1, 0, 1, 0]


def test_multiple_response_bases(ten_equal_respondents):
    flags = pd.DataFrame(
        {
            "a": pd.array([True, True, False, pd.NA], dtype="boolean"),
            "b": pd.array([True, False, pd.NA, pd.NA], dtype="boolean"),
            "w": 1.0,
        }
    )
    people = estimate_proportions(flags, ["a", "b"], design=EQUAL, answers=["A", "B"])
    assert people["answer"].tolist() == ["A", "B"]
    assert people["n"].tolist() == [3, 3]
    np.testing.assert_allclose(people["estimate"], [2 / 3, 1 / 3])
    options = {"design": EQUAL, "base": "answers", "nets": {"any": ["a", "b"]}}
    given = estimate_proportions(flags, ["a", "b"], **options)
    np.testing.assert_allclose(given["estimate"], [2 / 3, 1 / 3, 1])
    any_of = estimate_proportions(flags, ["a", "b"], **options | {"base": "respondents"})
    assert any_of["estimate"].iloc[2] == pytest.approx(2 / 3)


def test_a_net_is_the_share_of_its_codes_together(ten_equal_respondents):
    frame = ten_equal_respondents.assign(q=[1, 1, 2, 2, 2, 3, 3, 3, 4, 4])
    table = estimate_proportions(frame, "q", design=EQUAL, nets={"agree": [1, 2]})
    recoded = estimate_proportions(frame.assign(q=frame["q"] <= 2), "q", design=EQUAL)
    columns = ["estimate", "se", "ci_low", "ci_high", "deff", "df"]
    np.testing.assert_allclose(
        table.iloc[4][columns].astype(float), recoded.iloc[1][columns].astype(float)
    )


def test_many_questions_equal_one_at_a_time(ten_equal_respondents):
    frame = ten_equal_respondents.assign(p=ten_equal_respondents["q"].iloc[::-1].to_numpy())
    questions = {"p": {"answers": [1, 2, 3]}, "again": {"question": "q", "nets": {"all": [1, 2]}}}
    table = estimate_questions(frame, questions, design=EQUAL, by="region")
    alone = estimate_proportions(frame, "p", design=EQUAL, by="region", answers=[1, 2, 3])
    same = table[table["question"] == "p"].drop(columns="question")
    # Codes of one question and net names of another make a mixed column.
    pd.testing.assert_frame_equal(same.astype({"answer": int}), alone)
    assert table[table["question"] == "again"]["answer"].tolist() == [1, 2, "all"] * 2
    with pytest.raises(InputError, match="empty list"):
        estimate_questions(frame, [], design=EQUAL)


def test_mean_of_scores_by_hand(ten_equal_respondents):
    row = estimate_means(ten_equal_respondents, "score", design=EQUAL, limits=(0, 10)).iloc[0]
    scores = ten_equal_respondents["score"].dropna()
    assert (row["answer"], row["n"], row["df"]) == ("mean", 9, 8)
    assert row["estimate"] == pytest.approx(5)
    # The tenth respondent stays in the design: n / (n - 1) is 10 / 9.
    assert row["se"] ** 2 == pytest.approx(10 / 9 * ((scores - 5) ** 2).sum() / 81)
    assert row["ci_high"] - 5 == pytest.approx(stats.t.ppf(0.975, 8) * row["se"])


def test_scores_far_from_zero_keep_their_digits():
    frame = pd.DataFrame({"x": 1e9 + np.array([0.0, 1.0, 2.0, 3.0]), "w": 1.0})
    row = estimate_means(frame, "x", design=EQUAL).iloc[0]
    assert row["se"] == pytest.approx(np.sqrt(5 / 3 / 4), rel=1e-12)


def test_totals_count_people():
    frame = pd.DataFrame({"q": [1, 2, 2, 2], "d": list("aabb"), "w": [10.0, 20, 30, 40]})
    people = estimate_totals(frame, design=EQUAL, by="d")
    assert people["estimate"].tolist() == [30, 70]
    assert people["answer"].tolist() == ["all", "all"]
    assert people["se"].iloc[0] ** 2 == pytest.approx(4 / 3 * (100 + 400 - 30**2 / 4))
    answers = estimate_totals(frame, "q", design=EQUAL)
    assert answers["estimate"].tolist() == [10, 90]
    with pytest.raises(InputError, match="normalised weights give no totals"):
        estimate_totals(frame.assign(w=1.0), design=EQUAL)
    with pytest.raises(InputError, match="measure 'mean'"):
        estimate_totals(frame, "q", design=EQUAL, measure="mean")


@pytest.fixture
def rankings():
    return pd.DataFrame(
        {
            "r1": ["a", "b", "a", None],
            "r2": ["b", "a", "c", None],
            "r3": ["c", None, None, None],
            "w": 1.0,
        }
    )


def test_rankings(rankings):
    ranks, options = ["r1", "r2", "r3"], {"design": EQUAL, "answers": ["a", "b", "c", "d"]}
    first = estimate_rankings(rankings, ranks, **options)
    np.testing.assert_allclose(first["estimate"], [2 / 3, 1 / 3, 0, 0])
    top = estimate_rankings(rankings, ranks, statistic="top", top=2, **options)
    np.testing.assert_allclose(top["estimate"], [1, 2 / 3, 1 / 3, 0])
    mean = estimate_rankings(rankings, ranks, statistic="mean_rank", **options)
    np.testing.assert_allclose(mean["estimate"], [4 / 3, 3 / 2, 5 / 2, np.nan])
    assert mean["n"].tolist() == [3, 2, 2, 0]


@pytest.mark.parametrize(
    ("change", "options", "message"),
    [
        ({"r2": ["a", "a", "c", None]}, {}, "1 rows rank an answer twice"),
        ({"r2": [None, "a", "c", None]}, {}, "1 rows skip a rank"),
        ({}, {"statistic": "last"}, "statistic 'last'"),
        ({}, {"top": 4}, "top 4: must lie between 1 and the 3 ranks"),
        ({}, {"answers": ["a", "b"]}, r"'r2': 1 answers outside the answer list \('c'\)"),
    ],
)
def test_rankings_that_cannot_be_read(rankings, change, options, message):
    with pytest.raises(InputError, match=message):
        estimate_rankings(rankings.assign(**change), ["r1", "r2", "r3"], design=EQUAL, **options)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([1.0, np.nan] * 5, "5 missing of 10 .first at row 1"),
        ([1.0, 0.0] * 5, "5 zero"),
        ([-1.0, np.inf] * 5, "5 infinite, 5 negative"),
        (["heavy"] * 10, "weights must be numbers"),
    ],
)
def test_weights_that_are_not_positive_and_finite(ten_equal_respondents, weights, message):
    with pytest.raises(InputError, match=f"column 'w': .*{message}"):
        estimate_proportions(ten_equal_respondents.assign(w=weights), "q", design=EQUAL)


@pytest.mark.parametrize(
    ("question", "options", "message"),
    [
        ("q9", {}, r"1 columns not in the respondents: q9"),
        ("q", {"answers": [1, 3]}, r"'q': 7 answers outside the answer list \(2\); valid: 1, 3"),
        ("q", {"answers": [1, 1, 2]}, "repeats"),
        ("q", {"by": "n"}, r"by: \['n'\] twice, or names of result columns"),
        ("q", {"by": ["region", "region"]}, "twice"),
        ("q", {"by": "nowhere"}, "not in the respondents: nowhere"),
        ("q", {"by": "empty"}, "column 'empty': no value in 10 rows"),
        ("q", {"interval": "wald"}, "interval 'wald'"),
        ("q", {"level": 95}, "level 95"),
        ("q", {"deff": "kish"}, "deff 'kish'"),
        ("q", {"deff": "without"}, "not to a population"),
        ("q", {"base": "answers"}, "one answer each"),
        ("q", {"base": "people"}, "base 'people'"),
        ("q", {"nets": {"n": [8]}}, r"net 'n': 1 codes not in the answer list \[8\]"),
        ("q", {"nets": {1: [2]}}, "also an answer code"),
        ("q", {"where": [False] * 10}, "'q': no respondent in the base"),
        ("q", {"where": [True] * 9}, "9 values for 10 respondents"),
        ("q", {"where": [1] * 10}, "not boolean"),
        ("q", {"where": [True] * 9 + [None]}, "1 missing values"),
        ("q", {"where": pd.Series([True] * 10, index=range(1, 11))}, "index differs"),
        ("empty", {}, "column 'empty': no answer in 10 rows"),
        (["q"], {}, "must be True or False, found 1, 2|found 2"),
        (["yes", "empty"], {"answers": ["a"]}, "1 names for 2 columns"),
        ([], {}, "empty list of columns"),
        (["empty"], {}, "no answer in 10 rows"),
        (["no"], {"base": "answers"}, "nobody chose any answer"),
    ],
)  # fmt: skip
def test_questions_that_cannot_be_answered(ten_equal_respondents, question, options, message):
    frame = ten_equal_respondents.assign(empty=None, yes=True, no=False, n=1)
    with pytest.raises(InputError, match=message):
        estimate_proportions(frame, question, design=EQUAL, **options)


@pytest.mark.parametrize(
    ("change", "limits", "message"),
    [
        ({"score": ["high"] * 10}, None, "a mean needs numbers"),
        ({"score": np.nan}, None, "no answer in 10 rows"),
        ({"score": [11.0, np.inf] * 5}, (0, 10), r"10 values outside 0 to 10 \(11, inf\)"),
    ],
)
def test_scores_that_cannot_be_averaged(ten_equal_respondents, change, limits, message):
    with pytest.raises(InputError, match=f"column 'score': {message}"):
        estimate_means(ten_equal_respondents.assign(**change), "score", design=EQUAL, limits=limits)


def test_a_stratum_of_one_needs_a_rule(two_strata):
    frame = two_strata.iloc[:4]
    design = Design(weight="w", strata=("stratum",))
    with pytest.raises(InputError, match=r"stratum: 1 strata with one unit \(b\)"):
        estimate_proportions(frame, "q", design=design)
    centre, certain = (
        estimate_proportions(
            frame, "q", design=design.model_copy(update={"single_psu": rule}), answers=["yes", "no"]
        ).iloc[0]
        for rule in ("centre", "certainty")
    )
    lone = 4 * (1 - centre["estimate"]) / 10
    assert centre["se"] ** 2 - certain["se"] ** 2 == pytest.approx(lone**2)


@pytest.mark.parametrize("column", ["stratum", "psu"])
def test_design_columns_are_complete(two_strata, column):
    frame = two_strata.assign(psu=[1, 2, 3, 1, 2, 3]).astype({"psu": "Int64"})
    frame.loc[2, column] = None
    design = Design(weight="w", strata=("stratum",), psu="psu")
    with pytest.raises(InputError, match=f"column '{column}': 1 missing values of 6"):
        estimate_proportions(frame, "q", design=design)
    with pytest.raises(InputError, match="0 rows"):
        estimate_proportions(frame.iloc[:0], "q", design=design)


def test_the_input_is_left_as_it_was(ten_equal_respondents):
    before = ten_equal_respondents.copy(deep=True)
    estimate_proportions(ten_equal_respondents, "q", design=EQUAL, by="region", nets={"a": [1]})
    estimate_means(ten_equal_respondents, "score", design=EQUAL)
    pd.testing.assert_frame_equal(ten_equal_respondents, before)


def test_levels_that_nobody_has_make_no_stratum_and_no_answer(two_strata):
    frame = two_strata.assign(
        stratum=pd.Categorical(two_strata["stratum"], categories=["z", "b", "a"]),
        q=pd.Categorical(two_strata["q"], categories=["yes", "no", "refused"]),
    )
    design = Design(weight="w", strata=("stratum",))
    table = estimate_proportions(frame, "q", design=design, answers=["no", "yes"])
    plain = estimate_proportions(two_strata, "q", design=design, answers=["no", "yes"])
    pd.testing.assert_frame_equal(table, plain)
    listed = estimate_proportions(frame, "q", design=design)
    assert listed["answer"].tolist() == ["yes", "no", "refused"]


def test_a_row_without_one_of_two_domain_levels_is_in_no_domain(ten_equal_respondents):
    frame = ten_equal_respondents.assign(size=["s", None] * 5)
    table = estimate_proportions(frame, "q", design=EQUAL, by=["region", "size"], answers=[1, 2])
    assert table["n"].tolist() == [3, 3, 2, 2]


def test_a_rank_nobody_used(rankings):
    frame = rankings.assign(r3=None)
    top = estimate_rankings(frame, ["r1", "r2", "r3"], design=EQUAL, statistic="top")
    assert top["answer"].tolist() == ["a", "b", "c"]
    np.testing.assert_allclose(top["estimate"], [1, 2 / 3, 1 / 3])


def test_hundreds_of_answers():
    frame = pd.DataFrame({"q": np.arange(600) % 300, "w": 1.0})
    table = estimate_proportions(frame, "q", design=EQUAL)
    assert len(table) == 300
    np.testing.assert_allclose(table["estimate"], 1 / 300)
