"""Send what was claimed, outside any transaction, and record what came of it."""

from __future__ import annotations

import logging
import os
import socket
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import InterfaceError, OperationalError, connection

from forecasts.models import Digest, Reminder
from forecasts.queries.reminders import in_digest
from forecasts.services.sending import (
    ClaimedByAnotherError,
    Sent,
    begin_sending,
    keep_message,
    kept_channels,
    record_digest_sent,
    record_failure,
    record_sent,
)
from tracker.notify.deliveries import REFUSALS, Delivery, digest_deliveries, reminder_deliveries

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]

# Between attempts at recording, in seconds: a minute in all, well within a lease.
PAUSES = (0.1, 0.2, 0.5, 1, 2, 4, 8, 15, 30)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A reminder or a digest that is ours for the length of its lease."""

    kind: type[Reminder] | type[Digest]
    pk: int
    claim: uuid.UUID


class Came(StrEnum):
    """What came of a claim: sent by every channel, failed, or nothing to send any more."""

    SENT = "sent"
    FAILED = "failed"
    NOTHING = "nothing"


def send_claimed(claimed: Claimed, *, clock: Clock) -> Came:
    """
    Send what was claimed, and record what came of it.

    A claim that no longer holds sends nothing: somebody else has it, or its question was answered.
    """
    try:
        nudge = begin_sending(
            kind=claimed.kind, pk=claimed.pk, claim=claimed.claim, now=clock(), worker=worker_name()
        )
    except ClaimedByAnotherError as error:
        log.info("%s %s: %s", claimed.kind.__name__.lower(), claimed.pk, error)
        return Came.NOTHING
    try:
        came, problems = _send(nudge, clock)
    except Exception as error:
        # A fault of ours: postponed and shown in the admin like the rest, and then reported.
        record_failure(nudge=nudge, error=repr(error), now=clock())
        raise
    if problems:
        log.warning("%s %s was not sent: %s", claimed.kind.__name__.lower(), claimed.pk, problems)
        record_failure(nudge=nudge, error=problems, now=clock())
        return Came.FAILED
    log.info("%s %s: %s", claimed.kind.__name__.lower(), claimed.pk, came)
    return came


def _send(nudge: Reminder | Digest, clock: Clock) -> tuple[Came, str]:
    """Send by each channel, and mark it as sent when all accepted. Returns what came, and what went wrong."""
    if isinstance(nudge, Reminder):
        problems = _hand_over(nudge, reminder_deliveries(reminder=nudge, now=clock()), clock)
        if not problems:
            _insist(lambda: record_sent(reminder=nudge, now=clock()))
        return Came.SENT, problems
    reminders = list(in_digest(digest=nudge))
    problems = ""
    if reminders:
        deliveries = digest_deliveries(digest=nudge, reminders=reminders, now=clock())
        problems = _hand_over(nudge, deliveries, clock)
    if not problems:
        _insist(lambda: record_digest_sent(digest=nudge, reminders=reminders, now=clock()))
    return Came.SENT if reminders else Came.NOTHING, problems


def _hand_over(nudge: Reminder | Digest, deliveries: Sequence[Delivery], clock: Clock) -> str:
    """
    Hand each message over that was not accepted before, and keep it at once.

    One channel's failure keeps no other from being tried. Returns the failures, as words.
    """
    kept, problems = kept_channels(nudge=nudge), []
    for delivery in deliveries:
        try:
            message = delivery.compose()
            if (message.channel, message.address) in kept:
                continue
            delivery.hand_over(message)
        except REFUSALS as error:
            problems.append(str(error) or type(error).__name__)
        else:
            _keep(nudge, message, clock)
    return "; ".join(problems) if deliveries else f"{nudge.recipient} has left every channel."


def _keep(nudge: Reminder | Digest, message: Sent, clock: Clock) -> None:
    _insist(lambda: keep_message(nudge=nudge, message=message, now=clock()))


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
