"""Checks of an incoming wave: each mistake is found, counted and placed; clean data are silent."""

import numpy as np
import pandas as pd
import pytest

from helpers.data.codebook import Codebook, read_codebook
from helpers.data.communes import resolve_communes
from helpers.data.errors import InputError
from helpers.data.territories import resolve_regions
from helpers.run.checks import check_responses, read_sheet
from helpers.run.findings import raise_errors
from helpers.run.sheet import percent, show_values
from helpers.run.territory_checks import check_territories
from helpers.run.thresholds import THRESHOLDS

SIZE = 12


def wording(text):
    return {"en": text, "fr": f"{text} (fr)"}


def answers(*names):
    return [{"code": i, "id": name, "label": wording(name)} for i, name in enumerate(names, 1)]


def question(name, kind, options, **more):
    return {
        "id": name, "label": wording(name), "text": wording(f"{name}?"), "wording": "paraphrase",
        "type": kind, "base": wording("All"), "answers": options, **more,
    }  # fmt: skip


def build_codebook(**more):
    return Codebook.model_validate(
        {
            "survey": "mayors",
            "actor": "mayors",
            "title": wording("Title"),
            "population": wording("Population"),
            "domains": [
                {"id": "region", "label": wording("Region"), "answers": [
                    {"code": "11", "id": "11", "label": wording("Paris region")},
                    {"code": "53", "id": "53", "label": wording("Brittany")},
                ]},
            ],
            "questions": [
                question("partner", "single", answers("yes", "no")),
                question("reason", "multiple", answers("money", "skills", "none"),
                         asked_if={"question": "partner", "answers": ["yes"]},
                         exclusive=["none"]),
                question("priority", "ranking", answers("jobs", "care", "climate")),
                question("trust", "score", answers("a", "b", "c", "d", "e")),
            ],
        }
        | more
    )  # fmt: skip


def build_responses():
    """Twelve respondents, the first six with a partner; nothing to complain of."""
    partner = [1] * 6 + [2] * 6

    def chosen(*values):
        return pd.array([*values, *[None] * 6], dtype="boolean")

    frame = pd.DataFrame(
        {
            "respondent": [f"r{row}" for row in range(SIZE)],
            "weight": [1.0, 2.0] * 6,
            "region": ["11", "53"] * 6,
            "partner": partner,
            "reason__money": chosen(True, False, True, False, False, True),
            "reason__skills": chosen(False, True, False, True, False, True),
            "reason__none": chosen(False, False, False, False, True, False),
            "priority__jobs": [1, 2, 3] * 4,
            "priority__care": [2, 3, 1] * 4,
            "priority__climate": [3, 1, 2] * 4,
        }
    )
    for place, item in enumerate("abcde"):
        frame[f"trust__{item}"] = [(row * 7 + place * place) % 11 for row in range(SIZE)]
    return frame


def check(frame, codebook=None, **options):
    return check_responses(frame, codebook or build_codebook(), **options)


def find(frame, name, codebook=None, **options):
    """The one finding of a check."""
    found = [finding for finding in check(frame, codebook, **options) if finding.check == name]
    assert len(found) == 1, found
    return found[0]


@pytest.fixture
def frame():
    return build_responses()


def test_clean_responses_give_nothing(frame):
    assert check(frame) == []


def test_index_and_dtypes_do_not_matter(frame):
    shuffled = frame.set_index(pd.Index(range(50, 62)))
    shuffled["partner"] = shuffled["partner"].astype("Int64")
    shuffled["trust__a"] = shuffled["trust__a"].astype(float)
    assert check(shuffled) == []


def test_waves_of_the_collection_have_no_error(checkout):
    for path in sorted((checkout / "data/surveys").glob("*/*/responses.parquet")):
        survey = path.parts[-3]
        findings = check_responses(pd.read_parquet(path), read_codebook(survey))
        assert [finding for finding in findings if finding.level == "error"] == [], path


def test_each_threshold_has_a_reason():
    assert len({threshold.name for threshold in THRESHOLDS}) == len(THRESHOLDS)
    assert all(threshold.reason and threshold.words for threshold in THRESHOLDS)


# Contract


def test_unknown_answers_are_named_with_value_count_and_rows(frame):
    frame.loc[[3, 7], "partner"] = 9
    frame.loc[5, "region"] = "99"
    region, partner = [f for f in check(frame, columns={"partner": "Q1"}) if f.check == "contract"]
    assert partner.message == "2 values not among the codes 1, 2: 9."
    assert (partner.level, partner.column, partner.count) == ("error", "Q1", 2)
    assert (partner.values, partner.rows) == (("9",), (4, 8))
    assert (region.column, region.values, region.rows) == ("region", ("99",), (6,))


def test_text_in_numbers_and_half_codes_are_named(frame):
    frame["partner"] = ["one", *["1"] * 5, *["2"] * 6]
    frame["trust__a"] = frame["trust__a"].astype(float)
    frame.loc[[2, 4], "trust__a"] = [3.5, np.inf]
    first, second = [f for f in check(frame) if f.check == "contract"]
    assert first.values == ("one",)
    assert first.rows == (1,)
    assert second.message == "2 values not a whole number: 3.5, inf."
    assert (second.column, second.rows) == ("trust__a", (3, 5))


def test_columns_missing_and_unexpected_are_named(frame):
    changed = frame.drop(columns="reason__skills").assign(email="x@y.fr")
    found = {f.column: f.message for f in check(changed) if f.check == "contract"}
    assert found["reason__skills"] == "missing from the file."
    assert found["email"] == "unexpected: the codebook has no such column."


def test_a_file_without_any_question_is_refused(frame):
    finding = find(frame[["respondent", "weight", "region"]], "contract")
    assert (finding.level, finding.column) == ("error", "")
    assert "no column holds a question" in finding.message


def test_what_somebody_wrote_is_not_repeated(frame):
    frame["partner"] = frame["partner"].astype(object)
    frame.loc[0, "partner"] = "jean.dupont@mairie.fr"
    frame.loc[1, "partner"] = "a long complaint about the survey, with a name in it"
    finding = find(frame, "contract")
    assert "dupont" not in str(finding)
    assert "complaint" not in str(finding)
    assert finding.values == ("(text of 21 characters)", "(text of 52 characters)")


def test_respondents_need_an_id_of_their_own(frame):
    frame["respondent"] = ["a@b.fr", "a@b.fr", None, " ", "a@b.fr", *"cdefghi"]
    found = [f for f in check(frame) if f.check == "respondents"]
    assert [f.message for f in found] == [
        "2 respondents without an id.", "2 rows with the id of a row before.",
    ]  # fmt: skip
    assert [f.rows for f in found] == [(3, 4), (1, 2, 5)]
    assert "a@b.fr" not in str(found)
    assert find(frame.drop(columns="respondent"), "respondents").message == "missing from the file."


# Weights


@pytest.mark.parametrize(
    ("value", "words", "values"),
    [
        (np.nan, "1 weight missing.", ()),
        (0, "1 weight not greater than zero: 0.0.", ("0.0",)),
        (-2.5, "1 weight not greater than zero: -2.5.", ("-2.5",)),
        (np.inf, "1 weight infinite: inf.", ("inf",)),
        (-np.inf, "1 weight infinite: -inf.", ("-inf",)),
    ],
)
def test_useless_weights_are_errors(frame, value, words, values):
    frame.loc[4, "weight"] = value
    finding = find(frame, "weights", columns={"weight": "POIDS"})
    assert (finding.level, finding.column, finding.message) == ("error", "POIDS", words)
    assert (finding.count, finding.values, finding.rows) == (1, values, (5,))


def test_text_in_weights_is_an_error(frame):
    frame["weight"] = frame["weight"].astype(object)
    frame.loc[2, "weight"] = "heavy"
    assert find(frame, "weights").message == "1 weight not a number: heavy."


def test_absent_weights_are_an_error(frame):
    assert find(frame.drop(columns="weight"), "weights").level == "error"
    both = frame.assign(base_weight=[0.0, *[1.0] * 11])
    assert find(both, "weights", weights=("weight", "base_weight")).column == "base_weight"


def test_equal_weights_are_noted(frame):
    finding = find(frame.assign(weight=1.0), "weights")
    assert (finding.level, finding.message) == ("note", "all weights are 1.")


def test_spread_of_weights_warns(frame):
    frame["weight"] = [1.0] * 11 + [26.0]
    ratio, effect = [f for f in check(frame) if f.check == "weights"]
    assert ratio.message == "the largest weight (26) is 26 times the smallest (1)."
    # n sum(w²) / sum(w)² = 12 x 687 / 37² = 6.02
    assert effect.message == "Kish's design effect is 6.02: 12 respondents are worth 2."
    frame["weight"] = [1.0] * 10 + [25.0] * 2
    assert {f.message[:4] for f in check(frame) if f.check == "weights"} == {"Kish"}


def test_shares_far_from_the_official_counts_warn(checkout):
    codebook = read_codebook("mayors")
    frame = pd.read_parquet(checkout / "data/surveys/mayors/demo/responses.parquet")
    assert not [f for f in check(frame, codebook) if f.check == "official counts"]
    frame.loc[frame["region"] == "11", "weight"] *= 5
    found = {f.column: f for f in check(frame, codebook) if f.check == "official counts"}
    assert found["region"].level == "warning"
    assert "(Communes by region); furthest Île-de-France: " in found["region"].message
    frame.loc[frame.index[:100], "region"] = None  # a fifth without a region: no verdict
    found = {f.column: f for f in check(frame, codebook) if f.check == "official counts"}
    assert "region" not in found


# Answers


def test_missing_answers_count_among_those_asked(frame):
    frame.loc[[0, 1], ["reason__money", "reason__skills", "reason__none"]] = pd.NA
    found = {f.column: f for f in check(frame) if f.check == "missing answers"}
    finding = found["reason__money, reason__skills, reason__none"]
    assert finding.message == "2 of 6 asked gave no answer (33 %)."
    assert finding.level == "warning"


def test_few_missing_answers_pass(frame):
    frame["trust__b"] = frame["trust__b"].astype("Int64")
    frame.loc[[0], "trust__b"] = pd.NA
    assert check(frame) == []
    frame.loc[[1], "trust__b"] = pd.NA
    assert find(frame, "missing answers").message == "2 of 12 asked gave no answer (17 %)."


def test_answers_of_those_not_asked_are_errors(frame):
    frame.loc[[8, 10], "reason__money"] = False
    finding = next(f for f in check(frame, columns={"partner": "Q1"}) if f.check == "routing")
    assert finding.level == "error"
    assert finding.message == (
        "2 respondents answered without being asked: only those with yes in column Q1 are."
    )
    assert finding.rows == (9, 11)


def test_silence_of_those_asked_is_noted(frame):
    frame.loc[0, ["reason__money", "reason__skills", "reason__none"]] = pd.NA
    finding = find(frame, "routing")
    assert finding.level == "note"
    assert finding.message == (
        "1 respondent with yes in column partner, asked and without an answer."
    )


def test_routing_needs_its_parent(frame):
    finding = find(frame.drop(columns="partner"), "routing")
    assert finding.level == "error"
    assert "question partner is not in the file" in finding.message
    frame["partner"] = "x"  # reported once, by the contract
    assert not [f for f in check(frame) if f.check == "routing"]


def test_routing_from_a_multiple_question(frame):
    parent = question("reason", "multiple", answers("money", "skills", "none"))
    child = question("more", "single", answers("x", "y"),
                     asked_if={"question": "reason", "answers": ["money", "skills"]})  # fmt: skip
    codebook = build_codebook(questions=[parent, child])
    part = frame[["respondent", "weight", "region", *[c for c in frame if "reason" in c]]]
    part = part.assign(more=pd.array([1, 2, 1, 2, 1, *[None] * 7], dtype="Int64"))
    found = [f for f in check(part, codebook) if f.check == "routing"]
    assert [(f.level, f.rows) for f in found] == [("error", (5,)), ("note", (6,))]


def test_batteries_answered_alike_warn(frame):
    scores = [column for column in frame if column.startswith("trust")]
    frame.loc[[0, 5], scores] = 7
    finding = find(frame, "straight-lining")
    assert finding.message == ("2 of 12 who answered all 5 items gave each the same answer (17 %).")
    assert finding.rows == (1, 6)
    frame.loc[5, scores[0]] = 8
    assert not [f for f in check(frame) if f.check == "straight-lining"]


def test_single_questions_in_a_row_are_a_battery():
    questions = [question(f"q{place}", "single", answers("a", "b")) for place in range(5)]
    rows = [[1] * 5, [2] * 5, *[[1, 2, 1, 2, place] for place in (1, 2, 1)]]
    frame = pd.DataFrame(rows, columns=[f"q{place}" for place in range(5)])
    frame = frame.assign(respondent=list("abcde"), weight=[1.0, 2, 1, 2, 1])
    codebook = build_codebook(questions=questions)
    assert find(frame, "straight-lining", codebook).rows == (1, 2)
    codebook = build_codebook(
        questions=[*questions[:4], question("q4", "single", answers("c", "d"))]
    )
    assert not [f for f in check(frame, codebook) if f.check == "straight-lining"]


def test_multiple_answers_need_their_negatives(frame):
    reasons = [column for column in frame if column.startswith("reason")]
    frame[reasons] = frame[reasons].mask(frame[reasons].eq(False).fillna(False))
    finding = find(frame, "multiple answers")
    assert finding.level == "error"
    assert "write 0 or false" in finding.message


def test_sums_of_multiple_answers(frame):
    reasons = [column for column in frame if column.startswith("reason")]
    frame.loc[0, reasons] = False
    frame.loc[1, reasons] = True
    frame.loc[2, "reason__skills"] = pd.NA
    found = {f.message: f for f in check(frame) if f.check == "multiple answers"}
    assert list(found) == [
        "1 respondent with some of the cells empty.",
        "1 of 5 chose none of the answers (20 %).",
        "1 of 5 chose every answer (20 %).",
        "1 respondent chose 'none', which excludes the others, beside another answer.",
    ]
    assert [f.level for f in found.values()] == ["warning"] * 4
    assert [f.rows for f in found.values()] == [(3,), (1,), (2,), (2,)]


def test_rare_sums_are_noted(frame):
    frame = pd.concat([frame] * 5, ignore_index=True)
    frame["respondent"] = [f"r{row}" for row in range(len(frame))]
    frame.loc[0, [column for column in frame if column.startswith("reason")]] = False
    assert find(frame, "multiple answers").level == "note"  # 1 of 30


def test_exclusive_names_answers_of_multiple_questions():
    for broken in (question("q", "multiple", answers("a", "b"), exclusive=["c"]),
                   question("q", "single", answers("a", "b"), exclusive=["a"])):  # fmt: skip
        with pytest.raises(ValueError, match="exclusive names answers of a multiple question"):
            build_codebook(questions=[broken])


def test_ranks_are_given_once_and_in_a_row(frame):
    frame.loc[1, ["priority__jobs", "priority__care"]] = 1
    frame = frame.astype({"priority__care": "Int64", "priority__climate": "Int64"})
    frame.loc[2, ["priority__care", "priority__climate"]] = pd.NA  # a lone 3
    frame.loc[3, "priority__climate"] = pd.NA  # 1 and 2: fine
    ties, gaps = [f for f in check(frame) if f.check == "rankings"]
    assert (ties.level, ties.rows) == ("error", (2,))
    assert (gaps.level, gaps.rows) == ("warning", (3,))


def test_constant_questions_warn_and_absent_levels_are_noted(frame):
    frame["partner"] = 1
    found = [f for f in check(frame) if f.check in ("constant", "levels nobody has")]
    assert [(f.level, f.check, f.values) for f in found] == [
        ("warning", "constant", ("1",)), ("note", "levels nobody has", ("2",)),
    ]  # fmt: skip
    frame["region"] = "53"
    finding = next(f for f in check(frame) if f.column == "region" and f.level == "note")
    assert finding.message == "1 of 2 answers nobody has: 11 (Paris region)."


def test_answers_nobody_chose_are_noted(frame):
    frame.loc[:5, "reason__none"] = False
    finding = find(frame, "levels nobody has")
    assert finding.message == "1 of 3 answers nobody has: 3 (none)."


def test_repeated_respondents_are_found_in_long_questionnaires():
    items = [f"q{place}" for place in range(20)]
    codebook = build_codebook(
        questions=[question(name, "single", answers("a", "b", "c")) for name in items]
    )
    rng = np.random.default_rng(4)
    frame = pd.DataFrame(rng.integers(1, 4, (200, 20)), columns=items)
    frame = frame.assign(respondent=[f"r{row}" for row in range(200)], weight=[1.0, 2.0] * 100)
    assert not [f for f in check(frame, codebook) if f.check == "identical respondents"]
    frame.loc[150, items] = frame.loc[3, items]
    finding = find(frame, "identical respondents", codebook)
    assert (finding.level, finding.count, finding.rows) == ("warning", 1, (151,))
    # 19,900 pairs / 3^20 = 5.7e-6
    assert "independent answers would give fewer than 0.01." in finding.message


def test_equal_respondents_of_a_short_questionnaire_are_chance(frame):
    codebook = build_codebook(questions=[question("partner", "single", answers("yes", "no"))])
    part = frame[["respondent", "weight", "partner"]]
    assert check(part, codebook) == []


# Territories


def test_regions_not_understood_are_errors_and_old_ones_noted():
    values = pd.Series(["Alsace", "Bretange", "11", "Guadeloupe", " Bretange "], name="REG")
    resolution = resolve_regions(values)
    findings = list(check_territories(values, resolution, column="REG"))
    assert [(f.level, f.count, f.rows) for f in findings] == [
        ("error", 2, (2, 5)), ("error", 1, (4,)), ("note", 1, ()),
    ]  # fmt: skip
    assert findings[0].message.startswith("1 value in 2 rows: not understood: Bretange (closest: B")
    assert findings[2].message == (
        "1 value in 1 row read as name of a region before 2016: Alsace as 44."
    )


def test_communes_not_in_the_list_are_errors():
    values = pd.Series(["01004", "75101", "01999"])
    error, note = check_territories(values, resolve_communes(values), column="INSEE")
    assert (error.level, error.column, error.rows) == ("error", "INSEE", (3,))
    assert "(closest: 01456 Vongnes, 01457 Vonnas)" in error.message
    assert note.message == "1 value in 1 row read as arrondissement: 75101 as 75056."


def test_errors_come_first_and_raise_with_file_and_column(frame):
    frame.loc[3, "partner"] = 9
    frame.loc[[0, 1], [c for c in frame if c.startswith("trust")]] = 7
    findings = check(frame, columns={"partner": "Q1"})
    assert [f.level for f in findings] == sorted(f.level for f in findings)
    with pytest.raises(InputError, match="wave.sav: column Q1: 1 value not among .* at rows 4"):
        raise_errors(findings, name="wave.sav")


def test_long_questions_name_a_few_columns(frame):
    frame.loc[[0, 5], [c for c in frame if c.startswith("trust")]] = 7
    finding = find(frame, "straight-lining", columns={"trust__a": "T1"})
    assert finding.column == "T1 … trust__e (5 columns)"


def test_shares_and_values_in_words():
    assert [percent(share) for share in (0, 0.004, 0.0999, 0.1, 1)] == [
        "0.0 %", "0.4 %", "10.0 %", "10 %", "100 %",
    ]  # fmt: skip
    assert show_values([1, "a@b", *range(9)]) == ("1", "(text of 3 characters)", "0", "1", "2")


def test_columns_that_break_the_contract_leave_the_others_to_be_checked(frame):
    frame.loc[0, "region"] = "x"
    sheet, findings = read_sheet(frame, build_codebook())
    assert "region" not in sheet.frame
    assert [domain.id for domain in sheet.domains] == []
    assert len(sheet.questions) == 4
    assert len(findings) == 1
