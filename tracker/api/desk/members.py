"""The people of a desk: who is on it in which role, and whose turn it is."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from forecasts.desk.writes.members import add_turn, change_turn, remove_member, remove_turn, set_member
from forecasts.models import Desk, Membership, Role, Turn, Weekday
from forecasts.people.reads.roles import Verb
from tracker.api.kit.fields import DayField, Shown
from tracker.api.kit.nouns import NounView

VERBS = {
    "members": Verb.READ_DRAFTS,
    "set_member": Verb.EDIT_DESK,
    "remove_member": Verb.EDIT_DESK,
    "rota": Verb.READ_DRAFTS,
    "add_turn": Verb.EDIT_DESK,
    "change_turn": Verb.EDIT_DESK,
    "remove_turn": Verb.EDIT_DESK,
}
WEEKS_AT_MOST = 520


class MemberSerializer(Shown):
    """Somebody on a desk, and their role there."""

    user = serializers.SlugRelatedField(slug_field="username", read_only=True)
    role = serializers.ChoiceField(Role.choices)

    class Meta:
        model = Membership
        fields = ("user", "role")


class RoleInput(serializers.Serializer[Any]):
    """The role, up to one's own."""

    role = serializers.ChoiceField(Role.choices)


class TurnSerializer(Shown):
    """
    A turn on the rota: who takes what has no assignee, from a day until another, not included (null:
    with no end), on these weekdays (0 is Monday), one week in `every_weeks`.
    """

    user = serializers.SlugRelatedField(
        slug_field="username",
        queryset=User.objects.filter(is_active=True),
        help_text="An editor of the desk.",
    )
    from_day = DayField()
    until_day = DayField(allow_null=True, default=None)
    weekdays = serializers.ListField(
        child=serializers.ChoiceField(Weekday.choices),
        allow_empty=False,
        max_length=7,
        default=list(range(7)),
    )
    every_weeks = serializers.IntegerField(min_value=1, max_value=WEEKS_AT_MOST, default=1)

    class Meta:
        model = Turn
        fields = ("id", "user", "from_day", "until_day", "weekdays", "every_weeks")


class PeopleActions(NounView):
    """The actions of a desk that are about its people."""

    @extend_schema(summary="List its members", responses={200: MemberSerializer(many=True)}, filters=False)
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def members(self, request: Request, slug: str) -> Response:
        """By name."""
        rows = self._desk().memberships.select_related("user").order_by("user__username")
        return Response(MemberSerializer(rows, many=True).data)

    @extend_schema(summary="Give a role", request=RoleInput, responses={200: MemberSerializer})
    @action(detail=True, methods=["put"], url_path="members/<str:username>", url_name="member")
    def set_member(self, request: Request, slug: str, username: str) -> Response:
        """Somebody joins the desk, or has another role on it. Nobody gives a role above their own."""
        desk, role = self._desk(), self.parsed(RoleInput)["role"]
        user = get_object_or_404(User, username=username)
        return Response(MemberSerializer(set_member(desk=desk, user=user, role=role, by=self.by)).data)

    @extend_schema(summary="Take somebody off the desk", request=None, responses={204: None})
    @set_member.mapping.delete
    def remove_member(self, request: Request, slug: str, username: str) -> Response:
        """Their turns on its rota end with it; what is assigned to them stays theirs."""
        desk = self._desk()
        user = get_object_or_404(User, username=username, memberships__desk=desk)
        remove_member(desk=desk, user=user, by=self.by)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(summary="List its rota", responses={200: TurnSerializer(many=True)}, filters=False)
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def rota(self, request: Request, slug: str) -> Response:
        """Who takes what has no assignee, the earliest first."""
        return Response(TurnSerializer(self._turns(self._desk()), many=True).data)

    @extend_schema(summary="Add a turn", request=TurnSerializer, responses={201: TurnSerializer})
    @rota.mapping.post
    def add_turn(self, request: Request, slug: str) -> Response:
        turn = add_turn(desk=self._desk(), given=self.parsed(TurnSerializer), by=self.by)
        return Response(TurnSerializer(turn).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        summary="Change a turn", request=TurnSerializer(partial=True), responses={200: TurnSerializer}
    )
    @action(detail=True, methods=["patch"], url_path="rota/<int:turn>", url_name="turn")
    def change_turn(self, request: Request, slug: str, turn: int) -> Response:
        """What is not named stays as it is."""
        found = get_object_or_404(self._turns(self._desk()), pk=turn)
        changed = change_turn(turn=found, given=self.parsed(TurnSerializer, partial=True), by=self.by)
        return Response(TurnSerializer(changed).data)

    @extend_schema(summary="Remove a turn", request=None, responses={204: None})
    @change_turn.mapping.delete
    def remove_turn(self, request: Request, slug: str, turn: int) -> Response:
        """It is a plan, not a fact."""
        remove_turn(turn=get_object_or_404(self._turns(self._desk()), pk=turn), by=self.by)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _desk(self) -> Desk:
        found: Desk = self.get_object()
        return found

    def _turns(self, desk: Desk) -> QuerySet[Turn]:
        return desk.rota.select_related("user").order_by("from_day", "pk")
