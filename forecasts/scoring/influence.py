"""
How each event moves each source's difficulty-adjusted mean.

The mean solves a linear equation whose right-hand side is a sum over events;
an event's influence is its part of that sum, carried through the inverse of
the equation's matrix. The variance by events and the bootstrap both follow.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import linalg, sparse

from forecasts.scoring import checks
from forecasts.scoring.checks import Floats, Ints
from forecasts.scoring.difficulty import DENSE_LIMIT, Crossed, Reduced
from forecasts.scoring.sorting import distinct, ratio

EVENTS_AT_ONCE = 4096


@dataclass(frozen=True, slots=True)
class Layout:
    """Pairs gathered by source and event: ``cell`` (k,), ``source``, ``event`` of cells."""

    cell: Ints
    source: Ints
    event: Ints
    shape: tuple[int, int]
    n_events: Ints

    def totals(self, values: Floats) -> Floats:
        return np.bincount(self.cell, weights=values, minlength=len(self.source)).astype(np.float64)

    def sums(self, values: Floats) -> sparse.csr_array:
        """Return the sums of values (k,) as a (sources, events) matrix."""
        return self.matrix(self.totals(values))

    def matrix(self, of_cells: Floats) -> sparse.csr_array:
        return sparse.csr_array((of_cells, (self.source, self.event)), shape=self.shape)


def layout_of(*, source: Ints, event: Ints, n_sources: int, n_events: int) -> Layout:
    """
    Return the cells of source and event that have pairs.

    >>> layout_of(source=np.array([0, 0]), event=np.array([1, 1]), n_sources=1, n_events=2).n_events
    array([1])
    """
    code, cell = np.unique(source * max(n_events, 1) + event, return_inverse=True)
    of_source, of_event = np.divmod(code, max(n_events, 1))
    seen = np.bincount(of_source, minlength=n_sources).astype(np.int64)
    return Layout(cell, of_source, of_event, (n_sources, n_events), seen)


@dataclass(frozen=True, slots=True)
class Influence:
    """
    mean: (s,) difficulty-adjusted means, sources free and questions random;
    variance: (s,) of each one's distance from the board's level, by events;
    n_events: (s,) the source's; events: all that have pairs; share: (s,) of the board's weight,
    so that share @ mean is its level; parts: (s, events) of the right-hand side.

    How hard the questions happened to be moves all sources alike. That is part
    of the doubt about a score, but not about the distance between sources, by
    which they are shrunk and ranked; so the two are kept apart.
    """

    mean: Floats
    variance: Floats
    n_events: Ints
    events: int
    share: Floats
    parts: sparse.csc_array
    carry: Carry

    def move(self, weight: npt.NDArray[np.float32]) -> tuple[Floats, Floats]:
        """
        Return how the level (B,) and the distances from it (s, B) move when
        events weigh 1 + weight, (events, B).
        """
        moved = self.carry.apply((self.parts @ weight).astype(np.float64))
        level = self.share @ moved
        return level, moved - level


@dataclass(frozen=True, slots=True)
class Carry:
    """
    The inverse of the sources' equations, exact or nearly so.

    ``exact``: (s, s), up to DENSE_LIMIT sources. Above, what all sources have
    in common is carried exactly (``common``, the matrix times ones) and the
    rest by the matrix's diagonal: with so many sources, one's luck hardly
    reaches another's mean.
    """

    exact: Floats | None
    diagonal: Floats
    common: Floats

    def apply(self, parts: Floats) -> Floats:
        """Return the inverse times ``parts``, (s, B)."""
        if self.exact is not None:
            return np.asarray(self.exact @ parts)
        level = parts.sum(axis=0) / self.common.sum() if self.common.sum() > 0 else np.zeros(parts.shape[1])
        return np.asarray(level + (parts - self.common[:, None] * level) / self.diagonal[:, None])


def events_of_pairs(*, data: Crossed, event: npt.ArrayLike) -> tuple[Ints, int]:
    """
    Return the event of each pair, (k,), as codes without gaps, and how many events have pairs.

    An event of void or open questions must not be drawn: nothing was learnt from it.

    >>> from forecasts.scoring.difficulty import crossed
    >>> data = crossed(source=[0, 0], question=[0, 2], score=[0.1, 0.2])
    >>> events_of_pairs(data=data, event=[4, 5, 9])
    (array([0, 1]), 2)
    """
    code = checks.codes(event, name="event")
    checks.same_rows(event=code, question=np.zeros(data.n_questions))
    seen, of_pair = distinct(code[data.question])
    return of_pair, len(seen)


def influence_of(*, data: Crossed, event: npt.ArrayLike, question_ridge: float) -> Influence:
    """
    Return the adjusted means of sources and how events move them.

    event: (questions,) codes from 0 up; events without pairs are none.
    Residuals are enlarged by 1 / sqrt(1 - h), h being the event's share of the
    source's weight, because a mean fits its own few events too well.
    Source: Liang and Zeger 1986, doi.org/10.1093/biomet/73.1.13; Bell and
    McCaffrey 2002 (the enlargement)

    >>> from forecasts.scoring.difficulty import crossed
    >>> data = crossed(source=[0, 0], question=[0, 1], score=[0.0, 1.0])
    >>> found = influence_of(data=data, event=[0, 1], question_ridge=float("inf"))
    >>> found.mean, found.variance
    (array([0.5]), array([0.]))
    """
    of_pair, n_events = events_of_pairs(data=data, event=event)
    system = Reduced.of(data, question_ridge)
    mean = system.solve(system.rhs(data.score), 0.0)
    left = data.weight * (data.score - mean[data.source])
    by_question = np.bincount(data.question, weights=left, minlength=data.n_questions)
    residual = left - data.weight * (system.inverse * by_question)[data.question]
    layout = layout_of(source=data.source, event=of_pair, n_sources=data.n_sources, n_events=n_events)
    share = ratio(layout.totals(data.weight), system.total[layout.source])
    alone = share > 1.0 - 1e-9
    enlarged = layout.totals(residual) / np.sqrt(np.where(alone, 1.0, 1.0 - share))
    parts = layout.matrix(np.where(alone, 0.0, enlarged))
    of_board = ratio(system.total, system.total.sum())
    carry = _carry(system, data)
    return Influence(
        mean=np.where(layout.n_events > 0, mean, np.nan),
        variance=_variance(carry, parts, of_board),
        n_events=layout.n_events,
        events=n_events,
        share=of_board,
        # By column, so that the draws of an event are read once, from memory next to each other.
        parts=parts.tocsc().astype(np.float32),
        carry=carry,
    )


def _carry(system: Reduced, data: Crossed) -> Carry:
    common = system.apply(np.ones(data.n_sources))
    if data.n_sources <= DENSE_LIMIT:
        matrix = system.dense()
        matrix[system.total <= 0, system.total <= 0] = 1.0
        return Carry(np.asarray(linalg.inv(matrix)), system.total, common)
    own = np.square(data.weight) * system.inverse[data.question]
    diagonal = system.total - np.bincount(data.source, weights=own, minlength=data.n_sources)
    return Carry(None, np.where(diagonal > 0, diagonal, 1.0), common)


def _variance(carry: Carry, parts: sparse.csr_array, share: Floats) -> Floats:
    """Return the sum over events of the squared influence on each distance."""
    if carry.exact is None:
        return _variance_by_diagonal(carry, parts, share)
    by_event = parts.T.tocsr()
    total = np.zeros(len(share))
    for first in range(0, by_event.shape[0], EVENTS_AT_ONCE):
        # The inverse is symmetric, so rows of the product are events.
        moved = by_event[first : first + EVENTS_AT_ONCE] @ carry.exact
        total += np.square(moved - (moved @ share)[:, None]).sum(axis=0)
    return total


def _variance_by_diagonal(carry: Carry, parts: sparse.csr_array, share: Floats) -> Floats:
    """Return the same where an event e moves source s by x_se / d_s - c_s v_e - w_e."""
    scaled = sparse.diags_array(1.0 / carry.diagonal, format="csr") @ parts
    level = np.asarray(parts.sum(axis=0)).ravel() / max(float(carry.common.sum()), 1e-300)
    pull = carry.common / carry.diagonal
    board = np.asarray(share @ scaled).ravel() - float(share @ pull) * level
    both = np.asarray(scaled.power(2).sum(axis=1)).ravel()
    both += np.square(pull) * (level @ level) + board @ board
    both -= 2.0 * (pull * (scaled @ level) + scaled @ board)
    return np.asarray(both + 2.0 * pull * (level @ board))
