"""Write verdicts: one editor's answer, with evidence, in the round that is on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from forecasts.models import Evidence, Question, Resolution, Sighted, Verdict
from forecasts.models.articles.document import text_sha256
from forecasts.people.reads.rights import refuse_unless_may
from forecasts.people.reads.roles import Verb
from forecasts.questions.reads.blind import answers_so, why_sighted
from forecasts.questions.reads.ladders import rungs
from forecasts.questions.reads.listing import is_answer
from forecasts.questions.reads.ties import tied_to
from forecasts.record.refusal import RefusedError
from forecasts.record.writes.ledger import append_fact
from forecasts.reminders.writes import arm_reminder, end_reminders
from forecasts.schedule import local_midnight
from forecasts.verdicts.reads.waiting import TWO, pending_on
from forecasts.verdicts.writes.findings import (
    Exhibit,
    Finding,
    check_evidence,
    check_finding,
    check_ladder,
    dated,
)


class ResolvedAlreadyError(RefusedError):
    field = "answer"
    conflict = True


class ConflictOfInterestError(RefusedError):
    field = "answer"
    conflict = True


class AwaitingAdjudicationError(RefusedError):
    field = "answer"
    conflict = True


@transaction.atomic
def give_verdict(
    *,
    question: Question,
    finding: Finding,
    evidence: Sequence[Exhibit],
    by: User | None,
    now: datetime,
) -> Verdict:
    """
    Record one editor's answer, with its evidence. "Too early" arms the reminder for its date.

    An editor's own waiting verdict is replaced by the new row. Whether it was given blind follows
    from the record. Raises NotAllowedError, ResolvedAlreadyError, ConflictOfInterestError,
    AwaitingAdjudicationError, ContradictsLadderError, or what `check_finding` and `check_evidence` raise.
    """
    refuse_unless_may(by=by, verb=Verb.GIVE_VERDICT, of=question)
    finding = dated(question=question, finding=finding)
    check_finding(question=question, finding=finding, now=now)
    check_evidence(finding=finding, evidence=evidence)
    current = lock_answer(question)
    refuse_resolved(current)
    refuse_tied(question=question, by=by)
    check_ladder(question=question, finding=finding)
    if asks_for_two(question) and len(pending_on(question)) >= TWO:
        raise AwaitingAdjudicationError(
            _("Two verdicts are in, and they differ. The head of desk now decides between them.")
        )
    verdict = keep_verdict(
        question=question, finding=finding, evidence=evidence, reviews=current, by=by, now=now
    )
    if finding.check_again_on is not None:
        end_reminders(question=question, because="too early to say", now=now)
        at = local_midnight(on=finding.check_again_on, zone=question.deadline_zone)
        arm_reminder(question=question, now=now, at=at)
    return verdict


def keep_verdict(
    *,
    question: Question,
    finding: Finding,
    evidence: Sequence[Exhibit],
    reviews: Resolution | None,
    by: User | None,
    now: datetime,
    copied: Sequence[Evidence] = (),
    follows: Verdict | None = None,
) -> Verdict:
    """Record a verdict that has been checked, its evidence (new, or copied by reference), its entry."""
    sighted = _why_sighted(question=question, by=by, follows=follows)
    verdict = Verdict.objects.create(
        question=question,
        answer=finding.answer,
        outcome=finding.outcome,
        void_reason=finding.void_reason,
        occurred_at=finding.occurred_at,
        occurred_granularity=finding.occurred_granularity,
        check_again_on=finding.check_again_on,
        note=finding.note,
        seen_blind=sighted == "",
        sighted_because=sighted or "",
        reviews=reviews,
        follows=follows,
        recorded_at=now,
        recorded_by=by,
    )
    for each in evidence:
        Evidence.objects.create(
            verdict=verdict,
            url=each.url,
            publisher=each.publisher,
            published_on=each.published_on,
            document=each.document,
            quote=each.quote.strip(),
            text=each.text,
            sha256=text_sha256(each.text) if each.text else "",
        )
    for piece in copied:
        Evidence.objects.create(
            verdict=verdict,
            url=piece.url,
            publisher=piece.publisher,
            published_on=piece.published_on,
            document_id=piece.document_id,
            quote=piece.quote,
            copy_of=piece.copy_of or piece,
        )
    append_fact(fact=verdict, now=now)
    return verdict


def _why_sighted(*, question: Question, by: User | None, follows: Verdict | None) -> str | None:
    """Return why the verdict is not blind, nothing where it is, None where its desk never answers so."""
    if by is None or not answers_so(question):
        return None
    return Sighted.FOLLOWS if follows else why_sighted(user=by, question=question)


def lock_answer(question: Question, *others: Question) -> Resolution | None:
    """
    Lock the question, its whole ladder, and the others named, against another editor's answer.

    Returns the resolution in force. Rows are locked in one order, so that two editors on two rungs
    wait for each other instead of for ever.
    """
    keys = {question.pk, *rungs(question).values_list("pk", flat=True), *(each.pk for each in others)}
    locked = Question.objects.select_for_update(of=("self",)).filter(pk__in=keys)
    list(locked.order_by("pk").values_list("pk", flat=True))
    return Resolution.objects.in_force().filter(question=question).first()


def asks_for_two(question: Question) -> bool:
    """Return whether the question's desk asks for two verdicts."""
    return question.desk is not None and question.desk.verdicts_required >= TWO


def refuse_resolved(current: Resolution | None) -> None:
    """Raise ResolvedAlreadyError where an answer is in force."""
    if is_answer(current):
        raise ResolvedAlreadyError(_("The question is answered. Reopen it to change the answer."))


def refuse_tied(*, question: Question, by: User | None) -> None:
    """Raise ConflictOfInterestError where the editor is tied to a source that spoke on the question."""
    if by is None:
        return
    spoken_on = (question, *rungs(question))
    if tied_to(*spoken_on).filter(user=by).exists():
        # It names nobody: on a blind desk that would say who spoke.
        raise ConflictOfInterestError(
            _("You have a conflict of interest with a source on this question. Someone else answers it.")
        )
