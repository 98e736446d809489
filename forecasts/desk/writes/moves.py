"""Move a question to another desk: its people, its rules and its reminders."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from forecasts.models import Desk, DeskMove, Question, Reminder
from forecasts.models.delivery.reminder import ABOUT, SNOOZED
from forecasts.people.reads.roles import Verb, desks_where, may, people_who_may
from forecasts.record.refusal import RefusedError
from forecasts.record.writes.ledger import append_fact
from forecasts.reminders.reads import answered_among
from forecasts.reminders.writes import CHECK_AGAIN, arm_reminder
from forecasts.verdicts.reads.waiting import pending_on


class DeskMoveRefusedError(RefusedError):
    field = "desk"


@transaction.atomic
def move_question(*, question: Question, desk: Desk, reason: str, by: User | None, now: datetime) -> DeskMove:
    """
    Give the question to another desk, whose people answer it by its rules from now on.

    Whoever moves it may do so on both. An assignee who can't answer there is relieved of it. A reminder that
    was put off, or asks for more than an answer, keeps its day; the others are armed anew by the new desk's
    stages. Raises DeskMoveRefusedError; RefusedError without a reason.
    """
    current = Question.objects.select_for_update(of=("self",)).select_related("desk").get(pk=question.pk)
    _check(current, desk=desk, reason=reason, by=by)
    move = DeskMove.objects.create(
        question=current,
        moved_from=current.desk,
        moved_to=desk,
        reason=reason.strip(),
        recorded_at=now,
        recorded_by=by,
    )
    current.desk = desk
    if current.assignee not in people_who_may(verb=Verb.GIVE_VERDICT, desk=desk):
        current.assignee = None
    current.save(update_fields=["desk", "assignee"])
    append_fact(fact=move, now=now)
    _reroute(current, now=now)
    question.refresh_from_db()
    return move


def desks_to_move_to(*, question: Question, user: User) -> QuerySet[Desk]:
    """Return the desks to which the user may move the question; none where it is not theirs to move."""
    if not may(user=user, verb=Verb.MOVE_QUESTION, of=question):
        return Desk.objects.none()
    return desks_where(user=user, verb=Verb.MOVE_QUESTION).exclude(pk=question.desk_id)


def _check(question: Question, *, desk: Desk, reason: str, by: User | None) -> None:
    if not reason.strip():
        raise RefusedError(_("Say why the question moves to another desk."), field="reason")
    if desk == question.desk:
        raise DeskMoveRefusedError(_("The question is on this desk already."), conflict=True)
    for each in (question.desk, desk):
        if by is not None and not may(user=by, verb=Verb.MOVE_QUESTION, of=each):
            raise DeskMoveRefusedError(
                _("A question is moved by whoever heads both desks. You don’t head “%(desk)s”.")
                % {"desk": each}
            )
    if pending_on(question):
        raise DeskMoveRefusedError(
            _("A verdict waits on this question. Let its desk answer first, then move it."),
            conflict=True,
        )


def _reroute(question: Question, *, now: datetime) -> None:
    """Who gets a reminder is decided when it is claimed; what is in somebody's digest is taken out of it."""
    armed = Reminder.objects.armed().filter(question=question, heartbeat_at=None)
    armed.update(digest=None)
    kept = Q(stage__startswith=SNOOZED) | Q(stage=CHECK_AGAIN)
    for each in ABOUT:
        kept |= Q(stage__startswith=each)
    armed.exclude(kept).update(ended_at=now, ended_because="moved to another desk")
    if question.pk not in answered_among([question.pk]) and (question.block is None or question.assignee):
        arm_reminder(question=question, now=now)
