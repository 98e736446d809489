"""Mark the mail of an invitation: taken up, accepted by a mail server, failed, given up."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db.models import QuerySet

from forecasts.delivery.writes.sending import LEASE, MOST_ATTEMPTS, RETRIES
from forecasts.models import Invitation
from forecasts.people.reads.people import unsent_invitations


def take_invitation(*, invitation_id: int, now: datetime) -> Invitation | None:
    """
    Take an invitation whose mail is due, for the length of a lease; None where it is not ours to send.

    It is taken by one UPDATE, so that of two who try one gets it. The row comes with its desk.
    """
    claim = uuid.uuid4()
    free = unsent_invitations(now=now).order_by().filter(pk=invitation_id)
    if not free.update(claim=claim, claimed_at=now, lease_until=now + LEASE):
        return None
    held = Invitation.objects.select_related("desk", "invited_by").get(pk=invitation_id)
    if held.claim != claim:
        return None
    held.attempts += 1
    held.save(update_fields=["attempts"])
    return held


def record_invitation_sent(*, invitation: Invitation, now: datetime) -> None:
    """Mark that a mail server took the link, unless a newer one was made meanwhile."""
    _ours(invitation).update(sent_at=now, error="", claim=None, claimed_at=None, lease_until=None)


def record_invitation_failed(*, invitation: Invitation, error: str, now: datetime) -> None:
    """Record why the mail failed, and let it be tried after a growing pause; after the last, give it up."""
    last = invitation.attempts >= MOST_ATTEMPTS
    again = now if last else now + RETRIES[invitation.attempts - 1]
    _ours(invitation).update(error=error[:2000], lease_until=again, dead_at=now if last else None)


def _ours(invitation: Invitation) -> QuerySet[Invitation]:
    return Invitation.objects.armed().filter(pk=invitation.pk, claim=invitation.claim)
