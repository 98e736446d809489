"""A digest as a mail: everything that waits for one person, the latest first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from forecasts.models import Digest, Reminder
from forecasts.services.sending import Sent
from tracker.notify.mail import MAIL, address_of, facts_of, name_of, one_line, voice


def compose_digest(*, digest: Digest, reminders: Sequence[Reminder], now: datetime) -> Sent:
    """
    Write the digest's mail: one entry for each of the reminders, in their order.

    The same digest always has the same Message-ID. Raises NoAddressError.
    """
    desks = [reminder.question.desk for reminder in reminders]
    language, zone = voice(digest.recipient, next(iter(desks), None))
    address = address_of(digest.recipient)
    with translation.override(language):
        context = {
            "digest": digest,
            "recipient": name_of(digest.recipient),
            "entries": [
                {**facts_of(reminder.question, now=now, zone=zone), "reminder": reminder}
                for reminder in reminders
            ],
            "count": len(reminders),
            "zone": zone,
        }
        return Sent(
            channel=MAIL,
            address=address,
            subject=one_line(render_to_string("notify/digest_subject.txt", context)),
            body=render_to_string("notify/digest.txt", context).strip() + "\n",
            html=render_to_string("notify/digest.html", context),
            message_id=f"<digest-{digest.pk}@{settings.SITE_HOST}>",
        )
