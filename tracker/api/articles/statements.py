"""Statements: words in a document, and what was decided on them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django_filters import ChoiceFilter, FilterSet, ModelChoiceFilter, UUIDFilter
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from forecasts.articles.writes.statements import (
    accept_statement,
    amend_draft,
    draft_statement,
    reject_statement,
)
from forecasts.limits import most
from forecasts.models import Decision, Directness, Document, Forecast, Source, Statement, StatementStatus
from forecasts.people.reads.roles import Verb
from forecasts.questions.writes.publishing import publish_statement, take_back_statement
from tracker.api.kit.blind import BlindView
from tracker.api.kit.fields import InstantField, KeyField, KeyRef, ReasonInput, Shown, SourceRef
from tracker.api.kit.nouns import Ordering, ReadView, Search, readable
from tracker.api.kit.publishing import VERBS as PUBLISHING
from tracker.api.kit.publishing import PublishActions


class DecisionShown(Shown):
    class Meta:
        model = Decision
        fields = ("id", "status", "reason", "recorded_at")


class StatementSerializer(Shown):
    """Words that speak, or seem to speak, of the future. `start` and `end` count code points."""

    id = KeyField()
    document = KeyRef(read_only=True)
    speaker = SourceRef(read_only=True, allow_null=True)
    cues = serializers.ListField(child=serializers.CharField())
    decisions = serializers.SerializerMethodField(help_text="With their reasons; null for the public.")
    forecasts = KeyRef(many=True, read_only=True)

    class Meta:
        model = Statement
        fields = (
            "id",
            "document",
            "start",
            "end",
            "quote",
            "translation",
            "claim",
            "speaker",
            "speaker_as_written",
            "speaker_note",
            "directness",
            "cues",
            "stated_at",
            "status",
            "public_since",
            "decisions",
            "forecasts",
            "recorded_at",
        )

    @extend_schema_field(DecisionShown(many=True, allow_null=True))
    def get_decisions(self, statement: Statement) -> list[dict[str, Any]] | None:
        if not self.context["on_desk"]:
            return None
        return list(DecisionShown(statement.decisions.all(), many=True).data)


class ReadingOfWords(serializers.Serializer[Any]):
    """How the words of a draft are read."""

    speaker = serializers.SlugRelatedField(
        slug_field="slug", queryset=Source.objects.all(), required=False, allow_null=True
    )
    speaker_as_written = serializers.CharField(required=False, allow_blank=True, max_length=most("label"))
    speaker_note = serializers.CharField(required=False, allow_blank=True, max_length=most("note"))
    translation = serializers.CharField(required=False, allow_blank=True, max_length=most("words"))
    claim = serializers.CharField(required=False, allow_blank=True, max_length=most("note"))
    cues = serializers.ListField(
        child=serializers.CharField(max_length=most("name")), required=False, max_length=most("cues")
    )
    directness = serializers.ChoiceField(Directness.choices, required=False)
    stated_at = InstantField(required=False)


class StatementInput(ReadingOfWords):
    """Words to mark as a draft: from code point `start` up to `end`, quoted to the letter."""

    document = KeyRef(queryset=Document.objects.all())
    start = serializers.IntegerField(min_value=0, max_value=2_000_000)
    end = serializers.IntegerField(min_value=1, max_value=2_000_000)
    quote = serializers.CharField(trim_whitespace=False, max_length=most("words"))
    directness = serializers.ChoiceField(Directness.choices)
    stated_at = InstantField()


class StatementFilter(FilterSet):
    document = UUIDFilter(field_name="document__key")
    speaker = ModelChoiceFilter(queryset=readable(Source), to_field_name="slug")
    status = ChoiceFilter(choices=StatementStatus.choices)
    search = Search("quote", "translation", "claim")
    ordering = Ordering(fields=("stated_at", "recorded_at", "start"))


class StatementView(PublishActions, BlindView, ReadView):
    """Published statements for everybody; all others, with reasons, for the desk."""

    serializer_class = StatementSerializer
    filterset_class = StatementFilter
    lookup_field = "key"
    lookup_value_converter = "uuid"
    hidden_by = "forecasts__question"
    verbs = {
        "create": Verb.DRAFT_STATEMENT,
        "amend": Verb.AMEND_DRAFT,
        "accept": Verb.ACCEPT_STATEMENT,
        "reject": Verb.REJECT_STATEMENT,
        **PUBLISHING,
    }
    published = ("statement", publish_statement, take_back_statement)

    def get_queryset(self) -> QuerySet[Statement]:
        current = self.readable(Forecast.objects.current())
        current = current.only("pk", "key", "statement_id")
        rows = (
            Statement.objects.select_related("speaker__merged_into", "document")
            .defer("document__text")
            .prefetch_related("decisions", Prefetch("forecasts", queryset=current))
            .order_by("document_id", "start", "pk")
        )
        return self.without_hidden(rows) if self.on_desk else rows.public()

    @extend_schema(
        summary="Mark words as a draft", request=StatementInput, responses={201: StatementSerializer}
    )
    def create(self, request: Request) -> Response:
        given = self.parsed(StatementInput)
        return self.created(draft_statement(**given, by=self.by, now=self.now))

    @extend_schema(
        summary="Amend how a draft is read", request=ReadingOfWords, responses={200: StatementSerializer}
    )
    @action(detail=True, methods=["post"])
    def amend(self, request: Request, key: UUID) -> Response:
        """What is not given stays. The words themselves never change."""
        statement, given = self.get_object(), self.parsed(ReadingOfWords)
        return self.answer(amend_draft(statement=statement, by=self.by, **given))

    @extend_schema(
        summary="Accept it as a forecast", request=ReasonInput, responses={200: StatementSerializer}
    )
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, key: UUID) -> Response:
        statement, given = self.get_object(), self.parsed(ReasonInput)
        accept_statement(statement=statement, reason=given["reason"], by=self.by, now=self.now)
        return self.answer(statement)

    @extend_schema(
        summary="Reject it, and keep it", request=ReasonInput, responses={200: StatementSerializer}
    )
    @action(detail=True, methods=["post"])
    def reject(self, request: Request, key: UUID) -> Response:
        statement, given = self.get_object(), self.parsed(ReasonInput)
        reject_statement(statement=statement, reason=given["reason"], by=self.by, now=self.now)
        return self.answer(statement)
