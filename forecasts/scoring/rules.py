"""
Scoring rules: one score for each forecast, all negatively oriented.

Lower is better throughout. All these rules are proper: the expected score
is best when the forecast is what the source believes (Gneiting and Raftery
2007, doi.org/10.1198/016214506000001437). Two are so with a reservation. The
interval score is best for any distribution with the stated range as its central
one. The clipped log score is proper for two options, though not strictly:
beyond the clip all forecasts score alike. For three or more it is not quite
proper, by less than K·eps nats: what is below the clip can be given to others.

A binary forecast is the probability of "yes", shape (n,), with outcome 0 or
1. A forecast over K options has shape (n, K), with the outcome the index of
the option that came true. Rows with fewer options are padded with zeros.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

from forecasts.scoring import checks
from forecasts.scoring.checks import MATRIX, Floats, Ints

LOG_CLIP: Final = 0.001
"""The house's clip for the log score: 6.9 nats is the worst."""


def score_range(*, rule: str, eps: float = LOG_CLIP) -> tuple[float, float]:
    """
    Return the least and the greatest score that a rule can give.

    Parameters
    ----------
    rule : str
        One of `RULES`.
    eps : float
        The clip of the log score, which sets its greatest.

    Returns
    -------
    tuple of float
        Least and greatest. A rule in the unit of its question has no greatest. Points lie on either side
        of 0, and of scores that are given nothing is known: for both, from minus to plus infinity.

    Examples
    --------
    >>> score_range(rule="brier"), score_range(rule="crps")
    ((0.0, 1.0), (0.0, inf))
    >>> round(score_range(rule="log")[1], 2)
    6.91
    """
    if rule in ("baseline", "given"):
        return -np.inf, np.inf
    return 0.0, -float(np.log(eps)) if rule == "log" else np.inf if rule in ("crps", "interval") else 1.0


def brier_score(*, probability: npt.ArrayLike, outcome: npt.ArrayLike) -> Floats:
    """
    Return the Brier score of each forecast.

    Of yes or no: (p - y)². Of options: half of the sum over options of (p_k - y_k)², so that two options
    give the same number. Without unit; 0 is best and 1 worst. Half of Brier's original score.

    Parameters
    ----------
    probability : array_like, (n,) or (n, K)
        The probability of "yes", or one for each option, in [0, 1]; rows of options sum to 1.
    outcome : array_like, (n,)
        0 or 1, or the index of the option that came true.

    Returns
    -------
    ndarray, (n,)
        One score for each forecast.

    Raises
    ------
    ValueError
        NaN, a number out of range, a row that does not sum to 1, or lengths that differ.

    References
    ----------
    Brier 1950, https://doi.org/fp62r6

    Examples
    --------
    >>> brier_score(probability=[0.25], outcome=[1])
    array([0.5625])
    >>> brier_score(probability=[[0.75, 0.25]], outcome=[1])
    array([0.5625])
    """
    p, y = _checked(probability, outcome)
    if p.ndim == 1:
        gap = p - y
        return np.square(gap, out=gap)
    hit = _of_outcome(p, y)
    # sum (p_k - y_k)^2 = sum p_k^2 - 2 p_outcome + 1, without an (n, K) copy.
    return np.asarray(0.5 * (np.einsum("nk,nk->n", p, p) - 2.0 * hit + 1.0))


def log_score(*, probability: npt.ArrayLike, outcome: npt.ArrayLike, eps: float = LOG_CLIP) -> Floats:
    """
    Return the logarithmic score of each forecast, in nats.

    -ln p(outcome), with p clipped to [eps, 1 - eps]: from -ln(1 - eps), the best, to -ln eps, the price
    of a forecast of 0 or 1 that fails. State `eps` with the result.

    Parameters
    ----------
    probability : array_like, (n,) or (n, K)
        The probability of "yes", or one for each option.
    outcome : array_like, (n,)
        0 or 1, or the index of the option that came true.
    eps : float, in [0, 0.5)
        The clip. At 0 nothing is clipped, and a forecast of 0 for what happened scores infinity.

    Returns
    -------
    ndarray, (n,)
        One score for each forecast; lower is better.

    Raises
    ------
    ValueError
        NaN, a number out of range, a row that does not sum to 1, lengths that differ, or `eps`.

    References
    ----------
    Good 1952, https://doi.org/10.1111/j.2517-6161.1952.tb00104.x

    Examples
    --------
    >>> log_score(probability=[0.5, 0.0], outcome=[1, 1]).round(4)
    array([0.6931, 6.9078])
    """
    if not 0.0 <= eps < 0.5:
        raise ValueError(f"eps is {eps}, not in [0, 0.5)")
    p, y = _checked(probability, outcome)
    hit = _of_outcome(p, y)
    if eps > 0.0:
        np.clip(hit, eps, 1.0 - eps, out=hit)
    with np.errstate(divide="ignore"):
        return np.abs(np.log(hit, out=hit), out=hit)


def spherical_score(*, probability: npt.ArrayLike, outcome: npt.ArrayLike) -> Floats:
    """
    Return the spherical score of each forecast, as a loss.

    1 - p(outcome) / ‖p‖₂, without unit; 0 is best and 1 worst.

    Parameters
    ----------
    probability : array_like, (n,) or (n, K)
        The probability of "yes", or one for each option.
    outcome : array_like, (n,)
        0 or 1, or the index of the option that came true.

    Returns
    -------
    ndarray, (n,)
        One score for each forecast.

    Raises
    ------
    ValueError
        NaN, a number out of range, a row that does not sum to 1, or lengths that differ.

    References
    ----------
    Gneiting and Raftery 2007, section 3, https://doi.org/10.1198/016214506000001437

    Examples
    --------
    >>> spherical_score(probability=[0.6], outcome=[1]).round(4)
    array([0.1679])
    """
    p, y = _checked(probability, outcome)
    options = np.column_stack((1.0 - p, p)) if p.ndim == 1 else p
    norm = np.sqrt(np.einsum("nk,nk->n", options, options))
    return np.asarray(1.0 - _of_outcome(p, y) / norm)


def ranked_probability_score(
    *,
    probability: npt.ArrayLike,
    outcome: npt.ArrayLike,
    n_options: npt.ArrayLike | None = None,
    normalized: bool = True,
) -> Floats:
    """
    Return the ranked probability score of ordered options, divided by K - 1.

    The sum over the K - 1 thresholds of (P_k - Y_k)², with P and Y cumulative. Divided by K - 1 it is from
    0, the best, to 1, and two options give the Brier score; plain it goes up to K - 1.

    Parameters
    ----------
    probability : array_like, (n, K)
        The probability of each option, in order.
    outcome : array_like, (n,)
        The index of the option that came true.
    n_options : array_like of int, (n,), optional
        How many of the K columns belong to each row; all of them by default.
    normalized : bool
        False for the plain sum over thresholds.

    Returns
    -------
    ndarray, (n,)
        One score for each forecast; lower is better.

    Raises
    ------
    ValueError
        NaN, a number out of range, a row that does not sum to 1, lengths that differ, or K below 2.

    References
    ----------
    Epstein 1969; Murphy 1971, https://doi.org/10.1175/1520-0450(1971)010<0155:ANOTRP>2.0.CO;2

    Examples
    --------
    >>> p = [[0.01, 0.32, 0.44, 0.23]]
    >>> ranked_probability_score(probability=p, outcome=[2]).round(6)
    array([0.053967])
    >>> ranked_probability_score(probability=p, outcome=[2], normalized=False).round(4)
    array([0.1619])
    """
    p, y = _checked(probability, outcome)
    if p.ndim != MATRIX or p.shape[1] < 2:
        raise ValueError("probability must be (n, K) with K of at least 2")
    k = np.full(len(p), p.shape[1]) if n_options is None else np.asarray(n_options)
    checks.refuse(
        (k < 2) | (k > p.shape[1]) | (y >= k),
        name="n_options",
        values=k,
        reason="too few for the outcome or too many for the columns",
    )
    column = np.arange(p.shape[1])
    gap = np.cumsum(p, axis=1) - (column >= y[:, None])
    inside = column < k[:, None] - 1
    total = np.sum(np.square(gap) * inside, axis=1)
    return np.asarray(total / (k - 1) if normalized else total)


def crps_from_quantiles(*, values: npt.ArrayLike, levels: npt.ArrayLike, outcome: npt.ArrayLike) -> Floats:
    """
    Return the continuous ranked probability score of quantile forecasts.

    ∫ (F(x) - 1{x ≥ y})² dx, exact for the distribution function F that is linear between the stated
    quantiles. Probability outside the outermost quantiles sits at them, so that one quantile is a point
    forecast and scores |x - y|. In the unit of x (days or seconds for dates); 0 is best. Elsewhere a CRPS
    of quantiles can be a mean of quantile losses over the levels, which is another number.

    Parameters
    ----------
    values : array_like, (n, m)
        The quantiles, rising. Rows with fewer of them repeat their last.
    levels : array_like, (m,) or (n, m)
        Their levels, rising, in [0, 1].
    outcome : array_like, (n,)
        What the number turned out to be.

    Returns
    -------
    ndarray, (n,)
        One score for each forecast.

    Raises
    ------
    ValueError
        NaN, quantiles or levels that fall, or shapes that do not fit.

    References
    ----------
    Matheson and Winkler 1976, https://doi.org/10.1287/mnsc.22.10.1087

    Examples
    --------
    >>> crps_from_quantiles(values=[[0.0, 1.0]], levels=[0.0, 1.0], outcome=[0.5]).round(6)
    array([0.083333])
    >>> crps_from_quantiles(values=[[3.0]], levels=[0.5], outcome=[5.0])
    array([2.])
    """
    x = checks.finite(values, name="values")
    y = checks.finite(outcome, name="outcome")
    if x.ndim != MATRIX or y.shape != x.shape[:1] or x.shape[1] == 0:
        raise ValueError("values must be (n, m), outcome (n,)")
    f = np.broadcast_to(checks.floats(levels, name="levels"), x.shape)
    falling = (np.diff(x, axis=1) < 0).any(axis=1)
    checks.refuse(falling, name="values", values=x, reason="not rising")
    wrong = ~((f >= 0) & (f <= 1)).all(axis=1) | (np.diff(f, axis=1) < 0).any(axis=1)
    checks.refuse(wrong, name="levels", values=f, reason="not rising in [0, 1]")
    outside = np.maximum(x[:, 0] - y, 0.0) + np.maximum(y - x[:, -1], 0.0)
    return np.asarray(outside + _crps_between(x, f, y).sum(axis=1))


def interval_score(
    *,
    low: npt.ArrayLike,
    high: npt.ArrayLike,
    level: npt.ArrayLike,
    outcome: npt.ArrayLike,
) -> Floats:
    """
    Return the interval (Winkler) score of stated ranges.

    (u - l) + (2/a)·max(l - y, 0) + (2/a)·max(y - u, 0), for a central range that is to hold the outcome
    with probability 1 - a: from the quantile at a/2 to that at 1 - a/2. In the unit of x; 0 is best, and
    there is no worst.

    Parameters
    ----------
    low, high : array_like, (n,)
        The ends of each range.
    level : float or array_like, (n,)
        The probability 1 - a that the range is to hold the outcome, inside (0, 1).
    outcome : array_like, (n,)
        What the number turned out to be.

    Returns
    -------
    ndarray, (n,)
        One score for each range.

    Raises
    ------
    ValueError
        NaN, `low` above `high`, `level` outside (0, 1), or lengths that differ.

    References
    ----------
    Winkler 1972, https://doi.org/10.1080/01621459.1972.10481224

    Examples
    --------
    >>> interval_score(low=[0.0], high=[10.0], level=0.8, outcome=[12.0]).round(6)
    array([30.])
    """
    lower = checks.finite(low, name="low")
    upper = checks.finite(high, name="high")
    y = checks.finite(outcome, name="outcome")
    checks.same_rows(low=lower, high=upper, outcome=y)
    checks.refuse(lower > upper, name="low", values=lower, reason="above high")
    inside = np.broadcast_to(checks.floats(level, name="level"), y.shape)
    checks.refuse(~((inside > 0) & (inside < 1)), name="level", values=inside, reason="not (0, 1)")
    outside = np.maximum(lower - y, 0.0) + np.maximum(y - upper, 0.0)
    return np.asarray((upper - lower) + 2.0 / (1.0 - inside) * outside)


BINARY_RULES: Final[dict[str, Callable[..., Floats]]] = {
    "brier": brier_score,
    "log": log_score,
    "spherical": spherical_score,
}


def _checked(probability: npt.ArrayLike, outcome: npt.ArrayLike) -> tuple[Floats, Floats | Ints]:
    p = checks.probabilities(probability)
    y: Floats | Ints
    if p.ndim == MATRIX:
        y = checks.option_outcomes(outcome, options=p.shape[1])
    elif p.ndim == 1:
        y = checks.binary_outcomes(outcome)
    else:
        raise ValueError(f"probability must be (n,) or (n, K), not {p.shape}")
    checks.same_rows(probability=p, outcome=y)
    return p, y


def _of_outcome(p: Floats, y: Floats | Ints) -> Floats:
    """Return the probability that each forecast gave to what happened."""
    if p.ndim == 1:
        hit = np.subtract(1.0, p)
        np.copyto(hit, p, where=y == 1.0)
        return hit
    return np.asarray(p[np.arange(len(p)), y.astype(np.int64)])


def _crps_between(x: Floats, f: Floats, y: Floats) -> Floats:
    """Return the integral over each gap between neighbouring quantiles."""
    left, right, at = x[:, :-1], x[:, 1:], y[:, None]
    width = right - left
    below = np.clip(at - left, 0.0, width)
    # The share of the gap, not the slope: a gap of the smallest width would make that infinite.
    share = np.divide(below, width, out=np.zeros_like(width), where=width > 0)
    f_at = f[:, :-1] + (f[:, 1:] - f[:, :-1]) * share
    under = below * _mean_square(f[:, :-1], f_at)
    over = (width - below) * _mean_square(1.0 - f_at, 1.0 - f[:, 1:])
    return np.asarray(under + over)


def _mean_square(a: Floats, b: Floats) -> Floats:
    """Return the mean of the square of a line running from a to b."""
    return np.asarray((a * a + a * b + b * b) / 3.0)
