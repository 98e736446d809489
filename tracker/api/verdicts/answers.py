"""Verdicts with their evidence, and the resolutions that rest on them."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django_filters import BooleanFilter, ChoiceFilter, FilterSet, ModelChoiceFilter
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from forecasts.limits import most
from forecasts.models import (
    VOID_REASONS_FOUND,
    Answer,
    Document,
    Evidence,
    GranularityChoice,
    Question,
    Resolution,
    Verdict,
)
from forecasts.models.record.public import if_public
from forecasts.models.verdicts.resolution import ResolutionQuerySet
from forecasts.verdicts.writes.findings import Exhibit, Finding
from tracker.api.kit.fields import DayField, InstantField, KeyField, KeyRef, PublicKeyRef, Shown
from tracker.api.kit.nouns import InstantFilter, Ordering, ReadView, readable
from tracker.api.kit.schema import AS_OF
from tracker.api.kit.values import OutcomeField, outcome_label, outcome_number

ANSWERED = (
    "answer",
    "outcome",
    "void_reason",
    "occurred_at",
    "occurred_granularity",
    "note",
)

VOIDS = [(each.value, each.label) for each in VOID_REASONS_FOUND]
FINDINGS = [each for each in Answer.choices if each[0] != Answer.REOPENED]


@extend_schema_field(serializers.CharField(allow_null=True))
class OutcomeLabel(serializers.ReadOnlyField):
    """The outcome in words: yes, no, an option's name, 3.4 %, 2018-05-12 or not_by_deadline."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(source="*", **kwargs)

    def to_representation(self, value: Verdict | Resolution) -> str | None:
        return outcome_label(value.question, value.outcome)


class EvidenceShown(Shown):
    """What a verdict rests on. `sha256` is that of the text, where we kept it."""

    document = PublicKeyRef(read_only=True, allow_null=True)

    class Meta:
        model = Evidence
        fields = ("url", "publisher", "published_on", "document", "quote", "sha256")


class VerdictShown(Shown):
    """
    One editor's answer. `outcome` is 1 for yes and 0 for no, the place of an option counted from 0, a
    number, or the days from 1970-01-01 to a date; `outcome_label` says it in words. `seen_blind`:
    nothing had shown its editor who said what; where the desk answers so and it was otherwise,
    `sighted_because` says why.
    """

    id = KeyField()
    outcome_label = OutcomeLabel()

    evidence = EvidenceShown(many=True, read_only=True)

    class Meta:
        model = Verdict
        fields = (
            "id",
            *ANSWERED,
            "outcome_label",
            "check_again_on",
            "seen_blind",
            "sighted_because",
            "evidence",
            "recorded_at",
        )


class ResolutionSerializer(Shown):
    """The answer that stands, or stood until a later resolution superseded it."""

    id = KeyField()
    outcome_label = OutcomeLabel()

    question = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    supersedes = KeyRef(read_only=True, allow_null=True)
    superseded_by = serializers.UUIDField(
        source="superseded_by.key", read_only=True, allow_null=True, default=None
    )
    replaced_by = serializers.SerializerMethodField(help_text="The question that took the place of this one.")
    verdicts = VerdictShown(many=True, read_only=True)

    class Meta:
        model = Resolution
        fields = (
            "id",
            "question",
            *ANSWERED,
            "outcome_label",
            "method",
            "supersedes",
            "superseded_by",
            "replaced_by",
            "verdicts",
            "recorded_at",
        )

    def get_replaced_by(self, resolution: Resolution) -> str | None:
        other = resolution.replaced_by
        other = other if self.context["on_desk"] else if_public(other)
        return other.slug if other else None


class EvidenceInput(serializers.Serializer[Any]):
    """An address or a document of the record, and the words in it that settle the question."""

    quote = serializers.CharField(max_length=most("words"))
    url = serializers.URLField(default="", allow_blank=True, max_length=most("address"))
    publisher = serializers.CharField(default="", allow_blank=True, max_length=most("name"))
    published_on = DayField(default=None, allow_null=True)
    document = KeyRef(queryset=Document.objects.all(), default=None, allow_null=True)
    text = serializers.CharField(
        default="",
        allow_blank=True,
        trim_whitespace=False,
        max_length=most("evidence"),
        help_text="Kept with its SHA-256.",
    )


class VerdictInput(serializers.Serializer[Any]):
    """What an editor found: an outcome with its date, void with its reason, or too early."""

    answer = serializers.ChoiceField(FINDINGS)
    outcome = OutcomeField(
        default=None,
        allow_null=True,
        help_text="1 for yes and 0 for no, an option's name, a number, a date, or not_by_deadline.",
    )
    occurred_at = InstantField(
        default=None,
        allow_null=True,
        help_text="When it happened or was known; for a no, when it no longer could. A date implies it.",
    )
    occurred_granularity = serializers.ChoiceField(GranularityChoice.choices, default=GranularityChoice.DAY)
    void_reason = serializers.ChoiceField(VOIDS, default="", allow_blank=True)
    check_again_on = DayField(default=None, allow_null=True, help_text="Where it is too early.")
    note = serializers.CharField(default="", allow_blank=True, max_length=most("note"))
    evidence = serializers.ListField(child=EvidenceInput(), default=list, max_length=50)


class VoidInput(serializers.Serializer[Any]):
    """Why nothing on this question will be scored."""

    reason = serializers.ChoiceField(VOIDS)
    note = serializers.CharField(max_length=most("note"))
    evidence = serializers.ListField(child=EvidenceInput(), min_length=1, max_length=50)


class ResolveInput(serializers.Serializer[Any]):
    """The verdicts that the answer rests on, the deciding one last."""

    verdicts = KeyRef(many=True, queryset=Verdict.objects.all(), allow_empty=False)


class AnswerShown(serializers.Serializer[Any]):
    """The verdict, and the resolution where it put one in force."""

    verdict = VerdictShown()
    resolution = ResolutionSerializer(allow_null=True)


def finding_of(given: dict[str, Any], *, question: Question) -> Finding:
    found = {name: value for name, value in given.items() if name != "evidence"}
    return Finding(**{**found, "outcome": outcome_number(question, found["outcome"])})


def exhibits_of(given: dict[str, Any]) -> list[Exhibit]:
    return [Exhibit(**each) for each in given["evidence"]]


def shown(answer: Resolution | Verdict) -> dict[str, Any]:
    """Return what AnswerShown takes, read back with its evidence."""
    if isinstance(answer, Verdict):
        return {"verdict": verdicts().get(pk=answer.pk), "resolution": None}
    resolution = resolutions().get(pk=answer.pk)
    return {"verdict": list(resolution.verdicts.all())[-1], "resolution": resolution}


def evidence() -> QuerySet[Evidence]:
    return Evidence.objects.select_related("document").defer("document__text").order_by("pk")


def verdicts() -> QuerySet[Verdict]:
    return (
        Verdict.objects.select_related("question")
        .prefetch_related(Prefetch("evidence", queryset=evidence()))
        .order_by("pk")
    )


def resolutions() -> ResolutionQuerySet:
    return (
        Resolution.objects.select_related("question", "supersedes", "superseded_by", "replaced_by")
        .prefetch_related(Prefetch("verdicts", queryset=verdicts()))
        .order_by("pk")
    )


class ResolutionFilter(FilterSet):
    question = ModelChoiceFilter(queryset=readable(Question), to_field_name="slug")
    answer = ChoiceFilter(choices=[each for each in Answer.choices if each[0] != Answer.TOO_EARLY])
    in_force = BooleanFilter(field_name="superseded_by", lookup_expr="isnull")
    occurred_after = InstantFilter(field_name="occurred_at", lookup_expr="gte")
    occurred_before = InstantFilter(field_name="occurred_at", lookup_expr="lt")
    ordering = Ordering(fields=("occurred_at", "recorded_at"))


class ResolutionView(ReadView):
    """The answers given, with the verdicts and the evidence that they rest on."""

    serializer_class = ResolutionSerializer
    filterset_class = ResolutionFilter
    lookup_field = "key"
    lookup_value_converter = "uuid"
    ledger_only = True

    def get_queryset(self) -> QuerySet[Resolution]:
        rows = self.readable(resolutions())
        if self.action != "list" or self.as_of is None:
            return rows
        return rows.filter(pk__in=Resolution.objects.as_known_on(self.as_of).values("pk"))

    @extend_schema(summary="List resolutions", parameters=[AS_OF])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """With `as_of`, those in force then, one for each question at most."""
        return super().list(request, *args, **kwargs)
