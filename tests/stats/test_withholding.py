"""Files of a real wave: what weighted figures give away, and what rounding leaves open."""

import itertools

import numpy as np
import pandas as pd
import pytest

from helpers.data.responses import Wave, read_wave
from helpers.stats.results import estimate_question
from helpers.stats.withholding import round_confidential

SMALL = {"53": 4, "24": 3}
TOLERANCE = {"estimate": 0.0005}


@pytest.fixture(scope="module")
def wave():
    """Marked real: two regions of 4 and 3 respondents, weighted to known regional totals."""
    demo = read_wave("companies", "demo")
    people = demo.respondents
    kept = [
        rows.head(SMALL.get(code, len(rows)))
        for code, rows in people.groupby("region", observed=True)
    ]
    people = pd.concat(kept, ignore_index=True)
    totals = 1000.0 * (7 + people["region"].cat.codes) + 13 * people["region"].cat.codes
    counts = people.groupby("region", observed=True)["region"].transform("size")
    people[demo.design.weight] = totals / counts.astype(float)
    people.attrs["totals"] = totals.groupby(people["region"], observed=True).first().to_dict()
    file = demo.file.model_copy(update={"provenance": "real", "demonstration": None, "margins": []})
    return Wave(demo.codebook, file, people)


def estimate(wave):
    pieces = [estimate_question(wave, "has_partnership", by=by) for by in (None, "region")]
    return [table[table["answer"] == "yes"].set_index("domain") for table in pieces]


def solve(wave, whole, regional, slack):
    """All small counts that agree with the figures shown, each known to within `slack`."""
    totals = wave.respondents.attrs["totals"]
    shown = regional["estimate"].notna()
    hidden = regional.index[~shown].tolist()
    left = sum(totals.values()) * whole["estimate"].iloc[0]
    left -= sum(totals[code] * regional.loc[code, "estimate"] for code in regional.index[shown])
    reach = slack * (sum(totals.values()) + sum(totals[code] for code in regional.index[shown]))
    secret = [code for code in hidden if code in SMALL]
    (partner,) = [code for code in hidden if code not in SMALL]
    people = len(wave.respondents) - int(regional.loc[shown, "n"].sum())
    found = []
    for sizes in itertools.product(range(1, 5), repeat=len(secret)):
        size = people - sum(sizes)
        for given in itertools.product(*(range(count + 1) for count in sizes)):
            parts = zip(secret, given, sizes, strict=True)
            rest = left - sum(totals[code] * yes / count for code, yes, count in parts)
            yes = np.arange(size + 1)
            fits = np.abs(totals[partner] * yes / size - rest) <= reach
            found += [(*sizes, *given, int(one)) for one in yes[fits]]
    return found


def test_full_precision_gives_small_counts_away_and_rounded_figures_do_not(wave):
    whole, regional = estimate(wave)
    assert set(SMALL) < set(regional.index[regional["estimate"].isna()])
    exact = solve(wave, whole, regional, 1e-9)
    assert len(exact) < 5
    assert any(set(one[:2]) == set(SMALL.values()) for one in exact)
    rounded = [round_confidential(table.reset_index()).set_index("domain")
               for table in (whole, regional)]  # fmt: skip
    assert rounded[1]["n_weighted"].isna().all()
    left = solve(wave, *rounded, TOLERANCE["estimate"])
    assert len({one[:2] for one in left}) == 16, "every pair of sizes stays possible"


def test_other_waves_keep_their_digits():
    table = estimate_question(read_wave("companies", "demo"), "has_partnership")
    pd.testing.assert_frame_equal(round_confidential(table), table)


def test_decimals_of_a_real_row():
    row = {"provenance": "real", "estimate": 0.123456, "p_value": 0.04999, "deff": 1.26,
           "n_eff": 79.6, "n": 100, "n_weighted": 1234.5}  # fmt: skip
    (found,) = round_confidential(pd.DataFrame([row])).to_dict("records")
    assert np.isnan(found.pop("n_weighted"))
    assert found == {"provenance": "real", "estimate": 0.123, "p_value": 0.05, "deff": 1.3,
                     "n_eff": 80.0, "n": 100}  # fmt: skip
