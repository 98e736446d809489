"""Blind desks: who said what, and how likely, stays hidden until one's own verdict is in."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from forecasts.models import Place, Question
from forecasts.questions.reads import blind
from forecasts.questions.writes import blind as services
from tracker.admin.kit.access import DeskAdmin
from tracker.admin.kit.pages import PageAdmin, page_of


def tell(request: HttpRequest, questions: Collection[int]) -> frozenset[int]:
    """Return those of these questions that are hidden from whoever asks; the rest is noted as shown."""
    return services.tell(user=request.user, questions=questions, place=Place.DESK, now=timezone.now())


def hidden_questions(request: HttpRequest) -> QuerySet[Question]:
    """Return the questions of blind desks that whoever asks has still to answer."""
    return blind.hidden_questions(user=request.user)


def without_hidden(request: HttpRequest, rows: QuerySet[Any], *, by: str) -> QuerySet[Any]:
    """Leave out the rows that speak of a hidden question; `by` is the way from the row to its question."""
    return blind.without_hidden(rows, user=request.user, by=by)


class BlindList(DeskAdmin):
    """
    Rows that say who said what on a question: lists leave those of hidden questions out.

    `hidden_by` names the way from the row to its question.
    """

    hidden_by = "question"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return without_hidden(request, rows, by=self.hidden_by)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        response: HttpResponseBase = super().changelist_view(request, extra_context)
        listed = getattr(response, "context_data", {}).get("cl")
        if listed is not None:
            self._tell(request, [row.pk for row in listed.result_list])
        return response

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponseBase:
        if object_id.isdecimal() and self.has_view_permission(request):
            self._tell(request, [int(object_id)])
        return super().change_view(request, object_id, form_url, extra_context)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if object_id.isdecimal() and self.has_view_permission(request):
            self._tell(request, [int(object_id)])
        return super().history_view(request, object_id, extra_context)

    def _tell(self, request: HttpRequest, keys: list[int]) -> None:
        seen = without_hidden(request, self.model._default_manager.filter(pk__in=keys), by=self.hidden_by)
        tell(request, spoken_on(seen, by=self.hidden_by))


class BlindRow(PageAdmin):
    """
    A page that says who said what on a question: where it is hidden, it says so and no more.

    `page_hidden_by` names the way from the row to its question. Nothing is done there either.
    """

    page_hidden_by = "question"

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponseBase:
        if not object_id.isdecimal() or not self.has_view_permission(request):
            return super().change_view(request, object_id, form_url, extra_context)
        found = self.model._default_manager.filter(pk=object_id)
        hidden = tell(request, spoken_on(found, by=self.page_hidden_by))
        if not hidden or without_hidden(request, found, by=self.page_hidden_by).exists():
            return super().change_view(request, object_id, form_url, extra_context)
        questions = Question.objects.filter(pk__in=hidden).order_by("deadline_at", "pk")
        return self.render(
            request,
            "admin/desk/hidden.html",
            hidden=[{"question": each, "slug": each.slug, "address": page_of(each)} for each in questions],
            title=_("Hidden"),
        )


class BlindPage(BlindRow, BlindList):
    """Both: pages and lists that say who said what on a question."""


def spoken_on(rows: QuerySet[Any], *, by: str) -> set[int]:
    """Return the questions that these rows speak of."""
    return set(rows.exclude(**{by: None}).values_list(by, flat=True))
