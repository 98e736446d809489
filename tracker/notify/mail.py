"""A reminder as a mail: its words, and handing it to the mail server."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from forecasts.models import Desk, Question, Reminder
from forecasts.queries.routing import language_of, wishes_of, zone_of
from forecasts.services.sending import Sent

MAIL = "mail"


class NoAddressError(Exception):
    """The recipient has no mail address."""


def compose(*, reminder: Reminder, now: datetime) -> Sent:
    """
    Write the reminder's mail in its person's language and zone, else those of the desk.

    The same reminder always has the same Message-ID, so that a mailer that repeats it can be told.
    Raises NoAddressError.
    """
    question, recipient = reminder.question, reminder.recipient
    address = address_of(recipient)
    language, zone = voice(recipient, question.desk)
    with translation.override(language):
        context = {
            **facts_of(question, now=now, zone=zone),
            "reminder": reminder,
            "recipient": name_of(recipient),
            "zone": zone,
        }
        return Sent(
            channel=MAIL,
            address=address,
            subject=one_line(render_to_string("notify/reminder_subject.txt", context)),
            body=render_to_string("notify/reminder.txt", context).strip() + "\n",
            html=render_to_string("notify/reminder.html", context),
            message_id=f"<reminder-{reminder.pk}@{settings.SITE_HOST}>",
        )


def facts_of(question: Question, *, now: datetime, zone: str) -> dict[str, Any]:
    """Return what a message says of a question: its words, desk, deadline, days late, and where to answer."""
    return {
        "question": question,
        "desk": question.desk.name if question.desk else "",
        "deadline": question.deadline_at.astimezone(ZoneInfo(zone)),
        "overdue": now >= question.deadline_at,
        "days_late": max((now - question.deadline_at).days, 0),
        "link": settings.SITE_URL + reverse("admin:forecasts_question_change", args=[question.pk]),
    }


def address_of(user: User | None) -> str:
    """Return the person's mail address. Raises NoAddressError."""
    if user is None or not user.email:
        raise NoAddressError(f"{user} has no mail address. Add one under Users.")
    return user.email


def name_of(user: User | None) -> str:
    return (user.get_full_name() or user.get_username()) if user else ""


def voice(user: User | None, desk: Desk | None) -> tuple[str, str]:
    """Return the language and the zone that the person is written to in."""
    wants = wishes_of(user) if user else None
    return language_of(wants, desk), zone_of(wants, desk)


def one_line(subject: str) -> str:
    """Return the subject on one line, so that nobody's words can add a header."""
    return " ".join(subject.split())[:300]


def deliver(message: Sent) -> None:
    """
    Hand the message to the mail server.

    Raises what the mail backend raises: OSError (SMTPException is one), within EMAIL_TIMEOUT.
    """
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.body,
        to=[message.address],
        headers={"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(message.html, "text/html")
    mail.send()
