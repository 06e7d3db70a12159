"""What the core of the view shows in French holds no message in English."""

import re

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from babel.messages.pofile import read_po
from matplotlib.text import Text

from helpers.data.language import CATALOGUES, use_language
from helpers.data.published import read_readings
from helpers.data.regions import read_regions
from helpers.data.responses import read_wave
from helpers.stats.audits import run_audits
from helpers.stats.diagnostics import compare_margins, describe_weights
from helpers.stats.ledger import build_ledger, check_ledger
from helpers.stats.results import Rule, estimate_question
from helpers.stats.statuses import summarise_statuses
from helpers.view import (
    charts,
    downloads,
    maps,
    partnership_sentences,
    sentences,
    tables,
    weight_charts,
)
from helpers.view import evaluation_sentences as evaluating
from helpers.view.readings import tabulate_readings

SHORTEST = 8  # letters of a piece of a message that is looked for


@pytest.fixture(autouse=True)
def _french():
    with use_language("fr"):
        yield
    plt.close("all")


def find_pieces() -> set[str]:
    """Fixed pieces of all English messages of statistics and view that are no French as well."""
    english, french = set(), ""
    for path in [
        *(CATALOGUES / "fr" / "view").glob("*.po"),
        *(CATALOGUES / "fr" / "stats").glob("*.po"),
    ]:
        with path.open("rb") as file:
            entries = [entry for entry in read_po(file, locale="fr") if entry.id]
        for entry in entries:
            ids = [entry.id] if isinstance(entry.id, str) else entry.id
            words = [entry.string] if isinstance(entry.string, str) else entry.string
            french += "\n".join(words) + "\n"
            english |= {piece for text in ids for piece in re.split(r"\{\w+\}", text)}
    pieces = {piece.strip(" .,;:()-*") for piece in english}
    return {piece for piece in pieces if len(piece) >= SHORTEST and piece not in french}


def check(text: str) -> None:
    text = re.sub(r"data/\S+", "", text)  # names of files are in one language
    found = [p for p in find_pieces() if re.search(rf"(?<!\w){re.escape(p)}(?!\w)", text)]
    assert found == []


def read(*shown) -> str:
    """Words of tables, without their style."""
    pages = [table.as_raw_html() for table in shown]
    bare = [re.sub(r"<style.*?</style>", "", page, flags=re.DOTALL) for page in pages]
    return "\n".join(re.sub(r"<[^>]+>", "\n", page) for page in bare)


def words(ax) -> str:
    ax.figure.canvas.draw()
    return "\n".join(text.get_text() for text in ax.figure.findobj(Text))


def test_the_check_sees_english():
    assert "withheld as too uncertain" in find_pieces()
    with pytest.raises(AssertionError):
        check("2 withheld as too uncertain.")
    check("2 valeurs non diffusées")


@pytest.mark.parametrize("wave", ["2015", "demo"])
def test_tables(wave):
    waves = read_wave("companies", wave), read_wave("associations", wave)
    rule, (companies, _) = Rule(), waves
    regional = estimate_question(companies, "has_partnership", by="region", rule=rule)
    ledger = build_ledger(waves, studies=["phare_companies"], years=[wave])
    weights = [describe_weights(w.respondents, weight=w.design.weight).assign(survey=w.survey)
               for w in waves]  # fmt: skip
    shown = [
        tables.show_estimates(
            regional, companies, title="t", note=rule.describe(companies.provenance)
        ),
        tables.show_estimates(
            estimate_question(companies, "partnership_type"), companies, title="t", questions=True
        ),
        tables.show_split(regional, companies),
        tables.show_ledger(ledger, *waves),
        tables.show_statuses(summarise_statuses(*waves), *waves),
        tables.show_audits(run_audits(["phare_companies"], years=[wave])),
        tables.show_checks(*waves),
        tables.show_weights(pd.concat(weights)[["survey", *weights[0].columns.drop("survey")]]),
        tables.show_measure(*waves, questions=companies.codebook.question_ids),
        tables.show_assumptions(*waves),
    ]
    check(read(*shown))
    check(sentences.show_text(check_ledger(ledger)).data)


def test_table_of_margins():
    mayors = read_wave("mayors", "demo")
    file = mayors.file.model_copy(update={"margins": ["commune_size"]})
    check(read(tables.show_weighting(type(mayors)(mayors.codebook, file, mayors.respondents))))


@pytest.mark.parametrize("wave", ["2015", "demo"])
def test_figures_and_sentences(wave):
    companies = read_wave("companies", wave)
    regional = estimate_question(companies, "has_partnership", by="region")
    regional = regional[regional["answer"] == "yes"]
    whole = estimate_question(companies, "has_partnership")
    readings = read_readings("companies", wave).query("question == 'has_partnership'")
    names = companies.codebook.variable("region").labels()
    layout = {"breaks": maps.find_breaks(regional), "title": "t", "readings": readings}
    check(words(maps.draw_map(read_regions("zones-2015"), regional, **layout)))
    row = sentences.pick(whole, "yes")
    check(words(charts.draw_domains(regional, names, title="t", whole=row)))
    statuses = summarise_statuses(companies)
    check(words(charts.draw_statuses(statuses, title="t")))
    check(sentences.describe_statuses(statuses))
    check(sentences.describe_domains(regional, names, "region", readings))
    check(partnership_sentences.describe_partnerships("companies", whole, regional, names))
    check(partnership_sentences.write_map_title("companies", whole))
    frame = downloads.write_csv(regional, companies)
    check("\n".join(line.partition(",")[0] for line in frame.splitlines()[1:]))
    check(downloads.write_link(frame, "x.csv"))


def test_evaluation():
    wave = read_wave("evaluation", "2015")
    readings, codebook = read_readings("evaluation", "2015"), wave.codebook
    sides = {"associations": "Associations", "companies": "Entreprises"}
    table = estimate_question(wave, "evaluates_partnerships", by="actor").query("answer == 'yes'")
    labels = {"evaluates_partnerships": codebook.variable("evaluates_partnerships").label.text}
    options = {"sides": sides, "key": "question", "readings": readings}
    check(words(charts.draw_actors(table, labels, title="t", **options)))
    check(sentences.describe_actors(table, labels, **options))
    check("\n".join(evaluating.describe_evaluating(table)))
    society = estimate_question(wave, "impacts_on_society")
    item = codebook.variable("impacts_on_society")
    check(words(charts.draw_shares(society, item.labels(), title="t", readings=readings)))
    check(sentences.describe_shares(society, item.labels(), readings=readings))
    useful = estimate_question(wave, "evaluation_usefulness", by="actor")
    check(evaluating.describe_leaders(useful, codebook, sides))
    check(read(tables.show_frame(tabulate_readings(wave), title="t")))


def test_weights():
    mayors = read_wave("mayors", "demo")
    check(
        words(
            weight_charts.draw_weights(mayors.respondents, weight=mayors.design.weight, title="t")
        )
    )
    people = pd.DataFrame({"size": ["a", "a", "b"], "weight": [1.0, 1.0, 1.5]})
    margins = compare_margins(people, {"size": pd.Series({"a": 2.0, "b": 2.0})}, weight="weight")
    check(words(weight_charts.draw_margins(margins, title="t")))
