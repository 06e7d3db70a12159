"""Arithmetic audits: hand counts, and the inconsistencies known in the sources."""

import pandas as pd
import pytest

from helpers.data.published import read_audits
from helpers.stats.audits import base_for_gap, is_possible, run_audits

STUDIES = [
    "mayor_survey",
    "regional_partnerships",
    "phare_companies",
    "phare_associations",
    "phare_citizens",
    "evaluation_synthesis",
]


@pytest.fixture(scope="module")
def audits():
    return run_audits(STUDIES).set_index("audit")


def test_every_audit_runs(audits):
    assert set(audits.index) == set(read_audits()["audit"])
    assert (audits["low"] <= audits["computed"] + 1e-9).all()
    assert (audits["computed"] <= audits["high"] + 1e-9).all()


def test_known_inconsistencies_come_out(audits):
    found = audits[audits["verdict"] == "inconsistent"]
    assert list(found.index) == ["A04", "A09", "A11"]
    assert list(found["computed"].round(1)) == [136.0, 18.0, 7.6]


@pytest.mark.parametrize(
    ("audit", "value"),
    [
        ("A13", 240_541),  # 89,000 / 0.37
        ("A14", 702_632),  # 267,000 / 0.38
        ("A15", 34_873),  # 22,319 / 0.64
        ("A16", 16.67),  # (38 - 35) / (53 - 35)
        ("A19", 5.62),  # 1.96 x 0.5 / sqrt(304)
        ("A21", 138.74),  # 302 / (3 x (0.84² + 0.14² + 0.02²))
        ("A22", 46.86),  # (35 - 0.84 x 32 - 0.02 x 78) / 0.14
        ("A23", 249),
    ],
)
def test_implied_values_by_hand(audits, audit, value):
    assert audits.loc[audit, "computed"] == pytest.approx(value, rel=1e-3)


def test_grim_by_hand():
    """Out of 7: 0, 14, 29, 43, 57, 71, 86, 100 and nothing else."""
    possible = [percent for percent in range(101) if is_possible(percent, 7)]
    assert possible == [0, 14, 29, 43, 57, 71, 86, 100]


def test_grim_with_a_decimal():
    assert is_possible(33.3, 3, decimals=1)
    assert not is_possible(33.4, 3, decimals=1)


def test_any_whole_percentage_is_possible_from_a_hundred_respondents():
    assert all(is_possible(percent, n) for percent in range(101) for n in (100, 304))


def test_base_for_gap_is_where_the_test_turns():
    """At that base, and not one below, z reaches 1.96 (share 43, whole 37)."""
    z = [(0.43 - 0.37) / (0.37 * 0.63 / n) ** 0.5 for n in (248, 249)]
    assert z[0] < 1.959964 <= z[1]
    assert base_for_gap(0.43, 0.37) == 249


def test_an_unknown_figure_is_named(tmp_path, monkeypatch):
    from helpers.data import published
    from helpers.data.errors import InputError

    bad = pd.DataFrame([["A99", "sum", "F001 F999", "100", "x"]],
                       columns=["audit", "kind", "figures", "claim", "says"])  # fmt: skip
    real = published._read_text
    monkeypatch.setattr(
        published,
        "_read_text",
        lambda name, columns, root: bad if name == "audits.csv" else real(name, columns, root),
    )
    with pytest.raises(InputError, match=r"audits.csv: not in figures.csv: F999"):
        read_audits()
