"""Scores at one moment of a timeline: of the first forecast, the last one, or the one that stood then."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from forecasts.scoring.checks import Bools, Floats
from forecasts.scoring.sorting import ratio
from forecasts.scoring.timeline import Timeline


def first_score(*, timeline: Timeline, score: npt.ArrayLike) -> Floats:
    """
    Return the score of each pair's first forecast, made before the opening or after it.

    Parameters
    ----------
    timeline : Timeline
        Of `build_timeline`; it has k pairs.
    score : array_like, (n,)
        The score of each of the input's rows.

    Returns
    -------
    ndarray, (k,)
        The mean of the scores where several forecasts came first at one instant.

    Examples
    --------
    >>> from forecasts.scoring import build_timeline
    >>> t = build_timeline(question=[0, 0], source=[0, 0], stated_at=[0.0, 6.0],
    ...     opens_at=[0.0, 0.0], closes_at=[10.0, 10.0])
    >>> first_score(timeline=t, score=[0.1, 0.6])
    array([0.1])
    """
    is_first = timeline.begin == timeline.begin[timeline.first][timeline.pair]
    return _mean_where(timeline, score, is_first)


def last_score(*, timeline: Timeline, score: npt.ArrayLike) -> Floats:
    """
    Return the score of each pair's last forecast before the close.

    Parameters
    ----------
    timeline : Timeline
        Of `build_timeline`; it has k pairs.
    score : array_like, (n,)
        The score of each of the input's rows.

    Returns
    -------
    ndarray, (k,)
        The mean of the scores where several forecasts came last at one instant.

    Examples
    --------
    >>> from forecasts.scoring import build_timeline
    >>> t = build_timeline(question=[0, 0], source=[0, 0], stated_at=[0.0, 6.0],
    ...     opens_at=[0.0, 0.0], closes_at=[10.0, 10.0])
    >>> last_score(timeline=t, score=[0.1, 0.6])
    array([0.6])
    """
    last = np.append(timeline.first[1:], len(timeline.place))[: len(timeline.first)] - 1
    is_last = timeline.begin == timeline.begin[last][timeline.pair]
    return _mean_where(timeline, score, is_last)


def _mean_where(timeline: Timeline, score: npt.ArrayLike, where: Bools) -> Floats:
    share = timeline.share * where
    of_row = timeline.of_forecasts(np.asarray(score, dtype=np.float64))
    return ratio(timeline.of_pairs(np.where(where, of_row, 0.0) * share), timeline.of_pairs(share))
