"""Shares spread over respondents: figures are met, and nothing else is told apart."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpers.data.errors import InputError
from helpers.run.allocation import NONE, deal_answers, fit_chances, spread_score, tilt_mean

ANSWERS = ["yes", "no"]


def lay_out(sizes: dict[str, int]) -> pd.DataFrame:
    """Respondents of one domain variable `zone`, one mass each."""
    zones = [zone for zone, size in sizes.items() for _ in range(size)]
    return pd.DataFrame({"zone": zones, "mass": 1.0})


def publish(whole: float, **zones: float) -> pd.DataFrame:
    """Published shares of `yes`: the whole, and some zones."""
    rows = [("", "", whole), *(("zone", zone, share) for zone, share in zones.items())]
    table = pd.DataFrame(rows, columns=["domain_variable", "domain", "share"])
    return table.assign(question="q", answer="yes")


def fit(respondents, figures, answers=ANSWERS):
    asked = pd.Series(1.0, index=respondents.index)
    return fit_chances(respondents, asked, answers, figures, ["zone"])


sizes = st.integers(5, 40)


@settings(max_examples=40, deadline=None)
@given(a=sizes, b=sizes, rest=st.integers(60, 200), whole=st.floats(0.3, 0.7),
       zone=st.floats(0.1, 0.9))  # fmt: skip
def test_figures_are_met_and_the_rest_is_flat(a, b, rest, whole, zone):
    left = whole + (whole - zone) * a / rest  # what the unnamed must give to meet the whole
    assume(0.05 < left < 0.95)
    respondents = lay_out({"a": a, "b": b, NONE: rest})
    chances = fit(respondents, publish(whole, a=zone))["yes"]
    means = chances.groupby(respondents["zone"]).mean()
    assert chances.mean() == pytest.approx(whole, abs=1e-9)
    assert means["a"] == pytest.approx(zone, abs=1e-9)
    assert means["b"] == pytest.approx(whole, abs=1e-9)  # unpublished: it carries the whole
    assert means[NONE] == pytest.approx(left, abs=1e-9)
    assert chances.groupby(respondents["zone"]).std().max() < 1e-9
    assert chances.between(0, 1).all()


@settings(max_examples=40, deadline=None)
@given(a=sizes, b=sizes, whole=st.floats(0.01, 0.99))
def test_without_a_published_zone_all_are_alike(a, b, whole):
    chances = fit(lay_out({"a": a, "b": b, NONE: 10}), publish(whole))
    assert np.allclose(chances["yes"], whole, atol=1e-12)
    assert np.allclose(chances.sum(axis=1), 1, atol=1e-12)


def test_one_answer_without_a_figure_takes_what_is_left():
    figures = publish(0.5).assign(answer="b")
    figures = pd.concat([figures, publish(0.2).assign(answer="a")])
    chances = fit(lay_out({"a": 10}), figures, ["a", "b", "c"])
    assert chances.iloc[0].round(12).tolist() == [0.2, 0.5, 0.3]


def test_two_answers_without_a_figure():
    with pytest.raises(InputError, match="Only 1 of 3 answers have a figure"):
        fit(lay_out({"a": 10}), publish(0.5), ["yes", "no", "perhaps"])


def test_who_is_not_covered_gets_no_chance():
    figures = publish(0.5, a=0.5).query("domain == 'a'")
    chances = fit(lay_out({"a": 3, NONE: 2}), figures)
    assert chances["yes"].notna().tolist() == [True, True, True, False, False]


def deal(respondents, share):
    chances = np.tile([share, 1 - share], (len(respondents), 1))
    return deal_answers(respondents, ["zone"], chances, np.random.default_rng(1))


@settings(max_examples=20, deadline=None)
@given(n=st.integers(20, 200), share=st.floats(0.02, 0.98))
def test_whole_respondents_come_nearest_to_the_share(n, share):
    dealt = deal(lay_out({"a": n}), share)
    assert set(dealt) <= {0, 1}
    assert abs((dealt == 0).sum() - share * n) <= 0.5 + 1e-9


@settings(max_examples=20, deadline=None)
@given(a=st.integers(20, 60), b=st.integers(20, 60), share=st.floats(0.1, 0.9))
def test_every_zone_gets_its_part(a, b, share):
    respondents = lay_out({"a": a, "b": b})
    given_yes = pd.Series(deal(respondents, share) == 0).groupby(respondents["zone"]).sum()
    assert abs(given_yes["a"] - share * a) <= 1 + 1e-9
    assert abs(given_yes["b"] - share * b) <= 1 + 1e-9


def test_a_second_question_crosses_the_first_near_independence():
    respondents = lay_out({"a": 400})
    respondents["one"] = deal(respondents, 0.5)
    respondents["two"] = deal(respondents, 0.5)
    table = pd.crosstab(respondents["one"], respondents["two"])
    assert (table - 100).abs().to_numpy().max() <= 4  # a random deal goes to about 10


@pytest.mark.parametrize(("mean", "spread"), [(7.1, 2.5), (5.0, 2.5), (0.5, 0.6), (9.5, 1.0)])
def test_scores_have_the_mean_and_spread_asked_for(mean, spread):
    shares = spread_score(mean, spread)
    scores = np.arange(11)
    assert shares.sum() == pytest.approx(1, abs=1e-12)
    assert shares @ scores == pytest.approx(mean, abs=1e-12)
    assert np.sqrt(shares @ (scores - mean) ** 2) == pytest.approx(spread, abs=1e-6)


def test_no_other_scores_of_that_mean_and_spread_have_more_entropy():
    """Any step that keeps sum, mean and square (a third difference and the like) loses entropy."""
    shares = spread_score(6.3, 2.5)
    entropy = -(shares * np.log(shares)).sum()
    third = np.array([1, -3, 3, -1])
    for start in range(8):
        for size in (1e-3, -1e-3):
            moved = shares.copy()
            moved[start : start + 4] += size * third
            assert -(moved * np.log(moved)).sum() < entropy


@pytest.mark.parametrize(("mean", "spread"), [(0.0, 1.0), (10.0, 1.0), (5.5, 0.4), (9.0, 3.5)])
def test_scores_that_cannot_be(mean, spread):
    with pytest.raises(InputError, match="No scores from 0 to 10 have the mean"):
        spread_score(mean, spread)


def test_tilted_weights_keep_their_sum_and_order():
    weights = np.array([1.0, 1.0, 2.0])
    tilted = tilt_mean(weights, np.array([2.0, 4.0, 9.0]), 5.0)
    assert tilted.sum() == pytest.approx(4)
    assert tilted @ [2, 4, 9] / 4 == pytest.approx(5)
    # Exponential in the value: equal steps in the value are equal ratios of the factor.
    factor = np.log(tilted / weights)
    assert (factor[1] - factor[0]) / 2 == pytest.approx((factor[2] - factor[1]) / 5)
    with pytest.raises(InputError, match="No weights give the scores dealt the mean 9"):
        tilt_mean(weights, np.array([2.0, 4.0, 9.0]), 9.0)
