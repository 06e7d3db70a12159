"""A page is cited by author, year, title, wave, kind of data and version, in its language."""

from datetime import date

import pytest

from helpers.data.errors import InputError
from helpers.data.language import use_language
from helpers.run.citation import Author, Collection, Page, cite_page, read_collection, write_bibtex

PAGE = Page(
    name="02-mayor-survey.en", title="Do mayors see it?", wave="2016", kinds=["RECONSTRUCTED"],
    surveys=["PHARE 2016 (Comisis)"], code="0.1.0, commit 0123456789ab", made=date(2026, 11, 25),
)  # fmt: skip
COLLECTION = Collection(title="Studies & more", version="0.1.0", authors=[{"name": "The authors"}])


def test_citation_in_english_and_french():
    assert cite_page(PAGE, COLLECTION) == (
        "The authors (2026). Do mayors see it?, wave 2016 [RECONSTRUCTED]. In: Studies & more, "
        "version 0.1.0, commit 0123456789ab. Run on 25 November 2026. Survey: PHARE 2016 (Comisis)."
    )
    with use_language("fr"):
        text = cite_page(PAGE, COLLECTION)
    assert ", vague 2016 [RECONSTRUCTED]. " in text
    assert "Exécuté le 25 novembre 2026. Enquête\u00a0: PHARE 2016" in text


def test_bibtex_is_what_tex_reads():
    page = Page("05--région=53.fr", r"50 % of \x_{a} & #1", "", [], [], "1", date(2026, 1, 2))
    text = write_bibtex(page, COLLECTION)
    assert text.splitlines()[0] == "@misc{05--r-gion-53-2026,"
    assert r"title = {50 \% of \textbackslash{}x\_\{a\} \& \#1}," in text
    assert r"howpublished = {Studies \& more, version 1}," in text
    assert "author = {{The authors}}," in text
    assert text.count("{") == text.count("}")
    assert "doi" not in text


def test_people_and_addresses():
    person = Author.model_validate({"given-names": "Ada", "family-names": "Lovelace"})
    both = COLLECTION.model_copy(update={"authors": [person, Author(name="IGN")], "doi": "10.1/x"})
    assert cite_page(PAGE, both).startswith("Ada Lovelace and IGN (2026). ")
    assert "https://doi.org/10.1/x. " in cite_page(PAGE, both)
    assert "author = {{Ada Lovelace} and {IGN}}," in write_bibtex(PAGE, both)


def test_collection_is_read_from_its_file(collection):
    assert read_collection(root=collection.root).title == "Territorial survey studies"
    collection.edit("CITATION.cff", "title: Territorial survey studies\n", "")
    with pytest.raises(InputError, match="CITATION.cff: line 1: title: Field required"):
        read_collection(root=collection.root)
