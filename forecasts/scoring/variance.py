"""
Variance components: how much of the scores is the source, the question, luck.

``variance_components`` is restricted maximum likelihood (REML) where that is
cheap, and unbiased moments otherwise. With so many scores the two differ by
far less than either's own error.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import linalg, optimize, sparse

from forecasts.scoring.checks import Floats
from forecasts.scoring.difficulty import DENSE_LIMIT, Crossed
from forecasts.scoring.sorting import ratio

REML_PAIR_LIMIT = 300_000
LOG_RIDGE_LIMIT = 14.0
ROUNDING = 1e-24
"""A variance this small beside the square of the scores is one of their last digits."""
FEW_PAIRS = 500
OTHER_STARTS = tuple(np.array(start) for start in ((0.0, 0.0), (-6.0, -6.0), (6.0, -3.0), (-3.0, 6.0)))
"""Log ridges. Of few scores the likelihood can have several tops, or be flat at the first start."""
TABLE_LIMIT = 1_000_000
"""Cells up to which a dense table is faster than a sparse one."""


@dataclass(frozen=True, slots=True)
class Components:
    """
    Variances of source effects, question effects and error (at weight 1), and
    how they were found: "reml", "moments", or "none" when there is too little.
    """

    source: float
    question: float
    error: float
    method: str

    @property
    def source_ridge(self) -> float:
        return self.error / self.source if self.source > 0 else float("inf")

    @property
    def question_ridge(self) -> float:
        return self.error / self.question if self.question > 0 else float("inf")


def variance_components(*, data: Crossed) -> Components:
    """
    Return how much of the scores is the source, the question and error.

    Parameters
    ----------
    data : Crossed
        The scores. Needed are two sources, two questions, four pairs, a source with two questions, and
        scores that are not all the same.

    Returns
    -------
    Components
        Variances in squared units of the score, and the method: "reml", "moments" for very many pairs, or
        "none" with less than what is needed, when all variance is error.

    Notes
    -----
    Where the effects explain everything, the error found is about a millionth of the rest, not 0. Where no
    question has two sources, nothing tells its effect from error: how the two are split is then arbitrary,
    and changes no estimate of a source.

    References
    ----------
    Patterson and Thompson 1971, https://doi.org/10.1093/biomet/58.3.545 (REML); Gao and Owen 2017,
    Electronic Journal of Statistics 11 (moments)

    Examples
    --------
    >>> from forecasts.scoring import crossed
    >>> data = crossed(source=[0, 0, 0, 1, 1, 1], question=[0, 1, 2, 0, 1, 2],
    ...     score=[0.0, 2.0, 4.0, 1.0, 3.0, 6.0])
    >>> found = variance_components(data=data)
    >>> found.method, round(found.question, 3), round(found.error, 3)
    ('reml', 5.0, 0.167)
    """
    sources, questions = (np.count_nonzero(np.bincount(level)) for level in (data.source, data.question))
    if min(sources, questions) < 2 or len(data.score) < 4 or len(data.score) == sources:
        return Components(0.0, 0.0, float(np.var(data.score)) if len(data.score) else float("nan"), "none")
    spread = float(np.var(data.score))
    if spread <= ROUNDING * float(np.mean(np.square(data.score))):
        return Components(0.0, 0.0, max(spread, np.finfo(float).tiny), "none")
    start = _moments(data)
    if start.error <= 0.0:
        # Moments have no answer, but REML has: by itself, from even shares.
        start = Components(spread / 3.0, spread / 3.0, spread / 3.0, "moments")
    if data.n_sources > DENSE_LIMIT or len(data.score) > REML_PAIR_LIMIT:
        return start
    return _reml(data, start)


def _moments(data: Crossed) -> Components:
    """Return Gao and Owen's unbiased estimates, cut off at zero."""
    n = len(data.score)
    of_source, of_question = np.bincount(data.source), np.bincount(data.question)
    noise = 1.0 / data.weight
    within_source, noise_s = _within(data.score, noise, data.source)
    within_question, noise_q = _within(data.score, noise, data.question)
    overall = float(np.sum(np.square(data.score - data.score.mean())))
    # Rows: sums of squares within sources, within questions, and overall.
    expected = np.array(
        [
            [0.0, n - np.count_nonzero(of_source), noise_s],
            [n - np.count_nonzero(of_question), 0.0, noise_q],
            [n - np.sum(of_source**2) / n, n - np.sum(of_question**2) / n, noise.sum() * (n - 1) / n],
        ]
    )
    found = linalg.lstsq(expected, np.array([within_source, within_question, overall]))[0]
    source, question, error = (float(x) for x in found)
    return Components(max(source, 0.0), max(question, 0.0), error, "moments")


def _within(
    score: Floats, noise: Floats, group: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> tuple[float, float]:
    """Return the sum of squares within groups, and its expectation for unit noise."""
    n = np.bincount(group)
    mean = ratio(np.bincount(group, weights=score), n)
    return (
        float(np.sum(np.square(score - mean[group]))),
        float(np.sum(noise * (1.0 - 1.0 / n[group]))),
    )


def _reml(data: Crossed, start: Components) -> Components:
    """Return the REML estimates by a bounded search over the two log ridges."""
    first: np.ndarray[tuple[int], np.dtype[np.float64]] = np.array(
        [_log_ridge(start.source_ridge), _log_ridge(start.question_ridge)]
    )
    small = data.n_sources * data.n_questions <= TABLE_LIMIT
    table = data.incidence.toarray() if small else data.incidence
    bounds = optimize.Bounds(-LOG_RIDGE_LIMIT, LOG_RIDGE_LIMIT)

    def criterion(log_ridges: np.ndarray[tuple[int], np.dtype[np.float64]], /) -> float:
        return _criterion(data, table, log_ridges)[0]

    starts = [first, *OTHER_STARTS] if len(data.score) <= FEW_PAIRS else [first]
    tried = [
        optimize.minimize(criterion, start, method="L-BFGS-B", bounds=bounds, tol=1e-10) for start in starts
    ]
    found = min(tried, key=lambda each: float(each.fun))
    error = _criterion(data, table, found.x)[1]
    ridges = np.exp(found.x)
    # At the bound the data say that there is no such variance at all.
    ridges[found.x >= LOG_RIDGE_LIMIT - 1e-3] = np.inf
    return Components(error / float(ridges[0]), error / float(ridges[1]), error, "reml")


def _log_ridge(ridge: float) -> float:
    return float(np.clip(np.log(max(ridge, 1e-300)), -LOG_RIDGE_LIMIT + 1.0, 5.0))


def _criterion(data: Crossed, table: Floats | sparse.csr_array, log_ridges: Floats) -> tuple[float, float]:
    """
    Return minus twice the profiled restricted log-likelihood, and the error variance.

    log|C| is split by eliminating the questions, then the sources, then mu.
    """
    source_ridge, question_ridge = np.exp(log_ridges)
    of_question = np.bincount(data.question, weights=data.weight, minlength=data.n_questions)
    inverse = 1.0 / (of_question + question_ridge)
    total = np.bincount(data.source, weights=data.weight, minlength=data.n_sources)
    by_source = np.bincount(data.source, weights=data.weight * data.score, minlength=data.n_sources)
    by_question = np.bincount(data.question, weights=data.weight * data.score, minlength=data.n_questions)
    shared = table.T @ (inverse[:, None] * table)
    matrix = np.diag(total) - (shared if isinstance(shared, np.ndarray) else shared.toarray())
    rhs = by_source - table.T @ (inverse * by_question)
    ones = matrix.sum(axis=1)
    factor = linalg.cho_factor(matrix + source_ridge * np.eye(data.n_sources), lower=True)
    of_ones = linalg.cho_solve(factor, ones)
    of_rhs = linalg.cho_solve(factor, rhs)
    for_mean = ones.sum() - ones @ of_ones
    left_of_mean = rhs.sum() - ones @ of_rhs
    explained = np.sum(inverse * by_question**2) + rhs @ of_rhs + left_of_mean**2 / for_mean
    n = len(data.score)
    error = max((np.sum(data.weight * data.score**2) - explained) / (n - 1), 1e-300)
    log_det = -np.sum(np.log(inverse)) + 2.0 * np.sum(np.log(np.diag(factor[0]))) + np.log(for_mean)
    log_prior = data.n_sources * log_ridges[0] + data.n_questions * log_ridges[1]
    return float((n - 1) * np.log(error) + log_det - log_prior), float(error)
