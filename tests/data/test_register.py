"""The register of data files: what changed since it was written is found."""

import pytest

from helpers.data.errors import InputError
from helpers.data.register import (
    COLUMNS,
    find_changed,
    read_register,
    select_register,
    update_register,
)

FRAME = "data/frames/population.csv"


def test_changed_file_is_found(collection):
    update_register()
    assert find_changed() == []
    with collection.path(FRAME).open("ab") as file:
        file.write(b"\n")
    assert find_changed() == [FRAME]


def test_missing_file_is_found(collection):
    update_register()
    collection.path(FRAME).unlink()
    assert find_changed() == [FRAME]


def test_update_leaves_no_part_behind_and_the_rest_untouched(collection):
    before = read_register().drop(columns="sha256")
    update_register()
    assert read_register().drop(columns="sha256").equals(before)
    assert read_register()["sha256"].str.fullmatch("[0-9a-f]{64}").all()
    assert list(collection.path("data").glob("*.part")) == []


def test_files_are_registered_once(checkout):
    register = read_register(root=checkout)
    assert register["file"].is_unique
    assert [file for file in register["file"] if not (checkout / file).is_file()] == []


def test_every_row_says_whose_it_is_and_under_which_licence(checkout):
    register = read_register(root=checkout).set_index("file").drop(columns="sha256")
    assert register.index[(register == "").any(axis=1)].tolist() == []


def test_selection_shows_short_checksums(checkout):
    shown = select_register(["data/frames", "shapefiles/zones"], root=checkout)
    assert shown["file"].str.startswith(("data/frames", "shapefiles/zones")).all()
    assert FRAME in set(shown["file"])
    assert shown["SHA-256"].str.len().max() == 12


def test_missing_register(collection):
    collection.path("data/register.csv").unlink()
    with pytest.raises(InputError, match="data/register.csv: no such file."):
        read_register()


@pytest.mark.parametrize("column", COLUMNS)
def test_missing_column(collection, column):
    path = collection.path("data/register.csv")
    head, rest = path.read_text(encoding="utf-8").split("\n", 1)
    names = ["x" if name == column else name for name in head.split(",")]
    path.write_text(",".join(names) + "\n" + rest, encoding="utf-8")
    with pytest.raises(
        InputError, match=f"data/register.csv: 1 columns missing: {column}; it has .*x"
    ):
        read_register()


def test_every_data_file_is_registered_and_unchanged(checkout):
    patterns = ["data/published/*", "data/frames/*", "data/surveys/*/*/responses.parquet",
                "shapefiles/**/*.gpkg", "shapefiles/**/*.shp", "shapefiles/*.csv"]  # fmt: skip
    paths = {path for pattern in patterns for path in checkout.glob(pattern)}
    found = {path.relative_to(checkout).as_posix() for path in paths if path.suffix != ".md"}
    assert sorted(found - set(read_register(root=checkout)["file"])) == []
    assert find_changed(root=checkout) == []
