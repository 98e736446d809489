"""Sources: who says things about the future."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django_filters import ChoiceFilter, FilterSet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from forecasts.limits import most
from forecasts.models import Affiliation, Alias, Source, SourceKind
from forecasts.people.reads.roles import Verb
from forecasts.sources.writes import add_source, merge_sources
from tracker.api.kit.fields import ReasonInput, Shown
from tracker.api.kit.nouns import Ordering, ReadView, Search


class AliasShown(Shown):
    class Meta:
        model = Alias
        fields = ("name", "language")


class AffiliationShown(Shown):
    """A role that the source held, from `starts` up to, not including, `ends`."""

    class Meta:
        model = Affiliation
        fields = ("role", "organisation", "starts", "ends")


class SourceSerializer(Shown):
    aliases = AliasShown(many=True, read_only=True)
    affiliations = AffiliationShown(many=True, read_only=True)
    merged_into = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    external_ids = serializers.DictField(child=serializers.CharField())

    class Meta:
        model = Source
        fields = (
            "slug",
            "name",
            "kind",
            "description",
            "external_ids",
            "aliases",
            "affiliations",
            "merged_into",
            "created_at",
        )


class SourceInput(serializers.Serializer[Any]):
    """A new source."""

    name = serializers.CharField(max_length=most("name"))
    kind = serializers.ChoiceField(SourceKind.choices)
    slug = serializers.SlugField(max_length=most("slug"), required=False)
    description = serializers.CharField(default="", allow_blank=True, max_length=most("note"))


class MergeInput(ReasonInput):
    """The source that this one turns out to be, and how that is known."""

    into = serializers.SlugRelatedField(slug_field="slug", queryset=Source.objects.all())


class SourceFilter(FilterSet):
    kind = ChoiceFilter(choices=SourceKind.choices)
    search = Search("name", "aliases__name", distinct=True)
    ordering = Ordering(fields=("name", "created_at"))


class SourceView(ReadView):
    """People, organisations, outlets, models and crowds."""

    serializer_class = SourceSerializer
    filterset_class = SourceFilter
    lookup_field = "slug"
    verbs = {"create": Verb.ADD_SOURCE, "merge": Verb.MERGE_SOURCES}

    def get_queryset(self) -> QuerySet[Source]:
        """Return the sources; one known from drafts alone is for the desk."""
        rows = self.readable(Source.objects.all())
        rows = rows.select_related("merged_into").prefetch_related("aliases", "affiliations")
        if self.action == "list":
            rows = rows.filter(merged_into=None)
        return rows.order_by("name", "pk")

    @extend_schema(
        summary="Add a source", request=SourceInput, responses={200: SourceSerializer, 201: SourceSerializer}
    )
    def create(self, request: Request) -> Response:
        """An equal one sent again answers 200 with the source that the record has."""
        given = self.parsed(SourceInput)
        return self.created(add_source(**given, by=self.by, now=self.now))

    @extend_schema(
        summary="Merge this source into another", request=MergeInput, responses={200: SourceSerializer}
    )
    @action(detail=True, methods=["post"])
    def merge(self, request: Request, slug: str) -> Response:
        """Both names stay on the record; what this one said counts for the other from now on."""
        source, given = self.get_object(), self.parsed(MergeInput)
        merge_sources(source=source, into=given["into"], reason=given["reason"], by=self.by, now=self.now)
        return self.answer(source)
