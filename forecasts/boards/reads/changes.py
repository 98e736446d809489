"""What moved a board: each resolution, whom it moved, and by how much."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from forecasts.boards.reads.columns.columns import Columns, board_columns, board_forecasts
from forecasts.boards.reads.columns.instants import Record, record_until
from forecasts.boards.reads.figures.ranking import in_window, ranked
from forecasts.models import Board, QuestionKind, Resolution, Source
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
    """A question in the words in which it was asked, its translation where there is one, and its answer."""

    question: str
    slug: str
    answer: str
    translation: str
    language: str


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
    Resolutions recorded at one moment, as by an import, are one change. Bounded by `latest`. The
    forecasts are read once; then each change costs about one board without intervals.
    """
    known = Resolution.objects.all() if at is None else Resolution.objects.filter(recorded_at__lte=at)
    asked = board_forecasts(board=board, at=at).order_by().values("question_id")
    on_board = known.filter(question__in=asked)
    order = on_board.order_by("-recorded_at").values_list("recorded_at", flat=True).distinct()
    moments = list(order[:latest])
    if not moments:
        return []
    seen = _Seen(record=record_until(board=board, at=moments[0]))
    return [_change(seen, moment, on_board.filter(recorded_at=moment)) for moment in moments]


@dataclass(slots=True, kw_only=True)
class _Seen:
    """
    A board at one instant after the other.

    Just before an answer a board mostly is what it was after the one before, so the last one is kept:
    an answer costs one ranking, not two.
    """

    record: Record
    rows: Columns | None = field(default=None)
    places: dict[int, Standing] = field(default_factory=dict)

    def at(self, instant: datetime) -> dict[int, Standing]:
        board = self.record.board
        columns = in_window(columns=self.record.as_known_on(instant), board=board, until=instant)
        rows = columns.where(columns.scored)
        if self.rows is None or not _same(rows, self.rows):
            self.rows, self.places = rows, _places(rows, board)
        return self.places


def _same(one: Columns, other: Columns) -> bool:
    pairs = ((getattr(one, each.name), getattr(other, each.name)) for each in fields(Columns))
    return all(np.array_equal(a, b, equal_nan=a.dtype.kind == "f") for a, b in pairs)


def _change(seen: _Seen, moment: datetime, recorded: Any) -> Change:
    after = seen.at(moment)
    before = seen.at(moment - timedelta(microseconds=1))
    n_moved, moves = moves_between(before, after)
    first = recorded.select_related("question").order_by("pk")[:MOST_MOVES]
    return Change(
        recorded_at=moment,
        resolutions=[
            Answered(
                question=each.question.proposition,
                slug=each.question.slug,
                answer=_answer(each),
                translation=each.question.translation,
                language=each.question.language,
            )
            for each in first
        ],
        n_resolutions=recorded.count(),
        n_moved=n_moved,
        moves=moves,
    )


def places(*, board: Board, until: datetime) -> dict[int, Standing]:
    """Return each source's place on the board, by its key, as the record stands. Read anew, never kept."""
    columns = in_window(columns=board_columns(board=board, at=None), board=board, until=until)
    return _places(columns.where(columns.scored), board)


def moves_between(before: dict[int, Standing], after: dict[int, Standing]) -> tuple[int, list[Move]]:
    """Return how many sources moved from one to the other, and those that moved the furthest."""
    both = {code: (before.get(code, NOWHERE), after.get(code, NOWHERE)) for code in before | after}
    moved = [code for code, (was, now) in both.items() if was != now]
    moved.sort(key=lambda code: _distance(*both[code]), reverse=True)
    sources = Source.objects.in_bulk(moved[:MOST_MOVES])
    return len(moved), [_move(sources[code], *both[code]) for code in moved[:MOST_MOVES]]


def _places(rows: Columns, board: Board) -> dict[int, Standing]:
    found = ranked(columns=rows, board=board)
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
    return str(resolution.answer) if resolution.outcome is None else _digits(resolution.outcome)


def _digits(value: float) -> str:
    """
    Return all digits of a number, without a power of ten.

    >>> _digits(1.0), _digits(5.98e12), _digits(5e-05), _digits(1234567.25)
    ('1', '5980000000000', '0.00005', '1234567.25')
    """
    return format(Decimal(repr(value)).normalize(), "f")
