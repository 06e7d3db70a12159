"""Tables of the estimate table and of what lies behind it, in both languages."""

import numpy as np
import pandas as pd
import pytest

from helpers.data.language import use_language
from helpers.data.responses import read_wave
from helpers.stats.audits import run_audits
from helpers.stats.disclosure import CONFIDENTIAL
from helpers.stats.ledger import build_ledger
from helpers.stats.results import estimate_question
from helpers.stats.statuses import summarise_statuses
from helpers.view import tables


def read_cells(table) -> pd.DataFrame:
    return pd.DataFrame(table._tbl_data)


@pytest.fixture(scope="module")
def companies():
    return read_wave("companies", "2015")


@pytest.fixture
def rows():
    """A share above the rest, and one withheld."""
    table = estimate_question(read_wave("companies", "demo"), "has_partnership", by="region")
    table = table[table["answer"] == "yes"].head(2).copy()
    return table.assign(
        estimate=[0.434, np.nan], ci_low=[0.4, np.nan], ci_high=[0.468, np.nan], se=[0.017, np.nan],
        n=[1204, 12], deff=[1.25, np.nan], n_eff=[963.2, np.nan], mark=["higher", "untestable"],
        reliability=["ok", "suppress"], reason=["", "n < 30"], difference=[0.0615, np.nan],
        p_adjusted=[0.0004, np.nan], smallest_gap=[0.05, np.nan],
    )  # fmt: skip


def test_estimates_in_english(rows):
    table = tables.tabulate_estimates(rows, read_wave("companies", "demo"))
    assert table.to_dict("list") == {
        "Region": ["Île-de-France", "Centre-Val de Loire"],
        "%": ["43.4", ""],
        "95% CI": ["40.0–46.8", ""],
        "Base (n)": ["1,204", "12"],
        "Design effect": ["1.25", ""],
        "Effective n": ["963", ""],
        "Gap to the rest (points)": ["+6.2", ""],
        "p (adjusted)": ["<0.001", ""],
        "Mark": ["higher", "untestable"],
        "Detectable gap (points)": ["5", ""],
        "State": ["", "withheld: n < 30"],
    }


def test_estimates_in_french(rows):
    with use_language("fr"):
        table = tables.tabulate_estimates(rows, read_wave("companies", "demo"))
    assert table.to_dict("list") == {
        "Région": ["Île-de-France", "Centre-Val de Loire"],
        "%": ["43,4", ""],
        "IC à 95\u202f%": ["40,0–46,8", ""],
        "Base (n)": ["1\u202f204", "12"],
        "Effet de plan": ["1,25", ""],
        "n efficace": ["963", ""],
        "Écart au reste (points)": ["+6,2", ""],
        "p (ajusté)": ["<0,001", ""],
        "Marque": ["supérieur", "non testable"],
        "Écart détectable (points)": ["5", ""],
        "État": ["", "non diffusé\u00a0: n < 30"],
    }


def test_numbers_stand_right_in_both_languages(rows):
    for lang in ("en", "fr"):
        with use_language(lang):
            table = tables.show_estimates(rows, read_wave("companies", "demo"), title="T")
        numeric = [column.var for column in table._boxhead if column.column_align == "right"]
        assert len(numeric) == 8, lang  # all but region, mark and state


def test_the_measure_gives_the_words_of_the_page_and_the_french_original(companies):
    shown = read_cells(tables.show_measure(companies, questions=["partnership_type"])).iloc[0]
    page = tables.show_measure(companies, questions=["partnership_type"]).as_raw_html()
    assert '<span lang="fr">Quels types de partenariat' in page
    assert shown["French"].startswith("Quels types de partenariat")
    assert shown["English"].startswith("Which types of partnership")
    assert shown["Asked"] == "Has partnerships with associations = Yes"
    with use_language("fr"):
        table = read_cells(tables.show_measure(companies, questions=["partnership_type"]))
    assert "English" not in table
    assert table["Question"].iloc[0].startswith("Quels types de partenariat")
    assert table["Type"].iloc[0] == "choix multiple"


def test_checks_name_the_strata(companies):
    shown = read_cells(tables.show_checks(companies)).iloc[0]
    label = companies.codebook.variable("company_size").label.text
    assert shown["Strata"] == label
    with use_language("fr"):
        shown = read_cells(tables.show_checks(companies)).iloc[0]
    assert shown["Enquête"] == "entreprises"
    assert shown["Répondants"] == "1\u202f300"
    assert shown["Poids, du plus petit au plus grand"] == "0,103 à 1,59"
    assert shown["Réponses manquantes"] == "0\u202f% à 94\u202f% selon la question"


def test_ledger_and_audits_in_french(companies):
    with use_language("fr"):
        ledger = build_ledger([companies], studies=["phare_companies"], years=["2015"])
        shown = tables.show_ledger(ledger, companies)
        audits = read_cells(tables.show_audits(run_audits(["phare_companies"], years=["2015"])))
    cells = read_cells(shown).set_index("Chiffre")
    assert ">37</" in cells.loc["F142", "Publié"]
    assert cells.loc["F142", ["Unité", "Lisibilité"]].tolist() == ["%", "lisible"]
    assert {"reproduit", "non calculable"} <= set(cells["Verdict"])
    assert "background-color: #e3f2e1" in shown.as_raw_html()  # of the reproduced
    row = audits.set_index("Audit").loc["A13"]
    assert row["D'après les valeurs imprimées"] == "240\u202f540,5"
    assert row["Plage des arrondis"] == "236\u202f000 à 245\u202f205"
    assert row["Verdict"] == "déduit"


def test_statuses_in_french(companies):
    with use_language("fr"):
        cells = read_cells(tables.show_statuses(summarise_statuses(companies), companies))
    assert cells.iloc[1].tolist() == [
        "Entreprises", "aucun, mais en a l'intention", "≈ 5", "", "déduit",
    ]  # fmt: skip


def test_a_title_begins_its_question_small():
    wave = read_wave("companies", "demo")
    split = estimate_question(wave, "partnership_status", by="region")
    title = tables.show_split(split, wave)._heading.title
    assert title == "Companies: partnership status, in %"
    with use_language("fr"):
        split = estimate_question(wave, "partnership_status", by="region")
        title = tables.show_split(split, wave)._heading.title
    assert title.startswith("Entreprises\u00a0: s")
    assert title.endswith(", en\u00a0%") or title.endswith(", en\u202f%")


def test_a_confidential_state_is_said_once():
    estimates = pd.DataFrame(
        [("suppress", CONFIDENTIAL), ("suppress", "n < 30"), ("warn", "n < 60"), ("ok", "")],
        columns=["reliability", "reason"],
    )
    assert tables.write_states(estimates) == [
        "withheld for confidentiality", "withheld: n < 30", "with care: n < 60", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "numeric", "kept_in_one_line"),
    [
        (["1", "2,5", ""], True, True),
        (["▲ +1", "-2", "86*"], True, True),
        (["1", "not shown"], True, False),
        (["1", "not shown", "not shown"], False, False),
        (["not shown"] * 2, False, False),
        (["1", "7 (5–9)"], False, False),
        (["1", "Q4"], False, False),
        (["", ""], False, False),
    ],
)
def test_numbers_stand_right_also_beside_words_in_place_of_some(cells, numeric, kept_in_one_line):
    html = tables.show_frame(pd.DataFrame({"value": cells}), title="Some").as_raw_html()
    assert ("gt_row gt_right" in html) == numeric
    assert ("white-space: nowrap" in html) == kept_in_one_line
