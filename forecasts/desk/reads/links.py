"""Read the secret link of an owner, and the deadlines that are read under it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.contrib.auth.models import User
from django.db.models import Count, Max, QuerySet

from forecasts.desk.reads.inbox import Waiting, unanswered
from forecasts.models import Desk, Question, SecretLink

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Moved(Waiting):
    times_moved: int
    moved_at: datetime | None


if TYPE_CHECKING:
    WatchedQuestion = WithAnnotations[Question, Moved]

Owner = User | Desk


def link_number(*, column: str, pk: int, replaced: int, now: datetime) -> SecretLink | None:
    """Return the link of that person or desk, with its owner, while it is good. One query."""
    rows = SecretLink.objects.select_related("user", "desk")
    link = rows.filter(**{column: pk, "replaced": replaced}).first()
    ended = link is not None and link.ends_at is not None and link.ends_at <= now
    return None if ended else link


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
