"""
Questions and what was said on them, with all that a page, the API or the admin shows of them.

Each function returns a queryset whose rows need no further query for what it names.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypedDict, TypeGuard

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Least

from forecasts.models import (
    Answer,
    Dispute,
    Document,
    Entry,
    Evidence,
    Fact,
    Forecast,
    Question,
    Resolution,
    Scale,
    Source,
    Statement,
    Term,
    Verdict,
)
from forecasts.models.questions.question import QuestionQuerySet
from forecasts.models.record.public import PublishedQuerySet
from forecasts.sources.reads import ids_with_merged

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class QuestionCounts(TypedDict):
    source_count: int
    is_disputed: bool


if TYPE_CHECKING:
    CountedQuestion = WithAnnotations[Question, QuestionCounts]


def questions(rows: QuerySet[Question] | None = None) -> QuerySet[CountedQuestion]:
    """
    Return questions with their topics, their answers and their number of sources, the next due first.

    Those that are public, or the `rows` given. `answer_in_force` reads the answer of a row from here
    without a query; `source_count` and `is_disputed` (whether somebody disputes the answer that stands)
    are annotations.
    """
    rows = Question.objects.public() if rows is None else rows
    found = (
        rows.select_related("event")
        .prefetch_related("topics", Prefetch("resolutions", queryset=resolutions()))
        .annotate(
            source_count=Count("forecasts__source", filter=Q(forecasts__correction=None), distinct=True),
            is_disputed=Exists(Dispute.objects.open().filter(question=OuterRef("pk"))),
        )
        .order_by("deadline_at", "pk")
    )
    return found


def resolutions() -> QuerySet[Resolution]:
    """Return resolutions in the order of recording, each knowing whether a later one stands."""
    return Resolution.objects.select_related("superseded_by", "replaced_by").order_by("pk")


def answer_in_force(question: Question) -> Resolution | None:
    """Return the question's answer that no later one supersedes, from prefetched rows."""
    standing = [each for each in question.resolutions.all() if getattr(each, "superseded_by", None) is None]
    return standing[-1] if standing else None


def is_answer(standing: Resolution | None) -> TypeGuard[Resolution]:
    """Return whether what is in force is an answer, and not a reopening or nothing."""
    return standing is not None and standing.answer != Answer.REOPENED


def actual_close(question: Question) -> datetime:
    """Return when no forecast counts any more: at the deadline, or before it when the event happened."""
    answer = answer_in_force(question)
    happened = answer.occurred_at if answer and answer.answer == Answer.OUTCOME else None
    return min(happened, question.deadline_at) if happened else question.deadline_at


def superseded_by_this(question: Question) -> PublishedQuerySet[Question]:
    """Return the questions that this one takes the place of, by their opening."""
    theirs = Resolution.objects.superseding().filter(replaced_by=question)
    return Question.objects.filter(pk__in=theirs.values("question")).order_by("opens_at", "pk")


def open_questions(*, now: datetime) -> QuerySet[CountedQuestion]:
    """Return the questions without an answer whose deadline has not passed, the next one first."""
    return questions(Question.objects.public().open(now))


def questions_awaiting_an_answer(
    *, now: datetime, rows: QuestionQuerySet | None = None
) -> QuerySet[CountedQuestion]:
    """Return the questions whose deadline has passed without an answer, the longest wait first."""
    return questions((Question.objects.public() if rows is None else rows).due(now))


def questions_due_soon(*, now: datetime, within: timedelta) -> QuerySet[CountedQuestion]:
    """
    Return the questions without an answer that fall due within that time, or already have.

    Those to come stand first, the next one at the top; then those that are late, the latest first.
    """
    rows = questions(Question.objects.public().due(now + within))
    return rows.order_by(Least("deadline_at", Value(now)).desc(), "deadline_at", "pk")


def answered_questions() -> QuerySet[CountedQuestion]:
    """Return the questions with an outcome or void in force, the latest known first."""
    return (
        questions(Question.objects.public().answered())
        .annotate(known_at=_answers().order_by().values("occurred_at")[:1])
        .order_by(F("known_at").desc(nulls_last=True), "-pk")
    )


def _answers() -> QuerySet[Resolution]:
    return Resolution.objects.answering().filter(question=OuterRef("pk"))


def question_with_history() -> QuerySet[CountedQuestion]:
    """Return questions with every answer ever given on them, its verdicts and their evidence."""
    verdicts = Verdict.objects.prefetch_related(
        Prefetch("evidence", queryset=Evidence.objects.select_related("document", "copy_of").order_by("pk"))
    )
    answers = resolutions().prefetch_related(Prefetch("verdicts", queryset=verdicts.order_by("pk")))
    return (
        questions()
        .prefetch_related(None)
        .prefetch_related("topics", "deadline_moves", Prefetch("resolutions", queryset=answers))
    )


def forecasts_shown() -> QuerySet[Forecast]:
    """
    Return the public forecasts that no later row corrects, with all that a quote card shows.

    The source and its affiliations, the words and where they stood, the term and its scale, the
    question and its answer. Words that are not public are not there.
    """
    words = Statement.objects.public().select_related("document__outlet", "speaker").defer("document__text")
    return (
        Forecast.objects.current()
        .public()
        .select_related("source", "source__merged_into", "term__scale", "question")
        .prefetch_related(
            "source__affiliations",
            Prefetch("statement", queryset=words),
            Prefetch("question__resolutions", queryset=resolutions()),
        )
        .order_by("stated_at", "pk")
    )


def forecasts_by(source: Source) -> QuerySet[Forecast]:
    """Return what the source, and those merged into it, said: the latest first."""
    return forecasts_shown().filter(source__in=ids_with_merged(source)).order_by("-stated_at", "-pk")


def forecasts_with_newest_outcomes() -> QuerySet[Forecast]:
    """Return forecasts with public words on answered questions, those with the latest outcome first."""
    answer = Resolution.objects.filter(
        question=OuterRef("question"), superseded_by=None, answer=Answer.OUTCOME
    )
    return (
        forecasts_shown()
        .filter(Exists(answer), statement__public_since__isnull=False)
        .annotate(known_at=answer.order_by().values("occurred_at")[:1])
        .order_by("-known_at", "stated_at", "pk")
    )


def document_with_statements() -> QuerySet[Document]:
    """Return the public documents with their public statements, and the questions those speak of."""
    current = Forecast.objects.current().public().select_related("question", "source")
    marked = (
        Statement.objects.public()
        .select_related("speaker")
        .prefetch_related(Prefetch("forecasts", queryset=current.order_by("pk")))
        .order_by("start", "end")
    )
    return (
        Document.objects.public()
        .select_related("outlet", "desk")
        .prefetch_related(Prefetch("statements", queryset=marked))
    )


def scales() -> QuerySet[Scale]:
    """Return the scales of words with their terms, ours last."""
    terms = Term.objects.order_by("-best", "-high", "phrase")
    return (
        Scale.objects.prefetch_related(Prefetch("terms", queryset=terms))
        .annotate(ours=Q(kind="house"))
        .order_by("ours", "name")
    )


def ledger_entries(*, facts: Sequence[Fact]) -> dict[Fact, Entry]:
    """Return the ledger entry that covers each fact, singly or with its block. One query."""
    wanted = Q(pk__in=[])
    for fact in facts:
        wanted |= Q(kind=fact.LEDGER_KIND, fact_id=fact.pk) | Q(sequence=fact.block or 0)
    found = list(Entry.objects.filter(wanted))
    single = {(entry.kind, entry.fact_id): entry for entry in found}
    blocks = {entry.sequence: entry for entry in found}
    covering = {
        fact: single.get((fact.LEDGER_KIND, fact.pk)) or blocks.get(fact.block or 0) for fact in facts
    }
    return {fact: entry for fact, entry in covering.items() if entry is not None}
