"""Invitations: ask somebody to a desk, send the link anew, take it back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from forecasts.desk.writes.invitations import invite_person, renew_invitation, revoke_invitation
from forecasts.limits import most
from forecasts.models import Desk, Invitation, InvitationState, Role
from forecasts.people.reads.people import invitations_seen_by
from forecasts.people.reads.roles import Verb
from tracker.api.kit.fields import InstantField, Shown
from tracker.api.kit.nouns import ReadView
from tracker.notify.kit.signed_links import invitation_link


class InvitationSerializer(Shown):
    """Somebody who is asked to a desk. `mailed_at` is null until a mail server took the last link."""

    desk = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    role = serializers.ChoiceField(Role.choices)
    state = serializers.SerializerMethodField()
    invited_by = serializers.SlugRelatedField(slug_field="username", read_only=True, allow_null=True)
    invited_at = InstantField(source="created_at")
    mailed_at = InstantField(source="sent_at", allow_null=True)
    mail_error = serializers.CharField(source="error")
    accepted_by = serializers.SlugRelatedField(slug_field="username", read_only=True, allow_null=True)
    revoked_by = serializers.SlugRelatedField(slug_field="username", read_only=True, allow_null=True)

    class Meta:
        model = Invitation
        fields = (
            "id",
            "name",
            "email",
            "desk",
            "role",
            "state",
            "invited_by",
            "invited_at",
            "expires_at",
            "mailed_at",
            "mail_error",
            "accepted_at",
            "accepted_by",
            "revoked_at",
            "revoked_by",
        )

    def get_state(self, row: Invitation) -> InvitationState:
        return row.state(self.context["now"])


class InvitationMade(InvitationSerializer):
    """The invitation with its link, which is shown this once."""

    link = serializers.SerializerMethodField()

    class Meta(InvitationSerializer.Meta):
        fields = (*InvitationSerializer.Meta.fields, "link")

    def get_link(self, row: Invitation) -> str:
        return invitation_link(invitation=row)


class InvitationInput(serializers.Serializer[Any]):
    """Who is asked, to which desk and in which role, up to one's own there."""

    name = serializers.CharField(max_length=most("person"))
    email = serializers.EmailField(max_length=most("mail"))
    desk = serializers.SlugRelatedField(slug_field="slug", queryset=Desk.objects.all())
    role = serializers.ChoiceField(Role.choices, default=Role.EDITOR)


class InvitationView(ReadView):
    """Who is asked to the desks that one heads."""

    serializer_class = InvitationSerializer
    lookup_value_converter = "int"
    verbs = dict.fromkeys(("list", "retrieve", "create", "resend", "revoke"), Verb.INVITE_PERSON)

    def get_queryset(self) -> QuerySet[Invitation]:
        return invitations_seen_by(user=self.request.user).order_by("-pk")

    @extend_schema(summary="Invite a person", request=InvitationInput, responses={201: InvitationMade})
    def create(self, request: Request) -> Response:
        """They get a link by e-mail, choose a password, and are on the desk in that role."""
        given = self.parsed(InvitationInput)
        made = invite_person(**given, by=self.by, now=self.now, good_for=self._good_for)
        return self._with_link(made, status.HTTP_201_CREATED)

    @extend_schema(summary="Send a new link", request=None, responses={200: InvitationMade})
    @action(detail=True, methods=["post"])
    def resend(self, request: Request, pk: int) -> Response:
        """The link before it leads nowhere from now on."""
        made = renew_invitation(
            invitation=self.get_object(), by=self.by, now=self.now, good_for=self._good_for
        )
        return self._with_link(made, status.HTTP_200_OK)

    @extend_schema(summary="Revoke an invitation", request=None, responses={200: InvitationSerializer})
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, pk: int) -> Response:
        return self.answer(revoke_invitation(invitation=self.get_object(), by=self.by, now=self.now))

    @property
    def _good_for(self) -> timedelta:
        return timedelta(days=settings.INVITATION_DAYS)

    def _with_link(self, made: Invitation, code: int) -> Response:
        return Response(InvitationMade(made, context=self.get_serializer_context()).data, status=code)
