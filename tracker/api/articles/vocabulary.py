"""The words that other rows are described by: scales and their terms, topics, events."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django_filters import ChoiceFilter, FilterSet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from forecasts.house_rules import TABLE, Sets
from forecasts.models import Event, Scale, ScaleKind, Term, Topic
from tracker.api.kit.fields import Shown
from tracker.api.kit.freshness import FreshView
from tracker.api.kit.nouns import ReadView
from tracker.api.kit.permissions import MayDo


class TermShown(Shown):
    class Meta:
        model = Term
        fields = ("phrase", "language", "low", "best", "high", "respondents", "note")


class ScaleSerializer(Shown):
    """A reading of words as numbers: published, measured by survey, or ours."""

    terms = TermShown(many=True, read_only=True)

    class Meta:
        model = Scale
        fields = ("slug", "name", "kind", "source", "source_url", "licence", "note", "terms")


class TopicSerializer(Shown):
    class Meta:
        model = Topic
        fields = ("slug", "name")


class EventSerializer(Shown):
    """Questions of one event hang together, and count as one where uncertainty is computed."""

    class Meta:
        model = Event
        fields = ("slug", "name", "ladder")


class ScaleFilter(FilterSet):
    kind = ChoiceFilter(choices=ScaleKind.choices)


class ScaleView(ReadView):
    """Scales of words of probability, with their terms and where they come from."""

    serializer_class = ScaleSerializer
    filterset_class = ScaleFilter
    lookup_field = "slug"

    def get_queryset(self) -> QuerySet[Scale]:
        terms = Term.objects.order_by("-best", "phrase", "pk")
        return Scale.objects.prefetch_related(Prefetch("terms", queryset=terms)).order_by("name", "pk")


class TopicView(ReadView):
    """What questions are about. Topics of drafts alone are for the desk."""

    serializer_class = TopicSerializer
    lookup_field = "slug"

    def get_queryset(self) -> QuerySet[Topic]:
        rows = self.readable(Topic.objects.all())
        return rows.order_by("name", "pk")


class EventView(ReadView):
    """Events that several questions belong to. Events of drafts alone are for the desk."""

    serializer_class = EventSerializer
    lookup_field = "slug"

    def get_queryset(self) -> QuerySet[Event]:
        rows = self.readable(Event.objects.all())
        return rows.order_by("name", "pk")


class HouseRuleShown(serializers.Serializer[Any]):
    """
    A rule for what was not said, or for words of time.

    `sets` says what its numbers count: a probability (`level`), a share (`remainder`), steps of the last
    digit (`rounding`), the place in a range (`place`), days after it was said (`days_after`) or after
    1 January (`day_of_year`), or multiples of the time (`times`). `best` is null where it follows from
    the case. `published` is empty where the numbers are ours.
    """

    slug = serializers.CharField()
    name = serializers.CharField()
    sets = serializers.ChoiceField([each.value for each in Sets])
    low = serializers.FloatField()
    best = serializers.FloatField(allow_null=True)
    high = serializers.FloatField()
    phrases = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))
    reason = serializers.CharField()
    published = serializers.CharField(allow_blank=True)


class HouseRulesView(FreshView):
    """The house's rules, each with its range and its reason."""

    permission_classes = (MayDo,)

    @extend_schema(summary="List the house rules", responses={200: HouseRuleShown(many=True)})
    def get(self, request: Request) -> Response:
        return Response(HouseRuleShown(TABLE, many=True).data)
