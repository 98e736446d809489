"""
Ladders: one event, asked for by several dates. One date of the event answers all of them.

Pure logic over questions that are already read, and the few queries that read them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import QuerySet

from forecasts.models import Question, QuestionKind, Resolution
from forecasts.schedule import Granularity, same_period


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """An outcome of one rung: yes or no, and when it happened or could no longer happen."""

    deadline_at: datetime
    outcome: float
    occurred_at: datetime
    granularity: str = "day"


def rungs(question: Question) -> QuerySet[Question]:
    """Return all questions of the ladder that the question stands on, by deadline; none without one."""
    if question.event is None or not question.event.ladder or question.kind != QuestionKind.BINARY:
        return Question.objects.none()
    return (
        Question.objects.filter(event=question.event_id, kind=QuestionKind.BINARY)
        .select_related("desk", "event")
        .order_by("deadline_at", "pk")
    )


def implied(*, by: Dated, deadline_at: datetime) -> float | None:
    """
    Return what one rung's outcome means for another: 1, 0, or None where it leaves it open.

    A date answers every rung: yes for deadlines after it, no for those at or before it. A no answers
    the rungs with the same deadline or an earlier one.
    """
    if by.outcome == 1:
        return 1.0 if by.occurred_at < deadline_at else 0.0
    return 0.0 if deadline_at <= by.deadline_at else None


def contradict(one: Dated, other: Dated) -> bool:
    """Return whether two rungs' outcomes cannot both hold. Two yes need the same date, as far as known."""
    for by, of in ((one, other), (other, one)):
        expected = implied(by=by, deadline_at=of.deadline_at)
        if expected is not None and expected != of.outcome:
            return True
    if one.outcome != 1 or other.outcome != 1:
        return False
    days = [each.occurred_at.astimezone(UTC).date() for each in (one, other)]
    return not same_period(days[0], Granularity(one.granularity), days[1], Granularity(other.granularity))


def answers_on(questions: Iterable[Question]) -> dict[int, Resolution]:
    """Return each question's resolution in force by its key, reopenings too. One query."""
    found = Resolution.objects.in_force().filter(question__in=questions).prefetch_related("verdicts")
    return {each.question_id: each for each in found}


def outcome_on(question: Question, answer: Resolution | None) -> Dated | None:
    """Return the rung's outcome, or None where it has none."""
    if answer is None or answer.outcome is None or answer.occurred_at is None:
        return None
    return Dated(
        deadline_at=question.deadline_at,
        outcome=answer.outcome,
        occurred_at=answer.occurred_at,
        granularity=answer.occurred_granularity,
    )
