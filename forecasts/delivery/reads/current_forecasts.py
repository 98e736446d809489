"""What is said on questions now, for whoever may know it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from forecasts.models import Forecast, Question, QuestionKind


def said_now(*, questions: Iterable[Question]) -> dict[int, list[Forecast]]:
    """
    Return by question each source's latest probability, with the source. One query at most.

    Nothing of a question whose desk answers blind, and of another kind than yes or no.
    """
    open_to_all = [each.pk for each in questions if _may_be_told(each)]
    found: dict[int, list[Forecast]] = defaultdict(list)
    if not open_to_all:
        return found
    latest = (
        Forecast.objects.current()
        .filter(question__in=open_to_all)
        .select_related("source__merged_into")
        .order_by("question_id", "source_id", "-stated_at", "-pk")
        .distinct("question_id", "source_id")
    )
    for each in latest:
        if not each.withdrawn:
            found[each.question_id].append(each)
    return found


def _may_be_told(question: Question) -> bool:
    return question.kind == QuestionKind.BINARY and not (question.desk and question.desk.blind)
