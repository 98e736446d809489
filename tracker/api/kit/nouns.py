"""What the views of all nouns share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.models import User
from django.db.models import Model, Q, QuerySet
from django.utils import timezone
from django_filters import CharFilter, FilterSet, IsoDateTimeFilter, OrderingFilter
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet

from forecasts.people.reads.roles import Verb
from tracker.api.kit.fields import InstantField, read_as_of
from tracker.api.kit.freshness import FreshView
from tracker.api.kit.permissions import MayDo, allows
from tracker.api.kit.repeats import RepeatableView


class NounView(RepeatableView, FreshView, GenericViewSet):
    """
    The rows of one noun: the public part for everybody, the rest by role.

    A subclass lists the verb that each of its actions asks for, and reads the clock once.
    """

    permission_classes = (MayDo,)
    verbs: ClassVar[dict[str, Verb]] = {}
    filterset_class: ClassVar[type[FilterSet] | None] = None

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        self.now: datetime = timezone.now()
        super().initial(request, *args, **kwargs)

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "now": self.now, "on_desk": self.on_desk}

    @property
    def on_desk(self) -> bool:
        """Whether whoever asks may see drafts and what else is kept for the desk."""
        if getattr(self, "swagger_fake_view", False):
            return False
        return allows(self.request, Verb.READ_DRAFTS)

    def readable(self, rows: Any) -> Any:
        """Return those of the rows that whoever asks may see: all on the desk, else what is public."""
        return rows if self.on_desk else rows.public()

    @property
    def as_of(self) -> datetime | None:
        """The instant that `as_of` names, or None where it isn't given. Raises ValidationError."""
        if getattr(self, "swagger_fake_view", False):
            return None
        return read_as_of(self.request.query_params.get("as_of"), now=self.now)

    @property
    def by(self) -> User | None:
        """Whoever asks, as the record keeps it."""
        return self.request.user if isinstance(self.request.user, User) else None

    def parsed(self, serializer_class: type[BaseSerializer[Any]], *, partial: bool = False) -> dict[str, Any]:
        """
        Return the request's body as the serializer reads it; where `partial`, what it names only.

        Raises ValidationError.
        """
        serializer = serializer_class(
            data=self.request.data, partial=partial, context=self.get_serializer_context()
        )
        serializer.is_valid(raise_exception=True)
        given: dict[str, Any] = serializer.validated_data
        return given

    def answer(self, row: Model, *, status: int = status.HTTP_200_OK) -> Response:
        """Answer with one row of this noun, as reading it would."""
        found = self.get_queryset().get(pk=row.pk)
        return Response(self.get_serializer(found).data, status=status)

    def created(self, row: Model) -> Response:
        return self.answer(row, status=self.status_of(row))

    def status_of(self, row: Model) -> int:
        """Return 201 for a row that was recorded now, and 200 for one that was there and says the same."""
        at = getattr(row, "recorded_at", None) or getattr(row, "created_at", None)
        return status.HTTP_201_CREATED if at in (None, self.now) else status.HTTP_200_OK


class ReadView(ListModelMixin, RetrieveModelMixin, NounView):
    """Rows to list and to read."""


def readable(model: type[Model]) -> Callable[[Request | None], QuerySet[Any]]:
    """Return, for a filter, the rows that whoever asks may see: what is hidden is as if it were not."""

    def of_request(request: Request | None) -> QuerySet[Any]:
        rows = model._default_manager.all()
        # Where the schema is written, nobody asks.
        if request is None:
            return rows
        found: QuerySet[Any] = request.parser_context["view"].readable(rows)
        return found

    return of_request


class Ordering(OrderingFilter):
    """Order by what is asked, and by key among equals, so that pages neither skip nor repeat."""

    def filter(self, qs: QuerySet[Any], value: list[str] | None) -> QuerySet[Any]:
        return super().filter(qs, value).order_by(*self._keys(value)) if value else qs

    def _keys(self, value: list[str]) -> list[Any]:
        return [*(self.get_ordering_value(each) for each in value), "pk"]


class Search(CharFilter):
    """Rows in which any of these columns holds the words."""

    def __init__(self, *columns: str, **kwargs: Any) -> None:
        super().__init__(min_length=2, max_length=200, **kwargs)
        self.columns = columns

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        if not value:
            return qs
        held = [Q(**{f"{column}__icontains": value}) for column in self.columns]
        return qs.filter(reduce(or_, held))


class InstantFormField(forms.CharField):
    """An instant in a query string, read as strictly as in a body."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            # A query string turns a plus sign into a space.
            return InstantField().run_validation(text.replace(" ", "+"))
        except ValidationError as error:
            raise forms.ValidationError([str(each) for each in error.detail]) from error


class InstantFilter(IsoDateTimeFilter):
    """Rows from an instant on, or before it."""

    field_class = InstantFormField
