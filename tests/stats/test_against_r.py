"""Estimates beside R's: each row of fixtures/r_*.csv holds the R call that gave it.

`fixtures/reference.R` wrote the values with the R package survey 4.1-1, on its
documentation data (api) and on a generated sample; `r_designs.csv` holds the
svydesign, postStratify or rake call of each case.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.data.design import Design
from helpers.stats.calibration import Calibration
from helpers.stats.contrasts import contrast_pairs, contrast_with_rest
from helpers.stats.estimates import estimate_proportions
from helpers.stats.means import estimate_means, estimate_totals
from helpers.stats.weights import poststratify, rake, trim

FIXTURES = Path(__file__).parent / "fixtures"
TYPES = pd.Series({"E": 4421, "H": 755, "M": 1018}).rename_axis("stype")
SCHOOL_WIDE = pd.Series({"No": 1072, "Yes": 5122})
SIZES = pd.Series({"large": 2000, "small": 5000})
SEXES = pd.Series({"f": 3600, "m": 3400})

STRAT = {"weight": "pw", "strata": ("stype",)}
CLUS1 = {"weight": "pw", "psu": "dnum", "fpc": "fpc"}
MADE = {"weight": "pw", "strata": ("stratum",)}
DESIGNS = {
    "strat": ("apistrat", Design(**STRAT, fpc="fpc")),
    "strat_wr": ("apistrat", Design(**STRAT)),
    "simple": ("apistrat", Design(weight="pw")),
    "clus1": ("apiclus1", Design(**CLUS1)),
    "clus2": ("apiclus2", Design(weight="pw", psu="dnum")),
    "made": ("made4", Design(**MADE)),
    "made_fpc": ("made4", Design(**MADE, fpc="fpc")),
    "made_psu": ("made4", Design(**MADE, psu="unit")),
    "made_psu_fpc": ("made4", Design(**MADE, psu="unit", fpc="fpc")),
    "made_centre": ("made", Design(**MADE, single_psu="centre")),
    "made_certainty": ("made", Design(**MADE, single_psu="certainty")),
    "clus1_post": ("apiclus1", Design(**CLUS1 | {"weight": "weight"})),
    "clus1_rake": ("apiclus1", Design(**CLUS1 | {"weight": "weight"})),
    "made_rake": ("made4", Design(**MADE | {"weight": "weight"})),
    "made_psu_rake": ("made4", Design(**MADE | {"weight": "weight"}, psu="unit")),
}
CALIBRATIONS = {
    "clus1_post": Calibration(margins=("stype",), base_weight="pw"),
    "clus1_rake": Calibration(margins=("stype", "sch.wide")),
    "made_rake": Calibration(margins=("size", "sex")),
    "made_psu_rake": Calibration(margins=("size", "sex")),
}


def read_frame(case):
    name, _ = DESIGNS[case]
    frame = pd.read_csv(FIXTURES / f"{name.removesuffix('4')}.csv", dtype={"region": str})
    if name == "made4":
        frame = frame[frame["stratum"] != "e"].reset_index(drop=True)
    if case == "clus1_post":
        return frame.assign(weight=poststratify(frame, TYPES, weight="pw"))
    if case == "clus1_rake":
        margins = {"stype": TYPES, "sch.wide": SCHOOL_WIDE}
        return frame.assign(weight=rake(frame, margins, weight="pw"))
    if case in ("made_rake", "made_psu_rake"):
        return frame.assign(weight=rake(frame, {"size": SIZES, "sex": SEXES}, weight="pw"))
    return frame


def read_reference(name, case):
    table = pd.read_csv(FIXTURES / f"r_{name}.csv", dtype={"domain": str, "answer": str})
    return table[table["case"] == case].fillna({"domain": ""})


def columns_of(case):
    return ("q", "region", "score") if case.startswith("made") else ("band", "comp.imp", "api00")


def with_topline(estimate, by):
    """Estimate the topline (domain "") and the domains in one table."""
    parts = [estimate(by=None).assign(domain=""), estimate(by=by).rename(columns={by: "domain"})]
    table = pd.concat(parts)
    if pd.api.types.is_numeric_dtype(table["answer"]):
        table["answer"] = table["answer"].astype(int)
    return table.assign(answer=table["answer"].astype(str))


def compare(ours, reference, columns, tolerance):
    both = reference.merge(ours, on=["domain", "answer"], how="left", suffixes=("_r", ""))
    for theirs, mine in columns.items():
        expected, found = both[f"{theirs}_r" if theirs in ours else theirs], both[mine]
        known = expected.notna()
        np.testing.assert_allclose(
            found[known], expected[known], rtol=tolerance, atol=1e-13, err_msg=str(theirs)
        )


@pytest.mark.parametrize("case", DESIGNS)
@pytest.mark.parametrize("interval", ["logit", "beta"])
def test_proportions(case, interval):
    frame, design = read_frame(case), DESIGNS[case][1]
    question, by, _ = columns_of(case)
    options = {"design": design, "interval": interval, "calibration": CALIBRATIONS.get(case)}

    def estimate(by, **more):
        return estimate_proportions(frame, question, by=by, **options, **more)

    reference = read_reference("proportions", case)
    ours = with_topline(estimate, by)
    assert len(reference) >= 6
    compare(ours, reference, {name: name for name in ("estimate", "se", "deff", "df")}, 1e-10)
    # svyciprop(method = "logit") fits a model and stops near its optimum.
    bounds = {f"{interval}_low": "ci_low", f"{interval}_high": "ci_high"}
    compare(ours, reference, bounds, 1e-10 if interval == "beta" else 1e-7)
    replaced = with_topline(lambda by: estimate(by, deff="replace"), by)
    compare(replaced, reference, {"deff_replace": "deff"}, 1e-10)


@pytest.mark.parametrize("case", DESIGNS)
def test_means_and_totals(case):
    frame, design = read_frame(case), DESIGNS[case][1]
    _, by, score = columns_of(case)
    options = {"design": design, "calibration": CALIBRATIONS.get(case)}
    reference = read_reference("scores", case)
    names = ("estimate", "se", "deff", "ci_low", "ci_high")
    means = with_topline(lambda by: estimate_means(frame, score, by=by, **options), by)
    totals = with_topline(
        lambda by: estimate_totals(frame, score, measure="sum", by=by, **options), by
    )
    for answer, ours in (("mean", means), ("sum", totals)):
        compare(
            ours, reference[reference["answer"] == answer], {name: name for name in names}, 1e-10
        )


@pytest.mark.parametrize("case", DESIGNS)
def test_contrasts(case):
    frame, design = read_frame(case), DESIGNS[case][1]
    question, by, _ = columns_of(case)
    options = {"design": design, "by": by, "calibration": CALIBRATIONS.get(case)}
    reference = read_reference("contrasts", case)
    names = ("difference", "statistic", "df", "p_value")
    rest = contrast_with_rest(frame, question, **options)
    rest = rest[rest["answer"] == 3].rename(columns={by: "domain"}).assign(answer="rest")
    compare(rest, reference[reference["answer"] == "rest"], {name: name for name in names}, 1e-9)
    pairs = contrast_pairs(frame, question, **options)
    pairs = pairs[(pairs["answer"] == 3) & (pairs[f"{by}_first"] == frame[by].dropna().min())]
    pairs = pairs.rename(columns={f"{by}_second": "domain"}).assign(answer="first")
    compare(pairs, reference[reference["answer"] == "first"], {name: name for name in names}, 1e-9)


@pytest.mark.parametrize("case", DESIGNS)
def test_share_of_answers_is_a_ratio(case):
    frame, design = read_frame(case), DESIGNS[case][1]
    question = columns_of(case)[0]
    frame["q1"], frame["q3"] = frame[question] == 1, frame[question] >= 3
    chosen = frame["q1"] | frame["q3"]
    ours = estimate_proportions(
        frame, ["q1", "q3"], base="answers", where=chosen,
        design=design, calibration=CALIBRATIONS.get(case),
    )  # fmt: skip
    names = {name: name for name in ("estimate", "se", "deff")}
    compare(ours.assign(domain=""), read_reference("ratios", case), names, 1e-10)


@pytest.mark.parametrize("case", ["clus1_post", "clus1_rake", "made_rake", "made_psu_rake"])
def test_calibrated_weights(case):
    reference = read_reference("weights", case)
    ours = read_frame(case)["weight"].to_numpy()[reference["answer"].astype(int) - 1]
    np.testing.assert_allclose(ours, reference["weight"], rtol=1e-9)


def test_trimmed_weights():
    reference = read_reference("weights", "trim")
    ours = trim(read_frame("made")["pw"], upper=50)
    chosen = reference["answer"].astype(int) - 1
    np.testing.assert_allclose(ours.to_numpy()[chosen], reference["weight"], rtol=1e-9)
