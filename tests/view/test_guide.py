"""What the guide lists, in both languages."""

import pandas as pd

from helpers.data.language import use_language
from helpers.data.published import read_figures, read_programme
from helpers.view import guide

WAVES = pd.DataFrame(
    [("mayors", "2016", "reconstructed", 1304, "published", "2016", "Comisis")],
    columns=["survey", "wave", "provenance", "respondents", "n_status", "fielded", "producer"],
)


def test_waves():
    [row] = guide.tabulate_waves(WAVES).to_dict("records")
    assert row == {
        "Survey": "mayors", "Wave": "2016", "Provenance": "reconstructed",
        "Respondents": "1,304", "Sample size": "published", "Fielded": "2016",
    }  # fmt: skip


def test_waves_in_french():
    with use_language("fr"):
        [row] = guide.tabulate_waves(WAVES).to_dict("records")
    assert row == {
        "Enquête": "maires", "Vague": "2016", "Provenance": "reconstitué",
        "Répondants": "1\u202f304", "Taille d'échantillon": "publié", "Terrain": "2016",
    }  # fmt: skip


def test_programme_keeps_sources_and_adds_addresses_when_asked():
    programme = read_programme()
    assert "Address" not in guide.tabulate_programme(programme)
    table = guide.tabulate_programme(programme, links=True)
    assert table["Address"].str.startswith("https://").all()
    assert table["Source"].tolist() == programme["source"].tolist()


def test_figures_of_the_programme_as_printed():
    figures = read_figures().query("figure == ['F239', 'F245', 'F256']")
    table = guide.tabulate_programme_figures(figures)
    assert table["What"].tolist() == [
        "years of applied research", "annual budget", "inspiring examples",
    ]  # fmt: skip
    assert table["Value"].tolist() == ["10", "1.5", "1,000"]
    with use_language("fr"):
        table = guide.tabulate_programme_figures(figures)
    assert table["Objet"].tolist() == [
        "années de recherche appliquée", "budget annuel", "exemples inspirants",
    ]  # fmt: skip
    assert table["Valeur"].tolist() == ["10", "1,5", "1\u202f000"]
