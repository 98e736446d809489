"""The record, row by row, for those who take it elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from django.db.models import Case, Count, Value, When
from django.db.models.functions import Coalesce, Collate

from forecasts.models import Board, Forecast, Question, QuestionKind, Resolution, Source
from forecasts.queries.columns import board_forecasts

ROWS_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A forecast with its question and the answer in force; `source` is the one that it counts for."""

    forecast: Forecast
    question: Question
    resolution: Resolution | None
    source: Source
    source_name: str


def record_rows(*, board: Board | None, every_kind: bool = False) -> Iterator[RecordRow]:
    """
    Yield the forecasts that stand, a few thousand in memory at a time; unless every kind is asked for,
    those on yes-or-no questions.

    Those of a board, or all of them; by question, source, time and order of recording, whatever
    the language of the database.
    """
    rows = Forecast.objects.current()
    if not every_kind:
        rows = rows.filter(question__kind=QuestionKind.BINARY)
    if board is not None:
        rows = rows.filter(pk__in=board_forecasts(board=board, at=None).values("pk"))
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


def not_in_record(*, board: Board | None) -> list[tuple[str, int, int]]:
    """
    Return what `record_rows` leaves out: each kind of question with its questions and their forecasts.

    The common format has one probability to a row, so it holds yes-or-no questions alone. One query.
    """
    rows = Forecast.objects.current().exclude(question__kind=QuestionKind.BINARY)
    if board is not None:
        rows = rows.filter(pk__in=board_forecasts(board=board, at=None).values("pk"))
    counts = (
        rows.order_by()
        .values("question__kind")
        .annotate(questions=Count("question", distinct=True), forecasts=Count("pk"))
    )
    found = [(each["question__kind"], each["questions"], each["forecasts"]) for each in counts]
    return sorted(found, key=lambda each: QuestionKind.values.index(each[0]))


def _names() -> tuple[dict[int, str], dict[int, str]]:
    """Return each source's name; and apart, those with the slug behind them as another has the same name."""
    standing = list(Source.objects.standing().values_list("pk", "name", "slug"))
    times = Counter(name for _, name, _ in standing)
    apart = {key: f"{name} ({slug})" for key, name, slug in standing if times[name] > 1}
    return {key: name for key, name, _ in standing} | apart, apart
