"""A reminder as a mail: its words, in its person's language and zone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from forecasts.delivery.reads.routing import language_of, zone_of
from forecasts.models import Forecast, Preferences, Reminder
from forecasts.models.delivery.reminder import DISPUTED
from forecasts.models.people.preferences import MAIL
from tracker.notify.kit.signed_links import action_link
from tracker.notify.mail.chart import chart_of
from tracker.notify.mail.letters import CHART, Letter, headers_for
from tracker.wording.deadlines import lateness, plain_deadline
from tracker.wording.names import name_of


class NoAddressError(Exception):
    """The recipient has no mail address."""


def compose(*, reminder: Reminder, wants: Preferences, said: Sequence[Forecast], now: datetime) -> Letter:
    """
    Write the reminder's mail in its person's language and zone, else those of the desk.

    The same reminder always has the same Message-ID, so that a mailer that repeats it can be told.
    `wants` is what its person wants, and `said` what is said on the question: nothing where its desk
    answers blind. No query. Raises NoAddressError.
    """
    question, recipient = reminder.question, addressed(reminder.recipient)
    language, zone = language_of(wants, question.desk), zone_of(wants, question.desk)
    with translation.override(language):
        chart = chart_of(said)
        context = {
            **facts_of(reminder, now=now, zone=zone),
            "recipient": name_of(recipient),
            "zone": zone,
            "chart": chart,
            "chart_id": CHART,
            "wishes": my_reminders_link(),
        }
        return Letter(
            channel=MAIL,
            address=recipient.email,
            subject=one_line(render_to_string("notify/reminder_subject.txt", context)),
            body=render_to_string("notify/reminder.txt", context).strip() + "\n",
            html=render_to_string("notify/reminder.html", context),
            message_id=f"<reminder-{reminder.pk}@{settings.SITE_HOST}>",
            headers=headers_for(user=recipient, desk=question.desk),
            chart=chart,
        )


def facts_of(reminder: Reminder, *, now: datetime, zone: str) -> dict[str, Any]:
    """Return what a message says of a question: its words, desk, deadline, how late, and where to act."""
    question, disputed = reminder.question, reminder.about == DISPUTED
    return {
        "reminder": reminder,
        "question": question,
        "desk": question.desk.name if question.desk else "",
        "deadline": plain_deadline(question.deadline),
        "late": _("answered, and disputed") if disputed else lateness(question, now=now),
        "overdue": now >= question.deadline_at and not disputed,
        "link": settings.SITE_URL + reverse("admin:forecasts_question_change", args=[question.pk]),
        "act": action_link(reminder_id=reminder.pk),
    }


def my_reminders_link() -> str:
    return settings.SITE_URL + reverse("admin:forecasts_reminder_mine")


def addressed(user: User | None) -> User:
    """Return the person, who has a mail address. Raises NoAddressError."""
    if user is None or not user.email:
        raise NoAddressError(f"{user} has no mail address. Add one under Users.")
    return user


def one_line(subject: str) -> str:
    """Return the subject on one line, so that nobody's words can add a header."""
    return " ".join(subject.split())[:300]
