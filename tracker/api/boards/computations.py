"""Boards on their way through a worker."""

from __future__ import annotations

from django.db.models import QuerySet
from django_filters import ChoiceFilter, FilterSet
from rest_framework import serializers

from forecasts.models import Computation, JobState
from forecasts.people.reads.roles import Verb
from tracker.api.kit.jobs import OF_FAILURE, OF_JOB, JobActions, JobShown
from tracker.api.kit.nouns import Ordering, ReadView


class ComputationShown(JobShown):
    """
    A board being computed: as known now, where `as_of` is null, or on a past date. `reached` counts the
    steps that are kept.
    """

    board = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = Computation
        fields = ("id", "board", "as_of", "reached", *OF_JOB, *OF_FAILURE, "error")


class ComputationFilter(FilterSet):
    state = ChoiceFilter(choices=JobState.choices)
    ordering = Ordering(fields=("due_at",))


class ComputationView(JobActions, ReadView):
    """Boards that a worker computes or gave up. They are for the desk."""

    serializer_class = ComputationShown
    filterset_class = ComputationFilter
    lookup_value_converter = "int"
    verbs = {
        "list": Verb.READ_DRAFTS,
        "retrieve": Verb.READ_DRAFTS,
        "retry": Verb.EDIT_BOARDS,
        "stop": Verb.EDIT_BOARDS,
    }

    def get_queryset(self) -> QuerySet[Computation]:
        return Computation.objects.select_related("board").order_by("-due_at", "-pk")
