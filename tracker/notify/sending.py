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

from forecasts.models import Digest, Reminder
from forecasts.queries.outgoing import Outgoing, claimed_digests, claimed_reminders
from forecasts.queries.reminders import in_digest
from forecasts.services.sending import (
    ClaimedByAnotherError,
    Sent,
    begin_sending,
    keep_message,
    record_digest_sent,
    record_failure,
    record_sent,
)
from tracker.notify.deliveries import REFUSALS, Delivery, digest_deliveries, reminder_deliveries
from tracker.notify.post import Post

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]

# Between attempts at recording, in seconds: a minute in all, well within a lease.
PAUSES = (0.1, 0.2, 0.5, 1, 2, 4, 8, 15, 30)
# A batch begins nothing more after this, so that a slow server keeps it within a task's time and a lease.
LONGEST_BATCH = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Claimed:
    """Reminders or digests that are ours for the length of their lease, all under one claim."""

    kind: type[Reminder] | type[Digest]
    keys: Sequence[int]
    claim: uuid.UUID


@dataclass(slots=True)
class Came:
    """
    What came of a claim: how many were sent by every channel, and how many failed.

    `left` were not begun, for want of time, and are still ours. The rest had nothing to send any more.
    """

    sent: int = 0
    failed: int = 0
    left: list[int] = field(default_factory=list)


def send_claimed(claimed: Claimed, *, clock: Clock) -> Came:
    """
    Send what was claimed, each by itself, and record what came of it.

    What is no longer held sends nothing: somebody else has it, or its question was answered. One that
    can't be sent, be it by a fault of ours, keeps none of the others.
    """
    read = claimed_reminders if claimed.kind is Reminder else claimed_digests
    outgoing = read(keys=claimed.keys, claim=claimed.claim)
    if len(outgoing.nudges) < len(claimed.keys):
        log.info("%s of %s: the claim no longer holds", claimed.kind.__name__.lower(), claimed.keys)
    with Post() as post:
        return _Batch(outgoing=outgoing, post=post, clock=clock).send()


@dataclass(slots=True)
class _Batch:
    """What is sent in one go: `accepted` were sent by every channel, and are to be marked."""

    outgoing: Outgoing
    post: Post
    clock: Clock
    came: Came = field(default_factory=Came)
    accepted: list[Reminder] = field(default_factory=list)

    def send(self) -> Came:
        stop_at = self.clock() + LONGEST_BATCH
        try:
            for nudge in self.outgoing.nudges:
                if self.clock() > stop_at:
                    self.came.left.append(nudge.pk)
                else:
                    self._attempt(nudge)
        finally:
            if self.accepted:
                _insist(lambda: record_sent(reminders=self.accepted, now=self.clock()))
        return self.came

    def _attempt(self, nudge: Reminder | Digest) -> None:
        """Begin one, send it and record what came of it, unless it waits to be marked with the others."""
        name = f"{type(nudge).__name__.lower()} {nudge.pk}"
        try:
            begin_sending(nudge=nudge, now=self.clock(), worker=worker_name())
        except ClaimedByAnotherError as error:
            log.info("%s: %s", name, error)
            return
        try:
            problems = self._hand_over(nudge)
        except Exception as error:
            # A fault of ours: reported, and then postponed and shown in the admin like the rest.
            log.exception("%s could not be sent", name)
            problems = repr(error)
        if problems:
            log.warning("%s was not sent: %s", name, problems)
            record_failure(nudge=nudge, error=problems, now=self.clock())
            self.came.failed += 1

    def _hand_over(self, nudge: Reminder | Digest) -> str:
        """Send by each channel, and mark it as sent when all accepted. Returns what went wrong."""
        outgoing, now = self.outgoing, self.clock()
        if isinstance(nudge, Reminder):
            deliveries = reminder_deliveries(reminder=nudge, outgoing=outgoing, post=self.post, now=now)
            if not (problems := self._deliver(nudge, deliveries)):
                self.accepted.append(nudge)
                self.came.sent += 1
            return problems
        if reminders := list(in_digest(digest=nudge)):
            wants = outgoing.wants(nudge.recipient)
            deliveries = digest_deliveries(
                digest=nudge, reminders=reminders, wants=wants, post=self.post, now=now
            )
            if problems := self._deliver(nudge, deliveries):
                return problems
        _insist(lambda: record_digest_sent(digest=nudge, reminders=reminders, now=self.clock()))
        self.came.sent += bool(reminders)
        return ""

    def _deliver(self, nudge: Reminder | Digest, deliveries: Sequence[Delivery]) -> str:
        """
        Hand each message over that was not accepted before, and keep it at once.

        One channel's failure keeps no other from being tried. Returns the failures, as words.
        """
        kept, problems = self.outgoing.kept.get(nudge.pk, set()), []
        for delivery in deliveries:
            try:
                message = delivery.compose()
                if (message.channel, message.address) in kept:
                    continue
                delivery.hand_over(message)
            except REFUSALS as error:
                problems.append(str(error) or type(error).__name__)
            else:
                self._keep(nudge, message)
        return "; ".join(problems) if deliveries else f"{nudge.recipient} has left every channel."

    def _keep(self, nudge: Reminder | Digest, message: Sent) -> None:
        _insist(lambda: keep_message(nudge=nudge, message=message, now=self.clock()))


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
