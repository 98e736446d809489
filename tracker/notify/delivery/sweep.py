"""Find what is due, claim it, and send it."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from forecasts.delivery.writes.claims import claim_reminders
from forecasts.delivery.writes.digests import claim_digests
from forecasts.delivery.writes.missed import claim_missed_chats
from forecasts.delivery.writes.sending import Nudge
from forecasts.models import Digest, MissedChat, Reminder
from forecasts.reminders.reads import dead_letters
from forecasts.reminders.writes import arm_unarmed
from tracker.notify.delivery.send import Claimed, Clock, send_claimed

log = logging.getLogger(__name__)

# As many as one worker sends in one go. Fewer ask the database for more, more keep others waiting.
BATCH = 20


@dataclass(slots=True)
class Swept:
    """
    What one sweep found and did.

    `due` were found and free: reminders, digests, and chats that missed one. Of those, `claimed` were
    taken to be sent, and `sent` were; `escalated` of the claimed went to a lead, and `digests` of the
    sent were digests.
    `deferred` wait for an allowed hour, `digested` and `capped` for a digest: by their person's wish,
    or because the day's messages were all taken. `ended` turned out not to be due: answered in the
    meantime, or meant for a lead whom the desk does not have.
    `failed` are left for a later sweep, with the reason: what did not reach its person, or a chat.
    `unarmed` questions had no reminder, and got one. `dead` counts all dead letters, older ones too:
    they wait for somebody to send them again.
    """

    due: int = 0
    claimed: int = 0
    sent: int = 0
    failed: int = 0
    escalated: int = 0
    capped: int = 0
    digests: int = 0
    digested: int = 0
    deferred: int = 0
    ended: int = 0
    unarmed: int = 0
    dead: int = 0


def claim_due(*, now: datetime, swept: Swept) -> Iterator[Claimed]:
    """
    Claim what is due, and count it; yield it in batches to send. What another worker took is passed over.

    Digests come first, so that a person's day has room for theirs. A claim is committed before what it
    took is yielded; what is armed in the meantime and due at once is found as well.
    """
    while (digests := claim_digests(now=now)).due:
        swept.due += digests.due
        swept.deferred += digests.deferred
        swept.claimed += len(digests.claimed)
        yield from _batches(Digest, digests.claimed, digests.claim)
    while (found := claim_reminders(now=now)).due:
        swept.due += found.due - found.ended
        swept.claimed += len(found.claimed)
        for name in ("escalated", "capped", "digested", "deferred", "ended", "failed"):
            setattr(swept, name, getattr(swept, name) + getattr(found, name))
        yield from _batches(Reminder, found.claimed, found.claim)
    while (chats := claim_missed_chats(now=now)).due:
        swept.due += chats.due - chats.ended
        swept.claimed += len(chats.claimed)
        swept.ended += chats.ended
        yield from _batches(MissedChat, chats.claimed, chats.claim)


def _batches(kind: type[Nudge], keys: Sequence[int], claim: UUID) -> Iterator[Claimed]:
    return (Claimed(kind, keys[at : at + BATCH], claim) for at in range(0, len(keys), BATCH))


def repair(*, now: datetime) -> int:
    """Arm what waits with nothing armed, and return how much that was. It should be nothing."""
    repaired = 0
    while armed := arm_unarmed(now=now):
        repaired += armed
        log.warning("%s questions had no reminder, and got one", armed)
    return repaired


def sweep_in_foreground(*, clock: Clock) -> Swept:
    """Run one whole sweep here: repair, claim what is due and send it."""
    swept = Swept(unarmed=repair(now=clock()))
    for claimed in claim_due(now=clock(), swept=swept):
        left = claimed.keys
        while left:
            came = send_claimed(replace(claimed, keys=left), clock=clock)
            swept.failed += came.failed
            swept.sent += came.sent
            swept.digests += came.sent if claimed.kind is Digest else 0
            left = came.left
    swept.dead = dead_letters()
    return swept


def look_ahead(*, now: datetime) -> Swept:
    """Return what a sweep would find and claim, and change nothing: the work is done and undone."""
    with transaction.atomic():
        swept = Swept(unarmed=repair(now=now))
        for _claimed in claim_due(now=now, swept=swept):
            pass
        swept.dead = dead_letters()
        transaction.set_rollback(True)
    return swept
