"""Forecasts: one source's probability on one question, from one time on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django_filters import BooleanFilter, ChoiceFilter, FilterSet, ModelChoiceFilter, UUIDFilter
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from forecasts.house_rules import RULES
from forecasts.limits import most
from forecasts.models import Basis, Forecast, Question, Source, Statement
from forecasts.models.record.public import if_public
from forecasts.people.reads.roles import Verb
from forecasts.questions.writes.forecasts import correct_forecast, issue_forecast, revise_forecast
from tracker.api.kit.blind import BlindView
from tracker.api.kit.fields import (
    DeadlineInput,
    DeadlineShown,
    InstantField,
    KeyField,
    KeyRef,
    PublicKeyRef,
    Shown,
    SourceRef,
    TermRef,
    deadline_of,
)
from tracker.api.kit.nouns import InstantFilter, Ordering, ReadView, readable
from tracker.api.kit.schema import AS_OF
from tracker.api.kit.values import ReadingInput, quantile_dates, with_reading
from tracker.api.questions.examples import FORECAST_EXAMPLES


class RangeShown(serializers.Serializer[Any]):
    """What words or a house rule left open, and what it was read as. Days count from 1970-01-01."""

    low = serializers.FloatField()
    best = serializers.FloatField()
    high = serializers.FloatField()


class ForecastSerializer(Shown):
    """
    What a source gave, or what became of it. A withdrawal has no value.

    `basis` says whether the value was stated, read from words, or set by a house rule where nothing was
    said; `said` are the words. What was read names its `term` or `house_rule`, what was set its
    `house_rule`. A probability then lies from `probability_low` to `probability_high`; of the others
    `range` is what was left open: of the level of a range, of the number or day, of the option that a
    term was said of, or of the share of the rest that each of the options `shared` gets.
    `probability_imputed` is true where it was not stated.

    `probabilities` are in the order of the question's options. `quantile_values` are in the question's
    unit or, for a question on a date, days since 1970-01-01; `quantile_dates` are those as dates.
    """

    id = KeyField()
    question = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    source = SourceRef(read_only=True)
    statement = PublicKeyRef(read_only=True, allow_null=True)
    quote = serializers.SerializerMethodField()
    term = TermRef(read_only=True, allow_null=True)
    probability_imputed = serializers.BooleanField(read_only=True)
    range = serializers.SerializerMethodField()
    shared = serializers.SerializerMethodField()
    quantile_dates = serializers.SerializerMethodField()
    deadline = DeadlineShown(source="*", read_only=True)
    correction_of = KeyRef(read_only=True, allow_null=True)
    corrected_by = serializers.UUIDField(
        source="correction.key", read_only=True, allow_null=True, default=None
    )

    class Meta:
        model = Forecast
        fields = (
            "id",
            "question",
            "source",
            "statement",
            "quote",
            "probability",
            "probability_low",
            "probability_high",
            "probability_imputed",
            "basis",
            "said",
            "house_rule",
            "range",
            "shared",
            "term",
            "probabilities",
            "quantile_levels",
            "quantile_values",
            "quantile_dates",
            "deadline",
            "stated_at",
            "recorded_at",
            "withdrawn",
            "correction_of",
            "corrected_by",
            "note",
        )

    @extend_schema_field(RangeShown(allow_null=True))
    def get_range(self, forecast: Forecast) -> dict[str, float | None] | None:
        if forecast.range_low is None:
            return None
        return {name: getattr(forecast, f"range_{name}") for name in ("low", "best", "high")}

    @extend_schema_field(serializers.ListField(child=serializers.CharField(), allow_null=True))
    def get_shared(self, forecast: Forecast) -> list[str] | None:
        if forecast.shared is None:
            return None
        return [forecast.question.options[place] for place in forecast.shared]

    def get_quote(self, forecast: Forecast) -> str | None:
        words = forecast.statement if self.context["on_desk"] else if_public(forecast.statement)
        return words.quote if words else None

    @extend_schema_field(serializers.ListField(child=serializers.DateField(), allow_null=True))
    def get_quantile_dates(self, forecast: Forecast) -> list[str] | None:
        days = quantile_dates(forecast)
        return None if days is None else [day.isoformat() for day in days]


class RevisionInput(ReadingInput):
    """A later forecast by the same source on the same question."""

    stated_at = InstantField(help_text="When the source said it.")
    statement = KeyRef(queryset=Statement.objects.all(), default=None, allow_null=True)
    note = serializers.CharField(default="", allow_blank=True, max_length=most("note"))


class ForecastInput(RevisionInput):
    """A forecast to issue. Without a deadline of its own it takes the question's."""

    question = serializers.SlugRelatedField(slug_field="slug", queryset=Question.objects.all())
    source = serializers.SlugRelatedField(slug_field="slug", queryset=Source.objects.all())
    deadline = DeadlineInput(required=False, help_text="The deadline that the words name.")


class CorrectionInput(ReadingInput):
    """What should have been recorded, and what was wrong."""

    note = serializers.CharField(max_length=most("note"))
    stated_at = InstantField(required=False)
    source = serializers.SlugRelatedField(slug_field="slug", queryset=Source.objects.all(), required=False)


class ForecastFilter(FilterSet):
    source = ModelChoiceFilter(queryset=readable(Source), to_field_name="slug")
    question = ModelChoiceFilter(queryset=readable(Question), to_field_name="slug")
    statement = UUIDFilter(field_name="statement__key")
    imputed = BooleanFilter(method="_imputed")
    withdrawn = BooleanFilter()
    stated_after = InstantFilter(field_name="stated_at", lookup_expr="gte")
    stated_before = InstantFilter(field_name="stated_at", lookup_expr="lt")
    basis = ChoiceFilter(choices=Basis.choices)
    house_rule = ChoiceFilter(choices=[(slug, rule.name) for slug, rule in RULES.items()])
    ordering = Ordering(fields=("stated_at", "recorded_at", "probability"))

    def _imputed(self, rows: QuerySet[Forecast], _name: str, wanted: bool) -> QuerySet[Forecast]:
        stated = Q(basis=Basis.STATED)
        return rows.filter(~stated if wanted else stated)


class ForecastView(BlindView, ReadView):
    """Forecasts as they stand. Those that a later row corrects are read by their id."""

    serializer_class = ForecastSerializer
    filterset_class = ForecastFilter
    lookup_field = "key"
    lookup_value_converter = "uuid"
    verbs = {
        "create": Verb.ISSUE_FORECAST,
        "revise": Verb.REVISE_FORECAST,
        "correct": Verb.CORRECT_FORECAST,
    }

    def get_queryset(self) -> QuerySet[Forecast]:
        rows = self.readable(Forecast.objects.all())
        if self.action == "list":
            rows = rows.current() if self.as_of is None else rows.as_known_on(self.as_of)
        return (
            self.without_hidden(rows)
            .select_related(
                "question",
                "source__merged_into",
                "statement",
                "term__scale",
                "correction",
                "correction_of",
            )
            .order_by("stated_at", "pk")
        )

    @extend_schema(summary="List forecasts", parameters=[AS_OF])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """With `as_of`, the rows that the record held then, less those corrected by then."""
        return super().list(request, *args, **kwargs)

    @extend_schema(
        summary="Issue a forecast",
        request=ForecastInput,
        responses={200: ForecastSerializer, 201: ForecastSerializer},
        examples=FORECAST_EXAMPLES,
    )
    def create(self, request: Request) -> Response:
        """
        Give what the source stated in the way of the question's kind, or the term that it is read from.
        Where the source had a forecast in force, this one follows it. An equal one sent again answers
        200 with the forecast that the record has.
        """
        given = self.parsed(ForecastInput)
        given = with_reading(given["question"], given, stated_at=given["stated_at"])
        if "deadline" in given:
            given |= deadline_of(given["deadline"], said_at=given["stated_at"])
        return self.created(issue_forecast(**given, by=self.by, now=self.now))

    @extend_schema(
        summary="Revise this forecast",
        request=RevisionInput,
        responses={200: ForecastSerializer, 201: ForecastSerializer},
    )
    @action(detail=True, methods=["post"])
    def revise(self, request: Request, key: UUID) -> Response:
        """The source changed its mind: a new row, in force from `stated_at`."""
        earlier, given = self.get_object(), self.parsed(RevisionInput)
        given = with_reading(earlier.question, given, stated_at=given["stated_at"])
        revision = revise_forecast(
            question=earlier.question, source=earlier.source, **given, by=self.by, now=self.now
        )
        return self.created(revision)

    @extend_schema(
        summary="Correct this forecast",
        request=CorrectionInput,
        responses={200: ForecastSerializer, 201: ForecastSerializer},
    )
    @action(detail=True, methods=["post"])
    def correct(self, request: Request, key: UUID) -> Response:
        """We had it wrong: a new row takes the place of this one, which stays on the record."""
        wrong, given = self.get_object(), self.parsed(CorrectionInput)
        given = with_reading(wrong.question, given, stated_at=given.get("stated_at", wrong.stated_at))
        return self.created(correct_forecast(forecast=wrong, **given, by=self.by, now=self.now))
