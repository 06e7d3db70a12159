"""`studies show` tells a number, its base and what was published, in both languages."""

import getpass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.data.errors import InputError
from helpers.data.language import use_language
from helpers.run import cli
from helpers.run.numbers import _describe_row, describe_id
from helpers.stats.disclosure import CONFIDENTIAL
from helpers.stats.results import Rule


def told(text, **options):
    return dict(describe_id(text, **options))


def test_a_number_that_was_published(checkout):
    lines = told("mayors:2016:partnerships_source_of_innovation:yes")
    printed = lines["Published"].partition("%")[0]
    assert lines["Value"].partition(".")[0] == printed
    assert lines["Base"] == "304 respondents"
    assert lines["Provenance"].startswith("RECONSTRUCTED")
    assert lines["Beside the data"].endswith("reproduced, calibrated on it")
    assert lines["Legibility"] == "clear"
    assert lines["Source"]


def test_a_number_with_a_mark():
    lines = told("companies:demo:has_partnership:yes:region=28")
    assert lines["Mark"].startswith(
        ("lower than the rest (", "no significant difference from the rest (")
    )
    assert lines["Rule"].startswith("Default rule (alpha 0.05, nchs-2017, holm).")
    assert lines["Published"] == "no figure is linked to this number"
    asked = told("companies:demo:has_partnership:yes:region=28", rule=Rule(alpha=0.5))
    assert asked["Rule"].startswith("Rule as asked for (alpha 0.5, ")
    assert asked["Mark"].startswith("lower than the rest (-")


def test_a_score_is_written_out_of_ten():
    assert told("citizens:demo:fragility_importance:health")["Value"].endswith(" / 10")


def test_a_number_withheld_says_why():
    lines = told("companies:demo:partnership_intention:yes:region=53")
    assert lines["Value"].startswith("withheld: ")
    assert "Interval (95%)" not in lines


def test_a_published_figure_and_its_number():
    lines = told("f001")
    named = "F001: Has partnerships with associations: Yes, France"
    assert lines["Published"] == f"37% ({named})"
    assert lines["Id"] == "companies:2015:has_partnership:yes"
    assert lines["Value"] == "37.0%"


@pytest.mark.parametrize("figure", ["F006", "F045"])
def test_a_figure_that_cannot_be_recomputed_says_why(figure):
    lines = told(figure)
    assert "Value" not in lines
    assert lines["Beside the data"].startswith("not computable. ")


def test_every_published_figure_can_be_shown():
    for number in range(1, 260, 23):
        assert told(f"F{number:03d}")["Published"]


@pytest.mark.parametrize("text", ["F999", "F1", "mayors", "mayors:2016:nothing:yes"])
def test_what_is_no_id_is_refused(text):
    with pytest.raises(InputError):
        describe_id(text)


def test_french_answer():
    with use_language("fr"):
        lines = told("mayors:2016:partnerships_source_of_innovation:yes")
    assert lines["Base"] == "304 répondants"
    assert lines["Provenance"].startswith("RECONSTITUÉ")
    assert "recalculé" in lines["En regard des données"]
    assert " à " in lines["Intervalle (95\u202f%)"]


def test_command(capsys, monkeypatch, collection):
    monkeypatch.setattr("sys.argv", ["studies", "show", "F001", "--alpha", "0.01"])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert not end.value.code
    out = capsys.readouterr().out
    assert "Rule as asked for (alpha 0.01, " in out
    assert str(collection.root) not in out
    assert str(Path.home()) not in out
    assert getpass.getuser() not in out.split()
    monkeypatch.setattr("sys.argv", ["studies", "show", "F001", "--lang", "de"])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == 2
    assert "'de' is not a language here" in capsys.readouterr().err


def test_a_withheld_base_is_no_base_of_nobody():
    row = pd.Series({"reliability": "suppress", "reason": CONFIDENTIAL, "n": 0, "estimate": np.nan})
    assert dict(_describe_row(row)) == {
        "Value": "withheld for confidentiality", "Base": "withheld",
    }  # fmt: skip
