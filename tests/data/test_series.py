"""Waves in time, and the points only print knows."""

import pytest

from helpers.data.codebook import Wording
from helpers.data.errors import InputError
from helpers.data.series import find_least_base, find_year, read_published_points, read_series
from helpers.data.waves import read_wave_file


def test_demonstrations_are_left_out(checkout):
    assert [wave.name for wave in read_series("mayors", root=checkout)] == ["2016", "2024"]
    with pytest.raises(InputError, match="'mayor' is not a survey"):
        read_series("mayor", root=checkout)


def test_a_real_wave_is_there_as_soon_as_its_files_are(small):
    assert [wave.provenance for wave in read_series("small", root=small.root)] == ["real"]


@pytest.mark.parametrize(
    ("wave", "dates", "year"),
    [
        ("2020", "May 2020", 2020),
        ("2027-spring", "April 2028", 2027),
        ("spring", "30 November 2026 to January 2027", 2026),
        ("v20201", "autumn 1999", 1999),
    ],
)
def test_year_of_a_wave(small, wave, dates, year):
    file = read_wave_file("small", "2020", root=small.root)
    fieldwork = file.fieldwork.model_copy(update={"dates": Wording(en=dates, fr=dates)})
    assert find_year(file.model_copy(update={"wave": wave, "fieldwork": fieldwork})) == year


def test_wave_without_a_year(small):
    file = read_wave_file("small", "2020", root=small.root)
    fieldwork = file.fieldwork.model_copy(update={"dates": Wording(en="last spring", fr="été")})
    with pytest.raises(InputError, match=r"small/new/wave.yaml: no year .*'last spring'"):
        find_year(file.model_copy(update={"wave": "new", "fieldwork": fieldwork}))


def test_published_points_carry_what_was_printed(checkout):
    points = read_published_points("companies", root=checkout).set_index("figure")
    rate = points.loc["F141"]
    assert (rate["wave"], rate["value"], rate["decimals"]) == ("2011", pytest.approx(0.285), 1)
    assert rate["legibility"] == "approximate wording"
    assert points.loc["F238", "measure"] == "alliances reduce fragilities and create growth"
    assert points.loc["F022", "unit"] == "score_10"
    assert "F147" not in points.index  # inconsistent in the source


@pytest.mark.parametrize(
    ("survey", "wave", "base"),
    [("citizens", "2015", 2000), ("citizens", "2019", 2400), ("companies", "2015", None)],
)
def test_base_as_printed_or_its_lower_bound(checkout, survey, wave, base):
    assert find_least_base(survey, wave, root=checkout) == base
