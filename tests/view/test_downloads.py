"""The CSV of a view: its numbers, its provenance, and nothing a spreadsheet would run."""

import base64
import io
import re

import pandas as pd
import pytest

from helpers.data.language import use_language
from helpers.data.responses import read_wave
from helpers.stats.results import estimate_question
from helpers.view.downloads import write_csv, write_link


@pytest.fixture(scope="module")
def wave():
    return read_wave("companies", "demo")


@pytest.fixture(scope="module")
def table(wave):
    return estimate_question(wave, "has_partnership", by="region")


def read(csv):
    return pd.read_csv(io.StringIO(csv), dtype={"domain": str, "wave": str}, keep_default_na=False,
                       na_values={"estimate": [""]})  # fmt: skip


def test_the_numbers_are_those_of_the_table(wave, table):
    back = read(write_csv(table, wave))
    assert back["estimate"].tolist() == pytest.approx(table["estimate"].tolist(), nan_ok=True)
    assert back["domain"].tolist() == table["domain"].tolist()
    assert back.loc[0, ["question_label", "answer_label", "domain_label"]].tolist() == [
        "Has partnerships with associations", "Yes", "Île-de-France",
    ]  # fmt: skip
    assert set(back["shows"]) == {"FICTIONAL data: says nothing about France"}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_text_like_a_formula_is_disarmed(wave, table, start):
    rows = table.head(2).assign(reason=[f'{start}HYPERLINK("x")', "n < 30"])
    assert read(write_csv(rows, wave))["reason"].tolist() == [f'\'{start}HYPERLINK("x")', "n < 30"]


def test_control_characters_are_replaced_before_a_formula_is_looked_for(wave, table):
    rows = table.head(2).assign(reason=["bell\x07", "\x07=cmd()"])
    assert read(write_csv(rows, wave))["reason"].tolist() == ["bell\ufffd", "\ufffd=cmd()"]


def test_a_negative_number_stays_a_number(wave, table):
    assert (table["difference"] < 0).any()
    back = pd.to_numeric(read(write_csv(table, wave))["difference"])
    assert back.tolist() == pytest.approx(table["difference"].tolist(), nan_ok=True)


def test_the_link_holds_the_file():
    link = write_link("name,é\r\n", 'a "b"/c.csv')
    assert re.search(r'download="(.+?)"', link)[1] == "a-b-c.csv"
    data = base64.b64decode(re.search(r"base64,([\w+/=]+)\"", link)[1])
    assert data == b"\xef\xbb\xbfname,\xc3\xa9\r\n"


def test_a_download_in_french(wave, table):
    with use_language("fr"):
        frame = read(write_csv(table, wave))
        assert "Télécharger ce tableau (CSV)" in write_link("a,b", "x.csv")
    assert frame["shows"].iloc[0].startswith("FICTIF")
    assert set(frame["answer_label"]) == {"Oui", "Non"}
    assert (frame["estimate"] == read(write_csv(table, wave))["estimate"]).all()
