"""
Take what is due: for each reminder decide who gets it, and whether now, later, or in a digest.

A batch is locked by one worker and passed over by the others. What is to be sent now is claimed: the
claim is a lease, and what its holder did not send is taken again when it has run out.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Case, Value, When

from forecasts.delivery.reads.routing import Reached, Routes, is_digested, load_routes
from forecasts.delivery.reads.tally import Tally, tally
from forecasts.delivery.writes.digests import digest_to_join
from forecasts.delivery.writes.sending import LEASE, MOST_ATTEMPTS, give_up_lost, record_failure
from forecasts.hours import Hours, next_allowed
from forecasts.models import Attempt, Digest, Happened, Message, Reminder
from forecasts.models.people.preferences import MAIL
from forecasts.reminders.reads import settled_among
from forecasts.schedule import local_midnight, zone_named

AT_ONCE = 200
NOBODY = "Nobody on the desk can be reminded. Add a member."
RELEASED = {"claim": None, "claimed_at": None, "lease_until": None, "heartbeat_at": None}


@dataclass(slots=True)
class ClaimedReminders:
    """
    What became of a batch: `due` found, `claimed` ours to send under `claim`, the others by reason.

    `escalated` of those claimed go to a lead. `failed` had nobody to go to.
    """

    claim: uuid.UUID
    due: int = 0
    claimed: list[int] = field(default_factory=list)
    escalated: int = 0
    deferred: int = 0
    digested: int = 0
    capped: int = 0
    ended: int = 0
    failed: int = 0


@dataclass(slots=True)
class _Batch:
    """What a batch is decided by, and the decisions, gathered so that each kind is one UPDATE."""

    now: datetime
    routes: Routes
    seen: Tally
    found: ClaimedReminders
    sends: dict[tuple[int, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    waits: dict[datetime, list[int]] = field(default_factory=lambda: defaultdict(list))
    joins: dict[tuple[Digest, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    ends: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


@transaction.atomic
def claim_reminders(*, now: datetime, limit: int = AT_ONCE, lease: timedelta = LEASE) -> ClaimedReminders:
    """
    Take up to `limit` due reminders, the longest due first, and decide what becomes of each.

    Run until `due` is 0: whatever is found is no longer due at `now` afterwards. The number of queries
    does not grow with the batch, but for one UPDATE for each digest and postponed instant.
    """
    found = ClaimedReminders(claim=uuid.uuid4())
    due = Reminder.objects.due(now).order_by("due_at", "id")
    # The rows alone, so that the index answers; what they name is read after, once for the batch.
    named = due.prefetch_related("question__desk", "question__assignee", "recipient")
    rows = list(named.select_for_update(skip_locked=True)[:limit])
    found.due = len(rows)
    if not rows:
        return found
    batch = _read_batch(rows, found, now)
    settled = settled_among(rows)
    sent = _sent(rows)
    for reminder in rows:
        if reminder.pk in settled:
            batch.ends["resolved"].append(reminder.pk)
        elif reminder.heartbeat_at and reminder.attempts >= MOST_ATTEMPTS + (reminder.pk in sent):
            # What somebody got, and only was not marked, gets one attempt more, to be marked.
            give_up_lost(nudge=reminder, now=now)
        elif (reminder.heartbeat_at or reminder.pk in sent) and reminder.recipient:
            # It may have reached somebody: it goes there again, under the same Message-ID.
            _send(batch, reminder, Reached(reminder.recipient, reminder.recipient_as))
        else:
            _decide(batch, reminder)
    _apply(batch, lease)
    return found


def _read_batch(rows: Sequence[Reminder], found: ClaimedReminders, now: datetime) -> _Batch:
    """Read what decides, holding those who may get something: their day is counted by one at a time."""
    routes = load_routes(questions=[row.question for row in rows], now=now)
    reached = {who.user.pk for row in rows if (who := routes.reach(row))}
    reached |= {row.recipient_id for row in rows if row.recipient_id}
    people = User.objects.filter(pk__in=reached).order_by("pk")
    list(people.select_for_update(no_key=True).values_list("pk", flat=True))
    seen = tally(users=reached, now=now, but_for=[row.pk for row in rows])
    return _Batch(now=now, routes=routes, seen=seen, found=found)


def _sent(rows: Sequence[Reminder]) -> set[int]:
    """Return those of which a message went out."""
    tried = [row.pk for row in rows if row.attempts]
    kept = Message.objects.filter(reminder__in=tried) if tried else Message.objects.none()
    return {key for key in kept.values_list("reminder_id", flat=True) if key is not None}


def _decide(batch: _Batch, reminder: Reminder) -> None:
    desk, now = reminder.question.desk, batch.now
    # A dispute is a lead's to decide, whatever the desk says of telling him of others' delay.
    told_only = reminder.escalated and not reminder.about
    if told_only and not (desk and desk.escalate_after_days):
        batch.ends["the desk tells no lead"].append(reminder.pk)
        return
    who = batch.routes.reach(reminder)
    if who is None:
        _fail(batch, reminder)
        return
    if told_only and who.user == batch.routes.asked(reminder.question):
        batch.ends["whoever leads the desk is asked already"].append(reminder.pk)
        return
    wants, hours = batch.routes.wants(who.user), batch.routes.hours(who.user, desk)
    if is_digested(wants):
        batch.found.digested += 1
        _join(batch, reminder, who, hours)
    elif (allowed := next_allowed(at=now, hours=hours)) > now:
        batch.waits[allowed].append(reminder.pk)
    elif batch.seen.used(user=who.user.pk, day=_day(now, hours), zone=hours.zone) < wants.cap:
        _send(batch, reminder, who)
    elif MAIL in wants.unsubscribed:
        # A digest is a mail: what goes by other channels only waits for the next day.
        tomorrow = local_midnight(on=_day(now, hours) + timedelta(days=1), zone=hours.zone)
        batch.waits[next_allowed(at=tomorrow, hours=hours)].append(reminder.pk)
    else:
        batch.found.capped += 1
        _join(batch, reminder, who, hours)


def _day(now: datetime, hours: Hours) -> date:
    return now.astimezone(zone_named(hours.zone)).date()


def _send(batch: _Batch, reminder: Reminder, who: Reached) -> None:
    batch.sends[who.user.pk, who.role].append(reminder.pk)
    batch.seen.alone[who.user.pk].append(batch.now)
    batch.found.claimed.append(reminder.pk)
    batch.found.escalated += reminder.escalated


def _join(batch: _Batch, reminder: Reminder, who: Reached, hours: Hours) -> None:
    wants = batch.routes.wants(who.user)
    digest = digest_to_join(user=who.user, wants=wants, hours=hours, seen=batch.seen, now=batch.now)
    batch.joins[digest, who.role].append(reminder.pk)


def _fail(batch: _Batch, reminder: Reminder) -> None:
    """Keep a reminder that nobody can get as a failed attempt; an escalation without a lead ends."""
    if reminder.escalated and not reminder.about:
        batch.ends["the desk has no lead"].append(reminder.pk)
        return
    batch.found.failed += 1
    reminder.claim = uuid.uuid4()
    reminder.attempts += 1
    Reminder.objects.filter(pk=reminder.pk).update(
        claim=reminder.claim,
        claimed_at=batch.now,
        lease_until=batch.now,
        attempts=reminder.attempts,
        recipient=None,
    )
    Attempt.objects.create(reminder=reminder, number=reminder.attempts, began_at=batch.now)
    record_failure(nudge=reminder, error=NOBODY, now=batch.now)


def _by_key(sends: Mapping[tuple[int, str], list[int]], value: Callable[[tuple[int, str]], Any]) -> Case:
    """Return what each of these reminders is sent as, so that one UPDATE names all the recipients."""
    return Case(*(When(pk__in=keys, then=Value(value(sent))) for sent, keys in sends.items()))


def _apply(batch: _Batch, lease: timedelta) -> None:
    now, found = batch.now, batch.found
    if batch.sends:
        Reminder.objects.filter(pk__in=found.claimed).update(
            claim=found.claim,
            claimed_at=now,
            lease_until=now + lease,
            recipient=_by_key(batch.sends, lambda sent: sent[0]),
            recipient_as=_by_key(batch.sends, lambda sent: sent[1]),
        )
    for at, keys in batch.waits.items():
        Reminder.objects.filter(pk__in=keys).update(due_at=at, **RELEASED)
        found.deferred += len(keys)
    for (digest, role), keys in batch.joins.items():
        Reminder.objects.filter(pk__in=keys).update(
            digest=digest, recipient=digest.recipient_id, recipient_as=role, **RELEASED
        )
    for because, keys in batch.ends.items():
        Reminder.objects.filter(pk__in=keys).update(ended_at=now, ended_because=because)
        found.ended += len(keys)
    lost = Attempt.objects.filter(reminder__in=found.claimed, happened=Happened.BEGAN)
    lost.update(happened=Happened.LOST, ended_at=now)
