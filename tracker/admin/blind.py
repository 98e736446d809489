"""Blind desks: who said what, and how likely, stays hidden until one's own verdict is in."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from forecasts.models import Question
from forecasts.queries import blind
from tracker.admin.pages import PageAdmin, page_of

# Whoever issued a statement's forecast has read the statement.
OWNED_BY = {"forecasts__question": ("recorded_by", "forecasts__recorded_by")}


def hidden_questions(request: HttpRequest) -> QuerySet[Question]:
    """Return the questions of blind desks that whoever asks has still to answer."""
    return blind.hidden_questions(user=request.user)


def is_hidden(request: HttpRequest, question: Question) -> bool:
    """Return whether this question's forecasts are hidden from whoever asks."""
    return blind.is_hidden(user=request.user, question=question)


def without_hidden(request: HttpRequest, rows: QuerySet[Any], *, by: str) -> QuerySet[Any]:
    """Leave out the rows that speak of a hidden question; `by` is the way from the row to its question."""
    return blind.without_hidden(rows, user=request.user, by=by, owned_by=OWNED_BY.get(by, ("recorded_by",)))


class BlindPage(PageAdmin):
    """
    Pages that say who said what on a question: where it is hidden, the page says so and no more.

    `hidden_by` names the way from the row to its question. Lists leave such rows out.
    """

    hidden_by = "question"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return without_hidden(request, rows, by=self.hidden_by)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponseBase:
        question = self._hidden_question(request, object_id)
        if question is None:
            return super().change_view(request, object_id, form_url, extra_context)
        return self.render(
            request,
            "admin/desk/hidden.html",
            question=question,
            address=page_of(question),
            title=_("Hidden"),
        )

    def _hidden_question(self, request: HttpRequest, object_id: str) -> Question | None:
        """Return the question that keeps the page hidden, where whoever asks may see pages at all."""
        if not object_id.isdecimal() or not self.has_view_permission(request):
            return None
        found = self.model._default_manager.filter(pk=object_id)
        if without_hidden(request, found, by=self.hidden_by).exists():
            return None
        spoken_on = found.values(self.hidden_by)
        return hidden_questions(request).filter(pk__in=spoken_on).first()
