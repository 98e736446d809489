"""
Places: what draws of each source's score say of its interval and its rank.

Lower scores rank first, ties share the best rank.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.stats import norm, rankdata
from scipy.stats import t as student_t

from forecasts.scoring import checks
from forecasts.scoring.checks import Floats, Ints
from forecasts.scoring.sorting import ratio

TIE_DIGITS = 12


@dataclass(frozen=True, slots=True)
class RankIntervals:
    """
    One row for each source, (s,): low, high: 95 % interval of the score; rank_low,
    rank_high: of the rank; p_first: share of draws in first place, ties
    shared. NaN (rank 0) for a source without draws.
    """

    low: Floats
    high: Floats
    rank_low: Ints
    rank_high: Ints
    p_first: Floats


def rank_intervals(*, draws: npt.ArrayLike) -> RankIntervals:
    """
    Return the 95 % intervals of scores and of ranks that draws of the scores give.

    Parameters
    ----------
    draws : array_like, (s, B)
        Scores drawn for each source, lower being better; rows of NaN for sources without draws.

    Returns
    -------
    RankIntervals
        The intervals and the share of draws in first place; NaN and rank 0 without draws.

    Examples
    --------
    >>> found = rank_intervals(draws=[[0.1, 0.1, 0.1], [0.2, 0.2, 0.3]])
    >>> found.rank_low, found.rank_high, found.p_first
    (array([1, 2]), array([1, 2]), array([1., 0.]))
    """
    drawn = np.asarray(draws, dtype=np.float64)
    low, high = interval_of_draws(drawn)
    rank_low, rank_high, p_first = ranks_of_draws(drawn)
    return RankIntervals(low, high, rank_low, rank_high, p_first)


def mean_deviations(
    *,
    source: npt.ArrayLike,
    event: npt.ArrayLike,
    score: npt.ArrayLike,
    weight: npt.ArrayLike,
    times: npt.ArrayLike,
    n_sources: int,
    seed: int = 0,
) -> Floats:
    """
    Return how far drawing events anew moves each source's weighted mean, (s, B).

    source, event: (k,) codes; score, weight: (k,); times: (events, B), how often
    each draw has each event. Linear in the draws, widened for few events as
    Student's distribution is. A source of one event has no spread of its own and
    gets that of the average event of the others; NaN where nobody has one.
    Source: Cameron and Miller 2015, doi.org/10.3368/jhr.50.2.317

    >>> mean_deviations(source=[0, 0], event=[0, 1], score=[0.1, 0.3], weight=[1.0, 1.0],
    ...     times=[[2.0], [0.0]], n_sources=1).shape
    (1, 1)
    """
    s, e = checks.codes(source, name="source"), checks.codes(event, name="event")
    value, size = checks.floats(score, name="score"), checks.floats(weight, name="weight")
    drawn = np.asarray(times, dtype=np.float64)
    total = np.bincount(s, weights=size, minlength=n_sources)
    mean = ratio(np.bincount(s, weights=size * value, minlength=n_sources), total)
    left = sparse.coo_array((size * (value - mean[s]), (s, e)), shape=(n_sources, len(drawn))).tocsr()
    seen = sparse.coo_array((np.ones(len(s)), (s, e)), shape=left.shape).tocsr()
    n_events = np.diff(seen.indptr).astype(np.float64)
    own = n_events >= 2
    moved = np.asarray((left @ (drawn - 1.0)) / np.where(total > 0, total, 1.0)[:, None])
    free = np.maximum(n_events - 1.0, 1.0)
    wider = np.sqrt(n_events / free) * student_t.ppf(0.975, free) / norm.ppf(0.975)
    moved[own] *= wider[own, None]
    if not own.any():
        return np.full(moved.shape, np.nan)
    of_event = np.asarray(left.power(2).sum(axis=1))[own] / np.square(total[own]) * n_events[own]
    still = n_events == 1
    noise = np.random.default_rng([seed, 1]).standard_normal((int(still.sum()), moved.shape[1]))
    moved[still] = noise * np.sqrt(np.mean(of_event * n_events[own] / free[own]))
    moved[n_events == 0] = np.nan
    return moved


def interval_of_draws(drawn: Floats) -> tuple[Floats, Floats]:
    """
    Return the 95 % interval of each source's draws, NaN without draws.

    >>> low, high = interval_of_draws(np.array([[0.0, 0.5, 1.0]]))
    >>> low.round(3), high.round(3)
    (array([0.025]), array([0.975]))
    """
    if drawn.shape[1] == 0:
        return np.full(len(drawn), np.nan), np.full(len(drawn), np.nan)
    low, high = np.quantile(drawn, [0.025, 0.975], axis=1)
    return low, high


def held_in_range(
    *, low: Floats, high: Floats, value: Floats, least: float, most: float
) -> tuple[Floats, Floats]:
    """
    Return intervals that reach no further than a score can: draws of few events, widened, go beyond.

    low, high, value: (s,); least, most: what the rule can give (see ``rules.score_range``). A value
    adjusted for difficulty may lie outside itself; its interval then ends at the value.

    >>> low, high = held_in_range(low=np.array([-0.2, 0.9]), high=np.array([0.4, 1.3]),
    ...     value=np.array([0.1, 1.1]), least=0.0, most=1.0)
    >>> low, high
    (array([0. , 0.9]), array([0.4, 1.1]))
    """
    return np.maximum(low, np.fmin(least, value)), np.minimum(high, np.fmax(most, value))


def ranks_of_draws(drawn: Floats) -> tuple[Ints, Ints, Floats]:
    """
    Return the 95 % interval of each source's rank, and its share of first places.

    >>> ranks_of_draws(np.array([[0.1, 0.1], [0.1, 0.2]]))
    (array([1, 1]), array([1, 2]), array([0.75, 0.25]))
    """
    size = len(drawn)
    there = ~np.isnan(drawn).any(axis=1)
    low, high, first = np.zeros(size, np.int64), np.zeros(size, np.int64), np.full(size, np.nan)
    if drawn.shape[1] == 0 or not there.any():
        return low, high, first
    place = rankdata(np.round(drawn[there], TIE_DIGITS), axis=0, method="min")
    bounds = np.quantile(place, [0.025, 0.975], axis=1, method="inverted_cdf")
    low[there], high[there] = bounds.astype(np.int64)
    leads = place == 1
    first[there] = np.mean(leads / leads.sum(axis=0), axis=1)
    return low, high, first
