"""Makes the fictional respondents of a demonstration wave.

The design follows official counts (strata, population weights); the opinions
and their contrasts are invented in `wave.yaml` and drawn at random, seeded.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from helpers.data.codebook import Codebook, Question, read_codebook
from helpers.data.errors import InputError
from helpers.data.frames import read_frame
from helpers.data.waves import Demonstration, Item, WaveFile, read_wave_file
from helpers.run.allocation import SCORES, spread_score


def demonstrate_wave(survey: str, wave: str = "demo", *, root: Path | None = None) -> pd.DataFrame:
    """Make the respondents of a demonstration wave.

    Parameters
    ----------
    survey, wave : str
        Names; the wave file must have a section `demonstration`.
    root : pathlib.Path, optional
        Root of the collection.

    Returns
    -------
    pandas.DataFrame
        One row per fictional respondent, in codes as `responses.parquet` holds
        them. Weights are population counts of the stratum over its respondents.

    Raises
    ------
    InputError
        If the wave has no recipe, or the frame it names does not exist.
    """
    codebook = read_codebook(survey, root=root)
    file = read_wave_file(survey, wave, root=root)
    if file.demonstration is None:
        raise InputError(f"{survey}/{wave}/wave.yaml: no section demonstration.")
    recipe = file.demonstration
    _check_recipe(recipe, codebook, f"{survey}/{wave}/wave.yaml")
    rng = np.random.default_rng(recipe.seed)
    respondents = _draw_sample(recipe, file.n, rng, root)
    for name, chances in recipe.attributes.items():
        respondents[name] = rng.choice(list(chances), len(respondents), p=list(chances.values()))
    for item in recipe.items:
        _draw_answers(respondents, item, codebook.variable(item.question), rng)
    return _encode(respondents, codebook, file, rng)


def _check_recipe(recipe: Demonstration, codebook: Codebook, name: str) -> None:
    """An effect or an answer that names nothing would be passed over in silence."""
    for variable, chances in recipe.attributes.items():
        if abs(sum(chances.values()) - 1) > 1e-9:
            raise InputError(f"{name}: attributes: {variable} sums to {sum(chances.values()):g}.")
    for item in recipe.items:
        question = codebook.variable(item.question)
        place = f"{name}: items: {item.question}"
        given, answers = [*item.probabilities, *item.means], question.answer_ids
        if (question.type == "score") != bool(item.means):
            raise InputError(
                f"{place}: means are for score questions, and score questions need them."
            )
        left = len(set(answers) - set(given))
        if set(given) - set(answers) or (question.type == "single" and left != 1):
            raise InputError(
                f"{place}: {'means' if item.means else 'probabilities of all answers but one'} are "
                f"needed; its answers are {', '.join(answers)}."
            )
        for effect in item.effects:
            levels = codebook.variable(effect.domain_variable).answer_ids
            if effect.level not in levels:
                raise InputError(
                    f"{place}: {effect.domain_variable} has no level "
                    f"{effect.level!r}; valid are {', '.join(levels)}."
                )
            unknown = sorted(set(effect.answers) - set(given))
            if unknown:
                raise InputError(
                    f"{place}: effects: no answers {', '.join(unknown)}; valid are "
                    f"{', '.join(given)}."
                )


def _draw_sample(recipe: Demonstration, n: int, rng, root: Path | None) -> pd.DataFrame:
    """Stratified sample: every stratum gets its share of `n`, at least the minimum.

    Columns that are not strata are drawn within strata in proportion to the frame.
    """
    counts = read_frame(recipe.frame, root=root)
    column = recipe.class_variable or "class"
    groups = {level: counts[classes].sum(axis=1) for level, classes in recipe.classes.items()}
    frame = pd.DataFrame(groups).rename_axis(columns=column).stack().rename("N").reset_index()
    return _sample_strata(frame, recipe, n, rng)


def _sample_strata(frame, recipe, n, rng) -> pd.DataFrame:
    population = frame.groupby(recipe.strata)["N"].sum()
    sizes = _share_out(population, n, recipe.minimum_per_stratum)
    drawn = []
    for stratum, size in sizes.items():
        keys = stratum if isinstance(stratum, tuple) else (stratum,)
        rows = frame[(frame[recipe.strata] == list(keys)).all(axis=1)]
        picks = rng.choice(len(rows), size=size, p=rows["N"] / rows["N"].sum())
        drawn.append(rows.iloc[picks].assign(weight=population[stratum] / size))
    return pd.concat(drawn, ignore_index=True).drop(columns="N")


def _share_out(population: pd.Series, n: int, minimum: int) -> pd.Series:
    """Whole numbers proportional to population, at least `minimum`, summing to `n`."""
    if minimum * len(population) > n:
        raise InputError(
            f"demonstration: {len(population)} strata of at least {minimum} need more than {n}."
        )
    at_minimum = pd.Series(False, index=population.index)
    while True:
        left = n - minimum * at_minimum.sum()
        exact = (population / population[~at_minimum].sum() * left).mask(at_minimum, minimum)
        if not (exact < minimum).any():
            break
        at_minimum |= exact < minimum
    sizes = np.floor(exact).astype(int)
    largest = (exact - sizes).sort_values(ascending=False, kind="stable").index
    sizes[largest[: n - sizes.sum()]] += 1
    return sizes


def _draw_answers(respondents, item: Item, question: Question, rng) -> None:
    asked = np.ones(len(respondents), bool)
    if question.asked_if:
        parent, accepted = question.asked_if.question, question.asked_if.answers
        asked = respondents[parent].isin(accepted).to_numpy()
    centres = item.means or {name: logit(chance) for name, chance in item.probabilities.items()}
    shifted = {name: centre + _shift(respondents, item, name) for name, centre in centres.items()}
    draws = {name: rng.random(len(respondents)) for name in centres}
    if question.type == "single":
        respondents[question.id] = pd.Series(_first(shifted, draws, question.answer_ids)).where(
            asked
        )
        return
    for name, centre in shifted.items():
        if question.type == "score":
            answer = pd.Series(_draw_scores(centre, item.spread, draws[name]), dtype="Int8")
        else:
            answer = pd.Series(draws[name] < expit(centre), dtype="boolean")
        respondents[f"{question.id}__{name}"] = answer.where(asked)


def _shift(respondents, item: Item, answer: str) -> np.ndarray:
    """What the effects on one answer add up to, by respondent."""
    shift = np.zeros(len(respondents))
    for effect in item.effects:
        if not effect.answers or answer in effect.answers:
            shift += effect.shift * (respondents[effect.domain_variable] == effect.level)
    return shift


def _draw_scores(means: np.ndarray, spread: float, draws: np.ndarray) -> np.ndarray:
    """Whole scores around the mean of each respondent, by inversion of their distribution."""
    scores = np.empty(len(means))
    for mean in np.unique(means):
        rows = means == mean
        steps = np.cumsum(spread_score(mean, spread))
        scores[rows] = np.minimum(np.searchsorted(steps, draws[rows]), SCORES[-1])
    return scores


def _first(odds: dict, draws: dict, answers: list[str]) -> np.ndarray:
    """Sequential answers: each is given with its chance if no earlier one was; the last is left."""
    last = (set(answers) - set(odds)).pop()
    given = np.full(len(next(iter(odds.values()))), last, dtype=object)
    for answer in reversed([name for name in answers if name in odds]):
        given[draws[answer] < expit(odds[answer])] = answer
    return given


def _encode(respondents, codebook: Codebook, file: WaveFile, rng) -> pd.DataFrame:
    """Codes as the codebook gives them, in random order."""
    coded = pd.DataFrame({file.design.weight: respondents["weight"].astype(float)})
    for name in file.domains:
        coded[name] = respondents[name].astype("str")
    for name in file.questions:
        question = codebook.variable(name)
        if question.recode:
            continue
        if question.type == "single":
            codes = {answer.id: answer.code for answer in question.answers}
            coded[name] = respondents[name].map(codes).astype("Int8")
            continue
        kind = "Int8" if question.type == "score" else "boolean"
        for column in question.columns:
            nobody = pd.Series(pd.NA, index=respondents.index)
            coded[column] = respondents.get(column, nobody).astype(kind)
    coded = coded.iloc[rng.permutation(len(coded))].reset_index(drop=True)
    coded.insert(0, "respondent", [f"D{number:05d}" for number in range(1, len(coded) + 1)])
    return coded
