"""Makes the respondents of a reconstructed wave from its published figures.

Domain levels are laid out as the wave file says, answers are fitted and dealt
(`allocation`), then weights are raked so that the weighted margins equal the
figures; of scores, only means are published, and only means are held to.
Everything is deterministic.
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.data.codebook import Codebook, Question, read_codebook
from helpers.data.errors import InputError
from helpers.data.frames import read_frame
from helpers.data.published import read_figures, read_links, scale_values, select_usable
from helpers.data.waves import FrameLevels, Level, WaveFile, read_wave_file
from helpers.run.allocation import (
    NONE,
    SCORES,
    deal_answers,
    fit_chances,
    spread_score,
    tilt_mean,
)
from helpers.stats.weights import rake

_TOLERANCE = 1e-10
_MAX_ROUNDS = 500


@dataclass
class _Layout:
    """Synthetic respondents under construction.

    `domains` are the columns laid out, `chances` holds the fitted chance of each
    answer, `targets` the weighted
    totals that raking must reach, by column or (domain, column), and `means`
    the (rows, scores, mean) that weights must give the scores dealt to some rows.
    """

    respondents: pd.DataFrame
    rng: np.random.Generator
    domains: list[str] = field(default_factory=list)
    chances: dict[str, pd.DataFrame] = field(default_factory=dict)
    targets: dict[tuple, pd.Series] = field(default_factory=dict)
    means: list[tuple] = field(default_factory=list)


def read_margins(survey: str, wave: str, *, root: Path | None = None) -> pd.DataFrame:
    """Read the published shares and mean scores that calibrate one reconstructed wave.

    Returns
    -------
    pandas.DataFrame
        `question`, `answer`, `domain_variable`, `domain` (empty for the whole),
        `value` (a share, 0 to 1, or a mean score out of 10) and its `unit`
        (``share`` or ``score_10``). A figure printed by two sources appears once.

    Raises
    ------
    InputError
        If two figures give one margin different values, or a margin rests on
        a figure that is not fit for numeric checks.
    """
    links = read_links(root=root).query("use == 'margin' and survey == @survey and wave == @wave")
    figures = select_usable(read_figures(root=root)).set_index("figure")
    unfit = sorted(set(links["figure"]) - set(figures.index))
    if unfit:
        raise InputError(f"links.csv: margins rest on figures not fit for it: {', '.join(unfit)}.")
    value = links["figure"].map(scale_values(figures))
    unit = links["figure"].map(figures["unit"]).mask(lambda unit: unit != "score_10", "share")
    keys = ["question", "answer", "domain_variable", "domain"]
    margins = links.assign(value=value, unit=unit)[[*keys, "value", "unit"]].drop_duplicates()
    twice = margins[margins.duplicated(keys)]
    if len(twice):
        raise InputError(f"links.csv: two values for the margin {tuple(twice[keys].iloc[0])}.")
    return margins.reset_index(drop=True)


def reconstruct_wave(survey: str, wave: str, *, root: Path | None = None) -> pd.DataFrame:
    """Make the respondents of a reconstructed wave.

    Parameters
    ----------
    survey, wave : str
        Names; the wave file must have a section `reconstruction`.
    root : pathlib.Path, optional
        Root of the collection.

    Returns
    -------
    pandas.DataFrame
        One row per synthetic respondent, in codes as `responses.parquet` holds
        them. Weights sum to the number of respondents.

    Raises
    ------
    InputError
        If the wave has no recipe, or a figure or frame it needs is missing.
    """
    codebook = read_codebook(survey, root=root)
    file = read_wave_file(survey, wave, root=root)
    if file.reconstruction is None:
        raise InputError(f"{survey}/{wave}/wave.yaml: no section reconstruction.")
    margins = read_margins(survey, wave, root=root)
    _check_margins(margins, codebook, file)
    levels = {
        name: _levels(name, spec, file, codebook, margins, root)
        for name, spec in file.reconstruction.domains.items()
    }
    layout = _lay_out(levels, file.n, np.random.default_rng(file.reconstruction.seed))
    for question in file.questions:
        figures = margins[margins["question"] == question]
        item = codebook.variable(question)
        _deal_question(layout, item, figures, file.domains, file.reconstruction.score_spread)
    weights = _rake(layout, weight="mass")
    return _encode(layout.respondents, weights, codebook, file)


def _check_margins(margins: pd.DataFrame, codebook: Codebook, file: WaveFile) -> None:
    """Every margin must name something the wave holds, or it would vanish unseen."""
    for margin in margins.itertuples():
        known = [*file.questions, *file.domains]
        place = f"links.csv: {file.survey} {file.wave}: {margin.question}"
        if margin.question not in known:
            raise InputError(f"{place}: not in the wave; valid are {', '.join(known)}.")
        item = codebook.variable(margin.question)
        scored = getattr(item, "type", "single") == "score"
        if scored != (margin.unit == "score_10"):
            raise InputError(
                f"{place}: a {'score' if scored else 'share'} is calibrated on a figure that is "
                f"{'a percentage' if scored else 'a mean out of 10'}."
            )
        if scored and file.reconstruction.score_spread is None:
            raise InputError(
                f"{file.survey}/{file.wave}/wave.yaml: reconstruction: score_spread is missing: "
                f"{margin.question} is a score, and of scores only means are published."
            )
        answers = item.answer_ids
        if margin.answer not in answers:
            raise InputError(
                f"{place}: answer {margin.answer!r} not in the codebook; valid are "
                f"{', '.join(answers)}."
            )
        if margin.domain_variable and margin.domain_variable not in file.domains:
            raise InputError(
                f"{place}: domain variable {margin.domain_variable!r} not in the wave; valid are "
                f"{', '.join(file.domains)}."
            )
        if margin.domain_variable:
            spec = file.reconstruction.domains[margin.domain_variable]
            levels = spec.published if isinstance(spec, FrameLevels) else list(spec)
            if margin.domain not in levels:
                raise InputError(
                    f"{place}: level {margin.domain!r} of {margin.domain_variable} is not laid "
                    f"out in wave.yaml; valid are {', '.join(levels)}."
                )


def _levels(name, spec, file: WaveFile, codebook: Codebook, margins, root) -> pd.DataFrame:
    """Respondents and population share of each level; `(none)` gathers the unnamed."""
    if isinstance(spec, FrameLevels):
        frame = read_frame(spec.frame, root=root)
        place = f"{file.survey}/{file.wave}/wave.yaml: reconstruction: {name}"
        for field_name, wanted, known in (
            ("classes", spec.classes, frame.columns),
            ("published", spec.published, frame.index),
        ):
            unknown = [item for item in wanted if item not in known]
            if unknown:
                raise InputError(
                    f"{place}: {field_name}: not in the frame: {', '.join(unknown)}; "
                    f"valid are {', '.join(known)}."
                )
        counts = frame[spec.classes].sum(axis=1)
        share = (counts / counts.sum())[spec.published]
        share[NONE] = 1 - share.sum()
        n = np.round(share[:-1] * file.n).astype(int)
        n[NONE] = file.n - n.sum()
        return pd.DataFrame({"n": n, "share": share})
    printed = margins[(margins["question"] == name) & (margins["domain_variable"] == "")]
    printed = printed.set_index("answer")["value"]
    table = pd.DataFrame(
        {level: _level(value, printed.get(level)) for level, value in spec.items()}
    )
    table = table.T
    missing = table["share"].isna()
    if missing.sum() > 1:
        raise InputError(f"{file.survey}/{file.wave}/wave.yaml: {name}: no share for two levels.")
    table.loc[missing, "share"] = 1 - table["share"].sum()
    if abs(table["share"].sum() - 1) > 1e-9 or table["n"].sum() != file.n:
        raise InputError(
            f"{file.survey}/{file.wave}/wave.yaml: {name}: shares sum to {table['share'].sum():g} "
            f"and n to {table['n'].sum():g}, instead of 1 and {file.n}."
        )
    return table.astype({"n": int})


def _level(level: Level, printed: float | None) -> dict:
    share = level.share if level.share is not None else printed
    return {"n": level.n, "share": np.nan if share is None else share}


def _lay_out(levels: dict[str, pd.DataFrame], n: int, rng) -> _Layout:
    """Respondents with their domain levels, spread evenly over one another."""
    layout = _Layout(pd.DataFrame(index=range(n)), rng)
    for name, table in levels.items():
        chances = np.tile(table["n"].to_numpy() / n, (n, 1))
        dealt = deal_answers(layout.respondents, layout.domains, chances, rng)
        layout.respondents[name] = table.index.to_numpy()[dealt]
        layout.domains.append(name)
        layout.targets[(name,)] = n * table["share"]
    layout.respondents["mass"] = _rake(layout, weight=None)
    return layout


def _deal_question(layout: _Layout, question: Question, figures, domains, spread) -> None:
    """Give every respondent asked an answer; record what the weights must reach."""
    respondents = layout.respondents
    asked = pd.Series(True, index=respondents.index)
    chance_asked = pd.Series(1.0, index=respondents.index)
    if question.asked_if:
        parent, accepted = question.asked_if.question, question.asked_if.answers
        asked = respondents[parent].isin(accepted)
        chance_asked = layout.chances[parent][accepted].sum(axis=1)
    for column, answers, rows in _blocks(question, figures, spread):
        chances = fit_chances(respondents, chance_asked, answers, rows, domains)
        given = asked & chances[answers[0]].notna()
        dealt = pd.Series(NONE, index=respondents.index)
        positions = deal_answers(
            respondents[given], layout.domains, chances[given].to_numpy(), layout.rng
        )
        dealt[given] = np.array(answers)[positions]
        respondents[column] = dealt
        layout.chances[column] = chances.mul(chance_asked, axis=0)
        if question.type == "score":
            _add_means(layout, column)
        else:
            _add_targets(layout, column, rows)


def _blocks(question: Question, figures: pd.DataFrame, spread: float | None):
    """(column, answers, shares): one for a single question, one per published item else."""
    shares = figures.rename(columns={"value": "share"})
    if question.type == "single":
        return [(question.id, question.answer_ids, shares)]
    items = [
        (f"{question.id}__{name}", rows) for name, rows in shares.groupby("answer", sort=False)
    ]
    if question.type == "multiple":
        return [(column, ["yes", "no"], rows.assign(answer="yes")) for column, rows in items]
    scores = [str(score) for score in SCORES]
    return [(column, scores, _spread_scores(rows, scores, spread)) for column, rows in items]


def _spread_scores(figures: pd.DataFrame, scores: list[str], spread: float) -> pd.DataFrame:
    """Each published mean turned into the shares of the scores around it."""
    rows = figures.loc[figures.index.repeat(len(scores))]
    shares = [spread_score(mean, spread) for mean in figures["share"]]
    return rows.assign(answer=scores * len(figures), share=np.concatenate(shares))


def _add_means(layout: _Layout, column: str) -> None:
    """Means the dealt scores must have, for the whole and in every level, published or not."""
    respondents, chances = layout.respondents, layout.chances[column]
    given = (respondents[column] != NONE).to_numpy()
    mass = chances.mul(respondents["mass"], axis=0).fillna(0.0).to_numpy()
    groups = [np.ones(len(respondents), bool)]
    for domain in layout.domains:
        groups += [
            (respondents[domain] == level).to_numpy() for level in respondents[domain].unique()
        ]
    for group in groups:
        total = mass[group].sum(axis=0)
        if total.sum() > 0:
            rows = np.flatnonzero(group & given)
            dealt = respondents[column].to_numpy()[rows].astype(float)
            layout.means.append((rows, dealt, total @ SCORES / total.sum()))


def _add_targets(layout: _Layout, column: str, figures: pd.DataFrame) -> None:
    """Target totals of a column, for the whole and in every domain.

    Domains without a figure are held too, so that none departs by chance,
    unless a level is too small to hold every answer.
    """
    mass = layout.respondents["mass"]
    totals = layout.chances[column].mul(mass, axis=0).fillna(0.0)
    totals[NONE] = mass - totals.sum(axis=1)
    whole = totals.sum()
    layout.targets[(column,)] = whole[whole > 1e-9]
    for domain in layout.domains:
        table = totals.groupby(layout.respondents[domain]).sum().stack()
        table = table[table > 1e-9]
        present = set(layout.respondents[[domain, column]].itertuples(index=False, name=None))
        if set(table.index) <= present or domain in set(figures["domain_variable"]):
            layout.targets[(domain, column)] = table


def _rake(layout: _Layout, *, weight: str | None) -> pd.Series:
    """Weights that meet all totals and means: each kind in turn, until both hold.

    Either step goes to the nearest weights that meet its constraints, so they
    settle at the nearest that meet all (Csiszar 1975, Annals of Probability
    3(1), 146-158).
    """
    margins = {key if len(key) > 1 else key[0]: total for key, total in layout.targets.items()}
    options = {"tolerance": 1e-10, "max_iterations": 5000}
    weights = rake(layout.respondents, margins, weight=weight, **options)
    for _ in range(_MAX_ROUNDS):
        if all(
            abs(np.average(scores, weights=weights.iloc[rows]) - mean) < _TOLERANCE
            for rows, scores, mean in layout.means
        ):
            return weights
        values = weights.to_numpy(copy=True)
        for rows, scores, mean in layout.means:
            values[rows] = tilt_mean(values[rows], scores, mean)
        frame = layout.respondents.assign(tilted=values)
        weights = rake(frame, margins, weight="tilted", **options)
    raise InputError("The published mean scores and shares cannot be met together.")


def _encode(respondents, weights, codebook: Codebook, file: WaveFile) -> pd.DataFrame:
    """Codes as the codebook gives them, rows shuffled so that their order says nothing."""
    # Ten decimals: the last bits of a sum differ between library versions.
    coded = pd.DataFrame({file.design.weight: weights.to_numpy().round(10)})
    for name in file.domains:
        coded[name] = respondents[name].where(respondents[name] != NONE).astype("str")
    for name in file.questions:
        question = codebook.variable(name)
        codes = {answer.id: answer.code for answer in question.answers}
        kinds = {
            "single": (codes, "Int8"),
            "multiple": ({"yes": True, "no": False}, "boolean"),
            "score": ({str(score): score for score in SCORES}, "Int8"),
        }
        meaning, kind = kinds[question.type]
        for column in question.columns:
            dealt = respondents.get(column, pd.Series(NONE, index=respondents.index))
            coded[column] = dealt.map(meaning).astype(kind)
    shuffled = coded.sample(frac=1, random_state=file.reconstruction.seed).reset_index(drop=True)
    shuffled.insert(0, "respondent", [f"R{number:05d}" for number in range(1, file.n + 1)])
    return shuffled
