"""Write resolutions: answer a question, adjudicate, void it, reopen it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from forecasts.models import Answer, Evidence, Method, Question, Resolution, Verdict
from forecasts.models.delivery.reminder import DIFFERING, SECOND
from forecasts.people.reads.rights import refuse_unless_may
from forecasts.people.reads.roles import Verb
from forecasts.questions.reads.listing import is_answer
from forecasts.record.refusal import RefusedError
from forecasts.reminders.writes import arm_review
from forecasts.verdicts.reads.agreement import alike
from forecasts.verdicts.reads.waiting import TWO, pending_on
from forecasts.verdicts.writes.answers import carry_up_and_down, put_in_force, put_reopening, reopen_followers
from forecasts.verdicts.writes.findings import (
    Exhibit,
    Finding,
    check_evidence,
    check_finding,
    check_ladder,
    dated,
    finding_of,
)
from forecasts.verdicts.writes.give import (
    asks_for_two,
    give_verdict,
    keep_verdict,
    lock_answer,
    refuse_resolved,
    refuse_tied,
)


class TooFewVerdictsError(RefusedError):
    field = "verdicts"


class NotResolvedError(RefusedError):
    field = "answer"
    conflict = True


class NothingToAdjudicateError(RefusedError):
    field = "answer"
    conflict = True


class PartialAdjudicatorError(RefusedError):
    field = "answer"
    conflict = True


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
    Put the answer of these verdicts in force, on its whole ladder, and end the reminders.

    The answer is the last verdict's. Raises ResolvedAlreadyError; NotResolvedError when there is
    no verdict, when it says "too early", or when it belongs to another question;
    TooFewVerdictsError when the desk asks for more, or those said to agree do not; NotAllowedError.
    """
    refuse_unless_may(by=by, verb=Verb.RESOLVE_QUESTION, of=question)
    last = _deciding(question=question, verdicts=verdicts)
    _check_method(question=question, verdicts=verdicts, method=method)
    current = lock_answer(question)
    refuse_resolved(current)
    check_ladder(question=question, finding=finding_of(last))
    resolution = put_in_force(
        question=question,
        verdicts=verdicts,
        deciding=last,
        method=Method.OVERTURNED if current and method == Method.SINGLE else method,
        supersedes=current,
        by=by,
        now=now,
    )
    carry_up_and_down(resolution=resolution, deciding=last, by=by, now=now)
    return resolution


@transaction.atomic
def answer_question(
    *,
    question: Question,
    finding: Finding,
    evidence: Sequence[Exhibit],
    by: User | None,
    now: datetime,
) -> Resolution | Verdict:
    """
    Give a verdict and, where that is enough, put it in force.

    One is enough where the desk asks for one. Where it asks for two, the second resolves the question
    if it agrees with the first. Returns the resolution, or the verdict where it does not resolve the
    question yet: too early, the first of two, or one that differs and waits for a lead. Whoever is to
    give the second, or to decide, is reminded at once. Raises what `give_verdict` raises.
    """
    before = len(pending_on(question)) if asks_for_two(question) else 0
    verdict = give_verdict(question=question, finding=finding, evidence=evidence, by=by, now=now)
    if finding.answer == Answer.TOO_EARLY:
        return verdict
    if not asks_for_two(question):
        return resolve_question(question=question, verdicts=[verdict], by=by, now=now)
    waiting = pending_on(question)
    if len(waiting) < TWO or not alike(question=question, one=waiting[0], other=waiting[1]):
        # Whoever replaces a verdict of their own asks nobody anew.
        if len(waiting) > before:
            arm_review(question=question, about=SECOND if len(waiting) < TWO else DIFFERING, now=now)
        return verdict
    # The more exact date stands; the later verdict, where both are as exact.
    waiting.sort(key=lambda each: -_coarseness(each))
    return resolve_question(question=question, verdicts=waiting, method=Method.AGREED, by=by, now=now)


@transaction.atomic
def adjudicate_question(
    *,
    question: Question,
    reason: str,
    by: User | None,
    now: datetime,
    sides_with: Verdict | None = None,
    finding: Finding | None = None,
    evidence: Sequence[Exhibit] = (),
) -> Resolution:
    """
    Decide between two verdicts that differ, as a lead who gave neither.

    Either `sides_with` one of the two, whose evidence then counts by reference, or a `finding` of
    one's own with evidence. The resolution rests on all three verdicts. Raises NotAllowedError,
    NothingToAdjudicateError, PartialAdjudicatorError, ConflictOfInterestError; RefusedError without
    a reason; what `check_finding` and `check_evidence` raise.
    """
    refuse_unless_may(by=by, verb=Verb.ADJUDICATE, of=question)
    if not reason.strip():
        raise RefusedError(_("Say why: the two editors will read it."), field="reason")
    current = lock_answer(question)
    refuse_resolved(current)
    waiting = pending_on(question)
    if not asks_for_two(question) or len(waiting) < TWO:
        raise NothingToAdjudicateError(_("There is nothing to decide between: two verdicts are not in yet."))
    if by is not None and by.pk in {each.recorded_by_id for each in waiting}:
        raise PartialAdjudicatorError(_("One of the two verdicts is yours. Another head of desk decides."))
    refuse_tied(question=question, by=by)
    found, copied = _adjudicated(waiting, sides_with, finding)
    found = dated(question=question, finding=found)
    check_finding(question=question, finding=found, now=now)
    if not copied:
        check_evidence(finding=found, evidence=evidence)
    check_ladder(question=question, finding=found)
    own = keep_verdict(
        question=question, finding=found, evidence=evidence, copied=copied, reviews=current, by=by, now=now
    )
    resolution = put_in_force(
        question=question,
        verdicts=[*waiting, own],
        deciding=own,
        method=Method.ADJUDICATED,
        supersedes=current,
        by=by,
        now=now,
        note=reason.strip(),
    )
    carry_up_and_down(resolution=resolution, deciding=own, by=by, now=now)
    return resolution


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
    refuse_unless_may(by=by, verb=Verb.VOID_QUESTION, of=question)
    finding = Finding(answer=Answer.VOID, void_reason=reason, note=note)
    return answer_question(question=question, finding=finding, evidence=evidence, by=by, now=now)


@transaction.atomic
def reopen_question(*, question: Question, reason: str, by: User | None, now: datetime) -> Resolution:
    """
    Supersede the resolution in force by a reopening, and arm the reminders again.

    Answers on other dates of its ladder that follow from it are reopened with it. Raises
    NotResolvedError when there is nothing to reopen, NotAllowedError; RefusedError without a reason.
    """
    refuse_unless_may(by=by, verb=Verb.REOPEN_QUESTION, of=question)
    if not reason.strip():
        raise RefusedError(_("Say why the question is reopened."), field="reason")
    current = lock_answer(question)
    if not is_answer(current):
        raise NotResolvedError(_("The question is open: there is no answer to reopen."))
    reopen_followers(resolution=current, reason=reason.strip(), by=by, now=now)
    return put_reopening(question=question, current=current, reason=reason.strip(), by=by, now=now)


def _adjudicated(
    waiting: Sequence[Verdict], sides_with: Verdict | None, finding: Finding | None
) -> tuple[Finding, list[Evidence]]:
    """Return what the lead found, and the evidence that counts by reference."""
    if sides_with is None and finding is not None:
        return finding, []
    if sides_with is None or finding is not None or sides_with not in waiting:
        raise NothingToAdjudicateError(
            _("Side with one of the two verdicts that wait, or give a finding of your own."),
            field="sides_with",
        )
    return finding_of(sides_with), list(sides_with.evidence.select_related("copy_of"))


def _coarseness(verdict: Verdict) -> int:
    return ["day", "month", "quarter", "year"].index(verdict.occurred_granularity)


def _check_method(*, question: Question, verdicts: Sequence[Verdict], method: str) -> None:
    """Refuse what the desk does not accept: one verdict where it asks for two, two that differ."""
    if method == Method.SINGLE and asks_for_two(question):
        raise TooFewVerdictsError(
            _("This desk asks for two verdicts. Wait for the second, or decide between them."), conflict=True
        )
    if method != Method.AGREED:
        return
    if len({each.recorded_by_id for each in verdicts}) < TWO:
        raise TooFewVerdictsError(_("Two verdicts by two editors agree, or none do."))
    if not all(alike(question=question, one=verdicts[0], other=each) for each in verdicts[1:]):
        raise TooFewVerdictsError(
            _("These verdicts do not agree. The head of desk decides between them."), conflict=True
        )


def _deciding(*, question: Question, verdicts: Sequence[Verdict]) -> Verdict:
    if not verdicts or any(each.question_id != question.pk for each in verdicts):
        raise NotResolvedError(_("An answer rests on verdicts on this very question."), conflict=False)
    last = verdicts[-1]
    if last.answer == Answer.TOO_EARLY:
        raise NotResolvedError(_("“Too early” resolves nothing. Check again on its date."))
    return last
