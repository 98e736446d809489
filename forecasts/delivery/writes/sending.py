"""
Mark what is being sent: begun, accepted by a channel, done, failed, given up.

Sending itself happens elsewhere, outside any transaction. Each channel's message is recorded as soon as
its server accepted it, so that a second attempt passes over it. The one gap is a worker that ends
between the server's "accepted" and that record: its message may come twice, with the same Message-ID.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from forecasts.models import Attempt, Desk, Digest, Happened, Message, MissedChat, Question, Reminder
from forecasts.models.jobs.lease import IDLE
from forecasts.people.reads.rights import refuse_unless_may
from forecasts.people.reads.roles import Verb
from forecasts.record.refusal import RefusedError
from forecasts.reminders.writes import arm_following, stage_by

LEASE = timedelta(minutes=10)
# The pauses after the first failure, the second and so on: about a day in all, then it is given up.
RETRIES = tuple(timedelta(minutes=minutes) for minutes in (1, 4, 15, 60, 180, 480, 720))
MOST_ATTEMPTS = len(RETRIES) + 1

Nudge = Reminder | Digest | MissedChat


class ClaimedByAnotherError(RefusedError):
    field = "claim"
    conflict = True


class NotGivenUpError(RefusedError):
    field = "dead_at"
    conflict = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """
    A message as a channel's server accepted it.

    `address` is kept and shown: where the channel's real address is a secret, it is the channel's name.
    """

    channel: str
    address: str
    subject: str
    body: str
    html: str
    message_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """A desk's chat that did not take a message, by the name that messages keep, and why."""

    desk: Desk
    address: str
    error: str


@transaction.atomic
def begin_sending(*, nudge: Nudge, now: datetime, worker: str = "", lease: timedelta = LEASE) -> None:
    """
    Mark that the claim's holder now sends this, for a lease from now on.

    `nudge` is as its holder read it, with the claim in it. A redelivered task does not send as well.
    Raises ClaimedByAnotherError when the claim has run out, was taken over, or is being sent.
    """
    begun = (
        type(nudge)
        .objects.armed()
        .filter(IDLE, pk=nudge.pk, claim=nudge.claim, lease_until__gt=now)
        .update(heartbeat_at=now, lease_until=now + lease, attempts=nudge.attempts + 1)
    )
    if begun != 1:
        raise ClaimedByAnotherError(_("This claim no longer holds, or its message is on the way."))
    # Nobody else counts under this claim, so what was read is what is in the row.
    nudge.heartbeat_at, nudge.lease_until, nudge.attempts = now, now + lease, nudge.attempts + 1
    Attempt.objects.create(**_of(nudge), number=nudge.attempts, worker=worker[:200], began_at=now)


def keep_message(*, nudge: Nudge, message: Sent, now: datetime) -> None:
    """Record one channel's message, right after its server accepted it. Once for each channel."""
    kept = Message(
        **_of(_told(nudge)),
        message_id=message.message_id,
        channel=message.channel,
        address=message.address,
        subject=message.subject,
        body=message.body,
        html=message.html,
        sent_at=now,
    )
    Message.objects.bulk_create([kept], ignore_conflicts=True)


@transaction.atomic
def record_sent(
    *, reminders: Sequence[Reminder], now: datetime, missed: Mapping[int, Sequence[Missed]] | None = None
) -> None:
    """
    Mark reminders as sent, and arm what comes after each, counted from `now`.

    Their messages are kept already, so that nothing is sent again where this comes late or never.
    `missed` are, by reminder, the chats that did not take it though its person got it: each of them
    alone is tried again.
    """
    _mark_reminders(reminders=reminders, now=now)
    _end_attempts(reminders, happened=Happened.SENT, now=now)
    for each in reminders:
        _keep_missed(each, (missed or {}).get(each.pk, ()), now=now)


@transaction.atomic
def record_digest_sent(
    *, digest: Digest, reminders: Sequence[Reminder], now: datetime, missed: Sequence[Missed] = ()
) -> None:
    """
    Mark the digest as sent, and each reminder that was in it.

    What joined while it was being written is freed: it finds its way into the next one. A digest that
    had nothing left to say is ended instead of sent. The chats in `missed` are tried again, alone.
    """
    _hold_questions(reminders)
    marks = {"sent_at": now} if reminders else {"ended_at": now, "ended_because": "nothing left to say"}
    Digest.objects.pending().filter(pk=digest.pk).update(error="", dead_at=None, **marks)
    _mark_reminders(reminders=reminders, now=now)
    Reminder.objects.armed().filter(digest=digest).update(digest=None)
    _end_attempts([digest], happened=Happened.SENT, now=now)
    _keep_missed(digest, missed, now=now)


@transaction.atomic
def record_chat_told(*, missed: MissedChat, now: datetime, ended_because: str = "") -> None:
    """Mark that a missed chat was told, or end it because there was nothing to tell any more."""
    marks = {"ended_at": now, "ended_because": ended_because} if ended_because else {"sent_at": now}
    MissedChat.objects.pending().filter(pk=missed.pk).update(error="", dead_at=None, **marks)
    _end_attempts([missed], happened=Happened.SENT, now=now)


@transaction.atomic
def record_failure(*, nudge: Nudge, error: str, now: datetime) -> None:
    """
    Record why sending failed, and let it be taken again after a growing pause.

    After the last attempt it is a dead letter: kept, shown, and sent again when somebody says so. The
    question's next reminder is armed all the same.
    """
    held = type(nudge).objects.pending().filter(pk=nudge.pk, claim=nudge.claim)
    last = nudge.attempts >= MOST_ATTEMPTS
    pause = timedelta(0) if last else RETRIES[max(nudge.attempts - 1, 0)]
    marked = held.update(
        error=error[:2000], lease_until=now + pause, heartbeat_at=None, dead_at=now if last else None
    )
    happened = Happened.GIVEN_UP if last and marked else Happened.FAILED
    _end_attempts([nudge], happened=happened, now=now, error=error[:2000])
    if last and marked:
        _go_on_after(nudge, now=now)


@transaction.atomic
def give_up_lost(*, nudge: Nudge, now: datetime) -> None:
    """Make a dead letter of what cut off its worker at every attempt."""
    error = "Each worker that began to send this was cut off."
    marked = type(nudge).objects.armed().filter(pk=nudge.pk).update(dead_at=now, error=error)
    if marked:
        _go_on_after(nudge, now=now)


@transaction.atomic
def send_again(*, nudge: Nudge, by: User | None, now: datetime) -> None:
    """
    Let a dead letter be sent again, by the next sweep, with all its attempts before it.

    A reminder takes the place of the one that was armed after it; a digest takes what waits for its
    person. Raises NotGivenUpError, NotAllowedError.
    """
    refuse_unless_may(by=by, verb=Verb.SEND_AGAIN, of=nudge)
    if isinstance(nudge, Reminder):
        later = Reminder.objects.armed().filter(question=nudge.question_id, escalated=nudge.escalated)
        later.exclude(pk=nudge.pk).update(ended_at=now, ended_because="an earlier one is sent again")
    revived = (
        type(nudge)
        .objects.dead()
        .filter(pk=nudge.pk)
        .update(
            dead_at=None,
            due_at=now,
            attempts=0,
            claim=None,
            claimed_at=None,
            lease_until=None,
            heartbeat_at=None,
        )
    )
    if revived != 1:
        raise NotGivenUpError(_("This is not a failed message: it will be sent by itself, or has been."))
    if isinstance(nudge, Digest):
        waiting = Digest.objects.armed().filter(recipient=nudge.recipient_id).exclude(pk=nudge.pk)
        Reminder.objects.armed().filter(digest__in=waiting).update(digest=nudge)
    worker = f"asked for by {by.get_username()}" if by else ""
    Attempt.objects.create(
        **_of(nudge), number=0, worker=worker, happened=Happened.AGAIN, began_at=now, ended_at=now
    )


def _mark_reminders(*, reminders: Sequence[Reminder], now: datetime) -> None:
    """Mark those that still wait, by the stage of now, and arm what follows where nobody answered."""
    _hold_questions(reminders)
    waiting = Reminder.objects.pending().filter(pk__in=[each.pk for each in reminders])
    keys = set(waiting.select_for_update().values_list("pk", flat=True))
    marked = [each for each in reminders if each.pk in keys]
    Reminder.objects.filter(pk__in=keys).update(sent_at=now, error="", dead_at=None)
    for stage, late in _of_another_stage(marked, now).items():
        Reminder.objects.filter(pk__in=late).update(stage=stage)
    arm_following(reminders=marked, now=now)


def _of_another_stage(reminders: Sequence[Reminder], now: datetime) -> dict[str, list[int]]:
    """Return those that were armed for an earlier stage than the one they were sent at, by that one."""
    found: dict[str, list[int]] = defaultdict(list)
    for each in reminders:
        if (stage := stage_by(each, now=now)) != each.stage:
            found[stage].append(each.pk)
    return found


def _keep_missed(nudge: Reminder | Digest, missed: Sequence[Missed], *, now: datetime) -> None:
    """Let each chat be tried again after a pause. What went wrong is the first of its attempts."""
    for each in missed:
        row, new = MissedChat.objects.get_or_create(
            **_of(nudge),
            desk=each.desk,
            address=each.address,
            defaults={
                "due_at": now + RETRIES[0],
                "attempts": 1,
                "error": each.error[:2000],
                "created_at": now,
            },
        )
        if new:
            Attempt.objects.create(
                missed=row,
                number=1,
                happened=Happened.FAILED,
                error=row.error,
                began_at=now,
                ended_at=now,
            )


def _hold_questions(reminders: Sequence[Reminder]) -> None:
    """Keep the questions from being resolved until this transaction ends, or wait until they are."""
    held = Question.objects.filter(pk__in={each.question_id for each in reminders}).order_by("pk")
    list(held.select_for_update().values_list("pk", flat=True))


def _go_on_after(nudge: Nudge, *, now: datetime) -> None:
    """Let nothing stop with what was given up: the next reminder is armed, a digest's are freed."""
    if isinstance(nudge, Digest):
        Reminder.objects.armed().filter(digest=nudge).update(digest=None)
    elif isinstance(nudge, Reminder):
        given_up = Reminder.objects.select_related("question__desk").get(pk=nudge.pk)
        arm_following(reminders=[given_up], now=now)


def _end_attempts(nudges: Sequence[Nudge], *, happened: str, now: datetime, error: str = "") -> None:
    if nudges:
        own = {f"{_column(nudges[0])}__in": nudges}
        open_now = Attempt.objects.filter(**own, happened=Happened.BEGAN)
        open_now.update(happened=happened, error=error, ended_at=now)


def _of(nudge: Nudge) -> dict[str, Any]:
    return {_column(nudge): nudge}


def _column(nudge: Nudge) -> str:
    """Return the column by which attempts name it, and messages too where it is no missed chat."""
    if isinstance(nudge, MissedChat):
        return "missed"
    return "reminder" if isinstance(nudge, Reminder) else "digest"


def _told(nudge: Nudge) -> Reminder | Digest:
    """Return what a message tells of: for a missed chat, the reminder or digest that it missed."""
    if not isinstance(nudge, MissedChat):
        return nudge
    told = nudge.reminder or nudge.digest
    assert told is not None  # noqa: S101  By a constraint.
    return told
