"""Blind desks in the API: what is hidden from those of the desk until their own verdict is in."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import PermissionDenied
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from forecasts.models import Question
from forecasts.queries.blind import is_hidden, without_hidden
from tracker.api.nouns import NounView

HIDDEN = gettext_lazy("Hidden until your verdict is in: the desk of its question is blind.")


def refuse_hidden(request: Request, question: Question) -> None:
    """Raise PermissionDenied where what was said on the question is hidden from whoever asks."""
    if is_hidden(user=request.user, question=question):
        raise PermissionDenied(HIDDEN)


class BlindView(RetrieveModelMixin, NounView):
    """
    Rows that say who said what on a question: those of hidden questions are left out of lists.

    One that is asked for by its key is refused with the reason. Writing is not hidden: whoever puts a
    forecast on the record has read it. `hidden_by` names the way from the row to its question.
    """

    hidden_by = "question"
    owned_by: tuple[str, ...] = ("recorded_by",)

    def without_hidden(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Leave the rows of hidden questions out of a list; other actions find all."""
        if self.action != "list":
            return rows
        return self._seen(rows)

    def _seen(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return without_hidden(rows, user=self.request.user, by=self.hidden_by, owned_by=self.owned_by)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found = self.get_object()
        if not self._seen(type(found)._default_manager.filter(pk=found.pk)).exists():
            raise PermissionDenied(HIDDEN)
        return Response(self.get_serializer(found).data)
