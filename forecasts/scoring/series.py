"""
Over time: what a standing was on a date, and how a mean has moved.

By the date on which an outcome became known, never by the forecast's own, so
that nothing is used before anybody could have known it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from forecasts.scoring import checks
from forecasts.scoring.checks import Floats, Ints
from forecasts.scoring.sorting import ratio


@dataclass(frozen=True, slots=True)
class Series:
    """
    One row for each source and moment at which it came to know an outcome, (j,).

    source; at (seconds); mean of the scores that count then; n of them (with a
    half-life the sum of their weights, 1 for one that became known just then).
    """

    source: Ints
    at: Floats
    mean: Floats
    n: Floats


def score_series(
    *,
    source: npt.ArrayLike,
    known_at: npt.ArrayLike,
    score: npt.ArrayLike,
    window: float | None = None,
    half_life: float | None = None,
) -> Series:
    """
    Return each source's running mean score, by the date on which outcomes became known.

    Parameters
    ----------
    source : array_like of int, (k,)
        Codes from 0 up.
    known_at : array_like, (k,)
        When the outcome became known, in seconds.
    score : array_like, (k,)
        NaN is left out.
    window : float, optional
        Only the last so many seconds count, (t - window, t].
    half_life : float, optional
        A score counts half after so many seconds. Without either the mean is cumulative.

    Returns
    -------
    Series
        One row for each source and moment at which it came to know an outcome.

    Raises
    ------
    ValueError
        Both `window` and `half_life`, one that is not above 0, or lengths that differ.

    Examples
    --------
    >>> score_series(source=[0, 0], known_at=[1.0, 2.0], score=[0.2, 0.4]).mean.round(6)
    array([0.2, 0.3])
    """
    if window is not None and half_life is not None:
        raise ValueError("a series has a window or a half-life, not both")
    for name, span in (("window", window), ("half_life", half_life)):
        if span is not None and not span > 0:
            raise ValueError(f"{name} is {span}, not above 0")
    code = checks.codes(source, name="source")
    time, values = checks.floats(known_at, name="known_at"), checks.floats(score, name="score")
    checks.same_rows(source=code, known_at=time, score=values)
    there = ~np.isnan(values)
    order = np.lexsort((values[there], time[there], code[there]))
    code, time, values = code[there][order], time[there][order], values[there][order]
    total, size = (
        _running(each, code, time, window) if half_life is None else _fading(each, code, time, half_life)
        for each in (values, np.ones(len(values)))
    )
    last = np.ones(len(code), dtype=np.bool_)
    last[:-1] = (code[1:] != code[:-1]) | (time[1:] != time[:-1])
    return Series(code[last], time[last], ratio(total, size)[last], size[last])


def _fading(values: Floats, code: Ints, time: Floats, half_life: float) -> Floats:
    """
    Return the sum up to each row within its source, what came before faded to its moment.

    Sums of neighbours are put together in twos, fours and so on. A difference of two running
    sums would not do: the weights of what is old are far below the last digit of either.
    """
    total = values.copy()
    kept = np.zeros(len(values))
    same = code[1:] == code[:-1]
    kept[1:][same] = np.exp2((time[:-1] - time[1:])[same] / half_life)
    longest = int(np.bincount(code).max(initial=0))
    step = 1
    while step < longest:
        total[step:] += kept[step:] * total[:-step]
        kept[step:] *= kept[:-step]
        step *= 2
    return total


def _running(values: Floats, code: Ints, time: Floats, window: float | None) -> Floats:
    """Return the sum up to each row within its source, or over its window."""
    total = np.append(np.longdouble(0.0), np.cumsum(values, dtype=np.longdouble))
    opening = np.searchsorted(code, code, side="left")
    if window is not None:
        moments = np.unique(np.concatenate((time, time - window)))
        span = len(moments) + 1
        key = code * span + np.searchsorted(moments, time)
        asked = code * span + np.searchsorted(moments, time - window)
        opening = np.searchsorted(key, asked, side="right")
    return np.asarray(total[1:] - total[opening], dtype=np.float64)
