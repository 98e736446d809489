"""A digest as a mail: everything that waits for one person, the latest first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from forecasts.delivery.reads.routing import language_of, zone_of
from forecasts.models import Digest, Preferences, Reminder
from tracker.notify.mail.letters import Letter, headers_for
from tracker.notify.mail.reminder import MAIL, addressed, facts_of, my_reminders_link, one_line
from tracker.wording.names import name_of


def compose_digest(
    *, digest: Digest, reminders: Sequence[Reminder], wants: Preferences, now: datetime
) -> Letter:
    """
    Write the digest's mail: one entry for each of the reminders, in their order.

    The same digest always has the same Message-ID. Raises NoAddressError.
    """
    desk = next((each.question.desk for each in reminders), None)
    recipient = addressed(digest.recipient)
    language, zone = language_of(wants, desk), zone_of(wants, desk)
    with translation.override(language):
        entries = [facts_of(each, now=now, zone=zone) for each in reminders]
        context = {
            "recipient": name_of(recipient),
            "entries": entries,
            "count": len(reminders),
            "overdue": sum(each["overdue"] for each in entries),
            "wishes": my_reminders_link(),
        }
        return Letter(
            channel=MAIL,
            address=recipient.email,
            subject=one_line(render_to_string("notify/digest_subject.txt", context)),
            body=render_to_string("notify/digest.txt", context).strip() + "\n",
            html=render_to_string("notify/digest.html", context),
            message_id=f"<digest-{digest.pk}@{settings.SITE_HOST}>",
            headers=headers_for(user=recipient, desk=None),
        )
