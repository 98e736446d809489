"""
Few forecasts: pulling each source's mean to the board's, as far as luck goes.

Empirical Bayes by adjustment for density maximisation (ADM), which never
concludes that all sources are equal, and whose intervals carry the doubt
about the spread of the sources: Morris and Tang 2011, Statistical Science 26.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.special import polygamma

from forecasts.scoring import checks
from forecasts.scoring.checks import Floats
from forecasts.scoring.sorting import ratio

LEAST_SOURCES = 4
"""Below four sources the spread between them cannot be learnt (Morris and Tang)."""


@dataclass(frozen=True, slots=True)
class ShrunkMeans:
    """
    value: (s,) shrunk means; sd: (s,) their standard deviation; factor: (s,) how
    far each was pulled, 0 not at all to 1 fully; mean, spread: of the board's
    sources (spread is a standard deviation, NaN when nothing was shrunk).
    """

    value: Floats
    sd: Floats
    factor: Floats
    mean: float
    spread: float


def shrink_means(*, mean: npt.ArrayLike, variance: npt.ArrayLike) -> ShrunkMeans:
    """
    Return means shrunk to the board's mean, each by its own sampling variance.

    Parameters
    ----------
    mean : array_like, (s,)
        The mean score of each source.
    variance : array_like, (s,)
        Its sampling variance, above 0, in squared units of the mean.

    Returns
    -------
    ShrunkMeans
        A source with NaN is left out and stays NaN. With fewer than four sources nothing is shrunk.

    Raises
    ------
    ValueError
        A variance of 0 or below, or lengths that differ.

    References
    ----------
    Morris and Tang 2011, Statistical Science 26

    Examples
    --------
    >>> shrunk = shrink_means(mean=[0.1, 0.2, 0.3, 0.4, 0.5], variance=[0.01] * 5)
    >>> bool(shrunk.value[0] > 0.1), bool(shrunk.value[4] < 0.5), round(shrunk.mean, 3)
    (True, True, 0.3)
    """
    y, v = checks.floats(mean, name="mean"), checks.floats(variance, name="variance")
    checks.same_rows(mean=y, variance=v)
    checks.refuse(v <= 0, name="variance", values=v, reason="not above 0")
    there = ~(np.isnan(y) | np.isnan(v))
    if there.sum() < LEAST_SOURCES:
        level = float(np.mean(y[there])) if there.any() else float("nan")
        own, sd, factor = (np.where(there, each, np.nan) for each in (y, np.sqrt(v), np.zeros(len(y))))
        return ShrunkMeans(own, sd, factor, level, float("nan"))
    value, sd, factor = (np.full(len(y), np.nan) for _ in range(3))
    fitted = _adm(y[there], v[there])
    value[there], sd[there], factor[there] = fitted.value, fitted.sd, fitted.factor
    return ShrunkMeans(value, sd, factor, fitted.mean, fitted.spread)


def _adm(y: Floats, v: Floats) -> ShrunkMeans:
    def loss(log_spread: float) -> float:
        total = v + np.exp(log_spread)
        level = np.sum(y / total) / np.sum(1.0 / total)
        fit = np.sum(np.log(total)) + np.log(np.sum(1.0 / total)) + np.sum((y - level) ** 2 / total)
        return float(0.5 * fit - log_spread)

    scale = np.log(np.var(y) + np.median(v))
    found = minimize_scalar(
        loss, bounds=(scale - 25.0, scale + 5.0), method="bounded", options={"xatol": 1e-10}
    )
    at = float(found.x)
    step = 1e-2
    curvature = max((loss(at + step) - 2.0 * loss(at) + loss(at - step)) / step**2, 1e-6)
    spread = float(np.exp(at))
    total = v + spread
    precision = np.sum(1.0 / total)
    level = float(np.sum(y / total) / precision)
    factor = v / total
    # d factor / d log spread is -factor (1 - factor).
    factor_variance = np.square(factor * (1.0 - factor)) / curvature
    sd = np.sqrt(v * (1.0 - factor) + np.square(factor) / precision + factor_variance * np.square(y - level))
    return ShrunkMeans(y - factor * (y - level), sd, factor, level, float(np.sqrt(spread)))


def moderated_variances(*, variance: npt.ArrayLike, df: npt.ArrayLike) -> tuple[Floats, Floats]:
    """
    Return variances moderated towards the usual one, and their degrees of freedom.

    A source with a few events has, by luck, a far too small or too large
    variance of its own. The prior is a scaled inverse chi-square fitted to all
    the sources' variances. variance: (s,) of one event, NaN where df is 0;
    df: (s,) events - 1; returns two arrays (s,).
    Source: Smyth 2004, doi.org/10.2202/1544-6115.1027

    >>> v, df = moderated_variances(variance=[1.0, 1.0, np.nan], df=[5, 5, 0])
    >>> v.round(6)
    array([1., 1., 1.])
    """
    s2 = checks.floats(variance, name="variance")
    d = checks.floats(df, name="df")
    known = (d > 0) & (s2 > 0)
    if not known.any():
        return np.full(len(s2), np.nan), np.zeros(len(s2))
    usual, prior_df = _prior(s2[known], d[known])
    own = np.where(known, d * np.where(known, s2, 0.0), 0.0)
    total = np.where(known, d, 0.0) + prior_df
    if np.isinf(prior_df):
        return np.full(len(s2), usual), total
    return ratio(own + prior_df * usual, total), total


def _prior(s2: Floats, d: Floats) -> tuple[float, float]:
    """Return the usual variance and the degrees of freedom that it is worth."""
    z = np.log(s2)
    e = z - polygamma(0, d / 2.0) + np.log(d / 2.0)
    centre = float(np.mean(e))
    excess = float(np.var(e, ddof=1) - np.mean(polygamma(1, d / 2.0))) if len(e) > 1 else 0.0
    if excess <= 0.0:
        # No more spread than chance gives: one variance for all of them.
        return float(np.sum(d * s2) / np.sum(d)), float("inf")
    half = _inverse_trigamma(excess)
    return float(np.exp(centre + polygamma(0, half) - np.log(half))), 2.0 * half


def _inverse_trigamma(value: float) -> float:
    x = 0.5 + 1.0 / value
    for _ in range(50):
        trigamma = float(polygamma(1, x))
        change = trigamma * (1.0 - trigamma / value) / float(polygamma(2, x))
        x += change
        if -change / x < 1e-10:
            break
    return x
