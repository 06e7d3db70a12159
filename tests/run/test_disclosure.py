"""The audit of a release: respondents planted anywhere, cells shown, withheld, or to be had."""

import base64
import gzip
import io
import json
from html import escape
from pathlib import Path
from urllib.parse import quote

import numpy as np
import openpyxl
import pandas as pd
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from helpers.data.responses import read_wave
from helpers.run.disclosure import audit_waves, check_disclosure
from helpers.run.publish import CHECKS
from helpers.run.release import Release
from helpers.stats.disclosure import CONFIDENTIAL, protect_wave
from helpers.stats.number_ids import build_ids
from helpers.stats.results import Rule, estimate_question
from helpers.view.live import LIVE, show_explorer
from helpers.view.tables import show_estimates

WAVE = """\
survey: mayors
wave: "2027"
provenance: real
title: {en: Mayors 2027, fr: Maires 2027}
fieldwork: {dates: in 2027, mode: web, producer: us}
n: 500
n_status: counted
design: {weight: weight, strata: [commune_size]}
weighting: none
domains: [region, commune_size]
questions: [territory_coconstruction_dynamic, partnerships_source_of_innovation]
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory, checkout):
    """A collection with a wave of mayors marked real; its respondents are those of the demo."""
    root = tmp_path_factory.mktemp("real")
    (root / "shapefiles").symlink_to(checkout / "shapefiles", target_is_directory=True)
    surveys = root / "data" / "surveys"
    (surveys / "mayors" / "2027").mkdir(parents=True)
    for name in ("domains.yaml", "mayors/codebook.yaml"):
        (surveys / name).write_bytes((checkout / "data/surveys" / name).read_bytes())
    (surveys / "mayors/2027/wave.yaml").write_text(WAVE, encoding="utf-8")
    codes = pd.read_parquet(checkout / "data/surveys/mayors/demo/responses.parquet")
    codes["respondent"] = codes["respondent"].str.replace("D", "m27-")
    codes["weight"] *= 1 + 0.0001 * (codes.index % 7) + 0.000001 * codes.index
    codes.to_parquet(surveys / "mayors/2027/responses.parquet")
    return root


@pytest.fixture(scope="module")
def mayors(home):
    return read_wave("mayors", "2027", root=home)


@pytest.fixture(scope="module")
def estimates(mayors):
    tables = [
        estimate_question(mayors, question, by=by, rule=Rule(reliability="none"))
        for question in [*mayors.file.domains, *mayors.file.questions]
        for by in (None, "region", "commune_size")
        if question != by
    ]
    return pd.concat(tables, ignore_index=True)


@pytest.fixture
def release(home, tmp_path):
    folder = tmp_path / "2027"
    folder.mkdir()
    (folder / "02-mayors.en.html").write_text("<p>37% of 500 mayors</p>", encoding="utf-8")
    return Release("2027", folder, home)


def write_csv(release, table, name="02-mayors.en.files/estimates.csv"):
    path = release.folder / name
    path.parent.mkdir(exist_ok=True)
    table = table.assign(id=build_ids(table)) if "survey" in table else table
    path.write_text(table.to_csv(index=False), encoding="utf-8-sig")


def tell(release):
    return [str(finding) for finding in check_disclosure(release)]


def pick_rows(mayors, count=3, **options):
    return mayors.respondents.iloc[100 : 100 + count].reset_index(drop=True)


def as_html(rows):
    return f"<p>Before</p>{rows.to_html(index=False)}<p>after</p>"


def as_alt(rows):
    words = escape(rows.to_csv(index=False), quote=True)
    return f'<img alt="{words}" src="data:image/png;base64,iVBORw0KGgo=">'


def as_link(rows):
    packed = base64.b64encode(rows.to_csv(index=False).encode()).decode()
    return f'<a href="data:text/csv;charset=utf-8;base64,{packed}">Download</a>'


def as_written_link(rows):
    return f'<a href="data:text/csv;charset=utf-8,{quote(rows.to_csv(index=False))}">Download</a>'


def as_packed(rows):
    packed = base64.b64encode(gzip.compress(rows.to_json(orient="records").encode())).decode()
    return f'<script>const table = atob("{packed}")</script>'


def as_data(rows):
    records = rows.astype(object).where(rows.notna(), None).to_dict("records")
    return f'<script type="application/json">{json.dumps({"data": records})}</script>'


def as_book_link(rows):
    file = io.BytesIO()
    rows.to_excel(file, index=False)
    packed = base64.b64encode(file.getvalue()).decode()
    return f'<a href="data:application/vnd.ms-excel;base64,{packed}">Download</a>'


@pytest.mark.parametrize(
    "plant", [as_html, as_alt, as_link, as_written_link, as_packed, as_data, as_book_link]
)
@pytest.mark.parametrize("kept", ["all", "no id", "one row"])
def test_respondents_planted_in_a_page_are_found(release, mayors, plant, kept):
    rows = pick_rows(mayors, count=1 if kept == "one row" else 30)
    if kept == "no id":
        rows = rows.drop(columns=["respondent", "weight"])
    page = release.folder / "02-mayors.en.html"
    page.write_text(f"<html>{plant(rows)}</html>", encoding="utf-8")
    lines = tell(release)
    assert lines
    assert all(line.startswith("02-mayors.en.html: ") for line in lines)
    assert not any(mayors.respondents["respondent"].iloc[100] in line for line in lines)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_respondents_written_in_labels_are_found(release, mayors, lang):
    rows = pick_rows(mayors, count=30)[[*mayors.file.domains, *mayors.file.questions]]
    for name in rows:
        rows[name] = rows[name].astype(object).map(mayors.codebook.variable(name).labels(lang))
    (release.folder / "02-mayors.en.html").write_text(as_html(rows), encoding="utf-8")
    assert "answers of respondents in the order of the file" in tell(release)[0]


def test_respondents_in_the_codes_of_the_file_are_found(release, mayors, home):
    codes = pd.read_parquet(home / "data/surveys/mayors/2027/responses.parquet")
    rows = codes.iloc[100:130].drop(columns=["respondent", "weight"])
    (release.folder / "02-mayors.en.html").write_text(as_link(rows), encoding="utf-8")
    assert "data: link" in tell(release)[0]


def test_a_column_in_the_order_of_the_file_is_found(release, mayors):
    column = mayors.respondents["region"].astype(str).tolist()
    (release.folder / "02-mayors.en.html").write_text(json.dumps(column), encoding="utf-8")
    assert tell(release)


def test_weights_in_any_order_are_found(release, mayors):
    weights = sorted(mayors.respondents["weight"])[:40]
    (release.folder / "02-mayors.en.html").write_text(json.dumps(weights), encoding="utf-8")
    (line,) = tell(release)
    assert line.startswith("02-mayors.en.html: weights of respondents (")


def test_respondents_in_files_beside_the_page_are_found(release, mayors):
    rows = pick_rows(mayors)
    files = release.folder / "02-mayors.en.files"
    files.mkdir()
    rows.to_excel(files / "book.xlsx", index=False, sheet_name="Notes")
    rows.to_parquet(files / "rows.parquet")
    (files / "map.svg").write_text(f"<svg><text>{rows.iloc[0, 0]}</text></svg>", encoding="utf-8")
    found = "\n".join(tell(release))
    for name in (
        "book.xlsx: ids of respondents (3) found (sheet Notes)",
        "rows.parquet",
        "map.svg",
    ):
        assert name in found


def test_estimates_are_no_respondents(release, mayors, estimates):
    write_csv(release, estimates)
    page = as_html(estimates) + as_data(estimates) + as_link(estimates)
    (release.folder / "02-mayors.en.html").write_text(page, encoding="utf-8")
    book = openpyxl.Workbook()
    for row in estimates.itertuples(index=False):
        book.active.append(list(row))
    book.save(release.folder / "book.xlsx")
    assert tell(release) == []


def first_withheld(estimates):
    rows = estimates[estimates["reason"] == CONFIDENTIAL]
    assert len(rows) > 10
    return rows.index[0]


def test_a_cell_shown_though_withheld_is_named(release, estimates):
    place = first_withheld(estimates)
    leaky = estimates.copy()
    leaky.loc[place, ["estimate", "reason"]] = [0.5, ""]
    write_csv(release, leaky)
    number = build_ids(leaky)[place]
    assert (
        f"02-mayors.en.files/estimates.csv: {number}: shown though withheld for confidentiality"
        in tell(release)
    )
    assert "0.5" not in "".join(tell(release))


def test_a_cell_withheld_in_one_file_and_shown_in_another_is_named(release, estimates):
    place = first_withheld(estimates)
    write_csv(release, estimates)
    leaky = estimates.loc[[place]].assign(estimate=0.5, reason="")
    write_csv(release, leaky, "03-other.en.files/estimates.csv")
    number = build_ids(leaky)[place]
    what = "shown here and withheld in 02-mayors.en.files/estimates.csv"
    assert f"03-other.en.files/estimates.csv: {number}: {what}" in tell(release)


def test_a_partner_shown_elsewhere_gives_the_secret_away(release, estimates, mayors):
    """Every withheld cell but the small ones themselves shown: they follow by subtraction."""
    protection = protect_wave(mayors)
    small = {(secret.row, secret.column) for secret in protection.suppression.secrets}
    system = protection.system
    leaky = estimates[estimates["reason"] == CONFIDENTIAL]
    kept = [
        (system.places[row.question, row.answer].answer,
         system.columns[row.domain_variable, row.domain]) not in small
        for row in leaky.itertuples()
    ]  # fmt: skip
    write_csv(release, leaky[kept].assign(estimate=0.5, reason=""))
    found = [line for line in tell(release) if "follows too closely" in line]
    assert found
    assert all(line.startswith("mayors/2027: ") for line in found)


def test_ids_of_numbers_on_a_page_are_read(release, estimates):
    place = first_withheld(estimates)
    number = build_ids(estimates)[place]
    page = f'<table><tr><td><data value="{escape(number)}">50%</data></td></tr></table>'
    (release.folder / "02-mayors.en.html").write_text(page, encoding="utf-8")
    assert any("shown though withheld" in line for line in tell(release))
    page = page.replace("50%", CONFIDENTIAL)
    (release.folder / "02-mayors.en.html").write_text(page, encoding="utf-8")
    assert tell(release) == []


def test_the_table_of_a_page_is_read(release, estimates, mayors):
    """As `show_estimates` writes it: its withheld rows are found as soon as they hold a number."""
    rows = estimates.query("question == 'territory_coconstruction_dynamic' and domain != ''")
    page = release.folder / "02-mayors.en.html"
    page.write_text(show_estimates(rows, mayors, title="By group").as_raw_html(), encoding="utf-8")
    assert tell(release) == []
    leaky = rows.assign(estimate=rows["estimate"].fillna(0.5))
    page.write_text(show_estimates(leaky, mayors, title="By group").as_raw_html(), encoding="utf-8")
    assert any("shown though withheld" in line for line in tell(release))


def test_a_reader_of_all_files_together_finds_no_secret(estimates, mayors):
    """An integer programme over all kinds of mayors: region x size x answer x answer."""
    people = mayors.respondents
    columns = [*mayors.file.domains, *mayors.file.questions]
    assert people[columns].notna().all(axis=None)
    kinds = pd.MultiIndex.from_product([people[name].cat.categories for name in columns])
    kinds = kinds.to_frame(index=False, name=columns)
    truth = people.groupby(columns, observed=False).size().to_numpy(float)

    def choose(row):
        item = mayors.codebook.variable(row.question)
        given = getattr(item, "nets", {}).get(row.answer, [row.answer])
        base = kinds[row.domain_variable] == row.domain if row.domain else kinds.index >= 0
        return (kinds[row.question].isin(given) & base).to_numpy(float), np.array(base, float)

    sets = [(row, *choose(row)) for row in estimates.itertuples()]
    known = [np.ones(len(kinds))]
    for row, gave, base in sets:
        known += [gave] * pd.notna(row.estimate) + [base] * (row.n > 0)
    known = np.unique(known, axis=0)
    facts = LinearConstraint(known, known @ truth, known @ truth)
    secrets = np.unique([part for _, gave, base in sets for part in (gave, base, base - gave)
                         if 0 < part @ truth < 5], axis=0)  # fmt: skip
    assert len(secrets) > 20
    for secret in secrets:
        found = [
            sign * milp(sign * secret, constraints=facts, bounds=Bounds(0, len(people)),
                        integrality=np.ones(len(kinds))).fun
            for sign in (1, -1)
        ]  # fmt: skip
        assert found[0] < secret @ truth or found[1] > secret @ truth
        assert found[1] >= 5


def test_data_of_an_explorer_are_read(release, estimates, mayors, monkeypatch):
    question = "territory_coconstruction_dynamic"
    page = release.folder / "02-mayors.en.html"
    rule = Rule(reliability="none")
    made = estimates[estimates["question"] == question]

    def write(table):
        part = show_explorer(mayors, question=question, by="commune_size", rule=rule,
                             estimates=table, questions=[question])  # fmt: skip
        page.write_text(part._repr_mimebundle_()[LIVE], encoding="utf-8")

    monkeypatch.setenv("STUDIES_HOME", str(Path(__file__).resolve().parents[2]))
    write(made)
    assert tell(release) == []
    write(made.fillna({"estimate": 0.5, "se": 0.1, "ci_low": 0.4, "ci_high": 0.6}))
    assert any("shown though withheld" in line for line in tell(release))


def test_a_synthetic_wave_is_judged_only_when_asked(checkout, tmp_path):
    wave = read_wave("mayors", "demo", root=checkout)
    page = tmp_path / "page.html"
    page.write_text(as_html(wave.respondents.head(20)), encoding="utf-8")
    assert check_disclosure(Release("demo", tmp_path, checkout)) == []
    assert audit_waves({"mayors": wave}, [("page.html", page)], rule="threshold-5")


def test_publish_runs_the_audit():
    assert check_disclosure in CHECKS
