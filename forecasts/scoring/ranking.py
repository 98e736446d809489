"""
Standings: who is ahead, and how sure that is.

The unit that luck deals in is the event, a cluster of related questions, so
events are what the bootstrap draws; intervals over forecasts would be far too
narrow and are not offered. Lower scores rank first, ties share the best rank.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.stats import norm, rankdata
from scipy.stats import t as student_t

from forecasts.scoring import checks
from forecasts.scoring.checks import Floats, Ints
from forecasts.scoring.difficulty import Crossed
from forecasts.scoring.influence import Influence, events_of_pairs, influence_of
from forecasts.scoring.places import TIE_DIGITS, interval_of_draws, ranks_of_draws
from forecasts.scoring.shrinkage import moderated_variances, shrink_means
from forecasts.scoring.sorting import ratio
from forecasts.scoring.variance import ROUNDING

DRAWS_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Standings:
    """
    One row for each source, (s,); NaN (rank 0) for a source without pairs. Without
    two events, or where no source's events differ, nothing is known of luck:
    intervals, p_first and draws are NaN.

    raw: difficulty-adjusted mean, not shrunk; shrunk: what the board orders by;
    sd: its standard deviation; factor: how far it was pulled to the mean, 0 to
    1; low, high: 95 % interval of the score; rank, rank_low, rank_high: place
    and its 95 % interval; p_first: share of draws in first place, ties shared;
    p_beats: share in which it beat the reference on its own questions, ties
    half, NaN unless they met in two events; n_questions, n_events: of those with
    a score; draws: (s, B) scores drawn, for further comparisons.
    """

    raw: Floats
    shrunk: Floats
    sd: Floats
    factor: Floats
    low: Floats
    high: Floats
    rank: Ints
    rank_low: Ints
    rank_high: Ints
    p_first: Floats
    p_beats: Floats
    n_questions: Ints
    n_events: Ints
    draws: Floats


def standings(
    *,
    data: Crossed,
    event: npt.ArrayLike,
    question_ridge: float,
    reference: npt.ArrayLike | None = None,
    draws: int = 1000,
    seed: int = 0,
) -> Standings:
    """
    Return the standings of sources, with bootstrap intervals over events.

    Sources are free and questions random, so that each source has a mean of its own to shrink; that mean's
    sampling variance comes from its events, with a correction for few of them, and is moderated towards
    the usual one. A draw of events moves the board's level and each source's distance from it; the
    distance is scaled to the width that the shrunk mean has, and the draw is centred there.

    Parameters
    ----------
    data : Crossed
        The scores, of s sources; lower is better.
    event : array_like of int, (questions,)
        Codes of clusters of related questions; those without pairs are never drawn.
    question_ridge : float
        Of the question effects, as `variance_components` has it; infinite for none.
    reference : array_like, (k,), optional
        What the reference scores in each row of `data`; NaN where it has no score.
    draws : int
        How many times events are drawn; 0 for no intervals.
    seed : int
        The same seed gives the same board.

    Returns
    -------
    Standings
        One row for each source; NaN and rank 0 for a source without pairs.

    Raises
    ------
    ValueError
        A bad code, lengths that differ, or a negative number of draws.

    Notes
    -----
    Effects are not fitted anew in each draw: it is the bootstrap of the estimating function, which is
    linear in the weights of the events.

    References
    ----------
    Morris and Tang 2011, Statistical Science 26; Cameron, Gelbach and Miller 2008,
    https://doi.org/10.1162/rest.90.3.414; Kline and Santos 2012, https://doi.org/10.1515/2156-6674.1006

    Examples
    --------
    >>> from forecasts.scoring import crossed
    >>> data = crossed(source=[0] * 20 + [1] * 20, question=[*range(20), *range(20)],
    ...     score=[0.1, 0.2] * 10 + [0.3, 0.5] * 10)
    >>> board = standings(data=data, event=range(20), question_ridge=1.0, draws=200)
    >>> board.rank, board.p_first
    (array([1, 2]), array([1., 0.]))
    """
    if draws < 0:
        raise ValueError(f"draws is {draws}, not at least 0")
    effect = influence_of(data=data, event=event, question_ridge=question_ridge)
    df = np.maximum(effect.n_events - 1, 0)
    one_event, total_df = moderated_variances(
        variance=np.where(df > 0, _without_rounding(effect.variance * effect.n_events, data), np.nan), df=df
    )
    variance = np.where(effect.n_events > 0, ratio(one_event, effect.n_events), np.nan)
    unknown = np.isnan(variance)
    fitted = shrink_means(mean=effect.mean, variance=variance)
    value = np.where(unknown, effect.mean, fitted.value)
    wide = fitted.sd * _student_ratio(total_df)
    gap = _gap(data, event, reference)
    level, moved, ahead = _draw(effect, gap, draws, seed)
    drawn = value[:, None] + _deviations(effect, wide, level, moved, seed)
    low, high = interval_of_draws(drawn)
    rank_low, rank_high, p_first = ranks_of_draws(drawn)
    return Standings(
        raw=effect.mean,
        shrunk=value,
        sd=fitted.sd,
        factor=fitted.factor,
        low=low,
        high=high,
        rank=ranks(score=value),
        rank_low=rank_low,
        rank_high=rank_high,
        p_first=p_first,
        p_beats=ahead,
        n_questions=np.bincount(data.source, minlength=data.n_sources).astype(np.int64),
        n_events=effect.n_events,
        draws=drawn,
    )


def ranks(*, score: npt.ArrayLike) -> Ints:
    """
    Return the place of each score, lowest first.

    Equal scores (to twelve digits) share the best of their places, and the next place is skipped: 1, 1, 3.

    Parameters
    ----------
    score : array_like, (s,)
        Lower is better.

    Returns
    -------
    ndarray of int, (s,)
        Places from 1 up; 0 for NaN.

    Examples
    --------
    >>> ranks(score=[0.2, 0.1, np.nan, 0.1])
    array([3, 1, 0, 1])
    """
    values = checks.floats(score, name="score")
    there = ~np.isnan(values)
    place = np.zeros(len(values), dtype=np.int64)
    place[there] = rankdata(np.round(values[there], TIE_DIGITS), method="min")
    return place


def event_draws(*, n_events: int, draws: int, seed: int) -> Iterator[npt.NDArray[np.float32]]:
    """
    Yield how often each event was drawn, (events, up to 100 draws) at a time.

    Single precision: a draw says how far luck carries, to seven digits.

    >>> [counts.sum(axis=0) for counts in event_draws(n_events=5, draws=2, seed=0)]
    [array([5., 5.], dtype=float32)]
    """
    rng = np.random.default_rng(seed)
    for first in range(0, draws if n_events else 0, DRAWS_AT_ONCE):
        counts = np.empty((min(DRAWS_AT_ONCE, draws - first), n_events), dtype=np.float32)
        for row in counts:
            row[:] = np.bincount(rng.integers(0, n_events, n_events, dtype=np.int32), minlength=n_events)
        yield np.ascontiguousarray(counts.T)


def _without_rounding(variance: Floats, data: Crossed) -> Floats:
    """Return variances, 0 where only the last digits of equal scores differ."""
    size = data.score @ data.score / max(len(data.score), 1)
    return np.where(variance <= ROUNDING * size, 0.0, variance)


def _gap(data: Crossed, event: npt.ArrayLike, reference: npt.ArrayLike | None) -> sparse.csc_array | None:
    """Return how far each source is behind the reference in each event where both scored, (s, events)."""
    if reference is None:
        return None
    other = checks.floats(reference, name="reference", ndim=1)
    checks.same_rows(score=data.score, reference=other)
    there = np.flatnonzero(~np.isnan(other))
    behind = data.weight[there] * (data.score[there] - other[there])
    of_pair, n_events = events_of_pairs(data=data, event=event)
    cells = (data.source[there], of_pair[there])
    # Cells of 0 are kept: they say that the two were compared.
    return sparse.coo_array((behind, cells), shape=(data.n_sources, n_events)).tocsc().astype(np.float32)


def _draw(
    effect: Influence, gap: sparse.csc_array | None, draws: int, seed: int
) -> tuple[Floats, Floats, Floats]:
    """Return moves of the level (B,) and of distances (s, B), and how often the gap was below 0."""
    size = len(effect.mean)
    levels, moves, ahead = [np.zeros(0)], [np.zeros((size, 0))], np.zeros(size)
    for times in event_draws(n_events=effect.events, draws=draws, seed=seed):
        level, moved = effect.move(times - np.float32(1.0))
        levels.append(level)
        moves.append(moved)
        if gap is not None:
            behind = gap @ times
            ahead += np.sum(behind < 0, axis=1) + 0.5 * np.sum(behind == 0, axis=1)
    share = np.full(size, np.nan)
    if gap is not None and draws:
        compared = np.bincount(gap.indices, minlength=size)
        share = np.where(compared > 1, ahead / draws, np.nan)
    return np.concatenate(levels), np.concatenate(moves, axis=1), share


def _deviations(effect: Influence, wide: Floats, level: Floats, moved: Floats, seed: int) -> Floats:
    """Return how far each draw moves each source, (s, B)."""
    if len(level) == 0:
        return moved
    moved = moved - moved.mean(axis=1, keepdims=True)
    spread = moved.std(axis=1)
    # A source seen in one event has no draws of its own: it gets plain noise.
    still = (effect.n_events < 2) & (len(wide) > 1)
    moved[still] = np.random.default_rng([seed, 1]).standard_normal((int(still.sum()), moved.shape[1]))
    spread[still] = 1.0
    scale = np.where(np.isnan(wide) | (spread <= 0), 1.0, wide / np.where(spread > 0, spread, 1.0))
    shift = (level - level.mean()) * _student_ratio(np.array([max(effect.events - 1.0, 1.0)]))
    drawn = shift + moved * scale[:, None]
    drawn[np.isnan(wide) & (len(wide) > 1) | (effect.events < 2)] = np.nan
    return np.asarray(drawn)


def _student_ratio(df: Floats) -> Floats:
    """Return how much wider Student's interval is than the normal one."""
    wider = student_t.ppf(0.975, np.maximum(df, 1.0)) / norm.ppf(0.975)
    return np.where(np.isinf(df), 1.0, wider)
