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
from scipy.special import expit, logit, ndtri
from scipy.stats import rankdata

from forecasts.scoring import checks
from forecasts.scoring.checks import Floats, Ints
from forecasts.scoring.sorting import ratio

BIN_DIGITS = 9
MOST_BINS = 10_000


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
    Return the reliability table over bins of equal width.

    A forecast's bin is the floor of p·bins rounded to nine digits, so that 0.3 of ten bins falls in the
    fourth. The interval takes forecasts as independent, which those on one event are not.

    Parameters
    ----------
    probability : array_like, (n,)
        The probability of "yes".
    outcome : array_like, (n,)
        0 or 1.
    bins : int
        From 1 to 10,000.

    Returns
    -------
    Bins
        One row for each bin; NaN in a bin without forecasts.

    Raises
    ------
    ValueError
        NaN, a number out of range, `bins`, or lengths that differ.

    References
    ----------
    Wilson 1927, https://doi.org/10.1080/01621459.1927.10502953

    Examples
    --------
    >>> table = reliability_bins(probability=[0.1, 0.9, 0.95], outcome=[0, 1, 1], bins=2)
    >>> table.n, table.mean_p, table.frequency
    (array([1, 2]), array([0.1  , 0.925]), array([0., 1.]))
    """
    p, y = checks.binary_forecasts(probability, outcome)
    index = bin_of(p, bins)
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
    Return Wilson's interval of a share.

    Parameters
    ----------
    successes, n : array_like, (b,)
        Counts; the trials are taken as independent.
    level : float
        Inside (0, 1).

    Returns
    -------
    tuple of ndarray, (b,)
        The low and the high end; NaN where n is 0.

    Raises
    ------
    ValueError
        Successes outside 0 to n, `level`, or lengths that differ.

    References
    ----------
    Wilson 1927, https://doi.org/10.1080/01621459.1927.10502953

    Examples
    --------
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


def auc(*, probability: npt.ArrayLike, outcome: npt.ArrayLike) -> float:
    """
    Return the area under the ROC curve: how often "yes" was given the higher p.

    Parameters
    ----------
    probability : array_like, (n,)
        The probability of "yes"; ties count half.
    outcome : array_like, (n,)
        0 or 1.

    Returns
    -------
    float
        From 0 to 1, higher being better; NaN when all outcomes are the same.

    Raises
    ------
    ValueError
        NaN, a number out of range, or lengths that differ.

    References
    ----------
    Hanley and McNeil 1982, https://doi.org/10.1148/radiology.143.1.7063747

    Examples
    --------
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
    Return the variance of the forecasts.

    Parameters
    ----------
    probability : array_like, (n,)
        The probability of "yes".

    Returns
    -------
    float
        From 0, when all forecasts are the same, to 0.25; NaN without any. Better only in what is calibrated.

    Raises
    ------
    ValueError
        NaN or a number out of range.

    References
    ----------
    Murphy and Winkler 1992

    Examples
    --------
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

    A slope below 1 says that forecasts are too extreme; the intercept is what the line gives at a forecast
    of 0.5, so that above 0 such events happen more often than that. The errors take forecasts as
    independent.

    Parameters
    ----------
    probability : array_like, (n,)
        The probability of "yes", clipped to [eps, 1 - eps].
    outcome : array_like, (n,)
        0 or 1.
    eps : float
        Inside (0, 0.5).

    Returns
    -------
    CalibrationLine
        All NaN when the line does not exist: fewer than two distinct forecasts, or outcomes that a
        threshold separates.

    Raises
    ------
    ValueError
        NaN, a number out of range, `eps`, or lengths that differ.

    References
    ----------
    Cox 1958, https://doi.org/10.1093/biomet/45.3-4.562

    Examples
    --------
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


def bin_of(p: Floats, bins: int) -> Ints:
    """Return the bin of each forecast, of so many of equal width, (n,)."""
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
