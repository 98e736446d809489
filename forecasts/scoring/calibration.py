"""
Calibration: do events given p happen with frequency p?

For probabilities of "yes" and outcomes 0 or 1, one row for each forecast.
Leave out questions whose deadline has not passed: those that resolve early
lean to "yes". Outcomes between 0 and 1, such as 0.5 for a tie, are void and
refused here: no decomposition holds with them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import isotonic_regression
from scipy.special import expit, logit, ndtri
from scipy.stats import rankdata

from forecasts.scoring import checks
from forecasts.scoring.checks import Floats, Ints
from forecasts.scoring.sorting import ratio

BIN_DIGITS = 9
MOST_BINS = 10_000


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


def corp_decomposition(*, probability: npt.ArrayLike, outcome: npt.ArrayLike) -> CorpDecomposition:
    """
    Return the CORP decomposition of the mean Brier score.

    Forecasts are recalibrated by pool-adjacent-violators; equal forecasts are
    pooled whatever their order. probability: (n,); outcome: (n,) 0 or 1.
    Raises ValueError on NaN, range or length. Source: Dimitriadis, Gneiting
    and Jordan 2021, doi.org/10.1073/pnas.2016191118

    >>> parts = corp_decomposition(probability=[0.5] * 6, outcome=[1, 0, 1, 0, 1, 0])
    >>> parts.miscalibration, parts.discrimination, parts.uncertainty
    (0.0, 0.0, 0.25)
    """
    p, y = checks.binary_forecasts(probability, outcome)
    if len(p) == 0:
        nan = float("nan")
        return CorpDecomposition(nan, nan, nan, nan, p)
    recalibrated = recalibrate(p, y)
    score = float(np.mean(np.square(p - y)))
    best = float(np.mean(np.square(recalibrated - y)))
    base = float(np.mean(y))
    uncertainty = base * (1.0 - base)
    return CorpDecomposition(score, score - best, uncertainty - best, uncertainty, recalibrated)


def recalibrate(p: Floats, y: Floats) -> Floats:
    """Return the isotonic fit of y on p, (n,); equal p get equal values."""
    # Within equal p the outcomes must fall, or pooling depends on row order.
    order = np.lexsort((-y, p))
    fitted = np.empty(len(p))
    fitted[order] = isotonic_regression(y[order]).x
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

    Outcomes are drawn as if every forecast were right, independently, and
    recalibrated anew; the band holds the share ``level`` of the draws at each
    distinct forecast, one at a time and not all at once.
    probability: (n,); returns arrays (u,), rising. Raises ValueError on range,
    level outside (0, 1), or draws below 1. Source: Dimitriadis, Gneiting and Jordan 2021,
    doi.org/10.1073/pnas.2016191118

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
    curves = np.empty((draws, len(distinct)))
    for draw in range(draws):
        y = (rng.random(len(p)) < ordered).astype(np.float64)
        curves[draw] = recalibrate(ordered, y)[first]
    tail = 0.5 * (1.0 - level)
    low, high = np.quantile(curves, [tail, 1.0 - tail], axis=0) if len(p) else (distinct, distinct)
    return ConsistencyBand(distinct, low, high, level, draws)


@dataclass(frozen=True, slots=True)
class Bins:
    """
    A reliability table, one row for each bin, (b,).

    low, high: the bin [low, high), the last one closed; n: forecasts; mean_p:
    their mean (not the bin's centre); frequency: share that came true;
    wilson_low, wilson_high: 95 % interval of it. NaN in a bin with n = 0.
    """

    low: Floats
    high: Floats
    n: Ints
    mean_p: Floats
    frequency: Floats
    wilson_low: Floats
    wilson_high: Floats


def reliability_bins(*, probability: npt.ArrayLike, outcome: npt.ArrayLike, bins: int = 10) -> Bins:
    """
    Return the reliability table over ``bins`` bins of equal width.

    probability: (n,); outcome: (n,) 0 or 1. A forecast's bin is the floor of
    p·bins rounded to nine digits, so that 0.3 of ten bins falls in the fourth.
    The interval takes forecasts as independent, which those on one event are
    not. Raises ValueError on NaN, range, length, or bins
    outside 1 to 10,000.
    Source: Wilson 1927, doi.org/10.1080/01621459.1927.10502953

    >>> table = reliability_bins(probability=[0.1, 0.9, 0.95], outcome=[0, 1, 1], bins=2)
    >>> table.n, table.mean_p, table.frequency
    (array([1, 2]), array([0.1  , 0.925]), array([0., 1.]))
    """
    p, y = checks.binary_forecasts(probability, outcome)
    index = _bin_of(p, bins)
    n = np.bincount(index, minlength=bins)
    happened = np.bincount(index, weights=y, minlength=bins)
    wilson_low, wilson_high = wilson_interval(successes=happened, n=n)
    edges = np.arange(bins + 1) / bins
    return Bins(
        low=edges[:-1],
        high=edges[1:],
        n=n.astype(np.int64),
        mean_p=ratio(np.bincount(index, weights=p, minlength=bins).astype(np.float64), n.astype(np.float64)),
        frequency=ratio(happened.astype(np.float64), n.astype(np.float64)),
        wilson_low=wilson_low,
        wilson_high=wilson_high,
    )


def wilson_interval(
    *, successes: npt.ArrayLike, n: npt.ArrayLike, level: float = 0.95
) -> tuple[Floats, Floats]:
    """
    Return Wilson's interval of a share, NaN where n is 0.

    successes, n: (b,); level: inside (0, 1); returns two arrays (b,). The trials
    are taken as independent. Raises ValueError on successes outside 0 to n, on
    level, or on lengths.
    Source: Wilson 1927, doi.org/10.1080/01621459.1927.10502953

    >>> low, high = wilson_interval(successes=[0.0], n=[10])
    >>> low.round(4), high.round(4)
    (array([0.]), array([0.2775]))
    """
    k, size = checks.floats(successes, name="successes"), checks.floats(n, name="n")
    checks.same_rows(successes=k, n=size)
    checks.refuse(~((k >= 0) & (k <= size)), name="successes", values=k, reason="not from 0 to n")
    if not 0.0 < level < 1.0:
        raise ValueError(f"level is {level}, not in (0, 1)")
    z = float(ndtri(0.5 + 0.5 * level))
    share = ratio(k, size)
    with np.errstate(divide="ignore", invalid="ignore"):
        centre = (share + z * z / (2 * size)) / (1 + z * z / size)
        half = z / (1 + z * z / size) * np.sqrt(share * (1 - share) / size + z * z / (4 * size * size))
    return np.maximum(centre - half, 0.0), np.minimum(centre + half, 1.0)


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
    *, probability: npt.ArrayLike, outcome: npt.ArrayLike, bins: int | None = None
) -> MurphyDecomposition:
    """
    Return Murphy's decomposition over distinct forecasts, or over bins.

    Over bins the mean forecast stands for the bin, and the two terms within
    bins make the identity hold exactly. probability: (n,); outcome: (n,) 0 or
    1; bins: how many of equal width, None for distinct values.
    Raises ValueError on NaN, range or length. Source: Murphy 1973,
    doi.org/10.1175/1520-0450(1973)012<0595:ANVPOT>2.0.CO;2; Stephenson, Coelho
    and Jolliffe 2008, doi.org/10.1175/2007WAF2006116.1

    >>> parts = murphy_decomposition(probability=[0.1, 0.1, 0.8, 0.8], outcome=[0, 0, 1, 0])
    >>> round(parts.reliability, 4), parts.resolution, parts.uncertainty
    (0.05, 0.0625, 0.1875)
    """
    p, y = checks.binary_forecasts(probability, outcome)
    if len(p) == 0:
        nan = float("nan")
        return MurphyDecomposition(nan, nan, nan, nan, nan, 0)
    # Distinct up to twelve digits, so that 0.1 + 0.2 and 0.3 are one value.
    keys = np.round(p, 12) if bins is None else _bin_of(p, bins)
    group = np.unique(keys, return_inverse=True)[1]
    n = np.bincount(group)
    mean_p = np.bincount(group, weights=p) / n
    frequency = np.bincount(group, weights=y) / n
    base = float(np.mean(y))
    off_p, off_y = p - mean_p[group], y - frequency[group]
    return MurphyDecomposition(
        reliability=float(np.sum(n * np.square(mean_p - frequency)) / len(p)),
        resolution=float(np.sum(n * np.square(frequency - base)) / len(p)),
        uncertainty=base * (1.0 - base),
        within_variance=float(np.mean(np.square(off_p))),
        within_covariance=float(2.0 * np.mean(off_p * off_y)),
        n_groups=len(n),
    )


def auc(*, probability: npt.ArrayLike, outcome: npt.ArrayLike) -> float:
    """
    Return the area under the ROC curve: how often "yes" was given the higher p.

    Ties count half. probability: (n,); outcome: (n,) 0 or 1. NaN when all
    outcomes are the same. Source: Hanley and McNeil 1982,
    doi.org/10.1148/radiology.143.1.7063747, via the rank sum.

    >>> auc(probability=[0.1, 0.4, 0.35, 0.8], outcome=[0, 0, 1, 1])
    0.75
    """
    p, y = checks.binary_forecasts(probability, outcome)
    yes = float(y.sum())
    no = len(y) - yes
    if yes == 0 or no == 0:
        return float("nan")
    return float((rankdata(p)[y == 1.0].sum() - 0.5 * yes * (yes + 1)) / (yes * no))


def sharpness(*, probability: npt.ArrayLike) -> float:
    """
    Return the variance of the forecasts; 0 when all are the same, NaN without any.

    probability: (n,). Source: Murphy and Winkler 1992

    >>> sharpness(probability=[0.0, 1.0])
    0.25
    """
    p = checks.probabilities(probability)
    return float(np.var(p)) if len(p) else float("nan")


@dataclass(frozen=True, slots=True)
class CalibrationLine:
    """logit(frequency) = intercept + slope·logit(p); (0, 1) is calibrated."""

    intercept: float
    slope: float
    intercept_se: float
    slope_se: float


def calibration_line(
    *, probability: npt.ArrayLike, outcome: npt.ArrayLike, eps: float = 0.001
) -> CalibrationLine:
    """
    Return the logistic calibration intercept and slope, with standard errors.

    A slope below 1 says that forecasts are too extreme; the intercept is what
    the line gives at a forecast of 0.5, so that above 0 such events happen more
    often than that. The errors take forecasts as independent. probability: (n,), clipped to
    [eps, 1 - eps]; outcome: (n,) 0 or 1. All NaN when the line does not exist:
    fewer than two distinct forecasts, or outcomes that a threshold separates.
    Raises ValueError on NaN, range, length, or eps outside (0, 0.5).
    Source: Cox 1958, doi.org/10.1093/biomet/45.3-4.562

    >>> p = [0.2] * 10 + [0.8] * 10
    >>> line = calibration_line(probability=p, outcome=[1] * 2 + [0] * 8 + [1] * 8 + [0] * 2)
    >>> abs(round(line.intercept, 6)), round(line.slope, 6)
    (0.0, 1.0)
    """
    p, y = checks.binary_forecasts(probability, outcome)
    if not 0.0 < eps < 0.5:
        raise ValueError(f"eps is {eps}, not in (0, 0.5)")
    x = logit(np.clip(p, eps, 1.0 - eps))
    nan = float("nan")
    if len(np.unique(x)) < 2 or _separated(x, y):
        return CalibrationLine(nan, nan, nan, nan)
    design = np.column_stack((np.ones_like(x), x))
    beta = np.array([0.0, 1.0])
    loss = _logistic_loss(design @ beta, y)
    for _ in range(100):
        fitted = expit(design @ beta)
        information = design.T @ (design * (fitted * (1.0 - fitted))[:, None])
        step = np.linalg.solve(information, design.T @ (y - fitted))
        # Newton overshoots when forecasts are extreme: halve until it improves.
        while _logistic_loss(design @ (beta + step), y) > loss and np.abs(step).max() > 1e-14:
            step *= 0.5
        beta = beta + step
        loss = _logistic_loss(design @ beta, y)
        if np.abs(step).max() < 1e-12:
            break
    se = np.sqrt(np.diag(np.linalg.inv(information)))
    return CalibrationLine(float(beta[0]), float(beta[1]), float(se[0]), float(se[1]))


def _bin_of(p: Floats, bins: int) -> Ints:
    if not 1 <= bins <= MOST_BINS:
        raise ValueError(f"bins is {bins}, not from 1 to {MOST_BINS}")
    index = np.floor(np.round(p * bins, BIN_DIGITS)).astype(np.int64)
    return np.minimum(index, bins - 1)


def _logistic_loss(eta: Floats, y: Floats) -> float:
    return float(np.sum(np.logaddexp(0.0, eta) - y * eta))


def _separated(x: Floats, y: Floats) -> bool:
    """Return whether some threshold on x parts the outcomes, so no maximum exists."""
    yes, no = x[y == 1.0], x[y == 0.0]
    if len(yes) == 0 or len(no) == 0:
        return True
    return bool(yes.min() >= no.max() or no.min() >= yes.max())
