"""Claim the chats that a message missed, so that each of them is told alone."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from forecasts.delivery.writes.sending import LEASE, MOST_ATTEMPTS, give_up_lost
from forecasts.models import Attempt, Happened, MissedChat
from forecasts.reminders.reads import answered_among

AT_ONCE = 200


@dataclass(slots=True)
class ClaimedChats:
    """What was due, what is ours to tell under `claim`, and how many had nothing to be told any more."""

    claim: uuid.UUID
    due: int = 0
    claimed: list[int] = field(default_factory=list)
    ended: int = 0


@transaction.atomic
def claim_missed_chats(*, now: datetime, limit: int = AT_ONCE, lease: timedelta = LEASE) -> ClaimedChats:
    """
    Take the missed chats that are due, for the length of a lease.

    One whose question has its answer by now is ended: a chat needs no late news of it.
    """
    found = ClaimedChats(claim=uuid.uuid4())
    free = MissedChat.objects.free(now).order_by("due_at", "id").select_related("reminder")
    rows = list(free.select_for_update(of=("self",), skip_locked=True)[:limit])
    found.due = len(rows)
    if not rows:
        return found
    answered = _answered(rows)
    ended = [each.pk for each in rows if each.pk in answered]
    for each in rows:
        if each.pk in answered:
            continue
        if each.heartbeat_at and each.attempts >= MOST_ATTEMPTS:
            give_up_lost(nudge=each, now=now)
        else:
            found.claimed.append(each.pk)
    found.ended = MissedChat.objects.filter(pk__in=ended).update(ended_at=now, ended_because="resolved")
    MissedChat.objects.filter(pk__in=found.claimed).update(
        claim=found.claim, claimed_at=now, lease_until=now + lease
    )
    lost = Attempt.objects.filter(missed__in=found.claimed, happened=Happened.BEGAN)
    lost.update(happened=Happened.LOST, ended_at=now)
    return found


def _answered(rows: Sequence[MissedChat]) -> set[int]:
    asked = {each.pk: each.reminder.question_id for each in rows if each.reminder}
    answered = answered_among(asked.values()) if asked else set()
    return {pk for pk, question in asked.items() if question in answered}
