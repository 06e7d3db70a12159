"""The estimate table: the one form in which every result of the collection comes."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd
import pandera.pandas as pa

from helpers.data.contracts import check_contract
from helpers.data.errors import InputError
from helpers.data.language import message, tr, write_percent
from helpers.data.responses import Wave
from helpers.stats.cells import UNNAMED
from helpers.stats.contrasts import TESTED, adjust_p_values
from helpers.stats.publication import WITHHELD, qualify_reconstructed
from helpers.stats.reliability import RULES
from helpers.stats.rows import UNITS, estimate_rows
from helpers.stats.suppression import suppress_complements
from helpers.stats.withholding import hide_confidential

_SHARE = pa.Column(float, pa.Check.in_range(0, 1), nullable=True)
_VALUE = pa.Column(float, nullable=True)
_POSITIVE = pa.Column(float, pa.Check.ge(0), nullable=True)
_NUMBER = pa.Column(float, nullable=True)
STATES = ["ok", "warn", "suppress", "not_published", "no_base"]
MARKS = ["higher", "lower", "none", "untestable"]
_TABLE = ["question", "domain_variable"]


def _within_unit(table: pd.DataFrame) -> pd.Series:
    limit = table["unit"].map(UNITS)
    values = table[["estimate", "ci_low", "ci_high"]]
    return (values.isna() | (values.ge(0) & values.le(limit, axis=0))).all(axis=1)


ESTIMATE_SCHEMA = pa.DataFrameSchema(
    {
        **{
            name: pa.Column(str)
            for name in ("survey", "wave", "actor", "question", "answer")
        },
        "domain_variable": pa.Column(str),
        "domain": pa.Column(str),
        "unit": pa.Column(str, pa.Check.isin(list(UNITS))),
        "n": pa.Column(int, pa.Check.ge(0)),
        "n_weighted": _POSITIVE,
        "estimate": _VALUE,
        "se": _POSITIVE,
        "ci_low": _VALUE,
        "ci_high": _VALUE,
        "deff": _POSITIVE,
        "n_eff": _POSITIVE,
        "reliability": pa.Column(str, pa.Check.isin(STATES)),
        "reason": pa.Column(str),
        "difference": _NUMBER,
        "difference_se": _POSITIVE,
        "p_value": _SHARE,
        "p_adjusted": _SHARE,
        "mark": pa.Column(str, pa.Check.isin(MARKS)),
        "smallest_gap": _POSITIVE,
        "base_needed": _POSITIVE,
        "provenance": pa.Column(str, pa.Check.isin(["reconstructed", "demo", "real"])),
    },
    checks=[pa.Check(_within_unit, name="estimate and interval lie on the scale of their unit")],
    unique=["survey", "wave", "question", "answer", "domain_variable", "domain"],
    strict=True,
    coerce=True,
)  # fmt: skip


CORRECTIONS = {
    "holm": message("Holm correction"),
    "bh": message("Benjamini-Hochberg correction"),
    "none": message("no correction"),
}


@dataclass(frozen=True)
class Rule:
    """How estimates are flagged and domains are marked; printed wherever a mark is.

    Attributes
    ----------
    reliability : str
        Name of a rule of `helpers.stats.reliability`.
    alpha : float
        Level of the two-sided test, in (0, 1).
    correction : {"holm", "bh", "none"}
        Correction over the family: the domains of one answer.

    Raises
    ------
    InputError
        If a name is unknown or alpha is not between 0 and 1.
    """

    reliability: str = "nchs-2017"
    alpha: float = 0.05
    correction: str = "holm"

    def __post_init__(self):
        if not 0 < self.alpha < 1:
            raise InputError(f"alpha is {self.alpha!r}; it must be between 0 and 1.")
        for name, known in (("reliability", RULES), ("correction", CORRECTIONS)):
            if getattr(self, name) not in known:
                raise InputError(
                    f"{name} is {getattr(self, name)!r}; valid are {', '.join(known)}."
                )

    def describe(self, provenance: str = "", unit: str = "share") -> str:
        """The rule in one sentence, for waves of that provenance and estimates in that unit."""
        if provenance == "reconstructed":
            return tr(
                "Reconstructed wave: only cells that were published are shown, and nothing is "
                "tested, since the base of a domain was not published."
            )
        interval = tr("logit") if unit == "share" else tr("t, within the scale")
        return tr(
            "A domain is marked higher or lower when it differs from the rest of the respondents "
            "at the {level} level (two-sided t test on the survey design, {correction} "
            "over the domains of one answer); reliability by the rule {rule}; intervals at 95% "
            "({interval}).",
            level=write_percent(self.alpha, _count_decimals(100 * self.alpha)),
            correction=tr(CORRECTIONS[self.correction]),
            rule=self.reliability,
            interval=interval,
        )

    def describe_gaps(self, provenance: str = "") -> str:
        """How gaps between actors are marked, in one sentence, for waves of that provenance."""
        if provenance == "reconstructed":
            return self.describe(provenance)
        return tr(
            "A gap is marked when two actors differ at the {level} level (two-sided t test of two "
            "samples, each on its own design, {correction} over all answers and pairs of actors of "
            "the question); reliability by the rule {rule}; intervals at 95%.",
            level=write_percent(self.alpha, _count_decimals(100 * self.alpha)),
            correction=tr(CORRECTIONS[self.correction]),
            rule=self.reliability,
        )


def _count_decimals(value: float) -> int:
    """Decimals a number needs, at most four: 5 has none, 2.5 one."""
    return len(f"{value:.4f}".rstrip("0").partition(".")[2])


DEFAULT_RULE = Rule()


def estimate_question(
    wave: Wave, question: str, *, by: str | None = None, rule: Rule = DEFAULT_RULE
) -> pd.DataFrame:
    """Estimate one question of a wave, for the whole or by a domain variable.

    Parameters
    ----------
    wave : Wave
    question : str
        A question of type single, multiple or score, or a domain variable.
    by : str, optional
        Domain variable; every level of its codebook gets its rows.
    rule : Rule, optional

    Returns
    -------
    pandas.DataFrame
        An estimate table (`ESTIMATE_SCHEMA`): one row per domain and answer,
        nets after the answers. With the `unit` ``share``, estimates are shares
        (0 to 1); with ``score_10``, each item of a score question is an
        `answer` and its estimate a weighted mean (0 to 10). The `difference`,
        in the same unit, is the domain minus the rest of the base. Cells that are
        suppressed, have no base, or were not published hold no number, and say
        so in `reliability` and `reason`. Reconstructed waves follow
        `helpers.stats.publication` instead of the reliability rule, because
        their producer published the cell; nothing in them is tested. Real waves obey
        `helpers.stats.disclosure` as well, whatever the rule.

    Raises
    ------
    InputError
        If the wave has no such question or domain variable.
    """
    return estimate_tables(wave, [(question, by)], rule=rule)


def estimate_tables(
    wave: Wave, pairs: Iterable[tuple[str, str | None]], *, rule: Rule = DEFAULT_RULE
) -> pd.DataFrame:
    """Estimate many questions of a wave in one pass; much faster than one after the other.

    Parameters
    ----------
    wave : Wave
    pairs : iterable of tuple
        `question` and `by` of `estimate_question`; repeated ones count once.
    rule : Rule, optional

    Returns
    -------
    pandas.DataFrame
        The tables of `estimate_question`, pair after pair, in one.

    Raises
    ------
    InputError
        As `estimate_question`.
    """
    pairs = list(dict.fromkeys(pairs))
    if not pairs:
        return pd.DataFrame(columns=list(ESTIMATE_SCHEMA.columns))
    table = estimate_rows(wave, pairs, reliability=rule.reliability)
    if wave.provenance == "reconstructed":
        table = qualify_reconstructed(table, wave)
    else:
        table = _protect(table, rule)
    table = hide_confidential(_withhold(table[table["domain"] != UNNAMED]), wave)
    table = mark_domains(table, rule)[list(ESTIMATE_SCHEMA.columns)].reset_index(drop=True)
    return check_contract(table, ESTIMATE_SCHEMA, name="estimate table")


def _protect(table: pd.DataFrame, rule: Rule) -> pd.DataFrame:
    """Withhold what would give a cell of too few respondents away by subtraction.

    The domains of an answer add up to the whole, which is shown. Within a
    domain nothing can be subtracted: too small a base withholds all its
    answers. A cell withheld for want of precision alone is no secret, and
    hiding others for its sake would show the low figures and hide the high.
    """
    least = RULES[rule.reliability].suppress_n or 0
    table = table.copy()
    few = (table["domain_variable"] != "") & (table["n"] < least) & (table["domain"] != UNNAMED)
    # Where all respondents together are too few, the whole is withheld as well.
    few &= table.groupby([*_TABLE, "answer"])["n"].transform("sum") >= least
    # Respondents without a domain are in no shown row: one more unknown of each total.
    table.loc[table["domain"] == UNNAMED, ["reliability", "reason"]] = ["suppress", ""]
    secret = few & (table["n"] > 0) & (table["reliability"] == "suppress")
    for name, by in table.loc[secret, _TABLE].drop_duplicates().itertuples(index=False):
        rows = (table["question"] == name) & (table["domain_variable"] == by)
        own = suppress_complements(table[rows], totals=[["answer"]], protect=few[rows])
        table.loc[rows, ["reliability", "reason"]] = own[["reliability", "reason"]]
    return table


def _withhold(table: pd.DataFrame) -> pd.DataFrame:
    """Empty the numbers of cells that may not be shown; keep base and reason."""
    table = table.copy()
    empty = (table["n"] == 0) & (table["reliability"] != "not_published")
    table.loc[empty, "reliability"] = "no_base"
    table.loc[empty, "reason"] = tr("nobody answered")
    hidden = table["reliability"].isin(["suppress", "no_base"])
    table.loc[hidden, WITHHELD[2:]] = float("nan")
    return table


def mark_domains(table: pd.DataFrame, rule: Rule) -> pd.DataFrame:
    """Correct the p-values over the domains of each answer, and mark what is significant.

    Parameters
    ----------
    table : pandas.DataFrame
        Rows of an estimate table with `difference` and `p_value`; the whole is not compared.
    rule : Rule

    Returns
    -------
    pandas.DataFrame
        The rows with `p_adjusted` and `mark`; rows without an estimate hold no test.
    """
    table = table.copy()
    comparable = table["estimate"].notna() & (table["domain_variable"] != "")
    table.loc[~comparable, list(TESTED)] = float("nan")
    adjusted = pd.Series(float("nan"), index=table.index)
    tested = table[table["p_value"].notna()]
    for rows in tested.groupby([*_TABLE, "answer"], sort=False).indices.values():
        family = tested.index[rows]
        adjusted[family] = adjust_p_values(tested["p_value"].to_numpy()[rows], rule.correction)
    table["p_adjusted"] = adjusted
    table["mark"] = "none"
    significant = adjusted < rule.alpha
    table.loc[significant & (table["difference"] > 0), "mark"] = "higher"
    table.loc[significant & (table["difference"] < 0), "mark"] = "lower"
    table.loc[adjusted.isna(), "mark"] = "untestable"
    return table
