"""Write objections: dispute an answer, uphold it, overturn it; record what a source replies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from forecasts.models import Answer, Dispute, Forecast, Method, Question, Reply, Resolution, Source, Upholding
from forecasts.models.delivery.reminder import DISPUTED
from forecasts.people.reads.rights import refuse_unless_may
from forecasts.people.reads.roles import Verb
from forecasts.questions.reads.listing import is_answer
from forecasts.questions.writes.blind import refuse_hidden
from forecasts.record.refusal import RefusedError, refuse_address
from forecasts.record.writes.ledger import append_fact
from forecasts.reminders.writes import arm_review, end_reminders
from forecasts.verdicts.writes.answers import carry_up_and_down, put_in_force, reopen_followers
from forecasts.verdicts.writes.findings import (
    Exhibit,
    Finding,
    check_evidence,
    check_finding,
    check_ladder,
    dated,
)
from forecasts.verdicts.writes.give import keep_verdict, lock_answer, refuse_tied


class NothingToDisputeError(RefusedError):
    field = "answer"
    conflict = True


class DisputedAlreadyError(RefusedError):
    field = "raised_by"
    conflict = True


class NotDisputedError(RefusedError):
    field = "dispute"
    conflict = True


class NoReplyError(RefusedError):
    field = "text"


class NotASourceHereError(RefusedError):
    field = "source"


@transaction.atomic
def dispute_answer(
    *,
    question: Question,
    reason: str,
    by: User | None,
    now: datetime,
    raised_by: str = "",
    contact: str = "",
    url: str = "",
    quote: str = "",
) -> Dispute:
    """
    Record that somebody disputes the answer in force, and why. It stays in force until the review.

    A lead is reminded of it at once, and until it is decided.

    `raised_by` names somebody outside; without it the user disputes. Raises NothingToDisputeError,
    DisputedAlreadyError, NotAllowedError; RefusedError without a reason or without anybody.
    """
    refuse_unless_may(by=by, verb=Verb.DISPUTE_ANSWER, of=question)
    if not reason.strip():
        raise RefusedError(_("Say what is wrong with the answer, and how you know."), field="reason")
    if by is None and not raised_by.strip():
        raise RefusedError(_("Say who disputes the answer."), field="raised_by")
    refuse_address(url)
    current = lock_answer(question)
    if not is_answer(current):
        raise NothingToDisputeError(_("The question has no answer in force, so there is nothing to dispute."))
    waiting = Dispute.objects.open().filter(resolution=current)
    if waiting.filter(raised_by=raised_by.strip(), recorded_by=by).exists():
        raise DisputedAlreadyError(_("This dispute already awaits the head of desk."))
    dispute = Dispute.objects.create(
        question=question,
        resolution=current,
        raised_by=raised_by.strip(),
        contact=contact.strip(),
        reason=reason.strip(),
        url=url,
        quote=quote.strip(),
        recorded_at=now,
        recorded_by=by,
    )
    append_fact(fact=dispute, now=now)
    arm_review(question=question, about=DISPUTED, now=now)
    return dispute


@transaction.atomic
def uphold_answer(*, dispute: Dispute, reason: str, by: User | None, now: datetime) -> Upholding:
    """
    Record that the disputed answer was looked at again, and stands.

    Raises NotDisputedError when the dispute is closed, NotAllowedError; RefusedError without a reason.
    """
    refuse_unless_may(by=by, verb=Verb.UPHOLD_ANSWER, of=dispute)
    if not reason.strip():
        raise RefusedError(_("Say why the answer stands."), field="reason")
    lock_answer(dispute.question)
    if not Dispute.objects.open().filter(pk=dispute.pk).exists():
        raise NotDisputedError(_("This dispute is closed."))
    upholding = Upholding.objects.create(
        dispute=dispute, reason=reason.strip(), recorded_at=now, recorded_by=by
    )
    append_fact(fact=upholding, now=now)
    if not Dispute.objects.open().filter(question=dispute.question).exists():
        end_reminders(question=dispute.question, because="the answer stands", now=now)
    return upholding


@transaction.atomic
def overturn_answer(
    *,
    question: Question,
    finding: Finding,
    evidence: Sequence[Exhibit],
    reason: str,
    by: User | None,
    now: datetime,
) -> Resolution:
    """
    Supersede a disputed answer by a new one, and close its disputes.

    Other dates of its ladder follow. Raises NotAllowedError, NotDisputedError, ConflictOfInterestError;
    RefusedError without a reason, or where the answer would stay what it is; what `check_finding`,
    `check_evidence` and `check_ladder` raise.
    """
    refuse_unless_may(by=by, verb=Verb.OVERTURN_ANSWER, of=question)
    if not reason.strip():
        raise RefusedError(
            _("Say why the answer changes. It is published beside the new one."), field="reason"
        )
    if finding.answer == Answer.TOO_EARLY:
        raise RefusedError(_("A dispute ends with an answer: an outcome or void."), field="answer")
    finding = dated(question=question, finding=finding)
    check_finding(question=question, finding=finding, now=now)
    check_evidence(finding=finding, evidence=evidence)
    check_ladder(question=question, finding=finding, elsewhere=True)
    current = lock_answer(question)
    if current is None or not Dispute.objects.open().filter(resolution=current).exists():
        raise NotDisputedError(_("Nobody disputes the answer. Reopen the question to change it."))
    refuse_tied(question=question, by=by)
    _refuse_the_same(current, finding)
    verdict = keep_verdict(
        question=question, finding=finding, evidence=evidence, reviews=current, by=by, now=now
    )
    resolution = put_in_force(
        question=question,
        verdicts=[verdict],
        deciding=verdict,
        method=Method.OVERTURNED,
        supersedes=current,
        by=by,
        now=now,
        note=reason.strip(),
    )
    if finding.answer == Answer.VOID:
        reopen_followers(resolution=current, reason=reason.strip(), by=by, now=now)
    carry_up_and_down(resolution=resolution, deciding=verdict, by=by, now=now)
    return resolution


@transaction.atomic
def record_reply(
    *,
    question: Question,
    source: Source,
    text: str,
    replied_on: date,
    by: User | None,
    now: datetime,
    url: str = "",
    language: str = "en",
) -> Reply:
    """
    Record what a source says for itself about a question that it has a forecast on.

    Raises NotAllowedError, HiddenError, NoReplyError, NotASourceHereError; RefusedError for a date in
    the future.
    """
    refuse_unless_may(by=by, verb=Verb.RECORD_REPLY, of=question)
    refuse_hidden(question=question, by=by, source=source)
    if not text.strip():
        raise NoReplyError(_("The reply is empty. Give the source’s own words."))
    refuse_address(url)
    if replied_on > now.date():
        raise RefusedError(_("The reply is dated in the future. Check the date."), field="replied_on")
    standing = source.standing
    counts = Q(source=standing) | Q(source__merged_into=standing)
    if not Forecast.objects.current().filter(counts, question=question).exists():
        raise NotASourceHereError(
            _("%(source)s has no forecast on this question. Choose a source that spoke on it.")
            % {"source": source}
        )
    reply = Reply.objects.create(
        question=question,
        source=standing,
        text=text.strip(),
        language=language,
        replied_on=replied_on,
        url=url,
        recorded_at=now,
        recorded_by=by,
    )
    append_fact(fact=reply, now=now)
    return reply


def _refuse_the_same(current: Resolution, finding: Finding) -> None:
    same = (current.answer, current.outcome, current.void_reason, current.occurred_at) == (
        finding.answer,
        finding.outcome,
        finding.void_reason,
        finding.occurred_at,
    )
    if same:
        raise RefusedError(_("That is the answer in force. Uphold it instead."), field="answer")
