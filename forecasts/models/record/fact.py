"""What every fact has: when we recorded it, who did, and its canonical form for the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, ClassVar, Self, TypeVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

Row = TypeVar("Row", bound=models.Model)


class FactQuerySet(models.QuerySet[Row]):
    """Rows that are never changed, so the past can be read back with a filter."""

    def as_known_on(self, at: datetime) -> Self:
        """Return the rows that had been recorded by that instant."""
        return self.filter(recorded_at__lte=at)


class Fact(models.Model):
    """
    A row that is written once. A database trigger refuses UPDATE and DELETE.

    Two times: a subclass says when the thing was said or happened; `recorded_at` says when we knew.
    """

    LEDGER_KIND: ClassVar[str]
    # What `as_fact` reads beyond the row itself: one row of another table, or several.
    LEDGER_READS: ClassVar[tuple[str, ...]] = ()
    LEDGER_LISTS: ClassVar[tuple[str, ...]] = ()
    # Keys of `as_fact` that a later canonical form added, and which: entries of earlier forms lack them.
    LEDGER_SINCE: ClassVar[Mapping[str, int]] = MappingProxyType({})

    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    block = models.BigIntegerField(
        _("ledger block"),
        null=True,
        blank=True,
        editable=False,
        db_index=True,
        help_text=_("The ledger entry that covers this fact, when it came in bulk."),
    )

    class Meta:
        abstract = True

    def as_fact(self) -> dict[str, Any]:
        """Return everything that the ledger's hash must cover, as plain values."""
        raise NotImplementedError

    def hashed_as(self, form: int) -> dict[str, Any]:
        """Return what an entry of that canonical form hashes: the keys that it had by then."""
        return {key: told for key, told in self.as_fact().items() if self.LEDGER_SINCE.get(key, 1) <= form}
