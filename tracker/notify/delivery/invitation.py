"""An invitation as a mail, in its desk's language, with the link that lets somebody in."""

from __future__ import annotations

import logging

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation

from forecasts.delivery.reads.routing import language_of, zone_of
from forecasts.delivery.writes.invitations import (
    record_invitation_failed,
    record_invitation_sent,
    take_invitation,
)
from forecasts.models import Invitation
from tracker.notify.delivery.send import Clock
from tracker.notify.kit.signed_links import invitation_link
from tracker.notify.mail.post import Post
from tracker.notify.mail.reminder import one_line
from tracker.wording.names import name_of

log = logging.getLogger(__name__)


def send_invitation_mail(*, invitation_id: int, clock: Clock) -> bool:
    """
    Send an invitation's mail, if it is due and nobody else is at it, and return whether a server took it.

    It is no message of the outbox: who reads that would find the link in it. Nor does the log have it.
    """
    invitation = take_invitation(invitation_id=invitation_id, now=clock())
    if invitation is None:
        return False
    try:
        with Post() as post:
            post.send(compose_invitation(invitation=invitation))
    except OSError as error:
        log.warning("invitation %s was not sent: %s", invitation.pk, error)
        words = str(error) or type(error).__name__
        record_invitation_failed(invitation=invitation, error=words, now=clock())
        return False
    record_invitation_sent(invitation=invitation, now=clock())
    return True


def compose_invitation(*, invitation: Invitation) -> EmailMultiAlternatives:
    """Write the mail. The same link always has the same Message-ID."""
    desk = invitation.desk
    with translation.override(language_of(None, desk)), timezone.override(zone_of(None, desk)):
        context = {
            "invitation": invitation,
            "desk": desk,
            "inviter": name_of(invitation.invited_by) if invitation.invited_by else "",
            "role": invitation.get_role_display(),
            "link": invitation_link(invitation=invitation),
            "site": settings.SITE_URL,
        }
        mail = EmailMultiAlternatives(
            subject=one_line(render_to_string("notify/invitation_subject.txt", context)),
            body=render_to_string("notify/invitation.txt", context).strip() + "\n",
            to=[invitation.email],
            headers={
                "Message-ID": f"<invitation-{invitation.pk}-{invitation.links}@{settings.SITE_HOST}>",
                "Auto-Submitted": "auto-generated",
            },
        )
        mail.attach_alternative(render_to_string("notify/invitation.html", context), "text/html")
    return mail
