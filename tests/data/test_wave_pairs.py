"""Pairs of waves: in time order, of one kind, comparable as the codebook states."""

import pytest

from helpers.data.catalog import list_waves
from helpers.data.codebook import read_codebook
from helpers.data.comparability import COMPARABLE, judge
from helpers.data.errors import InputError
from helpers.data.wave_pairs import compare_questions, find_earlier, list_comparable, order_waves
from helpers.data.waves import read_wave_file


def test_waves_come_in_time_order(checkout):
    assert order_waves("citizens", "2019", "2015", root=checkout) == ("2015", "2019")
    assert order_waves("citizens", "2015", "2019", root=checkout) == ("2015", "2019")


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("citizens", "2015", "2015"), "citizens/2015: compared with itself"),
        (("citizens", "2015", "2018"), "'2018' is not a wave of citizens; valid are 2015, 2019"),
        (("citizen", "2015", "2019"), "'citizen' is not a survey"),
        (("citizens", "demo", "2019"), "citizens/demo is fictional and citizens/2019 is recon"),
    ],
)
def test_pairs_that_are_refused(checkout, names, message):
    with pytest.raises(InputError, match=message):
        order_waves(*names, root=checkout)


def test_questions_of_either_wave_are_listed_once(checkout):
    codebook = read_codebook("citizens", root=checkout)
    files = [read_wave_file("citizens", wave, root=checkout) for wave in ("2015", "2019")]
    table = compare_questions(codebook, *files).set_index("question")
    held = [set(file.questions) for file in files]
    assert set(table.index[table["held"] == "both"]) == held[0] & held[1]
    assert set(table.index[table["held"] == "first"]) == held[0] - held[1]
    assert set(table.index[table["held"] == "second"]) == held[1] - held[0]
    assert set(table.loc[table["held"] != "both", "verdict"]) == {""}
    stated = table.loc["fragility_importance"]
    assert (stated["verdict"], stated["reason"][:10]) == ("near", "Same items")


@pytest.mark.parametrize(
    ("wave", "reason"),
    [
        ("2016", "The collection holds no wave of mayors before 2016."),
        ("2024", "2024 shares no question with an earlier wave (2016)."),
        ("demo", "The collection holds no fictional wave of mayors before demo."),
    ],
)
def test_waves_with_nothing_earlier_say_why(checkout, wave, reason):
    earlier = find_earlier("mayors", wave, root=checkout)
    assert (earlier.name, earlier.reason) == ("", reason)


def test_pairs_that_may_be_compared_are_those_of_the_codebook(checkout):
    codebook = read_codebook("citizens", root=checkout)
    files = {wave: set(read_wave_file("citizens", wave, root=checkout).questions)
             for wave in list_waves("citizens", root=checkout)}  # fmt: skip
    pairs = list_comparable("citizens", root=checkout)
    assert len(pairs) > 0
    for pair in pairs.itertuples():
        shared = files[pair.first] & files[pair.second]
        verdicts = [judge(codebook, name, pair.first, pair.second).verdict for name in shared]
        assert pair.questions == sum(verdict in COMPARABLE for verdict in verdicts)
