"""Publish a row, and take it back; what was published and taken back, when and by whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import QuerySet
from django_filters import BooleanFilter, FilterSet, ModelChoiceFilter, UUIDFilter
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from forecasts.limits import most
from forecasts.models import Publication, Question
from forecasts.people.reads.roles import Verb
from tracker.api.kit.fields import KeyRef, ReasonInput, Shown
from tracker.api.kit.nouns import NounView, Ordering, ReadView

VERBS = {"publish": Verb.PUBLISH, "unpublish": Verb.UNPUBLISH}


class PublishInput(serializers.Serializer[Any]):
    """Why, if there is more to say than that it is ready."""

    reason = serializers.CharField(default="", allow_blank=True, max_length=most("note"))


class PublishActions(NounView):
    """The actions of a noun that is public from an instant on, or not at all."""

    # What the services call the row, and the two services.
    published: ClassVar[tuple[str, Callable[..., object], Callable[..., object]]]

    @extend_schema(summary="Publish it", request=PublishInput)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, **named: Any) -> Response:
        """
        Everybody may see it from now on. With a question go what was said and answered on it, and the
        accepted words that it was read from; with a document its accepted words.
        """
        row, given = self.get_object(), self.parsed(PublishInput)
        name, publish, _take_back = self.published
        publish(**{name: row}, reason=given["reason"], by=self.by, now=self.now)
        return self.answer(row)

    @extend_schema(summary="Take it back", request=ReasonInput)
    @action(detail=True, methods=["post"])
    def unpublish(self, request: Request, **named: Any) -> Response:
        """Only the desks see it from now on, until somebody publishes it again."""
        row, given = self.get_object(), self.parsed(ReasonInput)
        name, _publish, take_back = self.published
        take_back(**{name: row}, reason=given["reason"], by=self.by, now=self.now)
        return self.answer(row)


class PublicationSerializer(Shown):
    """A question, or words of an article, that became public (`public`), or that were taken back."""

    question = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    statement = KeyRef(read_only=True, allow_null=True)
    by = serializers.SlugRelatedField(
        source="recorded_by", slug_field="username", read_only=True, allow_null=True
    )

    class Meta:
        model = Publication
        fields = ("id", "question", "statement", "public", "since", "how", "reason", "by", "recorded_at")


class PublicationFilter(FilterSet):
    question = ModelChoiceFilter(queryset=Question.objects.all(), to_field_name="slug")
    statement = UUIDFilter(field_name="statement__key")
    public = BooleanFilter()
    ordering = Ordering(fields=("recorded_at",))


class PublicationView(ReadView):
    """What was published and taken back. It is for the desk."""

    serializer_class = PublicationSerializer
    filterset_class = PublicationFilter
    lookup_value_converter = "int"
    verbs = {"list": Verb.READ_DRAFTS, "retrieve": Verb.READ_DRAFTS}

    def get_queryset(self) -> QuerySet[Publication]:
        rows = Publication.objects.select_related("question", "statement", "recorded_by")
        return rows.order_by("-recorded_at", "-pk")
