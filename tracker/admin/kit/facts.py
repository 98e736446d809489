"""Facts at the desk: lists and pages that only read, each with its place in the ledger."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from forecasts.models import Entry
from forecasts.questions.reads.listing import ledger_entries
from tracker.admin.kit.access import DeskAdmin
from tracker.admin.kit.columns import column
from tracker.wording.numbers import NOTHING


class ReadOnly(DeskAdmin):
    """A list and a page that only read."""

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return tuple(field.name for field in self.opts.fields) + tuple(self.readonly_fields)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class FactAdmin(ReadOnly):
    """A fact: its columns, its ledger sequence and its hash."""

    readonly_fields: tuple[str, ...] = ("ledger_place", "ledger_hash")
    list_select_related: bool | tuple[str, ...] = ("recorded_by",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        entry = Entry.objects.filter(kind=self.model.LEDGER_KIND, fact_id=OuterRef("pk"))
        return rows.annotate(entry=Coalesce(Subquery(entry.values("sequence")[:1]), F("block")))

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """What the fact says first, then when and by whom it was recorded, then its place in the ledger."""
        plumbing = ("id", "block", "recorded_at", "recorded_by")
        said = [field.name for field in self.opts.fields if field.name not in plumbing]
        return (*sorted(said, key=lambda name: name != "question"), *plumbing[2:], *self.readonly_fields)

    @column(description=_("Ledger"), ordering="entry")
    def ledger_place(self, fact: Any) -> str:
        return NOTHING if fact.entry is None else f"{fact.entry}"

    @column(description=_("SHA-256 in the ledger"))
    def ledger_hash(self, fact: Any) -> str:
        return hash_of(fact)


def entry_of(fact: Any) -> Entry | None:
    """Return the ledger entry that covers the fact."""
    return ledger_entries(facts=[fact]).get(fact)


def hash_of(fact: Any) -> SafeString | str:
    """Return the hash that the ledger keeps of the fact, as it is shown."""
    entry = entry_of(fact)
    return format_html('<code class="hash">{}</code>', entry.fact_sha256) if entry else NOTHING
