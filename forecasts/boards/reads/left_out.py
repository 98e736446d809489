"""What a board's filter lets in and its rule can't score: said, so that nothing is left out silently."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db.models import Count

from forecasts.boards.reads.cache import KEEP_SECONDS
from forecasts.boards.reads.columns.columns import DAYS, filtered_forecasts, kinds_of
from forecasts.boards.reads.standings import cache_key
from forecasts.models import Board, QuestionKind, Rule
from forecasts.scoring.kinds import SCORED_BY

ANOTHER_RULE, ANOTHER_UNIT = "another_rule", "another_unit"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Questions of one kind and unit that the board does not count, with the forecasts on them, and why."""

    kind: str
    unit: str
    n_questions: int
    n_forecasts: int
    reason: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def left_out(*, board: Board, at: datetime | None = None) -> list[LeftOut]:
    """
    Return what the board leaves out, by kind and unit, as known on `at` or now.

    One query, or none where it is known since the ledger last moved.
    """
    if at is not None:
        return _left_out(board, at)
    key = f"{cache_key(board=board)}:left-out"
    found: list[LeftOut] | None = cache.get(key)
    if found is None:
        found = _left_out(board, None)
        cache.set(key, found, KEEP_SECONDS)
    return found


def _left_out(board: Board, at: datetime | None) -> list[LeftOut]:
    rows = (
        filtered_forecasts(board=board, at=at)
        .exclude(kinds_of(board))
        .order_by()
        .values("question__kind", "question__unit")
        .annotate(questions=Count("question", distinct=True), forecasts=Count("pk", distinct=True))
    )
    found = []
    for row in rows:
        kind = str(row["question__kind"])
        same_rule = board.rule == Rule.CRPS and kind in SCORED_BY[Rule.CRPS]
        found.append(
            LeftOut(
                kind=kind,
                unit=DAYS if kind == QuestionKind.DATE else row["question__unit"],
                n_questions=row["questions"],
                n_forecasts=row["forecasts"],
                reason=ANOTHER_UNIT if same_rule else ANOTHER_RULE,
            )
        )
    return sorted(found, key=lambda each: (QuestionKind.values.index(each.kind), each.unit))
