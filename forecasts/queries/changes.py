"""What moved a board: each resolution, whom it moved, and by how much."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from forecasts.models import Board, QuestionKind, Resolution, Source
from forecasts.queries.columns import board_columns, board_forecasts
from forecasts.queries.ranked import in_window, ranked
from forecasts.schedule import day_after_epoch

LATEST, MOST_MOVES = 10, 20
Standing = tuple[int, float | None, int | None]
NOWHERE: Standing = (0, None, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A source before and after: n of scored questions, the score that the board orders by, the rank."""

    source: str
    slug: str
    n_before: int
    n_after: int
    score_before: float | None
    score_after: float | None
    rank_before: int | None
    rank_after: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    question: str
    slug: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What was recorded at one moment, and the sources that it moved, the furthest first."""

    recorded_at: datetime
    resolutions: list[Answered]
    n_resolutions: int
    n_moved: int
    moves: list[Move]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def board_changes(*, board: Board, at: datetime | None = None, latest: int = LATEST) -> list[Change]:
    """
    Return the board's latest changes by a resolution, the newest first.

    Each is the board as known when the resolution was recorded, less the board as known just before.
    Resolutions recorded at one moment, as by an import, are one change. Bounded by `latest`.
    """
    known = Resolution.objects.all() if at is None else Resolution.objects.filter(recorded_at__lte=at)
    asked = board_forecasts(board=board, at=at).order_by().values("question_id")
    on_board = known.filter(question__in=asked)
    moments = on_board.order_by("-recorded_at").values_list("recorded_at", flat=True).distinct()[:latest]
    return [_change(board, moment, on_board.filter(recorded_at=moment)) for moment in moments]


def _change(board: Board, moment: datetime, recorded: Any) -> Change:
    before = _places(board, moment - timedelta(microseconds=1))
    after = _places(board, moment)
    both = {code: (before.get(code, NOWHERE), after.get(code, NOWHERE)) for code in before | after}
    moved = [code for code, (was, now) in both.items() if was != now]
    moved.sort(key=lambda code: _distance(*both[code]), reverse=True)
    sources = Source.objects.in_bulk(moved[:MOST_MOVES])
    first = recorded.select_related("question").order_by("pk")[:MOST_MOVES]
    return Change(
        recorded_at=moment,
        resolutions=[
            Answered(question=each.question.proposition, slug=each.question.slug, answer=_answer(each))
            for each in first
        ],
        n_resolutions=recorded.count(),
        n_moved=len(moved),
        moves=[_move(sources[code], *both[code]) for code in moved[:MOST_MOVES]],
    )


def _places(board: Board, at: datetime) -> dict[int, Standing]:
    columns = in_window(columns=board_columns(board=board, at=at), board=board, until=at)
    found = ranked(columns=columns, board=board)
    table = zip(
        found.result.sources.code.tolist(),
        found.result.sources.n_questions.tolist(),
        found.estimate.tolist(),
        found.rank.tolist(),
        strict=True,
    )
    return {
        code: (n, None if np.isnan(score) else round(score, 12), rank or None)
        for code, n, score, rank in table
    }


def _distance(before: Standing, after: Standing) -> tuple[float, float]:
    """Return how far a source moved: by its score, the whole way where it had none, then by its n."""
    further = abs(after[0] - before[0])
    if after[1] is None or before[1] is None:
        return (float(after[1] is not before[1]), further)
    return (abs(after[1] - before[1]), further)


def _move(source: Source, before: Standing, after: Standing) -> Move:
    return Move(
        source=source.name,
        slug=source.slug,
        n_before=before[0],
        n_after=after[0],
        score_before=before[1],
        score_after=after[1],
        rank_before=before[2],
        rank_after=after[2],
    )


def _answer(resolution: Resolution) -> str:
    question = resolution.question
    if resolution.outcome is not None and question.options:
        return str(question.options[int(resolution.outcome)])
    if resolution.outcome is not None and question.kind == QuestionKind.DATE:
        return day_after_epoch(resolution.outcome).isoformat()
    return str(resolution.answer) if resolution.outcome is None else f"{resolution.outcome:g}"
