"""Read how often a secret link was replaced, and the deadlines that are read under it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib.auth.models import User
from django.db.models import Count, Max, QuerySet

from forecasts.models import Desk, Question, SecretLink
from forecasts.queries.inbox import Waiting, unanswered

if TYPE_CHECKING:
    from datetime import datetime

    from django_stubs_ext import WithAnnotations


class Moved(Waiting):
    times_moved: int
    moved_at: datetime | None


if TYPE_CHECKING:
    WatchedQuestion = WithAnnotations[Question, Moved]

Owner = User | Desk


def times_replaced(*, owner: Owner) -> int:
    """Return how often the owner's secret link was replaced; 0 where it never was. One query."""
    found = _links_of(owner).values_list("replaced", flat=True).first()
    return found or 0


def _links_of(owner: Owner) -> QuerySet[SecretLink]:
    column = "desk" if isinstance(owner, Desk) else "user"
    return SecretLink.objects.filter(**{column: owner.pk})


def watched_questions(*, owner: Owner) -> QuerySet[WatchedQuestion]:
    """
    Return the unanswered questions of a desk, or those that a person is assigned, the next due first.

    Each with `check_again_on`, how often its deadline moved and when last. Nothing here tells who
    said what, so it may be shown to an editor who answers blind.
    """
    column = "desk" if isinstance(owner, Desk) else "assignee"
    rows = (
        unanswered()
        .filter(**{column: owner.pk})
        .annotate(times_moved=Count("deadline_moves"), moved_at=Max("deadline_moves__recorded_at"))
    )
    return cast("QuerySet[WatchedQuestion]", rows)
