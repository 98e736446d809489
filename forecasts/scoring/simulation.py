"""
A synthetic world in which the true skill of every source is known.

A question's true chance is uniform between 0.05 and 0.95, and what happens
follows it. A source's forecast is beta distributed around the true chance with
a variance of its own, whatever the chance. Its expected Brier score is then
exactly the question's own uncertainty plus that variance: skill and difficulty
add up, as the difficulty-adjusted estimators assume, and the truth is known in
closed form. Sources overlap sparsely, some prefer the easier questions,
questions of one event share their luck, and forecasts are updated over time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from forecasts.scoring.checks import Floats, Ints

DAY: Final = 86_400.0
START: Final = 1_577_836_800.0
"""2020-01-01 in UTC; the calendar is as synthetic as the rest."""
LEAST_CHANCE: Final = 0.05
MEAN_UNCERTAINTY: Final = 0.25 - (1.0 - 2.0 * LEAST_CHANCE) ** 2 / 12.0
"""The mean of c(1 - c) over chances c: what a perfect source scores."""


@dataclass(frozen=True, slots=True)
class World:
    """
    Of each forecast, (n,): question, source, stated_at (seconds), probability.
    Of each question, (q,): chance, outcome, event, opens_at, closes_at.
    Of each source, (s,): truth, the expected Brier score on the average
    question of the population; lower is better.
    """

    question: Ints
    source: Ints
    stated_at: Floats
    probability: Floats
    chance: Floats
    outcome: Floats
    event: Ints
    opens_at: Floats
    closes_at: Floats
    truth: Floats


def simulate(
    *,
    n_sources: int,
    n_questions: int,
    seed: int,
    answered_share: float = 0.2,
    updates: float = 1.0,
    least_error: float = 0.03,
    most_error: float = 0.2,
) -> World:
    """
    Return a synthetic world, in which the true skill of every source is known.

    Parameters
    ----------
    n_sources, n_questions : int
        At least 1.
    seed : int
        The same arguments give the same world.
    answered_share : float
        The share of the questions that a source answers on average, though sources differ widely.
    updates : float
        The mean number of forecasts after the first.
    least_error, most_error : float
        Standard deviation of a source's forecasts around the chance, below 0.217.

    Returns
    -------
    World
        Forecasts, questions and the expected Brier score of each source.

    Raises
    ------
    ValueError
        Numbers outside these ranges.

    Examples
    --------
    >>> world = simulate(n_sources=3, n_questions=10, seed=1)
    >>> world.truth.round(3), len(world.outcome), bool((world.probability <= 1).all())
    (array([0.196, 0.219, 0.185]), 10, True)
    """
    if min(n_sources, n_questions) < 1 or not 0 < least_error <= most_error < 0.217:
        raise ValueError("a world has sources and questions, and errors between 0 and 0.217")
    rng = np.random.default_rng(seed)
    error = rng.uniform(least_error, most_error, n_sources)
    chance = rng.uniform(LEAST_CHANCE, 1.0 - LEAST_CHANCE, n_questions)
    event = np.sort(rng.integers(0, max(n_questions // 2, 1), n_questions))
    event = np.unique(event, return_inverse=True)[1]
    luck = np.where(rng.random(n_questions) < 0.5, rng.random(n_questions)[event], rng.random(n_questions))
    opens_at = START + np.floor(rng.uniform(0.0, 700.0, n_questions)) * DAY
    closes_at = opens_at + np.floor(rng.uniform(10.0, 200.0, n_questions)) * DAY
    source, question = _who_answers(rng, chance, n_sources, answered_share)
    times = 1 + rng.poisson(updates, len(source))
    source, question = np.repeat(source, times), np.repeat(question, times)
    length = closes_at[question] - opens_at[question]
    return World(
        question=question,
        source=source,
        stated_at=opens_at[question] + np.floor(rng.random(len(question)) * length),
        probability=_around(rng, chance[question], error[source]),
        chance=chance,
        outcome=(luck < chance).astype(np.float64),
        event=event,
        opens_at=opens_at,
        closes_at=closes_at,
        truth=MEAN_UNCERTAINTY + np.square(error),
    )


def _who_answers(rng: np.random.Generator, chance: Floats, n_sources: int, share: float) -> tuple[Ints, Ints]:
    """Return pairs of source and question; some sources lean to the easy ones."""
    n_questions = len(chance)
    activity = rng.gamma(1.5, share * n_questions / 1.5, n_sources)
    answers = np.clip(np.rint(activity), 1, 3 * n_questions).astype(np.int64)
    source = np.repeat(np.arange(n_sources), answers)
    lean = rng.choice([1.0, 1.0, 1.6], n_sources)[source]
    easiest_first = np.argsort(chance * (1.0 - chance))
    place = np.floor(n_questions * rng.random(len(source)) ** lean).astype(np.int64)
    pair = np.unique(source * n_questions + easiest_first[place])
    return np.divmod(pair, n_questions)


def _around(rng: np.random.Generator, chance: Floats, error: Floats) -> Floats:
    """Return beta draws with the chance as mean and the error as standard deviation."""
    size = chance * (1.0 - chance) / np.square(error) - 1.0
    return np.clip(np.round(rng.beta(chance * size, (1.0 - chance) * size), 6), 0.0, 1.0)
