"""What the public sees of each noun, said once: pages, feeds, the API, charts and files ask for it."""

from __future__ import annotations

from typing import Self, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from forecasts.models.record.fact import FactQuerySet

Row = TypeVar("Row", bound=models.Model)


class WithPublicSince(models.Model):
    """A row that is public from an instant on, or not at all. Its publications are the truth."""

    public_since = models.DateTimeField(_("public since"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True


Published = TypeVar("Published", bound=WithPublicSince)


def if_public(row: Published | None) -> Published | None:
    """Return the row that another one names, where everybody may see it."""
    return None if row is None or row.public_since is None else row


class PublishedQuerySet(FactQuerySet[Row]):
    def public(self) -> Self:
        """Return the rows that everybody may see."""
        return self.filter(public_since__isnull=False)


class OfQuestionQuerySet(FactQuerySet[Row]):
    """Rows that are public with their question."""

    def public(self) -> Self:
        """Return the rows that everybody may see."""
        return self.filter(question__public_since__isnull=False)
