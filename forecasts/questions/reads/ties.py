"""Who is tied to a source, and so to which questions: those that the source spoke on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from forecasts.models import Forecast, Question, Tie

NOBODY = 0


def tied_to(*questions: Question) -> QuerySet[Tie]:
    """Return the ties to sources, as they count after merges, that have a forecast on the questions."""
    said = Forecast.objects.current().filter(question__in=questions)
    sources = said.annotate(counts_as=_standing("source")).values("counts_as")
    return Tie.objects.annotate(counts_as=_standing("source")).filter(counts_as__in=sources)


def questions_tied(*, user_id: int | None) -> QuerySet[Question]:
    """Return the questions that somebody is excluded from by a tie to a source."""
    ties = Tie.objects.filter(user_id=user_id or NOBODY).annotate(counts_as=_standing("source"))
    said = (
        Forecast.objects.current()
        .annotate(counts_as=_standing("source"))
        .filter(counts_as__in=ties.values("counts_as"))
    )
    return Question.objects.filter(pk__in=said.values("question"))


def tied_among(questions: Collection[int]) -> Iterator[tuple[int, int]]:
    """Return each question's key with each user that is tied to a source of a forecast on it."""
    users: dict[int, list[int]] = defaultdict(list)
    ties = Tie.objects.annotate(counts_as=_standing("source"))
    for user, source in ties.values_list("user_id", "counts_as"):
        users[source].append(user)
    if not users:
        return
    on_them = Forecast.objects.current().filter(question__in=questions)
    said = on_them.annotate(counts_as=_standing("source")).filter(counts_as__in=users)
    for question, source in said.order_by().values_list("question_id", "counts_as").distinct():
        yield from ((question, user) for user in users[source])


def _standing(source: str) -> Coalesce:
    return Coalesce(F(f"{source}__merged_into_id"), F(f"{source}_id"))
