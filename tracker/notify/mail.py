"""A reminder as a mail: its words, in its person's language and zone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from forecasts.models import Desk, Reminder
from forecasts.queries.routing import MAIL, language_of, wishes_of, zone_of
from forecasts.queries.said import said_now
from tracker.notify.letters import CHART, Letter, headers_for
from tracker.notify.mail_chart import chart_of
from tracker.notify.signed_links import action_link
from tracker.notify.words import deadline_words, lateness, name_of


class NoAddressError(Exception):
    """The recipient has no mail address."""


def compose(*, reminder: Reminder, now: datetime) -> Letter:
    """
    Write the reminder's mail in its person's language and zone, else those of the desk.

    The same reminder always has the same Message-ID, so that a mailer that repeats it can be told.
    What was said on the question is in it only where its desk does not answer blind. Raises
    NoAddressError.
    """
    question, recipient = reminder.question, addressed(reminder.recipient)
    language, zone = voice(recipient, question.desk)
    with translation.override(language):
        chart = chart_of(said_now(question=question))
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
    question = reminder.question
    return {
        "reminder": reminder,
        "question": question,
        "desk": question.desk.name if question.desk else "",
        "deadline": deadline_words(question.deadline),
        "late": lateness(question, now=now, zone=zone),
        "overdue": now >= question.deadline_at,
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


def voice(user: User | None, desk: Desk | None) -> tuple[str, str]:
    """Return the language and the zone that the person is written to in."""
    wants = wishes_of(user) if user else None
    return language_of(wants, desk), zone_of(wants, desk)


def one_line(subject: str) -> str:
    """Return the subject on one line, so that nobody's words can add a header."""
    return " ".join(subject.split())[:300]
