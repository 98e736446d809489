"""Put an answer in force: the one place where a resolution is written, on its ladder too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.models import User

from forecasts.models import Answer, Method, Question, Resolution, Verdict
from forecasts.questions.reads.ladders import Dated, answers_on, contradict, implied, outcome_on, rungs
from forecasts.questions.reads.listing import is_answer
from forecasts.record.writes.ledger import append_fact
from forecasts.reminders.writes import arm_reminder, end_reminders
from forecasts.verdicts.writes.findings import Finding
from forecasts.verdicts.writes.give import keep_verdict


def put_in_force(
    *,
    question: Question,
    verdicts: Sequence[Verdict],
    deciding: Verdict,
    method: str,
    supersedes: Resolution | None,
    by: User | None,
    now: datetime,
    note: str = "",
) -> Resolution:
    """Record the deciding verdict's answer as the question's, and end its reminders."""
    resolution = Resolution.objects.create(
        question=question,
        answer=deciding.answer,
        outcome=deciding.outcome,
        void_reason=deciding.void_reason,
        occurred_at=deciding.occurred_at,
        occurred_granularity=deciding.occurred_granularity,
        note=note or deciding.note,
        method=method,
        supersedes=supersedes,
        recorded_at=now,
        recorded_by=by,
    )
    resolution.verdicts.set(verdicts)
    append_fact(fact=resolution, now=now)
    end_reminders(question=question, because="resolved", now=now)
    return resolution


def put_reopening(
    *, question: Question, current: Resolution, reason: str, by: User | None, now: datetime
) -> Resolution:
    """Supersede the answer in force by a reopening, and arm the reminders again."""
    reopening = Resolution.objects.create(
        question=question,
        answer=Answer.REOPENED,
        note=reason,
        method=Method.OVERTURNED,
        supersedes=current,
        recorded_at=now,
        recorded_by=by,
    )
    append_fact(fact=reopening, now=now)
    end_reminders(question=question, because="reopened", now=now)
    arm_reminder(question=question, now=now)
    return reopening


def carry_up_and_down(*, resolution: Resolution, deciding: Verdict, by: User | None, now: datetime) -> None:
    """
    Answer the desk's other dates of the ladder by the date that was found; another desk answers its own.

    Each gets a verdict that follows the deciding one, with its evidence by reference. A rung whose
    answer contradicts an overturning one is superseded too, or reopened where nothing follows for it.
    """
    question = resolution.question
    own = outcome_on(question, resolution)
    if own is None:
        return
    siblings = _others(question)
    answers = answers_on(siblings)
    for sibling in siblings:
        current = answers.get(sibling.pk)
        outcome = _to_record(by=own, sibling=sibling, current=current, now=now)
        if outcome is not None:
            _follow(
                sibling, outcome, deciding=deciding, current=current, method=resolution.method, by=by, now=now
            )
        elif current is not None and _falls_with(current, sibling, own, resolution.supersedes):
            reason = f"The answer to “{question}” was overturned."
            put_reopening(question=sibling, current=current, reason=reason, by=by, now=now)


def reopen_followers(*, resolution: Resolution, reason: str, by: User | None, now: datetime) -> None:
    """Reopen the desk's other questions of the ladder whose answer follows from this one."""
    siblings = _others(resolution.question)
    answers = answers_on(siblings)
    for sibling in siblings:
        current = answers.get(sibling.pk)
        if is_answer(current) and _follows(current, resolution):
            put_reopening(question=sibling, current=current, reason=reason, by=by, now=now)


def _others(question: Question) -> list[Question]:
    return list(rungs(question).filter(desk=question.desk_id).exclude(pk=question.pk))


def _to_record(*, by: Dated, sibling: Question, current: Resolution | None, now: datetime) -> float | None:
    """Return the outcome that the rung gets: none where it waits for its deadline, or has a right answer."""
    outcome = implied(by=by, deadline_at=sibling.deadline_at)
    if outcome is None or (outcome == 0 and sibling.deadline_at > now):
        return None
    standing = outcome_on(sibling, current)
    if standing is not None:
        return outcome if contradict(by, standing) else None
    return None if is_answer(current) else outcome


def _follow(
    sibling: Question,
    outcome: float,
    *,
    deciding: Verdict,
    current: Resolution | None,
    method: str,
    by: User | None,
    now: datetime,
) -> None:
    occurred_at = deciding.occurred_at if outcome == 1 else sibling.deadline_at
    finding = Finding(
        answer=Answer.OUTCOME,
        outcome=outcome,
        occurred_at=occurred_at,
        occurred_granularity=deciding.occurred_granularity if outcome == 1 else "day",
        note=f"Follows from the answer to “{deciding.question}”.",
    )
    verdict = keep_verdict(
        question=sibling,
        finding=finding,
        evidence=(),
        copied=list(deciding.evidence.all()),
        follows=deciding,
        reviews=current,
        by=by,
        now=now,
    )
    put_in_force(
        question=sibling,
        verdicts=[verdict],
        deciding=verdict,
        method=Method.OVERTURNED if current is not None else method,
        supersedes=current,
        by=by,
        now=now,
    )


def _falls_with(current: Resolution, sibling: Question, own: Dated, overturned: Resolution | None) -> bool:
    """Return whether the rung's answer falls: it contradicts the new one, or only the old one led to it."""
    standing = outcome_on(sibling, current)
    if standing is None:
        return False
    if contradict(own, standing):
        return True
    is_led = implied(by=own, deadline_at=sibling.deadline_at) is not None
    return not is_led and overturned is not None and _follows(current, overturned)


def _follows(current: Resolution, lead: Resolution) -> bool:
    led_by = {each.pk for each in lead.verdicts.all()}
    return any(each.follows_id in led_by for each in current.verdicts.all())
