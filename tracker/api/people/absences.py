"""Days away: one's own, and those of the people on the desks that one leads."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from forecasts.limits import most
from forecasts.models import Absence
from forecasts.people.reads.roles import Verb, absences_seen_by
from forecasts.people.writes.preferences import change_absence, end_absence, record_absence
from tracker.api.kit.fields import DayField, Shown
from tracker.api.kit.nouns import NounView
from tracker.api.people.person import PersonField, person


class AbsenceSerializer(Shown):
    """Days away, half open: `back_on` is the first day back."""

    away_from, back_on = DayField(), DayField()
    deputy = PersonField(default=None)
    note = serializers.CharField(default="", allow_blank=True, max_length=most("name"))

    class Meta:
        model = Absence
        fields = ("id", "away_from", "back_on", "deputy", "note")


class AbsenceOfSerializer(AbsenceSerializer):
    """Whose days away, and which: half open, `back_on` is the first day back."""

    user = serializers.SlugRelatedField(
        slug_field="username",
        queryset=User.objects.filter(is_active=True),
        help_text="Somebody on a desk that you lead.",
    )

    class Meta(AbsenceSerializer.Meta):
        fields = ("id", "user", "away_from", "back_on", "deputy", "note")


class OwnAbsenceView(ListModelMixin, NounView):
    """One's own days away. Reminders go to the deputy meanwhile."""

    serializer_class = AbsenceSerializer
    lookup_value_converter = "int"
    verbs = {
        "list": Verb.SET_PREFERENCES,
        "create": Verb.SET_PREFERENCES,
        "destroy": Verb.SET_PREFERENCES,
    }

    def get_queryset(self) -> QuerySet[Absence]:
        rows = Absence.objects.select_related("deputy").order_by("away_from", "pk")
        if getattr(self, "swagger_fake_view", False):
            return rows
        return rows.filter(user=self.request.user.pk)

    @extend_schema(summary="List my absences")
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The earliest first."""
        return super().list(request, *args, **kwargs)

    @extend_schema(summary="Record an absence", request=AbsenceSerializer, responses={201: AbsenceSerializer})
    def create(self, request: Request) -> Response:
        """Two absences of one person do not overlap."""
        given = self.parsed(AbsenceSerializer)
        return self.created(record_absence(user=person(request), **given, by=self.by))

    @extend_schema(summary="End an absence", request=None, responses={204: None})
    def destroy(self, request: Request, pk: int) -> Response:
        """One that has begun ends today; one to come is taken back."""
        end_absence(absence=self.get_object(), on=timezone.localdate(self.now), by=self.by)
        return Response(status=status.HTTP_204_NO_CONTENT)


class AbsenceView(ListModelMixin, NounView):
    """Days away: one's own, and those of the people on the desks that one leads, who sets them."""

    serializer_class = AbsenceOfSerializer
    lookup_value_converter = "int"
    verbs = {
        "list": Verb.READ_REMINDERS,
        "create": Verb.SET_ABSENCES,
        "partial_update": Verb.SET_ABSENCES,
        "destroy": Verb.SET_ABSENCES,
    }

    def get_queryset(self) -> QuerySet[Absence]:
        if getattr(self, "swagger_fake_view", False):
            return Absence.objects.all()
        return absences_seen_by(user=self.request.user).order_by("away_from", "pk")

    @extend_schema(summary="List absences")
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One's own, and those of whom one leads, the earliest first. Deputies get the reminders then."""
        return super().list(request, *args, **kwargs)

    @extend_schema(
        summary="Record somebody's absence",
        request=AbsenceOfSerializer,
        responses={201: AbsenceOfSerializer},
    )
    def create(self, request: Request) -> Response:
        """As when somebody is ill. Two absences of one person do not overlap."""
        return self.created(record_absence(**self.parsed(AbsenceOfSerializer), by=self.by))

    @extend_schema(
        summary="Change somebody's absence",
        request=AbsenceSerializer(partial=True),
        responses={200: AbsenceOfSerializer},
    )
    def partial_update(self, request: Request, pk: int) -> Response:
        """What is not named stays as it is."""
        found: Absence = self.get_object()
        kept = {name: getattr(found, name) for name in ("away_from", "back_on", "deputy", "note")}
        given = self.parsed(AbsenceSerializer, partial=True)
        return self.answer(change_absence(absence=found, **{**kept, **given}, by=self.by))

    @extend_schema(summary="End somebody's absence", request=None, responses={204: None})
    def destroy(self, request: Request, pk: int) -> Response:
        """One that has begun ends today; one to come is taken back."""
        end_absence(absence=self.get_object(), on=timezone.localdate(self.now), by=self.by)
        return Response(status=status.HTTP_204_NO_CONTENT)
