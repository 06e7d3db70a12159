"""Replicate weights, held against the linearised variance."""

import numpy as np
import pandas as pd
import pytest

from helpers.data.design import Design
from helpers.data.errors import InputError
from helpers.stats.bootstrap import bootstrap, draw_replicates
from helpers.stats.estimates import estimate_proportions


@pytest.fixture
def clustered():
    rng = np.random.default_rng(5)
    frame = pd.DataFrame({"stratum": np.repeat(["a", "b"], 300), "unit": np.arange(600) // 15})
    frame["q"] = rng.random(600) < 0.2 + 0.3 * rng.random(40)[frame["unit"]]
    return frame.assign(w=rng.uniform(1, 3, 600), N=80)


def share(respondents, weight):
    return np.average(respondents["q"], weights=weight)


@pytest.mark.parametrize("fpc", [None, "N"])
def test_bootstrap_agrees_with_linearisation(clustered, fpc):
    design = Design(weight="w", strata=("stratum",), psu="unit", fpc=fpc)
    rng = np.random.default_rng(0)
    row = bootstrap(clustered, share, design=design, rng=rng, replicates=2000).iloc[0]
    linear = estimate_proportions(clustered, "q", design=design, answers=[True, False]).iloc[0]
    assert row["estimate"] == pytest.approx(linear["estimate"])
    # 2 000 replicates give a standard error to about 1.6 %.
    assert row["se"] == pytest.approx(linear["se"], rel=0.07)
    assert (row["df"], row["replicates"]) == (38, 2000)
    assert row["ci_low"] < row["estimate"] < row["ci_high"]


def test_replicates_follow_units_and_the_generator(clustered):
    design = Design(weight="w", strata=("stratum",), psu="unit")
    draws = [
        next(draw_replicates(clustered, design=design, replicates=2, rng=np.random.default_rng(1)))
        for _ in range(2)
    ]
    np.testing.assert_array_equal(*draws)
    factor = pd.Series(draws[0] / clustered["w"]).groupby(clustered["unit"])
    np.testing.assert_allclose(factor.max(), factor.min())
    # 19 of 20 units drawn, each counted for 20 / 19.
    assert factor.first().groupby(np.repeat(["a", "b"], 20)).sum().tolist() == pytest.approx(
        [20, 20]
    )


def test_a_statistic_may_give_several_values(clustered):
    def shares(respondents, weight):
        weighted = pd.Series(weight, index=respondents.index)
        yes = (weighted * respondents["q"]).groupby(respondents["stratum"]).sum()
        return yes / weighted.groupby(respondents["stratum"]).sum()

    design = Design(weight="w", strata=("stratum",))
    rng = np.random.default_rng(2)
    table = bootstrap(clustered, shares, design=design, rng=rng, replicates=50)
    assert table.index.tolist() == ["a", "b"]
    assert (table["se"] > 0).all()


def test_bootstraps_that_cannot_be_drawn(clustered):
    rng = np.random.default_rng(3)
    design = Design(weight="w")
    with pytest.raises(InputError, match="replicates 1: at least 2"):
        bootstrap(clustered, share, design=design, rng=rng, replicates=1)
    lone = clustered.iloc[:301]
    centred = Design(weight="w", strata=("stratum",), single_psu="centre")
    with pytest.raises(InputError, match="1 strata with one unit cannot be centred"):
        bootstrap(lone, share, design=centred, rng=rng, replicates=2)
    certain = Design(weight="w", strata=("stratum",), single_psu="certainty")
    drawn = next(draw_replicates(lone, design=certain, replicates=2, rng=rng))
    assert drawn[300] == lone["w"].iloc[300]

    def rare(respondents, weight):
        with np.errstate(invalid="ignore"):
            return weight[0] / weight[0]

    with pytest.raises(InputError, match=r"of 20 replicates without a finite value, most for 0"):
        bootstrap(clustered, rare, design=design, rng=rng, replicates=20)
