"""What an editor found, and on what evidence, before it is recorded."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forecasts.models import VOID_REASONS_FOUND, Answer, Document, Question, QuestionKind, Verdict, VoidReason
from forecasts.questions.reads.ladders import Dated, answers_on, contradict, outcome_on, rungs
from forecasts.questions.values.readings import FIRST_DAY, LAST_DAY, within
from forecasts.record.refusal import RefusedError, refuse_address
from forecasts.schedule import day_after_epoch, days_since_epoch

WHEN_ASKED = gettext_lazy("Say when it was known: the day on which the answer was out.")
WHEN: dict[str, Any] = {
    QuestionKind.BINARY: gettext_lazy("Say when it happened; for a no, when it could no longer happen."),
    QuestionKind.DATE: gettext_lazy("Say when it happened."),
}


class NoEvidenceError(RefusedError):
    field = "evidence"


class NotAnOutcomeError(RefusedError):
    field = "outcome"


class OccurredLaterError(RefusedError):
    field = "occurred_at"


class NoVoidReasonError(RefusedError):
    field = "void_reason"


class CheckAgainError(RefusedError):
    field = "check_again_on"


class NotYetNoError(RefusedError):
    field = "note"


class ContradictsLadderError(RefusedError):
    field = "occurred_at"
    conflict = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """One piece of evidence, before it is recorded: an address or a document, and what it shows."""

    quote: str
    url: str = ""
    publisher: str = ""
    published_on: date | None = None
    document: Document | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """
    What an editor found: an outcome with its date, a void with its reason, or too early.

    `outcome` is 1 (yes) or 0 (no), the index of an option counted from 0, a number, or for a
    date what `schedule.days_since_epoch` gives; what did not happen by the deadline of such a
    question has `days_too_late`.
    """

    answer: str
    outcome: float | None = None
    occurred_at: datetime | None = None
    occurred_granularity: str = "day"
    void_reason: str = ""
    check_again_on: date | None = None
    note: str = ""


def finding_of(verdict: Verdict) -> Finding:
    """Return what the verdict found."""
    return Finding(
        answer=verdict.answer,
        outcome=verdict.outcome,
        occurred_at=verdict.occurred_at,
        occurred_granularity=verdict.occurred_granularity,
        void_reason=verdict.void_reason,
        check_again_on=verdict.check_again_on,
        note=verdict.note,
    )


def midnight_utc(day: date) -> datetime:
    """Return the start of the day in UTC: how an event known to the day is kept."""
    return datetime.combine(day, time.min, tzinfo=UTC)


def dated(*, question: Question, finding: Finding) -> Finding:
    """
    Return the finding with its date, where the outcome of a question on a date implies it.

    It happened on the day that is the outcome; "not by the deadline" is known at the deadline.
    """
    if question.kind != QuestionKind.DATE or finding.outcome is None or finding.occurred_at is not None:
        return finding
    if not FIRST_DAY <= finding.outcome <= LAST_DAY:
        return finding
    if finding.outcome >= days_too_late(question):
        return replace(finding, occurred_at=question.deadline_at)
    return replace(finding, occurred_at=midnight_utc(day_after_epoch(finding.outcome)))


def days_too_late(question: Question) -> float:
    """
    Return how "not by the deadline" is kept as the outcome of a question on a date.

    It is the first day that is too late, whenever it then happens or not: forecasts of any later
    date are scored as of that day (`forecasts.scoring.kinds`).
    """
    return days_since_epoch(question.deadline.too_late_on)


def check_finding(*, question: Question, finding: Finding, now: datetime) -> None:
    """Raise NotAnOutcomeError, OccurredLaterError, NotYetNoError, NoVoidReasonError, CheckAgainError."""
    if finding.answer == Answer.OUTCOME:
        check_outcome(question=question, outcome=finding.outcome)
        _check_occurred(question, finding, now)
    elif finding.answer == Answer.VOID:
        _check_void(question, finding.void_reason)
    elif finding.answer == Answer.TOO_EARLY:
        if finding.check_again_on is None or midnight_utc(finding.check_again_on) <= now:
            raise CheckAgainError(_("“Too early” needs a date in the future to check again on."))
    else:
        raise RefusedError(
            _("“%(answer)s” is not a verdict. Use outcome, void or too_early.") % {"answer": finding.answer},
            field="answer",
        )


def check_evidence(*, finding: Finding, evidence: Sequence[Exhibit]) -> None:
    """Raise NoEvidenceError, naming the piece, where something is missing; or NotOfTheWebError."""
    if not evidence and finding.answer != Answer.TOO_EARLY:
        raise NoEvidenceError(_("A verdict needs evidence: an address or a document, with a quote."))
    for number, each in enumerate(evidence, start=1):
        if not each.url and each.document is None:
            raise NoEvidenceError(
                _("Evidence %(number)s needs an address or a document.") % {"number": number}
            )
        refuse_address(each.url)
        if not each.quote.strip():
            raise NoEvidenceError(
                _("Evidence %(number)s needs the words, or the finding, it shows.") % {"number": number}
            )


def check_outcome(*, question: Question, outcome: float | None) -> None:
    """Raise NotAnOutcomeError where a question of its kind cannot come out like that."""
    if question.kind == QuestionKind.BINARY and outcome not in (0, 1):
        raise NotAnOutcomeError(_("The outcome of a yes-or-no question is 1 (yes) or 0 (no)."))
    if question.options and outcome not in range(len(question.options)):
        numbered = ", ".join(f"{index} ({name})" for index, name in enumerate(question.options))
        raise NotAnOutcomeError(
            _("The outcome is the number of an option: %(numbered)s.") % {"numbered": numbered}
        )
    if outcome is None or not math.isfinite(outcome):
        wanted = _("a date") if question.kind == QuestionKind.DATE else _("a number")
        raise NotAnOutcomeError(_("The outcome of this question is %(wanted)s.") % {"wanted": wanted})
    if question.kind == QuestionKind.NUMBER:
        _check_number(question, outcome)
    if question.kind == QuestionKind.DATE:
        _check_day(question, outcome)


def _check_number(question: Question, outcome: float) -> None:
    lower, upper = question.lower_bound, question.upper_bound
    if (lower is not None and outcome < lower) or (upper is not None and outcome > upper):
        raise NotAnOutcomeError(
            _(
                "%(outcome)s lies beyond the question’s bounds (%(bounds)s). Check the number; if it "
                "is right, the question was badly worded: void it."
            )
            % {"outcome": f"{outcome:g}", "bounds": within(question)}
        )


def _check_day(question: Question, outcome: float) -> None:
    if not outcome.is_integer() or not FIRST_DAY <= outcome <= LAST_DAY:
        raise NotAnOutcomeError(_("The outcome is a whole day, as days since 1970-01-01."))
    if outcome > days_too_late(question):
        raise NotAnOutcomeError(
            _(
                "%(day)s is past the deadline (%(deadline)s UTC): "
                "the answer by these criteria is “not by the deadline”."
            )
            % {"day": day_after_epoch(outcome), "deadline": f"{question.deadline_at:%Y-%m-%d %H:%M}"}
        )


def _check_void(question: Question, reason: str) -> None:
    if reason == VoidReason.SUPERSEDED:
        raise NoVoidReasonError(_("Replace the question instead: name the one that replaces it."))
    if reason not in VOID_REASONS_FOUND:
        raise NoVoidReasonError(
            _("Say why it is void: one of %(known)s.") % {"known": ", ".join(VOID_REASONS_FOUND)}
        )
    if reason == VoidReason.CONDITION_FAILED and not question.condition:
        raise NoVoidReasonError(_("This question has no condition that could fail. Choose another reason."))


def _check_occurred(question: Question, finding: Finding, now: datetime) -> None:
    at = finding.occurred_at
    if at is None:
        raise OccurredLaterError(str(WHEN.get(question.kind, WHEN_ASKED)))
    if at > now:
        _refuse_the_future(question, finding)
    late = at >= question.deadline_at
    if question.kind == QuestionKind.BINARY and finding.outcome == 1 and late:
        raise OccurredLaterError(
            _("It happened after the deadline (%(deadline)s UTC), so the answer by these criteria is no.")
            % {"deadline": f"{question.deadline_at:%Y-%m-%d %H:%M}"}
        )
    if question.kind == QuestionKind.DATE:
        _check_same_day(question, finding, at)
    _check_early_no(question, finding, now)


def _refuse_the_future(question: Question, finding: Finding) -> None:
    if question.kind == QuestionKind.DATE and finding.outcome == days_too_late(question):
        raise OccurredLaterError(
            _("The deadline has not passed yet. Say when it could no longer happen, or that it is too early.")
        )
    raise OccurredLaterError(_("The event is dated in the future. Check the date."))


def _check_same_day(question: Question, finding: Finding, at: datetime) -> None:
    """Refuse an outcome on one day that happened on another, in UTC and in the deadline's place."""
    if finding.outcome is None or finding.outcome >= days_too_late(question):
        return
    day = day_after_epoch(finding.outcome)
    if day not in {at.astimezone(UTC).date(), at.astimezone(ZoneInfo(question.deadline_zone)).date()}:
        raise OccurredLaterError(
            _(
                "The outcome is %(day)s, but it is said to have happened on %(happened)s. "
                "Leave out the latter."
            )
            % {"day": day, "happened": f"{at:%Y-%m-%d}"}
        )


def _check_early_no(question: Question, finding: Finding, now: datetime) -> None:
    """Refuse a no before the deadline, unless it says how the event can no longer happen."""
    no = {QuestionKind.BINARY: 0.0, QuestionKind.DATE: days_too_late(question)}
    is_early = now < question.deadline_at and finding.outcome == no.get(QuestionKind(question.kind))
    if is_early and not finding.note.strip():
        raise NotYetNoError(
            _(
                "It can still happen until %(deadline)s UTC. If it no longer can, "
                "say how in the note; else check again when the deadline has passed."
            )
            % {"deadline": f"{question.deadline_at:%Y-%m-%d %H:%M}"}
        )


def check_ladder(*, question: Question, finding: Finding, elsewhere: bool = False) -> None:
    """
    Raise ContradictsLadderError where another date of the same ladder is answered otherwise.

    With `elsewhere`, only by another desk, whose answers this one can't change.
    """
    if finding.outcome is None or finding.occurred_at is None:
        return
    others = rungs(question).exclude(pk=question.pk)
    siblings = list(others.exclude(desk=question.desk_id) if elsewhere else others)
    own = Dated(
        deadline_at=question.deadline_at,
        outcome=finding.outcome,
        occurred_at=finding.occurred_at,
        granularity=finding.occurred_granularity,
    )
    answers = answers_on(siblings)
    for sibling in siblings:
        other = outcome_on(sibling, answers.get(sibling.pk))
        if other is not None and contradict(own, other):
            word = _("yes") if other.outcome == 1 else _("no")
            raise ContradictsLadderError(
                _(
                    "“%(question)s” is answered %(answer)s (%(day)s), and both cannot hold. "
                    "Check the date, or reopen that question first."
                )
                % {"question": sibling, "answer": word, "day": f"{other.occurred_at:%Y-%m-%d}"}
            )
