"""Territories of every vintage, as files write them, against the crosswalk and the boundaries."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data.codebook import read_codebook
from helpers.data.errors import InputError
from helpers.data.regions import read_crosswalk
from helpers.data.root import find_root
from helpers.data.territories import resolve_region, resolve_regions

FOLDER = find_root() / "shapefiles"
CROSSWALK = pd.read_csv(FOLDER / "crosswalk.csv", dtype=str)
NAMES = pd.read_csv(FOLDER / "names.csv", dtype=str)
# A column of regions is told from one of départements by more codes than these.
MOST = {"regions-2016": 3, "regions-2015": 5}


def goals(source, target="zones-2015"):
    return read_crosswalk(source, target).set_index("source")["target"]


def plain(text):
    return text.translate(str.maketrans("éèêôûîÎçà", "eeeouiIca"))


# Every area of every vintage


@pytest.mark.parametrize("vintage", ["regions-2016", "regions-2015", "departements"])
def test_every_code_of_a_vintage_goes_where_the_crosswalk_says(vintage):
    expected = goals(vintage)
    resolution = resolve_regions(expected.index)
    assert resolution.codes.tolist() == expected.tolist()
    assert resolution.unresolved.empty
    assert resolution.understood["n"].eq(1).all()


@pytest.mark.parametrize("vintage", ["regions-2016", "regions-2015", "departements"])
@pytest.mark.parametrize(
    "change",
    [str, plain, str.upper, lambda name: plain(name).lower().replace("-", " "),
     lambda name: f"  La région {name}"],
)  # fmt: skip
def test_every_name_is_read_whatever_its_accents_hyphens_and_capitals(vintage, change):
    rows = NAMES[(NAMES["vintage"] == vintage) & NAMES["kind"].ne("undivided département")]
    resolution = resolve_regions([change(name) for name in rows["name"]])
    assert resolution.codes.tolist() == rows["code"].map(goals(vintage)).tolist()


def test_names_are_those_of_the_boundaries_and_of_the_crosswalk():
    official = NAMES[NAMES["kind"] == "name"]
    for layer in ("departements", "regions-2016"):
        shapes = gpd.read_file(FOLDER / layer / f"{layer}.gpkg")
        names = official[official["vintage"] == layer].set_index("code")["name"]
        assert names.to_dict() == dict(zip(shapes["code"], shapes["name"], strict=True))
    old = official[official["vintage"] == "regions-2015"].drop_duplicates("code")
    pairs = CROSSWALK[["region_2015", "region_2015_name"]].drop_duplicates()
    assert old.set_index("code")["name"].to_dict() == dict(pairs.to_numpy())


@pytest.mark.parametrize("layer", ["zones-2015", "regions-2016"])
@pytest.mark.parametrize("column", ["name", "name_2015"])
def test_names_on_the_maps_are_read(layer, column):
    shapes = gpd.read_file(FOLDER / layer / f"{layer}.gpkg")
    expected = shapes["code"] if layer == "zones-2015" else shapes["zone"]
    assert resolve_regions(shapes[column]).codes.tolist() == expected.tolist()


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_labels_and_codes_of_the_codebook_are_read(lang):
    region = read_codebook("mayors").variable("region")
    codes = [answer.code for answer in region.answers]
    assert resolve_regions(region.labels(lang).values()).codes.tolist() == codes
    assert resolve_regions(codes).codes.tolist() == codes
    assert [resolve_region(code).code for code in codes] == codes


def test_each_name_has_one_meaning():
    """No two areas with different ways into the zones share a name, so none is guessed."""
    for name in NAMES.loc[~NAMES["kind"].isin(["overseas"]), "name"].unique():
        rows = NAMES[NAMES["name"] == name]
        zones = {
            code if vintage == "zones-2015" else goals(vintage)[code]
            for vintage, code in rows[["vintage", "code"]].to_numpy()
        }
        assert len(zones) == 1


# What a code means depends on its column


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ([11, 24, 27, 28], ["11", "24", "27", "28"]),  # four: no region has so many
        ([11.0, 24.0, np.nan, 27.0, 28.0], ["11", "24", None, "27", "28"]),
        (["11", "93+94"], ["11", "93+94"]),
        (["11", "94", "Corse et Provence Alpes Côte d'Azur"], ["11", "93+94", "93+94"]),
        ([21, 22, 23, 25, 26, 31], ["44", "32", "28", "28", "27", "32"]),
        (["1", "01", "2a", "2B", "13"], ["84", "84", "93+94", "93+94", "93+94"]),
        (["13", "20"], ["93+94", "93+94"]),
        (["024", "012"], ["75", "76"]),
        ([52, 53, 54, 55], ["44", "52", "44", "44"]),
        (["52", "53"], None),
        ([27, 76], None),  # Eure and Seine-Maritime, or Bourgogne-Franche-Comté and Occitanie
        ([75, 93, 94], None),  # Paris and two neighbours, or three regions
        ([26, 42, 43, 73, 74], None),  # five départements of Auvergne-Rhône-Alpes
        ([31], None),
    ],
)
def test_the_column_decides(values, codes):
    if codes is None:
        with pytest.raises(InputError, match="can be read as regions.* or .*vintage="):
            resolve_regions(values)
    else:
        found = resolve_regions(values).codes
        assert found.astype(object).where(found.notna(), None).tolist() == codes


@pytest.mark.parametrize("vintage", MOST)
def test_threshold_is_the_most_one_region_can_confuse(vintage):
    """The docstring's 3 and 5: départements of one region whose codes are codes of regions."""
    shared = CROSSWALK["departement"].isin(goals(vintage).index)
    assert shared.groupby(CROSSWALK["region_2016"]).sum().max() == MOST[vintage]


def test_name_of_the_column_and_vintage_settle_what_codes_do_not():
    assert resolve_regions(pd.Series([27, 76], name="Région")).codes.tolist() == ["27", "76"]
    assert resolve_regions(pd.Series([27, 76], name="Q0_DEPT")).codes.tolist() == ["28", "28"]
    assert resolve_regions([27, 76], vintage="departements").codes.tolist() == ["28", "28"]
    assert resolve_regions([31, 11], vintage="regions-2015").codes.tolist() == ["32", "11"]
    assert resolve_regions(["11", "31"], vintage="regions-2016").unresolved["value"][0] == "31"


def test_mixed_vintages_are_refused():
    with pytest.raises(InputError, match="'region': 2 codes mix .* \\(27 are new, 21 old\\)"):
        resolve_regions(pd.Series([21, 27], name="region"))
    codes = sorted({*goals("regions-2016").index, *goals("regions-2015").index})
    with pytest.raises(InputError, match="29 codes mix regions of 2016 and before"):
        resolve_regions(codes)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(sorted(goals("departements").index)), min_size=1))
def test_a_column_of_departements_is_never_misread_silently(codes):
    """Either read as départements, refused, or so confined to codes of regions that it is one."""
    expected = goals("departements")[codes].tolist()
    try:
        resolution = resolve_regions(codes)
    except InputError:
        return
    if resolution.codes.tolist() != expected:
        # Nothing else than codes of regions, more than one region's départements could give.
        how = resolution.understood["how"].iloc[0]
        vintage = "regions-2016" if how == "code of a region of 2016" else "regions-2015"
        assert len(set(codes)) > MOST[vintage]


# What is not understood


def test_values_are_explained_and_counted():
    values = pd.Series(["75 - Paris", "Essonne (91)", "idf", None, " ", "idf"], index=range(9, 15))
    resolution = resolve_regions(values)
    assert resolution.codes.index.tolist() == list(range(9, 15))
    assert resolution.codes.isna().tolist() == [False, False, False, True, True, False]
    assert resolution.understood.to_numpy().tolist() == [
        ["75 - Paris", 1, "11", "Paris", "name of a département"],
        ["Essonne (91)", 1, "11", "Essonne", "name of a département"],
        ["idf", 2, "11", "Île-de-France", "abbreviation of a region of 2016"],
    ]


@pytest.mark.parametrize(
    ("value", "reason", "closest"),
    [
        ("Bretange", "not understood", "Bretagne"),
        ("Zürich", "not understood", None),
        ("Guadeloupe", "overseas; the collection holds metropolitan France", None),
        ("Saint Martin", "overseas; the collection holds metropolitan France", None),
        ("974", "overseas; the collection holds metropolitan France", None),
        ("974 - La Réunion", "overseas; the collection holds metropolitan France", None),
        ("13055", "five digits, as of a commune or a postal code", None),
        ("59 - Paris", "its code and its name disagree", "Paris"),
        ("=cmd()", "not understood", None),
    ],
)
def test_unresolved_values_have_a_reason(value, reason, closest):
    unresolved = resolve_regions([value, "Ain", value]).unresolved
    assert unresolved[["value", "n", "reason"]].to_numpy().tolist() == [[value, 2, reason]]
    assert (unresolved["closest"][0] + (None,))[0] == closest


def test_overseas_regions_are_not_taken_for_departements():
    every = ["01", "02", "03", "04", "06", *goals("regions-2016").index]
    resolution = resolve_regions(every)
    assert resolution.unresolved["value"].tolist() == every[:5]
    assert resolution.unresolved["reason"].str.startswith("overseas").all()
    assert resolve_regions(["01", "02", "03"]).codes.tolist() == ["84", "32", "84"]


def test_a_wrong_code_does_not_change_the_reading_of_the_others():
    resolution = resolve_regions(["11", "24", "27", "28", "99"])
    assert resolution.codes.tolist()[:4] == ["11", "24", "27", "28"]
    assert resolution.unresolved["reason"].tolist() == ["no code of a region or département"]


def test_a_code_of_a_departement_among_regions_is_no_proof_of_departements():
    values = ["11", "24", "27", "28", "30"]
    with pytest.raises(InputError, match="\\(30 only as departements\\): say which"):
        resolve_regions(values)
    assert resolve_regions(pd.Series(values, name="REG")).unresolved["value"].tolist() == ["30"]
    assert resolve_regions(values, vintage="departements").codes.tolist()[-1] == "76"


def test_larger_areas_are_never_split():
    assert resolve_regions(["Ain", "2A"], target="departements").codes.tolist() == ["01", "2A"]
    unresolved = resolve_regions(["Bretagne", "93+94"], target="departements").unresolved
    assert unresolved["reason"][0] == "Bretagne cannot be split into departements"
    assert resolve_regions(["93+94"], target="regions-2016").unresolved["n"].tolist() == [1]
    assert resolve_regions(["Alsace"], target="regions-2016").codes.tolist() == ["44"]


@pytest.mark.parametrize("options", [{"target": "regions"}, {"vintage": "2016"}])
def test_unknown_vintages_are_refused(options):
    for resolve in (resolve_region, lambda value, **given: resolve_regions([value], **given)):
        with pytest.raises(InputError, match="is unknown; valid: departements, regions-2015"):
            resolve("11", **options)


# One value


@pytest.mark.parametrize(
    ("value", "code", "name"),
    [
        ("11", "11", "Île-de-France"),  # a code of the target is taken at its word
        (13, "93+94", "Provence-Alpes-Côte d'Azur et Corse"),
        ("bouches du rhone", "93+94", "Provence-Alpes-Côte d'Azur et Corse"),
        ("21", None, "Champagne-Ardenne.*Côte-d'Or"),
        ("Alsace", "44", "Grand Est"),
        ("Hauts de france", "32", "Hauts-de-France"),
        ("Haut de France", None, "closest: Hauts-de-France"),
        ("974", None, "overseas"),
        ("", None, "none given"),
        (None, None, "none given"),
    ],
)
def test_one_region_is_resolved_or_refused_with_what_is_close(value, code, name):
    if code:
        territory = resolve_region(value)
        assert (territory.code, territory.name) == (code, name)
    else:
        with pytest.raises(InputError, match=name):
            resolve_region(value)


def test_vintage_settles_one_code():
    assert resolve_region("21", vintage="departements").name == "Bourgogne-Franche-Comté"
    assert resolve_region("21", vintage="regions-2015").name == "Grand Est"
    assert resolve_region("21", vintage="regions-2015").how == "code of a region before 2016"


def test_missing_and_damaged_names_are_named(tmp_path, monkeypatch):
    for folder in ("data", "shapefiles"):
        (tmp_path / folder).mkdir()
    monkeypatch.setenv("STUDIES_HOME", str(tmp_path))
    with pytest.raises(InputError, match="shapefiles/names.csv: no such file"):
        resolve_region("11")
    (tmp_path / "shapefiles" / "names.csv").write_text("code,name\n", encoding="utf-8")
    with pytest.raises(InputError, match="names.csv: 2 columns missing: vintage, kind"):
        resolve_region("11")
