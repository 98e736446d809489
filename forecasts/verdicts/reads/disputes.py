"""Disputes with what became of them, and the replies of sources."""

from __future__ import annotations

from django.db.models import QuerySet

from forecasts.models import Answer, Dispute, Reply
from forecasts.models.record.public import OfQuestionQuerySet


def disputes_shown() -> QuerySet[Dispute]:
    """Return disputes in the order of recording, each with what became of it. One query."""
    return Dispute.objects.select_related(
        "question", "recorded_by", "upholding__recorded_by", "resolution__superseded_by"
    ).order_by("pk")


def state_of_dispute(dispute: Dispute) -> str:
    """Return where a dispute of `disputes_shown` stands: open, upheld, overturned or reopened."""
    if getattr(dispute, "upholding", None) is not None:
        return "upheld"
    later = getattr(dispute.resolution, "superseded_by", None)
    if later is None:
        return "open"
    return "reopened" if later.answer == Answer.REOPENED else "overturned"


def replies_shown() -> OfQuestionQuerySet[Reply]:
    """Return replies by date, each with its source and its question. One query."""
    return Reply.objects.select_related("source", "question").order_by("replied_on", "pk")
