"""A real SMTP server for the tests: it keeps what arrives, and can be made to hang."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import default as modern
from threading import Event
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from forecasts.models import Reminder


@dataclass
class Sink:
    """What arrived, and a tap: while `hanging` is set, a message is taken in and never accepted."""

    accepted: list[Message] = field(default_factory=list)
    offered: int = 0
    dropped: int = 0
    callers: set[Any] = field(default_factory=set)
    """The other ends of the connections over which messages were offered."""
    hanging: Event = field(default_factory=Event)
    after: Callable[[], None] | None = None
    """Called when a message was taken in for good, before its sender hears of it."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.offered += 1
        self.callers.add(session.peer)
        try:
            while self.hanging.is_set():
                await asyncio.sleep(0.05)
        except asyncio.CancelledError:
            self.dropped += 1
            raise
        self.accepted.append(message_from_bytes(envelope.original_content or b"", policy=modern))
        if self.after:
            self.after()
        return "250 accepted"


def serve(sink: Sink, port: int) -> Controller:
    """Start the server on that port; call `.stop()` when done."""
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    return controller


def accepted_by(sink: Sink) -> list[int]:
    """Return the reminder that each accepted message is about, as the record has it; one of none is 0."""
    told = Reminder.objects.filter(messages__isnull=False).values_list("messages__message_id", "pk")
    reminders = dict(told)
    return [reminders.get(str(message["Message-ID"]), 0) for message in sink.accepted]
