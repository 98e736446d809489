"""Means of groups of scores, each with its n and the interval that drawing events anew gives it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecasts.boards.reads.columns.columns import Floats, Ints
from forecasts.boards.reads.figures.ranking import DRAWS
from forecasts.boards.reads.figures.scoring import SEED
from forecasts.scoring.places import interval_of_draws, mean_deviations
from forecasts.scoring.ranking import event_draws
from forecasts.scoring.sorting import ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """Of each group, (g,): how many scores, their mean, its 95 % interval, and the draws, (g, B)."""

    n: Ints
    mean: Floats
    low: Floats
    high: Floats
    draws: Floats


def means(*, group: Ints, event: Ints, score: Floats, n_groups: int) -> Means:
    """
    Return the mean of each group of scores, with events as what luck deals in.

    group: (k,) from 0 up; event: (k,) any codes; score: (k,). NaN where there is no score, and no interval
    where nobody has two events.

    >>> found = means(group=np.array([0, 0]), event=np.array([3, 4]), score=np.array([0.1, 0.3]), n_groups=1)
    >>> found.n, found.mean.round(3), bool(found.low[0] < 0.2 < found.high[0])
    (array([2]), array([0.2]), True)
    """
    n = np.bincount(group, minlength=n_groups)
    mean = ratio(np.bincount(group, weights=score, minlength=n_groups), n.astype(np.float64))
    codes, unit = np.unique(event, return_inverse=True)
    if not len(codes):
        none = np.full(n_groups, np.nan)
        return Means(n=n, mean=mean, low=none, high=none, draws=np.zeros((n_groups, 0)))
    times = np.concatenate(list(event_draws(n_events=len(codes), draws=DRAWS, seed=SEED)), axis=1)
    moved = mean_deviations(
        source=group,
        event=unit,
        score=score,
        weight=np.ones(len(score)),
        times=times,
        n_sources=n_groups,
        seed=SEED,
    )
    draws = mean[:, None] + moved
    low, high = interval_of_draws(draws)
    return Means(n=n, mean=mean, low=low, high=high, draws=draws)
