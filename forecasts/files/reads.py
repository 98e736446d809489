"""The record, row by row, for those who take it elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import islice
from operator import or_

from django.db.models import Case, Count, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce, Collate

from forecasts.boards.reads.columns.columns import board_forecasts
from forecasts.models import Board, Forecast, Question, QuestionKind, Resolution, Source
from forecasts.models.questions.forecast import ForecastQuerySet

ROWS_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A forecast with its question and the answer in force; `source` is the one that it counts for."""

    forecast: Forecast
    question: Question
    resolution: Resolution | None
    source: Source
    source_name: str


def record_rows(*, board: Board | None, public: bool = False) -> Iterator[RecordRow]:
    """
    Yield the forecasts that stand, a few thousand in memory at a time.

    Those of a board, or all of them, and of these all or the public ones; by question, source, time and
    order of recording, whatever the language of the database.
    """
    rows = _standing(board, public)
    names, told_apart = _names()
    whose = Coalesce("source__merged_into", "source")
    shown = Case(
        *(When(counts_for=key, then=Value(name)) for key, name in told_apart.items()),
        default=Coalesce("source__merged_into__name", "source__name"),
    )
    rows = (
        rows.select_related("term__scale", "source__merged_into")
        .annotate(counts_for=whose)
        .order_by(Collate("question__slug", "C"), Collate(shown, "C"), "stated_at", "pk")
    )
    stream = rows.iterator(chunk_size=ROWS_AT_ONCE)
    while some := list(islice(stream, ROWS_AT_ONCE)):
        keys = {each.question_id for each in some}
        questions = Question.objects.select_related("event").prefetch_related("topics").in_bulk(list(keys))
        answers = {each.question_id: each for each in Resolution.objects.in_force().filter(question__in=keys)}
        for each in some:
            source = each.source.standing
            question = questions[each.question_id]
            yield RecordRow(each, question, answers.get(question.pk), source, names[source.pk])


def has_other_kinds(*, board: Board | None, public: bool = False) -> bool:
    """Return whether any of the record's rows are on questions of other kinds than yes or no."""
    return _standing(board, public).exclude(question__kind=QuestionKind.BINARY).exists()


def questions_not_public(*, board: Board | None) -> int:
    """Return on how many questions that are not public the record's rows are."""
    rows = _standing(board, False).filter(question__public_since=None)
    return rows.order_by().values("question").distinct().count()


def not_in_record(*, board: Board | None, public: bool = False) -> dict[str, int]:
    """
    Return how many there are of what `record_rows` or the common format leaves out, by its name.

    Of a board, as far as its forecasts go. Two queries.
    """
    deadlines = [f"deadline_{name}" for name in ("on", "granularity", "zone", "rule")]
    moved = reduce(or_, (~Q(**{name: F(f"question__{name}")}) for name in deadlines))
    rows = _standing(board, public).aggregate(
        notes=Count("pk", filter=~Q(note="")),
        quotes=Count("statement", distinct=True),
        own_deadlines=Count("pk", filter=moved),
        corrected=Count("pk", filter=Q(correction_of__isnull=False)),
    )
    asked = Question.objects.public() if public else Question.objects.all()
    if board is not None:
        asked = asked.filter(pk__in=_standing(board, public).values("question"))
    superseded = Resolution.objects.superseding().filter(question=OuterRef("pk"))
    questions = asked.aggregate(
        unforecast=Count("pk", filter=~Exists(Forecast.objects.current().filter(question=OuterRef("pk")))),
        base_rates=Count("pk", filter=Q(base_rate__isnull=False)),
        superseded=Count("pk", filter=Exists(superseded)),
    )
    return {**rows, **questions}


def _standing(board: Board | None, public: bool) -> ForecastQuerySet:
    rows = Forecast.objects.current()
    rows = rows.public() if public else rows
    if board is not None:
        rows = rows.filter(pk__in=board_forecasts(board=board, at=None).values("pk"))
    return rows


def _names() -> tuple[dict[int, str], dict[int, str]]:
    """Return each source's name; and apart, those with the slug behind them as another has the same name."""
    standing = list(Source.objects.standing().values_list("pk", "name", "slug"))
    times = Counter(name for _, name, _ in standing)
    apart = {key: f"{name} ({slug})" for key, name, slug in standing if times[name] > 1}
    return {key: name for key, name, _ in standing} | apart, apart
