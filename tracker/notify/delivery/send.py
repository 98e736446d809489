"""
Send what was claimed, outside any transaction, and record what came of it.

What one sweep claimed goes in small batches: what they go by is read at once, their mails share a
connection, and what was accepted is marked together. Each is begun by itself right before it is sent, and
its message is kept right after it was accepted, so that a worker cut off in the middle leaves the
others of its batch as if nobody had touched them.
"""

from __future__ import annotations

import logging
import os
import socket
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, connection

from forecasts.delivery.reads.outgoing import (
    Outgoing,
    claimed_chats,
    claimed_digests,
    claimed_reminders,
    told_in_digest,
)
from forecasts.delivery.writes.sending import (
    ClaimedByAnotherError,
    Missed,
    Nudge,
    begin_sending,
    keep_message,
    record_chat_told,
    record_digest_sent,
    record_failure,
    record_sent,
)
from forecasts.models import Digest, MissedChat, Place, Reminder
from forecasts.questions.writes.blind import note_told
from forecasts.reminders.reads import in_digest
from tracker.notify.delivery.channels import (
    REFUSALS,
    Delivery,
    digest_deliveries,
    missed_delivery,
    reminder_deliveries,
)
from tracker.notify.mail.post import Post

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]

# Between attempts at recording, in seconds: a minute in all, well within a lease.
PAUSES = (0.1, 0.2, 0.5, 1, 2, 4, 8, 15, 30)
# A batch begins nothing more after this, so that a slow server keeps it within a task's time and a lease.
LONGEST_BATCH = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Claimed:
    """Reminders, digests or missed chats that are ours for the length of their lease, under one claim."""

    kind: type[Nudge]
    keys: Sequence[int]
    claim: uuid.UUID


@dataclass(slots=True)
class Came:
    """
    What came of a claim: how many reached their person, and how many are to be tried again.

    One that reached its person and missed a chat is both: the chat is tried again. `left` were not begun,
    for want of time, and are still ours. The rest had nothing to send any more.
    """

    sent: int = 0
    failed: int = 0
    left: list[int] = field(default_factory=list)


READ: dict[type[Nudge], Callable[..., Outgoing]] = {
    Reminder: claimed_reminders,
    Digest: claimed_digests,
    MissedChat: claimed_chats,
}


def send_claimed(claimed: Claimed, *, clock: Clock) -> Came:
    """
    Send what was claimed, each by itself, and record what came of it.

    What is no longer held sends nothing: somebody else has it, or its question was answered. One that
    can't be sent, be it by a fault of ours, keeps none of the others.
    """
    outgoing = READ[claimed.kind](keys=claimed.keys, claim=claimed.claim)
    if len(outgoing.nudges) < len(claimed.keys):
        log.info("%s of %s: the claim no longer holds", claimed.kind.__name__.lower(), claimed.keys)
    with Post() as post:
        return _Batch(outgoing=outgoing, post=post, clock=clock).send()


@dataclass(slots=True)
class _Result:
    """How a message fared: whether its person got it, the chats that did not, and what went wrong."""

    reached: bool
    missed: list[Missed]
    problems: str


@dataclass(slots=True)
class _Batch:
    """What is sent in one go: `accepted` reached their person, and are to be marked."""

    outgoing: Outgoing
    post: Post
    clock: Clock
    came: Came = field(default_factory=Came)
    accepted: list[Reminder] = field(default_factory=list)
    missed: dict[int, list[Missed]] = field(default_factory=dict)

    def send(self) -> Came:
        stop_at = self.clock() + LONGEST_BATCH
        # Those whose worker was cut off between the last message and the mark need nothing but the mark.
        gone = [each for each in self.outgoing.nudges if isinstance(each, Reminder) and self._has_gone(each)]
        for reminder in gone:
            self._accept(reminder)
        self._mark_accepted()
        try:
            for nudge in self.outgoing.nudges:
                if nudge in gone:
                    continue
                if self.clock() > stop_at:
                    self.came.left.append(nudge.pk)
                else:
                    self._attempt(nudge)
        finally:
            self._mark_accepted()
        return self.came

    def _has_gone(self, reminder: Reminder) -> bool:
        """Return whether each channel took the reminder before."""
        kept = self.outgoing.kept.get(reminder.pk, set())
        deliveries = self._deliveries(reminder) if kept else []
        return bool(deliveries) and all((each.channel, each.address) in kept for each in deliveries)

    def _accept(self, reminder: Reminder, missed: Sequence[Missed] = ()) -> None:
        self.accepted.append(reminder)
        self.missed[reminder.pk] = list(missed)
        self.came.sent += 1

    def _mark_accepted(self) -> None:
        if accepted := list(self.accepted):
            _insist(lambda: note_told(told=self._told(accepted), place=Place.MAIL, now=self.clock()))
            _insist(lambda: record_sent(reminders=accepted, missed=self.missed, now=self.clock()))
            self.accepted.clear()

    def _told(self, accepted: Sequence[Reminder]) -> list[tuple[int, int]]:
        """Return to whom a mail named sources, and on which question; chats and digests name none."""
        return [
            (each.recipient_id, each.question_id)
            for each in accepted
            if each.recipient_id and self.outgoing.said.get(each.question_id)
        ]

    def _attempt(self, nudge: Nudge) -> None:
        """Begin one, send it and record what came of it, unless it waits to be marked with the others."""
        name = f"{type(nudge).__name__.lower()} {nudge.pk}"
        try:
            begin_sending(nudge=nudge, now=self.clock(), worker=worker_name())
        except ClaimedByAnotherError as error:
            log.info("%s: %s", name, error)
            return
        try:
            result = self._send_one(nudge)
        except Exception as error:
            # A fault of ours: reported, and then postponed and shown in the admin like the rest.
            log.exception("%s could not be sent", name)
            result = _Result(reached=False, missed=[], problems=repr(error))
        if result.problems:
            log.warning("%s was not sent by every channel: %s", name, result.problems)
            self.came.failed += 1
        if result.problems and not result.reached:
            record_failure(nudge=nudge, error=result.problems, now=self.clock())

    def _send_one(self, nudge: Nudge) -> _Result:
        if isinstance(nudge, Reminder):
            return self._send_reminder(nudge)
        return self._send_digest(nudge) if isinstance(nudge, Digest) else self._tell_chat(nudge)

    def _deliveries(self, reminder: Reminder) -> list[Delivery]:
        return reminder_deliveries(
            reminder=reminder, outgoing=self.outgoing, post=self.post, now=self.clock()
        )

    def _send_reminder(self, reminder: Reminder) -> _Result:
        result = self._deliver(reminder, self._deliveries(reminder))
        if result.reached:
            self._accept(reminder, result.missed)
        return result

    def _send_digest(self, digest: Digest) -> _Result:
        reminders, result = list(in_digest(digest=digest)), _Result(reached=True, missed=[], problems="")
        if reminders:
            wants = self.outgoing.wants(digest.recipient)
            result = self._deliver(
                digest,
                digest_deliveries(
                    digest=digest, reminders=reminders, wants=wants, post=self.post, now=self.clock()
                ),
            )
        if result.reached:
            missed = result.missed
            _insist(
                lambda: record_digest_sent(
                    digest=digest, reminders=reminders, missed=missed, now=self.clock()
                )
            )
            self.came.sent += bool(reminders)
        return result

    def _tell_chat(self, missed: MissedChat) -> _Result:
        reminders = told_in_digest(missed=missed) if missed.digest_id else []
        delivery = missed_delivery(missed=missed, reminders=reminders, now=self.clock())
        because = "" if delivery else "the desk has this channel no more"
        if missed.digest_id and not reminders:
            because = "nothing left to say"
        if because or delivery is None:
            record_chat_told(missed=missed, ended_because=because, now=self.clock())
            return _Result(reached=True, missed=[], problems="")
        result = self._deliver(missed, [delivery])
        if result.reached:
            _insist(lambda: record_chat_told(missed=missed, now=self.clock()))
            self.came.sent += 1
        return result

    def _deliver(self, nudge: Nudge, deliveries: Sequence[Delivery]) -> _Result:
        """
        Hand each message over that was not accepted before, and keep it at once.

        One channel's failure keeps no other from being tried. The person is reached by the mail, or
        where none is taken, by any of the chats.
        """
        if not deliveries:
            left = f"{getattr(nudge, 'recipient', None)} has left every channel."
            return _Result(reached=False, missed=[], problems=left)
        errors = [self._hand_over(nudge, delivery) for delivery in deliveries]
        missed = [
            Missed(desk=delivery.desk, address=delivery.address, error=error)
            for delivery, error in zip(deliveries, errors, strict=True)
            if error and delivery.desk
        ]
        reached = not errors[0] if deliveries[0].desk is None else not all(errors)
        return _Result(reached=reached, missed=missed, problems="; ".join(filter(None, errors)))

    def _hand_over(self, nudge: Nudge, delivery: Delivery) -> str:
        """Return what went wrong, as words: nothing where the message was accepted now or before."""
        if (delivery.channel, delivery.address) in self.outgoing.kept.get(nudge.pk, set()):
            return ""
        try:
            message = delivery.compose()
            delivery.hand_over(message)
        except REFUSALS as error:
            words = str(error) or type(error).__name__
            return f"{delivery.address}: {words}" if delivery.desk else words
        _insist(lambda: keep_message(nudge=nudge, message=message, now=self.clock()))
        return ""


def _insist(record: Callable[[], None]) -> None:
    """
    Record what a server accepted, through a restart of the database too: it must not be sent again.

    Raises the database's error when it has not come back within a minute.
    """
    for pause in PAUSES:
        try:
            return record()
        except (OperationalError, InterfaceError) as error:
            log.warning("the database is away, and what was sent is not recorded yet: %s", error)
            connection.close()
            time.sleep(pause)
    return record()


def worker_name() -> str:
    """Return which process on which machine this is."""
    return f"{socket.gethostname()}:{os.getpid()}"
