"""The list of communes, against other official counts, and the codes checked with it."""

import shutil

import numpy as np
import pandas as pd
import pytest

from helpers.data.codebook import read_codebook
from helpers.data.communes import (
    FIRST_INHABITANTS,
    KINDS,
    classify_inhabitants,
    describe_communes,
    read_communes,
    resolve_communes,
)
from helpers.data.errors import InputError
from helpers.data.root import find_root

FILE = find_root() / "data" / "frames" / "communes.parquet"


@pytest.fixture(scope="module")
def communes():
    return read_communes()


def test_list_is_complete_and_small(communes):
    assert communes["kind"].value_counts()[KINDS].tolist() == [34_806, 45, 1_508, 483]
    assert communes["code"].is_monotonic_increasing
    assert communes["code"].str.fullmatch(r"\d[\dAB]\d{3}").all()
    assert communes["departement"].nunique() == 96
    assert communes["region_code"].nunique() == 13
    assert (communes["commune"].str[:2] == communes["departement"]).all()
    assert FILE.stat().st_size < 700_000


def test_list_agrees_with_the_départements_and_regions_of_the_crosswalk(communes):
    crosswalk = pd.read_csv(find_root() / "shapefiles" / "crosswalk.csv", dtype=str)
    expected = crosswalk.set_index("departement")["region_2016"].to_dict()
    pairs = communes[["departement", "region_code"]].drop_duplicates()
    assert dict(pairs.to_numpy()) == expected


def test_list_agrees_with_the_counts_of_another_edition(communes):
    """Communes by region, Code officiel géographique 2026: mergers since 2024 are few."""
    counts = pd.read_csv(find_root() / "data/frames/population.csv", dtype={"region_code": str})
    counts = counts[(counts["frame"] == "communes_by_population_class")]
    other = counts[counts["class"] == "total"].set_index("region_code")["value"]
    ours = communes[communes["kind"] == "commune"].groupby("region_code").size()
    assert (ours - other).abs().div(other).max() < 0.01


def test_populations_are_those_of_2017(communes):
    """INSEE, populations légales 2017: Paris 2 187 526, Marseille 863 310, Lyon 516 092."""
    known = communes.set_index("code")["inhabitants"]
    assert known[["75056", "13055", "69123"]].tolist() == [2_187_526, 863_310, 516_092]
    assert communes.loc[communes["kind"] == "commune", "inhabitants"].isna().sum() == 4


def test_parts_have_the_place_and_size_of_their_commune(communes):
    paris = communes[communes["commune"] == "75056"]
    assert paris["kind"].value_counts()[["commune", "arrondissement"]].tolist() == [1, 20]
    assert paris["inhabitants"].unique().tolist() == [2_187_526]


@pytest.mark.parametrize(
    ("value", "code", "name", "how"),
    [
        ("01004", "01004", "Ambérieu-en-Bugey", "commune"),
        (1004, "01004", "Ambérieu-en-Bugey", "commune"),
        (1004.0, "01004", "Ambérieu-en-Bugey", "commune"),
        ("1004.0", "01004", "Ambérieu-en-Bugey", "commune"),
        (" 2a004 ", "2A004", "Ajaccio", "commune"),
        ("75101", "75056", "Paris", "arrondissement"),
        ("69381", "69123", "Lyon", "arrondissement"),
        ("13216", "13055", "Marseille", "arrondissement"),
    ],
)
def test_codes_are_read_however_written(value, code, name, how):
    resolution = resolve_communes([value])
    assert resolution.codes.tolist() == [code]
    assert resolution.understood[["code", "name", "how"]].to_numpy().tolist() == [[code, name, how]]
    assert resolution.unresolved.empty


def test_each_code_of_the_list_is_read(communes):
    resolution = resolve_communes(communes["code"])
    assert resolution.codes.tolist() == communes["commune"].tolist()


@pytest.mark.parametrize(
    ("value", "reason", "closest"),
    [
        ("01999", "not in the list of communes of 2024", ("01456 Vongnes", "01457 Vonnas")),
        ("01000", "not in the list of communes of 2024", ("01001 L'Abergement-Clémenciat",)),
        ("97101", "overseas; the collection holds metropolitan France", ()),
        ("Lyon", "no INSEE code of a commune: five characters such as 01004 or 2A004", ()),
        ("=cmd()", "no INSEE code of a commune: five characters such as 01004 or 2A004", ()),
        ("99001", "not in the list of communes of 2024", ()),
    ],
)
def test_codes_not_in_the_list_have_a_reason(value, reason, closest):
    resolution = resolve_communes(pd.Series([value, "01004", None, value], index=[4, 5, 6, 7]))
    row = resolution.unresolved.iloc[0]
    assert (row["value"], row["n"], row["reason"], row["closest"]) == (value, 2, reason, closest)
    assert resolution.codes.notna().tolist() == [False, True, False, False]
    assert resolution.codes.index.tolist() == [4, 5, 6, 7]


def test_postal_codes_are_not_taken_for_communes():
    postal = pd.Series(["75010", "69001", "13100", "33000", "59800"], name="CP")
    with pytest.raises(InputError, match="Column 'CP': 4 of 5 codes end in 0 .*postal"):
        resolve_communes(postal)
    assert resolve_communes(["01010"]).unresolved.empty


def test_region_and_size_follow_from_the_commune():
    codes = pd.Series(["01004", None, "2A004", "75056", "01001"], index=list("abcde"))
    found = describe_communes(codes)
    assert found.loc["a"].tolist() == ["84", "01", "10000_plus", "2000_19999", 14_035]
    assert found.loc["b"].isna().all()
    assert found["region"].dropna().tolist() == ["84", "93+94", "11", "84"]
    assert found.loc["e", ["commune_size", "commune_band"]].tolist() == ["500_1999", "under_2000"]


def test_communes_without_a_population_have_a_region_and_no_size(communes):
    codes = communes.loc[communes["kind"].eq("commune") & communes["inhabitants"].isna(), "code"]
    found = describe_communes(codes)
    assert found["region"].notna().all()
    assert found[["commune_size", "commune_band"]].isna().all(axis=None)


def test_parts_and_unknown_codes_are_not_described():
    with pytest.raises(InputError, match="2 codes are not those of communes of 2024: 75101, x."):
        describe_communes(pd.Series(["75101", "x", "01004"]))


@pytest.mark.parametrize("name", FIRST_INHABITANTS)
def test_classes_are_those_of_the_codebook_and_begin_where_they_say(name):
    first = FIRST_INHABITANTS[name]
    assert read_codebook("mayors").variable(name).answer_ids == list(first)
    starts = pd.Series(list(first.values()))
    assert classify_inhabitants(starts, name).tolist() == list(first)
    ends = classify_inhabitants(starts[1:] - 1, name)
    assert ends.tolist() == list(first)[:-1]
    assert classify_inhabitants(pd.Series([np.nan]), name).isna().all()


def test_missing_and_damaged_lists_are_named(tmp_path):
    with pytest.raises(InputError, match="communes.parquet: no such file; rebuild it"):
        read_communes(root=tmp_path)
    target = tmp_path / "data" / "frames" / "communes.parquet"
    target.parent.mkdir(parents=True)
    target.write_bytes(FILE.read_bytes()[:1000])
    with pytest.raises(InputError, match="damaged"):
        read_communes(root=tmp_path)
    shutil.copy(FILE, target)
    whole = pd.read_parquet(target)
    for broken in (whole.drop(columns="commune"), whole.assign(commune="x"),
                   pd.concat([whole, whole[:1]])):  # fmt: skip
        broken.to_parquet(target)
        with pytest.raises(InputError, match="damaged"):
            read_communes(root=tmp_path)
