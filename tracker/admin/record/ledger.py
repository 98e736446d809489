"""The ledger at the desk: every entry, and the fact that it covers."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from forecasts.models import Entry
from forecasts.record.reads.ledger import facts_by_kind
from tracker.admin.kit.columns import column
from tracker.admin.kit.facts import ReadOnly
from tracker.wording.numbers import NOTHING


@admin.register(Entry)
class EntryAdmin(ReadOnly):
    list_display = ("sequence", "kind", "fact_link", "facts", "short_hash", "recorded_at")
    list_filter = ("kind",)
    search_fields = ("sha256", "fact_sha256")
    ordering = ("-sequence",)
    readonly_fields = ("fact_link",)

    @column(description=_("Entry"))
    def fact_link(self, entry: Entry) -> str:
        model = facts_by_kind().get(entry.kind)
        if model is None or entry.fact_id is None:
            return NOTHING
        try:
            address = reverse(f"admin:forecasts_{model._meta.model_name}_change", args=[entry.fact_id])
        except NoReverseMatch:
            return str(entry.fact_id)
        return format_html(
            '<a class="link" href="{}">{} {}</a>', address, model._meta.verbose_name, entry.fact_id
        )

    @column(description=_("SHA-256"), ordering="sha256")
    def short_hash(self, entry: Entry) -> str:
        return format_html('<code class="hash">{}</code>', entry.sha256[:16])

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
