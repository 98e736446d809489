"""Scores at one moment of a timeline: of the first forecast, the last one, or the one that stood then."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from forecasts.scoring.checks import Bools, Floats
from forecasts.scoring.sorting import ratio
from forecasts.scoring.timeline import Timeline


def score_at(*, timeline: Timeline, score: npt.ArrayLike, at: npt.ArrayLike) -> Floats:
    """
    Return the score of each pair's forecast that stood at a moment, (k,).

    score: (n,) of the input rows; at: scalar or (k,) seconds, for example the
    deadline minus a lead time. A forecast stands at t when begin <= t < until.
    NaN where none stood. Source: scoring.md section 3, "as of a lead time".

    >>> from forecasts.scoring.timeline import build_timeline
    >>> t = build_timeline(question=[0, 0], source=[0, 0], stated_at=[1.0, 6.0],
    ...     opens_at=[0.0, 0.0], closes_at=[10.0, 10.0])
    >>> [score_at(timeline=t, score=[0.1, 0.6], at=x).item() for x in (0.0, 1.0, 8.0)]
    [nan, 0.1, 0.6]
    """
    moment = np.broadcast_to(np.asarray(at, dtype=np.float64), timeline.question.shape)
    here = moment[timeline.pair]
    stands = (timeline.begin <= here) & (here < timeline.until)
    return _mean_where(timeline, score, stands)


def first_score(*, timeline: Timeline, score: npt.ArrayLike) -> Floats:
    """Return the score of each pair's first forecast, before opening or not, (k,)."""
    is_first = timeline.begin == timeline.begin[timeline.first][timeline.pair]
    return _mean_where(timeline, score, is_first)


def last_score(*, timeline: Timeline, score: npt.ArrayLike) -> Floats:
    """Return the score of each pair's last forecast before the close, (k,)."""
    last = np.append(timeline.first[1:], len(timeline.place))[: len(timeline.first)] - 1
    is_last = timeline.begin == timeline.begin[last][timeline.pair]
    return _mean_where(timeline, score, is_last)


def _mean_where(timeline: Timeline, score: npt.ArrayLike, where: Bools) -> Floats:
    share = timeline.share * where
    of_row = timeline.of_forecasts(np.asarray(score, dtype=np.float64))
    return ratio(timeline.of_pairs(np.where(where, of_row, 0.0) * share), timeline.of_pairs(share))
