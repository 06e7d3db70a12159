"""Ids of numbers: one per row, and back again."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.data.errors import InputError
from helpers.data.responses import read_wave
from helpers.stats.number_ids import NumberId, build_id, build_ids, parse_id
from helpers.stats.results import estimate_question

part = st.text(min_size=1)
domains = st.tuples(part, st.text()) | st.just(("", ""))


@given(st.tuples(part, part, part, part), domains)
def test_an_id_is_read_back(parts, domain):
    text = build_id(*parts, *domain)
    assert parse_id(text) == NumberId(*parts, *domain)
    assert str(parse_id(text)) == text
    assert len(text.split()) == 1


@given(st.lists(st.tuples(part, part, part, part, domains), min_size=1, max_size=6))
def test_a_table_has_the_ids_of_its_rows(rows):
    rows = [(*parts, *domain) for *parts, domain in rows]
    names = ["survey", "wave", "question", "answer", "domain_variable", "domain"]
    ids = build_ids(pd.DataFrame(rows, columns=names))
    assert ids.tolist() == [build_id(*row) for row in rows]
    assert len(set(ids)) == len(set(rows))


def test_readable_form():
    assert build_id("a", "2016", "q", "yes") == "a:2016:q:yes"
    assert build_id("a", "2016", "q", "yes", "region", "93+94") == "a:2016:q:yes:region=93+94"
    assert build_id("a", "b:c=d", "é", "x y") == "a:b%3Ac%3Dd:%C3%A9:x%20y"
    assert parse_id(" a:2016:q:yes\n") == NumberId("a", "2016", "q", "yes")


def test_rows_of_a_wave_have_ids_of_their_own(checkout):
    wave = read_wave("companies", "demo", root=checkout)
    table = estimate_question(wave, "has_partnership", by="region")
    ids = build_ids(table)
    assert ids.is_unique
    assert ids.index.equals(table.index)
    assert "companies:demo:has_partnership:yes:region=93+94" in set(ids)


@pytest.mark.parametrize(
    "text", ["", "a", "a:b:c", "a:b:c:", ":b:c:d", "a:b:c:d:e", "a:b:c:d:=e", "a:b:c:d:e=f:g"]
)
def test_what_is_no_id(text):
    with pytest.raises(InputError, match="is not the id of a number; the form is survey:wave"):
        parse_id(text)


@pytest.mark.parametrize(
    ("parts", "name"),
    [(("", "b", "c", "d"), "survey"), (("a", "b", "c", ""), "answer"),
     (("a", "b", "c", "d", "", "e"), "domain_variable")],
)  # fmt: skip
def test_an_id_needs_all_its_parts(parts, name):
    with pytest.raises(InputError, match=f"{name} is empty"):
        build_id(*parts)
