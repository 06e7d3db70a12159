"""A profile holds every question once, beside all respondents."""

import pytest

from helpers.data.errors import InputError
from helpers.stats.estimate_store import EstimateStore
from helpers.view.profiles import read_profile, write_profile


@pytest.fixture(scope="module")
def store():
    return EstimateStore()


def test_every_question_of_the_wave_with_its_reference(store):
    profile = read_profile(store, "companies", "demo", "region", "52")
    wave = store.read_wave("companies", "demo")
    assert list(profile["question"].drop_duplicates()) == wave.file.questions
    assert set(profile["domain"]) == {"52"}
    # Single questions by their headline, several answers one by one.
    assert (profile["question"] == "has_partnership").sum() == 1
    assert (profile["question"] == "partnership_type").sum() == 4
    row = profile.set_index("question").loc["has_partnership"]
    whole = store.estimate("companies", "demo", "has_partnership").set_index("answer")
    assert row["whole"] == whole.loc["yes", "estimate"]
    regional = store.estimate("companies", "demo", "has_partnership", by="region")
    here = regional[(regional["domain"] == "52") & (regional["answer"] == "yes")].iloc[0]
    assert row["estimate"] == here["estimate"]
    assert row["mark"] == here["mark"] == "higher"


def test_what_is_written_is_what_was_read(store):
    profile = read_profile(store, "companies", "demo", "region", "52")
    html = write_profile(profile, store.read_wave("companies", "demo"))
    row = profile.iloc[0]
    assert "Pays de la Loire: every question of companies demo" in html
    for text in (f">{100 * row['estimate']:.0f}%<", f">{100 * row['whole']:.0f}%<", ">higher<",
                 f">{100 * row['difference']:+.1f}<", f">{row['n']}<"):  # fmt: skip
        assert text in html


def test_a_wave_without_tests_has_no_columns_of_tests(store):
    profile = read_profile(store, "companies", "2015", "region", "52")
    html = write_profile(profile, store.read_wave("companies", "2015"))
    assert "Gap to the rest" not in html
    assert "not published" in html
    assert ">43%<" in html


def test_a_wave_without_the_domain_variable_is_refused(store):
    with pytest.raises(InputError, match="'region' is not in this wave"):
        read_profile(store, "mayors", "2016", "region", "52")
