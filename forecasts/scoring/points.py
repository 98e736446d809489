"""
Metaculus's points for one forecast, higher is better: the log score beside an uninformed one.

``relative`` has those beside the other sources.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from forecasts.scoring import checks
from forecasts.scoring.checks import Floats


def baseline_score(*, outcome_probability: npt.ArrayLike, n_options: npt.ArrayLike = 2) -> Floats:
    """
    Return Metaculus's baseline score of each forecast, in points.

    100·ln(p·K) / ln K for p the probability of what happened and K the number
    of options; 0 for the uninformed 1/K, 100 for certainty, -∞ for p = 0.
    outcome_probability: (n,); n_options: scalar or (n,); returns (n,).
    Raises ValueError on NaN, range, or fewer than two options.
    Source: Metaculus, "Scores FAQ", www.metaculus.com/help/scores-faq

    >>> baseline_score(outcome_probability=[0.5, 0.9]).round(4)
    array([ 0.    , 84.7997])
    """
    p = checks.probabilities(outcome_probability)
    k = np.broadcast_to(np.asarray(n_options, dtype=np.float64), p.shape)
    checks.refuse(k < 2, name="n_options", values=k, reason="below 2")
    with np.errstate(divide="ignore"):
        return np.asarray(100.0 * np.log(p * k) / np.log(k))


def baseline_score_continuous(*, outcome_probability: npt.ArrayLike, baseline: npt.ArrayLike) -> Floats:
    """
    Return Metaculus's baseline score of binned continuous forecasts, in points.

    100·ln(p / b) / 2, for p the probability of the bucket that came true and b
    the uninformed one: 0.05 for an open end, and for a bucket inside
    (1 - 0.05·open ends) / (number of inside buckets).
    outcome_probability: (n,), or densities, of which only the ratio to b
    matters and which may exceed 1; baseline: scalar or (n,); returns (n,).
    Raises ValueError on NaN, below 0, or b of 0. Source: Metaculus, "Scores FAQ"

    >>> baseline_score_continuous(outcome_probability=[0.05], baseline=0.05)
    array([0.])
    """
    p = checks.finite(outcome_probability, name="outcome_probability")
    b = checks.finite(baseline, name="baseline")
    checks.refuse(p < 0, name="outcome_probability", values=p, reason="below 0")
    checks.refuse(b <= 0, name="baseline", values=b, reason="not above 0")
    with np.errstate(divide="ignore"):
        return np.asarray(50.0 * np.log(p / b))
