"""The ledger: the version of the record, and the chain over all facts."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django_filters import CharFilter, FilterSet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from forecasts.models import Entry
from forecasts.record.reads import ledger
from tracker.api.kit.fields import Shown
from tracker.api.kit.freshness import FreshView
from tracker.api.kit.nouns import Ordering, ReadView
from tracker.api.kit.permissions import MayDo


class HeadShown(serializers.Serializer[Any]):
    """The last entry: its hash covers everything before it. `sequence` is 0 where nothing is."""

    sequence = serializers.IntegerField()
    sha256 = serializers.CharField()


class EntryShown(Shown):
    """One fact, or one block of facts, in the order of recording. `fact_id` is null for the public."""

    fact_id = serializers.SerializerMethodField()

    class Meta:
        model = Entry
        fields = (
            "sequence",
            "kind",
            "fact_id",
            "facts",
            "fact_sha256",
            "previous_sha256",
            "sha256",
            "recorded_at",
        )

    def get_fact_id(self, entry: Entry) -> int | None:
        return entry.fact_id if self.context["on_desk"] else None


class LedgerView(FreshView):
    """The ledger's head."""

    permission_classes = (MayDo,)
    ledger_only = True

    @extend_schema(summary="Read the ledger's head", responses={200: HeadShown})
    def get(self, request: Request) -> Response:
        """Note it down: it proves later that nothing before it was changed."""
        return Response(HeadShown(ledger.head()).data)


class EntryFilter(FilterSet):
    kind = CharFilter(max_length=40)
    ordering = Ordering(fields=("sequence",))


class EntryView(ReadView):
    """The entries of the ledger, the first one first."""

    serializer_class = EntryShown
    filterset_class = EntryFilter
    lookup_value_converter = "int"
    ledger_only = True

    def get_queryset(self) -> QuerySet[Entry]:
        return Entry.objects.order_by("sequence")
