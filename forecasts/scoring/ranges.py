"""Verbal forecasts, read as a range: the score at the best reading, and how far the range lets it go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from forecasts.scoring import checks
from forecasts.scoring.checks import Floats
from forecasts.scoring.rules import brier_score


@dataclass(frozen=True, slots=True)
class VerbalRanges:
    """Scores at the best reading, and the least and the most over the range."""

    best: Floats
    minimum: Floats
    maximum: Floats


def verbal_ranges(
    *,
    low: npt.ArrayLike,
    best: npt.ArrayLike,
    high: npt.ArrayLike,
    outcome: npt.ArrayLike,
    rule: Callable[..., Floats] = brier_score,
) -> VerbalRanges:
    """
    Return the scores of verbal forecasts, read as ranges from low over best to high.

    The score is taken at `best`. The binary rules here are monotone in p for either outcome, so the least
    and the most over the range are at its ends.

    Parameters
    ----------
    low, best, high : array_like, (n,)
        The readings of each word, in [0, 1], with low ≤ best ≤ high.
    outcome : array_like, (n,)
        0 or 1.
    rule : callable
        A binary rule that takes `probability` and `outcome`.

    Returns
    -------
    VerbalRanges
        Arrays (n,): `best`, `minimum` and `maximum`.

    Raises
    ------
    ValueError
        NaN, a number out of range, readings out of order, or lengths that differ.

    Examples
    --------
    >>> scores = verbal_ranges(low=[0.5], best=[0.75], high=[1.0], outcome=[1])
    >>> scores.best, scores.minimum, scores.maximum
    (array([0.0625]), array([0.]), array([0.25]))
    """
    p_low = checks.probabilities(low, name="low")
    p_best = checks.probabilities(best, name="best")
    p_high = checks.probabilities(high, name="high")
    checks.same_rows(low=p_low, best=p_best, high=p_high)
    checks.refuse(p_low > p_best, name="low", values=p_low, reason="above best")
    checks.refuse(p_high < p_best, name="high", values=p_high, reason="below best")
    at_low = rule(probability=p_low, outcome=outcome)
    at_high = rule(probability=p_high, outcome=outcome)
    return VerbalRanges(
        best=rule(probability=p_best, outcome=outcome),
        minimum=np.minimum(at_low, at_high),
        maximum=np.maximum(at_low, at_high),
    )
