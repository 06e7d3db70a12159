"""An intake raked to official margins, and the report it leaves, of a wave or of a refusal."""

import pandas as pd
import pytest

from helpers.data.errors import InputError
from helpers.data.frames import read_target
from helpers.data.waves import read_wave_file
from helpers.run.examination import find_report
from helpers.run.intake import propose, take_in

SIZE = "Taille de la commune"
IDS = [f"Xq7-{number}" for number in range(8)]


def receive(desk, *edits, **columns):
    """Propose, edit the mapping, take in."""
    path = desk.write(ID=IDS, **columns)
    target = propose(path, "small", "2027", root=desk.root).path
    text = target.read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    target.write_text(text, encoding="utf-8")
    return take_in(path, "small", "2027", target, root=desk.root)


def read_reports(desk) -> list[str]:
    page = find_report("small", "2027", root=desk.root)
    return [path.read_text(encoding="utf-8") for path in (page, page.with_suffix(".txt"))]


def test_margins_are_proposed_when_the_file_brings_no_weights(desk):
    draft = propose(desk.write(Poids=None), "small", "2027", root=desk.root)
    assert "margins: [commune_size]" in draft.path.read_text(encoding="utf-8")
    draft = propose(desk.write(), "small", "2028", root=desk.root)
    text = draft.path.read_text(encoding="utf-8")
    assert "margins: []" in text
    assert "This survey has: commune_size (Communes par taille; commune_size)." in text


def test_margins_give_two_weights_and_are_named(desk):
    receive(desk, ("margins: []", "margins: [commune_size]"))
    people = pd.read_parquet(desk.wave / "responses.parquet")
    assert list(people)[:3] == ["respondent", "base_weight", "weight"]
    assert people["base_weight"].tolist() == [1.5, 0.5, 1.0, 1.0, 1.25, 0.75, 1.0, 1.0]
    counts = read_target(desk.codebook, "commune_size", root=desk.root)
    sums = people.groupby("commune_size")["weight"].sum()
    assert sums.to_dict() == pytest.approx(counts.to_dict())
    # Two respondents of 500 to 1,999 inhabitants: base weights 0.5 and 1 stay one to two.
    assert people["weight"][6] / people["weight"][1] == pytest.approx(2)
    file = read_wave_file("small", "2027", root=desk.root)
    assert (file.margins, file.base_weight) == (["commune_size"], "base_weight")
    assert file.weighting.en.startswith("Raked from the weights of column weight to ")
    for report in read_reports(desk):
        assert "Weights beside the official counts" in report
        assert "Weights before and after" in report
        assert f"{counts['under_500']:,.0f}" in report


def test_file_without_weights_is_raked_from_equal_ones(desk):
    receive(desk, Poids=None)
    people = pd.read_parquet(desk.wave / "responses.parquet")
    assert people["base_weight"].eq(1).all()
    file = read_wave_file("small", "2027", root=desk.root)
    assert file.weighting.en.startswith("Raked from equal weights to ")


def test_margins_that_cannot_be_met_leave_no_wave(desk):
    sizes = ["Moins de 500", "500 à 1 999", "10 000 et plus", *["Moins de 500"] * 5]
    with pytest.raises(InputError) as error:
        receive(desk, ("margins: []", "margins: [commune_size]"), **{SIZE: sizes})
    message = str(error.value)
    assert message.startswith("received.csv: small: official margin commune_size ")
    assert "1 levels of the frame have no respondents (2000_9999: 4,409)" in message
    assert "\n" not in message
    assert desk.list_waves() == ["2027/mapping.yaml", "2027/methodology.yaml"]
    page, text = read_reports(desk)
    assert "1 error stops the intake" in page
    assert text.count("(weighting)") == 1


@pytest.mark.parametrize("refused", [False, True])
def test_report_is_written_either_way_and_names_nobody(desk, refused):
    if refused:
        with pytest.raises(InputError):
            receive(desk, Poids=["-1"] + ["1"] * 7)
    else:
        receive(desk)
    for report in read_reports(desk):
        assert ("1 error stops the intake" in report.lower()) == refused
        assert "Aimez-vous les partenariats ?" in report
        assert "Q1. Aimez-vous les partenariats ?" in report  # the wording of the codebook
        assert not any(name in report for name in IDS)
    assert ("2027/wave.yaml" in desk.list_waves()) != refused
