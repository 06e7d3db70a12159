"""The estimate table: the one form in which every result of the collection comes."""

from dataclasses import dataclass

import pandas as pd
import pandera.pandas as pa

from helpers.data.contracts import check_contract
from helpers.data.errors import InputError
from helpers.data.language import message, tr, write_percent
from helpers.data.responses import Wave
from helpers.stats.calibration import read_calibration
from helpers.stats.cells import (
    DOMAIN,
    UNNAMED,
    code_domain,
    find_item,
    is_score,
    list_answers,
    split_item,
)
from helpers.stats.contrasts import adjust_p_values, contrast_with_rest
from helpers.stats.estimates import estimate_proportions
from helpers.stats.means import estimate_means
from helpers.stats.publication import WITHHELD, qualify_reconstructed
from helpers.stats.reliability import RULES, flag
from helpers.stats.suppression import suppress_complements
from helpers.stats.withholding import hide_confidential

_SHARE = pa.Column(float, pa.Check.in_range(0, 1), nullable=True)
_VALUE = pa.Column(float, nullable=True)
_POSITIVE = pa.Column(float, pa.Check.ge(0), nullable=True)
_NUMBER = pa.Column(float, nullable=True)
STATES = ["ok", "warn", "suppress", "not_published", "no_base"]
MARKS = ["higher", "lower", "none", "untestable"]
# Greatest value of an estimate in each unit: shares of 1, mean scores out of 10.
UNITS = {"share": 1.0, "score_10": 10.0}


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
    item = find_item(wave, question)
    domain = code_domain(wave, by)
    frame = wave.respondents.assign(**{DOMAIN: domain})
    estimate = _estimate_mean if is_score(item) else _estimate_shares
    parts = [_estimate_part(frame, wave, part, by, rule, estimate) for part in split_item(item)]
    table = pd.concat(parts, ignore_index=True).rename(columns={DOMAIN: "domain"})
    table = table.assign(
        survey=wave.survey,
        wave=wave.name,
        actor=table["domain"] if by == "actor" else wave.codebook.actor,
        question=question,
        domain_variable=by or "",
        domain="" if by is None else table["domain"].astype(str),
        unit="score_10" if is_score(item) else "share",
        provenance=wave.provenance,
    )
    if wave.provenance == "reconstructed":
        table = qualify_reconstructed(table, wave)
    elif by is not None:
        table = _protect(table, rule)
    table = hide_confidential(_withhold(table[table["domain"] != UNNAMED]), wave)
    table = mark_domains(table, by, rule)
    order = {answer: place for place, answer in enumerate(list_answers(item))}
    table = table.sort_values("answer", key=lambda ids: ids.map(order), kind="stable")
    if by is not None:
        levels = {level: place for place, level in enumerate(wave.codebook.variable(by).answer_ids)}
        table = table.sort_values("domain", key=lambda ids: ids.map(levels), kind="stable")
    table = table[list(ESTIMATE_SCHEMA.columns)].reset_index(drop=True)
    return check_contract(table, ESTIMATE_SCHEMA, name="estimate table")


def _estimate_part(frame, wave: Wave, part, by: str | None, rule: Rule, estimate) -> pd.DataFrame:
    columns, answers, nets = part
    answered = frame[columns].notna()
    if not (answered.any(axis=None) if isinstance(columns, list) else answered.any()):
        return _empty_part(frame, [*answers, *nets])
    table, contrasts = estimate(frame, wave, part, by is not None, rule)
    table["reason"] = table["reason"].fillna("")
    if contrasts is None:
        return table
    wanted = ["difference", "difference_se", "p_value", "smallest_gap", "base_needed"]
    return table.merge(contrasts[[DOMAIN, "answer", *wanted]], on=[DOMAIN, "answer"], how="left")


def _options(wave: Wave) -> dict:
    return {"design": wave.design, "by": DOMAIN, "calibration": read_calibration(wave)}


def _estimate_shares(frame, wave: Wave, part, contrasted: bool, rule: Rule):
    columns, answers, nets = part
    options = {"answers": answers, "nets": nets, **_options(wave)}
    table = flag(estimate_proportions(frame, columns, **options), rule=rule.reliability)
    return table, contrast_with_rest(frame, columns, **options) if contrasted else None


def _estimate_mean(frame, wave: Wave, part, contrasted: bool, rule: Rule):
    """The mean of one item, named by it; a mean cannot leave its scale, nor can its interval."""
    column, (answer,), _ = part
    options = _options(wave)
    table = estimate_means(frame, column, limits=(0, UNITS["score_10"]), **options)
    table = flag(table, rule=rule.reliability, measure="mean").assign(answer=answer)
    bounds = ["ci_low", "ci_high"]
    table[bounds] = table[bounds].clip(0, UNITS["score_10"])
    if not contrasted:
        return table, None
    return table, contrast_with_rest(frame, column, measure="mean", **options).assign(answer=answer)


def _empty_part(frame, answers: list[str]) -> pd.DataFrame:
    levels = frame[DOMAIN].cat.categories
    index = pd.MultiIndex.from_product([levels, answers], names=[DOMAIN, "answer"])
    table = index.to_frame(index=False).reindex(columns=[DOMAIN, "answer", *WITHHELD])
    return table.assign(n=0, n_weighted=0.0, reliability="no_base", reason=tr("nobody answered"))


def _protect(table: pd.DataFrame, rule: Rule) -> pd.DataFrame:
    """Withhold what would give a cell of too few respondents away by subtraction.

    The domains of an answer add up to the whole, which is shown. Within a
    domain nothing can be subtracted: too small a base withholds all its
    answers. A cell withheld for want of precision alone is no secret, and
    hiding others for its sake would show the low figures and hide the high.
    """
    least = RULES[rule.reliability].suppress_n or 0
    table = table.copy()
    # Respondents without a domain are in no shown row: one more unknown of each total.
    table.loc[table["domain"] == UNNAMED, ["reliability", "reason"]] = ["suppress", ""]
    few = (table["n"] < least) & (table["domain"] != UNNAMED)
    return suppress_complements(table, totals=[["answer"]], protect=few)


def _withhold(table: pd.DataFrame) -> pd.DataFrame:
    """Empty the numbers of cells that may not be shown; keep base and reason."""
    table = table.copy()
    empty = (table["n"] == 0) & (table["reliability"] != "not_published")
    table.loc[empty, "reliability"] = "no_base"
    table.loc[empty, "reason"] = tr("nobody answered")
    hidden = table["reliability"].isin(["suppress", "no_base"])
    table.loc[hidden, WITHHELD[2:]] = float("nan")
    return table


def mark_domains(table: pd.DataFrame, by: str | None, rule: Rule) -> pd.DataFrame:
    """Correct the p-values over the domains of each answer, and mark what is significant.

    Parameters
    ----------
    table : pandas.DataFrame
        Rows of an estimate table with `difference` and `p_value`.
    by : str or None
        Domain variable; None for the whole, which is not compared.
    rule : Rule

    Returns
    -------
    pandas.DataFrame
        The rows with `p_adjusted` and `mark`; rows without an estimate hold no test.
    """
    tests = ["difference", "difference_se", "p_value", "smallest_gap", "base_needed"]
    table = table.reindex(columns=list(dict.fromkeys([*table.columns, *tests])))
    comparable = table["estimate"].notna() & (by is not None)
    table.loc[~comparable, tests] = float("nan")
    adjusted = table.groupby("answer", sort=False)["p_value"].transform(
        lambda p: adjust_p_values(p.to_numpy(), method=rule.correction)
    )
    table["p_adjusted"] = adjusted
    table["mark"] = "none"
    significant = adjusted < rule.alpha
    table.loc[significant & (table["difference"] > 0), "mark"] = "higher"
    table.loc[significant & (table["difference"] < 0), "mark"] = "lower"
    table.loc[adjusted.isna(), "mark"] = "untestable"
    return table
