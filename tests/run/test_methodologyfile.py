"""What a researcher states of a wave goes from `methodology.yaml` into the wave."""

import pytest

from helpers.data.codebook import Wording
from helpers.data.errors import InputError
from helpers.data.methodology import Methodology
from helpers.data.waves import read_wave_file
from helpers.run.intake import propose, take_in
from helpers.run.methodology import list_empty_items
from helpers.run.methodologyfile import read_methodology, write_template


def receive(desk, **more):
    path = desk.write()
    mapping = desk.wave / "mapping.yaml"
    if not mapping.exists():
        propose(path, "small", "2027", root=desk.root)
    take_in(path, "small", "2027", mapping, root=desk.root, **more)
    return read_wave_file("small", "2027", root=desk.root)


def test_template_asks_for_every_field_and_states_nothing(desk):
    desk.wave.mkdir()
    path = write_template(desk.wave, root=desk.root)
    assert read_methodology("small", "2027", root=desk.root) == Methodology()
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line[:-1] for line in lines if line.endswith(":") and not line.startswith("#")] == [
        "sponsor", "funder", "objective", "population", "frame", "selection", "incentives",
        "languages", "participation", "questionnaire", "processing", "limits", "contact",
    ]  # fmt: skip
    assert set(Methodology.model_fields) == {line[:-1] for line in lines if line.endswith(":")}
    assert "# Incentives (AAPOR III.A.5; Law 77-808 art. 3, 6°)" in lines


def test_template_never_overwrites_what_was_stated(desk):
    propose(desk.write(), "small", "2027", root=desk.root)
    path = desk.wave / "methodology.yaml"
    path.write_text("sponsor: Us\n", encoding="utf-8")
    write_template(desk.wave, root=desk.root)
    assert path.read_text(encoding="utf-8") == "sponsor: Us\n"


def test_statements_go_into_the_wave_and_survive_a_replacement(desk):
    file = receive(desk)
    assert file.methodology == Methodology()
    assert "sponsor" in list_empty_items("small", "2027", root=desk.root)
    text = 'sponsor: "Us"\nincentives: {en: "none", fr: "aucune"}\nfunder:\n'
    (desk.wave / "methodology.yaml").write_text(text, encoding="utf-8")
    file = receive(desk, replace=True)
    assert file.methodology.sponsor == Wording(en="Us", fr="Us")
    assert file.methodology.incentives.fr == "aucune"
    empty = list_empty_items("small", "2027", root=desk.root)
    assert "sponsor" not in empty
    assert {"funder", "frame"} <= set(empty)
    (desk.wave / "methodology.yaml").unlink()
    assert receive(desk, replace=True).methodology.sponsor.en == "Us"


def test_a_mistake_is_named_and_nothing_is_written(desk):
    propose(desk.write(), "small", "2027", root=desk.root)
    (desk.wave / "methodology.yaml").write_text("sponsor: Us\nsponsors: Us\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"2027/methodology.yaml: line 2: sponsors: "):
        receive(desk)
    assert not (desk.wave / "wave.yaml").exists()
