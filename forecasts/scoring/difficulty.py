"""
Difficulty: comparing sources that answered different questions.

S_sq = mu + a_s + g_q + error, for the score of source s on question q, with
error variance in inverse proportion to a weight. Two estimators: ``fixed``
(least squares, both effects free) and ``shrunk`` (both random). Pairs, not
forecasts, are the rows here.

The questions are eliminated in closed form, which leaves a system over the
sources: solved directly up to a few hundred of them, by conjugate gradients
above.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import linalg, sparse
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import LinearOperator, cg

from forecasts.scoring import checks
from forecasts.scoring.checks import Floats, Ints
from forecasts.scoring.sorting import ratio

DENSE_LIMIT = 500
"""Unknowns up to which a system is solved directly."""


@dataclass(frozen=True, slots=True)
class Crossed:
    """
    Scores crossed by source and question, in order of these codes.

    source, question: (k,) codes 0, 1, ... without gaps; score, weight: (k,);
    incidence: (questions, sources) sparse matrix of the weights.
    """

    source: Ints
    question: Ints
    score: Floats
    weight: Floats
    n_sources: int
    n_questions: int
    incidence: sparse.csr_array


def crossed(
    *,
    source: npt.ArrayLike,
    question: npt.ArrayLike,
    score: npt.ArrayLike,
    weight: npt.ArrayLike | None = None,
    n_sources: int | None = None,
    n_questions: int | None = None,
) -> Crossed:
    """
    Return the layout of a comparison of sources that answered different questions.

    Parameters
    ----------
    source, question : array_like of int, (k,)
        Codes from 0 up, one row for each pair of source and question.
    score : array_like, (k,)
        The score of the source on the question.
    weight : array_like, (k,), optional
        How much each pair counts, above 0; 1 by default. Coverage, say.
    n_sources, n_questions : int, optional
        How many there are, also without rows.

    Returns
    -------
    Crossed
        What `fixed_effects`, `random_effects`, `variance_components` and `standings` take.

    Raises
    ------
    ValueError
        NaN, a weight of 0 or below, a pair that comes twice, or lengths that differ.

    Examples
    --------
    >>> crossed(source=[0, 1], question=[0, 0], score=[0.1, 0.2]).n_questions
    1
    """
    s, q = checks.codes(source, name="source"), checks.codes(question, name="question")
    y = checks.finite(score, name="score") if len(s) else np.zeros(0)
    w = np.ones(len(y)) if weight is None else checks.finite(weight, name="weight")
    checks.same_rows(source=s, question=q, score=y, weight=w)
    checks.refuse(w <= 0, name="weight", values=w, reason="not above 0")
    order = np.lexsort((s, q))
    s, q, y, w = s[order], q[order], y[order], w[order]
    twice = (np.diff(s) == 0) & (np.diff(q) == 0)
    checks.refuse(np.append(twice, False), name="source", values=s, reason="twice on a question")
    rows = int(q.max(initial=-1)) + 1 if n_questions is None else n_questions
    width = int(s.max(initial=-1)) + 1 if n_sources is None else n_sources
    incidence = sparse.csr_array((w, (q, s)), shape=(rows, width))
    return Crossed(s, q, y, w, width, rows, incidence)


@dataclass(frozen=True, slots=True)
class Fixed:
    """
    adjusted: (sources,) the score a source would have on the average question
    of its component, NaN where it is not comparable; difficulty: (questions,)
    relative to the component's mean; component: (sources,), 0 being the main
    one (most sources, then most pairs); alone: (sources,) whether no question
    of the source was answered by anybody else.
    """

    adjusted: Floats
    difficulty: Floats
    component: Ints
    alone: npt.NDArray[np.bool_]


def fixed_effects(*, data: Crossed) -> Fixed:
    """
    Return difficulty-adjusted scores by least squares, with sources and questions both free.

    The adjusted score is a_s plus the mean over questions of g_q. Sources can only be compared within a
    connected component of the graph of who answered what.

    Parameters
    ----------
    data : Crossed
        The scores.

    Returns
    -------
    Fixed
        Adjusted scores, NaN for sources outside the main component, difficulties and components.

    References
    ----------
    ForecastBench's difficulty-adjusted Brier score; Abowd, Kramarz and Margolis 1999,
    https://doi.org/10.1111/1468-0262.00020

    Examples
    --------
    >>> data = crossed(source=[0, 0, 1], question=[0, 1, 1], score=[0.0, 0.2, 0.4])
    >>> fixed_effects(data=data).adjusted.round(6)
    array([0.1, 0.3])
    """
    component, of_question = components(data)
    effect = reduced_solve(data, ridge=0.0)
    question_weight = np.bincount(data.question, weights=data.weight, minlength=data.n_questions)
    left = data.weight * (data.score - effect[data.source])
    difficulty = ratio(np.bincount(data.question, weights=left, minlength=data.n_questions), question_weight)
    there = of_question >= 0
    sizes = np.bincount(of_question[there], minlength=int(component.max(initial=0)) + 1)
    sums = np.bincount(of_question[there], weights=difficulty[there], minlength=len(sizes))
    level = ratio(sums, sizes)
    answers = np.bincount(data.question, minlength=data.n_questions)
    shared = np.bincount(data.source, weights=answers[data.question] > 1, minlength=data.n_sources)
    comparable = (component == 0) & ((shared > 0) | (data.n_sources == 1))
    return Fixed(
        adjusted=np.where(comparable, effect + level[component], np.nan),
        difficulty=difficulty - np.where(there, level[of_question], np.nan),
        component=component,
        alone=shared == 0,
    )


def components(data: Crossed) -> tuple[Ints, Ints]:
    """
    Return the component of each source and each question, 0 the main one.

    Ordered by number of sources, then pairs, then lowest source code. A code
    without any pair gets -1 as a question, and a component of its own as a
    source.
    """
    n = data.n_sources
    edges = (data.weight, (data.source, n + data.question))
    graph = sparse.coo_array(edges, shape=(n + data.n_questions,) * 2).tocsr()
    _, label = connected_components(graph, directed=False)
    label = label.astype(np.int64)
    sources = np.bincount(label[:n], minlength=int(label.max(initial=0)) + 1)
    pairs = np.bincount(label[data.source], minlength=len(sources))
    lowest = np.full(len(sources), n)
    np.minimum.at(lowest, label[:n], np.arange(n))
    place = np.empty(len(sources), dtype=np.int64)
    place[np.lexsort((lowest, -pairs, -sources))] = np.arange(len(sources))
    of_question = np.where(sources[label[n:]] > 0, place[label[n:]], -1)
    return place[label[:n]], of_question


@dataclass(frozen=True, slots=True)
class Shrunk:
    """
    adjusted: (sources,) mu + the predicted effect of each source; difficulty:
    (questions,) predicted, mean 0 by assumption; mean: mu.
    """

    adjusted: Floats
    difficulty: Floats
    mean: float


def random_effects(*, data: Crossed, source_ridge: float, question_ridge: float) -> Shrunk:
    """
    Return difficulty-adjusted scores with both effects random, the best linear predictions.

    Parameters
    ----------
    data : Crossed
        The scores.
    source_ridge, question_ridge : float
        Error variance over the variance of the effects, as `variance_components` has it; infinite for no
        effect.

    Returns
    -------
    Shrunk
        Adjusted scores and difficulties; NaN when there are no scores at all.

    References
    ----------
    Henderson 1975, https://doi.org/10.2307/2529430

    Examples
    --------
    >>> data = crossed(source=[0, 0, 1, 1], question=[0, 1, 0, 1], score=[0, 2, 2, 4])
    >>> random_effects(data=data, source_ridge=2.0, question_ridge=1.0).adjusted
    array([1.5, 2.5])
    """
    if len(data.score) == 0:
        nothing = np.full(data.n_sources, np.nan), np.full(data.n_questions, np.nan)
        return Shrunk(*nothing, float("nan"))
    system = Reduced.of(data, question_ridge)
    rhs, ones = system.rhs(data.score), system.apply(np.ones(data.n_sources))
    if np.isinf(source_ridge):
        mean, effect = rhs.sum() / ones.sum(), np.zeros(data.n_sources)
    else:
        of_rhs, of_ones = (system.solve(x, source_ridge) for x in (rhs, ones))
        mean = (rhs.sum() - ones @ of_rhs) / (ones.sum() - ones @ of_ones)
        effect = of_rhs - mean * of_ones
    left = data.weight * (data.score - mean - effect[data.source])
    difficulty = system.inverse * np.bincount(data.question, weights=left, minlength=data.n_questions)
    return Shrunk(mean + effect, difficulty, float(mean))


def reduced_solve(data: Crossed, *, ridge: float) -> Floats:
    """Return the source effects, free, with question effects of the given ridge."""
    system = Reduced.of(data, ridge)
    return system.solve(system.rhs(data.score), 0.0)


@dataclass(frozen=True, slots=True)
class Reduced:
    """
    The equations of the sources after the questions were eliminated.

    (D_s - C' (D_q + ridge)⁻¹ C) a = r, with D the weights of each level.
    """

    data: Crossed
    by_source: sparse.csr_array
    total: Floats
    inverse: Floats

    @classmethod
    def of(cls, data: Crossed, question_ridge: float) -> Reduced:
        weight = np.bincount(data.question, weights=data.weight, minlength=data.n_questions)
        with np.errstate(divide="ignore"):
            inverse = np.where(weight + question_ridge > 0, 1.0 / (weight + question_ridge), 0.0)
        total = np.bincount(data.source, weights=data.weight, minlength=data.n_sources)
        return cls(data, data.incidence.T.tocsr(), total.astype(np.float64), inverse)

    def rhs(self, score: Floats) -> Floats:
        weighted = self.data.weight * score
        own = np.bincount(self.data.source, weights=weighted, minlength=self.data.n_sources)
        by_question = np.bincount(self.data.question, weights=weighted, minlength=self.data.n_questions)
        return np.asarray(own - self.by_source @ (self.inverse * by_question))

    def apply(self, effect: Floats) -> Floats:
        return np.asarray(
            self.total * effect - self.by_source @ (self.inverse * (self.data.incidence @ effect))
        )

    def dense(self) -> Floats:
        scaled = sparse.diags_array(self.inverse, format="csr") @ self.data.incidence
        return np.asarray(np.diag(self.total) - (self.by_source @ scaled).toarray())

    def solve(self, rhs: Floats, ridge: float) -> Floats:
        """Return the solution of least norm; the system may be singular."""
        if self.data.n_sources <= DENSE_LIMIT:
            matrix = self.dense() + ridge * np.eye(self.data.n_sources)
            return np.asarray(linalg.lstsq(matrix, rhs, cond=1e-12)[0])
        scale = self.total + ridge
        scale = np.where(scale > 0, scale, 1.0)
        operator = LinearOperator(
            (len(rhs), len(rhs)), matvec=lambda x: self.apply(x) + ridge * x, dtype=float
        )
        prepared = LinearOperator((len(rhs), len(rhs)), matvec=lambda x: x / scale, dtype=float)
        answer, failed = cg(operator, rhs, rtol=1e-12, atol=0.0, M=prepared, maxiter=20_000)
        if failed:
            raise ArithmeticError("the comparison of sources did not converge")
        return np.asarray(answer)
