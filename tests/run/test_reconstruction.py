"""Reconstructed waves: rebuilt as committed, true to the figures, silent on the rest."""

import itertools

import numpy as np
import pandas as pd
import pytest

from helpers.data.errors import InputError
from helpers.data.published import read_figures, read_links
from helpers.data.responses import read_wave
from helpers.run import reconstruction
from helpers.run.reconstruction import read_margins, reconstruct_wave
from helpers.run.synthesis import list_synthetic, synthesise_wave, write_wave
from helpers.stats.results import estimate_question

PAIRS = [("associations", "2015"), ("citizens", "2015"), ("citizens", "2019"),
         ("companies", "2015"), ("evaluation", "2015"), ("mayors", "2016"),
         ("mayors", "2024")]  # fmt: skip
INDEPENDENT = PAIRS[:6]
FIGURES = "data/published/figures.csv"
LINKS = "data/published/links.csv"
RECIPE = "data/surveys/mayors/2016/wave.yaml"


@pytest.fixture(scope="module")
def waves(checkout):
    return {pair: read_wave(*pair, root=checkout) for pair in PAIRS}


def weighted_value(wave, question, answer, rows=None) -> float:
    """Share of an answer or net among those who answered, or mean score, from respondents alone."""
    frame = wave.respondents if rows is None else wave.respondents[rows]
    item = wave.codebook.variable(question)
    if getattr(item, "type", "single") == "score":
        given = frame[f"{question}__{answer}"].dropna().astype(float)
        return float(np.average(given, weights=frame.loc[given.index, wave.design.weight]))
    if getattr(item, "type", "single") == "multiple":
        given = frame[f"{question}__{answer}"]
        hit = given.fillna(False).astype(bool)
    else:
        given = frame[question]
        hit = given.isin(getattr(item, "nets", {}).get(answer, [answer]))
    weight = frame[wave.design.weight].where(given.notna(), 0.0)
    return float((weight * hit).sum() / weight.sum())


def test_every_reconstructed_wave_is_tested(checkout):
    assert [pair for pair in list_synthetic(root=checkout) if pair[1] != "demo"] == PAIRS


@pytest.mark.parametrize("pair", PAIRS, ids="/".join)
def test_rebuilding_gives_the_committed_respondents(checkout, pair):
    built = synthesise_wave(*pair, root=checkout)
    stored = pd.read_parquet(checkout / "data/surveys" / "/".join(pair) / "responses.parquet")
    pd.testing.assert_frame_equal(
        built.drop(columns="weight"), stored.drop(columns="weight"), check_dtype=False
    )
    assert np.allclose(built["weight"], stored["weight"], rtol=0, atol=1e-9)


@pytest.mark.parametrize("pair", PAIRS, ids="/".join)
def test_rounding_of_the_weights_moves_no_respondent(checkout, monkeypatch, pair):
    exact = synthesise_wave(*pair, root=checkout)
    rake, rng = reconstruction.rake, np.random.default_rng(1)

    def shake(*args, **options):
        weights = rake(*args, **options)
        return weights * (1 + rng.normal(0, 1e-13, len(weights)))

    monkeypatch.setattr(reconstruction, "rake", shake)
    shaken = synthesise_wave(*pair, root=checkout)
    assert shaken.drop(columns="weight").equals(exact.drop(columns="weight"))


@pytest.mark.parametrize("pair", PAIRS, ids="/".join)
def test_every_margin_is_reproduced(checkout, waves, pair):
    wave, margins = waves[pair], read_margins(*pair, root=checkout)
    assert len(margins)
    for row in margins.itertuples():
        rows = wave.respondents[row.domain_variable] == row.domain if row.domain else None
        value = weighted_value(wave, row.question, row.answer, rows)
        assert value == pytest.approx(row.value, abs=1e-6), row


@pytest.mark.parametrize("pair", PAIRS, ids="/".join)
def test_every_recomputed_figure_is_the_printed_one(checkout, waves, pair):
    figures = read_figures(root=checkout).set_index("figure")
    links = read_links(root=checkout).query("use in ('margin', 'check')")
    links = links[(links["survey"] == pair[0]) & (links["wave"] == pair[1])]
    for row in links[links["quantity"] == "estimate"].itertuples():
        chosen = waves[pair].respondents
        rows = chosen[row.domain_variable] == row.domain if row.domain else None
        value = weighted_value(waves[pair], row.question, row.answer, rows)
        printed = figures.loc[row.figure]
        unit = 1 if printed["unit"] == "score_10" else 100
        assert round(unit * value, printed["decimals"]) == printed["value"], row.figure


def read_indicators(wave) -> dict[tuple[str, str], pd.Series]:
    """(question, answer) to 1 if given, 0 if not, missing if not asked; scores in tenths."""
    answers = {}
    for name in wave.file.questions:
        item = wave.codebook.variable(name)
        for answer in item.answer_ids:
            column = name if item.type == "single" else f"{name}__{answer}"
            given = wave.respondents[column]
            if item.type == "score":
                answers[name, answer] = given.astype("Float64").astype(float) / 10
                continue
            hit = given == (answer if item.type == "single" else True)
            answers[name, answer] = (
                hit.astype("Float64").fillna(0).astype(float).where(given.notna())
            )
    return answers


@pytest.mark.parametrize("pair", PAIRS, ids="/".join)
def test_no_contrast_is_shown_that_nobody_published(checkout, waves, pair):
    """A level shows a number only where a figure was printed for that question and level."""
    wave, margins = waves[pair], read_margins(*pair, root=checkout)
    printed = set(margins[["question", "domain_variable", "domain"]].itertuples(False, None))
    for question, domain in itertools.product(wave.file.questions, wave.file.domains):
        table = estimate_question(wave, question, by=domain)
        shown = table[table["estimate"].notna()]
        keys = ["question", "domain_variable", "domain"]
        assert set(shown[keys].itertuples(False, None)) <= printed
        assert (shown["mark"] == "untestable").all()
        hidden = table[table["estimate"].isna()]
        assert set(hidden["reliability"]) <= {"not_published"}
        assert (hidden["n"] == 0).all()


@pytest.mark.parametrize("pair", INDEPENDENT, ids="/".join)
def test_levels_are_alike_where_none_was_published(checkout, waves, pair):
    """0.003 is left to levels whose make-up differs in a variable that was published."""
    wave, margins = waves[pair], read_margins(*pair, root=checkout)
    printed = set(margins[["question", "domain_variable"]].itertuples(index=False, name=None))
    for (name, answer), hit in read_indicators(wave).items():
        for domain in wave.file.domains:
            if hit.isna().all() or (name, domain) in printed:
                continue
            weight = wave.respondents["weight"].where(hit.notna())
            levels = wave.respondents[domain].astype(object).fillna("")
            shares = (weight * hit).groupby(levels).sum() / weight.groupby(levels).sum()
            assert shares.max() - shares.min() < 0.003, (name, answer, domain, shares.to_dict())


@pytest.mark.parametrize("pair", PAIRS, ids="/".join)
def test_only_regions_with_a_figure_are_named(checkout, waves, pair):
    if "region" not in waves[pair].file.domains:
        pytest.skip("no region in this wave")
    margins = read_margins(*pair, root=checkout)
    published = set(margins.loc[margins["domain_variable"] == "region", "domain"])
    assert set(waves[pair].respondents["region"].dropna()) == published


@pytest.mark.parametrize("pair", INDEPENDENT, ids="/".join)
def test_crossings_of_two_answers_are_near_independence(waves, pair):
    """No correlation of two answers is larger than four times that of independent draws."""
    frame = waves[pair].respondents
    answers = read_indicators(waves[pair])
    pairs = list(itertools.combinations(answers, 2))
    single = [name for name, _ in answers if waves[pair].codebook.variable(name).type == "single"]
    pairs = [(one, two) for one, two in pairs if one[0] != two[0] or one[0] not in single]
    assert pairs
    for one, two in pairs:
        both = answers[one].notna() & answers[two].notna()
        if both.sum() <= 30:
            continue
        weight = frame.loc[both, "weight"]
        table = np.cov(answers[one][both], answers[two][both], aweights=weight)
        if table.diagonal().min() > 1e-9:
            phi = table[0, 1] / np.sqrt(table.diagonal().prod())
            assert abs(phi) * np.sqrt(both.sum()) < 4, (one, two)


def test_row_order_says_nothing(waves):
    for pair, wave in waves.items():
        first = wave.file.questions[0]
        column = wave.codebook.variable(first).columns[0]
        codes = pd.factorize(wave.respondents[column].astype(object))[0]
        runs = (np.diff(codes) != 0).sum()
        assert runs > 0.15 * len(codes), pair


def test_two_values_for_one_margin(collection):
    collection.edit_rows(FIGURES, {"figure": "F142"}, value="38")
    with pytest.raises(InputError, match=r"two values for the margin \('has_partnership', 'yes'"):
        reconstruct_wave("companies", "2015")


def test_margin_that_is_not_fit(collection):
    collection.edit_rows(FIGURES, {"figure": "F036"}, legibility="ambiguous", confidence="medium")
    with pytest.raises(InputError, match=r"links.csv: margins rest on figures not fit.*F036"):
        reconstruct_wave("mayors", "2016")


def test_two_answers_without_a_figure(collection):
    for figure in ("F031", "F032"):
        collection.edit_rows(LINKS, {"figure": figure}, use="check")
    with pytest.raises(InputError, match="Only 2 of 4 answers have a figure"):
        reconstruct_wave("mayors", "2016")


def test_levels_that_add_up_to_more_than_all(collection):
    collection.edit_rows(FIGURES, {"figure": "F038"}, value="95")
    with pytest.raises(InputError, match=r"mayors/2016/wave.yaml: area: shares sum to 1.1"):
        reconstruct_wave("mayors", "2016")


def test_levels_without_a_share(collection):
    for figure in ("F038", "F039"):
        collection.edit_rows(LINKS, {"figure": figure}, use="check")
    with pytest.raises(InputError, match="mayors/2016/wave.yaml: area: no share for two levels"):
        reconstruct_wave("mayors", "2016")


def test_size_that_is_not_the_sum_of_its_levels(collection):
    collection.edit(RECIPE, "n: 304\n", "n: 305\n")
    with pytest.raises(InputError, match="n to 304, instead of 1 and 305"):
        reconstruct_wave("mayors", "2016")


def test_frame_that_is_not_there(collection):
    recipe = "data/surveys/companies/2015/wave.yaml"
    collection.edit(recipe, "frame: establishments_10plus_employees", "frame: shops")
    with pytest.raises(InputError, match="'shops' is not a frame; valid are"):
        reconstruct_wave("companies", "2015")


def test_wave_without_a_recipe(checkout):
    with pytest.raises(InputError, match="mayors/demo/wave.yaml: no section reconstruction"):
        reconstruct_wave("mayors", "demo", root=checkout)


def test_written_wave_reads_back(collection):
    respondents = synthesise_wave("mayors", "2016")
    changed = respondents.assign(weight=1.0)
    digest = write_wave(changed, "mayors", "2016", root=collection.root)
    wave = read_wave("mayors", "2016")
    assert wave.file.checksum == digest
    assert (wave.respondents["weight"] == 1).all()
    assert list(collection.path("data").rglob("*.part")) == []


def test_writing_twice_gives_the_same_bytes(collection):
    respondents = synthesise_wave("mayors", "2016")
    digests = {write_wave(respondents, "mayors", "2016", root=collection.root) for _ in range(2)}
    assert len(digests) == 1
    assert collection.path(RECIPE).read_text(encoding="utf-8").count("checksum:") == 1


@pytest.mark.parametrize(
    ("figure", "value", "pair"),
    [
        ("F031", "60", ("mayors", "2016")),  # the four answers add up to 143 %
        ("F169", "90", ("associations", "2015")),  # the whole lies outside its two parts
        ("F167", "99", ("associations", "2015")),
    ],
)
def test_figures_that_contradict_one_another(collection, figure, value, pair):
    collection.edit_rows(FIGURES, {"figure": figure}, value=value)
    with pytest.raises(InputError, match="the published shares contradict one another by"):
        reconstruct_wave(*pair)


def test_question_without_any_figure(collection):
    collection.edit_rows(LINKS, {"figure": "F036"}, use="check")
    with pytest.raises(InputError, match="No published figure for the answers yes, no"):
        reconstruct_wave("mayors", "2016")


def test_margin_of_a_variable_the_wave_does_not_have(collection):
    recipe = "data/surveys/companies/2015/wave.yaml"
    collection.edit(recipe, "domains: [company_size, region]", "domains: [company_size]")
    with pytest.raises(InputError):
        reconstruct_wave("companies", "2015")


CITIZENS = "data/surveys/citizens/2015/wave.yaml"


def test_scores_are_spread_as_assumed(waves):
    """Around the published mean, with the standard deviation of the recipe."""
    wave = waves["citizens", "2015"]
    scores = wave.respondents["fragility_importance__employment"].dropna().astype(float)
    assert len(scores) == wave.file.n
    assert scores.std() == pytest.approx(wave.file.reconstruction.score_spread, abs=0.05)
    assert set(scores) == set(range(11))


def test_scores_nobody_published_are_not_there(waves):
    scores = waves["citizens", "2015"].respondents
    assert scores["fragility_importance__health"].isna().all()
    regional = waves["companies", "2015"].respondents
    held = regional["fragility_importance__purchasing_power"].notna()
    assert set(regional.loc[held, "region"]) == {"75"}


def test_scores_without_an_assumed_spread(collection):
    collection.edit(CITIZENS, "  score_spread: 2.5\n", "")
    with pytest.raises(InputError, match="citizens/2015/wave.yaml: .*score_spread is missing: fra"):
        reconstruct_wave("citizens", "2015")


def test_a_spread_that_no_scores_have(collection):
    collection.edit(CITIZENS, "score_spread: 2.5", "score_spread: 4.9")
    with pytest.raises(InputError, match="No scores from 0 to 10 have the mean 7.1 and the spread"):
        reconstruct_wave("citizens", "2015")


@pytest.mark.parametrize(
    ("figure", "question", "words"),
    [
        (
            "F110",
            "priority_fragility",
            "a share is calibrated on a figure that is a mean out of 10",
        ),
        ("F123", "fragility_importance", "a score is calibrated on a figure that is a percentage"),
    ],
)
def test_figures_of_another_unit(collection, figure, question, words):
    collection.edit_rows(LINKS, {"figure": figure}, question=question)
    with pytest.raises(InputError, match=f"links.csv: citizens 2015: {question}: {words}"):
        reconstruct_wave("citizens", "2015")


def test_a_mean_no_region_can_have(collection):
    """A whole at 0.6 has no place for a tenth of respondents at 6.0."""
    collection.edit_rows(FIGURES, {"figure": "F026"}, value="0.6")
    collection.edit("data/surveys/companies/2015/wave.yaml", "score_spread: 2.5", "score_spread: 1")
    with pytest.raises(InputError, match="fragility_importance: the published shares"):
        reconstruct_wave("companies", "2015")
