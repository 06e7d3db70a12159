"""A real wave is not published while its notice wants an item."""

import pytest

from helpers.data.disclosure import read_disclosure
from helpers.run.methodology import check_methodology, list_empty_items
from helpers.run.publish import publish_wave
from helpers.run.release import Release
from helpers.view.provenance import WORDS

WAVE = "data/surveys/mayors/2016/wave.yaml"
SECTION = {
    "sponsor": "The ministry, which also drew the frame", "funder": "The same",
    "objective": "To know", "frame": "The register", "selection": "At random",
    "incentives": "none", "languages": "French", "participation": "41 % (RR1)",
    "questionnaire": "On the site", "processing": "Calls back", "contact": "Write to us",
}  # fmt: skip


@pytest.fixture
def real(collection):
    """The mayors of 2016 as if they were real: other ids, no recipe, nothing told yet."""
    import pandas as pd

    path = collection.path("data/surveys/mayors/2016/responses.parquet")
    respondents = pd.read_parquet(path)
    respondents["respondent"] = "x" + respondents["respondent"]
    respondents.to_parquet(path)
    text = collection.path(WAVE).read_text(encoding="utf-8")
    text = text[: text.index("reconstruction:")].replace(
        "provenance: reconstructed", "provenance: real"
    )
    collection.path(WAVE).write_text(text, encoding="utf-8")
    return collection


def fill(collection, **given):
    lines = "".join(f"  {name}: {words}\n" for name, words in given.items())
    text = collection.path(WAVE).read_text(encoding="utf-8").partition("methodology:")[0]
    text = text.replace(
        "    en: not published\n    fr: non publié\n", "    en: telephone\n    fr: téléphone\n"
    )
    collection.path(WAVE).write_text(f"{text}methodology:\n{lines}", encoding="utf-8")


def check(collection):
    return check_methodology(Release("2016", collection.root, collection.root))


def test_every_empty_item_is_a_finding(real):
    empty = list_empty_items("mayors", "2016", root=real.root)
    assert {"sponsor", "funder", "mode", "contact", "incentives"} <= set(empty)
    assert not {"producer", "dates", "precision", "nonresponse"} & set(empty)
    findings = check(real)
    labels = {item.id: item.label.en for item in read_disclosure(root=real.root).items}
    assert [finding.what.partition(" is not ")[0] for finding in findings] == [
        labels[name] for name in empty
    ]
    assert {finding.place for finding in findings} == {WAVE}
    assert any("give it under methodology.incentives" in finding.what for finding in findings)


def test_a_whole_notice_passes(real):
    fill(real, **SECTION)
    assert list_empty_items("mayors", "2016", root=real.root) == []
    assert check(real) == []


@pytest.mark.parametrize("name", SECTION)
def test_each_item_left_out_refuses(real, name):
    fill(real, **{item: words for item, words in SECTION.items() if item != name})
    wanted = {"questionnaire": "questions"}.get(name, name)  # the codebook holds paraphrases
    items = {item.id: item.label.en for item in read_disclosure(root=real.root).items}
    assert [finding.what.partition(" is not ")[0] for finding in check(real)] == [items[wanted]]


def test_synthetic_waves_are_not_held_to_it(collection):
    assert check(collection) == []
    assert list_empty_items("mayors", "2016", root=collection.root)


def test_publication_is_refused_and_the_log_says_why(real):
    page = real.path("reports/2016/02-mayors.html")
    page.parent.mkdir(parents=True)
    page.write_text(f"<p>{WORDS['real']}</p>", encoding="utf-8")
    result = publish_wave("2016", root=real.root)
    assert not result.published
    assert result.findings["check_methodology"] == check(real)
    assert not real.path("published/2016").exists()
    assert "Incentives is not stated" in real.path("published/log.txt").read_text(encoding="utf-8")
    fill(real, **SECTION)
    assert publish_wave("2016", root=real.root).findings["check_methodology"] == []
