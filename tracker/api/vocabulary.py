"""The words that other rows are described by: scales and their terms, topics, events, desks."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django_filters import ChoiceFilter, FilterSet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from forecasts.models import Desk, Event, Scale, ScaleKind, Term, Topic
from forecasts.queries.agreement import desk_agreement
from forecasts.queries.roles import Verb
from tracker.api.fields import Shown
from tracker.api.nouns import ReadView


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


class DeskSerializer(Shown):
    class Meta:
        model = Desk
        fields = (
            "slug",
            "name",
            "zone",
            "language",
            "verdicts_required",
            "blind",
            "tolerance",
            "stages",
            "repeat_days",
        )


class DisagreementShown(serializers.Serializer[Any]):
    """Two verdicts that differ, and how it was decided; empty while it waits."""

    question = serializers.CharField(source="question.slug")
    first = serializers.CharField(source="said_first")
    second = serializers.CharField(source="said_second")
    decided = serializers.CharField()


class AgreementShown(serializers.Serializer[Any]):
    """
    How far the desk's editors agree. `kappa` is Cohen's, with its 95 % interval, over the `n_binary`
    pairs on yes-or-no questions; null where it is not defined.
    """

    n = serializers.IntegerField()
    agreed = serializers.IntegerField()
    n_binary = serializers.IntegerField()
    kappa = serializers.FloatField(allow_null=True)
    kappa_low = serializers.FloatField(allow_null=True)
    kappa_high = serializers.FloatField(allow_null=True)
    disagreements = DisagreementShown(many=True)


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
    """What questions are about."""

    serializer_class = TopicSerializer
    lookup_field = "slug"
    queryset = Topic.objects.order_by("name", "pk")


class EventView(ReadView):
    """Events that several questions belong to."""

    serializer_class = EventSerializer
    lookup_field = "slug"
    queryset = Event.objects.order_by("name", "pk")


class DeskView(ReadView):
    """Who works on what: for the desk."""

    serializer_class = DeskSerializer
    lookup_field = "slug"
    queryset = Desk.objects.order_by("name", "pk")
    verbs = {
        "list": Verb.READ_DRAFTS,
        "retrieve": Verb.READ_DRAFTS,
        "agreement": Verb.ADJUDICATE,
    }

    @extend_schema(summary="Read how its editors agree", responses={200: AgreementShown}, filters=False)
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def agreement(self, request: Request, slug: str) -> Response:
        """For its leads: it tells what either of two editors found."""
        return Response(AgreementShown(desk_agreement(desk=self.get_object())).data)
