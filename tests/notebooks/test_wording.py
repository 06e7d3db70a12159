"""English pages hold no French sentence; short pages show that the check works."""

import nbformat
import pytest

from helpers.data.catalog import read_studies
from helpers.data.root import find_root
from helpers.run.plans import plan_runs
from helpers.run.site import render_page
from tests.wording import find_foreign

STUDIES = read_studies()["study"].tolist()
PAGE = '<html lang="{lang}"><body><p>{text}</p>{more}</body></html>'


@pytest.mark.parametrize("study", STUDIES)
def test_english_page(study):
    run = next(run for run in plan_runs([study]) if run.lang in ("", "en"))
    notebook = nbformat.read(find_root() / "notebooks" / f"{study}.ipynb", as_version=4)
    assert find_foreign(render_page(notebook, run)) == []


@pytest.mark.parametrize(
    ("lang", "text", "more", "expected"),
    [
        ("en", "Ce sont les maires qui le disent.", "", 1),
        ("fr", "No region differs from the rest.", "", 1),
        ("fr", "Aucune région ne diffère du reste.", "", 0),
        ("en", "No region differs from the rest.", "", 0),
        ("en", "Share in Pays de la Loire and Grand Est", "", 0),
        ("fr", "Oui.", '<img alt="Map of the regions">', 1),
        ("fr", "Oui.", '<p lang="en">Map of the regions</p>', 0),
        ("fr", "Oui.", "<pre>this is what the program said</pre>", 0),
        ("fr", "Oui.", "<table><tr><td><span>with care</span></td></tr></table>", 1),
        ("fr", "Oui.", "<svg><text>higher than the rest</text></svg>", 1),
        ("en", "Printed as a lower bound (“plus de 70 %”)", "", 0),
    ],
)
def test_what_is_found(lang, text, more, expected):
    assert len(find_foreign(PAGE.format(lang=lang, text=text, more=more))) == expected
