"""Write digests: let a reminder join its person's next one, and claim those that are due."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction

from forecasts.delivery.reads.routing import Routes, load_routes
from forecasts.delivery.reads.tally import Tally
from forecasts.delivery.writes.sending import LEASE, MOST_ATTEMPTS, give_up_lost
from forecasts.hours import Hours, next_allowed, next_digest
from forecasts.models import Digest, Message, Mode, Preferences, Reminder
from forecasts.schedule import zone_named

FARTHEST = 60
AT_ONCE = 200


@dataclass(slots=True)
class ClaimedDigests:
    """What was due, what is ours to send under `claim`, and how many wait for an allowed hour."""

    claim: uuid.UUID
    due: int = 0
    claimed: list[int] = field(default_factory=list)
    deferred: int = 0


def digest_to_join(*, user: User, wants: Preferences, hours: Hours, seen: Tally, now: datetime) -> Digest:
    """
    Return the person's next digest that can still be joined, made where there is none, and hold it.

    A new one is made only for a day whose messages are not all taken.
    """
    weekday = wants.digest_weekday if wants.mode == Mode.WEEKLY else None
    after = now
    for _ in range(FARTHEST):
        at = next_digest(after=after, hour=wants.digest_hour, hours=hours, weekday=weekday)
        on = at.astimezone(zone_named(hours.zone)).date()
        known = seen.digests[user.pk].get(on)
        if known or seen.used(user=user.pk, day=on, zone=hours.zone) < wants.cap:
            digest, _ = Digest.objects.get_or_create(
                recipient=user, on=on, defaults={"due_at": at, "created_at": now}
            )
            digest = Digest.objects.select_for_update().get(pk=digest.pk)
            seen.digests[user.pk][on] = digest
            if _can_be_joined(digest, now):
                return digest
        after = at
    raise RuntimeError(f"No day within {FARTHEST} digests has room for {user}.")


def _can_be_joined(digest: Digest, now: datetime) -> bool:
    if digest.sent_at or digest.ended_at or digest.dead_at:
        return False
    return digest.lease_until is None or digest.lease_until <= now or bool(digest.error)


@transaction.atomic
def claim_digests(*, now: datetime, limit: int = AT_ONCE, lease: timedelta = LEASE) -> ClaimedDigests:
    """
    Take the digests that are due, for the length of a lease.

    One whose person is away is ended, and its reminders find somebody else; one that is due outside
    the person's hours waits for them. What may have gone out already is sent as it was.
    """
    found = ClaimedDigests(claim=uuid.uuid4())
    free = Digest.objects.free(now).order_by("due_at", "id").select_related("recipient")
    rows = list(free.select_for_update(of=("self",), skip_locked=True)[:limit])
    found.due = len(rows)
    if not rows:
        return found
    first = _first_reminders(rows)
    routes = load_routes(
        questions=[each.question for each in first.values()], now=now, also=[row.recipient for row in rows]
    )
    begun = set(Message.objects.filter(digest__in=rows).values_list("digest_id", flat=True))
    for digest in rows:
        if digest.heartbeat_at and digest.attempts >= MOST_ATTEMPTS:
            give_up_lost(nudge=digest, now=now)
        elif digest.heartbeat_at or digest.pk in begun or _may_go(digest, first, routes, found, now):
            found.claimed.append(digest.pk)
    Digest.objects.filter(pk__in=found.claimed).update(
        claim=found.claim, claimed_at=now, lease_until=now + lease
    )
    return found


def _first_reminders(rows: Sequence[Digest]) -> dict[int, Reminder]:
    waiting = (
        Reminder.objects.pending().filter(digest__in=rows).order_by("digest_id", "pk").distinct("digest_id")
    )
    found = waiting.select_related("question__desk", "question__assignee")
    return {each.digest_id: each for each in found if each.digest_id}


def _may_go(
    digest: Digest, first: dict[int, Reminder], routes: Routes, found: ClaimedDigests, now: datetime
) -> bool:
    desk = first[digest.pk].question.desk if digest.pk in first else None
    if not routes.is_here(digest.recipient, desk):
        Reminder.objects.pending().filter(digest=digest).update(digest=None)
        Digest.objects.filter(pk=digest.pk).update(ended_at=now, ended_because="its person is away")
        return False
    allowed = next_allowed(at=now, hours=routes.hours(digest.recipient, desk))
    if allowed > now:
        Digest.objects.filter(pk=digest.pk).update(due_at=allowed)
        found.deferred += 1
        return False
    return True
