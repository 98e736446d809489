"""Reminders: what is asked of whom and when; and each person's own wishes."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import BooleanFilter, ChoiceFilter, FilterSet, ModelChoiceFilter
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from forecasts.delivery.reads.routing import wishes_of, zone_of
from forecasts.hours import SnoozeFor, snoozed_until
from forecasts.limits import most
from forecasts.models import Mode, Preferences, Question, Reminder, Role, Weekday
from forecasts.people.reads.roles import Verb, desks_led_by
from forecasts.people.writes.preferences import LANGUAGES, set_preferences
from forecasts.reminders.writes import snooze_reminder
from tracker.api.kit.fields import DayField, Shown
from tracker.api.kit.freshness import FreshView
from tracker.api.kit.nouns import Ordering, ReadView
from tracker.api.kit.permissions import MayDo, role
from tracker.api.people.person import PersonField, person
from tracker.api.reminders.dead_letters import OF_SENDING, STATES, SentAgain, StateField

SCOPES = [("mine", gettext_lazy("mine")), ("desk", gettext_lazy("of the desks that I head"))]


class ReminderSerializer(Shown):
    """One nudge to one person about one question."""

    question = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    recipient = serializers.SlugRelatedField(slug_field="username", read_only=True, allow_null=True)
    state = StateField()

    class Meta:
        model = Reminder
        fields = ("id", "question", "stage", "escalated", "recipient", "recipient_as", *OF_SENDING)


class SnoozeInput(serializers.Serializer[Any]):
    """For how long: a day, a week, or until a day."""

    length = serializers.ChoiceField([(each.value, each.value) for each in SnoozeFor], required=False)
    until = DayField(required=False)
    reason = serializers.CharField(default="", allow_blank=True, max_length=most("line"))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("length" in attrs) == ("until" in attrs):
            raise serializers.ValidationError(_("Give either “length” or “until”."))
        return attrs


class PreferencesSerializer(Shown):
    """How somebody wants to hear from us. What is empty follows the desk."""

    mode = serializers.ChoiceField(Mode.choices)
    language = serializers.ChoiceField([(code, code) for code in LANGUAGES], allow_blank=True)
    digest_weekday = serializers.ChoiceField(Weekday.choices)
    working_days = serializers.ListField(
        child=serializers.ChoiceField(Weekday.choices), allow_null=True, allow_empty=False, max_length=7
    )
    cap = serializers.IntegerField(min_value=1, max_value=1000)
    deputy = PersonField()
    unsubscribed = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Preferences
        fields = (
            "mode", "digest_hour", "digest_weekday", "working_days", "working_from", "working_until",
            "zone", "language", "cap", "deputy", "unsubscribed",
        )  # fmt: skip


class ReminderFilter(FilterSet):
    scope = ChoiceFilter(choices=SCOPES, method="in_scope", label="mine (the default), or desk: a lead's")
    state = ChoiceFilter(choices=STATES, method="in_state")
    question = ModelChoiceFilter(queryset=Question.objects.all(), to_field_name="slug")
    escalated = BooleanFilter()
    ordering = Ordering(fields=("due_at", "sent_at"))

    def in_scope(self, rows: QuerySet[Reminder], name: str, scope: str) -> QuerySet[Reminder]:
        return rows  # The view reads it, because there is one also where none is named.

    def in_state(self, rows: QuerySet[Reminder], name: str, state: str) -> QuerySet[Reminder]:
        wanted = {
            "armed": Q(sent_at=None, ended_at=None, dead_at=None),
            "sent": Q(sent_at__isnull=False),
            "ended": Q(ended_at__isnull=False),
            "given_up": Q(dead_at__isnull=False, ended_at=None),
        }
        return rows.filter(wanted[state])


class ReminderView(SentAgain, ReadView):
    """Reminders: one's own, and for a lead those of the desk."""

    serializer_class = ReminderSerializer
    filterset_class = ReminderFilter
    lookup_value_converter = "int"
    verbs = {
        "list": Verb.READ_REMINDERS,
        "retrieve": Verb.READ_REMINDERS,
        "snooze": Verb.SNOOZE_REMINDER,
        "again": Verb.SEND_AGAIN,
    }

    def get_queryset(self) -> QuerySet[Reminder]:
        rows = Reminder.objects.select_related("question__desk", "recipient").order_by("due_at", "pk")
        if getattr(self, "swagger_fake_view", False):
            return rows
        if self.action != "list":
            return rows
        if self.request.query_params.get("scope") == "desk":
            return self._of_the_desks(rows)
        # What is armed has no recipient yet: it is its question's assignee's.
        armed = Q(recipient=None, question__assignee=self.request.user.pk)
        return rows.filter(armed | Q(recipient=self.request.user.pk))

    def _of_the_desks(self, rows: QuerySet[Reminder]) -> QuerySet[Reminder]:
        if role(self.request) == Role.ADMINISTRATOR:
            return rows
        return rows.filter(question__desk__in=desks_led_by(user=self.request.user))

    @extend_schema(summary="List reminders")
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Mine, the next due first. A lead asks for those of the desks with `scope=desk`."""
        return super().list(request, *args, **kwargs)

    @extend_schema(summary="Put a reminder off", request=SnoozeInput, responses={200: ReminderSerializer})
    @action(detail=True, methods=["post"])
    def snooze(self, request: Request, pk: int) -> Response:
        """For a day or a week by one's own clock, or until a day. The answer is the one armed instead."""
        reminder, given = self.get_object(), self.parsed(SnoozeInput)
        zone = zone_of(wishes_of(person(request)), reminder.question.desk)
        length = given.get("until") or SnoozeFor(given["length"])
        armed = snooze_reminder(
            reminder=reminder,
            until=snoozed_until(now=self.now, by=length, zone=zone),
            reason=given["reason"],
            by=self.by,
            now=self.now,
        )
        return Response(ReminderSerializer(armed).data)


class PreferencesView(FreshView):
    """One's own wishes."""

    permission_classes = (MayDo,)
    verbs = {"get": Verb.SET_PREFERENCES, "patch": Verb.SET_PREFERENCES}

    @extend_schema(summary="Read my preferences", responses={200: PreferencesSerializer})
    def get(self, request: Request) -> Response:
        """Those of somebody who never said are the defaults."""
        return Response(PreferencesSerializer(wishes_of(person(request))).data)

    @extend_schema(
        summary="Change my preferences",
        request=PreferencesSerializer,
        responses={200: PreferencesSerializer},
    )
    def patch(self, request: Request) -> Response:
        """What is not named stays as it is. It holds from the next reminder on."""
        given = PreferencesSerializer(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        row = set_preferences(user=person(request), wishes=given.validated_data)
        return Response(PreferencesSerializer(row).data)
