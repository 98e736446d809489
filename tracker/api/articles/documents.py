"""Documents: articles exactly as captured."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django_filters import CharFilter, FilterSet, ModelChoiceFilter
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from forecasts.articles.reads import excerpts, shows_whole_text
from forecasts.articles.writes.documents import capture_document
from forecasts.limits import most
from forecasts.models import Document, Source, Statement
from forecasts.people.reads.roles import Verb
from forecasts.questions.writes.publishing import publish_document, take_back_document
from tracker.api.kit.blind import BlindRow
from tracker.api.kit.fields import InstantField, KeyField, Shown, SourceRef
from tracker.api.kit.nouns import InstantFilter, Ordering, ReadView, Search, readable
from tracker.api.kit.publishing import VERBS as PUBLISHING
from tracker.api.kit.publishing import PublishActions


class DocumentSerializer(Shown):
    """An article, without its text."""

    id = KeyField()
    outlet = SourceRef(read_only=True, allow_null=True)

    class Meta:
        model = Document
        fields = (
            "id",
            "url",
            "outlet",
            "title",
            "language",
            "published_at",
            "published_to_the_day",
            "captured_at",
            "provenance",
            "sha256",
            "public_since",
            "recorded_at",
        )


class ExcerptShown(serializers.Serializer[Any]):
    """A stretch of the text, from code point `start` up to `end`."""

    start = serializers.IntegerField()
    end = serializers.IntegerField()
    text = serializers.CharField()


class DocumentWithText(DocumentSerializer):
    """
    An article as it is read; the offsets of statements count code points in its exact text.

    `excerpts` are what everybody may read: the published sentences with the one before and the one after,
    or all of it where its outlet or its desk shows whole articles. `text` is null for the public elsewhere.
    """

    text = serializers.SerializerMethodField()
    excerpts = serializers.SerializerMethodField()

    class Meta(DocumentSerializer.Meta):
        fields = (*DocumentSerializer.Meta.fields, "text", "excerpts")

    def get_text(self, document: Document) -> str | None:
        return document.text if self.context["on_desk"] or shows_whole_text(document) else None

    @extend_schema_field(ExcerptShown(many=True))
    def get_excerpts(self, document: Document) -> list[dict[str, Any]]:
        return list(ExcerptShown(excerpts(document), many=True).data)


class DocumentInput(serializers.Serializer[Any]):
    """An article to capture. Its text is kept to the last code point."""

    text = serializers.CharField(trim_whitespace=False, max_length=most("article"))
    title = serializers.CharField(max_length=most("line"))
    language = serializers.CharField(max_length=most("language"))
    url = serializers.URLField(default="", allow_blank=True, max_length=most("address"))
    outlet = serializers.SlugRelatedField(
        slug_field="slug", queryset=Source.objects.all(), default=None, allow_null=True
    )
    published_at = InstantField()
    published_to_the_day = serializers.BooleanField(default=False)
    captured_at = InstantField(required=False, help_text="Now, unless told.")
    provenance = serializers.CharField(default="", allow_blank=True, max_length=most("note"))


class DocumentFilter(FilterSet):
    outlet = ModelChoiceFilter(queryset=readable(Source), to_field_name="slug")
    language = CharFilter(max_length=most("language"))
    published_after = InstantFilter(field_name="published_at", lookup_expr="gte")
    published_before = InstantFilter(field_name="published_at", lookup_expr="lt")
    search = Search("title")
    ordering = Ordering(fields=("published_at", "recorded_at", "title"))


class DocumentView(PublishActions, BlindRow, ReadView):
    """Articles as captured. Those without published words are for the desk."""

    hidden_by = "statements__forecasts__question"

    serializer_class = DocumentWithText
    filterset_class = DocumentFilter
    lookup_field = "key"
    lookup_value_converter = "uuid"
    verbs = {"create": Verb.CAPTURE_DOCUMENT, **PUBLISHING}
    published = ("document", publish_document, take_back_document)

    def get_serializer_class(self) -> type[DocumentSerializer]:
        return DocumentSerializer if self.action == "list" else DocumentWithText

    def get_queryset(self) -> QuerySet[Document]:
        rows = self.readable(Document.objects.all())
        rows = rows.select_related("outlet__merged_into", "desk").order_by("-published_at", "pk")
        if self.action == "list":
            return rows.defer("text")
        words = Statement.objects.public().order_by("start", "pk")
        return rows.prefetch_related(Prefetch("statements", queryset=words))

    @extend_schema(
        summary="Capture a document",
        request=DocumentInput,
        responses={200: DocumentWithText, 201: DocumentWithText},
    )
    def create(self, request: Request) -> Response:
        """
        The same text from the same address is captured once: sent again, it answers 200 with the
        document that the record has.
        """
        given = {"captured_at": self.now, **self.parsed(DocumentInput)}
        return self.created(capture_document(**given, by=self.by, now=self.now))
