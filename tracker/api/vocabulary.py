"""The words that other rows are described by: scales and their terms, topics, events."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet
from django_filters import ChoiceFilter, FilterSet

from forecasts.models import Event, Scale, ScaleKind, Term, Topic
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
