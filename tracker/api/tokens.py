"""Tokens: how a program signs in, and what it may do then."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from knox.auth import TokenAuthentication
from knox.models import AuthToken
from rest_framework import serializers, status
from rest_framework.authentication import BasicAuthentication, SessionAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from forecasts.models import Role
from forecasts.queries.roles import Verb, covers
from tracker.api.fields import InstantField
from tracker.api.freshness import FreshView
from tracker.api.permissions import role


class TokenInput(serializers.Serializer[Any]):
    """How long the token is good for."""

    days = serializers.IntegerField(min_value=1, max_value=366, default=90)


class TokenShown(serializers.Serializer[Any]):
    """The token, shown this once: we keep only its hash."""

    token = serializers.CharField()
    expires_at = InstantField()


class MeShown(serializers.Serializer[Any]):
    """Who asks, their role over all desks, and what they may do."""

    username = serializers.CharField()
    role = serializers.ChoiceField(Role.choices, allow_null=True)
    verbs = serializers.ListField(child=serializers.ChoiceField([(each.value, each.value) for each in Verb]))


class TokenView(FreshView):
    """Create and revoke tokens."""

    authentication_classes = (BasicAuthentication, SessionAuthentication, TokenAuthentication)
    permission_classes = (IsAuthenticated,)

    @extend_schema(summary="Create a token", request=TokenInput, responses={201: TokenShown})
    def post(self, request: Request) -> Response:
        """
        Sign in with name and password (basic) or from the admin's session. Then send the token with
        each request, as `Authorization: Token …`.
        """
        if isinstance(request.auth, AuthToken):
            raise PermissionDenied(_("A token makes no other: sign in with your name and password."))
        given = TokenInput(data=request.data)
        given.is_valid(raise_exception=True)
        kept, token = AuthToken.objects.create(request.user, timedelta(days=given.validated_data["days"]))
        told = TokenShown({"token": token, "expires_at": kept.expiry})
        return Response(told.data, status=status.HTTP_201_CREATED)

    @extend_schema(summary="Revoke tokens", request=None, responses={204: None})
    def delete(self, request: Request) -> Response:
        """Signed in with a token, that token; with name and password, or a session, all of yours."""
        mine = AuthToken.objects.filter(user_id=request.user.pk)
        if isinstance(request.auth, AuthToken):
            mine = mine.filter(pk=request.auth.pk)
        mine.delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


class MeView(FreshView):
    """Whoever asks."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(summary="Read who I am", responses={200: MeShown})
    def get(self, request: Request) -> Response:
        held = role(request)
        told = {
            "username": request.user.get_username() if isinstance(request.user, User) else "",
            "role": held,
            "verbs": [verb.value for verb in Verb if covers(role=held, verb=verb)],
        }
        return Response(MeShown(told).data)
