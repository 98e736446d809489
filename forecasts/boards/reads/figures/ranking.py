"""A board's columns, scored and put in order: by its rule, its window and its estimator."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from forecasts.boards.reads.columns.columns import Bools, Columns, Floats, Ints
from forecasts.boards.reads.figures.scoring import SEED, means, scored, skill
from forecasts.models import Board
from forecasts.models.boards.board import Estimator, Window
from forecasts.scoring import ScoreResult, rank_intervals, ranks
from forecasts.scoring.places import RankIntervals, held_in_range, mean_deviations
from forecasts.scoring.ranking import event_draws
from forecasts.scoring.rules import score_range

DRAWS = 1000
# What systems of equations leave of two equal numbers; means are equal to twelve digits.
SOLVED_DIGITS = 9
ADJUSTED = (Estimator.ADJUSTED_FIXED, Estimator.ADJUSTED_SHRUNK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """
    A result in the board's order. Of each source of the result, (s,): `raw`, the mean over its
    questions, with the least and the most over verbal ranges; `estimate`, what the board orders
    by; `skill` against the board's reference; `comparable`; `rank`, 0 for none. `event` is of each
    pair of question and source, (k,), and `known_at` when its outcome became known.
    """

    result: ScoreResult
    event: Ints
    known_at: Floats
    raw: Floats
    raw_min: Floats
    raw_max: Floats
    estimate: Floats
    skill: Floats
    comparable: Bools
    rank: Ints


def in_window(*, columns: Columns, board: Board, until: datetime | None) -> Columns:
    """
    Return the rows whose outcome became known in the board's window, and those still open.

    `until` is where a rolling window ends; without it, at the last outcome known.
    """
    if board.window == Window.BETWEEN and board.window_from and board.window_to:
        starts, ends = _instant(board.window_from), _instant(board.window_to + timedelta(days=1))
    elif board.window == Window.ROLLING and board.window_days:
        known = columns.known_at[~np.isnan(columns.known_at)]
        last = until.timestamp() if until else float(known.max(initial=0.0))
        starts, ends = last - board.window_days * 86_400, np.inf
    else:
        return columns
    inside = (columns.known_at >= starts) & (columns.known_at < ends)
    return columns.where(inside | np.isnan(columns.known_at))


def _instant(day: date) -> float:
    return datetime.combine(day, time.min, tzinfo=UTC).timestamp()


def ranked(*, columns: Columns, board: Board, draws: int = 0) -> Ranked:
    """Score the rows that have an outcome, and rank the sources by the board's estimator."""
    rows = columns.where(columns.scored)
    result = scored(rows=rows, board=board, draws=draws)
    pairs, sources = result.pairs, result.sources
    low, high = (
        np.where(np.isnan(bound), pairs.compared, bound) for bound in (pairs.score_min, pairs.score_max)
    )
    raw = means(result, pairs.compared)
    estimate = {
        Estimator.RAW: raw,
        Estimator.SHRUNK: sources.standings.shrunk,
        Estimator.ADJUSTED_FIXED: sources.adjusted_fixed,
        Estimator.ADJUSTED_SHRUNK: sources.adjusted_shrunk,
    }[Estimator(board.estimator)]
    comparable = ~np.isnan(sources.adjusted_fixed)
    counts = (sources.n_questions >= max(board.minimum_n, 1)) & ~np.isnan(estimate)
    if board.estimator in ADJUSTED:
        counts &= comparable
    digits = 12 if board.estimator == Estimator.RAW else SOLVED_DIGITS
    first = result.timeline.row[result.timeline.first]
    return Ranked(
        result=result,
        event=rows.event[first],
        known_at=rows.known_at[first],
        raw=raw,
        raw_min=means(result, low),
        raw_max=means(result, high),
        estimate=estimate,
        skill=skill(result=result, rows=rows, board=board),
        comparable=comparable | (sources.n_questions == 0),
        rank=ranks(score=np.round(np.where(counts, estimate, np.nan), digits)),
    )


def intervals(*, found: Ranked, board: Board) -> RankIntervals:
    """
    Return the intervals of the estimate and of the rank, of the ranked sources among themselves.

    From the draws of events: those of the shrunk standings, or, for a mean that is not shrunk, those of
    that mean. An interval of a score ends where the board's rule does: at 0, and at 1 for the Brier score.
    """
    shrunk, estimator = found.result.sources.standings, board.estimator
    if estimator in (Estimator.SHRUNK, Estimator.ADJUSTED_SHRUNK):
        moved = shrunk.draws - shrunk.shrunk[:, None]
    else:
        moved = _free_draws(found, adjusted=estimator == Estimator.ADJUSTED_FIXED)
    drawn = np.where((found.rank > 0)[:, None], found.estimate[:, None] + moved, np.nan)
    place = rank_intervals(draws=drawn)
    least, most = score_range(rule=board.rule)
    low, high = held_in_range(low=place.low, high=place.high, value=found.estimate, least=least, most=most)
    return replace(place, low=low, high=high)


def _free_draws(found: Ranked, *, adjusted: bool) -> Floats:
    result, pairs = found.result, found.result.pairs
    n_draws = result.sources.standings.draws.shape[1]
    _, event = np.unique(found.event, return_inverse=True)
    n_events = int(event.max(initial=-1)) + 1
    times: list[npt.NDArray[Any]] = [
        np.zeros((n_events, 0)),
        *event_draws(n_events=n_events, draws=n_draws, seed=SEED),
    ]
    easy = result.questions.difficulty[pairs.question] if adjusted else np.zeros(len(event))
    return mean_deviations(
        source=pairs.source,
        event=event,
        score=pairs.compared - np.where(np.isnan(easy), 0.0, easy),
        weight=pairs.weight if adjusted else np.ones(len(event)),
        times=np.concatenate(times, axis=1),
        n_sources=len(result.sources.code),
        seed=SEED,
    )
