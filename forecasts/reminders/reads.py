"""Which questions wait for an answer, and what lies dead."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from forecasts.models import (
    Desk,
    Digest,
    Dispute,
    Membership,
    MissedChat,
    Question,
    Reminder,
    Resolution,
    Role,
)
from forecasts.models.delivery.reminder import DISPUTED, SNOOZED
from forecasts.models.people.preferences import MAIL


def answered_among(questions: Iterable[int]) -> set[int]:
    """Return which of these questions, by key, have an outcome or a void in force."""
    answers = Resolution.objects.answering().filter(question__in=set(questions))
    return set(answers.values_list("question_id", flat=True))


def settled_among(reminders: Iterable[Reminder]) -> set[int]:
    """
    Return which of these, by key, have nothing left to ask for.

    Those about a dispute ask until it is decided, the others until there is an answer. Two queries at most.
    """
    rows = list(reminders)
    answered = answered_among(row.question_id for row in rows)
    disputes = [row.question_id for row in rows if row.about == DISPUTED]
    waiting = Dispute.objects.open().filter(question__in=disputes)
    disputed = set(waiting.values_list("question_id", flat=True)) if disputes else set()
    return {
        row.pk
        for row in rows
        if (row.question_id not in disputed if row.about == DISPUTED else row.question_id in answered)
    }


def unarmed_disputes() -> QuerySet[Question]:
    """Return the questions whose answer is disputed, and no lead is reminded of it."""
    armed = Reminder.objects.armed().filter(question=OuterRef("pk"), stage__startswith=DISPUTED)
    waiting = Dispute.objects.open().filter(question=OuterRef("pk"))
    return Question.objects.filter(Exists(waiting), ~Exists(armed)).order_by("pk")


def unarmed_questions() -> QuerySet[Question]:
    """
    Return the questions that wait for an answer, ought to be asked about, and have nothing armed.

    A question that came in a file is asked about once it has been given to somebody.
    """
    armed = Reminder.objects.armed().filter(question=OuterRef("pk"), escalated=False)
    asked = Q(block=None) | Q(assignee__isnull=False)
    return Question.objects.unanswered().filter(asked, ~Exists(armed)).order_by("pk")


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
    armed = Reminder.objects.armed().filter(question__in=keys, escalated=False, stage__endswith=SNOOZED)
    return dict(armed.values_list("question_id", "due_at"))


def people_without_mail(*, desks: QuerySet[Desk] | None = None) -> QuerySet[User]:
    """Return the active people who may answer on these desks, or on any, and whom no mail reaches."""
    held = Membership.objects.filter(user=OuterRef("pk")).exclude(role=Role.VIEWER)
    held = held if desks is None else held.filter(desk__in=desks)
    left = Q(email="") | Q(preferences__unsubscribed__contains=[MAIL])
    return User.objects.filter(left, Exists(held), is_active=True).order_by("username")


def in_digest(*, digest: Digest) -> QuerySet[Reminder]:
    """Return what a digest has to say now: questions without an answer, and disputes; the latest first."""
    waiting = Dispute.objects.open().filter(question=OuterRef("question"))
    answers = Resolution.objects.answering().filter(question=OuterRef("question"))
    return (
        Reminder.objects.armed()
        .filter(
            (~Q(stage__startswith=DISPUTED) & ~Exists(answers))
            | (Q(stage__startswith=DISPUTED) & Exists(waiting)),
            digest=digest,
        )
        .select_related("question__desk", "question__assignee", "recipient")
        .order_by("question__deadline_at", "pk")
    )


def dead_letters() -> int:
    """Return how much was given up, missed chats too, and waits for somebody to send it again."""
    return sum(kind.objects.dead().count() for kind in (Reminder, Digest, MissedChat))
