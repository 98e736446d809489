"""The crowd on a question: what all of its sources say together, at each moment at which that changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

import numpy as np

from forecasts.boards.reads.columns.columns import Floats, Ints, board_columns, merged_sources
from forecasts.boards.reads.figures.scoring import compared
from forecasts.models import Board, Forecast, Question, QuestionKind, Rule
from forecasts.questions.reads.listing import actual_close
from forecasts.scoring import KnownScores, build_timeline, crowd_forecasts
from forecasts.scoring.timeline import Timeline

MOMENTS_AT_ONCE = 200
"""Moments at which a page looks: of a crowd that changes more often, these, spread over its changes."""
WEIGHED_AT_ONCE = 20_000
"""Forecasts by a crowd's sources up to which their skill is read for a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrowdPoint:
    """
    The crowd from a moment on: of `n` sources the mean, the median, the geometric mean of the odds, and
    the mean weighted by the skill that was known then. None where everybody had withdrawn; `weighted`
    also where the sources have more forecasts on the record than a page can read.
    """

    at: datetime
    n: int
    mean: float | None
    median: float | None
    odds: float | None
    weighted: float | None


def crowd_over_time(*, question: Question, forecasts: Sequence[Forecast]) -> list[CrowdPoint]:
    """
    Return the crowd of a yes-or-no question over time, the earliest first; nothing of fewer than two sources.

    A point for each moment at which the crowd changes, up to `MOMENTS_AT_ONCE`.

    forecasts: the question's, as far as whoever asks may see them. Six queries, however many there
    are, beside the one for the question's answers.
    """
    if question.kind != QuestionKind.BINARY or len({each.source_id for each in forecasts}) < 2:
        return []
    counts_as = merged_sources(at=None)
    source = np.array([counts_as.get(each.source_id, each.source_id) for each in forecasts], dtype=np.int64)
    if len(np.unique(source)) < 2:
        return []
    value = [np.nan if each.probability is None else each.probability for each in forecasts]
    timeline = _timeline(question, forecasts, source=source, value=value)
    known = _known_scores(question, source, counts_as)
    combined = partial(crowd_forecasts, timeline=timeline, probability=value, at=_moments(timeline))
    mean, median, odds = (combined(method=method) for method in ("mean", "median", "odds"))
    nothing = np.full(len(mean.at), np.nan)
    weighted = nothing if known is None else combined(method="mean", skill=known).probability
    return [
        CrowdPoint(
            at=datetime.fromtimestamp(at, tz=UTC), n=n, mean=_number(a), median=_number(b), odds=_number(c),
            weighted=_number(d),
        )
        for at, n, a, b, c, d in zip(
            mean.at.tolist(), mean.n.tolist(), mean.probability, median.probability, odds.probability,
            weighted, strict=True,
        )
    ]  # fmt: skip


def _timeline(
    question: Question, forecasts: Sequence[Forecast], *, source: Ints, value: Sequence[float]
) -> Timeline:
    n = len(forecasts)
    return build_timeline(
        question=np.zeros(n, dtype=np.int64),
        source=source,
        stated_at=[each.stated_at.timestamp() for each in forecasts],
        opens_at=[question.opens_at.timestamp()] * n,
        closes_at=[actual_close(question).timestamp()] * n,
        value=value,
        withdrawn=[each.withdrawn for each in forecasts],
    )


def _moments(timeline: Timeline) -> Floats:
    """Return the moments at which the crowd changes, or as many as a page can look at."""
    ended = timeline.until[timeline.until < timeline.closes_at[timeline.pair]]
    changes = np.unique(np.concatenate((timeline.start, ended)))
    if len(changes) <= MOMENTS_AT_ONCE:
        return changes
    return changes[np.linspace(0, len(changes) - 1, MOMENTS_AT_ONCE).round().astype(np.int64)]


def _known_scores(question: Question, source: Ints, counts_as: dict[int, int]) -> KnownScores | None:
    """Return these sources' Brier scores on the other public questions, None where they are too many."""
    codes = set(source.tolist())
    theirs = codes | {each for each, into in counts_as.items() if into in codes}
    if Forecast.objects.filter(source__in=theirs).count() > WEIGHED_AT_ONCE:
        return None
    board = Board(rule=Rule.BRIER, public=True, filter={"question_kinds": [QuestionKind.BINARY]})
    rows = board_columns(board=board, at=None, sources=theirs)
    rows = rows.where(rows.scored & (rows.question != question.pk))
    scores = compared(rows=rows, board=board)
    there = ~np.isnan(scores.score)
    at = scores.at[there]
    return KnownScores(source=rows.source[at], known_at=rows.known_at[at], score=scores.score[there])


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
