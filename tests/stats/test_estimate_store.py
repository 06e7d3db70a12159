"""The store answers as the functions it stands for, once per version of the files."""

import os

import pytest
from pandas.testing import assert_frame_equal

from helpers.data.errors import InputError
from helpers.data.responses import read_wave
from helpers.stats import estimate_store
from helpers.stats.estimate_store import EstimateStore
from helpers.stats.results import Rule, estimate_question


@pytest.fixture
def counted(monkeypatch):
    """The requests that were computed, not taken from the store."""
    computed = []

    def estimate(wave, question, *, by=None, rule=None):
        computed.append((wave.name, question, by, rule.reliability))
        return estimate_question(wave, question, by=by, rule=rule)

    monkeypatch.setattr(estimate_store, "estimate_question", estimate)
    return computed


def test_a_table_is_that_of_estimate_question_and_computed_once(counted):
    store = EstimateStore()
    wave = read_wave("companies", "demo")
    for _ in range(2):
        table = store.estimate("companies", "demo", "has_partnership", by="region")
        assert_frame_equal(table, estimate_question(wave, "has_partnership", by="region"))
    assert counted == [("demo", "has_partnership", "region", "nchs-2017")]


def test_another_rule_is_another_table(counted):
    store = EstimateStore()
    loose = store.estimate(
        "companies", "demo", "partnership_type", by="region", rule=Rule(reliability="none")
    )
    strict = store.estimate("companies", "demo", "partnership_type", by="region")
    assert loose["estimate"].notna().sum() > strict["estimate"].notna().sum()
    assert len(counted) == 2


def test_changing_an_answer_changes_no_later_one():
    store = EstimateStore()
    first = store.estimate("companies", "demo", "has_partnership")
    first["estimate"] = 0.0
    assert store.estimate("companies", "demo", "has_partnership")["estimate"].min() > 0


@pytest.mark.parametrize(
    "name",
    [
        "surveys/companies/demo/wave.yaml",
        "surveys/companies/codebook.yaml",
        "surveys/domains.yaml",
        "surveys/companies/demo/responses.parquet",
        "published/links.csv",
        "published/figures.csv",
    ],
)
def test_a_changed_file_is_read_again(collection, counted, name):
    store = EstimateStore(root=collection.root)
    store.estimate("companies", "demo", "has_partnership")
    facts = collection.path(f"data/{name}").stat()
    os.utime(collection.path(f"data/{name}"), ns=(0, facts.st_mtime_ns + 1_000_000))
    store.estimate("companies", "demo", "has_partnership")
    assert len(counted) == 2


def test_a_damaged_file_is_refused_even_if_a_good_one_was_kept(collection):
    store = EstimateStore(root=collection.root)
    store.estimate("companies", "demo", "has_partnership")
    collection.path("data/surveys/companies/demo/responses.parquet").write_bytes(b"no")
    with pytest.raises(InputError, match=r"companies/demo/responses.parquet"):
        store.estimate("companies", "demo", "has_partnership")


def test_readings_are_those_of_the_wave():
    readings = EstimateStore().read_readings("companies", "2015")
    assert "approximate wording" in set(readings["legibility"])
    assert EstimateStore().read_readings("companies", "demo").empty
