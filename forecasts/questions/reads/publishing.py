"""What could be published now."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from forecasts.models import Document, Forecast, Question, Statement, StatementStatus
from forecasts.models.articles.document import StatementQuerySet


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
