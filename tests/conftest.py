"""Copies of the collection that a test may change, and tiny studies to run on them."""

import shutil
from pathlib import Path

import nbformat
import pandas as pd
import pytest

CHECKOUT = Path(__file__).resolve().parents[1]


class Collection:
    """A folder laid out like the repository, with a few verbs to damage it."""

    def __init__(self, root: Path):
        self.root = root

    def path(self, name: str) -> Path:
        return self.root / name

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace one passage, which must be there exactly once."""
        text = self.path(name).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{name} holds {old!r} {text.count(old)} times"
        self.path(name).write_text(text.replace(old, new), encoding="utf-8")

    def edit_rows(self, name: str, rows: dict, **values: str) -> None:
        """Set values in the rows of a CSV file where the columns of `rows` match."""
        table = pd.read_csv(self.path(name), dtype=str, keep_default_na=False)
        chosen = pd.Series(True, index=table.index)
        for column, value in rows.items():
            chosen &= table[column] == value
        assert chosen.any(), f"{name} has no row {rows}"
        table.loc[chosen, list(values)] = list(values.values())
        table.to_csv(self.path(name), index=False, lineterminator="\n")

    def write_study(
        self, name: str, *cells: str, parameters='wave = "2016"', surveys=("mayors",), **facts
    ):
        """Write a tiny study notebook: title, parameters, then the code cells given."""
        given = nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]})
        title = nbformat.v4.new_markdown_cell(f"# The title of {name}")
        notebook = nbformat.v4.new_notebook(
            cells=[title, given, *map(nbformat.v4.new_code_cell, cells)],
            metadata={
                "study": {"question": f"What of {name}?", "surveys": list(surveys), **facts},
                "kernelspec": {"name": "python3", "display_name": "Python 3"},
                "language_info": {"name": "python"},
            },
        )
        nbformat.write(notebook, self.path(f"notebooks/{name}.ipynb"))

    def list_reports(self) -> list[str]:
        """Every file under reports/, partial ones too, but for the lock and what runs keep."""
        reports = self.path("reports")
        files = (path for path in reports.rglob("*") if path.is_file())
        names = sorted(path.relative_to(reports).as_posix() for path in files)
        return [name for name in names if name != ".lock" and not name.startswith("runs/")]


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The repository itself: to be read, never written."""
    return CHECKOUT


@pytest.fixture
def collection(tmp_path, monkeypatch) -> Collection:
    """A collection of its own: data copied, boundaries linked, no study yet."""
    root = tmp_path / "collection"
    shutil.copytree(CHECKOUT / "data", root / "data")
    shutil.copy(CHECKOUT / "CITATION.cff", root)
    (root / "shapefiles").symlink_to(CHECKOUT / "shapefiles", target_is_directory=True)
    (root / "notebooks").mkdir()
    monkeypatch.setenv("STUDIES_HOME", str(root))
    # Papermill changes the folder while it runs; runs at once may not change it back.
    monkeypatch.chdir(Path.cwd())
    return Collection(root)
