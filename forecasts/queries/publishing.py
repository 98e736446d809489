"""What could be published now, and whether what is public is what the publications say."""

from __future__ import annotations

from django.db.models import Case, Exists, F, Min, Model, OuterRef, Q, Subquery, When

from forecasts.models import Document, Forecast, Publication, Question, Statement, StatementStatus
from forecasts.models.document import StatementQuerySet


def words_of(question: Question) -> StatementQuerySet:
    """Return the accepted words that the question's forecasts were read from."""
    read = Forecast.objects.current().filter(question=question, statement=OuterRef("pk"))
    return Statement.objects.accepted().filter(Exists(read)).order_by("pk")


def waits_to_be_published(row: Question | Statement | Document) -> bool:
    """Return whether the row, or accepted words that would go with it, is not public yet."""
    if isinstance(row, Question):
        return row.public_since is None or words_of(row).filter(public_since=None).exists()
    if isinstance(row, Statement):
        return row.public_since is None and row.status == StatementStatus.ACCEPTED
    return Statement.objects.accepted().filter(document=row, public_since=None).exists()


def first_public_otherwise() -> Model | None:
    """Return a row whose `public_since` is not what its publications say, or None. Three queries at most."""
    said = Case(When(public=True, then=F("since")))
    for rows, name in ((Question.objects.all(), "question"), (Statement.objects.all(), "statement")):
        last = Publication.objects.filter(**{name: OuterRef("pk")}).order_by("-pk").annotate(said=said)
        found = rows.annotate(said=Subquery(last.values("said")[:1])).filter(_differs()).first()
        if found is not None:
            return found
    return Document.objects.annotate(said=Min("statements__public_since")).filter(_differs()).first()


def _differs() -> Q:
    """Return the rows of which one is known and the other is not, or both are and differ."""
    one_of_two = Q(public_since=None, said__isnull=False) | Q(public_since__isnull=False, said=None)
    both = Q(public_since__isnull=False, said__isnull=False)
    return one_of_two | (both & ~Q(public_since=F("said")))
