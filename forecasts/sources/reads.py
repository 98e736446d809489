"""Sources with their names, their roles and how much they have said. No row needs a query more."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, TypedDict, cast

from django.db.models import Count, Exists, F, Max, OuterRef, Prefetch, Q, QuerySet

from forecasts.models import Affiliation, Answer, Forecast, Question, Source

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class SourceCounts(TypedDict):
    question_count: int
    answered_count: int
    last_said_at: datetime | None


if TYPE_CHECKING:
    CountedSource = WithAnnotations[Source, SourceCounts]


def sources(*, hidden: QuerySet[Question] | None = None) -> QuerySet[CountedSource]:
    """
    Return the public sources that have not been merged away, with aliases and affiliations.

    Annotated: `question_count`, `answered_count` (questions with an outcome in force) and
    `last_said_at`, over public forecasts that no later row corrects. Those on `hidden` questions are not
    counted: a number that is one too high tells that the source spoke on one of them.
    """
    said = Q(forecasts__correction=None, forecasts__question__public_since__isnull=False)
    if hidden is not None:
        said &= ~Q(forecasts__question__in=hidden.values("pk"))
    answered = said & Q(
        forecasts__question__resolutions__answer=Answer.OUTCOME,
        forecasts__question__resolutions__superseded_by=None,
    )
    held = Affiliation.objects.select_related("as_stated_in").defer("as_stated_in__text")
    rows = (
        Source.objects.standing()
        .public()
        .prefetch_related("aliases", Prefetch("affiliations", queryset=held))
        .annotate(
            question_count=Count("forecasts__question", filter=said, distinct=True),
            answered_count=Count("forecasts__question", filter=answered, distinct=True),
            last_said_at=Max("forecasts__stated_at", filter=said),
        )
        .order_by("name", "pk")
    )
    return cast("QuerySet[CountedSource]", rows)


def sources_with_forecasts(*, hidden: QuerySet[Question] | None = None) -> QuerySet[CountedSource]:
    """Return the sources that have said something, those with the most to judge them by first."""
    return (
        sources(hidden=hidden)
        .filter(question_count__gt=0)
        .order_by(F("answered_count").desc(), F("question_count").desc(), "name")
    )


def sources_on_record() -> QuerySet[Source]:
    """Return the sources that have a public forecast, merged ones too."""
    said = Forecast.objects.public().filter(source=OuterRef("pk"))
    return Source.objects.select_related("merged_into").filter(Exists(said))


def names_with_answers() -> list[tuple[str, str]]:
    """Return slug and name of each source that has a public forecast on an answered question, by name."""
    answered = Q(
        forecasts__question__public_since__isnull=False,
        forecasts__question__resolutions__answer=Answer.OUTCOME,
        forecasts__question__resolutions__superseded_by=None,
    )
    rows = Source.objects.standing().filter(answered).order_by("name", "pk").distinct()
    return list(rows.values_list("slug", "name"))


def ids_with_merged(source: Source) -> set[int]:
    """Return the source's id and those of all sources merged into it, however deep."""
    found: set[int] = set()
    layer = {source.pk}
    while layer:
        found |= layer
        merged = Source.objects.filter(merged_into__in=layer).values_list("pk", flat=True)
        layer = set(merged) - found
    return found
