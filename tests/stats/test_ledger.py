"""The ledger: verdicts, tolerance, and an assertion that can fail."""

import re

import numpy as np
import pytest

from helpers.data.language import use_language
from helpers.data.published import read_figures
from helpers.data.responses import Wave, read_wave
from helpers.stats.ledger import build_ledger, check_ledger

STUDIES = [
    "regional_partnerships",
    "phare_companies",
    "phare_associations",
    "mayor_survey",
    "evaluation_synthesis",
]
WAVES = [
    ("companies", "2015"),
    ("associations", "2015"),
    ("mayors", "2016"),
    ("mayors", "2024"),
    ("evaluation", "2015"),
]


@pytest.fixture(scope="module")
def ledger():
    years = read_figures()["wave"].unique()
    return build_ledger([read_wave(*wave) for wave in WAVES], studies=STUDIES, years=years)


@pytest.fixture(scope="module")
def mayors():
    return read_wave("mayors", "2016")


def test_every_figure_of_the_studies_has_a_verdict_and_a_reason_unless_recomputed(ledger):
    assert len(ledger) == read_figures()["study"].isin(STUDIES).sum()
    left = ledger[ledger["recomputed"].isna()]
    assert (left["reason"].str.len() > 20).all()
    assert set(left["verdict"]) == {"not computable", "inconsistent in the source"}


def test_every_clear_percentage_of_a_wave_is_reproduced_or_has_its_reason(ledger):
    clear = ledger[(ledger["legibility"] == "clear") & (ledger["unit"] == "percent")]
    assert set(clear["verdict"]) <= {"reproduced", "not computable"}
    assert (clear["verdict"] == "reproduced").sum() >= 80


def test_recomputed_figures_print_as_published(ledger):
    done = ledger[ledger["verdict"] == "reproduced"]
    assert (done["difference"].abs() <= done["tolerance"] + 1e-9).all()
    np.testing.assert_allclose(done["recomputed"], done["published"], atol=0.5)


def test_slide_of_the_mayors(ledger):
    q4 = ledger[ledger["figure"].isin(["F031", "F032", "F033", "F034", "F035"])]
    assert list(q4["published"]) == [17, 13, 46, 24, 76]
    assert (q4["verdict"] == "reproduced").all()


def test_inconsistent_figures_are_listed_and_stay_out(ledger):
    names = set(ledger.loc[ledger["verdict"] == "inconsistent in the source", "figure"])
    ages = {"F048", "F049", "F050", "F051"}
    assert ages < names
    assert ledger.set_index("figure").loc[sorted(names), "recomputed"].isna().all()


def test_a_wrong_wave_fails_the_assertion_and_names_the_figure(mayors):
    answers = mayors.respondents["partnerships_source_of_innovation"].mask(
        lambda a: a == "yes", "no"
    )
    wrong = Wave(
        mayors.codebook,
        mayors.file,
        mayors.respondents.assign(partnerships_source_of_innovation=answers),
    )
    ledger = build_ledger([wrong], studies=["mayor_survey"], years=["2016"])
    with pytest.raises(
        AssertionError, match=r"1 published figures .* F036 .* published 87, recomputed 0"
    ):
        check_ledger(ledger)


def test_counts_are_told(mayors):
    ledger = build_ledger([mayors], studies=["mayor_survey"], years=["2016"])
    assert check_ledger(ledger) == (
        "10 figures: 9 reproduced, 1 not computable; of the reproduced, 7 by calibration."
    )


def test_a_demonstration_wave_has_nothing_to_compare():
    ledger = build_ledger([read_wave("mayors", "demo")], studies=["mayor_survey"], years=["demo"])
    assert ledger.empty
    assert check_ledger(ledger) == "No figure was published for this wave: nothing to compare."


def test_ledger_in_french():
    with use_language("fr"):
        ledger = build_ledger(
            [read_wave("mayors", "2016")], studies=["mayor_survey"], years=["2016"]
        )
        told = check_ledger(ledger)
    assert re.fullmatch(r"\d+ chiffres\u00a0: .*", told)
    row = ledger.set_index("figure").loc["F031"]
    assert row["measure"].startswith(
        "Dynamique de co-construction du territoire\u00a0: Oui, tout à fait"
    )


def test_a_figure_that_no_estimate_stands_for_has_its_row():
    figures = read_figures()
    ledger = build_ledger([], studies=figures["study"].unique(), years=figures["wave"].unique())
    assert ledger["figure"].tolist() == figures["figure"].tolist()
    assert ledger["measure"].str.len().gt(3).all()
