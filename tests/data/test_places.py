"""Regions of portraits: what a reader may write, and the zone each lies in."""

import pytest

from helpers.data.errors import InputError
from helpers.data.places import find_place


@pytest.mark.parametrize(
    ("text", "code", "zone"),
    [
        ("53", "53", "53"),
        ("35", "53", "53"),
        ("bretagne", "53", "53"),
        ("Ile de France", "11", "11"),
        ("Picardie", "32", "32"),
        ("PACA", "93", "93+94"),
        ("2A", "94", "93+94"),
        (11, "11", "11"),
    ],
)
def test_place(text, code, zone):
    place = find_place(text)
    assert (place.code, place.zone) == (code, zone)
    assert place.shares_zone == (zone == "93+94")


def test_two_regions_share_a_zone():
    one, other = find_place("93"), find_place("94")
    assert one.name != other.name
    assert one.zone_name == other.zone_name
    assert one.regions == other.regions == ("93", "94")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Bretange", "closest: Bretagne"),
        ("93+94", "a zone of two regions; give 93 or 94"),
        ("Guadeloupe", "overseas"),
        ("", "none given"),
    ],
)
def test_place_that_is_none(text, words):
    with pytest.raises(InputError, match=words):
        find_place(text)
