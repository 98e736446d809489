"""The logistic calibration line: are forecasts too extreme, or too low?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from forecasts.scoring import checks
from forecasts.scoring.checks import Floats


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


def _logistic_loss(eta: Floats, y: Floats) -> float:
    return float(np.sum(np.logaddexp(0.0, eta) - y * eta))


def _separated(x: Floats, y: Floats) -> bool:
    """Return whether some threshold on x parts the outcomes, so no maximum exists."""
    yes, no = x[y == 1.0], x[y == 0.0]
    if len(yes) == 0 or len(no) == 0:
        return True
    return bool(yes.min() >= no.max() or no.min() >= yes.max())
