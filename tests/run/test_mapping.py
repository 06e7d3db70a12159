"""A mapping is proposed from names, wordings and answers, explains itself, and is read strictly."""

import pandas as pd
import pyreadstat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.data.codebook import read_codebook
from helpers.data.errors import InputError
from helpers.run.examples import write_example
from helpers.run.likeness import compare_wordings, find_closest, simplify
from helpers.run.mapping import read_mapping
from helpers.run.mappingfile import write_mapping
from helpers.run.proposal import propose_mapping
from helpers.run.sources import read_source


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Q4. Êtes-vous d'accord ?", "etes vous d accord"),
        ("Q12a - Œuvre", "oeuvre"),
        ("2 000 à 9 999", "2000 a 9999"),
        ("Under 2,000", "under 2000"),
        ("q4", "q4"),
        ("93+94", "93+94"),
    ],
)
def test_wordings_are_compared_without_accents_and_numbers_of_questions(text, plain):
    assert simplify(text) == plain


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("D'accord", "Pas d'accord"),
        ("Plutôt d'accord", "Tout à fait d'accord"),
        ("2 000 à 9 999", "2 000 à 19 999"),
        ("Moins de 500 habitants", "Plus de 500 habitants"),
    ],
)
def test_wordings_that_look_alike_and_say_the_opposite(one, other):
    assert compare_wordings(simplify(one), simplify(other)) < 0.8


def test_closest_wording_and_a_draw():
    assert find_closest("oui tout a fait", ["oui tout a fait ancre", "non"])[0].startswith("oui")
    assert find_closest("emploi", ["emplois", "emploie"]) == ("", 0.0)
    assert find_closest("x", []) == ("", 0.0)


@given(st.text(max_size=30), st.text(max_size=30))
def test_likeness_is_symmetric_and_bounded(one, other):
    one, other = simplify(one), simplify(other)
    assert 0 <= compare_wordings(one, other) <= 1
    assert compare_wordings(one, other) == pytest.approx(compare_wordings(other, one), abs=0.2)
    assert not one or compare_wordings(one, one) == 1


def propose(desk, path, survey="small"):
    """The proposal, and the mapping its file says when read back."""
    source = read_source(path)
    codebook = read_codebook(survey, root=desk.root)
    proposal = propose_mapping(source, codebook)
    text = write_mapping(proposal, source, codebook, "2027", command="studies intake x")
    target = desk.folder / "mapping.yaml"
    target.write_text(text, encoding="utf-8")
    return proposal, read_mapping(target, source, codebook, wave="2027")


def test_form_with_questions_as_names_is_mapped_whole(desk):
    proposal, mapping = propose(desk, desk.write())
    assert [match.variable for match in proposal.matches if match.entry is None] == []
    assert proposal.unused == []
    assert (mapping.respondent, mapping.weight) == ("ID", "Poids")
    assert mapping.domains["region"].holds == "regions"
    likes = mapping.questions["likes"]
    assert likes.answers == {"Oui": "yes", "oui": "yes", "Un peu": "a_little", "Non": "no",
                             "OUI": "yes"}  # fmt: skip
    assert likes.missing == {"NSP": "dont_know"}
    why = mapping.questions["why"]
    assert (why.mentions, why.separator) == (["Pourquoi les aimez-vous ?"], ";")
    assert why.answers == {"Habitude": "habit", "Goût": "taste", "Devoir": "duty"}
    assert list(mapping.questions["priorities"].columns) == ["jobs", "health", "housing"]
    assert mapping.questions["marks"].missing == {"NSP": "dont_know"}
    assert "fan" not in mapping.questions


def test_what_is_read_back_is_what_was_proposed(desk):
    path = desk.write()
    proposal, mapping = propose(desk, path)
    assert mapping.entries == {match.variable: match.entry for match in proposal.found}
    assert (mapping.respondent, mapping.weight) == (proposal.respondent, proposal.weight)
    assert mapping.margins == proposal.find_margins(desk.codebook)


@pytest.mark.parametrize("survey", ["mayors", "companies", "associations"])
@pytest.mark.parametrize("ending", [".sav", ".zsav", ".xlsx", ".csv", ".parquet"])
def test_examples_are_mapped_whole(desk, survey, ending):
    path = write_example(survey, desk.folder / f"example{ending}", root=desk.root)
    proposal, mapping = propose(desk, path, survey)
    held = pd.read_parquet(
        desk.root / "data" / "surveys" / survey / "demo" / "responses.parquet"
    ).columns
    codebook = read_codebook(survey, root=desk.root)
    asked = [name for name in [*codebook.domain_ids, *codebook.question_ids]
             if getattr(codebook.variable(name), "columns", [name])[0] in held]  # fmt: skip
    assert [match.variable for match in proposal.found] == asked
    assert proposal.unused == []
    assert all(match.sure == 1 and not match.undecided for match in proposal.found)
    assert list(mapping.entries) == asked


def write_spss(path, frame, labels, answers, **options):
    pyreadstat.write_sav(
        frame, path, column_labels=labels, variable_value_labels=answers, **options
    )
    return path


def test_spss_file_with_codes_of_its_own(desk):
    """Codes run the other way round than the codebook's: the labels decide."""
    frame = pd.DataFrame({"V1": [3.0, 2, 1, 9], "V2_1": [1.0, 0, 0, 9], "V2_2": [0.0, 1, 1, 9]})
    path = write_spss(
        desk.folder / "a.sav", frame,
        {"V1": "Aimez-vous les partenariats?", "V2_1": "Pourquoi les aimez-vous - Habitude",
         "V2_2": "Pourquoi les aimez-vous - GOUT"},
        {"V1": {3: "OUI", 2: "UN PEU", 1: "NON", 9: "Refus"},
         "V2_1": {0: "Non cité", 1: "Cité", 9: "?"}, "V2_2": {0: "Non cité", 1: "Cité", 9: "?"}},
        missing_ranges={"V2_1": [9], "V2_2": [9]},
    )  # fmt: skip
    _, mapping = propose(desk, path)
    assert mapping.questions["likes"].answers == {"1": "no", "2": "a_little", "3": "yes"}
    assert mapping.questions["likes"].missing == {"9": "refused"}
    why = mapping.questions["why"]
    assert why.columns == {"habit": "V2_1", "taste": "V2_2"}
    assert (why.chosen, why.not_chosen, why.missing) == (["1"], ["0"], {"9": "no_answer"})


def test_codes_without_labels_are_those_of_the_codebook(desk):
    path = desk.write(
        **{"Aimez-vous les partenariats ?": None}, likes=["1", "2", "3"] * 2 + ["1", ""]
    )
    _, mapping = propose(desk, path)
    assert mapping.questions["likes"].answers == {"1": "yes", "2": "a_little", "3": "no"}


COMMUNES = ["01004", "2A004", "75056", "35238", "31555", "67482", "59350", "01004"]
POSTAL = ["01000", "20000", "75010", "35000", "31000", "67000", "59000", "01000"]


@pytest.mark.parametrize(
    ("name", "codes", "found"),
    [
        ("Code commune", COMMUNES, True),
        ("code INSEE", [code.removeprefix("0") for code in COMMUNES], True),
        ("Code commune", [*COMMUNES[:7], ""], True),
        ("V7", COMMUNES, True),
        ("V7", [*COMMUNES[:7], "00000"], False),
        ("V7", ["01004", "01005"] * 4, False),
        ("Commune", ["Ambérieu", "Ajaccio"] * 4, False),
        ("Code commune", POSTAL, False),
        ("Code commune", [""] * 8, False),
    ],
)
def test_codes_of_communes_say_region_and_size(desk, name, codes, found):
    path = desk.write(**{"Région": None, "Taille de la commune": None, name: codes})
    proposal, mapping = propose(desk, path)
    held = {key: (entry.column, entry.holds) for key, entry in mapping.domains.items()}
    communes = (name, "communes")
    assert held == ({"region": communes, "commune_size": communes} if found else {})
    assert (name in proposal.unused) != found


def test_codes_of_communes_leave_what_was_found(desk):
    _, mapping = propose(desk, desk.write(**{"Région": None, "Code commune": COMMUNES}))
    assert mapping.domains["region"].holds == "communes"
    assert mapping.domains["commune_size"].column == "Taille de la commune"


def test_boxes_left_empty_mean_not_chosen(desk):
    path = desk.write(**{
        "Pourquoi les aimez-vous ?": None,
        "Pourquoi les aimez-vous ? [Habitude]": ["x", "", "x", "", "x", "x", "", ""],
        "Pourquoi les aimez-vous ? [Goût]": ["x", "x", "", "", "", "x", "", ""],
        "Pourquoi les aimez-vous ? [Devoir]": ["", "", "x", "", "", "x", "", ""],
    })  # fmt: skip
    _, mapping = propose(desk, path)
    assert mapping.questions["why"].blank == "not_chosen"
    assert mapping.questions["why"].chosen == ["x"]


def test_multiple_response_set_of_mentions(desk):
    frame = pd.DataFrame({"m1": [1.0, 2, 1], "m2": [2.0, 3, 9], "likes": [1.0, 1, 2]})
    labels = {1: "Habitude", 2: "Goût", 3: "Devoir", 9: "Sans réponse"}
    path = write_spss(desk.folder / "a.sav", frame, {}, {"m1": labels, "m2": labels},
                      missing_ranges={"m2": [9]})  # fmt: skip
    source = read_source(path)
    source.sets["q2"] = ["m1", "m2"]  # pyreadstat reads sets but does not write them
    proposal = propose_mapping(source, desk.codebook)
    (why,) = [match for match in proposal.found if match.variable == "why"]
    assert why.entry.mentions == ["m1", "m2"]
    assert why.entry.answers == {"1": "habit", "2": "taste", "3": "duty"}
    assert why.entry.missing == {"9": "no_answer"}
    assert why.words == "sure: the multiple-response set q2"


def test_what_is_not_found_is_listed_with_what_is_close(desk):
    path = desk.write(
        **{"Aimez-vous les partenariats ?": None, "Aime": ["a"] * 8, "Autre": ["b"] * 8}
    )
    source = read_source(path)
    proposal = propose_mapping(source, desk.codebook)
    text = write_mapping(proposal, source, desk.codebook, "2027", command="x")
    assert "#   likes: Q1. Aimez-vous les partenariats ?; close: Aime" in text
    assert "#   Autre" in text.partition("Columns of the file nobody reads")[2]


def test_undecided_value_is_written_without_an_answer_and_refused(desk):
    likes = ["Oui", "Un peu", "Non", "Peut-être", "Oui", "Oui", "Oui", "Oui"]
    with pytest.raises(InputError) as error:
        propose(desk, desk.write(**{"Aimez-vous les partenariats ?": likes}))
    text = (desk.folder / "mapping.yaml").read_text(encoding="utf-8")
    line = next(n for n, row in enumerate(text.splitlines(), 1) if "Peut-être:" in row)
    assert "which answer is this?" in text.splitlines()[line - 1]
    assert str(error.value).endswith(
        f"mapping.yaml: line {line}: questions.likes.answers.Peut-être: which answer 'Peut-être' "
        "means is not decided yet; valid are yes, a_little, no; or move it under missing "
        "(dont_know, refused, no_answer, not_asked)."
    )


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("respondent: ID", "respondent: IDD", "'IDD' is not a column of received.csv; valid"),
        ("respondent: ID", "respondent: IDD", "Did you mean ID?"),
        ("weight: Poids", "weight: poid", "Did you mean Poids?"),
        ("column: Région", "column: Regions", "Did you mean Région?"),
        ("strata: []", "strata: [size]", "'size' is not a mapped domain variable"),
        ("  region:", "  regio:", "'regio' is not one of the domains of the codebook"),
        ("  likes:", "  likse:", "Did you mean likes?"),
        ("Oui: yes", "Oui: yess", "'yess' is not an answer of likes; valid are"),
        ("Non: no", "Non:", "which answer 'Non' means is not decided yet"),
        ("NSP: dont_know", "NSP: unknown", "Input should be 'dont_know', 'refused'"),
        ("NSP: dont_know", "Oui: dont_know", "'Oui' is both an answer and missing"),
        ("separator: ;", "separator: ''", "a separator goes with one column under mentions"),
        ("jobs: Classez", "job: Classez", "'job' is not an answer of priorities"),
        ("jobs: Classez ces priorités [Emploi]", "jobs: Classez ces priorite [Emploi]",
         "Did you mean Classez ces priorités [Emploi]?"),
        ("mentions: [Pourquoi", "column: Pourquoi les aimez-vous ?\n    mentions: [Pourquoi",
         "a multiple question takes columns or mentions, and only one of them"),
        ("trust: Notes sur dix - Confiance", "trust: Notes sur dix - Espoir",
         "questions.marks: reads the column Notes sur dix - Espoir twice"),
        ("column: Aimez-vous les partenariats ?", "column: Poids\n    holds: regions",
         "regions are read for region only"),
        ("wave: '2027'", "wave: 2026", "this mapping is for the wave '2026', but '2027' was asked"),
        ("survey: small", "survey: mayors", "this mapping is for the survey 'mayors', but 'small'"),
        ("  # Q4", "  fan: {column: ID, answers: {a: fan}}\n  # Q4", "is computed from other"),
        ("weight: Poids", "weight: Poids\nwieght: x", "Extra inputs are not permitted"),
        ("questions:", "questions: [", "not valid YAML"),
    ],
)  # fmt: skip
def test_mistakes_in_an_edited_mapping(desk, old, new, words):
    """Each names file, line and field, and what is close."""
    path = desk.write()
    propose(desk, path)
    target = desk.folder / "mapping.yaml"
    text = target.read_text(encoding="utf-8")
    assert old in text
    target.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_mapping(target, read_source(path), desk.codebook, wave="2027")
    assert words in str(error.value)
    assert "mapping.yaml: line " in str(error.value)


def test_question_without_the_one_it_depends_on(desk):
    path = desk.write()
    propose(desk, path)
    target = desk.folder / "mapping.yaml"
    text = target.read_text(encoding="utf-8")
    start, end = text.index("  # Q1"), text.index("  # Q2")
    target.write_text(text[:start] + text[end:], encoding="utf-8")
    with pytest.raises(InputError, match="questions.why: needs likes as well"):
        read_mapping(target, read_source(path), desk.codebook, wave="2027")


def test_numbers_without_quotes_are_values_all_the_same(desk):
    path = desk.write(
        **{"Aimez-vous les partenariats ?": None}, likes=["1", "2", "3"] * 2 + ["1", ""]
    )
    propose(desk, path)
    text = (desk.folder / "mapping.yaml").read_text(encoding="utf-8")
    assert "      1: yes" in text
    (desk.folder / "mapping.yaml").write_text(
        text.replace("      1: yes", "      1: yess"), "utf-8"
    )
    line = next(n for n, row in enumerate(text.splitlines(), 1) if "1: yes" in row)
    with pytest.raises(InputError, match=f"line {line}: questions.likes.answers.1: 'yess'"):
        read_mapping(desk.folder / "mapping.yaml", read_source(path), desk.codebook, wave="2027")
