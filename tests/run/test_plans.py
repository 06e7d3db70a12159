"""What is asked is checked before anything runs; right names are offered for wrong ones."""

from pathlib import Path

import pytest

from helpers.data.errors import InputError
from helpers.run.inputs import check_inputs
from helpers.run.plans import Run, plan_runs, put_longest_first

PARAMETERS = """\
wave = "2016"
alpha = 0.05  # level
top = 3
split = False
by = "area"
"""
READ = "wave, alpha, top, split, by"


@pytest.fixture
def studies(collection):
    collection.write_study("00-guide", parameters="verbose = False", surveys=())
    collection.write_study(
        "01-both", READ, parameters=PARAMETERS, surveys=("companies", "associations")
    )
    collection.write_study("02-mayors", READ, parameters=PARAMETERS)
    return collection


def list_plan(*studies, **options):
    return [(run.study, run.wave) for run in plan_runs(list(studies), **options)]


@pytest.mark.usefixtures("studies")
class TestPlans:
    def test_everything(self):
        assert list_plan() == [
            ("00-guide", ""),
            ("01-both", "2015"),
            ("01-both", "demo"),
            ("02-mayors", "2016"),
            ("02-mayors", "2024"),
            ("02-mayors", "demo"),
        ]

    def test_one_wave_of_every_study_that_has_it(self):
        assert list_plan(waves=["demo"]) == [("01-both", "demo"), ("02-mayors", "demo")]
        assert list_plan(waves=["2024"]) == [("02-mayors", "2024")]

    @pytest.mark.parametrize(
        "name", ["02-mayors", "02", "02-mayors.ipynb", "notebooks/02-mayors.ipynb"]
    )
    def test_ways_to_name_a_study(self, name):
        assert list_plan(name, waves=["2016"]) == [("02-mayors", "2016")]

    def test_studies_named_twice_or_backwards(self):
        assert list_plan("02", "01", "02-mayors", waves=["demo"]) == [
            ("01-both", "demo"),
            ("02-mayors", "demo"),
        ]

    def test_page_of_a_run(self):
        (guide,) = plan_runs(["00"])
        (demo,) = plan_runs(["02"], waves=["demo"])
        assert guide.page.as_posix() == "00-guide.html"
        assert demo.page.as_posix() == "demo/02-mayors.html"

    @pytest.mark.parametrize(
        ("text", "value"), [("0.1", 0.1), ("1", 1.0), ("1e-3", 0.001), ("-2.5", -2.5)]
    )
    def test_number(self, text, value):
        (run,) = plan_runs(["02"], waves=["demo"], parameters={"alpha": text})
        assert run.parameters == {"wave": "demo", "alpha": value}
        assert type(run.parameters["alpha"]) is float

    @pytest.mark.parametrize(
        ("name", "text", "value"),
        [("split", "True", True), ("top", "7", 7), ("by", "7", "7"), ("by", "", "")],
    )
    def test_value_in_the_type_of_its_default(self, name, text, value):
        (run,) = plan_runs(["02"], waves=["demo"], parameters={name: text})
        assert run.parameters[name] == value
        assert type(run.parameters[name]) is type(value)

    @pytest.mark.parametrize(
        ("name", "text", "kind"),
        [
            ("alpha", "high", "float"),
            ("alpha", "0,1", "float"),
            ("alpha", "True", "float"),
            ("alpha", "", "float"),
            ("top", "2.5", "int"),
            ("top", "True", "int"),
            ("split", "1", "bool"),
            ("split", "yes", "bool"),
            ("top", "__import__('os')", "int"),
        ],
    )
    def test_value_of_the_wrong_type(self, name, text, kind):
        with pytest.raises(InputError) as error:
            plan_runs(["02"], parameters={name: text})
        assert f"02-mayors: parameter {name}: " in str(error.value)
        assert f"is not a {kind}" in str(error.value)

    def test_unknown_parameter(self):
        with pytest.raises(InputError, match=r"02-mayors: .*colour; valid are wave, alpha, top"):
            plan_runs(["02"], parameters={"colour": "red", "top": "1"})

    @pytest.mark.parametrize(
        ("name", "words"),
        [
            ("02-mayor", "Did you mean 02-mayors?"),
            ("9", "valid are 00-guide, 01-both, 02-mayors"),
            ("", "valid are 00-guide"),
            ("0", "valid are 00-guide"),
        ],
    )
    def test_unknown_study(self, name, words):
        with pytest.raises(InputError) as error:
            plan_runs([name])
        assert f"{name!r} is not a study" in str(error.value)
        assert words in str(error.value)

    @pytest.mark.parametrize(
        ("names", "wave", "words"),
        [
            ([], "2061", "No study has the wave '2061'; valid are 2015, 2016, 2024, demo"),
            (["02"], "2015", "02-mayors: '2015' is not a wave of mayors; valid are 2016"),
            (["01"], "2016", "not a wave of companies and associations; valid are 2015, demo"),
            (["00"], "demo", "00-guide: takes no wave"),
            (["01", "02"], "2016", "01-both: '2016' is not a wave"),
        ],
    )
    def test_unknown_wave(self, names, wave, words):
        with pytest.raises(InputError) as error:
            plan_runs(names, waves=[wave])
        assert words in str(error.value)

    def test_wave_given_twice(self):
        with pytest.raises(InputError, match="give the wave with --wave, not with -p"):
            plan_runs(["02"], waves=["demo"], parameters={"wave": "2016"})


def test_damaged_wave_stops_only_what_needs_it(studies):
    studies.path("data/surveys/mayors/demo/responses.parquet").write_bytes(b"PAR1")
    with pytest.raises(InputError, match="mayors/demo/responses.parquet: "):
        check_inputs(plan_runs())
    check_inputs(plan_runs(["02"], waves=["2016"]))


@pytest.mark.parametrize("name", ["CITATION.cff", "data/surveys/disclosure.yaml"])
def test_what_every_page_ends_with_is_read_first(studies, name):
    studies.path(name).write_text("items: 1\n", encoding="utf-8")
    with pytest.raises(InputError, match=f"{name.rpartition('/')[2]}: "):
        check_inputs(plan_runs(["02"], waves=["2016"]))


def test_a_date_that_is_none_stops_before_any_run(studies, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "today")
    with pytest.raises(InputError, match="SOURCE_DATE_EPOCH is 'today'"):
        check_inputs(plan_runs(["02"], waves=["2016"]))


def test_region_that_is_not_in_the_boundaries(studies):
    studies.edit("data/surveys/domains.yaml", 'code: "52", id: "52"', 'code: "49", id: "49"')
    with pytest.raises(InputError, match=r"'49'.*Valid: 11, 24, 27, .*93\+94"):
        check_inputs(plan_runs(["02"], waves=["2016"]))


def test_missing_boundaries(studies, tmp_path):
    studies.path("shapefiles").unlink()
    studies.path("shapefiles").mkdir()
    with pytest.raises(InputError, match="zones-2015.gpkg: no such file"):
        check_inputs(plan_runs(["02"], waves=["2016"]))


def test_wave_given_as_a_parameter(studies):
    with pytest.raises(InputError, match="give the wave with --wave"):
        plan_runs(["02"], parameters={"wave": "demo"})


def test_default_that_is_no_plain_value(collection):
    collection.write_study("02-mayors", parameters='wave = "2016"\ntop = None')
    with pytest.raises(InputError, match="02-mayors: parameter top"):
        plan_runs(["02"], parameters={"top": "4"})


@pytest.mark.parametrize(
    "file", ["published/figures.csv", "published/links.csv", "data/register.csv"]
)
def test_missing_common_file_is_told_before_anything_runs(studies, file):
    studies.path(f"data/{file.removeprefix('data/')}").unlink()
    with pytest.raises(InputError, match=f"{file}: no such file"):
        check_inputs(plan_runs(["02"], waves=["2016"]))


GRID = """\
wave = "2016"  # wave
region = "53"  # code of the region: {regions-2016}
lang = "fr"  # language of the page: {fr, en}
level = 1  # {1, 2, 3}
"""


def write_grid(collection):
    collection.write_study("02-mayors", "wave, region, lang, level")
    collection.write_study("05-portrait", "wave, region, lang, level", parameters=GRID)


class TestGrid:
    def test_each_allowed_value(self, collection):
        write_grid(collection)
        crossed = {"region": None, "lang": ["fr"]}
        runs = plan_runs(["05"], waves=["2016"], crossed=crossed)
        codes = ["11", "24", "27", "28", "32", "44", "52", "53", "75", "76", "84", "93", "94"]
        assert [run.parameters for run in runs] == [
            {"wave": "2016", "region": code, "lang": "fr"} for code in codes
        ]
        assert runs[0].page.as_posix() == "2016/05-portrait--region=11.fr.html"

    def test_every_language_unless_told(self, collection):
        write_grid(collection)
        runs = plan_runs(["05"], waves=["2016"])
        assert [run.lang for run in runs] == ["fr", "en"]
        assert [run.page.name for run in runs] == ["05-portrait.fr.html", "05-portrait.en.html"]
        [only] = plan_runs(["05"], waves=["2016"], parameters={"lang": "en"})
        assert (only.lang, only.variant) == ("en", "")

    def test_waves_languages_and_regions_cross(self, collection):
        write_grid(collection)
        crossed = {"lang": ["fr", "en"], "region": None}
        runs = plan_runs(["05"], waves=["2016", "demo"], crossed=crossed)
        assert len(runs) == len({run.page for run in runs}) == 2 * 2 * 13
        assert runs[-1].parameters == {"wave": "demo", "lang": "en", "region": "94"}

    def test_study_without_the_parameter_runs_once(self, collection):
        write_grid(collection)
        pages = [
            run.page.as_posix()
            for run in plan_runs(waves=["demo"], crossed={"level": None, "lang": ["fr"]})
        ]
        assert pages == ["demo/02-mayors.html",
                         *(f"demo/05-portrait--level={n}.fr.html" for n in (1, 2, 3))]  # fmt: skip

    def test_values_have_the_type_of_the_default(self, collection):
        write_grid(collection)
        runs = plan_runs(["05"], waves=["demo"], crossed={"level": None, "lang": ["fr"]})
        assert [run.parameters["level"] for run in runs] == [1, 2, 3]

    @pytest.mark.parametrize(
        ("names", "options", "words"),
        [
            (["02"], {"crossed": {"region": None}}, "02-mayors: unknown parameter: region"),
            ([], {"crossed": {"colour": None}}, "unknown parameter: colour; valid are lang, level"),
            ([], {"crossed": {"lang": ["de"]}}, "lang: 'de' is not allowed; valid are fr, en"),
            (
                ["05"],
                {"parameters": {"region": "Bretange"}},
                "parameter region: Region 'Bretange': not understood; closest: Bretagne",
            ),
            (["05"], {"parameters": {"lang": "de"}}, "'de' is not allowed; valid are fr, en"),
            (["05"], {"parameters": {"level": "x"}}, "parameter level: 'x' is not a int"),
            (["05"], {"crossed": {"wave": None}}, "give the wave with --wave"),
            (
                ["05"],
                {"crossed": {"lang": None}, "parameters": {"lang": "fr"}},
                "lang: given both one value and several",
            ),
        ],
    )  # fmt: skip
    def test_grid_that_cannot_be(self, collection, names, options, words):
        write_grid(collection)
        with pytest.raises(InputError) as error:
            plan_runs(names, **options)
        assert words in str(error.value)

    @pytest.mark.parametrize(
        ("text", "code"),
        [("53", "53"), ("35", "53"), ("bretagne", "53"), ("Rhône-Alpes", "84"), ("2A", "94")],
    )
    def test_territory_by_another_name(self, collection, text, code):
        write_grid(collection)
        (run,) = plan_runs(["05"], waves=["2016"], parameters={"region": text, "lang": "fr"})
        assert run.parameters["region"] == code
        assert run.page.as_posix() == f"2016/05-portrait--region={code}.fr.html"

    def test_study_of_any_wave_reads_the_surveys_that_hold_it(self, collection):
        collection.write_study(
            "05-portrait", "wave", surveys=("companies", "mayors"), waves="any"
        )  # fmt: skip
        runs = plan_runs(["05"])
        assert [(run.wave, run.surveys) for run in runs] == [
            ("2015", ("companies",)),
            ("2016", ("mayors",)),
            ("2024", ("mayors",)),
            ("demo", ("companies", "mayors")),
        ]
        check_inputs(runs)

    def test_parameter_without_a_list_of_values(self, studies):
        with pytest.raises(InputError, match="parameter alpha: its comment lists no values"):
            plan_runs(["02"], crossed={"alpha": None})

    def test_default_outside_its_values(self, collection):
        collection.write_study("02-mayors", "lang", parameters='lang = "de"  # {fr, en}')
        with pytest.raises(InputError, match="default 'de' is not among .* fr, en"):
            plan_runs(["02"])

    def test_some_waves_of_some_studies(self, studies):
        assert list_plan("01", "02", waves=["2015", "2016"]) == [
            ("01-both", "2015"),
            ("02-mayors", "2016"),
        ]


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("print(alpha)", True),
        ("f'{alpha:.2f}'", True),
        ("frame.query('p < @alpha')", True),
        ("%time f(alpha)", True),
        ("!echo $alpha", True),
        ("x = = alpha", True),
        ("alpha = 1", False),
        ("# alpha", False),
        ("x.alpha", False),
        ("'alpha'", False),
        ("alphabet", False),
    ],
)
def test_parameter_nobody_reads_is_refused(collection, cell, read):
    collection.write_study("02-mayors", cell, parameters="alpha = 0.05")
    if read:
        assert plan_runs(["02"], waves=["demo"], parameters={"alpha": "1"})
    else:
        with pytest.raises(InputError, match="parameter alpha: no later cell reads it"):
            plan_runs(["02"], waves=["demo"], parameters={"alpha": "1"})


@pytest.mark.parametrize(
    ("line", "value", "allowed"),
    [
        ("level = 0.05  # of the tests: {0 < level < 1}", "0.01", True),
        ("level = 0.05  # of the tests: {0 < level < 1}", "1", False),
        ("level = 0.05  # of the tests: {0 < level < 1}", "5", False),
        ("level = 0.05  # of the tests: {0 < level < 1}", "-0.1", False),
        ("level = 10  # {level >= 10}", "10", True),
        ("level = 10  # {level >= 10}", "9", False),
        ("level = [0.0, 0.1]  # {0 <= level < 1}", "[0.2, 0.9]", True),
        ("level = [0.0, 0.1]  # {0 <= level < 1}", "[0.2, 1]", False),
        ("level = [0.0, 0.1]  # {0 <= level < 1}", "['a']", False),
        ("level = [0.0, 0.1]  # {-1 < level < 1}", "[-0.5]", True),
        ("level = [0.0, 0.1]  # {-1 < level < 1}", "[-1.0]", False),
    ],
)
def test_bounds_of_a_parameter_are_checked_before_anything_runs(collection, line, value, allowed):
    collection.write_study("02-mayors", "print(level)", parameters=line)
    options = {"waves": ["demo"], "parameters": {"level": value}}
    if allowed:
        assert plan_runs(["02"], **options)
        return
    with pytest.raises(InputError, match="parameter level: .* is not allowed; it must be "):
        plan_runs(["02"], **options)


@pytest.mark.parametrize(
    "line", ["level = 2.0  # {0 < level < 1}", "level = 'a'  # {0 < level < 1}"]
)  # fmt: skip
def test_default_outside_its_bounds(collection, line):
    collection.write_study("02-mayors", "print(level)", parameters=line)
    with pytest.raises(InputError, match="parameter level: its default .* is not 0 < level < 1"):
        plan_runs(["02"], waves=["demo"])


@pytest.mark.parametrize("comment", ["{0 < other < 1}", "{level < n}", "{0 <}", "{0 == level}"])
def test_braces_that_are_no_bounds_of_the_parameter_are_refused(collection, comment):
    collection.write_study("02-mayors", "print(level)", parameters=f"level = 0.5  # {comment}")
    with pytest.raises(InputError, match="parameter level: its (default|comment)"):
        plan_runs(["02"], waves=["demo"])


def test_parameters_cell_that_is_no_python(collection):
    collection.write_study("02-mayors", parameters="alpha = = 1")
    with pytest.raises(InputError, match="02-mayors: the parameters cell is not valid Python"):
        plan_runs(["02"])


def test_longest_first_after_what_is_not_known():
    names = ["01-new", "02-short", "03-newer", "04-long", "05-short"]
    given = [Run(name, "2016", Path(f"{name}.ipynb")) for name in names]
    took = {given[1].page: 2.0, given[3].page: 30.0, given[4].page: 2.0}
    ordered = put_longest_first(given, took)
    assert ordered == [given[place] for place in (0, 2, 3, 1, 4)]
    assert put_longest_first(given, {}) == given


class TestEveryWave:
    @pytest.fixture(autouse=True)
    def _study(self, collection):
        collection.write_study("06-all", READ, parameters=PARAMETERS.partition("\n")[2],
                               surveys=("citizens",), waves="all")  # fmt: skip
        self.collection = collection

    def test_runs_once(self):
        (run,) = plan_runs()
        assert (run.wave, run.parameters, run.surveys) == ("", {}, ("citizens",))
        assert run.page.as_posix() == "06-all.html"

    def test_takes_no_wave(self):
        with pytest.raises(InputError, match="06-all: reads every wave of its surveys, so takes"):
            plan_runs(["06"], waves=["2015"])
        with pytest.raises(InputError, match="No study has the wave '2015'"):
            plan_runs(waves=["2015"])

    def test_every_wave_is_checked_first_but_no_demonstration(self):
        self.collection.path("data/surveys/citizens/demo/responses.parquet").write_bytes(b"PAR1")
        check_inputs(plan_runs(["06"]))
        self.collection.path("data/surveys/citizens/2019/responses.parquet").write_bytes(b"PAR1")
        with pytest.raises(InputError, match="citizens/2019/responses.parquet: "):
            check_inputs(plan_runs(["06"]))
