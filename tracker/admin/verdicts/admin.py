"""Verdicts, resolutions, decisions and moved deadlines at the desk: read only, each in the ledger."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from forecasts.models import (
    BlindSwitch,
    DeadlineMove,
    Decision,
    DeskMove,
    Dispute,
    Evidence,
    Merge,
    Reply,
    Resolution,
    Shown,
    Standing,
    Upholding,
    Verdict,
)
from forecasts.people.reads.roles import Verb
from forecasts.verdicts.reads.waiting import verdicts_seen_by
from tracker.admin.kit.access import DeskInline
from tracker.admin.kit.blind import BlindList
from tracker.admin.kit.columns import column
from tracker.admin.kit.facts import FactAdmin, ReadOnly


class EvidenceInline(DeskInline):
    model = Evidence
    fields = ("publisher", "published_on", "url", "document", "quote", "sha256")
    readonly_fields = fields
    verbose_name_plural = _("Evidence")


class AboutQuestion(FactAdmin):
    list_select_related: tuple[str, ...] = ("question", "recorded_by")
    search_fields: tuple[str, ...] = ("question__proposition", "note")
    ordering = ("-pk",)

    @column(description=_("Question"))
    def asked(self, fact: Verdict) -> str:
        return Truncator(fact.question.proposition).chars(90)


@admin.register(Verdict)
class VerdictAdmin(AboutQuestion):
    list_display = ("asked", "answer", "outcome", "occurred_at", "recorded_by", "recorded_at", "ledger_place")
    list_filter = ("answer", "seen_blind", "sighted_because")
    inlines = (EvidenceInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Verdict]:
        """On a desk that asks for two, nobody reads the other's verdict before both are in."""
        rows: QuerySet[Verdict] = super().get_queryset(request)
        return rows.filter(pk__in=verdicts_seen_by(user=request.user).order_by().values("pk"))


@admin.register(Resolution)
class ResolutionAdmin(AboutQuestion):
    list_display = ("asked", "answer", "outcome", "method", "recorded_by", "recorded_at", "ledger_place")
    list_filter = ("answer", "method")
    readonly_fields: tuple[str, ...] = ("verdicts", "ledger_place", "ledger_hash")


@admin.register(DeadlineMove)
class DeadlineMoveAdmin(AboutQuestion):
    list_display = ("asked", "deadline_on", "reason", "recorded_by", "recorded_at", "ledger_place")
    search_fields = ("question__proposition", "reason")


@admin.register(DeskMove)
class DeskMoveAdmin(AboutQuestion):
    list_display = ("asked", "moved_from", "moved_to", "reason", "recorded_by", "recorded_at", "ledger_place")
    list_filter = ("moved_from", "moved_to")
    list_select_related = ("question", "moved_from", "moved_to", "recorded_by")
    search_fields = ("question__proposition", "reason")


@admin.register(Dispute)
class DisputeAdmin(AboutQuestion):
    list_display = ("asked", "reason", "raised_by", "recorded_by", "recorded_at", "ledger_place")
    search_fields = ("question__proposition", "reason", "raised_by")


@admin.register(Upholding)
class UpholdingAdmin(FactAdmin):
    list_display = ("dispute", "reason", "recorded_by", "recorded_at", "ledger_place")
    list_select_related = ("dispute", "recorded_by")
    search_fields = ("reason", "dispute__reason")


@admin.register(Reply)
class ReplyAdmin(BlindList, AboutQuestion):
    list_display = ("source", "text", "replied_on", "asked", "recorded_at", "ledger_place")
    list_select_related = ("question", "source", "recorded_by")
    search_fields = ("text", "source__name", "question__proposition")


@admin.register(Decision)
class DecisionAdmin(BlindList, FactAdmin):
    """The words of a blind desk's question are not read here either."""

    hidden_by = "statement__forecasts__question"
    list_display = ("words", "status", "reason", "recorded_by", "recorded_at", "ledger_place")
    list_filter = ("status",)
    list_select_related = ("statement", "recorded_by")
    search_fields = ("statement__quote", "reason")
    ordering = ("-pk",)

    @column(description=_("Words"))
    def words(self, decision: Decision) -> str:
        return Truncator(decision.statement.quote).chars(90)


@admin.register(BlindSwitch)
class BlindSwitchAdmin(FactAdmin):
    list_display = ("desk", "blind", "recorded_by", "recorded_at", "ledger_place")
    list_filter = ("desk", "blind")
    list_select_related = ("desk", "recorded_by")


@admin.register(Shown)
class ShownAdmin(ReadOnly):
    """Who was shown who said what before their verdict, for the heads of desks: it says who reads what."""

    read_verb = Verb.EDIT_DESK
    list_display = ("user", "asked", "place", "shown_at")
    list_filter = ("place",)
    list_select_related = ("user", "question")
    search_fields = ("user__username", "question__proposition")
    ordering = ("-pk",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @column(description=_("Question"))
    def asked(self, shown: Shown) -> str:
        return Truncator(shown.question.proposition).chars(90)


@admin.register(Merge)
class MergeAdmin(FactAdmin):
    list_display = ("source", "into", "reason", "recorded_by", "recorded_at", "ledger_place")
    list_select_related = ("source", "into", "recorded_by")
    search_fields = ("source__name", "into__name", "reason")


@admin.register(Standing)
class StandingAdmin(FactAdmin):
    list_display = ("board", "as_of", "ledger_sequence", "recorded_at", "ledger_place")
    list_filter = ("board",)
    list_select_related = ("board", "recorded_by")
