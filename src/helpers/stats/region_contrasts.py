"""A region against a reference on one sample: France, the rest, neighbours, similar regions."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.data.codebook import REGION
from helpers.data.errors import InputError
from helpers.data.language import message, tr
from helpers.data.regions import find_neighbours, read_regions
from helpers.data.responses import Wave
from helpers.stats.calibration import read_calibration
from helpers.stats.cells import DOMAIN, code_domain, find_item, is_score, split_item
from helpers.stats.contrasts import TESTED, compute_contrasts, contrast_pairs
from helpers.stats.disclosure import CONFIDENTIAL, protect_wave
from helpers.stats.plan import Plan
from helpers.stats.questions import read_answers, read_scores
from helpers.stats.reliability import RULES
from helpers.stats.results import DEFAULT_RULE, Rule, estimate_question, mark_domains
from helpers.stats.rows import LEVEL
from helpers.stats.similarity import measure_similarity
from helpers.stats.suppression import SECONDARY

KINDS = {
    "france": "France",
    "rest": message("the rest of France"),
    "neighbours": message("the neighbouring regions"),
    "similar": message("the most similar regions"),
}
_SIDE = "_side"
# What a comparison adds to the rows of an estimate table.
COMPARED = ["reference_estimate", "reference_n", "difference_low", "difference_high"]


@dataclass(frozen=True)
class Reference:
    """What a zone is compared with.

    Attributes
    ----------
    kind : {"france", "rest", "neighbours", "similar"}
    words : str
        The reference in words.
    zones : tuple of str
        Codes of the zones it pools.
    """

    kind: str
    words: str
    zones: tuple[str, ...]


def list_references(kind: str, *, root: Path | None = None) -> dict[str, Reference]:
    """What each of the twelve zones is compared with.

    Parameters
    ----------
    kind : {"france", "rest", "neighbours", "similar"}
    root : pathlib.Path, optional
        Root of the collection; found from the current folder by default.

    Returns
    -------
    dict of str to Reference
        In the order of the boundaries.

    Raises
    ------
    InputError
        If the kind is unknown.
    """
    if kind not in KINDS:
        raise InputError(f"reference {kind!r}: must be one of {', '.join(KINDS)}.")
    regions = read_regions("zones-2015")
    codes = regions["code"].tolist()
    if kind == "france":
        pools = dict.fromkeys(codes, tuple(codes))
    elif kind == "rest":
        pools = {code: tuple(other for other in codes if other != code) for code in codes}
    elif kind == "neighbours":
        pairs = find_neighbours(regions)
        pools = {code: tuple(pairs.loc[pairs["code"] == code, "neighbour"]) for code in codes}
    else:
        table = measure_similarity(root=root).query("nearest")
        pools = {code: tuple(table.loc[table["region"] == code, "other"]) for code in codes}
    return {code: Reference(kind, KINDS[kind], pools[code]) for code in codes}


def compare_references(
    wave: Wave,
    question: str,
    references: dict[str, Reference],
    *,
    answer: str | None = None,
    rule: Rule = DEFAULT_RULE,
    estimates: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Compare each region with its own reference, within one sample.

    Parameters
    ----------
    wave : Wave
        With the domain variable region.
    question : str
    references : dict of str to Reference
        From `list_references`: one for every region of the codebook.
    answer : str, optional
        The one answer to compare; all by default.
    rule : Rule, optional
    estimates : pandas.DataFrame, optional
        The estimate table of the question by region under this rule, where it is at
        hand; rows of the one answer will do.

    Returns
    -------
    pandas.DataFrame
        The rows of `helpers.stats.results.estimate_question` by region, in
        which `difference`, its tests and `mark` are those against the
        reference; with `reference_estimate`, `reference_n`, `difference_low`,
        `difference_high` (95 %) and `untested` (why there is no test; "" if
        there is one).

    Raises
    ------
    InputError
        If the wave has no such question, answer or region, or a region has no
        reference.

    Notes
    -----
    A pool of regions is one domain of the sample: region, reference and others
    are the three levels of one variable, and `contrast_pairs` compares the
    first two on the full design, calibration honoured. Against the rest, and
    against the whole, it is the test of the estimate table itself. The family
    of the correction is that of the estimate table: the regions of one answer,
    each against its own reference.

    A pool that holds a region withheld for its few respondents is withheld
    too: with the others shown, that region would follow by subtraction. So is the
    rest of a region, where the whole is withheld for confidentiality.
    """
    table = estimates
    if table is None:
        table = estimate_question(wave, question, by=REGION, rule=rule)
    missing = sorted(set(table["domain"]) - set(references))
    if missing:
        raise InputError(f"{len(missing)} regions without a reference: {', '.join(missing)}.")
    if answer is not None:
        known = table["answer"].unique()
        table = table[table["answer"] == answer].reset_index(drop=True)
        if table.empty:
            raise InputError(f"{question}: no answer {answer!r}; valid are {', '.join(known)}.")
    kinds = {reference.kind for reference in references.values()}
    pooled = kinds - {"france", "rest"}
    if wave.provenance == "reconstructed":
        return _leave_untested(table, wave, question, references, rule)
    item = find_item(wave, question)
    frame = wave.respondents.assign(**{DOMAIN: code_domain(wave, REGION)})
    sides = {code: _lay_sides(frame, code, references[code]) for code in references
             if references[code].kind in pooled}  # fmt: skip
    plans = [Plan(frame, wave.design, by=by, calibration=read_calibration(wave))
             for by in (DOMAIN, None)]  # fmt: skip
    tests = [
        _test_part(frame, plans, sides, wave, item, part, references)
        for part in split_item(item)
        if frame[part[0]].notna().any(axis=None) and answer in (None, *part[1], *part[2])
    ]
    tests = tests or [pd.DataFrame(columns=["domain", "answer", *TESTED, *COMPARED, "untested"])]
    table = table.drop(columns=list(TESTED)).merge(
        pd.concat(tests), on=["domain", "answer"], how="left", validate="1:1"
    )
    table["untested"] = table["untested"].fillna(tr("nobody answered"))
    shown = table["estimate"].notna()
    table["untested"] = table["untested"].where(shown, table["reason"])
    protection = protect_wave(wave)
    if kinds != pooled and protection:
        whole = table["answer"].map(lambda name: protection.is_withheld(question, name))
        table.loc[shown & whole, "untested"] = tr(CONFIDENTIAL)
        shown &= ~whole
    if pooled:
        secret = _find_secret(table, references, rule)
        table.loc[secret & shown, "untested"] = tr(
            "reference withheld: it holds a region of too few respondents"
        )
        shown &= ~secret
    table.loc[~shown, [*TESTED, *COMPARED]] = np.nan
    return _order(mark_domains(table, rule))


def _order(table: pd.DataFrame) -> pd.DataFrame:
    added = [*COMPARED, "untested"]
    return table[[*(name for name in table if name not in added), *added]]


def _leave_untested(table, wave, question, references, rule) -> pd.DataFrame:
    """Reconstructed waves: nothing is tested, and only the whole is known as a reference."""
    table = table.assign(**dict.fromkeys(COMPARED, np.nan), untested=table["reason"])
    shown = table["estimate"].notna()
    table.loc[shown, "untested"] = tr("nothing is tested in a reconstructed wave")
    of_france = shown & table["domain"].map(lambda code: references[code].kind == "france")
    if of_france.any():
        whole = estimate_question(wave, question, rule=rule).set_index("answer")
        for name in ("estimate", "n"):
            known = table["answer"].map(whole[name].where(whole["estimate"].notna()))
            table[f"reference_{name}"] = known.where(of_france).astype(float)
    table["difference"] = table["estimate"] - table["reference_estimate"]
    return _order(table)


def _find_secret(table: pd.DataFrame, references: dict[str, Reference], rule: Rule) -> pd.Series:
    """Rows whose reference pools a region that must not be found by subtraction."""
    least = RULES[rule.reliability].suppress_n or 0
    withheld = table["reliability"] == "suppress"
    few = withheld & (
        (table["n"] < least)
        | table["reason"].str.contains(tr(SECONDARY), regex=False)
        | (table["reason"] == tr(CONFIDENTIAL))
    )
    hidden = table[few].groupby("answer")["domain"].agg(set).to_dict()
    found = [
        references[row.domain].kind in ("neighbours", "similar")
        and bool(hidden.get(row.answer, set()) & set(references[row.domain].zones))
        for row in table.itertuples()
    ]
    return pd.Series(found, index=table.index, dtype=bool)


def _lay_sides(frame, code: str, reference: Reference) -> pd.DataFrame:
    """Respondents with the side each is on: the region, its reference, or others."""
    side = np.where(frame[DOMAIN].isin(reference.zones), "reference", "others")
    side = np.where(frame[DOMAIN] == code, "region", side)
    levels = ["region", "reference", "others"]
    return frame.assign(**{_SIDE: pd.Categorical(side, categories=levels)})


def _test_part(frame, plans, sides, wave: Wave, item, part, references) -> pd.DataFrame:
    """Tests of the answers that share one base, all regions."""
    columns, answers, nets = part
    score = is_score(item)
    items = read_scores(frame, columns) if score else read_answers(frame, columns, answers, nets)
    by_domain, as_whole = plans
    kinds = {code: reference.kind for code, reference in references.items() if code not in sides}
    tables = []
    if kinds:
        counted = by_domain.count(items, columns)
        rest = compute_contrasts(by_domain, items, *counted, DOMAIN, LEVEL)
        sums, _ = as_whole.count(items, columns)
        whole = {"n": sums.n[0, 0], "estimate": sums.ratio[0] + items.origin}
        levels = by_domain.domains.levels[DOMAIN].astype(object)
        tables.append(_read_rest(rest, whole, [*answers, *nets], levels, kinds))
    options = {"design": wave.design, "calibration": read_calibration(wave)}
    options |= {"measure": "mean"} if score else {"answers": answers, "nets": nets}
    tables += [_test_pool(frame, columns, code, options) for code, frame in sides.items()]
    table = pd.concat(tables, ignore_index=True)
    return table.assign(answer=answers[0]) if score else table


def _read_rest(rest: dict, whole: dict, answers: list[str], levels, kinds: dict) -> pd.DataFrame:
    """The contrasts with the rest, or the same tests worded for the whole."""
    domain = np.repeat(levels.to_numpy(), len(answers))
    share = rest["difference_whole_se"] / rest["difference_se"]
    of_france = {
        "reference_estimate": np.tile(whole["estimate"], len(levels)),
        "reference_n": np.full(len(domain), whole["n"]),
        "difference": rest["difference_whole"],
        "difference_se": rest["difference_whole_se"],
        **{name: share * rest[name]
           for name in ("smallest_gap", "difference_low", "difference_high")},
    }  # fmt: skip
    own = rest | {
        "reference_estimate": rest["estimate_rest"],
        "reference_n": whole["n"] - rest["n"],
        "untested": rest["untestable"],
    }
    against = np.array([kinds.get(code) == "france" for code in domain])
    columns = {name: np.where(against, of_france[name], own[name]) if name in of_france
               else own[name] for name in [*TESTED, *COMPARED, "untested"]}  # fmt: skip
    table = pd.DataFrame({"domain": domain, "answer": answers * len(levels), **columns})
    return table[[code in kinds for code in domain]]


def _test_pool(sides: pd.DataFrame, columns, code: str, options: dict) -> pd.DataFrame:
    """Compare a region with a pool of others, all other respondents kept for the variance."""
    pairs = contrast_pairs(sides, columns, by=_SIDE, **options)
    first, second = f"{_SIDE}_first", f"{_SIDE}_second"
    rows = pairs[(pairs[first] == "region") & (pairs[second] == "reference")]
    table = rows.assign(
        domain=code,
        reference_estimate=rows["estimate_second"],
        reference_n=rows["n_second"],
        untested=rows["untestable"],
    )
    return table[["domain", "answer", *TESTED, *COMPARED, "untested"]]
