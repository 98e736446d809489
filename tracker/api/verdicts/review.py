"""What follows a verdict: adjudication, disputes and their end, replies of sources."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from forecasts.limits import most
from forecasts.models import Dispute, Question, Reply, Source
from forecasts.people.reads.roles import Verb
from forecasts.verdicts.reads.disputes import disputes_shown, replies_shown, state_of_dispute
from forecasts.verdicts.writes.disputes import dispute_answer, overturn_answer, record_reply, uphold_answer
from forecasts.verdicts.writes.resolutions import adjudicate_question
from tracker.api.kit.blind import refuse_hidden
from tracker.api.kit.fields import DayField, KeyField, KeyRef, ReasonInput, Shown
from tracker.api.verdicts.answers import AnswerShown, VerdictInput, exhibits_of, finding_of, shown
from tracker.api.verdicts.decide import AdjudicateInput, DecidingActions

VERBS = {
    "adjudicate": Verb.ADJUDICATE,
    "weigh": Verb.ADJUDICATE,
    "raise_dispute": Verb.DISPUTE_ANSWER,
    "uphold": Verb.UPHOLD_ANSWER,
    "overturn": Verb.OVERTURN_ANSWER,
    "record_reply": Verb.RECORD_REPLY,
}
STATES = (
    ("open", "open: the answer stands until a lead has looked at it again"),
    ("upheld", "upheld: the answer stands"),
    ("overturned", "overturned: there is another answer"),
    ("reopened", "reopened: the question was opened again"),
)


class DisputeSerializer(Shown):
    """Somebody says that an answer is wrong, and why. `resolution` is the one they dispute."""

    id = KeyField()
    question = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    resolution = KeyRef(read_only=True)
    state = serializers.SerializerMethodField()
    upheld_because = serializers.CharField(source="upholding.reason", read_only=True, allow_null=True)
    raised_by = serializers.CharField(help_text="Somebody outside; empty where the desk disputes.")
    contact = serializers.SerializerMethodField(help_text="Null for the public.")

    class Meta:
        model = Dispute
        fields = (
            "id",
            "question",
            "resolution",
            "state",
            "raised_by",
            "contact",
            "reason",
            "url",
            "quote",
            "upheld_because",
            "recorded_at",
        )

    def get_contact(self, dispute: Dispute) -> str | None:
        return dispute.contact if self.context["on_desk"] else None

    @extend_schema_field(serializers.ChoiceField(STATES))
    def get_state(self, dispute: Dispute) -> str:
        return state_of_dispute(dispute)


class ReplySerializer(Shown):
    """What a source says for itself about a question that it spoke on."""

    id = KeyField()
    question = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    source = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = Reply
        fields = ("id", "question", "source", "text", "language", "replied_on", "url", "recorded_at")


class DisputeInput(ReasonInput):
    """What is wrong with the answer, who says so, and on what evidence."""

    raised_by = serializers.CharField(
        default="",
        allow_blank=True,
        max_length=most("name"),
        help_text="Somebody outside; empty for yourself.",
    )
    contact = serializers.CharField(
        default="",
        allow_blank=True,
        max_length=most("label"),
        help_text="How to reach them. Never published.",
    )
    url = serializers.URLField(default="", allow_blank=True, max_length=most("address"))
    quote = serializers.CharField(default="", allow_blank=True, max_length=most("words"))


class UpholdInput(ReasonInput):
    """Which dispute, and why the answer stands."""

    dispute = KeyRef(queryset=Dispute.objects.all())


class OverturnInput(VerdictInput):
    """The answer that takes the place of the disputed one, with its evidence, and why."""

    reason = serializers.CharField(max_length=most("note"))


class ReplyInput(serializers.Serializer[Any]):
    """What the source says, in its own words, where, and when."""

    source = serializers.SlugRelatedField(slug_field="slug", queryset=Source.objects.all())
    text = serializers.CharField(max_length=most("words"))
    language = serializers.CharField(default="en", max_length=most("language"))
    replied_on = DayField()
    url = serializers.URLField(default="", allow_blank=True, max_length=most("address"))


class ReviewActions(DecidingActions):
    """The actions of a question that look at its answer again."""

    @extend_schema(
        summary="Decide between two verdicts", request=AdjudicateInput, responses={201: AnswerShown}
    )
    @action(detail=True, methods=["post"])
    def adjudicate(self, request: Request, slug: str) -> Response:
        """A lead of the question's desk, who gave neither. The answer rests on all three verdicts."""
        question, given = self.question(), self.parsed(AdjudicateInput)
        own = given["finding"]
        found = adjudicate_question(
            question=question,
            reason=given["reason"],
            sides_with=given["sides_with"],
            finding=finding_of(own, question=question) if own else None,
            evidence=exhibits_of(own) if own else (),
            by=self.by,
            now=self.now,
        )
        return self.answered(found)

    @extend_schema(summary="List its disputes", responses={200: DisputeSerializer(many=True)}, filters=False)
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def disputes(self, request: Request, slug: str) -> Response:
        rows = disputes_shown().filter(question=self.question())
        return self.rows(DisputeSerializer, rows)

    @extend_schema(summary="Dispute its answer", request=DisputeInput, responses={201: DisputeSerializer})
    @disputes.mapping.post
    def raise_dispute(self, request: Request, slug: str) -> Response:
        """The answer stays in force until a lead has looked at it again."""
        question, given = self.question(), self.parsed(DisputeInput)
        dispute = dispute_answer(question=question, **given, by=self.by, now=self.now)
        return self.row(DisputeSerializer, disputes_shown().get(pk=dispute.pk), status.HTTP_201_CREATED)

    @extend_schema(summary="Uphold its answer", request=UpholdInput, responses={200: DisputeSerializer})
    @action(detail=True, methods=["post"])
    def uphold(self, request: Request, slug: str) -> Response:
        """The disputed answer was looked at again, and stands."""
        question, given = self.question(), self.parsed(UpholdInput)
        dispute = given["dispute"]
        if dispute.question_id != question.pk:
            raise serializers.ValidationError({"dispute": _("This dispute is about another question.")})
        uphold_answer(dispute=dispute, reason=given["reason"], by=self.by, now=self.now)
        return self.row(DisputeSerializer, disputes_shown().get(pk=dispute.pk))

    @extend_schema(summary="Overturn its answer", request=OverturnInput, responses={201: AnswerShown})
    @action(detail=True, methods=["post"])
    def overturn(self, request: Request, slug: str) -> Response:
        """A disputed answer is superseded by another one; standings follow."""
        question, given = self.question(), self.parsed(OverturnInput)
        reason = given.pop("reason")
        found = overturn_answer(
            question=question,
            finding=finding_of(given, question=question),
            evidence=exhibits_of(given),
            reason=reason,
            by=self.by,
            now=self.now,
        )
        return self.answered(found)

    @extend_schema(summary="List its replies", responses={200: ReplySerializer(many=True)}, filters=False)
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def replies(self, request: Request, slug: str) -> Response:
        """What the sources say for themselves."""
        question = self.question()
        refuse_hidden(request, question, now=self.now)
        return self.rows(ReplySerializer, replies_shown().filter(question=question))

    @extend_schema(summary="Record a reply", request=ReplyInput, responses={201: ReplySerializer})
    @replies.mapping.post
    def record_reply(self, request: Request, slug: str) -> Response:
        question, given = self.question(), self.parsed(ReplyInput)
        reply = record_reply(question=question, **given, by=self.by, now=self.now)
        return self.row(ReplySerializer, reply, status.HTTP_201_CREATED)

    def question(self) -> Question:
        found: Question = self.get_object()
        return found

    def answered(self, found: Any) -> Response:
        """Answer with a verdict, and the resolution where it put one in force."""
        return self.row(AnswerShown, shown(found), status.HTTP_201_CREATED)

    def row(self, serializer: Any, found: Any, code: int = status.HTTP_200_OK) -> Response:
        return Response(serializer(found, context=self.get_serializer_context()).data, status=code)

    def rows(self, serializer: Any, found: QuerySet[Any]) -> Response:
        return Response(serializer(found, many=True, context=self.get_serializer_context()).data)
