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
    Return Metaculus's baseline score of each forecast, in points; higher is better.

    100·ln(p·K) / ln K, for p the probability of what happened and K the number of options: 0 for the
    uninformed 1/K, 100 for certainty, -∞ for p = 0.

    Parameters
    ----------
    outcome_probability : array_like, (n,)
        What each forecast gave to what happened.
    n_options : int or array_like of int, (n,)
        K, at least 2.

    Returns
    -------
    ndarray, (n,)
        Points, up to 100.

    Raises
    ------
    ValueError
        NaN, a number out of range, or fewer than two options.

    References
    ----------
    Metaculus, "Scores FAQ", https://www.metaculus.com/help/scores-faq

    Examples
    --------
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
    Return Metaculus's baseline score of binned continuous forecasts, in points; higher is better.

    100·ln(p / b) / 2, for p the probability of the bucket that came true and b the uninformed one: 0.05
    for an open end, and for a bucket inside (1 - 0.05·open ends) / (number of inside buckets).

    Parameters
    ----------
    outcome_probability : array_like, (n,)
        Probabilities, or densities, of which only the ratio to `baseline` matters and which may exceed 1.
    baseline : float or array_like, (n,)
        The uninformed probability or density, above 0.

    Returns
    -------
    ndarray, (n,)
        Points; 0 for the uninformed forecast, -∞ for a probability of 0.

    Raises
    ------
    ValueError
        NaN, a number below 0, or a `baseline` of 0.

    References
    ----------
    Metaculus, "Scores FAQ", https://www.metaculus.com/help/scores-faq

    Examples
    --------
    >>> baseline_score_continuous(outcome_probability=[0.05], baseline=0.05)
    array([0.])
    """
    p = checks.finite(outcome_probability, name="outcome_probability")
    b = checks.finite(baseline, name="baseline")
    checks.refuse(p < 0, name="outcome_probability", values=p, reason="below 0")
    checks.refuse(b <= 0, name="baseline", values=b, reason="not above 0")
    with np.errstate(divide="ignore"):
        return np.asarray(50.0 * np.log(p / b))
