"""Scales and their words at the desk. What a forecast has used is never edited."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Exists, Model, OuterRef, QuerySet
from django.http import HttpRequest

from forecasts.models import Event, Forecast, Scale, Term, Topic
from forecasts.people.reads.roles import Verb
from tracker.admin.kit.access import DeskAdmin
from tracker.admin.kit.columns import column
from tracker.wording.numbers import reading


@admin.register(Scale)
class ScaleAdmin(DeskAdmin):
    list_display = ("name", "kind", "source", "term_total")
    list_filter = ("kind",)
    search_fields = ("name", "source")
    add_verb = change_verb = Verb.EDIT_BOARDS
    prepopulated_fields = {"slug": ("name",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Scale]:
        rows: QuerySet[Scale] = super().get_queryset(request)
        used = Forecast.objects.filter(term__scale=OuterRef("pk"))
        return rows.annotate(terms_counted=Count("terms"), is_used=Exists(used))

    @column(description="n", ordering="terms_counted")
    def term_total(self, scale: Any) -> int:
        return int(scale.terms_counted)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and not getattr(obj, "is_used", False)

    def get_prepopulated_fields(self, request: HttpRequest, obj: Model | None = None) -> dict[str, Any]:
        return {} if obj else super().get_prepopulated_fields(request, obj)


@admin.register(Term)
class TermAdmin(DeskAdmin):
    list_display = ("phrase", "language", "scale", "numbers")
    list_filter = ("scale", "language")
    list_select_related = ("scale",)
    search_fields = ("phrase", "scale__name")
    add_verb = change_verb = Verb.EDIT_BOARDS

    def get_queryset(self, request: HttpRequest) -> QuerySet[Term]:
        rows: QuerySet[Term] = super().get_queryset(request)
        return rows.annotate(is_used=Exists(Forecast.objects.filter(term=OuterRef("pk"))))

    @column(description="0–1", ordering="best")
    def numbers(self, term: Term) -> str:
        return reading(low=term.low, best=term.best, high=term.high)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and not getattr(obj, "is_used", False)


@admin.register(Topic, Event)
class NamedAdmin(DeskAdmin):
    list_display = ("name", "slug")
    search_fields = ("name",)
    prepopulated_fields = {"slug": ("name",)}
    add_verb, change_verb = Verb.ADD_TOPIC, Verb.EDIT_TOPIC
