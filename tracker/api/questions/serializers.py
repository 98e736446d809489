"""Questions as they are read and as they are sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from forecasts.limits import most
from forecasts.models import (
    Answer,
    DeadlineMove,
    Desk,
    DeskMove,
    Event,
    Question,
    QuestionKind,
    Resolution,
    Source,
    Statement,
    Topic,
)
from forecasts.models.limited import ShortAsText
from forecasts.models.record.public import if_public
from forecasts.questions.reads.listing import answer_in_force
from tracker.api.kit.fields import (
    DeadlineInput,
    DeadlineShown,
    InstantField,
    KeyField,
    KeyRef,
    NumberField,
    ProbabilityField,
    ReasonInput,
    Shown,
    deadline_of,
)
from tracker.api.verdicts.answers import ANSWERED, OutcomeLabel

STATES = (
    ("open", "open"),
    ("due", "due: its deadline has passed without an answer"),
    ("resolved", "resolved"),
    ("void", "void"),
)
STATE_OF_ANSWER = {Answer.OUTCOME: "resolved", Answer.VOID: "void"}


def state_of(question: Question, *, now: datetime) -> str:
    """Return where the question stands, from prefetched resolutions."""
    answer = answer_in_force(question)
    unanswered = "open" if question.deadline_at > now else "due"
    return STATE_OF_ANSWER.get(answer.answer, unanswered) if answer else unanswered  # type: ignore[call-overload]


class StandingAnswer(Shown):
    """The answer in force."""

    id = KeyField()
    outcome_label = OutcomeLabel()

    class Meta:
        model = Resolution
        fields = ("id", *ANSWERED, "outcome_label", "method", "recorded_at")


class DeadlineMoveShown(Shown):
    """The deadline was moved: from what, to what, and why."""

    moved_from = serializers.DictField()
    moved_to = DeadlineShown(source="*", read_only=True)

    class Meta:
        model = DeadlineMove
        fields = ("moved_from", "moved_to", "reason", "recorded_at")


class QuestionSerializer(Shown):
    """An event that can be checked, where it stands, and the answer in force."""

    id = KeyField()
    deadline = DeadlineShown(source="*", read_only=True)
    deadline_moves = DeadlineMoveShown(many=True, read_only=True)
    checklist = serializers.DictField()
    event = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    topics = serializers.SlugRelatedField(slug_field="slug", many=True, read_only=True)
    desk = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    assignee = serializers.SerializerMethodField(help_text="Null for the public.")
    state = serializers.SerializerMethodField()
    answer = serializers.SerializerMethodField()
    is_disputed = serializers.BooleanField(
        read_only=True, help_text="Whether somebody disputes the answer, which stands until it is reviewed."
    )
    superseded_by = serializers.SerializerMethodField(
        help_text="The question that takes this one's place; new forecasts belong there."
    )
    n_forecasts = serializers.IntegerField(read_only=True)

    class Meta:
        model = Question
        fields = (
            "id",
            "slug",
            "proposition",
            "translation",
            "language",
            "criteria",
            "kind",
            "options",
            "unit",
            "lower_bound",
            "upper_bound",
            "opens_at",
            "deadline",
            "deadline_moves",
            "condition",
            "checklist",
            "base_rate",
            "base_rate_basis",
            "event",
            "topics",
            "desk",
            "assignee",
            "state",
            "answer",
            "is_disputed",
            "superseded_by",
            "n_forecasts",
            "public_since",
            "recorded_at",
        )

    def get_assignee(self, question: Question) -> str | None:
        on_desk = self.context["on_desk"]
        return question.assignee.get_username() if on_desk and question.assignee else None

    def get_superseded_by(self, question: Question) -> str | None:
        answer = answer_in_force(question)
        other = answer.replaced_by if answer else None
        other = other if self.context["on_desk"] else if_public(other)
        return other.slug if other else None

    @extend_schema_field(serializers.ChoiceField(STATES))
    def get_state(self, question: Question) -> str:
        return state_of(question, now=self.context["now"])

    @extend_schema_field(StandingAnswer(allow_null=True))
    def get_answer(self, question: Question) -> dict[str, Any] | None:
        answer = answer_in_force(question)
        if answer is None or answer.answer not in STATE_OF_ANSWER:
            return None
        return StandingAnswer(answer).data


class SupersedeInput(ReasonInput):
    """The question that takes this one's place, and why."""

    replacement = serializers.SlugRelatedField(slug_field="slug", queryset=Question.objects.all())


class QuestionInput(serializers.Serializer[Any]):
    """
    A question to open. Those for one of several have `options`, in order where the kind is `ordered`;
    those for a number a `unit`, and bounds where the answer can't lie beyond them.
    """

    proposition = serializers.CharField(max_length=most("sentence"))
    criteria = serializers.CharField(max_length=most("words"))
    kind = serializers.ChoiceField(QuestionKind.choices, default=QuestionKind.BINARY)
    options = serializers.ListField(
        child=serializers.CharField(max_length=most("name")), default=list, max_length=most("options")
    )
    unit = serializers.CharField(default="", allow_blank=True, max_length=most("unit"))
    lower_bound = NumberField(default=None, allow_null=True)
    upper_bound = NumberField(default=None, allow_null=True)
    slug = serializers.SlugField(max_length=most("name"), required=False)
    translation = serializers.CharField(default="", allow_blank=True, max_length=most("sentence"))
    statement = serializers.PrimaryKeyRelatedField(
        source="article",
        queryset=Statement.objects.select_related("document__desk").defer("document__text"),
        default=None,
        allow_null=True,
        help_text="The statement that it was read from: its article's language and desk are usual then.",
    )
    language = serializers.CharField(
        default="",
        allow_blank=True,
        max_length=most("language"),
        help_text="Left out: the article's, else the desk's.",
    )
    opens_at = InstantField()
    deadline = DeadlineInput()
    condition = serializers.CharField(default="", allow_blank=True, max_length=most("note"))
    checklist = serializers.DictField(
        child=serializers.CharField(max_length=most("sentence")),
        default=dict,
        validators=[ShortAsText(most("value"))],
    )
    base_rate = ProbabilityField(default=None, allow_null=True)
    base_rate_basis = serializers.CharField(default="", allow_blank=True, max_length=most("note"))
    event = serializers.SlugRelatedField(
        slug_field="slug", queryset=Event.objects.all(), default=None, allow_null=True
    )
    topics = serializers.SlugRelatedField(
        slug_field="slug", queryset=Topic.objects.all(), many=True, required=False
    )
    desk = serializers.SlugRelatedField(
        slug_field="slug",
        queryset=Desk.objects.all(),
        default=None,
        allow_null=True,
        help_text="Left out: the article's, where one may open questions there, else one's own.",
    )
    assignee = serializers.SlugRelatedField(
        slug_field="username",
        queryset=User.objects.filter(is_active=True, memberships__isnull=False).distinct(),
        default=None,
        allow_null=True,
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        read = deadline_of(attrs["deadline"], said_at=attrs["opens_at"])
        statement = attrs["article"]
        return {**attrs, "article": statement and statement.document, **read}


class DeskMoveInput(ReasonInput):
    """The desk that the question goes to, and why."""

    desk = serializers.SlugRelatedField(slug_field="slug", queryset=Desk.objects.all())


class DeskMoveShown(Shown):
    """A question went from one desk to another."""

    moved_from = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    moved_to = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    recorded_by = serializers.SlugRelatedField(slug_field="username", read_only=True, allow_null=True)

    class Meta:
        model = DeskMove
        fields = ("id", "moved_from", "moved_to", "reason", "recorded_by", "recorded_at")


class DeadlineMoveInput(ReasonInput):
    """The new deadline, and why it moves."""

    deadline = DeadlineInput()


class AssignInput(serializers.Serializer[Any]):
    """Who sees to it; null for nobody."""

    assignee = serializers.SlugRelatedField(
        slug_field="username",
        queryset=User.objects.filter(is_active=True, memberships__isnull=False).distinct(),
        allow_null=True,
    )


class WithdrawalInput(serializers.Serializer[Any]):
    """Who took a forecast back, when, and where they said so."""

    source = serializers.SlugRelatedField(slug_field="slug", queryset=Source.objects.all())
    stated_at = InstantField()
    note = serializers.CharField(max_length=most("note"))
    statement = KeyRef(queryset=Statement.objects.all(), default=None, allow_null=True)
