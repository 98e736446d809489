"""Which questions wait for an answer, and what lies dead."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from forecasts.models import (
    Answer,
    Desk,
    Digest,
    Membership,
    MissedChat,
    Question,
    Reminder,
    Resolution,
    Role,
)
from forecasts.models.reminder import SNOOZED
from forecasts.queries.routing import MAIL

SETTLED = (Answer.OUTCOME, Answer.VOID)


def answered_among(questions: Iterable[int]) -> set[int]:
    """Return which of these questions, by key, have an outcome or a void in force."""
    answers = Resolution.objects.in_force().filter(answer__in=SETTLED, question__in=set(questions))
    return set(answers.values_list("question_id", flat=True))


def unarmed_questions() -> QuerySet[Question]:
    """
    Return the questions that wait for an answer, ought to be asked about, and have nothing armed.

    A question that came in a file is asked about once it has been given to somebody.
    """
    armed = Reminder.objects.armed().filter(question=OuterRef("pk"), escalated=False)
    answers = Resolution.objects.in_force().filter(question=OuterRef("pk"), answer__in=SETTLED)
    asked = Q(block=None) | Q(assignee__isnull=False)
    return Question.objects.filter(asked, ~Exists(armed), ~Exists(answers)).order_by("pk")


def reminder_to_put_off(*, question: Question) -> Reminder | None:
    """Return the question's reminder to its editor that is next, else the last one; None without any."""
    return (
        Reminder.objects.filter(question=question, escalated=False)
        .order_by(F("sent_at").desc(nulls_first=True), F("ended_at").desc(nulls_first=True), "-pk")
        .first()
    )


def put_off_until(*, questions: Iterable[int]) -> dict[int, datetime]:
    """Return until when these questions' reminders are put off, of those that are. One query at most."""
    keys = set(questions)
    if not keys:
        return {}
    armed = Reminder.objects.armed().filter(question__in=keys, escalated=False, stage=SNOOZED)
    return dict(armed.values_list("question_id", "due_at"))


def people_without_mail(*, desks: QuerySet[Desk] | None = None) -> QuerySet[User]:
    """Return the active people who may answer on these desks, or on any, and whom no mail reaches."""
    held = Membership.objects.filter(user=OuterRef("pk")).exclude(role=Role.VIEWER)
    held = held if desks is None else held.filter(desk__in=desks)
    left = Q(email="") | Q(preferences__unsubscribed__contains=[MAIL])
    return User.objects.filter(left, Exists(held), is_active=True).order_by("username")


def in_digest(*, digest: Digest) -> QuerySet[Reminder]:
    """Return what a digest has to say now: its questions without an answer, the latest first."""
    answers = Resolution.objects.in_force().filter(question=OuterRef("question"), answer__in=SETTLED)
    return (
        Reminder.objects.armed()
        .filter(~Exists(answers), digest=digest)
        .select_related("question__desk", "question__assignee", "recipient")
        .order_by("question__deadline_at", "pk")
    )


def dead_letters() -> int:
    """Return how much was given up, missed chats too, and waits for somebody to send it again."""
    return sum(kind.objects.dead().count() for kind in (Reminder, Digest, MissedChat))
