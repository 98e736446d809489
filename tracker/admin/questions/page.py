"""All that a question's page at the desk shows, as plain data."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest

from forecasts.models import Evidence, Forecast, Question, Resolution
from forecasts.models.questions.question import DeadlineMove
from forecasts.questions.reads.ladders import rungs
from forecasts.questions.reads.listing import is_answer, superseded_by_this
from forecasts.schedule import Deadline, EndRule, Granularity
from forecasts.verdicts.reads.waiting import verdicts_seen_by
from tracker.admin.kit.blind import tell
from tracker.admin.kit.facts import entry_of
from tracker.admin.kit.pages import page_of
from tracker.wording.basis import basis_of, basis_of_deadline
from tracker.wording.dates import day, instant
from tracker.wording.deadlines import deadline_words, lateness
from tracker.wording.stamps import stamp_at, stamp_of_answer
from tracker.wording.values import answer_words, kind_words, said_words


def question_facts(request: HttpRequest, question: Question, *, now: datetime) -> dict[str, Any]:
    """Return the question with its forecasts, reminders and answers. A fixed number of queries."""
    given = question.resolutions.select_related("recorded_by", "superseded_by", "replaced_by")
    answers = list(given.order_by("-pk"))
    in_force = next((each for each in answers if getattr(each, "superseded_by", None) is None), None)
    is_answered = is_answer(in_force)
    hidden = not is_answered and bool(tell(request, [question.pk]))
    return {
        "question": question,
        "stamp": stamp_at(question, in_force, now=now),
        "siblings": [(each, page_of(each)) for each in rungs(question) if each.pk != question.pk],
        "kind_words": kind_words(question),
        "deadline_words": deadline_words(question.deadline),
        "deadline_basis": basis_of_deadline(question),
        "deadline_instant": instant(question.deadline_at, question.deadline_zone),
        "waits": lateness(question, now=now),
        "is_answered": is_answered,
        "replaced_by": _named(in_force.replaced_by if in_force else None),
        "takes_the_place_of": [_named(each) for each in superseded_by_this(question)],
        "hidden": hidden,
        "to_show": [{"slug": question.slug}] if hidden else [],
        "forecasts": [] if hidden else [_forecast(each, question) for each in _forecasts(question)],
        "answers": [_answer(each, question) for each in answers],
        "verdicts": _verdicts(request, question),
        "moves": [_move(each) for each in question.deadline_moves.order_by("-pk")],
        "desk_moves": list(
            question.desk_moves.select_related("moved_from", "moved_to", "recorded_by").order_by("-pk")
        ),
        "reminders": list(question.reminders.select_related("recipient").order_by("-due_at", "-pk")[:12]),
        "topics": list(question.topics.all()),
        "entry": entry_of(question),
    }


def _named(question: Question | None) -> dict[str, Any] | None:
    return {"words": question.proposition, "address": page_of(question)} if question else None


def _forecasts(question: Question) -> Any:
    return (
        Forecast.objects.filter(question=question)
        .select_related("source", "statement", "term__scale", "correction")
        .order_by("stated_at", "pk")
    )


def _forecast(row: Forecast, question: Question) -> dict[str, Any]:
    return {
        "address": page_of(row),
        "source": row.source.name,
        "source_address": page_of(row.source),
        "words": row.statement.quote if row.statement else "",
        "statement_address": page_of(row.statement) if row.statement else "",
        "reading": said_words(row, question),
        "term": row.term,
        "basis": basis_of(row, question),
        "withdrawn": row.withdrawn,
        "stated_on": day(row.stated_at),
        "deadline": deadline_words(row.deadline),
        "deadline_basis": basis_of_deadline(row),
        "corrected": getattr(row, "correction", None) is not None,
    }


def _move(row: DeadlineMove) -> dict[str, Any]:
    was = Deadline(
        on=date.fromisoformat(row.moved_from["on"]),
        granularity=Granularity(row.moved_from["granularity"]),
        zone=row.moved_from["zone"],
        rule=EndRule(row.moved_from["rule"]),
    )
    return {
        "was": deadline_words(was),
        "is": deadline_words(row.deadline),
        "reason": row.reason,
        "recorded_at": row.recorded_at,
    }


def _verdicts(request: HttpRequest, question: Question) -> list[dict[str, Any]]:
    """Return the verdicts that whoever asks may see, the latest first, each with its evidence."""
    evidence = Prefetch(
        "evidence", queryset=Evidence.objects.select_related("document", "copy_of").order_by("pk")
    )
    seen = verdicts_seen_by(user=request.user).filter(question=question)
    rows = seen.select_related("recorded_by", "question", "follows__question")
    return [
        {"verdict": each, "said": answer_words(each)}
        for each in rows.prefetch_related(evidence).order_by("-pk")
    ]


def _answer(row: Resolution, question: Question) -> dict[str, Any]:
    return {
        "resolution": row,
        "address": page_of(row),
        "stamp": stamp_of_answer(row, question=question),
        "happened_on": day(row.occurred_at.astimezone(UTC).date()) if row.occurred_at else "",
        "in_force": getattr(row, "superseded_by", None) is None,
    }
