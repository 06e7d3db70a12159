"""Every study run in French: no English sentence on its page, which stays one small file."""

import pytest

from helpers.data.catalog import read_studies
from helpers.data.root import find_root
from helpers.run.plans import plan_runs
from helpers.run.runs import write_pages
from tests.wording import find_foreign

WAVES = {"01": "demo", "02": "demo", "03": "2015", "04": "demo", "05": "2015"}
RUNS = [
    run
    for study in read_studies()["study"]
    for run in plan_runs([study])
    if run.lang == "fr" and run.wave == WAVES.get(study[:2], "")
]
LIMIT = 3_000_000  # bytes


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """All pages, made as `studies run` makes them."""
    root = tmp_path_factory.mktemp("collection")
    for name in ("data", "notebooks", "shapefiles", "CITATION.cff"):
        (root / name).symlink_to(find_root() / name)
    result = write_pages(RUNS, root=root)
    assert [str(failure) for failure in result.failures] == []
    return root / "reports"


@pytest.mark.parametrize("run", RUNS, ids=str)
def test_french_page(run, reports):
    html = (reports / run.page).read_text(encoding="utf-8")
    assert html.count('<html lang="fr">') == 1
    assert find_foreign(html) == []
    assert len(html.encode()) < LIMIT


def test_french_index(reports):
    assert find_foreign((reports / "index.fr.html").read_text(encoding="utf-8")) == []
