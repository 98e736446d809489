"""
Decompositions of the mean Brier score: what is miscalibration, what is knowledge, what is luck.

For probabilities of "yes" and outcomes 0 or 1, one row for each forecast.
Outcomes between 0 and 1, such as 0.5 for a tie, are refused: no decomposition holds with them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import isotonic_regression

from forecasts.scoring import checks
from forecasts.scoring.calibration import bin_of
from forecasts.scoring.checks import Floats


@dataclass(frozen=True, slots=True)
class CorpDecomposition:
    """
    The parts of a mean Brier score, S = miscalibration - discrimination + uncertainty.

    ``recalibrated``: (n,) the forecast that isotonic regression puts in place
    of each. Lower miscalibration and higher discrimination are better. All NaN
    without forecasts.
    """

    score: float
    miscalibration: float
    discrimination: float
    uncertainty: float
    recalibrated: Floats


def corp_decomposition(
    *, probability: npt.ArrayLike, outcome: npt.ArrayLike, weights: npt.ArrayLike | None = None
) -> CorpDecomposition:
    """
    Return the CORP decomposition of the mean Brier score.

    S = miscalibration - discrimination + uncertainty, exactly. Forecasts are recalibrated by
    pool-adjacent-violators; equal forecasts are pooled whatever their order.

    Parameters
    ----------
    probability : array_like, (n,)
        The probability of "yes".
    outcome : array_like, (n,)
        0 or 1.
    weights : array_like, (n,), optional
        How much each forecast counts, above 0; equally by default.

    Returns
    -------
    CorpDecomposition
        Lower miscalibration and higher discrimination are better; all NaN without forecasts.

    Raises
    ------
    ValueError
        NaN, a number out of range, a weight that is not above 0, or lengths that differ.

    References
    ----------
    Dimitriadis, Gneiting and Jordan 2021, https://doi.org/10.1073/pnas.2016191118

    Examples
    --------
    >>> parts = corp_decomposition(probability=[0.5] * 6, outcome=[1, 0, 1, 0, 1, 0])
    >>> parts.miscalibration, parts.discrimination, parts.uncertainty
    (0.0, 0.0, 0.25)
    """
    p, y = checks.binary_forecasts(probability, outcome)
    w = checks.weights(weights, rows=p)
    if len(p) == 0:
        nan = float("nan")
        return CorpDecomposition(nan, nan, nan, nan, p)
    recalibrated = recalibrate(p, y, w)
    score = _mean(np.square(p - y), w)
    best = _mean(np.square(recalibrated - y), w)
    base = _mean(y, w)
    uncertainty = base * (1.0 - base)
    return CorpDecomposition(score, score - best, uncertainty - best, uncertainty, recalibrated)


def recalibrate(p: Floats, y: Floats, w: Floats) -> Floats:
    """Return the isotonic fit of y on p with weights w, (n,); equal p get equal values."""
    # Within equal p the outcomes must fall, or pooling depends on row order.
    order = np.lexsort((-y, p))
    fitted = np.empty(len(p))
    fitted[order] = isotonic_regression(y[order], weights=w[order]).x
    return fitted


@dataclass(frozen=True, slots=True)
class ConsistencyBand:
    """Where the recalibrated value of each distinct forecast would lie by chance."""

    probability: Floats
    low: Floats
    high: Floats
    level: float
    draws: int


def consistency_band(
    *, probability: npt.ArrayLike, level: float = 0.9, draws: int = 1000, seed: int = 0
) -> ConsistencyBand:
    """
    Return the band that a calibrated source's reliability curve stays within.

    Outcomes are drawn as if every forecast were right, independently, and recalibrated anew; the band holds
    the share `level` of the draws at each distinct forecast, one at a time and not all at once.

    Parameters
    ----------
    probability : array_like, (n,)
        The probability of "yes".
    level : float
        Inside (0, 1).
    draws : int
        At least 1.
    seed : int
        The same seed gives the same band.

    Returns
    -------
    ConsistencyBand
        Arrays (u,), one row for each distinct forecast, rising.

    Raises
    ------
    ValueError
        NaN, a number out of range, `level` or `draws`.

    References
    ----------
    Dimitriadis, Gneiting and Jordan 2021, https://doi.org/10.1073/pnas.2016191118

    Examples
    --------
    >>> band = consistency_band(probability=[0.5] * 100, draws=200)
    >>> bool(band.low[0] < 0.5 < band.high[0])
    True
    """
    p = checks.probabilities(probability)
    if not 0.0 < level < 1.0:
        raise ValueError(f"level is {level}, not in (0, 1)")
    if draws < 1:
        raise ValueError(f"draws is {draws}, not at least 1")
    rng = np.random.default_rng(seed)
    distinct, first = np.unique(np.sort(p), return_index=True)
    ordered = np.sort(p)
    curves, even = np.empty((draws, len(distinct))), np.ones(len(p))
    for draw in range(draws):
        y = (rng.random(len(p)) < ordered).astype(np.float64)
        curves[draw] = recalibrate(ordered, y, even)[first]
    tail = 0.5 * (1.0 - level)
    low, high = np.quantile(curves, [tail, 1.0 - tail], axis=0) if len(p) else (distinct, distinct)
    return ConsistencyBand(distinct, low, high, level, draws)


@dataclass(frozen=True, slots=True)
class MurphyDecomposition:
    """
    Murphy's parts: S = reliability - resolution + uncertainty + within_variance
    - within_covariance. The last two are 0 when grouped by distinct values.
    """

    reliability: float
    resolution: float
    uncertainty: float
    within_variance: float
    within_covariance: float
    n_groups: int


def murphy_decomposition(
    *,
    probability: npt.ArrayLike,
    outcome: npt.ArrayLike,
    bins: int | None = None,
    weights: npt.ArrayLike | None = None,
) -> MurphyDecomposition:
    """
    Return Murphy's decomposition of the mean Brier score, over distinct forecasts or over bins.

    Over bins the mean forecast stands for the bin, and the two terms within bins make the identity hold
    exactly.

    Parameters
    ----------
    probability : array_like, (n,)
        The probability of "yes".
    outcome : array_like, (n,)
        0 or 1.
    bins : int, optional
        How many of equal width; distinct values by default.
    weights : array_like, (n,), optional
        How much each forecast counts, above 0; equally by default.

    Returns
    -------
    MurphyDecomposition
        Lower reliability and higher resolution are better; all NaN without forecasts.

    Raises
    ------
    ValueError
        NaN, a number out of range, a weight that is not above 0, `bins`, or lengths that differ.

    References
    ----------
    Murphy 1973, https://doi.org/10.1175/1520-0450(1973)012<0595:ANVPOT>2.0.CO;2; Stephenson, Coelho and
    Jolliffe 2008, https://doi.org/10.1175/2007WAF2006116.1

    Examples
    --------
    >>> parts = murphy_decomposition(probability=[0.1, 0.1, 0.8, 0.8], outcome=[0, 0, 1, 0])
    >>> round(parts.reliability, 4), parts.resolution, parts.uncertainty
    (0.05, 0.0625, 0.1875)
    """
    p, y = checks.binary_forecasts(probability, outcome)
    w = checks.weights(weights, rows=p)
    if len(p) == 0:
        nan = float("nan")
        return MurphyDecomposition(nan, nan, nan, nan, nan, 0)
    # Distinct up to twelve digits, so that 0.1 + 0.2 and 0.3 are one value.
    keys = np.round(p, 12) if bins is None else bin_of(p, bins)
    group = np.unique(keys, return_inverse=True)[1]
    size = np.bincount(group, weights=w).astype(np.float64)
    mean_p = np.bincount(group, weights=w * p) / size
    frequency = np.bincount(group, weights=w * y) / size
    base = _mean(y, w)
    off_p, off_y = p - mean_p[group], y - frequency[group]
    return MurphyDecomposition(
        reliability=_mean(np.square(mean_p - frequency), size),
        resolution=_mean(np.square(frequency - base), size),
        uncertainty=base * (1.0 - base),
        within_variance=_mean(np.square(off_p), w),
        within_covariance=2.0 * _mean(off_p * off_y, w),
        n_groups=len(size),
    )


def _mean(values: Floats, weights: Floats) -> float:
    return float(np.sum(weights * values) / np.sum(weights))
