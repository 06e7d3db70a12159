"""The table of official margins: recomputed from the respondents, with frame and year."""

import pandas as pd
import pytest

from helpers.data.errors import InputError
from helpers.data.frames import read_target
from helpers.data.responses import Wave, read_wave
from helpers.stats.diagnostics import describe_weights
from helpers.stats.disclosure import CONFIDENTIAL
from helpers.view import tables


@pytest.fixture(scope="module")
def raked():
    """The demonstration wave, whose weights are communes per size over respondents."""
    wave = read_wave("mayors", "demo")
    file = wave.file.model_copy(update={"margins": ["commune_size"]})
    return Wave(wave.codebook, file, wave.respondents)


def read_rows(table) -> pd.DataFrame:
    return pd.DataFrame(table._tbl_data).set_index("Level")


def test_achieved_shares_come_from_the_respondents(raked):
    rows = read_rows(tables.show_weighting(raked))
    target = read_target(raked.codebook, "commune_size")
    people = raked.respondents["commune_size"].value_counts()
    label = raked.codebook.variable("commune_size").label_of
    for level in target.index:
        row = rows.loc[label(level)]
        assert row["Respondents"] == str(people[level])
        assert row["Official count"] == f"{target[level]:,.0f}"
        assert row["Before (%)"] == f"{100 * people[level] / 500:.1f}"
        assert row["After (%)"] == row["Official (%)"]
    assert list(rows["Margin"].unique()) == ["Communes by size"]
    flat = Wave(raked.codebook, raked.file, raked.respondents.assign(weight=1.0))
    rows = read_rows(tables.show_weighting(flat))
    assert (rows["After (%)"] == rows["Before (%)"]).all()
    assert (rows["After (%)"] != rows["Official (%)"]).all()


def test_frame_year_and_provenance_are_said(raked):
    page = tables.show_weighting(raked).as_raw_html()
    assert "communes, 2026: INSEE" in page
    assert "FICTIONAL" in page
    assert "Wave" not in pd.DataFrame(tables.show_weighting(raked)._tbl_data)


def test_respondents_without_a_level_are_shown_as_such(raked):
    people = raked.respondents.copy()
    people.loc[people.index[:5], "commune_size"] = None
    rows = read_rows(tables.show_weighting(Wave(raked.codebook, raked.file, people)))
    row = rows.loc["not known"]
    assert row[["Respondents", "Official count", "Official (%)"]].tolist() == ["5", "", ""]


def test_several_waves_name_theirs(raked):
    other = Wave(raked.codebook, raked.file.model_copy(update={"wave": "2030"}), raked.respondents)
    table = pd.DataFrame(tables.show_weighting(raked, other)._tbl_data)
    assert list(table["Wave"].unique()) == ["mayors demo", "mayors 2030"]


def test_a_wave_that_names_no_margin_has_nothing_to_show():
    with pytest.raises(InputError, match="margins: none given"):
        tables.show_weighting(read_wave("mayors", "demo"))


def test_a_level_of_few_real_respondents_is_withheld_with_another(raked):
    people = raked.respondents
    keep = people["commune_size"] != "under_500"
    keep.loc[people.index[people["commune_size"] == "under_500"][:3]] = True
    file = raked.file.model_copy(update={"provenance": "real"})
    rows = read_rows(tables.show_weighting(Wave(raked.codebook, file, people[keep])))
    withheld = rows[rows["Respondents"] == CONFIDENTIAL]
    assert raked.codebook.variable("commune_size").label_of("under_500") in withheld.index
    assert len(withheld) == 2
    assert (withheld[["Before (%)", "After (%)"]] == "").all(axis=None)
    assert (withheld["Official count"] != "").all()


def test_weights_of_few_real_respondents_are_withheld(raked):
    people = raked.respondents
    few = people["commune_size"] == "under_500"
    people = people[~few | (few.cumsum() <= 3)]
    weights = describe_weights(people, weight="weight", by="commune_size")
    file = raked.file.model_copy(update={"provenance": "real"})
    shown = pd.DataFrame(
        tables.show_weights(weights, Wave(raked.codebook, file, people))._tbl_data
    ).iloc[:, :3]
    shown.columns = ["level", "n", "sum"]
    withheld = shown[shown["n"] == ""]
    assert "under_500" in withheld["level"].tolist()
    assert len(withheld) == 2
    every = tables.show_weights(weights, Wave(raked.codebook, raked.file, people))
    assert (pd.DataFrame(every._tbl_data).iloc[:, 1] != "").all()


def test_showing_weights_changes_nothing(checkout):
    wave = read_wave("mayors", "demo", root=checkout)
    weights = describe_weights(wave.respondents, weight=wave.design.weight)
    before = weights.copy()
    tables.show_weights(weights, wave)
    pd.testing.assert_frame_equal(weights, before)


def test_no_single_weight_of_real_respondents_is_shown(raked):
    """The greatest weight and the total it was raked to would give a withheld base."""
    weights = describe_weights(raked.respondents, weight="weight")
    file = raked.file.model_copy(update={"provenance": "real"})
    real = Wave(raked.codebook, file, raked.respondents)
    single = {"Least", "Median", "Greatest", "Greatest / least"}
    assert single < set(tables.show_weights(weights, raked)._tbl_data)
    assert not single & set(tables.show_weights(weights, real)._tbl_data)
    spread = "Weights, least to greatest"
    assert tables.show_checks(real)._tbl_data[spread].tolist() == ["not shown"]
    assert " to " in tables.show_checks(raked)._tbl_data[spread].iloc[0]
