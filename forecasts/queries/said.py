"""What is said on a question now, for whoever may know it."""

from __future__ import annotations

from forecasts.models import Forecast, Question, QuestionKind


def said_now(*, question: Question) -> list[Forecast]:
    """
    Return each source's latest probability, with the source. One query at most.

    Nothing of a question whose desk answers blind, and of another kind than yes or no.
    """
    if question.kind != QuestionKind.BINARY or (question.desk and question.desk.blind):
        return []
    latest = (
        Forecast.objects.current()
        .filter(question=question)
        .select_related("source__merged_into")
        .order_by("source_id", "-stated_at", "-pk")
        .distinct("source_id")
    )
    return [each for each in latest if not each.withdrawn]
