"""Supersede a question: another one takes its place, because it asks the same or was badly worded."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from forecasts.models import Answer, Method, Question, Resolution, VoidReason
from forecasts.people.reads.rights import refuse_unless_may
from forecasts.people.reads.roles import Verb
from forecasts.record.refusal import RefusedError
from forecasts.record.writes.ledger import append_fact
from forecasts.reminders.writes import end_reminders
from forecasts.verdicts.writes.give import lock_answer, refuse_resolved


class SupersedingRefusedError(RefusedError):
    field = "replacement"
    conflict = True


@transaction.atomic
def supersede_question(
    *, question: Question, replacement: Question, reason: str, by: User | None, now: datetime
) -> Resolution:
    """
    Let another question take this one's place, and end its reminders.

    It is void: what was said on it stays on the record and is not scored, because nobody said it of the
    other question; new forecasts belong there. To reopen it takes this back. Raises ResolvedAlreadyError;
    SupersedingRefusedError for a chain, a circle or a void replacement; NotAllowedError; RefusedError
    without a reason.
    """
    refuse_unless_may(by=by, verb=Verb.SUPERSEDE_QUESTION, of=question)
    if not reason.strip():
        raise RefusedError(_("Say why: it is published beside the question."), field="reason")
    current = lock_answer(question, replacement)
    refuse_resolved(current)
    check_replacement(question=question, replacement=replacement)
    resolution = Resolution.objects.create(
        question=question,
        answer=Answer.VOID,
        void_reason=VoidReason.SUPERSEDED,
        replaced_by=replacement,
        note=reason.strip(),
        method=Method.SUPERSEDED,
        supersedes=current,
        recorded_at=now,
        recorded_by=by,
    )
    append_fact(fact=resolution, now=now)
    end_reminders(question=question, because="superseded", now=now)
    return resolution


def check_replacement(*, question: Question, replacement: Question) -> None:
    """Raise SupersedingRefusedError where a reader would be sent on from question to question, or nowhere."""
    if replacement.pk == question.pk:
        raise SupersedingRefusedError(
            _("A question can’t take its own place. Choose another."), conflict=False
        )
    theirs = Resolution.objects.answering().filter(question=replacement).select_related("replaced_by").first()
    if theirs is not None and theirs.replaced_by is not None:
        raise SupersedingRefusedError(
            _("“%(question)s” was itself replaced, by “%(other)s”. Choose one that stands.")
            % {"question": replacement, "other": theirs.replaced_by}
        )
    if theirs is not None and theirs.answer == Answer.VOID:
        raise SupersedingRefusedError(
            _("“%(question)s” is void: nobody is scored on it. Choose one that stands.")
            % {"question": replacement}
        )
    before = Resolution.objects.superseding().filter(replaced_by=question).select_related("question").first()
    if before is not None:
        raise SupersedingRefusedError(
            _("This question has replaced “%(before)s”. Reopen that one first, and replace it again.")
            % {"before": before.question},
            field="question",
        )
