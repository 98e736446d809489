"""Blind desks in the API: what is hidden from those of the desk until their own verdict is in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from forecasts.models import Place, Question
from forecasts.questions.reads.blind import without_hidden
from forecasts.questions.writes import blind
from tracker.api.kit.nouns import NounView

HIDDEN = gettext_lazy(
    "Hidden until you have given your verdict: this desk answers without seeing who said what."
)


def tell(request: Request, questions: Collection[int], *, now: datetime) -> frozenset[int]:
    """Return those of these questions that are hidden from whoever asks; the rest is noted as shown."""
    return blind.tell(user=request.user, questions=questions, place=Place.API, now=now)


def refuse_hidden(request: Request, question: Question, *, now: datetime) -> None:
    """Raise PermissionDenied where what was said on the question is hidden from whoever asks."""
    if tell(request, [question.pk], now=now):
        raise PermissionDenied(HIDDEN)


class BlindRow(NounView):
    """
    Rows that say who said what on a question: that of a hidden one is refused with the reason.

    Whatever is to be done with it. `hidden_by` names the way from the row to its question.
    """

    hidden_by = "question"

    def get_object(self) -> Any:
        found = super().get_object()
        if not self.seen(type(found)._default_manager.filter(pk=found.pk)).exists():
            raise PermissionDenied(HIDDEN)
        self.tell([found])
        return found

    def seen(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return without_hidden(rows, user=self.request.user, by=self.hidden_by)

    def tell(self, rows: Sequence[Any]) -> None:
        """Note that these rows are shown."""
        if rows and self.request.user.is_authenticated:
            named = type(rows[0])._default_manager.filter(pk__in=[row.pk for row in rows])
            keys = named.exclude(**{self.hidden_by: None}).values_list(self.hidden_by, flat=True)
            tell(self.request, set(keys), now=self.now)


class BlindView(BlindRow):
    """Rows of which those of hidden questions are left out of lists, too."""

    def without_hidden(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Leave the rows of hidden questions out of a list; other actions find all, and are refused."""
        return self.seen(rows) if self.action == "list" else rows

    def paginate_queryset(self, queryset: QuerySet[Any]) -> Any:
        page = super().paginate_queryset(queryset)
        self.tell(page or [])
        return page
