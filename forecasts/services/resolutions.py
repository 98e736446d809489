"""Write verdicts and resolutions: answer a question with evidence, void it, reopen it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from forecasts.models import (
    Answer,
    Evidence,
    Method,
    Question,
    Resolution,
    Verdict,
)
from forecasts.models.document import text_sha256
from forecasts.schedule import local_midnight
from forecasts.services.findings import Exhibit, Finding, check_evidence, check_finding, dated
from forecasts.services.ledger import append_fact
from forecasts.services.refusal import RefusedError
from forecasts.services.reminders import arm_reminder, end_reminders


class ResolvedAlreadyError(RefusedError):
    field = "answer"


class TooFewVerdictsError(RefusedError):
    field = "verdicts"


class NotResolvedError(RefusedError):
    field = "answer"


@transaction.atomic
def give_verdict(
    *,
    question: Question,
    finding: Finding,
    evidence: Sequence[Exhibit],
    by: User | None,
    now: datetime,
    seen_blind: bool = False,
) -> Verdict:
    """
    Record one editor's answer, with its evidence. "Too early" arms the reminder for its date.

    Raises ResolvedAlreadyError, NoEvidenceError, NotAnOutcomeError, OccurredLaterError,
    NoVoidReasonError or CheckAgainError.
    """
    finding = dated(question=question, finding=finding)
    check_finding(question=question, finding=finding, now=now)
    check_evidence(finding=finding, evidence=evidence)
    _refuse_resolved(_lock_answer(question))
    verdict = Verdict.objects.create(
        question=question,
        answer=finding.answer,
        outcome=finding.outcome,
        void_reason=finding.void_reason,
        occurred_at=finding.occurred_at,
        occurred_granularity=finding.occurred_granularity,
        check_again_on=finding.check_again_on,
        note=finding.note,
        seen_blind=seen_blind,
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
    append_fact(fact=verdict, now=now)
    if finding.check_again_on is not None:
        end_reminders(question=question, because="too early to say", now=now)
        at = local_midnight(on=finding.check_again_on, zone=question.deadline_zone)
        arm_reminder(question=question, now=now, at=at)
    return verdict


@transaction.atomic
def resolve_question(
    *,
    question: Question,
    verdicts: Sequence[Verdict],
    by: User | None,
    now: datetime,
    method: str = Method.SINGLE,
) -> Resolution:
    """
    Put the answer of these verdicts in force, and end the question's reminders.

    The answer is the last verdict's. Raises ResolvedAlreadyError; NotResolvedError when there is
    no verdict, when it says "too early", or when it belongs to another question;
    TooFewVerdictsError when the desk asks for more, or those said to agree do not.
    """
    last = _deciding(question=question, verdicts=verdicts)
    _check_method(question=question, verdicts=verdicts, method=method)
    current = _lock_answer(question)
    _refuse_resolved(current)
    resolution = Resolution.objects.create(
        question=question,
        answer=last.answer,
        outcome=last.outcome,
        void_reason=last.void_reason,
        occurred_at=last.occurred_at,
        occurred_granularity=last.occurred_granularity,
        note=last.note,
        method=Method.OVERTURNED if current and method == Method.SINGLE else method,
        supersedes=current,
        recorded_at=now,
        recorded_by=by,
    )
    resolution.verdicts.set(verdicts)
    append_fact(fact=resolution, now=now)
    end_reminders(question=question, because="resolved", now=now)
    return resolution


@transaction.atomic
def answer_question(
    *,
    question: Question,
    finding: Finding,
    evidence: Sequence[Exhibit],
    by: User | None,
    now: datetime,
    seen_blind: bool = False,
) -> Resolution | Verdict:
    """
    Give a verdict and, where the desk asks for only one, put it in force.

    Returns the resolution, or the verdict where it does not resolve the question yet (too early,
    or a desk that asks for two). Raises what `give_verdict` raises.
    """
    verdict = give_verdict(
        question=question, finding=finding, evidence=evidence, by=by, now=now, seen_blind=seen_blind
    )
    needs_more = question.desk is not None and question.desk.verdicts_required > 1
    if finding.answer == Answer.TOO_EARLY or needs_more:
        return verdict
    return resolve_question(question=question, verdicts=[verdict], by=by, now=now)


def void_question(
    *,
    question: Question,
    reason: str,
    note: str,
    evidence: Sequence[Exhibit],
    by: User | None,
    now: datetime,
) -> Resolution | Verdict:
    """Void the question: nothing on it is scored. Raises what `give_verdict` raises."""
    finding = Finding(answer=Answer.VOID, void_reason=reason, note=note)
    return answer_question(question=question, finding=finding, evidence=evidence, by=by, now=now)


@transaction.atomic
def reopen_question(*, question: Question, reason: str, by: User | None, now: datetime) -> Resolution:
    """
    Supersede the resolution in force by a reopening, and arm the reminders again.

    Raises NotResolvedError when there is nothing to reopen; RefusedError without a reason.
    """
    if not reason.strip():
        raise RefusedError("Say why the question is reopened.", field="reason")
    current = _lock_answer(question)
    if current is None or current.answer == Answer.REOPENED:
        raise NotResolvedError("The question is open: there is no resolution to reopen.")
    reopening = Resolution.objects.create(
        question=question,
        answer=Answer.REOPENED,
        note=reason.strip(),
        method=Method.OVERTURNED,
        supersedes=current,
        recorded_at=now,
        recorded_by=by,
    )
    append_fact(fact=reopening, now=now)
    arm_reminder(question=question, now=now)
    return reopening


def _lock_answer(question: Question) -> Resolution | None:
    """Lock the question against another editor's answer, and return the one in force."""
    Question.objects.select_for_update(of=("self",)).get(pk=question.pk)
    return Resolution.objects.in_force().filter(question=question).first()


def _check_method(*, question: Question, verdicts: Sequence[Verdict], method: str) -> None:
    """Refuse what the desk does not accept: one verdict where it asks for two, two that differ."""
    if question.desk is not None and method == Method.SINGLE and question.desk.verdicts_required > 1:
        raise TooFewVerdictsError("This desk asks for two verdicts. Wait for the second, or adjudicate.")
    if method != Method.AGREED:
        return
    if len({each.recorded_by_id for each in verdicts}) < 2:
        raise TooFewVerdictsError("Two verdicts by two editors agree, or none do.")
    if len({(each.answer, each.outcome) for each in verdicts}) > 1:
        raise TooFewVerdictsError("These verdicts do not agree. Let a lead adjudicate.")


def _refuse_resolved(current: Resolution | None) -> None:
    if current is not None and current.answer != Answer.REOPENED:
        raise ResolvedAlreadyError("The question is resolved. Reopen it to change the answer.")


def _deciding(*, question: Question, verdicts: Sequence[Verdict]) -> Verdict:
    if not verdicts or any(each.question_id != question.pk for each in verdicts):
        raise NotResolvedError("A resolution rests on verdicts on this very question.")
    last = verdicts[-1]
    if last.answer == Answer.TOO_EARLY:
        raise NotResolvedError("“Too early” resolves nothing. Check again on its date.")
    return last
