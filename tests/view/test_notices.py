"""The notice of a wave says what is known and names what is not."""

import pytest

from helpers.data.language import use_language
from helpers.data.responses import read_wave
from helpers.view.notices import build_notice, describe_wanting


def notice(checkout, survey, wave):
    read = read_wave(survey, wave, root=checkout)
    return {statement.item.id: statement for statement in build_notice(read, root=checkout)}, read


def test_published_facts_are_there_and_the_rest_is_wanting(checkout):
    told, wave = notice(checkout, "mayors", "2024")
    assert told["producer"].texts == ["Comisis, OpinionWay"]
    assert told["dates"].texts == ["30 September to 28 October 2024"]
    assert told["sample_size"].texts == ["302, as published"]
    wanting = {name for name, statement in told.items() if not statement.texts}
    assert {"funder", "incentives", "contact", "participation", "nonresponse"} <= wanting
    assert describe_wanting(wave) == "not stated by the producer"


def test_margin_of_error_is_that_of_the_weights(checkout):
    """4 p q / n_eff by hand: mayors 2016 have nearly equal weights, so about 1.96 / (2 sqrt n)."""
    told, wave = notice(checkout, "mayors", "2016")
    weights = wave.respondents["weight"]
    n_eff = weights.sum() ** 2 / (weights**2).sum()
    margin = 100 * 1.959964 / (2 * n_eff**0.5)
    assert f"at most {margin:.1f} points" in told["precision"].texts[0]
    assert "synthetic respondents" in told["precision"].texts[0]


def test_an_assumed_size_says_on_what_grounds(checkout):
    told, wave = notice(checkout, "companies", "2015")
    assert told["sample_size"].texts == [f"1,300, assumed. {wave.file.n_note.en}"]


def test_backers_are_no_commissioner(checkout):
    told, _ = notice(checkout, "citizens", "2019")
    assert told["sponsor"].texts[0].startswith("backers named by the source: Caisse des Dépôts, ")
    assert not told["sponsor"].stated


def test_paraphrased_questions_are_no_exact_wording(checkout):
    told, wave = notice(checkout, "mayors", "2016")
    exact = [wave.codebook.variable(name).wording for name in wave.file.questions]
    assert f"known of {exact.count('published')} of {len(exact)}" in told["questions"].texts[0]
    assert told["questions"].stated == (exact.count("published") == len(exact))


def test_fictional_respondents_need_no_notice_but_have_one(checkout):
    told, wave = notice(checkout, "mayors", "demo")
    assert told["dates"].texts == ["never fielded"]
    assert not told["nonresponse"].texts
    assert describe_wanting(wave) == "does not apply: fictional data"


@pytest.mark.parametrize("pair", [("mayors", "2024"), ("associations", "2015")])
def test_the_notice_is_french_in_french(checkout, pair):
    english, _ = notice(checkout, *pair)
    with use_language("fr"):
        french, wave = notice(checkout, *pair)
        assert describe_wanting(wave) == "non précisé par le producteur"
    names = ("producer", "dates")  # names and a year are the same in both
    for name, statement in french.items():
        assert len(statement.texts) == len(english[name].texts)
        if statement.texts and name not in names:
            assert statement.texts != english[name].texts, name
