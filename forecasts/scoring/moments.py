"""Scores at one moment of a timeline: of the first forecast, the last one, or the one that stood then."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from forecasts.scoring.checks import Bools, Floats
from forecasts.scoring.sorting import ratio
from forecasts.scoring.timeline import Timeline


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
