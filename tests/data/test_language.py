"""Messages and numbers in the language in use."""

import pytest
from babel.numbers import format_decimal, format_percent
from hypothesis import given
from hypothesis import strategies as st

from helpers.data import language
from helpers.data.errors import InputError
from helpers.data.language import (
    LANGUAGES,
    get_language,
    join_clauses,
    ntr,
    set_language,
    space_words,
    tr,
    use_language,
    write_list,
    write_number,
    write_options,
    write_percent,
)


@pytest.fixture
def catalogue(tmp_path, monkeypatch):
    """A catalogue with one plain, one plural and one empty message."""
    path = tmp_path / "fr" / "small.po"
    path.parent.mkdir()
    path.write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "A {colour} cat"\nmsgstr "Un chat {colour}"\n\n'
        'msgid "{count} cat"\nmsgid_plural "{count} cats"\n'
        'msgstr[0] "{count} chat"\nmsgstr[1] "{count} chats"\n\n'
        'msgid "Nobody translated this"\nmsgstr ""\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(language, "find_catalogues", lambda lang: [path])
    language._read_catalogues.cache_clear()
    yield
    language._read_catalogues.cache_clear()


def test_english_is_the_source(catalogue):
    assert tr("A {colour} cat", colour="black") == "A black cat"
    assert [ntr("{count} cat", "{count} cats", n) for n in (0, 1, 2)] == [
        "0 cats", "1 cat", "2 cats",
    ]  # fmt: skip


def test_french_comes_from_the_catalogue(catalogue):
    with use_language("fr"):
        assert tr("A {colour} cat", colour="noir") == "Un chat noir"
        assert [ntr("{count} cat", "{count} cats", n) for n in (0, 1, 2, 1200)] == [
            "0 chat", "1 chat", "2 chats", "1\u202f200 chats",
        ]  # fmt: skip


def test_without_a_translation_the_english_stays(catalogue):
    with use_language("fr"):
        assert tr("Nobody translated this") == "Nobody translated this"
        assert tr("Not even known {x}", x=1) == "Not even known 1"


def test_braces_stay_without_values(catalogue):
    assert tr("a set {1, 2}") == "a set {1, 2}"
    assert tr("{text}", text="{colour}") == "{colour}"


def test_language_is_restored_after_an_error():
    with pytest.raises(RuntimeError), use_language("fr"):
        raise RuntimeError
    assert get_language() == "en"


def test_unknown_language_is_refused():
    with pytest.raises(InputError, match="lang: 'de' is not a language here; valid are en, fr"):
        set_language("de")
    assert get_language() == "en"


@pytest.mark.parametrize("lang", LANGUAGES)
@given(value=st.integers(-(10**9), 10**9))
def test_whole_numbers_are_those_of_cldr(lang, value):
    with use_language(lang):
        assert write_number(value) == format_decimal(value, locale=lang)


@pytest.mark.parametrize("lang", LANGUAGES)
@given(share=st.integers(0, 1000))
def test_percentages_are_those_of_cldr(lang, share):
    with use_language(lang):
        expected = format_percent(share / 100, locale=lang).replace("\xa0%", "\u202f%")
        assert write_percent(share / 100) == expected


def test_decimals_and_signs():
    assert write_number(1204.55, 1) == "1,204.5"
    assert write_number(3, 1, signed=True) == "+3.0"
    with use_language("fr"):
        assert write_number(-1204.5, 1) == "-1\u202f204,5"
        assert write_percent(0.375, 1) == "37,5\u202f%"


def test_lists():
    assert [write_list(list(names)) for names in ("", "a", "ab", "abc")] == [
        "", "a", "a and b", "a, b and c",
    ]  # fmt: skip
    with use_language("fr"):
        assert write_list(["a", "b", "c"]) == "a, b et c"


def test_digits_leave_out_final_zeros():
    assert [language.write_digits(value) for value in (0.1026, 1.5, 1204.0, 0.00002, 100)] == [
        "0.103", "1.5", "1,200", "0.00002", "100",
    ]  # fmt: skip
    assert language.write_digits(240540.5, 7) == "240,540.5"
    with use_language("fr"):
        assert language.write_digits(1.594) == "1,59"


def test_options_and_clauses_in_each_language():
    assert write_options(["a", "b", "c"]) == "a, b or c"
    assert join_clauses(["a", "b"]) == "a; b"
    with use_language("fr"):
        assert write_options(["a", "b"]) == "a ou b"
        assert write_options(["a"]) == "a"
        assert join_clauses(["a", "b"]) == "a\u202f; b"


@pytest.mark.parametrize(
    ("text", "spaced"),
    [
        ("Plus de 2 000 : combien ?", "Plus de 2\u202f000\u00a0: combien\u202f?"),
        ("oui ; non", "oui\u202f; non"),
        ("(n = 5 %)", "(n = 5\u202f%)"),
        ("de 18 à 24 ans", "de 18 à 24 ans"),
        ("2015 2016", "2015 2016"),
    ],
)
def test_french_labels_do_not_break_before_signs(text, spaced):
    assert space_words(text) == text
    with use_language("fr"):
        assert space_words(text) == spaced


def test_texts_are_those_of_the_collection_at_hand(tmp_path, monkeypatch):
    """A process that spoke French elsewhere does not keep the texts of that place."""
    title = "Do mayors see co-construction emerging?"
    with use_language("fr"):
        known = tr(title)
        assert known != title
    for folder in ("data", "notebooks"):
        (tmp_path / folder).mkdir()
    monkeypatch.setenv("STUDIES_HOME", str(tmp_path))
    with use_language("fr"):
        assert tr(title) == title
    monkeypatch.undo()
    with use_language("fr"):
        assert tr(title) == known
