"""
Pairs and sources: the time-weighted scores that a board is built from.

``pair_scores`` gives one row for each (question, source), ``source_means``
one for each source. Verbal forecasts are scored at their best reading, and
the least and the most over their range go along.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from forecasts.scoring import checks
from forecasts.scoring.checks import Floats, Ints
from forecasts.scoring.moments import first_score, last_score
from forecasts.scoring.rules import BINARY_RULES, LOG_CLIP, log_score
from forecasts.scoring.timeline import Timeline, build_timeline, time_weighted


@dataclass(frozen=True, slots=True)
class PairScores:
    """
    One row for each (question, source), in order of these codes, (k,).

    score: the rule's mean over the time in force, at the best reading;
    score_min, score_max: the same at the kindest and harshest reading of every
    range; first, last: of the first and the last forecast before the close;
    coverage: share of the open window; n_forecasts: rows, duplicates once;
    n_ranges: how many of these were ranges. NaN where there is no number.
    """

    question: Ints
    source: Ints
    score: Floats
    score_min: Floats
    score_max: Floats
    first: Floats
    last: Floats
    coverage: Floats
    n_forecasts: Ints
    n_ranges: Ints
    timeline: Timeline


def pair_scores(
    *,
    question: npt.ArrayLike,
    source: npt.ArrayLike,
    stated_at: npt.ArrayLike,
    opens_at: npt.ArrayLike,
    closes_at: npt.ArrayLike,
    outcome: npt.ArrayLike,
    probability: npt.ArrayLike,
    low: npt.ArrayLike | None = None,
    high: npt.ArrayLike | None = None,
    withdrawn: npt.ArrayLike | None = None,
    rule: str = "brier",
    eps: float = LOG_CLIP,
) -> PairScores:
    """
    Return the time-weighted score of each source on each yes-or-no question.

    Parameters
    ----------
    question, source : array_like of int, (n,)
        Codes from 0 up.
    stated_at, opens_at, closes_at : array_like, (n,)
        Seconds; `closes_at` is the actual close.
    outcome : array_like, (n,)
        0 or 1; rows with NaN (void or open) are left out.
    probability : array_like, (n,)
        The probability of "yes"; of a withdrawal it is not looked at.
    low, high : array_like, (n,), optional
        The range of a verbal forecast; NaN where a number was stated.
    withdrawn : array_like of bool, (n,), optional
        True where the row takes the forecast back.
    rule : str
        "brier", "log" or "spherical".
    eps : float
        The clip of the log score.

    Returns
    -------
    PairScores
        One row for each question and source, in order of these codes; NaN where there is no number.

    Raises
    ------
    ValueError
        A bad number, naming the row, or an unknown rule.

    Examples
    --------
    >>> pairs = pair_scores(question=[7, 7], source=[1, 1], stated_at=[0.0, 6.0],
    ...     opens_at=[0.0, 0.0], closes_at=[10.0, 10.0], outcome=[1, 1],
    ...     probability=[0.5, 1.0])
    >>> pairs.score, pairs.coverage, pairs.n_forecasts
    (array([0.15]), array([1.]), array([2]))
    """
    y = checks.floats(outcome, name="outcome", ndim=1)
    best = checks.floats(probability, name="probability", ndim=1)
    lower, upper = _or_best(low, best, name="low"), _or_best(high, best, name="high")
    ranged = low is not None or high is not None
    value = np.column_stack((best, lower, upper)) if ranged else best
    timeline = build_timeline(
        question=question,
        source=source,
        stated_at=stated_at,
        opens_at=opens_at,
        closes_at=closes_at,
        value=value,
        withdrawn=withdrawn,
        counts=~np.isnan(y),
    )
    columns = _spread(timeline, [best, lower, upper] if ranged else [best], y, rule, eps)
    is_range = np.zeros(len(best)) if not ranged else (lower < upper).astype(np.float64)
    at_best, least, most = columns[0], columns[-2] if ranged else columns[0], columns[-1]
    score = time_weighted(timeline=timeline, score=at_best)
    return PairScores(
        question=timeline.question,
        source=timeline.source,
        score=score,
        score_min=time_weighted(timeline=timeline, score=least) if ranged else score,
        score_max=time_weighted(timeline=timeline, score=most) if ranged else score,
        first=first_score(timeline=timeline, score=at_best),
        last=last_score(timeline=timeline, score=at_best),
        coverage=timeline.coverage,
        n_forecasts=timeline.n_forecasts,
        n_ranges=np.bincount(
            timeline.pair, weights=is_range[timeline.row], minlength=len(timeline.first)
        ).astype(np.int64),
        timeline=timeline,
    )


def _or_best(bound: npt.ArrayLike | None, best: Floats, *, name: str) -> Floats:
    if bound is None:
        return best
    stated = checks.floats(bound, name=name, ndim=1)
    checks.same_rows(probability=best, bound=stated)
    return np.where(np.isnan(stated), best, stated)


def _spread(
    timeline: Timeline, readings: list[Floats], outcome: Floats, rule: str, eps: float
) -> list[Floats]:
    """Return the scores at best, and the least and the most, over the input rows."""
    if rule not in BINARY_RULES:
        raise ValueError(f"rule is {rule!r}, not one of {sorted(BINARY_RULES)}")
    columns, row = [], timeline.row
    for reading in readings:
        score = np.full(len(reading), np.nan)
        at = {"probability": reading[row], "outcome": outcome[row]}
        with checks.rows_named(row):
            score[row] = log_score(**at, eps=eps) if rule == "log" else BINARY_RULES[rule](**at)
        columns.append(score)
    if len(columns) == 1:
        return columns
    best, lower, upper = columns
    return [best, np.minimum(lower, upper), np.maximum(lower, upper)]
