"""
Write reminders: arm them, end them, put them off.

A question that waits has one armed reminder, and one more to the lead once it has waited for long. The
next one counts from *now*, never from a missed time. What is due is taken by `delivery.writes.claims` and
marked by `delivery.writes.sending`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from forecasts.models import MissedChat, Question, Reminder, Snooze
from forecasts.models.delivery.reminder import DISPUTED, ESCALATED, SNOOZED
from forecasts.models.desk import DEFAULT_STAGES
from forecasts.people.reads.rights import refuse_unless_may
from forecasts.people.reads.roles import Verb
from forecasts.record.refusal import RefusedError
from forecasts.reminders.reads import settled_among, unarmed_disputes, unarmed_questions
from forecasts.schedule import NextReminder, next_reminder, stage_reached

REPEAT_DAYS = 30
CHECK_AGAIN = "check-again"
LONGEST_SNOOZE = timedelta(days=366)


class SnoozeRefusedError(RefusedError):
    field = "until"


@transaction.atomic
def arm_reminder(
    *, question: Question, now: datetime, after: datetime | None = None, at: datetime | None = None
) -> Reminder:
    """
    Arm the question's next reminder, counted from `now`, and return it; where one is armed, that one.

    `after` is when the last one went out. `at` overrides the ladder and what is armed ("check again
    on"); the stages after it are counted from there.
    """
    if at is not None:
        Reminder.objects.armed().filter(question=question, escalated=False).update(
            ended_at=now, ended_because="to be checked again later"
        )
        following, counts_from = NextReminder(CHECK_AGAIN, at), at
    else:
        # What is armed long after its deadline, as an old question that gets an editor, begins anew.
        counts_from = max(question.deadline_at, now) if after is None else question.deadline_at
        following = _following(question=question, counts_from=counts_from, now=now, after=after)
    reminder, _new = Reminder.objects.get_or_create(
        question=question,
        escalated=False,
        sent_at=None,
        ended_at=None,
        dead_at=None,
        defaults={
            "stage": following.stage,
            "due_at": following.due_at,
            "counts_from": counts_from,
            "created_at": now,
        },
    )
    return reminder


@transaction.atomic
def arm_review(*, question: Question, about: str, now: datetime) -> Reminder:
    """
    Ask at once for what the question waits for now, of `models.reminder.ABOUT`, and return the reminder.

    A dispute goes to a lead. A second verdict, and a decision between two, take the place of what is
    armed. What follows is counted from now, until it is done.
    """
    to_lead = about == DISPUTED
    if not to_lead:
        Reminder.objects.armed().filter(question=question, escalated=False).update(
            ended_at=now, ended_because="another verdict is asked for"
        )
    reminder, _new = Reminder.objects.get_or_create(
        question=question,
        escalated=to_lead,
        sent_at=None,
        ended_at=None,
        dead_at=None,
        defaults={"stage": about, "due_at": now, "counts_from": now, "created_at": now},
    )
    return reminder


def arm_following(*, reminders: Sequence[Reminder], now: datetime) -> None:
    """
    Arm what comes after these, counted from `now`, where what they ask for still waits.

    The lead is told when the next one would come later than the desk lets a question wait. The caller
    holds the questions, which come with their desk.
    """
    settled = settled_among(reminders)
    armed: list[Reminder] = []
    for last in reminders:
        if last.pk in settled or (last.escalated and not last.about):
            continue
        question, counts_from = last.question, last.counts_from
        following = _following(question=question, counts_from=counts_from, now=now, after=now)
        armed.append(
            Reminder(
                question=question,
                stage=_named(following.stage, about=last.about),
                escalated=last.escalated,
                due_at=following.due_at,
                counts_from=counts_from,
                created_at=now,
            )
        )
        if not last.escalated:
            armed += _escalation(question=question, counts_from=counts_from, before=following.due_at, now=now)
    Reminder.objects.bulk_create(armed, ignore_conflicts=True)


def _named(stage: str, *, about: str) -> str:
    """
    Return the stage's name, which says what it is about where that is no answer that is due.

    >>> _named("overdue-3", about="disputed")
    'disputed-3'
    """
    return f"{about}-{stage.rpartition('-')[2]}" if about else stage


def stage_by(reminder: Reminder, *, now: datetime) -> str:
    """Return the stage that the reminder has reached by now. It comes with its question's desk."""
    desk = reminder.question.desk
    return stage_reached(
        armed=reminder.stage,
        deadline_at=reminder.counts_from,
        days=desk.stages if desk else DEFAULT_STAGES,
        every=desk.repeat_days if desk else REPEAT_DAYS,
        now=now,
    )


def end_reminders(*, question: Question, because: str, now: datetime) -> int:
    """
    End every armed reminder of the question, dead letters too, and return how many there were.

    Its chats that missed one are told no more either.
    """
    missed = MissedChat.objects.pending().filter(reminder__question=question)
    missed.update(ended_at=now, ended_because=because)
    return Reminder.objects.pending().filter(question=question).update(ended_at=now, ended_because=because)


@transaction.atomic
def snooze_reminder(
    *, reminder: Reminder, until: datetime, by: User | None, now: datetime, reason: str = ""
) -> Reminder:
    """
    Put the question's reminders off until then, and return the one that is armed instead.

    Puts off reminders to the lead when `reminder` is one, else those to the editor; it may have been
    sent already, as when somebody answers a mail. The lead is told all the same when it is time.
    Raises SnoozeRefusedError, NotAllowedError.
    """
    refuse_unless_may(by=by, verb=Verb.SNOOZE_REMINDER, of=reminder)
    if not now < until <= now + LONGEST_SNOOZE:
        raise SnoozeRefusedError(_("A reminder is snoozed until a later day, for a year at most."))
    question = (
        Question.objects.select_for_update(of=("self",)).select_related("desk").get(pk=reminder.question_id)
    )
    if settled_among([reminder]):
        raise SnoozeRefusedError(
            _("The question has been answered: there is nothing to snooze."), conflict=True
        )
    pending = Reminder.objects.pending().filter(question=question, escalated=reminder.escalated)
    pending.update(ended_at=now, ended_because="put off")
    armed = Reminder.objects.create(
        question=question,
        stage=_named(SNOOZED, about=reminder.about),
        escalated=reminder.escalated,
        due_at=until,
        counts_from=reminder.counts_from,
        created_at=now,
    )
    Snooze.objects.create(
        reminder=reminder,
        question=question,
        until=until,
        reason=reason.strip(),
        recorded_at=now,
        recorded_by=by,
    )
    if not reminder.escalated:
        to_lead = _escalation(question=question, counts_from=reminder.counts_from, before=until, now=now)
        Reminder.objects.bulk_create(to_lead, ignore_conflicts=True)
    return armed


@transaction.atomic
def arm_unarmed(*, now: datetime, limit: int = 1000) -> int:
    """
    Arm every open question that lacks a reminder, and return how many did. Run until it returns 0.

    A question that came in a file waits until it is given to somebody: an import is no flood. What is
    left in a digest that has gone or ended is freed as well.
    """
    stranded = Reminder.objects.armed().filter(
        Q(digest__sent_at__isnull=False) | Q(digest__ended_at__isnull=False)
    )
    freed = stranded.update(digest=None)
    unarmed = unarmed_questions().select_related("desk")
    questions = list(unarmed.select_for_update(of=("self",), skip_locked=True)[:limit])
    for question in questions:
        arm_reminder(question=question, now=now)
    disputed = list(unarmed_disputes().select_for_update(of=("self",), skip_locked=True)[:limit])
    for question in disputed:
        arm_review(question=question, about=DISPUTED, now=now)
    return freed + len(questions) + len(disputed)


def _following(
    *, question: Question, counts_from: datetime, now: datetime, after: datetime | None
) -> NextReminder:
    desk = question.desk
    return next_reminder(
        deadline_at=counts_from,
        days=desk.stages if desk else DEFAULT_STAGES,
        every=desk.repeat_days if desk else REPEAT_DAYS,
        now=now,
        after=after,
    )


def _escalation(
    *, question: Question, counts_from: datetime, before: datetime, now: datetime
) -> list[Reminder]:
    """Return the reminder to the lead, where the question will have waited for long `before` then."""
    days = question.desk.escalate_after_days if question.desk else None
    if days is None or (at := counts_from + timedelta(days=days)) > before:
        return []
    return [
        Reminder(
            question=question,
            stage=f"{ESCALATED}{days}",
            escalated=True,
            due_at=max(at, now),
            counts_from=counts_from,
            created_at=now,
        )
    ]
